"""Load all that a scanner needs once, and fork scanners off it: what is loaded is shared, what a file does is not.

In:    rules, key and limits once, over the socket whose number is the only argument; then one socket for each fork.
Out:   a handle (pidfd) for each fork; the fork itself answers over the socket it was given.
Never: a job done here, the CA key, or a second thread: forks would wait for what only that one can finish.
"""

import contextlib
import gc
import os
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from cerco.runtime.confine import confine, die_with_parent, disconnect, isolate

if TYPE_CHECKING:
    from cerco.runtime.scanner_process import Scanner

FORK = b"f"  # comes with the socket that a fork is to answer on
FORKED = struct.Struct(">i")  # goes back with the handle of the fork: its process identifier
FAULT = "scanner ended by "  # begins the only line on stderr that means anything


class ThreadsError(RuntimeError):
    """A library started a thread when it was loaded."""


def main(arguments: Sequence[str]) -> int:
    """Fork scanners until the gate hangs up; returns the exit code."""
    sys.excepthook = _name_fault
    held = disconnect()
    # Not before: whatever is loaded from here on has no network to reach.
    from cerco.runtime import scanner_process  # noqa: PLC0415

    control = socket.socket(fileno=int(arguments[0]))
    scanner = scanner_process.load(control)
    held += isolate()
    # Asked only now, since the gate may have ended before the kernel was told to watch it.
    if scanner is None or os.getppid() != scanner.terms.gate:
        return 0
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise ThreadsError
    # A fork would copy, page by page, what the collector looks at.
    gc.collect()
    gc.freeze()
    scanner_process.send(control, {"forks": True})
    while (wire := _asked(control)) is not None:
        _bury()
        zygote = os.getpid()
        child = os.fork()
        if child == 0:
            control.close()
            os._exit(_scan(scanner, wire, held, zygote))
        wire.close()
        handle = os.pidfd_open(child)
        socket.send_fds(control, [FORKED.pack(child)], [handle])
        os.close(handle)
    _bury()
    return 0


def _asked(control: socket.socket) -> socket.socket | None:
    """Wait until a fork is asked for; return the socket it is for, or None once the gate has hung up."""
    asked, numbers, _, _ = socket.recv_fds(control, len(FORK), 1)
    return socket.socket(fileno=numbers[0]) if asked and numbers else None


def _bury() -> None:
    """Let go of forks that have ended. Until then none of their identifiers can come to mean another process."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _scan(scanner: "Scanner", wire: socket.socket, held: tuple[str, ...], zygote: int) -> int:
    """Be a scanner: what runs in a fork, to its end. Returns the exit code."""
    try:
        with contextlib.suppress(OSError):
            die_with_parent()
        if os.getppid() != zygote:
            return 0
        from cerco.runtime.shelf import folder  # noqa: PLC0415 - loaded long since

        kept = folder()  # of automata, for rules that are newer than this process
        held += confine(scanner.terms.memory, () if kept is None else (str(kept),))
        scanner.serve(wire, held)
    except BaseException as fault:  # noqa: BLE001 - a fork that went on from here would be a second zygote
        _name_fault(type(fault), fault, None)
        return 1
    return 0


def _name_fault(kind: type[BaseException], _fault: BaseException, _trace: TracebackType | None) -> None:
    """Say the type of what went wrong, and not a word of what it says."""
    sys.stderr.write(f"{FAULT}{kind.__name__}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
