"""Whatever a file does to the process that reads it, the pool answers in time and works on."""

import asyncio
import ctypes
import gzip
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from pathlib import Path
from typing import cast

import openpyxl
import pytest
import pytest_asyncio
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from cerco.dingtalk.held import Held, Store
from cerco.extract.text import Limits, Text, Unreadable, Why
from cerco.runtime import scanners
from cerco.runtime.forks import Scanner
from cerco.runtime.pool_meters import PoolMeters
from cerco.runtime.scanners import ScannerError, ScannerPool, ScanReport
from cerco.runtime.telemetry import Telemetry
from cerco.runtime.terms import FRAME, STRETCH
from cerco.scan.rule import DetectRule
from cerco.state.holding import Holding
from tests.data.files import cards, databases
from tests.data.files.cards import SHEETS
from tests.data.files.picture_bombs import drawn_bomb

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = b"k" * 32
MEMORY = 256 * 1024 * 1024
NEEDLE = "5123456(7)"
LANGUAGES = dict.fromkeys(("zh-Hant", "zh-Hans", "pt", "en"), "x")


def rule(identifier: str, entity: str) -> DetectRule:
    return DetectRule.model_validate(
        {
            "id": identifier,
            "title": LANGUAGES,
            "explain": LANGUAGES,
            "severity": "high",
            "match": {"entity": entity, "min_score": 0.5},
            "examples": {"match": {"any": ["a"]}, "no_match": {"any": ["b"]}},
        }
    )


RULES = (rule("macau-id-card", "MO_ID_CARD"), rule("customer-data-title", "CUSTOMER_DATA_TITLE"))


def new_pool(
    *,
    deadline: float = 20,
    patience: float | None = None,
    memory: int = MEMORY,
    limits: Limits | None = None,
    meters: PoolMeters | None = None,
) -> ScannerPool:
    limits = limits or Limits(ratio=10_000)
    return ScannerPool(
        RULES, KEY, size=1, deadline=deadline, patience=patience, memory=memory, limits=limits, meters=meters
    )


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool() -> AsyncIterator[ScannerPool]:
    made = new_pool()
    await made.start()
    yield made
    await made.close()


def next_pid(pool: ScannerPool) -> int:
    """Return the process that takes the next job."""
    return pool._idle._queue[0].pid  # type: ignore[attr-defined,no-any-return]


def zygote_pid(pool: ScannerPool) -> int:
    """Return the parent of the process that takes the next job."""
    return int((process_folder(pool) / "stat").read_text().rpartition(")")[2].split()[1])


def process_folder(pool: ScannerPool) -> Path:
    return Path(f"/proc/{next_pid(pool)}")


