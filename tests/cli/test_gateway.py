from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.runtime import gateway as firewall
from cerco.runtime.gateway import TEARDOWN, GatewayError


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "cerco.yaml"
    path.write_text("mode: [transparent@8443]\ngateway: {interface: [br0]}\n")
    return path


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the kernel: what would be loaded, and names that resolve."""
    texts: list[str] = []

    def resolve(names: Iterable[str], _seconds: float) -> Mapping[str, tuple[str, ...]]:
        return {name: ("203.0.113.7", "2001:db8::7") if name == "oapi.dingtalk.com" else () for name in names}

    monkeypatch.setattr(firewall, "apply", texts.append)
    monkeypatch.setattr(firewall, "resolve", resolve)
    monkeypatch.setattr(firewall, "enable_forwarding", lambda: texts.append("forwarding"))
    return texts


def cerco(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["gateway", *arguments])


def test_show_prints_what_up_loads_and_changes_nothing(config: Path, loaded: list[str]) -> None:
    shown = cerco("show", "--config", str(config))
    assert shown.exit_code == 0
    assert loaded == []
    assert 'iifname "br0" tcp dport { 80, 443 } redirect to :8443' in shown.stdout
    assert "elements = { 203.0.113.7 }" in shown.stdout
    assert "elements = { 2001:db8::7 }" in shown.stdout
    assert cerco("up", "--config", str(config)).exit_code == 0
    assert loaded == [shown.stdout]


def test_forwarding_only_when_asked(config: Path, loaded: list[str]) -> None:
    cerco("up", "--config", str(config))
    assert "forwarding" not in loaded
    cerco("up", "--forwarding", "--config", str(config))
    assert loaded[-1] == "forwarding"


def test_down_needs_no_settings(loaded: list[str]) -> None:
    assert cerco("down").exit_code == 0
    assert loaded == [TEARDOWN]


def test_a_mode_that_does_not_fit_is_remarked(config: Path, loaded: list[str]) -> None:
    assert "no transparent mode" not in cerco("up", "--config", str(config)).stderr
    config.write_text("mode: [regular]\n")
    shown = cerco("up", "--config", str(config))
    assert "no transparent mode" in shown.stderr
    assert loaded


@pytest.mark.parametrize(("quic", "asked"), [("dingtalk", True), ("all", False), ("off", False)])
def test_names_are_resolved_only_where_they_matter(
    config: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch, quic: str, asked: bool
) -> None:
    calls: list[Iterable[str]] = []

    def resolve(names: Iterable[str], _seconds: float) -> Mapping[str, tuple[str, ...]]:
        calls.append(names)
        return {}

    monkeypatch.setattr(firewall, "resolve", resolve)
    config.write_text(f"mode: [transparent]\ngateway: {{quic: {quic}}}\n")
    shown = cerco("show", "--config", str(config))
    assert bool(calls) is asked
    assert ("none of DingTalk's names" in shown.stderr) is asked
    assert ('iifname != "lo" udp dport' in shown.stdout) is (quic != "off")


def test_a_firewall_that_refuses_is_one_line(config: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_text: str) -> None:
        raise GatewayError("this user may not use the firewall. Run this as root (CAP_NET_ADMIN).")

    monkeypatch.setattr(firewall, "apply", refuse)
    shown = cerco("up", "--config", str(config))
    assert shown.exit_code == 2
    assert shown.stderr.splitlines() == ["cerco: this user may not use the firewall. Run this as root (CAP_NET_ADMIN)."]
