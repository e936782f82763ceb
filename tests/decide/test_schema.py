"""The schemas are those of the models, and accept what the models accept."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from cerco.cli import main
from cerco.decide.schema import SCHEMAS, schema, stale

RULES = Path(__file__).parents[2] / "rules"
FILES = {
    "detect": sorted((RULES / "detect").glob("*.yaml")),
    "policy": [RULES / "policy.yaml"],
    "scope": [RULES / "dingtalk/scope.yaml"],
    "endpoints": [RULES / "dingtalk/endpoints.yaml"],
}


def faults(name: str, data: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads(schema(name)))
    return [error.message for error in validator.iter_errors(data)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shipped_schemas_are_those_of_the_models(name: str) -> None:
    assert not stale(name, (RULES / f"schema/{name}.json").read_text("utf-8")), "cerco rules schema --out rules/schema"
    jsonschema.Draft202012Validator.check_schema(json.loads(schema(name)))


@pytest.mark.parametrize(
    ("name", "path"), [(name, path) for name, paths in FILES.items() for path in paths], ids=lambda one: str(one)[-40:]
)
def test_an_editor_finds_no_fault_with_the_shipped_files(name: str, path: Path) -> None:
    text = path.read_text("utf-8")
    assert faults(name, yaml.safe_load(text)) == []
    first = text.partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == RULES / f"schema/{name}.json"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        pytest.param("detect", {"severity": "grave"}, id="word"),
        pytest.param("detect", {"colour": "red"}, id="unknown key"),
        pytest.param("detect", {"match": {"entity": "MO_ID_CARD"}}, id="match without a score"),
        pytest.param("policy", {"decisions": []}, id="no decision"),
        pytest.param("policy", {"times": {"night": {"from": "late"}}}, id="no time of day"),
    ],
)
def test_an_editor_sees_what_is_wrong(name: str, changes: dict[str, Any]) -> None:
    data = yaml.safe_load(FILES[name][0].read_text("utf-8"))
    assert faults(name, data | changes) != []


def test_the_command_prints_one_or_writes_all(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["rules", "schema", "policy"])
    assert json.loads(shown.stdout)["title"] == "Policy"
    CliRunner().invoke(main, ["rules", "schema", "--out", str(tmp_path / "made")])
    assert {path.name for path in (tmp_path / "made").iterdir()} == {f"{name}.json" for name in SCHEMAS}
    assert CliRunner().invoke(main, ["rules", "schema"]).exit_code == 2


def test_a_schema_of_another_version_is_a_fault(tmp_path: Path) -> None:
    for path in RULES.rglob("*"):
        if path.is_file():
            (tmp_path / path.relative_to(RULES)).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path.relative_to(RULES)).write_bytes(path.read_bytes())
    (tmp_path / "schema/policy.json").write_text("{}")
    shown = CliRunner().invoke(main, ["rules", "check", "--rules", str(tmp_path)])
    assert shown.exit_code == 1
    assert (
        "policy: schema: is not that of this version of Cerco. Write it anew with: cerco rules schema" in shown.stderr
    )
