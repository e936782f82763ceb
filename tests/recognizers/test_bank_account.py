import pytest
from presidio_analyzer import RecognizerResult

from recognizers.bank_account import BankAccountRecognizer

RECOGNIZER = BankAccountRecognizer()


def analyze(text: str) -> list[RecognizerResult]:
    return RECOGNIZER.analyze(text, ["BANK_ACCOUNT"])


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("180101207123456", "180101207123456", "bank-of-china", id="Bank of China"),
        pytest.param("戶口180-10-12-071-23456。", "180-10-12-071-23456", "bank-of-china", id="grouped"),
        pytest.param("0119100100001234567", "0119100100001234567", "icbc", id="ICBC"),
        pytest.param("0119 1001 0000 1234 567", "0119 1001 0000 1234 567", "icbc", id="ICBC in groups"),
        pytest.param("9012345678", "9012345678", "number", id="BNU"),
        pytest.param("012-875-0-039683-3", "012-875-0-039683-3", "number", id="Hong Kong, with bank code"),
        pytest.param("１２３４５６７８９", "１２３４５６７８９", "number", id="full width"),
        pytest.param("12345678", "12345678", "short", id="eight digits"),
        pytest.param("13812345678", "13812345678", "short", id="mainland mobile, an alias at best"),
        pytest.param("2024-01-15 9012345678", "9012345678", "number", id="a date before"),
        pytest.param("MOP 9012345678", "9012345678", "number", id="currency of an account"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    [result] = analyze(text)
    assert text[result.start : result.end] == value
    assert result.analysis_explanation.pattern_name == shape


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1234567", id="seven digits"),
        pytest.param("12345678901234567890", id="twenty digits"),
        pytest.param("20241015", id="date"),
        pytest.param("15102024", id="date, day first"),
        pytest.param("20241015103000", id="time stamp"),
        pytest.param("+853 66123456", id="telephone with country code"),
        pytest.param("008613812345678", id="telephone with 0086"),
        pytest.param("50000000元", id="amount in 元"),
        pytest.param("MOP 50000000", id="amount in MOP"),
        pytest.param("$123456789", id="amount in dollars"),
        pytest.param("123456789.50", id="decimals"),
        pytest.param("AB123456789", id="letters before"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert analyze(text) == []


def test_two_accounts_with_a_space_between_are_two() -> None:
    assert [(result.start, result.end) for result in analyze("9012345678 9112345678")] == [(0, 10), (11, 21)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("TFBLMOMX", True, id="Tai Fung"),
        pytest.param("經BKCHMOMX868匯", True, id="branch code, between Han"),
        pytest.param("tfblmomx", False, id="lower case"),
        pytest.param("HELLOMOX", False, id="a word"),
        pytest.param("XTFBLMOMX", False, id="nine letters"),
    ],
)
def test_beacon_is_a_macau_bank_code(text: str, *, found: bool) -> None:
    assert RECOGNIZER.beacon is not None
    assert (RECOGNIZER.beacon.search(text) is not None) is found
