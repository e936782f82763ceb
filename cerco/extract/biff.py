"""Read the records of an old Excel workbook, xls, for what its cells do not say.

In:    the stream "Workbook" ([MS-XLS]).
Out:   comments at their cells, headers, names, validations, text boxes, links; numbers whose format makes them more
       than numbers; how far the cells of all sheets reach.
Never: the cells themselves: a library reads those, once it is known that they fit.
"""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from cerco.extract import sweep
from cerco.extract.cellformat import CellFormat, parse
from cerco.extract.grid import written
from cerco.extract.place import cell
from cerco.extract.source import ReadError
from cerco.extract.text import Why

# 2.3: types of records.
_BOF, _EOF, _CONTINUE, _LOCKED = 0x0809, 0x000A, 0x003C, 0x002F
_OLD_BOFS = frozenset({0x0009, 0x0209, 0x0409})  # Excel 2 to 4
_BOUNDS, _FORMAT, _STYLE = 0x0085, 0x041E, 0x00E0
_NUMBER, _RK, _MANY_RK, _MANY_BLANK, _FORMULA, _RESULT = 0x0203, 0x027E, 0x00BD, 0x00BE, 0x0006, 0x0207
_NOTE, _OBJECT, _BOX = 0x001C, 0x005D, 0x01B6
_DRAWINGS = frozenset({0x00EB, 0x00EC})
_LABELS = {
    0x0014: "headers and footers", 0x0015: "headers and footers", 0x089C: "headers and footers", 0x0018: "names",
    0x01B8: "links", 0x01BE: "validations", 0x0875: "validations", 0x00EC: "drawings", 0x00EB: "drawings",
    0x005A: "linked workbooks", 0x01AE: "linked workbooks", 0x00CD: "pivot data",
}  # fmt: skip
# Strings that cells share, which the library shows; fonts, colours, who wrote it last, results of formulas.
_QUIET = frozenset({0x00FC, 0x00FF, 0x0031, 0x0092, 0x0042, 0x00E1, 0x00C1, 0x0293, 0x088E, 0x0896, _CONTINUE, _RESULT})
_STATES = {1: " (hidden)", 2: " (very hidden)"}
_NO_NUMBER = 0xFFFF  # 2.5.133: ends the value of a formula that is text
_FILLED = re.compile(rb"[^\x00]")
_MOST_CELLS = 100_000  # whose format is looked at

type Texts = list[tuple[tuple[str, ...], str]]


@dataclass(slots=True)
class Workbook:
    """What the records of a workbook say."""

    sheets: list[str] = field(default_factory=list, repr=False)  # as people see them
    texts: Texts = field(default_factory=list, repr=False)  # (steps, text)
    shown: dict[int, dict[tuple[int, int], str]] = field(default_factory=dict, repr=False)  # sheet -> cell -> as shown
    spread: int = 0  # cells of all sheets, laid out
    drawings: bytearray = field(default_factory=bytearray, repr=False)


def read(data: bytes) -> Workbook:
    """Return what the records say.

    Raises:
        ReadError: it is under a password, or of a version before Excel 5.
        struct.error | IndexError: a record is shorter than its type allows.
    """
    reader = _Reader(Workbook())
    for kind, body in _records(data):
        if kind in _OLD_BOFS:
            raise ReadError(Why.UNKNOWN_FORMAT)
        if kind == _LOCKED:
            raise ReadError(Why.ENCRYPTED)
        reader.take(kind, body)
    reader.end()
    return reader.found


