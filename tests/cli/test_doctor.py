import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cerco.cli.doctor
import cerco.runtime.doctor
from cerco.cli import console, main
from cerco.runtime.doctor import Check
from cerco.runtime.settings import Settings


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "cerco.yaml"
    path.write_text("mode: [transparent]\n")
    return path


def found(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> None:
    def examine(_settings: Settings, now: datetime) -> Iterator[Check]:
        assert now.tzinfo is not None
        yield from checks

    monkeypatch.setattr(cerco.runtime.doctor, "examine", examine)


def cerco_doctor(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["doctor", "--config", str(config), *arguments])


@pytest.mark.parametrize(("state", "code"), [("ok", 0), ("warn", 0), ("fail", 1)])
def test_only_failures_make_it_fail(config: Path, monkeypatch: pytest.MonkeyPatch, state: str, code: int) -> None:
    check = Check("disk", state, "1 MiB free", "" if state == "ok" else "Make room.")  # type: ignore[arg-type]  # the table holds plain text
    found(monkeypatch, check)
    shown = cerco_doctor(config)
    assert shown.exit_code == code
    assert f"{state:4}  disk: 1 MiB free" in shown.stdout
    assert ("-> Make room." in shown.stdout) is (state != "ok")


def test_one_failure_does_not_hide_what_follows(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, Check("disk", "fail", "full", "Make room."), Check("clock", "ok", "right"))
    shown = cerco_doctor(config)
    assert shown.exit_code == 1
    assert "clock: right" in shown.stdout


def test_json_is_one_object_a_line(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, Check("disk", "fail", "full", "Make room."))
    lines = [json.loads(line) for line in cerco_doctor(config, "--json").stdout.splitlines()]
    assert [line["name"] for line in lines] == ["interpreter", "settings", "disk"]
    assert lines[2] == {"name": "disk", "state": "fail", "detail": "full", "remedy": "Make room."}


def test_faulty_settings_are_a_failed_check(config: Path) -> None:
    config.write_text("listen: {prot: 1}\nmode: [dns]\n")
    shown = cerco_doctor(config)
    assert shown.exit_code == 1
    assert f"settings: {config}:1:" in shown.stdout
    assert f"settings: {config}:2:" in shown.stdout


def test_no_settings_are_a_failed_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PLACES", (tmp_path / "cerco.yaml",))
    monkeypatch.setattr(cerco.cli.doctor, "PLACES", (tmp_path / "cerco.yaml",))
    shown = CliRunner().invoke(main, ["doctor"])
    assert shown.exit_code == 1
    assert "cerco init" in shown.stdout
