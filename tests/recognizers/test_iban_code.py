import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.iban_code import _LENGTHS, IbanCodeRecognizer, passes_check
from tests.recognizers.finding import best, found

RECOGNIZER = IbanCodeRecognizer()


def complete(country: str, account: str) -> str:
    remainder = int("".join(str(int(char, 36)) for char in account + country + "00")) % 97
    return f"{country}{98 - remainder:02}{account}"


def grouped(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


# The examples of the registry.
GERMANY, PORTUGAL, BRITAIN, NORWAY = (
    "DE89370400440532013000",
    "PT50000201231234567890154",
    "GB29NWBK60161331926819",
    "NO9386011117947",
)


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param(GERMANY, GERMANY, "whole", id="Germany"),
        pytest.param(BRITAIN, BRITAIN, "whole", id="letters within"),
        pytest.param(NORWAY, NORWAY, "whole", id="the shortest"),
        pytest.param(f"匯款至{PORTUGAL}。", PORTUGAL, "whole", id="between Han"),
        pytest.param(f"IBAN{PORTUGAL}", PORTUGAL, "whole", id="label glued on"),
        pytest.param(grouped(PORTUGAL), grouped(PORTUGAL), "grouped", id="in groups"),
        pytest.param(grouped(PORTUGAL).lower(), grouped(PORTUGAL).lower(), "grouped", id="small letters"),
        pytest.param(grouped(PORTUGAL).replace(" ", "-"), grouped(PORTUGAL).replace(" ", "-"), "grouped", id="hyphens"),
        pytest.param(f"{grouped(PORTUGAL)} BIC CGDIPTPL", grouped(PORTUGAL), "grouped", id="a word behind"),
        pytest.param(f"{grouped(PORTUGAL)} 2024", grouped(PORTUGAL), "grouped", id="a number behind"),
        pytest.param("PT50 0002 0123 12345678901 54", "PT50 0002 0123 12345678901 54", "spaced", id="as banks group"),
        pytest.param(GERMANY[:-1] + "1", GERMANY[:-1] + "1", "check-fails", id="check fails"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(complete("MO", "BNUL12345678901234"), id="Macau has none"),
        pytest.param(complete("HK", "12345678901234"), id="Hong Kong has none"),
        pytest.param(GERMANY[:-1], id="a digit short"),
        pytest.param(GERMANY + "1", id="a digit more"),
        pytest.param("X" + GERMANY, id="letter before"),
        pytest.param("DE89 3704 **** **** 3000", id="masked"),
        pytest.param("no 12 persons came to see us here", id="words"),
        pytest.param("IT12 systems need attention by Fri", id="words with a number"),
        pytest.param("550e8400-e29b-41d4-a716-446655440000", id="UUID"),
        pytest.param("SE12345678", id="a code"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize(
    ("code", "passes"),
    [
        pytest.param(GERMANY, True, id="Germany"),
        pytest.param(PORTUGAL, True, id="Portugal"),
        pytest.param(BRITAIN, True, id="Britain"),
        pytest.param("GB92NWBK60161331926819", False, id="check digits exchanged"),
        pytest.param("GB29NWKB60161331926819", False, id="letters exchanged"),
    ],
)
def test_check(code: str, *, passes: bool) -> None:
    assert passes_check(code) is passes


def test_lengths_of_the_registry() -> None:
    known = {"NO": 15, "BE": 16, "DE": 22, "PT": 25, "FR": 27, "MT": 31, "RU": 33}
    assert {country: _LENGTHS[country] for country in known} == known


@given(
    country=st.sampled_from(sorted(_LENGTHS)),
    account=st.text(string.digits, min_size=40, max_size=40),
    form=st.sampled_from([str, grouped, str.lower, lambda code: grouped(code).lower()]),
    around=st.sampled_from([("", ""), ("IBAN: ", "."), ("國際銀行帳號", "。"), ("(", ")"), ("1. ", "\n")]),
)
def test_every_code_is_found_in_every_form(
    country: str, account: str, form: Callable[[str], str], around: tuple[str, str]
) -> None:
    printed = form(complete(country, account[: _LENGTHS[country] - 4]))
    value, shape = best(RECOGNIZER, around[0] + printed + around[1]) or ("", "")
    assert value == printed
    assert shape in {"whole", "grouped"}
