"""Let what was refused for want of a reason pass once, when the reason has been given.

In:    refusals, each with a digest that stands for its sender, its content and its destination; answers to them.
Out:   whether something may pass now, at most once for each answer, whichever worker asks.
Never: a pass for anything but what was refused; a digest that says anything without the site's key; what was written.
"""

import errno
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

import apsw

from cerco.evidence.database import Database, Schema

# A refusal can be answered for a day: the sender may have to ask somebody first.
ANSWERABLE = timedelta(hours=24)
# Answers count by the day, and the pages show for a while what became of them.
KEEP = timedelta(days=3)

_MACAU = timezone(timedelta(hours=8))  # all year; Macau has had no summer time since 1979 (tz database, Asia/Macau)

_SCHEMA = Schema(
    application=0x43524367,  # "CRCg"
    version=1,
    statements=(
        "CREATE TABLE site (seal BLOB NOT NULL) STRICT",
        """CREATE TABLE refusal (
            reference TEXT PRIMARY KEY,
            claim BLOB NOT NULL,
            person BLOB NOT NULL,
            device BLOB NOT NULL,
            asked INTEGER NOT NULL,
            answered INTEGER,
            until INTEGER,
            used INTEGER
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX refusal_open ON refusal (claim, answered) WHERE answered IS NOT NULL AND used IS NULL",
        "CREATE INDEX refusal_person ON refusal (person, answered) WHERE answered IS NOT NULL",
        "CREATE INDEX refusal_asked ON refusal (asked)",
        """CREATE TABLE step (
            reference TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (reference, name)
        ) STRICT, WITHOUT ROWID""",
    ),
)

type State = Literal["waiting", "open", "used", "over", "limited"]


class GrantError(OSError):
    """What was answered could not be written or read, so nothing passes for it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a refusal: it waits for a reason; it has one, and is open, used up or over.

    "limited" is the answer to one reason too many in a day. `until`: when what was answered ends.
    """

    state: State
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a reason would be for: digests of the outbound as a whole, and of the person and device that send it."""

    outbound: bytes
    person: bytes
    device: bytes


class Grants:
    """Refusals and their answers; threads and processes may share the file. Every call waits for the disk.

    Every call raises GrantError when the file fails, and ValueError for a `now` without a time zone.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._database = Database(path, _SCHEMA, GrantError)
        seal = hmac.digest(key, b"cerco grants seal", "sha256")
        with self._database.write() as connection:
            kept = connection.execute("SELECT seal FROM site").get
            if kept is None:
                connection.execute("INSERT INTO site (seal) VALUES (?)", (seal,))
            elif kept != seal:
                raise GrantError(
                    errno.EINVAL,
                    "it was written under another site key: bring that key back, or move the file away to start anew",
                    str(path),
                )

    def ask(self, reference: str, claim: Claim, now: datetime) -> None:
        """Note that an outbound was refused until there is a reason."""
        moment = _microseconds(now)
        with self._database.write() as connection:
            _forget(connection, moment)
            connection.execute(
                "INSERT INTO refusal (reference, claim, person, device, asked) VALUES (?, ?, ?, ?, ?)",
                (reference, claim.outbound, claim.person, claim.device, moment),
            )

    def standing(self, reference: str, now: datetime) -> Standing | None:
        """Return what became of a refusal; None for one that is not known, or not any more."""
        with self._database.read() as connection:
            return _standing(connection, reference, _microseconds(now))

    def answer(
        self,
        reference: str,
        *,
        minutes: int,
        per_day: int,
        now: datetime,
        record: Callable[[datetime], None],
        claim: Claim | None = None,
    ) -> Standing | None:
        """Let what was refused pass once within `minutes`, and return how it stands then; None for an unknown one.

        Only a refusal that waits is answered; of any other it is returned how it stands. The same person is not let
        through more than `per_day` times a day. `record` is called with the end of the time before anything is let
        through; what it raises leaves the refusal as it was. With `claim`, a refusal of anything else is unknown.
        """
        moment = _microseconds(now)
        with self._database.write() as connection:
            found = _standing(connection, reference, moment)
            asked = connection.execute("SELECT claim FROM refusal WHERE reference = ?", (reference,)).get
            if claim is not None and asked != claim.outbound:
                return None
            if found is None or found.state != "waiting":
                return found
            person = connection.execute("SELECT person FROM refusal WHERE reference = ?", (reference,)).get
            today = "SELECT count(*) FROM refusal WHERE person = ? AND answered >= ?"
            if connection.execute(today, (person, _microseconds(_midnight(now)))).get >= per_day:
                return Standing("limited")
            until = now + timedelta(minutes=minutes)
            connection.execute(
                "UPDATE refusal SET answered = ?, until = ? WHERE reference = ?",
                (moment, _microseconds(until), reference),
            )
            record(until)
        return Standing("open", until)

    def take(self, claim: Claim, now: datetime) -> str | None:
        """Use up the oldest answer that is open for an outbound and return its reference, or None if there is none."""
        moment = _microseconds(now)
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT reference FROM refusal WHERE claim = ? AND answered <= ? AND until >= ? AND used IS NULL"
                " ORDER BY answered LIMIT 1",
                (claim.outbound, moment, moment),
            ).fetchone()
            if row is None:
                return None
            connection.execute("UPDATE refusal SET used = ? WHERE reference = ?", (moment, row[0]))
        return str(row[0])

    def follow(self, reference: str, step: str | None, claim: Claim, now: datetime) -> bool:
        """Let a later step of an upload pass for the reason given for an earlier one, each kind of step once.

        The step must come from the same device, within as many minutes after the earlier one as there were for that.
        None stands for a step that nobody gets to see: it may come again.
        """
        moment = _microseconds(now)
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT device FROM refusal WHERE reference = ? AND used <= ? AND used + (until - answered) >= ?",
                (reference, moment, moment),
            ).fetchone()
            if row is None or row[0] != claim.device:
                return False
            if step is None:
                return True
            connection.execute(
                "INSERT INTO step (reference, name) VALUES (?, ?) ON CONFLICT DO NOTHING", (reference, step)
            )
            return connection.changes() == 1

    def give_back(self, reference: str, step: str | None = None) -> None:
        """Undo `take`, or `follow` for one step."""
        with self._database.write() as connection:
            if step is None:
                connection.execute("UPDATE refusal SET used = NULL WHERE reference = ?", (reference,))
            else:
                connection.execute("DELETE FROM step WHERE reference = ? AND name = ?", (reference, step))

    def reopen(self, reference: str, claim: Claim) -> None:
        """Let an answer be used again by the same device, in its time, unless later steps have passed for it."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE refusal SET used = NULL WHERE reference = ? AND device = ?"
                " AND NOT EXISTS (SELECT 1 FROM step WHERE step.reference = refusal.reference)",
                (reference, claim.device),
            )

    def close(self) -> None:
        """Let go of the file; later calls raise GrantError."""
        self._database.close()


def _standing(connection: apsw.Connection, reference: str, moment: int) -> Standing | None:
    row = connection.execute(
        "SELECT asked, answered, until, used FROM refusal WHERE reference = ?", (reference,)
    ).fetchone()
    if row is None:
        return None
    asked, answered, until, used = row
    if answered is None:
        return Standing("waiting" if moment - asked <= ANSWERABLE // timedelta(microseconds=1) else "over")
    ends = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=until)
    return Standing("used" if used is not None else "open" if moment <= until else "over", ends)


def _forget(connection: apsw.Connection, moment: int) -> None:
    oldest = moment - KEEP // timedelta(microseconds=1)
    connection.execute("DELETE FROM step WHERE reference IN (SELECT reference FROM refusal WHERE asked < ?)", (oldest,))
    connection.execute("DELETE FROM refusal WHERE asked < ?", (oldest,))


def _midnight(now: datetime) -> datetime:
    return now.astimezone(_MACAU).replace(hour=0, minute=0, second=0, microsecond=0)


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("now: needs a time zone")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
