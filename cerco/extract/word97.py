"""Read Word documents in their binary form, doc: every text in them, shown or not.

In:    the streams of a compound file ([MS-DOC]), by their names in lower case.
Out:   body, footnotes, headers, comments, endnotes and text boxes; text that no reader is shown any more.
Never: only the part that the body is. Libraries stop there: of fifteen hiding places they find five or six.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cerco.extract import sweep
from cerco.extract.charset import encodings
from cerco.extract.source import ReadError
from cerco.extract.text import Why

_MAGIC = 0xA5EC  # 2.5.2: of the file information block
_WORD_97 = 0x00C1  # older versions keep their text in one run of bytes
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_COUNTS = 64 + 3 * 4  # 2.5.4: where the characters of each part are counted
_CLX = 154 + 33 * 8  # 2.5.6: offset and size of the piece table
_TEXT_95 = 0x18  # offset and end of the text of older versions
# 2.3: the parts a document's characters are divided into, in this order; the fourth is never used.
_PARTS = ("body", "footnotes", "headers and footers", "", "comments", "endnotes", "text boxes", "text boxes in headers")

_FIELD = re.compile("[\x13-\x15]")  # 2.4.1: a field's code, its result, its end
_MARKS = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": None, "\xa0": " "}
    | dict.fromkeys("\x00\x01\x02\x03\x04\x05\x08", None)
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of text that stands in one place of the file."""

    start: int
    end: int
    wide: bool

    def read(self, data: bytes) -> str:
        """Return what it says. 8-bit text is Western: Word writes any other in UTF-16."""
        return data[self.start : self.end].decode("utf-16-le" if self.wide else "cp1252", errors="replace")


def texts(streams: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield (part, text) for every part of a document that has any.

    Raises:
        ReadError: it is under a password, or no document.
        struct.error: it ends before it should.
    """
    data = streams["worddocument"]
    magic, version = struct.unpack_from("<HH", data)
    (flags,) = struct.unpack_from("<H", data, 10)
    if flags & _ENCRYPTED:
        raise ReadError(Why.ENCRYPTED)
    if magic != _MAGIC or version < _WORD_97:
        yield from _older(data)
        return
    table = streams.get("1table" if flags & _TABLE_1 else "0table", b"")
    pieces = list(_pieces(data, table))
    if not pieces:
        raise ReadError(Why.MALFORMED)
    whole = "".join(piece.read(data) for piece in pieces)
    at = 0
    for part, count in zip(_PARTS, struct.unpack_from("<8i", data, _COUNTS), strict=True):
        text = _clean(whole[at : at + max(0, count)])
        at += max(0, count)
        if part and text:
            yield part, text
    if rest := _clean(whole[at:]):
        yield "other text", rest
    left = [*_left(data, pieces), *sweep.strings(table), *sweep.strings(streams.get("data", b""))]
    if left:
        yield "other text", "\n".join(dict.fromkeys(left))


def _pieces(data: bytes, table: bytes) -> Iterator[_Piece]:
    """Yield the pieces in the order of the text: 2.8.35, 2.9.73."""
    start, size = struct.unpack_from("<II", data, _CLX)
    clx = table[start : start + size]
    at = 0
    while clx[at : at + 1] == b"\x01":  # formatting that pieces share
        (skipped,) = struct.unpack_from("<H", clx, at + 1)
        at += 3 + skipped
    (size,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    borders = struct.unpack_from(f"<{count + 1}I", plc)
    budget = 2 * len(data)  # pieces may share bytes, but a small file says no more than it can hold
    for number in range(count):
        length = borders[number + 1] - borders[number]
        (place,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
        wide = not place & 0x40000000
        begin = place & 0x3FFFFFFF if wide else (place & 0x3FFFFFFF) // 2
        end = min(begin + length * (2 if wide else 1), len(data))
        budget -= max(0, end - begin)
        if budget < 0:
            raise ReadError(Why.TOO_LARGE)
        if length > 0 and begin < end:
            yield _Piece(begin, end, wide)


def _left(data: bytes, pieces: list[_Piece]) -> Iterator[str]:
    """Yield the words that stand between the pieces: a quick save leaves what was deleted where it was."""
    at = 0
    for piece in sorted(pieces, key=lambda piece: piece.start):
        yield from sweep.strings(data[at : piece.start])
        at = max(at, piece.end)
    yield from sweep.strings(data[at:])


def _older(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the text of Word 6 and 95: one run of bytes, in the encoding of the machine that wrote it."""
    start, end = struct.unpack_from("<II", data, _TEXT_95)
    run = data[start:end] if start < end <= len(data) else data
    for codec in encodings(run):
        yield "body", _clean(run.decode(codec, errors="replace"))
    yield "other text", "\n".join(sweep.strings(data))


def _clean(text: str) -> str:
    """Return text as people see it: cells apart by tabs, rows by line ends, fields from their results."""
    text = text.replace("\x07\x07", "\n").replace("\x07", "\t")
    return _FIELD.sub("\t", text).translate(_MARKS).strip()
