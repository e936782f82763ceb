"""Compliance staff look at every notice before employees do."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.decide.wording import LANGUAGES


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["notices", "preview", *words])


def test_every_notice_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("--out", "shown")
    assert done.exit_code == 0, done.output
    files = {path.name for path in (tmp_path / "shown").iterdir()}
    assert "index.html" in files
    assert f"{len(files) - 1} notices: open shown/index.html" in done.output
    for language in LANGUAGES:
        for name in ("notice-blocked", "notice-reason-waiting", "toast", "dialog-reason", "setup-windows", "home"):
            assert f"{name}.{language}.html" in files
        assert f"answer-oapi-blocked.{language}.txt" in files
    index = (tmp_path / "shown" / "index.html").read_text("utf-8")
    assert all(f'href="{name}"' in index for name in files - {"index.html"})


def test_they_are_listed_for_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("--out", "shown", "--json")
    listed = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["file"] for one in listed} == {path.name for path in (tmp_path / "shown").iterdir()} - {"index.html"}
    assert set(listed[0]) == {"group", "name", "language", "file"}
    assert {one["language"] for one in listed} == set(LANGUAGES)


def test_they_say_what_the_site_has_filled_in(tmp_path: Path) -> None:
    notice = {"company": "Exemplo, Lda.", "contact": "ext. 1200", "share": "https://share.test/", "host": "n.test"}
    (tmp_path / "cerco.yaml").write_text(yaml.safe_dump({"notice": notice}))
    done = run("--out", str(tmp_path / "shown"), "--config", str(tmp_path / "cerco.yaml"))
    assert done.exit_code == 0, done.output
    shown = {path.name: path.read_text("utf-8") for path in (tmp_path / "shown").iterdir()}
    assert "ext. 1200" in shown["notice-blocked.pt.html"]
    assert "https://share.test/" in shown["notice-blocked.pt.html"]
    assert "Exemplo, Lda." in shown["setup-ios.en.html"]
    assert "http://n.test/C-7K3M-9QXT" in shown["answer-api-blocked.en.txt"]


def test_without_a_folder_it_says_what_is_missing() -> None:
    done = run()
    assert done.exit_code == 2
    assert "--out" in done.output
