"""Keep, for some weeks, what was seen in each request, so that other rules can be asked about it.

In:    what is kept of a request, in bytes; who sent it, as a pseudonym; and what was sought meanwhile.
Out:   the same, by time or by reference.
Never: a byte of it in clear on disk; a file that grows without end; a verdict that depends on it.
"""

import errno
import secrets
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cerco.evidence.database import Database, Schema

_NONCE = 12  # bytes; NIST SP 800-38D, section 8.2
_ROOM = 0.95  # of the bound, that is left when room is made: not at every request
_LARGEST = 16 * 1024 * 1024  # bytes that one row may unpack to

_SCHEMA = Schema(
    application=0x43524374,  # "CRCt"
    version=1,
    statements=(
        """CREATE TABLE request (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            reference TEXT NOT NULL,
            actor BLOB NOT NULL,
            sought BLOB NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX request_at ON request (at)",
        "CREATE INDEX request_reference ON request (reference)",
        "CREATE INDEX request_actor ON request (actor)",
        """CREATE TABLE actor (
            id BLOB PRIMARY KEY,
            sealed BLOB NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE sought (
            id BLOB PRIMARY KEY,
            sealed BLOB NOT NULL
        ) STRICT, WITHOUT ROWID""",
    ),
    durable=False,
)


class TrafficError(OSError):
    """What was seen could not be kept or read. No judgement depends on it."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is kept of one request. `actor` and `sought` name what `Traffic.actors` and `Traffic.soughts` return."""

    at: datetime
    reference: str
    actor: bytes
    sought: bytes
    data: bytes = field(repr=False)


class Traffic:
    """What is kept, in one file that threads and processes may share.

    Every call raises TrafficError where the file fails, or `key` is not the one it was written with. A commit does not
    wait for the disk: what a power cut takes is not missed.

    Args:
        path: the file; made 0600.
        key: 32 bytes.
        keep: how long.
        most: bytes; what is oldest makes room.
    """

    def __init__(self, path: Path, key: bytes, *, keep: timedelta, most: int) -> None:
        self._database = Database(path, _SCHEMA, TrafficError)
        self._path = path
        self._cipher = AESGCM(key)
        self._keep = keep
        self._most = most

    def append(
        self, rows: Sequence[Row], actors: dict[bytes, bytes], soughts: dict[bytes, bytes], now: datetime
    ) -> None:
        """Keep some requests, and what is new of their actors and of what was sought; let go of what is too old."""
        sealed = [(row, self._seal(row.data, _bound(row.reference, row.actor, row.sought))) for row in rows]
        with self._database.write() as connection:
            for table, known in (("actor", actors), ("sought", soughts)):
                for name, data in known.items():
                    bound = self._seal(data, table.encode() + name)
                    connection.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (name, bound))  # noqa: S608 - the two names above
            connection.executemany(
                "INSERT INTO request (at, reference, actor, sought, sealed) VALUES (?, ?, ?, ?, ?)",
                [(_microseconds(row.at), row.reference, row.actor, row.sought, data) for row, data in sealed],
            )
            self._forget(connection, now)

    def range(self, since: datetime | None = None) -> tuple[int, int, int]:
        """Return the first and the last number of what is kept since then, and how many; (0, -1, 0) if none is."""
        first = _microseconds(since) if since else 0
        with self._database.read_aside() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(
                "SELECT min(seq), max(seq), count(*) FROM request WHERE at >= ?", (first,)
            ).fetchall()
        low, high, count = rows[0]
        return (low, high, count) if count else (0, -1, 0)

    def rows(self, first: int, last: int, since: datetime | None = None) -> Iterator[Row]:
        """Yield what is kept, from one number to another."""
        least = _microseconds(since) if since else 0
        with self._database.read_aside() as connection:
            found: Iterable[tuple[Any, ...]] = connection.execute(
                "SELECT at, reference, actor, sought, sealed FROM request WHERE seq BETWEEN ? AND ? AND at >= ?"
                " ORDER BY seq", (first, last, least),
            )  # fmt: skip
            for row in found:
                yield self._row(*row)

    def find(self, reference: str) -> Row | None:
        """Return what is kept of the request with an evidence reference, or None."""
        with self._database.read() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(
                "SELECT at, reference, actor, sought, sealed FROM request WHERE reference = ?"
                " ORDER BY seq DESC LIMIT 1",
                (reference,),
            ).fetchall()
        return self._row(*rows[0]) if rows else None

    def actors(self) -> dict[bytes, bytes]:
        """Return what is known of each actor."""
        return self._table("actor")

    def soughts(self) -> dict[bytes, bytes]:
        """Return everything that was ever sought, each way of seeking once."""
        return self._table("sought")

    def close(self) -> None:
        """Let go of the file; later calls raise TrafficError."""
        self._database.close()

    def _table(self, table: str) -> dict[bytes, bytes]:
        with self._database.read_aside() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(f"SELECT id, sealed FROM {table}").fetchall()  # noqa: S608 - a name of our own
        return {name: self._open(sealed, table.encode() + name) for name, sealed in rows}

    def _forget(self, connection: apsw.Connection, now: datetime) -> None:
        """Let go of what is too old, and of the oldest where there is too much."""
        connection.execute("DELETE FROM request WHERE at < ?", (_microseconds(now - self._keep),))
        gone = connection.changes()
        least = self._most if _used(connection) <= self._most else int(self._most * _ROOM)
        while _used(connection) > least:
            connection.execute("DELETE FROM request WHERE seq IN (SELECT seq FROM request ORDER BY seq LIMIT 100)")
            if not connection.changes():
                break
            gone += connection.changes()
        if gone:
            connection.execute("DELETE FROM actor WHERE id NOT IN (SELECT actor FROM request)")

    def _seal(self, data: bytes, bound: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, zlib.compress(data, 1), bound)

    def _open(self, sealed: bytes, bound: bytes) -> bytes:
        try:
            packed = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
            return zlib.decompressobj().decompress(packed, _LARGEST)
        except (InvalidTag, ValueError, zlib.error):
            problem = "a row is damaged, or sealed with another site key; move the file away to start a new one"
            raise TrafficError(errno.EIO, problem, str(self._path)) from None

    def _row(self, at: int, reference: str, actor: bytes, sought: bytes, sealed: bytes) -> Row:
        moment = datetime.fromtimestamp(at // 1_000_000, UTC) + timedelta(microseconds=at % 1_000_000)
        return Row(moment, reference, actor, sought, self._open(sealed, _bound(reference, actor, sought)))


def _used(connection: apsw.Connection) -> int:
    """Return the bytes of the file that hold something; what is let go of is used again."""
    pages = int(connection.pragma("page_count")) - int(connection.pragma("freelist_count"))
    return pages * int(connection.pragma("page_size"))


def _bound(reference: str, actor: bytes, sought: bytes) -> bytes:
    return b"\0".join((reference.encode(), actor.hex().encode(), sought.hex().encode()))


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
