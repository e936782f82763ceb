"""Carry one outbound through the pipeline: read, remember, scan, decide, record.

In:    a `Wire`, and later the `Reply` to it.
Out:   a `Decision`: what the gate is to do with it, already recorded.
Never: a decision to forward that is not complete and on record. Any fault is an exception; the guard refuses.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cerco.decide.policy import decide
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.learn import learn, learn_regions, wants
from cerco.dingtalk.lwp_replies import forwarded, sent_messages
from cerco.dingtalk.outbound import Key, Outbound, Reply, Step, Wire
from cerco.dingtalk.pieces import find
from cerco.dingtalk.read import read
from cerco.dingtalk.tag import tag
from cerco.evidence.record import EvidenceRecord, new_reference
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Text, Unreadable, Why
from cerco.runtime.decision import Decision, unread
from cerco.runtime.known import KnownStores
from cerco.runtime.news import News
from cerco.runtime.relay import Scans
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanners import ScanReport
from cerco.runtime.talk import Talk
from cerco.runtime.telemetry import Telemetry
from cerco.runtime.uploads import Joined, Uploads, alone, is_part
from cerco.scan.detector import Detector
from cerco.scan.finding import Finding
from cerco.state.ledger import Judgement, Ledger

# Named among the decisions of a part of a file that passed: what could not be read of it is judged with the rest.
PART_ALONE = "part-alone"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one request may go, and what is done besides the policy."""

    enforce: bool  # carry verdicts out
    inline: int  # characters of message text that are scanned at once
    body: int  # bytes of a decoded body
    refuse_cleartext: bool


