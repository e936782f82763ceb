import pytest
from presidio_analyzer import RecognizerResult

from recognizers.macau_id_card import MacauIdCardRecognizer

RECOGNIZER = MacauIdCardRecognizer()


def analyze(text: str) -> list[RecognizerResult]:
    return RECOGNIZER.analyze(text, ["MO_ID_CARD"])


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("1234567(8)", "1234567(8)", "parenthesised", id="smart card"),
        pytest.param("5/123456/7", "5/123456/7", "slashed", id="card of 1992"),
        pytest.param("見1/234567/8。", "1/234567/8", "slashed", id="between Han"),
        pytest.param("1 / 234567 / 8", "1 / 234567 / 8", "slashed", id="slashes spaced"),
        pytest.param("７１２３４５６（７）", "７１２３４５６（７）", "parenthesised", id="full width"),
        pytest.param("1234567 ( 8 )", "1234567 ( 8 )", "parenthesised", id="brackets spaced"),
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
    best = max(analyze(text), key=lambda result: result.score)
    assert text[best.start : best.end] == value
    assert best.analysis_explanation.pattern_name == shape
    assert best.score == RECOGNIZER.shapes[shape].alone


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
        pytest.param("5123 4567 8901 2345", id="part of a card number"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert analyze(text) == []


def test_never_vetoes_by_check_digit() -> None:
    assert all(analyze(f"1234567({digit})") for digit in range(10))


def test_keeps_to_the_entities_asked_for() -> None:
    assert RECOGNIZER.analyze("1234567(8)", ["CREDIT_CARD"]) == []
