"""Decompress what is one stream of bytes, by the piece, whatever its headers promise.

In:    the bytes of a gzip, bzip2, xz, lzma or zstd file, or of a stream inside an archive.
Out:   what comes out, up to a limit; names and comments that the headers hold; what stands behind the end.
Never: memory for a window larger than the limits allow; a second stream forgotten behind the first.
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol

import stream_inflate  # type: ignore[import-untyped]
import zstandard

from cerco.extract.charset import encodings
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

_CHUNK = 64 * 1024  # bytes that come out at a time
_FEED = 16 * 1024  # bytes that go in at a time; the ratio is judged by what has gone in
_ZSTD_FEED = 1024  # its library cannot be asked for less than what comes out of this
RATIO_FROM = 1024 * 1024  # bytes a stream may grow to before its ratio is judged: short runs compress without limit
_SUFFIXES = (".gz", ".gzip", ".bz2", ".xz", ".lzma", ".zst", ".zstd", ".lz4", ".lz", ".z")

_TEXTS = 0x08, 0x10  # RFC 1952, 2.3.1: flags that a name, and that a comment, follows; 0x04 is for an extra field

_GZIP = b"\x1f\x8b\x08"
_BZIP2 = b"BZh"
_XZ = b"\xfd7zXZ\x00"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPED = (0x184D2A50, 0x184D2A5F)  # RFC 8878, 3.1.2: frames that hold anything but compressed data

# What the libraries raise on a stream that is not what it claims to be.
_FAULTS = (
    zlib.error, lzma.LZMAError, zstandard.ZstdError, struct.error, EOFError, OSError, ValueError, LookupError
)  # fmt: skip


class Decoder(Protocol):
    """What bz2 and lzma have in common."""

    @property
    def eof(self) -> bool:
        """Tell whether the end of the stream was reached."""
        ...

    @property
    def needs_input(self) -> bool:
        """Tell whether nothing more comes out unless something goes in."""
        ...

    @property
    def unused_data(self) -> bytes:
        """Return what went in after the end."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most `max_length` bytes of what comes out."""
        ...


@dataclass(slots=True)
class Run:
    """A stretch of bytes that is being decompressed: `at` is where the next bytes are taken from."""

    data: bytes = field(repr=False)
    at: int
    stop: int

    def take(self) -> bytes:
        """Return the next bytes to go in.

        Raises:
            EOFError: there are none.
        """
        piece = self.data[self.at : min(self.at + _FEED, self.stop)]
        if not piece:
            raise EOFError
        self.at += len(piece)
        return piece


def drain(chunks: Iterator[bytes], run: Run, source: Source) -> tuple[bytes, Why | None]:
    """Collect what comes out of a stream, up to its end or to a limit.

    Returns what came out, and why that is not all of it, or None. The ratio is that to what has gone in so far.
    """
    out = BytesIO()
    size = 0
    begin = run.at
    budget = source.budget
    try:
        for chunk in chunks:
            size += len(chunk)
            budget.expand(len(chunk))
            out.write(chunk)
            if size > max(RATIO_FROM, budget.limits.ratio * (run.at - begin)):
                return out.getvalue(), Why.TOO_LARGE
    except ReadError as limit:
        return out.getvalue(), limit.why
    except _FAULTS as fault:
        # Past its limit on memory, liblzma says so in words only.
        return out.getvalue(), Why.TOO_LARGE if "emory" in str(fault) else Why.MALFORMED
    except MemoryError:
        return b"", Why.TOO_LARGE
    return out.getvalue(), None


def stored(run: Run) -> Iterator[bytes]:
    """Yield bytes as they are."""
    while run.at < run.stop:
        yield run.take()


def inflated(run: Run, bits: int) -> Iterator[bytes]:
    """Yield what a deflate stream holds; `bits` as in zlib: -15 without a header, 31 with that of gzip."""
    decoder = zlib.decompressobj(bits)
    while not decoder.eof:
        if chunk := decoder.decompress(decoder.unconsumed_tail or run.take(), _CHUNK):
            yield chunk
    run.at -= len(decoder.unused_data)


def inflated64(run: Run) -> Iterator[bytes]:
    """Yield what a stream of Deflate64 holds, the method Windows takes for large members of a zip."""
    chunks, is_done, unconsumed = stream_inflate.stream_inflate64(chunk_size=_CHUNK)
    try:
        yield from chunks(iter(run.take, None))
    except (TypeError, AttributeError) as fault:  # the library takes a table for granted that may not be there
        raise ValueError from fault
    if not is_done():
        raise EOFError
    run.at -= unconsumed()


def unpacked(run: Run, decoder: Decoder) -> Iterator[bytes]:
    """Yield what a decoder of bz2 or lzma makes of the stretch."""
    while not decoder.eof:
        if chunk := decoder.decompress(run.take() if decoder.needs_input else b"", _CHUNK):
            yield chunk
    run.at -= len(decoder.unused_data)


