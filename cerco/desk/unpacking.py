"""Undo a page's content coding as it passes through.

In:    the bytes of a page's body, piece by piece as they come, and the name of their coding.
Out:   the page's own bytes, piece by piece.
Never: more bytes than a page has any use for, whatever a few of them claim to expand to.
"""

import zlib
from collections.abc import Callable
from typing import Final

import brotli
import zstandard

from cerco.dingtalk.body import ZSTD_WINDOW

CODINGS: Final = frozenset({"gzip", "deflate", "br", "zstd"})
"""Codings that can be undone (RFC 9110, section 8.4.1; RFC 7932; RFC 8878)."""

# What a body may expand to: pages come to a tenth or so of their size, a table of equal rows under gzip to a 350th; a
# bomb of brotli is a 600,000th. A short page may be as dull as it likes.
_TIMES = 200
_SPARE = 16 * 1024 * 1024  # bytes
# A block of zstd holds 128 KiB at most, and four bytes can say so (RFC 8878, 3.1.1.2): so many at a time make 8 MiB.
_ZSTD_SLICE = 256

type _Undo = Callable[[bytes, int], bytes]
"""Return what is in a piece; of what holds more than so many bytes, a little more than these."""


class UnpackingError(ValueError):
    """The bytes are not in the coding they are said to be in, or expand beyond measure."""


class Unpacker:
    """One body on its way.

    Raises:
        ValueError: the coding is none that can be undone.
    """

    def __init__(self, coding: str) -> None:
        self._undo = _undo(coding)
        self._room = _SPARE

    def feed(self, data: bytes) -> bytes:
        """Return what the next piece holds.

        Raises:
            UnpackingError: there is nothing more to be had of this body.
        """
        self._room += len(data) * _TIMES
        try:
            plain = self._undo(data, self._room)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            raise UnpackingError("not in the coding it is said to be in") from error
        self._room -= len(plain)
        if self._room < 0:
            raise UnpackingError("expands beyond measure")
        return plain


def _undo(coding: str) -> _Undo:
    match coding:
        case "" | "identity":
            return lambda data, _: data
        case "gzip" | "x-gzip":
            return _inflate(31)
        case "deflate":
            return _Deflate()
        case "br":
            return _unbrotli()
        case "zstd":
            return _unzstd()
    raise ValueError(f"{coding}: no coding that can be undone")


def _inflate(window: int) -> _Undo:
    stream = zlib.decompressobj(window)
    return lambda data, most: stream.decompress(data, most + 1)


class _Deflate:
    """What "deflate" names: zlib, or deflate by itself, as some servers have it (RFC 9110, 8.4.1.2)."""

    def __init__(self) -> None:
        self._undo: _Undo | None = None

    def __call__(self, data: bytes, most: int) -> bytes:
        if self._undo is None and data:
            self._undo = _inflate(15 if data[0] & 0x0F == 8 else -15)
        return self._undo(data, most) if self._undo else b""


def _unbrotli() -> _Undo:
    stream = brotli.Decompressor()
    return lambda data, most: bytes(stream.process(data, output_buffer_limit=most + 1))


def _unzstd() -> _Undo:
    stream = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()

    def undo(data: bytes, most: int) -> bytes:
        plain = b""
        for start in range(0, len(data), _ZSTD_SLICE):
            plain += stream.decompress(data[start : start + _ZSTD_SLICE])
            if len(plain) > most:
                break
        return plain

    return undo
