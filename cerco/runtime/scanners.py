"""Keep scanner processes ready, hand each of them one job, and put another in its place.

In:    bytes, in memory or held on disk, or texts, with their place.
Out:   a `ScanReport` for every job, in time, whatever the file does to the process that reads it.
Never: a file opened here. This process holds the CA key; it passes bytes on and checks what comes back.
"""

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cerco.dingtalk.held import Content, Held
from cerco.extract.text import Limits, Text, Unreadable, Why
from cerco.runtime.forks import LOAD_LIMIT, Scanner, Zygote, ZygoteError
from cerco.runtime.pool_meters import PoolMeters
from cerco.runtime.terms import MESSAGE, Terms
from cerco.scan.finding import Finding
from cerco.scan.rule import DetectRule

logger = logging.getLogger(__name__)

SPARES = 1  # processes kept ready beyond those at work, so that one that falls is replaced before the next job comes
WAITING = 32  # jobs in line for each process
WAITING_SIZE = 256 * 1024 * 1024  # bytes of content in line for each process; past either, jobs are turned away
_COPIES = 2  # of a file that goes over the wire: as it comes in, and as it is read
ROOM = 64 * 1024 * 1024  # bytes that reading a held file takes at the least, besides the file
_RETRY = (1.0, 30.0)  # seconds between attempts to start a process: first, longest
_SAY_AGAIN = 60.0  # seconds between two warnings that the line is full

