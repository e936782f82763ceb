"""Show notices in DingTalk's own pages: put a script into them, and answer what it asks.

In:    pages of DingTalk that a browser is about to show; requests to a path of ours on DingTalk's hosts.
Out:   the pages with one script at their head, their policies letting it in; notices as JSON, and reasons taken.
Never: a request to that path sent on; a response that is no page touched; a script that a policy of the page forbids.
"""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from mitmproxy.http import HTTPFlow, Request, Response

from cerco.decide.notices import negotiate
from cerco.decide.wording import LANGUAGES
from cerco.desk import in_page
from cerco.desk.csp import HEADERS, admit, forbids_scripts
from cerco.desk.front import Front
from cerco.desk.insertion import Inserter
from cerco.desk.notice_page import Notice
from cerco.desk.unpacking import CODINGS, Unpacker, UnpackingError
from cerco.runtime.gate import Gate
from proxy_addons.answers import REFERENCE
from proxy_addons.guard import fails_closed
from proxy_addons.wire import address, names

LARGEST = 16 * 1024  # bytes of what the script sends: five hundred characters, escaped, and what goes with them
TOKEN = "Cerco-Page"  # noqa: S105 - the name of a header

# What says something of the bytes as they were.
_OF_THE_BYTES = (
    "Content-Length", "Content-Encoding", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "ETag",
    "Last-Modified", "Accept-Ranges",
)  # fmt: skip
_ANSWERED = {"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def is_own(gate: Gate, request: Request) -> bool:
    """Tell whether a request is for the gate, by its path; on DingTalk's hosts only, as the caller has seen to."""
    return gate.settings.notice.in_page and request.path.startswith(in_page.PATH)


def refuse(flow: HTTPFlow) -> None:
    """Answer that nothing can be told now."""
    flow.response = Response.make(503, b"{}", _ANSWERED)


class InPage:
    """Notices where the sender is."""

    def __init__(self, gate: Gate, front: Front | None = None) -> None:
        self.gate = gate
        self.front = front or Front(gate)

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Take in no body but a small one on our own path; have pages sent whole, in a coding that can be undone."""
        own = is_own(self.gate, flow.request)
        page = self.gate.settings.notice.in_page and _shows_a_page(flow.request)
        if not (own or page) or self.gate.covers(names(flow)) is None:
            return
        headers = flow.request.headers
        if own:
            length = headers.get("Content-Length", "0")
            small = length.isdecimal() and len(length) < 8 and int(length) <= LARGEST
            if "Transfer-Encoding" in headers or not small:
                flow.kill()
        else:
            # A page the browser has kept has no script in it, or one that is out of date.
            for name in ("If-None-Match", "If-Modified-Since", "If-Range", "Range"):
                headers.pop(name, None)
            if "Accept-Encoding" in headers:
                accepted = [item for item in headers["Accept-Encoding"].split(",") if _coding(item) in CODINGS]
                headers["Accept-Encoding"] = ",".join(accepted).strip() or "identity"

    @fails_closed(refuse)
    async def request(self, flow: HTTPFlow) -> None:
        """Answer the script; leave all other requests alone."""
        host = self.gate.covers(names(flow)) if is_own(self.gate, flow.request) else None
        if host is not None:
            status, told = await self._answer(flow, host)
            flow.response = Response.make(status, json.dumps(told).encode(), _ANSWERED)

    def responseheaders(self, flow: HTTPFlow) -> None:
        """Have the script put into a page as it passes."""
        response = flow.response
        if response is None or REFERENCE in response.headers or not self.gate.settings.notice.in_page:
            return
        if not _shows_a_page(flow.request) or not _is_page(response):
            return
        host = self.gate.covers(names(flow))
        if host is None:
            return
        policies = [policy for name in HEADERS for policy in response.headers.get_all(name)]
        unpacker = _unpacker(response.headers.get("Content-Encoding", ""))
        if unpacker is None or any(forbids_scripts(policy) for policy in policies):
            return
        code = self._script(flow, host)
        connect = f"{_origin(flow, host)}{in_page.PATH}"
        for name in HEADERS:
            if found := response.headers.get_all(name):
                allowed = [admit(policy, script=in_page.source_hash(code), connect=connect) for policy in found]
                response.headers.set_all(name, allowed)
        for name in _OF_THE_BYTES:
            response.headers.pop(name, None)
        if flow.request.http_version == "HTTP/1.1":
            response.headers["Transfer-Encoding"] = "chunked"
        declared = "charset" in response.headers.get("Content-Type", "").lower()
        inserter = Inserter(code, declared=declared, policy=lambda said: admit(said, script=None, connect=connect))
        response.stream = _stream(unpacker, inserter)

    def _script(self, flow: HTTPFlow, host: str) -> str:
        """Return the script for a page; one that is shown inside another page has no token, and tells that one."""
        inside = flow.request.headers.get("Sec-Fetch-Dest", "document") != "document"
        token = "" if inside else self.front.tokens.page(host, address(flow.client_conn), self.gate.clock())
        return in_page.script(token=token, notice=self.front.secure(), parent=self._parent(flow) if inside else "")

    def _parent(self, flow: HTTPFlow) -> str:
        """Return the origin of the page around this one, if it is one of DingTalk's, where our script is as well."""
        try:
            around = urlsplit(flow.request.headers.get("Referer", ""))
            covered = self.gate.covers([around.hostname]) if around.hostname else None
        except ValueError:
            return ""
        return f"{around.scheme}://{around.netloc}" if covered and around.scheme in {"https", "http"} else ""

    async def _answer(self, flow: HTTPFlow, host: str) -> tuple[int, dict[str, Any]]:
        request, client = flow.request, address(flow.client_conn)
        token = request.headers.get(TOKEN, "")
        same = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        if not same or not self.front.tokens.is_page(token, host, client, self.gate.clock()):
            return 403, {}
        asked = request.query.get("lang", "")
        language = asked if asked in LANGUAGES else negotiate(request.headers.get("Accept-Language"))
        typed = request.path.partition("?")[0].removeprefix(in_page.PATH)
        notice = await self.front.notice(typed, client, secure=True)
        if not isinstance(notice, Notice):
            return (429 if notice == "crowded" else 404), {}
        if request.method == "GET":
            return 200, in_page.told(notice, language)
        if request.method != "POST":
            return 405, {}
        body = request.raw_content or b""
        given = _read(body) if len(body) <= LARGEST else None
        if given is None or notice.asking is None:
            return 400, {}
        asking = await self.front.answer(notice, client, *given)
        if asking is None:
            return 400, {}
        if asking.flaw is not None:
            return 200, in_page.flawed(asking.flaw, language)
        return 200, in_page.told(notice.standing(asking.standing), language)


def _read(body: bytes) -> tuple[str, str] | None:
    """Return the reason and the sentence that the script sends."""
    try:
        given = json.loads(body)
        reason, sentence = given["reason"], given["sentence"]
    except (KeyError, TypeError, ValueError):
        return None
    return (reason, sentence) if isinstance(reason, str) and isinstance(sentence, str) else None


def _shows_a_page(request: Request) -> bool:
    """Tell whether a browser asks for a page to show, by Fetch Metadata, or by Accept in browsers without it."""
    if request.method not in {"GET", "POST"}:
        return False
    destination = request.headers.get("Sec-Fetch-Dest")
    if destination is not None:
        return destination in {"document", "iframe", "frame"}
    return "text/html" in request.headers.get("Accept", "")


def _is_page(response: Response) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    attached = response.headers.get("Content-Disposition", "").strip().lower().startswith("attachment")
    wide = "utf-16" in response.headers.get("Content-Type", "").lower()
    streamed = response.stream is False or response.stream is True
    bodiless = response.status_code in {204, 205, 206, 304} or response.status_code < 200
    return kind == "text/html" and not attached and not wide and not bodiless and streamed


def _origin(flow: HTTPFlow, host: str) -> str:
    """Return the origin of a page as its browser sees it: cleartext on its side may have become TLS on ours."""
    named = flow.request.host_header or ""
    shown = named if re.fullmatch(r"[A-Za-z0-9.-]+(?::[0-9]+)?", named) else host
    return f"{'https' if flow.client_conn.tls else 'http'}://{shown}"


def _coding(item: str) -> str:
    return item.partition(";")[0].strip().lower()


def _unpacker(coding: str) -> Unpacker | None:
    try:
        return Unpacker(_coding(coding))
    except ValueError:
        return None


def _stream(unpacker: Unpacker, inserter: Inserter) -> Callable[[bytes], bytes]:
    """Return what mitmproxy calls with each piece of the body, and with nothing at its end."""
    broken = False

    def pass_on(data: bytes) -> bytes:
        nonlocal broken
        if not data:
            return inserter.finish()
        if broken:
            return b""
        try:
            plain = unpacker.feed(data)
        except UnpackingError:
            broken = True  # a browser stops here as well
            return inserter.finish()
        return inserter.feed(plain)

    return pass_on
