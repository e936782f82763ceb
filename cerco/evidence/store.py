"""Keep evidence records so that none is lost, changed or taken out unnoticed.

In:    an `EvidenceRecord`.
Out:   the same record, by reference or the latest few; whether the whole row of them still holds.
Never: an acknowledged record that a crash or power cut can take back; content in an error.

A row that was changed, slipped in or taken out of the middle breaks the chain from there on (`cerco.evidence.chain`).
Rows cut off the end leave a chain that holds: that can be seen only against a chain value somebody kept elsewhere.
"""

import errno
import json
from pathlib import Path

from cerco.evidence.chain import follow, walk
from cerco.evidence.database import Database, Schema
from cerco.evidence.record import EvidenceRecord

_SCHEMA = Schema(
    application=0x43524376,  # "CRCv"
    version=1,
    statements=(
        """CREATE TABLE record (
            seq INTEGER PRIMARY KEY,
            reference TEXT NOT NULL UNIQUE,
            at TEXT NOT NULL,
            action TEXT NOT NULL,
            record TEXT NOT NULL,
            chain BLOB NOT NULL CHECK (length(chain) = 32)
        ) STRICT""",
        "CREATE INDEX record_at ON record (at)",
        "CREATE INDEX record_action ON record (action, at)",
        """CREATE TRIGGER record_is_not_changed BEFORE UPDATE ON record
        BEGIN SELECT RAISE(ABORT, 'evidence is not changed'); END""",
        """CREATE TRIGGER record_is_not_deleted BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'evidence is not deleted'); END""",
        # INSERT OR REPLACE deletes without telling the trigger above, unless a connection asks for it.
        """CREATE TRIGGER record_is_not_replaced BEFORE INSERT ON record
        WHEN EXISTS (SELECT 1 FROM record WHERE seq = NEW.seq OR reference = NEW.reference)
        BEGIN SELECT RAISE(ABORT, 'evidence is not replaced'); END""",
    ),
)


class EvidenceError(OSError):
    """Evidence could not be written or read; `errno`, `strerror` and `filename` say what failed, never about whom.

    EEXIST means only that the reference is taken: the same record can be appended under a new one.
    """


class EvidenceStore:
    """An append-only file of evidence records; threads and processes may share it.

    Opening it creates the file (mode 0600) in a folder that exists. After an EvidenceError it is opened anew at the
    next use, so it works again once the disk does.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, EvidenceError)
        self._path = path

    def append(self, record: EvidenceRecord) -> None:
        """Write the record at the end; it is on disk when this returns. Waits for the disk: not for an event loop.

        Raises:
            EvidenceError: it is not certain that the record is on disk, so its outbound must not leave.
        """
        data = record.to_json()
        # The one text a record has: sorted keys, no spaces, ASCII (lone surrogates from hostile names included).
        text = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
        with self._database.write() as connection:
            if connection.execute("SELECT 1 FROM record WHERE reference = ?", (record.reference,)).get is not None:
                raise EvidenceError(errno.EEXIST, "the reference is taken", str(self._path))
            damaged = EvidenceError(errno.EIO, "its last record is damaged; restore the file", str(self._path))
            chain = follow(connection, "record", text.encode(), damaged)
            connection.execute(
                "INSERT INTO record (reference, at, action, record, chain) VALUES (?, ?, ?, ?, ?)",
                (record.reference, data["at"], record.action, text, chain),
            )

    def find(self, reference: str) -> EvidenceRecord | None:
        """Return the record with that reference, or None.

        Raises:
            EvidenceError: the file cannot be read, or what it holds there is no record.
        """
        if not reference.isascii():
            return None  # people type what they like into an address bar
        with self._database.read() as connection:
            rows = connection.execute("SELECT record FROM record WHERE reference = ?", (reference,)).fetchall()
        return self._parse(str(rows[0][0])) if rows else None

    def last(self, n: int) -> list[EvidenceRecord]:
        """Return the `n` records written last, the newest first; none for n below 1.

        Raises:
            EvidenceError: the file cannot be read, or what it holds there is no record.
        """
        with self._database.read() as connection:
            rows = connection.execute("SELECT record FROM record ORDER BY seq DESC LIMIT ?", (max(0, n),)).fetchall()
        return [self._parse(str(text)) for (text,) in rows]

    def verify(self) -> tuple[int, str | None]:
        """Walk the whole chain; return how many records hold, and the reference of the first that does not, or None.

        Appending goes on meanwhile. Reads every row: minutes for tens of millions.

        Raises:
            EvidenceError: the file cannot be read, or is damaged in a place that holds no record, such as an index.
        """
        damaged = EvidenceError(errno.EIO, "its indexes are damaged; restore the file", str(self._path))
        with self._database.read_aside() as connection:
            return walk(connection, "record", ("reference", "at", "action"), _indexed, damaged)

    def close(self) -> None:
        """Let go of the file; later calls raise EvidenceError."""
        self._database.close()

    def _parse(self, text: str) -> EvidenceRecord:
        try:
            return EvidenceRecord.from_json(json.loads(text))
        except ValueError:
            raise EvidenceError(errno.EIO, "a record is damaged; verify the file", str(self._path)) from None


def _indexed(text: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Return what the columns beside the JSON must say, or None if it is no record."""
    try:
        data = json.loads(text)
        return data["reference"].encode(), data["at"].encode(), data["action"].encode()
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
