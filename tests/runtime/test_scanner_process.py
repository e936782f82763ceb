"""What the process makes of a file, tried without the process."""

import zipfile
from collections import Counter
from collections.abc import Iterable
from io import BytesIO

import openpyxl
import pytest

from cerco.extract.text import Limits, Text, Unreadable, Why
from cerco.runtime import scanner_process
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.scanner_process import locate, scan_file, scan_texts
from cerco.runtime.settings import packaged_rules
from cerco.runtime.terms import MESSAGE
from cerco.scan.detector import MOST, Detector, Examined, Keep
from cerco.scan.finding import Finding


def finding(start: int, *, fingerprint: str = "f", score: float = 0.9, rule: str = "r") -> Finding:
    return Finding(rule, "MO_ID_CARD", "high", score, "somewhere", start, start + 3, "1••", fingerprint)


class Finder(Detector):
    """Finds the letter x, more surely after a colon; its answers are all this room knows of detection."""

    def __init__(self) -> None:
        super().__init__((), b"k" * 32)

    def examine(
        self, texts: Iterable[Text], counts: Counter[str] | None = None, *, keep: Keep | None = None
    ) -> Examined:
        found = tuple(
            finding(at, score=0.9 if text.content[:at].endswith(":") else 0.5)
            for text in texts
            for at, letter in enumerate(text.content)
            if letter == "x" and at >= text.lead
        )
        return Examined(found, ())


@pytest.mark.parametrize(
    ("text", "start", "place", "offset"),
    [
        pytest.param(Text("p", "one line", unit="line"), 4, "p", 4, id="a-single-line-needs-no-number"),
        pytest.param(Text("p", "one line\n", unit="line"), 4, "p", 4, id="a-single-line-with-its-end"),
        pytest.param(Text("p", "a\nb\nc", unit="row"), 0, "p > row 1", 0, id="first"),
        pytest.param(Text("p", "a\nb\nc", unit="row"), 4, "p > row 3", 0, id="last"),
        pytest.param(Text("p", "a\nb\nc", unit="row"), 3, "p > row 2", 1, id="at-the-end-of-a-row"),
        pytest.param(Text("p", "a\nb\nc"), 4, "p", 4, id="lines-that-mean-nothing"),
        pytest.param(Text("p", "a\tb\n\tcd", unit="cell"), 6, "p > B2", 1, id="cell"),
        pytest.param(Text("p", "a\tb", unit="cell"), 0, "p > A1", 0, id="the-only-row-of-a-sheet"),
    ],
)
def test_locate(text: Text, start: int, place: str, offset: int) -> None:
    found = next(locate((finding(start),), text, "p"))
    assert (found.place, found.start, found.end) == (place, offset, offset + 3)


def test_locate_keeps_all_in_order() -> None:
    text = Text("p", "\n".join("x" * 5), unit="row")
    found = locate([finding(8), finding(0), finding(4)], text, "p")
    assert [one.place for one in found] == ["p > row 1", "p > row 3", "p > row 5"]


@pytest.mark.parametrize(
    ("content", "places"),
    [
        pytest.param("a,x\nb,x\n", ["f > text > line 1", "f > text > line 2"], id="each-occurrence-in-the-body"),
        pytest.param("x\n", ["f > text"], id="the-body-before-the-header"),
        pytest.param("<p>:<b>x</b>", ["f > text without tags"], id="the-surer-reading"),
    ],
)
def test_a_value_counts_in_its_best_reading(content: str, places: list[str]) -> None:
    outcome = scan_file(Finder(), content.encode(), None, "f", Limits())
    assert [found.place for found in outcome.findings] == places


def test_the_pieces_of_a_text_are_one_reading() -> None:
    limits = Limits(piece=64)
    outcome = scan_file(Finder(), b"".join(b"%02d,:x\n" % number for number in range(50)), None, "f", limits)
    assert [found.place for found in outcome.findings] == [f"f > text > line {line}" for line in range(1, 51)]


def test_what_a_piece_repeats_is_found_once_and_with_its_column() -> None:
    rule = load_rulebook(packaged_rules()).rules
    rows = [f"{51234560 + 7919 * number},66{number:06}\n" for number in range(300)]
    data = ("身份證,電話\n" + "".join(rows)).encode()
    whole, cut = (
        scan_file(Detector(rule, b"k" * 32), data, None, "f", Limits(piece=size)).findings for size in (10**6, 500)
    )
    assert len(whole) >= 300
    assert [(found.place, found.start, found.score) for found in cut] == [
        (found.place, found.start, found.score) for found in whole
    ]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_rulebook(packaged_rules()).rules, b"k" * 32)


