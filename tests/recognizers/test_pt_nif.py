import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.pt_nif import PtNifRecognizer, passes_check
from tests.recognizers.finding import best, found

RECOGNIZER = PtNifRecognizer()


def complete(start: str) -> str:
    return next(start + digit for digit in string.digits if passes_check(start + digit))


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("123456789", "123456789", "nine-digits", id="nine digits"),
        pytest.param("NIF:501964843.", "501964843", "nine-digits", id="a company"),
        pytest.param("葡國稅號123456789號", "123456789", "nine-digits", id="between Han"),
        pytest.param("123 456 789", "123 456 789", "nine-digits", id="spaces"),
        pytest.param("123.456.789", "123.456.789", "nine-digits", id="dots"),
        pytest.param("NIF123456789", "123456789", "nine-digits", id="label glued on"),
        pytest.param(complete("45123456"), complete("45123456"), "nine-digits", id="lives abroad"),
        pytest.param("PT123456789", "PT123456789", "value-added-tax", id="VAT"),
        pytest.param("PT 123 456 789", "PT 123 456 789", "value-added-tax", id="VAT in groups"),
        pytest.param("123456788", "123456788", "check-fails", id="check fails"),
        pytest.param("PT123456788", "PT123456788", "check-fails", id="VAT, check fails"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("12345678", id="eight digits"),
        pytest.param("1234567890", id="ten digits"),
        pytest.param("412345678", id="4 without 5"),
        pytest.param("012345678", id="begins with 0"),
        pytest.param("123456789元", id="amount"),
        pytest.param("123456789.50", id="decimals"),
        pytest.param("123 456 789 012", id="part of a longer number"),
        pytest.param("99 123 456 789", id="end of a longer number"),
        pytest.param("ES123456789", id="another country"),
        pytest.param("192.168.123.456", id="four groups"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("123456789", id="everybody's example"),
        pytest.param("501964843", id="the example of the library stdnum"),
        pytest.param("510000010", id="remainder 0 gives 0"),
    ],
)
def test_check_digit(number: str) -> None:
    assert [digit for digit in string.digits if passes_check(number[:-1] + digit)] == [number[-1]]


def test_needs_a_label_or_the_country() -> None:
    assert [shape.name for shape in RECOGNIZER.SHAPES if shape.alone >= 0.6] == ["value-added-tax"]


@given(
    first=st.sampled_from(["1", "2", "3", "45", "5", "6", "70", "8", "90", "98"]),
    rest=st.text(string.digits, min_size=8, max_size=8),
    form=st.sampled_from(["{}{}{}", "{} {} {}", "{}.{}.{}", "{}-{}-{}"]),
    around=st.sampled_from([("", ""), ("NIF ", "."), ("contribuinte n.º ", ","), ("稅號:", "。"), ("PT", "")]),
)
def test_every_number_is_found_in_every_form(first: str, rest: str, form: str, around: tuple[str, str]) -> None:
    number = complete((first + rest)[:8])
    printed = form.format(number[:3], number[3:6], number[6:])
    value, shape = best(RECOGNIZER, around[0] + printed + around[1]) or ("", "")
    assert value.removeprefix("PT") == printed
    assert shape == ("value-added-tax" if around[0] == "PT" else "nine-digits")
