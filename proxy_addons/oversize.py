"""Refuse a request whose body is larger than the gate may hold, in its channel's own language.

mitmproxy's `body_size_limit` would cut downloads too, and answer with a page no SDK can read. This replaces the one
method of its HTTP stream that looks at body sizes; at start it is checked to be the method this was written for.

In:    a request head that announces too many bytes, or a body that has grown to too many.
Out:   the refusal; the rest of the body is read off the wire and thrown away.
Never: a limit on answers; a byte of the body sent on.
"""

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from mitmproxy.http import HTTPFlow
from mitmproxy.net.http.http1 import expected_http_body_size
from mitmproxy.proxy import commands, layer
from mitmproxy.proxy.layers.http import HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import ResponseData, ResponseEndOfMessage, ResponseHeaders
from mitmproxy.proxy.layers.http._hooks import HttpRequestHeadersHook

from cerco.runtime.gate import Gate
from proxy_addons.answers import response
from proxy_addons.guard import fails_closed, judge_unread
from proxy_addons.requests import refuse
from proxy_addons.wire import head_wire, names

# SHA-256 of the source of HttpStream.check_body_size in mitmproxy 12.2.
WRITTEN_FOR = "236ca0a7b9fd4f69a1f75cf6026a5f9c827270f79a90335673e4721afd731a4a"


type Check = Callable[[HttpStream, bool], layer.CommandGenerator[bool]]


@dataclass
class OversizeHook(commands.StartHook):
    """A request to DingTalk whose body is over the limit; addons set `flow.response`."""

    flow: HTTPFlow


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
        if hashlib.sha256(inspect.getsource(original).encode()).hexdigest() != WRITTEN_FOR:
            raise RuntimeError(
                "this version of mitmproxy measures bodies in a way the gate does not know; install the pinned one"
            )
        HttpStream.check_body_size = _measured(self.gate, original)  # type: ignore[method-assign, assignment]

    @fails_closed(refuse)
    async def oversize(self, flow: HTTPFlow) -> None:
        """Judge a body nobody will read. The answer is a refusal whatever the policy says: the body is not here."""
        host = self.gate.covers(names(flow)) or flow.request.pretty_host
        wire = head_wire(flow, host)
        flow.response = response(self.gate, wire, await judge_unread(self.gate, wire, "body", "oversize.request"))


def _measured(gate: Gate, original: Check) -> Check:
    """Return the replacement for `HttpStream.check_body_size`."""
    limit = gate.settings.limits.body

    def check_body_size(self: HttpStream, request: bool) -> layer.CommandGenerator[bool]:
        if not request or self.flow.request.stream:
            return False
        size = len(self.request_body_buf)
        early = size == 0
        if early:
            try:
                size = expected_http_body_size(self.flow.request) or 0
            except ValueError:
                return False  # a malformed Content-Length; mitmproxy refuses the request next
        if size <= limit or gate.covers(names(self.flow)) is None:
            return False
        self.request_body_buf.clear()
        if early:
            yield HttpRequestHeadersHook(self.flow)
        yield OversizeHook(self.flow)
        self.client_state = self.state_errored
        self.server_state = self.state_errored
        if refusal := self.flow.response:
            yield SendHttp(ResponseHeaders(self.stream_id, refusal, end_stream=False), self.context.client)
            yield SendHttp(ResponseData(self.stream_id, refusal.raw_content or b""), self.context.client)
            yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)
        self.flow.live = False
        return True

    check_body_size.replaces = original  # type: ignore[attr-defined]
    return check_body_size