def test_findings_are_capped_by_rule() -> None:
    outcome = scan_file(Finder(), b"z\n" + b"y" * 100 + b"x" * (MOST + 5), None, "f", Limits())
    assert len(outcome.findings) == MOST


# Beginning as resident cards do, and as orders do: which they are, only what stands above them can say.
NUMBERS = ("51234560", "28331234", "12345678", "40123456", "71239887")
CARDS = {"1•••••••", "5•••••••", "7•••••••"}


def book(sheet: str, rows: Iterable[Iterable[str]]) -> bytes:
    made = openpyxl.Workbook()
    page = made.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    made.save(out := BytesIO())
    return out.getvalue()


def boxed(member: str, data: bytes) -> bytes:
    with zipfile.ZipFile(out := BytesIO(), "w") as box:
        box.writestr(member, data)
    return out.getvalue()


BARE = [[number] for number in NUMBERS]
LINES = "\n".join(NUMBERS).encode()


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        pytest.param("身份證.xlsx", book("名單", BARE), CARDS, id="file"),
        pytest.param("a.xlsx", book("身份證", BARE), CARDS, id="sheet"),
        pytest.param("a.zip", boxed("身份證.txt", LINES), CARDS, id="member"),
        pytest.param("身份證.zip", boxed("a.txt", LINES), CARDS, id="archive"),
        pytest.param("BIR copies.csv", LINES, CARDS, id="portuguese"),
        pytest.param("訂單.xlsx", book("名單", BARE), set(), id="orders"),
        pytest.param("身份證.xlsx", book("訂單", [["訂單編號"], *BARE]), set(), id="the-column-knows-better"),
        pytest.param("身份證.txt", "訂單編號 51234560\n單號:12345678".encode(), set(), id="the-label-knows-better"),
        pytest.param("身份證.txt", "會議 20240115 \n20231231\nMOP 12,345,678".encode(), set(), id="dates-and-amounts"),
        pytest.param("身份證.txt", b"17890.123 20345.678\n1.2.3456789\n1234567890", set(), id="measures"),
        pytest.param("meeting-id.txt", LINES, set(), id="the-id-of-a-thing"),
        pytest.param(None, LINES, set(), id="no-name"),
    ],
)
def test_the_names_that_lead_to_a_number_say_what_it_is(
    detector: Detector, name: str | None, data: bytes, found: set[str]
) -> None:
    outcome = scan_file(detector, data, name, "f", Limits())
    assert {one.masked for one in outcome.findings if one.rule == "macau-id-card"} == found


class Exhausted(Finder):
    def examine(
        self, texts: Iterable[Text], counts: Counter[str] | None = None, *, keep: Keep | None = None
    ) -> Examined:
        raise MemoryError


class Unfinished(Finder):
    def examine(
        self, texts: Iterable[Text], counts: Counter[str] | None = None, *, keep: Keep | None = None
    ) -> Examined:
        return Examined((), tuple(Unreadable(text.place, Why.TIMED_OUT) for text in texts))


def test_a_search_that_did_not_end_is_a_gap() -> None:
    gaps = scan_file(Unfinished(), b"text", None, "f", Limits()).coverage
    assert Unreadable("f > text", Why.TIMED_OUT) in gaps
    assert scan_texts(Unfinished(), [Text("p", "x")]).coverage == [Unreadable("p", Why.TIMED_OUT)]


def test_memory_that_runs_out_is_a_gap() -> None:
    outcome = scan_file(Exhausted(), b"text", "a.txt", "f", Limits())
    assert outcome.coverage == [Unreadable("f", Why.TOO_LARGE)]
    outcome = scan_texts(Exhausted(), [Text("p", "x")])
    assert outcome.coverage == [Unreadable(MESSAGE, Why.TOO_LARGE)]


def test_warming_up_reads_every_kind_of_file() -> None:
    for sample in scanner_process._samples():
        outcome = scan_file(Finder(), sample, "sample", "f", Limits())
        assert outcome.bytes_read or outcome.coverage[0].why is Why.UNKNOWN_FORMAT
        assert Why.MALFORMED not in {gap.why for gap in outcome.coverage}
