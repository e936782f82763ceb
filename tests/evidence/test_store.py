"""EvidenceStore: durable, append-only, chained, private, and usable again after a fault."""

import errno
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Channel, Destination, Key, Outbound, Part, Role
from cerco.evidence.record import EvidenceRecord, new_reference
from cerco.evidence.store import EvidenceError, EvidenceStore
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

ROOT = Path(__file__).parents[2]
PLANTED = "1234567(8)"  # made up
FINDING = Finding("macau-id-card", "MO_ID_CARD", "high", 0.85, "text.content", 0, 10, "1••••••(•)", "ab12")


def record(number: int) -> EvidenceRecord:
    return EvidenceRecord(
        reference=new_reference(number.to_bytes(5)),
        at=datetime(2026, 11, 3, 2, 0, number % 60, tzinfo=UTC),
        actor=Actor("10.0.0.8", "account-77"),
        destination=Destination("oapi.dingtalk.com", "mainland"),
        channel="oapi",
        operation="robot.send",
        verdict=Verdict(Action.BLOCK, ("block-ids",), (FINDING,), (Unreadable("a.zip", Why.ENCRYPTED),)),
        action="blocked",
        ruleset="f00d",
        parts=1,
        bytes_read=number,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "evidence.db"


@pytest.fixture
def store(path: Path) -> Iterator[EvidenceStore]:
    store = EvidenceStore(path)
    yield store
    store.close()


def test_a_record_is_found_by_its_reference_and_nothing_else(store: EvidenceStore) -> None:
    store.append(record(1))
    store.append(record(2))
    assert store.find(record(2).reference) == record(2)
    assert store.find(record(3).reference) is None
    assert store.find("%") is None
    assert store.find("客\ud800") is None


def test_the_last_come_newest_first(store: EvidenceStore) -> None:
    for number in (3, 1, 2):
        store.append(record(number))
    assert [found.bytes_read for found in store.last(2)] == [2, 1]
    assert [found.bytes_read for found in store.last(9)] == [2, 1, 3]
    assert store.last(0) == store.last(-1) == []


def test_records_outlive_the_store(store: EvidenceStore, path: Path) -> None:
    store.append(record(1))
    store.close()
    assert EvidenceStore(path).last(1) == [record(1)]


def test_a_taken_reference_is_refused_as_such_and_a_new_one_goes(store: EvidenceStore) -> None:
    store.append(record(1))
    with pytest.raises(EvidenceError) as caught:
        store.append(replace(record(2), reference=record(1).reference))
    assert caught.value.errno == errno.EEXIST
    assert store.find(record(1).reference) == record(1)
    store.append(record(2))
    assert store.verify() == (2, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET action = 'allowed'",
        "DELETE FROM record",
        "INSERT OR REPLACE INTO record SELECT * FROM record",
        "INSERT OR REPLACE INTO record SELECT 99, reference, at, action, record, chain FROM record",
        "REPLACE INTO record SELECT seq, 'C-0000-0000', at, action, record, chain FROM record",
        "UPDATE OR REPLACE record SET seq = 5",
    ],
)
def test_any_connection_is_refused_a_change(store: EvidenceStore, path: Path, statement: str) -> None:
    store.append(record(1))
    other = apsw.Connection(str(path))  # without the settings the store uses
    with pytest.raises(apsw.ConstraintError, match="evidence is not"):
        other.execute(statement)
    other.close()
    assert store.last(9) == [record(1)]
    assert store.verify() == (1, None)


