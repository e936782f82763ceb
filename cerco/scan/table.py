"""What the header row of a table says about the number in a cell below it.

In:    a text as it was sent, and places in it.
Out:   `Tables`, which knows the `Row` of a place: its cell and the labels of its column.
Never: neighbouring words cut off where the header is in doubt: only one that names two columns is `firm`.
"""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from recognizers.folding import fold
from recognizers.labels import Label, labels

_DELIMITERS = "\t,;|"
_LOOK = 5  # lines from the top of a block in which a header may stand; titles come first
_WIDE = 4096  # characters; a longer line is no row of a table
_TALL_CELL = 64  # characters; a longer cell is no heading
_ENTRY = re.compile(
    r"[ \t]*(?:[0-9]{1,3}[.)、][ \t]*)?[0-9A-Za-z][0-9 ()/-]{6,24}[ \t\r]*"
)  # a line that is a number, in a list
_QUOTED = re.compile(r'"[^"]*(?:"|\Z)')
_BLANK = re.compile(r"\n[ \t\r]*\n")
_RULE = re.compile(r"[\s|:+=-]*\Z")  # the line below the header of a Markdown table


@dataclass(frozen=True, slots=True)
class Row:
    """The row a place stands in: how far it is into its cell, its column's number and the labels of the column's head.

    `firm` where at least two columns are named: then the neighbouring cells speak of other numbers.
    """

    inset: int  # characters
    column: int
    heads: tuple[Label, ...] = field(repr=False)
    firm: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A header row, by column; `columns` hold what labels each heading has.

    Without a delimiter it is a heading above lines that each are a number.
    """

    delimiter: str
    firm: bool
    start: int  # of the first row below the header
    columns: tuple[tuple[Label, ...], ...] = field(repr=False)

    def row(self, text: str, at: int) -> Row | None:
        """Return the row of a place in the text, or None where it is not below the header or its line is no row."""
        if at < self.start:
            return None
        line = text.rfind("\n", max(0, at - _WIDE), at) + 1
        if at - line > _WIDE or (line == 0 and at > _WIDE):
            return None
        if not self.delimiter:
            end = text.find("\n", at, at + _WIDE)
            entry = _ENTRY.fullmatch(text, line, end if end > 0 else len(text))
            return Row(at - line, 0, self.columns[0], self.firm) if entry else None
        column, cell = _cell(text[line:at], self.delimiter)
        heads = self.columns[column] if column < len(self.columns) else ()
        return Row(at - line - cell, column, heads, self.firm)


class Tables:
    """The tables of one text, each read once, when a place behind it is first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]  # of the blocks of lines that were looked at
        self._tables = [table(text, 0)]
        self._read = 0  # up to where the text has been looked at

    def row(self, at: int) -> Row | None:
        """Return the row of a place, if it stands in a table."""
        found = self.at(at)
        return found.row(self._text, at) if found else None

    def heads(self, *places: int) -> list[Label]:
        """Return the labels of all columns of the tables around some places."""
        found = {id(grid): grid for place in places if (grid := self.at(place))}
        return [label for grid in found.values() for column in grid.columns for label in column]

    def at(self, place: int) -> Table | None:
        """Return the table that a place may stand in."""
        self._advance(place)
        return self._tables[bisect_right(self._starts, place) - 1]

    def _advance(self, at: int) -> None:
        """Look at the blocks of lines up to a place; a new block may have a header of its own."""
        if at < self._read:
            return
        for blank in _BLANK.finditer(self._text, max(self._starts[-1], self._read - 1), at):
            # A table may have gaps; one that goes on keeps its header.
            self._add(blank.end(), table(self._text, blank.end()) or self._tables[-1])
        self._read = at
        # A header below other lines, which are no blank ones, is seen from the first place below it.
        start = self._starts[-1]
        if at - start < _WIDE and (found := _above(self._text, start, at)) and found != self._tables[-1]:
            self._add(found.start, found)

    def _add(self, start: int, found: Table | None) -> None:
        if found is not self._tables[-1]:
            self._starts.append(start)
            self._tables.append(found)


def table(text: str, start: int) -> Table | None:
    """Return the table that begins in the first lines after `start`, if one of them is a header."""
    for _ in range(_LOOK):
        end = text.find("\n", start, start + _WIDE)
        if end < 0:
            return None
        if found := _header(text[start:end], end + 1) or _heading(text, start, end):
            return found
        start = end + 1
    return None


def _above(text: str, floor: int, at: int) -> Table | None:
    """Return the table whose header is one of the few lines above a place."""
    end = text.rfind("\n", floor, at)
    for _ in range(3):
        if end <= floor:
            return None
        start = text.rfind("\n", max(floor, end - _WIDE), end) + 1
        start = max(start, floor)
        found = _header(text[start:end], end + 1)
        if found and found.firm and not re.search(r"[0-9]", text[start:end]):
            return found
        end = start - 1
    return None


def _header(line: str, below: int) -> Table | None:
    counts = Counter(char for char in line if char in _DELIMITERS)
    if not counts:
        return None
    delimiter = max(_DELIMITERS, key=counts.__getitem__)
    cells = line.split(delimiter)
    if any(len(cell) > _TALL_CELL for cell in cells) or _RULE.match(line):
        return None
    # A heading names its column and holds no number of its own: "電話 66123456, 身份證 12345678" is a row.
    if re.search(r"[0-9]{5}", line):
        return None
    columns = tuple(tuple(labels(fold(cell))) for cell in cells)
    named = sum(1 for found in columns if found)
    return Table(delimiter, named >= 2, below, columns) if named else None


def _heading(text: str, start: int, end: int) -> Table | None:
    """Return a table of one column if a short line that names a number is followed by a number."""
    if end - start > _TALL_CELL or any(delimiter in text[start:end] for delimiter in _DELIMITERS):
        return None
    after = text.find("\n", end + 1, end + 1 + _WIDE)
    found = tuple(labels(fold(text[start:end])))
    if not found or not _ENTRY.fullmatch(text, end + 1, after if after > 0 else len(text)):
        return None
    return Table("", False, end + 1, (found,))


def _cell(row: str, delimiter: str) -> tuple[int, int]:
    """Return the number of the last column of a piece of a row, and where in the piece its cell begins."""
    if '"' in row:
        row = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), row)
    return row.count(delimiter), row.rfind(delimiter) + 1
