"""Drift: one entry for each kind of request, counted within bounds, and nobody's name in it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from cerco.dingtalk.drift import Sighting
from cerco.dingtalk.outbound import Channel
from cerco.state import drift as drift_module
from cerco.state.drift import Drift, DriftError

ROOT = Path(__file__).parents[2]
SITE = b"site key of the tests, 32 bytes."
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
NEW = Sighting(Channel.API, "POST", "api.dingtalk.com", "/v1.0/robot/{id}/send", ("msg.text", "robotCode"))
GROWN = Sighting(Channel.API, "PUT", "api.dingtalk.com", "/v1.0/card/instances", ("extra", "outTrackId"), ("extra",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "drift.db"


@pytest.fixture
def drift(path: Path) -> Iterator[Drift]:
    drift = Drift(path, SITE)
    yield drift
    drift.close()


def later(**spans: float) -> datetime:
    return NOW + timedelta(**spans)


def test_one_kind_is_one_entry(drift: Drift) -> None:
    drift.note(NEW, "10.0.0.1", later(minutes=2))
    drift.note(replace(NEW, shape=("robotCode",)), "10.0.0.2", later(minutes=5))
    drift.note(NEW, "10.0.0.1", NOW)  # two processes may note out of order
    (entry,) = drift.list()
    assert (entry.channel, entry.method, entry.host, entry.template) == (
        NEW.channel,
        NEW.method,
        NEW.host,
        NEW.template,
    )
    assert (entry.first, entry.last) == (NOW, later(minutes=5))
    assert (entry.count, entry.senders) == (3, 2)
    assert entry.shapes == (("msg.text", "robotCode"), ("robotCode",))
    assert entry.new_keys == ()
    assert entry.adopted is None


@pytest.mark.parametrize(
    "other",
    [
        replace(NEW, channel=Channel.OTHER),
        replace(NEW, method="PUT"),
        replace(NEW, host="api.dingtalk.io"),
        replace(NEW, template="/v1.0/robot/{id}/recall"),
    ],
    ids=["channel", "method", "host", "template"],
)
def test_another_kind_is_another_entry(drift: Drift, other: Sighting) -> None:
    drift.note(NEW, "a", NOW)
    drift.note(other, "a", later(seconds=1))
    assert [entry.template for entry in drift.list()] == [other.template, NEW.template], "the newest first"
    assert [entry.count for entry in drift.list()] == [1, 1]


def test_new_keys_add_up(drift: Drift) -> None:
    drift.note(GROWN, "a", NOW)
    drift.note(replace(GROWN, new_keys=("more", "extra")), "a", NOW)
    assert drift.list()[0].new_keys == ("extra", "more")


def test_what_somebody_has_seen_to_is_not_listed(drift: Drift) -> None:
    drift.note(NEW, "a", NOW)
    drift.note(GROWN, "a", later(seconds=1))
    number = drift.list()[1].number
    assert drift.adopt([number, number, 99], later(hours=1)) == 1
    drift.note(NEW, "b", later(hours=2))
    assert [entry.template for entry in drift.list()] == [GROWN.template]
    everything = drift.list(adopted=True)
    assert [entry.adopted for entry in everything] == [None, later(hours=1)]
    assert everything[1].count == 2, "it is counted on"
    assert drift.adopt([number], later(hours=9)) == 1
    assert drift.list(adopted=True)[1].adopted == later(hours=1), "the first time counts"


def test_a_further_new_field_is_news_again(drift: Drift) -> None:
    drift.note(GROWN, "a", NOW)
    drift.adopt([drift.list()[0].number], NOW)
    drift.note(GROWN, "a", NOW)
    assert drift.list() == ()
    drift.note(replace(GROWN, new_keys=("another",)), "a", NOW)
    assert drift.list()[0].new_keys == ("extra", "another")


def test_shapes_and_senders_are_bounded(drift: Drift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift_module, "SENDERS", 30)
    for number in range(40):
        drift.note(replace(NEW, shape=(f"name{number}",)), f"10.0.0.{number}", NOW)
    (entry,) = drift.list()
    assert (entry.count, entry.senders, len(entry.shapes)) == (40, 30, 20)


def test_new_keys_are_bounded(drift: Drift) -> None:
    for part in range(3):
        drift.note(replace(GROWN, new_keys=tuple(f"k{part}x{number}" for number in range(90))), "a", NOW)
    assert len(drift.list()[0].new_keys) == 100


def test_when_full_what_was_seen_least_makes_room(path: Path) -> None:
    drift = Drift(path, SITE, most=5)
    for number in range(5):
        drift.note(replace(NEW, template=f"/old{number}"), "a", later(seconds=number))
    for number in (0, 1, 2, 3):
        drift.note(replace(NEW, template=f"/old{number}"), "a", later(minutes=1))
    for number in range(50):
        drift.note(replace(NEW, template=f"/flood{number}"), "a", later(minutes=2, seconds=number))
    assert {entry.template for entry in drift.list()} == {"/old0", "/old1", "/old2", "/old3", "/flood49"}
    drift.close()
    connection = apsw.Connection(str(path))
    assert connection.execute("SELECT count(*) FROM sender").get == 5, "nothing is left of those that are gone"
    assert connection.execute("SELECT count(*) FROM shape").get == 5
    connection.close()


def test_it_outlives_the_process(path: Path) -> None:
    first = Drift(path, SITE)
    first.note(NEW, "a", NOW)
    before = first.list()
    first.close()
    second = Drift(path, SITE)
    second.note(NEW, "a", NOW)
    (after,) = second.list()
    assert after == replace(before[0], count=2), "the same sender is known again"
    second.close()


def test_senders_are_not_in_the_file_and_not_to_be_told_from_each_other(path: Path) -> None:
    drift = Drift(path, SITE)
    drift.note(NEW, "planted-union-id", NOW)
    drift.note(GROWN, "planted-union-id", NOW)
    files = list(path.parent.iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    on_disk = b"".join(file.read_bytes() for file in files)
    assert b"planted" not in on_disk
    assert SITE not in on_disk
    assert b"/v1.0/card/instances" in on_disk, "what is kept is there, in a form this test can read"
    with drift._database.read() as connection:
        assert connection.execute("SELECT count(DISTINCT digest) FROM sender").get == 2
    drift.close()


def test_reading_needs_no_key_and_noting_does(path: Path) -> None:
    writer = Drift(path, SITE)
    writer.note(NEW, "a", NOW)
    reader = Drift(path)
    assert len(reader.list()) == 1
    with pytest.raises(ValueError, match="shorter than 16 bytes"):
        reader.note(NEW, "a", NOW)
    assert reader.list()[0].count == 1
    reader.close()
    writer.close()


def test_a_moment_without_zone_is_refused(drift: Drift) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="now: needs a time zone"):
        drift.note(NEW, "a", naive)
    with pytest.raises(ValueError, match="now: needs a time zone"):
        drift.adopt([1], naive)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE entry SET new_keys = '['",
        "UPDATE entry SET new_keys = '{}'",
        "UPDATE entry SET channel = 'pigeon'",
        "UPDATE shape SET names = '[1]'",
        "UPDATE entry SET first = 9223372036854775807",
    ],
)
def test_a_damaged_entry_is_a_drift_error(drift: Drift, path: Path, damage: str) -> None:
    drift.note(NEW, "a", NOW)
    connection = apsw.Connection(str(path))
    connection.execute(damage)
    connection.close()
    with pytest.raises(DriftError, match="damaged"):
        drift.list()


def test_noting_over_damage_is_a_drift_error(drift: Drift, path: Path) -> None:
    drift.note(NEW, "a", NOW)
    connection = apsw.Connection(str(path))
    connection.execute("UPDATE entry SET new_keys = 'x'")
    connection.close()
    with pytest.raises(DriftError, match="damaged"):
        drift.note(NEW, "a", NOW)


def test_a_closed_file_is_a_drift_error(drift: Drift) -> None:
    drift.close()
    with pytest.raises(DriftError, match="closed"):
        drift.note(NEW, "a", NOW)


def test_threads_may_share_it(drift: Drift) -> None:
    def work(first: int) -> None:
        for number in range(20):
            drift.note(NEW, str(first + number), NOW)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (entry,) = drift.list()
    assert (entry.count, entry.senders) == (40, 30)


WORKER = """
import sys
sys.path.insert(0, "tests/state")
from pathlib import Path
from test_drift import NEW, NOW, SITE, Drift
drift = Drift(Path(sys.argv[1]), SITE)
for number in range(20):
    drift.note(NEW, f"{sys.argv[2]}{number}", NOW)
"""


def test_processes_may_create_and_share_it(path: Path) -> None:
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(path), name], cwd=ROOT, stderr=subprocess.PIPE)
        for name in "pq"
    ]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in workers] == [(b"", 0)] * 2
    drift = Drift(path, SITE)
    assert (drift.list()[0].count, drift.list()[0].senders) == (40, 40)
    drift.close()
