import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from cerco.cli import main
from cerco.runtime.gateway import FORWARDING

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys have capitals
    parsed.read(path, "utf-8")
    return parsed


def commands(path: Path) -> list[list[str]]:
    return [shlex.split(value) for key, value in unit(path)["Service"].items() if key.startswith("Exec")]


def known(command: click.Command, arguments: list[str]) -> bool:
    """Parse arguments as the command would, and run nothing."""
    context = command.make_context(command.name, list(arguments), resilient_parsing=False)
    if isinstance(command, click.Group):
        name, below, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        return below is not None and name is not None and known(below, rest)
    return True


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_call_commands_that_exist(path: Path) -> None:
    for program, *arguments in commands(path):
        if program == "/opt/cerco/bin/cerco":
            assert known(main, arguments)
        else:
            assert program == "/usr/bin/systemctl"


def test_the_gate_has_no_privilege_and_the_firewall_one() -> None:
    gate, firewall = unit(DEPLOY / "cerco.service")["Service"], unit(DEPLOY / "cerco-gateway.service")["Service"]
    assert gate["User"] == firewall["User"] == "cerco"
    assert gate["CapabilityBoundingSet"] == gate["AmbientCapabilities"] == ""
    assert firewall["CapabilityBoundingSet"] == firewall["AmbientCapabilities"] == "CAP_NET_ADMIN"
    assert gate["LimitCORE"] == "0"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for path in DEPLOY.glob("cerco*"):
        text = path.read_text("utf-8").replace("/opt/cerco/bin/cerco", "/bin/true").replace("=cerco\n", "=root\n")
        (tmp_path / path.name).write_text(text, "utf-8")
    names = [str(path) for path in tmp_path.iterdir()]
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False
    )
    assert [line for line in checked.stderr.splitlines() if "cerco" in line] == []


def test_the_kernel_settings_are_those_that_the_doctor_asks_for() -> None:
    lines = (DEPLOY / "gateway-sysctl.conf").read_text("utf-8").splitlines()
    said = dict(line.split(" = ") for line in lines if line and not line.startswith("#"))
    assert said == FORWARDING