_FAULTS = (OSError, EOFError, TimeoutError, ValidationError, ZygoteError)


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What was found in a job and what was not read; `bytes_read` counts the bytes a reader made sense of.

    `seen` is what other rules can be asked about later, as a `Keeper` writes it, where the gate records that.
    """

    findings: tuple[Finding, ...]
    coverage: tuple[Unreadable, ...]
    bytes_read: int
    seen: tuple[str, ...] = field(default=(), repr=False)
    spared: tuple[str, ...] = ()  # ids of the suppressions that took findings out of it

    def __add__(self, other: "ScanReport") -> "ScanReport":
        return ScanReport(
            self.findings + other.findings,
            self.coverage + other.coverage,
            self.bytes_read + other.bytes_read,
            self.seen + other.seen,
            self.spared + other.spared,
        )


@dataclass(frozen=True, slots=True)
class _Ready:
    confinement: tuple[str, ...]
    degraded: tuple[str, ...]


_REPLY = TypeAdapter(ScanReport)
_READY = TypeAdapter(_Ready)


class ScannerError(RuntimeError):
    """No scanner process could be started; the text says how the first one ended."""


class ScannerPool:
    """`size` scanner processes at work and one in reserve, all forked off one process that has everything loaded.

    Each does one job and is replaced, which takes milliseconds. `deadline` is in seconds, for waiting in line and the
    work together, and `patience` the same for a file that is held on disk; `memory` is in bytes, for one process beyond
    what it shares with the others, and any file must fit into it. A file whose process falls is not tried again: it may
    have been made to do that.
    """

    def __init__(
        self,
        rules: Sequence[DetectRule],
        key: bytes,
        *,
        size: int,
        deadline: float,
        memory: int,
        limits: Limits,
        patience: float | None = None,
        names: bool = False,
        meters: PoolMeters | None = None,
        record: bool = False,
    ) -> None:
        self._size = size
        self._deadline = deadline
        self._patience = deadline if patience is None else patience
        self._memory = memory
        self._meters = meters or PoolMeters()
        self._terms = Terms(
            rules=[rule.model_dump(mode="json") for rule in rules],
            key=key.hex(),
            limits=asdict(limits),
            memory=memory,
            gate=os.getpid(),
            names=names,
            record=record,
        )
        self._turns = asyncio.Semaphore(size)
        self._waiting = 0
        self._waiting_size = 0
        self._said = -_SAY_AGAIN
        self._idle: asyncio.Queue[Scanner] = asyncio.Queue()
        self._keeper: asyncio.Task[None] | None = None
        self._first = asyncio.Event()
        self._failed = asyncio.Event()
        self._confinement: tuple[str, ...] | None = None
        self._degraded: tuple[str, ...] = ()
        self._last_fault = ""

    @property
    def confinement(self) -> tuple[str, ...]:
        """The measures that hold in every scanner process started so far; empty before `start`."""
        return self._confinement or ()

    @property
    def degraded(self) -> tuple[str, ...]:
        """What the scanner processes go without, such as a model that is not installed."""
        return self._degraded

    async def start(self) -> None:
        """Start all processes; return once one is ready.

        Raises:
            ScannerError: none could be started.
        """
        self._keeper = asyncio.create_task(self._persist(self._breed))
        waits = [asyncio.create_task(event.wait()) for event in (self._first, self._failed)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not self._first.is_set():
            await self.close()
            raise ScannerError(f"No scanner process could be started: {self._last_fault}.")

    async def close(self) -> None:
        """End all processes and wait until they are gone."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def scan_file(
        self, data: Content, name: str | None, place: str, rules: list[dict[str, Any]] | None = None
    ) -> ScanReport:
        """Scan a file. `name` is what it is called, for places; `place` is where it stands in the outbound.

        `rules`, in plain JSON types, count instead of the pool's own: the process makes itself ready for them first.
        """
        return await self._run({"kind": "file", "name": name, "place": place, "rules": rules}, data, place)

    async def scan_texts(self, texts: Sequence[Text], rules: list[dict[str, Any]] | None = None) -> ScanReport:
        """Scan the texts of one message that is too long to be scanned where it arrives; `rules` as for a file."""
        body = json.dumps([asdict(text) for text in texts]).encode("ascii")
        return await self._run({"kind": "texts", "rules": rules}, body, MESSAGE)

    async def _run(self, header: dict[str, Any], body: Content, place: str) -> ScanReport:
        loop = asyncio.get_running_loop()
        began = loop.time()
        if isinstance(body, Held):  # on disk, it takes no room in line
            end, size, needed = began + self._patience, 0, body.size + ROOM
        else:
            end, size, needed = began + self._deadline, len(body), len(body) * _COPIES
        if needed > self._memory:
            return self._given_up(place, Why.TOO_LARGE, "too_large")
        if self._is_full(size):
            self._warn(loop.time())
            return self._given_up(place, Why.TIMED_OUT, "turned_away")
        if not await self._turn(end, size):
            return self._given_up(place, Why.TIMED_OUT, "waited_too_long")
        self._meters.begin(loop.time() - began)
        scanner: Scanner | None = None
        fate = "abandoned"  # by a caller who went away
        try:
            async with asyncio.timeout_at(end):
                scanner = await self._take()
                header["seconds"] = end - loop.time()
                report = _REPLY.validate_json(await scanner.ask(header, body), strict=True)
        except TimeoutError:
            fate = "timed_out"
            return _gap(place, Why.TIMED_OUT)
        except (OSError, EOFError, ValidationError):
            fate = "fell"
            return _gap(place, Why.MALFORMED)
        else:
            fate = "done"
            return report
        finally:
            if scanner is not None:
                scanner.kill()
            self._turns.release()
            self._meters.end(fate)

    def _is_full(self, size: int) -> bool:
        """Tell whether the line is too long for one more. Whatever its size, a job may be the first in line."""
        too_much = self._waiting > 0 and self._waiting_size + size > self._size * WAITING_SIZE
        return too_much or self._waiting >= self._size * WAITING

    def _warn(self, now: float) -> None:
        if now - self._said >= _SAY_AGAIN:
            self._said = now
            logger.warning(
                "Files are turned away unread: %d are waiting for %d scanner processes. "
                "Raise limits.scanners if the machine has processor cores to spare.",
                self._waiting,
                self._size,
            )

    def _given_up(self, place: str, why: Why, fate: str) -> ScanReport:
        self._meters.refused(fate)
        return _gap(place, why)

    async def _turn(self, end: float, size: int) -> bool:
        """Wait in line until the deadline; tell whether the turn came."""
        self._waiting += 1
        self._waiting_size += size
        self._meters.line(1)
        try:
            async with asyncio.timeout_at(end):
                return await self._turns.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
            self._waiting_size -= size
            self._meters.line(-1)

    async def _take(self) -> Scanner:
        while not (scanner := await self._idle.get()).is_alive():
            self._meters.died("waiting")
        return scanner

    async def _persist(self, live: Callable[[], Awaitable[None]]) -> None:
        """Do something that ends again and again; after a failure, later and later."""
        delay = _RETRY[0]
        while True:
            try:
                await live()
            except _FAULTS as fault:
                self._last_fault = (str(fault) if isinstance(fault, ZygoteError) else "") or type(fault).__name__
                logger.error("A scanner process could not be started: %s.", self._last_fault)  # noqa: TRY400 - no trace
                self._failed.set()
                await asyncio.sleep(delay)
                delay = min(delay * 2, _RETRY[1])
            else:
                delay = _RETRY[0]

    async def _breed(self) -> None:
        """Start a zygote, keep its forks at work, and return when it has ended.

        Raises:
            ZygoteError: it did not come up.
        """
        zygote = await Zygote.start(self._terms)
        seats = [asyncio.create_task(self._persist(partial(self._live, zygote))) for _ in range(self._size + SPARES)]
        try:
            await zygote.ended()
            self._meters.died("zygote")
            logger.warning("The process that scanner processes are forked from has ended; another is started.")
        finally:
            for seat in seats:
                seat.cancel()
            await asyncio.gather(*seats, return_exceptions=True)
            while not self._idle.empty():
                self._idle.get_nowait()
            await zygote.close()

    async def _live(self, zygote: Zygote) -> None:
        """Have a process forked, offer it for work once it is confined, and return when it has ended.

        Raises:
            OSError | EOFError | TimeoutError | ValidationError: it was not, or not in time.
        """
        async with asyncio.timeout(LOAD_LIMIT):
            scanner = await zygote.fork()
        try:
            async with asyncio.timeout(LOAD_LIMIT):
                self._note(_READY.validate_json(await scanner.answer(), strict=True))
            self._idle.put_nowait(scanner)
            self._first.set()
            await scanner.ended()
        finally:
            await scanner.close()

    def _note(self, ready: _Ready) -> None:
        held = ready.confinement
        if self._confinement is not None:
            held = tuple(name for name in self._confinement if name in held)
        self._confinement, self._degraded = held, ready.degraded


def _gap(place: str, why: Why) -> ScanReport:
    return ScanReport((), (Unreadable(place, why),), 0)
