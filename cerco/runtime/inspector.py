"""Carry one outbound through the pipeline: read, remember, scan, decide, record.

In:    a `Wire`, and later the `Reply` to it.
Out:   a `Decision`: what the gate is to do with it, already recorded.
Never: a decision to forward that is not complete and on record. Any fault is an exception; the guard refuses.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cerco.decide.policy import decide
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.learn import learn, wants
from cerco.dingtalk.outbound import Actor, Destination, Key, Outbound, Reply, Role, Wire
from cerco.dingtalk.read import read
from cerco.dingtalk.tag import tag
from cerco.evidence.record import EvidenceRecord, new_reference
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Text, Unreadable, Why
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanners import ScannerPool, ScanReport
from cerco.runtime.telemetry import Telemetry
from cerco.scan.detector import Detector
from cerco.scan.finding import Finding
from cerco.state.ledger import Judgement, Ledger

FORWARD = frozenset({"allowed", "tagged", "observed"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate does with one outbound; `action` is "allowed", "tagged", "blocked" or "observed"."""

    action: str
    outbound: Outbound
    verdict: Verdict
    report: ScanReport  # of this request alone; the verdict also weighs what was known of the upload before
    reference: str | None = None  # None where nothing left and so nothing was recorded
    body: bytes | None = field(default=None, repr=False)  # the rewritten body of a TAG

    @property
    def forwards(self) -> bool:
        """Tell whether the request may go on to DingTalk."""
        return self.action in FORWARD


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
        key: bytes,
        enforce: bool,
        inline: int,
        body: int,
        refuse_cleartext: bool,
        clock: Callable[[], datetime],
    ) -> None:
        self.rulebook = rulebook
        self._pool = pool
        self._ledger = ledger
        self._evidence = evidence
        self._telemetry = telemetry
        self._detector = Detector(rulebook.rules, key)
        self._enforce = enforce
        self._inline = inline
        self._body = body
        self._refuse_cleartext = refuse_cleartext
        self._clock = clock

    async def inspect(self, wire: Wire, deadline: float) -> Decision:
        """Judge a request or frame within `deadline` seconds, and put the judgement on record.

        Raises:
            TimeoutError: it took longer. What is on record is then not this judgement.
            EvidenceError: the record could not be written.
            Exception: anything else that went wrong; the caller must refuse.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        outbound = await self._read(wire)
        with self._telemetry.inspection(channel=outbound.channel, operation=outbound.operation) as inspection:
            if not (outbound.parts or outbound.keys or outbound.malformed or self._cleartext(wire)):
                return Decision("allowed", outbound, Verdict(Action.ALLOW, (), (), ()), ScanReport((), (), 0))
            async with asyncio.timeout_at(started + deadline):
                with inspection.stage("ledger"):
                    earlier = await self._earlier(outbound)
                with inspection.stage("scan"):
                    report = await self._scan(outbound)
            with inspection.stage("decide"):
                verdict = self._decide(wire, outbound, report, earlier)
                labelled = any(judgement.label for judgement in earlier)
                action, body = self._carry_out(wire, outbound, verdict, labelled=labelled)
            if loop.time() - started > deadline:
                raise TimeoutError  # short text is scanned on this loop, where the timeout above cannot interrupt
            decision = Decision(action, outbound, verdict, report, new_reference(secrets.token_bytes(5)), body)
            with inspection.stage("record"):
                await asyncio.to_thread(self.record, wire, decision)
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
        """Link the keys that DingTalk handed out with what was decided about the request that asked for them."""
        if handed := learn(wire, reply):
            await asyncio.to_thread(self._remember, (*decision.outbound.keys, *handed), decision)

    async def _earlier(self, outbound: Outbound) -> Sequence[Judgement]:
        """Return what was judged before about the uploads this outbound speaks of."""
        if not outbound.keys:
            return ()
        return await asyncio.to_thread(self._ledger.judgements, outbound.keys, self._clock())

    def _cleartext(self, wire: Wire) -> bool:
        return self._refuse_cleartext and wire.scheme in {"http", "ws"}

    async def _read(self, wire: Wire) -> Outbound:
        """Read at once what is short; a large body would hold up everyone else's requests for seconds."""
        if len(wire.body) <= self._inline:
            return read(wire, self.rulebook.scope, limit=self._body)
        return await asyncio.to_thread(read, wire, self.rulebook.scope, limit=self._body)

    async def _scan(self, outbound: Outbound) -> ScanReport:
        """Scan message text at once where it is short, everything else in a scanner process."""
        texts = tuple(
            Text(part.place, part.content, part.role) for part in outbound.parts if isinstance(part.content, str)
        )
        files = [part for part in outbound.parts if isinstance(part.content, bytes)]
        length = sum(len(text.content) for text in texts)
        jobs = [
            self._pool.scan_file(part.content, part.filename, part.place)
            for part in files
            if isinstance(part.content, bytes)
        ]
        if length > self._inline:
            jobs.append(self._pool.scan_texts(texts))
            reports = await asyncio.gather(*jobs)
        else:
            inline = ScanReport(self._detector.scan(texts), (), length)
            reports = [inline, *await asyncio.gather(*jobs)]
        malformed = tuple(Unreadable(place, Why.MALFORMED) for place in outbound.malformed)
        return ScanReport(
            _once(finding for report in reports for finding in report.findings),
            malformed + tuple(gap for report in reports for gap in report.coverage),
            sum(report.bytes_read for report in reports),
        )

    def _decide(self, wire: Wire, outbound: Outbound, report: ScanReport, earlier: Sequence[Judgement]) -> Verdict:
        """Decide on what is here together with what was known of the same upload before."""
        findings: dict[Finding, None] = dict.fromkeys(report.findings)
        coverage: dict[Unreadable, None] = dict.fromkeys(report.coverage)
        for judgement in earlier:
            findings.update(dict.fromkeys(judgement.findings))
            coverage.update(dict.fromkeys(judgement.coverage))
        if outbound.completes and not any(judgement.role == "bytes" for judgement in earlier):
            coverage[Unreadable("upload", Why.UNSEEN)] = None
        verdict = decide(self.rulebook.policy, outbound, tuple(findings), tuple(coverage))
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
        self, wire: Wire, outbound: Outbound, verdict: Verdict, *, labelled: bool
    ) -> tuple[str, bytes | None]:
        """Turn a verdict into what is done. JUSTIFY refuses: there is no way to ask yet."""
        if verdict.action is Action.ALLOW:
            return "allowed", None
        if not self._enforce or verdict.observed:
            return "observed", None
        if verdict.action is Action.TAG:
            if (body := tag(wire, outbound, verdict.label or "")) is not None:
                return "tagged", body
            # An upload's bytes and its first announcement carry no label; the ledger brings the tag to the commit,
            # where DingTalk users see the name. A file that was labelled there is sent on as it is.
            waits = (bool(outbound.keys) or wants(wire)) and not outbound.completes
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
        named = any(part.role is Role.FILENAME for part in outbound.parts)
        if not keys or not (outbound.carries_file or named or not outbound.completes):
            return
        now = self._clock()
        if not outbound.completes or any(key.kind == "upload" for key in keys):
            self._ledger.link(keys, now)
        if outbound.carries_file or named:
            judgement = Judgement(
                reference=decision.reference or "",
                role="bytes" if outbound.carries_file else "name",
                # What the policy only tries out binds no later step.
                action=Action.ALLOW if decision.verdict.observed else decision.verdict.action,
                findings=decision.report.findings,
                coverage=decision.report.coverage,
                label=decision.verdict.label if decision.action == "tagged" else None,
            )
            self._ledger.mark(keys, judgement, now)


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


def unread(rulebook: Rulebook, wire: Wire, operation: str) -> Outbound:
    """Return what can be said of traffic that is not read: its ends, its channel and why we look at it."""
    scope = rulebook.scope
    destination = Destination(wire.host, scope.region(wire.host))
    return Outbound(Actor(wire.client), destination, scope.channel(wire.host), operation, ())