@dataclass(slots=True)
class _Reader:
    """Where among the records the reading is."""

    found: Workbook
    sheet: int = -1  # -1 is the workbook itself
    depth: int = 0  # of substreams: a chart on a sheet is one within one
    reach: tuple[int, int] = (0, 0)  # rows and columns
    formats: dict[int, CellFormat] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)  # number of a style -> number of its format
    object: int = 0
    boxes: dict[int, str] = field(default_factory=dict, repr=False)  # number of an object -> its text

    def take(self, kind: int, body: list[bytes]) -> None:
        """Take in one record and what continues it."""
        if (handler := self._HANDLERS.get(kind)) is not None:
            handler(self, body)
        elif kind in _CELLS:
            self._cell(kind, body[0])
        elif kind not in _QUIET:
            self._other(kind, b"".join(body))

    def end(self) -> None:
        """Close the sheet the reading is in; what no comment has asked for was a text box."""
        for text in self.boxes.values():
            self._say("text boxes", text)
        self.found.spread += self.reach[0] * self.reach[1]
        self.boxes, self.reach = {}, (0, 0)
        self.sheet += 1

    def _say(self, step: str, text: str) -> None:
        if text.strip():
            sheet = self.found.sheets[self.sheet : self.sheet + 1] if self.sheet >= 0 else []
            self.found.texts.append(((*sheet, step), text))

    def _begin_stream(self, _body: list[bytes]) -> None:
        self.depth += 1

    def _end_stream(self, _body: list[bytes]) -> None:
        self.depth -= 1
        if self.depth == 0:
            self.end()

    def _bounds(self, body: list[bytes]) -> None:
        name = _string(body[0][7:], body[0][6])
        self.found.sheets.append(name + _STATES.get(body[0][4] & 3, ""))

    def _format(self, body: list[bytes]) -> None:
        number, size = struct.unpack_from("<HH", body[0])
        code = _string(body[0][5:], size, wide=bool(body[0][4] & 1), flagged=False)
        self._say("formats", code)
        form = parse(code)
        if form is not None and form.pieces:
            self.formats[number] = form

    def _style(self, body: list[bytes]) -> None:
        self.styles.append(struct.unpack_from("<H", body[0], 2)[0])

    def _object(self, body: list[bytes]) -> None:
        (self.object,) = struct.unpack_from("<H", body[0], 6)

    def _box(self, body: list[bytes]) -> None:
        (size,) = struct.unpack_from("<H", body[0], 10)
        text = ""
        for piece in body[1:]:
            text += _string(piece, size - len(text))
        self.boxes[self.object] = text

    def _note(self, body: list[bytes]) -> None:
        row, column, _, number = struct.unpack_from("<4H", body[0])
        text = self.boxes.pop(number, "")
        author = "\n".join(sweep.strings(body[0][8:]))
        self._say(f"comments on {cell(row + 1, column + 1)}", f"{text}\n{author}")

    def _other(self, kind: int, body: bytes) -> None:
        if kind in _DRAWINGS:
            self.found.drawings += body
        self._say(_LABELS.get(kind, "other text"), "\n".join(sweep.strings(body)))

    def _cell(self, kind: int, body: bytes) -> None:
        row, column = struct.unpack_from("<2H", body)
        values = list(_numbers(kind, body))
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in {_MANY_RK, _MANY_BLANK} else column
        self.reach = (max(self.reach[0], row + 1), max(self.reach[1], last + 1))
        if kind == _FORMULA:
            self._say("formulas", "\n".join(sweep.strings(body[20:])))
        if not self.formats:
            return
        shown = self.found.shown.setdefault(max(self.sheet, 0), {})
        for offset, (style, value) in enumerate(values):
            form = self.formats.get(self.styles[style]) if style < len(self.styles) else None
            if form is not None and len(shown) < _MOST_CELLS:
                shown[row, column + offset] = form.show(written(value))

    _HANDLERS: ClassVar[dict[int, Callable[["_Reader", list[bytes]], None]]] = {
        _BOF: _begin_stream, _EOF: _end_stream, _BOUNDS: _bounds, _FORMAT: _format, _STYLE: _style,
        _OBJECT: _object, _BOX: _box, _NOTE: _note,
    }  # fmt: skip


_CELLS = frozenset({_NUMBER, _RK, _MANY_RK, _MANY_BLANK, _FORMULA, 0x0201, 0x00FD, 0x0204, 0x0205, 0x00D6})


def _records(data: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Yield type and bodies of each record: its own, and those that continue it."""
    at = 0
    kind, body = -1, [b""]
    while at + 4 <= len(data):
        following, size = struct.unpack_from("<HH", data, at)
        if not following and not size:  # what fills up the last sector
            filled = _FILLED.search(data, at)
            at += 4 * ((filled.start() - at) // 4) if filled else len(data)
            continue
        piece = data[at + 4 : at + 4 + size]
        at += 4 + size
        if following == _CONTINUE and kind >= 0:
            body.append(piece)
            continue
        if kind >= 0:
            yield kind, body
        kind, body = following, [piece]
    if kind >= 0:
        yield kind, body


def _string(data: bytes, size: int, *, wide: bool = False, flagged: bool = True) -> str:
    """Return `size` characters; a flag in front of them says whether they take two bytes each: 2.5.293."""
    if flagged:
        wide, data = bool(data[:1] and data[0] & 1), data[1:]
    return data[: 2 * size].decode("utf-16-le", errors="replace") if wide else data[:size].decode("latin-1")


def _numbers(kind: int, body: bytes) -> Iterator[tuple[int, float]]:
    """Yield style and value of each number in a record of cells."""
    if kind == _MANY_RK:
        for at in range(4, len(body) - 7, 6):
            yield struct.unpack_from("<H", body, at)[0], _packed(body[at + 2 : at + 6])
    elif kind == _RK:
        yield struct.unpack_from("<H", body, 4)[0], _packed(body[6:10])
    elif kind == _NUMBER or (kind == _FORMULA and struct.unpack_from("<H", body, 12)[0] != _NO_NUMBER):
        yield struct.unpack_from("<Hd", body, 4)


def _packed(data: bytes) -> float:
    """Return a number of four bytes: 2.5.217."""
    (bits,) = struct.unpack("<i", data)
    value: float = bits >> 2 if bits & 2 else struct.unpack("<d", struct.pack("<Q", (bits & 0xFFFFFFFC) << 32))[0]
    return value / 100 if bits & 1 else value
