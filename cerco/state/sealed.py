"""Keep bytes in files that only this site can read.

In:    bytes, in memory or held, and what they are bound to.
Out:   the bytes again, if nothing was changed.
Never: a byte in clear on disk; a file that others on the machine can read; content or a name of it in an error.
"""

import errno
import os
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cerco.dingtalk.held import Content, chunks, length

_NAME = 32  # hex digits of a file's name, drawn at random
# A file is sealed in segments, so that a long one is never in memory whole. A segment's nonce is the file's random
# prefix, the segment's number, and whether it is the last (STREAM: Hoang et al., CRYPTO 2015): none of them can be left
# out, added or moved.
_PREFIX = 7  # bytes; with a number of four bytes and one for the last: 12, NIST SP 800-38D, section 8.2
_SEGMENT = 1024 * 1024  # bytes in clear
_TAG = 16


class Sealed:
    """Files under AES-256-GCM in one folder, which is made 0700.

    Args:
        path: the folder; it may hold other files, which are left alone.
        key: 32 bytes.
        fault: the type of every error: the folder fails, or a file was damaged.
    """

    def __init__(self, path: Path, key: bytes, fault: type[OSError]) -> None:
        self._path = path
        self._cipher = AESGCM(key)
        self._fault = fault
        with self._faults():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, data: Content, bound: bytes) -> str:
        """Write a file and return its name; it opens only with the same `bound`."""
        name = secrets.token_hex(_NAME // 2)
        with self._faults():
            handle = os.open(self._path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    self._seal(file, data, bound)
            except OSError:
                self.remove([name])
                raise
        return name

    def read(self, name: str, bound: bytes) -> Iterator[bytes]:
        """Yield what was written, piece by piece. What was changed raises only when its turn comes."""
        with self._faults():
            file = (self._path / name).open("rb")
        with file:
            with self._faults():
                prefix, sealed = file.read(_PREFIX), file.read(_SEGMENT + _TAG)
            for number in count(1):
                with self._faults():
                    following = file.read(_SEGMENT + _TAG)
                try:
                    segment = self._cipher.decrypt(_nonce(prefix, number, last=not following), sealed, bound)
                except (InvalidTag, ValueError):
                    said = "a file in it is damaged; what it belongs to must be sent anew"
                    raise self._fault(errno.EIO, said) from None
                yield segment
                if not following:
                    return
                sealed = following

    def _seal(self, file: BinaryIO, data: Content, bound: bytes) -> None:
        prefix = secrets.token_bytes(_PREFIX)
        file.write(prefix)
        last = max(1, -(-length(data) // _SEGMENT))
        segments = enumerate(chunks(data, _SEGMENT) if length(data) else (b"",), 1)
        file.writelines(
            self._cipher.encrypt(_nonce(prefix, number, last=number == last), segment, bound)
            for number, segment in segments
        )

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, as far as they are there; what cannot be removed is left to `clear`."""
        for name in names:
            with suppress(OSError):
                (self._path / name).unlink()

    def clear(self, known: Collection[str], before: float) -> None:
        """Remove files that are not `known` and were written earlier than `before`, in seconds since the epoch."""
        with self._faults(), os.scandir(self._path) as entries:
            names = [entry.name for entry in entries if len(entry.name) == _NAME and entry.name not in known]
        for name in names:
            with suppress(FileNotFoundError), self._faults():
                if (self._path / name).stat().st_mtime < before:
                    (self._path / name).unlink()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise self._fault(errno.ENOENT, "a file in it is missing", str(self._path)) from None
        except OSError as error:
            number = error.errno or errno.EIO
            raise self._fault(number, f"the folder cannot be used: {os.strerror(number)}", str(self._path)) from None


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes((last,))
