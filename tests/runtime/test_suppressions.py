"""A suppression at work in the gate: put in force by saving it, over on its day, and no wider than it says."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from cerco.cli import main
from cerco.decide.suppress import Suppression
from cerco.decide.verdict import Action
from cerco.dingtalk.outbound import Wire
from cerco.runtime.authority import create
from cerco.runtime.opening import open_gate
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.settings import load_settings, packaged_rules
from cerco.runtime.simulation import Simulation
from cerco.scan.mask import fingerprint
from tests.runtime.test_inspector import (
    IDENTITY,
    KEY,
    NOW,
    RULES,
    SENSITIVE,
    Site,
    announce,
    commit,
    judged,
    message,
    put,
)
from tests.runtime.test_simulation import SENDER, Recorded

TODAY = NOW.date()
MARK = fingerprint("MO_ID_CARD", IDENTITY, KEY)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    made = Recorded(tmp_path / "recorded")
    yield made
    made.close()


def suppressing(*, rule: str = "macau-id-card", mark: str = MARK, until: date = TODAY) -> Rulebook:
    test = {"rule": rule, "fingerprint": mark, "at": until, "expect": "left alone"}
    said = {"why": "x", "by": "x", "masked": "x", "tests": [test]}
    one = Suppression.model_validate({"id": "one", "rule": rule, "fingerprint": mark, "until": until, **said})
    return replace(RULES, suppressions=(one,), version="suppressing")


async def test_what_is_left_alone_goes_and_the_record_says_why(site: Site) -> None:
    made = await site.inspector(suppressing()).inspect(message(SENSITIVE), 10)
    assert (made.action, made.verdict.action) == ("allowed", Action.ALLOW)
    found = site.evidence.find(made.reference or "")
    assert found is not None
    assert found.verdict.decisions == ("suppressed: one",)
    assert found.verdict.findings == ()


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (suppressing(), SENSITIVE.replace(IDENTITY, "5123457(7)")),
        (suppressing(), f"{SENSITIVE}，BIR 7654321(0)"),
        (suppressing(rule="macau-passport"), SENSITIVE),
        (suppressing(mark=fingerprint("MO_PASSPORT", IDENTITY, KEY)), SENSITIVE),
        (suppressing(mark=fingerprint("MO_ID_CARD", IDENTITY, b"x" * 32)), SENSITIVE),
        (suppressing(until=NOW.date() - timedelta(days=1)), SENSITIVE),
    ],
    ids=["near miss", "another beside it", "another rule", "another kind", "another site's", "expired"],
)
async def test_nothing_else_goes(site: Site, rules: Rulebook, text: str) -> None:
    made = await site.inspector(rules).inspect(message(text), 10)
    assert made.action == "blocked"
    assert any(one.rule == "macau-id-card" for one in made.verdict.findings)


async def test_the_last_day_ends_on_the_site_s_clock(site: Site) -> None:
    rules = suppressing(until=NOW.date())
    night = datetime(2026, 11, 3, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Macau
    for now, action in ((night, "allowed"), (night + timedelta(seconds=1), "blocked")):
        made = await site.inspector(rules, clock=lambda now=now: now).inspect(message(SENSITIVE), 10)
        assert made.action == action


async def test_a_file_that_holds_nothing_else_goes_through_all_its_steps(site: Site) -> None:
    inspector = site.inspector(suppressing())
    made = [await judged(inspector, wire) for wire in (announce(), put(SENSITIVE), commit())]
    assert [one.action for one in made] == ["allowed", "allowed", "allowed"]


async def test_a_simulation_counts_a_suppression_in(recorded: Recorded) -> None:
    for text in (SENSITIVE, SENSITIVE.replace(IDENTITY, "5123457(7)")):
        await recorded.inspector().inspect(message(text), 10)
    assert recorded.asked(suppressing()).ways == {("BLOCK", "ALLOW"): 1}
    last = suppressing(until=NOW.date() - timedelta(days=1))
    first, end, _ = recorded.traffic.range()
    assert Simulation(recorded.traffic, SENDER, RULES, last).run(first, end).ways == {}


async def test_from_a_refusal_to_a_suppression_in_force(tmp_path: Path) -> None:
    shutil.copytree(packaged_rules(), tmp_path / "rules")
    create(tmp_path / "keys", "test")
    config = tmp_path / "cerco.yaml"
    config.write_text("rules: rules\nkeys: keys\ndata: data\nlimits: {scanners: 1}\n")

    def said(number: str) -> Wire:
        return message(f"身份證號碼 {number}")

    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    async with open_gate(load_settings(config), load_rulebook(tmp_path / "rules")) as gate:
        refused = await gate.judge(said("5123456(7)"))
        assert refused.action == "blocked"
        number = next(at for at, one in enumerate(refused.verdict.findings, 1) if one.rule == "macau-id-card")
        arguments = ["rules", "suppress", refused.reference or "", "--finding", str(number), "--until", until, "--json"]
        made = await asyncio.to_thread(CliRunner().invoke, main, [*arguments, "--config", str(config)])
        assert made.exit_code == 0, made.output
        text = await asyncio.to_thread(Path(json.loads(made.stdout)["file"]).read_text, "utf-8")
        assert IDENTITY not in text
        async with asyncio.timeout(15):
            while not gate.rulebook.suppressions:  # noqa: ASYNC110 - the gate tells nobody
                await asyncio.sleep(0.05)
        assert (await gate.judge(said("5123456(7)"))).action == "allowed"
        assert (await gate.judge(said("5123457(7)"))).action == "blocked"
        assert (await gate.judge(put("身份證號碼 5123456(7)"))).action == "allowed"  # read by a scanner process
    assert (tmp_path / "data/traffic.db").is_file()
    shown = CliRunner().invoke(
        main, ["rules", "simulate", "--draft", str(packaged_rules()), "--json", "--config", str(config)]
    )
    data = json.loads(shown.stdout)
    assert data["requests"] == 4
    assert data["ways"] == [{"before": "ALLOW", "after": "BLOCK", "requests": 3}]
