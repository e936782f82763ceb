"""Hold the strings of libarchive, the library that reads most kinds of archives.

In:    bytes, and the name of the one kind they are to be read as.
Out:   `Entry` after `Entry`, with what is in each by the piece.
Never: a file opened or written, or a program called: only readers that work in memory are switched on.

The library is the one inside the `archi` package, or the system's. Where there is neither, `LIBRARY` is None.
"""

import ctypes
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cerco.extract.source import ReadError
from cerco.extract.text import Why

_SYSTEM = "libarchive.so.13"
_END, _OK, _WARN, _FAILED = 1, 0, -20, -25  # archive.h; what is lower is the end of everything
_REGULAR = 0o100000  # archive_entry.h: AE_IFREG
_NO_MEMORY = 12  # ENOMEM

_pointer, _bytes, _int = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
# archive.h and archive_entry.h: name, what it returns, what it takes.
_FUNCTIONS: Final = (
    ("archive_read_new", _pointer, ()),
    ("archive_read_free", _int, (_pointer,)),
    ("archive_read_set_option", _int, (_pointer, _bytes, _bytes, _bytes)),
    ("archive_read_open_memory", _int, (_pointer, _pointer, ctypes.c_size_t)),
    ("archive_read_next_header", _int, (_pointer, ctypes.POINTER(_pointer))),
    (
        "archive_read_data_block",
        _int,
        (_pointer, ctypes.POINTER(_pointer), ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(ctypes.c_int64)),
    ),
    ("archive_read_has_encrypted_entries", _int, (_pointer,)),
    ("archive_filter_bytes", ctypes.c_int64, (_pointer, _int)),
    ("archive_errno", _int, (_pointer,)),
    ("archive_error_string", _bytes, (_pointer,)),
    ("archive_version_string", _bytes, ()),
    ("archive_entry_pathname", _bytes, (_pointer,)),
    ("archive_entry_pathname_w", ctypes.c_wchar_p, (_pointer,)),
    ("archive_entry_symlink", _bytes, (_pointer,)),
    ("archive_entry_hardlink", _bytes, (_pointer,)),
    ("archive_entry_filetype", ctypes.c_uint, (_pointer,)),
    ("archive_entry_is_data_encrypted", _int, (_pointer,)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: its name as bytes or, where the library knows better, as text; `links` are names it points to."""

    raw: bytes = field(repr=False)
    name: str | None = field(repr=False)
    links: tuple[bytes, ...] = field(repr=False)
    is_file: bool
    is_encrypted: bool


def _load() -> ctypes.CDLL | None:
    """Return the library, its functions declared; None where there is none, or it is too old."""
    spec = importlib.util.find_spec("archi")
    folder = Path(spec.origin).parent / "archi.libs" if spec and spec.origin else None
    for path in (*(map(str, sorted(folder.glob("libarchive-*.so*"))) if folder else ()), _SYSTEM):
        try:
            library = ctypes.CDLL(path)
            for name, result, takes in _FUNCTIONS:
                function = getattr(library, name)
                function.restype = result
                function.argtypes = takes
        except (OSError, AttributeError):
            continue
        return library
    return None


LIBRARY: Final = _load()


def version() -> str | None:
    """Return the version of the library that is loaded, or None."""
    if LIBRARY is None:
        return None
    said: bytes = LIBRARY.archive_version_string()
    return said.decode("ascii").removeprefix("libarchive ")


class Archive:
    """An archive being read, from the first member to the last. Use `opened` to get one."""

    def __init__(self, library: ctypes.CDLL, handle: int) -> None:
        self._library = library
        self._handle = handle
        self._entry = ctypes.c_void_p()

    def entries(self) -> Iterator[Entry]:
        """Yield the members one by one; `data` reads from the one that was yielded last.

        Raises:
            ReadError: there may be more, but the library cannot go on.
        """
        library, entry = self._library, self._entry
        while (status := library.archive_read_next_header(self._handle, ctypes.byref(entry))) != _END:
            if status < _WARN:
                raise ReadError(self._why())
            links = (library.archive_entry_symlink(entry), library.archive_entry_hardlink(entry))
            yield Entry(
                library.archive_entry_pathname(entry) or b"",
                library.archive_entry_pathname_w(entry),
                tuple(link for link in links if link),
                library.archive_entry_filetype(entry) in {_REGULAR, 0},
                bool(library.archive_entry_is_data_encrypted(entry)),
            )

    def data(self) -> Iterator[bytes]:
        """Yield what is in the member, without the holes of a sparse file.

        Raises:
            ReadError: the rest of it cannot be read.
        """
        block, size, offset = ctypes.c_void_p(), ctypes.c_size_t(), ctypes.c_int64()
        found = (ctypes.byref(block), ctypes.byref(size), ctypes.byref(offset))
        while (status := self._library.archive_read_data_block(self._handle, *found)) != _END:
            if status < _WARN:
                raise ReadError(self._why())
            if size.value and block.value:
                yield ctypes.string_at(block, size.value)

    @property
    def position(self) -> int:
        """Return how far the library has come, in bytes from the beginning; of use for formats without a directory."""
        return int(self._library.archive_filter_bytes(self._handle, -1))

    def _why(self) -> Why:
        if self._library.archive_read_has_encrypted_entries(self._handle) > 0:
            return Why.ENCRYPTED
        if self._library.archive_errno(self._handle) == _NO_MEMORY:
            return Why.TOO_LARGE
        said = (self._library.archive_error_string(self._handle) or b"").lower()
        for words, why in _SAYINGS:
            if words in said:
                return why
        return Why.MALFORMED


# How the library says why it cannot go on; it has no codes for this.
_SAYINGS: Final = (
    (b"encrypt", Why.ENCRYPTED),
    (b"password", Why.ENCRYPTED),
    (b"passphrase", Why.ENCRYPTED),
    (b"memory", Why.TOO_LARGE),
    (b"unsupported", Why.UNKNOWN_FORMAT),
    (b"not supported", Why.UNKNOWN_FORMAT),
    (b"unknown", Why.UNKNOWN_FORMAT),
)


@contextmanager
def opened(data: bytes, *readers: str, options: tuple[tuple[bytes, bytes], ...] = ()) -> Iterator[Archive]:
    """Open bytes as an archive of one kind: `readers` are the ends of the names of the functions that allow it.

    Raises:
        ReadError: there is no library, or this is no such archive.
    """
    if LIBRARY is None:
        raise ReadError(Why.UNKNOWN_FORMAT)
    handle = LIBRARY.archive_read_new()
    if not handle:
        raise ReadError(Why.TOO_LARGE)
    try:
        for reader in readers:
            allow = getattr(LIBRARY, f"archive_read_support_{reader}", None)
            if allow is None or allow(ctypes.c_void_p(handle)) < _WARN:
                raise ReadError(Why.UNKNOWN_FORMAT)
        for module, option in options:
            LIBRARY.archive_read_set_option(handle, module, option, b"1")
        buffer = ctypes.c_char_p(data)  # borrowed: `data` outlives the handle
        if LIBRARY.archive_read_open_memory(handle, ctypes.cast(buffer, ctypes.c_void_p), len(data)) < _WARN:
            raise ReadError(Why.MALFORMED)
        yield Archive(LIBRARY, handle)
    finally:
        LIBRARY.archive_read_free(handle)
