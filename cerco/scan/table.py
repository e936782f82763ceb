"""What the header row of a table says about the number in a cell below it.

In:    a text as it was sent, and places in it.
Out:   `Tables`, which knows the `Row` of a place: its cell and the labels of its column.
Never: neighbouring words cut off where the header is in doubt: only one that names two columns is `firm`.
"""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace

from recognizers.folding import fold
from recognizers.labels import NUMBER_KINDS, Label, labels

_DELIMITERS = "\t,;|"
_SOFT_DELIMITERS = ("｜", "，", "；", "、", " / ", "／", "/", "\u3000", "   ", "  ", " - ", " · ", "·")
_LOOK = 5  # lines from the top of a block in which a header may stand; titles come first
_WIDE = 4096  # characters; a longer line is no row of a table
_TALL_CELL = 64  # characters; a longer cell is no heading
_SHORT_CELL = 24  # characters, where the delimiter is one of sentences, too
_ENTRY = re.compile(
    r"[ \t]*(?:[0-9]{1,3}[.)、][ \t]*)?[0-9A-Za-z][0-9 ()/-]{6,24}[ \t\r]*"
)  # a line that is a number, in a list
_ANNOUNCES = re.compile(r"[:：][ \t\r*]*\Z")
_LONG_ENTRY = 160  # characters; a longer line is no entry of a list
_QUOTED = re.compile(r'"[^"]*(?:"|\Z)')
_WORDS = re.compile(r"[^\W\d_]")
_BLANK = re.compile(r"\n[ \t\r]*\n")
_RULE = re.compile(r"[\s|:+=-]*\Z")  # the line below the header of a Markdown table


@dataclass(frozen=True, slots=True)
class Row:
    """The row a place stands in: how far it is into its cell and its line, and the labels of its column's head.

    `titled` where the column has a heading, whatever it says: then the other headings speak of other columns. `firm`
    where at least two columns are named: then the neighbouring cells speak of other numbers.
    """

    inset: int  # characters
    offset: int  # characters from the start of the line
    column: int
    heads: tuple[Label, ...] = field(repr=False)
    firm: bool
    titled: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A header row, by column; `columns` hold what labels each heading has.

    Without a delimiter it is a heading above lines that each are a number, or, if it `announces` them, hold one.
    """

    delimiter: str
    firm: bool
    start: int  # of the first row below the header
    columns: tuple[tuple[Label, ...], ...] = field(repr=False)
    announces: bool = False
    titled: frozenset[int] = frozenset()  # the columns that have a heading
    strict: bool = False  # the delimiter stands in sentences, too: only a line with as many of them is a row

    def row(self, text: str, at: int) -> Row | None:
        """Return the row of a place in the text, or None where it is not below the header or its line is no row."""
        if at < self.start:
            return None
        line = text.rfind("\n", max(0, at - _WIDE), at) + 1
        if at - line > _WIDE or (line == 0 and at > _WIDE):
            return None
        if not self.delimiter:
            end = text.find("\n", at, at + _WIDE)
            end = end if end > 0 else len(text)
            if self.announces:
                entry = end - line <= _LONG_ENTRY
            else:
                # Below another heading it is another list's.
                above = text.rfind("\n", self.start - 1, max(self.start, line - 1)) + 1
                entry = bool(
                    _ENTRY.fullmatch(text, line, end)
                    and (line <= self.start or _ENTRY.fullmatch(text, above, line - 1))
                )
            return Row(at - line, at - line, 0, self.columns[0], self.firm) if entry else None
        if self.strict:
            end = text.find("\n", at, at + _WIDE)
            if text.count(self.delimiter, line, end if end > 0 else len(text)) != len(self.columns) - 1:
                return None
        column, cell = _cell(text[line:at], self.delimiter)
        heads = self.columns[column] if column < len(self.columns) else ()
        titled = self.delimiter in text[line:at] and column in self.titled
        return Row(at - line - cell, at - line, column, heads, self.firm, titled)


class Tables:
    """The tables of one text, each read once, when a place behind it is first asked for.

    `head` holds the first lines of a long text of which this is a later piece: the piece begins in their table, if one
    of them is a header.
    """

    def __init__(self, text: str, head: str = "") -> None:
        self._text = text
        self._starts = [0]  # of the blocks of lines that were looked at
        self._tables = [_continued(head) or table(text, 0)]
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
            # A table may have gaps; one that goes on keeps its header. A list ends with them.
            last = self._tables[-1]
            self._add(blank.end(), table(self._text, blank.end()) or (last if last and last.delimiter else None))
        self._read = at
        # A header below other lines, which are no blank ones, is seen from the first place below it.
        start = self._starts[-1]
        if at - start < _WIDE and (found := _above(self._text, start, at)) and found != self._tables[-1]:
            self._add(found.start, found)

    def _add(self, start: int, found: Table | None) -> None:
        if found is not self._tables[-1]:
            self._starts.append(start)
            self._tables.append(found)


def _continued(head: str) -> Table | None:
    found = table(f"{head}\n", 0) if head else None
    return replace(found, start=0) if found else None


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
    # A heading names its column and holds no number of its own: "電話 66123456, 身份證 12345678" is a row.
    if len(line) > _WIDE or _RULE.match(line) or re.search(r"[0-9]{5}", line):
        return None
    counts = Counter(char for char in line if char in _DELIMITERS)
    if counts:
        delimiter = max(_DELIMITERS, key=counts.__getitem__)
        columns = _columns(line, delimiter, _TALL_CELL)
        if named := sum(map(bool, columns)):
            titled = frozenset(at for at, cell in enumerate(line.split(delimiter)) if _WORDS.search(cell))
            return Table(delimiter, named >= 2, below, columns, titled=titled)
    for delimiter in _SOFT_DELIMITERS:
        if delimiter in line.strip():
            columns = _columns(line, delimiter, _SHORT_CELL)
            if sum(map(bool, columns)) >= 2:
                return Table(delimiter, firm=True, start=below, columns=columns, strict=True)
    return None


def _columns(line: str, delimiter: str, longest: int) -> tuple[tuple[Label, ...], ...]:
    cells = line.split(delimiter)
    if any(len(cell) > longest for cell in cells):
        return ()
    return tuple(tuple(labels(fold(cell))) for cell in cells)


def _heading(text: str, start: int, end: int) -> Table | None:
    """Return a table of one column if a short line names a number, and what follows is a number or is announced."""
    line = text[start:end]
    if end - start > _TALL_CELL or re.search(r"[0-9]{5}", line):
        return None
    found = tuple(labels(fold(line)))
    if not any(label.kind in NUMBER_KINDS for label in found):
        return None
    if _ANNOUNCES.search(line) and not text.startswith(("\n", "\r\n"), end + 1):
        return Table("", False, end + 1, (found,), announces=True)
    after = text.find("\n", end + 1, end + 1 + _WIDE)
    if any(delimiter in line for delimiter in _DELIMITERS):
        return None
    if not _ENTRY.fullmatch(text, end + 1, after if after > 0 else len(text)):
        return None
    return Table("", False, end + 1, (found,))


def _cell(row: str, delimiter: str) -> tuple[int, int]:
    """Return the number of the last column of a piece of a row, and where in the piece its cell begins."""
    if '"' in row:
        row = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), row)
    return row.count(delimiter), row.rfind(delimiter) + 1