def tamper(path: Path, statement: str, values: tuple[str | bytes, ...] = ()) -> None:
    """Do what someone with the file in hand can do: take the triggers off, change, put them back."""
    connection = apsw.Connection(str(path))
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement, values)
    for _, sql in triggers:
        connection.execute(str(sql))
    connection.close()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param("UPDATE record SET record = record WHERE seq = 2", (4, None), id="nothing changed"),
        pytest.param("UPDATE record SET record = replace(record, 'BLOCK', 'ALLOW') WHERE seq = 2", (1, 2), id="json"),
        pytest.param("UPDATE record SET action = 'allowed' WHERE seq = 2", (1, 2), id="indexed action"),
        pytest.param("UPDATE record SET at = '2020-01-01' WHERE seq = 3", (2, 3), id="indexed time"),
        pytest.param("UPDATE record SET chain = zeroblob(32) WHERE seq = 4", (3, 4), id="chain"),
        pytest.param("DELETE FROM record WHERE seq = 2", (1, 3), id="taken out"),
        pytest.param("UPDATE record SET seq = 9 WHERE seq = 4", (3, 4), id="number"),
        pytest.param("UPDATE record SET record = CAST(x'ff' AS TEXT) WHERE seq = 2", (1, 2), id="no text"),
        pytest.param("UPDATE record SET record = '[' WHERE seq = 1", (0, 1), id="no json"),
        pytest.param("DELETE FROM record WHERE seq = 4", (3, None), id="cut off the end: not to be seen from inside"),
    ],
)
def test_a_tampered_row_is_named(
    store: EvidenceStore, path: Path, statement: str, expected: tuple[int, int | None]
) -> None:
    for number in (1, 2, 3, 4):
        store.append(record(number))
    tamper(path, statement)
    good, broken = expected
    assert store.verify() == (good, None if broken is None else record(broken).reference)


def test_a_renamed_record_is_named_by_its_new_name(store: EvidenceStore, path: Path) -> None:
    store.append(record(1))
    tamper(path, "UPDATE record SET reference = 'C-0000-FA1S' WHERE seq = 1")
    assert store.verify() == (0, "C-0000-FA1S")


@pytest.mark.parametrize("text", ["[", "[]", "{}", '{"reference":1,"at":1,"action":1}'])
def test_a_row_that_is_no_record_is_named_even_if_its_chain_holds(store: EvidenceStore, path: Path, text: str) -> None:
    store.append(record(1))
    chain = hashlib.sha256(bytes(32) + text.encode()).digest()
    tamper(path, "UPDATE record SET record = ?, chain = ?", (text, chain))
    assert store.verify() == (0, record(1).reference)


def test_a_damaged_record_is_an_error_without_content(store: EvidenceStore, path: Path) -> None:
    store.append(record(1))
    tamper(path, "UPDATE record SET record = json_object('x', '1234567(8)')")
    with pytest.raises(EvidenceError, match="damaged") as caught:
        store.last(1)
    assert PLANTED not in repr(caught.value)


def test_no_error_names_what_the_record_holds(store: EvidenceStore, path: Path) -> None:
    finding, gap = replace(FINDING, place=PLANTED), Unreadable(PLANTED, Why.TOO_DEEP)
    verdict = Verdict(Action.BLOCK, (PLANTED,), (finding,), (gap,))
    full = replace(record(1), actor=Actor(PLANTED, PLANTED), operation=PLANTED, verdict=verdict)
    store.append(full)
    errors: list[EvidenceError] = []
    for spoil in (path.exists, path.unlink, store.close):
        spoil()
        with pytest.raises(EvidenceError) as caught:
            store.append(full)
        errors.append(caught.value)
    for error in errors:
        assert PLANTED not in f"{error!r} {error} {error.args} {error.__cause__!r} {error.__context__!r}"
    assert len({error.errno for error in errors}) == 3


def test_the_file_holds_nothing_that_was_sent(store: EvidenceStore, path: Path) -> None:
    outbound = Outbound(
        Actor("10.0.0.8", "account-77"),
        Destination("oapi.dingtalk.com", "mainland", "conversation-5"),
        Channel.OAPI,
        "media.upload",
        parts=(
            Part(Role.FILE, "multipart media", PLANTED.encode(), filename=PLANTED, path=(PLANTED,)),
            Part(Role.TEXT, "text.content", PLANTED),
        ),
        keys=(Key("media", PLANTED),),
    )
    sent = replace(
        record(1),
        actor=outbound.actor,
        destination=outbound.destination,
        channel=outbound.channel,
        operation=outbound.operation,
        parts=len(outbound.parts),
    )
    store.append(sent)
    on_disk = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert PLANTED.encode() not in on_disk
    assert b"media.upload" in on_disk, "the record itself is there, in a form this test can read"
    assert store.last(1) == [sent]


