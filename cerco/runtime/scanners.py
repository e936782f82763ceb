"""Keep scanner processes warm, hand them files, and take their place at once when one falls.

In:    bytes or texts, with their place.
Out:   a `ScanReport` for every job, in time, whatever the file does to the process that reads it.
Never: a file opened here. This process holds the CA key; it passes bytes on and checks what comes back.
"""

import asyncio
import contextlib
import json
import logging
import os
import re
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cerco.extract.text import Limits, Text, Unreadable, Why
from cerco.runtime import shelf
from cerco.runtime.scanner_process import FAULT, FRAME, MESSAGE
from cerco.scan.finding import Finding
from cerco.scan.rule import DetectRule

logger = logging.getLogger(__name__)

SPARES = 1  # processes kept warm beyond those at work: loading the recognisers takes seconds
WAITING = 32  # jobs in line for each process; each holds its file in memory, so past this they are turned away
_REPLY_LIMIT = 16 * 1024 * 1024  # bytes; findings are capped long before
_COPIES = 2  # of a file, that reading it takes at the least
_WARM_LIMIT = 60.0  # seconds a process may take to start
_RETRY = (1.0, 30.0)  # seconds between attempts to start one: first, longest

_FAULT_LINE = re.compile(re.escape(FAULT.encode()) + rb"([A-Za-z_]\w{0,60})\n?\Z")


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What was found in a job and what was not read; `bytes_read` counts the bytes a reader made sense of."""

    findings: tuple[Finding, ...]
    coverage: tuple[Unreadable, ...]
    bytes_read: int


@dataclass(frozen=True, slots=True)
class _Reply:
    report: ScanReport
    spent: bool


@dataclass(frozen=True, slots=True)
class _Ready:
    confinement: tuple[str, ...]


_REPLY = TypeAdapter(_Reply)
_READY = TypeAdapter(_Ready)


class ScannerError(RuntimeError):
    """No scanner process could be started; the text says how the first one ended."""


@dataclass(slots=True)
class _Scanner:
    """One scanner process and the socket to it."""

    process: Process
    wire: socket.socket = field(repr=False)

    async def ask(self, header: bytes, body: bytes) -> bytes:
        """Send one message and return the reply.

        Raises:
            OSError: the process is gone.
            EOFError: it went while answering, or its answer makes no sense.
        """
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.wire, FRAME.pack(len(header), len(body)) + header)
        await loop.sock_sendall(self.wire, body)
        size, rest = FRAME.unpack(await self._receive(FRAME.size))
        if rest or size > _REPLY_LIMIT:
            raise EOFError
        return bytes(await self._receive(size))

    async def _receive(self, size: int) -> bytearray:
        loop = asyncio.get_running_loop()
        data = bytearray(size)
        view = memoryview(data)
        while view:
            count = await loop.sock_recv_into(self.wire, view)
            if not count:
                raise EOFError
            view = view[count:]
        return data

    def is_alive(self) -> bool:
        """Tell whether the process still holds its end of the socket."""
        if self.process.returncode is not None:
            return False
        try:
            return bool(self.wire.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def kill(self) -> None:
        """End the process; whoever watches it starts another."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


