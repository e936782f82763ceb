"""Say what the properties of an Outlook message are, in either of the two containers that hold them.

In:    pairs of a property's tag and its bytes: [MS-OXCDATA], [MS-OXPROPS].
Out:   the texts in them, by what people call them, and what is a file of its own.
Never: a text property left out because its number is not known.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from cerco.extract.charset import encodings
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

STRING8, UNICODE, BINARY, OBJECT = 0x001E, 0x001F, 0x0102, 0x000D  # [MS-OXCDATA] 2.11.1: types of a property
MULTIPLE = 0x1000  # on top of a type: several values

SUBJECT, SENDER, BODY, _HTML, _RTF = 0x0037, 0x0C1A, 0x1000, 0x1013, 0x1009
DATA, LONG_NAME, SHORT_NAME, DISPLAY_NAME = 0x3701, 0x3707, 0x3704, 0x3001
_TITLES = {SUBJECT, 0x0070, 0x0E1D, 0x003D}  # subject, conversation, normalised subject, its prefix
_BODIES = {BODY: "body", _HTML: "body (html)"}
_LARGE = 1024  # bytes; smaller binary properties are keys and times
_LZFU, _PLAIN_RTF = b"LZFu", b"MELA"  # [MS-OXRTFCP] 2.1.3.1.1
# [MS-OXRTFCP] 2.1.2.1: what the dictionary of a compressed body begins with.
_RTF_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_DICTIONARY = 4096
_SIZES = {0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8, 0x0048: 16}  # doubles, money, times, GUIDs


@dataclass(slots=True)
class Properties:
    """What one message, recipient or attachment says of itself."""

    texts: dict[int, list[str]] = field(default_factory=dict, repr=False)
    binaries: dict[int, bytes] = field(default_factory=dict, repr=False)

    def add(self, number: int, kind: int, value: bytes) -> None:
        """Keep one property; kinds that hold neither text nor bytes are left out."""
        match kind & ~MULTIPLE:
            case 0x001F:
                self.texts.setdefault(number, []).append(value.decode("utf-16-le", errors="replace").rstrip("\0"))
            case 0x001E:
                raw = value.rstrip(b"\0")
                said = [raw.decode(codec, errors="replace") for codec in encodings(raw)]
                self.texts.setdefault(number, []).extend(said)
            case 0x0102:
                self.binaries[number] = value
            case _:
                pass

    def names(self) -> tuple[str, ...]:
        """Return the names of an attachment."""
        said = (name for number in (LONG_NAME, SHORT_NAME, DISPLAY_NAME) for name in self.texts.get(number, ()))
        return tuple(dict.fromkeys(name for name in said if name))


def message(properties: Properties, source: Source, open_: Opener) -> Iterator[Item]:
    """Yield what a message says, its attachments and recipients aside."""
    rest: list[str] = []
    for number, texts in properties.texts.items():
        for text in texts:
            if number in _TITLES and text.strip():
                yield Text(source.place("subject"), text, "title")
            if number in _BODIES:
                yield from open_(source.within(text.encode(errors="replace"), _BODIES[number]))
            else:
                rest.append(text)
    if any(text.strip() for text in rest):
        yield Text(source.place("headers"), "\n".join(rest))
    yield from _binaries(properties, source, open_)


def _binaries(properties: Properties, source: Source, open_: Opener) -> Iterator[Item]:
    for number, data in properties.binaries.items():
        if number == _RTF:
            try:
                yield from open_(source.within(decompressed(data, source), "body (rtf)"))
            except ReadError as fault:
                yield source.gap(fault.why, "body (rtf)")
        elif number in _BODIES:
            yield from open_(source.within(data, _BODIES[number]))
        elif len(data) >= _LARGE:
            yield from open_(source.within(data, f"property {number:x}"))


def recipient(properties: Properties, number: int, source: Source) -> Iterator[Item]:
    """Yield who a message goes to."""
    said = dict.fromkeys(text for texts in properties.texts.values() for text in texts if text.strip())
    if said:
        yield Text(source.place(f"recipient {number}"), "\n".join(said))


def attachment(properties: Properties, number: int, source: Source, open_: Opener) -> Iterator[Item]:
    """Yield an attachment's names and what is in it."""
    step = attachment_step(properties, number)
    for name in properties.names():
        yield Text(source.place(step), name, "filename")
    rest = [text for texts in properties.texts.values() for text in texts if text not in properties.names()]
    if any(text.strip() for text in rest):
        yield Text(source.place(step, "properties"), "\n".join(rest))
    for tag, data in properties.binaries.items():
        if tag == DATA:
            yield from open_(source.within(data, step))
        elif len(data) >= _LARGE:
            yield from open_(source.within(data, step, f"property {tag:x}"))


def attachment_step(properties: Properties, number: int) -> str:
    """Return what to call an attachment."""
    names = properties.names()
    return f"attachment {number} ({names[0]})" if names else f"attachment {number}"


def decompressed(data: bytes, source: Source) -> bytes:
    """Return the rich text of a body ([MS-OXRTFCP] 2.2.3), as much of it as there is.

    Raises:
        ReadError: it is compressed in no way that is known, or grows past a limit.
    """
    if len(data) < 16 or data[8:12] not in {_LZFU, _PLAIN_RTF}:
        raise ReadError(Why.MALFORMED)
    if data[8:12] == _PLAIN_RTF:
        return data[16:]
    out = bytearray()
    window = bytearray(_RTF_START.ljust(_DICTIONARY, b"\0"))
    write, at = len(_RTF_START), 16
    while at < len(data):
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if not control >> bit & 1:
                run = data[at : at + 1]
                at += 1
            else:
                reference = int.from_bytes(data[at : at + 2], "big")
                at += 2
                begin, size = reference >> 4, (reference & 15) + 2
                if begin == write % _DICTIONARY:
                    source.budget.expand(len(out))
                    return bytes(out)
                run = b""
                for step in range(size):  # may reach into what it is writing
                    byte = window[(begin + step) % _DICTIONARY]
                    window[(write + step) % _DICTIONARY] = byte
                    run += bytes((byte,))
            for byte in run:
                window[write % _DICTIONARY] = byte
                write += 1
            out += run
    source.budget.expand(len(out))
    return bytes(out)


def unpacked(data: bytes, at: int = 0) -> Iterator[tuple[int, int, bytes, int]]:
    """Yield (number, kind, value, where it ends) of the properties in a list as TNEF writes it ([MS-OXTNEF] 2.1.3.5).

    Raises:
        struct.error: the list ends before it should.
    """
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    for _ in range(count):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= 0x8000:  # a named property: its set, and a number or a name
            at += 16
            named, size = struct.unpack_from("<II", data, at)
            at += 8 + ((size + 3) & ~3 if named else 0)
        values = 1
        variable = kind & ~MULTIPLE in {STRING8, UNICODE, BINARY, OBJECT}
        if kind & MULTIPLE or variable:
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
        for _ in range(values):
            if variable:
                (size,) = struct.unpack_from("<I", data, at)
                at += 4
            else:
                size = _SIZES.get(kind & ~MULTIPLE, 4)
            if at + size > len(data):
                raise struct.error
            value = data[at : at + size]
            at += (size + 3) & ~3
            yield number, kind, value, at
