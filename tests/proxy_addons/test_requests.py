"""Every request to DingTalk has a verdict before it goes; what goes is what was judged; others are left alone."""

import asyncio
from typing import Any

import pytest
from mitmproxy.addons.proxyauth import ProxyAuth
from mitmproxy.http import Response

from cerco.dingtalk.outbound import Wire
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate
from cerco.runtime.reasons import Given
from proxy_addons.requests import Requests, hold, lift, refuse
from tests.proxy_addons.flows import (
    EDGE,
    HANDSHAKE,
    NOW,
    REFERENCE,
    SECRET,
    SWITCHED,
    InsideTls,
    Judge,
    Relay,
    connect,
    flow,
    h2_post,
    make_gate,
    post,
)

OAPI = "oapi.dingtalk.com"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
INIT = "/v1.0/storage/spaces/1/files/uploadInfos/query"


async def test_a_refused_request_is_answered_here_and_goes_nowhere(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI))
    assert relay.servers == []
    assert b"errcode" in relay.told
    assert f"Cerco-Reference: {REFERENCE}".encode() in relay.told


async def test_a_clean_one_goes_and_its_answer_comes_back(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    said = post(OAPI, b"hello")
    await relay.send(said)
    assert relay.received == said
    await relay.answer(OK)
    assert relay.told == OK


async def test_nothing_is_dialled_before_the_verdict(gate: Gate, judge: Judge) -> None:
    relay = InsideTls(gate, OAPI)
    said = post(OAPI, b"hello")
    await relay.send(said[:-1])
    assert relay.servers == []
    assert judge.seen == []
    await relay.send(said[-1:])
    assert len(relay.servers) == 1


FAULTS: dict[str, BaseException] = {
    "error": RuntimeError("quoted"),
    "timeout": TimeoutError(),
    "disk full": OSError(28, "No space left"),
    "cancelled": asyncio.CancelledError(),
    "out of memory": MemoryError(),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_whatever_stops_the_judging_the_refusal_stands(gate: Gate, judge: Judge, fault: BaseException) -> None:
    judge.fault = fault
    made = flow(body=SECRET)
    try:
        await Requests(gate).request(made)
    except asyncio.CancelledError:
        assert isinstance(fault, asyncio.CancelledError)
    assert made.response is not None
    assert "Cerco-Reference" in made.response.headers


@pytest.mark.parametrize("where", ["covers", "transports"])
async def test_a_fault_in_the_hook_itself_leaves_the_refusal(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(gate, where, None)  # calling it, or asking it, raises
    made = flow(body=SECRET)
    await Requests(gate).request(made)
    assert made.response is not None
    assert made.response.status_code == 403


async def test_while_the_gate_has_no_inspector_it_refuses() -> None:
    gate = make_gate()
    gate.inspector = None
    made = flow(body=b"clean")
    await Requests(gate).request(made)
    assert made.response is not None


async def test_while_the_site_observes_a_fault_lets_requests_go(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = make_gate(judge, enforcement="observe")
    judge.fault = RuntimeError()
    made = flow()
    await Requests(gate).request(made)
    assert made.response is None
    monkeypatch.setattr(gate, "covers", None)
    await Requests(gate).request(made)
    assert made.response is None


async def test_keep_alive_judges_each_request_by_its_own_names(gate: Gate, judge: Judge) -> None:
    relay = Relay(gate)
    for host, body in [("a.example", SECRET), (OAPI, b"clean"), ("b.example", SECRET), (OAPI, SECRET)]:
        await relay.send(post(host, body, path=f"http://{host}/x"))
        if body != SECRET or host != OAPI:
            await relay.answer(OK)
    assert SECRET in relay.sent["a.example:80"]
    assert SECRET in relay.sent["b.example:80"]
    assert SECRET not in relay.sent[f"{OAPI}:443"]
    assert [wire.host for wire in judge.seen] == [OAPI, OAPI]


async def test_pipelined_requests_are_judged_one_by_one(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI, b"clean") + post(OAPI, SECRET))
    await relay.answer(OK)
    assert SECRET not in relay.received
    assert b"errcode" in relay.told


async def test_expect_100_is_answered_here(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    said = post(OAPI, SECRET, "Expect: 100-continue")
    await relay.send(said[: -len(SECRET)])
    assert relay.told.startswith(b"HTTP/1.1 100")
    await relay.send(SECRET)
    assert relay.received == b""
    assert b"errcode" in relay.told


# --- what goes is what was judged ---


async def test_a_label_replaces_the_body_and_its_length(gate: Gate, judge: Judge) -> None:
    judge.judge, judge.body = (lambda _: "tagged"), b"a longer body"
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI, b"short"))
    assert b"Content-Length: 13\r\n" in relay.received
    assert relay.received.endswith(b"\r\n\r\na longer body")


async def test_an_http2_body_without_length_is_no_second_request_to_an_http1_origin(gate: Gate) -> None:
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    relay = InsideTls(gate, OAPI, b"h2")
    await relay.send(h2_post(OAPI, smuggled))
    head, _, body = relay.received.partition(b"\r\n\r\n")
    assert body == smuggled
    assert f"Content-Length: {len(smuggled)}".encode() in head


@pytest.mark.parametrize("coding", ["chunked", "gzip, chunked", "deflate, chunked"])
async def test_a_transfer_coding_ends_here(gate: Gate, judge: Judge, coding: str) -> None:
    relay = InsideTls(gate, OAPI)
    head = f"POST /robot/send HTTP/1.1\r\nHost: {OAPI}\r\nTransfer-Encoding: {coding}\r\n\r\n".encode()
    await relay.send(head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert judge.seen[0].body == b"abcde"
    assert b"ransfer-" not in relay.received
    assert relay.received.endswith(b"Content-Length: 5\r\n\r\nabcde")


async def test_a_request_without_body_gets_no_length(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    said = f"GET /x HTTP/1.1\r\nHost: {OAPI}\r\n\r\n".encode()
    await relay.send(said)
    assert relay.received == said


async def test_trailers_are_not_sent_on(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI, b"h2")
    await relay.send(h2_post(OAPI, b"clean", trailers=[("x-note", SECRET.decode())]))
    assert b"clean" in relay.received
    assert SECRET not in relay.received


@pytest.mark.parametrize("inject", ["x\r\nHost: a.example", "x\r\n\r\nGET /", "x\0", "x\n y"])
async def test_an_http2_field_cannot_become_two_http1_fields(gate: Gate, inject: str) -> None:
    relay = InsideTls(gate, OAPI, b"h2")
    await relay.send(h2_post(OAPI, b"clean", ("x-note", inject)))
    assert relay.received == b""


@pytest.mark.parametrize(
    ("address", "target", "sent_to"),
    [
        pytest.param((EDGE, 80), "/x", f"{OAPI}:443", id="transparent"),
        pytest.param((EDGE, 8080), "/x", f"{OAPI}:8080", id="another port stays"),
        pytest.param((EDGE, 80), "http://a.example/x", f"{OAPI}:443", id="another target"),
    ],
)
async def test_cleartext_is_upgraded_to_the_name_that_was_judged(
    gate: Gate, judge: Judge, address: tuple[str, int], target: str, sent_to: str
) -> None:
    relay = Relay(gate, "transparent", address=address)
    await relay.send(post(OAPI, b"clean", path=target))
    assert relay.sent.keys() == {sent_to}
    assert all(server.tls and server.sni == OAPI for server in relay.servers)
    assert judge.seen[0].scheme == "http"
    assert b"a.example" not in relay.received


# --- upgrades ---


def upgrade(*lines: str) -> bytes:
    return "\r\n".join([f"GET /long HTTP/1.1\r\nHost: {OAPI}", *lines, "", ""]).encode()


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        pytest.param(HANDSHAKE, True, id="websocket 13"),
        pytest.param(("Upgrade: WebSocket", *HANDSHAKE[1:]), True, id="in capitals"),
        pytest.param((*HANDSHAKE[:2], "Sec-WebSocket-Version: 8", HANDSHAKE[3]), False, id="an older version"),
        pytest.param((*HANDSHAKE, "Sec-WebSocket-Version: 8"), False, id="two versions"),
        pytest.param((*HANDSHAKE, "Upgrade: lab/1"), False, id="two protocols"),
        pytest.param(("Upgrade: h2c", "Connection: Upgrade"), False, id="h2c"),
        pytest.param(("Upgrade: h2c, lab/1", "Connection: Upgrade"), False, id="h2c and another"),
        pytest.param(("Upgrade: lab/1", "Connection: Upgrade"), False, id="unknown"),
    ],
)
async def test_only_an_upgrade_that_can_be_read_is_asked_for(gate: Gate, lines: tuple[str, ...], asked: bool) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(upgrade(*lines))
    assert (b"\r\nupgrade:" in relay.received.lower()) is asked


async def test_an_upgrade_nobody_asked_for_is_refused_and_nothing_follows(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(upgrade("Upgrade: lab/1", "Connection: Upgrade"))
    before = relay.received
    await relay.answer(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: lab/1\r\nConnection: Upgrade\r\n\r\n")
    await relay.send(SECRET, post(OAPI, SECRET))
    assert relay.told.startswith(b"HTTP/1.1 403")
    assert relay.received == before


async def test_other_sites_may_upgrade_to_what_they_like(gate: Gate) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(b"GET /x HTTP/1.1\r\nHost: a.example\r\nUpgrade: lab/1\r\nConnection: Upgrade\r\n\r\n")
    await relay.answer(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: lab/1\r\nConnection: Upgrade\r\n\r\n")
    await relay.send(b"anything at all")
    assert relay.received.endswith(b"anything at all")


# --- other sites ---


async def test_other_sites_uploads_are_streamed(gate: Gate) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    said = post("a.example", b"x" * 100)
    await relay.send(said[:-60])
    assert relay.received == said[:-60]
    await relay.send(said[-60:])
    assert relay.received == said


async def test_an_answer_that_comes_before_the_upload_ends_is_kept(gate: Gate) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    said = post("a.example", b"x" * 100)
    await relay.send(said[:-60])
    await relay.answer(b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nno")
    await relay.send(said[-60:])
    await relay.answer(b"way")
    assert relay.told == b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nnoway"
    assert not relay.crashed


@pytest.mark.parametrize("body", [b"", b"x" * 100], ids=["without a body", "with a body"])
@pytest.mark.parametrize("host", ["a.example", OAPI])
async def test_proxy_authentication_is_not_undone(judge: Judge, body: bytes, host: str) -> None:
    relay = Relay(make_gate(judge), before=[ProxyAuth()], proxyauth="user:word")
    await relay.send(post(host, body, path=f"http://{host}/x"))
    assert relay.servers == []
    assert relay.told.startswith(b"HTTP/1.1 407")
    relay = Relay(make_gate(judge), before=[ProxyAuth()], proxyauth="user:word")
    await relay.send(post(host, body, "Proxy-Authorization: Basic dXNlcjp3b3Jk", path=f"http://{host}/x"))
    assert body in relay.received
    assert b"dXNlcjp3b3Jk" not in relay.received


async def test_connect_needs_proxy_authentication_too(gate: Gate) -> None:
    relay = Relay(gate, before=[ProxyAuth()], proxyauth="user:word")
    await relay.send(connect("a.example:80"), post("a.example"))
    assert relay.received == b""


def test_hold_and_lift_come_and_go_together() -> None:
    made = flow()
    hold(made)
    assert made.response is not None
    assert made.response.status_code == 403
    lift(made)
    assert not made.response


def test_hold_and_lift_leave_another_addons_answer_alone_and_refuse_does_not() -> None:
    made = flow()
    made.response = theirs = Response.make(407)
    hold(made)
    lift(made)
    assert made.response is theirs
    refuse(made)
    assert made.response.status_code == 403


# --- answers ---


async def test_downloads_are_streamed(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(f"GET /x HTTP/1.1\r\nHost: {OAPI}\r\n\r\n".encode())
    await relay.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1000)
    assert relay.told.endswith(b"x" * 1000)


@pytest.mark.parametrize(("host", "kept"), [(OAPI, False), ("a.example", True)])
async def test_dingtalk_cannot_invite_clients_to_quic(gate: Gate, host: str, kept: bool) -> None:
    relay = InsideTls(gate, host)
    await relay.send(f"GET /x HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await relay.answer(b'HTTP/1.1 200 OK\r\nAlt-Svc: h3=":443"\r\nContent-Length: 4\r\n\r\nok')
    assert b"\r\n\r\nok" in relay.told
    assert (b"alt-svc" in bytes(relay.told).lower()) is kept


async def learning(gate: Gate, **parts: Any) -> InsideTls:
    relay = InsideTls(gate, "api.dingtalk.com")
    await relay.send(post("api.dingtalk.com", b'{"protocol":"HEADER_SIGNATURE"}', path=INIT + "?unionId=u"))
    assert relay.received
    await relay.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n" + b'{"uploadKey":')
    assert relay.told == b""  # held until it is whole
    await relay.answer(parts.get("rest", b'"key"}'))
    return relay


async def test_an_answer_that_hands_out_keys_is_held_and_learned(gate: Gate, judge: Judge) -> None:
    relay = await learning(gate)
    assert relay.told.endswith(b'{"uploadKey":"key"}')
    assert [reply.body for reply in judge.learned] == [b'{"uploadKey":"key"}']


async def test_keys_that_cannot_be_remembered_are_not_handed_out(gate: Gate, judge: Judge) -> None:
    relay = InsideTls(gate, "api.dingtalk.com")
    await relay.send(post("api.dingtalk.com", b"{}", path=INIT))
    judge.fault = OSError(28, "No space left")
    await relay.answer(b'HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{"uploadKey":"key"}')
    assert relay.told.startswith(b"HTTP/1.1 403")
    assert b"uploadKey" not in relay.told


async def test_nothing_is_learned_from_the_gates_own_refusal(gate: Gate, judge: Judge) -> None:
    relay = InsideTls(gate, "api.dingtalk.com")
    await relay.send(post("api.dingtalk.com", SECRET, path=INIT))
    assert relay.told.startswith(b"HTTP/1.1 403")
    assert judge.learned == []


async def test_the_tls_version_agreed_last_is_told_to_the_record(gate: Gate, judge: Judge) -> None:
    gate.transports[OAPI] = "TLSv1.3"
    await InsideTls(gate, OAPI).send(post(OAPI, b"clean"))
    assert judge.seen[0].tls_server == "TLSv1.3"
    assert gate.clock() == NOW


async def test_a_websocket_handshake_is_judged_as_a_request(gate: Gate, judge: Judge) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(upgrade(*HANDSHAKE, f"X-Note: {SECRET.decode()}"))
    assert relay.received == b""
    assert len(judge.seen) == 1
    assert SWITCHED not in relay.told


# ---- Reasons that come along ----

REASON = f"{REFERENCE} customer the%20customer%20%E8%A6%81"


class Asked(Judge):
    """Remembers the reasons that came along."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Given | None] = []

    async def inspect(self, wire: Wire, _: float, **more: Any) -> Decision:
        self.given.append(more.get("given"))
        return await super().inspect(wire, _, **more)


@pytest.mark.parametrize(
    ("header", "given"),
    [
        pytest.param(REASON, Given(REFERENCE, "customer", "the customer 要"), id="as written"),
        pytest.param(REASON.lower(), Given(REFERENCE, "customer", "the customer 要"), id="a reference in lower case"),
        pytest.param(f"{REFERENCE}  law   plain words too", Given(REFERENCE, "law", "plain words too"), id="spaces"),
        pytest.param(f"{REFERENCE} law", None, id="no sentence"),
        pytest.param("x law sentence", None, id="no reference"),
        pytest.param("", None, id="empty"),
    ],
)
async def test_a_program_may_give_a_reason(header: str, given: Given | None) -> None:
    judge = Asked()
    await Requests(make_gate(judge)).request(flow(Cerco_Justification=header))
    assert judge.given == [given]


@pytest.mark.parametrize("header", [REASON, "private words", f"{REFERENCE} law"])
async def test_what_it_writes_is_for_the_gate_alone(header: str) -> None:
    judge = Asked()
    relay = InsideTls(make_gate(judge), OAPI)
    await relay.send(post(OAPI, b"hello", f"Cerco-Justification: {header}", f"cerco-justification: {header}"))
    assert relay.received == post(OAPI, b"hello")
    assert all("customer" not in str(wire.headers) and "private" not in str(wire.headers) for wire in judge.seen)


async def test_a_browser_gives_none_this_way() -> None:
    """Any script of a page could, in place of the person; people have the form."""
    judge = Asked()
    made = flow(Cerco_Justification=REASON, Sec_Fetch_Mode="cors")
    await Requests(make_gate(judge)).request(made)
    assert judge.given == [None]
    assert "Cerco-Justification" not in made.request.headers


async def test_a_reason_that_could_not_be_judged_is_a_refusal(gate: Gate, judge: Judge) -> None:
    judge.fault = RuntimeError("quoted")
    made = flow(Cerco_Justification=REASON)
    await Requests(gate).request(made)
    assert made.response is not None
    assert "customer" not in str(made.response.headers)
