"""`cerco rules explain`: which rules, why, and which decision, for texts and for files."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.runtime.settings import packaged_rules

ID = "身份證號碼 1234567(8)"


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["rules", "explain", "--rules", str(packaged_rules()), *arguments], input=stdin)


def explained(*arguments: str, stdin: str | None = None) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(run(*arguments, "--json", stdin=stdin).stdout)
    return shown


def test_a_text_is_explained_in_words() -> None:
    shown = run(ID)
    assert shown.exit_code == 1
    for said in (
        "macau-id-card: Macau resident ID card number",
        "1••••••(8)",
        "identity-number: block",
        "Verdict: BLOCK",
    ):
        assert said in shown.stdout
    assert "1234567" not in shown.stdout


def test_each_finding_has_the_decisions_that_answer_for_it() -> None:
    shown = explained(f"{ID}，電話66123456")
    assert {one["rule"]: one["decisions"] for one in shown["found"]} == {
        "macau-id-card": ["identity-number"],
        "phone-number": ["everyday"],
    }
    assert shown["verdict"] == "BLOCK"
    assert shown["found"][0]["title"]["pt"].startswith("Número do Bilhete")


def test_a_title_counts_with_what_is_below_it() -> None:
    shown = explained(ID, "--title", "客戶名單")
    assert shown["decisions"][0] == "customer-list"
    assert {one["rule"] for one in shown["found"]} == {"macau-id-card", "customer-data-title"}


def test_a_file_is_read_as_one(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text(ID, "utf-8")
    assert [one["rule"] for one in explained(str(file))["found"]] == ["macau-id-card"]


def test_standard_input_is_a_text() -> None:
    assert [one["rule"] for one in explained("-", stdin=ID)["found"]] == ["macau-id-card"]


def test_a_clean_text_is_allowed() -> None:
    shown = run("早晨")
    assert shown.exit_code == 0
    assert shown.stdout == "Verdict: ALLOW\n"


def test_circumstances_can_be_named(tmp_path: Path) -> None:
    shutil.copytree(packaged_rules(), tmp_path / "rules")
    head, _, rest = (packaged_rules() / "policy.yaml").read_text("utf-8").partition("decisions:\n")
    named = "actors: {desk: {networks: [10.9.0.0/16]}}\ntimes: {night: {from: '22:00', to: '06:00'}}\ndecisions:\n"
    decision = "  - {id: late, why: w, when: {rules: [any], actors: [desk], times: [night]}, then: block}\n"
    (tmp_path / "rules/policy.yaml").write_text(f"{head}{named}{decision}{rest}", "utf-8")
    where = ("--rules", str(tmp_path / "rules"), "電話66123456", "--actor", "10.9.1.2", "--json")
    by_night = CliRunner().invoke(main, ["rules", "explain", *where, "--at", "2026-11-25 23:30"])
    assert json.loads(by_night.stdout)["decisions"] == ["late"]
    by_day = CliRunner().invoke(main, ["rules", "explain", *where, "--at", "2026-11-25 12:00"])
    assert json.loads(by_day.stdout)["decisions"] == ["everyday"]


@pytest.mark.parametrize("time", ["noon", "2026-13-01 10:00"])
def test_a_time_that_is_none_is_wrong_usage(time: str) -> None:
    shown = run(ID, "--at", time)
    assert shown.exit_code == 2
    assert "--at is no time" in shown.stderr
