"""A thousand saves while requests run: good, broken, half-written, renamed, linked; each is judged by whole rules."""

import asyncio
import itertools
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from cerco.dingtalk.outbound import Wire
from cerco.runtime.authority import create
from cerco.runtime.gate import Gate
from cerco.runtime.opening import open_gate
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import Settings, packaged_rules

SAVES = 1000
QUIET = 100  # saves, after which there is a pause as people make it
HEADERS = (("Content-Type", "application/json"),)


def wire(text: str) -> Wire:
    body = f'{{"msgtype": "text", "text": {{"content": "{text}"}}}}'.encode()
    return Wire("POST", "https", "oapi.dingtalk.com", 443, "/robot/send", HEADERS, body, "10.0.0.8")


DIRTY = wire("身份證號碼 5123456(7)")
LONG = wire("身份證號碼 5123456(7)，" + "早晨。" * 30_000)  # goes to a scanner process
CLEAN = wire("早晨")


class Editor:
    """Saves the same policy under ever new names of one decision, as people and programs save.

    `whole` holds the names in policies that were saved whole, each with the severity in the rule beside it; what was
    saved broken, or in halves of which the first could stand alone, has a name that is not among them.
    """

    def __init__(self, folder: Path) -> None:
        self._link = folder / "rules"
        self._homes = itertools.count()
        self._folder = folder
        self._plain = (packaged_rules() / "policy.yaml").read_text("utf-8")
        self._rule = (packaged_rules() / "detect/macau-id-card.yaml").read_text("utf-8")
        self._numbers = itertools.count()
        self.whole: dict[str, str] = {}
        self.last = ""
        self.severity = "high"
        self.turn("high")

    @property
    def _policy(self) -> Path:
        return self._link / "policy.yaml"

    def turn(self, severity: str) -> None:
        """Put a folder with another rule and another policy in the place of the one before, by turning a link."""
        home = self._folder / f"home{next(self._homes)}"
        shutil.copytree(packaged_rules(), home)
        (home / "detect/macau-id-card.yaml").write_text(self._rule.replace("severity: high", f"severity: {severity}"))
        self.severity = severity
        (home / "policy.yaml").write_text(self._whole())
        (self._folder / "new").symlink_to(home.name)
        (self._folder / "new").rename(self._link)

    def saves(self) -> Iterator[Callable[[], None]]:
        """Yield ways to save, over and over."""
        yield from itertools.cycle(
            (self.rename, self._write, self._break, self._halve, self.rename, self._empty, self._away, self._cut)
        )

    def _next(self) -> str:
        self.last = f"identity-{next(self._numbers)}"
        return self._plain.replace("identity-number", self.last)

    def _whole(self) -> str:
        """Return a policy that will be saved whole; from then on it may be in force."""
        text = self._next()
        self.whole[self.last] = self.severity
        return text

    def rename(self) -> None:
        text = self._whole()
        beside = self._link / ".policy.yaml.swp"
        beside.write_text(text)
        beside.rename(self._policy)

    def _write(self) -> None:
        text = self._whole()
        self._policy.write_text(text)

    def _halve(self) -> None:
        """Write a good policy in two halves; the first ends within the list of decisions."""
        text = self._whole()
        half = text.index("  - id: money")
        with self._policy.open("w") as file:
            file.write(text[:half])
            file.flush()
            time.sleep(0.004)
            file.write(text[half:])

    def _break(self) -> None:
        self._policy.write_text(self._next().replace("then: block", "then: blok", 1))

    def _cut(self) -> None:
        text = self._next()
        self._policy.write_text(text[: text.index("  - id: other-high")])

    def _empty(self) -> None:
        self._policy.write_text("")

    def _away(self) -> None:
        """Move a rule away and back, as editors do."""
        rule = self._link / "detect/macau-id-card.yaml"
        rule.rename(self._link / "detect/macau-id-card.yaml~")
        (self._link / "detect/macau-id-card.yaml~").rename(rule)


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[tuple[Gate, Editor]]:
    editor = Editor(tmp_path)
    create(tmp_path / "keys", "test")
    settings = Settings.model_validate(
        {"rules": tmp_path / "rules", "keys": tmp_path / "keys", "data": tmp_path / "data", "limits": {"scanners": 1}}
    )
    async with open_gate(settings, load_rulebook(tmp_path / "rules")) as gate:
        yield gate, editor


@pytest.mark.timeout(240)
async def test_a_thousand_saves_and_none_is_judged_by_less_than_whole_rules(opened: tuple[Gate, Editor]) -> None:
    gate, editor = opened
    ended = asyncio.Event()
    seen: dict[str, str] = {}
    judged = 0

    async def send() -> None:
        nonlocal judged
        for number in itertools.count():
            if ended.is_set():
                return
            dirty = await gate.judge(LONG if number % 40 == 39 else DIRTY)
            assert dirty.action == "blocked"
            assert dirty.reference is not None
            assert gate.evidence is not None
            record = gate.evidence.find(dirty.reference)
            assert record is not None
            mark = record.verdict.decisions[0]
            [severity] = {finding.severity for finding in record.verdict.findings}
            assert editor.whole.get(mark) == severity  # a policy that was saved whole, with the rule beside it
            assert seen.setdefault(record.ruleset, mark) == mark  # and the record says which
            clean = await gate.judge(CLEAN)
            assert clean.action == "allowed", clean.verdict
            judged += 1
            await asyncio.sleep(0)

    async def settle() -> None:
        """Wait until what was saved last is in force, and requests were judged by it."""
        async with asyncio.timeout(30):
            while editor.last not in seen.values():
                await asyncio.sleep(0.05)
                assert not any(task.done() for task in senders), "a request was not judged"

    senders = [asyncio.create_task(send()) for _ in range(2)]
    try:
        for number, save in zip(range(1, SAVES + 1), editor.saves(), strict=False):
            await asyncio.to_thread(save)
            if number % (QUIET * 3) == 0:
                await asyncio.to_thread(editor.turn, {"high": "medium", "medium": "high"}[editor.severity])
            if number % QUIET == 0:
                await asyncio.to_thread(editor.rename)
                await settle()
            assert not any(task.done() for task in senders), "a request was not judged"
        await asyncio.to_thread(editor.rename)
        await settle()
    finally:
        ended.set()
        await asyncio.gather(*senders)
    assert judged > 100
    assert len(seen) > SAVES // QUIET  # changes came into force while others were saved
