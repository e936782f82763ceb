import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.macau_passport import MacauPassportRecognizer
from tests.recognizers.finding import found

RECOGNIZER = MacauPassportRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("MA1234567", "MA1234567", "MA", id="as issued"),
        pytest.param("澳門護照MA1234567。", "MA1234567", "MA", id="between Han"),
        pytest.param("ＭＡ１２３４５６７", "ＭＡ１２３４５６７", "MA", id="full width"),
        pytest.param("passportMA1234567", "MA1234567", "MA", id="label glued on"),
        pytest.param("MB1234567", "MB1234567", "series", id="next series"),
        pytest.param("ma1234567", "ma1234567", "lower-case", id="small letters"),
        pytest.param("MA 1234567", "MA 1234567", "spaced", id="space"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("MA123456", id="six digits: Myanmar"),
        pytest.param("MA12345678", id="eight digits"),
        pytest.param("M12345678", id="one letter: home return permit"),
        pytest.param("XMA1234567", id="letter before"),
        pytest.param("MA1234567B", id="letter behind"),
        pytest.param("EA1234567", id="passport of the mainland"),
        pytest.param("MA-12-34", id="plate"),
        pytest.param("MA123****", id="masked"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@given(
    digits=st.text(string.digits, min_size=7, max_size=7),
    around=st.sampled_from([("", ""), ("護照", "號"), ("Passport: ", ","), ("(", ")"), ("passaporte n.º ", "\n")]),
)
def test_every_number_is_found(digits: str, around: tuple[str, str]) -> None:
    assert found(RECOGNIZER, f"{around[0]}MA{digits}{around[1]}") == [(f"MA{digits}", "MA")]
