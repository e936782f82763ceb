"""Serve the notice pages at the gate's own host name, as mitmproxy serves mitm.it.

In:    requests to `notice.host` of the settings.
Out:   the page of a reference number, and what its form says; the page that asks for one; the page that sets a device
       up, and the certificate it offers.
Never: a request to that name sent on; an unmasked value on a page; a reason taken from another site's form.
"""

import asyncio
from hashlib import sha256
from urllib.parse import parse_qs, unquote

from mitmproxy.http import HTTPFlow, Response

from cerco.decide.notices import negotiate
from cerco.decide.wording import LANGUAGES
from cerco.desk import notice_page, setup_page
from cerco.desk.front import Front
from cerco.desk.layout import CSP
from cerco.desk.notice_page import Notice
from cerco.runtime import authority
from cerco.runtime.gate import Gate
from proxy_addons.guard import fails_closed
from proxy_addons.wire import address, names

# Bytes of the largest form: five hundred characters, percent-encoded, and what goes with them.
LARGEST_FORM = 16 * 1024
FILES: dict[str, tuple[authority.Format, str]] = {
    setup_page.CERTIFICATE: ("der", "application/x-x509-ca-cert"),
    setup_page.CERTIFICATE_TEXT: ("pem", "application/x-pem-file"),
    setup_page.PROFILE: ("mobileconfig", "application/x-apple-aspen-config"),
}
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cache-Control": "no-store",
    # Not "no-referrer": browsers would then leave out who a form is from, which is how others' forms are told apart.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def refuse(flow: HTTPFlow) -> None:
    """Answer that the page cannot be shown now."""
    flow.response = Response.make(
        503, b"The notice cannot be shown now. Try again in a minute.", {"Content-Type": "text/plain"}
    )


class Notices:
    """The pages employees read."""

    def __init__(self, gate: Gate, front: Front | None = None) -> None:
        self.gate = gate
        self.front = front or Front(gate)

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Keep requests to the notice host here, and take in no body but a small form's."""
        if self.gate.serves(names(flow)):
            flow.request.stream = False
            length = flow.request.headers.get("Content-Length", "0")
            small = length.isdecimal() and len(length) < 8 and int(length) <= LARGEST_FORM
            if "Transfer-Encoding" in flow.request.headers or not small:
                flow.kill()

    @fails_closed(refuse)
    async def request(self, flow: HTTPFlow) -> None:
        """Answer requests to the notice host; leave all others alone."""
        if not self.gate.serves(names(flow)):
            return
        asked = flow.request.query.get("lang", "")
        language = asked if asked in LANGUAGES else negotiate(flow.request.headers.get("Accept-Language"))
        path = unquote(flow.request.path.partition("?")[0]).strip("/")
        if flow.request.method in {"GET", "HEAD"}:
            flow.response = await self._get(flow, path, language)
        elif flow.request.method == "POST":
            flow.response = await self._post(flow, path, language)
        else:
            flow.response = Response.make(405, b"", HEADERS | {"Allow": "GET, HEAD, POST"})
        if _is_secure(flow):  # elsewhere browsers do not heed it, and say so
            flow.response.headers["Cross-Origin-Opener-Policy"] = "same-origin"

    async def _get(self, flow: HTTPFlow, path: str, language: str) -> Response:
        if path in FILES:
            return await asyncio.to_thread(self._file, path)
        secure = _is_secure(flow)
        if path == "setup":
            agent = " ".join(flow.request.headers.get(name, "") for name in ("Sec-CH-UA-Platform", "User-Agent"))
            shown = setup_page.render(
                language,
                self.front.site,
                kind=setup_page.device(agent),
                fingerprint=await asyncio.to_thread(self._fingerprint),
                test=self.front.secure(f"setup?lang={language}"),
                secure=secure,
            )
            return _page(200, shown, language)
        typed = flow.request.query.get("ref", "") or path
        if not typed.strip():
            return _page(200, notice_page.home(language), language)
        found = await self.front.notice(typed, address(flow.client_conn), secure=secure)
        return self._shown(found, typed, language)

    async def _post(self, flow: HTTPFlow, path: str, language: str) -> Response:
        """Take a form. It is from our own page, seen by the same device, or it is not looked at."""
        client = address(flow.client_conn)
        body = flow.request.raw_content or b""
        if not _is_secure(flow) or not self._is_ours(flow) or len(body) > LARGEST_FORM:
            return Response.make(403, b"This form comes from elsewhere.", HEADERS | {"Content-Type": "text/plain"})
        found = await self.front.notice(path, client, secure=True)
        if not isinstance(found, Notice):
            return self._shown(found, path, language)
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
        token, reason, sentence = (fields.get(name, [""])[0] for name in ("token", "reason", "sentence"))
        if found.asking is None or found.asking.standing.state != "waiting":
            return self._shown(found, path, language)
        if not self.front.tokens.is_form(token, found.reference, client, self.gate.clock()):
            return _page(403, notice_page.render(found.flawed("stale", reason, sentence), language), language)
        asking = await self.front.answer(found, client, reason, sentence)
        if asking is not None and asking.flaw is not None:
            return _page(422, notice_page.render(found.flawed(asking.flaw, reason, sentence), language), language)
        if asking is not None and asking.standing.state == "limited":
            return _page(429, notice_page.render(found.standing(asking.standing), language), language)
        # Reloading the page that follows must not give the reason again.
        return Response.make(303, b"", HEADERS | {"Location": f"/{found.reference}?lang={language}"})

    def _shown(self, found: Notice | str, typed: str, language: str) -> Response:
        if isinstance(found, Notice):
            return _page(200, notice_page.render(found, language), language)
        if found == "crowded":
            return _page(429, notice_page.crowded(language, self.front.site), language)
        return _page(404, notice_page.missing(typed, language, self.front.site), language)

    def _is_ours(self, flow: HTTPFlow) -> bool:
        """Tell whether a form comes from a page of the notice host, by what the browser says and no page can change."""
        site = flow.request.headers.get("Sec-Fetch-Site")
        origin = flow.request.headers.get("Origin", "")
        own = f"https://{self.gate.settings.notice.host}".lower()
        return origin.lower() == own and site in {None, "same-origin"}

    def _file(self, path: str) -> Response:
        form, kind = FILES[path]
        data = authority.export(self.gate.settings.keys, form)
        return Response.make(200, data, HEADERS | {"Content-Type": kind})

    def _fingerprint(self) -> str | None:
        try:
            return sha256(authority.export(self.gate.settings.keys, "der")).hexdigest()
        except authority.AuthorityError:
            return None


def _page(status: int, page: str, language: str) -> Response:
    kind = {"Content-Type": "text/html; charset=utf-8", "Content-Language": language}
    return Response.make(status, page, HEADERS | kind)


def _is_secure(flow: HTTPFlow) -> bool:
    """Tell whether a request came over TLS."""
    return flow.client_conn.tls and flow.request.scheme == "https"
