import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cerco.state.traffic import Row, Traffic, TrafficError

NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
KEY = b"k" * 32
SECRET = b'{"units":["what was seen, a secret"]}'


def opened(folder: Path, key: bytes = KEY, *, days: float = 30, most: int = 10**9) -> Traffic:
    return Traffic(folder / "traffic.db", key, keep=timedelta(days=days), most=most)


def row(number: int, at: datetime = NOW, data: bytes = SECRET, actor: bytes = b"a" * 16) -> Row:
    return Row(at, f"C-{number:08d}", actor, b"s" * 16, data)


def test_what_was_kept_comes_back_in_order(tmp_path: Path) -> None:
    traffic = opened(tmp_path)
    rows = [row(number, NOW + timedelta(microseconds=number)) for number in range(5)]
    traffic.append(rows[:3], {b"a" * 16: b"actor"}, {b"s" * 16: b"sought"}, NOW)
    traffic.append(rows[3:], {b"a" * 16: b"again"}, {}, NOW)
    first, last, count = traffic.range()
    assert count == 5
    assert list(traffic.rows(first, last)) == rows
    assert list(traffic.rows(first + 1, last - 1)) == rows[1:4]
    assert traffic.actors() == {b"a" * 16: b"actor"}
    assert traffic.soughts() == {b"s" * 16: b"sought"}
    assert traffic.find("C-00000002") == rows[2]
    assert traffic.find("C-99999999") is None


def test_since_a_moment(tmp_path: Path) -> None:
    traffic = opened(tmp_path)
    assert traffic.range() == (0, -1, 0)
    traffic.append([row(number, NOW + timedelta(hours=number)) for number in range(5)], {}, {}, NOW)
    since = NOW + timedelta(hours=3)
    first, last, count = traffic.range(since)
    assert count == 2
    assert [one.reference for one in traffic.rows(first, last, since)] == ["C-00000003", "C-00000004"]
    with pytest.raises(ValueError, match="time zone"):
        traffic.range(datetime(2026, 11, 3))  # noqa: DTZ001 - the fault


def test_nothing_of_it_lies_in_clear_and_nobody_else_reads_the_file(tmp_path: Path) -> None:
    traffic = opened(tmp_path)
    traffic.append([row(1)], {b"a" * 16: SECRET}, {b"s" * 16: SECRET}, NOW)
    traffic.close()
    for file in tmp_path.iterdir():
        assert b"secret" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(TrafficError, match="another site key"):
        opened(tmp_path, b"x" * 32).find("C-00000001")
    assert b"secret" not in repr(row(1)).encode()


def test_a_row_opens_only_in_its_place(tmp_path: Path) -> None:
    traffic = opened(tmp_path)
    traffic.append([row(1), row(2)], {}, {}, NOW)
    traffic.close()
    with sqlite3.connect(tmp_path / "traffic.db") as connection:
        connection.execute("UPDATE request SET reference = 'C-00000003' WHERE reference = 'C-00000001'")
    traffic = opened(tmp_path)
    assert traffic.find("C-00000002") == row(2)
    with pytest.raises(TrafficError, match="damaged"):
        traffic.find("C-00000003")


def test_what_is_too_old_goes_with_whoever_sent_nothing_since(tmp_path: Path) -> None:
    traffic = opened(tmp_path, days=10)
    actors = {name * 16: name for name in (b"a", b"b")}
    traffic.append([row(1, NOW, actor=b"a" * 16), row(2, NOW + timedelta(days=6), actor=b"b" * 16)], actors, {}, NOW)
    traffic.append([row(3, NOW + timedelta(days=11), actor=b"b" * 16)], {}, {}, NOW + timedelta(days=11))
    first, last, _ = traffic.range()
    assert [one.reference for one in traffic.rows(first, last)] == ["C-00000002", "C-00000003"]
    assert traffic.actors() == {b"b" * 16: b"b"}


def test_the_file_stays_within_its_bound_and_the_newest_stay(tmp_path: Path) -> None:
    most = 400_000
    traffic = opened(tmp_path, most=most)
    for number in range(0, 3000, 50):
        traffic.append([row(one, data=os.urandom(500)) for one in range(number, number + 50)], {}, {}, NOW)
    first, last, count = traffic.range()
    assert 300 < count < 800
    assert [one.reference for one in traffic.rows(first, last)][-1] == "C-00002999"
    traffic.close()
    assert (tmp_path / "traffic.db").stat().st_size < most * 1.2


def test_two_processes_share_it(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    one.append([row(1)], {}, {}, NOW)
    other.append([row(2)], {}, {}, NOW)
    assert one.range()[2] == other.range()[2] == 2


def test_a_closed_one_says_so(tmp_path: Path) -> None:
    traffic = opened(tmp_path)
    traffic.close()
    with pytest.raises(TrafficError):
        traffic.append([row(1)], {}, {}, NOW)
