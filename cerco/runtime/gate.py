"""Everything that stands behind the addons: opened once, asked for every request, closed once.

In:    `Settings`.
Out:   `Gate.judge(wire) -> Decision`, and what the addons need to know to ask it.
Never: a judgement without rules. Until the inspector stands, and after it falls, every answer is an exception.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Reply, Wire
from cerco.evidence.record import new_reference
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Limits, Unreadable, Why
from cerco.runtime.authority import derive, site_key
from cerco.runtime.gateway import resolve
from cerco.runtime.inspector import Decision, Inspector, unread
from cerco.runtime.known import KnownAddresses
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanners import ScannerPool, ScanReport
from cerco.runtime.settings import Settings
from cerco.runtime.telemetry import Telemetry
from cerco.state.ledger import Ledger
from cerco.state.spool import Spool

log = logging.getLogger("cerco")

# DNS answers for DingTalk's edges live for minutes.
RESOLVE_EVERY = 600.0  # seconds
RESOLVE_WITHIN = 10.0  # seconds; a resolver that takes longer is out of order


class NotReadyError(RuntimeError):
    """The gate holds no inspector: it is starting, or stopping."""


class Gate:
    """The assembled pipeline, and the state its addons share."""

    def __init__(self, settings: Settings, rulebook: Rulebook, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.scope = rulebook.scope
        self.rulebook = rulebook
        self.known = KnownAddresses()
        self.clock = clock
        self.transports: dict[str, str] = {}  # host -> TLS version it agreed to last
        self.inspector: Inspector | None = None
        self.evidence: EvidenceStore | None = None

    @property
    def observes(self) -> bool:
        """Tell whether this site only watches: it decides and records, and lets everything go."""
        return self.settings.enforcement == "observe"

    def learn_address(self, address: str) -> None:
        """Note that DingTalk answers at this IP address, for connections that name no host."""
        self.known.learn((address,), self.clock())

    @property
    def page(self) -> str:
        """Address of the notice pages, to which a reference is appended."""
        return f"http://{self.settings.notice.host}/"

    def covers(self, names: Iterable[str | None]) -> str | None:
        """Return the first of the names that is DingTalk's, or None. Addresses count where they are known."""
        now = self.clock()
        for name in names:
            if name and (self.scope.covers(name) or self.known.knows(name, now)):
                return name.lower().rstrip(".")
        return None

    async def judge(self, wire: Wire) -> Decision:
        """Judge a request or frame within the deadline.

        Raises:
            NotReadyError, TimeoutError, EvidenceError, or whatever went wrong: the caller must refuse.
        """
        inspector = self._ready()
        deadline = self.settings.limits.deadline
        started = asyncio.get_running_loop().time()
        async with asyncio.timeout(deadline):
            decision = await inspector.inspect(wire)
        if asyncio.get_running_loop().time() - started > deadline:
            raise TimeoutError  # text is scanned on this loop, where the timeout above cannot interrupt
        return decision

    async def judge_unread(self, wire: Wire, what: str, operation: str) -> Decision:
        """Judge traffic to DingTalk that is not read at all; raises as `judge` does.

        Args:
            wire: as much of it as there is.
            what: names the unread thing for people: "lws", "body".
            operation: "opaque.…" for a protocol nobody can read, "oversize.…" for a body over the limit.
        """
        why = Why.TOO_LARGE if operation.startswith("oversize.") else Why.OPAQUE_PROTOCOL
        async with asyncio.timeout(self.settings.limits.deadline):
            return await self._ready().inspect_unread(wire, operation, Unreadable(what, why))

    async def refuse_fault(self, wire: Wire, where: str, *, timed_out: bool, recorded: bool) -> Decision:
        """Return the decision on a request whose judging failed: a refusal, unless the site only observes.

        Args:
            wire: the request.
            where: type and line of the exception that stopped its judging.
            timed_out: it was not judged in time.
            recorded: whether to write it down, which raises EvidenceError where that is what failed.
        """
        gaps = (Unreadable("request", Why.TIMED_OUT),) if timed_out else ()
        verdict = Verdict(Action.BLOCK, (f"fault: {where}",), (), gaps)
        recorder = self.inspector if recorded else None
        decision = Decision(
            "observed" if self.observes else "blocked",
            unread(self.rulebook, wire, "fault"),
            verdict,
            ScanReport((), gaps, 0),
            _reference() if recorder else None,
        )
        if recorder:
            await asyncio.to_thread(recorder.record, wire, decision)
        return decision

    async def learn(self, wire: Wire, reply: Reply, decision: Decision) -> None:
        """Remember the keys DingTalk handed out; raises as `judge` does."""
        await self._ready().learn(wire, reply, decision)

    async def note_transport(self, wire: Wire, version: str) -> None:
        """Put on record that a host agreed to this TLS version, if that is news; raises as `judge` does."""
        if self.transports.get(wire.host) == version:
            return
        verdict = Verdict(Action.ALLOW, (f"transport: {version}",), (), ())
        wire = replace(wire, tls_server=version)
        decision = Decision(
            "allowed", unread(self.rulebook, wire, "transport"), verdict, ScanReport((), (), 0), _reference()
        )
        await asyncio.to_thread(self._ready().record, wire, decision)
        self.transports[wire.host] = version

    def _ready(self) -> Inspector:
        if self.inspector is None:
            raise NotReadyError
        return self.inspector


