"""Judge every WebSocket message to DingTalk before it goes.

In:    mitmproxy's `websocket_message` hook: whole messages, put together from their fragments.
Out:   the message sent on, sent on with a label, or dropped and answered with a frame of the same `mid`.
Never: a message kept after its verdict. `flow.kill()` lets the frame through, so frames are dropped instead.
"""

from mitmproxy import ctx
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy.layers.websocket import Fragmentizer

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


class Frames:
    """WebSocket messages in both directions."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def load(self, _: object) -> None:
        """Hold no more of a message than of a body; send a rewritten one whole: pieces would cut its characters."""
        Connection.longest = Fragmentizer.FRAGMENT_SIZE = self.gate.settings.limits.body

    @fails_closed(drop, lift)
    async def websocket_message(self, flow: HTTPFlow) -> None:
        """Judge a message from the client; messages to the client pass."""
        if flow.websocket is None:
            return
        message = flow.websocket.messages[-1]
        del flow.websocket.messages[:-1]  # mitmproxy would keep a day's chat in memory
        host = self.gate.covers(names(flow))
        if host is None or not message.from_client:
            lift(flow)
            return
        wire = frame_wire(flow, message, host)
        decision = await judge(self.gate, wire)
        if decision.forwards:
            if decision.body is not None:
                message.content = decision.body
            lift(flow)
        elif reply := refusal(self.gate, wire, decision).body:
            ctx.master.commands.call("inject.websocket", flow, True, reply, True)
