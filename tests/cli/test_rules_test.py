"""`cerco rules test`: how each example went, with its line."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rules", "test", *arguments])


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_rules(), tmp_path / "rules"))


def spoilt(rules: Path) -> int:
    """Make an example of the ID card rule fail; return its line."""
    path = rules / "detect/macau-id-card.yaml"
    lines = path.read_text("utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if "BIR12345678" in line)
    lines[at] = lines[at].replace("BIR12345678", "order 12345678")
    path.write_text("\n".join(lines), "utf-8")
    return at + 1


def test_every_shipped_rule_is_named_with_its_examples() -> None:
    shown = run("--rules", str(packaged_rules()))
    assert shown.exit_code == 0, shown.output
    for rule in load_rulebook(packaged_rules()).rules:
        assert f"{rule.id} " in shown.stdout
    assert shown.stdout.strip().endswith("examples: all as they should be")


def test_one_rule_is_shown_example_by_example(rules: Path) -> None:
    line = spoilt(rules)
    shown = run("macau-id-card", "--rules", str(rules))
    assert shown.exit_code == 1
    assert any(row.split()[:2] == [str(line), "any"] and "FAIL" in row for row in shown.stdout.split("\n"))
    assert "1 not as they should be" in shown.stdout


def test_what_fails_is_named_with_its_line_among_all_rules(rules: Path) -> None:
    line = spoilt(rules)
    shown = run("--rules", str(rules))
    assert shown.exit_code == 1
    assert f"macau-id-card.yaml:{line}: macau-id-card: not matched." in shown.stderr


def test_json_has_an_object_for_each_example(rules: Path) -> None:
    line = spoilt(rules)
    shown = run("macau-id-card", "--rules", str(rules), "--json")
    tried = [json.loads(row) for row in shown.stdout.splitlines()]
    [rule] = [rule for rule in load_rulebook(rules).rules if rule.id == "macau-id-card"]
    assert len(tried) == len(rule.examples)
    assert [(one["line"], one["text"], one["matched"]) for one in tried if not one["kept"]] == [
        (line, "order 12345678", False)
    ]


def test_an_unknown_rule_is_wrong_usage(rules: Path) -> None:
    shown = run("no-such-rule", "--rules", str(rules))
    assert shown.exit_code == 2
    assert "there is no rule no-such-rule" in shown.stderr
