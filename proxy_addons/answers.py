"""Say no so that it is understood: by an SDK in its channel's language, by a person in theirs.

In:    a `Wire` and the `Decision` to refuse it.
Out:   the refusal in its channel's bytes, or the notice page.
Never: a value that was found; only what kind it is, where, and its masked form.
"""

from urllib.parse import urlsplit

from mitmproxy.http import Headers, Response

from cerco.decide.notices import message, negotiate
from cerco.desk import notice_page
from cerco.desk.front import Front
from cerco.desk.layout import CSP
from cerco.dingtalk.outbound import Channel, Wire
from cerco.dingtalk.refuse import Refusal, is_navigation, refuse
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate

REFERENCE = "Cerco-Reference"
FLAW = "Cerco-Justification"  # in an answer: what was wrong with the reason that came with the request
# An SDK does not say whose logs its errors end up in, so these carry both of the languages most staff here read.
FOR_PROGRAMS = ("zh-Hant", "en")
PROGRAMS = frozenset({Channel.OAPI, Channel.API, Channel.OSS, Channel.MCP})


def refusal(gate: Gate, wire: Wire, decision: Decision) -> Refusal:
    """Return the refusal of a request or frame in the language of its channel and its sender."""
    reference, channel = decision.reference or "-", decision.outbound.channel
    accepted = wire.header("Accept-Language")
    languages = FOR_PROGRAMS if channel in PROGRAMS else (negotiate(accepted),)
    url = gate.page + (decision.reference or "")
    titles = {rule.id: rule.title for rule in gate.rulebook.rules}
    text = message(decision.verdict, reference, url, languages, titles)
    page = ""
    if is_navigation(wire):
        page = notice_page.render(Front(gate).of(decision, wire.host), negotiate(accepted), address=url)
    return refuse(wire, channel, reference=reference, message=text, page=page)


def response(gate: Gate, wire: Wire, decision: Decision) -> Response:
    """Return the refusal of a request as mitmproxy's answer to it."""
    made = refusal(gate, wire, decision)
    headers = Headers([(name.encode(), value.encode()) for name, value in made.headers])
    headers["Content-Length"] = str(len(made.body))
    answer = Response.make(made.status, made.body, headers)
    answer.headers[REFERENCE] = decision.reference or "-"
    if decision.flaw is not None:
        answer.headers[FLAW] = decision.flaw
    if headers.get("Content-Type", "").startswith("text/html"):
        answer.headers["Content-Security-Policy"] = CSP
    if origin := _page_of_dingtalk(gate, wire):
        # A page of DingTalk's that sent this to another host of its own is to see that it was refused, and by which
        # reference: its client reads the answer, our script the timing entry.
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Credentials"] = "true"
        answer.headers["Access-Control-Expose-Headers"] = REFERENCE
        answer.headers["Timing-Allow-Origin"] = origin
        answer.headers["Vary"] = "Origin"
    if decision.reference:
        answer.headers["Server-Timing"] = f'cerco;desc="{decision.reference}"'
    return answer


def _page_of_dingtalk(gate: Gate, wire: Wire) -> str | None:
    """Return the origin of the page that sent a request, if that is one of DingTalk's."""
    origin = wire.header("Origin") or ""
    try:
        host = urlsplit(origin).hostname
    except ValueError:
        return None
    return origin if host and origin.isascii() and gate.scope.covers(host) else None
