import json
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cerco.runtime import gateway
from cerco.runtime.gateway import TABLE, TEARDOWN, GatewayError, render, resolve
from cerco.runtime.settings import Gateway

privileged = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("ip"),
    reason="network namespaces need root, iproute2 and nftables",
)

ADDRESSES = ["203.0.113.7", "203.0.113.8", "2001:db8::7"]


def rules(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith(("iifname", "fib"))]


def test_every_interface_but_loopback_is_the_default() -> None:
    assert rules(render(Gateway(), 8080, ADDRESSES)) == [
        "fib daddr type local return",
        'iifname != "lo" tcp dport { 80, 443 } redirect to :8080',
        'iifname != "lo" ip daddr @dingtalk4 udp dport 443 redirect to :8080',
        'iifname != "lo" ip6 daddr @dingtalk6 udp dport 443 redirect to :8080',
        'iifname != "lo" tcp dport { 80, 443 } reject with tcp reset',
        'iifname != "lo" ip daddr @dingtalk4 udp dport { 80, 443 } reject with icmpx type port-unreachable',
        'iifname != "lo" ip6 daddr @dingtalk6 udp dport { 80, 443 } reject with icmpx type port-unreachable',
    ]


def test_named_interfaces_only() -> None:
    text = render(Gateway(interface=["br0", "wg*"]), 8443, ADDRESSES)
    assert [line.split(" tcp ")[0] for line in rules(text) if "tcp dport { 80, 443 } redirect to :8443" in line] == [
        'iifname "br0"',
        'iifname "wg*"',
    ]
    assert '"lo"' not in text


@pytest.mark.parametrize(
    ("quic", "addresses", "sets", "everything"),
    [
        pytest.param("dingtalk", ADDRESSES, True, False, id="to DingTalk"),
        pytest.param("dingtalk", [], False, True, id="no address known: to all"),
        pytest.param("all", ADDRESSES, False, True, id="to all"),
        pytest.param("off", ADDRESSES, False, False, id="not at all"),
        pytest.param("off", [], False, False, id="not at all, whatever is known"),
    ],
)
def test_quic_is_rejected_as_chosen(quic: str, addresses: list[str], sets: bool, everything: bool) -> None:
    lines = [line for line in rules(render(Gateway.model_validate({"quic": quic}), 8080, addresses)) if "udp" in line]
    assert any("redirect" in line for line in lines) is (quic != "off")
    lines = [line for line in lines if "reject" in line]
    assert any("@dingtalk4" in line for line in lines) is sets
    assert any(line.startswith('iifname != "lo" udp') for line in lines) is everything


def test_without_ipv6_nothing_goes_around_the_gate() -> None:
    lines = rules(render(Gateway(ipv6=False), 8080, ADDRESSES))
    assert 'iifname != "lo" meta nfproto ipv4 tcp dport { 80, 443 } redirect to :8080' in lines
    # Both families: IPv6 is not redirected, so it arrives here and ends.
    assert 'iifname != "lo" tcp dport { 80, 443 } reject with tcp reset' in lines


def test_addresses_are_canonical_sorted_and_single() -> None:
    text = render(Gateway(), 8080, ["203.0.113.8", "2001:DB8:0::7", "203.0.113.7", "203.0.113.8", "fe80::1%eth0"])
    assert "elements = { 203.0.113.7, 203.0.113.8 }" in text
    assert "elements = { 2001:db8::7, fe80::1 }" in text


def test_what_is_no_address_is_not_rendered() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        render(Gateway(), 8080, ["203.0.113.7 }; drop"])


def test_names_are_resolved_and_unknown_ones_are_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(name: str, *_: object, **__: object) -> list[tuple[object, object, object, str, tuple[str, int]]]:
        if name == "gone.example":
            raise OSError
        return [(0, 0, 0, "", ("203.0.113.7", 0)), (0, 0, 0, "", ("203.0.113.7", 0)), (0, 0, 0, "", ("2001:db8::7", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert resolve(["a.example", "gone.example"], 5) == {
        "a.example": ("203.0.113.7", "2001:db8::7"),
        "gone.example": (),
    }


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    hang = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [] if hang.wait(30) else None)
    assert resolve(["slow.example"], 0.05) == {"slow.example": ()}
    hang.set()


def test_a_missing_nft_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GatewayError, match="nftables"):
        gateway.active()


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("Error: Could not process rule: Operation not permitted", "root"),
        ("netlink: Error: cache initialization failed: Operation not permitted (you must be root)", "root"),
        ("/dev/stdin:3:1-9: Error: syntax error\nadd tabel\n    ^^^^^", "syntax error"),
        ("", "no reason given"),
    ],
)
def test_a_refusal_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str, expected: str) -> None:
    nft = tmp_path / "nft"
    nft.write_text(f"#!/bin/sh\nprintf %s '{says}' >&2\nexit 1\n")
    nft.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(GatewayError, match=expected) as caught:
        gateway.apply("")
    assert "\n" not in str(caught.value)


