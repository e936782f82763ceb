"""The demonstration: real clients, a real gate, a stand-in for DingTalk, and a table of what happened.

In:    a directory to work in, and the installed `cerco` command.
Out:   one row per send, from journal and evidence; exit code 0 only where every row is as it should be.
Never: a process left behind, unless it was asked for; a directory emptied that is not this demonstration's.
"""

import contextlib
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import requests
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from cerco.lab import clients, uploads
from cerco.lab.clients import Proxy, Sent
from cerco.lab.journal import read
from cerco.lab.judge import Row, judge
from cerco.lab.payloads import Kind, make

START = 60.0  # seconds a process may take to be ready
STOP = 10.0  # seconds it may take to end
NOTICES = "http://notice.cerco.internal/"
OURS = "made-by-the-demo"  # a file that says the directory may be emptied

type Client = Callable[..., Sent]


@dataclass(frozen=True, slots=True)
class Send:
    """One line of the programme."""

    client: Client
    kind: Kind
    language: str = "zh-Hant"
    form: str = "csv"
    options: dict[str, Any] = field(default_factory=dict)


PROGRAMME = (
    Send(clients.sdk_robot, Kind.CLEAN),
    Send(clients.sdk_robot, Kind.ID),
    Send(clients.sdk_robot, Kind.BANK, "pt"),
    Send(clients.sdk_robot, Kind.TITLE, "en"),
    Send(clients.sdk_robot, Kind.CLEAN, "pt", options={"cleartext": True}),
    Send(clients.sdk_robot, Kind.ID, "en", options={"cleartext": True}),
    Send(clients.chatbot, Kind.CLEAN, "en"),
    Send(clients.chatbot, Kind.ID, "pt"),
    Send(clients.chatbot, Kind.BANK, options={"form": "link"}),
    Send(clients.chatbot, Kind.TITLE),
    Send(clients.media_upload, Kind.CLEAN, form="xlsx"),
    Send(clients.media_upload, Kind.ID, form="xlsx"),
    Send(clients.media_upload, Kind.TITLE, form="docx"),
    Send(clients.stream_reply, Kind.BANK, "en"),
    Send(clients.stream_bot, Kind.CLEAN),
    Send(clients.stream_bot, Kind.ID, "pt"),
    Send(uploads.storage, Kind.CLEAN, form="docx"),
    Send(uploads.storage, Kind.BANK, form="xlsx"),
    Send(uploads.storage, Kind.ID, form="docx", options={"insist": True}),
    Send(uploads.storage, Kind.TITLE, "pt", form="xlsx"),
    Send(uploads.oss_put, Kind.CLEAN, form="xlsx"),
    Send(uploads.oss_put, Kind.ID, form="csv"),
    Send(uploads.chat_text, Kind.CLEAN),
    Send(uploads.chat_text, Kind.ID),
    Send(uploads.chat_file, Kind.CLEAN, form="xlsx"),
    Send(uploads.chat_file, Kind.TITLE, form="docx"),
    Send(clients.webhook_h2, Kind.BANK, "pt"),
    Send(clients.browser_form, Kind.ID),
    Send(clients.other_site, Kind.ID),
)


class DemoError(Exception):
    """The demonstration cannot go on; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate as its clients and its operator meet it."""

    config: Path
    proxy: Proxy