class Inspector:
    """One complete set of rules at work. Built whole, used whole, replaced whole."""

    def __init__(
        self,
        rulebook: Rulebook,
        *,
        detector: Detector,
        pool: Scans,
        ledger: Ledger,
        evidence: EvidenceStore,
        telemetry: Telemetry,
        uploads: Uploads,
        talk: Talk,
        news: News,
        stores: KnownStores,
        bounds: Bounds,
        clock: Callable[[], datetime],
    ) -> None:
        self.rulebook = rulebook
        self._detector = detector
        self._pool = pool
        self._ledger = ledger
        self._evidence = evidence
        self._telemetry = telemetry
        self._uploads = uploads
        self._talk = talk
        self._news = news
        self._stores = stores
        self._bounds = bounds
        self._clock = clock

    async def inspect(
        self, wire: Wire, deadline: float, *, gaps: Sequence[Unreadable] = (), as_sent: bool = True
    ) -> Decision:
        """Judge a request or frame within `deadline` seconds, and put the judgement on record.

        Args:
            wire: what to judge.
            deadline: seconds.
            gaps: what is known to be missing from it.
            as_sent: it goes out as it is here, so that a label can be put into it.

        Raises:
            TimeoutError: it took longer. What is on record is then not this judgement.
            EvidenceError: the record could not be written.
            Exception: anything else that went wrong; the caller must refuse.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        outbound = await self._read(wire)
        with self._telemetry.inspection(channel=outbound.channel, operation=outbound.operation) as inspection:
            await self._news.note(wire, outbound, self._clock())
            if not (self._speaks(outbound) or gaps or self._cleartext(wire)):
                return Decision("allowed", outbound, Verdict(Action.ALLOW, (), (), ()), ScanReport((), (), 0))
            heard = await self._talk.hear(wire, outbound, self._clock())
            forwards = False
            try:
                async with asyncio.timeout_at(started + deadline):
                    with inspection.stage("ledger"):
                        earlier = await self._earlier(outbound)
                    with inspection.stage("scan"):
                        report, torn = await self._scan(outbound)
                        joined = await self._uploads.join(outbound, self._clock())
                        split = self._talk.across(heard, report.findings)
                        said = ScanReport(split.findings, (*split.coverage, *gaps), 0)
                        report = _together(_together(report, joined.report), said)
                with inspection.stage("decide"):
                    verdict = self._decide(wire, outbound, report, earlier, joined)
                    labelled = any(judgement.label for judgement in earlier)
                    action, body = self._carry_out(wire, outbound, verdict, labelled=labelled, as_sent=as_sent)
                    if torn and verdict.action < Action.JUSTIFY and not joined.whole:
                        coverage, decisions = (*verdict.coverage, *torn), (*verdict.decisions, PART_ALONE)
                        verdict = replace(verdict, coverage=coverage, decisions=decisions)
                if loop.time() - started > deadline:
                    raise TimeoutError  # short text is scanned on this loop, where the timeout above cannot interrupt
                reference = new_reference(secrets.token_bytes(5))
                decision = Decision(action, outbound, verdict, report, reference, body, joined)
                with inspection.stage("record"):
                    await asyncio.to_thread(self.record, wire, decision)
                    await self._uploads.settle(outbound, joined, forwards=decision.forwards)
                forwards = decision.forwards
            finally:
                if not forwards:
                    await self._talk.forget(heard)
            inspection.verdict(verdict)
            return decision

    async def inspect_unread(self, wire: Wire, operation: str, gap: Unreadable) -> Decision:
        """Judge traffic to DingTalk that is not read at all, by what it is and why it cannot be read."""
        outbound = unread(self.rulebook, wire, operation)
        with self._telemetry.inspection(channel=outbound.channel, operation=operation) as inspection:
            report = ScanReport((), (gap,), 0)
            verdict = decide(self.rulebook.policy, outbound, (), report.coverage, self._clock())
            action, _ = self._carry_out(wire, outbound, verdict, labelled=False, as_sent=False)
            decision = Decision(action, outbound, verdict, report, new_reference(secrets.token_bytes(5)))
            await asyncio.to_thread(self.record, wire, decision)
            inspection.verdict(verdict)
            return decision

    async def learn(self, wire: Wire, reply: Reply, decision: Decision) -> None:
        """Take note of an answer: keys handed out for the request's upload or message, what became of its parts."""
        self._stores.learn(learn_regions(wire, reply, self.rulebook.scope), self._clock())
        if handed := learn(wire, reply):
            keys = (*decision.outbound.keys, *handed)
            await asyncio.to_thread(self._remember, keys, decision)
            await self._uploads.link(keys, self._clock())
        if messages := sent_messages(wire, reply):
            await asyncio.to_thread(self._ledger.mark, messages, _judgement(decision, "message"), self._clock())
        if decision.awaits:
            await self._uploads.answered(decision.outbound, reply)

    async def _read(self, wire: Wire) -> Outbound:
        """Read at once what is short; a large body would hold up everyone else's requests for seconds."""
        if len(wire.body) <= self._bounds.inline:
            return self._taken(wire)
        return await asyncio.to_thread(self._taken, wire)

    def _taken(self, wire: Wire) -> Outbound:
        """Read a request, with the step it is of an upload in parts, and what it sends on, among its keys."""
        scope, endpoints, limit = self.rulebook.scope, self.rulebook.endpoints, self._bounds.body
        region = self._stores.region(wire.host, self._clock())
        regions = {wire.host: region} if region else {}
        outbound = read(wire, scope, endpoints=endpoints, regions=regions, limit=limit)
        piece = find(wire, outbound)
        # Giving up an upload that was refused is not refused.
        named = piece is not None and not piece.broken and piece.step is not Step.ABORT
        keys = dict.fromkeys((*outbound.keys, *forwarded(wire), *((piece.upload,) if piece and named else ())))
        return replace(outbound, piece=piece, keys=tuple(keys))

    async def _earlier(self, outbound: Outbound) -> Sequence[Judgement]:
        """Return what was judged before about the uploads and messages this outbound speaks of."""
        if not outbound.keys:
            return ()
        return await asyncio.to_thread(self._ledger.judgements, outbound.keys, self._clock())

    @staticmethod
    def _speaks(outbound: Outbound) -> bool:
        """Tell whether there is anything in an outbound to judge: content, an upload, or what cannot be read."""
        return bool(outbound.parts or outbound.keys or outbound.malformed or outbound.piece)

    def _cleartext(self, wire: Wire) -> bool:
        return self._bounds.refuse_cleartext and wire.scheme in {"http", "ws"}

    async def _scan(self, outbound: Outbound) -> tuple[ScanReport, tuple[Unreadable, ...]]:
        """Scan message text at once where it is short, everything else in a scanner process.

        Return also what could not be read of a file that is only a part of one: half an archive is none.
        """
        texts = tuple(
            Text(part.place, part.content, part.role) for part in outbound.parts if isinstance(part.content, str)
        )
        files = await asyncio.gather(
            *(
                self._pool.scan_file(alone(outbound, part.content), part.filename, part.place)
                for part in outbound.parts
                if isinstance(part.content, bytes)
            )
        )
        length = sum(len(text.content) for text in texts)
        if length > self._bounds.inline:
            message = await self._pool.scan_texts(texts)
        else:
            examined = self._detector.examine(texts)
            message = ScanReport(examined.findings, examined.coverage, length)
        malformed = tuple(Unreadable(place, Why.MALFORMED) for place in outbound.malformed)
        gaps = tuple(gap for report in files for gap in report.coverage)
        torn = gaps if is_part(outbound) else ()
        report = ScanReport(
            _once(finding for report in (message, *files) for finding in report.findings),
            malformed + message.coverage + (() if torn else gaps),
            sum(report.bytes_read for report in (message, *files)),
        )
        return report, torn

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
        verdict = decide(self.rulebook.policy, outbound, tuple(findings), tuple(coverage), self._clock())
        strictest = max((judgement.action for judgement in earlier), default=Action.ALLOW)
        if strictest > verdict.action:
            # An upload once refused stays refused, even if the rules have softened since its bytes passed.
            label = verdict.label or self.rulebook.policy.label
            decisions = ("earlier-step", *verdict.decisions)
            verdict = replace(verdict, action=Action(strictest), decisions=decisions, label=label, observed=False)
        if self._cleartext(wire):
            decisions = ("cleartext", *verdict.decisions)
            verdict = replace(verdict, action=Action.BLOCK, decisions=decisions, observed=False)
        return verdict

    def _carry_out(
        self, wire: Wire, outbound: Outbound, verdict: Verdict, *, labelled: bool, as_sent: bool
    ) -> tuple[str, bytes | None]:
        """Turn a verdict into what is done. JUSTIFY refuses: there is no way to ask yet."""
        if verdict.action is Action.ALLOW:
            return "allowed", None
        if not self._bounds.enforce or verdict.observed:
            return "observed", None
        if verdict.action is Action.TAG:
            label, endpoints = verdict.label or "", self.rulebook.endpoints
            if as_sent and (body := tag(wire, outbound, label, endpoints=endpoints)) is not None:
                return "tagged", body
            # An upload's bytes and its first announcement carry no label; the ledger brings the tag to the commit,
            # where DingTalk users see the name. A file that was labelled there is sent on as it is.
            names_upload = bool(outbound.keys) or wants(wire)
            waits = names_upload and (outbound.piece is not None or not outbound.completes)
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
        outbound, roles = decision.outbound, decision.roles
        keys = [key for key in keys if key.kind != "message"]  # what is sent on is not this request's to judge
        if not keys or not (roles or outbound.piece or not outbound.completes):
            return
        now = self._clock()
        if not outbound.completes or any(key.kind == "upload" for key in keys):
            self._ledger.link(keys, now)
        for role in roles:
            self._ledger.mark(keys, _judgement(decision, role), now)


