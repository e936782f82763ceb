"""Read Parquet, the format data people keep tables in.

In:    the bytes of the file.
Out:   the table, row by row under the names of its columns, and the file's own properties.
Never: more of it unpacked at a time than a batch of rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from arro3.io import read_parquet

from cerco.extract import grid
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

_LOCKED = b"PARE"  # https://parquet.apache.org/docs/file-format/data-pages/encryption: the footer is encrypted
_BATCH = 256  # rows; a few bytes can stand for any number of rows


def read(source: Source, _open: Opener) -> Iterator[Item]:
    """Yield the table, and what else the file says.

    Raises:
        ReadError: it is encrypted or damaged, or has more cells than the limits allow.
    """
    if source.data.startswith(_LOCKED):
        raise ReadError(Why.ENCRYPTED)
    try:
        reader = read_parquet(source.data, batch_size=_BATCH)
        if properties := "\n".join(f"{_text(key)}: {_text(value)}" for key, value in reader.schema.metadata.items()):
            yield Text(source.place("properties"), properties)
        yield from grid.read("", reader.schema.names, _rows(reader), source)
    except ReadError:
        raise
    except (Exception, BaseException) as fault:
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        raise ReadError(Why.MALFORMED) from fault


def _rows(reader: Any) -> Iterator[Sequence[object]]:
    for batch in reader:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _text(value: object) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
