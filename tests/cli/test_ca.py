from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509

from cerco.cli import main
from cerco.runtime import authority


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "cerco.yaml").write_text("keys: keys\n")
    authority.create(folder / "keys", "Taipa")
    return folder / "cerco.yaml"


def test_a_pipe_gets_the_bytes_and_nothing_else(config: Path) -> None:
    shown = CliRunner().invoke(main, ["ca", "export", "--format", "der", "--config", str(config)])
    assert shown.exit_code == 0
    assert x509.load_der_x509_certificate(shown.stdout_bytes) == authority.certificate(config.parent / "keys")


def test_a_file_is_written_and_named(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "cerco.mobileconfig"
    arguments = ["ca", "export", "--format", "mobileconfig", "--out", str(out), "--config", str(config)]
    shown = CliRunner().invoke(main, arguments)
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", f"wrote {out}\n")
    assert out.read_bytes() == authority.export(config.parent / "keys", "mobileconfig")


@pytest.mark.parametrize(("form", "code"), [("p12", 2), ("der", 2), ("pem", 0), ("mobileconfig", 0)])
def test_a_terminal_gets_no_binary(config: Path, form: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import cerco.cli.ca

    class Terminal:
        def isatty(self) -> bool:
            return True

    class Sys:
        stdout = Terminal()

    monkeypatch.setattr(cerco.cli.ca, "sys", Sys)
    shown = CliRunner().invoke(main, ["ca", "export", "--format", form, "--config", str(config)])
    assert shown.exit_code == code
    assert ("--out" in shown.stderr) is (code == 2)


def test_without_an_authority_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("keys: keys\n")
    shown = CliRunner().invoke(main, ["ca", "export", "--config", str(tmp_path / "cerco.yaml")])
    assert shown.exit_code == 2
    assert "cerco init" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
