"""Read databases that are files: SQLite, and dBASE.

In:    the bytes of the file.
Out:   every table: its columns as a header, then its rows, in dBASE deleted ones too; the schema; files in cells.
Never: a view, a trigger, a virtual table or an extension run, or a file opened beside the database.
"""

import struct
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import apsw

from cerco.extract import grid
from cerco.extract.charset import LABELS, encodings
from cerco.extract.identify import Format, identify
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

_WAL_AT = slice(18, 20)  # https://www.sqlite.org/fileformat.html 1.3.3: 2 is for a log beside the file, 1 for none
_OBJECT = 64  # bytes; shorter values in cells are text or keys, not files
_READS = frozenset({apsw.SQLITE_SELECT, apsw.SQLITE_READ, apsw.SQLITE_FUNCTION})
_VALUE = 64 * 1024 * 1024  # bytes of one value, at the most
_SPARE = 1024 * 1024
# Tables in which FTS3 to FTS5 and the R*Tree keep what they look up, beside the one that has the texts.
_SHADOWS = ("data", "idx", "docsize", "config", "segments", "segdir", "stat", "node", "parent", "rowid")
_SAMPLE = 2000  # rows of dBASE that are looked at for the encoding
_LEAST = 32  # bytes of a dBASE header (dBASE III, "Structure of a table file")


