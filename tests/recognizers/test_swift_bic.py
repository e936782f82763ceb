import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.countries import COUNTRIES
from recognizers.swift_bic import SwiftBicRecognizer
from tests.recognizers.finding import found

RECOGNIZER = SwiftBicRecognizer()
ACTING = 0.6


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("BNULMOMX", "BNULMOMX", "bank-of-macau", id="BNU"),
        pytest.param("經BKCHMOMX868匯", "BKCHMOMX868", "bank-of-macau", id="branch, between Han"),
        pytest.param("TFBLMOM1", "TFBLMOM1", "bank-of-macau", id="not connected"),
        pytest.param("ABCDMOMX", "ABCDMOMX", "macau", id="a bank of Macau we do not know"),
        pytest.param("tfblmomx", "tfblmomx", "lower-case", id="small letters"),
        pytest.param("HSBCHKHH", "HSBCHKHH", "usual-place", id="Hong Kong"),
        pytest.param("HSBCHKHHHKH", "HSBCHKHHHKH", "usual-place", id="Hong Kong, with branch"),
        pytest.param("ICBKCNBJ", "ICBKCNBJ", "usual-place", id="Beijing"),
        pytest.param("CGDIPTPL", "CGDIPTPL", "usual-place", id="Lisbon"),
        pytest.param("CHASUS33XXX", "CHASUS33XXX", "usual-place", id="digits in the place"),
        pytest.param("ABCDTVZZXXX", "ABCDTVZZXXX", "usual-place", id="head office anywhere"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "word",
    ["HELLOMOX", "FACEBOOK", "BUSINESS", "BENEFICIARY", "CUSTOMER", "DELIVERY", "DOCUMENT", "INTEREST", "TRANSACTION"],
)
def test_a_word_acts_beside_no_label(word: str) -> None:
    shapes = {shape.name: shape for shape in RECOGNIZER.SHAPES}
    for _, name in found(RECOGNIZER, word):
        assert max(shapes[name].alone, shapes[name].labelled, shapes[name].hinted) < ACTING


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("HsbcHkHh", id="mixed case"),
        pytest.param("XTFBLMOMX", id="nine letters"),
        pytest.param("TFBLMOMX12", id="two characters of a branch"),
        pytest.param("TFBLQQMX", id="no such country"),
        pytest.param("TFBLMOMO", id="O ends no place"),
        pytest.param("1234MOMX", id="digits for a bank"),
        pytest.param("BKMACNBB1", id="nine characters"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_only_banks_of_macau_stand_alone() -> None:
    assert [shape.name for shape in RECOGNIZER.SHAPES if shape.alone >= ACTING] == ["bank-of-macau", "macau"]


@given(
    bank=st.text(string.ascii_uppercase, min_size=4, max_size=4),
    country=st.sampled_from(sorted(COUNTRIES)),
    place=st.from_regex(r"[A-Z2-9][A-NP-Z0-9]", fullmatch=True),
    branch=st.from_regex(r"([A-Z0-9]{3})?", fullmatch=True),
    around=st.sampled_from([("", ""), ("SWIFT: ", "."), ("銀行代碼", "。"), ("(", ")"), ("1. ", "\n")]),
)
def test_every_code_is_found(bank: str, country: str, place: str, branch: str, around: tuple[str, str]) -> None:
    code = bank + country + place + branch
    assert [value for value, _ in found(RECOGNIZER, around[0] + code + around[1])] == [code]
