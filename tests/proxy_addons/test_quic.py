"""QUIC to DingTalk is sent back to TCP at once, recorded once a minute, and never relayed."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest
from aioquic._buffer import Buffer
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.packet import QuicPacketType, pull_quic_header

from cerco.runtime.gate import Gate
from proxy_addons.quic import MOST, Quic, _Datagrams, answer, asked_for
from tests.proxy_addons.flows import NOW, Judge, make_gate


def first_flight(name: str | None = "oapi.dingtalk.com") -> bytes:
    client = QuicConnection(configuration=QuicConfiguration(is_client=True, server_name=name, alpn_protocols=["h3"]))
    client.connect(("203.0.113.7", 443), now=0.0)
    return client.datagrams_to_send(now=0.0)[0][0]


FLIGHT = first_flight()


def test_the_answer_offers_a_version_nobody_speaks() -> None:
    made = answer(FLIGHT)
    assert made is not None
    asked = pull_quic_header(Buffer(data=FLIGHT), host_cid_length=8)
    told = pull_quic_header(Buffer(data=made), host_cid_length=8)
    assert told.packet_type is QuicPacketType.VERSION_NEGOTIATION
    assert told.supported_versions == [0x1A2A3A4A]
    assert (told.destination_cid, told.source_cid) == (asked.source_cid, asked.destination_cid)
    assert len(made) < len(FLIGHT)


@pytest.mark.parametrize(
    "datagram",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(FLIGHT[:1199], id="smaller than any first flight"),
        pytest.param(b"\x40" + FLIGHT[1:], id="short header"),
        pytest.param(b"\x80" + FLIGHT[1:], id="without the fixed bit"),
        pytest.param(FLIGHT[:1] + bytes(4) + FLIGHT[5:], id="version negotiation itself"),
        pytest.param(FLIGHT[:5] + b"\x15" + FLIGHT[6:], id="id too long"),
        pytest.param(FLIGHT[:5] + b"\xff" + FLIGHT[6:], id="id longer than anything"),
        pytest.param(b"\x00\x01\x02" * 400, id="something else"),
    ],
)
def test_nothing_else_is_answered(datagram: bytes) -> None:
    assert answer(datagram) is None


@pytest.mark.parametrize(
    ("datagram", "name"),
    [
        (FLIGHT, "oapi.dingtalk.com"),
        (first_flight("a.example"), "a.example"),
        (FLIGHT[:200] + bytes(1000), None),
        (b"", None),
        (b"\xc0" * 7, None),
    ],
)
def test_the_name_asked_for_is_read_if_it_is_there(datagram: bytes, name: str | None) -> None:
    assert asked_for(datagram) == name


class Socket(asyncio.DatagramTransport):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[bytes, Any]] = []

    def sendto(self, data: Any, addr: Any = None) -> None:
        self.sent.append((bytes(data), addr))


async def meet(quic: Quic, datagram: bytes, client: str = "10.0.0.8") -> Socket:
    socket, endpoint = Socket(), _Datagrams(quic)
    endpoint.connection_made(socket)
    endpoint.datagram_received(datagram, (client, 50000))
    await asyncio.gather(*quic._tasks)
    return socket


async def test_a_client_is_answered_and_recorded(gate: Gate, judge: Judge) -> None:
    socket = await meet(Quic(gate), FLIGHT, "::ffff:10.0.0.8")
    ((data, to),) = socket.sent
    assert len(data) < 100
    assert to == ("::ffff:10.0.0.8", 50000)
    assert judge.unread == [("opaque.quic", "opaque_protocol")]
    assert judge.hosts == ["oapi.dingtalk.com"]


async def test_what_is_not_quic_is_neither_answered_nor_recorded(gate: Gate, judge: Judge) -> None:
    assert (await meet(Quic(gate), b"\x00\x01\x02")).sent == []
    assert judge.unread == []


async def test_one_record_a_minute_for_each_client_and_name(gate: Gate, judge: Judge) -> None:
    quic, now = Quic(gate), NOW
    gate.clock = lambda: now
    for seconds, client, records in [(0, "a", 1), (30, "a", 1), (30, "b", 2), (61, "a", 3), (62, "a", 3)]:
        now = NOW + timedelta(seconds=seconds)
        await meet(quic, FLIGHT, client)
        assert len(judge.unread) == records, (seconds, client)


async def test_clients_are_forgotten_when_there_are_too_many(gate: Gate) -> None:
    quic = Quic(gate)
    quic._seen = {(str(n), "unknown"): NOW for n in range(MOST)}
    await meet(quic, FLIGHT)
    assert len(quic._seen) == MOST


@pytest.mark.parametrize(
    ("settings", "listens"),
    [
        ({"mode": ["transparent"]}, True),
        ({"mode": ["transparent"], "gateway": {"quic": "off"}}, False),
        ({"mode": ["regular"]}, False),
    ],
)
async def test_it_listens_beside_a_transparent_gate_only(settings: dict[str, Any], listens: bool) -> None:
    with_port = {**settings, "listen": {"host": "127.0.0.1", "port": 18_443}}
    quic = Quic(make_gate(**with_port))
    await quic.running()
    try:
        assert bool(quic._endpoints) is listens
    finally:
        quic.done()
    assert all(cast("Any", endpoint).is_closing() for endpoint in quic._endpoints)


async def test_a_port_that_is_taken_is_said_so(caplog: pytest.LogCaptureFixture) -> None:
    settings: dict[str, Any] = {
        "mode": ["transparent"],
        "listen": {"host": "192.0.2.1", "port": 18_443},
    }  # nobody's address: RFC 5737
    await Quic(make_gate(**settings)).running()
    assert "QUIC cannot be recorded" in caplog.text