class ScannerPool:
    """`size` scanner processes at work and one warm in reserve.

    `deadline` is in seconds, for waiting in line and the work together; `memory` is in bytes, for one process beyond
    what it holds when warm. A file whose process falls is not tried again: it may have been made to do that.
    """

    def __init__(
        self, rules: Sequence[DetectRule], key: bytes, *, size: int, deadline: float, memory: int, limits: Limits
    ) -> None:
        self._size = size
        self._deadline = deadline
        self._memory = memory
        self._greeting = {
            "rules": [rule.model_dump(mode="json") for rule in rules],
            "key": key.hex(),
            "limits": asdict(limits),
            "memory": memory,
            "deadline": deadline,
            "gate": os.getpid(),
        }
        self._turns = asyncio.Semaphore(size)
        self._waiting = 0
        self._idle: asyncio.Queue[_Scanner] = asyncio.Queue()
        self._keepers: list[asyncio.Task[None]] = []
        self._confinement: tuple[str, ...] | None = None
        self._last_fault = ""

    @property
    def confinement(self) -> tuple[str, ...]:
        """The measures that hold in every scanner process started so far; empty before `start`."""
        return self._confinement or ()

    async def start(self) -> None:
        """Start all processes; return once one is warm.

        Raises:
            ScannerError: none could be started.
        """
        first = asyncio.Event()
        failed = asyncio.Event()
        self._keepers = [asyncio.create_task(self._keep(first, failed))]
        waits = [asyncio.create_task(event.wait()) for event in (first, failed)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not first.is_set():
            await self.close()
            raise ScannerError(f"No scanner process could be started: {self._last_fault}.")
        # The others only now: side by side they would make the first one late.
        rest = self._size + SPARES - 1
        self._keepers += [asyncio.create_task(self._keep(first, failed)) for _ in range(rest)]

    async def close(self) -> None:
        """End all processes and wait until they are gone."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers = []
        while not self._idle.empty():
            self._idle.get_nowait()

    async def scan_file(
        self, data: bytes, name: str | None, place: str, rules: list[dict[str, Any]] | None = None
    ) -> ScanReport:
        """Scan a file. `name` is what it is called, for places; `place` is where it stands in the outbound.

        `rules`, in plain JSON types, count instead of the pool's own: the process makes itself ready for them first.
        """
        return await self._run({"kind": "file", "name": name, "place": place, "rules": rules}, data, place)

    async def scan_texts(self, texts: Sequence[Text], rules: list[dict[str, Any]] | None = None) -> ScanReport:
        """Scan the texts of one message that is too long to be scanned where it arrives; `rules` as for a file."""
        body = json.dumps([asdict(text) for text in texts]).encode("ascii")
        return await self._run({"kind": "texts", "rules": rules}, body, MESSAGE)

    async def _run(self, header: dict[str, Any], body: bytes, place: str) -> ScanReport:
        end = asyncio.get_running_loop().time() + self._deadline
        if len(body) * _COPIES > self._memory:
            return _gap(place, Why.TOO_LARGE)
        if self._waiting >= self._size * WAITING or not await self._turn(end):
            return _gap(place, Why.TIMED_OUT)
        scanner: _Scanner | None = None
        try:
            async with asyncio.timeout_at(end):
                scanner = await self._take()
                reply = _REPLY.validate_json(await scanner.ask(json.dumps(header).encode("ascii"), body), strict=True)
        except TimeoutError:
            return _gap(place, Why.TIMED_OUT)
        except (OSError, EOFError, ValidationError):
            return _gap(place, Why.MALFORMED)
        else:
            if not reply.spent:
                self._idle.put_nowait(scanner)
                scanner = None
            return reply.report
        finally:
            # Whatever is still held here, has failed, is spent, or was at work for a caller who went away.
            if scanner is not None:
                scanner.kill()
            self._turns.release()

    async def _turn(self, end: float) -> bool:
        """Wait in line until the deadline; tell whether the turn came."""
        self._waiting += 1
        try:
            async with asyncio.timeout_at(end):
                return await self._turns.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1

    async def _take(self) -> _Scanner:
        while not (scanner := await self._idle.get()).is_alive():
            scanner.kill()
        return scanner

    async def _keep(self, first: asyncio.Event, failed: asyncio.Event) -> None:
        """Keep one process running: start it, and when it has ended start the next."""
        delay = _RETRY[0]
        while True:
            try:
                await self._live(first)
            except (OSError, EOFError, ValidationError) as fault:
                self._last_fault = self._last_fault or type(fault).__name__
                logger.error("A scanner process could not be started: %s.", self._last_fault)  # noqa: TRY400 - no trace
                failed.set()
                await asyncio.sleep(delay)
                delay = min(delay * 2, _RETRY[1])
            else:
                delay = _RETRY[0]

    async def _live(self, first: asyncio.Event) -> None:
        """Start a process, offer it for work once it is warm, and return when it has ended.

        Raises:
            OSError | EOFError | ValidationError: it did not become warm.
        """
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            process = await self._spawn(theirs)
            scanner = _Scanner(process, ours)
            theirs.close()
            listening = asyncio.create_task(_listen(process))
            try:
                async with asyncio.timeout(_WARM_LIMIT):
                    greeting = json.dumps(self._greeting).encode("ascii")
                    ready = _READY.validate_json(await scanner.ask(greeting, b""), strict=True)
                self._note(ready)
                self._idle.put_nowait(scanner)
                first.set()
                await process.wait()
            finally:
                scanner.kill()
                code = await process.wait()
                self._last_fault = await listening or f"exit code {code}"

    async def _spawn(self, theirs: socket.socket) -> Process:
        """Start a process that shares nothing with this one but one socket."""
        number = theirs.fileno()
        command = (sys.executable, "-I", "-B", "-m", "cerco.runtime.scanner_process", str(number))
        # One thread, so that it can leave the namespaces it was born in.
        clean = {"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        if (kept := shelf.folder()) is not None:
            clean[shelf.VARIABLE] = str(kept)
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
            env=clean,
            cwd="/",
            pass_fds=(number,),
            start_new_session=True,
        )

    def _note(self, ready: _Ready) -> None:
        held = ready.confinement
        if self._confinement is not None:
            held = tuple(name for name in self._confinement if name in held)
        self._confinement = held


def _gap(place: str, why: Why) -> ScanReport:
    return ScanReport((), (Unreadable(place, why),), 0)


async def _listen(process: Process) -> str:
    """Read a process's stderr to its end; return the type of the exception that ended it, and drop all else."""
    tail = b""
    if process.stderr is not None:
        while chunk := await process.stderr.read(4096):
            tail = (tail + chunk)[-256:]
    match = _FAULT_LINE.search(tail)
    return match[1].decode("ascii") if match else ""
