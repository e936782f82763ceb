import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.macau_vehicle_plate import MacauVehiclePlateRecognizer
from tests.recognizers.finding import found

RECOGNIZER = MacauVehiclePlateRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("M-12-34", "M-12-34", "m-series-loosely", id="the first cars"),
        pytest.param("車牌MX-12-34。", "MX-12-34", "m-series", id="between Han"),
        pytest.param("mz-12-34", "mz-12-34", "m-series-loosely", id="small letters"),
        pytest.param("MX - 12 - 34", "MX - 12 - 34", "m-series-loosely", id="spaces"),
        pytest.param("ＭＸ－１２－３４", "ＭＸ－１２－３４", "m-series", id="full width"),
        pytest.param("MX-1234", "MX-1234", "one-hyphen", id="one hyphen"),
        pytest.param("AA12-34", "AA12-34", "one-hyphen", id="one hyphen, further on"),
        pytest.param("CM12345", "CM12345", "moped-unhyphenated", id="moped without hyphen"),
        pytest.param("AA-12-34", "AA-12-34", "a-series", id="after MZ"),
        pytest.param("CM-12345", "CM-12345", "moped", id="moped"),
        pytest.param("EX-123", "EX-123", "trade", id="trade"),
        pytest.param("粤Z·AB12澳", "粤Z·AB12澳", "cross-border", id="across the border"),
        pytest.param("粵ZAB12 港", "粵ZAB12 港", "cross-border", id="across the border, Traditional"),
        pytest.param("XY-12-34", "XY-12-34", "two-letters", id="letters not issued yet"),
        pytest.param("MX1234", "MX1234", "unhyphenated", id="without hyphens"),
        pytest.param("MX 12 34", "MX 12 34", "unhyphenated", id="with spaces"),
        pytest.param("mx1234", "mx1234", "unhyphenated", id="without hyphens, small letters"),
        pytest.param("plateMX-12-34", "MX-12-34", "m-series", id="label glued on"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ISO-20-22-1", id="part of a longer code"),
        pytest.param("AM-12-34-56", id="a group too many"),
        pytest.param("XM-M-12-34", id="a letter too many"),
        pytest.param("M-123-4", id="wrong groups"),
        pytest.param("12-34-56", id="no letter"),
        pytest.param("ABC-12-34", id="three letters"),
        pytest.param("MX-12-34A", id="letter behind"),
        pytest.param("粤B·12345", id="a car of Shenzhen"),
        pytest.param("2024-10-15", id="a day"),
        pytest.param("o carro comprado ao 2024", id="a word and a year"),
        pytest.param("AT 2024", id="a word in capitals and a year"),
        pytest.param("XY1234", id="letters of no plate"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@given(
    letters=st.sampled_from([f"M{letter}" for letter in string.ascii_uppercase]),
    digits=st.text(string.digits, min_size=4, max_size=4),
    around=st.sampled_from([("", ""), ("車牌", "號"), ("matrícula ", ","), ("(", ")")]),
)
def test_every_plate_is_found(letters: str, digits: str, around: tuple[str, str]) -> None:
    plate = f"{letters}-{digits[:2]}-{digits[2:]}"
    assert found(RECOGNIZER, around[0] + plate + around[1]) == [(plate, "m-series")]
