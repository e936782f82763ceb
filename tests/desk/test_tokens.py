"""A token is good for what it was made for, where it was made for, and not for long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.desk.attempts import MOST, WITHIN, Attempts
from cerco.desk.tokens import FORM_LASTS, PAGE_LASTS, Tokens

NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
TOKENS = Tokens(b"k" * 32)
REFERENCE, ADDRESS = "C-7K3M-9QXT", "10.0.0.8"


def test_a_form_comes_back() -> None:
    token = TOKENS.form(REFERENCE, ADDRESS, NOW)
    assert TOKENS.is_form(token, REFERENCE, ADDRESS, NOW)
    assert TOKENS.is_form(token, REFERENCE, ADDRESS, NOW + FORM_LASTS)
    assert Tokens(b"k" * 32).is_form(token, REFERENCE, ADDRESS, NOW)  # in another worker


@pytest.mark.parametrize(
    ("reference", "address", "later"),
    [
        pytest.param("C-7K3M-9QXV", ADDRESS, timedelta(), id="another refusal"),
        pytest.param(REFERENCE, "10.0.0.9", timedelta(), id="another device"),
        pytest.param(REFERENCE, ADDRESS, FORM_LASTS + timedelta(seconds=1), id="stale"),
    ],
)
def test_it_serves_nothing_else(reference: str, address: str, later: timedelta) -> None:
    token = TOKENS.form(REFERENCE, ADDRESS, NOW)
    assert not TOKENS.is_form(token, reference, address, NOW + later)


def test_each_kind_serves_its_own_purpose() -> None:
    assert not TOKENS.is_page(TOKENS.form(REFERENCE, ADDRESS, NOW), REFERENCE, ADDRESS, NOW)
    assert not TOKENS.is_form(TOKENS.page(REFERENCE, ADDRESS, NOW), REFERENCE, ADDRESS, NOW)
    assert TOKENS.is_page(TOKENS.page("im.test", ADDRESS, NOW), "im.test", ADDRESS, NOW + PAGE_LASTS)
    assert not TOKENS.is_page(TOKENS.page("im.test", ADDRESS, NOW), "oapi.test", ADDRESS, NOW)


def test_another_site_makes_others() -> None:
    assert not TOKENS.is_form(Tokens(b"x" * 32).form(REFERENCE, ADDRESS, NOW), REFERENCE, ADDRESS, NOW)


def test_halves_cannot_change_places() -> None:
    assert TOKENS.form("ab", "c", NOW) != TOKENS.form("a", "bc", NOW)


@given(st.text(max_size=60))
def test_what_nobody_made_is_good_for_nothing(token: str) -> None:
    assert not TOKENS.is_form(token, REFERENCE, ADDRESS, NOW)
    assert not TOKENS.is_page(token, REFERENCE, ADDRESS, NOW)


@given(st.integers(0, 27), st.sampled_from("ABab01-_"))
def test_a_changed_token_is_none(at: int, sign: str) -> None:
    token = TOKENS.form(REFERENCE, ADDRESS, NOW)
    changed = token[:at] + sign + token[at + 1 :]
    assert TOKENS.is_form(changed, REFERENCE, ADDRESS, NOW) is (changed == token)


# ---- Attempts ----


def test_a_person_may_mistype_but_not_try_them_all() -> None:
    attempts = Attempts()
    for _ in range(MOST):
        assert attempts.allowed(ADDRESS, NOW)
        attempts.missed(ADDRESS, NOW)
    assert not attempts.allowed(ADDRESS, NOW)
    assert attempts.allowed("10.0.0.9", NOW)
    assert attempts.allowed(ADDRESS, NOW + WITHIN)


def test_the_count_is_bounded() -> None:
    attempts = Attempts()
    for number in range(12_000):
        attempts.missed(str(number), NOW)
    assert len(attempts._missed) == 10_000
