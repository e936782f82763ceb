"""What the addons replace in mitmproxy is put back after each test."""

import pytest
from mitmproxy.proxy.layers import http, websocket

from cerco.runtime.gate import Gate
from proxy_addons.heartbeats import Connection
from tests.proxy_addons.flows import Judge, Veneer, make_gate


@pytest.fixture(autouse=True)
def mitmproxy_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mitmproxy.proxy.layers.http.tls.ServerTLSLayer", Veneer)
    for name in ("check_body_size", "state_consume_request_body"):
        monkeypatch.setattr(http.HttpStream, name, getattr(http.HttpStream, name))
    monkeypatch.setattr(websocket, "WebsocketConnection", websocket.WebsocketConnection)
    monkeypatch.setattr(websocket.Fragmentizer, "FRAGMENT_SIZE", websocket.Fragmentizer.FRAGMENT_SIZE)
    monkeypatch.setattr(Connection, "longest", Connection.longest)


@pytest.fixture
def judge() -> Judge:
    return Judge()


@pytest.fixture
def gate(judge: Judge) -> Gate:
    return make_gate(judge)
