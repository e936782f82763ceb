"""mitmproxy without sockets: its own layers and hooks, our addons, and bytes in place of connections.

In:    the bytes a client or an origin sends.
Out:   the bytes that reach an origin, and those that reach the client.
Never: TLS for real. What runs inside it starts at its decrypted bytes, with the names the handshake would have left.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, cast

from h2.config import H2Configuration
from h2.connection import H2Connection
from mitmproxy.addons import disable_h2c, proxyserver
from mitmproxy.connection import Client, ConnectionState, Server
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events, layer, server_hooks, tunnel
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.test import taddons, tflow, tutils
from wsproto.connection import Connection as WebSocket
from wsproto.connection import ConnectionType

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Destination, Outbound, Reply, Wire
from cerco.extract.text import Unreadable
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate
from cerco.runtime.inspector import Inspector
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.scanners import ScanReport
from cerco.runtime.settings import Settings, packaged_rules
from proxy_addons import gate_addons

NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
MARKER = "marker-8d1c"
SECRET = MARKER.encode()
REFERENCE = "C-7K3M-9QXT"
EDGE = "203.0.113.7"  # an address that is nobody's by name (RFC 5737)
HANDSHAKE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
SWITCHED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
)


@cache
def shipped() -> Rulebook:
    return load_rulebook(packaged_rules())


class Judge:
    """An inspector that blocks whatever holds the marker, and whatever nobody reads; it remembers what it was asked."""

    def __init__(self, judge: Callable[[Wire], str] | None = None) -> None:
        self.judge = judge or (lambda wire: "blocked" if MARKER in everything(wire) else "allowed")
        self.seen: list[Wire] = []
        self.unread: list[tuple[str, str]] = []  # operation, why
        self.hosts: list[str] = []  # of what was not read
        self.learned: list[Reply] = []
        self.records: list[Decision] = []
        self.body: bytes | None = None  # what a TAG rewrites a body to
        self.opens = "blocked"  # what becomes of traffic nobody reads
        self.fault: BaseException | None = None

    async def inspect(self, wire: Wire, _: float, **__: object) -> Decision:
        self.seen.append(wire)
        if self.fault:
            raise self.fault
        action = self.judge(wire)
        return decision(wire, action, body=self.body if action == "tagged" else None)

    async def inspect_unread(self, wire: Wire, operation: str, gap: Unreadable) -> Decision:
        self.unread.append((operation, str(gap.why)))
        self.hosts.append(wire.host)
        if self.fault:
            raise self.fault
        return decision(wire, self.opens, operation)

    async def learn(self, _: Wire, reply: Reply, __: Decision) -> None:
        if self.fault:
            raise self.fault
        self.learned.append(reply)

    def record(self, _: Wire, made: Decision) -> None:
        self.records.append(made)


def everything(wire: Wire) -> str:
    head = " ".join(f"{name} {value}" for name, value in wire.headers)
    return f"{wire.path} {head} {wire.body.decode('latin-1')}"


def decision(wire: Wire, action: str, operation: str = "robot.send", *, body: bytes | None = None) -> Decision:
    scope = shipped().scope
    outbound = Outbound(
        Actor(wire.client), Destination(wire.host, scope.region(wire.host)), scope.channel(wire.host), operation, ()
    )
    verdict = Verdict(Action.BLOCK if action == "blocked" else Action.ALLOW, ("identity-number",), (), ())
    return Decision(action, outbound, verdict, ScanReport((), (), 0), REFERENCE, body)


def make_gate(judge: Judge | None = None, **settings: Any) -> Gate:
    gate = Gate(Settings(**settings), shipped(), lambda: NOW)
    gate.inspector = cast("Inspector", judge or Judge())
    return gate


def flow(url: str = "https://oapi.dingtalk.com/robot/send", body: bytes = b"{}", **headers: str) -> HTTPFlow:
    """A request as the `request` hook sees it in regular mode; underscores in header names stand for hyphens."""
    made = tflow.tflow(req=tutils.treq())
    made.request.url = url
    made.request.method = "POST"
    made.request.headers.clear()
    made.request.headers["Host"] = made.request.host
    for name, value in headers.items():
        made.request.headers[name.replace("_", "-")] = value
    made.request.raw_content = body
    made.client_conn.sni = None
    made.server_conn = Server(address=(made.request.host, made.request.port))
    return made


def frame_flow(host: str, content: bytes, *, from_client: bool = True) -> HTTPFlow:
    """A WebSocket to a host with one message just received."""
    made = tflow.twebsocketflow()
    made.request.host = host
    made.server_conn = Server(address=(host, 443))
    made.client_conn.sni = host
    assert made.websocket
    message = made.websocket.messages[-1]
    message.content, message.from_client = content, from_client
    return made


def post(host: str, body: bytes = SECRET, *headers: str, path: str = "/robot/send", method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def connect(authority: str) -> bytes:
    return f"CONNECT {authority} HTTP/1.1\r\n\r\n".encode()


def h2_post(host: str, body: bytes, *headers: tuple[str, str], trailers: Sequence[tuple[str, str]] = ()) -> bytes:
    """The first flight of an HTTP/2 client; no content-length unless it is given."""
    client = H2Connection(H2Configuration(client_side=True, validate_outbound_headers=False))
    client.initiate_connection()
    head = [(":method", "POST"), (":scheme", "https"), (":authority", host), (":path", "/robot/send"), *headers]
    client.send_headers(1, head)
    client.send_data(1, body, end_stream=not trailers)
    if trailers:
        client.send_headers(1, list(trailers), end_stream=True)
    return client.data_to_send()


class Veneer(tunnel.TunnelLayer):
    """Stands for TLS towards an origin: the names are set, the bytes stay readable."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, tunnel_connection=context.server, conn=context.server)
        self.conn.tls = True


