import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.payment_card import PaymentCardRecognizer, passes_luhn
from tests.recognizers.finding import best, found

RECOGNIZER = PaymentCardRecognizer()


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
        pytest.param(complete("2720", 16), complete("2720", 16), "plain", id="end of Mastercard's 2-series"),
        pytest.param("378282246310005", "378282246310005", "plain", id="Amex"),
        pytest.param("3782 822463 10005", "3782 822463 10005", "grouped", id="Amex in groups"),
        pytest.param(complete("620", 16), complete("620", 16), "plain", id="UnionPay of 16"),
        pytest.param(complete("620", 19), complete("620", 19), "plain", id="UnionPay of 19"),
        pytest.param(complete("81", 16), complete("81", 16), "plain", id="UnionPay's second range"),
        pytest.param(complete("3530", 16), complete("3530", 16), "plain", id="JCB"),
        pytest.param("6011111111111117", "6011111111111117", "plain", id="Discover"),
        pytest.param(complete("36", 14), complete("36", 14), "rare", id="Diners"),
        pytest.param(complete("6304", 13), complete("6304", 13), "rare", id="Maestro"),
        pytest.param(complete("2200", 16), complete("2200", 16), "rare", id="Mir"),
        pytest.param(complete("508", 16), complete("508", 16), "rare", id="RuPay"),
        pytest.param(complete("9792", 16), complete("9792", 16), "rare", id="Troy"),
        pytest.param(complete("9558", 19), complete("9558", 19), "rare", id="debit card of before UnionPay"),
        pytest.param(complete("4", 19), complete("4", 19), "rare", id="Visa of 19"),
        pytest.param("6200000000000000001", "6200000000000000001", "unionpay-unchecked", id="UnionPay, check fails"),
        pytest.param("4111 1111 1111 1111 123", "4111 1111 1111 1111", "grouped", id="security code behind"),
        pytest.param("15 01 4111 1111 1111 1111", "4111 1111 1111 1111", "grouped", id="day and month before"),
        pytest.param("4111.1111.1111.1111", "4111.1111.1111.1111", "grouped", id="dots"),
        pytest.param("4111/1111/1111/1111", "4111/1111/1111/1111", "grouped", id="slashes"),
        pytest.param("4111  1111  1111  1111", "4111  1111  1111  1111", "grouped", id="two spaces"),
        pytest.param("4111 - 1111 - 1111 - 1111", "4111 - 1111 - 1111 - 1111", "grouped", id="hyphens and spaces"),
        pytest.param("3782.822463.10005", "3782.822463.10005", "grouped", id="Amex, dots"),
        pytest.param("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "plain", id="spelled out"),
        pytest.param("４１１１１１１１１１１１１１１１", "４１１１１１１１１１１１１１１１", "plain", id="full width"),
        pytest.param("visa4111111111111111", "4111111111111111", "plain", id="label glued on"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("4111111111111112", id="check fails"),
        pytest.param("4111.1111.1111.1112", id="check fails, dots"),
        pytest.param(complete("9", 16), id="no issuer's range"),
        pytest.param(complete("4", 15), id="no length of Visa"),
        pytest.param(complete("2720", 16).replace("2720", "2721"), id="beyond Mastercard's 2-series"),
        pytest.param("1700000000000", id="time stamp"),
        pytest.param("9787111123453", id="ISBN"),
        pytest.param("490154203237518", id="IMEI"),
        pytest.param("A4111111111111111", id="letter before"),
        pytest.param("************1111", id="masked"),
        pytest.param("4111 11** **** 1111", id="masked in the middle"),
        pytest.param("411111XXXXXX1111", id="masked with letters"),
        pytest.param("0" * 16, id="zeros pass the check"),
        pytest.param("4111111111111111.5", id="decimals"),
        pytest.param("550e8400-e29b-41d4-a716-446655440000", id="UUID"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_two_cards_in_a_row_are_two() -> None:
    assert len(found(RECOGNIZER, "4111 1111 1111 1111 5500 0000 0000 0004")) == 2


def test_luhn_by_the_standards_own_example() -> None:
    assert passes_luhn("79927398713")
    assert not any(passes_luhn(f"7992739871{digit}") for digit in "012456789")


@given(
    start=st.sampled_from(["4", "51", "55", "2221", "2720", "62", "81", "3530", "6011", "65"]),
    rest=st.text(string.digits, min_size=14, max_size=14),
    gap=st.sampled_from(["", " ", "-", ".", "/", "_", "  ", " - "]),
    around=st.sampled_from([("", ""), ("卡號", "。"), ("card no. ", ","), ("(", ")"), ("VISA", ""), ("1) ", "\n")]),
)
def test_every_number_is_found_in_every_form(start: str, rest: str, gap: str, around: tuple[str, str]) -> None:
    number = complete((start + rest)[:15], 16)
    printed = gap.join(number[at : at + 4] for at in range(0, 16, 4))
    assert (printed, "grouped" if gap else "plain") in found(RECOGNIZER, around[0] + printed + around[1])
