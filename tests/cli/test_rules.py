import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules

FIRST_EXAMPLE = r"(?m)^ +match:\n +zh-Hant:\n( *- )"


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rules", "check", *arguments])


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_rules(), tmp_path / "rules"))


def edited(path: Path, pattern: str, replacement: str) -> int:
    """Change the first match in a rule file; return the line it ends on."""
    text = path.read_text("utf-8")
    found = re.search(pattern, text)
    assert found, pattern
    path.write_text(text[: found.start()] + found.expand(replacement) + text[found.end() :], "utf-8")
    return text.count("\n", 0, found.end()) + 1


def test_the_shipped_rules_have_no_issues() -> None:
    shown = check("--rules", str(packaged_rules()))
    book = load_rulebook(packaged_rules())
    assert shown.exit_code == 0, shown.output
    assert shown.stderr == ""
    said = rf"{len(book.rules)} rules, {len(book.policy.decisions)} decisions, (\d+) examples: no issues\n"
    found = re.fullmatch(said, shown.stdout)
    assert found
    assert int(found[1]) >= 4 * len(book.rules)


def test_a_file_that_does_not_load_is_shown_with_its_line(rules: Path) -> None:
    path = rules / "detect/macau-id-card.yaml"
    line = edited(path, r"(?m)^severity: .*", "severity: enormous")
    shown = check("--rules", str(rules))
    assert shown.exit_code == 1
    assert f"{path}:{line}: macau-id-card: severity" in shown.stderr


def test_an_example_that_does_not_match_is_shown_with_its_line(rules: Path) -> None:
    path = rules / "detect/macau-id-card.yaml"
    line = edited(path, FIRST_EXAMPLE, r"\g<0>nothing of the kind\n\1")
    shown = check("--rules", str(rules))
    assert shown.exit_code == 1
    assert f"{path}:{line}: macau-id-card: examples.match.zh-Hant[0]" in shown.stderr
    assert "examples: 1 fault\n" in shown.stdout


def test_a_policy_that_contradicts_its_tests_is_shown_with_its_line(rules: Path) -> None:
    path = rules / "policy.yaml"
    line = edited(path, r"expect: block", "expect: allow")
    shown = check("--rules", str(rules))
    assert shown.exit_code == 1
    assert f"{path}:{line}: " in shown.stderr
    assert "expect: the policy says block" in shown.stderr


def test_all_faults_come_at_once(rules: Path) -> None:
    edited(rules / "policy.yaml", r"expect: block", "expect: allow")
    edited(rules / "detect/macau-id-card.yaml", FIRST_EXAMPLE, r"\g<0>nothing of the kind\n\1")
    shown = check("--rules", str(rules))
    assert "policy.yaml" in shown.stderr
    assert "macau-id-card.yaml" in shown.stderr


def test_the_settings_rules_are_the_default(rules: Path, tmp_path: Path) -> None:
    (rules / "policy.yaml").unlink()
    (tmp_path / "cerco.yaml").write_text("rules: rules\n")
    shown = check("--config", str(tmp_path / "cerco.yaml"))
    assert shown.exit_code == 1
    assert "policy.yaml" in shown.stderr
