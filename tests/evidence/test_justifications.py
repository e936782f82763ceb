"""A reason that was given stays given, word for word, and only the site can read it."""

import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cerco.evidence.justifications import Justification, Justifications
from cerco.evidence.store import EvidenceError

KEY = b"k" * 32
NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
SENTENCE = "Chan Tai Man asked for his own statement"
GIVEN = Justification("C-AAAA-AAAA", NOW, NOW + timedelta(minutes=10), "10.0.0.8", "customer", SENTENCE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "justifications.db"


@pytest.fixture
def store(path: Path) -> Iterator[Justifications]:
    made = Justifications(path, KEY)
    yield made
    made.close()


def test_what_was_given_is_found(store: Justifications) -> None:
    other = replace(GIVEN, reference="C-BBBB-BBBB", sentence="another")
    store.append(GIVEN)
    store.append(other)
    assert store.find("C-AAAA-AAAA") == GIVEN
    assert store.find("C-CCCC-CCCC") is None
    assert store.last(5) == [other, GIVEN]
    assert store.last(1) == [other]
    assert store.last(0) == []
    assert store.verify() == (2, None)


def test_it_is_plain_json() -> None:
    assert GIVEN.to_json() == {
        "reference": "C-AAAA-AAAA",
        "at": "2026-11-03T02:01:00.000000Z",
        "until": "2026-11-03T02:11:00.000000Z",
        "address": "10.0.0.8",
        "reason": "customer",
        "sentence": SENTENCE,
    }


@given(st.text(max_size=500))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_any_words_come_back(tmp_path_factory: pytest.TempPathFactory, sentence: str) -> None:
    made = Justifications(tmp_path_factory.mktemp("any") / "j.db", KEY)
    made.append(replace(GIVEN, sentence=sentence))
    assert made.last(1)[0].sentence == sentence
    made.close()


def test_nobody_reads_it_from_the_disk(store: Justifications, path: Path) -> None:
    store.append(GIVEN)
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert SENTENCE.encode() not in kept
    assert b"Chan" not in kept
    assert b"customer" in kept  # the reason itself is one of a list
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nor_in_a_repr() -> None:
    assert "Chan" not in repr(GIVEN)


def test_the_same_words_look_different_each_time(store: Justifications, path: Path) -> None:
    store.append(GIVEN)
    store.append(replace(GIVEN, reference="C-BBBB-BBBB"))
    rows = apsw.Connection(str(path)).execute("SELECT record FROM justification").fetchall()
    sealed = [re.findall(r'"sealed":"([^"]+)"', str(row[0]))[0] for row in rows]
    assert len(set(sealed)) == 2


def test_another_key_opens_nothing(store: Justifications, path: Path) -> None:
    store.append(GIVEN)
    other = Justifications(path, b"x" * 32)
    with pytest.raises(EvidenceError, match="another site key"):
        other.find("C-AAAA-AAAA")
    assert other.verify() == (1, None)  # whether it holds can be checked without reading it
    other.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE justification SET record = 'x'",
        "DELETE FROM justification",
        "INSERT OR REPLACE INTO justification (seq, reference, record, chain) VALUES (1, 'a', 'b', zeroblob(32))",
    ],
)
def test_it_cannot_be_changed_or_taken_out(store: Justifications, path: Path, statement: str) -> None:
    store.append(GIVEN)
    with pytest.raises(apsw.ConstraintError, match="evidence is not"):
        apsw.Connection(str(path)).execute(statement)
    assert store.find("C-AAAA-AAAA") == GIVEN


def test_a_reference_is_answered_once(store: Justifications) -> None:
    store.append(GIVEN)
    with pytest.raises(EvidenceError):
        store.append(replace(GIVEN, sentence="something else"))
    assert store.last(5) == [GIVEN]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE justification SET record = replace(record, 'customer', 'consent') WHERE seq = 2",
        "UPDATE justification SET reference = 'C-ZZZZ-ZZZZ' WHERE seq = 2",
        "DELETE FROM justification WHERE seq = 2",
        "UPDATE justification SET chain = zeroblob(32) WHERE seq = 2",
    ],
)
def test_whoever_does_it_all_the_same_is_seen(store: Justifications, path: Path, change: str) -> None:
    for letter in "ABC":
        store.append(replace(GIVEN, reference=f"C-{letter * 4}-{letter * 4}"))
    forger = apsw.Connection(str(path))
    for trigger in ("changed", "deleted", "replaced"):
        forger.execute(f"DROP TRIGGER justification_is_not_{trigger}")
    forger.execute(change)
    good, broken = store.verify()
    assert good == 1
    assert broken is not None


def test_words_cannot_change_places(store: Justifications, path: Path) -> None:
    """A sealed sentence opens only in the row it was written for."""
    store.append(GIVEN)
    store.append(replace(GIVEN, reference="C-BBBB-BBBB", sentence="another"))
    forger = apsw.Connection(str(path))
    forger.execute("DROP TRIGGER justification_is_not_changed")
    rows = [str(row[0]) for row in forger.execute("SELECT record FROM justification ORDER BY seq")]
    sealed = [re.findall(r'"sealed":"([^"]+)"', row)[0] for row in rows]
    forger.execute("UPDATE justification SET record = ? WHERE seq = 1", (rows[0].replace(sealed[0], sealed[1]),))
    with pytest.raises(EvidenceError):
        store.find("C-AAAA-AAAA")


def test_times_are_those_of_one_clock(store: Justifications) -> None:
    macau = NOW.astimezone(timezone(timedelta(hours=8)))
    store.append(replace(GIVEN, at=macau))
    assert store.last(1)[0].to_json()["at"] == "2026-11-03T02:01:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        store.append(replace(GIVEN, reference="C-BBBB-BBBB", at=datetime(2026, 11, 3)))  # noqa: DTZ001
