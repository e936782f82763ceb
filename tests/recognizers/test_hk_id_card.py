import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.hk_id_card import HkIdCardRecognizer, passes_check
from tests.recognizers.finding import best, found

RECOGNIZER = HkIdCardRecognizer()


def check_of(letters: str, digits: str) -> str:
    return next(check for check in "0123456789A" if passes_check(letters, digits, check))


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("A123456(3)", "A123456(3)", "bracketed", id="as printed"),
        pytest.param("AB987654(3)", "AB987654(3)", "bracketed", id="two letters"),
        pytest.param("香港身份證A123456(3)。", "A123456(3)", "bracketed", id="between Han"),
        pytest.param("Ａ１２３４５６（３）", "Ａ１２３４５６（３）", "bracketed", id="full width"),
        pytest.param("A 123456 (3)", "A 123456 (3)", "bracketed", id="spaced"),
        pytest.param("A123 456(3)", "A123 456(3)", "bracketed", id="digits grouped"),
        pytest.param("A123456[3]", "A123456[3]", "bracketed", id="square brackets"),
        pytest.param("HKIDA123456(3)", "A123456(3)", "bracketed", id="label glued on"),
        pytest.param("G123456(A)", "G123456(A)", "bracketed", id="check A"),
        pytest.param("a123456(3)", "a123456(3)", "bracketed-lower-case", id="small letter"),
        pytest.param("A123456(3).pdf", "A123456(3)", "bracketed-copy", id="copy of a file"),
        pytest.param("A123456(4)", "A123456(4)", "bracketed-check-fails", id="check fails"),
        pytest.param("A1234563", "A1234563", "bare", id="without brackets"),
        pytest.param("G123456A", "G123456A", "bare", id="without brackets, check A"),
        pytest.param("a1234563", "a1234563", "bare-lower-case", id="without brackets, small letter"),
        pytest.param("AB9876543", "AB9876543", "bare-two-letters", id="two letters that no card has begun with yet"),
        pytest.param("A1234564", "A1234564", "bare-check-fails", id="without brackets, check fails"),
        pytest.param("A123456-3", "A123456-3", "separated", id="hyphen"),
        pytest.param("A123456/3", "A123456/3", "separated", id="slash"),
        pytest.param("A123456-4", "A123456-4", "separated-check-fails", id="hyphen, check fails"),
        pytest.param("A123456", "A123456", "no-check-digit", id="no check digit"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("MA1234567", id="passport of Macau"),
        pytest.param("MB1234560", id="passport of Macau, next series"),
        pytest.param("ABC123456(3)", id="three letters"),
        pytest.param("A12345(3)", id="five digits"),
        pytest.param("A1234567(3)", id="seven digits before the bracket"),
        pytest.param("A123456789", id="identity number of Taiwan"),
        pytest.param("E12345678", id="passport of the mainland"),
        pytest.param("A123XXX(X)", id="masked"),
        pytest.param("1A123456(3)", id="digit before"),
        pytest.param("1234567(8)", id="card of Macau"),
        pytest.param("A123456-3-1", id="a longer code"),
        pytest.param("A123456(12)", id="two digits in brackets"),
        pytest.param("a123456", id="small letter and six digits"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize(
    ("letters", "digits", "check"),
    [
        pytest.param("A", "123456", "3", id="one letter"),
        pytest.param("AB", "987654", "3", id="two letters"),
        pytest.param("L", "555555", "0", id="no remainder"),
        pytest.param("G", "123456", "A", id="ten is A"),
    ],
)
def test_check_digit(letters: str, digits: str, check: str) -> None:
    assert passes_check(letters, digits, check)
    assert [other for other in "0123456789A" if passes_check(letters, digits, other)] == [check]


def test_stands_alone_only_in_brackets() -> None:
    assert [shape.name for shape in RECOGNIZER.SHAPES if shape.alone >= 0.6] == ["bracketed", "bracketed-lower-case"]


@given(
    letters=st.text(string.ascii_uppercase, min_size=1, max_size=2),
    digits=st.text(string.digits, min_size=6, max_size=6),
    form=st.sampled_from(["{}{}({})", "{} {} ({})", "{}{}（{}）", "{}{}[{}]", "{}{} ({})"]),
    around=st.sampled_from([("", ""), ("證件號碼", "。"), ("HKID:", ","), ("(", ")"), ("1. ", "\n"), ("id", "")]),
)
def test_every_number_is_found_in_every_form(letters: str, digits: str, form: str, around: tuple[str, str]) -> None:
    printed = form.format(letters, digits, check_of(letters, digits))
    assert (printed, "bracketed") in found(RECOGNIZER, around[0] + printed + around[1])
