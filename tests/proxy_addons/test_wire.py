"""Every name a request goes by counts; what is judged is what was sent."""

import pytest

from cerco.runtime.gate import Gate
from proxy_addons.wire import connection_wire, frame_wire, head_wire, hosts, names, request_wire
from tests.proxy_addons.flows import (
    EDGE,
    SECRET,
    InsideTls,
    Judge,
    Relay,
    connect,
    flow,
    frame_flow,
    h2_post,
    post,
)

OAPI = "oapi.dingtalk.com"


@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("oapi.dingtalk.com", ["oapi.dingtalk.com"]),
        ("oapi.dingtalk.com:443", ["oapi.dingtalk.com"]),
        ("oapi.dingtalk.com:", ["oapi.dingtalk.com"]),
        ("oapi.dingtalk.com:80:80", ["oapi.dingtalk.com"]),
        ("user:word@oapi.dingtalk.com:80", ["oapi.dingtalk.com"]),
        ("oapi.dingtalk.com/x", ["oapi.dingtalk.com"]),
        ("oapi.dingtalk.com?x@y", ["oapi.dingtalk.com"]),
        ("a.example, oapi.dingtalk.com", ["a.example", "oapi.dingtalk.com"]),
        ("a.example\r\n oapi.dingtalk.com", ["a.example", "oapi.dingtalk.com"]),
        ("[2001:db8::7]:443", ["2001:db8::7"]),
        ("203.0.113.7:80", ["203.0.113.7"]),
        ("", []),
        (":80", []),
    ],
)
def test_hosts_reads_an_authority_as_generously_as_any_server(authority: str, expected: list[str]) -> None:
    assert list(hosts(authority)) == expected


# Ways to name DingTalk in a cleartext request to an address that is nobody's by name.
NAMED = {
    "plainly": post(OAPI),
    "in capitals": post("OAPI.DingTalk.COM"),
    "with a dot at its end": post(OAPI + "."),
    "with a port": post(OAPI + ":8080"),
    "with an empty port": post(OAPI + ":"),
    "with a user": post("x@" + OAPI),
    "first of two Host fields": post(OAPI, SECRET, "Host: a.example"),
    "second of two Host fields": post("a.example", SECRET, f"host: {OAPI}"),
    "in an absolute target beside another Host": post("a.example", path=f"http://{OAPI}/robot/send"),
    "in Host beside another absolute target": post(OAPI, path="http://a.example/robot/send"),
    "in Host of what calls itself HTTP/2": post(OAPI, path="http://a.example/r").replace(b"HTTP/1.1", b"HTTP/2.0"),
}


@pytest.mark.parametrize("said", NAMED.values(), ids=NAMED)
async def test_one_name_of_dingtalk_is_enough_in_transparent_mode(gate: Gate, judge: Judge, said: bytes) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(said)
    assert relay.received == b""
    assert [wire.host for wire in judge.seen] == [OAPI]


@pytest.mark.parametrize("said", [post(OAPI, path="/x")], ids=["Host"])
@pytest.mark.parametrize("tunnel", [f"{EDGE}:80", "a.example:80"])
async def test_and_inside_a_tunnel_to_elsewhere(gate: Gate, judge: Judge, tunnel: str, said: bytes) -> None:
    relay = Relay(gate)
    await relay.send(connect(tunnel), said)
    assert relay.received == b""
    assert len(judge.seen) == 1


@pytest.mark.parametrize(
    "target", [f"http://{EDGE}/r", "http://a.example/r", f"http://{OAPI}/r", f"HTTP://{OAPI.upper()}:80/r"]
)
@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1", b"HTTP/2.0"])
async def test_and_in_regular_mode(gate: Gate, judge: Judge, target: str, version: bytes) -> None:
    relay = Relay(gate)
    await relay.send(post(OAPI, path=target).replace(b"HTTP/1.1", version))
    assert relay.received == b""
    assert len(judge.seen) == 1


@pytest.mark.parametrize("host", ["dingtalk.com.example.test", "notdingtalk.com", "oapi.dingtalk.com.mo", EDGE])
async def test_names_that_only_look_alike_are_nobodys_business(gate: Gate, judge: Judge, host: str) -> None:
    said = post(host)
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(said)
    assert relay.received == said
    assert judge.seen == []


