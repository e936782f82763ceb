from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.extract.text import Text
from cerco.scan.detector import MOST, Detector
from cerco.scan.finding import Finding
from cerco.scan.normalise import normalise
from cerco.scan.rule import DetectRule
from recognizers.payment_card import passes_luhn

type Scan = Callable[..., tuple[Finding, ...]]
type Printed = tuple[str, str, str]  # what is typed, its digits, the rule that must find it

DIGITS = "0123456789"
WIDE = str.maketrans("0123456789()/-", "０１２３４５６７８９（）／－")
NOISE = ("\u200b", "\u00ad", "\ufe0f")
# Text that neither touches a number nor says what it is.
AROUND = st.text(st.sampled_from("的了在是我們今天好啊,。!?\n \u3000「」éãç🙂"), max_size=30)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(DIGITS), min_size=length, max_size=length)


@st.composite
def printings(draw: st.DrawFn) -> Printed:
    kind = draw(st.sampled_from(["id", "id labelled", "card", "bank", "account"]))
    if kind.startswith("id"):
        number = draw(st.sampled_from("157")) + draw(digits(7))
        one, six, check = number[0], number[1:7], number[7]
        forms = ["{0}{1}({2})", "{0}/{1}/{2}", "{0}{1} ({2})", "{0} / {1} / {2}"]
        labels = [""]
        if kind == "id labelled":
            forms = ["{0}{1}{2}", "{0}-{1}-{2}", "{0} {1} {2}", "{0}{1}-{2}"]
            labels = ["身份證號碼:", "身份证", "n.º do BIR ", "BIR", "Macau ID: ", "id_card_no="]
        printed, rule = draw(st.sampled_from(forms)).format(one, six, check), "macau-id-card"
    elif kind == "card":
        body = draw(st.sampled_from(["4", "51", "55", "2221", "62"])).ljust(6, "7") + draw(digits(9))
        number = next(body + check for check in DIGITS if passes_luhn(body + check))
        gap = draw(st.sampled_from(["", " ", "-"]))
        printed, rule = gap.join(number[at : at + 4] for at in range(0, 16, 4)), "payment-card"
        labels = ["", "卡號", "Card no. ", "cartão "]
    else:
        number = draw(st.sampled_from(["180", "9"])) if kind == "bank" else draw(st.sampled_from("3459"))
        number += draw(digits(15 - len(number) if number == "180" else 9))
        gap = draw(st.sampled_from(["", " ", "-"]))
        printed = gap.join((number[:3], number[3:7], number[7:])) if gap else number
        rule = "bank-account"
        labels = ["戶口號碼:", "账号 ", "conta n.º ", "a/c no. ", "Account number: "]
    if draw(st.booleans()):
        printed = printed.translate(WIDE)
    if draw(st.booleans()):
        printed = draw(st.sampled_from(NOISE)).join(printed)
    label = draw(st.sampled_from(labels))
    return f"{label}{printed}", number, rule


@settings(max_examples=250, deadline=None)
@given(AROUND, printings(), AROUND)
def test_a_valid_number_is_found_wherever_and_however_it_is_printed(
    detector: Detector, before: str, printing: Printed, after: str
) -> None:
    typed, number, rule = printing
    content = f"{before}「{typed}」{after}"
    found = [finding for finding in detector.scan((Text("p", content),)) if finding.rule == rule]
    assert len(found) == 1
    there = normalise(content[found[0].start : found[0].end]).text
    assert "".join(char for char in there if char.isdigit()) == number
    assert there[0].isdigit()


@settings(max_examples=100, deadline=None)
@given(AROUND, printings())
def test_no_value_in_a_finding(detector: Detector, before: str, printing: Printed) -> None:
    typed, number, _ = printing
    for finding in detector.scan((Text("p", before + typed),)):
        shown = repr(finding).replace(finding.fingerprint, "")
        assert number not in shown
        assert number[1:7] not in "".join(filter(str.isdigit, finding.masked + " ".join(finding.reasons)))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_scanned_and_nothing_raised(detector: Detector, content: str) -> None:
    for role in ("text", "title", "filename", "header"):
        for finding in detector.scan((Text("p", content, role),)):
            assert 0 <= finding.start < finding.end <= len(content)


