"""Read a message together with what its sender said just before in the same conversation, card or sheet.

In:    a request or frame, its `Outbound`, and what was found in it alone.
Out:   what it brings about by going on from what was said before.
Never: a message that was refused remembered as said.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cerco.dingtalk.outbound import Outbound, Wire
from cerco.dingtalk.sequence import sequences
from cerco.runtime.recording import Watch, examine
from cerco.scan.detector import Detector, Examined
from cerco.scan.finding import Finding
from cerco.state.conversations import Conversations
from cerco.state.joined import Joined, across, joined


@dataclass(frozen=True, slots=True)
class Heard:
    """The ways to read a message as going on from earlier ones, and the names under which it is remembered itself."""

    joins: tuple[Joined, ...] = ()
    ids: tuple[int | None, ...] = ()


class Talk:
    """What goes on from message to message."""

    def __init__(self, conversations: Conversations, detector: Detector) -> None:
        self._conversations = conversations
        self._detector = detector

    async def hear(self, wire: Wire, outbound: Outbound, now: datetime) -> Heard:
        """Remember what this says, and return it together with what was said before.

        Raises:
            ConversationError: it cannot be remembered or recalled.
        """
        strands = sequences(wire, outbound)
        if not strands:
            return Heard()

        def exchange() -> Heard:
            said = [
                (strand, *self._conversations.exchange(strand.id, strand.text, now, anew=strand.anew))
                for strand in strands
            ]
            joins = tuple(join for strand, before, _ in said for join in joined(before, strand.text, strand.place))
            return Heard(joins, tuple(made for *_, made in said))

        return await asyncio.to_thread(exchange)

    def across(self, heard: Heard, alone: Sequence[Finding], watch: Watch | None = None) -> Examined:
        """Return what the message brings about only together with earlier ones."""
        begins = {join.text.place: join.at for join in heard.joins}
        examined = examine(self._detector, (join.text for join in heard.joins), watch, "joined", begins)
        return replace(examined, findings=across(examined.findings, heard.joins, alone))

    async def forget(self, heard: Heard) -> None:
        """Take back what was not sent."""
        if any(made is not None for made in heard.ids):
            await asyncio.to_thread(self._conversations.forget, heard.ids)