class Relay:
    """One client connection through mitmproxy, with every addon of the gate."""

    def __init__(
        self,
        gate: Gate,
        mode: str = "regular",
        *,
        address: tuple[str, int] | None = None,
        before: Sequence[object] = (),
        transport: Literal["tcp", "udp"] = "tcp",
        **options: Any,
    ) -> None:
        self.proxyserver = proxyserver.Proxyserver()
        self.tctx = taddons.context(self.proxyserver, disable_h2c.DisableH2C(), *before, *gate_addons(gate))
        self.tctx.options.update(connection_strategy="lazy", upstream_cert=False, **options)
        spec = ProxyMode.parse(mode)
        self.client = Client(
            peername=("10.0.0.8", 50000),
            sockname=("10.0.0.1", 8080),
            timestamp_start=0.0,
            state=ConnectionState.OPEN,
            proxy_mode=spec,
            transport_protocol=transport,
        )
        self.proxyserver.connections[self.client.id] = cast("Any", self)  # so that frames can be injected
        self.context = Context(self.client, self.tctx.options)
        self.context.server.address = address
        top: dict[str, Callable[[Context], layer.Layer]] = {
            "regular": modes.HttpProxy,
            "transparent": modes.TransparentProxy,
            "reverse": modes.ReverseProxy,
        }
        self.layer: layer.Layer = top[spec.type_name](self.context)
        self.sent: defaultdict[str, bytearray] = defaultdict(bytearray)  # "host:port" -> what it received
        self.told = bytearray()
        self.crashed = False
        self.servers: list[Server] = []
        self._started = False

    @property
    def received(self) -> bytes:
        """Everything any origin got."""
        return b"".join(bytes(data) for data in self.sent.values())

    @property
    def closed(self) -> bool:
        """Whether the client's connection was closed."""
        return self.client.state is ConnectionState.CLOSED

    async def send(self, *segments: bytes) -> None:
        """Let the client send segments, one after another."""
        if not self._started:
            self._started = True
            await self.server_event(events.Start())
        for segment in segments:
            if self.client.state & ConnectionState.CAN_READ:
                await self.server_event(events.DataReceived(self.client, segment))
        await asyncio.sleep(0)  # what was injected is sent by a task

    async def drain_writers(self) -> None:
        """Bytes in place of connections are taken at once."""

    async def hang_up(self) -> None:
        """Let the client go away."""
        self.client.state = ConnectionState.CLOSED
        await self.server_event(events.ConnectionClosed(self.client))

    async def answer(self, data: bytes, which: int = -1) -> None:
        """Let an origin send bytes."""
        await self.server_event(events.DataReceived(self.servers[which], data))

    async def server_event(self, event: events.Event) -> None:
        """Take an event through the layers, as mitmproxy's connection handler does."""
        waiting = deque([event])
        while waiting:
            try:
                pending = self._run(waiting.popleft(), waiting)
            except Exception:  # noqa: BLE001 - as in mitmproxy, the connection is dead from here on
                self.crashed = True
                return
            for command in pending:
                done = await self._complete(command)
                if done:
                    waiting.append(done)

    def _run(self, event: events.Event, waiting: deque[events.Event]) -> list[commands.Command]:
        pending: list[commands.Command] = []
        for command in self.layer.handle_event(event):
            match command:
                case commands.SendData(connection=to, data=data) if to is self.client:
                    self.told += data
                case commands.SendData(connection=Server(address=(host, port)), data=data):
                    self.sent[f"{host}:{port}"] += data
                case commands.CloseTcpConnection(connection=of, half_close=True):
                    of.state &= ~ConnectionState.CAN_WRITE
                case commands.CloseConnection(connection=of) if of.state is not ConnectionState.CLOSED:
                    of.state = ConnectionState.CLOSED
                    waiting.append(events.ConnectionClosed(of))
                case commands.OpenConnection() | commands.StartHook():
                    pending.append(command)
        return pending

    async def _complete(self, command: commands.Command) -> events.Event | None:
        addons = self.tctx.master.addons
        if isinstance(command, commands.StartHook):
            await addons.handle_lifecycle(command)
            return events.HookCompleted(command) if command.blocking else None
        assert isinstance(command, commands.OpenConnection)
        to = command.connection
        await addons.handle_lifecycle(
            server_hooks.ServerConnectHook(server_hooks.ServerConnectionHookData(client=self.client, server=to))
        )
        if to.error or to.address is None:
            return events.OpenConnectionCompleted(command, to.error or "no address")
        to.state, to.peername, to.timestamp_start = ConnectionState.OPEN, to.address, 1.0
        self.servers.append(to)
        return events.OpenConnectionCompleted(command, None)


