"""Make inspectors of rulebooks and of the site's keys and stores, which outlive them.

In:    `Settings`; then one rulebook after another.
Out:   an `Inspector` with its scanner processes warm.
Never: an inspector whose scanners work by other rules than its own.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cerco.evidence.justifications import Justifications
from cerco.evidence.store import EvidenceStore
from cerco.runtime.authority import derive, site_key
from cerco.runtime.inspector import Bounds, Inspector
from cerco.runtime.known import KnownStores
from cerco.runtime.news import News
from cerco.runtime.reasons import Reasons
from cerco.runtime.recording import Recorder
from cerco.runtime.relay import Relay, Scans
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanners import ROOM, ScannerPool
from cerco.runtime.settings import Settings
from cerco.runtime.shelf import new_detector
from cerco.runtime.talk import Talk
from cerco.runtime.telemetry import Telemetry
from cerco.runtime.uploads import Uploads
from cerco.scan.detector import Detector
from cerco.scan.names import load_names
from cerco.state.conversations import Conversations
from cerco.state.drift import Drift
from cerco.state.grants import Grants
from cerco.state.holding import Holding
from cerco.state.ledger import Ledger
from cerco.state.spool import Spool
from cerco.state.traffic import Traffic

TRAFFIC = "traffic.db"


class Assembly:
    """The site's keys and stores, opened once.

    Raises:
        AuthorityError, OSError: keys or stores cannot be opened.
    """

    def __init__(self, settings: Settings, stores: KnownStores, clock: Callable[[], datetime]) -> None:
        secret = site_key(settings.keys)
        limits = settings.limits
        data = _folder(settings.data)
        self._settings = settings
        self._stores = stores
        self._clock = clock
        self._fingerprint = derive(secret, "fingerprint")
        self._largest = max(1, min(limits.upload, limits.scanner_memory - ROOM))
        self._names = load_names("auto" if limits.names else "off")
        self._telemetry = Telemetry(settings.telemetry.otlp_endpoint, settings.telemetry.otlp_headers)
        self.evidence = EvidenceStore(data / "evidence.db")
        self._ledger = Ledger(data / "ledger.db", derive(secret, "ledger"))
        self._justifications = Justifications(data / "justifications.db", derive(secret, "justification"))
        self._grants = Grants(data / "grants.db", derive(secret, "grant"))
        self.reasons = Reasons(self._grants, self._justifications, derive(secret, "grant"))
        self.forms = derive(secret, "form")
        keep = timedelta(hours=limits.spool_hours)
        self._spool = Spool(data / "spool", derive(secret, "spool"), most=limits.spool, each=self._largest, keep=keep)
        self._spool.sweep(clock())
        self.holding = Holding(data / "held", limits.held)
        self._conversations = Conversations(
            data / "conversations.db",
            derive(secret, "conversation"),
            keep=timedelta(minutes=limits.conversation_minutes),
            window=limits.conversation_window,
        )
        self._drift = Drift(data / "drift.db", derive(secret, "drift"))
        self._traffic: Traffic | None = None
        self._recorder: Recorder | None = None
        if settings.recording.enabled:
            keep, most = timedelta(days=settings.recording.days), settings.recording.most
            self._traffic = Traffic(data / TRAFFIC, derive(secret, "traffic"), keep=keep, most=most)
            self._recorder = Recorder(self._traffic, derive(secret, "sender"), self._telemetry, clock)

    async def inspector(
        self, rulebook: Rulebook, before: tuple[Rulebook, Detector, Relay] | None = None
    ) -> tuple[Inspector, Detector, Relay]:
        """Return an inspector of these rules, with the detector and the scanner processes it uses.

        The caller closes the processes. Those of `before` are used again where the detect rules are the same, and do
        the work until others are warm where they are not: either way the inspector can be put in force at once.

        Raises:
            ScannerError: no scanner process can be started, and there are none from before.
        """
        if before is not None and before[0].rules == rulebook.rules:
            _, detector, relay = before
        else:
            # On the loop it would hold up every request for as long as it takes.
            detector = await asyncio.to_thread(new_detector, rulebook.rules, self._fingerprint, self._names)
            relay = Relay(rulebook.rules, self._pool(rulebook), before and before[2])
            await relay.start()
        return self._made(rulebook, detector, relay), detector, relay

    def _pool(self, rulebook: Rulebook) -> ScannerPool:
        limits = self._settings.limits
        return ScannerPool(
            rulebook.rules,
            self._fingerprint,
            size=limits.scanners,
            deadline=limits.deadline * 0.8,  # a scan that is cut off still leaves time to decide and record
            patience=limits.longest * 0.8,
            memory=limits.scanner_memory,
            limits=limits.reading,
            names=limits.names,
            meters=self._telemetry.pool,
            record=self._recorder is not None,
        )

    def _made(self, rulebook: Rulebook, detector: Detector, pool: Scans) -> Inspector:
        limits = self._settings.limits
        return Inspector(
            rulebook,
            detector=detector,
            pool=pool,
            ledger=self._ledger,
            reasons=self.reasons,
            evidence=self.evidence,
            telemetry=self._telemetry,
            uploads=Uploads(self._spool, pool, self.holding, limit=self._largest, memory=limits.in_memory),
            talk=Talk(self._conversations, detector),
            news=News(rulebook, self._drift),
            stores=self._stores,
            bounds=Bounds(
                enforce=self._settings.enforcement == "enforce",
                inline=limits.inline,
                body=limits.body,
                patience=limits.longest,
                refuse_cleartext=self._settings.tls.cleartext == "refuse",
            ),
            clock=self._clock,
            recorder=self._recorder,
        )

    def note_rules(self, outcome: str) -> None:
        """Tell the operator's metrics what came of a change of the rules: "installed" or "refused"."""
        self._telemetry.rules(outcome)

    def close(self) -> None:
        """Close the stores; no inspector may be at work any more."""
        if self._recorder and self._traffic:
            self._recorder.close()
            self._traffic.close()
        working = (self._spool, self._conversations, self._drift, self._ledger, self._grants)
        for store in (*working, self._justifications, self.evidence):
            store.close()
        self._telemetry.shutdown()


def _folder(path: Path) -> Path:
    """Return the data folder, made readable to nobody else."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
