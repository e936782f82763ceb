"""`cerco rules new`: a draft that loads, or nothing."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.decide.load import load
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules
from cerco.scan.match import NearMatch, PatternMatch
from cerco.scan.rule import DetectRule

WORDS = [
    *("--title", "zh-Hant=員工編號", "--title", "zh-Hans=员工编号", "--title", "pt=N.º", "--title", "en=Staff: number"),
    *(
        "--explain",
        "zh-Hant=內部。",
        "--explain",
        "zh-Hans=内部。",
        "--explain",
        "pt=Interno.",
        "--explain",
        "en=Internal.",
    ),
]
COMPLETE = [
    *("staff-number", "--severity", "low", "--pattern", "ST-[0-9]{6}", *WORDS),
    *("--example", "en=staff no ST-123456", "--example", "zh-Hant=員工編號ST-012345", "--near-miss", "en=part ST-12"),
]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_rules(), tmp_path / "rules"))


def run(rules: Path | None, *arguments: str, stdin: str | None = None) -> Result:
    where = ["--rules", str(rules)] if rules else []
    return CliRunner().invoke(main, ["rules", "new", *where, *arguments], input=stdin)


def written(rules: Path, name: str = "staff-number") -> DetectRule:
    path = rules / f"detect/{name}.yaml"
    return load(path.read_text("utf-8"), path.name, DetectRule)


def test_a_draft_is_written_and_tried(rules: Path) -> None:
    shown = run(rules, *COMPLETE)
    assert shown.exit_code == 0, shown.output
    assert "3 examples, all good" in shown.stdout
    rule = written(rules)
    assert rule.status == "draft"
    assert isinstance(rule.match, PatternMatch)
    assert rule.title["en"] == "Staff: number"
    assert load_rulebook(rules)


def test_what_must_stand_near_is_part_of_it(rules: Path) -> None:
    shown = run(rules, *COMPLETE, "--near", "zh-Hant=員工編號", "--near", "en=staff no", "--within", "line",
                "--near-miss", "en=part ST-654321", "--json")  # fmt: skip
    assert json.loads(shown.stdout) == {
        "rule": "staff-number", "file": str(rules / "detect/staff-number.yaml"), "examples": 4, "failed": 0,
    }  # fmt: skip
    match = written(rules).match
    assert isinstance(match, NearMatch)
    assert match.within == "line"


def test_examples_that_fail_are_counted_and_the_draft_stays(rules: Path) -> None:
    shown = run(rules, *COMPLETE, "--near-miss", "en=but this is ST-111111")
    assert shown.exit_code == 1
    assert "1 of 4 examples do not come out as they should" in shown.stdout
    assert (rules / "detect/staff-number.yaml").is_file()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"ST-[0-9]{6}": "ST-[0-9]+"}, "match.pattern: can match without end", id="pattern"),
        pytest.param({"staff-number": "Staff Number"}, "id: not in the expected form", id="name"),
    ],
)
def test_what_would_not_load_is_not_written(rules: Path, changed: dict[str, str], said: str) -> None:
    before = {path.name for path in (rules / "detect").iterdir()}
    shown = run(rules, *(changed.get(word, word) for word in COMPLETE))
    assert shown.exit_code == 1
    assert said in shown.stderr
    assert {path.name for path in (rules / "detect").iterdir()} == before


def test_what_lacks_is_named(rules: Path) -> None:
    shown = run(rules, "staff-number", "--title", "en=Staff number", "--phrase", "en=staff list")
    assert shown.exit_code == 2
    for option in ("--severity", "--example", "--near-miss", "--title zh-Hant=…", "--explain en=…"):
        assert option in shown.stderr.replace("\n", " ")


def test_a_file_is_never_overwritten(rules: Path) -> None:
    before = (rules / "detect/macau-id-card.yaml").read_bytes()
    shown = run(rules, "macau-id-card", *COMPLETE[1:])
    assert shown.exit_code == 2
    assert "is there already" in shown.stderr
    assert (rules / "detect/macau-id-card.yaml").read_bytes() == before


def test_the_rules_that_come_with_cerco_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run(None, *COMPLETE)
    assert shown.exit_code == 2
    assert "Copy them" in shown.stderr


def test_a_text_without_its_language_is_wrong_usage(rules: Path) -> None:
    shown = run(rules, *COMPLETE, "--phrase", "payroll")
    assert shown.exit_code == 2
    assert "write a language and the text" in shown.stderr


def test_a_person_is_asked(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        "project-falcon", "phrases", "獵鷹計劃", "", "", "", "project falcon|falcon", "",  # looked for, by language
        "", "", "", "",  # nothing near
        "medium", "獵鷹", "猎鹰", "Falcão", "Falcon", "秘密。", "秘密。", "Segredo.", "Secret.",
        "獵鷹計劃如下", "", "", "", "about Project Falcon", "",
        "", "", "", "a peregrine bird", "",
    ]  # fmt: skip

    monkeypatch.setattr("cerco.cli.rules_new.is_terminal", lambda: True)
    shown = run(rules, stdin="\n".join(answers) + "\n")
    assert shown.exit_code == 0, shown.output
    rule = written(rules, "project-falcon")
    assert rule.examples.match["zh-Hant"][0].text == "獵鷹計劃如下"
    assert rule.severity == "medium"
