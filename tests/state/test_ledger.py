"""Ledger: uploads under all their names, refusals that stay, and nothing in clear."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cerco.decide.verdict import Action
from cerco.dingtalk.outbound import Key
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding
from cerco.state.ledger import KEEP, Judgement, Ledger, LedgerError

ROOT = Path(__file__).parents[2]
SITE = b"site key of the tests, 32 bytes."
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
A, B, C, D = (Key("upload", name) for name in "abcd")
FINDING = Finding(
    "macau-id-card", "MO_ID_CARD", "high", 0.85, "xlsx > Sheet1 > B2", 0, 10, "1••••••(8)", "ab12", ("x",)
)
BLOCKED = Judgement("C-0000-0001", "bytes", Action.BLOCK, (FINDING,), (Unreadable("zip > a", Why.ENCRYPTED),), "label")
CLEAN = Judgement("C-0000-0002", "name", Action.ALLOW, (), ())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    ledger = Ledger(path, SITE)
    yield ledger
    ledger.close()


def later(**spans: float) -> datetime:
    return NOW + timedelta(**spans)


def test_a_mark_is_seen_under_its_key_and_under_no_other(ledger: Ledger) -> None:
    ledger.mark([A], BLOCKED, NOW)
    assert ledger.judgements([A], NOW) == (BLOCKED,)
    assert ledger.judgements([B], NOW) == ()
    assert ledger.judgements([Key("object", A.value)], NOW) == (), "the same value of another kind is another key"
    assert ledger.judgements([], NOW) == ()


def test_a_mark_is_seen_under_a_key_linked_before_and_one_linked_after(ledger: Ledger) -> None:
    ledger.link([A, B], NOW)
    ledger.mark([B], BLOCKED, NOW)
    ledger.link([B, C], NOW)
    for key in (A, B, C):
        assert ledger.judgements([key], NOW) == (BLOCKED,)
    assert ledger.judgements([D], NOW) == ()


def test_uploads_that_turn_out_to_be_one_share_all_they_have(ledger: Ledger) -> None:
    ledger.link([A, B], NOW)
    ledger.link([C, D], NOW)
    ledger.mark([A], BLOCKED, NOW)
    ledger.mark([D], CLEAN, later(seconds=1))
    ledger.link([B, C], later(seconds=2))
    for key in (A, B, C, D):
        assert ledger.judgements([key], NOW) == (CLEAN, BLOCKED)


def test_marking_two_keys_does_not_make_them_one_upload(ledger: Ledger) -> None:
    ledger.mark([A, B], CLEAN, NOW)
    ledger.mark([A], BLOCKED, later(seconds=1))
    assert ledger.judgements([A], NOW) == (BLOCKED, CLEAN)
    assert ledger.judgements([B], NOW) == (CLEAN,)
    assert ledger.judgements([B, A], NOW) == (BLOCKED, CLEAN), "one judgement on two uploads is told once"


def test_the_newest_comes_first(ledger: Ledger) -> None:
    for number in (3, 1, 2):
        ledger.mark([A], replace(CLEAN, reference=str(number)), later(seconds=number))
    assert [judgement.reference for judgement in ledger.judgements([A], NOW)] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(Action.ALLOW, Action.BLOCK, "second", id="stricter replaces"),
        pytest.param(Action.TAG, Action.TAG, "second", id="equal and newer replaces"),
        pytest.param(Action.BLOCK, Action.ALLOW, "first", id="milder does not"),
    ],
)
@pytest.mark.parametrize("how", ["marked again", "brought in by a link"])
def test_of_one_reference_and_role_the_strictest_is_kept(
    ledger: Ledger, first: Action, second: Action, kept: str, how: str
) -> None:
    ledger.mark([A], Judgement("C-1", "bytes", first, (), (), "first"), NOW)
    other = A if how == "marked again" else B
    ledger.mark([other], Judgement("C-1", "bytes", second, (), (), "second"), later(seconds=1))
    ledger.link([A, other], later(seconds=2))
    (judgement,) = ledger.judgements([A], NOW)
    assert (judgement.label, judgement.action) == (kept, max(first, second))


def test_an_upload_is_forgotten_after_its_time_and_not_before(ledger: Ledger) -> None:
    ledger.link([A, B], NOW)
    ledger.mark([A], BLOCKED, NOW)
    assert ledger.purge(NOW + KEEP) == 0
    assert ledger.judgements([B], NOW + KEEP) == (BLOCKED,)
    assert ledger.judgements([B], NOW + KEEP + timedelta(microseconds=1)) == ()


def test_an_upload_in_use_is_kept_whole(ledger: Ledger) -> None:
    ledger.mark([A], BLOCKED, NOW)
    ledger.link([A, B], later(days=300))
    assert ledger.judgements([A], later(days=600)) == (BLOCKED,)
    assert ledger.judgements([B], later(days=700, seconds=1)) == ()


def test_a_late_clock_does_not_shorten_a_life(ledger: Ledger) -> None:
    ledger.mark([A], BLOCKED, later(days=10))
    ledger.link([A, B], NOW)
    assert ledger.judgements([B], later(days=409)) == (BLOCKED,)


@pytest.mark.parametrize("how", ["purge", "link", "mark"])
def test_what_is_past_its_time_leaves_the_file(ledger: Ledger, path: Path, how: str) -> None:
    ledger.link([A, B], NOW)
    ledger.mark([A], BLOCKED, NOW)
    ledger.mark([C], CLEAN, later(days=399))
    if how == "purge":
        assert ledger.purge(later(days=401)) == 1
        assert ledger.purge(later(days=401)) == 0
    elif how == "link":
        ledger.link([C], later(days=401))
    else:
        ledger.mark([C], CLEAN, later(days=401))
    ledger.close()
    connection = apsw.Connection(str(path))
    counts = {
        table: connection.execute(f"SELECT count(*) FROM {table}").get  # noqa: S608 - our own table names
        for table in ("upload", "name", "judgement")
    }
    connection.close()
    assert counts == {"upload": 1, "name": 1, "judgement": 1}


def test_a_key_that_comes_back_after_its_time_starts_anew(ledger: Ledger) -> None:
    ledger.mark([A], BLOCKED, NOW)
    ledger.link([A, B], later(days=401))
    assert ledger.judgements([A, B], later(days=401)) == ()


def test_nothing_to_do_is_done(ledger: Ledger) -> None:
    ledger.link([], NOW)
    ledger.mark([], BLOCKED, NOW)
    ledger.link([A, A], NOW)
    ledger.mark([A, A], BLOCKED, NOW)
    assert ledger.judgements([A, A], NOW) == (BLOCKED,)


def test_all_of_it_outlives_the_process(path: Path) -> None:
    first = Ledger(path, SITE)
    first.link([A, B], NOW)
    first.mark([A], BLOCKED, NOW)
    first.close()
    second = Ledger(path, SITE)
    assert second.judgements([B], NOW) == (BLOCKED,)
    second.close()


def test_commits_are_flushed(ledger: Ledger) -> None:
    with ledger._database.read() as connection:
        assert connection.pragma("synchronous") == 2  # FULL


def test_the_files_are_private_and_hold_no_key_in_clear(path: Path) -> None:
    planted = "dGhlIHBsYW50ZWQgdXBsb2FkIGlk-客戶名單"
    ledger = Ledger(path, SITE)
    ledger.link([Key("media", planted), A], NOW)
    ledger.mark([Key("media", planted)], BLOCKED, NOW)
    files = list(path.parent.iterdir())
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    on_disk = b"".join(file.read_bytes() for file in files)
    assert planted.encode() not in on_disk
    assert planted[:12].encode() not in on_disk
    assert SITE not in on_disk
    assert b"macau-id-card" in on_disk, "what is kept is there, in a form this test can read"
    ledger.close()


def test_another_site_key_is_refused(path: Path) -> None:
    Ledger(path, SITE).close()
    with pytest.raises(LedgerError, match="another site key"):
        Ledger(path, b"some other key")
    Ledger(path, SITE).close()


def test_a_moment_without_zone_is_refused(ledger: Ledger) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point of the test
    for call in (
        lambda: ledger.link([A], naive),
        lambda: ledger.mark([A], CLEAN, naive),
        lambda: ledger.judgements([A], naive),
        lambda: ledger.purge(naive),
    ):
        with pytest.raises(ValueError, match="now: needs a time zone"):
            call()


def test_a_fault_is_a_ledger_error_without_keys(ledger: Ledger, path: Path) -> None:
    planted = Key("media", "planted-upload-id")
    ledger.mark([planted], BLOCKED, NOW)
    moved = path.rename(path.with_suffix(".moved"))
    with pytest.raises(LedgerError, match="moved or removed") as caught:
        ledger.judgements([planted], NOW)
    assert "planted" not in f"{caught.value!r} {caught.value.__context__!r}"
    moved.rename(path)
    assert ledger.judgements([planted], NOW) == (BLOCKED,)
    ledger.close()
    with pytest.raises(LedgerError, match="closed"):
        ledger.link([planted], NOW)


@pytest.mark.parametrize("body", ["[", "{}", '{"findings":[{}],"coverage":[],"label":null}'])
def test_a_damaged_judgement_is_an_error_and_not_a_clean_bill(ledger: Ledger, path: Path, body: str) -> None:
    ledger.mark([A], BLOCKED, NOW)
    connection = apsw.Connection(str(path))
    connection.execute("UPDATE judgement SET body = ?", (body,))
    connection.close()
    with pytest.raises(LedgerError, match="damaged"):
        ledger.judgements([A], NOW)


def test_threads_may_share_a_ledger(ledger: Ledger) -> None:
    def work(first: int) -> None:
        for number in range(first, first + 20):
            ledger.link([A, Key("object", str(number))], NOW)
            ledger.mark([Key("object", str(number))], replace(CLEAN, reference=str(number)), NOW)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.judgements([A], NOW)) == 60


# Marks keys of its own, links each to one key that all processes share, and says on stdout what is done.
WORKER = """
import sys
sys.path.insert(0, "tests/state")
from pathlib import Path
from test_ledger import A, CLEAN, NOW, SITE, Key, Ledger, replace
ledger = Ledger(Path(sys.argv[1]), SITE)
for number in range(int(sys.argv[3])):
    mine = [Key("object", f"{sys.argv[2]}.{number}.{step}") for step in range(2)]
    ledger.mark(mine[:1], replace(CLEAN, reference=f"{sys.argv[2]}.{number}"), NOW)
    ledger.link(mine, NOW)
    ledger.link([mine[1], A], NOW)
    print(number, flush=True)
