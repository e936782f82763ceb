"""Spool: parts in any order make the file, what is gone is known to be gone, and nothing lies about in clear."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import md5
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.dingtalk.outbound import Key
from cerco.extract.text import Why
from cerco.state.spool import Spool, SpoolError, Upload

ROOT = Path(__file__).parents[2]
SITE = b"spool key of the tests, 32 bytes"
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
A, B = Key("upload", "object-a?1"), Key("upload", "object-b?2")
OBJECT, COMMIT = Key("object", "yundisk0/a.file"), Key("upload", "commit-key")
LIMIT = 1 << 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def make(path: Path) -> Iterator[Callable[..., Spool]]:
    made: list[Spool] = []

    def spool(most: int = LIMIT, each: int | None = None, keep: timedelta = timedelta(hours=48)) -> Spool:
        made.append(Spool(path, SITE, most=most, each=each, keep=keep))
        return made[-1]

    yield spool
    for spool_ in made:
        spool_.close()


@pytest.fixture
def spool(make: Callable[..., Spool]) -> Spool:
    return make()


def later(**spans: float) -> datetime:
    return NOW + timedelta(**spans)


def only(spool: Spool, *keys: Key) -> Upload:
    (found,) = spool.find(keys or (A,))
    return found


def made_of(pieces: Iterator[bytes] | Why) -> bytes | Why:
    return pieces if isinstance(pieces, Why) else b"".join(pieces)


def whole(spool: Spool, key: Key = A, **options: Any) -> bytes | Why:
    return made_of(spool.assemble(only(spool, key), LIMIT, **options))


def tag(data: bytes) -> str:
    return md5(data, usedforsecurity=False).hexdigest().upper()


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=6), chance=st.randoms())
def test_any_cut_in_any_order_makes_the_file(data: bytes, cuts: list[int], chance: object) -> None:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    parts = [(number, data[a:b]) for number, (a, b) in enumerate(pairwise(edges), 1)]
    again = [*parts, *parts[:2]]
    chance.shuffle(again)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder), SITE, most=LIMIT)
        for number, part in again:
            assert spool.put(A, number, part, NOW) is None
        assert whole(spool, total=len(parts)) == data
        spool.close()


@settings(max_examples=25, deadline=None)
@given(pieces=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6))
def test_what_is_appended_makes_the_file_at_every_step(pieces: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder), SITE, most=LIMIT)
        so_far = b""
        for piece in pieces:
            assert spool.put(A, len(so_far), piece, NOW) is None
            offset, so_far = len(so_far), so_far + piece
            assert whole(spool, appended=offset) == so_far
        spool.close()


@pytest.mark.parametrize(
    ("numbers", "total"),
    [((1, 3), None), ((2, 3), None), ((1, 2), 3), ((), None)],
    ids=["gap", "no first", "no last", "none"],
)
def test_a_missing_part_was_never_seen(spool: Spool, numbers: tuple[int, ...], total: int | None) -> None:
    spool.put(A, 1, b"x", NOW)
    upload = only(spool)
    for number in numbers:
        spool.put(B, number, b"x", NOW)
    if numbers:
        assert whole(spool, B, total=total) is Why.UNSEEN
    else:
        assert spool.find((B,)) == ()
    assert made_of(spool.assemble(upload, LIMIT, total=1)) == b"x"


def test_an_append_that_leaves_a_gap_was_never_seen(spool: Spool) -> None:
    spool.put(A, 0, b"abc", NOW)
    spool.put(A, 4, b"e", NOW)
    assert whole(spool, appended=4) is Why.UNSEEN
    assert whole(spool, appended=0) == b"abc"


def test_only_the_parts_that_are_listed_count(spool: Spool) -> None:
    for number, data in enumerate((b"A", b"filler", b"B"), 1):
        spool.put(A, number, data, NOW)
    assert whole(spool, listed=[(1, ""), (3, "")]) == b"AB"
    assert whole(spool, listed=[(1, ""), (4, "")]) is Why.UNSEEN
    assert whole(spool, listed=[]) is Why.UNSEEN


def test_the_last_one_of_a_part_counts_and_its_checksum_picks_another(spool: Spool) -> None:
    spool.put(A, 1, b"first", NOW)
    spool.put(A, 1, b"second", later(seconds=1))
    assert whole(spool) == b"second"
    assert whole(spool, listed=[(1, tag(b"first"))]) == b"first"
    assert whole(spool, listed=[(1, tag(b"unknown"))]) == b"second"
    spool.put(A, 1, b"first", later(seconds=2))
    assert whole(spool) == b"first"


def test_parts_in_two_versions_are_read_in_every_way_they_can_meet(spool: Spool) -> None:
    for data in (b"a", b"b"):
        spool.put(A, 1, data, NOW)
        spool.put(A, 2, data.upper(), NOW)
    upload = only(spool)
    made = {made_of(spool.assemble(upload, LIMIT, reading=reading)) for reading in range(upload.readings)}
    assert made == {b"aA", b"aB", b"bA", b"bB"}


def test_a_part_that_came_once_is_read_in_one_way(spool: Spool) -> None:
    spool.put(A, 1, b"a", NOW)
    spool.put(A, 1, b"a", NOW)
    assert only(spool).readings == 1


def test_ever_different_bytes_for_a_part_end_the_upload(spool: Spool) -> None:
    assert [spool.put(A, 1, data, NOW) for data in (b"1", b"2", b"3")] == [None, None, Why.TOO_MANY]
    assert whole(spool) is Why.TOO_MANY
    assert spool.put(A, 2, b"x", NOW) is Why.TOO_MANY


def test_an_upload_is_found_under_every_name_it_has(spool: Spool) -> None:
    spool.link([COMMIT, OBJECT], NOW)
    spool.put(A, 1, b"a", NOW, also=[OBJECT])
    spool.put(B, 1, b"b", NOW, also=[OBJECT])
    assert len(spool.find((COMMIT,))) == len(spool.find((OBJECT,))) == 2
    assert whole(spool, A) == b"a"
    assert spool.find((Key("object", COMMIT.value),)) == ()
    assert spool.find(()) == ()


@pytest.mark.parametrize(("size", "why"), [(100, None), (101, Why.TOO_LARGE)], ids=["at the limit", "over it"])
def test_one_upload_has_a_limit_of_its_own(make: Callable[..., Spool], size: int, why: Why | None) -> None:
    spool = make(each=100)
    assert spool.put(A, 1, b"x" * 60, NOW) is None
    assert spool.put(A, 2, b"x" * (size - 60), NOW) is why
    if why:
        assert whole(spool) is why
        assert spool.put(A, 2, b"x", NOW) is why
    assert spool.put(B, 1, b"x" * 100, NOW) is None


def test_a_file_over_the_callers_limit_is_not_put_together(spool: Spool) -> None:
    spool.put(A, 1, b"abc", NOW)
    assert made_of(spool.assemble(only(spool), 3)) == b"abc"
    assert spool.assemble(only(spool), 2) is Why.TOO_LARGE


def test_where_room_is_short_judged_uploads_go_first_then_idle_ones_and_others_stay(make: Callable[..., Spool]) -> None:
    spool = make(most=100)
    judged, idle, busy = (Key("upload", name) for name in ("judged", "idle", "busy"))
    spool.put(idle, 1, b"i" * 40, NOW)
    spool.put(judged, 1, b"j" * 30, later(hours=2))
    spool.finish(only(spool, judged))
    spool.put(busy, 1, b"b" * 30, later(hours=2))
    assert spool.put(A, 1, b"x" * 25, later(hours=2)) is None
    assert (whole(spool, judged), whole(spool, idle), whole(spool, busy)) == (Why.TIMED_OUT, b"i" * 40, b"b" * 30)
    assert spool.put(A, 2, b"x" * 25, later(hours=2)) is None
    assert (whole(spool, idle), whole(spool, busy)) == (Why.TIMED_OUT, b"b" * 30)
    assert spool.put(A, 3, b"x" * 25, later(hours=2)) is Why.TOO_LARGE
    assert (whole(spool), whole(spool, busy)) == (Why.TOO_LARGE, b"b" * 30)


def test_what_a_part_replaces_does_not_count(make: Callable[..., Spool], path: Path) -> None:
    spool = make(most=100)
    for _ in range(5):
        assert spool.put(A, 1, b"x" * 80, NOW) is None
    assert len([file for file in path.iterdir() if len(file.name) == 32]) == 1


def test_an_upload_past_its_time_is_known_to_be_gone(make: Callable[..., Spool]) -> None:
    spool = make(keep=timedelta(hours=1))
    spool.put(A, 1, b"a", NOW)
    spool.put(A, 2, b"b", later(minutes=50))
    assert spool.sweep(later(minutes=100)) == 0
    assert whole(spool) == b"ab"
    spool.put(B, 1, b"b", later(minutes=111))
    assert whole(spool) is Why.TIMED_OUT
    assert spool.put(A, 3, b"c", later(minutes=112)) is Why.TIMED_OUT
    assert spool.sweep(later(minutes=200)) == 1
    assert spool.sweep(later(days=401)) == 0
    assert spool.find((A,)) == ()


def test_judged_is_what_was_there_when_it_was_judged(spool: Spool) -> None:
    spool.put(A, 1, b"a", NOW)
    before = only(spool)
    spool.put(A, 2, b"b", NOW)
    spool.finish(before)
    assert not only(spool).done
    spool.finish(only(spool))
    assert only(spool).done
    spool.put(A, 2, b"b", NOW)
    assert not only(spool).done


def test_dropped_parts_are_known_to_have_been_here(spool: Spool, path: Path) -> None:
    spool.put(A, 1, b"a", NOW, also=[OBJECT])
    spool.drop((OBJECT,), over=True)
    assert whole(spool) == b"a", "it was never judged"
    spool.finish(only(spool))
    spool.drop((OBJECT,), over=True)
    assert (only(spool).over, whole(spool)) == (True, Why.TIMED_OUT)
    spool.put(B, 1, b"b", NOW)
    spool.drop((B,))
    assert (only(spool, B).over, whole(spool, B)) == (False, Why.TIMED_OUT)
    assert [file.name for file in path.iterdir() if len(file.name) == 32] == []


def test_a_part_that_cannot_be_had_is_remembered(spool: Spool) -> None:
    spool.put(A, 1, b"a", NOW)
    spool.lose(A, Why.UNSEEN, NOW)
    assert whole(spool) is Why.UNSEEN


def test_a_restart_changes_nothing(make: Callable[..., Spool]) -> None:
    first = make()
    first.put(A, 1, b"a", NOW, also=[OBJECT])
    first.close()
    second = make()
    second.put(A, 2, b"b", later(hours=40), also=[OBJECT])
    assert whole(second, OBJECT) == b"ab"


def test_nothing_lies_on_disk_in_clear(spool: Spool, path: Path) -> None:
    secret = b"BIR 5123456(7)"
    spool.link([COMMIT, OBJECT], NOW)
    spool.put(A, 1, secret, NOW, also=[OBJECT])
    spool.close()
    written = b"".join(file.read_bytes() for file in path.iterdir())
    for clear in (
        secret,
        md5(secret, usedforsecurity=False).hexdigest().encode(),
        b"object-a",
        b"yundisk0",
        b"commit-key",
    ):
        assert clear not in written
    assert path.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in path.iterdir()} == {0o600}


@pytest.mark.parametrize("harm", ["flip", "swap", "cut", "remove"])
def test_a_part_that_was_tampered_with_is_a_fault(spool: Spool, path: Path, harm: str) -> None:
    spool.put(A, 1, b"one", NOW)
    spool.put(A, 2, b"two", NOW)
    one, two = (file for file in path.iterdir() if len(file.name) == 32)
    match harm:
        case "flip":
            one.write_bytes(one.read_bytes()[:-1] + bytes([one.read_bytes()[-1] ^ 1]))
        case "swap":
            held = one.read_bytes()
            one.write_bytes(two.read_bytes())
            two.write_bytes(held)
        case "cut":
            one.write_bytes(b"")
        case "remove":
            one.unlink()
    with pytest.raises(SpoolError) as caught:
        whole(spool)
    assert "one" not in str(caught.value)


def test_another_key_reads_nothing(path: Path, spool: Spool) -> None:
    spool.put(A, 1, b"a", NOW)
    other = Spool(path, SITE[::-1], most=LIMIT)
    assert other.find((A,)) == ()
    other.close()


def test_files_no_index_knows_are_cleared_away_after_a_while(spool: Spool, path: Path) -> None:
    spool.put(A, 1, b"a", NOW)
    stray = path / ("0" * 32)
    stray.write_bytes(b"left by a crash")
    now = datetime.now(UTC)
    spool.sweep(now)
    assert stray.exists()
    (path / "notes.txt").write_text("not ours")
    spool.sweep(now + timedelta(hours=2))
    assert not stray.exists()
    assert (path / "notes.txt").exists()


def test_a_part_without_room_leaves_no_file(make: Callable[..., Spool], path: Path) -> None:
    spool = make(most=10)
    spool.put(A, 1, b"x" * 11, NOW)
    spool.put(B, 1, b"x" * 6, NOW)
    spool.put(B, 2, b"x" * 6, NOW)
    assert [file for file in path.iterdir() if len(file.name) == 32] == []


def test_a_time_without_a_zone_is_refused(spool: Spool) -> None:
    with pytest.raises(ValueError, match="time zone"):
        spool.put(A, 1, b"a", datetime(2026, 1, 1))  # noqa: DTZ001 - the point


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError):
        Spool(tmp_path / "file" / "spool", SITE, most=1)


def test_a_closed_spool_says_so(spool: Spool) -> None:
    spool.close()
    with pytest.raises(SpoolError):
        spool.put(A, 1, b"a", NOW)


def test_threads_may_send_parts_at_once(spool: Spool) -> None:
    def send(numbers: range) -> None:
        for number in numbers:
            spool.put(A, number, bytes([number]), NOW)

    workers = [threading.Thread(target=send, args=(range(start, 60, 3),)) for start in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert whole(spool) == bytes(range(60))


def test_processes_may_send_parts_at_once(spool: Spool, path: Path) -> None:
    program = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from cerco.dingtalk.outbound import Key
from cerco.state.spool import Spool
spool = Spool(Path({str(path)!r}), {SITE!r}, most={LIMIT})
for number in range(int(sys.argv[1]), 40, 2):
    assert spool.put(Key("upload", {A.value!r}), number, bytes([number]), datetime.now(UTC)) is None
"""
    workers = [subprocess.Popen([sys.executable, "-c", program, str(start)], cwd=ROOT) for start in (0, 1)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert whole(spool) == bytes(range(40))
