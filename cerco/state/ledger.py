"""Remember what was judged about an upload, under every name DingTalk knows it by.

In:    keys that name one upload; judgements on its bytes or its name.
Out:   every judgement on an upload, whichever of its keys is asked for.
Never: an upload id in clear (it lets its holder fetch the file), a file name, content; a refusal lost to a power cut.
"""

import errno
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw

from cerco.dingtalk.outbound import Key
from cerco.evidence.database import Database, Schema
from cerco.evidence.record import finding_from_json, finding_to_json, unreadable_from_json, unreadable_to_json
from cerco.extract.text import Unreadable
from cerco.scan.finding import Finding

# A file may be sent again from DingTalk's own storage long after it was uploaded. A year and a month outlast the
# yearly rhythm of reports and audits in which old files are taken up again.
KEEP = timedelta(days=400)

_SCHEMA = Schema(
    application=0x43524373,  # "CRCs"
    version=1,
    statements=(
        "CREATE TABLE site (seal BLOB NOT NULL) STRICT",
        "CREATE TABLE upload (id INTEGER PRIMARY KEY, touched INTEGER NOT NULL) STRICT",
        "CREATE INDEX upload_touched ON upload (touched)",
        "CREATE TABLE name (digest BLOB PRIMARY KEY, upload INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE INDEX name_upload ON name (upload)",
        """CREATE TABLE judgement (
            upload INTEGER NOT NULL,
            reference TEXT NOT NULL,
            role TEXT NOT NULL,
            action INTEGER NOT NULL,
            at INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (upload, reference, role)
        ) STRICT, WITHOUT ROWID""",
    ),
)

# One reference and role has one judgement: the strictest, and of equally strict ones the newest.
_PUT = """INSERT INTO judgement (upload, reference, role, action, at, body) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (upload, reference, role) DO UPDATE SET action = excluded.action, at = excluded.at, body = excluded.body
    WHERE (excluded.action, excluded.at) >= (action, at)"""


class LedgerError(OSError):
    """The ledger could not be written or read: what is known of an upload is not to be had, so it must not leave."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one request said about an upload: `role` "bytes" if it carried them, "name" if it named them.

    `freed` is the reference of the refusal whose answer let it pass, and `contents` are digests of what it carried, by
    which later steps are known to be about the same.
    """

    reference: str
    role: str
    action: int  # of cerco.decide.verdict.Action
    findings: tuple[Finding, ...]
    coverage: tuple[Unreadable, ...]
    label: str | None = None
    freed: str | None = None
    contents: tuple[str, ...] = ()


