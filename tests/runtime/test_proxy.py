"""The proxy starts whole or not at all, and its log quotes nobody."""

import asyncio
import logging
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.addonmanager import AddonManager
from mitmproxy.options import Options

from cerco.runtime import proxy
from cerco.runtime.authority import create
from cerco.runtime.gate import Gate
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import Settings, packaged_rules

QUOTED = "marker-77aa"


def logged(name: str, level: int, message: str, *args: object, fault: BaseException | None = None) -> str:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(proxy._quotes_nothing)
    record = logging.getLogger(name).makeRecord(
        name,
        level,
        "/somewhere/layer.py",
        88,
        message,
        args,
        (type(fault), fault, fault.__traceback__) if fault else None,
    )
    handler.handle(record)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["mitmproxy.proxy.server", "mitmproxy.addonmanager", "asyncio", "hpack", "cerco.lab"])
def test_others_messages_are_cut_down_to_their_place(name: str) -> None:
    said = logged(name, logging.ERROR, "invalid header %s 100%%", QUOTED)
    assert said == "at layer.py:88\n"


def test_so_are_their_tracebacks() -> None:
    try:
        raise ValueError(QUOTED)  # noqa: TRY301 - its traceback is what is logged
    except ValueError as error:
        said = logged("mitmproxy.addonmanager", logging.ERROR, "Addon error: %s", QUOTED, fault=error)
    assert said.startswith("at layer.py:88: ValueError test_proxy.py:")
    assert QUOTED not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["cerco", *proxy.QUOTES_NOTHING])
def test_messages_that_quote_nobody_are_whole(name: str) -> None:
    assert logged(name, logging.INFO, "listening at %s", "*:8080") == "listening at *:8080\n"


@pytest.mark.parametrize(("upstream", "version"), [("prefer", "TLS1_2"), ("require", "TLS1_3")])
def test_options_follow_the_settings(tmp_path: Path, upstream: str, version: str) -> None:
    chosen = proxy._options(
        Settings(
            mode=["transparent"],
            listen={"host": "192.0.2.1", "port": 9},
            keys=tmp_path,
            tls={"upstream": upstream, "upstream_ca": tmp_path / "ca.pem"},
        )
    )
    assert chosen["mode"] == ["transparent"]
    assert (chosen["listen_host"], chosen["listen_port"]) == ("192.0.2.1", 9)
    assert chosen["tls_version_server_min"] == version
    assert chosen["tls_version_client_min"] == "TLS1_2"
    assert chosen["ssl_verify_upstream_trusted_ca"] == str(tmp_path / "ca.pem")
    assert chosen["connection_strategy"] == "lazy"
    assert chosen["confdir"] == str(tmp_path)


def test_every_option_exists(tmp_path: Path) -> None:
    class Master:
        options = Options()
        commands: Any = type("Commands", (), {"collect_commands": lambda *_: None, "add": lambda *_: None})()

    manager = AddonManager(Master())
    for addon in proxy._mitmproxy_addons():
        manager.register(addon)
    assert proxy._options(Settings(keys=tmp_path)).keys() <= set(Master.options.keys())


def test_no_addon_of_mitmproxys_writes_scripts_or_replays() -> None:
    names = {type(addon).__name__ for addon in proxy._mitmproxy_addons()}
    assert not names & {
        "ScriptLoader",
        "Save",
        "ClientPlayback",
        "ServerPlayback",
        "MapRemote",
        "ModifyBody",
        "NextLayer",
    }


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "keys"
    create(folder, "test")
    return folder


@pytest.fixture
def settings(tmp_path: Path, keys: Path) -> Settings:
    return Settings(
        mode=["regular@0"],
        listen={"host": "127.0.0.1", "port": 18_080},
        data=tmp_path / "data",
        keys=keys,
        limits={"scanners": 1},
    )


@pytest.fixture
def quick_gate(monkeypatch: pytest.MonkeyPatch) -> list[Gate]:
    """Keep scanner processes out of tests that do not scan; returns the gates that were opened."""
    opened: list[Gate] = []

    async def nothing(_: object) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr("cerco.runtime.scanners.ScannerPool.start", nothing)
    monkeypatch.setattr("cerco.runtime.scanners.ScannerPool.close", nothing)
    return opened


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("stream_large_bodies=1m", "cerco run: Option stream_large_bodies cannot be set on the gate"),
        ("mode=reverse:tcp://oapi.dingtalk.com:80", "cerco run: Option mode cannot be set on the gate"),
        ("no_such_option=1", "cerco run: Unknown option"),
        ("http2=perhaps", "cerco run: "),
        ("nonsense", "cerco run: "),
    ],
)
def test_a_refused_option_is_one_line_and_exit_code_2(
    settings: Settings, quick_gate: list[Gate], capsys: pytest.CaptureFixture[str], option: str, said: str
) -> None:
    from proxy_addons import gate_addons

    def addons(gate: Gate) -> list[object]:
        quick_gate.append(gate)
        return gate_addons(gate)

    assert proxy.serve(settings, load_rulebook(packaged_rules()), addons, options=[option]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if line.startswith("cerco run:")] == [line for line in lines if said in line] != []
    assert quick_gate[0].inspector is None  # closed again


def test_it_runs_until_it_is_told_to_stop(
    settings: Settings, quick_gate: list[Gate], capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopper:
        def __init__(self, gate: Gate) -> None:
            quick_gate.append(gate)

        def running(self) -> None:
            import os
            import signal

            assert quick_gate[0].inspector is not None  # rules and scanners stand before the port is open
            asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)

    assert proxy.serve(settings, load_rulebook(packaged_rules()), lambda gate: [Stopper(gate)]) == 0
    assert "listening at 127.0.0.1:" in capsys.readouterr().err
    assert quick_gate[0].inspector is None


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Any:
    root, cerco, mitm = logging.getLogger(), logging.getLogger("cerco"), logging.getLogger("mitmproxy")
    before = (root.handlers[:], root.level, cerco.level, mitm.level)
    yield
    root.handlers[:], _ = before[0], None
    root.setLevel(before[1])
    cerco.setLevel(before[2])
    mitm.setLevel(before[3])
