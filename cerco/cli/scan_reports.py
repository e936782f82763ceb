"""Have inputs scanned as the gate would, several at a time, and give their reports in order.

In:    inputs, rules, settings.
Out:   each input with its `Report`, or with the reason why it could not be opened.
Never: a file parsed in this process: as in the gate, a confined scanner process does that.
"""

import asyncio
import os
import secrets
import stat
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import click

from cerco.cli import Fault
from cerco.cli.scan_folders import Entry, Trouble
from cerco.extract.charset import encodings
from cerco.extract.text import Text, Unreadable, Why
from cerco.runtime.authority import AuthorityError, Purpose, derive, site_key
from cerco.runtime.settings import Settings

if TYPE_CHECKING:
    from cerco.runtime.library import Report
    from cerco.runtime.rulebook import Rulebook
    from cerco.runtime.scanners import ScannerPool, ScanReport
    from cerco.scan.detector import Detector

STDIN: Final = "-"
MESSAGE: Final = "message"  # the place of what came on standard input
_AHEAD: Final = 8  # inputs for each process that may be done before their turn to be shown has come


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to scan, opened when its turn comes.

    `name` is what a file is called, and None for the text of a message; `entry` says that it was met in a folder.
    """

    path: str
    name: str | None
    entry: Entry | None = None

    @classmethod
    def of(cls, path: str, name: str | None = None) -> "Source":
        """Return an input that was named itself; standard input has no name of its own."""
        return cls(path, name or (None if path == STDIN else name_of(path)))

    @classmethod
    def met(cls, entry: Entry) -> "Source":
        """Return a file that was met in a folder."""
        return cls(entry.path, name_of(entry.path), entry)

    def read(self, limit: int) -> bytes | None:
        """Return the content, as the gate has a body whole; None above its limit, where the gate reads nothing.

        Raises:
            OSError: it cannot be opened or read, or is no file any more.
        """
        if self.path == STDIN:
            data = sys.stdin.buffer.read(limit + 1)
        else:
            # Since it was met it may have become a link or a pipe; what was named itself may be either.
            flags = os.O_NOFOLLOW | os.O_NONBLOCK if self.entry else 0
            with open(os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | flags), "rb") as stream:  # noqa: PTH123
                if self.entry and not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    raise OSError(0, "is no file any more", self.path)
                data = stream.read(limit + 1)
        return None if len(data) > limit else data


def name_of(path: str) -> str:
    """Return a file's name as people read it. Old shares hold names in Big5 or GBK, which the system does not know."""
    name = os.fsencode(os.path.basename(path))  # noqa: PTH119 - a path of any bytes
    codecs = encodings(name)
    return name.decode(codecs[0] if codecs else "utf-8", errors="replace")


async def reports_of(
    book: "Rulebook", settings: Settings, sources: Iterable[Source | Trouble], jobs: int, key: bytes | None = None
) -> AsyncIterator[tuple[Source | Trouble, "Report | Trouble"]]:
    """Yield the report on each source in turn, as `jobs` confined scanner processes give them.

    `key` is that of fingerprints; the site's own, or else any, if None.
    """
    from cerco.runtime.scanners import ScannerError, ScannerPool  # noqa: PLC0415 - brings Presidio
    from cerco.runtime.shelf import new_detector  # noqa: PLC0415 - the same

    limits, key = settings.limits, key or fingerprint_key(settings)
    pool = ScannerPool(
        book.rules, key, size=jobs, deadline=limits.deadline, memory=limits.scanner_memory, limits=limits.reading,
        names=limits.names,
    )  # fmt: skip
    sources = iter(sources)
    if (head := next(sources, None)) is None:
        return
    waiting: deque[tuple[Source | Trouble, asyncio.Task[Report | Trouble]]] = deque()
    turns = asyncio.Semaphore(jobs)  # so that none waits in the pool's line, where time counts
    try:
        await pool.start()
        judge = _Judge(book, pool, new_detector(book.rules, key), limits.body)
        for source in chain((head,), sources):
            waiting.append((source, asyncio.create_task(judge.report(source, turns))))
            if len(waiting) >= jobs * _AHEAD or waiting[0][1].done():
                yield await _next(waiting)
        while waiting:
            yield await _next(waiting)
    except ScannerError as error:
        raise Fault(f"cerco: {error} See: cerco doctor") from None
    finally:
        for _, task in waiting:
            task.cancel()
        await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)
        await pool.close()


async def _next[Result](
    waiting: deque[tuple[Source | Trouble, asyncio.Task[Result]]],
) -> tuple[Source | Trouble, Result]:
    """Wait for the first in line. Not `await task`: Ctrl-C would go to that one, which may be done and not hear it."""
    first, task = waiting[0]
    await asyncio.wait((task,))
    waiting.popleft()
    return first, task.result()


@dataclass(frozen=True, slots=True)
class _Judge:
    """What a report is made with."""

    book: "Rulebook"
    pool: "ScannerPool"
    detector: "Detector"
    limit: int

    async def report(self, source: Source | Trouble, turns: asyncio.Semaphore) -> "Report | Trouble":
        """Return the report on a source when its turn has come."""
        if isinstance(source, Trouble):
            return source
        async with turns:
            try:
                data = await asyncio.to_thread(source.read, self.limit)
            except OSError as error:
                return Trouble.of(source.path, error)
            return await self._judged(source.name, data)

    async def _judged(self, name: str | None, data: bytes | None) -> "Report":
        from cerco.runtime.scanners import ScanReport  # noqa: PLC0415 - as above

        if name is None:
            if data is None:
                return self._decided(ScanReport((), (Unreadable(MESSAGE, Why.TOO_LARGE),), 0))
            return self._decided(await self.pool.scan_texts([Text(MESSAGE, _text(data))]))
        title = self.detector.examine([Text("file name", name, "filename")])
        if data is None:
            inside = ScanReport((), (Unreadable("file", Why.TOO_LARGE),), 0)
        else:
            inside = await self.pool.scan_file(data, name, "file")
        return self._decided(ScanReport(title.findings, title.coverage, 0), inside)

    def _decided(self, *outcomes: "ScanReport") -> "Report":
        from cerco.runtime.library import report  # noqa: PLC0415 - as above

        return report(self.book, outcomes, self.pool.degraded)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise click.UsageError("standard input is not UTF-8 text. To scan it as a file, add --name.") from None


def fingerprint_key(settings: Settings) -> bytes:
    """Return the site's key if this user may read it, so that fingerprints compare with the evidence; else any."""
    return site_derived(settings, "fingerprint") or secrets.token_bytes(32)


def site_derived(settings: Settings, purpose: Purpose) -> bytes:
    """Return a key of the site for a purpose, or nothing if this user may not read it."""
    try:
        return derive(site_key(settings.keys), purpose)
    except AuthorityError:
        return b""