@contextlib.asynccontextmanager
async def open_gate(
    settings: Settings, rulebook: Rulebook, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[Gate]:
    """Open the stores, warm the scanners, and only then give the gate its inspector.

    Raises:
        OSError: keys or stores cannot be opened.
    """
    secret = site_key(settings.keys)
    fingerprint_key = derive(secret, "fingerprint")
    data = _folder(settings)
    telemetry = Telemetry(settings.telemetry.otlp_endpoint, settings.telemetry.otlp_headers)
    limits = settings.limits
    largest = limits.scanner_memory // 2  # a scanner process holds a file twice
    evidence = EvidenceStore(data / "evidence.db")
    ledger = Ledger(data / "ledger.db", derive(secret, "ledger"))
    keep = timedelta(hours=limits.spool_hours)
    spool = Spool(data / "spool", derive(secret, "spool"), most=limits.spool, each=largest, keep=keep)
    spool.sweep(clock())
    pool = ScannerPool(
        rulebook.rules,
        fingerprint_key,
        size=limits.scanners,
        deadline=limits.deadline * 0.8,  # a scan that is cut off still leaves time to decide and record
        memory=limits.scanner_memory,
        limits=Limits(),
    )
    gate = Gate(settings, rulebook, clock)
    watcher: asyncio.Task[None] | None = None
    try:
        await pool.start()
        gate.evidence = evidence
        gate.inspector = Inspector(
            rulebook,
            pool,
            ledger,
            evidence,
            telemetry,
            spool=spool,
            key=fingerprint_key,
            enforce=settings.enforcement == "enforce",
            inline=limits.inline,
            body=limits.body,
            file=largest,
            refuse_cleartext=settings.tls.cleartext == "refuse",
            clock=clock,
        )
        if any(mode.startswith(("transparent", "wireguard", "local")) for mode in settings.mode):
            watcher = asyncio.create_task(_watch_names(gate), name="resolve DingTalk names")
        yield gate
    finally:
        gate.inspector = None
        if watcher:
            watcher.cancel()
        await pool.close()
        spool.close()
        ledger.close()
        evidence.close()
        telemetry.shutdown()


def _folder(settings: Settings) -> Path:
    """Return the data folder, made readable to nobody else."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.data


def _reference() -> str:
    return new_reference(secrets.token_bytes(5))


async def _watch_names(gate: Gate) -> None:
    """Keep the addresses behind DingTalk's names known, for clients that send no name."""
    while True:
        found = await asyncio.to_thread(resolve, gate.scope.names, RESOLVE_WITHIN)
        gate.known.learn((address for addresses in found.values() for address in addresses), gate.clock())
        if not any(found.values()):
            log.warning("no DingTalk name resolves; connections without a server name cannot be told apart")
        await asyncio.sleep(RESOLVE_EVERY)
