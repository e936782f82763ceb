"""Read workbooks in Excel's binary forms, xls and xlsb.

In:    the workbook, and what its records say outside of cells.
Out:   one text a sheet, as of xlsx, hidden sheets too.
Never: a sheet laid out that would not fit: how far its cells reach is looked up before the library lays them out.
"""

import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import batched

import python_calamine as calamine

from cerco.extract import biff, blips, sweep
from cerco.extract.grid import written
from cerco.extract.plain import pieces
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

_STATES = {"SheetVisibleEnum.Hidden": " (hidden)", "SheetVisibleEnum.VeryHidden": " (very hidden)"}
_FAULTS = (ReadError, calamine.CalamineError, OSError, ValueError)
_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR, _MINI = 4096, 4096  # bytes
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_AT_ONCE = 256  # rows
_ROW = 0  # [MS-XLSB] 2.3.1: types of records; this one begins a row, those below are cells
_CELLS = frozenset({*range(1, 12), 62})


def read_xls(stream: bytes, source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in an xls; `stream` is the one that holds its records.

    Raises:
        ReadError: it is under a password.
    """
    try:
        book = biff.read(stream)
    except (struct.error, IndexError):
        yield Text(source.place("other text"), "\n".join(sweep.strings(stream)))
        raise ReadError(Why.MALFORMED) from None
    yield from _sheets(_file(stream), source, book.spread, stream, book.shown)
    for steps, text in book.texts:
        yield Text(source.place(*steps), text)
    for number, picture in enumerate(blips.pictures(bytes(book.drawings), source.budget.limits.expanded), 1):
        source.budget.enter()
        source.budget.expand(len(picture))
        yield from open_(source.within(picture, f"picture {number}"))


def read_xlsb(parts: Mapping[str, bytes], source: Source) -> Iterator[Item]:
    """Yield the cells of an xlsb, and what its binary parts say besides; `parts` are those.

    The library unpacks them once more, keeping to no limits; that they are here says that they keep to them.
    """
    spread = sum(_spread(data) for name, data in parts.items() if name.startswith("xl/worksheets/"))
    yield from _sheets(source.data, source, spread, b"".join(parts.values()), {})
    for name, data in parts.items():
        if text := "\n".join(sweep.strings(data)):
            yield Text(source.place(name.removeprefix("xl/").removesuffix(".bin")), text)


def _sheets(
    data: bytes, source: Source, spread: int, stream: bytes, shown: Mapping[int, Mapping[tuple[int, int], str]]
) -> Iterator[Item]:
    """Yield what the library reads of cells; where it may not or cannot, what can be found without it."""
    try:
        source.budget.fill(spread)
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [
            (sheet.name + _STATES.get(str(sheet.visible), ""), sheet.name, book.get_sheet_by_index(number))
            for number, sheet in enumerate(book.sheets_metadata)
        ]
    except BaseException as fault:
        # A failed assertion in the library becomes an exception that it does not export and that is no `Exception`.
        if not isinstance(fault, _FAULTS) and type(fault).__name__ != "PanicException":
            raise
        why = fault.why if isinstance(fault, ReadError) else Why.MALFORMED
        yield Text(source.place("other text"), "\n".join(sweep.strings(stream)))
        yield source.gap(why)
        return
    for number, (step, title, grid) in enumerate(sheets):
        yield Text(source.place(step), title, "title")
        yield from _sheet(grid, shown.get(number, {}), step, source)


def _sheet(
    grid: calamine.CalamineSheet, shown: Mapping[tuple[int, int], str], step: str, source: Source
) -> Iterator[Text]:
    lines = ("".join(some) for some in batched(_lines(grid, shown), _AT_ONCE))
    first = ""
    for text in pieces(lines, source.place(step), source.budget.limits.piece, "cell"):
        first = first or next((line for line in text.content.split("\n") if line), "")
        if first:
            yield text
    if first:
        yield Text(source.place(f"{step} (header)"), first, "header")


def _lines(grid: calamine.CalamineSheet, shown: Mapping[tuple[int, int], str]) -> Iterator[str]:
    before = [""] * (grid.start[1] if grid.start else 0)  # the library leaves out the columns that are empty
    for row, values in enumerate(grid.iter_rows()):
        cells = [*before, *(written(value) for value in values)]
        if shown:
            cells = [shown.get((row, column), text) for column, text in enumerate(cells)]
        yield "\t".join(cells).rstrip("\t") + "\n"


def _file(stream: bytes) -> bytes:
    """Return a compound file ([MS-CFB], version 4) that has this stream alone.

    The library reads files only, and a workbook in a document is a stream among others.
    """
    size = max(len(stream), _MINI)  # shorter streams would have to stand in a stream of their own
    sectors = -(-size // _SECTOR)
    tables = -(-(sectors + 2) // (_SECTOR // 4 - 1))
    numbers = [*range(1, sectors), _END, _END, *[_TABLE] * tables]  # the stream, the directory, these tables
    head = struct.pack(
        "<8s16x5H6x9I", _SIGNATURE, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, sectors, 0, _MINI, _END, 0, _END, 0
    )
    difat = [*range(sectors + 1, sectors + 1 + tables), *[_FREE] * (109 - tables)]
    root = struct.pack("<64sHBB3I36xIQ", "Root Entry".encode("utf-16-le"), 22, 5, 1, _FREE, _FREE, 1, 0, 0)
    entry = struct.pack("<64sHBB3I36xIQ", "Workbook".encode("utf-16-le"), 18, 2, 1, _FREE, _FREE, _FREE, 0, size)
    return b"".join(
        (
            (head + struct.pack("<109I", *difat)).ljust(_SECTOR, b"\x00"),
            stream.ljust(sectors * _SECTOR, b"\x00"),
            (root + entry).ljust(_SECTOR, b"\x00"),
            struct.pack(f"<{len(numbers)}I", *numbers).ljust(tables * _SECTOR, b"\xff"),
        )
    )


def _spread(data: bytes) -> int:
    """Return how many cells a sheet of an xlsb takes, laid out."""
    rows = columns = at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        if kind == _ROW and size >= 4:
            rows = max(rows, int.from_bytes(data[at : at + 4], "little") + 1)
        elif kind in _CELLS and size >= 4:
            columns = max(columns, int.from_bytes(data[at : at + 4], "little") + 1)
        at += size
    return rows * columns


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of up to `most` bytes, seven bits each, and where it ends: [MS-XLSB] 2.1.4."""
    value = 0
    for shift in range(most):
        byte = data[at] if at < len(data) else 0
        at += 1
        value |= (byte & 0x7F) << 7 * shift
        if not byte & 0x80:
            break
    return value, at
