import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.border_permit import BorderPermitRecognizer
from tests.recognizers.finding import found

RECOGNIZER = BorderPermitRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("M12345678", "M12345678", "home-return", id="of Macau"),
        pytest.param("H12345678", "H12345678", "home-return", id="of Hong Kong"),
        pytest.param("回鄉證M12345678號", "M12345678", "home-return", id="between Han"),
        pytest.param("M1234567801", "M1234567801", "home-return-renewed", id="renewed"),
        pytest.param("M12345678 01", "M12345678 01", "home-return-renewed", id="renewed, space"),
        pytest.param("M12345678(01)", "M12345678(01)", "home-return-renewed", id="renewed, brackets"),
        pytest.param("C12345678", "C12345678", "exit-entry", id="from the mainland"),
        pytest.param("CA1234567", "CA1234567", "exit-entry", id="from the mainland, two letters"),
        pytest.param("CA 1234567", "CA 1234567", "exit-entry", id="from the mainland, space"),
        pytest.param("ca1234567", "ca1234567", "lower-case", id="from the mainland, small letters"),
        pytest.param("W12345678", "W12345678", "exit-entry-old", id="from the mainland, of old"),
        pytest.param("L12345678", "L12345678", "to-taiwan", id="to Taiwan"),
        pytest.param("m12345678", "m12345678", "lower-case", id="small letter"),
        pytest.param("Ｍ１２３４５６７８", "Ｍ１２３４５６７８", "home-return", id="full width"),
        pytest.param("01234567", "01234567", "eight-digits", id="of Taiwan's compatriots"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("M1234567", id="seven digits"),
        pytest.param("M123456789", id="nine digits"),
        pytest.param("CI1234567", id="I is no series"),
        pytest.param("CO1234567", id="O is no series"),
        pytest.param("MA1234567", id="passport of Macau"),
        pytest.param("E12345678", id="passport of the mainland"),
        pytest.param("XM12345678", id="letter before"),
        pytest.param("20241231", id="a day"),
        pytest.param("66123456", id="a telephone number"),
        pytest.param("M1234****", id="masked"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_no_form_stands_alone() -> None:
    assert all(shape.alone < 0.6 for shape in RECOGNIZER.SHAPES)


@given(
    letter=st.sampled_from("HM"),
    digits=st.text(string.digits, min_size=8, max_size=8),
    renewals=st.sampled_from(["", "01", " 02", "-03", "(04)", " (05)"]),
    around=st.sampled_from([("", ""), ("回鄉證", "號"), ("HRP ", ","), ("(", ")")]),
)
def test_every_number_is_found(letter: str, digits: str, renewals: str, around: tuple[str, str]) -> None:
    number = letter + digits + renewals
    shape = "home-return-renewed" if renewals else "home-return"
    assert found(RECOGNIZER, around[0] + number + around[1]) == [(number, shape)]
