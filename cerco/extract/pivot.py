"""Read the copy of its source that a pivot table keeps, even after the sheet it came from is gone.

In:    the cache's definition, which lists the fields and their shared values, and its records.
Out:   the values of each field, and the records row by row, values in place of the numbers that stand for them.
Never: a value dropped because no record uses it any more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cerco.extract import markup
from cerco.extract.plain import pieces
from cerco.extract.source import ReadError, Source
from cerco.extract.text import Text, Unreadable

_DEFINITION = re.compile(r"xl/pivotCache/pivotCacheDefinition\d*\.xml")
_RECORDS = re.compile(r"xl/pivotCache/pivotCacheRecords\d*\.xml")
_PREFIX = r"(?:\w+:)?"
# ECMA-376 part 1, 18.10.1: a field; boolean, date, error, missing, number, string; a record; a shared value's number.
_FIELD = re.compile(rf"<{_PREFIX}cacheField\s[^<>]*?\bname=[\"']([^\"'<>]*)|<{_PREFIX}([bdenmsrx])(\s[^<>]*)?/?>")
_VALUE = re.compile(r"""\bv=(?:"([^"]*)"|'([^']*)')""")


@dataclass(slots=True)
class Field:
    """One column of the source: its name, and the values that records refer to by number."""

    name: str = field(repr=False)
    values: list[str] = field(default_factory=list, repr=False)


def is_definition(name: str) -> bool:
    """Tell whether a part defines a cache; its records can be read after it."""
    return _DEFINITION.fullmatch(name) is not None


def is_records(name: str) -> bool:
    """Tell whether a part holds the records of a cache."""
    return _RECORDS.fullmatch(name) is not None


def fields(content: str) -> list[Field]:
    """Return the fields that a definition lists."""
    found: list[Field] = []
    for name, kind, attributes in _FIELD.findall(content):
        if not kind:
            found.append(Field(markup.plain(name)))
        elif found:
            found[-1].values.append(_value(attributes))
    return found


def read_fields(columns: list[Field], source: Source, *steps: str) -> Iterator[Text]:
    """Yield each field's name with its values below it."""
    lines = [line for column in columns for line in (column.name, *column.values)]
    if any(lines):
        yield Text(source.place(*steps), "\n".join(lines))


def read_records(content: str, columns: list[Field], source: Source, *steps: str) -> Iterator[Text | Unreadable]:
    """Yield the records as rows below the names of their fields."""
    rows: list[list[str]] = [[column.name for column in columns]]
    why = None
    try:
        for found in _FIELD.finditer(content):
            _, kind, attributes = found.groups("")
            if kind == "r":
                rows.append([])
                continue
            source.budget.fill(1)
            value = _value(attributes)
            at = len(rows[-1])
            if kind == "x" and len(rows) > 1 and at < len(columns) and value.isdecimal():
                values, number = columns[at].values, int(value[:9])
                value = values[number] if number < len(values) else ""
                source.budget.expand(len(value))
            rows[-1].append(value)
    except ReadError as limit:
        why = limit.why
    if len(rows) > 1:
        lines = ("\t".join(row) + "\n" for row in rows)
        yield from pieces(lines, source.place(*steps), source.budget.limits.piece, "cell")
    if why is not None:
        yield source.gap(why, *steps)


def _value(attributes: str) -> str:
    found = _VALUE.search(attributes)
    return " ".join(markup.plain(found[1] or found[2] or "").split()) if found else ""
