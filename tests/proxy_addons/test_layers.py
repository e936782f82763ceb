"""No bytes for DingTalk pass as "raw TCP"; what is not DingTalk's passes as it is."""

import itertools
from collections.abc import Sequence

import pytest
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

from cerco.runtime.gate import Gate
from proxy_addons.layers import is_http
from tests.proxy_addons.flows import EDGE, SECRET, InsideTls, Judge, Relay, connect, post

OAPI = "oapi.dingtalk.com"
PLAIN = post(OAPI)


def bytewise(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


# How a request may begin, and in which segments it may come.
REQUESTS: dict[str, Sequence[bytes]] = {
    "whole": [PLAIN],
    "single bytes": bytewise(PLAIN),
    "method first": [b"POST ", PLAIN[5:]],
    "line without its end first": [PLAIN[:20], PLAIN[20:]],
    "empty line first": [b"\r\n", PLAIN],
    "empty line in front": [b"\r\n" + PLAIN, b""],
    "bare line feed in front": [b"\n" + PLAIN, b""],
    "bare carriage returns in front": [b"\r\r\r\n" + PLAIN],
    "single bytes after an empty line": bytewise(b"\r\n" + PLAIN),
    "method with a hyphen": [post(OAPI, method="X-POST")],
    "method with an underscore": [post(OAPI, method="X_POST")],
    "short method": [post(OAPI, method="X")],
    "long method": [post(OAPI, method="POST" * 12)],
    "lower-case method": [post(OAPI, method="post")],
    "method that mitmproxy takes for SSH": [post(OAPI, method="SSH")],
    "tab after the method": [PLAIN.replace(b"POST ", b"POST\t")],
    "control character in the target": [post(OAPI, path="/robot/\x01send")],
    "lower-case version": [PLAIN.replace(b"HTTP/1.1", b"http/1.1")],
    "bare line feeds": [PLAIN.replace(b"\r\n", b"\n")],
    "very long target": [post(OAPI, path="/robot/send?" + "x" * 70_000)],
}


@pytest.mark.parametrize("segments", REQUESTS.values(), ids=REQUESTS)
async def test_however_a_request_begins_it_is_judged_or_nothing_goes(gate: Gate, segments: Sequence[bytes]) -> None:
    relays = [
        Relay(gate, "transparent", address=(EDGE, 80)),
        Relay(gate, "transparent", address=(EDGE, 8080)),
        InsideTls(gate, OAPI),
        InsideTls(gate, OAPI, alpn=None),
    ]
    tunnelled = Relay(gate)
    await tunnelled.send(connect(f"{OAPI}:80"))
    for relay in [*relays, tunnelled]:
        await relay.send(*segments)
        assert relay.received == b""


CLEAN = post(OAPI, b"hello world")
HONEST: dict[str, Sequence[bytes]] = {
    "whole": [CLEAN],
    "single bytes": bytewise(CLEAN),
    "method first": [b"POST ", CLEAN[5:]],
    "empty line first": [b"\r\n", CLEAN],
}


@pytest.mark.parametrize("segments", HONEST.values(), ids=HONEST)
async def test_the_same_beginnings_are_served_with_clean_content(gate: Gate, segments: Sequence[bytes]) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(*segments)
    assert relay.sent.keys() == {f"{OAPI}:443"}
    assert relay.received.endswith(b"\r\n\r\nhello world")


@pytest.mark.parametrize("first", [1, 2, 3, 4, 5, 10, 30])
async def test_other_sites_get_their_requests_byte_for_byte(gate: Gate, first: int) -> None:
    said = post("www.example.test", b"anything " + SECRET)
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(said[:first], said[first:])
    assert relay.received == said


RAW = {
    "binary": b"\x00\x01\x02\x03 nobody's business",
    "SSH": b"SSH-2.0-OpenSSH_9.6 Debian\r\n",
    "IRC": b"NICK someone\r\n",
    "Redis": b"*1\r\n$4\r\nPING\r\n",
    "Git": b"0032git-upload-pack /project.git\0host=example.test\0",
    "MQTT": b"\x10\x20\x00\x04MQTT\x04\x02\x00\x3c\x00\x14" + b"x" * 20,
    "MQTT with a longer length": b"\x10\x80\x01\x00\x04MQTT\x04\x02\x00\x3c\x00\x74" + b"x" * 116,
    "BitTorrent": b"\x13BitTorrent protocol" + bytes(8),
}


@pytest.mark.parametrize("said", RAW.values(), ids=RAW)
@pytest.mark.parametrize("port", [443, 9999])
async def test_other_hosts_protocols_pass_untouched(gate: Gate, judge: Judge, said: bytes, port: int) -> None:
    relay = Relay(gate)
    await relay.send(connect(f"other.example.test:{port}"), said)
    assert relay.received == said
    assert judge.unread == []


@pytest.mark.parametrize("said", RAW.values(), ids=RAW)
async def test_to_dingtalk_they_are_closed_and_recorded(gate: Gate, judge: Judge, said: bytes) -> None:
    relay = Relay(gate)
    await relay.send(connect("lws.dingtalk.com:443"), said)
    assert relay.received == b""
    assert relay.closed
    assert [why for _, why in judge.unread] == ["opaque_protocol"]
    assert judge.hosts == ["lws.dingtalk.com"]


LWS = b"\x10\x40\x40\x00" + b"k" * 60


@pytest.mark.parametrize(
    ("port", "said", "operation"),
    [
        pytest.param(443, LWS, "opaque.lws", id="LWS on 443"),
        pytest.param(80, LWS, "opaque.lws", id="LWS on 80"),
        pytest.param(8443, LWS, None, id="the same bytes on another port"),
        pytest.param(443, b"\x1f\xff\x40\x00" + b"k" * 60, None, id="a length that does not fit"),
        pytest.param(443, b"\x20\x40\x40\x00" + b"k" * 60, None, id="another type"),
    ],
)
async def test_lws_is_known_by_its_hello_where_no_name_is(
    gate: Gate, judge: Judge, port: int, said: bytes, operation: str | None
) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, port))
    await relay.send(*bytewise(said))
    assert [seen for seen, _ in judge.unread] == ([operation] if operation else [])
    assert relay.closed is bool(operation)
    assert relay.received == (b"" if operation else said)


