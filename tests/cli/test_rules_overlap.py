"""`cerco rules overlap`: rules that say the same, by examples and by records."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Destination
from cerco.evidence.record import EvidenceRecord
from cerco.evidence.store import EvidenceStore
from cerco.runtime.settings import packaged_rules
from cerco.scan.finding import Finding
from cerco.scan.overlap import Pair, overlap


def found(rule: str, start: int = 0, end: int = 8, place: str = "text") -> Finding:
    return Finding(rule, "E", "low", 0.9, place, start, end, "•", f"{rule}{start}")


def test_pairs_share_places_and_not_texts() -> None:
    made = overlap(
        [
            [found("a"), found("b", 4, 12), found("c", 20, 28)],
            [found("a"), found("b", 0, 8, "elsewhere")],
            [found("a"), found("c", 2, 3)],
        ]
    )
    assert made.pairs == (Pair("a", "b", 3, 2, 1), Pair("a", "c", 3, 2, 1))
    assert made.counts == {"a": 3, "b": 2, "c": 2}
    assert [pair.share for pair in made.pairs] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("pair", "inner"),
    [(Pair("a", "b", 5, 3, 3), "b"), (Pair("a", "b", 3, 5, 3), "a"), (Pair("a", "b", 5, 3, 2), None)],
)
def test_a_rule_that_finds_nothing_of_its_own_is_within_the_other(pair: Pair, inner: str | None) -> None:
    assert pair.inner == inner


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with rules of its own, two of which are the same, and a record."""
    rules = Path(shutil.copytree(packaged_rules(), tmp_path / "rules"))
    text = (rules / "detect/macau-id-card.yaml").read_text("utf-8")
    (rules / "detect/resident-card.yaml").write_text(text.replace("id: macau-id-card", "id: resident-card"), "utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "cerco.yaml").write_text("rules: rules\ndata: data\n")
    store = EvidenceStore(tmp_path / "data/evidence.db")
    verdict = Verdict(Action.BLOCK, ("identity-number",), (found("macau-id-card"),), ())
    sent = (datetime(2026, 11, 3, tzinfo=UTC), Actor("10.0.0.8"), Destination("h", "mainland"), "oapi", "robot.send")
    store.append(EvidenceRecord("C-7K3M-9QXT", *sent, verdict, "blocked", "f00d", 1, 9))
    store.close()
    return tmp_path / "cerco.yaml"


def run(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["rules", "overlap", "--config", str(site), *arguments])


def test_a_copy_is_found_out(site: Path) -> None:
    shown = run(site, "--json")
    rows = [json.loads(line) for line in shown.stdout.splitlines()]
    [pair] = [row for row in rows if {row.get("one"), row.get("other")} == {"macau-id-card", "resident-card"}]
    assert pair["share"] == 1.0
    assert pair["within"] == "resident-card"


def test_a_rule_that_no_record_names_is_dead(site: Path) -> None:
    rows = [json.loads(line) for line in run(site, "--json").stdout.splitlines()]
    dead = {row["rule"] for row in rows if row.get("dead")}
    assert "resident-card" in dead
    assert "macau-id-card" not in dead
    assert "1 records" in run(site).stdout


def test_without_records_no_rule_is_called_dead(site: Path) -> None:
    shown = run(site, "--last", "0")
    assert shown.exit_code == 0
    assert "0 rules are dead. Without records no rule can be called dead." in shown.stdout