def test_threads_may_share_a_store(store: EvidenceStore) -> None:
    def work(base: int) -> None:
        for number in range(base, base + 25):
            store.append(record(number))

    threads = [threading.Thread(target=work, args=(base,)) for base in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.verify() == (100, None)


def test_surrogates_and_every_script_come_back(store: EvidenceStore) -> None:
    odd = replace(
        record(1), verdict=replace(record(1).verdict, coverage=(Unreadable("客戶\ud800\x00é", Why.MALFORMED),))
    )
    store.append(odd)
    assert store.last(1) == [odd]


# Appends records numbered from argv[2] for ever, and says on stdout which ones were acknowledged.
APPENDER = """
import sys
sys.path.insert(0, "tests/evidence")
from pathlib import Path
from test_store import record
from cerco.evidence.store import EvidenceStore
store = EvidenceStore(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), int(sys.argv[2]) + int(sys.argv[3])):
    store.append(record(number))
    print(number, flush=True)
"""


def appender(path: Path, first: int, count: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", APPENDER, str(path), str(first), str(count)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_no_acknowledged_record_is_lost_to_a_kill(path: Path) -> None:
    acknowledged: list[int] = []
    for turn in range(10):
        process = appender(path, turn * 100_000, 100_000)
        assert process.stdout is not None
        acknowledged.extend(int(process.stdout.readline()) for _ in range(1 + turn * 7))
        process.kill()
        rest = process.communicate()[0]
        acknowledged.extend(int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n"))
    store = EvidenceStore(path)
    kept = {found.bytes_read for found in store.last(1_000_000)}
    assert len(acknowledged) > 300
    assert set(acknowledged) <= kept
    # A kill may fall between the commit and the word about it, once in each round.
    assert len(kept) <= len(acknowledged) + 10
    assert store.verify() == (len(kept), None)
    store.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "evidence.db"
    store = EvidenceStore(path)
    for number in range(12):
        store.append(record(number))
    store.close()
    return path


@pytest.mark.parametrize("first", range(5))
def test_a_flipped_bit_is_noticed_or_changes_nothing(whole: Path, tmp_path: Path, first: int) -> None:
    content = whole.read_bytes()
    noticed = harmless = 0
    for place in range(first * 211, len(content), 5 * 211):
        path = tmp_path / f"{place}.db"
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        try:
            store = EvidenceStore(path)
            if store.verify() == (12, None):
                harmless += 1
                assert store.last(99) == [record(number) for number in reversed(range(12))]
                assert all(store.find(record(number).reference) == record(number) for number in range(12))
            else:
                noticed += 1
            store.close()
        except EvidenceError:
            noticed += 1
    assert noticed > 5
    assert harmless > 5  # much of a small file is empty


def test_processes_may_create_and_share_a_file(path: Path) -> None:
    processes = [appender(path, base, 40) for base in (0, 1_000, 2_000, 3_000)]
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0] * 4
    store = EvidenceStore(path)
    assert store.verify() == (160, None)
    store.close()


# Appends until the file may not grow, then lifts the limit and goes on.
FILLER = """
import json, resource, sys
sys.path.insert(0, "tests/evidence")
from pathlib import Path
from test_store import record
from cerco.evidence.store import EvidenceError, EvidenceStore
store = EvidenceStore(Path(sys.argv[1]))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
acknowledged, errors = [], []
for number in range(2_000):
    try:
        store.append(record(number))
        acknowledged.append(number)
    except EvidenceError as error:
        errors.append(str(error))
        if len(errors) == 3:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    if len(errors) == 3 and len(acknowledged) % 50 == 0:
        break
print(json.dumps([acknowledged, errors]))
"""


def test_a_full_disk_is_an_evidence_error_until_there_is_room_again(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(path)], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    acknowledged, errors = json.loads(done.stdout)
    assert len(errors) == 3
    last = max(acknowledged)
    assert acknowledged[-1] == last
    assert set(range(last + 1)) - set(acknowledged), "the failed ones were not acknowledged"
    store = EvidenceStore(path)
    kept = {found.bytes_read for found in store.last(1_000_000)}
    assert kept == set(acknowledged)
    assert store.verify() == (len(kept), None)
    store.close()
