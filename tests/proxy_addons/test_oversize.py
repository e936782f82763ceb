"""A body the gate may not hold is refused in its channel's language, and no byte of it goes."""

from typing import Any

import pytest
from mitmproxy.proxy.layers.http import HttpStream

from cerco.runtime.gate import Gate
from proxy_addons.oversize import Oversize
from tests.proxy_addons.flows import EDGE, SECRET, InsideTls, Judge, Relay, h2_post, make_gate, post

OAPI = "oapi.dingtalk.com"
LIMIT = 4096


@pytest.fixture
def gate(judge: Judge) -> Gate:
    return make_gate(judge, limits={"body": LIMIT})


def chunked(*pieces: bytes) -> bytes:
    head = f"POST /robot/send HTTP/1.1\r\nHost: {OAPI}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))


BIG = SECRET + b"x" * LIMIT
WAYS = {
    "announced": [post(OAPI, BIG)],
    "announced, and only the head sent": [post(OAPI, BIG)[: -len(BIG)]],
    "in chunks": [chunked(BIG[:2000], BIG[2000:])],
    "in chunks, one by one": [chunked(BIG[:2000], BIG[2000:])[n : n + 700] for n in range(0, 5000, 700)],
    "one byte too many": [post(OAPI, b"x" * (LIMIT + 1))],
}


@pytest.mark.parametrize("segments", WAYS.values(), ids=WAYS)
async def test_it_is_refused_in_the_channels_language(gate: Gate, judge: Judge, segments: list[bytes]) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(*segments)
    assert relay.received == b""
    assert relay.told.startswith(b"HTTP/1.1 200 OK")
    assert b'"errcode"' in relay.told
    assert judge.unread == [("oversize.request", "too_large")]
    assert judge.seen == []


async def test_over_http2_as_well(gate: Gate, judge: Judge) -> None:
    relay = InsideTls(gate, OAPI, b"h2")
    await relay.send(h2_post(OAPI, BIG))
    assert relay.received == b""
    assert judge.unread == [("oversize.request", "too_large")]
    assert not relay.crashed


async def test_a_client_that_waits_for_100_is_answered_at_once(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI, BIG, "Expect: 100-continue")[: -len(BIG)])
    assert relay.told.startswith(b"HTTP/1.1 200 OK")


async def test_the_next_request_of_the_connection_is_served(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI, BIG), post(OAPI, b"clean"))
    assert relay.received == post(OAPI, b"clean")
    assert not relay.crashed


@pytest.mark.parametrize("segments", [[post(OAPI, b"x" * LIMIT)], [chunked(b"x" * 2000, b"x" * 2096)]])
async def test_a_body_of_just_the_limit_is_read(gate: Gate, judge: Judge, segments: list[bytes]) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(*segments)
    assert len(judge.seen[0].body) == LIMIT
    assert relay.received.endswith(b"x" * LIMIT)


async def test_other_sites_have_no_limit(gate: Gate) -> None:
    said = post("a.example", BIG)
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(said)
    assert relay.received == said


async def test_downloads_have_no_limit(gate: Gate) -> None:
    relay = InsideTls(gate, OAPI)
    await relay.send(f"GET /x HTTP/1.1\r\nHost: {OAPI}\r\n\r\n".encode())
    await relay.answer(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BIG), BIG))
    assert relay.told.endswith(BIG)


@pytest.mark.parametrize("opens", ["allowed", "observed"])
async def test_no_policy_can_send_what_is_not_here(gate: Gate, judge: Judge, opens: str) -> None:
    judge.opens = opens
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI, BIG))
    assert relay.received == b""
    assert relay.told


async def test_a_fault_while_judging_refuses_too(gate: Gate, judge: Judge) -> None:
    judge.fault = RuntimeError()
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI, BIG))
    assert relay.received == b""
    assert relay.told


async def test_a_fault_in_the_hook_refuses_without_words(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy_addons.oversize.head_wire", None)
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI, BIG))
    assert relay.received == b""
    assert relay.told.startswith(b"HTTP/1.1 403")


def test_another_mitmproxy_is_not_patched(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def another(*_: Any) -> Any:
        return None

    monkeypatch.setattr(HttpStream, "check_body_size", another)
    with pytest.raises(RuntimeError, match="install the pinned one"):
        Oversize(gate).load(None)
    assert HttpStream.check_body_size.__name__ == "another"


def test_the_limit_is_that_of_the_gate_started_last(gate: Gate, judge: Judge) -> None:
    Oversize(gate).load(None)
    first = HttpStream.check_body_size
    Oversize(make_gate(judge, limits={"body": 10})).load(None)
    assert HttpStream.check_body_size is not first
    assert HttpStream.check_body_size.replaces is first.replaces  # type: ignore[attr-defined]