class Ledger:
    """Judgements by upload; threads and processes may share the file. Every call waits for the disk.

    Every call raises LedgerError when the file fails, and ValueError for a `now` without a time zone.
    Keys are kept as HMAC-SHA-256 under `key`, which must stay the same for the life of the file. An upload is forgotten
    when it has been neither linked nor marked for longer than `keep`.
    """

    def __init__(self, path: Path, key: bytes, keep: timedelta = KEEP) -> None:
        self._key = key
        self._keep = keep
        self._path = path
        self._database = Database(path, _SCHEMA, LedgerError)
        seal = hmac.digest(key, b"cerco ledger seal", "sha256")
        with self._database.write() as connection:
            kept = connection.execute("SELECT seal FROM site").get
            if kept is None:
                connection.execute("INSERT INTO site (seal) VALUES (?)", (seal,))
            elif kept != seal:
                raise LedgerError(
                    errno.EINVAL,
                    "it was written under another site key: bring that key back, or move the file away to start anew",
                    str(path),
                )

    def link(self, keys: Sequence[Key], now: datetime) -> None:
        """State that all these keys name one upload; what was known under any of them is now known under each."""
        if not keys:
            return
        moment = _microseconds(now)
        with self._database.write() as connection:
            self._forget(connection, moment)
            digests = [self._digest(key) for key in dict.fromkeys(keys)]
            known = sorted(_uploads(connection, digests))
            upload = known[0] if known else _new(connection, moment)
            for other in known[1:]:
                _merge(connection, other, upload)
            connection.executemany(
                "INSERT INTO name (digest, upload) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(digest, upload) for digest in digests],
            )
            _touch(connection, upload, moment)

    def mark(self, keys: Sequence[Key], judgement: Judgement, now: datetime) -> None:
        """Note a judgement on every upload these keys name. This alone does not make them one upload.

        A second judgement with the same reference and role replaces the first unless it is milder.
        """
        if not keys:
            return
        moment = _microseconds(now)
        body = _body(judgement)
        with self._database.write() as connection:
            self._forget(connection, moment)
            for digest in [self._digest(key) for key in dict.fromkeys(keys)]:
                upload = connection.execute("SELECT upload FROM name WHERE digest = ?", (digest,)).get
                if upload is None:
                    upload = _new(connection, moment)
                    connection.execute("INSERT INTO name (digest, upload) VALUES (?, ?)", (digest, upload))
                row = (upload, judgement.reference, judgement.role, int(judgement.action), moment, body)
                connection.execute(_PUT, row)
                _touch(connection, upload, moment)

    def judgements(self, keys: Sequence[Key], now: datetime) -> tuple[Judgement, ...]:
        """Return every judgement on the uploads these keys name, one for each reference and role, the newest first."""
        if not keys:
            return ()
        oldest = _microseconds(now - self._keep)
        best: dict[tuple[str, str], tuple[int, int, str]] = {}
        with self._database.read() as connection:
            for upload in _uploads(connection, [self._digest(key) for key in dict.fromkeys(keys)]):
                rows = connection.execute(
                    "SELECT reference, role, action, at, body FROM judgement"
                    " WHERE upload = (SELECT id FROM upload WHERE id = ? AND touched >= ?)",
                    (upload, oldest),
                )
                for reference, role, action, at, body in rows:
                    best[reference, role] = max(best.get((reference, role), (-1, 0, "")), (action, at, body))
        newest_first = sorted(best.items(), key=lambda item: item[1][1], reverse=True)
        try:
            return tuple(
                _judgement(reference, role, action, body) for (reference, role), (action, _, body) in newest_first
            )
        except (LookupError, TypeError, ValueError):
            raise LedgerError(errno.EIO, "a judgement is damaged; move the file away", str(self._path)) from None

    def purge(self, now: datetime) -> int:
        """Forget uploads past their time and return how many; every `link` and `mark` does so too."""
        with self._database.write() as connection:
            return self._forget(connection, _microseconds(now))

    def close(self) -> None:
        """Let go of the file; later calls raise LedgerError."""
        self._database.close()

    def _digest(self, key: Key) -> bytes:
        # The kind holds no NUL, so no two keys give the same message.
        message = f"cerco ledger key\0{key.kind}\0{key.value}".encode(errors="surrogatepass")
        return hmac.digest(self._key, message, "sha256")

    def _forget(self, connection: apsw.Connection, moment: int) -> int:
        oldest = moment - self._keep // timedelta(microseconds=1)
        expired = connection.execute("SELECT id FROM upload WHERE touched < ?", (oldest,)).fetchall()
        for (upload,) in expired:
            connection.execute("DELETE FROM judgement WHERE upload = ?", (upload,))
            connection.execute("DELETE FROM name WHERE upload = ?", (upload,))
            connection.execute("DELETE FROM upload WHERE id = ?", (upload,))
        return len(expired)


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("now: needs a time zone")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _uploads(connection: apsw.Connection, digests: Iterable[bytes]) -> set[int]:
    found = (connection.execute("SELECT upload FROM name WHERE digest = ?", (digest,)).get for digest in digests)
    return {upload for upload in found if upload is not None}


def _new(connection: apsw.Connection, moment: int) -> int:
    connection.execute("INSERT INTO upload (touched) VALUES (?)", (moment,))
    return connection.last_insert_rowid()


def _touch(connection: apsw.Connection, upload: int, moment: int) -> None:
    connection.execute("UPDATE upload SET touched = max(touched, ?) WHERE id = ?", (moment, upload))


def _merge(connection: apsw.Connection, source: int, target: int) -> None:
    """Move everything of one upload to another."""
    rows = connection.execute(
        "SELECT reference, role, action, at, body FROM judgement WHERE upload = ?", (source,)
    ).fetchall()
    connection.executemany(_PUT, [(target, *row) for row in rows])
    connection.execute("DELETE FROM judgement WHERE upload = ?", (source,))
    connection.execute("UPDATE name SET upload = ? WHERE upload = ?", (target, source))
    connection.execute("DELETE FROM upload WHERE id = ?", (source,))


def _body(judgement: Judgement) -> str:
    return json.dumps(
        {
            "findings": [finding_to_json(finding) for finding in judgement.findings],
            "coverage": [unreadable_to_json(gap) for gap in judgement.coverage],
            "label": judgement.label,
            "freed": judgement.freed,
            "contents": list(judgement.contents),
        },
        separators=(",", ":"),
        allow_nan=False,
    )


def _judgement(reference: str, role: str, action: int, body: str) -> Judgement:
    data: dict[str, Any] = json.loads(body)
    return Judgement(
        reference=reference,
        role=role,
        action=action,
        findings=tuple(map(finding_from_json, data["findings"])),
        coverage=tuple(map(unreadable_from_json, data["coverage"])),
        label=data["label"],
        freed=data.get("freed"),  # rows of earlier releases have neither
        contents=tuple(data.get("contents", ())),
    )
