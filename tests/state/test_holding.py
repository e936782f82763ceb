"""Held bodies: they can be read back, take no more room than there is, and leave nothing behind."""

import os
import threading
from pathlib import Path

import pytest

from cerco.state.holding import HeldFile, Holding, HoldingError

MOST = 1000


@pytest.fixture
def holding(tmp_path: Path) -> Holding:
    return Holding(tmp_path / "held", MOST)


def filled(holding: Holding, *pieces: bytes) -> HeldFile:
    file = holding.begin()
    for piece in pieces:
        file.write(piece)
    return file


def test_what_was_written_is_read_in_any_order(holding: Holding) -> None:
    held = filled(holding, b"abc", b"", b"defg").held()
    assert (held.size, held.whole(), held.read(5, 10), held.read(1, 2)) == (7, b"abcdefg", b"fg", b"bc")
    inside = held.within(2, 6)
    assert (inside.size, inside.whole(), inside.within(1, 2).whole(), inside.read(9, 9)) == (4, b"cdef", b"d", b"")


def test_no_name_leads_to_it_and_nobody_else_may_look(holding: Holding, tmp_path: Path) -> None:
    file = filled(holding, b"abc")
    assert list((tmp_path / "held").iterdir()) == []
    status = os.fstat(file.fileno())
    assert (status.st_nlink, status.st_mode & 0o077) == (0, 0)
    assert (tmp_path / "held").stat().st_mode & 0o077 == 0


def test_all_bodies_together_have_so_much_room_and_no_more(holding: Holding) -> None:
    first, second = filled(holding, bytes(600)), filled(holding, bytes(400))
    assert holding.free == 0
    with pytest.raises(HoldingError, match="no more room"):
        second.write(b"x")
    first.release()
    second.write(b"x")
    assert (holding.free, second.size) == (599, 401)


def test_what_was_let_go_of_is_gone_from_the_disk_and_cannot_be_read(holding: Holding) -> None:
    file = filled(holding, b"abc")
    held = file.held()
    file.release()
    file.release()
    assert os.fstat(file.fileno()).st_size == 0
    assert holding.free == MOST
    with pytest.raises(HoldingError, match="not held any more"):
        held.whole()


def test_a_body_nobody_refers_to_takes_no_room(holding: Holding) -> None:
    filled(holding, bytes(600))
    assert holding.free == MOST


def test_a_reader_that_is_too_late_reads_nothing_else(holding: Holding) -> None:
    file = filled(holding, b"secret")
    held = file.held()
    file.release()
    other = filled(holding, b"others")
    assert other.fileno() != file.fileno()
    with pytest.raises(HoldingError):
        held.read(0, 3)


def test_threads_count_together(holding: Holding) -> None:
    def use() -> None:
        for _ in range(200):
            filled(holding, b"x", b"yz").release()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert holding.free == MOST


def test_a_folder_that_cannot_be_used_is_said_without_content(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HoldingError, match="cannot be held on disk"):
        Holding(tmp_path / "file" / "held", MOST).begin()


def test_a_full_disk_is_no_room(holding: Holding, monkeypatch: pytest.MonkeyPatch) -> None:
    file = holding.begin()
    with Path("/dev/full").open("wb", buffering=0) as full:
        monkeypatch.setattr(file, "_file", full)
        with pytest.raises(HoldingError, match="No space left"):
            file.write(b"abc")
    assert file.size == 0
