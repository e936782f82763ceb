"""Count what would change if other rules were in force: by rule, channel, department and sender.

In:    what either set of rules makes of each request.
Out:   `Tally`, which adds up and goes into a report.
Never: a value: examples are masked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self, get_args

from cerco.decide.verdict import Action
from cerco.scan.finding import Finding

EXAMPLES = 5  # shown of each rule
SAMPLES = 3  # masked, of one example

type Kind = Literal["blocked", "asked", "tagged", "softened", "freed", "observed"]
"""What would become of a request: newly stopped, asked about or labelled; treated less strictly, or let go; or only
noted, where a decision is tried out."""
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)

_STRICTER: dict[Action, Kind] = {Action.TAG: "tagged", Action.JUSTIFY: "asked", Action.BLOCK: "blocked"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What one set of rules makes of a request. `unasked` are rules that cannot be asked about it."""

    action: Action
    decisions: tuple[str, ...] = ()
    observed: bool = False
    findings: tuple[Finding, ...] = ()
    unasked: frozenset[str] = frozenset()

    @property
    def effective(self) -> Action:
        """What is carried out."""
        return Action.ALLOW if self.observed else self.action

    @property
    def shown(self) -> str:
        """What is said of it: "BLOCK", or "BLOCK (observed)"."""
        return f"{self.action.name} (observed)" if self.observed else self.action.name


def kind(before: Judged, after: Judged) -> Kind | None:
    """Return what changes, or None."""
    if after.effective > before.effective:
        return _STRICTER[after.effective]
    if after.effective < before.effective:
        if after.observed:
            return "observed"
        return "freed" if after.effective is Action.ALLOW else "softened"
    return None if before.shown == after.shown else "observed"


@dataclass(frozen=True, slots=True)
class Example:
    """One request that would be treated otherwise."""

    reference: str
    at: datetime | None
    channel: str
    before: str
    after: str
    samples: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON types."""
        return {
            "reference": self.reference,
            "at": self.at.isoformat() if self.at else None,
            "channel": self.channel,
            "before": self.before,
            "after": self.after,
            "samples": list(self.samples),
        }


@dataclass(slots=True)
class Change:
    """What changes by one rule: requests by kind, channel and department, and who sent them."""

    kinds: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    senders: set[bytes] = field(default_factory=set)
    examples: list[Example] = field(default_factory=list)

    def __iadd__(self, other: "Change") -> Self:
        self.kinds += other.kinds
        self.channels += other.channels
        self.groups += other.groups
        self.senders |= other.senders
        self.examples = _newest([*self.examples, *other.examples])
        return self

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON types."""
        return {
            "kinds": {kind: self.kinds[kind] for kind in KINDS if self.kinds[kind]},
            "channels": dict(self.channels.most_common()),
            "departments": dict(self.groups.most_common()),
            "senders": len(self.senders),
            "examples": [example.to_json() for example in self.examples],
        }


@dataclass(slots=True)
class Tally:
    """What would change, over many requests.

    `found` counts the requests in which a rule finds something, by the rules in force and by the draft; `unasked` those
    about which a rule of the draft cannot be asked. `damaged` could not be read; `torn` are steps of uploads of which
    nothing is kept any more.
    """

    requests: int = 0
    first: datetime | None = None
    last: datetime | None = None
    ways: Counter[tuple[str, str]] = field(default_factory=Counter)  # (before, after), where they differ
    total: Change = field(default_factory=Change)
    rules: dict[str, Change] = field(default_factory=lambda: defaultdict(Change))
    found: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    unasked: Counter[str] = field(default_factory=Counter)
    damaged: int = 0
    torn: int = 0

    def add(
        self,
        before: Judged,
        after: Judged,
        *,
        reference: str,
        channel: str = "",
        at: datetime | None = None,
        groups: Sequence[str] = (),
        sender: bytes = b"",
    ) -> None:
        """Count one request."""
        self.requests += 1
        if at is not None:
            self.first = min(self.first or at, at)
            self.last = max(self.last or at, at)
        for side, judged in zip(self.found, (before, after), strict=True):
            side.update({finding.rule for finding in judged.findings})
        self.unasked.update(after.unasked)
        what = kind(before, after)
        if what is None:
            return
        self.ways[before.shown, after.shown] += 1
        differing = _differing(before.findings, after.findings)
        for name, change in [("", self.total), *((rule, self.rules[rule]) for rule in differing)]:
            change.kinds[what] += 1
            change.channels[channel] += 1
            change.groups.update(groups or ("",))
            change.senders.add(sender)
            if name:
                samples = tuple(dict.fromkeys(one.masked for one in differing[name]))[:SAMPLES]
                example = Example(reference, at, channel, before.shown, after.shown, samples)
                change.examples = _newest([*change.examples, example])

    def __iadd__(self, other: "Tally") -> Self:
        self.requests += other.requests
        self.first = min(filter(None, (self.first, other.first)), default=None)
        self.last = max(filter(None, (self.last, other.last)), default=None)
        self.ways += other.ways
        self.total += other.total
        for rule, change in other.rules.items():
            self.rules[rule] += change
        for mine, theirs in zip(self.found, other.found, strict=True):
            mine.update(theirs)
        self.unasked += other.unasked
        self.damaged += other.damaged
        self.torn += other.torn
        return self

    def to_json(self) -> dict[str, Any]:
        """Return the report in plain JSON types, the rules that change most first."""
        rules = sorted(self.rules, key=lambda rule: (-self.rules[rule].kinds.total(), rule))
        return {
            "requests": self.requests,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "changed": self.total.kinds.total(),
            "ways": [{"before": way[0], "after": way[1], "requests": n} for way, n in self.ways.most_common()],
            "total": {name: value for name, value in self.total.to_json().items() if name != "examples"},
            "rules": [
                {"rule": rule, "found_before": self.found[0][rule], "found_after": self.found[1][rule]}
                | self.rules[rule].to_json()
                for rule in rules
            ],
            "unasked": [{"rule": rule, "requests": number} for rule, number in self.unasked.most_common()],
            "damaged": self.damaged,
            "torn": self.torn,
        }


def _differing(before: Iterable[Finding], after: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return by rule what one side has found and the other has not; all of it, where only the decisions differ."""
    sides = [{(one.rule, one.fingerprint, one.severity, one.draft): one for one in side} for side in (before, after)]
    changed = [one for key, one in (*sides[1].items(), *sides[0].items()) if (key in sides[0]) != (key in sides[1])]
    by_rule: dict[str, list[Finding]] = {}
    for finding in changed or _all(sides):
        by_rule.setdefault(finding.rule, []).append(finding)
    return by_rule


def _all(sides: Iterable[dict[Any, Finding]]) -> Iterator[Finding]:
    return iter({key: one for side in sides for key, one in side.items()}.values())


def _newest(examples: list[Example]) -> list[Example]:
    if len(examples) <= EXAMPLES:
        return examples
    return sorted(examples, key=lambda one: (one.at.timestamp() if one.at else 0.0, one.reference), reverse=True)[
        :EXAMPLES
    ]
