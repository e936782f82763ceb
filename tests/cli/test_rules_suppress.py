"""From a record to a suppression that a running gate takes up, and back."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Destination
from cerco.evidence.record import EvidenceRecord
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Text
from cerco.runtime import authority
from cerco.runtime.authority import derive, site_key
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules
from cerco.scan.detector import Detector

SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
ONE, TWO = "C-7K3M-9QX0", "C-7K3M-9QX1"
HOTLINE = "請致電 2871 0000 查詢"  # made up


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a record of a telephone number, and one of that and an identity card."""
    (tmp_path / "cerco.yaml").write_text("data: data\nkeys: keys\nrules: rules\n")
    (tmp_path / "data").mkdir()
    authority.create(tmp_path / "keys", "test")
    shutil.copytree(packaged_rules(), tmp_path / "rules")
    key = derive(site_key(tmp_path / "keys"), "fingerprint")
    detector = Detector(load_rulebook(packaged_rules()).rules, key)
    store = EvidenceStore(tmp_path / "data/evidence.db")
    for reference, text in ((ONE, HOTLINE), (TWO, f"{HOTLINE}，身份證號碼 5123456(7)")):
        findings = detector.scan([Text("text.content", text)])
        actor, destination = Actor("10.0.0.8"), Destination("oapi.dingtalk.com", "mainland")
        verdict = Verdict(Action.BLOCK, ("x",), findings, ())
        store.append(
            EvidenceRecord(
                reference, datetime.now(UTC), actor, destination, "oapi", "robot.send", verdict, "blocked", "0", 1, 9
            )
        )
    store.close()
    return tmp_path


