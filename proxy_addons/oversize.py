"""Refuse a request whose body is larger than the gate may hold, in its channel's own language.

mitmproxy's `body_size_limit` would cut downloads too, and answer with a page no SDK can read. This replaces the one
method of its HTTP stream that looks at body sizes; at start it is checked to be the method this was written for.

In:    a request head that announces too many bytes, or a body that has grown to too many.
Out:   the refusal; the rest of the body is read off the wire and thrown away.
Never: a limit on answers; a byte of the body sent on.
"""

import hashlib
import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass

from mitmproxy.http import HTTPFlow
from mitmproxy.net.http.http1 import expected_http_body_size
from mitmproxy.proxy import commands, layer
from mitmproxy.proxy.layers.http import HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import ResponseData, ResponseEndOfMessage, ResponseHeaders
from mitmproxy.proxy.layers.http._hooks import HttpRequestHeadersHook

from cerco.dingtalk.outbound import Channel
from cerco.runtime.gate import Gate
from proxy_addons.answers import response
from proxy_addons.guard import fails_closed, judge_unread
from proxy_addons.requests import refuse
from proxy_addons.wire import head_wire, held_body, names, release_body

log = logging.getLogger("cerco")

# SHA-256 of the source of HttpStream.check_body_size in mitmproxy 12.2.
WRITTEN_FOR = "236ca0a7b9fd4f69a1f75cf6026a5f9c827270f79a90335673e4721afd731a4a"
# What is on record as the operation of a body that was not taken in.
TOO_LARGE = "oversize.request"
NO_ROOM = "oversize.no-room"


type Check = Callable[[HttpStream, bool], layer.CommandGenerator[bool]]


@dataclass
class OversizeHook(commands.StartHook):
    """A request to DingTalk whose body is not taken in; addons set `flow.response`."""

    refused: "Refused"


@dataclass(frozen=True, slots=True)
class Refused:
    """A body that is not taken in, and the operation that says why."""

    flow: HTTPFlow
    operation: str


def _refuse(refused: Refused) -> None:
    refuse(refused.flow)


class Oversize:
    """The largest body the gate takes in."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def load(self, _: object) -> None:
        """Put the check in place.

        Raises:
            RuntimeError: this mitmproxy differs from the one the check was written for.
        """
        original = getattr(HttpStream.check_body_size, "replaces", HttpStream.check_body_size)
        known(original, WRITTEN_FOR)
        HttpStream.check_body_size = _measured(self.gate, original)  # type: ignore[method-assign, assignment]

    @fails_closed(_refuse)
    async def oversize(self, refused: Refused) -> None:
        """Judge a body nobody will read. The answer is a refusal whatever the policy says: the body is not here."""
        flow = refused.flow
        if refused.operation == NO_ROOM:
            log.warning("a large request was refused: its body could not be held on disk; see limits.held")
        host = self.gate.covers(names(flow)) or flow.request.pretty_host
        wire = head_wire(flow, host)
        flow.response = response(self.gate, wire, await judge_unread(self.gate, wire, "body", refused.operation))


def known(original: Callable[..., object], written_for: str) -> None:
    """Check that a method of mitmproxy's, about to be replaced, is the one its replacement was written for.

    Raises:
        RuntimeError: it is not.
    """
    if hashlib.sha256(inspect.getsource(original).encode()).hexdigest() != written_for:
        raise RuntimeError(
            "this version of mitmproxy takes in bodies in a way the gate does not know; install the pinned one"
        )


def turn_away(stream: HttpStream, operation: str) -> layer.CommandGenerator[None]:
    """Refuse a request whose body is not taken in, and throw away what follows of it."""
    release_body(stream.flow)
    stream.request_body_buf.clear()
    yield OversizeHook(Refused(stream.flow, operation))
    stream.client_state = stream.state_errored
    stream.server_state = stream.state_errored
    if refusal := stream.flow.response:
        yield SendHttp(ResponseHeaders(stream.stream_id, refusal, end_stream=False), stream.context.client)
        yield SendHttp(ResponseData(stream.stream_id, refusal.raw_content or b""), stream.context.client)
        yield SendHttp(ResponseEndOfMessage(stream.stream_id), stream.context.client)
    stream.flow.live = False


def _measured(gate: Gate, original: Check) -> Check:
    """Return the replacement for `HttpStream.check_body_size`."""
    limits = gate.settings.limits

    def check_body_size(self: HttpStream, request: bool) -> layer.CommandGenerator[bool]:
        if not request or self.flow.request.stream:
            return False
        held = held_body(self.flow)
        size = held.size if held else len(self.request_body_buf)
        early = size == 0
        if early:
            try:
                size = expected_http_body_size(self.flow.request) or 0
            except ValueError:
                return False  # a malformed Content-Length; mitmproxy refuses the request next
        if size <= min(limits.body, limits.in_memory) or (host := gate.covers(names(self.flow))) is None:
            return False
        if size > (limits.upload if _brings_files(gate, self.flow, host) else limits.body):
            operation = TOO_LARGE
        elif early and size > limits.in_memory and gate.holding is not None and size > gate.holding.free:
            operation = NO_ROOM
        else:
            return False
        if early:
            yield HttpRequestHeadersHook(self.flow)
        yield from turn_away(self, operation)
        return True

    check_body_size.replaces = original  # type: ignore[attr-defined]
    return check_body_size


def _brings_files(gate: Gate, flow: HTTPFlow, host: str) -> bool:
    """Tell whether a body may be one of those that bring files: an object for a store, or a form."""
    if flow.request.headers.get("Content-Type", "").lower().startswith("multipart/"):
        return True
    if gate.scope.covers(host):
        return gate.scope.channel(host) is Channel.OSS
    return gate.stores.region(host, gate.clock()) is not None
