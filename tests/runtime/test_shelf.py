"""What is kept between runs is this user's own, is whole, and is never needed."""

import os
from pathlib import Path

import pytest

from cerco.extract.text import Text
from cerco.runtime import shelf
from cerco.runtime.shelf import FolderShelf, new_detector
from cerco.scan import automaton
from tests.scan.rules_made import KEY, made

RULE = made({"pattern": "ZX-[0-9]{3}"})
TEXT = Text("place", "無關的文字。" * 400 + "ZX-123")


@pytest.fixture(autouse=True)
def no_shelf_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "_shelf", automaton._shelf)


def test_gives_back_what_it_was_given(tmp_path: Path) -> None:
    kept = FolderShelf(tmp_path / "new/folder")
    assert kept.get("automaton-a") is None
    kept.put("automaton-a", b"data")
    assert kept.get("automaton-a") == b"data"
    assert [path.name for path in (tmp_path / "new/folder").iterdir()] == ["automaton-a"]
    assert (tmp_path / "new/folder/automaton-a").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("writable", ["file", "folder"])
def test_trusts_nothing_that_others_can_write(tmp_path: Path, writable: str) -> None:
    kept = FolderShelf(tmp_path / "kept")
    kept.put("automaton-a", b"data")
    (tmp_path / "kept" / ("automaton-a" if writable == "file" else ".")).chmod(0o777)
    assert kept.get("automaton-a") is None
    kept.put("automaton-b", b"data")
    assert (kept.get("automaton-b") is None) is (writable == "folder")


def test_does_without_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = FolderShelf(tmp_path / "file")
    kept.put("automaton-a", b"data")
    assert kept.get("automaton-a") is None


def test_keeps_what_was_used_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_MOST", 2)
    kept = FolderShelf(tmp_path)
    for number, name in enumerate(("automaton-a", "automaton-b")):
        kept.put(name, b"data")
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (number, number))
    kept.get("automaton-a")
    kept.put("automaton-c", b"data")
    assert {path.name for path in tmp_path.iterdir()} == {"automaton-a", "automaton-c"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"CERCO_CACHE": "/a", "CACHE_DIRECTORY": "/b"}, "/a"),
        ({"CACHE_DIRECTORY": "/b:/c", "HOME": "/h"}, "/b"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/cerco"),
        ({"HOME": "/h"}, "/h/.cache/cerco"),
        ({}, None),
    ],
)
def test_the_folder_is_the_systems_own(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str | None
) -> None:
    monkeypatch.setattr("os.environ", environment)
    assert shelf.folder() == (Path(expected) if expected else None)


@pytest.mark.parametrize(("mode", "said"), [(0o700, True), (0o755, True), (0o777, False), (None, False)])
def test_scanner_processes_are_told_of_a_folder_that_is_this_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int | None, said: bool
) -> None:
    kept = tmp_path / "kept"
    if mode is not None:
        kept.mkdir()
        kept.chmod(mode)
    monkeypatch.setenv("CERCO_CACHE", str(kept))
    assert shelf.inherited() == ({"CERCO_CACHE": str(kept)} if said else {})


def test_scanner_processes_are_told_of_no_folder_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {})
    assert shelf.inherited() == {}


def test_a_detector_finds_the_same_with_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERCO_CACHE", str(tmp_path / "kept"))
    first = new_detector([RULE], KEY).examine((TEXT,))
    files = {path.name: path.stat().st_ino for path in (tmp_path / "kept").iterdir()}
    assert files
    assert new_detector([RULE], KEY).examine((TEXT,)) == first
    assert {path.name: path.stat().st_ino for path in (tmp_path / "kept").iterdir()} == files
    assert len(first.findings) == 1


def test_what_is_damaged_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERCO_CACHE", str(tmp_path / "kept"))
    first = new_detector([RULE], KEY).examine((TEXT,))
    for path in (tmp_path / "kept").iterdir():
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    assert new_detector([RULE], KEY).examine((TEXT,)) == first
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(b"")
    assert new_detector([RULE], KEY).examine((TEXT,)) == first
