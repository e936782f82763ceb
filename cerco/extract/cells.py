"""Read the cells of one sheet, row by row, as a person sees them.

In:    the XML of a sheet, the strings its cells share, and the formats they show numbers in.
Out:   a line for each row, in the row and with a tab for each column it is in.
Never: a number rounded. Account numbers of 19 digits are stored as floating point and read as they were written.

Cells are read here, from XML that was expanded within the limits, and not by a library: calamine, the fastest there is,
keeps to no limits, rounds beyond 15 digits and knows no number formats. Rows are tried in three ways, each several
times faster than the next: against the way most rows of the sheet are written, cell by cell, and tag by tag.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cerco.extract import markup
from cerco.extract.cellformat import CellFormat
from cerco.extract.source import Source

_COLUMNS, _ROWS = 16_384, 1_048_576  # of a sheet
_PREFIX = r"(?:\w+:)?"
_PREFIXED = (":row", ":c ", ":c>", ":v>", ":t>")

# A cell as programs write nearly all of them: column, style, type, value.
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?'
    r"(?:/>|>(?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?(?:<is>)?(?:<[vt](?: [^<>]*)?>([^<]*)</[vt]>)?(?:</is>)?</c>)"
)
_PIECES = re.compile(r'(<c r="[A-Z]+)\d+("[^<>]*)(?:/>|>((?:<is>)?<[vt](?: [^<>]*)?>)[^<]*(</[vt]>(?:</is>)?</c>))')
_ROW = re.compile(r'<row(?: [^<>]*?)? r="(\d{1,7})"')

# What a row is made of, in reading order, for rows that are written in any other way. A tag never spans "<".
_TOKEN = re.compile(
    rf"<{_PREFIX}row(?P<row>(?:\s[^<>]*)?)>|<{_PREFIX}c(?P<cell>(?:\s[^<>]*)?)>"
    rf"|<{_PREFIX}(?:v|t)(?:\s[^<>]*)?>(?P<value>[^<]*)"
)
_REFERENCE = re.compile(r"""\br=["']([A-Z]{0,3})(\d{0,7})["']""")
_TYPE = re.compile(r"""\b([st])=["'](\w+)["']""")

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_FLOATING = re.compile(r"[eE]|\.0*\Z")  # 1.2345678E7, 12345678.0
_INTEGER_TYPED = 1e21  # larger numbers are no identifiers in any form

_OFTEN = 8  # rows written alike, after which a pattern for them pays
_SHAPES = 16  # patterns of one sheet
_WIDE = 256  # cells of a row that has a pattern


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the cells of many rows are written: all but their values. `line` has "%s" for each value."""

    pattern: re.Pattern[str]
    cells: int
    line: str
    tabs: int
    shared: tuple[int, ...]  # which values are numbers of shared strings
    numbers: tuple[tuple[int, str], ...]  # which are numbers, and their style


@dataclass(slots=True)
class Cells:
    """Reads a sheet. All but `source` are the workbook's; `used` has a 1 for each of the strings that a cell shows."""

    strings: Sequence[str] = field(repr=False)
    used: bytearray = field(repr=False)
    formats: Mapping[str, CellFormat] = field(repr=False)
    source: Source
    _seen: Counter[tuple[tuple[str, str, str], ...]] = field(default_factory=Counter, repr=False)
    _shapes: list[_Shape] = field(default_factory=list, repr=False)

    def lines(self, content: str) -> Iterator[str]:
        """Yield the rows in order, each as one line; several empty ones come as one string of line ends.

        Raises:
            ReadError: the sheet has more cells, or spreads them further, than the limits allow.
        """
        begin = content.find("<row")
        if begin < 0 or (":" in content and any(mark in content for mark in _PREFIXED)):
            yield from self._tag_by_tag(content, 1)
            return
        number = 1  # of the row that comes next
        said = 0  # of the last row that was yielded
        while begin >= 0:
            end = content.find("<row", begin + 4)
            row = content[begin : end if end >= 0 else len(content)]
            begin = end
            found = _ROW.match(row)
            if found:
                number = max(number, min(int(found[1]), _ROWS))
            if "<c" not in row:
                number += 1
                continue
            if number > said + 1:
                yield self._skip(number - said - 1)
            line = self._as_before(row)
            if line is None:
                line = self._cell_by_cell(row)
            for each in (line,) if line is not None else self._tag_by_tag(row, number):
                yield each
                number += each.count("\n") + 1
            said = number - 1

    def _as_before(self, row: str) -> str | None:
        """Return a row that is written as others before it, or None."""
        for place, shape in enumerate(self._shapes):
            found = shape.pattern.fullmatch(row)
            if found is None:
                continue
            if place:
                self._shapes.insert(0, self._shapes.pop(place))
            values: list[str] = list(found.groups())
            if "&" in row:
                values = [markup.plain(value) for value in values]
            try:
                for at in shape.shared:
                    number = int(values[at])
                    values[at] = self.strings[number]
                    self.used[number] = 1
            except (ValueError, IndexError):
                return None
            for at, style in shape.numbers:
                if style or not values[at].isdecimal():
                    values[at] = self._number(values[at], style)
            line = shape.line % tuple(values)
            if "\n" in line or "\r" in line or line.count("\t") != shape.tabs:
                return None
            self._count(shape.cells, line, row)
            return line.rstrip("\t")
        return None

    def _cell_by_cell(self, row: str) -> str | None:
        """Return a row whose cells are all written as usual, or None."""
        cells = _CELL.findall(row)
        if len(cells) != row.count("<c"):
            return None
        columns: list[str] = []
        for letters, style, kind, value in cells:
            self._pad(columns, _column(letters))
            columns.append(self._value(markup.plain(value), style, kind))
        if len(cells) <= _WIDE and len(self._shapes) < _SHAPES:
            key = tuple(cell[:3] for cell in cells)
            self._seen[key] += 1
            if self._seen[key] == _OFTEN:
                self._shapes.append(self._shape(row, cells))
        line = _line(columns)
        self._count(len(cells), line, row)
        return line

    def _shape(self, row: str, cells: Sequence[tuple[str, str, str, str]]) -> _Shape:
        """Return the shape of a row that was read cell by cell."""
        pattern = ["<row(?: [^<>]*)?>"]
        line: list[str] = []
        shared: list[int] = []
        numbers: list[tuple[int, str]] = []
        values = 0
        for (letters, style, kind, _), pieces in zip(cells, _PIECES.finditer(row), strict=False):
            begin, middle, opening, closing = pieces.groups()
            pattern.append(f"{re.escape(begin)}\\d+{re.escape(middle)}")
            line += [""] * (_column(letters) - 1 - len(line))
            if opening is None:
                pattern.append("/>")
                line.append("")
                continue
            pattern.append(f">{re.escape(opening)}([^<]*){re.escape(closing)}")
            line.append("%s")
            if kind == "s":
                shared.append(values)
            elif kind in {"", "n"}:
                numbers.append((values, style if style in self.formats else ""))
            values += 1
        expression = re.compile("".join([*pattern, r"</row>\s*"]))
        return _Shape(expression, len(cells), "\t".join(line), len(line) - 1, tuple(shared), tuple(numbers))

    def _tag_by_tag(self, content: str, number: int) -> Iterator[str]:
        """Yield rows however they are written; the first is `number`, unless it says so itself."""
        columns: list[str] | None = None  # of the row on the way
        style = kind = ""
        for token in _TOKEN.finditer(content):
            if (tag := token["row"]) is not None:
                if columns is not None:
                    yield _line(columns)
                    number += 1
                columns = []
                _, at = _position(tag)
                if at > number:
                    yield self._skip(at - number)
                    number = at
            elif (tag := token["cell"]) is not None:
                self.source.budget.fill(1)
                columns = [] if columns is None else columns
                self._pad(columns, _position(tag)[0])
                columns.append("")
                said = dict(_TYPE.findall(tag))
                style, kind = said.get("s", ""), said.get("t", "")
            elif columns:
                value = self._value(markup.plain(token["value"]), style, kind)
                self._count(0, value, token[0])
                columns[-1] += value
        if columns is not None:
            yield _line(columns)

    def _value(self, value: str, style: str, kind: str) -> str:
        if kind == "s":
            number = int(value[:9]) if value.isdecimal() else len(self.strings)
            if number >= len(self.strings):
                return value
            self.used[number] = 1
            return self.strings[number]
        return self._number(value, style) if kind in {"", "n"} else value

    def _number(self, value: str, style: str) -> str:
        """Return a number as typed, without what floating point has added, or as its cell shows it."""
        if not value.isdecimal() and _FLOATING.search(value) and _NUMBER.fullmatch(value):
            number = float(value)
            value = str(int(number)) if number.is_integer() and abs(number) < _INTEGER_TYPED else str(number)
        form = self.formats.get(style)
        return form.show(value) if form is not None else value

    def _pad(self, columns: list[str], column: int) -> None:
        """Lay empty cells in front of `column`, counted from 1; a cell whose place is taken comes after."""
        empty = min(column, _COLUMNS) - 1 - len(columns)
        if empty > 0:
            self.source.budget.expand(empty)
            columns += [""] * empty

    def _count(self, cells: int, line: str, row: str) -> None:
        """Count a row's cells, and what it says beyond what it is: a long string may be shared by every cell."""
        self.source.budget.fill(cells)
        if len(line) > len(row):
            self.source.budget.expand(len(line) - len(row))

    def _skip(self, rows: int) -> str:
        """Return this many empty rows, which stand between two that are there."""
        self.source.budget.expand(rows)
        return "\n" * (rows - 1)


def one_line(value: str) -> str:
    """Return a value without the blanks that would part rows or cells."""
    return " ".join(value.split()) if "\t" in value or "\n" in value or "\r" in value else value


def _line(columns: list[str]) -> str:
    line = "\t".join(columns)
    if "\n" in line or "\r" in line or line.count("\t") != len(columns) - 1:
        line = "\t".join(one_line(column) for column in columns)
    return line.rstrip("\t")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _position(tag: str) -> tuple[int, int]:
    """Return the column and row a tag says it stands in, 0 where it does not say."""
    found = _REFERENCE.search(tag)
    if found is None:
        return 0, 0
    return _column(found[1]), min(int(found[2] or 0), _ROWS)