def unzstd(run: Run, window: int) -> Iterator[bytes]:
    """Yield what one zstd frame holds."""
    start = run.at
    size = zstandard.frame_header_size(run.data[start : start + 18])  # RFC 8878, 3.1.1.1: 18 bytes at the most
    if zstandard.get_frame_parameters(run.data[start : start + size]).window_size > window:
        raise ReadError(Why.TOO_LARGE)
    decoder = zstandard.ZstdDecompressor(max_window_size=max(window, 1024)).decompressobj()
    while not decoder.eof:
        # A block makes at most 128 KiB out of three bytes (RFC 8878, 3.1.1.2): the little that goes in bounds it.
        piece = run.data[run.at : min(run.at + _ZSTD_FEED, run.stop)]
        if not piece:
            raise EOFError
        run.at += len(piece)
        if chunk := decoder.decompress(piece):
            yield chunk
    run.at -= len(decoder.unused_data)


def lzma_raw(run: Run, window: int) -> Iterator[bytes]:
    """Yield what the lzma method of zip holds (APPNOTE 5.8.8): a version, the size of the properties, those, data."""
    head = run.data[run.at : run.at + 9]
    _, _, size, flags, dictionary = struct.unpack("<BBHBI", head)
    if size != 5 or flags >= 9 * 5 * 5:
        raise ValueError("properties of another method")
    if dictionary > window:
        raise ReadError(Why.TOO_LARGE)
    run.at += 9
    settings = {"id": lzma.FILTER_LZMA1, "dict_size": max(dictionary, 4096)}
    settings |= {"lc": flags % 9, "lp": flags // 9 % 5, "pb": flags // 45}
    decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[settings])
    while not decoder.eof:
        if decoder.needs_input and run.at >= run.stop:
            return  # without a mark at the end, the stream ends where its bytes do
        if chunk := decoder.decompress(run.take() if decoder.needs_input else b"", _CHUNK):
            yield chunk


def read_gzip(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in the streams of a gzip file, and the names and comments in their headers."""
    return _read(source, open_, _GZIP, lambda run: inflated(run, 31), _gzip_header)


def read_bzip2(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in the streams of a bzip2 file."""
    return _read(source, open_, _BZIP2, lambda run: unpacked(run, bz2.BZ2Decompressor()))


def read_xz(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in the streams of an xz file."""
    window = source.budget.limits.window
    return _read(source, open_, _XZ, lambda run: unpacked(run, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=window)))


def read_lzma(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in an lzma file, the kind from before xz."""
    window = source.budget.limits.window
    decoder = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=window)
    return _read(source, open_, None, lambda run: unpacked(run, decoder))


def read_zstd(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in the frames of a zstd file, and what stands in frames that its programs skip."""
    data = source.data
    at = 0
    while (frame := _skipped(data, at)) is not None:
        yield from open_(source.within(frame, "skipped frame"))
        at += 8 + len(frame)
    if at < len(data):
        window = source.budget.limits.window
        rest = source if at == 0 else source.beside(data[at:])
        yield from _read(rest, open_, _ZSTD, lambda run: unzstd(run, window))


def inner_name(source: Source) -> str:
    """Return what to call the content of a compressed file: its own name without the last suffix."""
    outer = source.steps[-1] if source.steps else ""
    if outer.lower().endswith(".tgz"):
        return f"{outer[:-4]}.tar"
    suffix = next((suffix for suffix in _SUFFIXES if outer.lower().endswith(suffix)), None)
    return (outer[: -len(suffix)] if suffix else "") or "content"


def _read(
    source: Source,
    open_: Opener,
    magic: bytes | None,
    start: Callable[[Run], Iterator[bytes]],
    header: Callable[[Run], Iterator[str]] | None = None,
) -> Iterator[Item]:
    """Read one stream after the other as long as the next begins with `magic`; what follows is read for itself."""
    run = Run(source.data, 0, len(source.data))
    parts: list[bytes] = []
    why: Why | None = None
    while why is None:
        try:
            source.budget.enter()
        except ReadError as limit:
            why = limit.why
            break
        if header is not None:
            for name in header(run):
                yield Text(source.place("name in the header"), name, "filename")
        part, why = drain(start(run), run, source)
        parts.append(part)
        while source.data.startswith(b"\0", run.at):
            run.at += 1
        if magic is None or not source.data.startswith(magic, run.at):
            break
    data = b"".join(parts)
    if why is Why.MALFORMED and not data:
        raise ReadError(why)
    if why is not None:
        yield source.gap(why)
    yield from open_(source.within(data, inner_name(source)))
    if why is None and run.at < len(source.data):
        yield from open_(source.within(source.data[run.at :], "after the end"))


def _gzip_header(run: Run) -> Iterator[str]:
    """Yield name and comment of a gzip stream, in each encoding they may be in."""
    head = run.data[run.at : run.at + 64 * 1024]
    if len(head) < 10:
        return
    flags, at = head[3], 10
    if flags & 0x04 and len(head) >= 12:
        at += 2 + int.from_bytes(head[10:12], "little")
    for flag in _TEXTS:
        if flags & flag:
            text, mark, _ = head[at:].partition(b"\0")
            at += len(text) + len(mark)
            for codec in encodings(text):
                yield text.decode(codec, errors="replace")


def _skipped(data: bytes, at: int) -> bytes | None:
    if len(data) < at + 8:
        return None
    magic, size = struct.unpack_from("<II", data, at)
    return data[at + 8 : at + 8 + size] if _SKIPPED[0] <= magic <= _SKIPPED[1] else None
