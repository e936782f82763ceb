"""Keep bytes in files that only this site can read.

In:    bytes, and what they are bound to.
Out:   the bytes again, if nothing was changed.
Never: a byte in clear on disk; a file that others on the machine can read; content or a name of it in an error.
"""

import errno
import os
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NAME = 32  # hex digits of a file's name, drawn at random
_NONCE = 12  # bytes; NIST SP 800-38D, section 8.2


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

    def write(self, data: bytes, bound: bytes) -> str:
        """Write a file and return its name; it opens only with the same `bound`."""
        name = secrets.token_hex(_NAME // 2)
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, data, bound)
        with self._faults():
            handle = os.open(self._path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(nonce)
                    file.write(sealed)
            except OSError:
                self.remove([name])
                raise
        return name

    def read(self, name: str, bound: bytes) -> bytes:
        """Return what was written."""
        with self._faults():
            sealed = (self._path / name).read_bytes()
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
        except (InvalidTag, ValueError):
            raise self._fault(errno.EIO, "a file in it is damaged; what it belongs to must be sent anew") from None

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