def run(directory: Path, *, keep: bool, as_json: bool) -> int:
    """Play the programme once; return the exit code.

    Raises:
        DemoError: a process did not start, or the directory is somebody else's.
    """
    out = Console(stderr=as_json, width=None if sys.stdout.isatty() else 160)
    directory = directory.resolve()
    _make_room(directory)
    with contextlib.ExitStack() as stack:
        processes: list[subprocess.Popen[str]] = []
        stack.callback(_stop, processes)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=out) as progress:
            task = progress.add_task("starting the DingTalk stand-in", total=len(PROGRAMME) + 4)
            origin = _start_origin(directory / "origin", processes)
            progress.update(task, advance=1, description="making keys and settings: cerco init")
            gate = _set_up(directory / "site", origin)
            progress.update(task, advance=1, description="starting the gate: cerco run")
            _start_gate(gate, processes)
            progress.update(task, advance=1)
            sent = []
            for send in PROGRAMME:
                progress.update(task, description=f"{send.client.__name__}: {send.kind}")
                sent.append(_play(send, gate.proxy, Path(origin["ca"])))
                progress.advance(task)
            progress.update(task, description="reading journal and evidence")
            entries, records = read(Path(origin["journal"])), _evidence(gate.config)
            rows = [
                judge(one, payload, entries, records, dingtalk=send.client is not clients.other_site)
                for send, (one, payload) in zip(PROGRAMME, sent, strict=True)
            ]
            progress.update(task, advance=1, description="done")
        notice = _notice(gate.proxy, next((row.reference for row in rows if row.action == "blocked"), ""))
        good = notice["status"] == 200 and not any(row.problems for row in rows)
        pids = [process.pid for process in processes]
        if keep:
            stack.pop_all()
            (directory / "running.json").write_text(json.dumps(pids))
        if as_json:
            print(json.dumps({"ok": good, "rows": [asdict(row) for row in rows], "notice": notice}))  # noqa: T201
        else:
            _show(out, rows, notice)
            _farewell(out, gate, notice, pids if keep else [])
    return 0 if good else 1


def _make_room(directory: Path) -> None:
    """Empty the directory if an earlier demonstration made it and nothing of it still runs."""
    running = directory / "running.json"
    if running.exists():
        alive = [pid for pid in json.loads(running.read_text()) if str(directory) in _command_line(pid)]
        if alive:
            raise DemoError(
                f"a demonstration is still running in {directory}. End it: kill {' '.join(map(str, alive))}"
            )
    if directory.exists() and any(directory.iterdir()):
        if not (directory / OURS).exists():
            raise DemoError(f"{directory} holds other files. Name an empty directory with --dir.")
        shutil.rmtree(directory)
    (directory / "origin").mkdir(parents=True)
    (directory / OURS).touch()


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""


def _start(command: Sequence[str], log: Path, processes: list[subprocess.Popen[str]], stdout: Any) -> Any:
    with log.open("w") as stream:
        process = subprocess.Popen(command, stdout=stdout, stderr=stream, text=True, start_new_session=True)
    processes.append(process)
    return process


def _start_origin(folder: Path, processes: list[subprocess.Popen[str]]) -> dict[str, Any]:
    command = [sys.executable, "-m", "cerco.lab.server", "--dir", str(folder)]
    process = _start(command, folder / "server.log", processes, subprocess.PIPE)
    line = process.stdout.readline()
    if not line:
        raise DemoError(f"the stand-in did not start:\n{_tail(folder / 'server.log')}")
    ready: dict[str, Any] = json.loads(line)
    return ready


def _set_up(site: Path, origin: dict[str, Any]) -> Gate:
    """Run `cerco init`, then put the demonstration's settings where the commented defaults were."""
    done = _cerco("init", "--dir", str(site), "--yes")
    if done.returncode:
        raise DemoError(f"cerco init failed:\n{done.stderr.strip()}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "mode": ["regular"],
        "listen": {"host": "127.0.0.1", "port": port},
        "tls": {"upstream": "prefer", "upstream_ca": origin["ca"], "cleartext": "upgrade"},
        "connect_to": {"*:443": f"127.0.0.1:{origin['https']}", "*:80": f"127.0.0.1:{origin['http']}"},
    }
    config = site / "cerco.yaml"
    lines = ["# Written by the demonstration. `cerco init` in an empty directory shows every setting there is."]
    lines += [f"{name}: {json.dumps(value)}" for name, value in settings.items()]
    config.write_text("\n".join(lines) + "\n")
    return Gate(config, Proxy("127.0.0.1", port, site / "keys" / "mitmproxy-ca-cert.pem"))


def _start_gate(gate: Gate, processes: list[subprocess.Popen[str]]) -> None:
    log = gate.config.parent / "gate.log"
    command = [_executable(), "run", "--config", str(gate.config)]
    process = _start(command, log, processes, subprocess.DEVNULL)
    end = time.monotonic() + START
    while "listening" not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > end:
            raise DemoError(f"the gate did not start:\n{_tail(log)}")
        time.sleep(0.05)


