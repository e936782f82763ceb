"""Turn mitmproxy's flows into `Wire` values: the last sight of mitmproxy's types.

In:    an `HTTPFlow`, or one of its WebSocket messages.
Out:   `Wire`, and every name under which the flow's destination is known.
Never: a decoded body: decompression is bounded, and happens in `cerco.dingtalk`.
"""

import re
from collections.abc import Iterator

from mitmproxy.connection import Client, Server
from mitmproxy.http import HTTPFlow
from mitmproxy.websocket import WebSocketMessage

from cerco.dingtalk.held import Held
from cerco.dingtalk.outbound import Wire
from cerco.state.holding import HeldFile

_HELD = "cerco.held"  # in a flow's metadata: the file, and nothing of what is in it
_BEGINNING = 64 * 1024  # bytes of a held body that are in the wire, too


def names(flow: HTTPFlow) -> Iterator[str | None]:
    """Yield every name and address that says where a request is bound: any one of them being DingTalk's is enough."""
    # Servers differ in which of these they go by, and there may be several Host fields, so each of them counts.
    for authority in (flow.request.authority, *flow.request.headers.get_all("Host")):
        yield from hosts(authority)
    yield flow.request.host
    yield from connection_names(flow.client_conn, flow.server_conn)


def hosts(authority: str) -> Iterator[str]:
    """Yield what a server could take for the host in an authority or Host field, however it is written."""
    for written in re.split(r"[\s,]+", authority):
        host = re.split(r"[/?#\\]", written, maxsplit=1)[0].rpartition("@")[2]
        bracketed = re.match(r"\[([^\]]*)\]", host)
        if named := bracketed[1] if bracketed else host.partition(":")[0]:
            yield named


def connection_names(client: Client, server: Server) -> Iterator[str | None]:
    """Yield the names and addresses of a connection's far end."""
    yield client.sni
    if server.address:
        yield server.address[0]
    if server.peername:
        yield server.peername[0]


def held_body(flow: HTTPFlow) -> HeldFile | None:
    """Return the body of a request that is too large for memory."""
    return flow.metadata.get(_HELD)


def hold_body(flow: HTTPFlow, body: HeldFile) -> None:
    """Keep the body of a request with it."""
    flow.metadata[_HELD] = body


def release_body(flow: HTTPFlow) -> None:
    """Let the body of a request go, if it is held."""
    body: HeldFile | None = flow.metadata.pop(_HELD, None)
    if body is not None:
        body.release()


def request_wire(flow: HTTPFlow, host: str, tls_server: str | None) -> Wire:
    """Return a request as the client sent it.

    Args:
        flow: the request, with its body.
        host: the name by which it is DingTalk's.
        tls_server: the TLS version last agreed with that host.

    Raises:
        ValueError: the body is not here to be read.
    """
    file, body = held_body(flow), flow.request.raw_content
    held = file.held() if file else None
    if held is not None:
        body = held.read(0, _BEGINNING)
    if body is None:
        raise ValueError("the request has no body to read")
    return _wire(flow, host, flow.request.method, flow.request.scheme, body, tls_server=tls_server, held=held)


def head_wire(flow: HTTPFlow, host: str) -> Wire:
    """Return a request without its body, for judging by its head alone."""
    return _wire(flow, host, flow.request.method, flow.request.scheme, b"")


def frame_wire(flow: HTTPFlow, message: WebSocketMessage, host: str) -> Wire:
    """Return one WebSocket message; path and headers are those of the handshake."""
    scheme = "wss" if flow.client_conn.tls else "ws"
    return _wire(flow, host, "WEBSOCKET", scheme, message.content, is_text=message.is_text)


def connection_wire(client: Client, host: str, port: int) -> Wire:
    """Return a connection of which nothing but its ends is known."""
    return Wire(
        method="CONNECT",
        scheme="tcp" if client.transport_protocol == "tcp" else "udp",
        host=host,
        port=port,
        path="",
        headers=(),
        body=b"",
        client=address(client),
        tls_client=client.tls_version,
    )


def _wire(
    flow: HTTPFlow,
    host: str,
    method: str,
    scheme: str,
    body: bytes,
    *,
    is_text: bool = True,
    tls_server: str | None = None,
    held: Held | None = None,
) -> Wire:
    fields = flow.request.headers.fields
    return Wire(
        method=method,
        scheme=scheme,
        host=host,
        port=flow.request.port,
        path=flow.request.path,
        headers=tuple((name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in fields),
        body=body,
        client=address(flow.client_conn),
        tls_client=flow.client_conn.tls_version,
        tls_server=flow.server_conn.tls_version or tls_server,
        is_text=is_text,
        held=held,
    )


def address(client: Client) -> str:
    """Return the IP address of a client, by which it is known in records."""
    return str(client.peername[0]) if client.peername else "unknown"
