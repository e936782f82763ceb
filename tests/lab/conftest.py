"""A running stand-in, and a way to it that works like a proxy but decides nothing."""

import contextlib
import json
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cerco.lab.clients import Proxy


class Forwarder(socketserver.ThreadingTCPServer):
    """Takes every host to the stand-in: CONNECT to its TLS port, plain requests to its cleartext port."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, https: int, http: int) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        self.https = https
        self.http = http


class _Forward(socketserver.BaseRequestHandler):
    server: Forwarder
    request: socket.socket

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            more = self.request.recv(65536)
            if not more:
                return
            head += more
        method, target, rest = head.split(b" ", 2)
        port = self.server.https if method == b"CONNECT" else self.server.http
        with socket.create_connection(("127.0.0.1", port)) as origin:
            if method == b"CONNECT":
                self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                parts = urlsplit(target.decode())
                path = parts.path + ("?" + parts.query if parts.query else "")
                rest = rest.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)  # one request is all that is rewritten
                origin.sendall(b" ".join([method, path.encode(), rest]))
            back = threading.Thread(target=_copy, args=(origin, self.request), daemon=True)
            back.start()
            _copy(self.request, origin)
            back.join(10)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run a stand-in; what it says when it is ready."""
    command = [
        sys.executable,
        "-m",
        "cerco.lab.server",
        "--dir",
        str(tmp_path_factory.mktemp("lab")),
        "--raw-port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture(scope="session")
def ports(ready: dict[str, Any]) -> dict[str, int]:
    return {name: ready[name] for name in ("https", "http", "raw")}


@pytest.fixture(scope="session")
def ca(ready: dict[str, Any]) -> Path:
    return Path(ready["ca"])


@pytest.fixture(scope="session")
def journal(ready: dict[str, Any]) -> Path:
    return Path(ready["journal"])


@pytest.fixture(scope="session")
def proxy(ports: dict[str, int], ca: Path) -> Iterator[Proxy]:
    """The way to the stand-in."""
    with Forwarder(ports["https"], ports["http"]) as forwarder:
        threading.Thread(target=forwarder.serve_forever, daemon=True).start()
        yield Proxy("127.0.0.1", forwarder.server_address[1], ca)
        forwarder.shutdown()
