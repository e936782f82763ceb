import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

import cerco.runtime.proxy
from cerco.cli import main
from cerco.runtime import authority
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanners import ScannerError
from cerco.runtime.settings import Settings, load_settings

Started = tuple[Settings, Sequence[str]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "cerco.yaml"
    path.write_text("listen: {host: 127.0.0.1, port: 9000}\nenforcement: observe\n")
    return path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Started]:
    runs: list[Started] = []

    def serve(
        settings: Settings, rulebook: Rulebook, make_addons: Callable[..., object], *, options: Sequence[str] = ()
    ) -> int:
        assert rulebook.rules
        assert callable(make_addons)
        runs.append((settings, options))
        return 3

    monkeypatch.setattr(cerco.runtime.proxy, "serve", serve)
    return runs


def run(config: Path, *arguments: str) -> int:
    return CliRunner().invoke(main, ["run", "--config", str(config), *arguments]).exit_code


def test_the_settings_are_used_as_they_are(config: Path, started: list[Started]) -> None:
    assert run(config) == 3, "the exit code is the gate's own"
    assert started == [(load_settings(config), ())]


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        (["--mode", "transparent", "--mode", "regular@9001"], {"mode": ["transparent", "regular@9001"]}),
        (["--enforce"], {"enforcement": "enforce"}),
        (["--observe"], {"enforcement": "observe"}),
        (["--listen", "8081"], {"listen": {"host": "127.0.0.1", "port": 8081}}),
        (["--listen", ":8081"], {"listen": {"host": "127.0.0.1", "port": 8081}}),
        (["--listen", "10.0.0.1"], {"listen": {"host": "10.0.0.1", "port": 9000}}),
        (["--listen", "[::1]:8081"], {"listen": {"host": "::1", "port": 8081}}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_command_line_wins_for_this_run(
    config: Path, started: list[Started], arguments: list[str], changes: dict[str, object]
) -> None:
    run(config, *arguments)
    ((settings, _),) = started
    assert settings == Settings.model_validate(load_settings(config).model_dump() | changes)


def test_mitmproxy_options_are_handed_on(config: Path, started: list[Started]) -> None:
    run(config, "--set", "proxyauth=user:a=b", "--set", "rawtcp")
    assert started[0][1] == ("proxyauth=user:a=b", "rawtcp")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--listen", "0"],
        ["--listen", "70000"],
        ["--listen", "h:70000"],
        ["--mode", "reverse:"],
        ["--set", "A=1"],
        ["--loud"],
    ],
    ids=" ".join,
)
def test_wrong_values_start_nothing(config: Path, started: list[Started], arguments: list[str]) -> None:
    assert run(config, *arguments) == 2
    assert started == []


def test_faulty_rules_start_nothing(config: Path, started: list[Started], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    config.write_text("rules: empty\n")
    assert run(config) == 2
    assert started == []


def test_scanners_that_do_not_start_are_one_line(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(*_: object, **__: object) -> int:
        raise ScannerError("No scanner process could be started: MemoryError.")

    monkeypatch.setattr(cerco.runtime.proxy, "serve", serve)
    shown = CliRunner().invoke(main, ["run", "--config", str(config)])
    assert shown.exit_code == 2
    assert shown.stderr.splitlines() == ["cerco: No scanner process could be started: MemoryError. See: cerco doctor"]


def test_a_site_without_keys_does_not_start(config: Path) -> None:
    shown = CliRunner().invoke(main, ["run", "--config", str(config)])
    assert shown.exit_code == 2
    assert "cerco init" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_a_real_gate_says_when_it_listens_and_stops_when_told(config: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    authority.create(tmp_path / "keys", "test")
    command = [sys.executable, "-c", "from cerco.cli import main; main()", "run", "--config", str(config)]
    with subprocess.Popen([*command, "--listen", f":{port}"], stderr=subprocess.PIPE, text=True) as gate:
        try:
            assert gate.stderr is not None
            said = ""
            while "listening" not in said:
                line = gate.stderr.readline()
                assert line, said
                said += line
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                pass
        finally:
            gate.terminate()
        rest = gate.stderr.read()
        assert gate.wait(20) == 0, rest
