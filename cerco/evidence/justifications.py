"""Keep the reasons people gave, each with the refusal it answers.

In:    a `Justification`.
Out:   the same, by the reference of the refusal or the latest few; whether the whole row of them still holds.
Never: a sentence in clear on disk: what an employee wrote opens only with the site's key, in its own row. A reason that
       was given and can be taken back, changed or taken out unnoticed.

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
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cerco.evidence.database import Database, Schema
from cerco.evidence.store import EvidenceError

_START = bytes(32)
_NONCE = 12  # bytes; NIST SP 800-38D, section 8.2

_SCHEMA = Schema(
    application=0x4352436A,  # "CRCj"
    version=1,
    statements=(
        """CREATE TABLE justification (
            seq INTEGER PRIMARY KEY,
            reference TEXT NOT NULL UNIQUE,
            record TEXT NOT NULL,
            chain BLOB NOT NULL CHECK (length(chain) = 32)
        ) STRICT""",
        """CREATE TRIGGER justification_is_not_changed BEFORE UPDATE ON justification
        BEGIN SELECT RAISE(ABORT, 'evidence is not changed'); END""",
        """CREATE TRIGGER justification_is_not_deleted BEFORE DELETE ON justification
        BEGIN SELECT RAISE(ABORT, 'evidence is not deleted'); END""",
        # INSERT OR REPLACE deletes without telling the trigger above, unless a connection asks for it.
        """CREATE TRIGGER justification_is_not_replaced BEFORE INSERT ON justification
        WHEN EXISTS (SELECT 1 FROM justification WHERE seq = NEW.seq OR reference = NEW.reference)
        BEGIN SELECT RAISE(ABORT, 'evidence is not replaced'); END""",
    ),
)


@dataclass(frozen=True, slots=True)
class Justification:
    """One reason: for which refusal, which of the policy's reasons, and in the sender's own words."""

    reference: str
    at: datetime
    until: datetime  # the same content may pass once until then
    address: str  # of the device the reason came from
    reason: str  # id in the policy's list
    sentence: str = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON types, sentence included."""
        return {**_about(self), "sentence": self.sentence}


class Justifications:
    """An append-only file of reasons; threads and processes may share it.

    Every call raises EvidenceError where the file fails, a row is damaged, or `key` is not the one it was written with.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._database = Database(path, _SCHEMA, EvidenceError)
        self._path = path
        self._cipher = AESGCM(key)

    def append(self, justification: Justification) -> None:
        """Write a reason at the end; it is on disk when this returns."""
        about = _about(justification)
        nonce = os.urandom(_NONCE)
        sentence = justification.sentence.encode(errors="surrogatepass")
        sealed = nonce + self._cipher.encrypt(nonce, sentence, _text(about))
        text = _text({**about, "sealed": base64.b64encode(sealed).decode()})
        with self._database.write() as connection:
            previous = connection.execute("SELECT chain FROM justification ORDER BY seq DESC LIMIT 1").get
            if previous is None:
                previous = _START
            elif not isinstance(previous, bytes):
                raise EvidenceError(errno.EIO, "its last reason is damaged; restore the file", str(self._path))
            connection.execute(
                "INSERT INTO justification (reference, record, chain) VALUES (?, ?, ?)",
                (justification.reference, text.decode(), _link(previous, text)),
            )

    def find(self, reference: str) -> Justification | None:
        """Return the reason that was given for a refusal, or None."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT record FROM justification WHERE reference = ?", (reference,)).fetchall()
        return self._open(str(rows[0][0])) if rows else None

    def last(self, n: int) -> list[Justification]:
        """Return the `n` reasons given last, the newest first; none for n below 1."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT record FROM justification ORDER BY seq DESC LIMIT ?", (max(0, n),)
            ).fetchall()
        return [self._open(str(text)) for (text,) in rows]

    def verify(self) -> tuple[int, str | None]:
        """Walk the whole chain; return how many reasons hold, and the reference of the first that does not, or None."""
        chain, good = _START, 0
        with self._database.read_aside() as connection:
            rows = connection.execute(
                "SELECT seq, CAST(reference AS BLOB), CAST(record AS BLOB), chain FROM justification ORDER BY seq"
            )
            for seq, reference, text, kept in rows:
                chain = _link(chain, text or b"")
                if seq != good + 1 or chain != kept or reference != _named(text):
                    return good, (reference or b"").decode(errors="replace")
                good += 1
        return good, None

    def close(self) -> None:
        """Let go of the file; later calls raise EvidenceError."""
        self._database.close()

    def _open(self, text: str) -> Justification:
        try:
            data = json.loads(text)
            sealed = base64.b64decode(data.pop("sealed"), validate=True)
            sentence = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _text(data))
            return Justification(
                data["reference"],
                datetime.fromisoformat(data["at"]),
                datetime.fromisoformat(data["until"]),
                data["address"],
                data["reason"],
                sentence.decode(errors="surrogatepass"),
            )
        except (AttributeError, InvalidTag, LookupError, TypeError, ValueError, binascii.Error):
            problem = "a reason is damaged, or sealed with another site key; verify the file"
            raise EvidenceError(errno.EIO, problem, str(self._path)) from None


def _about(justification: Justification) -> dict[str, str]:
    """Return what is not secret of a reason: all but the sentence, which is bound to it."""
    return {
        "reference": justification.reference,
        "at": _moment(justification.at),
        "until": _moment(justification.until),
        "address": justification.address,
        "reason": justification.reason,
    }


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("at: needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _text(data: dict[str, str]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def _link(previous: bytes, text: bytes) -> bytes:
    return hashlib.sha256(previous + text).digest()


def _named(text: bytes) -> bytes | None:
    try:
        return str(json.loads(text)["reference"]).encode()
    except (LookupError, TypeError, ValueError):
        return None
