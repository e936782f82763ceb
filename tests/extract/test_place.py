"""A place tells people where, and tells nobody a number."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.extract.place import STEP, cell, place


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        pytest.param(("客戶名單.xlsx", "Sheet1"), "客戶名單.xlsx > Sheet1", id="names-joined"),
        pytest.param(("1234567(8).pdf",), "1•••).pdf", id="identity-number-with-bracket"),
        pytest.param(("5/123456/7.txt",), "5•••.txt", id="identity-number-with-slashes"),
        pytest.param(("12 34 56 78.txt",), "1•••.txt", id="identity-number-in-pairs"),
        pytest.param(("１２３４５６７８.txt",), "１•••.txt", id="full-width-digits"),
        pytest.param(("acct 6222021234567890123",), "acct 6•••", id="card"),
        pytest.param(("a12345b",), "a1•••b", id="five-digits"),
        pytest.param(("1234-567.txt",), "1•••.txt", id="seven-digits-apart"),
        pytest.param(("1234-56.txt",), "1234-56.txt", id="six-digits-apart-stay"),
        pytest.param(("1234.txt",), "1234.txt", id="four-digits-stay"),
        pytest.param(("Q3 2026 v12",), "Q3 2026 v12", id="separate-small-numbers-stay"),
        pytest.param(("a > b",), "a › b", id="no-forged-step"),
        pytest.param(("a\nb\tc",), "a b c", id="one-line"),
        pytest.param(("a\u202egpj.exe",), "agpj.exe", id="no-direction-mark"),
        pytest.param(("",), "unnamed", id="empty"),
        pytest.param(("\x00",), "unnamed", id="nothing-printable"),
    ],
)
def test_place(steps: tuple[str, ...], shown: str) -> None:
    assert place(*steps) == shown


def test_a_long_name_is_cut_in_its_middle() -> None:
    shown = place("客" * 200 + ".xlsx")
    assert len(shown) <= STEP
    assert shown.startswith("客客")
    assert shown.endswith(".xlsx")


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from("0123456789０ -/.()客a>\n\u202e"), max_size=30), min_size=1, max_size=3))
def test_no_five_digits_in_any_name(names: list[str]) -> None:
    for step in place(*names).split(" > "):
        assert not re.search(r"\d{5}", step)
        assert step.isprintable()


@pytest.mark.parametrize(
    ("row", "column", "called"),
    [(1, 1, "A1"), (14, 3, "C14"), (2, 26, "Z2"), (2, 27, "AA2"), (9, 703, "AAA9"), (1_048_576, 16_384, "XFD1048576")],
)
def test_cells_are_called_as_in_sheets(row: int, column: int, called: str) -> None:
    assert cell(row, column) == called
