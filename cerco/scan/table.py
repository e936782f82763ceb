"""What the header row of a table says about the number in a cell below it.

In:    a normalised text, and places in it.
Out:   `Table`: the line, the cell and the column of a place, and the labels of that column.
Never: neighbouring words cut off where the header is in doubt: only one that names two columns is `firm`.
"""

import re
from dataclasses import dataclass, field, replace

from recognizers.folding import fold
from recognizers.labels import Label, labels

_DELIMITERS = "\t,;|"
_LOOK = 5  # lines from the top in which a header may stand; titles come first
_WIDE = 4096  # characters; a longer line is no row of a table
_TALL_CELL = 40  # characters; a longer cell is no heading
_ENTRY = re.compile(
    r"[ \t]*(?:[0-9]{1,3}[.)、][ \t]*)?[0-9][0-9 ()/-]{6,24}[ \t\r]*"
)  # a line that is a number, in a list
_QUOTED = re.compile(r'"[^"]*(?:"|\Z)')


@dataclass(frozen=True, slots=True)
class Table:
    """A header row, by column; `columns` hold what labels each heading has.

    Without a delimiter it is a heading above lines that each are a number. `firm` where at least two columns are named.
    """

    delimiter: str
    firm: bool
    start: int  # of the first row below the header
    columns: tuple[tuple[Label, ...], ...] = field(repr=False)

    def labels_of(self, text: str, at: int) -> tuple[int, int, tuple[Label, ...]] | None:
        """Return (start of the cell, number of the column, labels of its heading) of a place in the text.

        None where the place is not below the header or its line is no row.
        """
        if at < self.start:
            return None
        line = text.rfind("\n", max(0, at - _WIDE), at) + 1
        if at - line > _WIDE or (line == 0 and at > _WIDE):
            return None
        if not self.delimiter:
            end = text.find("\n", at, at + _WIDE)
            return (line, 0, self.columns[0]) if _ENTRY.fullmatch(text, line, end if end > 0 else len(text)) else None
        column, cell = _cell(text[line:at], self.delimiter)
        return line + cell, column, self.columns[column] if column < len(self.columns) else ()


def table(text: str, head: str = "") -> Table | None:
    """Return the table a text holds, if one of its first lines is a header.

    `head` holds the first lines of a long text of which this is a later piece: all its lines are below them.
    """
    if head:
        found = table(f"{head}\n")
        return replace(found, start=0) if found else None
    start = 0
    for _ in range(_LOOK):
        end = text.find("\n", start, start + _WIDE)
        if end < 0:
            return None
        if found := _header(text[start:end], end + 1) or _heading(text, start, end):
            return found
        start = end + 1
    return None


def _header(line: str, below: int) -> Table | None:
    delimiter = max(_DELIMITERS, key=line.count)
    cells = line.split(delimiter)
    if len(cells) < 2 or any(len(cell) > _TALL_CELL for cell in cells):
        return None
    columns = tuple(tuple(labels(fold(cell))) for cell in cells)
    named = sum(1 for found in columns if found)
    # A heading names its column and holds no number of its own: "電話 66123456, 身份證 12345678" is a row.
    if not named or re.search(r"[0-9]{5}", line):
        return None
    return Table(delimiter, named >= 2, below, columns)


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
