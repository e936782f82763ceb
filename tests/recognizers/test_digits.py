import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.digits import digits_trigger, is_day, numbers, runs, spans


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("12345678", ["12345678"], id="whole"),
        pytest.param("號12345678號", ["12345678"], id="between Han"),
        pytest.param("1234 5678", ["12345678"], id="spaces"),
        pytest.param("12-34-5678", ["12345678"], id="hyphens"),
        pytest.param("2024-01-15 9012345678", ["20240115", "9012345678"], id="another separator, another number"),
        pytest.param("BIR12345678", ["12345678"], id="behind a label"),
        pytest.param("a/c12345678", ["12345678"], id="behind a label with a slash"),
        pytest.param("12345678.0", ["12345678"], id="spreadsheet's integer"),
        pytest.param("AB12345678", [], id="behind letters"),
        pytest.param("12345678AB", [], id="before letters"),
        pytest.param("12345678.50", [], id="amount"),
        pytest.param("0.12345678", [], id="decimals"),
        pytest.param("1234567", [], id="too short"),
        pytest.param("1234--5678", [], id="two separators"),
    ],
)
def test_runs(text: str, numbers: list[str]) -> None:
    assert [run.digits for run in runs(text, 8)] == numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("12345678", ["12345678"], id="whole"),
        pytest.param("1234-5678", ["12345678"], id="in groups"),
        pytest.param("12345678 66123456", ["12345678", "66123456"], id="two in a row"),
        pytest.param("1234 5678 15836858984", ["12345678"], id="in groups, another beside"),
        pytest.param("3 12345678", ["12345678"], id="numbered list"),
        pytest.param("4111 1111 1111 1111", [], id="parts of a longer one"),
        pytest.param("1234 12345678", [], id="a part beside"),
    ],
)
def test_numbers_of_a_length(text: str, found: list[str]) -> None:
    assert [digits for _, _, digits in numbers(text, 8)] == found


def test_a_run_knows_its_groups_and_keeps_its_digits_to_itself() -> None:
    [run] = runs("x 1234 5678", 8)
    assert (run.start, run.end, run.groups) == (2, 11, ((2, 6), (7, 11)))
    assert "1234" not in repr(run)


def test_spans_are_all_parts_of_a_run_of_some_length() -> None:
    [run] = runs("12 3456 7890", 8)
    assert list(spans(run, 8, 10)) == [(0, 3, 10), (1, 3, 8)]


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        pytest.param("20241231", True, id="year first"),
        pytest.param("31121999", True, id="day first"),
        pytest.param("20241301", False, id="no such month"),
        pytest.param("20240230", False, id="no such day"),
        pytest.param("18991231", False, id="too early"),
        pytest.param("2024123", False, id="seven digits"),
    ],
)
def test_is_day(digits: str, *, day: bool) -> None:
    assert is_day(digits) is day


@given(st.text("0123456789 -.aB身", max_size=60), st.integers(2, 10))
def test_every_run_holds_its_trigger(text: str, least: int) -> None:
    trigger = re.compile(digits_trigger(least).encode())
    for run in runs(text, least):
        assert re.sub("[^0-9]", "", text[run.start : run.end]) == run.digits
        assert len(run.digits) >= least
        assert trigger.search(f"{text}\n"[run.start : run.end + 1].encode())
