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
_PREFIXED = re.compile(r":(?:row|[cvt])[\s/>]")

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
_REMEMBERED = 4096  # values of one column: the days of a list are mostly the same few hundred
_WIDE = 256  # cells of a row that has a pattern


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the cells of many rows are written: all but their values. `line` has "%s" for each value."""

    pattern: re.Pattern[str]
    cells: int
    line: str
    tabs: int
    shared: tuple[int, ...]  # which values are numbers of shared strings
    numbers: tuple[int, ...]  # which are numbers
    formatted: tuple[tuple[int, CellFormat, dict[str, str]], ...]  # which are shown in a format, and what as so far


@dataclass(slots=True)
class Cells:
    """Reads a sheet. All but `source` are the workbook's; `used` has a 1 for each of the strings that a cell shows."""

    strings: Sequence[str] = field(repr=False)
    used: bytearray = field(repr=False)
    formats: Mapping[str, CellFormat] = field(repr=False)
    source: Source
    _end: int = 0  # of the cells in the sheet on the way
    _spelled: bool = False  # there are characters written as references
    _blank: bool = False  # there may be blanks in values that would part rows or cells; shared strings have none
    _seen: Counter[tuple[tuple[str, str, str], ...]] = field(default_factory=Counter, repr=False)
    _shapes: list[_Shape] = field(default_factory=list, repr=False)

    def lines(self, content: str) -> Iterator[str]:
        """Yield the rows in order, each as one line; several empty ones come as one string of line ends.

        Raises:
            ReadError: the sheet has more cells, or spreads them further, than the limits allow.
        """
        self._spelled = "&" in content
        self._blank = self._spelled or any(blank in content for blank in "\t\n\r")
        # The cells are read where they stand: a sheet may be most of what memory there is.
        begin, self._end = content.find("<sheetData"), content.rfind("</sheetData>")
        if not 0 <= begin < self._end:
            begin, self._end = 0, len(content)
        if _PREFIXED.search(content, begin, self._end) or content.find("<row", begin, self._end) < 0:
            yield from self._tag_by_tag(content[begin : self._end], 1)
            return
        begin = content.find("<row", begin, self._end)
        number = 1  # of the row that comes next
        said = 0  # of the last row that was yielded
        while begin >= 0:
            if (known := self._as_before(content, begin)) is not None:
                begin, at, line = known
                number = max(number, at)
                if number > said + 1:
                    yield self._skip(number - said - 1)
                yield line
                said, number = number, number + 1
                continue
            end = content.find("<row", begin + 4, self._end)
            row = content[begin : end if end >= 0 else self._end]
            begin = end
            if found := _ROW.match(row):
                number = max(number, min(int(found[1]), _ROWS))
            if "<c" in row:
                if number > said + 1:
                    yield self._skip(number - said - 1)
                for line in self._in_any_way(row, number):
                    yield line
                    number += line.count("\n") + 1
                said = number - 1
            else:
                number += 1

    def _as_before(self, content: str, begin: int) -> tuple[int, int, str] | None:
        """Return where the next row begins, the number of this one and its line, if it is written as others before."""
        for place, shape in enumerate(self._shapes):
            if found := shape.pattern.match(content, begin, self._end):
                if place:
                    self._shapes.insert(0, self._shapes.pop(place))
                line = self._filled(shape, found)
                if line is None:
                    return None
                begin, end = found.span()
                self._count(shape.cells, len(line), end - begin)
                return end if end < self._end else -1, min(int(found[1]), _ROWS), line
        return None

    def _filled(self, shape: _Shape, found: re.Match[str]) -> str | None:
        """Return a row of this shape, or None where one of its values would part rows or cells."""
        _, *values = found.groups()
        if self._spelled:
            values = [markup.plain(value) for value in values]
        try:
            for at in shape.shared:
                number = int(values[at])
                values[at] = self.strings[number]
                self.used[number] = 1
        except (ValueError, IndexError):
            return None
        for at in shape.numbers:
            value = values[at]
            if not value.isdecimal() and (value.endswith("0") or "E" in value or "e" in value):
                values[at] = _typed(value)
        for at, form, shown in shape.formatted:
            value = values[at]
            if value not in shown:
                if len(shown) >= _REMEMBERED:
                    shown.clear()
                shown[value] = form.show(_typed(value))
            values[at] = shown[value]
        line = shape.line % tuple(values)
        if self._blank and ("\n" in line or "\r" in line or line.count("\t") != shape.tabs):
            return None
        return line.rstrip("\t")

    def _in_any_way(self, row: str, number: int) -> Iterator[str]:
        line = self._cell_by_cell(row)
        return self._tag_by_tag(row, number) if line is None else iter((line,))

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
        self._count(len(cells), len(line), len(row))
        return line

    def _shape(self, row: str, cells: Sequence[tuple[str, str, str, str]]) -> _Shape:
        """Return the shape of a row that was read cell by cell."""
        pattern = [r'(?><row(?: [^<>]*?)? r="(\d{1,7})"[^<>]*>)']
        line: list[str] = []
        shared: list[int] = []
        numbers: list[int] = []
        formatted: list[tuple[int, CellFormat, dict[str, str]]] = []
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
            elif kind in {"", "n"} and style in self.formats:
                formatted.append((values, self.formats[style], {}))
            elif kind in {"", "n"}:
                numbers.append(values)
            values += 1
        expression = re.compile("".join([*pattern, r"</row>\s*(?=<row|\Z)"]))
        template = "\t".join(line)
        return _Shape(expression, len(cells), template, len(line) - 1, tuple(shared), tuple(numbers), tuple(formatted))

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
                self._count(0, len(value), len(token[0]))
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
        form = self.formats.get(style)
        return form.show(_typed(value)) if form is not None else _typed(value)

    def _pad(self, columns: list[str], column: int) -> None:
        """Lay empty cells in front of `column`, counted from 1; a cell whose place is taken comes after."""
        empty = min(column, _COLUMNS) - 1 - len(columns)
        if empty > 0:
            self.source.budget.expand(empty)
            columns += [""] * empty

    def _count(self, cells: int, said: int, written: int) -> None:
        """Count cells, and what they say beyond what is written: a long string may be shared by all of them."""
        self.source.budget.fill(cells)
        if said > written:
            self.source.budget.expand(said - written)

    def _skip(self, rows: int) -> str:
        """Return this many empty rows, which stand between two that are there."""
        self.source.budget.expand(rows)
        return "\n" * (rows - 1)


def one_line(value: str) -> str:
    """Return a value without the blanks that would part rows or cells."""
    return " ".join(value.split()) if "\t" in value or "\n" in value or "\r" in value else value


def _typed(value: str) -> str:
    """Return a number as a person types it: without the exponent or the ".0" that a program has added."""
    if value.isdecimal() or not _FLOATING.search(value) or not _NUMBER.fullmatch(value):
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < _INTEGER_TYPED else str(number)


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
