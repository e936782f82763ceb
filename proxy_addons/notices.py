"""Serve the notice pages at the gate's own host name, as mitmproxy serves mitm.it.

In:    requests to `notice.host` of the settings.
Out:   the page of a reference number, or the page that asks for one.
Never: a request to that name sent on; an unmasked value on a page.
"""

import asyncio
from urllib.parse import unquote

from mitmproxy.http import HTTPFlow, Response

from cerco.decide.notices import LANGUAGES, negotiate
from cerco.desk import notice_page
from cerco.runtime.gate import Gate
from proxy_addons.answers import notice
from proxy_addons.guard import fails_closed
from proxy_addons.wire import names


def refuse(flow: HTTPFlow) -> None:
    """Answer that the page cannot be shown now."""
    flow.response = Response.make(
        503, b"The notice cannot be shown now. Try again in a minute.", {"Content-Type": "text/plain"}
    )


class Notices:
    """The pages employees read."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Keep requests to the notice host here, where no body is of use."""
        if self.gate.serves(names(flow)):
            flow.request.stream = False
            if "Transfer-Encoding" in flow.request.headers or flow.request.headers.get("Content-Length", "0") != "0":
                flow.kill()

    @fails_closed(refuse)
    async def request(self, flow: HTTPFlow) -> None:
        """Answer requests to the notice host; leave all others alone."""
        if not self.gate.serves(names(flow)):
            return
        asked = flow.request.query.get("lang", "")
        language = asked if asked in LANGUAGES else negotiate(flow.request.headers.get("Accept-Language"))
        path = unquote(flow.request.path.partition("?")[0]).strip("/")
        reference = (flow.request.query.get("ref", "") or path).strip().upper()
        status, page = await self._page(reference, language)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Language": language,
            "Content-Security-Policy": notice_page.CSP,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        flow.response = Response.make(status, page, headers)

    async def _page(self, reference: str, language: str) -> tuple[int, str]:
        if not reference:
            return 200, notice_page.home(language)
        evidence = self.gate.evidence
        record = await asyncio.to_thread(evidence.find, reference) if evidence else None
        if record is None:
            return 404, notice_page.missing(reference, language)
        host = record.destination.host
        return 200, notice(self.gate, language, record.verdict, record.reference, record.at, record.action, host)
