"""Say no so that it is understood: by an SDK in its channel's language, by a person in theirs.

In:    a `Wire` and the `Decision` to refuse it.
Out:   the refusal, and the view a notice page is made of.
Never: a value that was found; only what kind it is, where, and its masked form.
"""

from datetime import datetime

from mitmproxy.http import Headers, Response

from cerco.decide.notices import LANGUAGES, kinds, message, negotiate
from cerco.decide.verdict import Verdict
from cerco.desk.notice_page import NoticeView, render
from cerco.dingtalk.outbound import Channel, Wire
from cerco.dingtalk.refuse import Refusal, is_navigation, refuse
from cerco.runtime.gate import Gate
from cerco.runtime.inspector import Decision

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
    text = message(decision.verdict, reference, url, languages)
    page = ""
    if is_navigation(wire):
        page = render(view(gate, reference, gate.clock(), decision.verdict, wire.host), negotiate(accepted))
    return refuse(wire, channel, reference=reference, message=text, page=page)


def response(gate: Gate, wire: Wire, decision: Decision) -> Response:
    """Return the refusal of a request as mitmproxy's answer to it."""
    made = refusal(gate, wire, decision)
    headers = Headers([(name.encode(), value.encode()) for name, value in made.headers])
    headers["Content-Length"] = str(len(made.body))
    answer = Response.make(made.status, made.body, headers)
    answer.headers[REFERENCE] = decision.reference or "-"
    return answer


def view(gate: Gate, reference: str, at: datetime, verdict: Verdict, host: str) -> NoticeView:
    """Return what a notice page shows of a verdict."""
    places = [(finding.place, finding.masked) for finding in verdict.findings]
    places += [(gap.place, gap.why.value) for gap in verdict.coverage]
    return NoticeView(
        reference=reference,
        at=at.isoformat(timespec="seconds"),
        action=verdict.action.name,
        host=host,
        kinds={language: kinds(verdict, language) for language in LANGUAGES},
        places=tuple(places),
        contact=gate.settings.notice.contact,
    )