def read_sqlite(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in an SQLite database.

    Raises:
        ReadError: it is none, or it is damaged where its tables are listed.
    """
    try:
        connection = _opened(source.data)
        objects = list(connection.execute("SELECT type, name, sql, rootpage FROM sqlite_schema"))
    except (apsw.Error, MemoryError, UnicodeDecodeError) as fault:
        raise ReadError(Why.TOO_LARGE if isinstance(fault, MemoryError) else Why.MALFORMED) from fault
    with closing(connection):
        if schema := "\n".join(str(sql) for _, _, sql, _ in objects if sql):
            yield Text(source.place("schema"), schema)
        shadows = {f"{name}_{part}" for _, name, sql, _ in objects if _is_virtual(sql) for part in _SHADOWS}
        for kind, name, sql, page in objects:
            if kind == "table" and page and not _is_virtual(sql):
                yield from _table(connection, str(name), str(name) in shadows, source, open_)
    if behind := source.data[_size(source.data) :].strip(b"\0"):
        yield from open_(source.within(behind, "after the end"))


def _size(data: bytes) -> int:
    """Return the bytes of a database by its own header: pages, and the size of one, in which 1 stands for 65,536."""
    page = int.from_bytes(data[16:18], "big")
    return int.from_bytes(data[28:32], "big") * (65_536 if page == 1 else page) or len(data)


def _opened(data: bytes) -> apsw.Connection:
    if data[_WAL_AT] != b"\x01\x01":
        data = data[: _WAL_AT.start] + b"\x01\x01" + data[_WAL_AT.stop :]
    connection = apsw.Connection(":memory:")
    connection.deserialize("main", data)
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_VIEW, 0)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    connection.limit(apsw.SQLITE_LIMIT_LENGTH, min(_VALUE, len(data) + _SPARE))
    connection.authorizer = lambda action, *_: apsw.SQLITE_OK if action in _READS else apsw.SQLITE_DENY
    return connection


def _is_virtual(sql: object) -> bool:
    """Tell whether a table is virtual: its rows stand in ordinary tables beside it."""
    return str(sql or "").lower().startswith("create virtual")


def _table(connection: apsw.Connection, name: str, is_index: bool, source: Source, open_: Opener) -> Iterator[Item]:
    objects: list[tuple[str, bytes]] = []
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        cursor = connection.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - quoted, and nothing but reading is allowed
        columns = _columns(cursor)
        yield from grid.read(name, columns, _rows(cursor, columns, objects), source)
    except UnicodeDecodeError:
        yield from _as_bytes(connection, name, quoted, source)
    except ReadError as limit:
        yield source.gap(limit.why, name)
    except (apsw.Error, MemoryError) as fault:
        yield source.gap(Why.TOO_LARGE if isinstance(fault, MemoryError | apsw.TooBigError) else Why.MALFORMED, name)
    if not is_index:
        yield from _objects(objects, name, source, open_)


def _objects(objects: list[tuple[str, bytes]], name: str, source: Source, open_: Opener) -> Iterator[Item]:
    """Yield the files among the values; those of no known format are said once for the table."""
    unknown = False
    for step, data in objects:
        if identify(data) == (Format.UNKNOWN,):
            unknown = True
            continue
        try:
            source.budget.enter()
        except ReadError as limit:
            yield source.gap(limit.why, name)
            return
        yield from open_(source.within(data, name, step))
    if unknown:
        yield source.gap(Why.UNKNOWN_FORMAT, name, "binary cells")


def _columns(cursor: apsw.Cursor) -> list[str]:
    """Return the names of the columns; a statement that has no row at all has none to tell."""
    try:
        return [str(column[0]) for column in cursor.get_description()]
    except apsw.ExecutionCompleteError:
        return []


def _rows(cursor: apsw.Cursor, columns: Sequence[str], objects: list[tuple[str, bytes]]) -> Iterator[Sequence[object]]:
    """Yield the rows; values that may be files are put aside."""
    for number, row in enumerate(cursor, 2):  # the header is the first
        for column, value in zip(columns, row, strict=False):
            if isinstance(value, bytes) and len(value) >= _OBJECT:
                objects.append((f"row {number}, {column}", value))
        yield [None if isinstance(value, bytes) and len(value) >= _OBJECT else value for value in row]


def _as_bytes(connection: apsw.Connection, name: str, quoted: str, source: Source) -> Iterator[Item]:
    """Yield a table whose text is not in the encoding the database claims."""
    try:
        columns = _columns(connection.execute(f"SELECT * FROM {quoted}"))  # noqa: S608
        casts = ", ".join('CAST("' + column.replace('"', '""') + '" AS BLOB)' for column in columns)
        yield from grid.read(name, columns, connection.execute(f"SELECT {casts} FROM {quoted}"), source)  # noqa: S608
    except ReadError as limit:
        yield source.gap(limit.why, name)
    except apsw.Error:
        yield source.gap(Why.MALFORMED, name)


@dataclass(frozen=True, slots=True)
class _Field:
    """One column of a dBASE table."""

    name: bytes
    kind: str
    start: int  # in a row
    size: int

    def value(self, row: bytes) -> bytes:
        """Return what a row has in this column, as text."""
        raw = row[self.start : self.start + self.size]
        match self.kind:
            case "I" if len(raw) == 4:
                return str(int.from_bytes(raw, "little", signed=True)).encode()
            case "B" | "O" if len(raw) == 8:
                return grid.written(struct.unpack("<d", raw)[0]).encode()
            case "Y" if len(raw) == 8:
                return str(int.from_bytes(raw, "little", signed=True) / 10_000).encode()
            case _:
                return raw.strip(b" \0")


def read_dbase(source: Source, _open: Opener) -> Iterator[Item]:
    """Yield the rows of a dBASE or FoxPro table, in each encoding they may be in; deleted ones are there until packed.

    Raises:
        ReadError: its header makes no sense.
    """
    data = source.data
    if len(data) < _LEAST:
        raise ReadError(Why.MALFORMED)
    header, size = struct.unpack_from("<HH", data, 8)
    fields = _fields(data, header)
    if not fields or size < 2 or header + size > len(data) + 1:
        raise ReadError(Why.MALFORMED)
    rows = [data[at : at + size] for at in range(header, len(data) - 1, size)]
    text = b"\n".join(field.value(row) for row in rows[:_SAMPLE] for field in fields)
    names = b"\n".join(field.name for field in fields)
    for number, codec in enumerate(encodings(names + b"\n" + text) or ("latin-1",)):
        title = "" if number == 0 else f"rows ({LABELS.get(codec, codec)})"
        columns = [field.name.decode(codec, errors="replace") for field in fields]
        cells = ([field.value(row).decode(codec, errors="replace") for field in fields] for row in rows)
        try:
            yield from grid.read(title, columns, cells, source)
        except ReadError as limit:
            yield source.gap(limit.why)
            return


def _fields(data: bytes, header: int) -> list[_Field]:
    fields: list[_Field] = []
    start = 1  # behind the mark of deleted rows
    for at in range(32, min(header, len(data)) - 31, 32):
        if data[at] == 0x0D:
            break
        name = data[at : at + 11].partition(b"\0")[0]
        kind, size = chr(data[at + 11]), data[at + 16]
        if kind == "C":
            size += data[at + 17] << 8  # long texts, as Clipper and FoxPro write them
        fields.append(_Field(name, kind, start, size))
        start += size
    return fields