"""


def worker(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WORKER, str(path), name, str(count)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_processes_may_create_and_share_a_ledger(path: Path) -> None:
    workers = [worker(path, name, 25) for name in "pqr"]
    for process in workers:
        process.communicate(timeout=60)
    assert [process.returncode for process in workers] == [0, 0, 0]
    ledger = Ledger(path, SITE)
    found = {judgement.reference for judgement in ledger.judgements([A], NOW)}
    assert found == {f"{name}.{number}" for name in "pqr" for number in range(25)}
    ledger.close()


keys = st.sampled_from([Key(kind, name) for kind in ("upload", "object") for name in "1234"])
steps = st.lists(
    st.tuples(
        st.lists(keys, min_size=1, max_size=3),
        st.none() | st.tuples(st.sampled_from("xyz"), st.sampled_from(["bytes", "name"]), st.sampled_from(Action)),
    ),
    max_size=14,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.integers(0, 13))
def test_every_key_of_an_upload_sees_all_its_marks_and_no_others(
    steps: list[tuple[list[Key], tuple[str, str, Action] | None]], reopen: int
) -> None:
    uploads: list[tuple[set[Key], list[Judgement]]] = []  # the plain model: keys that are one upload, and their marks
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        ledger = Ledger(path, SITE)
        for number, (named, mark) in enumerate(steps):
            if number == reopen:
                ledger.close()
                ledger = Ledger(path, SITE)
            moment = later(seconds=number)
            if mark is None:
                ledger.link(named, moment)
                touched = [upload for upload in uploads if upload[0] & set(named)]
                uploads = [upload for upload in uploads if not upload[0] & set(named)]
                merged = set(named).union(*(upload[0] for upload in touched))
                uploads.append((merged, [judgement for upload in touched for judgement in upload[1]]))
            else:
                judgement = Judgement(mark[0], mark[1], mark[2], (), (), str(number))
                ledger.mark(named, judgement, moment)
                for key in dict.fromkeys(named):
                    known = next((upload for upload in uploads if key in upload[0]), None)
                    if known is None:
                        uploads.append(({key}, [judgement]))
                    else:
                        known[1].append(judgement)
        for members, marks in uploads:
            wanted: dict[tuple[str, str], Judgement] = {}
            for judgement in sorted(marks, key=lambda mark: (mark.action, int(mark.label or 0))):
                wanted[judgement.reference, judgement.role] = judgement
            for key in members:
                found = ledger.judgements([key], NOW)
                assert sorted(found, key=repr) == sorted(wanted.values(), key=repr)
                assert [int(judgement.label or 0) for judgement in found] == sorted(
                    (int(judgement.label or 0) for judgement in found), reverse=True
                )
                assert max(found, key=lambda one: one.action, default=CLEAN).action == max(
                    (mark.action for mark in marks), default=Action.ALLOW
                )
        assert ledger.judgements([Key("media", "1")], NOW) == ()
        ledger.close()


def test_a_kill_takes_back_no_refusal(path: Path) -> None:
    process = worker(path, "k", 1_000_000)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(40)]
    process.kill()
    process.communicate()
    ledger = Ledger(path, SITE)
    found = {judgement.reference for judgement in ledger.judgements([A], NOW)}
    assert {f"k.{number}" for number in told} <= found
    ledger.close()