@pytest.mark.parametrize(
    ("content", "role", "expected"),
    [
        pytest.param("客戶名單", "title", ["customer-data-title"], id="title"),
        pytest.param("客戶名單.xlsx", "filename", ["customer-data-title"], id="file name"),
        pytest.param("客戶名單,備註", "header", ["customer-data-title"], id="header row"),
        pytest.param("客戶名單", "text", [], id="mention"),
        pytest.param("早晨\n## 客戶名單\n如下", "text", ["customer-data-title"], id="heading in Markdown"),
        pytest.param("早晨 ## 客戶名單", "text", [], id="no heading"),
        pytest.param(
            "身份證12345678.jpg", "filename", ["identity-document-title", "macau-id-card"], id="number in a file name"
        ),
        pytest.param("relac\u0327a\u0303o de clientes.docx", "filename", ["customer-data-title"], id="name from a Mac"),
    ],
)
def test_roles(scan: Scan, content: str, role: str, expected: list[str]) -> None:
    assert [finding.rule for finding in scan(content, role)] == expected


def test_findings_come_in_reading_order(detector: Detector) -> None:
    texts = (Text("b", "戶口9012345678,身份證12345678"), Text("a", "1234567(8)"))
    assert [(finding.place, finding.start) for finding in detector.scan(texts)] == [("b", 2), ("b", 16), ("a", 0)]


def test_what_overlaps_is_reported_once_for_the_surer_entity(scan: Scan) -> None:
    assert [finding.rule for finding in scan("戶口 4111 1111 1111 1111")] == ["payment-card"]
    assert [finding.rule for finding in scan("戶口 1234567(8)")] == ["macau-id-card"]


def test_one_value_in_two_printings_has_one_fingerprint(scan: Scan) -> None:
    first, second = scan("1234567(8) 和 1/234567/8")
    assert first.fingerprint == second.fingerprint


def test_a_finding_says_what_the_rule_says(scan: Scan) -> None:
    [finding] = scan("見1234567(8)")
    assert (finding.rule, finding.entity, finding.severity) == ("macau-id-card", "MO_ID_CARD", "high")
    assert (finding.place, finding.start, finding.end) == ("place", 1, 11)
    assert finding.masked == "1••••••(8)"
    assert finding.reasons == ("pattern parenthesised",)


def test_a_thousand_findings_of_a_rule_are_enough(scan: Scan) -> None:
    content = "".join(f"1{number:06}(8)\n" for number in range(MOST + 500)) + "戶口9012345678"
    found = scan(content)
    assert [finding.rule for finding in found].count("macau-id-card") == MOST
    assert found[-1].rule == "bank-account"


def test_the_header_counts_for_the_last_row_of_a_long_table(scan: Scan) -> None:
    rows = "".join(f"甲,66{number:06},備註\n" for number in range(3000))
    [finding] = scan(f"姓名,電話,身份證\n{rows}乙,66123456,12345678\n")
    assert "column 身份證" in finding.reasons


def test_retired_rules_find_nothing(rules: tuple[DetectRule, ...]) -> None:
    retired = [rule.model_copy(update={"status": "retired"}) for rule in rules]
    assert Detector(retired, b"k" * 32).scan((Text("p", "1234567(8)"), Text("p", "客戶名單", "title"))) == ()


def test_min_score_decides(rules: tuple[DetectRule, ...]) -> None:
    [rule] = [rule for rule in rules if rule.id == "macau-id-card"]
    strict = rule.model_copy(update={"match": rule.match.model_copy(update={"min_score": 0.8})})
    detector = Detector([strict], b"k" * 32)
    assert detector.scan((Text("p", "身份證12345678"),)) == ()
    assert len(detector.scan((Text("p", "身份證1234567(8)"),))) == 1


def test_two_rules_may_look_for_the_same(rules: tuple[DetectRule, ...]) -> None:
    [rule] = [rule for rule in rules if rule.id == "macau-id-card"]
    other = rule.model_copy(update={"id": "second", "severity": "low"})
    found = Detector([rule, other], b"k" * 32).scan((Text("p", "1234567(8)"),))
    assert sorted(finding.rule for finding in found) == ["macau-id-card", "second"]


def test_refuses_a_short_key() -> None:
    with pytest.raises(ValueError, match="key"):
        Detector([], b"short")
