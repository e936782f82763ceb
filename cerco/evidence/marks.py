"""Keep what people say of records afterwards: that what was found is not sensitive, or is after all.

In:    a `Mark`.
Out:   the same, by the reference of the record or the latest few; whether the whole row of them still holds.
Never: a record changed: a mark stands beside it, and another one takes it back. A note in clear on disk. A mark that
       can be taken out, changed or slipped in unnoticed.

Rows are chained as evidence records are: each holds SHA-256(previous chain value + its own JSON).
"""

import base64
import binascii
import errno
import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cerco.evidence.database import Database, Schema
from cerco.evidence.store import EvidenceError

_START = bytes(32)
_NONCE = 12  # bytes; NIST SP 800-38D, section 8.2

_SCHEMA = Schema(
    application=0x4352436D,  # "CRCm"
    version=1,
    statements=(
        """CREATE TABLE mark (
            seq INTEGER PRIMARY KEY,
            reference TEXT NOT NULL,
            record TEXT NOT NULL,
            chain BLOB NOT NULL CHECK (length(chain) = 32)
        ) STRICT""",
        "CREATE INDEX mark_reference ON mark (reference)",
        """CREATE TRIGGER mark_is_not_changed BEFORE UPDATE ON mark
        BEGIN SELECT RAISE(ABORT, 'evidence is not changed'); END""",
        """CREATE TRIGGER mark_is_not_deleted BEFORE DELETE ON mark
        BEGIN SELECT RAISE(ABORT, 'evidence is not deleted'); END""",
        # INSERT OR REPLACE deletes without telling the trigger above, unless a connection asks for it.
        """CREATE TRIGGER mark_is_not_replaced BEFORE INSERT ON mark
        WHEN EXISTS (SELECT 1 FROM mark WHERE seq = NEW.seq)
        BEGIN SELECT RAISE(ABORT, 'evidence is not replaced'); END""",
    ),
)

type Opinion = Literal["not_sensitive", "sensitive"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody said of a record: about all of it, or about the finding of that number, counted from 1."""

    reference: str
    at: datetime
    opinion: Opinion
    by: str
    finding: int | None = None
    note: str = field(default="", repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON types, note included."""
        return {**_about(self), "note": self.note}


class Marks:
    """An append-only file of marks; threads and processes may share it.

    Every call raises EvidenceError where the file fails, a row is damaged, or `key` is not the one it was written with.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._database = Database(path, _SCHEMA, EvidenceError)
        self._path = path
        self._cipher = AESGCM(key)

    def append(self, mark: Mark) -> None:
        """Write a mark at the end; it is on disk when this returns."""
        about = _about(mark)
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, mark.note.encode(errors="surrogatepass"), _text(about))
        text = _text({**about, "sealed": base64.b64encode(sealed).decode()})
        with self._database.write() as connection:
            previous = connection.execute("SELECT chain FROM mark ORDER BY seq DESC LIMIT 1").get
            if previous is None:
                previous = _START
            elif not isinstance(previous, bytes):
                raise EvidenceError(errno.EIO, "its last mark is damaged; restore the file", str(self._path))
            connection.execute(
                "INSERT INTO mark (reference, record, chain) VALUES (?, ?, ?)",
                (mark.reference, text.decode(), _link(previous, text)),
            )

    def of(self, reference: str) -> list[Mark]:
        """Return the marks of a record, the newest last: that one counts."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT record FROM mark WHERE reference = ? ORDER BY seq", (reference,)
            ).fetchall()
        return [self._open(str(text)) for (text,) in rows]

    def last(self, n: int) -> list[Mark]:
        """Return the `n` marks made last, the newest first; none for n below 1."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT record FROM mark ORDER BY seq DESC LIMIT ?", (max(0, n),)).fetchall()
        return [self._open(str(text)) for (text,) in rows]

    def verify(self) -> tuple[int, str | None]:
        """Walk the whole chain; return how many marks hold, and the reference of the first that does not, or None."""
        chain, good = _START, 0
        with self._database.read_aside() as connection:
            rows = connection.execute(
                "SELECT seq, CAST(reference AS BLOB), CAST(record AS BLOB), chain FROM mark ORDER BY seq"
            )
            for seq, reference, text, kept in rows:
                chain = _link(chain, text or b"")
                if seq != good + 1 or chain != kept or reference != _named(text):
                    return good, (reference or b"").decode(errors="replace")
                good += 1
            if connection.pragma("integrity_check", 1) != "ok":
                raise EvidenceError(errno.EIO, "its indexes are damaged; restore the file", str(self._path))
        return good, None

    def close(self) -> None:
        """Let go of the file; later calls raise EvidenceError."""
        self._database.close()

    def _open(self, text: str) -> Mark:
        try:
            data = json.loads(text)
            sealed = base64.b64decode(data.pop("sealed"), validate=True)
            note = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _text(data)).decode(errors="surrogatepass")
            at = datetime.fromisoformat(data["at"])
            return Mark(data["reference"], at, data["opinion"], data["by"], data["finding"], note)
        except (AttributeError, InvalidTag, LookupError, TypeError, ValueError, binascii.Error):
            problem = "a mark is damaged, or sealed with another site key; verify the file"
            raise EvidenceError(errno.EIO, problem, str(self._path)) from None


def _about(mark: Mark) -> dict[str, Any]:
    """Return what is not secret of a mark: all but the note, which is bound to it."""
    if mark.at.tzinfo is None:
        raise ValueError("at: needs a time zone")
    return {
        "reference": mark.reference,
        "at": mark.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "opinion": mark.opinion,
        "by": mark.by,
        "finding": mark.finding,
    }


def _text(data: dict[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def _link(previous: bytes, text: bytes) -> bytes:
    return hashlib.sha256(previous + text).digest()


def _named(text: Any) -> bytes | None:
    try:
        return str(json.loads(text)["reference"]).encode()
    except (LookupError, TypeError, ValueError):
        return None
