"""What the gate covers and serves; a judgement only while it is whole."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cerco.dingtalk.outbound import Wire
from cerco.evidence.store import EvidenceStore
from cerco.runtime import opening as module
from cerco.runtime.authority import create
from cerco.runtime.gate import Gate, NotReadyError
from cerco.runtime.opening import open_gate
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import Settings, packaged_rules

NOW = datetime(2026, 11, 3, tzinfo=UTC)
EDGE = "203.0.113.7"  # nobody's address: RFC 5737
RULES = load_rulebook(packaged_rules())
WIRE = Wire(
    method="POST",
    scheme="https",
    host="oapi.dingtalk.com",
    port=443,
    path="/robot/send?access_token=t",
    headers=(("Content-Type", "application/json"),),
    body=b'{"msgtype":"text","text":{"content":"hello"}}',
    client="10.0.0.8",
)


@pytest.fixture
def gate() -> Gate:
    return Gate(Settings(), RULES, lambda: NOW)


@pytest.mark.parametrize(
    ("names", "covered"),
    [
        ([], None),
        ([None, ""], None),
        (["oapi.dingtalk.com"], "oapi.dingtalk.com"),
        (["OAPI.DingTalk.com."], "oapi.dingtalk.com"),
        (["a.example", None, "api.dingtalk.io"], "api.dingtalk.io"),
        (["eco.taobao.com", "oapi.dingtalk.com"], "eco.taobao.com"),
        (["dingtalk.com"], "dingtalk.com"),
        (["dingtalk.com.example"], None),
        (["xdingtalk.com"], None),
        (["www.taobao.com"], None),
        ([EDGE], None),
    ],
)
def test_names_are_covered_by_the_scope(gate: Gate, names: list[str | None], covered: str | None) -> None:
    assert gate.covers(names) == covered
    assert gate.covers(iter(names)) == covered


@pytest.mark.parametrize(
    ("names", "covered"),
    [
        ([EDGE], EDGE),
        ([None, EDGE], EDGE),
        (["192.0.2.1", EDGE], EDGE),
        (["::ffff:" + EDGE], "::ffff:" + EDGE),
        (["3405803783"], "3405803783"),
        (["a.example", EDGE], None),
        (["192.0.2.1"], None),
        ([EDGE, "oapi.dingtalk.com"], "oapi.dingtalk.com"),
    ],
)
def test_a_known_address_counts_where_nothing_names_the_host(
    gate: Gate, names: list[str | None], covered: str | None
) -> None:
    gate.learn_address(EDGE)
    assert gate.covers(names) == covered


def test_a_known_address_is_forgotten_after_a_day(gate: Gate) -> None:
    gate.learn_address(EDGE)
    gate.clock = lambda: NOW + timedelta(hours=25)
    assert gate.covers([EDGE]) is None


@pytest.mark.parametrize(
    ("names", "served"),
    [
        (["Notice.Example.MO"], True),
        (["notice.example.mo."], True),
        (["a.example", None, "NOTICE.example.mo"], True),
        (["x.notice.example.mo"], False),
        (["example.mo"], False),
        ([None], False),
    ],
)
def test_the_notice_host_is_known_however_it_is_written(names: list[str | None], served: bool) -> None:
    gate = Gate(Settings(notice={"host": "Notice.example.mo"}), RULES, lambda: NOW)
    assert gate.serves(names) is served
    assert gate.covers(names) is None


@pytest.mark.parametrize("ask", ["judge", "judge_unread", "learn", "note_transport"])
async def test_without_an_inspector_every_answer_is_an_exception(gate: Gate, ask: str) -> None:
    arguments: dict[str, tuple[Any, ...]] = {
        "judge": (WIRE,),
        "judge_unread": (WIRE, "lws", "opaque.lws"),
        "learn": (WIRE, None, None),
        "note_transport": (WIRE, "TLSv1.3"),
    }
    with pytest.raises(NotReadyError):
        await getattr(gate, ask)(*arguments[ask])
    assert gate.transports == {}


@pytest.mark.parametrize(("enforcement", "action"), [("enforce", "blocked"), ("observe", "observed")])
@pytest.mark.parametrize("recorded", [True, False])
async def test_before_it_is_ready_a_fault_is_a_refusal_without_a_record(
    enforcement: str, action: str, recorded: bool
) -> None:
    gate = Gate(Settings(enforcement=enforcement), RULES, lambda: NOW)
    made = await gate.refuse_fault(WIRE, "KeyError x.py:1", timed_out=False, recorded=recorded)
    assert (made.action, made.reference) == (action, None)
    assert made.verdict.decisions == ("fault: KeyError x.py:1",)
    assert made.forwards is (enforcement == "observe")


# --- opened for real, without scanner processes ---


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "keys"
    create(folder, "test")
    return folder


@pytest.fixture
def settings(tmp_path: Path, keys: Path) -> Settings:
    return Settings(data=tmp_path / "data" / "below", keys=keys, limits={"scanners": 1})


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens to the scanners, in order; none is started."""
    happened: list[str] = []

    async def start(_: object) -> None:
        await asyncio.sleep(0)
        happened.append("start")

    async def close(_: object) -> None:
        await asyncio.sleep(0)
        happened.append("close")

    monkeypatch.setattr("cerco.runtime.scanners.ScannerPool.start", start)
    monkeypatch.setattr("cerco.runtime.scanners.ScannerPool.close", close)
    return happened


