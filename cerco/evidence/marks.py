"""Keep what people say of records afterwards: that what was found is not sensitive, or is after all.

In:    a `Mark`.
Out:   the same, by the reference of the record or the latest few; whether the whole row of them still holds.
Never: a record changed: a mark stands beside it, and another one takes it back. A note in clear on disk.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from cerco.evidence.sealed import SealedRows, Statement

_KIND, _APPLICATION = "mark", 0x4352436D  # "CRCm"

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
        self._rows = SealedRows(path, key, _KIND, _APPLICATION, once=False)

    def append(self, mark: Mark) -> None:
        """Write a mark at the end; it is on disk when this returns."""
        self._rows.append(_about(mark), mark.note)

    def of(self, reference: str) -> list[Mark]:
        """Return the marks of a record, the newest last: that one counts."""
        return [self._mark(one) for one in self._rows.of(reference)]

    def last(self, n: int) -> list[Mark]:
        """Return the `n` marks made last, the newest first; none for n below 1."""
        return [self._mark(one) for one in self._rows.last(n)]

    def verify(self) -> tuple[int, str | None]:
        """Walk the whole chain; return how many marks hold, and the reference of the first that does not, or None."""
        return self._rows.verify()

    def close(self) -> None:
        """Let go of the file; later calls raise EvidenceError."""
        self._rows.close()

    def _mark(self, statement: Statement) -> Mark:
        about, note = statement
        try:
            at = datetime.fromisoformat(about["at"])
            return Mark(about["reference"], at, about["opinion"], about["by"], about["finding"], note)
        except (LookupError, TypeError, ValueError):
            raise self._rows.damaged() from None


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
