"""Say where something is, in words that may be shown to anyone.

In:    names that the sender chose: file names, sheet names, member names.
Out:   one line, "客戶名單.xlsx > Sheet1".
Never: a number that could be somebody's. Places go into notices and evidence, and names are content.
"""

import re

STEP = 80  # characters of one name that are shown; enough to recognise a file, too few to smuggle a page

# Five digits in a row, or seven set apart as people set them: 1234567(8), 5/123456/7, 12 34 56 78. "Q3 2026" stays.
_NUMBER = re.compile(r"\d(?:[\s./()\[\]\-_,–—]{0,2}\d){6,}|\d{5,}")
_SPACE = re.compile(r"\s+")


def place(*steps: str) -> str:
    """Join names into a place, from the outermost to the innermost, each made safe to show.

    Runs of five digits or more, and of seven with marks between them, become their first digit and dots; control and
    direction marks are dropped, so that a name cannot rewrite the line it stands in; ">" cannot forge a step; a long
    name is cut in its middle.
    """
    return " > ".join(_safe(step) for step in steps)


def cell(row: int, column: int) -> str:
    """Return what a sheet calls the cell in this row and column, both counted from 1: "C14"."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def _safe(step: str) -> str:
    line = _SPACE.sub(" ", step).replace(">", "›").strip()
    line = "".join(character for character in line if character.isprintable())
    line = _NUMBER.sub(lambda number: number[0][0] + "•••", line)
    if len(line) > STEP:
        line = line[: STEP // 2] + "…" + line[-STEP // 2 + 1 :]
    return line or "unnamed"