class InsideTls(Relay):
    """A client whose TLS to an address was opened under a name: what it says within."""

    def __init__(self, gate: Gate, sni: str | None, alpn: bytes | None = b"http/1.1", **options: Any) -> None:
        super().__init__(gate, "transparent", address=(EDGE, 443), **options)
        self.client.tls = self.context.server.tls = True
        self.client.sni, self.client.alpn = sni, alpn
        self.context.layers.append(self.layer)
        self.layer = layer.NextLayer(self.context)


class Chat(InsideTls):
    """A WebSocket to a host, after its handshake."""

    def __init__(self, gate: Gate, host: str = "webalfa.dingtalk.com", extensions: Sequence[Any] = ()) -> None:
        super().__init__(gate, host)
        self.host = host
        self.peer = WebSocket(ConnectionType.CLIENT, list(extensions))
        self.origin = WebSocket(ConnectionType.SERVER, list(extensions))
        self._extended = bool(extensions)

    async def open(self) -> None:
        """Shake hands; afterwards `received` and `told` hold frames only."""
        lines = [f"GET /long HTTP/1.1\r\nHost: {self.host}", *HANDSHAKE]
        extension = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if self._extended else ""
        await self.send(("\r\n".join(lines) + "\r\n" + extension + "\r\n").encode())
        await self.answer(SWITCHED + extension.encode() + b"\r\n")
        assert self.told.startswith(b"HTTP/1.1 101"), bytes(self.told)
        self.sent.clear()
        self.told.clear()

    async def say(self, *frames: Any) -> None:
        """Let the client send WebSocket events."""
        await self.send(*(self.peer.send(frame) for frame in frames))
        for _ in range(3):
            await asyncio.sleep(0)

    def heard(self) -> list[Any]:
        """What the origin's WebSocket makes of the bytes it got."""
        self.origin.receive_data(self.received)
        self.sent.clear()
        return list(self.origin.events())

    def was_told(self) -> list[Any]:
        """What the client's WebSocket makes of the bytes it got."""
        self.peer.receive_data(bytes(self.told))
        self.told.clear()
        return list(self.peer.events())
