"""Everything that stands behind the addons: opened once, asked for every request, closed once.

In:    `Settings`.
Out:   `Gate.judge(wire) -> Decision`, and what the addons need to know to ask it.
Never: a judgement without rules. Until the inspector stands, and after it falls, every answer is an exception.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Reply, Wire
from cerco.dingtalk.scope import Scope
from cerco.evidence.record import new_reference
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Unreadable, Why
from cerco.runtime.decision import Decision, unread
from cerco.runtime.inspector import Inspector
from cerco.runtime.known import KnownAddresses, KnownStores, canonical
from cerco.runtime.reasons import Given, Reasons
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanners import ScanReport
from cerco.runtime.settings import Settings
from cerco.state.holding import Holding

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
        self.rulebook = rulebook
        self.known = KnownAddresses()
        self.stores = KnownStores()
        self.clock = clock
        self.transports: dict[str, str] = {}  # host -> TLS version it agreed to last
        self.inspector: Inspector | None = None
        self.evidence: EvidenceStore | None = None
        self.reasons: Reasons | None = None
        self.holding: Holding | None = None
        self.forms = secrets.token_bytes(32)  # key of the forms on the notice pages, the same in all workers once open

    @property
    def scope(self) -> Scope:
        """Return which hosts are DingTalk's, by the rules in force."""
        return self.rulebook.scope

    def install(self, rulebook: Rulebook, inspector: Inspector) -> None:
        """Put rules in force, for requests from here on; those under way keep the rules they began with."""
        self.rulebook, self.inspector = rulebook, inspector

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

    def serves(self, names: Iterable[str | None]) -> bool:
        """Tell whether one of the names is that of the notice pages."""
        own = self.settings.notice.host.lower().rstrip(".")
        return any(name.lower().rstrip(".") == own for name in names if name)

    def covers(self, names: Iterable[str | None]) -> str | None:
        """Return the first of the names that is DingTalk's, or None.

        Addresses that are known to be DingTalk's count only where nothing else names the destination: edges are shared,
        and whoever says that they go to another site is not read.
        """
        given, now = [name.lower().rstrip(".") for name in names if name], self.clock()
        for name in given:
            if self.scope.covers(name) or self.stores.region(name, now):
                return name
        if all(map(canonical, given)):
            return next((address for address in given if self.known.knows(address, now)), None)
        return None

    async def judge(
        self, wire: Wire, *, gaps: Sequence[Unreadable] = (), as_sent: bool = True, given: Given | None = None
    ) -> Decision:
        """Judge a request or frame within the deadline; `gaps`, `as_sent` and `given` as in `Inspector.inspect`.

        What takes longer by its nature has longer; see `Bounds.patience`.

        Raises:
            NotReadyError, TimeoutError, EvidenceError, or whatever went wrong: the caller must refuse.
        """
        deadline = self.settings.limits.deadline
        return await self._ready().inspect(wire, deadline, gaps=gaps, as_sent=as_sent, given=given)

    async def judge_unread(self, wire: Wire, what: str, operation: str) -> Decision:
        """Judge traffic to DingTalk that is not read at all; raises as `judge` does.

        Args:
            wire: as much of it as there is.
            what: names the unread thing for people: "lws", "body".
            operation: "opaque.…" for a protocol nobody can read, "oversize.…" for a body there is no room for.
        """
        why = Why.TOO_LARGE if operation.startswith("oversize.") else Why.OPAQUE_PROTOCOL
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


def _reference() -> str:
    return new_reference(secrets.token_bytes(5))
