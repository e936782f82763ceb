"""Read what Outlook writes: msg files, and the winmail.dat that others receive from it.

In:    a compound file after [MS-OXMSG], or a stream after [MS-OXTNEF].
Out:   subject, bodies, headers, recipients, attachments with what is in them, and every other text property.
Never: an object in an attachment opened by a program.
"""

import struct
from collections import defaultdict
from collections.abc import Generator, Iterator
from enum import IntEnum

import olefile  # type: ignore[import-untyped]

from cerco.extract import mapi
from cerco.extract.mapi import Properties
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Why

_PROPERTY = "__substg1.0_"  # [MS-OXMSG] 2.1.3: then number and type, four hexadecimal digits each
_RECIPIENT, _ATTACHMENT = "__recip_version1.0_", "__attach_version1.0_"
_NAMES = "__nameid_version1.0"
_OBJECT = f"{_PROPERTY}{mapi.DATA:04X}{mapi.OBJECT:04X}"
_FAULTS = (OSError, ValueError, LookupError, TypeError, OverflowError, struct.error)

_TNEF_HEAD = 6  # bytes: signature and key


class _Attribute(IntEnum):
    """What of a TNEF stream holds something people wrote: [MS-OXTNEF] 2.1.3."""

    SENDER = 0x00008000
    SUBJECT = 0x00018004
    TITLE = 0x00018010
    BODY = 0x0002800C
    DATA = 0x0006800F
    RENDER = 0x00069002
    MESSAGE = 0x00069003
    RECIPIENTS = 0x00069004
    ATTACHMENT = 0x00069005


# The property that says the same.
_SAME = {_Attribute.SUBJECT: mapi.SUBJECT, _Attribute.BODY: mapi.BODY, _Attribute.SENDER: mapi.SENDER}

type _Path = tuple[str, ...]


