import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Destination
from cerco.evidence.justifications import Justification, Justifications
from cerco.evidence.record import EvidenceRecord, new_reference
from cerco.evidence.store import EvidenceStore
from cerco.extract.text import Unreadable, Why
from cerco.runtime import authority
from cerco.runtime.authority import derive, site_key
from cerco.scan.finding import Finding

NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
FINDING = Finding(
    "macau-id-card",
    "MO_ID_CARD",
    "high",
    0.85,
    "text.content",
    4,
    14,
    "1••••••(8)",
    "f" * 64,
    ("pattern x", "context 身份證"),
)


def record(number: int, action: Action = Action.BLOCK) -> EvidenceRecord:
    blocked = action is Action.BLOCK
    findings = (FINDING,) if blocked else ()
    gaps = (Unreadable("報表\x1b[2J.zip > a\u202egpj.exe", Why.ENCRYPTED),) if blocked else ()
    return EvidenceRecord(
        reference=new_reference(number.to_bytes(5)),
        at=NOW + timedelta(seconds=number % 60),
        actor=Actor("10.0.0.8", "robot-1"),
        destination=Destination("oapi.dingtalk.com", "mainland", "cid-1"),
        channel="oapi",
        operation="robot.send",
        verdict=Verdict(action, ("id-numbers",) if blocked else (), findings, gaps),
        action="blocked" if blocked else "allowed",
        ruleset="0123456789abcdef",
        parts=1,
        bytes_read=120,
        tls_client="TLSv1.3",
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "cerco.yaml").write_text("data: data\n")
    (tmp_path / "data").mkdir()
    store = EvidenceStore(tmp_path / "data/evidence.db")
    for number in range(3):
        store.append(record(number, Action.ALLOW if number == 1 else Action.BLOCK))
    store.close()
    return tmp_path


def cerco(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["evidence", *arguments, "--config", str(site / "cerco.yaml")])


@pytest.mark.parametrize("spelt", ["C-0000-0002", "c-0000-0002", "00000002", "C 0000 0002", "c-oooo-ooo2"])
def test_one_record_is_found_however_its_number_is_written(site: Path, spelt: str) -> None:
    shown = cerco(site, "show", spelt)
    assert shown.exit_code == 0
    for said in ("C-0000-0002", "blocked", "BLOCK", "id-numbers", "10.0.0.8", "oapi.dingtalk.com (mainland)",
                 "macau-id-card", "text.content", "1••••••(8)", "context 身份證", "encrypted"):  # fmt: skip
        assert said in shown.stdout


def test_a_number_that_begins_with_c_is_not_mistaken_for_the_prefix(site: Path) -> None:
    made = record(12 << 35 | 5)
    assert made.reference == "C-C000-0005"
    store = EvidenceStore(site / "data/evidence.db")
    store.append(made)
    store.close()
    plain = made.reference.removeprefix("C-").replace("-", "")
    for spelt in (made.reference, plain, f"C{plain}"):
        assert made.reference in cerco(site, "show", spelt).stdout


def test_what_a_sender_named_cannot_move_the_cursor(site: Path) -> None:
    shown = cerco(site, "show", "C-0000-0002").stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "報表�[2J.zip" in shown


def test_the_newest_come_first(site: Path) -> None:
    lines = cerco(site, "show", "--last", "2").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["Reference", "C-0000-0002", "C-0000-0001"]
    assert "macau-id-card, encrypted" in lines[1]
    assert "allowed" in lines[2]


def test_json_is_the_record_one_a_line(site: Path) -> None:
    lines = cerco(site, "show", "--last", "9", "--json").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [
        record(2).to_json(), record(1, Action.ALLOW).to_json(), record(0).to_json()
    ]  # fmt: skip


def test_an_unknown_number_is_exit_1(site: Path) -> None:
    shown = cerco(site, "show", "C-ZZZZ-ZZZZ")
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "no record C-ZZZZ-ZZZZ" in shown.stderr


def test_a_chain_that_holds(site: Path) -> None:
    shown = cerco(site, "verify")
    assert (shown.exit_code, shown.stdout) == (0, "3 records: the chain holds.\n")


