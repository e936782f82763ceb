"""Read the cells of workbooks row by row, as a person sees them, and what workbooks keep outside their cells.

In:    the XML parts of a workbook, and the workbook itself for the library that reads cells.
Out:   one text a sheet, cells joined by tabs, hidden sheets too; sheet names as titles, first rows as headers.
Never: a number rounded. Account numbers are stored as floating point and looked up as they were written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from io import BytesIO

import python_calamine as calamine

from cerco.extract import markup
from cerco.extract.source import ReadError, Source
from cerco.extract.text import Text, Unreadable

type Cell = float | str | bool | date | time | timedelta

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_PREFIX = r"(?:\w+:)?"

_SHEET_TAG = re.compile(rf"<{_PREFIX}sheet\s([^<>]*)>")
_RELATION_TAG = re.compile(rf"<{_PREFIX}Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_STRING_ITEM = re.compile(rf"</{_PREFIX}si\s*>")
_LONG = re.compile(r"v>(\d{16,19})</")  # beyond 2**53 a float no longer holds every integer
_EXPONENT = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")

# What a sheet is made of, in reading order. A tag never spans "<", so the pass is linear.
_TOKEN = re.compile(
    rf"<{_PREFIX}row(?P<row>(?:\s[^<>]*)?)>|<{_PREFIX}c(?P<cell>(?:\s[^<>]*)?)>"
    rf"|<{_PREFIX}(?:v|t)(?:\s[^<>]*)?>(?P<value>[^<]*)"
)
_REFERENCE = re.compile(r"""\br=["']([A-Z]{0,3})(\d{0,7})["']""")
_ROW_NUMBER = re.compile(rf"""<{_PREFIX}row\s[^<>]*?\br=["'](\d{{1,7}})["']""")
# Patterns that begin with the letters themselves are several times faster, and these two see every cell.
_COLUMNS = (re.compile('r="([A-Z]{1,3})'), re.compile("r='([A-Z]{1,3})"))
_INTEGER_TYPED = 1e21  # larger numbers are no identifiers in any form


@dataclass(frozen=True, slots=True)
class Part:
    """One XML part of a workbook."""

    name: str
    content: str = field(repr=False)


def is_part(name: str) -> bool:
    """Tell whether a part is needed to make sense of cells."""
    return name in {_WORKBOOK, _RELATIONS, _STRINGS} or _SHEET.fullmatch(name) is not None


def read(parts: Iterable[Part], source: Source, *, complete: bool) -> Iterator[Text | Unreadable | Part]:
    """Yield cells as text, and hand back as parts whatever of them stands outside of cells.

    `complete` says that every part was read in full; only then may the library read the workbook a second time,
    since it keeps to no limits of its own.
    """
    parts = tuple(parts)
    titles = _titles(parts)
    for title in dict.fromkeys(titles.values()):
        yield Text(source.place(title), title, "title")
    tables = [part.content for part in parts if part.name == _STRINGS]
    strings = [string for table in tables for string in _strings(table)]
    grids = _grids(source) if complete and _is_plain(parts) and _fits(parts, source) else {}
    shown: set[int] = set()
    for part in parts:
        if not _SHEET.fullmatch(part.name):
            if part.name != _STRINGS:
                yield part
            continue
        title = titles.get(part.name, part.name)
        grid = grids.get(title)
        rows = _rows(part.content, strings, source) if grid is None else _dense(grid, _exact(part.content))
        yield from _sheet(rows, title, shown, source)
        yield Part(part.name, _without_cells(part.content))
    if orphans := [string for string in strings if string and _mark(string) not in shown]:
        yield Text(source.place("strings in no cell"), "\n".join(orphans))


def _sheet(rows: Iterator[list[str]], title: str, shown: set[int], source: Source) -> Iterator[Text | Unreadable]:
    lines: list[str] = []
    gap: Unreadable | None = None
    try:
        for row in rows:
            shown.update(_mark(cell) for cell in row if cell and not cell.isdecimal())
            lines.append("\t".join(" ".join(cell.splitlines()) if "\n" in cell else cell for cell in row).rstrip("\t"))
    except ReadError as limit:
        gap = source.gap(limit.why, title)
    if header := next((line for line in lines if line), ""):
        yield Text(source.place(f"{title} (header)"), header, "header")
        yield Text(source.place(title), "\n".join(lines), unit="row")
    if gap is not None:
        yield gap


def _strings(table: str) -> list[str]:
    """Return the shared strings in their order; a mark that XML forbids keeps them apart on the way."""
    return [string.strip() for string in markup.paragraphs(_STRING_ITEM.sub("\x1f", table)).split("\x1f")]


def _mark(string: str) -> int:
    """Return what a string is remembered by: kept whole, two million cells would need their text twice."""
    return hash(" ".join(string.split()))


def _titles(parts: tuple[Part, ...]) -> dict[str, str]:
    """Return part name -> sheet name, through the workbook's own relations."""
    targets: dict[str, str] = {}
    for tag in _tags(_RELATION_TAG, _RELATIONS, parts):
        target = tag.get("Target", "")
        targets[tag.get("Id", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    titles: dict[str, str] = {}
    for tag in _tags(_SHEET_TAG, _WORKBOOK, parts):
        relation = next((value for name, value in tag.items() if name.endswith(":id")), "")
        titles[targets.get(relation, relation)] = tag.get("name", "")
    return titles


def _tags(pattern: re.Pattern[str], name: str, parts: tuple[Part, ...]) -> Iterator[dict[str, str]]:
    for part in parts:
        if part.name == name:
            for tag in pattern.finditer(part.content):
                found = _ATTRIBUTE.finditer(tag[1])
                yield {match[1]: markup.plain(match[2] or match[3] or "") for match in found}


def _is_plain(parts: tuple[Part, ...]) -> bool:
    """Tell whether every part name is there once; of two, the library would read one and nobody knows which."""
    return len({part.name for part in parts}) == len(parts)


def _fits(parts: tuple[Part, ...], source: Source) -> bool:
    """Tell whether all sheets, laid out densely, stay within the limit; the library lays them out so.

    One stray cell in the last row makes a sheet of millions; such a sheet is read cell by cell instead.
    """
    cells = 0
    for part in parts:
        if _SHEET.fullmatch(part.name):
            numbers = [int(row[1]) for row in _ROW_NUMBER.finditer(part.content)]
            height = max(numbers, default=part.content.count("<row"))
            columns = {letters for pattern in _COLUMNS for letters in pattern.findall(part.content)}
            cells += height * max((_column(letters) for letters in columns), default=1)
    return cells <= source.budget.limits.cells


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _grids(source: Source) -> dict[str, calamine.CalamineSheet]:
    """Return every sheet the library can read; none where it cannot, and cells are read from the parts."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(source.data))
        return {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    except calamine.CalamineError:
        return {}
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # what a failed assertion in the library becomes; not exported
            raise
        return {}


def _dense(grid: calamine.CalamineSheet, exact: dict[float, str]) -> Iterator[list[str]]:
    for row in grid.iter_rows():
        yield [cell if isinstance(cell, str) else _written(cell, exact) for cell in row]


def _rows(content: str, strings: list[str], source: Source) -> Iterator[list[str]]:
    """Yield the cells of each row straight from a sheet's XML, in the row and column they are in."""
    row: list[str] = []
    rows = 0  # that were begun
    shared = False
    for token in _TOKEN.finditer(content):
        if (tag := token["row"]) is not None:
            if rows:
                yield row
            row = []
            _, number = _position(tag)
            for _ in range(rows + 1, number):
                source.budget.expand(1)
                yield row
            rows = max(rows + 1, number)
        elif (tag := token["cell"]) is not None:
            source.budget.fill(1)
            column, _ = _position(tag)
            source.budget.expand(max(0, column - len(row)))
            row += [""] * max(1, column - len(row))
            shared = 't="s"' in tag or "t='s'" in tag
        elif row:
            row[-1] += _value(markup.plain(token["value"]), strings, shared=shared)
    yield row


def _position(tag: str) -> tuple[int, int]:
    """Return the column and row a tag says it stands in, 0 where it does not say; a sheet has 16,384 by 1,048,576."""
    found = _REFERENCE.search(tag)
    if found is None:
        return 0, 0
    return min(_column(found[1]), 16_384), min(int(found[2] or 0), 1_048_576)


def _value(value: str, strings: list[str], *, shared: bool) -> str:
    if shared and value.isdecimal() and int(value[:9]) < len(strings):
        return strings[int(value[:9])]
    if _EXPONENT.fullmatch(value) and not value.isdecimal():
        return _written(float(value), {})
    return value


def _exact(content: str) -> dict[float, str]:
    exact: dict[float, str] = {}
    for number in _LONG.findall(content):
        digits = exact.setdefault(float(number), number)
        if number not in digits:
            exact[float(number)] = f"{digits} {number}"  # two numbers that are one as floats: both are shown
    return exact


def _written(cell: Cell, exact: dict[float, str]) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _INTEGER_TYPED:
        return exact.get(cell) or str(int(cell))
    return str(cell)


def _without_cells(content: str) -> str:
    begin, end = content.find("<sheetData"), content.rfind("</sheetData>")
    return content[:begin] + content[end:] if 0 <= begin < end else content
