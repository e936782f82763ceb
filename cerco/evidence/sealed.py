"""Keep what people say about records: in a row that holds together, and in words that open only with the site's key.

In:    JSON objects about a record, each with one sentence that is secret.
Out:   the same, by reference or the latest few; whether the whole row of them still holds.
Never: a sentence in clear on disk, or opened in another row than its own. A row that is taken back, changed, slipped in
       or taken out unnoticed.

Rows are chained as evidence records are (`cerco.evidence.chain`).
"""

import base64
import binascii
import errno
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cerco.evidence.chain import follow, walk
from cerco.evidence.database import Database, Schema
from cerco.evidence.store import EvidenceError

_NONCE = 12  # bytes; NIST SP 800-38D, section 8.2

type Statement = tuple[dict[str, Any], str]
"""What is said about a record, and the sentence that is secret."""


class SealedRows:
    """An append-only file of statements; threads and processes may share it.

    Every call raises EvidenceError where the file fails, a row is damaged, or `key` is not the one it was written with.

    Args:
        path: the file.
        key: 32 bytes.
        kind: what one row is called, in the file and in errors: one word.
        application: SQLite's application_id of such files.
        once: there is one row for a reference at most.
    """

    def __init__(self, path: Path, key: bytes, kind: str, application: int, *, once: bool) -> None:
        self._database = Database(path, _schema(kind, application, once=once), EvidenceError)
        self._path = path
        self._kind = kind
        self._cipher = AESGCM(key)

    def append(self, about: dict[str, Any], sentence: str) -> None:
        """Write a row at the end; it is on disk when this returns. `about` has the `reference`."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, sentence.encode(errors="surrogatepass"), _text(about))
        text = _text({**about, "sealed": base64.b64encode(sealed).decode()})
        with self._database.write() as connection:
            damaged = EvidenceError(errno.EIO, f"its last {self._kind} is damaged; restore the file", str(self._path))
            chain = follow(connection, self._kind, text, damaged)
            connection.execute(
                f"INSERT INTO {self._kind} (reference, record, chain) VALUES (?, ?, ?)",  # noqa: S608 - no value
                (about["reference"], text.decode(), chain),
            )

    def of(self, reference: str) -> list[Statement]:
        """Return what was said about a record, the newest last."""
        return self._rows("WHERE reference = ? ORDER BY seq", reference)

    def last(self, n: int) -> list[Statement]:
        """Return the `n` rows written last, the newest first; none for n below 1."""
        return self._rows("ORDER BY seq DESC LIMIT ?", max(0, n))

    def verify(self) -> tuple[int, str | None]:
        """Walk the whole chain; return how many rows hold, and the reference of the first that does not, or None."""
        damaged = EvidenceError(errno.EIO, "its indexes are damaged; restore the file", str(self._path))
        with self._database.read_aside() as connection:
            return walk(connection, self._kind, ("reference",), _indexed, damaged)

    def damaged(self) -> EvidenceError:
        """Return the error for a row that opens and is none."""
        problem = f"a {self._kind} is damaged, or sealed with another site key; verify the file"
        return EvidenceError(errno.EIO, problem, str(self._path))

    def close(self) -> None:
        """Let go of the file; later calls raise EvidenceError."""
        self._database.close()

    def _rows(self, which: str, value: str | int) -> list[Statement]:
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT record FROM {self._kind} {which}", (value,)).fetchall()  # noqa: S608 - as above
        return [self._open(str(text)) for (text,) in rows]

    def _open(self, text: str) -> Statement:
        try:
            about = json.loads(text)
            sealed = base64.b64decode(about.pop("sealed"), validate=True)
            sentence = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _text(about))
            return about, sentence.decode(errors="surrogatepass")
        except (AttributeError, InvalidTag, LookupError, TypeError, ValueError, binascii.Error):
            raise self.damaged() from None


def _schema(kind: str, application: int, *, once: bool) -> Schema:
    repeated = " OR reference = NEW.reference" if once else ""
    index = () if once else (f"CREATE INDEX {kind}_reference ON {kind} (reference)",)
    return Schema(
        application=application,
        version=1,
        statements=(
            f"""CREATE TABLE {kind} (
            seq INTEGER PRIMARY KEY,
            reference TEXT NOT NULL{" UNIQUE" if once else ""},
            record TEXT NOT NULL,
            chain BLOB NOT NULL CHECK (length(chain) = 32)
        ) STRICT""",
            *index,
            f"""CREATE TRIGGER {kind}_is_not_changed BEFORE UPDATE ON {kind}
        BEGIN SELECT RAISE(ABORT, 'evidence is not changed'); END""",
            f"""CREATE TRIGGER {kind}_is_not_deleted BEFORE DELETE ON {kind}
        BEGIN SELECT RAISE(ABORT, 'evidence is not deleted'); END""",
            # INSERT OR REPLACE deletes without telling the trigger above, unless a connection asks for it.
            f"""CREATE TRIGGER {kind}_is_not_replaced BEFORE INSERT ON {kind}
        WHEN EXISTS (SELECT 1 FROM {kind} WHERE seq = NEW.seq{repeated})
        BEGIN SELECT RAISE(ABORT, 'evidence is not replaced'); END""",  # noqa: S608 - as above
        ),
    )


def _text(data: dict[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def _indexed(text: bytes) -> tuple[bytes] | None:
    """Return what the column beside the JSON must say, or None if it is no row."""
    try:
        return (str(json.loads(text)["reference"]).encode(),)
    except (LookupError, TypeError, ValueError):
        return None