def test_a_chain_that_was_tampered_with_is_exit_1(site: Path) -> None:
    with sqlite3.connect(site / "data/evidence.db") as raw:
        (guard,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'record_is_not_changed'").fetchone()
        raw.execute("DROP TRIGGER record_is_not_changed")
        raw.execute("UPDATE record SET record = replace(record, '10.0.0.8', '10.0.0.9') WHERE seq = 2")
        raw.execute(guard)
    raw.close()
    shown = cerco(site, "verify")
    assert shown.exit_code == 1
    assert "Broken: C-0000-0001" in shown.stdout


def test_looking_for_evidence_makes_none(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("data: data\n")
    shown = cerco(tmp_path, "show", "--last", "1")
    assert shown.exit_code == 2
    assert "no evidence yet" in shown.stderr
    assert not (tmp_path / "data").exists()


def test_a_file_that_is_no_store_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("data: data\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/evidence.db").write_bytes(b"not a database, but long enough to be looked at" * 50)
    shown = cerco(tmp_path, "verify")
    assert shown.exit_code == 2
    assert len(shown.stderr.splitlines()) == 1
    assert "evidence.db" in shown.stderr


# ---- Reasons ----

SENTENCE = "Chan Tai Man asked for it \x1b[2J"


@pytest.fixture
def reasons(site: Path) -> Path:
    authority.create(site / "keys", "Taipa")
    store = Justifications(site / "data/justifications.db", derive(site_key(site / "keys"), "justification"))
    for number in range(2):
        reference = new_reference(number.to_bytes(5)) if number == 0 else "C-ZZZZ-ZZZZ"
        at = NOW + timedelta(minutes=number)
        store.append(Justification(reference, at, at + timedelta(minutes=10), "10.0.0.8", "customer", SENTENCE))
    store.close()
    return site


def test_reasons_are_listed_with_what_they_were_for(reasons: Path) -> None:
    done = cerco(reasons, "justifications")
    assert done.exit_code == 0, done.output
    rows = [line for line in done.output.splitlines() if "C-" in line]
    assert ["C-ZZZZ-ZZZZ" in row for row in rows] == [True, False]
    assert "macau-id-card" in rows[1]
    assert "oapi.dingtalk.com" in rows[1]
    assert "customer" in rows[1]
    assert "Chan Tai Man asked for it" in done.output
    assert "\x1b" not in done.output


def test_one_reason_by_the_reference_of_what_it_answers(reasons: Path) -> None:
    done = cerco(reasons, "justifications", "c zzzz zzzz", "--json")
    (one,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert one == {
        "reference": "C-ZZZZ-ZZZZ",
        "at": "2026-11-03T02:02:00.000000Z",
        "until": "2026-11-03T02:12:00.000000Z",
        "address": "10.0.0.8",
        "reason": "customer",
        "sentence": SENTENCE,
        "record": None,
    }


def test_json_has_the_record_beside_the_reason(reasons: Path) -> None:
    listed = [json.loads(line) for line in cerco(reasons, "justifications", "--json").stdout.splitlines()]
    assert listed[1]["record"]["verdict"]["findings"][0]["masked"] == "1••••••(8)"
    assert len(cerco(reasons, "justifications", "--last", "1", "--json").stdout.splitlines()) == 1


def test_no_such_reason(reasons: Path) -> None:
    done = cerco(reasons, "justifications", "C-1111-1111")
    assert done.exit_code == 1
    assert "No reason was given for C-1111-1111" in done.output


def test_without_any_it_is_said(site: Path) -> None:
    done = cerco(site, "justifications")
    assert done.exit_code == 2
    assert "no reason was ever given" in done.output


def test_without_the_site_key_nobody_reads_them(reasons: Path) -> None:
    (reasons / "keys/site.key").unlink()
    done = cerco(reasons, "justifications")
    assert done.exit_code == 2
    assert "site.key" in done.output


def test_verify_walks_the_reasons_as_well(reasons: Path) -> None:
    done = cerco(reasons, "verify")
    assert done.exit_code == 0
    assert "2 reasons: the chain holds." in done.output
    with sqlite3.connect(reasons / "data/justifications.db") as raw:
        (guard,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'justification_is_not_changed'").fetchone()
        raw.execute("DROP TRIGGER justification_is_not_changed")
        raw.execute("UPDATE justification SET record = replace(record, 'customer', 'consent') WHERE seq = 2")
        raw.execute(guard)
    raw.close()
    shown = cerco(reasons, "verify")
    assert shown.exit_code == 1
    assert "Broken: C-ZZZZ-ZZZZ" in shown.stdout
    assert "Reasons before it that hold: 1" in shown.stdout
