import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.bank_account import BankAccountRecognizer, passes_check
from tests.recognizers.finding import best, found

RECOGNIZER = BankAccountRecognizer()


def nib(account: str) -> str:
    """Return a Portuguese account of 21 digits for its first 19."""
    return f"{account}{98 - int(account) * 100 % 97:02}"


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("180101207123456", "180101207123456", "bank-of-china", id="Bank of China"),
        pytest.param("戶口180-10-12-071-23456。", "180-10-12-071-23456", "bank-of-china", id="grouped"),
        pytest.param("3 180101207123456", "180101207123456", "bank-of-china", id="numbered list"),
        pytest.param("中國銀行180101207123456", "180101207123456", "bank-of-china", id="glued to the bank's name"),
        pytest.param("0119100100001234567", "0119100100001234567", "icbc", id="ICBC"),
        pytest.param("0119 1001 0000 1234 567", "0119 1001 0000 1234 567", "icbc", id="ICBC in groups"),
        pytest.param("9012345678", "9012345678", "number", id="BNU"),
        pytest.param("BNU9012345678", "9012345678", "number", id="glued to the bank's short name"),
        pytest.param("a/c no.:9012345678", "9012345678", "number", id="behind a colon"),
        pytest.param("004-502-256803-001", "004-502-256803-001", "hong-kong", id="Hong Kong, with bank and branch"),
        pytest.param("012-875-0-039683-3", "012-875-0-039683-3", "hong-kong", id="Hong Kong, in five groups"),
        pytest.param(nib("0035012312345678901"), nib("0035012312345678901"), "portugal", id="Portugal"),
        pytest.param(
            "0035 0123 12345678901 " + nib("0035012312345678901")[-2:],
            "0035 0123 12345678901 " + nib("0035012312345678901")[-2:],
            "portugal",
            id="Portugal, as printed",
        ),
        pytest.param("01-11-10 123456", "01-11-10 123456", "mixed-separators", id="hyphens and a space"),
        pytest.param("001/1234-101", "001/1234-101", "mixed-separators", id="slash and hyphen"),
        pytest.param("123.4567.89.10", "123.4567.89.10", "mixed-separators", id="dots"),
        pytest.param("１２３４５６７８９", "１２３４５６７８９", "number", id="full width"),
        pytest.param("12345678", "12345678", "short", id="eight digits"),
        pytest.param("13812345678", "13812345678", "short", id="mainland mobile, an alias at best"),
        pytest.param("2024-01-15 9012345678", "9012345678", "number", id="a date before"),
        pytest.param("MOP 9012345678", "9012345678", "number", id="currency of an account"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1234567", id="seven digits"),
        pytest.param("12345678901234567890", id="twenty digits"),
        pytest.param("003501231234567890100", id="twenty-one digits whose check fails"),
        pytest.param("20241015", id="date"),
        pytest.param("15102024", id="date, day first"),
        pytest.param("15/10/2024 103000", id="date and time"),
        pytest.param("20241015103000", id="time stamp"),
        pytest.param("+853 66123456", id="telephone with country code"),
        pytest.param("008613812345678", id="telephone with 0086"),
        pytest.param("50000000元", id="amount in 元"),
        pytest.param("MOP 50000000", id="amount in MOP"),
        pytest.param("$123456789", id="amount in dollars"),
        pytest.param("123456789.50", id="decimals"),
        pytest.param("12.345.678.901", id="amount with dots"),
        pytest.param("192.168.100.25", id="address of a host"),
        pytest.param("AB123456789", id="letters before"),
        pytest.param("0.9.2342.19200300.100.4.5", id="identifier of an object"),
        pytest.param("v12.10.2342.1920", id="version"),
        pytest.param("9012****78", id="masked"),
        pytest.param("550e8400-e29b-41d4-a716", id="UUID"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_two_accounts_with_a_space_between_are_two() -> None:
    assert [value for value, _ in found(RECOGNIZER, "9012345678 9112345678")] == ["9012345678", "9112345678"]


def test_stands_alone_only_with_a_banks_own_format() -> None:
    assert {shape.name for shape in RECOGNIZER.SHAPES if shape.alone >= 0.6} == {"bank-of-china", "icbc", "portugal"}


@pytest.mark.parametrize(
    ("digits", "passes"),
    [
        pytest.param("000201231234567890154", True, id="the account in Portugal's example of an IBAN"),
        pytest.param("000201231234567890145", False, id="check digits exchanged"),
        pytest.param("000201231234567980154", False, id="digits exchanged"),
    ],
)
def test_check(digits: str, *, passes: bool) -> None:
    assert passes_check(digits) is passes


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("TFBLMOMX", True, id="Tai Fung"),
        pytest.param("經BKCHMOMX868匯", True, id="branch code, between Han"),
        pytest.param("tfblmomx", False, id="lower case"),
        pytest.param("HELLOMOX", False, id="a word"),
        pytest.param("XTFBLMOMX", False, id="nine letters"),
    ],
)
def test_beacon_is_a_macau_bank_code(text: str, *, seen: bool) -> None:
    assert RECOGNIZER.BEACON is not None
    assert (RECOGNIZER.BEACON.search(text) is not None) is seen


@given(
    start=st.sampled_from(["180", "01", "9", "1", "00", "5"]),
    rest=st.text(string.digits, min_size=18, max_size=18),
    length=st.integers(9, 19),
    gap=st.sampled_from(["", " ", "-"]),
    around=st.sampled_from([("", ""), ("戶口", "。"), ("conta n.º ", ","), ("A/C:", ";"), ("BNU", ""), ("BOC", "\n")]),
)
def test_every_number_is_found_whole_and_in_groups(
    start: str, rest: str, length: int, gap: str, around: tuple[str, str]
) -> None:
    number = (start + rest)[:length]
    printed = gap.join(number[at : at + 4] for at in range(0, length, 4))
    values = [value for value, _ in found(RECOGNIZER, around[0] + printed + around[1])]
    if not (number.startswith(("20", "853", "852", "86", "00"))):  # a time, or a telephone
        assert printed in values