def _play(send: Send, proxy: Proxy, origin_ca: Path) -> tuple[Sent, Any]:
    payload = make(send.kind, send.language, send.form)
    # A site that is not DingTalk keeps its own certificate, so trusting only its own authority proves the point.
    way = Proxy(proxy.host, proxy.port, origin_ca) if send.client is clients.other_site else proxy
    return send.client(payload, way, **send.options), payload


def _evidence(config: Path) -> list[dict[str, Any]]:
    done = _cerco("evidence", "show", "--last", "1000", "--json", "--config", str(config))
    if done.returncode:
        raise DemoError(f"the evidence could not be read:\n{done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _notice(proxy: Proxy, reference: str) -> dict[str, Any]:
    """Fetch the notice page of a reference through the gate, as an employee's browser would."""
    url = NOTICES + reference
    try:
        answer = requests.get(url, proxies={"http": str(proxy.url)}, timeout=clients.TIMEOUT)
    except requests.RequestException as error:
        return {"url": url, "status": None, "problem": str(error)}
    return {"url": url, "status": answer.status_code, "problem": ""}


def _executable() -> str:
    """Find the `cerco` command beside the interpreter that runs this."""
    found = Path(sys.executable).with_name("cerco")
    if not found.exists():
        raise DemoError(f"{found} is missing. Set the environment up first: make venv")
    return str(found)


def _cerco(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([_executable(), *arguments], capture_output=True, text=True, timeout=START, check=False)


def _stop(processes: Sequence[subprocess.Popen[str]]) -> None:
    for process in reversed(processes):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # its own session: it and its scanners, nobody else
            process.wait(STOP)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def _show(out: Console, rows: Sequence[Row], notice: dict[str, Any]) -> None:
    table = Table(title="What left, and what did not", title_justify="left", show_lines=False)
    for column in ("Client", "Sent", "DingTalk received"):
        table.add_column(column)
    for column in ("Verdict", "Reference"):
        table.add_column(column, no_wrap=True)
    table.add_column("The client saw", no_wrap=True, overflow="ellipsis", width=34)
    styles = {"blocked": "red", "tagged": "yellow", "allowed": "green"}
    for row in rows:
        saw = row.sent.outcome if row.sent.ok else f"{row.sent.outcome}: {' '.join(row.sent.error.split())}"
        table.add_row(
            f"{row.sent.client}: {row.sent.surface}",
            row.kind,
            escape(row.arrived),
            f"[{styles.get(row.action, 'default')}]{row.action}[/]",
            row.reference,
            escape(saw),
        )
    out.print(table)
    well = sum(not row.problems for row in rows)
    out.print(f"{well} of {len(rows)} as they should be, by the journal of the stand-in and the evidence of the gate.")
    for row in rows:
        for problem in row.problems:
            out.print(
                f"[red]not as it should be:[/] {row.sent.client}, {row.sent.surface}, {row.kind}: {escape(problem)}"
            )
    if notice["status"] != 200:
        out.print(f"[red]not as it should be:[/] {notice['url']}: {notice['problem'] or notice['status']}")


def _farewell(out: Console, gate: Gate, notice: dict[str, Any], pids: Sequence[int]) -> None:
    """Say where to look further, with commands that work as they stand."""
    config = shlex.quote(str(gate.config))
    lines = [
        ("Every record, and one in full", ""),
        ("", f"{_executable()} evidence show --last 20 --config {config}"),
        ("", f"{_executable()} evidence show {notice['url'].removeprefix(NOTICES)} --config {config}"),
    ]
    lines += [("What an employee reads after a refusal (zh-Hant, zh-Hans, pt, en), served by the gate itself", "")]
    if pids:
        browser = f"chromium --proxy-server={gate.proxy.host}:{gate.proxy.port} {notice['url']}?lang=pt"
        lines += [
            ("", f"curl --proxy {gate.proxy.url} {notice['url']}?lang=en"),
            ("", browser),
            ("Gate and stand-in are still running. End them", ""),
            ("", f"kill {' '.join(map(str, pids))}"),
        ]
    else:
        lines += [
            ("", f"{notice['url']} (answered HTTP {notice['status']}; the gate has been stopped since)"),
            ("Leave it running, to read the notice pages and to send things yourself", ""),
            ("", "make demo ARGS=--keep"),
        ]
    for heading, command in lines:
        out.print(f"  {command}" if command else f"\n{heading}:", highlight=False, markup=False, soft_wrap=True)
