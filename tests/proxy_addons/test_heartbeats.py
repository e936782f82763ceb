"""Control frames say nothing that a client chose."""

import pytest
from mitmproxy.connection import Client, Server
from mitmproxy.proxy.layers import websocket
from wsproto.connection import Connection as WebSocket
from wsproto.connection import ConnectionType
from wsproto.events import CloseConnection, Event, Ping, Pong, TextMessage

from proxy_addons.heartbeats import WAITING, Connection, Heartbeats


class Pair:
    """The gate's connection to an origin, and the origin."""

    def __init__(self) -> None:
        self.gate = Connection(ConnectionType.CLIENT, [], conn=Server(address=("lws.dingtalk.com", 443)))
        self.origin = WebSocket(ConnectionType.SERVER)

    def forward(self, event: Event) -> list[Event]:
        """What the origin makes of an event that the gate relays."""
        self.origin.receive_data(self.gate.send2(event).data)
        return list(self.origin.events())

    def backward(self, event: Event) -> list[Event]:
        """What the gate makes of an event of the origin."""
        self.gate.receive_data(self.origin.send(event))
        return list(self.gate.events())


@pytest.fixture
def pair() -> Pair:
    return Pair()


def test_pings_are_told_apart_by_tokens_of_the_gate(pair: Pair) -> None:
    tokens = [
        bytes(event.payload)
        for said in (b"a", b"a", b"b")
        for event in pair.forward(Ping(said))
        if isinstance(event, Ping)
    ]
    assert len(set(tokens)) == 3
    assert all(len(token) == 4 for token in tokens)
    back = [
        event.payload for token in reversed(tokens) for event in pair.backward(Pong(token)) if isinstance(event, Pong)
    ]
    assert back == [b"b", b"a", b"a"]


def test_an_empty_ping_stays_one(pair: Pair) -> None:
    assert pair.forward(Ping(b"")) == [Ping(b"")]


def test_a_token_is_good_for_one_pong(pair: Pair) -> None:
    (ping,) = pair.forward(Ping(b"chosen"))
    assert isinstance(ping, Ping)
    assert pair.backward(Pong(bytes(ping.payload))) == [Pong(b"chosen")]
    assert pair.backward(Pong(bytes(ping.payload))) == [Pong(bytes(ping.payload))]


def test_pings_that_nobody_answers_are_forgotten(pair: Pair) -> None:
    tokens = [
        bytes(event.payload)
        for n in range(WAITING + 1)
        for event in pair.forward(Ping(b"%d" % n))
        if isinstance(event, Ping)
    ]
    assert pair.backward(Pong(tokens[0])) == [Pong(tokens[0])]
    assert pair.backward(Pong(tokens[1])) == [Pong(b"1")]


def test_a_pong_repeats_what_the_origin_asked_and_nothing_else(pair: Pair) -> None:
    pair.backward(Ping(b"asked"))
    assert pair.forward(Pong(b"asked")) == [Pong(b"asked")]
    assert pair.forward(Pong(b"chosen")) == [Pong(b"")]


def test_a_goodbye_keeps_its_code_only(pair: Pair) -> None:
    (goodbye,) = pair.forward(CloseConnection(1001, "chosen"))
    assert isinstance(goodbye, CloseConnection)
    assert (goodbye.code, goodbye.reason) == (1001, "")


def test_messages_are_not_its_business(pair: Pair) -> None:
    (message,) = pair.forward(TextMessage("hello"))
    assert isinstance(message, TextMessage)
    assert message.data == "hello"


def test_towards_the_client_everything_stays_as_it_is() -> None:
    client = Client(peername=("10.0.0.8", 1), sockname=("10.0.0.1", 2))
    gate = Connection(ConnectionType.SERVER, [], conn=client)
    browser = WebSocket(ConnectionType.CLIENT)
    for event in (Ping(b"asked"), Pong(b"told"), CloseConnection(1001, "why")):
        browser.receive_data(gate.send2(event).data)
    assert list(browser.events()) == [Ping(b"asked"), Pong(b"told"), CloseConnection(1001, "why")]


def test_mitmproxy_makes_its_websockets_of_it() -> None:
    Heartbeats().load(None)
    assert websocket.WebsocketConnection is Connection
