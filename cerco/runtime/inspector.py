"""Carry one outbound through the pipeline: read, remember, scan, decide, record.

In:    a `Wire`, and later the `Reply` to it.
Out:   a `Decision`: what the gate is to do with it, already recorded.
Never: a decision to forward that is not complete and on record. Any fault is an exception; the guard refuses.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cerco.decide.policy import decide
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.learn import learn
from cerco.dingtalk.outbound import Actor, Destination, Key, Outbound, Reply, Role, Step, Wire
from cerco.dingtalk.pieces import find
from cerco.dingtalk.read import read
from cerco.dingtalk.tag import tag
from cerco.evidence.record import EvidenceRecord, new_reference
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Text, Unreadable, Why
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanners import ScannerPool, ScanReport
from cerco.runtime.telemetry import Telemetry
from cerco.runtime.uploads import NOTHING, Joined, Uploads, alone, is_part
from cerco.scan.detector import Detector
from cerco.scan.finding import Finding
from cerco.state.ledger import Judgement, Ledger
from cerco.state.spool import Spool

FORWARD = frozenset({"allowed", "tagged", "observed"})

# Named among the decisions of a part of a file that passed: what could not be read of it is judged with the rest.
PART_ALONE = "part-alone"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate does with one outbound; `action` is "allowed", "tagged", "blocked" or "observed"."""

    action: str
    outbound: Outbound
    verdict: Verdict
    report: ScanReport  # of this request alone; the verdict also weighs what was known of the upload before
    reference: str | None = None  # None where nothing left and so nothing was recorded
    body: bytes | None = field(default=None, repr=False)  # the rewritten body of a TAG
    joined: Joined = NOTHING  # what the parts of an upload make together

    @property
    def forwards(self) -> bool:
        """Tell whether the request may go on to DingTalk."""
        return self.action in FORWARD

    @property
    def awaits(self) -> bool:
        """Tell whether the answer says what becomes of an upload's parts, so that it must be read."""
        piece = self.outbound.piece
        return bool(self.joined.uploads) or (piece is not None and piece.step in {Step.FINISH, Step.ABORT})


