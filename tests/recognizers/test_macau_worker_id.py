import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.macau_worker_id import MacauWorkerIdRecognizer
from tests.recognizers.finding import found

RECOGNIZER = MacauWorkerIdRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("20012345", "20012345", "eight-digits", id="eight digits"),
        pytest.param("藍卡號碼20012345。", "20012345", "eight-digits", id="between Han"),
        pytest.param("2001 2345", "2001 2345", "eight-digits", id="in groups"),
        pytest.param("TNR20012345", "20012345", "eight-digits", id="label glued on"),
        pytest.param("２００１２３４５", "２００１２３４５", "eight-digits", id="full width"),
        pytest.param("20012345.0", "20012345", "eight-digits", id="spreadsheet's integer"),
        pytest.param("2001234(5)", "2001234(5)", "bracketed", id="last digit in brackets"),
        pytest.param("２００１２３４（５）", "２００１２３４（５）", "bracketed", id="brackets in full width"),
        pytest.param("20011231", "20011231", "dated", id="looks like a day"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2001234", id="seven digits"),
        pytest.param("200123(4)", id="six digits and one in brackets"),
        pytest.param("200123456", id="nine digits"),
        pytest.param("20012345元", id="amount"),
        pytest.param("20012345.50", id="decimals"),
        pytest.param("A20012345", id="letter before"),
        pytest.param("2001****", id="masked"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_counts_only_beside_its_name() -> None:
    assert all(max(shape.alone, shape.hinted) <= 0.3 for shape in RECOGNIZER.SHAPES)


@given(
    number=st.integers(20_000_000, 99_999_999),
    around=st.sampled_from([("", ""), ("藍卡", "號"), ("TNR no. ", ","), ("(", ")")]),
)
def test_every_number_is_found(number: int, around: tuple[str, str]) -> None:
    assert [value for value, _ in found(RECOGNIZER, f"{around[0]}{number}{around[1]}")] == [str(number)]
