"""Give up, for good, whatever a process does not need in order to read a file.

In:    the memory it may still use.
Out:   the names of the measures that hold, for `cerco doctor`; those this system refuses are missing from them.
Never: a way back. The network goes before anything is loaded, the rest once everything is.
"""

import contextlib
import ctypes
import math
import os
import platform
import pwd
import resource
import signal
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from cerco.runtime.landlock import leave_files

# linux/prctl.h
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2  # linux/seccomp.h

# linux/filter.h and linux/seccomp.h: the five instructions the filter is made of.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # _REFUSE carries EPERM
_X32 = 0x40000000  # the second ABI of x86-64, under whose numbers the same calls exist

# Per machine: the audit name of its ABI (linux/audit.h), and the numbers (asm/unistd.h) of socket, socketpair, connect,
# bind, listen, execve, execveat, ptrace, mount, unshare, setns, io_uring_setup, bpf, process_vm_readv, kexec_load,
# process_vm_writev, userfaultfd, perf_event_open, add_key, request_key, keyctl, open_by_handle_at.
_SECCOMP = {
    "x86_64": (
        0xC000003E,
        (41, 53, 42, 49, 50, 59, 322, 101, 165, 272, 308, 425, 321, 310, 246, 311, 323, 298, 248, 249, 250, 304),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 199, 203, 200, 201, 221, 281, 117, 40, 97, 268, 425, 280, 270, 104, 271, 282, 241, 217, 218, 219, 265),
    ),
}

_NOBODY = 65_534
_SPARE_FILES = 16  # for libraries that open what they have been given, under a number of their own

# Pages that bring no fonts of their own are drawn with those of the system; opening a locked PDF takes random numbers.
_READABLE = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts", "/dev/urandom")

_libc = ctypes.CDLL(None, use_errno=True)
_NOTHING = (ctypes.c_ulong(0),) * 3


def disconnect() -> tuple[str, ...]:
    """Give up the network. For a process of one thread, before anything is loaded that might dial."""
    return _take(("no-network", _leave_network))


def isolate() -> tuple[str, ...]:
    """Give up privileges, files to write and calls that reach out, for this process and for all that it will fork.

    Returns the names of the measures that took hold. The order matters: a change of user undoes the death signal, and
    the system call filter comes last because it refuses what the others need.
    """
    os.umask(0o777)
    return _take(
        ("unprivileged", _leave_root),
        ("dies-with-gate", die_with_parent),
        ("no-new-privileges", lambda: _prctl(_PR_SET_NO_NEW_PRIVS, 1)),
        ("not-traceable", lambda: _prctl(_PR_SET_DUMPABLE, 0)),
        ("no-file-writes", lambda: _limit(resource.RLIMIT_FSIZE, 0)),
        ("no-core-dumps", lambda: _limit(resource.RLIMIT_CORE, 0)),
        ("system-call-filter", _filter_calls),
    )


def confine(memory: int, readable: Sequence[str] = ()) -> tuple[str, ...]:
    """Give up files, new processes, and memory beyond `memory` bytes on top of what is in use now.

    Besides what libraries read while they work, files below `readable` stay within reach.
    For a process that was forked off one that is isolated already, and that forks none itself.
    """
    return _take(
        ("memory-limit", lambda: _limit(resource.RLIMIT_AS, address_space() + memory)),
        ("no-new-processes", lambda: _limit(resource.RLIMIT_NPROC, 0)),
        ("few-open-files", lambda: _limit(resource.RLIMIT_NOFILE, _highest_file() + _SPARE_FILES)),
        ("no-files", lambda: leave_files((*_READABLE, *readable))),  # last: the others look at /proc
    )


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends. A fork does not inherit that.

    Raises:
        OSError: the kernel refuses.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _take(*measures: tuple[str, Callable[[], None]]) -> tuple[str, ...]:
    held = []
    for name, measure in measures:
        with contextlib.suppress(OSError, ValueError, KeyError):
            measure()
            held.append(name)
    return tuple(held)


def limit_cpu(seconds: float) -> None:
    """Let the kernel end this process after `seconds` more of processor time, should nobody else."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def address_space() -> int:
    """Return the bytes of address space in use."""
    return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()


def _leave_network() -> None:
    """Move into a network without interfaces, and out of shared memory and message queues of others."""
    spaces = os.CLONE_NEWNET | os.CLONE_NEWIPC
    os.unshare(spaces if os.geteuid() == 0 else spaces | os.CLONE_NEWUSER)


def _leave_root() -> None:
    """Become nobody. Whoever runs the gate as another user already is."""
    if os.geteuid() != 0:
        return
    try:
        nobody = pwd.getpwnam("nobody")
        user, group = nobody.pw_uid, nobody.pw_gid
    except KeyError:
        user = group = _NOBODY
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), *_NOTHING) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _highest_file() -> int:
    return max(int(entry.name) for entry in Path("/proc/self/fd").iterdir()) + 1


def _filter_calls() -> None:
    """Have the kernel refuse calls that open connections, start programs or reach into other processes."""
    abi, numbers = _SECCOMP[platform.machine()]
    # Jumps count the instructions to skip. Offsets into struct seccomp_data: 4 holds the ABI, 0 the number of the call.
    program = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, abi), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    program.append((_AT_LEAST, len(numbers) + 1, 0, _X32))
    for index, number in enumerate(numbers):
        program.append((_EQUAL, len(numbers) - index, 0, number))
    program += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
    head = struct.pack("@HP", len(program), ctypes.addressof(code))
    if _libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), head, *_NOTHING[1:]) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")
