"""Take files away from a process, whoever owns them: the kernel's Landlock (Linux 5.13 and later).

In:    files and folders that may still be read.
Out:   nothing; from then on every other path is refused, and so are TCP ports and signals where the kernel can.
Never: a way back, and nothing taken that is open already.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from typing import Final

# linux/landlock.h. The numbers of the calls are the same on every machine.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION: Final = 1  # a flag: only say which version the kernel has
_PATH_BENEATH: Final = 1
_READ_FILE, _READ_FOLDER = 0b0100, 0b1000
# Access to files that each version knows: 13 kinds, then moving (2), truncating (3) and talking to devices (5) as well.
_FILE_KINDS: Final = (13, 14, 15, 15, 16)
_TCP, _TCP_SINCE = 0b11, 4  # bind, connect
_SCOPES, _SCOPES_SINCE = 0b11, 6  # other programs' abstract sockets, and signals to them

_libc = ctypes.CDLL(None, use_errno=True)


def leave_files(readable: Iterable[str] = ()) -> None:
    """Give up all files but `readable` and what is below it. For a process of one thread that can gain no privileges.

    Raises:
        OSError: the kernel has no Landlock, or does not grant it here.
    """
    version = _call(_CREATE_RULESET, None, 0, _VERSION)
    handled = (1 << _FILE_KINDS[min(version, len(_FILE_KINDS)) - 1]) - 1
    tcp, scopes = _TCP * (version >= _TCP_SINCE), _SCOPES * (version >= _SCOPES_SINCE)
    attributes = struct.pack("=QQQ", handled, tcp, scopes)[: 24 if scopes else 16 if tcp else 8]
    ruleset = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no leave
    try:
        access = _READ_FILE | (_READ_FOLDER if stat.S_ISDIR(os.fstat(beneath).st_mode) else 0)
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", access, beneath), 0)
    finally:
        os.close(beneath)


def _call(number: int, *arguments: bytes | int | None) -> int:
    values = (ctypes.c_long(one) if isinstance(one, int) else ctypes.c_char_p(one) for one in arguments)
    result: int = _libc.syscall(ctypes.c_long(number), *values)
    if result < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return result
