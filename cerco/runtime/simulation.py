"""Ask other rules about requests of the last weeks: what would newly be stopped, labelled, asked about or let go?

In:    `Traffic`, the rules in force and a draft.
Out:   a `Tally` of what would change, which two processes' work adds up to.
Never: a request sent, recorded or judged anew; a value, an address or an account: samples are masked, senders counted.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from cerco.decide.policy import Policy, decide
from cerco.decide.suppress import spare
from cerco.decide.verdict import Action
from cerco.decide.when import Actors
from cerco.dingtalk.outbound import Actor, Channel, Destination, Key, Outbound
from cerco.extract.text import Unreadable, Why
from cerco.runtime.recording import Names
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.tally import Judged, Tally
from cerco.scan.finding import Finding
from cerco.scan.kept import Sought, Unit
from cerco.scan.replay import Replay, Replayed
from cerco.state.traffic import Row, Traffic

_STEPS = 20_000  # earlier steps of uploads that are remembered
_DEEPEST = 20  # steps of one upload that build on each other


@dataclass(frozen=True, slots=True)
class _Side:
    """What one set of rules makes of a request: by itself, and with what went before."""

    own: Replayed
    findings: tuple[Finding, ...]
    gaps: frozenset[Why]
    judged: Judged


_EMPTY = Replayed((), frozenset(), frozenset())


class Simulation:
    """Two sets of rules, ready to be asked about what was kept. Not safe to share between threads or processes.

    Args:
        traffic: what was kept.
        key: the key of the senders' pseudonyms.
        before: the rules in force.
        after: the draft.

    Raises:
        TrafficError: what was kept cannot be read.
    """

    def __init__(self, traffic: Traffic, key: bytes, before: Rulebook, after: Rulebook) -> None:
        self._traffic = traffic
        self._books = (before, after)
        self._rules = tuple({rule.id: rule for rule in book.rules} for book in self._books)
        self._same_rules = before.rules == after.rules
        names = Names(key)
        described = {name.hex(): json.loads(data) for name, data in traffic.actors().items()}
        self._policies = tuple(_pseudonymous(book.policy, names, described) for book in self._books)
        self._groups = _departments([before.policy, after.policy], names, described)
        self._soughts = {name: Sought.from_json(json.loads(data)) for name, data in traffic.soughts().items()}
        self._replays: dict[tuple[bytes, int], Replay] = {}
        self._step = lru_cache(_STEPS)(self._find)

    def run(self, first: int, last: int, since: datetime | None = None) -> Tally:
        """Return what would change among the requests from one number to another."""
        tally = Tally()
        for row in self._traffic.rows(first, last, since):
            try:
                kept = _Kept.read(row)
                before, after = self._judge(kept, tally)
            except ValueError:
                tally.damaged += 1
                continue
            tally.add(
                before.judged, after.judged, reference=row.reference, at=row.at, channel=kept.outbound.channel.value,
                groups=self._groups.get(row.actor.hex(), ()), sender=row.actor,
            )  # fmt: skip
        return tally

    def _judge(self, kept: "_Kept", tally: Tally | None, depth: int = 0) -> tuple[_Side, _Side]:
        """Return what either set of rules makes of a request."""
        asked = self._ask(kept)
        steps = []
        for reference, role in kept.earlier:
            step = self._step(reference, depth + 1) if depth < _DEEPEST else None
            if step is not None:
                steps.append((role, step))
            elif tally is not None:
                tally.torn += 1
        sides = []
        for number, replayed in enumerate(asked):
            own = self._spared(number, kept, replayed)
            findings = dict.fromkeys(own.findings)
            gaps = kept.gaps | own.gaps
            strictest = Action.ALLOW
            for role, step in steps:
                side = step[number]
                whole = role == "message" or (side.judged.action is Action.JUSTIFY and not side.judged.observed)
                findings.update(dict.fromkeys(side.findings if whole else side.own.findings))
                gaps |= side.gaps
                strictest = max(strictest, side.judged.effective)
            judged = self._decide(number, kept, tuple(findings), gaps, strictest)
            sides.append(_Side(own, tuple(findings), gaps, replace(judged, unasked=own.unasked)))
        return sides[0], sides[1]

    def _ask(self, kept: "_Kept") -> tuple[Replayed, Replayed]:
        if not kept.units:
            return _EMPTY, _EMPTY
        before = self._replay(kept.row.sought, 0).ask(kept.units)
        if self._same_rules:
            return before, before
        after = self._replay(kept.row.sought, 1).ask(kept.units)
        return self._completed(0, before, after), self._completed(1, after, before)

    def _spared(self, number: int, kept: "_Kept", own: Replayed) -> Replayed:
        book = self._books[number]
        if not book.suppressions:
            return own
        left, _ = spare(own.findings, book.suppressions, kept.row.at.astimezone(book.policy.zone))
        return replace(own, findings=left)

    def _completed(self, number: int, own: Replayed, other: Replayed) -> Replayed:
        """Return what rules say, those that cannot be asked as the other side has them.

        A rule to which a phrase was added would otherwise seem to find nothing any more.
        """
        borrowed = [one for one in other.findings if one.rule in own.unasked and one.rule not in other.unasked]
        if not borrowed:
            return own
        rules = self._rules[number]
        known = {(one.rule, one.fingerprint) for one in own.findings}
        more = [
            replace(one, severity=rules[one.rule].severity, draft=rules[one.rule].status == "draft")
            for one in borrowed
            if (one.rule, one.fingerprint) not in known
        ]
        return replace(own, findings=(*own.findings, *more))

    def _replay(self, sought: bytes, number: int) -> Replay:
        if (sought, number) not in self._replays:
            if sought not in self._soughts:
                raise ValueError("what was sought is not known")
            self._replays[sought, number] = Replay(self._books[number].rules, self._soughts[sought])
        return self._replays[sought, number]

    def _decide(
        self, number: int, kept: "_Kept", findings: Sequence[Finding], gaps: frozenset[Why], strictest: Action
    ) -> Judged:
        """Return what the policy says, as the gate has it: what was once refused stays refused."""
        if kept.fixed:
            return Judged(Action.BLOCK, findings=tuple(findings))
        if not findings and not gaps and strictest is Action.ALLOW:
            return Judged(Action.ALLOW)
        coverage = [Unreadable("", why) for why in sorted(gaps)]
        verdict = decide(self._policies[number], kept.outbound, findings, coverage, kept.row.at)
        action = Action.BLOCK if kept.mute and verdict.action is Action.JUSTIFY else verdict.action
        if strictest > action:
            return Judged(strictest, verdict.decisions, findings=tuple(findings))
        return Judged(action, verdict.decisions, observed=verdict.observed, findings=tuple(findings))

    def _find(self, reference: str, depth: int) -> tuple[_Side, _Side] | None:
        row = self._traffic.find(reference)
        return None if row is None else self._judge(_Kept.read(row), None, depth)


@dataclass(frozen=True, slots=True)
class _Kept:
    """One row, read."""

    row: Row
    outbound: Outbound
    units: Sequence[Unit]
    gaps: frozenset[Why]  # that no rule has to do with
    earlier: Sequence[tuple[str, str]]
    fixed: bool
    mute: bool

    @classmethod
    def read(cls, row: Row) -> "_Kept":
        """Read a row; raises ValueError where it is damaged."""
        try:
            data: Mapping[str, Any] = json.loads(row.data)
            units = [Unit.read(written) for written in data["units"]]
            of_rules = Counter(why for unit in units for why in unit.gaps)
            onward = (Key("message", ""),) if data["direction"] == "onward" else ()
            channel, destination = Channel(data["channel"]), Destination("", data["region"])
            return cls(
                row,
                Outbound(Actor("", row.actor.hex()), destination, channel, "", (), keys=onward),
                units,
                frozenset(Why(why) for why in Counter(data["coverage"]) - of_rules),
                [(reference, role) for reference, role in data["earlier"]],
                bool(data["fixed"]),
                bool(data["mute"]),
            )
        except (AttributeError, LookupError, TypeError):
            raise ValueError("not what is kept of a request") from None


def _pseudonymous(policy: Policy, names: Names, described: Mapping[str, Mapping[str, Any]]) -> Policy:
    """Return a policy whose groups of people hold pseudonyms, so that it can be asked about senders nobody knows."""
    groups: dict[str, Actors] = {}
    for name, group in policy.actors.items():
        members: Any = frozenset(_members(group, names, described))  # asked for every request: no tuple
        groups[name] = Actors.model_construct(networks=(), accounts=members)
    return policy.model_copy(update={"actors": groups})


def _members(group: Actors, names: Names, described: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    return (pseudonym for pseudonym, one in described.items() if names.has(group, one))


def _departments(
    policies: Sequence[Policy], names: Names, described: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[str, ...]]:
    """Return by pseudonym the groups of people that somebody is in, by either policy."""
    found: dict[str, dict[str, None]] = {}
    for policy in policies:
        for name, group in policy.actors.items():
            for pseudonym in _members(group, names, described):
                found.setdefault(pseudonym, {})[name] = None
    return {pseudonym: tuple(groups) for pseudonym, groups in found.items()}
