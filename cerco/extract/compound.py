"""Read compound files: Office documents in their binary forms, and what any of them has embedded.

In:    a compound file ([MS-CFB]).
Out:   the text of documents, properties, macros, embedded files and pictures; what is in streams nobody knows.
Never: a stream passed over. What no reader takes is swept for text, and where that is all that was done, it is said.
"""

import re
import struct
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import olefile  # type: ignore[import-untyped]

from cerco.extract import blips, excel97, powerpoint97, propertyset, sweep, vba, word97
from cerco.extract.charset import encodings
from cerco.extract.identify import Format, identify
from cerco.extract.plain import heading, pieces
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

_FAULTS = (OSError, ValueError, LookupError, TypeError, OverflowError, struct.error, zlib.error)
_WORD, _SLIDES, _SHEETS = "worddocument", "powerpoint document", ("workbook", "book")
_LOCKED, _NATIVE, _MACROS = "encryptedpackage", "\x01ole10native", "dir"
_SUMMARY = "\x05summaryinformation"
_PROPERTIES = frozenset({_SUMMARY, "\x05documentsummaryinformation"})
# Streams that readers use beside the one that says what a storage is.
_BESIDE = {_WORD: frozenset({"data", "0table", "1table"}), _SLIDES: frozenset({"pictures", "current user"})}
# Streams that any storage may have and that are what they are called: class names, links, compiled macros, what an
# embedded object looks like. They are swept for text, and no more is expected of them.
_QUIET = re.compile(
    r"\x01compobj|\x01ole|\x01ole10itemname|\x02olepres\d+|\x03objinfo|\x03linkinfo|\x03ocxname|\x03print"
    r"|encryptioninfo|_vba_project|__srp_\w+|projectwm|projectlk"
)
_LARGE = 64 * 1024  # bytes; an unknown stream of this size may hold anything, and that is said

type _Storage = dict[str, bytes]


