"""Addresses are replaced where the operator said so, and nowhere else."""

import pytest
from mitmproxy.connection import Server
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from proxy_addons.routes import Routes
from tests.proxy_addons.flows import flow, make_gate


def asked(host: str, port: int) -> ServerConnectionHookData:
    server = Server(address=(host, port))
    server.sni = host
    return ServerConnectionHookData(server, flow().client_conn)


@pytest.mark.parametrize(
    ("host", "port", "dialled"),
    [
        ("oapi.dingtalk.com", 443, ("10.0.0.5", 8443)),
        ("OAPI.dingtalk.com.", 443, ("10.0.0.5", 8443)),
        ("oapi.dingtalk.com", 80, ("oapi.dingtalk.com", 80)),
        ("api.dingtalk.com", 4430, ("10.0.0.6", 4430)),
        ("2001:db8::7", 443, ("2001:db8::8", 443)),
        ("a.example", 443, ("a.example", 443)),
        ("oapi.dingtalk.com.example", 443, ("oapi.dingtalk.com.example", 443)),
    ],
)
async def test_the_first_pattern_that_matches_counts(host: str, port: int, dialled: tuple[str, int]) -> None:
    gate = make_gate(
        connect_to={
            "oapi.*.com:443": "10.0.0.5:8443",
            "*.dingtalk.com:4430": "10.0.0.6",
            "[2001:db8::7]": "[2001:db8::8]",
        }
    )
    data = asked(host, port)
    await Routes(gate).server_connect(data)
    assert data.server.address == dialled
    assert data.server.sni == host
    assert data.server.error is None


async def test_without_routes_nothing_changes() -> None:
    data = asked("oapi.dingtalk.com", 443)
    await Routes(make_gate()).server_connect(data)
    assert data.server.address == ("oapi.dingtalk.com", 443)


async def test_a_server_without_address_is_left_alone() -> None:
    data = asked("oapi.dingtalk.com", 443)
    data.server.address = None
    await Routes(make_gate(connect_to={"*": "10.0.0.5"})).server_connect(data)
    assert data.server.address is None


async def test_a_fault_keeps_the_connection_from_being_opened() -> None:
    gate = make_gate()
    gate.settings = None  # type: ignore[assignment]
    data = asked("oapi.dingtalk.com", 443)
    await Routes(gate).server_connect(data)
    assert data.server.error
