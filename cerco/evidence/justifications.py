"""Keep the reasons people gave, each with the refusal it answers.

In:    a `Justification`.
Out:   the same, by the reference of the refusal or the latest few; whether the whole row of them still holds.
Never: a sentence in clear on disk: what an employee wrote opens only with the site's key. A reason that was given and
       can be taken back.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cerco.evidence.sealed import SealedRows, Statement

_KIND, _APPLICATION = "justification", 0x4352436A  # "CRCj"


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
        self._rows = SealedRows(path, key, _KIND, _APPLICATION, once=True)

    def append(self, justification: Justification) -> None:
        """Write a reason at the end; it is on disk when this returns."""
        self._rows.append(_about(justification), justification.sentence)

    def find(self, reference: str) -> Justification | None:
        """Return the reason that was given for a refusal, or None."""
        given = self._rows.of(reference)
        return self._justification(given[0]) if given else None

    def last(self, n: int) -> list[Justification]:
        """Return the `n` reasons given last, the newest first; none for n below 1."""
        return [self._justification(one) for one in self._rows.last(n)]

    def verify(self) -> tuple[int, str | None]:
        """Walk the whole chain; return how many reasons hold, and the reference of the first that does not, or None."""
        return self._rows.verify()

    def close(self) -> None:
        """Let go of the file; later calls raise EvidenceError."""
        self._rows.close()

    def _justification(self, statement: Statement) -> Justification:
        about, sentence = statement
        try:
            return Justification(
                about["reference"],
                datetime.fromisoformat(about["at"]),
                datetime.fromisoformat(about["until"]),
                about["address"],
                about["reason"],
                sentence,
            )
        except (LookupError, TypeError, ValueError):
            raise self._rows.damaged() from None


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