@pytest.mark.parametrize("opens", ["allowed", "observed"])
async def test_the_policy_can_open_the_door(gate: Gate, judge: Judge, opens: str) -> None:
    judge.opens = opens
    relay = Relay(gate)
    await relay.send(connect("lws.dingtalk.com:443"), LWS, b"more")
    assert relay.received == LWS + b"more"


async def test_a_fault_while_judging_closes_the_door(gate: Gate, judge: Judge) -> None:
    judge.fault = RuntimeError(SECRET.decode())
    relay = Relay(gate)
    await relay.send(connect("lws.dingtalk.com:443"), LWS)
    assert relay.received == b""
    assert relay.closed


async def test_a_fault_in_the_choice_itself_closes_the_door(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def covers(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(gate, "covers", covers)
    relay = Relay(gate, "transparent", address=(EDGE, 443))
    await relay.send(b"\x00\x01\x02\x03")
    assert relay.received == b""
    assert relay.closed


@pytest.mark.parametrize("minor", [4, 5, 255])
async def test_tls_under_a_version_nobody_writes_is_no_way_around_the_name(gate: Gate, minor: int) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 443))
    await relay.send(b"\x16\x03" + bytes([minor]) + b"\x02\x00\x01" + SECRET)
    assert relay.received == b""
    assert relay.closed


async def test_a_known_address_is_enough_where_nothing_names_the_host(gate: Gate, judge: Judge) -> None:
    gate.learn_address(EDGE)
    relay = Relay(gate, "transparent", address=(EDGE, 443))
    await relay.send(b"\x00\x01\x02\x03" + SECRET)
    assert relay.received == b""
    assert judge.unread == [("opaque.raw-tcp", "opaque_protocol")]


@pytest.mark.parametrize(
    "authority", ["3405803783:80", "[::ffff:203.0.113.7]:80", "0xcb.0.113.7:80", "203.0.28935:80", "203.0.113.7:80"]
)
async def test_a_known_address_is_known_however_it_is_written(gate: Gate, authority: str) -> None:
    gate.learn_address(EDGE)
    relay = Relay(gate)
    await relay.send(connect(authority), b"\x00\x01\x02\x03" + SECRET)
    assert relay.received == b""


async def test_connect_within_connect_goes_nowhere(gate: Gate) -> None:
    relay = Relay(gate)
    await relay.send(connect("www.example.test:80"), connect(f"{OAPI}:443"), SECRET)
    assert relay.received == b""


