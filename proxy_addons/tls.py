"""Decrypt DingTalk's connections and no others; notice clients that refuse to be decrypted.

In:    mitmproxy's TLS hooks.
Out:   interception for DingTalk and the notice pages; everything else passes with its own certificate.
Never: a pass for a client because it refuses the gate's certificate: that would be the way around the gate.
"""

from mitmproxy.tls import ClientHelloData, TlsData

from cerco.runtime.gate import Gate
from proxy_addons.guard import fails_closed, judge_unread
from proxy_addons.wire import connection_names, connection_wire


def intercept(data: ClientHelloData) -> None:
    """Decrypt the connection, so that its requests are judged."""
    data.ignore_connection = False


def nothing(_: TlsData) -> None:
    """Leave a connection that is already dead as it is."""


class Tls:
    """Whose TLS is opened."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    @fails_closed(intercept)
    async def tls_clienthello(self, data: ClientHelloData) -> None:
        """Pass every connection that is not DingTalk's by name, address or tunnel destination."""
        context = data.context
        seen = [data.client_hello.sni, *connection_names(context.client, context.server)]
        host = self.gate.covers(seen)
        to_us = context.server.address is None  # a client that speaks TLS with its proxy
        data.ignore_connection = host is None and not to_us and not self.gate.serves(seen)

    @fails_closed(nothing)
    async def tls_established_server(self, data: TlsData) -> None:
        """Note where a DingTalk host stands and which TLS version it agreed to; a change of that is put on record.

        Only here is its certificate checked: what a client calls an address proves nothing.
        """
        host = self.gate.covers([data.conn.sni])
        if host and data.conn.peername:
            self.gate.learn_address(data.conn.peername[0])
        if host and data.conn.tls_version:
            await self.gate.note_transport(connection_wire(data.context.client, host, 443), data.conn.tls_version)

    @fails_closed(nothing)
    async def tls_failed_client(self, data: TlsData) -> None:
        """Record a client that would not accept the gate's certificate; it has sent nothing and sends nothing."""
        context = data.context
        host = self.gate.covers(connection_names(context.client, context.server))
        if host:
            port = context.server.address[1] if context.server.address else 443
            await judge_unread(
                self.gate, connection_wire(context.client, host, port), "tls without our certificate", "opaque.tls"
            )