def cerco(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", str(site / "cerco.yaml")])


def suppressed(site: Path, *arguments: str) -> Result:
    return cerco(site, "rules", "suppress", *arguments)


def scanned(site: Path, text: str) -> list[str]:
    shown = CliRunner().invoke(main, ["scan", "-", "--json", "--config", str(site / "cerco.yaml")], input=text.encode())
    data = json.loads(shown.stdout)
    return [finding["rule"] for finding in data["findings"]]


def test_a_suppression_leaves_that_value_alone_and_nothing_else(site: Path) -> None:
    assert "phone-number" in scanned(site, HOTLINE)
    made = suppressed(site, ONE, "--until", SOON, "--why", "our own hotline", "--by", "M. Leong", "--json")
    assert made.exit_code == 0, made.output
    data = json.loads(made.stdout)
    assert (data["rule"], data["until"]) == ("phone-number", SOON)
    text = Path(data["file"]).read_text("utf-8")
    assert "2871" not in text
    checked = cerco(site, "rules", "check")
    assert checked.exit_code == 0, checked.output
    assert "1 suppression: no issues" in checked.stdout
    assert "phone-number" not in scanned(site, HOTLINE)
    assert "phone-number" not in scanned(site, "電話：２８７１－００００")  # the same, printed otherwise
    assert "phone-number" in scanned(site, HOTLINE.replace("2871 0000", "2871 0001"))
    assert "macau-id-card" in scanned(site, f"{HOTLINE}，身份證號碼 5123456(7)")


def test_where_several_things_were_found_one_must_be_named(site: Path) -> None:
    asked = suppressed(site, TWO, "--until", SOON)
    assert asked.exit_code == 2
    assert "--finding N" in asked.output
    assert "macau-id-card" in asked.output
    assert not (site / "rules/suppressions").exists()
    shown = cerco(site, "evidence", "show", TWO)
    number = next(line.split()[0] for line in shown.stdout.splitlines() if " phone-number " in line)
    made = json.loads(suppressed(site, TWO, "--until", SOON, "--finding", number, "--json").stdout)
    assert made["rule"] == "phone-number"
    assert suppressed(site, TWO, "--until", SOON, "--finding", "99").exit_code == 2


@pytest.mark.parametrize(
    ("until", "said"),
    [("soon", "no date"), ("2020-01-01", "from today on"), ("2999-01-01", "within 366 days")],
)
def test_a_day_is_asked_for_that_is_near(site: Path, until: str, said: str) -> None:
    shown = suppressed(site, ONE, "--until", until)
    assert shown.exit_code == 2
    assert said in shown.output
    assert suppressed(site, ONE).exit_code == 2  # no day at all


def test_it_is_not_written_twice(site: Path) -> None:
    assert suppressed(site, ONE, "--until", SOON).exit_code == 0
    again = suppressed(site, ONE, "--until", SOON)
    assert again.exit_code == 2
    assert "is there already" in again.output


def test_printing_writes_nothing(site: Path) -> None:
    shown = suppressed(site, ONE, "--until", SOON, "--print")
    assert shown.stdout.startswith("# yaml-language-server")
    assert not (site / "rules/suppressions").exists()


def test_what_has_expired_is_reported_and_has_no_effect(site: Path) -> None:
    [file] = [Path(json.loads(suppressed(site, ONE, "--until", SOON, "--json").stdout)["file"])]
    day_after = (datetime.fromisoformat(SOON) + timedelta(days=1)).date().isoformat()
    file.write_text(file.read_text("utf-8").replace(day_after, "2020-01-02").replace(SOON, "2020-01-01"), "utf-8")
    checked = cerco(site, "rules", "check")
    assert checked.exit_code == 1
    line = next(number for number, one in enumerate(file.read_text("utf-8").splitlines(), 1) if one.startswith("until"))
    assert f"{file.name}:{line}: {file.stem}: until: expired on 2020-01-01" in checked.output
    assert "phone-number" in scanned(site, HOTLINE)  # the gate works on without it


def test_a_suppression_that_was_bent_is_not_put_in_force(site: Path) -> None:
    file = Path(json.loads(suppressed(site, ONE, "--until", SOON, "--json").stdout)["file"])
    text = file.read_text("utf-8")
    file.write_text(text.replace("\nrule: phone-number", "\nrule: macau-id-card"), "utf-8")
    checked = cerco(site, "rules", "check")
    assert checked.exit_code == 1
    assert "tests[0].expect" in checked.output
    file.rename(file.with_name("other.yaml"))
    assert "Name the suppression 'other', as its file." in cerco(site, "rules", "check").output


def test_no_record_no_suppression(site: Path) -> None:
    assert suppressed(site, "C-0000-0000", "--until", SOON).exit_code == 1


# --- marks ---


def test_a_mark_stands_beside_the_record_and_the_last_one_counts(site: Path) -> None:
    made = cerco(
        site, "evidence", "mark", ONE.lower(), "--not-sensitive", "--by", "M. Leong", "--note", "our hotline 2871"
    )
    assert made.exit_code == 0, made.output
    assert f"cerco rules suppress {ONE} --until DATE" in made.stdout
    assert cerco(site, "evidence", "mark", ONE, "--sensitive", "--by", "A. Lei").exit_code == 0
    rows = [json.loads(line) for line in cerco(site, "evidence", "marks", ONE, "--json").stdout.splitlines()]
    assert [(one["opinion"], one["by"], one["note"]) for one in rows] == [
        ("sensitive", "A. Lei", ""),
        ("not_sensitive", "M. Leong", "our hotline 2871"),
    ]
    shown = cerco(site, "evidence", "show", ONE).stdout
    assert "Marked" in shown
    assert "hotline" not in shown
    assert b"hotline" not in (site / "data/marks.db").read_bytes()
    verified = cerco(site, "evidence", "verify")
    assert "2 marks: the chain holds." in verified.stdout


def test_a_mark_names_a_finding_that_there_is(site: Path) -> None:
    assert cerco(site, "evidence", "mark", ONE, "--finding", "9", "--not-sensitive").exit_code == 2
    made = cerco(site, "evidence", "mark", TWO, "--finding", "1", "--not-sensitive", "--json")
    assert json.loads(made.stdout)["finding"] == 1
    assert cerco(site, "evidence", "mark", "C-0000-0000", "--not-sensitive").exit_code == 1
    assert cerco(site, "evidence", "mark", ONE).exit_code == 2  # which of the two?


def test_marks_where_nothing_was_ever_marked(site: Path) -> None:
    shown = cerco(site, "evidence", "marks")
    assert shown.exit_code == 2
    assert "cerco evidence mark" in shown.output
    assert not (site / "data/marks.db").exists()


@pytest.mark.parametrize("statement", ["UPDATE mark SET reference = 'x'", "DELETE FROM mark"])
def test_marks_are_not_changed(site: Path, statement: str) -> None:
    cerco(site, "evidence", "mark", ONE, "--not-sensitive")
    with sqlite3.connect(site / "data/marks.db") as connection, pytest.raises(sqlite3.IntegrityError, match="evidence"):
        connection.execute(statement)


def test_a_mark_that_was_changed_all_the_same_is_named(site: Path) -> None:
    cerco(site, "evidence", "mark", ONE, "--not-sensitive")
    with sqlite3.connect(site / "data/marks.db") as connection:
        [(trigger,)] = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'mark_is_not_changed'")
        connection.execute("DROP TRIGGER mark_is_not_changed")
        connection.execute("UPDATE mark SET record = replace(record, 'not_sensitive', 'sensitive')")
        connection.execute(trigger)
    verified = cerco(site, "evidence", "verify")
    assert verified.exit_code == 1
    assert f"Broken: {ONE}" in verified.stdout
