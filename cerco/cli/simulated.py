"""Try a draft on what was kept of past requests, or on texts and files, on all processors.

In:    two rulebooks; the file of what was kept, or a corpus.
Out:   a `Tally`; progress on standard error.
Never: a stranger's file opened in this process; a line passed over in silence.
"""

import asyncio
import json
import multiprocessing
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cerco.cli import Fault
from cerco.cli.scan_folders import Trouble
from cerco.cli.scan_reports import Source, reports_of
from cerco.decide.verdict import Action
from cerco.runtime.library import Inspector, Report
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.settings import Settings
from cerco.runtime.simulation import Simulation
from cerco.runtime.tally import Judged, Tally
from cerco.state.traffic import Traffic

_TOGETHER = 500  # requests that a process is handed at once
_LINES = 64  # lines of a corpus, likewise


@dataclass(frozen=True, slots=True)
class Kept:
    """The file of what was kept, with its key and that of the senders' pseudonyms."""

    file: Path
    key: bytes
    names: bytes

    def open(self) -> Traffic:
        """Open it for reading."""
        return Traffic(self.file, self.key, keep=timedelta(days=1), most=1)


# What a process was made ready with, when it began.
_simulations: list[Simulation] = []
_scans: list["_Scan"] = []


@dataclass(frozen=True, slots=True)
class _Scan:
    """What scans the lines of a corpus."""

    sides: tuple[Inspector, Inspector]
    corpus: Path
    fields: tuple[str, str]


def replay(kept: Kept, before: Rulebook, after: Rulebook, *, since: datetime | None, jobs: int | None) -> Tally:
    """Ask both rulebooks about everything that was kept since then.

    Raises:
        TrafficError: it cannot be read.
    """
    traffic = kept.open()
    first, last, count = traffic.range(since)
    traffic.close()
    ranges = [(start, min(start + _TOGETHER - 1, last), since) for start in range(first, last + 1, _TOGETHER)]
    tally = Tally()
    processes = min(jobs or _processors(), max(1, len(ranges)))
    with (
        _pool(_ready_to_replay, (kept, before, after), processes) as pool,
        _progress("asking", count) as advance,
    ):
        for part in pool.imap_unordered(_replay, ranges):
            tally += part
            advance(part.requests + part.damaged)
    return tally


def rescan(
    corpus: Path,
    settings: Settings,
    before: Rulebook,
    after: Rulebook,
    *,
    fields: tuple[str, str],
    jobs: int | None,
) -> Tally:
    """Scan texts and files by both rulebooks: a file of JSON objects, one text a line; another file; or a folder.

    Raises:
        Fault: a line is no object or has no text; no scanner process starts.
    """
    tally = Tally()
    if corpus.is_dir():
        files = sorted(path for path in corpus.rglob("*") if path.is_file())
    else:
        files = [] if corpus.suffix == ".jsonl" else [corpus]
    lists = [corpus] if not files and corpus.is_file() else [path for path in files if path.suffix == ".jsonl"]
    for one in lists:
        tally += _lines(one, settings, before, after, fields=fields, jobs=jobs)
    others = [path for path in files if path.suffix != ".jsonl"]
    if others:
        asyncio.run(_files(others, settings, before, after, tally))
    return tally


def _lines(
    corpus: Path, settings: Settings, before: Rulebook, after: Rulebook, *, fields: tuple[str, str], jobs: int | None
) -> Tally:
    with corpus.open("rb") as lines:
        total = sum(1 for line in lines if line.strip())
    tally = Tally()
    processes = min(jobs or _processors(), max(1, total // _LINES))
    with (
        _pool(_ready_to_scan, (before, after, corpus, fields, settings.limits.names), processes) as pool,
        _progress("scanning", total) as advance,
    ):
        for part, fault in pool.imap(_scan, batched(_numbered(corpus), _LINES)):
            if fault:
                raise Fault(f"cerco: {fault}")
            tally += part
            advance(part.requests)
    return tally


def _numbered(corpus: Path) -> Iterator[tuple[int, str]]:
    with corpus.open(encoding="utf-8", errors="surrogateescape") as lines:
        yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())


async def _files(files: list[Path], settings: Settings, before: Rulebook, after: Rulebook, tally: Tally) -> None:
    """Have each file read in confined processes, once by each rulebook."""
    key = secrets.token_bytes(32)  # one for both: equal values are equal
    sides = [reports_of(book, settings, map(Source.of, map(str, files)), 1, key) for book in (before, after)]
    with _progress("scanning", len(files)) as advance:
        for path in files:
            reports = [(await anext(side))[1] for side in sides]
            for report in reports:
                if isinstance(report, Trouble):
                    raise Fault(f"cerco: {report.path}: {report.why}.")
            made = [_judged(report) for report in reports if isinstance(report, Report)]
            tally.add(made[0], made[1], reference=str(path), channel="corpus")
            advance(1)
    for side in sides:
        await anext(side, None)  # ends its processes


def _judged(report: Report) -> Judged:
    return Judged(Action[report.verdict], report.decisions, observed=report.observed, findings=report.findings)


def _ready_to_replay(kept: Kept, before: Rulebook, after: Rulebook) -> None:
    _simulations.append(Simulation(kept.open(), kept.names, before, after))


def _replay(numbers: tuple[int, int, datetime | None]) -> Tally:
    return _simulations[-1].run(*numbers)


def _ready_to_scan(before: Rulebook, after: Rulebook, corpus: Path, fields: tuple[str, str], names: bool) -> None:
    key = secrets.token_bytes(32)
    models: Literal["auto", "off"] = "auto" if names else "off"  # as in the gate
    sides = (Inspector(before, key=key, names=models), Inspector(after, key=key, names=models))
    _scans.append(_Scan(sides, corpus, fields))


def _scan(lines: Iterable[tuple[int, str]]) -> tuple[Tally, str]:
    """Return what differs among some lines, and what is wrong with one of them, or ""."""
    scan, tally = _scans[-1], Tally()
    field, title_field = scan.fields
    for number, line in lines:
        place = f"{scan.corpus}:{number}"
        try:
            row = json.loads(line)
        except ValueError:
            return tally, f"{place}: is not JSON. Write one object a line."
        if not isinstance(row, dict) or not isinstance(row.get(field), str):
            return tally, f"{place}: has no text in `{field}`. Name the member that holds it with --field."
        title = row.get(title_field)
        before, after = (
            _judged(one.inspect_text(row[field], title if isinstance(title, str) else None)) for one in scan.sides
        )
        tally.add(before, after, reference=str(row.get("id", f"{scan.corpus.name}:{number}")), channel="corpus")
    return tally, ""


def _processors() -> int:
    return os.cpu_count() or 1


@contextmanager
def _pool(ready: Callable[..., None], job: tuple[Any, ...], processes: int) -> Iterator[Any]:
    """Start processes, made ready with what they share."""
    with multiprocessing.get_context("fork").Pool(processes, ready, job) as pool:
        yield pool


@contextmanager
def _progress(what: str, total: int) -> Iterator[Any]:
    """Show progress on standard error; yields what is called with how much was done."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda done: progress.advance(task, done)
