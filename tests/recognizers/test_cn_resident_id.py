from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.cn_resident_id import CnResidentIdRecognizer, check_digit
from tests.recognizers.finding import best, found

RECOGNIZER = CnResidentIdRecognizer()


def complete(digits: str) -> str:
    return digits + check_digit(digits)


SAMPLE = complete("44010619900307432")  # Guangzhou, 7 March 1990
WITH_X = "11010519491231002X"  # the standard's own example
MACAU = complete("82000019850615001")


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param(SAMPLE, SAMPLE, "whole", id="eighteen digits"),
        pytest.param(f"身份证号{SAMPLE}。", SAMPLE, "whole", id="between Han"),
        pytest.param(WITH_X, WITH_X, "whole", id="X"),
        pytest.param(WITH_X.lower(), WITH_X.lower(), "whole", id="small x"),
        pytest.param("11010519491231002Ｘ", "11010519491231002Ｘ", "whole", id="X in full width"),
        pytest.param(MACAU, MACAU, "whole", id="residence permit of Macau"),
        pytest.param(complete("81000019850615001"), complete("81000019850615001"), "whole", id="of Hong Kong"),
        pytest.param(complete("83000019850615001"), complete("83000019850615001"), "whole", id="of Taiwan"),
        pytest.param("440106 19900307 4328", "440106 19900307 4328", "grouped", id="6-8-4"),
        pytest.param("440-106-1990-0307-4328", "440-106-1990-0307-4328", "grouped", id="3-3-4-4-4"),
        pytest.param("110105-19491231-002X", "110105-19491231-002X", "grouped", id="hyphens and X"),
        pytest.param("44 0106 199 00307 4328", "44 0106 199 00307 4328", "spaced", id="grouped as nobody does"),
        pytest.param("3 440106199003074328", "440106199003074328", "whole", id="numbered list"),
        pytest.param("12 440106199003074328", "440106199003074328", "whole", id="two digits before"),
        pytest.param("2024 440106 19900307 4328", "440106 19900307 4328", "grouped", id="a year before"),
        pytest.param(complete("91115619810803002"), complete("91115619810803002"), "foreigner", id="foreigner"),
        pytest.param("440106199003074320", "440106199003074320", "check-fails", id="check fails"),
        pytest.param("440106900307432", "440106900307432", "fifteen-digits", id="fifteen digits"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("440106199013074328", id="no such month"),
        pytest.param("440106199002304328", id="no such day"),
        pytest.param("440106189003074328", id="a hundred years too early"),
        pytest.param("200106199003074328", id="no such province"),
        pytest.param("820001198506150011", id="residence permits have no district"),
        pytest.param("202403151030254328", id="a time stamp with a sequence"),
        pytest.param("4401061990030743280", id="nineteen digits"),
        pytest.param("A440106199003074328", id="letter before"),
        pytest.param("440106199003074328A", id="letter behind"),
        pytest.param("440106********4328", id="masked"),
        pytest.param("91440101MA5CTX1234", id="a company's credit code"),
        pytest.param("180101207123456", id="account of the Bank of China"),
        pytest.param("6222021234567890123", id="card of UnionPay"),
        pytest.param("440106901307432", id="fifteen digits without a birthday"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        pytest.param("11010519491231002", "X", id="the standard's example"),
        pytest.param("44052418800101001", "4", id="the standard's other example"),
    ],
)
def test_check_digit(digits: str, check: str) -> None:
    assert check_digit(digits) == check


@given(
    region=st.sampled_from(["110105", "440106", "440402", "650101", "710000", "810000", "820000", "830000"]),
    birthday=st.dates(date(1900, 1, 1), date(2049, 12, 31)),
    sequence=st.integers(0, 999),
    form=st.sampled_from(["{}{}{}", "{} {} {}", "{}-{}-{}", "{} {} {}"]),
    around=st.sampled_from([("", ""), ("身份證", "。"), ("ID:", ","), ("(", ")"), ("1. ", "\n"), ("no", "")]),
)
def test_every_number_is_found_in_every_form(
    region: str, birthday: date, sequence: int, form: str, around: tuple[str, str]
) -> None:
    number = complete(f"{region}{birthday:%Y%m%d}{sequence:03}")
    printed = form.format(number[:6], number[6:14], number[14:])
    value, shape = best(RECOGNIZER, around[0] + printed + around[1]) or ("", "")
    assert value == printed
    assert shape in {"whole", "grouped"}
