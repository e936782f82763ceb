"""Say no so that it is understood: by an SDK in its channel's language, by a person in theirs.

In:    a `Wire` and the `Decision` to refuse it.
Out:   the refusal in its channel's bytes, or the notice page.
Never: a value that was found; only what kind it is, where, and its masked form.
"""

from mitmproxy.http import Headers, Response

from cerco.decide.notices import message, negotiate
from cerco.desk import notice_page
from cerco.desk.front import Front
from cerco.dingtalk.outbound import Channel, Wire
from cerco.dingtalk.refuse import Refusal, is_navigation, refuse
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate

REFERENCE = "Cerco-Reference"
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
    return answer
