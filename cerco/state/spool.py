"""Keep the parts of an upload until they can be read as one file.

In:    parts, by the upload they belong to and by number or offset, in any order and from any process.
Out:   the file they make; or why it cannot be put together.
Never: a byte of a part in clear on disk; more on disk than is allowed; parts that were here and went without a trace:
       what lacks them must not pass for an upload that nobody ever saw.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw

from cerco.dingtalk.held import Content, chunks, length
from cerco.dingtalk.outbound import Key
from cerco.evidence.database import Database, Schema
from cerco.extract.text import Why
from cerco.state.parts import READINGS, VERSIONS, Part, chain, sequence
from cerco.state.sealed import Sealed

# What a resumed upload may be resumed after: a laptop closed on Friday evening is opened on Sunday.
KEEP = timedelta(hours=48)
# How long it is known that an upload's parts were here, and which names belong together: as long as in the ledger.
REMEMBER = timedelta(days=400)
# An upload that has stood still for this long gives way where room is short.
IDLE = timedelta(hours=1)

_ORPHAN = 3600.0  # seconds; a part's file is entered in the index at once, or its process has died

_SCHEMA = Schema(
    application=0x43524370,  # "CRCp"
    version=1,
    statements=(
        """CREATE TABLE upload (
            id INTEGER PRIMARY KEY,
            own BLOB NOT NULL UNIQUE,
            touched INTEGER NOT NULL,
            done INTEGER NOT NULL DEFAULT 0,
            gone TEXT
        ) STRICT""",
        "CREATE INDEX upload_touched ON upload (touched)",
        "CREATE TABLE name (digest BLOB, upload INTEGER, PRIMARY KEY (digest, upload)) STRICT, WITHOUT ROWID",
        "CREATE INDEX name_upload ON name (upload)",
        "CREATE TABLE alias (digest BLOB, other BLOB, at INTEGER, PRIMARY KEY (digest, other)) STRICT, WITHOUT ROWID",
        "CREATE INDEX alias_at ON alias (at)",
        """CREATE TABLE part (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            upload INTEGER NOT NULL,
            number INTEGER NOT NULL,
            size INTEGER NOT NULL,
            digest BLOB NOT NULL,
            etag BLOB NOT NULL,
            file TEXT NOT NULL UNIQUE,
            UNIQUE (upload, number, digest)
        ) STRICT""",
    ),
)


class SpoolError(OSError):
    """A part could not be written or read back: what it belongs to cannot be judged, so it must not leave."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One set of parts."""

    id: int
    done: bool  # judged as a whole since the last part came
    over: bool  # and taken by the store as it was judged
    readings: int  # ways to put it together
    newest: int  # id of the part that came last


