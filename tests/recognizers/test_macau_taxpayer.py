import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.macau_taxpayer import MacauTaxpayerRecognizer
from tests.recognizers.finding import found

RECOGNIZER = MacauTaxpayerRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("01234567", "01234567", "eight-digits", id="in business"),
        pytest.param("81234567", "81234567", "eight-digits", id="a company"),
        pytest.param("51234567", "51234567", "eight-digits", id="an employee's identity card"),
        pytest.param("納稅人編號81234567。", "81234567", "eight-digits", id="between Han"),
        pytest.param("8123 4567", "8123 4567", "eight-digits", id="in groups"),
        pytest.param("８１２３４５６７", "８１２３４５６７", "eight-digits", id="full width"),
        pytest.param("61234567", "61234567", "unusual-first-digit", id="as a telephone"),
        pytest.param("19900101", "19900101", "unusual-first-digit", id="a day"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("8123456", id="seven digits"),
        pytest.param("812345678", id="nine digits"),
        pytest.param("81234567元", id="amount"),
        pytest.param("81234567.50", id="decimals"),
        pytest.param("A81234567", id="letter before"),
        pytest.param("8123****", id="masked"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_counts_only_beside_its_name() -> None:
    assert all(shape.alone < 0.1 for shape in RECOGNIZER.SHAPES)


@given(
    first=st.sampled_from("08"),
    rest=st.text(string.digits, min_size=7, max_size=7),
    around=st.sampled_from([("", ""), ("納稅人編號", "號"), ("contribuinte n.º ", ","), ("(", ")")]),
)
def test_every_number_is_found(first: str, rest: str, around: tuple[str, str]) -> None:
    assert [value for value, _ in found(RECOGNIZER, around[0] + first + rest + around[1])] == [first + rest]