def read(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in a compound file.

    Raises:
        ReadError: it is none, or so damaged that its streams cannot be told apart.
    """
    known = False
    objects: dict[tuple[str, ...], int] = {}
    storages, whole = _storages(source)
    if not whole:
        yield source.gap(Why.MALFORMED)
    for path, streams in storages.items():
        here = source.within(b"", *_steps(path, objects))
        for reader, names in _READERS:
            if not names.isdisjoint(streams):
                known = True
                try:
                    with _judged():
                        yield from reader(streams, here, open_)
                except ReadError as fault:
                    yield here.gap(fault.why)
        yield from _others(streams, here, open_)
    if not known:
        yield source.gap(Why.UNKNOWN_FORMAT)


def _steps(path: tuple[str, ...], objects: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """Return the steps to what is in a storage, for people; `objects` numbers those that hold embedded documents."""
    if path[-1:] == ("VBA",):
        return path[:-2]  # its modules are called macros
    depth = 2 if path[:1] == ("ObjectPool",) else 1 if path and path[0].startswith("MBD") else 0
    if not depth or len(path) < depth:
        return path
    number = objects.setdefault(path[:depth], len(objects) + 1)
    return (f"embedded object {number}", *path[depth:])


def _storages(source: Source) -> tuple[Mapping[tuple[str, ...], _Storage], bool]:
    """Return the streams of each storage, by its path, and whether the file is whole.

    Names of streams are in lower case, as [MS-CFB] 2.6.4 compares them.
    """
    found: dict[tuple[str, ...], _Storage] = defaultdict(dict)
    with _judged(), olefile.OleFileIO(source.data) as compound:
        for path in compound.listdir():
            source.budget.enter()
            data = compound.openstream(path).read()
            source.budget.expand(len(data))
            storage, name = found[tuple(path[:-1])], path[-1].lower()
            while name in storage:
                name += "'"  # two that differ in case alone, where there should be none
            storage[name] = data
        whole = not compound.parsing_issues
    return found, whole


@contextmanager
def _judged() -> Iterator[None]:
    """Say what the faults of a library, and of sizes in a file, come down to."""
    try:
        yield
    except ReadError:
        raise
    except _FAULTS as fault:
        raise ReadError(Why.MALFORMED) from fault


def _locked(_streams: _Storage, here: Source, _open: Opener) -> Iterator[Item]:
    yield here.gap(Why.ENCRYPTED)


def _word(streams: _Storage, here: Source, open_: Opener) -> Iterator[Item]:
    for part, text in word97.texts(streams):
        if part == "body" and (first := heading(text)) is not None:
            yield Text(here.place("header"), first, "header")
        yield from pieces(iter((text,)), here.place(part), here.budget.limits.piece, None)
    yield from _pictures(b"".join(streams.get(name, b"") for name in (_WORD, "data", "0table", "1table")), here, open_)


def _slides(streams: _Storage, here: Source, open_: Opener) -> Iterator[Item]:
    if powerpoint97.is_locked(streams.get("current user", b"")):
        raise ReadError(Why.ENCRYPTED)
    said: dict[tuple[str, ...], list[str]] = defaultdict(list)
    packed: list[bytes] = []
    for steps, found in powerpoint97.records(streams[_SLIDES]):
        if isinstance(found, str):
            said[steps].append(found)
        else:
            packed.append(found)
    for steps, texts in said.items():
        text = "\n".join(texts)
        if steps == ("slide 1",) and (first := heading(text)) is not None:
            yield Text(here.place("header"), first, "header")
        yield Text(here.place(*steps), text)
    for number, storage in enumerate(packed, 1):
        here.budget.enter()
        data = powerpoint97.unpacked(storage, here.budget.limits.expanded)
        here.budget.expand(len(data))
        yield from open_(here.within(data, f"embedded object {number}"))
    yield from _pictures(streams.get("pictures", b""), here, open_)


def _sheets(streams: _Storage, here: Source, open_: Opener) -> Iterator[Item]:
    yield from excel97.read_xls(next(streams[name] for name in _SHEETS if name in streams), here, open_)


def _macros(streams: _Storage, here: Source, _open: Opener) -> Iterator[Item]:
    for name, text in list(vba.modules(streams, here.budget)):
        yield Text(here.place("macros", name), text)
        streams.pop(name.lower(), None)
    streams.pop(_MACROS)


def _native(streams: _Storage, here: Source, open_: Opener) -> Iterator[Item]:
    """Yield a file that was dropped into a document: [MS-OLEDS] 2.3.6, and the Packager's own layout in it."""
    name, data = packaged(streams[_NATIVE])
    if name:
        yield Text(here.place(name), name, "filename")
    yield from open_(here.within(data, *([name] if name else [])))


def packaged(data: bytes) -> tuple[str, bytes]:
    """Return name and content of a file that the Packager has wrapped; the name is "" for what something else has."""
    if data[4:6] != b"\x02\x00":
        return "", data[4:]
    label, _, rest = data[6:].partition(b"\x00")
    _, _, rest = rest.partition(b"\x00")
    if len(rest) < 8:
        return "", data[4:]
    (size,) = struct.unpack_from("<I", rest, 4)
    content = rest[8 + size :]
    codecs = encodings(label)
    return label.decode(codecs[0] if codecs else "cp1252", errors="replace"), content[4:]


def _property_sets(streams: _Storage, here: Source, open_: Opener) -> Iterator[Item]:
    rest: list[str] = []
    for stream in sorted(_PROPERTIES & streams.keys()):
        for name, value in propertyset.properties(streams[stream]):
            if name in {"title", "subject"}:
                yield Text(here.place(f"properties ({name})"), value, "title")
            else:
                rest.append(value)
    if rest:
        yield Text(here.place("properties"), "\n".join(rest))
    for preview in propertyset.previews(streams.get(_SUMMARY, b"")) if _SUMMARY in streams else ():
        yield from open_(here.within(preview, "preview"))


def _others(streams: _Storage, here: Source, open_: Opener) -> Iterator[Item]:
    """Yield what is in the streams that no reader has used."""
    used = _USED.union(*(beside for main, beside in _BESIDE.items() if main in streams))
    for name, data in streams.items():
        if name in used:
            continue
        quiet = _QUIET.fullmatch(name) is not None
        if not quiet and identify(data)[:1] not in {(), (Format.UNKNOWN,)}:
            yield from open_(here.within(data, name))
            continue
        if text := "\n".join(sweep.strings(data)):
            yield Text(here.place(name), text)
        if len(data) >= _LARGE and not quiet:
            yield here.gap(Why.UNKNOWN_FORMAT, name)


def _pictures(data: bytes, here: Source, open_: Opener) -> Iterator[Item]:
    for number, picture in enumerate(blips.pictures(data, here.budget.limits.expanded), 1):
        here.budget.enter()
        here.budget.expand(len(picture))
        yield from open_(here.within(picture, f"picture {number}"))


# What a storage is, by a stream in it; it may be several.
_READERS: tuple[tuple[Callable[[_Storage, Source, Opener], Iterator[Item]], frozenset[str]], ...] = (
    (_locked, frozenset({_LOCKED})),
    (_word, frozenset({_WORD})),
    (_slides, frozenset({_SLIDES})),
    (_sheets, frozenset(_SHEETS)),
    (_macros, frozenset({_MACROS})),
    (_native, frozenset({_NATIVE})),
    (_property_sets, _PROPERTIES),
)
_USED = frozenset({_LOCKED, _WORD, _SLIDES, *_SHEETS, _NATIVE, *_PROPERTIES})
