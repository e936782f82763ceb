"""Let pass what the policy wants a reason for, once, when its sender has given one.

In:    an outbound whose verdict is JUSTIFY, and what is known of its upload; reasons people give.
Out:   which refusal's answer frees it, or what is to be asked.
Never: anything freed that is to be blocked; anything freed that the reason was not given for.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from cerco.decide.justify import Answer, Flaw, Justify, answer
from cerco.decide.policy import Policy, decide
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Outbound, Step
from cerco.evidence.justifications import Justification, Justifications
from cerco.extract.text import Unreadable
from cerco.runtime.uploads import PLACE, Joined
from cerco.scan.finding import Finding
from cerco.state.claims import claim, contents, digest
from cerco.state.grants import Claim, Grants, Standing
from cerco.state.ledger import Judgement

# Roles of judgements on what was carried, as against what it was called; and of those on what an upload is made of.
_CARRIED = frozenset({"bytes", "message"})
_PARTS = frozenset({"bytes", "part"})


@dataclass(frozen=True, slots=True)
class Given:
    """A reason that comes with a request itself: for the refusal of the same request before."""

    reference: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Case:
    """An outbound that needs a reason, and what was known of its uploads and messages before."""

    outbound: Outbound
    verdict: Verdict
    findings: Sequence[Finding]  # of this request alone, parts put together included
    coverage: Sequence[Unreadable]
    earlier: Sequence[Judgement]
    joined: Joined

    @property
    def publishes(self) -> bool:
        """Tell whether people get to see what is sent, as against a step of an upload on the way there."""
        outbound, piece = self.outbound, self.outbound.piece
        uploads = any(key.kind != "message" for key in outbound.keys)
        return outbound.completes or not uploads or (piece is not None and piece.step is Step.FINISH)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of a case.

    `freed`: the refusals whose answers let it pass. `own`: what it is judged to be by itself, where that lets it pass:
    a step on the way is not held up by other parts' reasons. Where there is neither, a reason for `claim` is asked for.
    """

    claim: Claim
    freed: tuple[str, ...] = ()
    taken: bool = False  # an answer was used up for it, as against one given for earlier steps of its upload
    step: str | None = None  # which of the later steps those let pass
    own: Verdict | None = None
    flaw: str | None = None  # what is wrong with a reason that came along

    @property
    def passes(self) -> bool:
        """Tell whether it may go."""
        return bool(self.freed) or self.own is not None


