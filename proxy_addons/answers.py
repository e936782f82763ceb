"""Say no so that it is understood: by an SDK in its channel's language, by a person in theirs.

In:    a `Wire` and the `Decision` to refuse it.
Out:   the refusal in its channel's bytes, or the notice page.
Never: a value that was found; only what kind it is, where, and its masked form.
"""

from datetime import datetime

from mitmproxy.http import Headers, Response

from cerco.decide.notices import message, negotiate
from cerco.decide.verdict import Verdict
from cerco.desk import notice_page
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
    text = message(decision.verdict, reference, url, languages)
    page = ""
    if is_navigation(wire):
        page = notice(
            gate,
            negotiate(accepted),
            decision.verdict,
            reference,
            gate.clock(),
            decision.action,
            wire.host,
            address=url,
        )
    return refuse(wire, channel, reference=reference, message=text, page=page)


def response(gate: Gate, wire: Wire, decision: Decision) -> Response:
    """Return the refusal of a request as mitmproxy's answer to it."""
    made = refusal(gate, wire, decision)
    headers = Headers([(name.encode(), value.encode()) for name, value in made.headers])
    headers["Content-Length"] = str(len(made.body))
    answer = Response.make(made.status, made.body, headers)
    answer.headers[REFERENCE] = decision.reference or "-"
    return answer


def notice(  # noqa: PLR0917 - what a notice shows, in the order it is read
    gate: Gate,
    language: str,
    verdict: Verdict,
    reference: str,
    at: datetime,
    action: str,
    host: str,
    *,
    address: str = "",
) -> str:
    """Return the notice page of a decision, made now or found on record; `address` as in `notice_page.render`."""
    seen = notice_page.view(
        verdict,
        reference=reference,
        at=at.isoformat(timespec="seconds"),
        action=action,
        host=host,
        contact=gate.settings.notice.contact,
    )
    return notice_page.render(seen, language, address=address)
