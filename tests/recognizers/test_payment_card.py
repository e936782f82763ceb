import pytest
from presidio_analyzer import RecognizerResult

from recognizers.payment_card import PaymentCardRecognizer, passes_luhn

RECOGNIZER = PaymentCardRecognizer()


def analyze(text: str) -> list[RecognizerResult]:
    return RECOGNIZER.analyze(text, ["CREDIT_CARD"])


def complete(start: str, length: int) -> str:
    """Return `start`, padded with zeros to `length` digits of which the last makes the check pass."""
    body = start.ljust(length - 1, "0")
    return next(body + digit for digit in "0123456789" if passes_luhn(body + digit))


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("4111111111111111", "4111111111111111", "plain", id="Visa"),
        pytest.param("卡號4111 1111 1111 1111。", "4111 1111 1111 1111", "grouped", id="Visa in groups"),
        pytest.param("5500-0000-0000-0004", "5500-0000-0000-0004", "grouped", id="Mastercard"),
        pytest.param(complete("2221", 16), complete("2221", 16), "plain", id="Mastercard 2-series"),
        pytest.param("378282246310005", "378282246310005", "plain", id="Amex"),
        pytest.param("3782 822463 10005", "3782 822463 10005", "grouped", id="Amex in groups"),
        pytest.param(complete("620", 19), complete("620", 19), "plain", id="UnionPay of 19"),
        pytest.param(complete("3530", 16), complete("3530", 16), "plain", id="JCB"),
        pytest.param(complete("36", 14), complete("36", 14), "rare", id="Diners"),
        pytest.param("6200000000000000001", "6200000000000000001", "unionpay-unchecked", id="UnionPay, check fails"),
        pytest.param("4111 1111 1111 1111 123", "4111 1111 1111 1111", "grouped", id="security code behind"),
        pytest.param("15 01 4111 1111 1111 1111", "4111 1111 1111 1111", "grouped", id="day and month before"),
        pytest.param("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "plain", id="spelled out"),
        pytest.param("４１１１１１１１１１１１１１１１", "４１１１１１１１１１１１１１１１", "plain", id="full width"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    [result] = analyze(text)
    assert text[result.start : result.end] == value
    assert result.analysis_explanation.pattern_name == shape


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("4111111111111112", id="check fails"),
        pytest.param(complete("9", 16), id="no issuer's range"),
        pytest.param(complete("4", 15), id="no length of Visa"),
        pytest.param("1700000000000", id="time stamp"),
        pytest.param("9787111123453", id="ISBN"),
        pytest.param("A4111111111111111", id="letter before"),
        pytest.param("************1111", id="redacted"),
        pytest.param("0" * 16, id="zeros pass the check"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert analyze(text) == []


def test_two_cards_in_a_row_are_two() -> None:
    assert len(analyze("4111 1111 1111 1111 5500 0000 0000 0004")) == 2


def test_luhn_by_the_standards_own_example() -> None:
    assert passes_luhn("79927398713")
    assert not any(passes_luhn(f"7992739871{digit}") for digit in "012456789")
