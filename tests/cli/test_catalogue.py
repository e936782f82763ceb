from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import dingtalk as command
from cerco.cli import main
from cerco.dingtalk.catalogue import PACKAGED, parse

CLIENT = """
class Client:
    def send_with_options(self, code, request: models.SendRequest):
        body = {}
        body['text'] = request.text
        params = open_api_models.Params(pathname=f'/v1.0/novel/{code}', method='POST')
"""


class Installed:
    """An SDK of one service, as `importlib.metadata` describes it."""

    version = "9.9"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files = [path.relative_to(folder) for path in folder.rglob("*.py")]

    def locate_file(self, path: Path) -> Path:
        return self._folder / path


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site/novel_1_0"
    folder.mkdir(parents=True)
    (folder / "client.py").write_text(CLIENT)
    (folder / "models.py").write_text("")
    monkeypatch.setattr(command, "distribution", lambda name: Installed(tmp_path / "site"))
    return folder


def catalogue(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["dingtalk", "catalogue", *arguments])


def test_what_is_known_is_counted() -> None:
    shown = catalogue()
    assert shown.exit_code == 0
    assert shown.stdout == "3708 operations: 1843 POST, 1056 GET, 419 by path, 277 PUT, 112 DELETE, 1 PATCH\n"


def test_a_list_is_made_from_the_installed_sdk(sdk: Path, tmp_path: Path) -> None:
    out = tmp_path / "catalogue.txt"
    shown = catalogue("--from-sdk", "--out", str(out))
    assert shown.exit_code == 0, shown.output
    assert shown.stdout == ""
    assert shown.stderr == "alibabacloud-dingtalk 9.9: 1 operations, 1 new, 3289 gone\n"
    written = parse(out.read_text("utf-8"))
    older = {operation for operation in parse(PACKAGED.read_text("utf-8")) if operation.method == "*"}
    (made,) = set(written) - older
    assert (made.method, made.template, made.keys) == ("POST", "/v1.0/novel/{code}", frozenset({"text"}))
    assert catalogue("--from-sdk").stdout == out.read_text("utf-8")


def test_without_an_sdk_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Installed:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(command, "distribution", missing)
    shown = catalogue("--from-sdk")
    assert shown.exit_code == 2
    assert "pip install alibabacloud-dingtalk" in shown.stderr


def test_an_sdk_without_source_is_told(sdk: Path) -> None:
    (sdk / "models.py").unlink()
    assert catalogue("--from-sdk").exit_code == 2


def test_there_is_nothing_to_write_without_an_sdk(tmp_path: Path) -> None:
    assert catalogue("--out", str(tmp_path / "x")).exit_code == 2
    assert not (tmp_path / "x").exists()
