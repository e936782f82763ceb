import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.tw_id import TwIdRecognizer, passes_check
from tests.recognizers.finding import best, found

RECOGNIZER = TwIdRecognizer()


def complete(start: str) -> str:
    return next(start + digit for digit in string.digits if passes_check(start + digit))


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("A123456789", "A123456789", "citizen", id="citizen"),
        pytest.param("身分證字號A123456789號", "A123456789", "citizen", id="between Han"),
        pytest.param("Ａ１２３４５６７８９", "Ａ１２３４５６７８９", "citizen", id="full width"),
        pytest.param("A800000014", "A800000014", "resident", id="resident since 2021"),
        pytest.param("a123456789", "a123456789", "lower-case", id="small letter"),
        pytest.param("A12-345-6789", "A12-345-6789", "grouped", id="hyphens"),
        pytest.param("A 123456789", "A 123456789", "grouped", id="space behind the letter"),
        pytest.param("A1 2 34 567 89", "A1 2 34 567 89", "spaced", id="grouped as nobody does"),
        pytest.param("AC01234567", "AC01234567", "two-letters", id="resident before 2021"),
        pytest.param("A123456788", "A123456788", "check-fails", id="check fails"),
        pytest.param("AC01234568", "AC01234568", "check-fails", id="two letters, check fails"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A323456789", id="neither 1, 2, 8 nor 9"),
        pytest.param("A12345678", id="eight digits"),
        pytest.param("A1234567890", id="ten digits"),
        pytest.param("AE12345678", id="second letter beyond D"),
        pytest.param("A123456(3)", id="card of Hong Kong"),
        pytest.param("H1234567801", id="home return permit"),
        pytest.param("SF1234567890123", id="a parcel"),
        pytest.param("A1234***89", id="masked"),
        pytest.param("XA123456789", id="letter before"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("A123456789", id="the example everybody knows"),
        pytest.param("A800000014", id="resident"),
        pytest.param("AC01234567", id="resident of old"),
    ],
)
def test_check_digit(number: str) -> None:
    assert [digit for digit in string.digits if passes_check(number[:-1] + digit)] == [number[-1]]


@given(
    letter=st.sampled_from(string.ascii_uppercase),
    kind=st.sampled_from("1289"),
    digits=st.text(string.digits, min_size=7, max_size=7),
    around=st.sampled_from([("", ""), ("統一證號", "。"), ("ARC No.", ","), ("(", ")"), ("1. ", "\n")]),
)
def test_every_number_is_found(letter: str, kind: str, digits: str, around: tuple[str, str]) -> None:
    number = complete(letter + kind + digits)
    assert found(RECOGNIZER, around[0] + number + around[1]) == [(number, "citizen" if kind in "12" else "resident")]
