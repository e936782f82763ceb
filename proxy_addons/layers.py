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
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.layers.quic import quic_parse_client_hello_from_datagrams

from cerco.runtime.gate import Gate
from proxy_addons.guard import fails_closed, judge_unread
from proxy_addons.wire import connection_names, connection_wire

# A request line is a method (RFC 9110, section 9.1: a token), a target and the version; servers skip empty lines before
# it (RFC 9112, section 2.2). Many take a tab for a space and stranger things for a target, but none a zero byte.
LINE_SO_FAR = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]*\r?(?:[ \t][^\0]*)?\Z")
REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t][^\0]*HTTP/[^\0]*\Z", re.IGNORECASE)
# Longer first lines than this are answered by HTTP's own limits.
LONGEST_LINE = 65_536
# DingTalk's LWS opens with two 16-bit words, as its public clients frame it: type 1 (HelloRequest) in the top four bits
# and the length below; then version and attributes in the high byte, and nothing in the low one.
LWS_HELLO = re.compile(rb"\A[\x10-\x1f]..\x00", re.DOTALL)
LWS_PORTS = frozenset({80, 443})
# MQTT opens with the same four bits and its own length, after which its name follows (MQTT 3.1.1, section 3.1).
MQTT_HELLO = re.compile(rb"\A\x10.{1,4}?\x00[\x04\x06]MQ", re.DOTALL)
# A QUIC client's first flight with post-quantum keys fills two datagrams; more than these hold no hello worth a wait.
HELLO_DATAGRAMS = 8
TLS_RECORD = b"\x16\x03"


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
            await self._datagrams(nextlayer)
        else:
            await self._stream(nextlayer, sent, nextlayer.data_server())

    async def _stream(self, nextlayer: layer.NextLayer, sent: bytes, received: bytes) -> None:
        context = nextlayer.context
        host = self.gate.covers(connection_names(context.client, context.server))
        is_request = False if received else is_http(sent)
        if is_request is None or (len(sent) < 4 and not received):
            return
        if starts_like_tls_record(sent) or (is_request and isinstance(context.layers[-1], modes.ReverseProxy)):
            super().next_layer(nextlayer)
            return
        if is_request:
            # mitmproxy would take a request for raw TCP if its first line came in two segments or after an empty one.
            nextlayer.layer = layers.HttpLayer(context, HTTPMode.transparent)
            return
        if sent.startswith(TLS_RECORD):
            refuse(nextlayer)  # a version no TLS client writes, in which mitmproxy cannot find the server's name
            return
        port = context.server.address[1] if context.server.address else 0
        if host is None and port in LWS_PORTS and _is_lws(sent):
            host = context.server.address[0] if context.server.address else "unknown"
            await self._opaque(nextlayer, host, "lws")
        elif host is None:
            nextlayer.layer = layers.TCPLayer(context, ignore=True)
        else:
            await self._opaque(nextlayer, host, "lws" if LWS_HELLO.match(sent) else "raw tcp")

    async def _datagrams(self, nextlayer: layer.NextLayer) -> None:
        """Refuse QUIC to DingTalk, so that the client falls back to TCP; relay every other datagram."""
        context = nextlayer.context
        if context.server.address and context.server.address[1] == 53:
            super().next_layer(nextlayer)
            return
        datagrams = [
            event.data
            for event in nextlayer.events
            if isinstance(event, events.DataReceived) and event.connection == context.client
        ]
        try:
            hello = quic_parse_client_hello_from_datagrams(datagrams)
        except ValueError:
            hello = None
        else:
            if hello is None and len(datagrams) < HELLO_DATAGRAMS:
                return
            if hello is None:
                refuse(nextlayer)
                return
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


def is_http(sent: bytes) -> bool | None:
    """Tell whether a client begins with an HTTP request line; None: too few bytes to tell."""
    line, end, _ = sent.lstrip(b"\r\n").partition(b"\n")
    if end:
        return REQUEST_LINE.match(line) is not None
    if LINE_SO_FAR.match(line) is None:
        return False
    return True if len(line) > LONGEST_LINE else None


def _is_lws(sent: bytes) -> bool:
    """Tell whether this opens LWS: its length bits must fit, too, or one stranger in 16 would be taken for it."""
    fits = 4 <= (int.from_bytes(sent[:2]) & 0x0FFF) <= max(len(sent) + 64, 1500)
    return fits and LWS_HELLO.match(sent) is not None and MQTT_HELLO.match(sent) is None
