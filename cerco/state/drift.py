"""Remember which requests to DingTalk were news, since when and how often, until somebody has looked at them.

In:    sightings, and who sent them.
Out:   one `Entry` for each kind of request.
Never: a sender in clear; a file that grows with the traffic.
"""

import errno
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw

from cerco.dingtalk.drift import Sighting
from cerco.dingtalk.outbound import Channel
from cerco.evidence.database import Database, Schema

# DingTalk publishes about 4,000 operations; a file that holds more new ones than twice that holds a flood.
ENTRIES = 10_000
# What is counted of an entry. More senders than this are everybody, more shapes are variations.
SENDERS = 1_000
SHAPES = 20
NEW_KEYS = 100

_DIGEST = 16  # bytes; two of 1,000 senders share one with a chance of 10^-33

_SCHEMA = Schema(
    application=0x43524472,  # "CRDr"
    version=1,
    statements=(
        """CREATE TABLE entry (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            channel TEXT NOT NULL,
            method TEXT NOT NULL,
            host TEXT NOT NULL,
            template TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            count INTEGER NOT NULL,
            new_keys TEXT NOT NULL,
            adopted INTEGER,
            UNIQUE (channel, method, host, template)
        ) STRICT""",
        "CREATE INDEX entry_worth ON entry (count, last)",
        """CREATE TABLE shape (
            entry INTEGER NOT NULL,
            names TEXT NOT NULL,
            PRIMARY KEY (entry, names)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE sender (
            entry INTEGER NOT NULL,
            digest BLOB NOT NULL,
            PRIMARY KEY (entry, digest)
        ) STRICT, WITHOUT ROWID""",
    ),
    durable=False,
)


class DriftError(OSError):
    """The list of what is new could not be written or read. No judgement depends on it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of request that was news. `number` names it to `Drift.adopt`.

    `senders` stops at `SENDERS`. `new_keys` are what a published operation does not have; where there are none, the
    operation itself is new. `adopted` is when somebody said they have seen to it.
    """

    number: int
    channel: Channel
    method: str
    host: str
    template: str
    first: datetime
    last: datetime
    count: int
    senders: int
    shapes: tuple[tuple[str, ...], ...]
    new_keys: tuple[str, ...]
    adopted: datetime | None = None


