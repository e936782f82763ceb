"""Judge every HTTP request to DingTalk before it goes, and remember what DingTalk answers about uploads.

In:    mitmproxy's `requestheaders`, `request`, `responseheaders` and `response` hooks.
Out:   the request forwarded, forwarded with a label, or answered here in its channel's own language.
Never: a DingTalk request without a verdict; a body streamed past the verdict; a byte of anyone else's traffic kept.
"""

from urllib.parse import unquote
from weakref import WeakKeyDictionary

from mitmproxy.http import HTTPFlow, Response

from cerco.dingtalk.learn import wants
from cerco.dingtalk.outbound import Reply, Wire
from cerco.evidence.record import read_reference
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate
from cerco.runtime.reasons import Given
from proxy_addons.answers import REFERENCE, response
from proxy_addons.guard import fails_closed, judge
from proxy_addons.in_page import is_own
from proxy_addons.wire import held_body, names, request_wire

JUSTIFICATION = "Cerco-Justification"
"""Header in which a program gives a reason: the reference of the refusal, the reason's id, and a sentence in UTF-8,
percent-encoded; spaces between the three."""
WEBSOCKET_VERSION = "13"  # RFC 6455, section 4.1; the only version whose frames mitmproxy can read


def refuse(flow: HTTPFlow) -> None:
    """Answer a flow here, in no one's language: the refusal that stands until a verdict lifts or replaces it."""
    flow.request.stream = False
    flow.response = Response.make(403, b"", {REFERENCE: "-", "Cache-Control": "no-store"})


def hold(flow: HTTPFlow) -> None:
    """Refuse a request, unless it has its answer: from proxy authentication, or from an origin that was streamed to."""
    if flow.response is None:
        refuse(flow)


def lift(flow: HTTPFlow) -> None:
    """Let a flow go on to its origin, unless another than us has answered it."""
    if flow.response and REFERENCE in flow.response.headers:
        flow.response = None


def given_reason(flow: HTTPFlow) -> Given | None:
    """Take the reason out of a request that comes with one: what was written in it is for the gate alone.

    Browsers do not give one this way: there a page's script could, in place of the person.
    """
    said = flow.request.headers.pop(JUSTIFICATION, None)
    words = said.split(maxsplit=2) if said is not None and "Sec-Fetch-Mode" not in flow.request.headers else []
    reference = read_reference(words[0]) if len(words) == 3 else None
    return Given(reference, words[1], unquote(words[2])) if reference else None


class Requests:
    """HTTP in both directions."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        # Only requests whose answer hands out upload keys are kept, and only until that answer is here.
        self._asked: WeakKeyDictionary[HTTPFlow, tuple[Wire, Decision]] = WeakKeyDictionary()

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Pass other hosts' bodies through as they come; hold back every body that is bound for DingTalk."""
        flow.request.stream = flow.response is None and self.gate.covers(names(flow)) is None

    @fails_closed(hold, lift)
    async def request(self, flow: HTTPFlow) -> None:
        """Judge the request, and lift the standing refusal only if the decision says so."""
        host = self.gate.covers(names(flow))
        if host is None:
            lift(flow)
            return
        if is_own(self.gate, flow.request):
            return  # it has its answer, or stays refused
        given = given_reason(flow)
        wire = request_wire(flow, host, self.gate.transports.get(host))
        decision = await judge(self.gate, wire, given=given)
        if not decision.forwards:
            flow.response = response(self.gate, wire, decision)
            return
        self._prepare(flow, host, decision)
        if wants(wire) or decision.awaits:
            self._asked[flow] = (wire, decision)
        lift(flow)

    def responseheaders(self, flow: HTTPFlow) -> None:
        """Stream answers through, but for those that are read for upload keys, the gate's own, and upgrades."""
        if flow.response is None or REFERENCE in flow.response.headers:
            return
        if self.gate.covers(names(flow)):
            flow.response.headers.pop("Alt-Svc", None)  # it would invite the client to QUIC, past the gate
        if flow.response.status_code != 101 and not callable(flow.response.stream):
            flow.response.stream = flow not in self._asked

    @fails_closed(refuse)
    async def response(self, flow: HTTPFlow) -> None:
        """Hold an answer that hands out upload keys until the ledger knows them; refuse unreadable upgrades."""
        if flow.response is None or self.gate.covers(names(flow)) is None:
            return
        if flow.response.status_code == 101 and flow.websocket is None:
            refuse(flow)
        asked = self._asked.pop(flow, None)
        if asked and flow.response.raw_content is not None:
            wire, decision = asked
            fields = tuple(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in flow.response.headers.fields
            )
            await self.gate.learn(wire, Reply(flow.response.status_code, fields, flow.response.raw_content), decision)

    def _prepare(self, flow: HTTPFlow, host: str, decision: Decision) -> None:
        """Make of the request exactly what was judged, over TLS."""
        request = flow.request
        request.trailers = None  # they were not judged
        upgrade = request.headers.get("Upgrade", "").lower()
        if upgrade and not (
            upgrade == "websocket" and request.headers.get("Sec-WebSocket-Version") == WEBSOCKET_VERSION
        ):
            del request.headers["Upgrade"]
        if decision.body is not None:
            request.raw_content = decision.body
        # One length, and the one that was judged: without it, the body of an HTTP/2 request would be the next request
        # of an HTTP/1 origin, and a transfer coding would make the origin unpack what was read packed.
        coded = request.headers.pop("Transfer-Encoding", None)
        held = held_body(flow)
        size = held.size if held and request.raw_content is None else len(request.raw_content or b"")
        if size or coded or "Content-Length" in request.headers:
            request.headers["Content-Length"] = str(size)
        if request.scheme == "http":
            # Server SDKs speak cleartext HTTP by default. `tls.cleartext: refuse` was decided before.
            request.scheme = "https"
            request.host = host
            if request.port == 80:
                request.port = 443
