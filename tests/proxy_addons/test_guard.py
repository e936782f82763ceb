"""Whatever happens inside a hook, the refusal stands; no exception's text reaches a log."""

import asyncio
import logging
from dataclasses import dataclass, field

import pytest

from cerco.evidence.store import EvidenceError
from cerco.runtime.gate import Gate
from proxy_addons.guard import fails_closed, judge, judge_unread
from proxy_addons.wire import request_wire
from tests.proxy_addons.flows import MARKER, Judge, flow, make_gate


@dataclass
class Subject:
    said: list[str] = field(default_factory=list)


def refuse(subject: Subject) -> None:
    subject.said.append("refused")


def lift(subject: Subject) -> None:
    subject.said.append("lifted")


class Addon:
    """Hooks that do what their fault says."""

    def __init__(self, gate: Gate, fault: BaseException | None) -> None:
        self.gate = gate
        self.fault = fault

    @fails_closed(refuse)
    async def after(self, subject: Subject) -> None:
        subject.said.append("hook")
        if self.fault:
            raise self.fault

    @fails_closed(refuse, lift)
    async def before(self, subject: Subject) -> None:
        subject.said.append("hook")
        if self.fault:
            raise self.fault
        lift(subject)


async def run(name: str, fault: BaseException | None, enforcement: str = "enforce") -> list[str]:
    subject = Subject()
    addon = Addon(make_gate(enforcement=enforcement), fault)
    hook = addon.before(subject) if name == "before" else addon.after(subject)
    if isinstance(fault, Exception | None):
        await hook
    else:
        with pytest.raises(type(fault)):
            await hook
    return subject.said


@pytest.mark.parametrize(
    ("name", "fault", "enforcement", "said"),
    [
        ("after", None, "enforce", ["hook"]),
        ("after", KeyError("k"), "enforce", ["hook", "refused"]),
        ("after", KeyError("k"), "observe", ["hook", "refused"]),
        ("after", asyncio.CancelledError(), "enforce", ["hook", "refused"]),
        ("before", None, "enforce", ["refused", "hook", "lifted"]),
        ("before", KeyError("k"), "enforce", ["refused", "hook", "refused"]),
        ("before", KeyError("k"), "observe", ["refused", "hook", "refused", "lifted"]),
        ("before", asyncio.CancelledError(), "enforce", ["refused", "hook", "refused"]),
        ("before", asyncio.CancelledError(), "observe", ["refused", "hook", "refused"]),
        ("before", SystemExit(), "observe", ["refused", "hook", "refused"]),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
async def test_the_refusal_is_set_first_and_stands(
    name: str, fault: BaseException | None, enforcement: str, said: list[str]
) -> None:
    assert await run(name, fault, enforcement) == said


async def test_a_hook_that_is_still_running_is_a_refusal(gate: Gate) -> None:
    subject, gone_on = Subject(), asyncio.Event()

    class Slow:
        def __init__(self) -> None:
            self.gate = gate

        @fails_closed(refuse, lift)
        async def hook(self, _: Subject) -> None:
            gone_on.set()
            await asyncio.Event().wait()

    task = asyncio.ensure_future(Slow().hook(subject))
    await gone_on.wait()
    assert subject.said == ["refused"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert subject.said == ["refused", "refused"]


def test_hooks_keep_their_names() -> None:
    assert Addon.before.__name__ == "before"


async def test_logs_name_the_fault_and_its_line_but_not_its_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await run("before", ValueError(MARKER))
    assert "ValueError test_guard.py:" in caplog.text
    assert MARKER not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


async def test_a_judgement_passes_through(gate: Gate) -> None:
    decision = await judge(gate, request_wire(flow(body=b"clean"), "oapi.dingtalk.com", None))
    assert decision.action == "allowed"


FAULTS = [RuntimeError(MARKER), TimeoutError(), EvidenceError(28, MARKER), ExceptionGroup(MARKER, [ValueError(MARKER)])]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize(("enforcement", "action"), [("enforce", "blocked"), ("observe", "observed")])
async def test_a_fault_is_a_decision_and_on_record(
    caplog: pytest.LogCaptureFixture, judge_: Judge, fault: Exception, enforcement: str, action: str
) -> None:
    gate = make_gate(judge_, enforcement=enforcement)
    judge_.fault = fault
    wire = request_wire(flow(body=b"clean"), "oapi.dingtalk.com", None)
    for made in (await judge(gate, wire), await judge_unread(gate, wire, "lws", "opaque.lws")):
        assert made.action == action
        assert made.verdict.decisions[0].startswith(f"fault: {type(fault).__name__}")
        assert MARKER not in str(made.verdict)
        assert [gap.why for gap in made.verdict.coverage] == (["timed_out"] if isinstance(fault, TimeoutError) else [])
    assert [record.action for record in judge_.records] == [action] * 2
    assert MARKER not in caplog.text


@pytest.fixture
def judge_() -> Judge:
    return Judge()


async def test_a_fault_that_cannot_be_recorded_is_refused_without_a_reference(
    judge_: Judge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def record(*_: object) -> None:
        raise EvidenceError(28, MARKER)

    judge_.fault = RuntimeError()
    monkeypatch.setattr(judge_, "record", record)
    made = await judge(make_gate(judge_), request_wire(flow(), "oapi.dingtalk.com", None))
    assert made.action == "blocked"
    assert made.reference is None
    assert "could not be recorded: EvidenceError" in caplog.text
    assert MARKER not in caplog.text


async def test_a_cancelled_judgement_is_no_decision(judge_: Judge) -> None:
    judge_.fault = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await judge(make_gate(judge_), request_wire(flow(), "oapi.dingtalk.com", None))