class Reasons:
    """The reasons people give, and what passes for them. Every call raises OSError where a file fails."""

    def __init__(self, grants: Grants, justifications: Justifications, key: bytes) -> None:
        self._grants = grants
        self._justifications = justifications
        self._key = key

    async def standing(self, reference: str, now: datetime) -> Standing | None:
        """Return what became of a refusal that asked for a reason; None where none was asked for, or long ago."""
        return await asyncio.to_thread(self._grants.standing, reference, now)

    async def answer(
        self, reference: str, reason: str, sentence: str, *, justify: Justify, address: str, now: datetime
    ) -> Standing | Flaw | None:
        """Take a reason from a person at `address`; return how the refusal stands then, or what is wrong with it.

        None where nothing is asked under this reference. Who may answer is the caller's to know.
        """
        said = answer(justify, reason, sentence)
        if not isinstance(said, Answer):
            return said

        def write(until: datetime) -> None:
            self._justifications.append(Justification(reference, now, until, address, said.reason, said.sentence))

        def take() -> Standing | None:
            minutes, per_day = justify.minutes, justify.per_day
            return self._grants.answer(reference, minutes=minutes, per_day=per_day, now=now, record=write)

        return await asyncio.to_thread(take)

    async def weigh(self, policy: Policy, case: Case, now: datetime, given: Given | None = None) -> Weighed:
        """Free an outbound if a reason was given for it, or for the steps that went before; use that reason up."""
        return await asyncio.to_thread(self._weigh, policy, case, now, given)

    async def undo(self, weighed: Weighed) -> None:
        """Take back what was freed: it did not go after all."""
        await asyncio.to_thread(self._undo, weighed)

    def ask(self, reference: str, weighed: Weighed, case: Case, now: datetime) -> None:
        """Note that a refusal waits for a reason. Blocks.

        What was freed for earlier steps of the same upload is open again: nobody has got to see it.
        """
        for earlier in {judgement.freed for judgement in case.earlier if judgement.freed}:
            self._grants.reopen(earlier, weighed.claim)
        self._grants.ask(reference, weighed.claim, now)

    def contents(self, outbound: Outbound, joined: Joined) -> tuple[str, ...]:
        """Return digests of what an outbound carries, for the ledger. Blocks."""
        return contents(self._key, outbound, joined.digest)

    def _weigh(self, policy: Policy, case: Case, now: datetime, given: Given | None) -> Weighed:
        wanted = self._claim(case)
        if (own := _by_itself(policy, case, now)) is not None:
            return Weighed(wanted, own=own)
        step = case.outbound.operation if case.publishes else None
        for covering in self._coverings(policy, case, now):
            if self._follow(covering, step, wanted, now):
                return Weighed(wanted, covering, step=step)
        taken = self._grants.take(wanted, now)
        flaw = None
        if taken is None and given is not None:
            flaw = self._answer(policy.justify, given, case, wanted, now)
            taken = self._grants.take(wanted, now) if flaw is None else None
        return Weighed(wanted, (taken,) if taken else (), taken=taken is not None, flaw=flaw)

    def _claim(self, case: Case) -> Claim:
        """Return what a reason would be for: this step by itself, or all that it publishes."""
        went = [one for one in case.earlier if one.role == "message" or one.freed or one.action < Action.JUSTIFY]
        carried = [item for judgement in went if judgement.role in _CARRIED for item in judgement.contents]
        findings, coverage = case.findings, case.coverage
        if case.publishes:
            findings, coverage = case.verdict.findings, case.verdict.coverage
        contained = self.contents(case.outbound, case.joined)
        return claim(self._key, case.outbound, findings, coverage, carried=[*contained, *carried])

    def _answer(self, justify: Justify, given: Given, case: Case, wanted: Claim, now: datetime) -> str | None:
        """Take the reason that came with a request; return what is wrong with it, or None."""
        said = answer(justify, given.reason, given.sentence)
        if not isinstance(said, Answer):
            return said
        address = case.outbound.actor.address

        def write(until: datetime) -> None:
            self._justifications.append(Justification(given.reference, now, until, address, said.reason, said.sentence))

        minutes, per_day = justify.minutes, justify.per_day
        standing = self._grants.answer(
            given.reference, minutes=minutes, per_day=per_day, now=now, record=write, claim=wanted
        )
        if standing is None:
            return "unknown"
        return None if standing.state == "open" else standing.state

    def _coverings(self, policy: Policy, case: Case, now: datetime) -> Iterator[tuple[str, ...]]:
        """Yield refusals whose answers leave nothing to be asked: each by itself, the newest first, then all."""
        freed = [judgement for judgement in case.earlier if judgement.freed]
        references = tuple(dict.fromkeys(judgement.freed for judgement in freed if judgement.freed))
        for chosen in [*((one,) for one in references), *([references] if len(references) > 1 else [])]:
            covered = [judgement for judgement in freed if judgement.freed in chosen]
            if self._covers(policy, case, covered, now):
                yield chosen

    def _covers(self, policy: Policy, case: Case, freed: Sequence[Judgement], now: datetime) -> bool:
        """Tell whether what earlier steps were freed for is all that there is to ask about."""
        values = {(finding.rule, finding.fingerprint) for judgement in freed for finding in judgement.findings}
        gaps = {gap for judgement in freed for gap in judgement.coverage}
        own = _Own(self._key, case, {item for judgement in freed for item in judgement.contents})
        fresh = {finding for finding in case.findings if not own.same(finding.place)}
        unread = {gap for gap in case.coverage if not own.same(gap.place)}
        findings = [
            finding
            for finding in case.verdict.findings
            if finding in fresh or (finding.rule, finding.fingerprint) not in values
        ]
        coverage = [gap for gap in case.verdict.coverage if gap in unread or gap not in gaps]
        left = decide(policy, case.outbound, findings, coverage, now)
        others = [judgement for judgement in case.earlier if judgement not in freed]
        harder = any(
            judgement.action >= Action.JUSTIFY and not _within(judgement, values, gaps) for judgement in others
        )
        return not harder and not _asks(left)

    def _follow(self, references: Sequence[str], step: str | None, wanted: Claim, now: datetime) -> bool:
        """Use each answer for one more step, or none of them; a step on the way (None) uses nothing up."""
        used: list[str] = []
        for reference in references:
            if not self._grants.follow(reference, step, wanted, now):
                if step is not None:
                    self._undo_steps(used, step)
                return False
            used.append(reference)
        return True

    def _undo(self, weighed: Weighed) -> None:
        if weighed.step is not None:
            self._undo_steps(weighed.freed, weighed.step)
        elif weighed.taken:
            for reference in weighed.freed:
                self._grants.give_back(reference)

    def _undo_steps(self, references: Iterable[str], step: str) -> None:
        for reference in references:
            self._grants.give_back(reference, step)


class _Own:
    """Which places of a request hold just what was there when an earlier step was freed."""

    def __init__(self, key: bytes, case: Case, seen: set[str]) -> None:
        self._key = key
        self._case = case
        self._seen = seen
        self.same = cache(self._same)

    def _same(self, place: str) -> bool:
        """Tell whether what stands at a place was there before; parts put together were, each for itself."""
        if place == PLACE or place.startswith(f"{PLACE} "):
            return self._case.joined.whole
        parts = self._case.outbound.parts
        around = [part for part in parts if place == part.place or place.startswith(f"{part.place} ")]
        return bool(around) and all(digest(self._key, part) in self._seen for part in around)


def _by_itself(policy: Policy, case: Case, now: datetime) -> Verdict | None:
    """Return what a step on the way is judged to be by itself, if only what other parts hold needs a reason.

    What the upload is called is not another part: without a reason for its name, none of its bytes go.
    """
    if case.publishes or any(
        judgement.action >= Action.JUSTIFY and judgement.role not in _PARTS for judgement in case.earlier
    ):
        return None
    own = decide(policy, case.outbound, case.findings, case.coverage, now)
    return None if _asks(own) else own


def _asks(verdict: Verdict) -> bool:
    return verdict.action >= Action.JUSTIFY and not verdict.observed


def _within(judgement: Judgement, values: set[tuple[str, str]], gaps: set[Unreadable]) -> bool:
    """Tell whether an earlier refusal asked for a reason for nothing but what a reason was given for since."""
    known = all((finding.rule, finding.fingerprint) in values for finding in judgement.findings)
    about = bool(judgement.findings or judgement.coverage)
    return judgement.action <= Action.JUSTIFY and about and known and all(gap in gaps for gap in judgement.coverage)
