"""DingTalk's pages carry the script, whatever they are packed in; everything else passes byte for byte."""

import gzip
import json
import re
import zlib
from dataclasses import replace
from typing import Any, cast

import brotli
import pytest
import zstandard
from mitmproxy.http import HTTPFlow, Response

from cerco.decide.verdict import Action
from cerco.desk.front import Front
from cerco.desk.in_page import PATH, source_hash
from cerco.dingtalk.outbound import Actor
from cerco.runtime.gate import Gate
from cerco.state.grants import Standing
from proxy_addons.in_page import LARGEST, InPage
from tests.proxy_addons.flows import NOW, REFERENCE, InsideTls, Judge, flow, make_gate
from tests.proxy_addons.test_notices import ASKED, CLIENT, RECORD, Reasons, Records

HOST = "im.dingtalk.com"
PAGE = b"<!doctype html><html><head><title>DingTalk</title></head><body>\xe9\x92\x89</body></html>"
DEFLATE = zlib.compressobj(wbits=-15)
CODINGS = {
    "": PAGE,
    "identity": PAGE,
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "DEFLATE": DEFLATE.compress(PAGE) + DEFLATE.flush(),
    "br": brotli.compress(PAGE),
    "zstd": zstandard.compress(PAGE),
}


def navigation(url: str = f"https://{HOST}/", **headers: str) -> HTTPFlow:
    given = {"Sec_Fetch_Dest": "document", "Sec_Fetch_Mode": "navigate", "Accept": "text/html"} | headers
    made = flow(url, b"", **{name: value for name, value in given.items() if value})
    made.request.method, made.client_conn.tls = "GET", True
    return made


def answered(made: HTTPFlow, body: bytes, status: int = 200, **headers: str) -> HTTPFlow:
    """Let the origin's answer begin, as `responseheaders` sees it, after the hook of `Requests`."""
    given = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    made.response = Response.make(status)
    made.response.headers.clear()
    made.response.headers.update({name: value for name, value in given.items() if value})
    made.response.stream = True
    return made


def received(made: HTTPFlow, body: bytes, step: int = 16_384) -> bytes:
    """Return what the client gets of a body that comes in pieces."""
    assert made.response
    stream = made.response.stream
    if not callable(stream):
        return body
    pieces = [body[at : at + step] for at in range(0, len(body), step)]
    return b"".join(cast("bytes", stream(piece)) for piece in [*pieces, b""])


def passed(gate: Gate, made: HTTPFlow, body: bytes, step: int = 16_384) -> bytes:
    addon = InPage(gate)
    addon.requestheaders(made)
    addon.responseheaders(made)
    return received(made, body, step)


def script_of(page: bytes) -> str:
    found = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    assert len(found) == 1
    return bytes(found[0]).decode("ascii")


# ---- Which pages ----


@pytest.mark.parametrize("step", [1, 7, 16_384])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_page_gets_the_script_and_is_otherwise_what_it_was(gate: Gate, coding: str, step: int) -> None:
    body = CODINGS[coding]
    made = answered(navigation(), body, Content_Encoding=coding, ETag='"x"', Last_Modified="now", Content_MD5="y")
    out = passed(gate, made, body, step)
    code = script_of(out)
    assert out.replace(f"<script>{code}</script>".encode(), b"") == PAGE
    assert made.response
    for gone in ("Content-Length", "Content-Encoding", "ETag", "Last-Modified", "Content-MD5"):
        assert gone not in made.response.headers
    assert made.response.headers["Transfer-Encoding"] == "chunked"