@pytest.mark.parametrize(("sni", "authority"), [(OAPI, "a.example"), ("a.example", OAPI), (OAPI, OAPI)])
async def test_http2_goes_by_every_name_too(gate: Gate, judge: Judge, sni: str, authority: str) -> None:
    relay = InsideTls(gate, sni, b"h2")
    await relay.send(h2_post(authority, SECRET))
    assert relay.received == b""
    assert [wire.host for wire in judge.seen] == [OAPI]


async def test_an_http2_host_field_that_differs_from_the_authority_goes_nowhere(gate: Gate) -> None:
    relay = InsideTls(gate, "c.example", b"h2")
    await relay.send(h2_post("a.example", SECRET, ("host", OAPI)))
    assert relay.received == b""


def test_names_are_those_of_the_request_and_of_the_connection() -> None:
    made = flow("https://a.example/")
    made.request.headers["Host"] = "b.example"
    made.client_conn.sni = "c.example"
    assert made.server_conn.address
    made.server_conn.address = ("d.example", 443)
    made.server_conn.peername = (EDGE, 443)
    assert {"a.example", "b.example", "c.example", "d.example", EDGE} <= set(names(made))


def test_a_request_is_taken_as_it_was_sent() -> None:
    made = flow(
        "https://oapi.dingtalk.com:8443/robot/send?access_token=t", b"\x1f\x8b", Content_Encoding="gzip", X_Id="1"
    )
    made.client_conn.tls_version = "TLSv1.3"
    wire = request_wire(made, OAPI, "TLSv1.2")
    assert (wire.method, wire.scheme, wire.host, wire.port) == ("POST", "https", OAPI, 8443)
    assert wire.path == "/robot/send?access_token=t"
    assert wire.body == b"\x1f\x8b"
    assert (wire.header("content-encoding"), wire.header("x-id")) == ("gzip", "1")
    assert (wire.tls_client, wire.tls_server) == ("TLSv1.3", "TLSv1.2")
    assert wire.client == "127.0.0.1"


def test_the_connections_own_tls_version_is_surer_than_the_last_one() -> None:
    made = flow()
    made.server_conn.tls_version = "TLSv1.3"
    assert request_wire(made, OAPI, "TLSv1.2").tls_server == "TLSv1.3"


def test_a_body_that_is_not_here_is_no_empty_body() -> None:
    made = flow()
    made.request.raw_content = None
    with pytest.raises(ValueError, match="no body"):
        request_wire(made, OAPI, None)
    assert head_wire(made, OAPI).body == b""


@pytest.mark.parametrize("value", ["姓名".encode(), b"\xff\xfe", b"plain"], ids=["utf-8", "neither", "ascii"])
def test_header_values_of_any_bytes_are_kept(value: bytes) -> None:
    made = flow()
    made.request.headers.fields = (*made.request.headers.fields, (b"X-Name", value))
    found = request_wire(made, OAPI, None).header("x-name")
    assert found is not None
    assert found.encode("utf-8", "surrogateescape") == value


@pytest.mark.parametrize(("tls", "scheme"), [(True, "wss"), (False, "ws")])
def test_a_frame_bears_its_handshakes_head(tls: bool, scheme: str) -> None:
    made = frame_flow("webalfa.dingtalk.com", b"\x00\x01")
    made.client_conn.tls = tls
    assert made.websocket
    message = made.websocket.messages[-1]
    wire = frame_wire(made, message, "webalfa.dingtalk.com")
    assert (wire.method, wire.scheme, wire.body) == ("WEBSOCKET", scheme, b"\x00\x01")
    assert wire.is_text is message.is_text
    assert wire.path == made.request.path


def test_a_connection_without_a_peer_still_has_a_wire() -> None:
    client = flow().client_conn
    client.peername = None  # type: ignore[assignment]
    wire = connection_wire(client, OAPI, 443)
    assert (wire.method, wire.scheme, wire.client, wire.body) == ("CONNECT", "tcp", "unknown", b"")
