import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.pt_citizen_card import PtCitizenCardRecognizer, passes_card_check, passes_identity_check
from tests.recognizers.finding import best, found

RECOGNIZER = PtCitizenCardRecognizer()


def complete(number: str, issue: str) -> str:
    """Return a whole card number for eight digits and an issue."""
    inner = next(number + digit for digit in string.digits if passes_identity_check(number + digit))
    return next(inner + issue + digit for digit in string.digits if passes_card_check(inner + issue + digit))


SAMPLE = complete("12345678", "ZY")


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("00000000 0 ZZ4", "00000000 0 ZZ4", "card-spaced", id="the specimen"),
        pytest.param("12345678-9-ZY" + SAMPLE[-1], "12345678-9-ZY" + SAMPLE[-1], "card-spaced", id="hyphens"),
        pytest.param("000000000ZZ4", "000000000ZZ4", "card", id="written together"),
        pytest.param("葡國身份證000000000ZZ4。", "000000000ZZ4", "card", id="between Han"),
        pytest.param("00000000 0 zz4", "00000000 0 zz4", "card-spaced", id="small letters"),
        pytest.param("00000000 0 ZZ5", "00000000 0 ZZ5", "card-check-fails", id="check fails"),
        pytest.param("12345678 9", "12345678 9", "identity-card", id="old identity card"),
        pytest.param("12.345.678-9", "12.345.678-9", "identity-card", id="old identity card with dots"),
        pytest.param("12345678 8", "12345678 8", "identity-card-check-fails", id="old card, check fails"),
        pytest.param("12345678", "12345678", "identity-card-no-check", id="old card without check digit"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


def test_the_outer_check_alone_is_worth_less() -> None:
    number = next(
        f"12345678{inner}ZZ{outer}"
        for inner in "0"
        for outer in string.digits
        if passes_card_check(f"12345678{inner}ZZ{outer}")
    )
    assert found(RECOGNIZER, number) == [(number, "card-outer-check")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("123456789012", id="twelve digits"),
        pytest.param("1234567 0 ZZ4", id="seven digits"),
        pytest.param("20241231", id="a day"),
        pytest.param("12345678元", id="amount"),
        pytest.param("12345678 9012 3456", id="a longer number"),
        pytest.param("A00000000 0 ZZ4", id="letter before"),
        pytest.param("00000000 0 ZZ45", id="letter or digit behind"),
        pytest.param("12345678.50", id="decimals"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize(
    ("number", "passes"),
    [
        pytest.param("000000000ZZ4", True, id="the specimen"),
        pytest.param("000000000ZZ5", False, id="another last digit"),
        pytest.param("000000010ZZ4", False, id="another digit"),
    ],
)
def test_card_check(number: str, *, passes: bool) -> None:
    assert passes_card_check(number) is passes


def test_identity_check_writes_ten_as_zero() -> None:
    zeros = [number for number in range(10_000_000, 10_000_200) if passes_identity_check(f"{number}0")]
    assert len(zeros) > 20  # two remainders of eleven
    assert passes_identity_check("123456789")
    assert not passes_identity_check("123456788")


@given(
    number=st.text(string.digits, min_size=8, max_size=8),
    issue=st.from_regex(r"[A-Z][A-Z0-9]", fullmatch=True),
    form=st.sampled_from([("{} {} {}", "card-spaced"), ("{}{}{}", "card"), ("{}-{}-{}", "card-spaced")]),
    around=st.sampled_from([("", ""), ("CC ", "."), ("cartão de cidadão n.º ", ","), ("證件:", "。")]),
)
def test_every_number_is_found_in_every_form(
    number: str, issue: str, form: tuple[str, str], around: tuple[str, str]
) -> None:
    whole = complete(number, issue)
    printed = form[0].format(whole[:8], whole[8], whole[9:])
    assert (printed, form[1]) in found(RECOGNIZER, around[0] + printed + around[1])
