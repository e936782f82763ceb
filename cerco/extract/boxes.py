"""Open the archives that are not zip: 7z, rar, tar, cpio, ar, iso, cab; and lz4, lzip and .Z, which hold one file.

In:    the bytes of the archive, or of a program or picture it is hidden in.
Out:   its members, one by one, with their names; what could not be taken out, and why.
Never: a link followed, or the holes of a sparse file filled.
"""

from collections.abc import Callable, Generator, Iterator

from cerco.extract import libarchive
from cerco.extract.archive import Member, opened
from cerco.extract.charset import encodings
from cerco.extract.identify import Format, identify
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.streams import RATIO_FROM, inner_name
from cerco.extract.text import Text, Why

type _Read = Callable[[Source, Opener], Iterator[Item]]
type _End = Callable[[bytes, int], int]

_TRAILER = b"TRAILER!!!\0"
_OPTIONS = ((b"tar", b"read_concatenated_archives"),)


def as_it_came(_data: bytes, position: int) -> int:
    """Return where an archive ends that is read from its beginning to its end."""
    return position


def by_its_header(data: bytes, _position: int) -> int:
    """Return where a 7z ends: behind its directory, whose place and size stand at 12 and 20."""
    return 32 + int.from_bytes(data[12:20], "little") + int.from_bytes(data[20:28], "little")


def by_its_size(data: bytes, _position: int) -> int:
    """Return where a cabinet ends: its size stands at 8."""
    return int.from_bytes(data[8:12], "little")


def by_its_volume(data: bytes, _position: int) -> int:
    """Return where an image of a disc ends: its size in sectors of 2 KiB stands in its descriptor (ECMA-119, 8.4.8)."""
    return int.from_bytes(data[0x8050:0x8054], "little") * 2048


def by_its_trailer(data: bytes, position: int) -> int:
    """Return where a cpio ends: behind the name of the member that is its last."""
    return data.find(_TRAILER, max(0, position - 512)) + len(_TRAILER)


def reader(*readers: str, end: _End, signature: bytes = b"") -> _Read:
    """Return the reader of one kind of archive, which begins where its signature is found, and ends where `end` says.

    What stands behind the end is read for itself.
    """

    def read(source: Source, open_: Opener) -> Iterator[Item]:
        start = source.data.find(signature)
        inner = source if start <= 0 else source.beside(source.data[start:])
        with libarchive.opened(inner.data, *readers, options=_OPTIONS) as archive:
            whole = yield from _members(archive, inner, open_)
            behind = inner.data[max(1, end(inner.data, archive.position)) :].strip(b"\0") if whole else b""
        if behind:
            yield from open_(inner.within(behind, "after the end"))

    return read


def stream(*readers: str) -> _Read:
    """Return the reader of one kind of compressed file."""

    def read(source: Source, open_: Opener) -> Iterator[Item]:
        source.budget.enter()
        with libarchive.opened(source.data, "format_raw", *readers) as archive:
            for _ in archive.entries():
                data, why = _drain(archive, source)
                if why is Why.MALFORMED and not data:
                    raise ReadError(why)
                if why is not None:
                    yield source.gap(why)
                yield from open_(source.within(data, inner_name(source)))
            behind = source.data[archive.position :].strip(b"\0") if archive.position else b""
        if behind:
            yield from open_(source.within(behind, "after the end"))

    return read


def _members(archive: libarchive.Archive, source: Source, open_: Opener) -> Generator[Item, None, bool]:
    """Yield the members; returns whether all of them could be listed."""
    seen = 0
    try:
        for entry in archive.entries():
            source.budget.enter()
            source.budget.expand(0)  # past the limit, nothing more comes out
            seen += 1
            yield from _member(archive, entry, source, open_)
    except ReadError as fault:
        if not seen and fault.why is Why.MALFORMED:
            raise  # it is no such archive
        yield source.gap(fault.why)
        behind = source.data[archive.position :].strip(b"\0")
        if fault.why is Why.MALFORMED and Format.UNKNOWN not in identify(behind)[:1]:
            yield from open_(source.within(behind, "after the fault"))
        return False
    return True


def _member(archive: libarchive.Archive, entry: libarchive.Entry, source: Source, open_: Opener) -> Iterator[Item]:
    names = _names(entry)
    for link in entry.links:
        for codec in encodings(link):
            yield Text(source.place(names[0], "link"), link.decode(codec, errors="replace"), "filename")
    if entry.is_encrypted:
        yield from opened(Member(names, b"", Why.ENCRYPTED), source, open_)
    elif entry.is_file:
        yield from opened(Member(names, *_drain(archive, source)), source, open_)
    else:
        yield from opened(Member(names, b""), source, open_)


def _drain(archive: libarchive.Archive, source: Source) -> tuple[bytes, Why | None]:
    """Return what is in a member, and why that is not all of it, or None."""
    allowed = max(RATIO_FROM, source.budget.limits.ratio * len(source.data))
    parts: list[bytes] = []
    size = 0
    why: Why | None = None
    try:
        for block in archive.data():
            size += len(block)
            source.budget.expand(len(block))
            parts.append(block)
            if size > allowed:
                why = Why.TOO_LARGE
                break
    except ReadError as fault:
        why = fault.why
    return b"".join(parts), why


def _names(entry: libarchive.Entry) -> tuple[str, ...]:
    said = [entry.raw.decode(codec, errors="replace") for codec in encodings(entry.raw)]
    if entry.name and not any(entry.name == name for name in said):
        said.append(entry.name)
    return tuple(dict.fromkeys(said)) or ("unnamed",)
