"""Hold bodies that are too large for memory until their verdict: on disk, in files that have no name.

In:    bytes as they arrive.
Out:   the same bytes, to be read in any order, also by a process that is handed the open file.
Never: a file that outlives its request: no name leads to it, and it is gone when it is let go of or this process ends.
       More on disk than is allowed.
"""

import contextlib
import errno
import os
import tempfile
import threading
from pathlib import Path

from cerco.dingtalk.held import Held


class HoldingError(OSError):
    """A body cannot be held, or is not held any more: it cannot be judged, so it must not leave."""


class Holding:
    """Room for bodies in one folder, which is made 0700. Threads may share it; every process has room of its own.

    Args:
        path: the folder.
        most: bytes of all bodies together.
    """

    def __init__(self, path: Path, most: int) -> None:
        self._path = path
        self._most = most
        self._used = 0
        self._turn = threading.Lock()

    @property
    def free(self) -> int:
        """Return the bytes that there is still room for."""
        return self._most - self._used

    def begin(self) -> "HeldFile":
        """Return a file for one body, with nothing in it.

        Raises:
            HoldingError: the folder cannot be used.
        """
        return HeldFile(self, self._path)

    def take(self, size: int) -> None:
        """Count bytes that are about to be written.

        Raises:
            HoldingError: there is no room for them.
        """
        with self._turn:
            if self._used + size > self._most:
                raise HoldingError(errno.EDQUOT, "there is no more room for bodies that wait for their verdict")
            self._used += size

    def give_back(self, size: int) -> None:
        """Count bytes that are gone."""
        with self._turn:
            self._used -= size


class HeldFile:
    """One body. It takes room until `release`, at the latest until nobody refers to it any more."""

    def __init__(self, holding: Holding, path: Path) -> None:
        self.size = 0  # bytes
        self._holding = holding
        self._counted = 0
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=path, buffering=0)  # noqa: SIM115 - closed with the last reference
        except OSError as error:
            raise _fault(error) from None

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            HoldingError: there is no room, or the disk fails. What was written before stays.
        """
        self._holding.take(len(data))
        self._counted += len(data)
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise _fault(error) from None
        self.size += len(data)

    def read(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at` on.

        Raises:
            HoldingError: they are not there, or the disk fails.
        """
        pieces, left = [], count
        while left:
            try:
                piece = os.pread(self._file.fileno(), left, at + count - left)
            except OSError as error:
                raise _fault(error) from None
            if not piece:
                raise HoldingError(errno.ENODATA, "a body is not held any more")
            pieces.append(piece)
            left -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def fileno(self) -> int:
        """Return the number under which this process has the file open."""
        return self._file.fileno()

    def held(self) -> Held:
        """Return what is in the file now."""
        return Held(self, 0, self.size)

    def release(self) -> None:
        """Let the bytes go.

        The file is emptied, not closed: a thread may still be reading it, and is not to meet another file under the
        same number.
        """
        with contextlib.suppress(OSError):  # a disk out of order; the last reference lets go of the file all the same
            self._file.truncate(0)
        counted, self._counted = self._counted, 0
        self._holding.give_back(counted)

    def __del__(self) -> None:
        if self.__dict__.get("_counted"):
            self._holding.give_back(self._counted)


def _fault(error: OSError) -> HoldingError:
    number = error.errno or errno.EIO
    return HoldingError(number, f"a body cannot be held on disk: {os.strerror(number)}")
