"""Read Word documents in their binary form, doc: every text in them, shown or not.

In:    the streams of a compound file ([MS-DOC]), by their names in lower case.
Out:   body, footnotes, headers, comments, endnotes and text boxes; text that no reader is shown any more.
Never: only the part that the body is. Libraries stop there: of fifteen hiding places they find five or six.
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cerco.extract import sweep
from cerco.extract.charset import encodings
from cerco.extract.readings import Mark, readings
from cerco.extract.source import ReadError
from cerco.extract.text import Why

_MAGIC = 0xA5EC  # 2.5.2: of the file information block
_WORD_97 = 0x00C1  # older versions keep their text in one run of bytes
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_COUNTS = 64 + 3 * 4  # 2.5.4: where the characters of each part are counted
_CLX = 154 + 33 * 8  # 2.5.6: offset and size of the piece table
_RUN_PAGES = 154 + 12 * 8  # offset and size of the list of pages that say how runs look
_PAGE = 512  # bytes
_MARKS_OF = {0x0800: Mark.DELETED, 0x0801: Mark.INSERTED, 0x083C: Mark.HIDDEN}  # 2.6.1
_OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)  # bytes, by the upper three bits; 0 says that the first byte tells
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
    wide: bool  # in UTF-16; 8-bit text is Western, Word writes any other in UTF-16


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
    runs = _Runs(pieces, list(_marks(data, table)), data)
    for part, count in zip(_PARTS, struct.unpack_from("<8i", data, _COUNTS), strict=True):
        for how, text in readings(runs.take(max(0, count))):
            if part and (clean := _clean(text)):
                yield f"{part}{how}", clean
    for _, text in readings(runs.take(len(data))):
        if clean := _clean(text):
            yield "other text", clean
    left = [*_left(data, pieces), *sweep.strings(table), *sweep.strings(streams.get("data", b""))]
    if left:
        yield "other text", "\n".join(dict.fromkeys(left))


@dataclass(slots=True)
class _Runs:
    """The text of the pieces, from the first on, in runs for which the same holds."""

    pieces: list[_Piece]
    marks: list[tuple[int, int, Mark]]  # from and to which byte of the file what holds, in order
    data: bytes = field(repr=False)
    piece: int = 0  # that comes next
    at: int = 0  # bytes of it that are taken

    def take(self, characters: int) -> list[tuple[Mark, str]]:
        """Return the next characters, or as many as there are."""
        taken: list[tuple[Mark, str]] = []
        while characters > 0 and self.piece < len(self.pieces):
            piece = self.pieces[self.piece]
            width = 2 if piece.wide else 1
            begin = piece.start + self.at
            end, mark = self._until(begin, min(piece.end, begin + characters * width))
            end = max(end - (end - begin) % width, begin + width)
            text = self.data[begin:end].decode("utf-16-le" if piece.wide else "cp1252", errors="replace")
            taken.append((mark, text))
            characters -= (end - begin) // width
            self.at += end - begin
            if piece.start + self.at >= piece.end:
                self.piece, self.at = self.piece + 1, 0
        return taken

    def _until(self, begin: int, end: int) -> tuple[int, Mark]:
        """Return what holds at `begin`, and the byte up to which it does, at most `end`."""
        following = bisect_right(self.marks, begin, key=lambda run: run[0])
        if following < len(self.marks):
            end = min(end, self.marks[following][0])
        if following and self.marks[following - 1][1] > begin:
            _, until, mark = self.marks[following - 1]
            return min(end, until), mark
        return end, Mark.NONE


def _marks(data: bytes, table: bytes) -> Iterator[tuple[int, int, Mark]]:
    """Yield from and to which byte text is hidden, deleted or inserted: 2.8.5 and 2.9.33, pages of runs."""
    start, size = struct.unpack_from("<II", data, _RUN_PAGES)
    plc = table[start : start + size]
    count = (len(plc) - 4) // 8
    found: list[tuple[int, int, Mark]] = []
    for number in range(min(count, len(data) // _PAGE)):
        page_number = int.from_bytes(plc[4 * (count + 1) + 4 * number :][:4], "little")
        page = data[page_number * _PAGE : (page_number + 1) * _PAGE]
        if len(page) < _PAGE:
            continue
        runs = page[-1]
        for run in range(min(runs, _PAGE // 5)):
            begin, end = struct.unpack_from("<II", page, 4 * run)
            at = 2 * page[4 * (runs + 1) + run]
            mark = _mark(page[at + 1 : at + 1 + page[at]]) if at else Mark.NONE
            if mark and begin < end:
                found.append((begin, end, mark))
    yield from sorted(found, key=lambda run: run[0])


def _mark(properties: bytes) -> Mark:
    """Return what a run's properties say of it: 2.2.5.1, a number whose upper bits tell the size of its operand."""
    mark, at = Mark.NONE, 0
    while at + 3 <= len(properties):
        number = int.from_bytes(properties[at : at + 2], "little")
        if number in _MARKS_OF and properties[at + 2]:
            mark |= _MARKS_OF[number]
        size = _OPERANDS[number >> 13]
        at += 2 + (size or 1 + properties[at + 2])
    return mark


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
