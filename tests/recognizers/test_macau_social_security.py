import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.macau_social_security import MacauSocialSecurityRecognizer
from tests.recognizers.finding import found

RECOGNIZER = MacauSocialSecurityRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("2088888888", "2088888888", "ten-digits", id="beneficiary, the Fund's own example"),
        pytest.param("1088888888", "1088888888", "ten-digits", id="employer, the Fund's own example"),
        pytest.param("受益人編號2088888888。", "2088888888", "ten-digits", id="between Han"),
        pytest.param("FSS2088888888", "2088888888", "ten-digits", id="label glued on"),
        pytest.param("2-08888888-8", "2-08888888-8", "ten-digits", id="in groups"),
        pytest.param("２０８８８８８８８８", "２０８８８８８８８８", "ten-digits", id="full width"),
        pytest.param("2 0888 8888 8", "2 0888 8888 8", "ten-digits", id="in other groups"),
        pytest.param("08888888", "08888888", "eight-digits", id="number of before 2011"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3088888888", id="neither employer nor beneficiary"),
        pytest.param("208888888", id="nine digits"),
        pytest.param("20888888888", id="eleven digits"),
        pytest.param("2088888888元", id="amount"),
        pytest.param("2088888888.50", id="decimals"),
        pytest.param("20241231", id="a day"),
        pytest.param("66123456", id="a telephone number"),
        pytest.param("A2088888888", id="letter before"),
        pytest.param("208888****", id="masked"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_counts_only_beside_its_name() -> None:
    assert all(max(shape.alone, shape.hinted) <= 0.3 for shape in RECOGNIZER.SHAPES)


@given(
    first=st.sampled_from("12"),
    rest=st.text(string.digits, min_size=9, max_size=9),
    around=st.sampled_from([("", ""), ("社保編號", "號"), ("n.º de beneficiário ", ","), ("(", ")")]),
)
def test_every_number_is_found(first: str, rest: str, around: tuple[str, str]) -> None:
    assert found(RECOGNIZER, around[0] + first + rest + around[1]) == [(first + rest, "ten-digits")]
