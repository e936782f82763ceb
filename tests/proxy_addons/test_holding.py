"""A body too large for memory: not a byte of its request leaves before the verdict, and none of it stays."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, StreamEnded
from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers.http import HttpStream

from cerco.dingtalk.held import CHUNK
from cerco.dingtalk.outbound import Wire
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate
from cerco.state import holding
from proxy_addons.holding import Holding
from tests.proxy_addons.flows import EDGE, SECRET, InsideTls, Judge, Relay, decision, h2_post, make_gate, post

STORE = "zjk.trans.dingtalk.com"
OAPI = "oapi.dingtalk.com"
MEMORY = 4096
ROOM = 8 * CHUNK
FORM = "Content-Type: multipart/form-data; boundary=b"
CLEAN = bytes(range(256)) * (2 * CHUNK // 256) + b"the end"


@pytest.fixture
def judge() -> Judge:
    """Blocks what holds the marker anywhere in its body."""
    return Judge(lambda wire: "blocked" if SECRET in whole(wire) else "allowed")


@pytest.fixture
def gate(judge: Judge, tmp_path: Path) -> Gate:
    return gate_with(judge, tmp_path)


def gate_with(judge: Judge, folder: Path, **limits: Any) -> Gate:
    gate = make_gate(judge, limits={"in_memory": MEMORY, **limits})
    gate.holding = holding.Holding(folder / "held", ROOM)
    return gate


def whole(wire: Wire) -> bytes:
    return wire.held.whole() if wire.held else wire.body


def free(gate: Gate) -> int:
    assert gate.holding
    return gate.holding.free


def put(body: bytes, *headers: str, length: int | None = None) -> bytes:
    head = [f"PUT /yundisk0/a.file HTTP/1.1\r\nHost: {STORE}", *headers]
    return "\r\n".join([*head, f"Content-Length: {len(body) if length is None else length}", "", ""]).encode() + body


def chunked(body: bytes) -> bytes:
    head = f"PUT /yundisk0/a.file HTTP/1.1\r\nHost: {STORE}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    pieces = [body[at : at + 50_000] for at in range(0, len(body), 50_000)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def segments(sent: bytes) -> list[bytes]:
    return [sent[at : at + 65_535] for at in range(0, len(sent), 65_535)]


@pytest.mark.parametrize("sent", [put(CLEAN), chunked(CLEAN)])
async def test_a_clean_one_arrives_as_it_was_sent(gate: Gate, judge: Judge, sent: bytes) -> None:
    relay = InsideTls(gate, STORE)
    judge.judge = lambda _: "blocked" if relay.received or relay.servers else "allowed"
    await relay.send(*segments(sent))
    head, _, body = relay.received.partition(b"\r\n\r\n")
    assert body == CLEAN
    assert b"Content-Length: %d" % len(CLEAN) in head
    assert b"hunked" not in head
    assert [wire.held is not None for wire in judge.seen] == [True]
    assert free(gate) == ROOM
    await relay.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    assert relay.told.endswith(b"ok")
    judge.judge = lambda _: "allowed"
    await relay.send(put(b"small"))
    assert relay.received.endswith(put(b"small"))


async def test_the_wire_begins_with_what_the_body_begins_with(gate: Gate, judge: Judge) -> None:
    await InsideTls(gate, STORE).send(*segments(put(CLEAN)))
    assert CLEAN.startswith(judge.seen[0].body)
    assert 0 < len(judge.seen[0].body) < len(CLEAN)


@pytest.mark.parametrize("make", [put, chunked])
async def test_nothing_of_a_refused_one_leaves(gate: Gate, make: Callable[[bytes], bytes]) -> None:
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(make(CLEAN + SECRET)))
    assert relay.received == b""
    assert relay.servers == []
    assert relay.told.startswith(b"HTTP/1.1 403")
    assert b"<Error>" in relay.told
    assert free(gate) == ROOM


@pytest.mark.parametrize(("body", "goes"), [(CLEAN, True), (CLEAN + SECRET, False)])
async def test_over_http2_as_well(gate: Gate, body: bytes, goes: bool) -> None:
    relay = BothOverHttp2(gate, STORE, b"h2")
    client = H2Connection(H2Configuration(client_side=True))
    client.initiate_connection()
    await relay.send(client.data_to_send())
    client.receive_data(bytes(relay.told))  # its settings, with windows as wide as they go
    head = [(":method", "PUT"), (":scheme", "https"), (":authority", STORE), (":path", "/yundisk0/a.file")]
    client.send_headers(1, head)
    size = client.max_outbound_frame_size
    for at in range(0, len(body), size):
        client.send_data(1, body[at : at + size])
    client.end_stream(1)
    relay.told.clear()
    sending = asyncio.create_task(relay.send(*segments(client.data_to_send())))
    arrived, ended = await served(relay, sending)
    assert (arrived, ended) == ((body, True) if goes else (b"", False))
    assert free(gate) == ROOM
    assert not relay.crashed


class BothOverHttp2(InsideTls):
    """An HTTP/2 client, and an origin that speaks it too."""

    async def _complete(self, command: commands.Command) -> events.Event | None:
        done = await super()._complete(command)
        if isinstance(command, commands.OpenConnection):
            command.connection.alpn = b"h2"
        return done


async def served(relay: InsideTls, sending: "asyncio.Task[None]") -> tuple[bytes, bool]:
    """Be an HTTP/2 origin that gives leave for a little at a time; return the body and whether it was ended."""
    origin = H2Connection(H2Configuration(client_side=False))
    origin.initiate_connection()
    taken, body, ended = 0, b"", False
    for _ in range(4000):
        await asyncio.sleep(0.001)
        new = relay.received[taken:]
        taken += len(new)
        for event in origin.receive_data(new) if new else ():
            match event:
                case DataReceived(data=bytes(data), flow_controlled_length=int(size)):
                    body += data
                    origin.acknowledge_received_data(size, 1)
                case StreamEnded():
                    ended = True
        if relay.servers and (said := origin.data_to_send()):
            await relay.answer(said)
        if sending.done() and not new:
            break
    await sending
    return body, ended


async def test_a_small_one_stays_in_memory(gate: Gate, judge: Judge) -> None:
    relay = InsideTls(gate, STORE)
    await relay.send(put(b"x" * MEMORY))
    assert judge.seen[0].held is None
    assert relay.received.endswith(b"x" * MEMORY)


async def test_a_form_may_be_as_large_as_an_upload(judge: Judge, tmp_path: Path) -> None:
    gate = gate_with(judge, tmp_path, body=10_000, upload=200_000)
    relay = InsideTls(gate, OAPI)
    await relay.send(post(OAPI, b"x" * 200_000, FORM))
    assert relay.received.endswith(b"x" * 200_000)
    await InsideTls(gate, OAPI).send(post(OAPI, b"x" * 200_001, FORM))
    assert judge.unread == [("oversize.request", "too_large")]


async def test_anything_else_may_not(judge: Judge, tmp_path: Path) -> None:
    relay = InsideTls(gate_with(judge, tmp_path, body=10_000, upload=200_000), OAPI)
    await relay.send(post(OAPI, b"x" * 10_001))
    assert judge.unread == [("oversize.request", "too_large")]
    assert relay.received == b""


@pytest.mark.parametrize("sent", [put(bytes(200_001)), chunked(bytes(200_001))])
async def test_one_over_the_limit_is_refused_and_let_go_of(judge: Judge, tmp_path: Path, sent: bytes) -> None:
    gate = gate_with(judge, tmp_path, upload=200_000)
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(sent))
    assert judge.unread == [("oversize.request", "too_large")]
    assert (relay.received, free(gate)) == (b"", ROOM)


@pytest.mark.parametrize("sent", [put(b"", length=9 * CHUNK), chunked(bytes(9 * CHUNK))], ids=["announced", "grown"])
async def test_without_room_it_is_refused(gate: Gate, judge: Judge, sent: bytes) -> None:
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(sent))
    assert judge.unread == [("oversize.no-room", "too_large")]
    assert (relay.received, judge.seen, free(gate)) == (b"", [], ROOM)
    assert b"<Error>" in relay.told
    assert not relay.crashed


@pytest.mark.parametrize("opens", ["allowed", "observed"])
async def test_no_policy_can_send_what_there_was_no_room_for(gate: Gate, judge: Judge, opens: str) -> None:
    judge.opens = opens
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(chunked(bytes(9 * CHUNK))))
    assert relay.received == b""


async def test_two_share_the_room_and_the_second_finds_none(gate: Gate, judge: Judge) -> None:
    first, second = InsideTls(gate, STORE), InsideTls(gate, STORE)
    large = put(bytes(5 * CHUNK))
    await first.send(*segments(large)[:-1])
    await second.send(*segments(chunked(bytes(5 * CHUNK))))
    assert judge.unread == [("oversize.no-room", "too_large")]
    await first.send(segments(large)[-1])
    assert first.received.endswith(bytes(5 * CHUNK))
    assert (second.received, free(gate)) == (b"", ROOM)


async def test_a_disk_that_fails_refuses(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "held").write_bytes(b"")
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(put(CLEAN)))
    assert relay.received == b""
    assert b"<Error>" in relay.told


async def test_a_gate_without_room_of_any_kind_refuses(judge: Judge) -> None:
    relay = InsideTls(make_gate(judge, limits={"in_memory": MEMORY}), STORE)
    await relay.send(*segments(put(CLEAN)))
    assert relay.received == b""
    assert relay.told


@pytest.mark.parametrize("alpn", [b"http/1.1", b"h2"])
async def test_a_client_that_goes_away_half_way_leaves_nothing(gate: Gate, judge: Judge, alpn: bytes) -> None:
    relay = InsideTls(gate, STORE, alpn)
    sent = (
        put(CLEAN)[:300_000] if alpn != b"h2" else h2_post(STORE, CLEAN[:16_000], trailers=[("x-said", "later")])[:-5]
    )
    await relay.send(*segments(sent))
    assert free(gate) < ROOM
    await relay.hang_up()
    assert (free(gate), judge.seen, relay.received) == (ROOM, [], b"")


async def test_a_client_that_goes_away_while_it_is_judged_sends_nothing(
    gate: Gate, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = InsideTls(gate, STORE)

    async def leave(wire: Wire, _: float, **__: object) -> Decision:
        await relay.hang_up()
        return decision(wire, "allowed")

    monkeypatch.setattr(judge, "inspect", leave)
    await relay.send(*segments(put(CLEAN)))
    assert (free(gate), relay.received) == (ROOM, b"")


async def test_a_body_that_is_gone_is_broken_off(gate: Gate, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = 0

    def read(self: holding.HeldFile, at: int, count: int) -> bytes:
        nonlocal reads
        reads += 1
        if reads == 3:
            raise holding.HoldingError(5, "gone")
        return original(self, at, count)

    original = holding.HeldFile.read
    judge.judge = lambda _: "allowed"
    monkeypatch.setattr(holding.HeldFile, "read", read)
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(put(CLEAN)))
    assert len(relay.received) < len(CLEAN)
    assert relay.servers[0].state is ConnectionState.CLOSED
    assert relay.told.startswith(b"HTTP/1.1 502")
    assert free(gate) == ROOM


async def test_a_server_that_goes_away_half_way_is_told_of(
    gate: Gate, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = InsideTls(gate, STORE)

    def read(self: holding.HeldFile, at: int, count: int) -> bytes:
        if relay.servers and at:
            relay.servers[0].state = ConnectionState.CLOSED
        return original(self, at, count)

    original = holding.HeldFile.read
    judge.judge = lambda _: "allowed"
    monkeypatch.setattr(holding.HeldFile, "read", read)
    await relay.send(*segments(put(CLEAN)))
    assert len(relay.received) < len(CLEAN)
    assert free(gate) == ROOM


async def test_a_server_that_takes_nothing_is_not_waited_for(
    gate: Gate, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: Relay) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("proxy_addons.holding.STALLED", 0.05)
    monkeypatch.setattr(Relay, "drain_writers", never)
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(put(CLEAN)))
    assert relay.servers[0].state is ConnectionState.CLOSED
    assert relay.told.startswith(b"HTTP/1.1 502")
    assert free(gate) == ROOM


async def test_a_label_takes_the_place_of_what_was_sent(gate: Gate, judge: Judge) -> None:
    judge.judge, judge.body = lambda _: "tagged", b"labelled"
    relay = InsideTls(gate, OAPI)
    await relay.send(*segments(post(OAPI, CLEAN, FORM)))
    assert relay.received.endswith(b"Content-Length: 8\r\n\r\nlabelled")


async def test_a_fault_while_judging_refuses(gate: Gate, judge: Judge) -> None:
    judge.fault = RuntimeError()
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(put(CLEAN)))
    assert (relay.received, free(gate)) == (b"", ROOM)
    assert relay.told


async def test_a_fault_in_the_hook_refuses(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy_addons.requests.request_wire", None)
    relay = InsideTls(gate, STORE)
    await relay.send(*segments(put(CLEAN)))
    assert (relay.received, free(gate)) == (b"", ROOM)
    assert relay.told.startswith(b"HTTP/1.1 403")


async def test_other_sites_bodies_are_not_held(gate: Gate) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(post("a.example", CLEAN)[:300_000])
    assert free(gate) == ROOM
    assert relay.received


def test_another_mitmproxy_is_not_patched(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def another(*_: Any) -> Any:
        return None

    monkeypatch.setattr(HttpStream, "state_consume_request_body", another)
    with pytest.raises(RuntimeError, match="install the pinned one"):
        Holding(gate).load(None)
    assert HttpStream.state_consume_request_body.__name__ == "another"
