import shutil
from pathlib import Path

import pytest

from cerco.decide.load import RuleErrors
from cerco.dingtalk.outbound import Channel
from cerco.runtime.rulebook import CATALOGUE, ENDPOINTS, load_rulebook
from cerco.runtime.settings import packaged_rules


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_rules(), tmp_path / "rules"))


def operation(folder: Path) -> str:
    return load_rulebook(folder).endpoints.find("POST", "/robot/send", Channel.OAPI).operation


def test_a_folder_without_endpoints_has_those_that_come_with_cerco(rules: Path) -> None:
    (rules / ENDPOINTS).unlink()
    assert operation(rules) == "robot.send"


def test_a_folders_own_endpoints_count_and_are_part_of_its_version(rules: Path) -> None:
    before = load_rulebook(rules).version
    (rules / ENDPOINTS).write_text("families: [{operation: mine, channel: oapi, match: [POST /robot/send]}]")
    assert operation(rules) == "mine"
    assert load_rulebook(rules).version != before


def test_a_folders_own_catalogue_counts_and_is_part_of_its_version(rules: Path) -> None:
    before = load_rulebook(rules)
    assert before.catalogue.known("POST", "/v1.0/robot/ding/send")
    (rules / CATALOGUE).write_text("POST /v1.0/only/this one\n")
    after = load_rulebook(rules)
    assert after.catalogue.known("POST", "/v1.0/robot/ding/send") is None
    assert after.catalogue.known("POST", "/v1.0/only/this") == "/v1.0/only/this"
    assert after.version != before.version


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            ENDPOINTS,
            b"families:\n  - operation: x\n    channel: api\n",
            "endpoints.yaml:2: endpoints: families[0]: describes no request.",
        ),
        (ENDPOINTS, b"nonsense: 1\n", "endpoints.yaml:1: "),
        (
            CATALOGUE,
            b"POST /a\nnonsense\n",
            "catalogue.txt:2: catalogue: lines: 'nonsense' is not a method. Write it anew with: ",
        ),
        (
            CATALOGUE,
            b"\xff",
            "catalogue.txt:1: catalogue: file: cannot be read (UnicodeDecodeError). Write it anew with: ",
        ),
    ],
)
def test_a_fault_has_its_file_and_line(rules: Path, name: str, content: bytes, said: str) -> None:
    (rules / name).write_bytes(content)
    with pytest.raises(RuleErrors) as caught:
        load_rulebook(rules)
    assert said in str(caught.value)
    assert len(caught.value.exceptions) == 1
