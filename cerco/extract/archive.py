"""Open what holds other files: zip, and single streams under gzip, bzip2 or xz.

In:    the bytes of the container.
Out:   its members, one by one, with their names; what could not be taken out, and why.
Never: a header believed. Sizes are what comes out, and names are read in every encoding they may be in.
"""

import bz2
import gzip
import lzma
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import cast

from cerco.extract.charset import encodings
from cerco.extract.source import STREAM_FAULTS, Item, Opener, ReadError, Source, Stream, drain
from cerco.extract.text import Text, Unreadable, Why

_ENTRY = b"PK\x01\x02"  # APPNOTE 4.3.12: begins each entry of the central directory
_DIRECTORY_SLACK = 4  # a directory this many times over the limit on entries is not even listed
_ENCRYPTED = 0x1  # APPNOTE 4.4.4, general purpose bit 0
_UTF8 = 0x800  # bit 11
_OFFICE_MARK = "[Content_Types].xml"  # ECMA-376 part 2, 10.1.2.2: in every Office package
_SUFFIXES = (".gz", ".gzip", ".bz2", ".xz")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a container; `why` says why `data` is not all of it, or None."""

    names: tuple[str, ...] = field(repr=False)  # every plausible reading of its name, best first
    data: bytes = field(repr=False)
    why: Why | None = None

    @property
    def name(self) -> str:
        """The name as it is most likely meant."""
        return self.names[0]


def open_zip(source: Source) -> zipfile.ZipFile:
    """List a zip's members.

    Raises:
        ReadError: it is no zip, or it lists far more members than the limits allow.
    """
    if source.data.count(_ENTRY) > _DIRECTORY_SLACK * source.budget.limits.entries:
        raise ReadError(Why.TOO_MANY)
    try:
        return zipfile.ZipFile(BytesIO(source.data))
    except (*STREAM_FAULTS, NotImplementedError, KeyError, IndexError) as fault:
        raise ReadError(Why.MALFORMED) from fault


def is_office(box: zipfile.ZipFile) -> bool:
    """Tell whether the zip is an Office Open XML package."""
    return _OFFICE_MARK in box.NameToInfo


def members(box: zipfile.ZipFile, source: Source) -> Iterator[Member | Unreadable]:
    """Take out one member after the other; past the limit on entries, say so and stop."""
    for info in box.infolist():
        try:
            source.budget.enter()
        except ReadError as limit:
            yield source.gap(limit.why)
            return
        yield _member(box, info, source)


def read(box: zipfile.ZipFile, source: Source, open_: Opener) -> Iterator[Item]:
    """Yield the names of all members and what is in each."""
    for member in members(box, source):
        if isinstance(member, Unreadable):
            yield member
            continue
        for name in member.names:
            yield Text(source.place(member.name), name, "filename")
        if member.why is not None:
            yield source.gap(member.why, member.name)
        yield from open_(source.within(member.data, member.name))


def read_gzip(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in a gzip stream."""
    return _read_stream(gzip.GzipFile(fileobj=BytesIO(source.data)), source, open_)


def read_bzip2(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in a bzip2 stream."""
    return _read_stream(bz2.BZ2File(BytesIO(source.data)), source, open_)


def read_xz(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in an xz stream."""
    return _read_stream(lzma.LZMAFile(BytesIO(source.data)), source, open_)


def _read_stream(stream: Stream, source: Source, open_: Opener) -> Iterator[Item]:
    source.budget.enter()
    data, why = drain(stream, len(source.data), source.budget)
    if why is not None:
        yield source.gap(why)
    outer = source.steps[-1] if source.steps else ""
    suffix = next((suffix for suffix in _SUFFIXES if outer.lower().endswith(suffix)), None)
    inner = outer[: -len(suffix)] if suffix else "content"
    yield from open_(source.within(data, inner or "content"))


def _member(box: zipfile.ZipFile, info: zipfile.ZipInfo, source: Source) -> Member:
    names = _names(info)
    if info.is_dir() and not info.compress_size:
        return Member(names, b"")
    if info.flag_bits & _ENCRYPTED:
        return Member(names, b"", Why.ENCRYPTED)
    checksum = info.CRC
    # Without these two the library reads to the end of the stream instead of to where the header says it ends.
    del info.CRC
    info.file_size = sys.maxsize
    try:
        with box.open(info) as stream:
            data, why = drain(
                cast("zipfile.ZipExtFile", stream), min(info.compress_size, len(source.data)), source.budget
            )
    except (NotImplementedError, RuntimeError):
        return Member(names, b"", Why.UNKNOWN_FORMAT)  # a compression method the library does not know
    except STREAM_FAULTS:
        return Member(names, b"", Why.MALFORMED)
    if why is None and zlib.crc32(data) != checksum:
        why = Why.MALFORMED
    return Member(names, data, why)


def _names(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the member's name as written by programs of any locale: many write Big5 or GBK and do not say so."""
    name = info.orig_filename or "unnamed"
    if info.flag_bits & _UTF8 or name.isascii():
        return (name,)
    raw = name.encode("cp437", errors="replace")  # what the library decoded it with; the way back is exact
    return tuple(dict.fromkeys(raw.decode(codec, errors="replace") for codec in encodings(raw))) or (name,)
