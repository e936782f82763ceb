"""What the process makes of a file, tried without the process."""

from collections import Counter
from collections.abc import Iterable

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


def test_findings_are_capped_by_rule() -> None:
    outcome = scan_file(Finder(), b"z\n" + b"y" * 100 + b"x" * (MOST + 5), None, "f", Limits())
    assert len(outcome.findings) == MOST


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