# From here on: the kernel's own judgement, in namespaces that the test makes and removes.


class Net:
    """A client, a gateway and a server in a row; at every other address beyond the gateway nobody answers."""

    def __init__(self) -> None:
        tag = f"cerco{os.getpid() % 100000}"
        self.client, self.gate, self.server = self.all = (f"{tag}c", f"{tag}g", f"{tag}s")

    def build(self) -> None:
        for name in self.all:
            self.run("ip", "netns", "add", name)
            self.run("ip", "-n", name, "link", "set", "lo", "up")
        wire = ("type", "veth", "peer", "name", "g0", "netns", self.gate)
        self.run("ip", "-n", self.client, "link", "add", "c0", *wire)
        wire = ("type", "veth", "peer", "name", "s0", "netns", self.server)
        self.run("ip", "-n", self.gate, "link", "add", "out0", *wire)
        for where, device, addresses in (
            (self.client, "c0", ("10.99.1.2/24", "fd99:1::2/64")),
            (self.gate, "g0", ("10.99.1.1/24", "fd99:1::1/64")),
            (self.gate, "out0", ("203.0.113.1/24", "2001:db8::1/64")),
            (self.server, "s0", ("203.0.113.50/24",)),
        ):
            for address in addresses:
                self.run(
                    "ip", "-n", where, "addr", "add", address, "dev", device, *(["nodad"] if ":" in address else [])
                )
            self.run("ip", "-n", where, "link", "set", device, "up")
        self.run("ip", "-n", self.client, "route", "add", "default", "via", "10.99.1.1")
        self.run("ip", "-n", self.server, "route", "add", "default", "via", "203.0.113.1")
        self.run("ip", "-n", self.client, "-6", "route", "add", "default", "via", "fd99:1::1")

    def remove(self) -> None:
        for name in self.all:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)

    def run(self, *command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def python(self, where: str, code: str, *arguments: str) -> str:
        """Run code in one of the namespaces with this interpreter and return what it prints."""
        return self.run("ip", "netns", "exec", where, sys.executable, "-c", textwrap.dedent(code), *arguments)

    def start(self, where: str, code: str) -> "subprocess.Popen[str]":
        """Start code in one of the namespaces; it is ready when it has printed a line."""
        command = ["ip", "netns", "exec", where, sys.executable, "-c", textwrap.dedent(code)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def ruleset(self) -> str:
        return self.run("ip", "netns", "exec", self.gate, "nft", "list", "ruleset")

    def load(self, text: str) -> None:
        command = ["ip", "netns", "exec", self.gate, "nft", "-f", "-"]
        subprocess.run(command, input=text, check=True, capture_output=True, text=True)


@pytest.fixture
def net() -> Iterator[Net]:
    net = Net()
    try:
        net.build()
        yield net
    finally:
        net.remove()


@privileged
@pytest.mark.parametrize(
    "choice", [{}, {"interface": ["g0", "wg*"], "quic": "all"}, {"ipv6": False, "quic": "off"}], ids=str
)
def test_rules_load_twice_and_leave_no_trace(net: Net, choice: dict[str, object]) -> None:
    assert net.ruleset() == ""
    text = render(Gateway.model_validate(choice), 8080, ADDRESSES)
    net.load(text)
    once = net.ruleset()
    assert f"table {TABLE}" in once
    net.load(text)
    assert net.ruleset() == once
    net.load(TEARDOWN)
    assert net.ruleset() == ""
    net.load(TEARDOWN)
    assert net.ruleset() == ""


@privileged
def test_tables_of_others_are_left_alone(net: Net) -> None:
    net.run("ip", "netns", "exec", net.gate, "nft", "add table inet cerco_other; add chain inet cerco_other c")
    before = net.ruleset()
    net.load(render(Gateway(), 8080, ADDRESSES))
    net.load(TEARDOWN)
    assert net.ruleset() == before


@privileged
def test_the_loaded_table_is_reported(net: Net) -> None:
    code = """
        import sys
        from cerco.runtime.gateway import active, apply
        before = active()
        apply(sys.argv[1])
        assert before is None
        assert "dingtalk4" in active()
        print("seen")
    """
    assert net.python(net.gate, code, render(Gateway(), 8080, ADDRESSES)) == "seen\n"


@privileged
def test_forwarding_is_switched_on_only_when_asked(net: Net) -> None:
    code = "import json; from cerco.runtime.gateway import *; print(json.dumps(forwarding()))"
    switch = "from cerco.runtime.gateway import enable_forwarding; enable_forwarding()"
    net.run("ip", "netns", "exec", net.gate, "sysctl", "-qw", "net.ipv4.ip_forward=0")
    net.load(render(Gateway(), 8080, ADDRESSES))
    assert json.loads(net.python(net.gate, code))["net.ipv4.ip_forward"] == "0"
    net.python(net.gate, switch)
    assert json.loads(net.python(net.gate, code)) == gateway.FORWARDING


GATE = """
    import json, socket, threading
    def listen(family, address, port):
        server = socket.socket(family)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6: server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.bind((address, port)); server.listen()
        def serve():
            while True: server.accept()[0].sendall(str(port).encode())
        threading.Thread(target=serve, daemon=True).start()
    listen(socket.AF_INET, "0.0.0.0", 8080); listen(socket.AF_INET6, "::", 8080)
    listen(socket.AF_INET, "10.99.1.1", 80)
    print("ready", flush=True); threading.Event().wait(60)
"""
CLIENT = """
    import json, socket, sys
    def tcp(address, port):
        try:
            with socket.create_connection((address, port), timeout=2) as one: return one.recv(9).decode()
        except OSError as error: return type(error).__name__
    def udp(address, port):
        one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        one.settimeout(0.3); one.connect((address, port))
        try:
            one.send(b"x"); one.recv(1)
        except OSError as error: return type(error).__name__
    tries = json.loads(sys.argv[1])
    print(json.dumps([{"tcp": tcp, "udp": udp}[kind](address, port) for kind, address, port in tries]))
"""
REDIRECTED, REJECTED, PASSED, CLOSED = "8080", "ConnectionRefusedError", "TimeoutError", "ConnectionRefusedError"


@privileged
@pytest.mark.parametrize(
    ("choice", "tries"),
    [
        pytest.param(
            {"interface": ["g0"]},
            [
                (("tcp", "203.0.113.7", 443), REDIRECTED),
                (("tcp", "203.0.113.99", 80), REDIRECTED),
                (("tcp", "2001:db8::99", 443), REDIRECTED),
                (("tcp", "10.99.1.1", 80), "80"),  # the gateway's own web page
                (("tcp", "10.99.1.1", 443), CLOSED),  # its closed port stays closed: no loop into the gate
                (("udp", "203.0.113.7", 443), REJECTED),
                (("udp", "2001:db8::7", 443), REJECTED),
                (("udp", "203.0.113.99", 443), PASSED),
                (("udp", "203.0.113.7", 3478), PASSED),
            ],
            id="QUIC to DingTalk",
        ),
        pytest.param(
            {"quic": "all", "ipv6": False},
            [
                (("tcp", "203.0.113.7", 443), REDIRECTED),
                (("tcp", "2001:db8::7", 443), CLOSED),
                (("udp", "203.0.113.99", 443), REJECTED),
                (("udp", "2001:db8::99", 443), REJECTED),
            ],
            id="QUIC to all, no IPv6",
        ),
        pytest.param({"interface": ["eth9"]}, [(("udp", "203.0.113.7", 443), PASSED)], id="another interface"),
    ],
)
def test_traffic_goes_where_the_rules_say(
    net: Net, choice: dict[str, object], tries: list[tuple[tuple[str, str, int], str]]
) -> None:
    net.python(net.gate, "from cerco.runtime.gateway import enable_forwarding; enable_forwarding()")
    net.load(render(Gateway.model_validate(choice), 8080, ADDRESSES))
    with net.start(net.gate, GATE) as gate:
        try:
            seen = json.loads(net.python(net.client, CLIENT, json.dumps([what for what, _ in tries])))
        finally:
            gate.terminate()
    assert dict(zip([what for what, _ in tries], seen, strict=True)) == dict(tries)


ECHO = """
    import socket
    server = socket.create_server(("0.0.0.0", 443))
    print("ready", flush=True)
    connection, _ = server.accept()
    while data := connection.recv(9): connection.sendall(data)
"""
HELD = """
    import socket
    connection = socket.create_connection(("203.0.113.50", 443), timeout=3)
    connection.sendall(b"before"); connection.recv(9)
    print("ready", flush=True); input()
    try:
        connection.sendall(b"after"); print(connection.recv(9))
    except OSError as error: print(type(error).__name__)
"""


@privileged
@pytest.mark.parametrize(("loads", "seen"), [(True, "ConnectionResetError"), (False, "b'after'")])
def test_a_connection_from_before_does_not_go_on_around_the_gate(net: Net, loads: bool, seen: str) -> None:
    net.python(net.gate, "from cerco.runtime.gateway import enable_forwarding; enable_forwarding()")
    with net.start(net.server, ECHO) as server:
        try:
            with net.start(net.client, HELD) as client:
                if loads:
                    net.load(render(Gateway(), 8080, ADDRESSES))
                assert client.communicate("go on\n", timeout=10)[0] == f"{seen}\n"
        finally:
            server.terminate()
