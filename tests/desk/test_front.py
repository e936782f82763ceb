"""Who gets to see a notice, and may answer it."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from cerco.decide.verdict import Action, Verdict
from cerco.desk.attempts import MOST, WITHIN
from cerco.desk.front import Front
from cerco.desk.notice_page import Notice
from cerco.dingtalk.outbound import Actor, Destination
from cerco.evidence.record import EvidenceRecord
from cerco.runtime.gate import Gate
from cerco.runtime.settings import Settings
from cerco.state.grants import Standing
from tests.desk.pages import BOOK, REFERENCE, finding

NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
SENDER, OTHER = "10.0.0.8", "10.0.0.9"


def record(action: str = "blocked", verdict: Action = Action.JUSTIFY, *, observed: bool = False) -> EvidenceRecord:
    return EvidenceRecord(
        reference=REFERENCE,
        at=NOW,
        actor=Actor(SENDER, "account"),
        destination=Destination("oapi.dingtalk.com", "mainland", "cid"),
        channel="oapi",
        operation="robot.send",
        verdict=Verdict(verdict, ("money",), (finding(),), (), observed=observed),
        action=action,
        ruleset="0" * 16,
        parts=1,
        bytes_read=20,
    )


class Records:
    def __init__(self, kept: EvidenceRecord) -> None:
        self.kept = kept

    def find(self, reference: str) -> EvidenceRecord | None:
        return self.kept if reference == REFERENCE else None


class Reasons:
    def __init__(self) -> None:
        self.standing_: Standing | None = Standing("waiting")
        self.given: list[tuple[str, str, str, str]] = []

    async def standing(self, reference: str, now: datetime) -> Standing | None:
        return self.standing_

    async def answer(self, reference: str, reason: str, sentence: str, **more: Any) -> Standing | str | None:
        self.given.append((reference, reason, sentence, more["address"]))
        return "write" if len(sentence) < 5 else Standing("open", NOW + timedelta(minutes=10))


class Desk:
    """A front desk with one record, and a clock that can be set."""

    def __init__(self, kept: EvidenceRecord | None = None, **notice: Any) -> None:
        self.now = NOW
        gate = Gate(Settings.model_validate({"notice": notice}), BOOK, lambda: self.now)
        gate.evidence, self.reasons = cast("Any", Records(kept or record())), Reasons()
        gate.reasons = cast("Any", self.reasons)
        self.front = Front(gate)

    async def ask(self, typed: str = REFERENCE, address: str = SENDER, *, secure: bool = True) -> Notice | str:
        return await self.front.notice(typed, address, secure=secure)


async def shown(desk: Desk, **how: Any) -> Notice:
    found = await desk.ask(**how)
    assert isinstance(found, Notice)
    return found


async def test_the_sender_sees_it() -> None:
    found = await shown(Desk(contact="IT"))
    assert found.reference == REFERENCE
    assert found.site.contact == "IT"
    assert "macau-id-card" in found.rules


@pytest.mark.parametrize("typed", ["c-7k3m-9qxt", "C7K3M9QXT", "7k3m 9qxt", " C-7K3M-9QXT ", "C-7K3M-9QXT\n"])
async def test_however_it_is_written(typed: str) -> None:
    assert isinstance(await Desk().ask(typed), Notice)


@pytest.mark.parametrize("typed", ["C-0000-0000", "C-7K3M-9QX", "'; --", "", "Ç-7K3M-9QXT", "9" * 5_000])
async def test_what_does_not_exist_and_what_is_anothers_look_alike(typed: str) -> None:
    desk = Desk()
    assert await desk.ask(typed or "x") == (await desk.ask(address=OTHER)) == "missing"


async def test_a_site_may_let_anyone_read_who_has_the_reference() -> None:
    assert isinstance(await Desk(readers="anyone").ask(address=OTHER), Notice)


async def test_nobody_finds_notices_by_trying() -> None:
    desk = Desk()
    for number in range(MOST):
        assert await desk.ask(f"C-0000-{number:04}") == "missing"
    assert await desk.ask() == "crowded"  # the right one at last, but it is too late
    assert await desk.ask(address=OTHER) == "missing"
    desk.now += WITHIN
    assert isinstance(await desk.ask(), Notice)


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        (record(), True),
        (record(verdict=Action.BLOCK), False),
        (record("observed"), False),
        (record("allowed"), False),
        (record(observed=True), False),
    ],
)
async def test_only_what_waits_for_a_reason_asks_for_one(kept: EvidenceRecord, asked: bool) -> None:
    assert ((await shown(Desk(kept))).asking is not None) is asked


async def test_the_form_comes_over_tls_only() -> None:
    desk = Desk()
    there, here = await shown(desk), await shown(desk, secure=False)
    assert there.asking
    assert here.asking
    assert desk.front.tokens.is_form(there.asking.token or "", REFERENCE, SENDER, NOW)
    assert here.asking.token is None
    assert here.asking.secure == f"https://notice.cerco.internal/{REFERENCE}"


async def test_what_nobody_remembers_is_over() -> None:
    desk = Desk()
    desk.reasons.standing_ = None
    found = await shown(desk)
    assert found.asking
    assert found.asking.standing.state == "over"


async def test_an_answer_is_passed_on_with_who_gave_it() -> None:
    desk = Desk()
    asking = await desk.front.answer(await shown(desk), SENDER, "law", "the court asked for it")
    assert desk.reasons.given == [(REFERENCE, "law", "the court asked for it", SENDER)]
    assert asking
    assert asking.standing.state == "open"


async def test_a_flawed_answer_comes_back_as_it_was_written() -> None:
    desk = Desk()
    asking = await desk.front.answer(await shown(desk), SENDER, "law", "x")
    assert asking
    assert (asking.flaw, asking.reason, asking.sentence) == ("write", "law", "x")


async def test_what_is_not_asked_is_not_answered() -> None:
    desk = Desk(record(verdict=Action.BLOCK))
    assert await desk.front.answer(await shown(desk), SENDER, "law", "the court asked") is None
    assert desk.reasons.given == []
