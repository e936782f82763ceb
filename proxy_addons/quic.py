"""Meet QUIC that the gateway's firewall turns here: put it on record, and send the client back to TCP.

In:    datagrams to DingTalk's UDP port 443.
Out:   a record with the name the client asked for; a Version Negotiation packet that offers nothing it can use, on
       which clients fall back to TCP at once instead of waiting for a timeout.
Never: a datagram sent on; an answer larger than the question.
"""

import asyncio
import logging
import secrets
from datetime import datetime, timedelta

from mitmproxy.proxy.layers.quic import quic_parse_client_hello_from_datagrams

from cerco.dingtalk.outbound import Wire
from cerco.runtime.gate import Gate
from proxy_addons.guard import judge_unread

log = logging.getLogger("cerco")

LONG_HEADER = 0xC0  # RFC 9000, section 17.2: the two highest bits of a client's first packet
LONGEST_ID = 20  # bytes of a connection id, ibid.
SMALLEST_FIRST = 1200  # bytes of a client's first datagram, so that no answer is larger: ibid., section 14.1
NO_SUCH_VERSION = bytes.fromhex("1a2a3a4a")  # reserved so that nobody ever speaks it: RFC 9000, section 15
# Browsers try again with every request; one record a minute says as much as a hundred.
AGAIN = timedelta(minutes=1)
MOST = 10_000  # clients remembered


def answer(datagram: bytes) -> bytes | None:
    """Return the Version Negotiation packet (RFC 9000, section 17.2.1) for a client's first packet, else None."""
    if len(datagram) < SMALLEST_FIRST or datagram[0] & LONG_HEADER != LONG_HEADER or datagram[1:5] == bytes(4):
        return None
    destination, rest = datagram[6 : 6 + datagram[5]], datagram[6 + datagram[5] :]
    if not rest or len(destination) != datagram[5] or datagram[5] > LONGEST_ID:
        return None
    source = rest[1 : 1 + rest[0]]
    if len(source) != rest[0] or rest[0] > LONGEST_ID:
        return None
    first = bytes([0x80 | secrets.randbelow(0x80)])
    ids = bytes([len(source)]) + source + bytes([len(destination)]) + destination
    return first + bytes(4) + ids + NO_SUCH_VERSION


def asked_for(datagram: bytes) -> str | None:
    """Return the server name in a client's first packet, if it is in this datagram."""
    try:
        hello = quic_parse_client_hello_from_datagrams([datagram])
    except ValueError:
        return None
    return hello.sni if hello else None


class Quic:
    """The UDP side of a transparent gateway."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._endpoints: list[asyncio.DatagramTransport] = []
        self._seen: dict[tuple[str, str], datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def running(self) -> None:
        """Listen beside the transparent mode's TCP port."""
        settings = self.gate.settings
        if not settings.transparent or settings.gateway.quic == "off":
            return
        loop = asyncio.get_running_loop()
        for host in [settings.listen.host] if settings.listen.host else ["::", "0.0.0.0"]:  # noqa: S104 - as for TCP
            try:
                endpoint, _ = await loop.create_datagram_endpoint(
                    lambda: _Datagrams(self), local_addr=(host, settings.redirect_port)
                )
            except OSError:
                continue
            self._endpoints.append(endpoint)
            return  # "::" takes IPv4 as well, where the machine has IPv6
        log.warning(
            "QUIC cannot be recorded (UDP port %d is taken); it is rejected all the same", settings.redirect_port
        )

    def done(self) -> None:
        """Stop listening."""
        for endpoint in self._endpoints:
            endpoint.close()

    def met(self, address: str, datagram: bytes) -> None:
        """Put a client's first packet on record, once a minute for each client and name."""
        host, now = asked_for(datagram) or "unknown", self.gate.clock()
        last = self._seen.pop((address, host), None)
        self._seen[address, host] = now if last is None or now - last > AGAIN else last
        while len(self._seen) > MOST:
            self._seen.pop(next(iter(self._seen)))
        if self._seen[address, host] is now:
            wire = Wire(method="QUIC", scheme="udp", host=host, port=443, path="", headers=(), body=b"", client=address)
            task = asyncio.create_task(self._record(wire))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _record(self, wire: Wire) -> None:
        await judge_unread(self.gate, wire, "quic", "opaque.quic")


class _Datagrams(asyncio.DatagramProtocol):
    """One socket."""

    def __init__(self, quic: Quic) -> None:
        self._quic = quic
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.DatagramTransport):
            self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = answer(data)
        if reply and self._transport:
            self._transport.sendto(reply, addr)
            self._quic.met(addr[0].removeprefix("::ffff:"), data)
