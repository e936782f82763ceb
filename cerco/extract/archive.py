"""Open zip files: what their directory lists, and what it does not.

In:    the bytes of a zip, or of something a zip is hidden in.
Out:   its members, one by one, with their names; what could not be taken out, and why.
Never: a header believed. Where the directory and a member's own header differ, both are read; sizes are what comes
       out; names are read in every encoding they may be in; members that no directory lists are read as well.
"""

import bz2
import lzma
import struct
import zipfile
import zlib
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO

from cerco.extract.identify import Format, identify
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.streams import Run, drain, inflated, inflated64, lzma_raw, stored, unpacked, unzstd
from cerco.extract.text import Text, Unreadable, Why
from cerco.extract.zipentry import LOCAL, Entry, listed, local

# APPNOTE 4.3.9, 4.3.12, 4.3.16
_DESCRIPTOR, _CENTRAL = b"PK\x07\x08", b"PK\x01\x02"
_END, _END_SIZE = b"PK\x05\x06", 22
_LOOSE = 28  # bytes that stand outside of all members; fewer are descriptors and padding
_DIRECTORY_SLACK = 4  # a directory this many times over the limit on entries is not even listed
_OFFICE_MARK = "[Content_Types].xml"  # ECMA-376 part 2, 10.1.2.2: in every Office package
_FAULTS = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, LookupError, struct.error)


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


@dataclass(frozen=True, slots=True)
class Box:
    """A zip: what its directory lists, and the comments in it; where the directory begins and ends.

    `whole` says that there is a directory.
    """

    entries: tuple[Entry, ...]
    whole: bool
    comments: tuple[bytes, ...] = field(default=(), repr=False)
    directory: tuple[int, int] = (0, 0)


def open_zip(source: Source) -> Box:
    """List a zip's members.

    Raises:
        ReadError: it is no zip, or it lists far more members than the limits allow.
    """
    if source.data.count(_CENTRAL) > _DIRECTORY_SLACK * source.budget.limits.entries:
        raise ReadError(Why.TOO_MANY)
    try:
        with zipfile.ZipFile(BytesIO(source.data)) as box:
            infos = box.infolist()
            comments = tuple(said for said in (box.comment, *(info.comment for info in infos)) if said)
            directory = (box.start_dir, source.data.rfind(_END) + _END_SIZE + len(box.comment))
    except _FAULTS as fault:
        if next(_strays(source.data, []), None) is None:
            raise ReadError(Why.MALFORMED) from fault
        return Box((), whole=False)
    entries = tuple(entry for info in infos for entry in listed(info, source.data))
    return Box(entries, whole=True, comments=comments, directory=directory)


def is_office(box: Box) -> bool:
    """Tell whether the zip is an Office Open XML package."""
    return any(entry.names[0] == _OFFICE_MARK for entry in box.entries)


def sorted_by(box: Box, rank: Callable[[str], int]) -> Box:
    """Return the zip with its members in the order of the rank of their names."""
    return replace(box, entries=tuple(sorted(box.entries, key=lambda entry: rank(entry.names[0]))))


def members(box: Box, source: Source) -> Iterator[Member | Unreadable]:
    """Take out one member after the other; past a limit that holds for all of them, say so and stop.

    What stands between the members, or behind the directory, comes last, as if it were one.
    """
    read: list[tuple[int, int]] = []  # what has been read of the file, by where it begins and ends
    if not box.whole:
        yield source.gap(Why.MALFORMED)
    for entry in box.entries:
        if (gap := _full(source)) is not None:
            yield gap
            return
        yield _member(entry, source, read)
    for entry in _strays(source.data, read):
        if (gap := _full(source)) is not None:
            yield gap
            return
        yield _member(entry, source, read)
    if box.whole:
        for loose in _outside(source.data, sorted([*read, box.directory])):
            yield Member(("outside of its members",), loose)