@pytest.fixture
async def opened(settings: Settings, log: list[str]) -> AsyncIterator[Gate]:
    async with open_gate(settings, RULES, lambda: NOW) as gate:
        assert log == ["start"]
        yield gate


async def test_it_judges_and_records_while_it_is_open(opened: Gate, settings: Settings) -> None:
    made = await opened.judge(WIRE)
    assert made.action == "allowed"
    assert made.reference
    assert opened.evidence is not None
    found = opened.evidence.find(made.reference)
    assert found is not None
    assert found.at == NOW
    assert (settings.data.stat().st_mode & 0o777) == 0o700
    assert all((path.stat().st_mode & 0o077) == 0 for path in settings.data.iterdir())


async def test_a_fault_is_recorded_while_it_is_open(opened: Gate) -> None:
    made = await opened.refuse_fault(WIRE, "KeyError x.py:1", timed_out=True, recorded=True)
    assert opened.evidence is not None
    found = opened.evidence.find(made.reference or "")
    assert found is not None
    assert [gap.why for gap in found.verdict.coverage] == ["timed_out"]


async def test_traffic_nobody_reads_is_judged_by_why(opened: Gate) -> None:
    opaque = await opened.judge_unread(WIRE, "lws", "opaque.lws")
    large = await opened.judge_unread(WIRE, "body", "oversize.request")
    assert [gap.why for gap in opaque.verdict.coverage] == ["opaque_protocol"]
    assert [gap.why for gap in large.verdict.coverage] == ["too_large"]
    assert opaque.action == large.action == "blocked"


async def test_a_deadline_that_has_passed_is_an_exception_and_no_record(opened: Gate, settings: Settings) -> None:
    opened.settings = settings.model_copy(update={"limits": settings.limits.model_copy(update={"deadline": 0.0})})
    with pytest.raises(TimeoutError):
        await opened.judge(WIRE)
    assert opened.evidence is not None
    assert opened.evidence.last(10) == []


async def test_after_it_is_closed_it_judges_nothing(settings: Settings, log: list[str]) -> None:
    async with open_gate(settings, RULES) as gate:
        await gate.judge(WIRE)
    assert log == ["start", "close"]
    with pytest.raises(NotReadyError):
        await gate.judge(WIRE)


async def test_while_it_opens_it_judges_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, log: list[str]
) -> None:
    gates: list[Gate] = []
    made = Gate.__init__

    def remember(self: Gate, *arguments: Any) -> None:
        made(self, *arguments)
        gates.append(self)

    async def start(_: object) -> None:
        with pytest.raises(NotReadyError):
            await gates[0].judge(WIRE)
        log.append("asked")

    monkeypatch.setattr(Gate, "__init__", remember)
    monkeypatch.setattr("cerco.runtime.scanners.ScannerPool.start", start)
    async with open_gate(settings, RULES):
        pass
    assert log == ["asked", "close"]


async def test_scanners_that_do_not_start_leave_nothing_open(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, log: list[str]
) -> None:
    async def start(_: object) -> None:
        await asyncio.sleep(0)
        raise OSError(11, "no processes left")

    monkeypatch.setattr("cerco.runtime.scanners.ScannerPool.start", start)
    with pytest.raises(OSError, match="no processes left"):
        async with open_gate(settings, RULES):
            pytest.fail("it opened")
    assert log == ["close"]
    EvidenceStore(settings.data / "evidence.db").close()  # nobody holds it


@pytest.mark.parametrize(("mode", "watched"), [("regular", False), ("transparent", True), ("wireguard", True)])
async def test_names_are_resolved_where_clients_may_send_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, log: list[str], mode: str, watched: bool
) -> None:
    monkeypatch.setattr(module, "resolve", lambda names, _: dict.fromkeys(names, (EDGE,)))
    async with open_gate(settings.model_copy(update={"mode": [mode]}), RULES, lambda: NOW) as gate:
        for _ in range(100):
            await asyncio.sleep(0.005)
            if gate.covers([EDGE]):
                break
        assert (gate.covers([EDGE]) == EDGE) is watched
    assert log


async def test_a_resolver_out_of_order_is_said_so_and_harms_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, log: list[str]
) -> None:
    monkeypatch.setattr(module, "resolve", lambda names, _: dict.fromkeys(names, ()))
    async with open_gate(settings.model_copy(update={"mode": ["transparent"]}), RULES, lambda: NOW) as gate:
        for _ in range(100):
            await asyncio.sleep(0.005)
            if caplog.text:
                break
        assert (await gate.judge(WIRE)).action == "allowed"
    assert "no DingTalk name resolves" in caplog.text
    assert log
