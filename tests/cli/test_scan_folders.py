"""`cerco scan FOLDER`: everything in it once, in order, and on from where it stopped."""

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cerco.cli import Fault, console, main
from cerco.cli.scan_folders import Entry, Trouble, Walk
from cerco.cli.scan_journal import Journal, Line
from cerco.cli.scan_reports import Source, name_of
from tests.data.files import make_files

# Made up for these tests; nobody's.
CARD = "1593046(7)"
DIRTY = f"請查收,澳門居民身份證號碼 {CARD},謝謝"
CLEAN = "明天下午三點開會,地點在三樓會議室。"


def scan(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["scan", *arguments])


def objects(shown: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in shown.stdout.splitlines()]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where no cerco.yaml is, so that the shipped rules apply."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "PLACES", (Path("cerco.yaml"),))


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    for name, text in {
        "b/dirty.txt": DIRTY,
        "b/.hidden/also.TXT": DIRTY,
        "a.txt": CLEAN,
        "c/客戶名單.csv": CLEAN,
        "c/notes.md": CLEAN,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "b/loop").symlink_to(folder)
    (folder / "b/away.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "c/pipe")
    return folder


def met(folder: Path, walk: Walk) -> list[str]:
    return [os.path.relpath(one.path, folder) for one in walk.files(str(folder))]


def test_a_folder_is_walked_in_order_and_nothing_is_followed(share: Path) -> None:
    walk = Walk()
    assert met(share, walk) == ["a.txt", "b/.hidden/also.TXT", "b/dirty.txt", "c/notes.md", "c/客戶名單.csv"]
    assert walk.passed_over == {"link": 2, "special": 1}


@pytest.mark.parametrize(
    ("include", "exclude", "files"),
    [
        pytest.param(("*.txt",), (), ["a.txt", "b/.hidden/also.TXT", "b/dirty.txt"], id="names in any case"),
        pytest.param(("*.md", "*.csv"), (), ["c/notes.md", "c/客戶名單.csv"], id="either"),
        pytest.param((), ("b",), ["a.txt", "c/notes.md", "c/客戶名單.csv"], id="a folder is not entered"),
        pytest.param((), (".*",), ["a.txt", "b/dirty.txt", "c/notes.md", "c/客戶名單.csv"], id="hidden ones"),
        pytest.param(("b/*",), ("*.TXT",), [], id="what is excluded stays out"),
        pytest.param(("c/*",), (), ["c/notes.md", "c/客戶名單.csv"], id="a path"),
        pytest.param((), ("c/",), ["a.txt", "b/.hidden/also.TXT", "b/dirty.txt"], id="a slash at its end"),
    ],
)
def test_patterns_choose(share: Path, include: tuple[str, ...], exclude: tuple[str, ...], files: list[str]) -> None:
    assert met(share, Walk(include, exclude)) == files


def test_a_very_deep_folder_is_walked(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(60):  # deeper than a path may be long
        os.mkdir("x" * 100, dir_fd=here)
        inner = os.open("x" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    (trouble,) = Walk().files(str(tmp_path))
    assert isinstance(trouble, Trouble)
    assert trouble.why == "File name too long"


def test_a_folder_that_cannot_be_opened_is_said_and_the_rest_is_scanned(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.scandir

    def refused(path: str) -> Any:
        if path.endswith(".hidden"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(os, "scandir", refused)
    shown = scan("share", "--json")
    assert shown.exit_code == 2, "even though something was found as well"
    lines = objects(shown)
    assert [line["input"] for line in lines] == [
        "share/a.txt", "share/b/.hidden", "share/b/dirty.txt", "share/c/notes.md", "share/c/客戶名單.csv",
    ]  # fmt: skip
    assert lines[1] == {"input": "share/b/.hidden", "error": "Permission denied"}
    assert "cerco: share/b/.hidden: Permission denied." in shown.stderr
    assert "1 could not be opened" in shown.stderr


def test_a_file_that_cannot_be_opened_is_said(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refused(path: Any, flags: int, *rest: int) -> int:
        if str(path).endswith("a.txt"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, flags, *rest)

    monkeypatch.setattr(os, "open", refused)
    shown = scan("share", "--json", "--include", "a.txt")
    assert (shown.exit_code, objects(shown)) == (2, [{"input": "share/a.txt", "error": "Permission denied"}])


def test_a_file_that_became_a_link_or_a_pipe_is_not_opened(share: Path) -> None:
    (share / "b/there").write_text(CLEAN)
    for name in ("b/away.txt", "c/pipe"):
        with pytest.raises(OSError, match=r"symbolic links|no file any more"):
            Source.met(Entry(str(share / name), 1, 1)).read(100)
    assert Source.met(Entry(str(share / "b/there"), 1, 1)).read(100) == CLEAN.encode()


def test_a_table_names_what_would_not_pass_and_counts_the_rest(share: Path) -> None:
    shown = scan("share")
    assert shown.exit_code == 1
    assert "notes.md" not in shown.stdout
    assert CARD[:7] not in shown.output
    *_, rule, title, _, sentence = shown.stdout.splitlines()
    assert rule.split() == ["macau-id-card", "2", "2"]
    assert title.split() == ["customer-data-title", "1", "1"]
    assert sentence == (
        "5 files: 2 ALLOW, 1 TAG, 2 BLOCK. 2 links were not followed. 1 pipe, socket or device was left alone."
    )


def test_a_clean_folder_is_exit_0(share: Path) -> None:
    shown = scan("share", "--include", "notes.md", "--exclude", "[bl]*")
    assert (shown.exit_code, shown.stdout) == (
        0, "1 file: 1 ALLOW. 1 pipe, socket or device was left alone. 3 names were excluded.\n",
    )  # fmt: skip


def test_files_and_folders_go_together(share: Path) -> None:
    assert [line["input"] for line in objects(scan("share/c", "share/a.txt", "--json"))] == [
        "share/c/notes.md", "share/c/客戶名單.csv", "share/a.txt",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["share", "--name", "x"], id="a name for a folder"),
        pytest.param(["share/a.txt", "--resume", "j"], id="a journal for a file"),
        pytest.param(["share/a.txt", "--include", "*"], id="a pattern for a file"),
        pytest.param(["share", "missing"], id="no such folder"),
    ],
)
def test_wrong_usage_is_exit_2(share: Path, arguments: list[str]) -> None:
    assert scan(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("name", "read"),
    [
        pytest.param("客戶名單.txt".encode(), "客戶名單.txt", id="utf-8"),
        pytest.param("客戶名單資料.txt".encode("big5"), "客戶名單資料.txt", id="big5"),
        pytest.param(b"\xff.txt", None, id="nothing at all"),
    ],
)
def test_a_name_is_read_as_people_wrote_it(tmp_path: Path, name: bytes, read: str | None) -> None:
    path = os.fsdecode(name)
    (tmp_path / path).write_text(CLEAN)
    name_of(path).encode()
    assert read is None or name_of(path) == read
    (line,) = objects(scan(str(tmp_path), "--json"))
    assert os.fsencode(line["input"]).endswith(name)
    assert line["coverage"] == []


ENTRY = Entry("/srv/陳大文 5123456(7).pdf", 10, 20)
LINE = Line("BLOCK", {"macau-id-card": 3}, {"encrypted": 1})


def journal(path: Path, terms: str = "1", key: bytes = b"k" * 32) -> Journal:
    return Journal(path, key, terms)


def test_a_journal_knows_what_is_done_and_says_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "j"
    first = journal(path)
    assert first.done(ENTRY) is None
    first.add(ENTRY, LINE)
    first.close()
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert not any(piece in text for piece in ("陳", "\\u9673", "5123456", "pdf", "srv"))
    again = journal(path)
    assert (again.done(ENTRY), again.renewed) == (LINE, False)
    for other in (Entry(ENTRY.path, 11, 20), Entry(ENTRY.path, 10, 21), Entry("/srv/b", 10, 20)):
        assert again.done(other) is None
    again.close()
    stranger = journal(path, key=b"q" * 32)
    assert stranger.done(ENTRY) is None
    stranger.close()


def test_a_journal_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "j"
    other = Entry("/srv/b", 1, 2)
    for entry in (ENTRY, other):
        kept = journal(path)
        kept.add(entry, LINE)
        kept.close()
    path.write_bytes(path.read_bytes()[:-9])
    kept = journal(path)
    assert (kept.done(ENTRY), kept.done(other)) == (LINE, None)
    kept.add(other, LINE)
    kept.close()
    assert [json.loads(line)["verdict"] for line in path.read_text().splitlines()[1:]] == ["BLOCK", "BLOCK"]


def test_a_journal_of_other_rules_begins_anew(tmp_path: Path) -> None:
    for terms, known in (("1", None), ("1", LINE), ("2", None), ("2", LINE)):
        kept = journal(tmp_path / "j", terms)
        assert kept.done(ENTRY) == known
        kept.add(ENTRY, LINE)
        kept.close()


@pytest.mark.parametrize(
    "content", [b"dear diary", b"dear diary\n", b"{}\n", b'{"journal": "other"}\n', b"[]\n"], ids=repr
)
def test_no_file_of_another_kind_is_written_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "j").write_bytes(content)
    with pytest.raises(Fault, match="is not a journal"):
        journal(tmp_path / "j")
    assert (tmp_path / "j").read_bytes() == content


def test_one_run_at_a_time_writes_a_journal(tmp_path: Path) -> None:
    first = journal(tmp_path / "j")
    with pytest.raises(Fault, match="another scan"):
        journal(tmp_path / "j")
    first.close()
    journal(tmp_path / "j").close()


def test_a_scan_goes_on_with_what_is_new_and_comes_to_the_same(share: Path) -> None:
    whole = scan("share", "--json").stderr
    first = scan("share/b", "--json", "--resume", "share/j")
    assert [line["input"] for line in objects(first)] == ["share/b/.hidden/also.TXT", "share/b/dirty.txt"]
    second = scan("share", "--json", "--resume", "share/j")
    assert [line["input"] for line in objects(second)] == ["share/a.txt", "share/c/notes.md", "share/c/客戶名單.csv"]
    assert second.stderr == whole.replace("BLOCK.", "BLOCK. 2 of them done before, and shown then.")
    (share / "b/dirty.txt").write_text(CLEAN)
    third = scan("share", "--json", "--resume", "share/j")
    assert [line["input"] for line in objects(third)] == ["share/b/dirty.txt"]
    assert third.exit_code == 1, "what an earlier run has found still counts"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    families = ("plain", "zips", "mails", "business", "locked", "databases")
    make_files.main([str(folder), *(word for name in families for word in ("--family", name))])
    return folder


def test_an_interrupted_scan_of_generated_files_goes_on(generated: Path, tmp_path: Path) -> None:
    expected = objects(scan(str(generated), "--json", "--jobs", "1"))
    manifest = json.loads((generated / "manifest.json").read_text())
    assert len(expected) == len(manifest) + 1
    line = [
        str(Path(sys.executable).with_name("cerco")),
        "scan",
        str(generated),
        "--json",
        "--resume",
        str(tmp_path / "j"),
    ]
    with (tmp_path / "out").open("wb") as out:
        running = subprocess.Popen(
            line,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a program in the background ignores it
        )
        try:
            while (tmp_path / "out").read_bytes().count(b"\n") < 5:
                assert running.poll() is None
            os.killpg(running.pid, signal.SIGINT)  # as a terminal does
            _, said = running.communicate(timeout=60)
        finally:
            running.kill()
    assert running.returncode == 130
    assert "Stopped." in said
    assert "Traceback" not in said
    with (tmp_path / "out").open("ab") as out:
        done = subprocess.run(line, stdout=out, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
    assert done.returncode == 1
    shown = [json.loads(text) for text in (tmp_path / "out").read_text().splitlines()]
    assert [_without_key(one) for one in shown] == [_without_key(one) for one in expected]


def _without_key(shown: dict[str, Any]) -> dict[str, Any]:
    """Leave out fingerprints, which are of this run where there is no site key."""
    for finding in shown["findings"]:
        del finding["fingerprint"]
    return shown
