"""Two small worlds with a client, a gate and DingTalk's stand-in: over loopback, and as three hosts.

In:    a folder to live in.
Out:   `World`: what clients run in, what the origin received, what is on record.
Never: a namespace, process or file in /etc left behind.
"""

import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import yaml

from cerco.lab.clients import Proxy, Sent
from cerco.lab.journal import Entry, read, seen

PYTHON = sys.executable
ROOT = Path(__file__).parents[2]
CERCO = str(Path(PYTHON).with_name("cerco"))
NAMES = (
    "oapi.dingtalk.com api.dingtalk.com zjk.trans.dingtalk.com webalfa.dingtalk.com im.dingtalk.com eco.taobao.com "
    "wss-open-connection.dingtalk.com lws.dingtalk.com www.example.test"
)
START = 60.0  # seconds until a process must be ready
STOP = 15.0


@dataclass(frozen=True)
class World:
    """A running gate between clients and a stand-in."""

    name: str
    folder: Path
    journal: Path
    config: Path
    proxy: Proxy
    origin_ca: Path
    inside: tuple[str, ...] = ()  # how to run a program where the client is
    beside: tuple[str, ...] = ()  # how to run a program where the gate is
    log: Path = field(default=Path())
    pid: int = 0

    def drive(self, calls: Sequence[dict[str, Any]]) -> list[Sent]:
        """Run clients one after another in a process where the client is; see `drive.py` for a call's shape."""
        proxy = {"host": self.proxy.host, "port": self.proxy.port, "ca_file": str(self.proxy.ca_file)}
        given = json.dumps({"proxy": proxy, "origin_ca": str(self.origin_ca), "calls": list(calls)})
        done = subprocess.run(
            [*self.inside, PYTHON, "-m", "tests.e2e.drive"],
            input=given,
            capture_output=True,
            text=True,
            timeout=60 + 10 * len(calls),
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return [Sent(**json.loads(line)) for line in done.stdout.splitlines()]

    def received(self, needle: str) -> tuple[Entry, ...]:
        """Return everything the origin got that holds the needle."""
        return seen(self.journal, needle)

    def entries(self) -> tuple[Entry, ...]:
        """Return everything the origin got."""
        return read(self.journal)

    def evidence(self, last: int = 400) -> list[dict[str, Any]]:
        """Return the newest records, newest first, as the CLI prints them."""
        done = subprocess.run(
            [CERCO, "evidence", "show", "--last", str(last), "--json", "--config", str(self.config)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def record(self, text: str) -> dict[str, Any] | None:
        """Return the record whose reference stands in what a client was told."""
        found = re.search(r"C-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
        if found is None:
            return None
        done = subprocess.run(
            [CERCO, "evidence", "show", found[0], "--json", "--config", str(self.config)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return dict(json.loads(done.stdout))


@contextlib.contextmanager
def process(command: Sequence[str], log: IO[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a program for the length of a block, and stop it by its PID."""
    running = subprocess.Popen(command, stderr=log, text=True, start_new_session=True, **options)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(STOP)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait(STOP)


def until(condition: Any, what: str, log: Path | None = None) -> None:
    """Wait for something to become true; fail with the log if it does not."""
    end = time.monotonic() + START
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen: {log.read_text()[-2000:] if log else ''}"
        time.sleep(0.05)


@contextlib.contextmanager
def stand_in(
    folder: Path, host: str, https: int, http: int, inside: Sequence[str] = (), *options: str
) -> Iterator[dict[str, Any]]:
    """Run the stand-in; yields its ready line: ports, ca, journal."""
    command = [*inside, PYTHON, "-m", "cerco.lab.server", "--host", host, "--dir", str(folder)]
    command += ["--https-port", str(https), "--http-port", str(http), *options]
    with (folder / "origin.log").open("w") as log, process(command, log, stdout=subprocess.PIPE) as running:
        assert running.stdout
        line = running.stdout.readline()
        assert line, (folder / "origin.log").read_text()
        yield json.loads(line)


@contextlib.contextmanager
def gate(
    folder: Path, settings: dict[str, Any], beside: Sequence[str] = (), launcher: Sequence[str] = (CERCO,)
) -> Iterator[tuple[Path, Path, int]]:
    """Set a site up and run its gate; yields settings file, log and PID. `launcher` replaces the `cerco` command."""
    subprocess.run([CERCO, "init", "--dir", str(folder), "--yes"], check=True, capture_output=True, timeout=120)
    config = folder / "cerco.yaml"
    config.write_text(yaml.safe_dump(settings, allow_unicode=True))
    log = folder / "gate.log"
    command = [*beside, *launcher, "run", "--config", str(config)]
    with log.open("w") as stream, process(command, stream, stdout=subprocess.DEVNULL) as running:
        until(lambda: "listening" in log.read_text() or running.poll() is not None, "the gate listening", log)
        assert running.poll() is None, log.read_text()
        yield config, log, running.pid


@contextlib.contextmanager
def regular(
    folder: Path, settings: dict[str, Any] | None = None, launcher: Sequence[str] = (CERCO,), origin: Sequence[str] = ()
) -> Iterator[World]:
    """Everything on loopback; clients are told of the proxy."""
    (folder / "origin").mkdir(parents=True)
    with stand_in(folder / "origin", "127.0.0.1", 0, 0, (), *origin) as ready:
        port = free_port()
        chosen: dict[str, Any] = {
            "listen": {"host": "127.0.0.1", "port": port},
            "connect_to": {"*:443": f"127.0.0.1:{ready['https']}", "*:80": f"127.0.0.1:{ready['http']}"},
            **(settings or {}),
        }
        chosen["tls"] = {"upstream_ca": ready["ca"], **chosen.get("tls", {})}
        with gate(folder / "site", chosen, launcher=launcher) as (config, log, pid):
            ca = folder / "site" / "keys" / "mitmproxy-ca-cert.pem"
            yield World(
                "regular",
                folder,
                Path(ready["journal"]),
                config,
                Proxy("127.0.0.1", port, ca),
                Path(ready["ca"]),
                log=log,
                pid=pid,
            )


def free_port() -> int:
    """Return a TCP port nobody listens on just now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def why_no_namespaces() -> str | None:
    """Return why three hosts cannot be made here, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for tool in ("ip", "nft"):
        if not any(Path(folder, tool).exists() for folder in ("/usr/sbin", "/sbin", "/usr/bin", "/bin")):
            return f"{tool} is not installed; run: make system"
    probe = subprocess.run(["ip", "netns", "add", f"cerco-probe-{os.getpid()}"], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", f"cerco-probe-{os.getpid()}"], capture_output=True, check=False)
    return None if probe.returncode == 0 else "the kernel does not let us make network namespaces"


_serial = itertools.count()


@contextlib.contextmanager
def three_hosts() -> Iterator[tuple[str, str, str]]:
    """Make client, gateway and server hosts, each a namespace, with names resolved to the server."""
    suffix = f"{os.getpid()}-{next(_serial)}"
    client, gateway, server = (f"cerco-{role}-{suffix}" for role in ("client", "gate", "origin"))
    made: list[str] = []
    etc = [Path("/etc/netns", name) for name in (client, gateway, server)]

    def run(*words: str) -> None:
        subprocess.run(words, check=True, capture_output=True, timeout=30)

    def host(name: str, *words: str) -> None:
        run("ip", "-n", name, *words)

    try:
        for name, folder in zip((client, gateway, server), etc, strict=True):
            run("ip", "netns", "add", name)
            made.append(name)
            host(name, "link", "set", "lo", "up")
            folder.mkdir(parents=True)
            (folder / "hosts").write_text(f"127.0.0.1 localhost\n10.77.2.2 {NAMES}\nfd77:2::2 {NAMES}\n")
            (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        for left, right, net in ((client, gateway, 1), (gateway, server, 2)):
            run("ip", "link", "add", "near", "netns", left, "type", "veth", "peer", "name", f"far{net}", "netns", right)
            host(left, "link", "set", "near", "name", f"net{net}")
            host(right, "link", "set", f"far{net}", "name", f"net{net}")
            for name, last in ((left, 1), (right, 2)):
                host(name, "addr", "add", f"10.77.{net}.{last}/24", "dev", f"net{net}")
                host(name, "addr", "add", f"fd77:{net}::{last}/64", "dev", f"net{net}", "nodad")
                host(name, "link", "set", f"net{net}", "up")
        host(client, "route", "add", "default", "via", "10.77.1.2")
        host(client, "-6", "route", "add", "default", "via", "fd77:1::2")
        host(server, "route", "add", "default", "via", "10.77.2.1")
        host(server, "-6", "route", "add", "default", "via", "fd77:2::1")
        yield client, gateway, server
    finally:
        for name in made:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False, timeout=30)
        for folder in etc:
            for file in ("hosts", "resolv.conf"):
                (folder / file).unlink(missing_ok=True)
            if folder.exists():
                folder.rmdir()


@contextlib.contextmanager
def transparent(folder: Path, settings: dict[str, Any] | None = None) -> Iterator[World]:
    """Three hosts; the client knows nothing of the gate on its way, but trusts its authority."""
    with three_hosts() as (client, gateway, server), contextlib.ExitStack() as stack:
        inside, beside, far = (["ip", "netns", "exec", name] for name in (client, gateway, server))
        (folder / "origin").mkdir(parents=True)
        ready = stack.enter_context(stand_in(folder / "origin", "", 443, 80, far))
        chosen: dict[str, Any] = {
            "mode": ["transparent"],
            "listen": {"host": "", "port": 8080},
            "tls": {"upstream_ca": ready["ca"]},
            "gateway": {"interface": ["net1"]},
            **(settings or {}),
        }
        config, log, pid = stack.enter_context(gate(folder / "site", chosen, beside))
        up = [*beside, CERCO, "gateway", "up", "--forwarding", "--config", str(config)]
        subprocess.run(up, check=True, capture_output=True, timeout=60)
        ca = folder / "site" / "keys" / "mitmproxy-ca-cert.pem"
        yield World(
            "transparent",
            folder,
            Path(ready["journal"]),
            config,
            Proxy(None, 0, ca),
            Path(ready["ca"]),
            tuple(inside),
            tuple(beside),
            log=log,
            pid=pid,
        )
        subprocess.run([*beside, CERCO, "gateway", "down"], check=True, capture_output=True, timeout=60)
        left = subprocess.run([*beside, "nft", "list", "ruleset"], check=True, capture_output=True, text=True)
        assert left.stdout.strip() == "", left.stdout