def _judgement(decision: Decision, role: str) -> Judgement:
    """Return what later steps are to know; a message that is sent on is judged by all that was known of it."""
    verdict, report, outbound = decision.verdict, decision.report, decision.outbound
    return Judgement(
        reference=decision.reference or "",
        role=role,
        # What the policy only tries out binds no later step.
        action=Action.ALLOW if verdict.observed else verdict.action,
        findings=verdict.findings if role == "message" else report.findings,
        coverage=verdict.coverage if role == "message" else report.coverage,
        # A label in the announcement of an upload is seen by nobody; the one that counts is put on what publishes it.
        label=verdict.label if decision.action == "tagged" and (outbound.completes or outbound.carries_file) else None,
    )


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Drop what was found a second time in another reading of the same place: "text.content (heading)"."""
    kept = sorted(findings, key=lambda finding: len(finding.place))
    shown: dict[tuple[str, str, str], str] = {}
    for finding in kept:
        shown.setdefault((finding.rule, finding.fingerprint, finding.place.partition(" (")[0]), finding.place)
    return tuple(
        finding
        for finding in kept
        if shown[finding.rule, finding.fingerprint, finding.place.partition(" (")[0]] == finding.place
    )


def _together(one: ScanReport, other: ScanReport) -> ScanReport:
    return ScanReport(one.findings + other.findings, one.coverage + other.coverage, one.bytes_read + other.bytes_read)