class Spool:
    """Parts on disk, encrypted; threads and processes may share the folder.

    Every call raises SpoolError when the folder fails, and ValueError for a `now` without a time zone.
    Names of uploads are kept as HMAC-SHA-256, and so are the parts' checksums.

    Args:
        path: the folder; it is made 0700.
        key: 32 bytes, the same for the life of the folder.
        most: bytes of all parts together.
        each: bytes of one upload's parts together; None where only `most` counts.
        keep: how long after its last part an upload is kept.
    """

    def __init__(self, path: Path, key: bytes, *, most: int, each: int | None = None, keep: timedelta = KEEP) -> None:
        self._key = key
        self._most = most
        self._each = most if each is None else min(each, most)
        self._keep = keep // timedelta(microseconds=1)
        self._files = Sealed(path, key, SpoolError)
        self._database = Database(path / "index.db", _SCHEMA, SpoolError)

    def put(self, upload: Key, number: int, data: Content, now: datetime, *, also: Sequence[Key] = ()) -> Why | None:
        """Keep a part; return None, or why it and the whole upload are not kept.

        `number` puts it in order among the others, or is the offset in bytes at which it is appended. Of one number the
        last part counts. `also` holds further names under which `find` is to lead to this upload. TOO_LARGE: there is
        no room, for this upload or at all. TOO_MANY: the part came with ever different bytes. Whatever made an upload
        go before is said again.
        """
        moment = _microseconds(now)
        own = self._digest(upload)
        sha, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        for chunk in chunks(data):
            sha.update(chunk)
            md5.update(chunk)
        digest, etag = self._mac(b"part", sha.digest()), self._etag(md5.hexdigest())
        fits = length(data) <= self._each
        written = [self._files.write(data, _bound(own, number))] if fits else []
        try:
            with self._database.write() as connection:
                files = self._expire(connection, moment)[1]
                entered = self._enter(connection, own, also, moment)
                gone = connection.execute("SELECT gone FROM upload WHERE id = ?", (entered,)).get
                why = None if gone is None else Why(gone)
                if why is None:
                    part = Part(number, length(data), etag, "".join(written))
                    why, went = self._take(connection, entered, part, digest, moment) if fits else (Why.TOO_LARGE, [])
                    files += went
                if why is not None:
                    files += _lose(connection, entered, why)
        except BaseException:
            self._files.remove(written)
            raise
        self._files.remove(files if why is None else [*files, *written])
        return why

    def lose(self, upload: Key, why: Why, now: datetime) -> None:
        """Note that a part of this upload cannot be had; the others are let go."""
        with self._database.write() as connection:
            files = _lose(connection, self._enter(connection, self._digest(upload), (), _microseconds(now)), why)
        self._files.remove(files)

    def link(self, keys: Sequence[Key], now: datetime) -> None:
        """State that all these keys name one upload; its parts may come, and be asked for, under any of them."""
        moment = _microseconds(now)
        digests = [self._digest(key) for key in dict.fromkeys(keys)]
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO alias (digest, other, at) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
                [(digest, other, moment) for digest in digests for other in digests if digest != other],
            )

    def find(self, keys: Sequence[Key]) -> tuple[Upload, ...]:
        """Return every upload that one of these keys names, whether or not its parts are still here."""
        if not keys:
            return ()
        with self._database.read() as connection:
            return tuple(_upload(connection, number) for number in sorted(self._named(connection, keys)))

    def assemble(
        self,
        upload: Upload,
        limit: int,
        *,
        listed: Sequence[tuple[int, str]] | None = None,
        total: int | None = None,
        appended: int | None = None,
        reading: int = 0,
    ) -> Iterator[bytes] | Why:
        """Return the file that the parts make, piece by piece, or why they do not make one.

        A part that was damaged raises when its turn comes: use nothing before the last piece is there.

        Args:
            upload: the parts to take.
            limit: bytes; a longer file is TOO_LARGE.
            listed: (number, ETag) of the parts that count, in order; an ETag tells versions of a part apart. None: all.
            total: how many parts there must be, if that is known.
            appended: the parts are appended ones, and the file ends with the one at this offset.
            reading: which of the versions of a part to take: 0, the last ones, up to `upload.readings` - 1.

        UNSEEN: a part never came here. Otherwise it is said why parts that were here are not any more; TIMED_OUT is
        also said of an upload that is over.
        """
        with self._database.read() as connection:
            row: Any = connection.execute("SELECT own, gone FROM upload WHERE id = ?", (upload.id,)).fetchall()
            rows: Any = connection.execute(
                "SELECT number, size, etag, file FROM part WHERE upload = ? ORDER BY number, id DESC", (upload.id,)
            ).fetchall()
        if not row:
            return Why.UNSEEN
        ((own, gone),) = row
        if gone is not None:
            return Why(gone)
        parts = dict[int, list[Part]]()
        for number, *others in rows:
            parts.setdefault(number, []).append(Part(number, *others))
        if appended is None:
            chosen = sequence(parts, listed, total, self._etag, reading)
        else:
            chosen = chain(parts, appended, reading)
        if not chosen:
            return Why.UNSEEN
        if sum(part.size for part in chosen) > limit:
            return Why.TOO_LARGE
        return (piece for part in chosen for piece in self._files.read(part.file, _bound(own, part.number)))

    def finish(self, upload: Upload) -> None:
        """Note that the upload was judged as a whole, unless a part came since.

        It stays while there is room, for the last step to be taken again.
        """
        with self._database.write() as connection:
            connection.execute(
                "UPDATE upload SET done = max(done, 1)"
                " WHERE id = ?1 AND (SELECT coalesce(max(id), 0) FROM part WHERE upload = ?1) = ?2",
                (upload.id, upload.newest),
            )

    def drop(self, keys: Sequence[Key], *, over: bool = False) -> None:
        """Let the parts go of the uploads these keys name.

        `over`: the store has put them together; this is noted of those that were judged as a whole, and others stay.
        """
        files: list[str] = []
        with self._database.write() as connection:
            for upload in [_upload(connection, number) for number in self._named(connection, keys)]:
                if upload.done or not over:
                    files += _lose(connection, upload.id, Why.TIMED_OUT)
                if upload.done and over:
                    connection.execute("UPDATE upload SET done = 2 WHERE id = ?", (upload.id,))
        self._files.remove(files)

    def sweep(self, now: datetime) -> int:
        """Let the parts of uploads go that are past their time, and files no index knows; return how many uploads."""
        moment = _microseconds(now)
        with self._database.write() as connection:
            count, files = self._expire(connection, moment)
            oldest = moment - REMEMBER // timedelta(microseconds=1)
            forgotten = "(SELECT id FROM upload WHERE touched < ? AND gone IS NOT NULL)"
            connection.execute(f"DELETE FROM name WHERE upload IN {forgotten}", (oldest,))  # noqa: S608 - a constant
            connection.execute("DELETE FROM upload WHERE touched < ? AND gone IS NOT NULL", (oldest,))
            connection.execute("DELETE FROM alias WHERE at < ?", (oldest,))
            known = {file for (file,) in connection.execute("SELECT file FROM part")}
        self._files.remove(files)
        self._files.clear(known, now.timestamp() - _ORPHAN)
        return count

    def close(self) -> None:
        """Let go of the index; later calls raise SpoolError."""
        self._database.close()

    def _take(
        self, connection: apsw.Connection, upload: int, part: Part, digest: bytes, moment: int
    ) -> tuple[Why | None, list[str]]:
        """Enter a part whose file is written; return why not, and the files that are not needed any more."""
        here = (upload, part.number)
        same = "FROM part WHERE upload = ? AND number = ? AND digest = ?"
        files = [file for (file,) in connection.execute(f"SELECT file {same}", (*here, digest))]
        connection.execute(f"DELETE {same}", (*here, digest))
        if connection.execute("SELECT count(*) FROM part WHERE upload = ? AND number = ?", here).get >= VERSIONS:
            return Why.TOO_MANY, files
        if _held(connection, upload) + part.size > self._each:
            return Why.TOO_LARGE, files
        room, evicted = self._make_room(connection, upload, part.size, moment)
        if not room:
            return Why.TOO_LARGE, [*files, *evicted]
        connection.execute(
            "INSERT INTO part (upload, number, size, digest, etag, file) VALUES (?, ?, ?, ?, ?, ?)",
            (*here, part.size, digest, part.etag, part.file),
        )
        return None, [*files, *evicted]

    def _make_room(self, connection: apsw.Connection, upload: int, size: int, moment: int) -> tuple[bool, list[str]]:
        """Let others go that are judged, then others that stand still, the oldest first, until a part fits."""
        held = _held(connection)
        files: list[str] = []
        if held + size > self._most:
            rows: Any = connection.execute(
                "SELECT upload.id, sum(part.size) FROM upload JOIN part ON part.upload = upload.id"
                " WHERE upload.id != ? AND (upload.done OR upload.touched < ?)"
                " GROUP BY upload.id ORDER BY upload.done DESC, upload.touched",
                (upload, moment - IDLE // timedelta(microseconds=1)),
            ).fetchall()
            for other, freed in rows:
                if held + size <= self._most:
                    break
                files += _lose(connection, other, Why.TIMED_OUT)
                held -= freed
        return held + size <= self._most, files

    def _expire(self, connection: apsw.Connection, moment: int) -> tuple[int, list[str]]:
        expired: Any = connection.execute(
            "SELECT id FROM upload WHERE touched < ? AND gone IS NULL", (moment - self._keep,)
        ).fetchall()
        return len(expired), [file for (number,) in expired for file in _lose(connection, number, Why.TIMED_OUT)]

    def _enter(self, connection: apsw.Connection, own: bytes, also: Sequence[Key], moment: int) -> int:
        """Return the upload's number in the index; what it was judged to be does not hold for what comes now."""
        connection.execute(
            "INSERT INTO upload (own, touched) VALUES (?, ?)"
            " ON CONFLICT (own) DO UPDATE SET done = 0, touched = max(touched, excluded.touched)",
            (own, moment),
        )
        number: int = connection.execute("SELECT id FROM upload WHERE own = ?", (own,)).get
        connection.executemany(
            "INSERT INTO name (digest, upload) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(digest, number) for digest in {own, *map(self._digest, also)}],
        )
        return number

    def _named(self, connection: apsw.Connection, keys: Iterable[Key]) -> set[int]:
        digests = {self._digest(key) for key in keys}
        for digest in tuple(digests):
            others = connection.execute("SELECT other FROM alias WHERE digest = ?", (digest,))
            digests.update(other for (other,) in others)
        found = (connection.execute("SELECT upload FROM name WHERE digest = ?", (digest,)) for digest in digests)
        return {number for rows in found for (number,) in rows}

    def _digest(self, key: Key) -> bytes:
        # The kind holds no NUL, so no two keys give the same message.
        return self._mac(b"key", f"{key.kind}\0{key.value}".encode(errors="surrogatepass"))

    def _etag(self, etag: str) -> bytes:
        return self._mac(b"etag", etag.upper().encode(errors="surrogatepass"))

    def _mac(self, kind: bytes, message: bytes) -> bytes:
        return hmac.digest(self._key, b"cerco spool " + kind + b"\0" + message, "sha256")


def _upload(connection: apsw.Connection, number: int) -> Upload:
    ((done, newest, several),) = connection.execute(
        "SELECT done, coalesce(max(part.id), 0), count(part.id) > count(DISTINCT part.number)"
        " FROM upload LEFT JOIN part ON part.upload = upload.id WHERE upload.id = ?",
        (number,),
    )
    return Upload(number, done > 0, done > 1, READINGS if several else 1, newest)


def _held(connection: apsw.Connection, upload: int | None = None) -> int:
    held: int = connection.execute(
        "SELECT coalesce(sum(size), 0) FROM part WHERE upload = coalesce(?, upload)", (upload,)
    ).get
    return held


def _lose(connection: apsw.Connection, upload: int, why: Why) -> list[str]:
    """Let the parts of an upload go and remember why, if it is news; return their files."""
    connection.execute("UPDATE upload SET gone = coalesce(gone, ?) WHERE id = ?", (why.value, upload))
    files = [file for (file,) in connection.execute("SELECT file FROM part WHERE upload = ?", (upload,))]
    connection.execute("DELETE FROM part WHERE upload = ?", (upload,))
    return files


def _bound(own: bytes, number: int) -> bytes:
    """Return what a part's file is bound to: its upload, and its place in it."""
    return b"cerco spool\0" + own + number.to_bytes(8)


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("now: needs a time zone")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