def _outside(data: bytes, read: list[tuple[int, int]]) -> Iterator[bytes]:
    """Yield what nobody has looked at and what is of a known format: of the rest, a zip is made of plenty."""
    # What stands before the first member has been looked at already where the file begins as something else.
    at = 0 if data.startswith(LOCAL) or identify(data)[:1] == (Format.UNKNOWN,) else read[0][0]
    for begin, end in (*read, (len(data), len(data))):
        loose = data[at:begin].strip(b"\0") if begin - at >= _LOOSE else b""
        if len(loose) >= _LOOSE and Format.UNKNOWN not in identify(loose)[:1]:
            yield loose
        at = max(at, end)


def read(box: Box, source: Source, open_: Opener) -> Iterator[Item]:
    """Yield the names of all members and what is in each."""
    for member in members(box, source):
        if isinstance(member, Unreadable):
            yield member
            continue
        yield from opened(member, source, open_)
    for comment in box.comments:
        yield from open_(source.within(comment, "comment"))


def opened(member: Member, source: Source, open_: Opener) -> Iterator[Item]:
    """Yield the names of a member and what is in it."""
    for name in member.names:
        yield Text(source.place(member.name), name, "filename")
    if member.why is not None:
        yield source.gap(member.why, member.name)
    yield from open_(source.within(member.data, member.name))


def _full(source: Source) -> Unreadable | None:
    """Count one more member; return a gap where there is no room for it."""
    try:
        source.budget.enter()
    except ReadError as limit:
        return source.gap(limit.why)
    return source.gap(Why.TOO_LARGE) if source.budget.spent else None


def _strays(data: bytes, read: list[tuple[int, int]]) -> Iterator[Entry]:
    """Yield the members that stand where nothing has been read so far; the caller goes on adding to `read`."""
    at = 0
    while (at := data.find(LOCAL, at)) >= 0:
        before = bisect_right(read, (at, len(data))) - 1
        if before >= 0 and read[before][1] > at:
            at = read[before][1]
            continue
        if (entry := local(data, at)) is not None:
            yield entry
        at += len(LOCAL)


def _member(entry: Entry, source: Source, read: list[tuple[int, int]]) -> Member:
    if entry.at < 0:
        return Member(entry.names, b"", Why.MALFORMED)
    stop = min(len(source.data), entry.start + entry.compressed)
    if entry.is_deferred and not entry.compressed:
        stop = _end(entry, source.data)
    run = Run(source.data, entry.start, stop)
    if entry.is_encrypted:
        insort(read, (entry.at, stop))
        return Member(entry.names, b"", Why.ENCRYPTED)
    chunks = _chunks(entry, run, source.budget.limits.window)
    if chunks is None:
        insort(read, (entry.at, stop))
        return Member(entry.names, b"", Why.UNKNOWN_FORMAT)
    data, why = drain(chunks, run, source)
    insort(read, (entry.at, run.at if why is None else stop))
    told = entry.checksum or not entry.is_deferred
    if why is None and told and zlib.crc32(data) != entry.checksum:
        why = Why.MALFORMED
    return Member(entry.names, data, why)


def _chunks(entry: Entry, run: Run, window: int) -> Iterator[bytes] | None:
    """Start to decompress a member; None where its method is not known. The methods of APPNOTE 4.4.5."""
    match entry.method:
        case 0:
            return stored(run)
        case 8:
            return inflated(run, -15)
        case 9:
            return inflated64(run)
        case 12:
            return unpacked(run, bz2.BZ2Decompressor())
        case 14:
            return lzma_raw(run, window)
        case 20 | 93:
            return unzstd(run, window)
        case 95:
            return unpacked(run, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=window))
        case _:
            return None


def _end(entry: Entry, data: bytes) -> int:
    """Return where a member of unknown size ends at the latest: a compressed one says so itself."""
    if entry.method != 0 and not entry.is_encrypted:
        return len(data)
    ends = (data.find(mark, entry.start) for mark in (_DESCRIPTOR, LOCAL, _CENTRAL))
    return min((end for end in ends if end >= 0), default=len(data))
