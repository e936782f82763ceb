"""Judge every WebSocket message to DingTalk before it goes.

In:    mitmproxy's `websocket_message` hook: whole messages, put together from their fragments.
Out:   the message sent on, sent on with a label, or dropped and answered with a frame of the same `mid`.
Never: a message kept after its verdict. `flow.kill()` lets the frame through, so frames are dropped instead.
"""

import secrets
from weakref import WeakKeyDictionary

from mitmproxy import ctx
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy.layers.websocket import Fragmentizer

from cerco.dingtalk.bundles import Bundles
from cerco.dingtalk.echo import Echoes
from cerco.dingtalk.lwp_replies import Waiting
from cerco.dingtalk.outbound import Wire
from cerco.extract.text import Unreadable, Why
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate
from proxy_addons.answers import refusal
from proxy_addons.guard import fails_closed, judge
from proxy_addons.heartbeats import Connection
from proxy_addons.wire import frame_wire, names


def drop(flow: HTTPFlow) -> None:
    """Keep the newest message from going on."""
    if flow.websocket:
        flow.websocket.messages[-1].drop()


def lift(flow: HTTPFlow) -> None:
    """Let the newest message go on."""
    if flow.websocket:
        flow.websocket.messages[-1].dropped = False


class Line:
    """What is known of one WebSocket from one message to the next."""

    def __init__(self) -> None:
        self.echoes = Echoes(secrets.token_bytes(32))
        self.bundles = Bundles()
        self.waiting = Waiting[Decision]()


class Frames:
    """WebSocket messages in both directions."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._lines: WeakKeyDictionary[HTTPFlow, Line] = WeakKeyDictionary()

    def load(self, _: object) -> None:
        """Hold no more of a message than of a body; send a rewritten one whole: pieces would cut its characters."""
        Connection.longest = Fragmentizer.FRAGMENT_SIZE = self.gate.settings.limits.body

    @fails_closed(drop, lift)
    async def websocket_message(self, flow: HTTPFlow) -> None:
        """Judge a message from the client; note what a message to the client says about earlier ones."""
        if flow.websocket is None:
            return
        message = flow.websocket.messages[-1]
        del flow.websocket.messages[:-1]  # mitmproxy would keep a day's chat in memory
        host = self.gate.covers(names(flow))
        if host is None:
            lift(flow)
            return
        line = self._lines.setdefault(flow, Line())
        if not message.from_client:
            if not message.injected:
                await self._hear(line, message.content)
            lift(flow)
            return
        wire = frame_wire(flow, message, host)
        decision = await self._judge(line, wire)
        if decision.forwards:
            line.waiting.sent(wire, decision)
            if decision.body is not None:
                message.content = decision.body
            lift(flow)
        elif reply := refusal(self.gate, wire, decision).body:
            ctx.master.commands.call("inject.websocket", flow, True, reply, True)

    async def _judge(self, line: Line, wire: Wire) -> Decision:
        """Judge a frame without what it merely hands back, and with the frames it is a bundle with."""
        told = line.echoes.strip(wire)
        bundled = line.bundles.take(told)
        if bundled is None:
            return await judge(self.gate, told, as_sent=told is wire)
        gaps = (Unreadable("frame", Why.TOO_LARGE),) if bundled.lost else ()
        return await judge(self.gate, bundled.wire, gaps=gaps, as_sent=bundled.wire is wire)

    async def _hear(self, line: Line, content: bytes) -> None:
        """Take in a message from DingTalk: what may be handed back, and the answer to something that was sent."""
        line.echoes.heard(content)
        if answered := line.waiting.answered(content):
            wire, reply, decision = answered
            await self.gate.learn(wire, reply, decision)
