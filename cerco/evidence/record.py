"""The noun of the fifth room: what was decided about one outbound, as it will be read years later.

In:    a verdict and the circumstances it was given in.
Out:   `EvidenceRecord`, as plain JSON types and back; reference numbers for people.
Never: content. Samples are masked and fingerprints are keyed before they get here.

The JSON, which is also what `cerco evidence show --json` prints; every key is always there::

    {"reference": "C-7K3M-9QXT",
     "at": "2026-11-03T02:01:00.123456Z",            UTC, always six decimals, so text order is time order
     "actor": {"address": "10.0.0.8", "account": "…" | null},
     "destination": {"host": "oapi.dingtalk.com", "region": "mainland", "conversation": "…" | null},
     "channel": "oapi",
     "operation": "robot.send",
     "verdict": {"action": "ALLOW" | "TAG" | "JUSTIFY" | "BLOCK",
                 "decisions": ["…"], "label": "…" | null, "observed": false,
                 "notice": {"zh-Hant": "…", …} | null,   what the policy says to the sender besides
                 "findings": [{"rule", "entity", "severity", "score", "place", "start", "end",
                               "masked", "fingerprint", "reasons": ["…"], "draft": false}],
                 "coverage": [{"place", "why", "size"?}],
                 "degraded": ["…"]},                    what the search went without: models that are not there
     "action": "allowed" | "tagged" | "blocked" | "observed",   what was done, as against what was decided
     "ruleset": "…",                                 hash of the rules in force
     "parts": 3, "bytes_read": 2048,
     "tls": {"client": "TLSv1.3" | null, "server": "TLSv1.3" | null}}
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Destination
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

ACTIONS = ("allowed", "tagged", "blocked", "observed")

# Crockford's base 32: no I, L, O or U, so a number read out over the telephone is written down right.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """What one outbound was, what was decided about it, and what was done.

    `at` must carry a time zone and `action` be one of `ACTIONS`; otherwise ValueError.
    """

    reference: str
    at: datetime
    actor: Actor = field(repr=False)
    destination: Destination = field(repr=False)
    channel: str
    operation: str = field(repr=False)  # the client chooses parts of it on some channels
    verdict: Verdict = field(repr=False)
    action: str
    ruleset: str
    parts: int
    bytes_read: int
    tls_client: str | None = None
    tls_server: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("at: needs a time zone")
        if self.action not in ACTIONS:
            raise ValueError(f"action: must be one of {', '.join(ACTIONS)}")

    def to_json(self) -> dict[str, Any]:
        """Return the record in the shape this module's docstring shows, in plain JSON types."""
        verdict = self.verdict
        return {
            "reference": self.reference,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "actor": {"address": self.actor.address, "account": self.actor.account},
            "destination": {
                "host": self.destination.host,
                "region": self.destination.region,
                "conversation": self.destination.conversation,
            },
            "channel": str(self.channel),
            "operation": self.operation,
            "verdict": {
                "action": verdict.action.name,
                "decisions": list(verdict.decisions),
                "label": verdict.label,
                "observed": verdict.observed,
                "notice": dict(verdict.notice) if verdict.notice else None,
                "findings": [finding_to_json(finding) for finding in verdict.findings],
                "coverage": [unreadable_to_json(gap) for gap in verdict.coverage],
                "degraded": list(verdict.degraded),
            },
            "action": self.action,
            "ruleset": self.ruleset,
            "parts": self.parts,
            "bytes_read": self.bytes_read,
            "tls": {"client": self.tls_client, "server": self.tls_server},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "EvidenceRecord":
        """Return the record that `to_json` was called on.

        Raises:
            ValueError: the data has not that shape. The message names no content.
        """
        try:
            verdict, destination = data["verdict"], data["destination"]
            return cls(
                reference=data["reference"],
                at=datetime.fromisoformat(data["at"]),
                actor=Actor(data["actor"]["address"], data["actor"]["account"]),
                destination=Destination(destination["host"], destination["region"], destination["conversation"]),
                channel=data["channel"],
                operation=data["operation"],
                verdict=Verdict(
                    action=Action[verdict["action"]],
                    decisions=tuple(verdict["decisions"]),
                    findings=tuple(map(finding_from_json, verdict["findings"])),
                    coverage=tuple(map(unreadable_from_json, verdict["coverage"])),
                    label=verdict["label"],
                    observed=verdict["observed"],
                    notice=verdict.get("notice"),  # not in records of the first release, nor the next
                    degraded=tuple(verdict.get("degraded", ())),
                ),
                action=data["action"],
                ruleset=data["ruleset"],
                parts=data["parts"],
                bytes_read=data["bytes_read"],
                tls_client=data["tls"]["client"],
                tls_server=data["tls"]["server"],
            )
        except (AttributeError, LookupError, TypeError, ValueError):
            raise ValueError("not an evidence record") from None


def new_reference(random: bytes) -> str:
    """Return a number such as "C-7K3M-9QXT" for 5 random bytes.

    40 bits: among a million records the next one repeats an earlier number about once in a million times, and the
    store refuses a repeated one.

    Raises:
        ValueError: not 5 bytes.
    """
    if len(random) != 5:
        raise ValueError("a reference is made of 5 bytes")
    number = int.from_bytes(random)
    signs = "".join(_ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"C-{signs[:4]}-{signs[4:]}"


def read_reference(typed: str) -> str | None:
    """Return the reference that somebody wrote: in any case, with letters that look like digits, hyphens or none.

    None where it cannot be one.
    """
    plain = "".join(typed.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))
    body = plain[1:] if len(plain) == 9 and plain.startswith("C") else plain
    if len(body) != 8 or not set(body) <= set(_ALPHABET):
        return None
    return f"C-{body[:4]}-{body[4:]}"


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Return a finding in plain JSON types, under its own field names."""
    return {
        "rule": finding.rule,
        "entity": finding.entity,
        "severity": finding.severity,
        "score": finding.score,
        "place": finding.place,
        "start": finding.start,
        "end": finding.end,
        "masked": finding.masked,
        "fingerprint": finding.fingerprint,
        "reasons": list(finding.reasons),
        "draft": finding.draft,
    }


def finding_from_json(data: Mapping[str, Any]) -> Finding:
    """Return the finding that `finding_to_json` was called on; LookupError or TypeError for another shape."""
    return Finding(
        rule=data["rule"],
        entity=data["entity"],
        severity=data["severity"],
        score=data["score"],
        place=data["place"],
        start=data["start"],
        end=data["end"],
        masked=data["masked"],
        fingerprint=data["fingerprint"],
        reasons=tuple(data["reasons"]),
        draft=data.get("draft", False),  # not in records of the first release
    )


def unreadable_to_json(gap: Unreadable) -> dict[str, str | int]:
    """Return a coverage gap in plain JSON types."""
    said: dict[str, str | int] = {"place": gap.place, "why": gap.why.value}
    return said | {"size": gap.size} if gap.size else said


def unreadable_from_json(data: Mapping[str, Any]) -> Unreadable:
    """Return the gap that `unreadable_to_json` was called on; LookupError, TypeError or ValueError if it cannot be."""
    return Unreadable(data["place"], Why(data["why"]), int(data.get("size", 0)))
