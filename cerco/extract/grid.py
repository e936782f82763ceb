"""Write the rows of a table down as text, as a person would type them.

In:    a title, the names of the columns, and row after row of values.
Out:   the title, the names as a header, and the rows under them, cells apart by tabs.
Never: a number in a form nobody types: 51234567.0 is 51234567.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from cerco.extract import plain
from cerco.extract.charset import encodings
from cerco.extract.source import Item, Source
from cerco.extract.text import Text

_WHOLE, _DIGITS = 1e21, 21  # larger numbers are no identifiers in any form


def read(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], source: Source) -> Iterator[Item]:
    """Yield a table, its rows as they come; counts its cells.

    Raises:
        ReadError: it has more cells than the limits allow; what was read so far has been yielded.
    """
    if title:
        yield Text(source.place(title), title, "title")
    header = "\t".join(written(name) for name in columns)
    if header.strip():
        yield Text(source.place(f"{title} (header)"), header, "header")
    step = title or "rows"
    yield from plain.pieces(_lines(header, rows, source), source.place(step), source.budget.limits.piece, "row")


def written(value: object) -> str:
    """Return a value as a person would type it, on one line; bytes as the text they are, or nothing."""
    match value:
        case None:
            return ""
        case str():
            text = value
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else str(value)
        case Decimal():
            whole = value.adjusted() < _DIGITS and value == value.to_integral_value() if value.is_finite() else False
            return str(int(value)) if whole else str(value)
        case bytes():
            codecs = encodings(value)
            text = value.decode(codecs[0], errors="replace") if codecs else ""
        case list() | tuple():
            return " ".join(written(item) for item in value)
        case dict():
            return " ".join(f"{written(key)}: {written(item)}" for key, item in value.items())
        case _:
            text = str(value)
    return " ".join(text.split()) if "\n" in text or "\t" in text or "\r" in text else text


def _lines(header: str, rows: Iterable[Sequence[object]], source: Source) -> Iterator[str]:
    yield f"{header}\n"
    for row in rows:
        source.budget.fill(len(row))
        cells = [str(value) if type(value) is int else written(value) for value in row]
        yield "\t".join(cells).rstrip("\t") + "\n"
