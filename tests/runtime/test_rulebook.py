"""A rules folder is read whole, or every fault in it is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cerco.decide.load import RuleErrors
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(packaged_rules(), tmp_path / "rules")
    return tmp_path / "rules"


def faults(folder: Path) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        load_rulebook(folder)
    return [str(fault) for fault in caught.value.faults]


def test_the_shipped_rules_are_whole() -> None:
    book = load_rulebook(packaged_rules())
    assert {rule.id for rule in book.rules} == {path.stem for path in (packaged_rules() / "detect").glob("*.yaml")}
    assert book.scope.covers("oapi.dingtalk.com")
    assert len(book.version) == 16
    assert int(book.version, 16)


def test_the_version_is_that_of_the_content(rules: Path) -> None:
    assert load_rulebook(rules).version == load_rulebook(packaged_rules()).version


def edit(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return change


CHANGES: dict[str, Callable[[Path], object]] = {
    "a comment": edit("policy.yaml", "#", "##"),
    "the scope": edit("dingtalk/scope.yaml", "  - dingtalk.cn\n", ""),
    "a rule more": lambda folder: (folder / "detect/other.yaml").write_text(
        (folder / "detect/payment-card.yaml").read_text("utf-8").replace("id: payment-card", "id: other"), "utf-8"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_is_another_version(rules: Path, change: Callable[[Path], object]) -> None:
    before = load_rulebook(rules).version
    change(rules)
    assert load_rulebook(rules).version != before


def rename(folder: Path) -> None:
    (folder / "detect/payment-card.yaml").rename(folder / "detect/cards.yaml")


def as_yml(folder: Path) -> None:
    (folder / "detect/payment-card.yaml").rename(folder / "detect/payment-card.yml")


def no_rules(folder: Path) -> None:
    shutil.rmtree(folder / "detect")


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no policy": (lambda folder: (folder / "policy.yaml").unlink(), "policy.yaml:1: policy: file: is missing."),
    "no scope": (lambda folder: (folder / "dingtalk/scope.yaml").unlink(), "scope.yaml:1: scope: file: is missing."),
    "no rules": (no_rules, "files: there is none."),
    "a rule under another name": (rename, "cards.yaml:1: cards: id: is 'payment-card'. Name the rule 'cards'"),
    "a rule that would not be read": (as_yml, "payment-card.yml:1: payment-card: file: would not be read."),
    "not UTF-8": (
        lambda folder: (folder / "policy.yaml").write_bytes(b"\xff\xfe"),
        "cannot be read (UnicodeDecodeError)",
    ),
    "a folder for a file": (lambda folder: (folder / "detect/x.yaml").mkdir(), "cannot be read (IsADirectoryError)"),
    "an unknown key": (edit("policy.yaml", "untaggable:", "untagable:"), "untagable"),
}


@pytest.mark.parametrize(("change", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_file_and_remedy(rules: Path, change: Callable[[Path], object], said: str) -> None:
    change(rules)
    found = faults(rules)
    assert any(said in fault for fault in found), found


def test_all_faults_are_named_at_once(rules: Path) -> None:
    for change, _ in FAULTS.values():
        if change not in {
            no_rules,
            FAULTS["no policy"][0],
            FAULTS["not UTF-8"][0],
            FAULTS["a rule that would not be read"][0],
        }:
            change(rules)
    assert len(faults(rules)) >= 4


@pytest.mark.parametrize("name", ["README.md", "old.yaml~", ".hidden.swp"])
def test_other_files_may_lie_beside_the_rules(rules: Path, name: str) -> None:
    (rules / "detect" / name).write_text("anything")
    load_rulebook(rules)


def test_paths_are_shown_from_where_the_operator_stands(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rules / "policy.yaml").unlink()
    monkeypatch.chdir(rules.parent)
    assert faults(rules)[0].startswith("rules/policy.yaml:1:")
    monkeypatch.chdir("/")
    assert str(rules / "policy.yaml").removeprefix("/") in faults(rules)[0]


def test_a_policy_that_names_what_is_not_there_is_not_taken(rules: Path) -> None:
    (rules / "detect/payment-card.yaml").unlink()
    assert all("called `payment-card`" in fault for fault in faults(rules))


def test_a_policy_that_its_own_tests_contradict_is_not_taken(rules: Path) -> None:
    edit("policy.yaml", "expect: block", "expect: allow")(rules)
    [fault] = faults(rules)
    assert "the policy says block" in fault


def test_what_names_a_rule_with_faults_is_no_fault_of_its_own(rules: Path) -> None:
    edit("detect/payment-card.yaml", "severity: high", "severity: grave")(rules)
    [fault] = faults(rules)
    assert "payment-card: severity" in fault
