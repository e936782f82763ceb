"""Rules that change while requests run: in force whole within a second or so, or not at all."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

from cerco.dingtalk.outbound import Wire
from cerco.runtime.authority import create
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate
from cerco.runtime.opening import open_gate
from cerco.runtime.relay import Relay
from cerco.runtime.reload import stamp
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.scanners import ScannerError, ScannerPool
from cerco.runtime.settings import Settings, packaged_rules

LETTER = "身份證號碼 5123456(7)，" + "早晨。" * 30_000
DIRTY = '{"msgtype": "text", "text": {"content": "身份證號碼 5123456(7)"}}'.encode()
WIRE = Wire(
    "POST", "https", "oapi.dingtalk.com", 443, "/robot/send", (("Content-Type", "application/json"),), DIRTY, "10.0.0.8"
)

LONG = replace(
    WIRE, body=f'{{"msgtype": "text", "text": {{"content": "{LETTER}"}}}}'.encode()
)  # goes to a scanner process


@pytest.fixture
async def gate(tmp_path: Path) -> AsyncIterator[Gate]:
    shutil.copytree(packaged_rules(), tmp_path / "rules")
    create(tmp_path / "keys", "test")
    settings = Settings.model_validate(
        {"rules": tmp_path / "rules", "keys": tmp_path / "keys", "data": tmp_path / "data", "limits": {"scanners": 1}}
    )
    async with open_gate(settings, load_rulebook(tmp_path / "rules")) as opened:
        yield opened


def looser(folder: Path) -> str:
    """Return the policy with its decision on identity numbers turned to allow, and without its tests."""
    text, _, _ = (folder / "policy.yaml").read_text().partition("tests:\n")
    head, _, rest = text.partition("  - id: identity-number")
    return head + "  - id: identity-number" + rest.replace("then: block", "then: allow", 1)


async def until_version_leaves(gate: Gate, version: str) -> None:
    async with asyncio.timeout(15):
        while gate.rulebook.version == version:  # noqa: ASYNC110 - the gate tells nobody
            await asyncio.sleep(0.05)


async def test_a_saved_change_is_in_force_and_no_request_goes_unjudged_meanwhile(gate: Gate, tmp_path: Path) -> None:
    before = gate.rulebook.version
    assert (await gate.judge(WIRE)).action == "blocked"
    saved = tmp_path / "policy.yaml"
    saved.write_text(looser(tmp_path / "rules"))
    saved.rename(tmp_path / "rules" / "policy.yaml")  # as editors save
    seen = []
    async with asyncio.timeout(15):
        while gate.rulebook.version == before:
            seen.append((await gate.judge(WIRE)).action)
            await asyncio.sleep(0.01)
    assert set(seen) <= {"blocked", "allowed"}
    assert (await gate.judge(WIRE)).action == "allowed"


@pytest.mark.parametrize(
    "content",
    ["decisions: [", "label: x\nlabel: y\n", "", "\udcff"],
    ids=["cut off", "doubled key", "empty", "not UTF-8"],
)
async def test_a_faulty_change_leaves_the_last_good_rules_in_force(gate: Gate, tmp_path: Path, content: str) -> None:
    before = gate.rulebook.version
    good = (tmp_path / "rules/policy.yaml").read_bytes()
    (tmp_path / "rules/policy.yaml").write_bytes(content.encode(errors="surrogateescape"))
    await asyncio.sleep(1.5)
    assert gate.rulebook.version == before
    assert (await gate.judge(WIRE)).action == "blocked"
    (tmp_path / "rules/policy.yaml").write_bytes(good + b"# a remark\n")
    await until_version_leaves(gate, before)
    assert (await gate.judge(WIRE)).action == "blocked"


async def test_a_link_that_is_turned_to_another_folder_is_followed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text("label: x\n")
    (tmp_path / "data").symlink_to("one")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/policy.yaml").symlink_to("../data/policy.yaml")  # as Kubernetes mounts configuration
    before = stamp(tmp_path / "rules")
    assert stamp(tmp_path / "rules") == before
    (tmp_path / "new").symlink_to("two")
    (tmp_path / "new").rename(tmp_path / "data")
    assert stamp(tmp_path / "rules") != before


async def test_a_link_to_a_folder_elsewhere_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/one.yaml").write_text("id: one\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/detect").symlink_to("../elsewhere")
    (tmp_path / "rules/loop").symlink_to(".")
    before = stamp(tmp_path / "rules")
    assert "detect/one.yaml" in {name for name, *_ in before}
    (tmp_path / "elsewhere/one.yaml").write_text("id: two\n")
    assert stamp(tmp_path / "rules") != before


def finds(decision: Decision) -> list[str]:
    return [finding.severity for finding in decision.verdict.findings]


async def test_a_change_of_the_policy_alone_keeps_the_scanners(gate: Gate, tmp_path: Path) -> None:
    assert gate.inspector is not None
    before, scanners = gate.rulebook.version, gate.inspector._pool
    policy = tmp_path / "rules/policy.yaml"
    policy.write_text(policy.read_text() + "# a remark\n")
    await until_version_leaves(gate, before)
    assert gate.inspector._pool is scanners


async def test_a_change_of_a_rule_counts_before_its_scanners_are_warm(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gate.inspector is not None
    warm, first = asyncio.Event(), gate.inspector._pool
    start = ScannerPool.start

    async def late(pool: ScannerPool) -> None:
        await warm.wait()
        await start(pool)

    monkeypatch.setattr(ScannerPool, "start", late)
    rule = tmp_path / "rules/detect/macau-id-card.yaml"
    for severity in ("medium", "low"):  # the second while the scanners of the first are not warm yet
        before = gate.rulebook.version
        rule.write_text(re.sub("severity: .*", f"severity: {severity}", rule.read_text()))
        await until_version_leaves(gate, before)
        assert finds(await gate.judge(WIRE)) == [severity]
        assert finds(await gate.judge(LONG)) == [severity]  # by a process that was started for other rules
    warm.set()
    relay = gate.inspector._pool
    assert isinstance(relay, Relay)
    assert relay is not first
    async with asyncio.timeout(60):
        await relay.ready()
    assert relay._at_hand() == (relay._pool, None)
    assert finds(await gate.judge(LONG)) == ["low"]


@pytest.mark.parametrize("step", ["cerco.runtime.reload.load_rulebook", "cerco.runtime.assembly.Assembly.inspector"])
async def test_what_goes_wrong_on_the_way_is_said_loudly_and_tried_again(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    monkeypatch.setattr("cerco.runtime.reload.AGAIN", 0.01)
    before, failed, goes_right = gate.rulebook.version, asyncio.Event(), resolve_name(step)

    def goes_wrong_once(*arguments: Any) -> Any:
        if not failed.is_set():
            failed.set()
            raise ScannerError("no process")
        return goes_right(*arguments)

    monkeypatch.setattr(step, goes_wrong_once)
    policy = tmp_path / "rules/policy.yaml"
    policy.write_text(policy.read_text() + "# a remark\n")
    await until_version_leaves(gate, before)
    assert failed.is_set()
    assert f"version {before} stays: ScannerError" in caplog.text