async def until(condition: Callable[[], bool], within: float = 60) -> bool:
    """Wait for something no event tells of: the state of another process."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not condition() and loop.time() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return condition()


async def both_warm(pool: ScannerPool) -> None:
    assert await until(lambda: pool._idle.qsize() == 2)


async def goes(pid: int) -> bool:
    return await until(lambda: gone(pid), 10)


async def works(pool: ScannerPool) -> bool:
    report = await pool.scan_file(f"ID {NEEDLE}".encode(), "a.txt", "file")
    return [finding.rule for finding in report.findings] == ["macau-id-card"] and report.coverage == ()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (("姓名", "身份證"), ("陳", NEEDLE), ("李", "7123456(0)"), ("何", NEEDLE)):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, content in members.items():
            box.writestr(name, content)
    return out.getvalue()


async def test_a_finding_stands_in_its_cell(pool: ScannerPool) -> None:
    report = await pool.scan_file(workbook(), "名單.xlsx", "multipart media")
    assert [(finding.place, finding.start) for finding in report.findings] == [
        ("multipart media > 名單.xlsx > Sheet > B2", 0),
        ("multipart media > 名單.xlsx > Sheet > B3", 0),
        ("multipart media > 名單.xlsx > Sheet > B4", 0),
    ]
    assert report.coverage == ()
    assert report.bytes_read == len(workbook())


async def test_alternative_readings_count_once(pool: ScannerPool) -> None:
    data = f"<p>客戶名單</p><td>身份證 {NEEDLE}</td>".encode("gb18030")
    report = await pool.scan_file(data, "a.html", "file")
    assert [finding.rule for finding in report.findings].count("macau-id-card") == 1


async def test_the_same_value_in_two_files_of_an_archive_counts_twice(pool: ScannerPool) -> None:
    report = await pool.scan_file(zipped(a=f"ID {NEEDLE}".encode(), b=f"ID {NEEDLE}".encode()), "a.zip", "file")
    assert [finding.place for finding in report.findings] == ["file > a.zip > a > text", "file > a.zip > b > text"]


async def test_gaps_come_back_with_their_place(pool: ScannerPool) -> None:
    report = await pool.scan_file(zipped(a=bytes(range(256)) * 9, b=f"ID {NEEDLE}".encode()), "a.zip", "file")
    assert report.coverage == (Unreadable("file > a.zip > a", Why.UNKNOWN_FORMAT),)
    assert len(report.findings) == 1


async def test_what_could_not_be_read_is_not_counted_as_read(pool: ScannerPool) -> None:
    report = await pool.scan_file(bytes(range(256)) * 9, None, "body")
    assert report == ScanReport((), (Unreadable("body > content", Why.UNKNOWN_FORMAT),), 0)


async def test_texts(pool: ScannerPool) -> None:
    texts = (Text("text.content", "中" * 100_000 + f" 身份證 {NEEDLE}"), Text("title", "客戶名單", "title"))
    report = await pool.scan_texts(texts)
    assert {finding.place for finding in report.findings} == {"text.content", "title"}
    assert report.bytes_read == 300_000 + len(f" 身份證 {NEEDLE}客戶名單".encode())


async def test_many_at_once(pool: ScannerPool) -> None:
    assert all(await asyncio.gather(*(works(pool) for _ in range(20))))


async def test_the_processes_are_confined(pool: ScannerPool) -> None:
    await both_warm(pool)
    assert {"memory-limit", "no-file-writes", "no-core-dumps", "dies-with-gate"} <= set(pool.confinement)
    assert ("no-files" in pool.confinement) is (ctypes.CDLL(None).syscall(444, None, 0, 1) > 0)  # Landlock
    status = (process_folder(pool) / "status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "\nUid:\t0\t" not in status


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to look into a process that forbids it")
async def test_the_processes_inherit_nothing(pool: ScannerPool) -> None:
    await both_warm(pool)
    process = process_folder(pool)
    assert len(list((process / "fd").iterdir())) == 4  # three standard streams and the socket
    names = {line.partition(b"=")[0] for line in (process / "environ").read_bytes().split(b"\0") if line}
    assert names - {b"CERCO_CACHE"} == {b"PATH", b"LANG", b"OMP_NUM_THREADS", b"OPENBLAS_NUM_THREADS"}


async def test_each_job_has_a_process_of_its_own(pool: ScannerPool) -> None:
    await both_warm(pool)
    before = {scanner.pid for scanner in pool._idle._queue}  # type: ignore[attr-defined]
    assert await works(pool)
    assert await works(pool)
    assert [pid for pid in before if not await goes(pid)] == []


async def test_what_they_are_forked_from_is_confined_too(pool: ScannerPool) -> None:
    await both_warm(pool)
    zygote = Path(f"/proc/{zygote_pid(pool)}")
    status = (zygote / "status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "\nUid:\t0\t" not in status
    assert "\nThreads:\t1\n" in status
    assert "system-call-filter" not in pool.confinement or "\nSeccomp:\t2\n" in status


async def test_when_what_they_are_forked_from_dies_another_takes_its_place() -> None:
    pool = new_pool()
    await pool.start()
    try:
        await both_warm(pool)
        zygote, scanner = zygote_pid(pool), next_pid(pool)
        os.kill(scanner, signal.SIGSTOP)
        job = asyncio.create_task(pool.scan_file(b"x", "a.txt", "file"))
        await asyncio.sleep(0.1)
        os.kill(zygote, signal.SIGKILL)
        assert (await job).coverage == (Unreadable("file", Why.MALFORMED),)
        assert await goes(scanner)
        assert await works(pool)
        await both_warm(pool)
        assert zygote_pid(pool) != zygote
    finally:
        await pool.close()


async def test_one_that_does_not_fork_in_time_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = new_pool()
    await pool.start()
    try:
        await both_warm(pool)
        monkeypatch.setattr(scanners, "LOAD_LIMIT", 0.3)
        zygote = zygote_pid(pool)
        os.kill(zygote, signal.SIGSTOP)
        os.kill(next_pid(pool), signal.SIGKILL)
        assert await goes(zygote)
        monkeypatch.undo()
        # Those it had forked end with it, and one of them may just have been given the first job.
        assert await works(pool) or await works(pool)
    finally:
        await pool.close()


async def test_a_process_that_dies_costs_one_file(pool: ScannerPool) -> None:
    await both_warm(pool)
    pid = next_pid(pool)
    os.kill(pid, signal.SIGSTOP)
    job = asyncio.create_task(pool.scan_file(b"x" * 1000, "a.txt", "file"))
    await asyncio.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    assert await job == ScanReport((), (Unreadable("file", Why.MALFORMED),), 0)
    assert await works(pool)
    assert await goes(pid)


async def test_a_library_that_ends_its_process_costs_one_file(pool: ScannerPool) -> None:
    (table,) = (made for made in databases.files() if made.name == "customers-zstd.parquet")
    data = bytearray(table.data)
    data[638] ^= 1  # within a page; the library, which is in Rust, aborts
    report, *others = await asyncio.gather(pool.scan_file(bytes(data), "a.parquet", "file"), works(pool), works(pool))
    assert [gap.why for gap in report.coverage] == [Why.MALFORMED]
    assert all(others)


async def test_a_process_that_died_waiting_costs_nothing(pool: ScannerPool) -> None:
    await both_warm(pool)
    pid = next_pid(pool)
    os.kill(pid, signal.SIGKILL)
    assert await goes(pid)
    assert await works(pool)


async def test_a_caller_who_leaves_leaves_no_process_at_work(pool: ScannerPool) -> None:
    await both_warm(pool)
    pid = next_pid(pool)
    os.kill(pid, signal.SIGSTOP)
    job = asyncio.create_task(pool.scan_file(b"x", "a.txt", "file"))
    await asyncio.sleep(0.1)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert await works(pool)
    assert await goes(pid)


async def test_a_process_without_memory_costs_one_file(pool: ScannerPool) -> None:
    data = gzip.compress(b"some words of text\n" * (2 * MEMORY // 19 - 1_000_000))
    report = await pool.scan_file(data, "a.gz", "file")
    assert Why.TOO_LARGE in {gap.why for gap in report.coverage}
    assert await works(pool)


async def test_a_file_that_cannot_fit_is_not_even_sent(pool: ScannerPool) -> None:
    report = await pool.scan_file(bytes(MEMORY // 2 + 1), "a", "file")
    assert report == ScanReport((), (Unreadable("file", Why.TOO_LARGE),), 0)


async def test_a_held_file_is_read_where_it_lies(pool: ScannerPool, tmp_path: Path) -> None:
    file = Holding(tmp_path, MEMORY).begin()
    file.write(b"not a word of this: 1234567(8)\n" + f"ID {NEEDLE}\n".encode() + b"nor of this")
    report = await pool.scan_file(file.held().within(31, 44), "a.txt", "file")
    assert [finding.place for finding in report.findings] == ["file > a.txt > text"]
    assert (report.coverage, report.bytes_read) == ((), 13)


async def test_a_held_file_may_be_nearly_as_large_as_the_memory(pool: ScannerPool, tmp_path: Path) -> None:
    file = Holding(tmp_path, MEMORY).begin()
    line = b"The quick brown fox jumps over the lazy dog and says not a word about anybody at all\n"
    while file.size < MEMORY - scanners.ROOM - 2_000_000:
        file.write(line * 12_000)
    file.write(f"ID {NEEDLE}\n".encode())
    report = await pool.scan_file(file.held(), "a.txt", "file")
    assert ([finding.rule for finding in report.findings], report.coverage) == (["macau-id-card"], ())


async def test_one_that_is_larger_is_not_even_sent(pool: ScannerPool) -> None:
    report = await pool.scan_file(Held(cast("Store", None), 0, MEMORY - scanners.ROOM + 1), "a", "file")
    assert report == ScanReport((), (Unreadable("file", Why.TOO_LARGE),), 0)


async def test_a_process_cannot_change_what_it_is_handed(tmp_path: Path) -> None:
    file = Holding(tmp_path, 100).begin()
    file.write(b"as it was sent")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        asked = asyncio.create_task(Scanner(0, 0, ours).ask({"kind": "file"}, file.held()))
        await asyncio.sleep(0.05)
        frame, (handle,), _, _ = socket.recv_fds(theirs, FRAME.size, 1)
        header, content = FRAME.unpack(frame)
        try:
            assert json.loads(theirs.recv(header)) == {"kind": "file", STRETCH: [0, 14]}
            assert (content, os.pread(handle, 100, 0)) == (0, b"as it was sent")
            for change in (lambda: os.pwrite(handle, b"x", 0), lambda: os.ftruncate(handle, 0)):
                with pytest.raises(OSError, match=r"Bad file|Invalid"):
                    change()
        finally:
            os.close(handle)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)


async def test_a_held_file_that_is_let_go_of_is_not_read(pool: ScannerPool, tmp_path: Path) -> None:
    file = Holding(tmp_path, 100).begin()
    file.write(b"as it was sent")
    held = file.held()
    file.release()
    report = await pool.scan_file(held, "a", "file")
    assert report == ScanReport((), (Unreadable("file", Why.MALFORMED),), 0)
    assert await works(pool)


async def test_a_held_file_has_more_time(tmp_path: Path) -> None:
    pool = new_pool(deadline=0.5, patience=20)
    await pool.start()
    try:
        await both_warm(pool)
        pid = next_pid(pool)
        os.kill(pid, signal.SIGSTOP)
        file = Holding(tmp_path, 100).begin()
        file.write(f"ID {NEEDLE}".encode())
        scan = asyncio.create_task(pool.scan_file(file.held(), "a", "file"))
        await asyncio.sleep(1)
        os.kill(pid, signal.SIGCONT)
        assert [finding.rule for finding in (await scan).findings] == ["macau-id-card"]
    finally:
        await pool.close()


@pytest.mark.parametrize("reply", [b"", b"[]", b"{}", b'{"findings": "5123456(7)", "coverage": [], "bytes_read": 1}'])
async def test_a_reply_that_makes_no_sense_is_a_crash(
    pool: ScannerPool, monkeypatch: pytest.MonkeyPatch, reply: bytes
) -> None:
    await both_warm(pool)
    pid = next_pid(pool)

    async def ask(_self: object, _message: object, _body: object) -> bytes:
        return reply

    with monkeypatch.context() as patch:
        patch.setattr(Scanner, "ask", ask)
        assert await pool.scan_file(b"x", "a", "file") == ScanReport((), (Unreadable("file", Why.MALFORMED),), 0)
    assert await works(pool)
    assert await goes(pid)


async def test_a_picture_is_looked_at_in_a_confined_process(pool: ScannerPool) -> None:
    card = next(sheet for sheet in SHEETS if sheet.name == "resident-card")
    data = (cards.FOLDER / f"{card.name}.png").read_bytes()
    report = await pool.scan_file(data, "card.png", "file")
    assert [(finding.rule, finding.place) for finding in report.findings] == [
        ("macau-id-card", "file > card.png > picture")
    ]
    assert report.coverage == ()


async def test_pictures_a_site_does_not_want_looked_at_are_said() -> None:
    pool = new_pool(limits=Limits(pictures=0))
    await pool.start()
    try:
        report = await pool.scan_file((cards.FOLDER / "chat.png").read_bytes(), "chat.png", "file")
        assert report == ScanReport((), (Unreadable("file > chat.png > picture", Why.NOT_READ),), 0)
    finally:
        await pool.close()


async def test_a_picture_that_takes_too_long_is_said_and_the_rest_is_read() -> None:
    pool = new_pool(limits=Limits(ocr_seconds=0.001))
    await pool.start()
    try:
        picture = (cards.FOLDER / "customer-list.png").read_bytes()
        report = await pool.scan_file(zipped(a=picture, b=f"ID {NEEDLE}".encode()), "a.zip", "file")
        assert Unreadable("file > a.zip > a > picture", Why.NOT_READ) in report.coverage
        assert [finding.place for finding in report.findings] == ["file > a.zip > b > text"]
    finally:
        await pool.close()


async def test_a_picture_that_takes_too_much_memory_is_said_and_the_rest_is_read() -> None:
    pool = new_pool(memory=48 * 1024 * 1024)
    await pool.start()
    try:
        picture = (cards.FOLDER / "customer-list.png").read_bytes()
        report = await pool.scan_file(zipped(a=picture, b=f"ID {NEEDLE}".encode()), "a.zip", "file")
        assert Unreadable("file > a.zip > a > picture", Why.TOO_LARGE) in report.coverage
        assert [finding.place for finding in report.findings] == ["file > a.zip > b > text"]
    finally:
        await pool.close()


async def test_a_page_that_unpacks_without_end_costs_one_file(pool: ScannerPool) -> None:
    report = await pool.scan_file(drawn_bomb(), "a.pdf", "file")
    assert {gap.why for gap in report.coverage} <= {Why.MALFORMED, Why.TOO_LARGE}
    assert await works(pool)


async def test_past_the_deadline_a_process_is_killed_and_another_takes_over() -> None:
    pool = new_pool(deadline=1.0)
    await pool.start()
    try:
        await both_warm(pool)
        pid = next_pid(pool)
        os.kill(pid, signal.SIGSTOP)
        loop = asyncio.get_running_loop()
        begin = loop.time()
        first, second = await asyncio.gather(pool.scan_file(b"x", "a", "stopped"), pool.scan_file(b"x", "b", "in line"))
        assert first == ScanReport((), (Unreadable("stopped", Why.TIMED_OUT),), 0)
        assert second.coverage in {(Unreadable("in line", Why.TIMED_OUT),), ()}
        assert loop.time() - begin < 3
        assert await works(pool)
        assert await goes(pid)
    finally:
        await pool.close()


async def test_past_the_length_of_the_line_jobs_are_turned_away(
    pool: ScannerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanners, "WAITING", 0)
    assert await pool.scan_file(b"x", "a", "file") == ScanReport((), (Unreadable("file", Why.TIMED_OUT),), 0)


async def test_past_the_size_of_the_line_jobs_are_turned_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scanners, "WAITING_SIZE", 1000)
    watched = InMemoryMetricReader()
    telemetry = Telemetry(reader=watched)
    pool = new_pool(deadline=1.0, meters=telemetry.pool)
    await pool.start()
    try:
        await both_warm(pool)
        os.kill(next_pid(pool), signal.SIGSTOP)
        jobs = [pool.scan_file(bytes(size), None, str(size)) for size in (10, 2000, 1, 1001)]
        reports = await asyncio.gather(*jobs)
        assert [gap.why for report in reports for gap in report.coverage] == [Why.TIMED_OUT] * 4
    finally:
        await pool.close()
    fates = {"timed_out": 1, "waited_too_long": 1, "turned_away": 2}
    assert measured(watched, "cerco.scanners.jobs") == fates
    assert measured(watched, "cerco.scanners.waiting") == {None: 0}
    assert measured(watched, "cerco.scanners.busy") == {None: 0}
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    telemetry.shutdown()


async def test_what_becomes_of_jobs_is_measured() -> None:
    watched = InMemoryMetricReader()
    telemetry = Telemetry(reader=watched)
    pool = new_pool(meters=telemetry.pool)
    await pool.start()
    try:
        assert await works(pool)
        await both_warm(pool)
        idle = next_pid(pool)
        os.kill(idle, signal.SIGKILL)
        assert await goes(idle)
        assert await works(pool)
        await pool.scan_file(bytes(MEMORY), "a", "file")
        await both_warm(pool)
        pid = next_pid(pool)
        os.kill(pid, signal.SIGSTOP)
        job = asyncio.create_task(pool.scan_file(b"x", "a.txt", "file"))
        await asyncio.sleep(0.1)
        assert measured(watched, "cerco.scanners.busy") == {None: 1}
        os.kill(pid, signal.SIGKILL)
        await job
    finally:
        await pool.close()
    assert measured(watched, "cerco.scanners.jobs") == {"done": 2, "too_large": 1, "fell": 1}
    assert measured(watched, "cerco.scanners.restarts") == {"waiting": 1}
    assert measured(watched, "cerco.scanners.wait") == {None: 3}
    telemetry.shutdown()


def measured(reader: InMemoryMetricReader, name: str) -> dict[object, object]:
    """Return the only attribute of each point -> its value, or how many it counts."""
    data = reader.get_metrics_data()
    return {
        next(iter((point.attributes or {}).values()), None): getattr(point, "value", getattr(point, "count", None))
        for resource in (data.resource_metrics if data else ())
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == name
        for point in metric.data.data_points
    }


async def test_closing_leaves_nothing_behind() -> None:
    pool = new_pool()
    await pool.start()
    await both_warm(pool)
    pids = [zygote_pid(pool), *(scanner.pid for scanner in pool._idle._queue)]  # type: ignore[attr-defined]
    await pool.close()
    assert len(pids) == 3
    assert all(gone(pid) for pid in pids)


async def test_rules_that_cannot_be_used_are_said_at_the_start() -> None:
    pool = ScannerPool(RULES, b"short", size=1, deadline=1, memory=MEMORY, limits=Limits())
    with pytest.raises(ScannerError, match="ValueError"):
        await pool.start()


async def test_content_is_in_no_log_and_no_repr(pool: ScannerPool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    report = await pool.scan_file(f"身份證 {NEEDLE}".encode(), f"{NEEDLE}.txt", "file")
    assert len(report.findings) == 1
    assert "512345" not in repr(report) + caplog.text


async def test_the_processes_end_with_the_gate(tmp_path: Path) -> None:
    script = tmp_path / "gate.py"
    script.write_text(
        "import asyncio, os\n"
        "from cerco.extract.text import Limits\n"
        "from cerco.runtime.scanners import ScannerPool\n"
        "async def main():\n"
        "    pool = ScannerPool((), b'k' * 32, size=1, deadline=1, memory=1 << 28, limits=Limits())\n"
        "    await pool.start()\n"
        "    scanner = pool._idle._queue[0].pid\n"
        "    zygote = open(f'/proc/{scanner}/stat').read().rpartition(')')[2].split()[1]\n"
        "    print(scanner, zygote, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)  # noqa: ASYNC221
    assert done.returncode == -signal.SIGKILL
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 2
    assert [pid for pid in pids if not await goes(pid)] == []
