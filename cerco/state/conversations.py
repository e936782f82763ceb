"""Remember for a few minutes what somebody said last, so that the next message can be read together with it.

In:    a text, and the name of the sequence it goes on: a sender in a conversation, a card, a sheet.
Out:   what was said in that sequence just before.
Never: a text or a name in clear on disk; a text kept past its time; a history that a refused message can wipe out.
"""

import errno
import hmac
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cerco.evidence.database import Database, Schema

# Who splits a number over messages sends them one after the other; ten minutes outlast a look at the papers in between.
KEEP = timedelta(minutes=10)
# Characters looked back over: a number that is written one character a message, with its label, many times over.
WINDOW = 400
# Stands between two texts that `recall` returns: ASCII's record separator, which nobody types.
JOINT = "\x1e"

# Texts kept of one sequence, over the window: as many refused ones as this do not push the sent ones out.
_SPARE = 400
_NONCE = 12  # bytes; NIST SP 800-38D, section 8.2
# AES-GCM keys may seal 2^32 texts under random nonces (section 8.3): at a thousand messages a second, 49 days. Keys are
# therefore made from the site's key and the day.
_DAY = 86_400_000_000  # microseconds

_SCHEMA = Schema(
    application=0x43524376,  # "CRCv"
    version=1,
    statements=(
        """CREATE TABLE said (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sequence BLOB NOT NULL,
            at INTEGER NOT NULL,
            anew INTEGER NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX said_sequence ON said (sequence, id)",
        "CREATE INDEX said_at ON said (at)",
    ),
    durable=False,
)


class ConversationError(OSError):
    """What was said before could not be written or read, so the message that goes on from it cannot be judged."""


class Conversations:
    """The last words of every sequence; threads and processes may share the file.

    Every call raises ConversationError when the file fails, and ValueError for a `now` without a time zone.
    A commit does not wait for the disk: a power cut may take the last messages back, and outlasts most conversations.

    Args:
        path: the file; made 0600.
        key: at least 16 bytes, the same for all who share the file. Texts are sealed with AES-256-GCM and names kept as
            HMAC-SHA-256, under keys made from it. What was written under another key is not found, and expires.
        keep: how long a text is remembered.
        window: how many characters before the next text are remembered.

    Raises:
        ValueError: the key is too short, or `keep` or `window` is not positive.
    """

    def __init__(self, path: Path, key: bytes, *, keep: timedelta = KEEP, window: int = WINDOW) -> None:
        if len(key) < 16:
            raise ValueError("a key shorter than 16 bytes. Use one derived from the site's key.")
        if keep <= timedelta() or window < 1:
            raise ValueError("keep and window: need to be more than nothing")
        self._names = hmac.digest(key, b"cerco conversation names", "sha256")
        self._seals = hmac.digest(key, b"cerco conversation texts", "sha256")
        self._newest: tuple[int, AESGCM] | None = None  # the day whose key was used last, and the cipher under that key
        self._keep = keep // timedelta(microseconds=1)
        self._window = window
        self._path = path
        self._database = Database(path, _SCHEMA, ConversationError)

    def recall(self, sequence: bytes | str, now: datetime) -> str:
        """Return what was said last, at most `window` characters, with `JOINT` between texts; "" if nothing was."""
        moment = _microseconds(now)
        with self._database.read() as connection:
            return self._before(connection, self._digest(sequence), moment)

    def remember(self, sequence: bytes | str, text: str, now: datetime, *, anew: bool = False) -> int | None:
        """Note a text as the newest of its sequence, and return its id for `forget`; None if it says nothing.

        `anew`: it does not go on from what was said before but replaces it, like a card that is written again.
        """
        return self.exchange(sequence, text, now, anew=anew)[1]

    def exchange(
        self, sequence: bytes | str, text: str, now: datetime, *, anew: bool = False
    ) -> tuple[str, int | None]:
        """Return what `recall` and then `remember` would, in one step.

        Of two texts that are judged at the same moment one thus sees the other. If the text is refused, `forget` it.
        """
        moment = _microseconds(now)
        digest = self._digest(sequence)
        tail = text.replace(JOINT, "")[-self._window :]
        with self._database.write() as connection:
            self._expire(connection, moment)
            before = "" if anew else self._before(connection, digest, moment)
            if not tail.strip() and not anew:
                return before, None
            sealed = self._seal(digest, moment, tail, anew=anew)
            connection.execute(
                "INSERT INTO said (sequence, at, anew, sealed) VALUES (?, ?, ?, ?)", (digest, moment, anew, sealed)
            )
            made = connection.last_insert_rowid()
            connection.execute(
                "DELETE FROM said WHERE sequence = ?1 AND id <="
                " (SELECT id FROM said WHERE sequence = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                (digest, self._window + _SPARE),
            )
            return before, made

    def forget(self, ids: Iterable[int | None]) -> None:
        """Take texts back that were remembered but did not go out."""
        gone = [(one,) for one in ids if one is not None]
        if gone:
            with self._database.write() as connection:
                connection.executemany("DELETE FROM said WHERE id = ?", gone)

    def purge(self, now: datetime) -> int:
        """Forget texts past their time and return how many; every call that remembers does so too."""
        moment = _microseconds(now)
        with self._database.write() as connection:
            return self._expire(connection, moment)

    def close(self) -> None:
        """Let go of the file; later calls raise ConversationError."""
        self._database.close()

    def _expire(self, connection: apsw.Connection, moment: int) -> int:
        # A clock that was ahead and has been set back must not make texts last longer.
        connection.execute("DELETE FROM said WHERE at < ? OR at > ?", (moment - self._keep, moment + self._keep))
        return connection.changes()

    def _before(self, connection: apsw.Connection, digest: bytes, moment: int) -> str:
        texts, room = list[str](), self._window
        for text in self._newest_first(connection, digest, moment):
            texts.append(text[-room:])
            room -= len(texts[-1])
            if room <= 0:
                break
        return JOINT.join(reversed(texts))

    def _newest_first(self, connection: apsw.Connection, digest: bytes, moment: int) -> Iterator[str]:
        rows = connection.execute(
            "SELECT at, anew, sealed FROM said WHERE sequence = ? AND at >= ? ORDER BY id DESC",
            (digest, moment - self._keep),
        )
        for at, anew, sealed in rows:
            try:
                text = self._cipher(at).decrypt(sealed[:_NONCE], sealed[_NONCE:], _about(digest, at, anew=bool(anew)))
            except (InvalidTag, ValueError):
                raise ConversationError(errno.EIO, "a text is damaged; move the file away", str(self._path)) from None
            if text:
                yield text.decode(errors="surrogatepass")
            if anew:
                return

    def _seal(self, digest: bytes, moment: int, text: str, *, anew: bool) -> bytes:
        nonce = os.urandom(_NONCE)
        about = _about(digest, moment, anew=anew)
        return nonce + self._cipher(moment).encrypt(nonce, text.encode(errors="surrogatepass"), about)

    def _cipher(self, moment: int) -> AESGCM:
        day = moment // _DAY
        newest = self._newest
        if newest is None or newest[0] != day:
            key = hmac.digest(self._seals, day.to_bytes(8, "big", signed=True), "sha256")
            self._newest = newest = (day, AESGCM(key))
        return newest[1]

    def _digest(self, sequence: bytes | str) -> bytes:
        name = sequence if isinstance(sequence, bytes) else sequence.encode(errors="surrogatepass")
        return hmac.digest(self._names, name, "sha256")


def _about(digest: bytes, moment: int, *, anew: bool) -> bytes:
    """Return what a sealed text is bound to, so that rows cannot change places."""
    return digest + moment.to_bytes(8, "big", signed=True) + bytes([anew])


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("now: needs a time zone")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
