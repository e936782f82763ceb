"""A running stand-in, and a way to it that works like a proxy but decides nothing."""

import contextlib
import json
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cerco.lab.clients import Proxy


@dataclass(frozen=True, slots=True)
class Lab:
    """The stand-in's ports and files, and the way to it."""

    https: int
    http: int
    raw: int
    ca: Path
    journal: Path
    proxy: Proxy


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
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    directory = tmp_path_factory.mktemp("lab")
    command = [sys.executable, "-m", "cerco.lab.server", "--dir", str(directory), "--raw-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with Forwarder(ready["https"], ready["http"]) as forwarder:
            threading.Thread(target=forwarder.serve_forever, daemon=True).start()
            ca = Path(ready["ca"])
            proxy = Proxy("127.0.0.1", forwarder.server_address[1], ca)
            yield Lab(ready["https"], ready["http"], ready["raw"], ca, Path(ready["journal"]), proxy)
            forwarder.shutdown()
        process.terminate()
        assert process.wait(10) == 0
