"""What rules of several parts report: the first of them, where the others are."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.extract.text import Text, Unreadable, Why
from cerco.scan.detector import Detector
from cerco.scan.pattern import Pattern
from tests.scan.rules_made import KEY, examined, found, made

CODE = {"pattern": "ZX-[0-9]{3}"}
SECRET = {"phrases": {"en": ["secret plan(s)"], "zh-Hant": ["秘密計劃"]}}
SAMPLE = {"phrases": {"en": ["sample"]}}
PHONE = {"entity": "PHONE_NUMBER", "min_score": 0.6}
BUT_B = SECRET | {"exceptions": {"en": ["secret plan b"]}}
WITH_THREE = {"all": [SECRET, PHONE | {"at_least": 3}]}
NUMBERS = ["66123456", "66234567", "66345678"]
PHONES = "電話66123456\n電話66234567\n電話66345678\n"


def near(*parts: dict[str, Any], within: int | str = 20) -> dict[str, Any]:
    return {"near": list(parts), "within": within}


IN_LINE = near(CODE, SECRET, within="line")


@pytest.mark.parametrize(
    ("match", "text", "expected"),
    [
        pytest.param(CODE, "看ZX-123和ZX-456", ["ZX-123", "ZX-456"], id="pattern"),
        pytest.param(CODE, "看ＺＸ－１２３", ["ＺＸ－１２３"], id="pattern, full width"),
        pytest.param(CODE, "看AZX-123", [], id="pattern inside a word"),
        pytest.param(SECRET, "the Secret_Plans, 秘密计划", ["Secret_Plans", "秘密计划"], id="phrases"),
        pytest.param(SECRET, "the secret planning", [], id="phrase inside a word"),
        pytest.param(BUT_B, "secret plan b, secret plan", ["secret plan"], id="exception"),
        pytest.param({"any": [CODE, SECRET]}, "secret plan ZX-123", ["secret plan", "ZX-123"], id="any"),
        pytest.param({"any": [CODE, SECRET]}, "nothing", [], id="none of any"),
        pytest.param({"all": [CODE, SECRET]}, "ZX-123" + " ." * 500 + "secret plan", ["ZX-123"], id="all, far apart"),
        pytest.param({"all": [CODE, SECRET]}, "ZX-123", [], id="only one of all"),
        pytest.param({"all": [CODE, {"not": SAMPLE}]}, "ZX-123", ["ZX-123"], id="absent"),
        pytest.param({"all": [CODE, {"not": SAMPLE}]}, "sample ZX-123", [], id="not absent"),
        pytest.param(near(CODE, SECRET), "ZX-123 is a secret plan. " + "x" * 20 + " ZX-456", ["ZX-123"], id="near"),
        pytest.param(near(CODE, SECRET), "secret plan: ZX-123", ["ZX-123"], id="near, before"),
        pytest.param(near(CODE, SECRET), "ZX-123\n\nsecret plan", [], id="an empty line between"),
        pytest.param(near(CODE, SECRET), "ZX-123\nsecret plan", ["ZX-123"], id="the next line"),
        pytest.param(near(CODE, SECRET, within="line"), "ZX-123\nsecret plan", [], id="not in the line"),
        pytest.param(IN_LINE, "ZX-123" + "." * 300 + "secret plan\nZX-456", ["ZX-123"], id="in the line"),
        pytest.param(near(CODE, {"not": SAMPLE}), "sample ZX-123" + "." * 21 + " ZX-456", ["ZX-456"], id="none near"),
        pytest.param(near(CODE, CODE), "ZX-123", [], id="not near itself"),
        pytest.param(near(CODE, CODE), "ZX-123 ZX-456", ["ZX-123", "ZX-456"], id="near its like"),
        pytest.param(near(PHONE, SECRET), "secret plan, 電話66123456", ["66123456"], id="an entity near a phrase"),
        pytest.param(near(SECRET, PHONE), "secret plan, 電話66123456", ["secret plan"], id="a phrase near an entity"),
        pytest.param(PHONE | {"at_least": 3}, PHONES, NUMBERS, id="so many"),
        pytest.param(PHONE | {"at_least": 4}, PHONES, [], id="not so many"),
        pytest.param(PHONE | {"at_least": 2}, "電話66123456\n電話6612 3456", [], id="one value twice"),
        pytest.param({"any": [PHONE, CODE], "at_least": 4}, f"{PHONES}ZX-123", [*NUMBERS, "ZX-123"], id="many of any"),
        pytest.param(WITH_THREE, PHONES + "secret plan", ["secret plan"], id="with so many"),
        pytest.param({"all": [SECRET, PHONE | {"at_least": 4}]}, PHONES + "secret plan", [], id="with too few"),
    ],
)  # fmt: skip
def test_reports(match: dict[str, Any], text: str, expected: list[str]) -> None:
    assert found(match, text) == expected
    long = "無關的文字。\n" * 400  # so that the automaton says where to look
    assert found(match, f"{long}\n{text}\n\n{long}") == expected


@pytest.mark.parametrize(
    ("role", "applies_to", "expected"),
    [
        pytest.param("title", ["title"], 1, id="title"),
        pytest.param("filename", ["title"], 0, id="file name"),
        pytest.param("text", ["title"], 0, id="mention"),
        pytest.param("text", ["text"], 1, id="text"),
    ],
)
def test_looks_only_where_the_rule_applies(role: str, applies_to: list[str], expected: int) -> None:
    assert len(found(SECRET, "our secret plan", role, applies_to=applies_to)) == expected


def test_a_heading_within_a_text_is_a_title() -> None:
    assert found(near(CODE, SECRET), "大家好\n## ZX-123, secret plan\nZX-456", applies_to=["title"]) == ["ZX-123"]


@pytest.mark.parametrize(
    "written",
    ["WlgtMTIzIGlzIHRoZSBzZWNyZXQgcGxhbiBvZiBvdXJz", "%5A%58%2D%31%32%33%20%69%73", "&#90;&#88;&#45;&#49;&#50;&#51;"],
    ids=["base64", "URL", "HTML"],
)
def test_reads_what_is_written_in_a_code(written: str) -> None:
    [finding] = examined(CODE, f"see {written} there").findings
    assert any(reason.startswith("read as") for reason in finding.reasons)


@pytest.mark.parametrize("text", ["ＺX-123", "Z\u200bX-123", "ZX–123"], ids=["width", "no width", "dash"])
def test_a_little_disguise_in_a_short_text_is_no_hiding_place(text: str) -> None:
    assert found(CODE, f"看{text}。") == [text]


def test_what_fills_a_gap_is_not_shown() -> None:
    [finding] = examined({"phrases": {"zh-Hant": ["客戶 * 名單"]}}, "客戶陳大文名單").findings
    assert finding.masked == "客戶•••名單"
    assert finding.entity == "PHRASE"


def test_a_pattern_shows_its_first_sign() -> None:
    [finding] = examined(CODE, "ZX-123").findings
    assert (finding.entity, finding.masked, finding.reasons) == ("PATTERN", "Z•-•••", ("pattern",))


def test_a_finding_says_whether_its_rule_is_a_draft() -> None:
    assert [one.draft for one in examined(CODE, "ZX-123", status="draft").findings] == [True]
    assert [one.draft for one in examined(CODE, "ZX-123").findings] == [False]
    assert examined(CODE, "ZX-123", status="retired").findings == ()


def test_a_search_that_takes_too_long_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    rule, text = made(CODE), Text("place", "ZX-123 " * 1000)

    def out_of_time(_pattern: Pattern, _text: str) -> Iterator[tuple[int, int]]:
        raise TimeoutError

    monkeypatch.setattr(Pattern, "find", out_of_time)
    detector = Detector([rule], KEY)
    assert detector.examine((text,)).coverage == (Unreadable("place", Why.TIMED_OUT),)
    with pytest.raises(TimeoutError, match="place"):
        detector.scan((text,))


def test_more_of_a_kind_than_can_be_put_together_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cerco.scan.rule_terms.MOST", 5)
    text = "ZX-123 ZX-234 ZX-345 ZX-456 ZX-567 ZX-678 secret plan"
    assert examined(near(CODE, SECRET, within=9), text).coverage == (Unreadable("place", Why.TOO_MANY),)
    assert examined(CODE, text).coverage == ()  # a list of them is a list


@given(st.integers(0, 60), st.integers(1, 50), st.sampled_from("x\n 中"))
def test_near_is_within_the_distance_and_never_across_an_empty_line(gap: int, within: int, filler: str) -> None:
    between = " " + filler * gap + " "
    expected = ["ZX-123"] if len(between) <= within and "\n\n" not in between else []
    assert found(near(CODE, SECRET, within=within), f"ZX-123{between}secret plan") == expected


PIECES = st.sampled_from(
    ("ZX-123", "secret plan", "sample", "電話66123456", "WlgtMTIzIGlzIHRoZSBzZWNyZXQgcGxhbiBv", "\n\n", "。")
)


@given(st.lists(PIECES, max_size=8), st.sampled_from(["near", "all", "any"]), st.booleans())
def test_what_is_not_looked_for_could_not_have_been_reported(pieces: list[str], kind: str, long: bool) -> None:
    parts: list[dict[str, Any]] = [CODE, {"any": [SECRET, PHONE]}]
    match = {kind: [*parts, {"not": SAMPLE}] if kind != "any" else parts}
    text = Text("p", " ".join(pieces) + "無關的文字。" * 400 * long)
    detector = Detector([made(match)], KEY)
    pruned = detector.examine((text,))
    with pytest.MonkeyPatch.context() as patch:
        for condition in ("_Leaf", "_Any", "_Together"):
            patch.setattr(f"cerco.scan.combine.{condition}.could", lambda _self, _present: True)
        assert detector.examine((text,)) == pruned
