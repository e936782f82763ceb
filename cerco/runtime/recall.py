"""Carry what was judged of an upload or message from one request to the next.

In:    outbounds and decisions, and the keys DingTalk hands out.
Out:   what was judged before under an outbound's keys.
Never: a message's verdict taken for that of the files it mentions.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from cerco.decide.notices import asks
from cerco.decide.verdict import Action
from cerco.dingtalk.outbound import Key, Outbound
from cerco.runtime.decision import Decision
from cerco.runtime.reasons import Reasons
from cerco.state.ledger import Judgement, Ledger


class Recall:
    """The ledger, as requests use it. Raises LedgerError where it fails."""

    def __init__(self, ledger: Ledger, reasons: Reasons, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._reasons = reasons
        self._clock = clock

    async def earlier(self, outbound: Outbound) -> Sequence[Judgement]:
        """Return what was judged before about the uploads and messages this outbound speaks of."""
        if not outbound.keys:
            return ()
        return await asyncio.to_thread(self._ledger.judgements, outbound.keys, self._clock())

    def remember(self, keys: Sequence[Key], decision: Decision) -> None:
        """Link the keys of one upload, and mark them with what its bytes or its name were judged to be. Blocks.

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
        contents = self._reasons.contents(outbound, decision.joined) if roles else ()
        for role in roles:
            self._ledger.mark(keys, _judgement(decision, role, contents), now)

    def remember_messages(self, keys: Sequence[Key], decision: Decision) -> None:
        """Mark the ids of messages that were sent with what was known of them. Blocks."""
        contents = self._reasons.contents(decision.outbound, decision.joined)
        self._ledger.mark(keys, _judgement(decision, "message", contents), self._clock())


def _judgement(decision: Decision, role: str, contents: tuple[str, ...]) -> Judgement:
    """Return what later steps are to know; a message that is sent on is judged by all that was known of it."""
    verdict, report, outbound = decision.verdict, decision.report, decision.outbound
    sent_on = role == "message"
    # A message that is sent on, and a reason that is asked for or was given, are about all that is published.
    everything = sent_on or decision.covers or (decision.action == "blocked" and asks(verdict))
    seen = decision.action == "tagged" and (outbound.completes or outbound.carries_file)
    return Judgement(
        reference=decision.reference or "",
        role=role,
        # What the policy only tries out binds no later step.
        action=Action.ALLOW if verdict.observed else verdict.action,
        findings=verdict.findings if everything else report.findings,
        coverage=verdict.coverage if everything else report.coverage,
        # A label in the announcement of an upload is seen by nobody; the one that counts is put on what publishes it.
        label=verdict.label if seen else None,
        # A reason is given for one destination: whoever sends a message on is asked again.
        freed=None if sent_on else next(iter(decision.freed), None),
        contents=contents,
    )
