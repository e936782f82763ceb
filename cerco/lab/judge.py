"""Compares what was sent with what arrived and with what is on record; nothing else says whether a demo went well.

In:    a payload and what its client saw, the origin's journal, the gate's evidence records.
Out:   `Row`: what arrived, the strictest record, and every way in which that is not as it should be.
Never: a result that is assumed: where journal or evidence say nothing, the row says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cerco.lab.clients import Sent
from cerco.lab.journal import Entry
from cerco.lab.payloads import Kind, Payload

STRICTNESS = ("allowed", "observed", "tagged", "blocked")  # the actions of a record, mildest first


@dataclass(frozen=True, slots=True)
class Row:
    """One send, judged. `problems` is empty where everything was as it should be."""

    sent: Sent
    kind: Kind
    arrived: str  # "nothing" | "unchanged" | "as 🔴…", the name it was shown under | "a part"
    action: str  # of the strictest record of this send; "no record"
    reference: str  # of that record; empty where there is none
    problems: tuple[str, ...]


def judge(
    sent: Sent,
    payload: Payload,
    entries: Sequence[Entry],
    records: Iterable[Mapping[str, Any]],
    *,
    dingtalk: bool = True,
) -> Row:
    """Judge one send; `records` are those of the whole run, matched by time, as clients run one after another.

    With `dingtalk` False the destination is none of the gate's business: everything has to arrive, without a record.
    """
    during = [record for record in records if sent.started <= _seconds(record) <= sent.finished]
    strictest = max(during, key=lambda record: STRICTNESS.index(record["action"]), default=None)
    action = "no record" if strictest is None else str(strictest["action"])
    reference = "" if strictest is None else str(strictest["reference"])
    touched = any(entry.holds(payload.marker.encode()) for entry in entries)
    whole = any(payload.text in entry.strings() or payload.data in entry.body for entry in entries)
    name = _shown_name(payload, entries)
    told = any(str(record["reference"]) in sent.error for record in during)
    if not dingtalk:
        expected = {"it did not arrive": whole, "there is a record of it": not during}
    elif payload.kind in (Kind.CLEAN, Kind.TITLE):
        wanted = "tagged" if payload.kind is Kind.TITLE else "allowed"
        expected = {
            "it did not arrive whole": whole,
            "the client was refused": sent.ok,
            f"the record says {action}, not {wanted}": action == wanted,
            "the name arrived without a label": payload.kind is Kind.CLEAN or name is not None,
            "the name was changed": payload.kind is Kind.TITLE or name is None,
        }
    else:
        expected = {
            "some of it reached the origin": not touched,
            "the client saw success": not sent.ok,
            f"the record says {action}, not blocked": action == "blocked",
            "the client was not told a reference number that is on record": told,
        }
    problems = tuple(problem for problem, holds in expected.items() if not holds)
    return Row(sent, payload.kind, _arrived(whole=whole, touched=touched, name=name), action, reference, problems)


def _seconds(record: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(record["at"]).timestamp()


def _shown_name(payload: Payload, entries: Sequence[Entry]) -> str | None:
    """Return the name or title as the origin's users last saw it, if it is not the one that was sent."""
    plain = {payload.title, payload.filename, f"{payload.title}\n{payload.text}"}
    names = [text for entry in entries for text in entry.strings() if payload.name_marker in text]
    if not names or names[-1] in plain:
        return None
    return names[-1].replace(f" {payload.name_marker}", "").partition("\n")[0]


def _arrived(*, whole: bool, touched: bool, name: str | None) -> str:
    if whole:
        return "unchanged" if name is None else f"as {name}"
    return "a part" if touched else "nothing"