def read(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in an Outlook message."""
    try:
        compound = olefile.OleFileIO(source.data)
        tree: dict[_Path, list[str]] = defaultdict(list)
        for path in compound.listdir():
            tree[tuple(path[:-1])].append(path[-1])
    except _FAULTS as fault:
        raise ReadError(Why.MALFORMED) from fault
    with compound:
        yield from _storage((), compound, tree, source, open_)
        if compound.parsing_issues:
            yield source.gap(Why.MALFORMED)


def _storage(
    path: _Path, compound: olefile.OleFileIO, tree: dict[_Path, list[str]], source: Source, open_: Opener
) -> Iterator[Item]:
    """Yield a message that stands in a storage: the root, or what another message has attached."""
    properties = yield from _properties(path, compound, tree, source)
    yield from mapi.message(properties, source, open_)
    recipients = attachments = 0
    for inner in _children(path, tree):
        if inner[-1].startswith(_RECIPIENT):
            recipients += 1
            said = yield from _properties(inner, compound, tree, source)
            yield from mapi.recipient(said, recipients, source)
        elif inner[-1].startswith(_ATTACHMENT):
            source.budget.enter()
            attachments += 1
            said = yield from _properties(inner, compound, tree, source)
            yield from mapi.attachment(said, attachments, source, open_)
            step = mapi.attachment_step(said, attachments)
            yield from _object((*inner, _OBJECT), compound, tree, source.within(b"", step), open_)


def _object(
    path: _Path, compound: olefile.OleFileIO, tree: dict[_Path, list[str]], source: Source, open_: Opener
) -> Iterator[Item]:
    """Yield what stands in an attachment as a storage: another message, or the streams of some object."""
    if path not in tree and not _children(path, tree):
        return
    if source.depth > source.budget.limits.depth:
        yield source.gap(Why.TOO_DEEP)
    elif any(name.startswith("__properties") for name in tree.get(path, ())):
        yield from _storage(path, compound, tree, source, open_)
    else:
        for name in tree.get(path, ()):
            data = _stream((*path, name), compound)
            if data is None:
                yield source.gap(Why.MALFORMED, name)
            else:
                yield from open_(source.within(data, name))


def _children(path: _Path, tree: dict[_Path, list[str]]) -> list[_Path]:
    size = len(path)
    return sorted({key[: size + 1] for key in tree if len(key) > size and key[:size] == path and key[size] != _NAMES})


def _properties(
    path: _Path, compound: olefile.OleFileIO, tree: dict[_Path, list[str]], source: Source
) -> Generator[Item, None, Properties]:
    properties = Properties()
    for name in tree.get(path, ()):
        if not name.startswith(_PROPERTY):
            continue
        try:
            number, kind = int(name[12:16], 16), int(name[16:20], 16)
        except ValueError:
            continue
        data = _stream((*path, name), compound)
        if data is None:
            yield source.gap(Why.MALFORMED, f"property {number:x}")
        elif not (kind & mapi.MULTIPLE and "-" not in name):  # the lengths of several values, which follow
            properties.add(number, kind, data)
    return properties


def _stream(path: _Path, compound: olefile.OleFileIO) -> bytes | None:
    try:
        data: bytes = compound.openstream(list(path)).read()
    except _FAULTS:
        return None
    return data


def read_tnef(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in a winmail.dat."""
    attachments: list[Properties] = []
    main = Properties()
    whole = True
    for number, value in _attributes(source.data):
        if number is None:
            whole = False
            break
        if len(attachments) > source.budget.limits.entries:
            raise ReadError(Why.TOO_MANY)
        try:
            _take(number, value, main, attachments)
        except struct.error:
            whole = False
    if not (whole or main.texts or main.binaries or attachments):
        raise ReadError(Why.MALFORMED)
    if not whole:
        yield source.gap(Why.MALFORMED)
    yield from mapi.message(main, source, open_)
    for place, properties in enumerate(attachments, 1):
        source.budget.enter()
        yield from mapi.attachment(properties, place, source, open_)


def _attributes(data: bytes) -> Iterator[tuple[int | None, bytes]]:
    """Yield the attributes of a TNEF stream; a number of None says that it ends before it should."""
    at = _TNEF_HEAD
    while at < len(data):
        if at + 9 > len(data):
            yield None, b""
            return
        number, size = struct.unpack_from("<II", data, at + 1)
        yield number, data[at + 9 : at + 9 + size]
        at += 9 + size + 2
    if at > len(data):
        yield None, b""


def _take(number: int, value: bytes, main: Properties, attachments: list[Properties]) -> None:
    of_attachment = {_Attribute.DATA, _Attribute.TITLE, _Attribute.ATTACHMENT}
    if number == _Attribute.RENDER or (number in of_attachment and not attachments):
        attachments.append(Properties())
    match number:
        case _Attribute.SUBJECT | _Attribute.BODY | _Attribute.SENDER:
            main.add(_SAME[_Attribute(number)], mapi.STRING8, value)
        case _Attribute.MESSAGE:
            for tag, kind, inner, _ in mapi.unpacked(value):
                main.add(tag, kind, inner)
        case _Attribute.RECIPIENTS:
            _take_recipients(value, main)
        case _Attribute.DATA:
            attachments[-1].binaries[mapi.DATA] = value
        case _Attribute.TITLE:
            attachments[-1].add(mapi.LONG_NAME, mapi.STRING8, value)
        case _Attribute.ATTACHMENT:
            _take_attachment(value, attachments[-1])
        case _:
            pass


def _take_attachment(value: bytes, attachment: Properties) -> None:
    for tag, kind, inner, _ in mapi.unpacked(value):
        # An object is the identifier of its kind, then its bytes; an attached message is TNEF again.
        is_object = kind == mapi.OBJECT
        attachment.add(tag, mapi.BINARY if is_object else kind, inner[16:] if is_object else inner)


def _take_recipients(value: bytes, main: Properties) -> None:
    """Keep the texts of a table of recipients: a count, then as many lists of properties."""
    (rows,) = struct.unpack_from("<I", value, 0)
    at = 4
    for _ in range(rows):
        end = at + 4
        for tag, kind, inner, end in mapi.unpacked(value, at):  # noqa: B007 - where the list ends, the next begins
            if kind & ~mapi.MULTIPLE != mapi.BINARY:
                main.add(tag, kind, inner)
        at = end