async def test_http2_without_tls_goes_nowhere(gate: Gate) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SECRET)
    assert relay.received == b""


@pytest.mark.parametrize("port", [53, 5353])
async def test_a_port_of_dns_makes_no_exception(gate: Gate, judge: Judge, port: int) -> None:
    relay = Relay(gate)
    await relay.send(connect(f"{OAPI}:{port}"), PLAIN)
    assert relay.received == b""
    assert len(judge.seen) == 1


@pytest.mark.parametrize("mode", ["reverse:http://oapi.dingtalk.com:80", "reverse:https://oapi.dingtalk.com:443"])
@pytest.mark.parametrize("segments", [[PLAIN], bytewise(PLAIN), [b"\r\n", PLAIN]], ids=["whole", "bytes", "empty line"])
async def test_as_a_reverse_proxy_requests_are_judged_too(
    gate: Gate, judge: Judge, mode: str, segments: list[bytes]
) -> None:
    relay = Relay(gate, mode)
    await relay.send(*segments)
    assert relay.received == b""
    assert len(judge.seen) == 1


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"", None),
        (b"\r\n\r", None),
        (b"POST", None),
        (b"POST /x", None),
        (b"POST /x HTTP/1.1", None),
        (b"POST /x HTTP/1.1\r\n", True),
        (b"PRI * HTTP/2.0\r\n", True),
        (b"GET /old\r\n", False),
        (b"PING\r\n", False),
        (b"\x16\x03\x01", False),
        (b"<stream:stream", False),
        (b"POST /x\0", False),
    ],
)
def test_a_request_line_is_known_by_its_version_and_no_sooner(said: bytes, answer: bool | None) -> None:
    assert is_http(said) is answer


@pytest.mark.parametrize("name", [name for name in REQUESTS if "very long" not in name])
def test_no_beginning_of_a_request_is_taken_for_something_else(name: str) -> None:
    said = b"".join(REQUESTS[name])
    answers = [is_http(said[:length]) for length in range(len(said))]
    assert [answer for answer, _ in itertools.groupby(answers)] == [None, True]


# --- datagrams, as modes like wireguard bring them ---


def quic(name: str, *, large: bool = False) -> list[bytes]:
    """The first flight of a QUIC client; a large one takes two datagrams, as with post-quantum keys."""
    protocols = ["h3", *(f"filler-{number:03d}" * 8 for number in range(20))] if large else ["h3"]
    client = QuicConnection(configuration=QuicConfiguration(is_client=True, server_name=name, alpn_protocols=protocols))
    client.connect((EDGE, 443), now=0.0)
    flight = [datagram for datagram, _ in client.datagrams_to_send(now=0.0)]
    assert (len(flight) > 1) is large
    return flight


def datagrams(gate: Gate) -> Relay:
    return Relay(gate, "transparent", address=(EDGE, 443), transport="udp")


@pytest.mark.parametrize("large", [False, True], ids=["one datagram", "two datagrams"])
async def test_quic_to_dingtalk_is_closed_and_recorded(gate: Gate, judge: Judge, large: bool) -> None:
    relay = datagrams(gate)
    await relay.send(*quic(OAPI, large=large))
    assert relay.received == b""
    assert relay.closed
    assert judge.unread == [("opaque.quic", "opaque_protocol")]


@pytest.mark.parametrize("large", [False, True], ids=["one datagram", "two datagrams"])
async def test_quic_to_others_passes(gate: Gate, judge: Judge, large: bool) -> None:
    relay, said = datagrams(gate), quic("a.example", large=large)
    await relay.send(*said)
    assert relay.received == b"".join(said)
    assert judge.unread == []


async def test_quic_that_never_says_a_name_is_not_relayed(gate: Gate) -> None:
    relay = datagrams(gate)
    await relay.send(*[quic(OAPI, large=True)[0]] * 20)
    assert relay.received == b""
    assert relay.closed


@pytest.mark.parametrize("known", [True, False])
async def test_other_datagrams_go_by_their_address(gate: Gate, judge: Judge, known: bool) -> None:
    if known:
        gate.learn_address(EDGE)
    relay = datagrams(gate)
    await relay.send(b"\x00\x01" + SECRET)
    assert (SECRET in relay.received) is not known
    assert judge.unread == ([("opaque.udp", "opaque_protocol")] if known else [])
