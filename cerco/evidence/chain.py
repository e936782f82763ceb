"""How the rows of a file hold together, so that none is changed, slipped in or taken out of the middle unnoticed.

In:    a connection to the file, and the JSON of a row.
Out:   the chain value of the next row; how many rows hold.
Never: a row that is only stumbled over: the first that does not hold is named.

Every row holds SHA-256(previous row's chain value + its own JSON). Its table has `seq` counting from 1, columns that
repeat some of the JSON, `record` (the JSON) and `chain`.
"""

import hashlib
from collections.abc import Callable, Sequence

import apsw

_START = bytes(32)  # the chain value before the first row

type Indexed = Callable[[bytes], tuple[bytes, ...] | None]
"""Returns what the columns beside a row's JSON must say, or None if it is no row."""


def follow(connection: apsw.Connection, table: str, text: bytes, damaged: OSError) -> bytes:
    """Return the chain value of a row that comes after all the others; raises `damaged` where the last has none."""
    previous = connection.execute(f"SELECT chain FROM {table} ORDER BY seq DESC LIMIT 1").get  # noqa: S608 - no value
    if previous is not None and not isinstance(previous, bytes):
        raise damaged
    return _link(previous or _START, text)


def walk(
    connection: apsw.Connection, table: str, columns: Sequence[str], indexed: Indexed, damaged: OSError
) -> tuple[int, str | None]:
    """Walk the whole chain; return how many rows hold, and the reference of the first that does not, or None.

    `columns` begin with the reference. Raises `damaged` where all rows hold and the file does not.
    """
    chain, good = _START, 0
    # As bytes: a spoilt text must be named, not stumbled over.
    blobs = ", ".join(f"CAST({column} AS BLOB)" for column in (*columns, "record"))
    for seq, *beside, text, kept in connection.execute(f"SELECT seq, {blobs}, chain FROM {table} ORDER BY seq"):  # noqa: S608 - as above
        chain = _link(chain, text or b"")
        if seq != good + 1 or chain != kept or tuple(beside) != indexed(text):
            return good, (beside[0] or b"").decode(errors="replace")
        good += 1
    if connection.pragma("integrity_check", 1) != "ok":
        raise damaged
    return good, None


def _link(previous: bytes, text: bytes) -> bytes:
    return hashlib.sha256(previous + text).digest()
