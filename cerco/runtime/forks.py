"""Hold the gate's end of a zygote and of the scanners it forks.

In:    the terms to load, then requests for a fork.
Out:   `Zygote`, `Scanner`: processes that can be asked, watched and ended.
Never: a process identifier trusted to mean the same process later. What is watched and ended is a handle (pidfd).
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

from cerco.dingtalk.held import Content, Held
from cerco.runtime import shelf
from cerco.runtime.terms import FRAME, STRETCH, Terms
from cerco.runtime.zygote import FAULT, FORK, FORKED

LOAD_LIMIT = 60.0  # seconds a zygote may take to load, and a fork to answer, on a machine that is very busy
_END_LIMIT = 1.0  # seconds a zygote may take to go of its own accord
_REPLY_LIMIT = 16 * 1024 * 1024  # bytes; findings are capped long before

_FAULT_LINE = re.compile(re.escape(FAULT.encode()) + rb"([A-Za-z_]\w{0,60})\n?\Z")

# Nothing of the gate's environment, but where automata are kept. One thread each: a process with more cannot be forked.
_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(slots=True)
class Scanner:
    """One scanner process: its identifier, the handle on it, and the socket to it."""

    pid: int
    handle: int = field(repr=False)
    wire: socket.socket = field(repr=False)
    _asked: bool = False
    _closed: bool = False

    async def ask(self, message: dict[str, Any], body: Content) -> bytes:
        """Send one message and return the reply. Of held content the process is handed the file, for reading only.

        Raises:
            OSError: the process is gone.
            EOFError: it went while answering, or its answer makes no sense.
        """
        self._asked = True
        try:
            if isinstance(body, Held):
                header = json.dumps({**message, STRETCH: [body.start, body.size]}).encode("ascii")
                with _for_reading(body) as file:
                    await _send(self.wire, header, handles=[file.fileno()])
            else:
                await _send(self.wire, json.dumps(message).encode("ascii"), len(body))
                await asyncio.get_running_loop().sock_sendall(self.wire, body)
            return await self.answer()
        finally:
            self._asked = False
            if self._closed:
                self.wire.close()

    async def answer(self) -> bytes:
        """Return the next message from the process. Raises as `ask`."""
        return await _receive(self.wire)

    def is_alive(self) -> bool:
        """Tell whether the process still holds its end of the socket."""
        try:
            return bool(self.wire.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def kill(self) -> None:
        """End the process; whoever watches it starts another."""
        if not self._closed:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    async def ended(self) -> None:
        """Return when the process has ended."""
        await _readable(self.handle)

    async def close(self) -> None:
        """End the process, and let go of it once it is gone."""
        self.kill()
        try:
            await self.ended()
        finally:
            self._closed = True
            os.close(self.handle)
            # Who is still asking will see the end of the stream; a socket closed under them would leave them waiting.
            if not self._asked:
                self.wire.close()


class Zygote:
    """A process that has loaded everything and forks scanners in milliseconds."""

    def __init__(self, process: Process, control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._turn = asyncio.Lock()
        self._listening = asyncio.create_task(_listen(process))

    @classmethod
    async def start(cls, terms: Terms) -> Self:
        """Start a process that shares nothing with this one but one socket, and wait until it has loaded everything.

        Raises:
            ZygoteError: it ended instead, or took too long.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setblocking(False)
            number = theirs.fileno()
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-B", "-m", "cerco.runtime.zygote", str(number)),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=PIPE,
                env=_ENVIRONMENT | shelf.inherited(),
                cwd="/",
                pass_fds=(number,),
                start_new_session=True,
            )
        zygote = cls(process, ours)
        try:
            async with asyncio.timeout(LOAD_LIMIT):
                await _send(ours, json.dumps(asdict(terms)).encode("ascii"))
                await _receive(ours)
        except (OSError, EOFError, TimeoutError) as fault:
            raise ZygoteError(await zygote.close() or type(fault).__name__) from None
        except BaseException:
            await zygote.close()
            raise
        return zygote

    @property
    def pid(self) -> int:
        """The process identifier of the zygote itself."""
        return self._process.pid

    async def fork(self) -> Scanner:
        """Return a new scanner, which is about to say what confines it.

        Raises:
            OSError: the zygote is gone.
            EOFError: it went while it forked.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            async with self._turn:
                with theirs:
                    socket.send_fds(self._control, [FORK], [theirs.fileno()])
                await _readable(self._control.fileno())
                told, handles, _, _ = socket.recv_fds(self._control, FORKED.size, 1)
            (pid,), (handle,) = _whole(told, handles)
        except BaseException:
            ours.close()
            # Should it still answer, the next caller would take that for its own.
            self._kill()
            raise
        return Scanner(pid, handle, ours)

    async def ended(self) -> None:
        """Return when the process has ended."""
        await self._process.wait()

    async def close(self) -> str:
        """End the process, and every fork with it; return the type of the exception that ended it before, if any."""
        self._control.close()  # so it buries its forks and goes; killed, it would leave that to whoever inherits them
        try:
            async with asyncio.timeout(_END_LIMIT):
                code = await self._process.wait()
        except TimeoutError:
            code = 0
        finally:
            self._kill()
            await self._process.wait()
        return await self._listening or (f"exit code {code}" if code else "")

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()


class ZygoteError(RuntimeError):
    """A zygote did not come up; the text says how it ended."""


def _whole(told: bytes, handles: list[int]) -> tuple[tuple[int], list[int]]:
    if len(told) < FORKED.size or not handles:
        raise EOFError
    return FORKED.unpack(told), handles


async def _send(wire: socket.socket, header: bytes, body: int = 0, *, handles: Sequence[int] = ()) -> None:
    frame = FRAME.pack(len(header), body)
    if handles:  # on a wire that nothing was said on yet, so that it takes a frame at once
        socket.send_fds(wire, [frame], handles)
        frame = b""
    await asyncio.get_running_loop().sock_sendall(wire, frame + header)


def _for_reading(held: Held) -> BinaryIO:
    """Open a held file anew: with the handle it is written by, a process could change it after it was judged."""
    return Path(f"/proc/self/fd/{held.store.fileno()}").open("rb", buffering=0)


async def _receive(wire: socket.socket) -> bytes:
    """Return one message without content.

    Raises:
        OSError: the other end is gone.
        EOFError: it went half-way, or the message makes no sense.
    """
    size, rest = FRAME.unpack(await _bytes(wire, FRAME.size))
    if rest or size > _REPLY_LIMIT:
        raise EOFError
    return bytes(await _bytes(wire, size))


async def _bytes(wire: socket.socket, size: int) -> bytearray:
    loop = asyncio.get_running_loop()
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = await loop.sock_recv_into(wire, view)
        if not count:
            raise EOFError
        view = view[count:]
    return data


async def _readable(number: int) -> None:
    """Wait until there is something to read; for a handle, until its process has ended."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def tell() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(number, tell)
    try:
        await ready
    finally:
        loop.remove_reader(number)


async def _listen(process: Process) -> str:
    """Read what a process and its forks say on stderr, to its end; return the type in the last line, drop all else."""
    tail = b""
    if process.stderr is not None:
        while chunk := await process.stderr.read(4096):
            tail = (tail + chunk)[-256:]
    match = _FAULT_LINE.search(tail)
    return match[1].decode("ascii") if match else ""
