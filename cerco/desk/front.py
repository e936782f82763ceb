"""The front desk: who gets to see which notice, and may answer it.

In:    a reference as somebody typed it, and the address it is asked from.
Out:   a `Notice`, or that there is none to show; what became of a reason that was given.
Never: a difference between a reference that does not exist and one that is somebody else's.
"""

import asyncio
from typing import Literal

from cerco.decide.notices import asks
from cerco.desk.ask_form import Asking
from cerco.desk.attempts import Attempts
from cerco.desk.layout import Site
from cerco.desk.notice_page import Notice
from cerco.desk.tokens import Tokens
from cerco.evidence.record import EvidenceRecord, read_reference
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate
from cerco.state.grants import Standing

type Nothing = Literal["missing", "crowded"]
"""There is no such notice for this address; or it has tried too many that there are not."""

_OVER = Standing("over")


class Front:
    """What the pages show, and whom. Calls raise OSError where a store cannot be read."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.tokens = Tokens(gate.forms)
        self._attempts = Attempts()

    @property
    def site(self) -> Site:
        """Return what the operator filled in for the pages."""
        chosen = self.gate.settings.notice
        return Site(chosen.company, chosen.contact, chosen.share, chosen.policy, chosen.retention)

    def secure(self, reference: str = "") -> str:
        """Return the address of a page over TLS."""
        return f"https://{self.gate.settings.notice.host}/{reference}"

    async def notice(self, typed: str, address: str, *, secure: bool) -> Notice | Nothing:
        """Return the notice for a reference, as the device at `address` may see it; `secure`: it asks over TLS."""
        now = self.gate.clock()
        if not self._attempts.allowed(address, now):
            return "crowded"
        reference = read_reference(typed)
        evidence = self.gate.evidence
        record = await asyncio.to_thread(evidence.find, reference) if evidence and reference else None
        if record is None or not self._may_read(record, address):
            self._attempts.missed(address, now)
            return "missing"
        return self._shown(record, await self._asking(record, address, secure=secure))

    async def answer(self, notice: Notice, address: str, reason: str, sentence: str) -> Asking | None:
        """Take a reason for a notice that was just shown; return how it is asked for then, None if it is not."""
        reasons = self.gate.reasons
        if notice.asking is None or reasons is None:
            return None
        justify, now = self.gate.rulebook.policy.justify, self.gate.clock()
        done = await reasons.answer(notice.reference, reason, sentence, justify=justify, address=address, now=now)
        asking = notice.asking
        if isinstance(done, str):
            return Asking(asking.standing, justify, asking.token, asking.secure, done, reason, sentence)
        return Asking(done or _OVER, justify)

    def of(self, decision: Decision, host: str) -> Notice:
        """Return the notice of a decision made just now, to be shown to its sender in place of what was asked for."""
        reference = decision.reference or "-"
        asking = None
        if asks(decision.verdict) and decision.action == "blocked":
            justify = self.gate.rulebook.policy.justify
            asking = Asking(Standing("waiting"), justify, secure=self.secure(reference))
        return Notice(
            reference,
            self.gate.clock(),
            decision.action,
            host,
            decision.verdict,
            self.site,
            {rule.id: rule for rule in self.gate.rulebook.rules},
            asking,
        )

    async def _asking(self, record: EvidenceRecord, address: str, *, secure: bool) -> Asking | None:
        reasons = self.gate.reasons
        if record.action != "blocked" or not asks(record.verdict) or reasons is None:
            return None
        now = self.gate.clock()
        standing = await reasons.standing(record.reference, now) or _OVER
        token = self.tokens.form(record.reference, address, now) if secure else None
        return Asking(standing, self.gate.rulebook.policy.justify, token, self.secure(record.reference))

    def _shown(self, record: EvidenceRecord, asking: Asking | None) -> Notice:
        rules = {rule.id: rule for rule in self.gate.rulebook.rules}
        at, host = record.at, record.destination.host
        return Notice(record.reference, at, record.action, host, record.verdict, self.site, rules, asking)

    def _may_read(self, record: EvidenceRecord, address: str) -> bool:
        return self.gate.settings.notice.readers == "anyone" or record.actor.address == address
