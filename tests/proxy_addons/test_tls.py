"""DingTalk's TLS is opened and nobody else's; only a checked certificate teaches an address."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from mitmproxy.connection import Server
from mitmproxy.tls import ClientHelloData, TlsData

from cerco.runtime.gate import Gate
from proxy_addons.tls import Tls
from tests.proxy_addons.flows import EDGE, Judge, flow, make_gate

OAPI = "oapi.dingtalk.com"


def hello(sni: str | None, address: tuple[str, int] | None, peer: str | None = None) -> ClientHelloData:
    context = SimpleNamespace(client=flow().client_conn, server=Server(address=address))
    context.client.sni = None
    if peer:
        context.server.peername = (peer, 443)
    made = ClientHelloData(cast("Any", context), cast("Any", SimpleNamespace(sni=sni)))
    made.ignore_connection = True
    return made


@pytest.mark.parametrize(
    ("sni", "address", "opened"),
    [
        pytest.param(OAPI, (EDGE, 443), True, id="by its name"),
        pytest.param("OAPI.DINGTALK.COM.", (EDGE, 443), True, id="by its name, written otherwise"),
        pytest.param(None, (OAPI, 443), True, id="by the tunnel's destination"),
        pytest.param("a.example", (OAPI, 443), True, id="by the tunnel's destination, beside another name"),
        pytest.param("notice.cerco.internal", (EDGE, 443), True, id="the notice pages"),
        pytest.param("NOTICE.cerco.internal.", (EDGE, 443), True, id="the notice pages, written otherwise"),
        pytest.param("proxy.example.test", None, True, id="the proxy itself"),
        pytest.param("a.example", (EDGE, 443), False, id="another site"),
        pytest.param("oapi.dingtalk.com.example.test", (EDGE, 443), False, id="a name that looks alike"),
        pytest.param(None, (EDGE, 443), False, id="no name and an unknown address"),
    ],
)
async def test_what_is_opened(gate: Gate, sni: str | None, address: tuple[str, int] | None, opened: bool) -> None:
    data = hello(sni, address)
    await Tls(gate).tls_clienthello(data)
    assert data.ignore_connection is not opened


@pytest.mark.parametrize(("sni", "opened"), [(None, True), ("a.example", False)])
async def test_a_known_address_is_opened_unless_another_name_is_given(
    gate: Gate, sni: str | None, opened: bool
) -> None:
    gate.learn_address(EDGE)
    data = hello(sni, (EDGE, 443))
    await Tls(gate).tls_clienthello(data)
    assert data.ignore_connection is not opened


async def test_a_fault_opens_it(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "covers", None)
    data = hello(OAPI, (EDGE, 443))
    await Tls(gate).tls_clienthello(data)
    assert data.ignore_connection is False


async def test_a_clients_word_teaches_no_address(gate: Gate) -> None:
    await Tls(gate).tls_clienthello(hello(OAPI, (EDGE, 443)))
    assert gate.covers([EDGE]) is None


def established(sni: str, version: str | None = "TLSv1.3") -> TlsData:
    server = Server(address=(OAPI, 443))
    server.sni, server.tls_version, server.peername = sni, cast("Any", version), (EDGE, 443)
    return TlsData(server, cast("Any", SimpleNamespace(client=flow().client_conn, server=server)))


@pytest.mark.parametrize(("sni", "learned"), [(OAPI, True), ("a.example", False)])
async def test_a_checked_certificate_teaches_the_address(gate: Gate, sni: str, learned: bool) -> None:
    await Tls(gate).tls_established_server(established(sni))
    assert (gate.covers([EDGE]) == EDGE) is learned


async def test_the_version_agreed_is_recorded_when_it_changes(gate: Gate, judge: Judge) -> None:
    for version in ("TLSv1.3", "TLSv1.3", "TLSv1.2", None, "TLSv1.2"):
        await Tls(gate).tls_established_server(established(OAPI, version))
    assert [record.verdict.decisions for record in judge.records] == [("transport: TLSv1.3",), ("transport: TLSv1.2",)]
    assert gate.transports == {OAPI: "TLSv1.2"}


async def test_other_sites_versions_are_not_recorded(gate: Gate, judge: Judge) -> None:
    await Tls(gate).tls_established_server(established("a.example"))
    assert judge.records == []
    assert gate.transports == {}


@pytest.mark.parametrize(("sni", "recorded"), [(OAPI, 1), ("a.example", 0)])
async def test_a_client_that_refuses_the_certificate_is_recorded(judge: Judge, sni: str, recorded: int) -> None:
    client = flow().client_conn
    client.sni = sni
    context = SimpleNamespace(client=client, server=Server(address=(EDGE, 443)))
    await Tls(make_gate(judge)).tls_failed_client(TlsData(client, cast("Any", context)))
    assert judge.unread == [("opaque.tls", "opaque_protocol")] * recorded
    assert judge.hosts == [OAPI] * recorded
