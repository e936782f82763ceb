"""An address is known for a day, however it is written."""

from datetime import UTC, datetime, timedelta

import pytest

from cerco.runtime.known import KEEP, MOST, KnownAddresses, canonical

NOW = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("fe80::7%eth0", "fe80::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107", "203.0.113.7"),
        ("3405803783", "203.0.113.7"),
        ("0xcb007107", "203.0.113.7"),
        ("0313.0.0x71.7", "203.0.113.7"),
        ("203.28935", "203.0.113.7"),
        ("oapi.dingtalk.com", None),
        ("203.0.113.7.example", None),
        ("203.0.113.256", None),
        ("", None),
        ("客戶", None),
        ("a\0b", None),
    ],
)
def test_an_address_has_one_form(written: str, address: str | None) -> None:
    assert canonical(written) == address


def test_what_was_learned_is_known_in_every_form() -> None:
    known = KnownAddresses()
    known.learn(["::ffff:203.0.113.7", "2001:db8::7"], NOW)
    assert known.knows("203.0.113.7", NOW)
    assert known.knows("3405803783", NOW)
    assert known.knows("2001:DB8::0:7", NOW)
    assert not known.knows("203.0.113.8", NOW)
    assert set(known.all(NOW)) == {"203.0.113.7", "2001:db8::7"}


def test_names_are_not_kept() -> None:
    known = KnownAddresses()
    known.learn(["a.example", ""], NOW)
    assert known.all(NOW) == ()
    assert not known.knows("a.example", NOW)


@pytest.mark.parametrize(("later", "still"), [(timedelta(0), True), (KEEP, True), (KEEP + timedelta(seconds=1), False)])
def test_it_is_forgotten_after_a_day(later: timedelta, still: bool) -> None:
    known = KnownAddresses()
    known.learn(["203.0.113.7"], NOW)
    assert known.knows("203.0.113.7", NOW + later) is still
    assert bool(known.all(NOW + later)) is still


def test_being_seen_again_starts_a_new_day() -> None:
    known = KnownAddresses()
    known.learn(["203.0.113.7"], NOW)
    known.learn(["203.0.113.7"], NOW + KEEP)
    assert known.knows("203.0.113.7", NOW + KEEP * 2)


def test_the_oldest_make_room() -> None:
    known = KnownAddresses()
    known.learn((f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(MOST)), NOW)
    known.learn(["10.0.0.0"], NOW)  # seen again: now the newest
    known.learn(["203.0.113.7"], NOW)
    assert len(known.all(NOW)) == MOST
    assert known.knows("10.0.0.0", NOW)
    assert not known.knows("10.0.0.1", NOW)
