"""Hold bodies that are too large for memory on disk until their verdict, and send them on from there.

mitmproxy keeps a body in memory several times over, or sends it on before it has been read. This replaces the one
method of its HTTP stream that takes in bodies; at start it is checked to be the method this was written for. Small
bodies still go through it.

In:    a body, as it arrives.
Out:   a held body for the request's judges; after the verdict, its bytes, no faster than the server takes them.
Never: a byte to the server before the verdict, not even of the head; bytes that stay on disk once the request is over.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from mitmproxy import ctx
from mitmproxy.connection import ConnectionState
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http import HttpLayer, HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._hooks import HttpRequestHook, HttpResponseHeadersHook
from mitmproxy.proxy.layers.http._http2 import Http2Client

from cerco.dingtalk.held import CHUNK, Held
from cerco.runtime.gate import Gate
from cerco.state.holding import HeldFile, HoldingError
from proxy_addons.guard import fails_closed
from proxy_addons.oversize import NO_ROOM, known, turn_away
from proxy_addons.wire import held_body, hold_body, names, release_body

# SHA-256 of the source of HttpStream.state_consume_request_body in mitmproxy 12.2.
WRITTEN_FOR = "45459c1bbd8bdb1ac31251376aea71cfa58cb5dbd3a603d4e4e22b2891e663d7"
# Bytes that may wait in memory for an HTTP/2 server to give leave for them, and seconds between two looks at them.
WAITING = 4 * CHUNK
LOOK = 0.01
# Seconds within which a server must take a piece. Else it is not waited for: its body would stay on disk.
STALLED = 120.0

type Consume = Callable[[HttpStream, events.Event], layer.CommandGenerator[None]]


@dataclass(slots=True)
class Chunk:
    """The next piece of a held body on its way to the server; `data` is None where it cannot be had."""

    flow: HTTPFlow
    body: Held = field(repr=False)
    waiting: Callable[[], int] = field(repr=False)  # bytes that are in memory for the server
    at: int = 0
    data: bytes | None = field(default=None, repr=False)


def fail(chunk: Chunk) -> None:
    """Let a piece not be had: the request is broken off."""
    chunk.data = None


@dataclass
class NextChunkHook(commands.StartHook):
    """The server is to be sent another piece; addons read it once there is room for it."""

    chunk: Chunk


class Holding:
    """Bodies on disk."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def load(self, _: object) -> None:
        """Put the replacement in place.

        Raises:
            RuntimeError: this mitmproxy differs from the one it was written for.
        """
        original = getattr(HttpStream.state_consume_request_body, "replaces", HttpStream.state_consume_request_body)
        known(original, WRITTEN_FOR)
        HttpStream.state_consume_request_body = _held(self.gate, original)  # type: ignore[method-assign]

    @fails_closed(fail)
    async def next_chunk(self, chunk: Chunk) -> None:
        """Wait until what went before is on its way, and read what comes next."""
        async with asyncio.timeout(STALLED):
            await self._room(chunk)
        chunk.data = await asyncio.to_thread(chunk.body.read, chunk.at, CHUNK)
        chunk.at += len(chunk.data)

    async def _room(self, chunk: Chunk) -> None:
        client, server = chunk.flow.client_conn, chunk.flow.server_conn
        connection = ctx.master.addons.get("proxyserver").connections.get(client.id)
        if connection is not None:
            await connection.drain_writers()
        while chunk.waiting() > WAITING and server.connected and client.state is not ConnectionState.CLOSED:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(LOOK)

    def error(self, flow: HTTPFlow) -> None:
        """Let the body of a request go that came to nothing: its client went away half-way."""
        release_body(flow)


