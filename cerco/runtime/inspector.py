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
from functools import partial

from cerco.decide.notices import asks
from cerco.decide.policy import decide
from cerco.decide.suppress import NAMED, spare
from cerco.decide.verdict import Action, Verdict
from cerco.decide.when import Way
from cerco.dingtalk.held import Content, Held
from cerco.dingtalk.learn import learn, learn_regions, wants
from cerco.dingtalk.lwp_replies import forwarded, sent_messages
from cerco.dingtalk.outbound import Outbound, Part, Reply, Step, Wire
from cerco.dingtalk.pieces import find
from cerco.dingtalk.read import read
from cerco.dingtalk.tag import tag
from cerco.evidence.record import EvidenceRecord, new_reference
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Text, Unreadable, Why
from cerco.runtime.decision import Decision, unread
from cerco.runtime.known import KnownStores
from cerco.runtime.news import News
from cerco.runtime.reasons import Case, Given, Reasons, Weighed
from cerco.runtime.recall import Recall
from cerco.runtime.recording import Passage, Recorder, Watch, examine
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
# Named among the decisions of what passed for a reason, with the reference of the refusal that was answered.
JUSTIFIED = "justified"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one request may go, and what is done besides the policy."""

    enforce: bool  # carry verdicts out
    inline: int  # characters of message text that are scanned at once
    body: int  # bytes of a decoded body
    patience: float  # seconds for a body that is held on disk, and for an upload that is put together
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
        reasons: Reasons,
        evidence: EvidenceStore,
        telemetry: Telemetry,
        uploads: Uploads,
        talk: Talk,
        news: News,
        stores: KnownStores,
        bounds: Bounds,
        clock: Callable[[], datetime],
        recorder: Recorder | None = None,
    ) -> None:
        self.rulebook = rulebook
        self._detector = detector
        self._pool = pool
        self._recall = Recall(ledger, reasons, clock)
        self._reasons = reasons
        self._evidence = evidence
        self._telemetry = telemetry
        self._uploads = uploads
        self._talk = talk
        self._news = news
        self._stores = stores
        self._bounds = bounds
        self._clock = clock
        self._recorder = recorder

    async def inspect(
        self,
        wire: Wire,
        deadline: float,
        *,
        gaps: Sequence[Unreadable] = (),
        as_sent: bool = True,
        given: Given | None = None,
    ) -> Decision:
        """Judge a request or frame within `deadline` seconds, and put the judgement on record.

        Args:
            wire: what to judge.
            deadline: seconds; longer where `Bounds.patience` says so.
            gaps: what is known to be missing from it.
            as_sent: it goes out as it is here, so that a label can be put into it.
            given: the reason that came along.

        Raises:
            TimeoutError: it took longer. What is on record is then not this judgement.
            EvidenceError: the record could not be written.
            Exception: anything else that went wrong; the caller must refuse.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        outbound = await self._read(wire)
        deadline = max(deadline, self._bounds.patience if wire.held or _puts_together(outbound) else 0)
        with self._telemetry.inspection(channel=outbound.channel, operation=outbound.operation) as inspection:
            await self._news.note(wire, outbound, self._clock())
            if not (self._speaks(outbound) or gaps or self._cleartext(wire)):
                return Decision("allowed", outbound, Verdict(Action.ALLOW, (), (), ()), ScanReport((), (), 0))
            heard = await self._talk.hear(wire, outbound, self._clock())
            watch, forwards, weighed = self._watch(), False, None
            try:
                async with asyncio.timeout_at(started + deadline):
                    with inspection.stage("ledger"):
                        earlier = await self._recall.earlier(outbound)
                    with inspection.stage("scan"):
                        report, torn = await self._scan(outbound, watch)
                        joined = await self._uploads.join(outbound, self._clock())
                        split = self._talk.across(heard, report.findings, watch)
                        said = ScanReport(split.findings, (*split.coverage, *gaps), 0)
                        report = self._spared(report + joined.report + said)
                with inspection.stage("decide"):
                    verdict = self._decide(wire, outbound, report, earlier, joined)
                if loop.time() - started > deadline:
                    raise TimeoutError  # short text is scanned on this loop, where the timeout above cannot interrupt
                case = Case(outbound, verdict, report.findings, report.coverage, earlier, joined)
                weighed = await self._weigh(case, given)
                done = self._softened(verdict, weighed)
                action, body = await self._carry_out(wire, outbound, done, earlier, as_sent=as_sent)
                passes = done.action < Action.JUSTIFY and not joined.whole
                verdict = self._noted(verdict, weighed, torn if passes else ())
                reference = new_reference(secrets.token_bytes(5))
                decision = Decision(action, outbound, verdict, report, reference, body, joined)
                if weighed:
                    covers = weighed.taken and case.publishes
                    decision = replace(decision, freed=weighed.freed, covers=covers, flaw=weighed.flaw)
                with inspection.stage("record"):
                    await asyncio.to_thread(self.record, wire, decision)
                    if weighed and not weighed.passes:  # the parts of an upload stay: it may go on
                        await asyncio.to_thread(self._reasons.ask, reference, weighed, case, self._clock())
                    else:
                        await self._uploads.settle(outbound, joined, forwards=decision.forwards)
                self._keep(decision, watch, case.verdict.coverage, earlier, fixed=self._cleartext(wire))
                forwards = decision.forwards
            finally:
                if not forwards:
                    await self._talk.forget(heard)
                    if weighed and weighed.freed:
                        await self._reasons.undo(weighed)
            inspection.verdict(verdict)
            return decision

    async def inspect_unread(self, wire: Wire, operation: str, gap: Unreadable) -> Decision:
        """Judge traffic to DingTalk that is not read at all, by what it is and why it cannot be read."""
        outbound = unread(self.rulebook, wire, operation)
        with self._telemetry.inspection(channel=outbound.channel, operation=operation) as inspection:
            report = ScanReport((), (gap,), 0)
            verdict = decide(self.rulebook.policy, outbound, (), report.coverage, self._clock())
            if asks(verdict):  # there is nothing by which it would be known when it comes again
                verdict = replace(verdict, action=Action.BLOCK)
            action, _ = await self._carry_out(wire, outbound, verdict, (), as_sent=False)
            decision = Decision(action, outbound, verdict, report, new_reference(secrets.token_bytes(5)))
            await asyncio.to_thread(self.record, wire, decision)
            self._keep(decision, self._watch(), report.coverage, mute=True)
            inspection.verdict(verdict)
            return decision

    async def learn(self, wire: Wire, reply: Reply, decision: Decision) -> None:
        """Take note of an answer: keys handed out for the request's upload or message, what became of its parts."""
        self._stores.learn(learn_regions(wire, reply, self.rulebook.scope), self._clock())
        if handed := learn(wire, reply):
            keys = (*decision.outbound.keys, *handed)
            await asyncio.to_thread(self._recall.remember, keys, decision)
            await self._uploads.link(keys, self._clock())
        if messages := sent_messages(wire, reply):
            await asyncio.to_thread(self._recall.remember_messages, messages, decision)
        if decision.awaits:
            await self._uploads.answered(decision.outbound, reply)

    async def _read(self, wire: Wire) -> Outbound:
        """Read at once what is short; a large body would hold up everyone else's requests for seconds."""
        if wire.held is None and len(wire.body) <= self._bounds.inline:
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

    @staticmethod
    def _speaks(outbound: Outbound) -> bool:
        """Tell whether there is anything in an outbound to judge: content, an upload, or what cannot be read."""
        return bool(outbound.parts or outbound.keys or outbound.malformed or outbound.piece)

    def _cleartext(self, wire: Wire) -> bool:
        return self._bounds.refuse_cleartext and wire.scheme in {"http", "ws"}

    async def _scan(self, outbound: Outbound, watch: Watch | None) -> tuple[ScanReport, tuple[Unreadable, ...]]:
        """Scan message text at once where it is short, everything else in a scanner process.

        Return also what could not be read of a file that is only a part of one: half an archive is none.
        """
        texts = tuple(
            Text(part.place, part.content, part.role) for part in outbound.parts if isinstance(part.content, str)
        )
        files = await asyncio.gather(
            *(
                self._scan_file(outbound, part.content, part)
                for part in outbound.parts
                if not isinstance(part.content, str)
            )
        )
        length = sum(len(text.content) for text in texts)
        if length > self._bounds.inline:
            message = await self._pool.scan_texts(texts)
        else:
            examined = examine(self._detector, texts, watch)
            message = ScanReport(examined.findings, examined.coverage, length)
        if watch:
            watch.add(seen for report in (message, *files) for seen in report.seen)
        malformed = tuple(Unreadable(place, Why.MALFORMED) for place in outbound.malformed)
        gaps = tuple(gap for report in files for gap in report.coverage)
        torn = gaps if is_part(outbound) else ()
        report = ScanReport(
            _once(finding for report in (message, *files) for finding in report.findings),
            malformed + message.coverage + (() if torn else gaps),
            sum(report.bytes_read for report in (message, *files)),
        )
        return report, torn

    async def _scan_file(self, outbound: Outbound, content: Content, part: Part) -> ScanReport:
        if is_part(outbound) and isinstance(content, Held):
            content = await asyncio.to_thread(alone, outbound, content)
        else:
            content = alone(outbound, content)
        return await self._pool.scan_file(content, part.filename, part.place)

    def _decide(
        self, wire: Wire, outbound: Outbound, report: ScanReport, earlier: Sequence[Judgement], joined: Joined
    ) -> Verdict:
        """Decide on what is here together with what was known of the same upload before."""
        findings: dict[Finding, None] = dict.fromkeys(report.findings)
        coverage: dict[Unreadable, None] = dict.fromkeys(report.coverage)
        for judgement in earlier:
            findings.update(dict.fromkeys(self._left(judgement.findings)[0]))
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
        spared = tuple(f"{NAMED}: {one}" for one in report.spared)
        return replace(verdict, decisions=(*verdict.decisions, *spared)) if spared else verdict

    def _spared(self, report: ScanReport) -> ScanReport:
        """Return a report without the findings that the site has said are none."""
        left, spared = self._left(report.findings)
        return replace(report, findings=left, spared=spared)

    def _left(self, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
        now = self._clock().astimezone(self.rulebook.policy.zone)
        return spare(findings, self.rulebook.suppressions, now)

    async def _weigh(self, case: Case, given: Given | None) -> Weighed | None:
        """See whether a reason was given for what needs one; None where none is needed, or nothing is carried out."""
        verdict = case.verdict
        if verdict.action is not Action.JUSTIFY or verdict.observed or not self._bounds.enforce:
            return None
        return await self._reasons.weigh(self.rulebook.policy, case, self._clock(), given)

    def _softened(self, verdict: Verdict, weighed: Weighed | None) -> Verdict:
        """Return what is left to be done of a verdict once a reason was given: a label, if a decision wants one."""
        if weighed is None or not weighed.passes:
            return verdict
        if weighed.own is not None:
            return weighed.own
        policy = self.rulebook.policy
        asked = [one for one in policy.decisions if one.id in verdict.decisions and one.action is Action.TAG]
        tags = [one for one in asked if not one.observe]
        if not tags:
            return replace(verdict, action=Action.ALLOW)
        return replace(verdict, action=Action.TAG, label=tags[0].label or policy.label)

    def _noted(self, verdict: Verdict, weighed: Weighed | None, torn: tuple[Unreadable, ...]) -> Verdict:
        """Return a verdict as it goes on record.

        With what was not read of a part, the answers that free it, and what the search went without.
        """
        if weighed is not None and weighed.own is not None:
            verdict = weighed.own
        more: tuple[str, ...] = (PART_ALONE,) if torn else ()
        more += tuple(f"{JUSTIFIED}: {reference}" for reference in (weighed.freed if weighed else ()))
        return replace(
            verdict,
            coverage=(*verdict.coverage, *torn),
            decisions=(*verdict.decisions, *more),
            degraded=self._detector.degraded,
        )

    async def _carry_out(
        self, wire: Wire, outbound: Outbound, verdict: Verdict, earlier: Sequence[Judgement], *, as_sent: bool
    ) -> tuple[str, bytes | None]:
        """Turn a verdict into what is done. JUSTIFY refuses: what a reason was given for comes here softened."""
        if verdict.action is Action.ALLOW:
            return "allowed", None
        if not self._bounds.enforce or verdict.observed:
            return "observed", None
        if verdict.action is Action.TAG:
            label, endpoints = verdict.label or "", self.rulebook.endpoints
            put_in = partial(tag, wire, outbound, label, endpoints=endpoints)
            # A held body is read for it.
            body = None if not as_sent else await asyncio.to_thread(put_in) if wire.held else put_in()
            if body is not None:
                return "tagged", body
            # An upload's bytes and its first announcement carry no label; the ledger brings the tag to the commit,
            # where DingTalk users see the name. A file that was labelled there is sent on as it is.
            names_upload = bool(outbound.keys) or wants(wire)
            waits = names_upload and (outbound.piece is not None or not outbound.completes)
            labelled = any(judgement.label for judgement in earlier)
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
        self._recall.remember(outbound.keys, decision)

    def _watch(self) -> Watch | None:
        """Return what takes in what is seen of a request, where that is kept."""
        return Watch(self._detector) if self._recorder else None

    def _keep(
        self,
        decision: Decision,
        watch: Watch | None,
        coverage: Sequence[Unreadable],
        earlier: Sequence[Judgement] = (),
        *,
        fixed: bool = False,
        mute: bool = False,
    ) -> None:
        """Have what was seen kept, for other rules to be asked about; see `Passage`."""
        if self._recorder is None or watch is None:
            return
        now = self._clock()
        watch.add(decision.joined.report.seen)
        way = Way.of(decision.outbound, now.astimezone(self.rulebook.policy.zone))
        passage = Passage(
            decision.reference or "", now, way, decision.action, coverage, earlier, fixed=fixed, mute=mute
        )
        self._recorder.offer(passage, watch)


def _puts_together(outbound: Outbound) -> bool:
    """Tell whether a request may have a file read that is made of parts."""
    piece = outbound.piece
    return outbound.completes or (piece is not None and (piece.step is Step.FINISH or piece.offset is not None))


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