class Drift:
    """What is new, by kind of request; threads and processes may share the file.

    Every call raises DriftError when the file fails, and ValueError for a moment without a time zone.
    A commit does not wait for the disk: what a power cut takes is seen again. When the file is full, what was seen
    least often makes room, and of that what was seen longest ago.

    Args:
        path: the file; made 0600.
        key: names senders, as HMAC-SHA-256; at least 16 bytes, the same for all who write the file. Reading needs none.
        most: entries the file holds.
    """

    def __init__(self, path: Path, key: bytes = b"", *, most: int = ENTRIES) -> None:
        self._key = key
        self._most = most
        self._path = path
        self._database = Database(path, _SCHEMA, DriftError)

    def note(self, sighting: Sighting, sender: str, now: datetime) -> None:
        """Count a sighting. A new field of an operation that somebody has seen to makes it news again."""
        if len(self._key) < 16:
            raise ValueError("a key shorter than 16 bytes. Use one derived from the site's key.")
        moment = _microseconds(now)
        kind = (sighting.channel.value, sighting.method, sighting.host, sighting.template)
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT id, new_keys, adopted FROM entry"
                " WHERE channel = ? AND method = ? AND host = ? AND template = ?",
                kind,
            ).fetchone()
            if row is None:
                self._make_room(connection)
                connection.execute(
                    "INSERT INTO entry (channel, method, host, template, first, last, count, new_keys)"
                    " VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
                    (*kind, moment, moment, _written(sighting.new_keys[:NEW_KEYS])),
                )
                entry = connection.last_insert_rowid()
            else:
                entry, known, adopted = row
                keys = dict.fromkeys((*self._known(known), *sighting.new_keys))
                grown = _written(tuple(keys)[:NEW_KEYS])
                connection.execute(
                    "UPDATE entry SET first = min(first, ?1), last = max(last, ?1), count = count + 1, new_keys = ?2,"
                    " adopted = ?3 WHERE id = ?4",
                    (moment, grown, adopted if grown == known else None, entry),
                )
            _add(connection, "shape", entry, _written(sighting.shape), SHAPES)
            _add(connection, "sender", entry, self._digest(entry, sender), SENDERS)

    def list(self, *, adopted: bool = False) -> tuple[Entry, ...]:
        """Return what is new, the newest first; with `adopted`, also what somebody has seen to."""
        with self._database.read() as connection:
            rows: Iterable[tuple[Any, ...]] = connection.execute(
                "SELECT id, channel, method, host, template, first, last, count,"
                " (SELECT count(*) FROM sender WHERE entry = id),"
                " (SELECT json_group_array(names) FROM (SELECT names FROM shape WHERE entry = id ORDER BY names)),"
                " new_keys, adopted FROM entry WHERE adopted IS NULL OR ? ORDER BY first DESC, id DESC",
                (adopted,),
            ).fetchall()
        try:
            return tuple(_entry(row) for row in rows)
        except (TypeError, ValueError, OverflowError):
            raise self._damaged() from None

    def adopt(self, numbers: Iterable[int], now: datetime) -> int:
        """Mark entries as seen to, and return how many there were with these numbers."""
        moment = _microseconds(now)
        found = 0
        with self._database.write() as connection:
            for number in dict.fromkeys(numbers):
                connection.execute("UPDATE entry SET adopted = coalesce(adopted, ?) WHERE id = ?", (moment, number))
                found += connection.changes()
        return found

    def close(self) -> None:
        """Let go of the file; later calls raise DriftError."""
        self._database.close()

    def _make_room(self, connection: apsw.Connection) -> None:
        # The newest row's number tells whether the file can be full, without counting its rows.
        if (connection.execute("SELECT max(id) FROM entry").get or 0) < self._most:
            return
        if connection.execute("SELECT count(*) FROM entry").get < self._most:
            return
        gone = (connection.execute("SELECT id FROM entry ORDER BY count, last, id LIMIT 1").get,)
        connection.execute("DELETE FROM shape WHERE entry = ?", gone)
        connection.execute("DELETE FROM sender WHERE entry = ?", gone)
        connection.execute("DELETE FROM entry WHERE id = ?", gone)

    def _digest(self, entry: int, sender: str) -> bytes:
        # With the entry's number in it, nobody can follow one sender from entry to entry.
        message = f"cerco drift sender\0{entry}\0{sender}".encode(errors="surrogatepass")
        return hmac.digest(self._key, message, "sha256")[:_DIGEST]

    def _known(self, text: str) -> tuple[str, ...]:
        try:
            return _read(text)
        except ValueError:
            raise self._damaged() from None

    def _damaged(self) -> DriftError:
        return DriftError(errno.EIO, "an entry is damaged; move the file away", str(self._path))


def _entry(row: tuple[Any, ...]) -> Entry:
    number, channel, method, host, template, first, last, count, senders, shapes, new_keys, adopted = row
    return Entry(
        number,
        Channel(channel),
        method,
        host,
        template,
        _moment(first),
        _moment(last),
        count,
        senders,
        tuple(_read(shape) for shape in _read(shapes)),
        _read(new_keys),
        None if adopted is None else _moment(adopted),
    )


def _add(connection: apsw.Connection, table: str, entry: int, value: str | bytes, most: int) -> None:
    """Add a row that is not there yet, as long as the entry has fewer than `most`."""
    column = {"shape": "names", "sender": "digest"}[table]
    connection.execute(
        f"INSERT INTO {table} (entry, {column}) SELECT ?1, ?2"  # noqa: S608 - our own names
        f" WHERE (SELECT count(*) FROM {table} WHERE entry = ?1) < ?3 ON CONFLICT DO NOTHING",
        (entry, value, most),
    )


def _read(text: str) -> tuple[str, ...]:
    """Return the names a column holds; raises ValueError where it holds anything else."""
    names = json.loads(text)
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise ValueError("not a list of names")
    return tuple(names)


def _written(names: tuple[str, ...]) -> str:
    return json.dumps(names, separators=(",", ":"))


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("now: needs a time zone")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
