import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.macau_id_card import MacauIdCardRecognizer
from tests.recognizers.finding import best, found

RECOGNIZER = MacauIdCardRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("1234567(8)", "1234567(8)", "parenthesised", id="smart card"),
        pytest.param("5/123456/7", "5/123456/7", "slashed", id="card of 1992"),
        pytest.param("見1/234567/8。", "1/234567/8", "slashed", id="between Han"),
        pytest.param("1 / 234567 / 8", "1 / 234567 / 8", "slashed", id="slashes spaced"),
        pytest.param("７１２３４５６（７）", "７１２３４５６（７）", "parenthesised", id="full width"),
        pytest.param("1234567 ( 8 )", "1234567 ( 8 )", "parenthesised", id="brackets spaced"),
        pytest.param("1234567  ( 8 )", "1234567  ( 8 )", "parenthesised", id="brackets spaced twice"),
        pytest.param("1234567[8]", "1234567[8]", "parenthesised", id="square brackets"),
        pytest.param("123 4567(8)", "123 4567(8)", "parenthesised-spaced", id="digits grouped"),
        pytest.param("BIR1234567(8)", "1234567(8)", "parenthesised", id="label glued on"),
        pytest.param("1 5123456(7)", "5123456(7)", "parenthesised", id="numbered list"),
        pytest.param("1234567/8", "1234567/8", "half-slashed", id="one slash"),
        pytest.param("1-234567-8", "1-234567-8", "dashed", id="hyphens"),
        pytest.param("5 123456 7", "5 123456 7", "dashed", id="spaces"),
        pytest.param("1234 5678", "1234 5678", "spaced", id="like a telephone"),
        pytest.param("號碼12345678號", "12345678", "bare", id="bare between Han"),
        pytest.param("12345678.0", "12345678", "bare", id="spreadsheet integer"),
        pytest.param("19850615", "19850615", "dated", id="a date by its looks"),
        pytest.param("19851315", "19851315", "bare", id="no such month"),
        pytest.param("1234567(1).pdf", "1234567(1)", "parenthesised-copy", id="copy of a file"),
        pytest.param("1234567(8).pdf", "1234567(8)", "parenthesised", id="check digit in a file name"),
        pytest.param("a.com/v/1/234567/8", "1/234567/8", "slashed-in-path", id="path of a URL"),
    ],
)
def test_finds_every_printed_form(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("5555XXX(X)", id="redacted house style"),
        pytest.param("2234567(8)", id="first digit 2"),
        pytest.param("61234567", id="mobile telephone"),
        pytest.param("28331234", id="fixed telephone"),
        pytest.param("123456789", id="nine digits"),
        pytest.param("1234567", id="seven digits"),
        pytest.param("A1234567(8)", id="letter before: another document"),
        pytest.param("12345678A", id="letter after"),
        pytest.param("12345678.50", id="amount"),
        pytest.param("0.12345678", id="decimals"),
        pytest.param("15-03-1985", id="date with hyphens"),
        pytest.param("1985 03 15", id="date with spaces"),
        pytest.param("1904-1914", id="years from and to"),
        pytest.param("5123 4567 8901 2345", id="part of a card number"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize("text", ["1234567（8）", "1234567 （8）", "1／234567／8"])
def test_triggers_know_full_width_marks_between_plain_digits(text: str) -> None:
    assert any(re.search(trigger.encode(), text.encode()) for trigger in RECOGNIZER.TRIGGERS)


def test_never_vetoes_by_check_digit() -> None:
    assert all(found(RECOGNIZER, f"1234567({digit})") for digit in range(10))


@given(
    first=st.sampled_from("157"),
    rest=st.text(string.digits, min_size=7, max_size=7),
    form=st.sampled_from(
        ["{}{}({})", "{}{}（{}）", "{}/{}/{}", "{}{}{}", "{}-{}-{}", "{} {} {}", "{}{} ( {} )", "{}{}/{}"]
    ),
    around=st.sampled_from([("", ""), ("身份證", "號"), ("BIR n.º ", ","), ("ID:", ";"), ("BIR", ""), ("1. ", "\n")]),
)
def test_every_number_is_found_in_every_form(first: str, rest: str, form: str, around: tuple[str, str]) -> None:
    printed = form.format(first, rest[:6], rest[6])
    assert printed in [value for value, _ in found(RECOGNIZER, around[0] + printed + around[1])]
