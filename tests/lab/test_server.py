import contextlib
import json
import socket
import ssl
import struct
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from cerco.lab.journal import Entry, read, seen
from cerco.lab.payloads import Kind, make


def marker() -> str:
    return make(Kind.CLEAN).marker


def eventually(journal: Path, needle: str) -> Entry:
    """Return the one entry that holds the needle, once it is there."""
    for _ in range(200):
        if found := seen(journal, needle):
            assert len(found) == 1
            return found[0]
        time.sleep(0.02)
    pytest.fail("never arrived")


def connect(port: int, ca: Path, host: str = "oapi.dingtalk.com") -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=ca)
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=host)


def head(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: oapi.dingtalk.com\r\nContent-Length: {length}\r\n\r\n".encode()


def test_an_unfinished_request_is_on_file_while_it_waits(ports: dict[str, int], ca: Path, journal: Path) -> None:
    word = marker()
    with connect(ports["https"], ca) as client:
        client.sendall(head("/robot/send", 1000) + word[:9].encode())
        time.sleep(0.1)
        client.sendall(word[9:].encode())
        entry = eventually(journal, word)
        assert not entry.complete
    assert (entry.method, entry.scheme, entry.host, entry.path) == ("POST", "https", "oapi.dingtalk.com", "/robot/send")


@pytest.mark.parametrize("how", ["close", "reset"])
def test_an_aborted_request_stays_on_file(ports: dict[str, int], ca: Path, journal: Path, how: str) -> None:
    word = marker()
    with connect(ports["https"], ca) as client:
        client.sendall(head("/robot/send", 1000) + word.encode())
        eventually(journal, word)
        if how == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    time.sleep(0.2)
    assert not eventually(journal, word).complete


def test_a_path_is_on_file_before_any_body(ports: dict[str, int], ca: Path, journal: Path) -> None:
    word = marker()
    with connect(ports["https"], ca) as client:
        client.sendall(head(f"/robot/send?x={word}", 1000))
        assert eventually(journal, word).body == b""


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_chunked_and_http2_bodies_arrive_whole(ports: dict[str, int], ca: Path, journal: Path, http2: bool) -> None:
    word = marker()
    pieces = [b"a" * 20_000, word.encode(), b"b" * 20_000]
    context = ssl.create_default_context(cafile=ca)
    with httpx.Client(http2=http2, verify=context, trust_env=False) as client:
        url = f"https://localhost:{ports['https']}/media/upload"
        answer = client.post(url, content=iter(pieces), headers={"Host": "oapi.dingtalk.com"})
    assert answer.json()["errcode"] == 40035  # no media part in it
    entry = eventually(journal, word)
    assert (entry.body, entry.complete) == (b"".join(pieces), True)
    assert entry.http_version == ("2" if http2 else "1.1")


@pytest.mark.parametrize("port", ["raw", "https", "http"])
def test_bytes_that_are_neither_tls_nor_http_are_kept(
    ports: dict[str, int], ca: Path, journal: Path, port: str
) -> None:
    word = marker()
    with socket.create_connection(("127.0.0.1", ports[port])) as client:
        client.sendall(b"\x10\x40" + word.encode())  # how DingTalk's own LWS begins
        eventually(journal, word)
    for _ in range(200):
        entry = eventually(journal, word)
        if entry.complete:
            break
        time.sleep(0.02)
    assert (entry.kind, entry.body, entry.complete) == ("raw", b"\x10\x40" + word.encode(), True)


def test_cleartext_is_served_and_said_to_be_cleartext(ports: dict[str, int], journal: Path) -> None:
    word = marker()
    with socket.create_connection(("127.0.0.1", ports["http"])) as client:
        client.sendall(head("/topapi/x", len(word)) + word.encode())
        assert b'"errcode":0' in client.recv(65536)
    assert eventually(journal, word).scheme == "http"


def test_another_hosts_certificate_is_its_own(ports: dict[str, int], ca: Path) -> None:
    with contextlib.closing(connect(ports["https"], ca, "www.example.test")) as client:
        certificate = client.getpeercert()
    assert certificate is not None
    assert ("DNS", "www.example.test") in certificate["subjectAltName"]


def test_tls_max_keeps_tls_1_3_away_and_a_signal_ends_it_cleanly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cerco.lab.server", "--dir", str(tmp_path), "--tls-max", "1.2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        context = ssl.create_default_context(cafile=ready["ca"])
        with context.wrap_socket(
            socket.create_connection(("127.0.0.1", ready["https"])), server_hostname="localhost"
        ) as s:
            assert s.version() == "TLSv1.2"
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            raw = socket.create_connection(("127.0.0.1", ready["https"]))
            with raw, pytest.raises(ssl.SSLError):
                context.wrap_socket(raw, server_hostname="localhost")
            process.terminate()  # while a connection is open
            assert process.wait(5) == 0
    assert ready["raw"] is None
    assert read(Path(ready["journal"])) == ()


def test_a_port_that_is_only_tried_leaves_no_entry(ports: dict[str, int], journal: Path) -> None:
    before = len(read(journal))
    for port in ports.values():
        socket.create_connection(("127.0.0.1", port)).close()
    time.sleep(0.2)
    assert len(read(journal)) == before
