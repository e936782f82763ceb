import os
import pwd
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from cerco.cli import main
from cerco.runtime.settings import Settings, anchored, load_settings


def init(folder: Path, *arguments: str) -> str:
    shown = CliRunner().invoke(main, ["init", "--dir", str(folder), "--yes", "--site", "Taipa", *arguments])
    assert shown.exit_code == 0, shown.output
    return shown.stdout


def test_a_site_is_made_whole(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shown = init(folder)
    assert load_settings(folder / "cerco.yaml") == anchored(Settings(), folder)
    assert stat.S_IMODE((folder / "keys/site.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700
    assert (folder / "keys/mitmproxy-ca-cert.pem").read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert [line.split()[0] for line in shown.splitlines() if line.startswith(("made", "kept"))] == ["made"] * 4


def test_a_second_run_keeps_everything_and_says_so(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / "cerco.yaml").write_text("notice: {contact: help desk}\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    shown = init(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert "made" not in shown
    assert f"kept  {tmp_path / 'cerco.yaml'}" in shown
    assert f"kept  {tmp_path / 'keys/site.key'}" in shown


def test_existing_settings_say_where_keys_and_data_go(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text(
        "keys: private\ndata: /proc/self/cwd/../nowhere\n".replace(
            "/proc/self/cwd/../nowhere", str(tmp_path / "elsewhere")
        )
    )
    init(tmp_path)
    assert (tmp_path / "private/site.key").exists()
    assert (tmp_path / "elsewhere").is_dir()
    assert not (tmp_path / "keys").exists()


def test_data_may_live_elsewhere(tmp_path: Path) -> None:
    init(tmp_path / "etc", "--data", str(tmp_path / "var"))
    assert (tmp_path / "var").is_dir()
    assert load_settings(tmp_path / "etc/cerco.yaml").data == tmp_path / "var"


def test_faulty_settings_stop_it_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("listen: {prot: 1}\n")
    shown = CliRunner().invoke(main, ["init", "--dir", str(tmp_path), "--yes"])
    assert shown.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["cerco.yaml"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shown = CliRunner().invoke(main, ["init", "--dir", str(tmp_path / "file/below"), "--yes"])
    assert shown.exit_code == 2
    assert shown.stderr.startswith(f"cerco: {tmp_path / 'file'}")
    assert len(shown.stderr.splitlines()) == 1


def test_data_elsewhere_does_not_change_settings_that_exist(tmp_path: Path) -> None:
    init(tmp_path)
    arguments = ["init", "--dir", str(tmp_path), "--yes", "--data", str(tmp_path / "other")]
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0
    assert "keeps its own data folder" in shown.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_lets_the_gates_user_read_the_settings_and_not_change_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr(pwd, "getpwnam", lambda _: nobody)
    umask = os.umask(0o077)
    try:
        init(tmp_path / "etc")
    finally:
        os.umask(umask)
    for path, mode in ((tmp_path / "etc", 0o750), (tmp_path / "etc/cerco.yaml", 0o640)):
        status = path.stat()
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (0, nobody.pw_gid, mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_gives_the_secrets_to_the_gates_user(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("gateway: {user: nobody}\n")
    shown = init(tmp_path)
    nobody = pwd.getpwnam("nobody").pw_uid
    assert {path.stat().st_uid for path in (tmp_path / "keys").rglob("*")} == {nobody}
    assert (tmp_path / "data").stat().st_uid == nobody
    assert (tmp_path / "cerco.yaml").stat().st_uid == 0, "the gate need not be able to change its own settings"
    assert "owner nobody" in shown