class Inspector:
    """One complete set of rules at work. Built whole, used whole, replaced whole."""

    def __init__(
        self,
        rulebook: Rulebook,
        pool: ScannerPool,
        ledger: Ledger,
        evidence: EvidenceStore,
        telemetry: Telemetry,
        *,
        spool: Spool,
        key: bytes,
        enforce: bool,
        inline: int,
        body: int,
        file: int,
        refuse_cleartext: bool,
        clock: Callable[[], datetime],
    ) -> None:
        self.rulebook = rulebook
        self._pool = pool
        self._ledger = ledger
        self._uploads = Uploads(spool, pool, limit=file)
        self._evidence = evidence
        self._telemetry = telemetry
        self._detector = Detector(rulebook.rules, key)
        self._enforce = enforce
        self._inline = inline
        self._body = body
        self._refuse_cleartext = refuse_cleartext
        self._clock = clock

    async def inspect(self, wire: Wire) -> Decision:
        """Judge a request or frame and put the judgement on record.

        Raises:
            EvidenceError: the record could not be written.
            Exception: anything else that went wrong; the caller must refuse.
        """
        outbound = await self._read(wire)
        with self._telemetry.inspection(channel=outbound.channel, operation=outbound.operation) as inspection:
            if not (outbound.parts or outbound.keys or outbound.malformed or outbound.piece or self._cleartext(wire)):
                return Decision("allowed", outbound, Verdict(Action.ALLOW, (), (), ()), ScanReport((), (), 0))
            with inspection.stage("ledger"):
                earlier = (
                    await asyncio.to_thread(self._ledger.judgements, outbound.keys, self._clock())
                    if outbound.keys
                    else ()
                )
            with inspection.stage("scan"):
                report, torn = await self._scan(outbound)
                joined = await self._uploads.join(outbound, self._clock())
                report = _together(report, joined.report)
            with inspection.stage("decide"):
                verdict = self._decide(wire, outbound, report, earlier, joined)
                labelled = any(judgement.label for judgement in earlier)
                action, body = self._carry_out(wire, outbound, verdict, labelled=labelled)
                if torn and verdict.action < Action.JUSTIFY and not joined.whole:
                    coverage, decisions = (*verdict.coverage, *torn), (*verdict.decisions, PART_ALONE)
                    verdict = replace(verdict, coverage=coverage, decisions=decisions)
            reference = new_reference(secrets.token_bytes(5))
            decision = Decision(action, outbound, verdict, report, reference, body, joined)
            with inspection.stage("record"):
                await asyncio.to_thread(self.record, wire, decision)
                await self._uploads.settle(outbound, joined, forwards=decision.forwards)
            inspection.verdict(verdict)
            return decision

    async def inspect_unread(self, wire: Wire, operation: str, gap: Unreadable) -> Decision:
        """Judge traffic to DingTalk that is not read at all, by what it is and why it cannot be read."""
        outbound = unread(self.rulebook, wire, operation)
        with self._telemetry.inspection(channel=outbound.channel, operation=operation) as inspection:
            report = ScanReport((), (gap,), 0)
            verdict = decide(self.rulebook.policy, outbound, (), report.coverage)
            action, _ = self._carry_out(wire, outbound, verdict, labelled=False)
            decision = Decision(action, outbound, verdict, report, new_reference(secrets.token_bytes(5)))
            await asyncio.to_thread(self.record, wire, decision)
            inspection.verdict(verdict)
            return decision

    async def learn(self, wire: Wire, reply: Reply, decision: Decision) -> None:
        """Take note of an answer: the keys it hands out for the request's upload, and what became of its parts."""
        if handed := learn(wire, reply):
            keys = (*decision.outbound.keys, *handed)
            await asyncio.to_thread(self._remember, keys, decision)
            await self._uploads.link(keys, self._clock())
        if decision.awaits:
            await self._uploads.answered(decision.outbound, reply)

    async def _read(self, wire: Wire) -> Outbound:
        """Read at once what is short; a large body would hold up everyone else's requests for seconds."""
        if len(wire.body) <= self._inline:
            return self._read_now(wire)
        return await asyncio.to_thread(self._read_now, wire)

    def _read_now(self, wire: Wire) -> Outbound:
        """Read a request, with the step it is of an upload in parts and the name of that upload among its keys."""
        outbound = read(wire, self.rulebook.scope, endpoints=self.rulebook.endpoints, limit=self._body)
        piece = find(wire, outbound)
        # Giving up an upload that was refused is not refused.
        named = piece is not None and not piece.broken and piece.step is not Step.ABORT
        keys = dict.fromkeys((*outbound.keys, piece.upload)) if piece and named else outbound.keys
        return replace(outbound, piece=piece, keys=tuple(keys))

    def _cleartext(self, wire: Wire) -> bool:
        return self._refuse_cleartext and wire.scheme in {"http", "ws"}

    async def _scan(self, outbound: Outbound) -> tuple[ScanReport, tuple[Unreadable, ...]]:
        """Scan message text at once where it is short, everything else in a scanner process.

        Return also what could not be read of a file that is only a part of one: half an archive is none.
        """
        texts = tuple(
            Text(part.place, part.content, part.role) for part in outbound.parts if isinstance(part.content, str)
        )
        length = sum(len(text.content) for text in texts)
        jobs = [
            self._pool.scan_file(alone(outbound, part.content), part.filename, part.place)
            for part in outbound.parts
            if isinstance(part.content, bytes)
        ]
        files = len(jobs)
        if length > self._inline:
            jobs.append(self._pool.scan_texts(texts))
            reports = await asyncio.gather(*jobs)
        else:
            inline = ScanReport(self._detector.scan(texts), (), length)
            reports = [*await asyncio.gather(*jobs), inline]
        torn = tuple(gap for report in reports[:files] for gap in report.coverage) if is_part(outbound) else ()
        malformed = tuple(Unreadable(place, Why.MALFORMED) for place in outbound.malformed)
        read = reports[files:] if torn else reports
        return ScanReport(
            tuple(finding for report in reports for finding in report.findings),
            malformed + tuple(gap for report in read for gap in report.coverage),
            sum(report.bytes_read for report in reports),
        ), torn

    def _decide(
        self, wire: Wire, outbound: Outbound, report: ScanReport, earlier: Sequence[Judgement], joined: Joined
    ) -> Verdict:
        """Decide on what is here together with what was known of the same upload before."""
        findings: dict[Finding, None] = dict.fromkeys(report.findings)
        coverage: dict[Unreadable, None] = dict.fromkeys(report.coverage)
        for judgement in earlier:
            findings.update(dict.fromkeys(judgement.findings))
            coverage.update(dict.fromkeys(judgement.coverage))
        publishes = outbound.completes or (outbound.piece is not None and outbound.piece.step is Step.FINISH)
        told = joined.whole or joined.report.coverage or any(judgement.role == "bytes" for judgement in earlier)
        if publishes and not told:
            coverage[Unreadable("upload", Why.UNSEEN)] = None
        verdict = decide(self.rulebook.policy, outbound, tuple(findings), tuple(coverage))
        strictest = max((judgement.action for judgement in earlier), default=Action.ALLOW)
        if strictest > verdict.action:
            # An upload once refused stays refused, even if the rules have softened since its bytes passed.
            label = verdict.label or self.rulebook.policy.label
            decisions = ("earlier-step", *verdict.decisions)
            verdict = replace(verdict, action=Action(strictest), decisions=decisions, label=label)
        if self._cleartext(wire):
            verdict = replace(verdict, action=Action.BLOCK, decisions=("cleartext", *verdict.decisions))
        return verdict

    def _carry_out(
        self, wire: Wire, outbound: Outbound, verdict: Verdict, *, labelled: bool
    ) -> tuple[str, bytes | None]:
        """Turn a verdict into what is done. JUSTIFY refuses: there is no way to ask yet."""
        if verdict.action is Action.ALLOW:
            return "allowed", None
        if not self._enforce or verdict.observed:
            return "observed", None
        if verdict.action is Action.TAG:
            if (body := tag(wire, outbound, verdict.label or "", endpoints=self.rulebook.endpoints)) is not None:
                return "tagged", body
            # An upload's bytes and its first announcement carry no label; the ledger brings the tag to the commit,
            # where DingTalk users see the name. A file that was labelled there is sent on as it is.
            waits = bool(outbound.keys) and (outbound.piece is not None or not outbound.completes)
            if waits or labelled or self.rulebook.policy.untaggable == "allow":
                return "allowed", None
        return "blocked", None

    def record(self, wire: Wire, decision: Decision) -> None:
        """Write the record and, for uploads, the ledger: both before anything goes. Blocks; run it in a thread."""
        outbound = decision.outbound
        self._evidence.append(
            EvidenceRecord(
                reference=decision.reference or "",
                at=self._clock(),
                actor=outbound.actor,
                destination=outbound.destination,
                channel=outbound.channel,
                operation=outbound.operation,
                verdict=decision.verdict,
                action=decision.action,
                ruleset=self.rulebook.version,
                parts=len(outbound.parts),
                bytes_read=decision.report.bytes_read,
                tls_client=wire.tls_client,
                tls_server=wire.tls_server,
            )
        )
        self._remember(outbound.keys, decision)

    def _remember(self, keys: Sequence[Key], decision: Decision) -> None:
        """Link the keys of one upload, and mark them with what its bytes or its name were judged to be.

        A message that merely mentions a media id leaves no mark, since its text says nothing about the file; and it
        links nothing, since it may mention several.
        """
        outbound = decision.outbound
        roles = _roles(decision)
        if not keys or not (roles or outbound.piece or not outbound.completes):
            return
        now = self._clock()
        if not outbound.completes or any(key.kind == "upload" for key in keys):
            self._ledger.link(keys, now)
        for role in roles:
            judgement = Judgement(
                reference=decision.reference or "",
                role=role,
                # What the policy only tries out binds no later step.
                action=Action.ALLOW if decision.verdict.observed else decision.verdict.action,
                findings=decision.report.findings,
                coverage=decision.report.coverage,
                label=decision.verdict.label if decision.action == "tagged" else None,
            )
            self._ledger.mark(keys, judgement, now)


def _roles(decision: Decision) -> tuple[str, ...]:
    """Say what a decision was about: the bytes of the upload, its name, or both.

    One part says nothing about the bytes, unless it was refused: then the upload is.
    """
    outbound = decision.outbound
    named = any(part.role is Role.FILENAME for part in outbound.parts)
    if outbound.piece is not None and outbound.piece.step is not Step.WHOLE:
        if decision.joined.whole:
            return ("bytes",)
        refused = decision.verdict.action >= Action.JUSTIFY and not decision.verdict.observed
        return ("part",) if refused else ()
    held = outbound.carries_file or decision.joined.whole
    return (*(("bytes",) if held else ()), *(("name",) if named and not outbound.carries_file else ()))


def _together(report: ScanReport, joined: ScanReport) -> ScanReport:
    return ScanReport(
        report.findings + joined.findings, report.coverage + joined.coverage, report.bytes_read + joined.bytes_read
    )


def unread(rulebook: Rulebook, wire: Wire, operation: str) -> Outbound:
    """Return what can be said of traffic that is not read: its ends, its channel and why we look at it."""
    scope = rulebook.scope
    destination = Destination(wire.host, scope.region(wire.host))
    return Outbound(Actor(wire.client), destination, scope.channel(wire.host), operation, ())