def _held(gate: Gate, original: Consume) -> Consume:
    """Return the replacement for `HttpStream.state_consume_request_body`."""
    most = gate.settings.limits.in_memory

    def state_consume_request_body(self: HttpStream, event: events.Event) -> layer.CommandGenerator[None]:
        body = held_body(self.flow)
        if isinstance(event, RequestData):
            large = len(self.request_body_buf) + len(event.data) > most
            if body is None and not (large and gate.covers(names(self.flow))):
                yield from original(self, event)
                return
            try:
                _take_in(gate, self, body, event.data)
            except HoldingError:
                yield from turn_away(self, NO_ROOM)
            else:
                yield from self.check_body_size(True)
        elif isinstance(event, RequestEndOfMessage) and body is not None:
            try:
                yield from _judged(self, body)
            finally:
                release_body(self.flow)
        else:
            yield from original(self, event)

    state_consume_request_body.replaces = original  # type: ignore[attr-defined]
    return state_consume_request_body


def _take_in(gate: Gate, stream: HttpStream, body: HeldFile | None, data: bytes) -> None:
    """Append to a held body; one that only now gets too large for memory moves to disk first."""
    if body is None:
        if gate.holding is None:
            raise HoldingError
        body = gate.holding.begin()
        hold_body(stream.flow, body)
        body.write(bytes(stream.request_body_buf))
        stream.request_body_buf.clear()
    body.write(data)


def _judged(self: HttpStream, body: HeldFile) -> layer.CommandGenerator[None]:
    """Have a request judged that is here whole; then answer it, or send it on. As mitmproxy does with others."""
    flow = self.flow
    flow.request.timestamp_end = time.time()
    flow.request.data.content = None  # it is not in memory; whoever takes this for its content has nothing
    self.client_state = self.state_done
    yield HttpRequestHook(flow)
    if (yield from self.check_killed(True)):
        return
    if flow.response:
        release_body(flow)
        flow.response.timestamp_start = time.time()
        yield HttpResponseHeadersHook(flow)
        if (yield from self.check_killed(True)):
            return
        yield from self.send_response()
    elif (yield from self.make_server_connection()):
        server = self.context.server
        yield SendHttp(RequestHeaders(self.stream_id, flow.request, end_stream=False), server)
        rewritten = flow.request.raw_content
        if rewritten is not None:
            yield SendHttp(RequestData(self.stream_id, rewritten), server)
        elif not (yield from _sent(self, body.held())):
            return
        yield SendHttp(RequestEndOfMessage(self.stream_id), server)


def _sent(self: HttpStream, body: Held) -> layer.CommandGenerator[bool]:
    """Send a held body piece by piece; tell whether all of it went."""
    server = self.context.server
    chunk = Chunk(self.flow, body, _waiting(self))
    while chunk.at < body.size:
        fail(chunk)  # unless an addon reads it
        yield NextChunkHook(chunk)
        if (yield from self.check_killed(True)):
            yield SendHttp(RequestProtocolError(self.stream_id, "client gone", ErrorCode.CLIENT_DISCONNECTED), server)
            return False
        if not server.connected:
            return False  # the news of that, and what the server may have answered before, are in the queue
        if chunk.data is None:
            yield SendHttp(RequestProtocolError(self.stream_id, "broken off", ErrorCode.CANCEL), server)
            fault = ResponseProtocolError(self.stream_id, "broken off", ErrorCode.GENERIC_SERVER_ERROR)
            yield from self.handle_protocol_error(fault)
            return False
        yield SendHttp(RequestData(self.stream_id, chunk.data), server)
    return True


def _waiting(stream: HttpStream) -> Callable[[], int]:
    """Return what counts the bytes that wait in memory until the server gives leave; HTTP/1 has no such thing."""
    above = stream.context.layers[stream.context.layers.index(stream) - 1]
    sender = above.connections.get(stream.context.server) if isinstance(above, HttpLayer) else None
    while sender is not None and not isinstance(sender, Http2Client):
        sender = getattr(sender, "child_layer", None)
    if sender is None:
        return lambda: 0
    queues = sender.h2_conn.stream_buffers
    return lambda: sum(len(piece.data) for queue in queues.values() for piece in queue)