UNTOUCHED: dict[str, tuple[HTTPFlow, dict[str, Any]]] = {
    "not a page": (navigation(), {"Content_Type": "application/json"}),
    "no type": (navigation(), {"Content_Type": ""}),
    "a download": (navigation(), {"Content_Disposition": "attachment; filename=a.html"}),
    "UTF-16": (navigation(), {"Content_Type": "text/html; charset=utf-16le"}),
    "a coding nobody knows": (navigation(), {"Content_Encoding": "dcb"}),
    "two codings": (navigation(), {"Content_Encoding": "gzip, br"}),
    "not modified": (navigation(), {"status": 304}),
    "a part": (navigation(), {"status": 206}),
    "a sandbox without scripts": (navigation(), {"Content_Security_Policy": "sandbox allow-forms"}),
    "asked for by a script": (navigation(Sec_Fetch_Dest="empty", Sec_Fetch_Mode="cors"), {}),
    "asked for as a picture": (navigation(Sec_Fetch_Dest="image"), {}),
    "asked for by a program": (navigation(Sec_Fetch_Dest="", Sec_Fetch_Mode="", Accept="*/*"), {}),
    "another site": (navigation("https://www.example.test/"), {}),
    "our own notice": (navigation(), {"Cerco_Reference": REFERENCE}),
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_everything_else_passes_untouched(gate: Gate, name: str) -> None:
    made, how = UNTOUCHED[name]
    status = how.get("status", 200)
    headers = {key: value for key, value in how.items() if key != "status"}
    made = answered(made.copy(), PAGE, status, **headers)
    assert made.response
    before = made.response.headers.copy()
    InPage(gate).responseheaders(made)
    assert made.response.stream is True
    assert made.response.headers == before


def test_it_can_be_switched_off(judge: Judge) -> None:
    gate = make_gate(judge, notice={"in_page": False})
    made = answered(navigation(If_None_Match='"x"', Accept_Encoding="dcb"), PAGE)
    assert passed(gate, made, PAGE) == PAGE
    assert made.request.headers["If-None-Match"] == '"x"'
    assert made.request.headers["Accept-Encoding"] == "dcb"


async def test_switched_off_its_path_is_dingtalks(judge: Judge) -> None:
    relay = InsideTls(make_gate(judge, notice={"in_page": False}), HOST)
    await relay.send(f"GET {PATH}{REFERENCE} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    assert relay.received
    assert len(judge.seen) == 1


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=big5", "TEXT/HTML"])
def test_the_charset_is_the_pages_own(gate: Gate, kind: str) -> None:
    body = "<html><head></head>釘釘".encode("big5")
    out = passed(gate, answered(navigation(), body, Content_Type=kind), body)
    assert out.endswith("釘釘".encode("big5"))
    assert script_of(out).isascii()


@pytest.mark.parametrize("body", [b'{"errcode":0}', b"ok", b"", b"\x89PNG\r\n"])
def test_what_only_calls_itself_a_page_stays_as_it_is(gate: Gate, body: bytes) -> None:
    assert passed(gate, answered(navigation(), body), body) == body


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_a_broken_body_breaks_off(gate: Gate, coding: str) -> None:
    whole = CODINGS[coding]
    broken = whole[: len(whole) // 2] + b"\x00\xff" * 20
    out = passed(gate, answered(navigation(), broken, Content_Encoding=coding), broken)
    assert len(out) < 40_000
    assert b"</html>" not in out


def test_an_old_client_gets_it_as_it_can_take_it(gate: Gate) -> None:
    made = answered(navigation(), PAGE)
    made.request.http_version = "HTTP/1.0"
    passed(gate, made, PAGE)
    assert made.response
    assert "Transfer-Encoding" not in made.response.headers
    assert "Content-Length" not in made.response.headers


# ---- Policies ----


@pytest.mark.parametrize(
    ("policy", "inline"),
    [("script-src 'self'", True), ("default-src 'none'", True), ("script-src 'self' 'unsafe-inline'", False)],
)
def test_the_policy_lets_in_this_script_and_this_address(gate: Gate, policy: str, inline: bool) -> None:
    made = answered(navigation(), PAGE, Content_Security_Policy=policy, Content_Security_Policy_Report_Only=policy)
    code = script_of(passed(gate, made, PAGE))
    assert made.response
    for name in ("Content-Security-Policy", "Content-Security-Policy-Report-Only"):
        said = made.response.headers[name]
        assert (source_hash(code) in said) is inline
        assert ("connect-src https://im.dingtalk.com/.well-known/cerco/" in said) is policy.startswith("default-src")


@pytest.mark.parametrize(
    ("tls", "host", "origin"),
    [
        (True, "im.dingtalk.com:8443", "https://im.dingtalk.com:8443"),
        (False, "im.dingtalk.com", "http://im.dingtalk.com"),  # what the gate makes TLS of is cleartext to the page
        (True, "a b; script-src *", "https://im.dingtalk.com"),
    ],
)
def test_the_address_is_the_pages_own(gate: Gate, tls: bool, host: str, origin: str) -> None:
    made = answered(navigation(), PAGE, Content_Security_Policy="connect-src wss:")
    made.request.headers["Host"], made.client_conn.tls = host, tls
    passed(gate, made, PAGE)
    assert made.response
    assert made.response.headers["Content-Security-Policy"] == f"connect-src wss: {origin}/.well-known/cerco/"


def test_every_policy_is_seen_to(gate: Gate) -> None:
    made = answered(navigation(), PAGE)
    assert made.response
    made.response.headers.set_all("Content-Security-Policy", ["script-src 'self'", "script-src a.test, img-src *"])
    code = script_of(passed(gate, made, PAGE))
    said = made.response.headers.get_all("Content-Security-Policy")
    assert [policy.count(source_hash(code)) for policy in said] == [1, 1]
    assert said[1].endswith(", img-src *")


def test_a_policy_in_the_page_is_seen_to(gate: Gate) -> None:
    body = b'<head><meta http-equiv="Content-Security-Policy" content="connect-src wss:"></head>'
    out = passed(gate, answered(navigation(), body), body)
    assert b'content="connect-src wss: https://im.dingtalk.com/.well-known/cerco/"' in out


# ---- What is asked of the origin ----


def test_a_page_is_asked_for_whole_and_in_a_coding_we_can_undo(gate: Gate) -> None:
    made = navigation(
        If_None_Match='"x"', If_Modified_Since="y", Range="bytes=1-", Accept_Encoding="gzip, dcb, br;q=0.5"
    )
    InPage(gate).requestheaders(made)
    for gone in ("If-None-Match", "If-Modified-Since", "Range"):
        assert gone not in made.request.headers
    assert made.request.headers["Accept-Encoding"] == "gzip, br;q=0.5"


@pytest.mark.parametrize("made", [navigation("https://www.example.test/"), navigation(Sec_Fetch_Dest="script")])
def test_nothing_is_changed_in_other_requests(gate: Gate, made: HTTPFlow) -> None:
    made.request.headers["If-None-Match"] = '"x"'
    before = made.request.headers.copy()
    InPage(gate).requestheaders(made)
    assert made.request.headers == before


# ---- The token ----


def config(page: bytes) -> dict[str, Any]:
    code = script_of(page)
    start = code.index("const config = ") + len("const config = ")
    read: tuple[dict[str, Any], int] = json.JSONDecoder().raw_decode(code[start:])
    return read[0]


def test_the_token_is_for_this_host_and_this_device(gate: Gate) -> None:
    token = config(passed(gate, answered(navigation(), PAGE), PAGE))["token"]
    tokens = Front(gate).tokens
    assert tokens.is_page(token, HOST, CLIENT, NOW)
    assert not tokens.is_page(token, "oapi.dingtalk.com", CLIENT, NOW)
    assert not tokens.is_page(token, HOST, "10.0.0.9", NOW)


@pytest.mark.parametrize(
    ("referer", "parent"),
    [
        ("https://im.dingtalk.com/chat", "https://im.dingtalk.com"),
        ("https://portal.example.test/", ""),
        ("", ""),
        ("https://[", ""),
        ("file:///etc/im.dingtalk.com", ""),
    ],
)
def test_a_page_inside_another_has_none_and_tells_that_one(gate: Gate, referer: str, parent: str) -> None:
    """The page around it can read what is inside it before our script has taken itself away."""
    made = answered(navigation(Sec_Fetch_Dest="iframe", Referer=referer), PAGE)
    given = config(passed(gate, made, PAGE))
    assert (given["token"], given["parent"]) == ("", parent)


# ---- What the script asks ----


@pytest.fixture
def records(gate: Gate) -> Records:
    made = Records()
    gate.evidence = cast("Any", made)
    return made


@pytest.fixture
def reasons(gate: Gate, records: Records) -> Reasons:
    made, records.record = Reasons(), ASKED
    gate.reasons = cast("Any", made)
    return made


async def ask(gate: Gate, path: str = REFERENCE, body: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
    token = Front(gate).tokens.page(HOST, CLIENT, NOW)
    given = {"Sec_Fetch_Site": "same-origin", "Cerco_Page": token, "Accept_Language": "en"} | headers
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    made = flow(f"https://{HOST}{PATH}{path}", data, **{name: value for name, value in given.items() if value})
    made.request.method = "GET" if body is None else "POST"
    await InPage(gate).request(made)
    assert made.response
    return made.response.status_code, json.loads(made.response.text or "{}")


async def test_it_is_told_the_notice(gate: Gate, records: Records) -> None:
    status, said = await ask(gate)
    assert status == 200
    assert said["title"] == "Not sent"
    assert said["rows"] == [["Macau resident ID number", "Message", "1••••••(8)"]]
    assert said["asking"] is None
    assert "someone-else" not in json.dumps(said)
    assert records.asked == [REFERENCE]


async def test_in_the_language_it_asks_for(gate: Gate, records: Records) -> None:
    assert (await ask(gate, f"{REFERENCE}?lang=pt"))[1]["title"] == "Não enviado"
    assert (await ask(gate, f"{REFERENCE}?lang=xx"))[1]["title"] == "Not sent"
    assert records.asked


@pytest.mark.parametrize(
    "headers",
    [
        {"Cerco_Page": ""},
        {"Cerco_Page": "x"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
    ],
)
async def test_nobody_else_is_told_anything(gate: Gate, records: Records, headers: dict[str, str]) -> None:
    assert await ask(gate, **headers) == (403, {})
    assert await ask(gate, body={"reason": "law", "sentence": "a fine sentence"}, **headers) == (403, {})
    assert records.asked == []


async def test_of_nobody_elses_notices(gate: Gate, records: Records) -> None:
    records.record = replace(RECORD, actor=Actor("10.0.0.8"))
    assert (await ask(gate))[0] == (await ask(gate, "C-0000-0000"))[0] == 404


async def test_it_passes_a_reason_on(gate: Gate, reasons: Reasons) -> None:
    assert (await ask(gate))[1]["asking"]["submit"] == "Give this reason"
    status, said = await ask(gate, body={"reason": "law", "sentence": "a fine sentence"})
    assert (status, said["mood"], said["asking"]) == (200, "open", None)
    assert reasons.given == [(REFERENCE, "law", "a fine sentence")]


async def test_and_is_told_what_is_wrong_with_it(gate: Gate, reasons: Reasons) -> None:
    assert await ask(gate, body={"reason": "law", "sentence": "x"}) == (
        200,
        {"flaw": "write", "said": "Write a sentence: at least 5 characters."},
    )
    assert reasons.given == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"reason": "law"}', b'{"reason": 1, "sentence": "x"}', b"null", b'"' + b"x" * LARGEST + b'"'],
)
async def test_anything_else_is_no_reason(gate: Gate, reasons: Reasons, body: bytes) -> None:
    assert (await ask(gate, body=body or b" "))[0] == 400
    assert reasons.given == []


async def test_what_is_blocked_cannot_be_answered(gate: Gate, records: Records) -> None:
    assert records.record.verdict.action is Action.BLOCK
    assert (await ask(gate, body={"reason": "law", "sentence": "a fine sentence"}))[0] == 400


async def test_a_used_one_stays_used(gate: Gate, reasons: Reasons) -> None:
    reasons.now = Standing("used", NOW)
    said = (await ask(gate))[1]
    assert (said["mood"], said["asking"]) == ("passed", None)


async def test_a_store_that_fails_is_no_leak(gate: Gate, records: Records) -> None:
    records.fault = OSError(5, "I/O error")
    assert await ask(gate) == (503, {})


# ---- Nothing of it goes on ----


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", [PATH, f"{PATH}{REFERENCE}", f"{PATH}x?lang=pt"])
async def test_its_path_never_reaches_dingtalk(gate: Gate, judge: Judge, method: str, path: str) -> None:
    relay = InsideTls(gate, HOST)
    body = b"" if method == "GET" else b'{"sentence": "private"}'
    await relay.send(f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    assert relay.servers == []
    assert judge.seen == []
    assert relay.told.startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("length", [f"Content-Length: {LARGEST + 1}", "Transfer-Encoding: chunked"])
async def test_a_large_body_is_not_taken_in(gate: Gate, judge: Judge, length: str) -> None:
    relay = InsideTls(gate, HOST)
    await relay.send(f"POST {PATH}{REFERENCE} HTTP/1.1\r\nHost: {HOST}\r\n{length}\r\n\r\n".encode())
    assert relay.servers == []
    assert judge.seen == []
    assert relay.closed or not relay.told.startswith(b"HTTP/1.1 200")


async def test_on_other_sites_the_path_is_theirs(gate: Gate) -> None:
    made = flow(f"https://www.example.test{PATH}x", b"")
    await InPage(gate).request(made)
    assert made.response is None


async def test_through_the_gate_a_page_is_streamed_with_the_script_in_it(gate: Gate) -> None:
    relay = InsideTls(gate, HOST)
    lines = ["GET / HTTP/1.1", f"Host: {HOST}", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "", ""]
    await relay.send("\r\n".join(lines).encode())
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
    await relay.answer(head + PAGE[:40])
    assert b"const config" in relay.told  # before the rest is there
    await relay.answer(PAGE[40:])
    told = bytes(relay.told)
    assert b"Transfer-Encoding: chunked" in told
    assert b"Content-Length" not in told
    assert told.endswith(b"0\r\n\r\n")


async def test_through_the_gate_everything_else_is_byte_for_byte(gate: Gate) -> None:
    relay = InsideTls(gate, HOST)
    await relay.send(f"GET /a.js HTTP/1.1\r\nHost: {HOST}\r\nSec-Fetch-Dest: script\r\n\r\n".encode())
    answer = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "x"\r\nContent-Length: %d\r\n\r\n' % len(PAGE) + PAGE
    await relay.answer(answer)
    assert bytes(relay.told) == answer
