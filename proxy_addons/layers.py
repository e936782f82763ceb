"""Decide what a connection carries before a byte of it goes on: TLS, HTTP, or something nobody can read.

In:    mitmproxy's `next_layer` hook, with the first bytes of each side.
Out:   mitmproxy's choice for what can be read, a blind relay for what is not DingTalk's, a closed door for the rest.
Never: a guess on too few bytes: a request cut into single bytes must not pass as "raw TCP".
"""

import re

from mitmproxy.addons.next_layer import NextLayer
from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy import commands, events, layer, layers
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.layers.quic import quic_parse_client_hello_from_datagrams

from cerco.runtime.gate import Gate
from proxy_addons.guard import fails_closed, judge_unread
from proxy_addons.wire import connection_names, connection_wire

# A request line begins with a method (RFC 9110, section 9.1: a token) and a space; clients may send empty lines first
# (RFC 9112, section 2.2). The longest registered method is 17 letters.
REQUEST_LINE = re.compile(rb"\A(?:\r?\n)*[A-Za-z]{3,20} ")
REQUEST_LINE_SO_FAR = re.compile(rb"\A(?:\r?\n)*\r?[A-Za-z]{0,20}\Z")
# DingTalk's LWS opens with type 1 (HelloRequest) in the top four bits of a 16-bit word whose lower twelve bits are the
# length, then two bits of version, as its public clients frame it.
LWS_HELLO = re.compile(rb"\A[\x10-\x1f].[\x00-\xff]{2}", re.DOTALL)
LWS_PORTS = frozenset({80, 443})


class Refused(layer.Layer):
    """A connection that is closed on its client, cleanly, with nothing sent to its server."""

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, events.Start):
            yield commands.CloseConnection(self.context.client)


def refuse(nextlayer: layer.NextLayer) -> None:
    """Close the door."""
    nextlayer.layer = Refused(nextlayer.context)


class Layers(NextLayer):
    """mitmproxy's own choice of layers, fenced."""

    name = "nextlayer"  # by which mitmproxy looks for it

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    @fails_closed(refuse)
    async def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """Choose the next layer, or leave it open until there are enough bytes to choose."""
        context, sent = nextlayer.context, nextlayer.data_client()
        if isinstance(context.layers[-1], (modes.HttpProxy, modes.HttpUpstreamProxy)):
            super().next_layer(nextlayer)
        elif context.client.transport_protocol == "udp":
            await self._datagrams(nextlayer, sent)
        else:
            await self._stream(nextlayer, sent, nextlayer.data_server())

    async def _stream(self, nextlayer: layer.NextLayer, sent: bytes, received: bytes) -> None:
        context = nextlayer.context
        host = self.gate.covers(connection_names(context.client, context.server))
        if not received and (len(sent) < 4 or REQUEST_LINE_SO_FAR.match(sent)):
            return
        if starts_like_tls_record(sent) or (REQUEST_LINE.match(sent) and not received):
            super().next_layer(nextlayer)
            return
        port = context.server.address[1] if context.server.address else 0
        if host is None and port in LWS_PORTS and LWS_HELLO.match(sent) and _lws_length(sent):
            host = context.server.address[0] if context.server.address else "unknown"
            await self._opaque(nextlayer, host, "lws")
        elif host is None:
            nextlayer.layer = layers.TCPLayer(context, ignore=True)
        else:
            await self._opaque(nextlayer, host, "lws" if LWS_HELLO.match(sent) else "raw tcp")

    async def _datagrams(self, nextlayer: layer.NextLayer, sent: bytes) -> None:
        """Refuse QUIC to DingTalk, so that the client falls back to TCP; relay every other datagram."""
        context = nextlayer.context
        if context.server.address and context.server.address[1] == 53:
            super().next_layer(nextlayer)
            return
        try:
            hello = quic_parse_client_hello_from_datagrams([sent])
        except ValueError:
            hello = None
        host = self.gate.covers([hello.sni if hello else None, *connection_names(context.client, context.server)])
        if host:
            await self._opaque(nextlayer, host, "quic" if hello else "udp")
        else:
            nextlayer.layer = layers.UDPLayer(context, ignore=True)

    async def _opaque(self, nextlayer: layer.NextLayer, host: str, protocol: str) -> None:
        """Record what cannot be read, and close the door unless the policy opens it."""
        context: Context = nextlayer.context
        refuse(nextlayer)
        port = context.server.address[1] if context.server.address else 0
        decision = await judge_unread(
            self.gate, connection_wire(context.client, host, port), protocol, f"opaque.{protocol.replace(' ', '-')}"
        )
        if decision.forwards:
            relay = layers.TCPLayer if context.client.transport_protocol == "tcp" else layers.UDPLayer
            nextlayer.layer = relay(context, ignore=True)


def _lws_length(sent: bytes) -> bool:
    """Tell whether the twelve length bits fit what was sent: chance alone would pass one stranger in 16."""
    return 4 <= (int.from_bytes(sent[:2]) & 0x0FFF) <= max(len(sent) + 64, 1500)
