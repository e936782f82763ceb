"""What a draft is said to change is what it changes: requests judged for real by both rules, and asked about later."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from cerco.decide.policy import Policy
from cerco.decide.verdict import Action
from cerco.decide.when import Way
from cerco.dingtalk.held import Content
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound, Wire
from cerco.extract.text import Limits, Text, Unreadable, Why
from cerco.runtime.decision import Decision
from cerco.runtime.inspector import Inspector
from cerco.runtime.recording import WAITING, Names, Passage, Recorder, Watch
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanner_process import scan_file
from cerco.runtime.scanners import ScanReport
from cerco.runtime.simulation import Simulation
from cerco.runtime.tally import Judged, Tally, kind
from cerco.runtime.telemetry import Telemetry
from cerco.scan.detector import Detector
from cerco.scan.rule import DetectRule
from cerco.state.traffic import Row, Traffic, TrafficError
from tests.runtime.test_inspector import (
    CLEAN,
    DETECTOR,
    IDENTITY,
    KEY,
    NOW,
    RULES,
    SENSITIVE,
    TITLE,
    Pool,
    Site,
    announce,
    commit,
    judged,
    markdown,
    message,
    put,
    request,
)  # fmt: skip

SENDER = b"s" * 32


def opened(folder: Path) -> Traffic:
    return Traffic(folder / "traffic.db", KEY, keep=timedelta(days=30), most=10**8)


class Reading(Pool):
    """Scanner processes that are none, and read files as those do."""

    def __init__(self, rules: Rulebook) -> None:
        super().__init__()
        self._detector = DETECTOR if rules.rules is RULES.rules else Detector(rules.rules, KEY)

    async def scan_file(self, data: Content, name: str | None, place: str) -> ScanReport:
        outcome = scan_file(
            self._detector, data if isinstance(data, bytes) else data.whole(), name, place, Limits(), record=True
        )
        return ScanReport(tuple(outcome.findings), tuple(outcome.coverage), outcome.bytes_read, tuple(outcome.seen))


def site_of(folder: Path, rules: Rulebook = RULES) -> Site:
    folder.mkdir(exist_ok=True)
    site = Site(folder)
    site.pool = Reading(rules)
    return site


class Recorded:
    """A site that keeps what it sees."""

    def __init__(self, folder: Path) -> None:
        self.site = site_of(folder)
        self.traffic = opened(folder)
        self.recorder = Recorder(self.traffic, SENDER, Telemetry(), lambda: NOW)

    def inspector(self, rules: Rulebook = RULES, **changes: Any) -> Inspector:
        return self.site.inspector(rules, recorder=self.recorder, **changes)

    def asked(self, draft: Rulebook, before: Rulebook = RULES) -> Tally:
        """Return what would change."""
        self.recorder.close()
        first, last, _ = self.traffic.range()
        return Simulation(self.traffic, SENDER, before, draft).run(first, last)

    def close(self) -> None:
        self.recorder.close()
        self.traffic.close()
        self.site.close()


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    made = Recorded(tmp_path / "recorded")
    yield made
    made.close()


def policy(*decisions: dict[str, Any], **changes: Any) -> Rulebook:
    """Return the shipped rules under another policy."""
    named = [{"id": f"d{number}", "why": "x", **one} for number, one in enumerate(decisions)]
    return replace(RULES, policy=Policy.model_validate({"label": "x", "decisions": named, **changes}), version="draft")


def detect(change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Rulebook:
    """Return the shipped policy over other detect rules; None takes one out."""
    rules = [change(rule.model_dump(mode="json")) for rule in RULES.rules]
    made = tuple(DetectRule.model_validate(rule) for rule in rules if rule is not None)
    return replace(RULES, rules=made, version="draft")


def only_surer(rule: dict[str, Any]) -> dict[str, Any]:
    if "min_score" in rule["match"]:
        rule["match"]["min_score"] = 0.97
    return rule


DRAFTS: dict[str, Rulebook] = {
    "surer": detect(only_surer),
    "without identity cards": detect(lambda rule: None if rule["id"] == "macau-id-card" else rule),
    "tried out": detect(lambda rule: {**rule, "status": "draft"}),
    "all is well": policy(
        {"when": {"rules": ["any"]}, "then": "allow"}, {"when": {"coverage": ["any"]}, "then": "allow"}
    ),
    "all must be explained": policy(
        {"when": {"rules": ["any"]}, "then": "justify"}, {"when": {"coverage": ["any"]}, "then": "justify"}
    ),
    "two kinds at least": policy(
        {"when": {"rules": ["any"], "count": {"at_least": 2}}, "then": "block"},
        {"when": {"rules": ["any"]}, "then": "tag"},
        {"when": {"coverage": ["any"]}, "then": "block"},
    ),
    "from one network": policy(
        {"when": {"rules": ["any"], "actors": ["counter"]}, "then": "block"},
        {"when": {"rules": ["any"]}, "then": "allow"},
        {"when": {"coverage": ["any"]}, "then": "allow"},
        actors={"counter": {"networks": ["10.0.3.0/24"], "accounts": ["robot-9"]}},
    ),
}


def from_address(wire: Wire, address: str) -> Wire:
    return replace(wire, client=address)


def conversations() -> list[tuple[str, list[Wire]]]:
    """Return requests that are made one after the other, each list on a site of its own."""
    chat = "oapi.dingtalk.com/chat/send?access_token=t"

    def said(text: str) -> Wire:
        return request(chat, {"chatid": "c1", "msg": {"msgtype": "text", "text": {"content": text}}})

    return [
        ("messages", [message(CLEAN), message(SENSITIVE), message(f"{SENSITIVE} 電話 66123456"), markdown(TITLE)]),
        ("heading", [markdown(CLEAN, f"# {TITLE}\n{CLEAN}"), message("電郵 somebody@example.test")]),
        ("from other places", [from_address(message(SENSITIVE), one) for one in ("10.0.3.9", "10.0.4.9", "fd00::1")]),
        ("in several messages", [said("身份證號碼 5123"), said("456(7)"), said(CLEAN)]),
        ("upload", [announce(), put(SENSITIVE), commit()]),
        ("upload by a title", [announce(f"{TITLE}.csv"), put(CLEAN), commit(f"{TITLE}.csv")]),
        ("clean upload", [announce(), put(CLEAN), commit()]),
        ("unseen", [commit(key="never seen")]),
    ]


def _judged(made: Decision) -> Judged:
    verdict = made.verdict
    return Judged(verdict.action, verdict.decisions, observed=verdict.observed, findings=verdict.findings)


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize(("name", "wires"), conversations(), ids=[name for name, _ in conversations()])
async def test_what_is_said_of_a_draft_is_what_it_does(
    name: str, wires: Sequence[Wire], draft: str, tmp_path: Path
) -> None:
    # Everything passes while it is kept, as it does where a site only observes: later steps come after refused ones.
    recorded = Recorded(tmp_path / "recorded")
    inspectors = [recorded.inspector(enforce=False)]
    others = [site_of(tmp_path / "before"), site_of(tmp_path / "after", DRAFTS[draft])]
    inspectors += [others[0].inspector(enforce=False), others[1].inspector(DRAFTS[draft], enforce=False)]
    expected = Tally()
    try:
        for number, wire in enumerate(wires):
            _, before, after = [await judged(inspector, wire) for inspector in inspectors]
            sides = [_judged(one) for one in (before, after)]
            expected.add(sides[0], sides[1], reference=str(number))
        tally = recorded.asked(DRAFTS[draft])
    finally:
        recorded.close()
        for one in others:
            one.close()
    assert tally.damaged == 0
    assert tally.torn == 0
    assert tally.unasked == {}
    assert tally.requests == expected.requests
    assert tally.ways == expected.ways
    assert tally.found == expected.found
    assert tally.total.kinds == expected.total.kinds


async def test_a_draft_that_changes_nothing_changes_nothing(recorded: Recorded) -> None:
    for wire in (message(SENSITIVE), message(CLEAN), markdown(TITLE)):
        await recorded.inspector().inspect(wire, 10)
    tally = recorded.asked(RULES)
    assert (tally.requests, tally.ways, tally.rules) == (3, {}, {})
    assert tally.found[0]["macau-id-card"] == 1


async def test_what_is_freed_is_shown_masked_by_rule_channel_and_sender(recorded: Recorded) -> None:
    for number in range(8):
        await recorded.inspector().inspect(from_address(message(SENSITIVE), f"10.0.0.{number % 2}"), 10)
    data = recorded.asked(DRAFTS["without identity cards"]).to_json()
    [rule] = data["rules"]
    assert rule["rule"] == "macau-id-card"
    assert rule["kinds"] == {"freed": 8}
    assert rule["channels"] == {"oapi": 8}
    assert rule["senders"] == 2
    assert (rule["found_before"], rule["found_after"]) == (8, 0)
    assert len(rule["examples"]) == 5
    reference = rule["examples"][0]["reference"]
    assert recorded.site.evidence.find(reference) is not None
    assert rule["examples"][0]["samples"] == ["5••••••(7)"]
    assert IDENTITY not in json.dumps(data)
    assert "10.0.0" not in json.dumps(data)


async def test_departments_are_those_the_policies_name(recorded: Recorded) -> None:
    for address in ("10.0.3.7", "10.0.3.8", "10.9.9.9"):
        await recorded.inspector().inspect(from_address(message(SENSITIVE), address), 10)
    data = recorded.asked(DRAFTS["from one network"]).to_json()
    assert data["ways"] == [{"before": "BLOCK", "after": "ALLOW", "requests": 1}]
    assert data["total"]["departments"] == {"": 1}
    stricter = policy(
        {"when": {"rules": ["any"], "actors": ["counter"]}, "then": "allow"},
        {"when": {"rules": ["any"]}, "then": "block"},
        {"when": {"coverage": ["any"]}, "then": "allow"},
        actors={"counter": {"networks": ["10.0.3.0/24"]}},
    )  # fmt: skip
    assert recorded.asked(stricter).to_json()["total"]["departments"] == {"counter": 2}


async def test_new_words_cannot_be_asked_about_and_free_nothing(recorded: Recorded) -> None:
    await recorded.inspector().inspect(markdown(TITLE), 10)
    await recorded.inspector().inspect(message(CLEAN), 10)

    def more(rule: dict[str, Any]) -> dict[str, Any]:
        if rule["id"] == "customer-data-title":
            rule["match"] = {"phrases": {"en": ["utterly new words"]}, "entity": "CUSTOMER_DATA_TITLE"}
        return rule

    tally = recorded.asked(detect(more))
    assert tally.unasked["customer-data-title"] == 2
    assert tally.ways == {}  # it counts as before, since nobody can tell


async def test_rules_that_were_changed_since_are_asked_by_what_was_sought_then(recorded: Recorded) -> None:
    await recorded.inspector(DRAFTS["surer"]).inspect(message(SENSITIVE), 10)
    await recorded.inspector().inspect(message(SENSITIVE), 10)
    tally = recorded.asked(DRAFTS["without identity cards"])
    assert tally.requests == 2
    assert tally.damaged == 0
    assert tally.ways == {("BLOCK", "ALLOW"): 2}


async def test_what_is_refused_whatever_the_rules_say_does_not_change(recorded: Recorded) -> None:
    await recorded.inspector(refuse_cleartext=True).inspect(message(CLEAN, scheme="http"), 10)
    await recorded.inspector(refuse_cleartext=True).inspect(message(SENSITIVE, scheme="http"), 10)
    assert recorded.asked(DRAFTS["all is well"]).ways == {}


async def test_what_nobody_can_read_is_asked_about_too(recorded: Recorded) -> None:

    gap = Unreadable("lws", Why.OPAQUE_PROTOCOL)
    await recorded.inspector().inspect_unread(request("lws.dingtalk.com/"), "opaque.lws", gap)
    assert recorded.asked(DRAFTS["all is well"]).ways == {("BLOCK", "ALLOW"): 1}
    # There is nothing by which it would be known again, so nobody is asked for a reason.
    assert recorded.asked(DRAFTS["all must be explained"]).ways == {}


async def test_nothing_waits_for_what_is_kept(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    judged_all = threading.Event()
    released: list[bool] = []
    monkeypatch.setattr(Traffic, "append", lambda *_: released.append(judged_all.wait(10)))
    for _ in range(3):
        made = await recorded.inspector().inspect(message(SENSITIVE), 10)
        assert made.action == "blocked"
    judged_all.set()
    recorded.recorder.close()
    assert released
    assert all(released)


async def test_a_file_that_fails_stops_no_request_and_is_counted(tmp_path: Path) -> None:
    reader = InMemoryMetricReader()
    telemetry = Telemetry(reader=reader)
    traffic = opened(tmp_path)
    traffic.close()  # every write fails from here on
    recorder = Recorder(traffic, SENDER, telemetry, lambda: NOW)
    site = Site(tmp_path)
    made = await site.inspector(recorder=recorder).inspect(message(SENSITIVE), 10)
    assert made.action == "blocked"
    recorder.close()
    assert counted(reader) == {"failed": 1}
    site.close()


def test_where_too_many_wait_the_next_are_left_out_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = InMemoryMetricReader()
    monkeypatch.setattr(Recorder, "_run", lambda _: None)  # nobody takes anything off
    recorder = Recorder(opened(tmp_path), SENDER, Telemetry(reader=reader), lambda: NOW)

    outbound = Outbound(Actor("10.0.0.8"), Destination("oapi.dingtalk.com", "mainland"), Channel.OAPI, "x", ())
    for number in range(WAITING + 7):
        recorder.offer(Passage(f"C-{number}", NOW, Way.of(outbound, NOW), "allowed"), Watch(DETECTOR))
    assert recorder.is_full
    assert counted(reader) == {"dropped": 7}


def counted(reader: InMemoryMetricReader) -> dict[str, int]:
    data = reader.get_metrics_data()
    assert data is not None
    return {
        str((point.attributes or {})["cerco.outcome"]): int(getattr(point, "value"))  # noqa: B009 - of counters alone
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == "cerco.recording"
        for point in metric.data.data_points
    }


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"units": []}', b'{"units":["x"]}', b'{"units":[],"direction":"out","channel":"none"}'],
)
def test_a_row_that_is_none_is_counted_as_damaged(data: bytes, tmp_path: Path) -> None:
    traffic = opened(tmp_path)
    traffic.append([Row(NOW, "C-1", b"a" * 16, b"s" * 16, data)], {}, {}, NOW)
    tally = Simulation(traffic, SENDER, RULES, DRAFTS["surer"]).run(1, 1)
    assert (tally.requests, tally.damaged) == (0, 1)


# --- who is of a group ---


@pytest.mark.parametrize(
    ("address", "account", "is_one"),
    [
        ("10.0.3.7", None, True),
        ("10.0.4.7", None, False),
        ("fd00:3::9", None, True),
        ("fd00:4::9", None, False),
        ("::ffff:10.0.3.7", None, False),  # as the policy itself sees it
        ("10.9.9.9", "robot-9", True),
        ("10.9.9.9", "robot-8", False),
        ("nonsense", None, False),
        ("nonsense", "robot-9", True),
    ],
)
def test_a_group_knows_whom_it_names_by_pseudonym(address: str, account: str | None, is_one: bool) -> None:
    group = policy(
        {"when": {"rules": ["any"]}, "then": "allow"},
        actors={"g": {"networks": ["10.0.3.0/24", "fd00:3::/32"], "accounts": ["robot-9"]}},
    ).policy.actors["g"]
    names = Names(SENDER)
    actor = Actor(address, account)
    assert group.has(actor) is is_one
    described = json.loads(json.dumps(names.describe(actor)))
    assert names.has(group, described) is is_one
    assert address not in json.dumps(described)


# --- what changes ---

_OBSERVED = Judged(Action.BLOCK, observed=True)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (Judged(Action.ALLOW), Judged(Action.ALLOW), None),
        (Judged(Action.ALLOW), Judged(Action.BLOCK), "blocked"),
        (Judged(Action.TAG), Judged(Action.JUSTIFY), "asked"),
        (Judged(Action.ALLOW), Judged(Action.TAG), "tagged"),
        (Judged(Action.BLOCK), Judged(Action.TAG), "softened"),
        (Judged(Action.BLOCK), Judged(Action.ALLOW), "freed"),
        (Judged(Action.ALLOW), _OBSERVED, "observed"),
        (Judged(Action.BLOCK), _OBSERVED, "observed"),
        (_OBSERVED, Judged(Action.BLOCK), "blocked"),
        (_OBSERVED, Judged(Action.ALLOW), "observed"),
        (_OBSERVED, _OBSERVED, None),
    ],
    ids=lambda value: getattr(value, "shown", str(value)),
)
def test_kinds_of_change(before: Judged, after: Judged, said: str | None) -> None:
    assert kind(before, after) == said


def test_two_halves_add_up_to_the_whole(tmp_path: Path) -> None:
    whole, halves = Tally(), [Tally(), Tally()]
    finding = DETECTOR.scan([Text("m", SENSITIVE)])
    for number in range(20):
        sides = (Judged(Action.ALLOW), Judged(Action.BLOCK if number % 3 else Action.ALLOW, findings=finding))
        for tally in (whole, halves[number % 2]):
            at = NOW + timedelta(hours=number)
            tally.add(*sides, reference=f"C-{number}", at=at, channel="oapi", groups=("g",), sender=bytes([number % 4]))
    halves[0] += halves[1]
    assert halves[0].to_json() == whole.to_json()


def test_another_site_s_key_opens_nothing(tmp_path: Path) -> None:
    traffic = opened(tmp_path)
    traffic.append([Row(NOW, "C-1", b"a" * 16, b"s" * 16, b"{}")], {b"a" * 16: b"{}"}, {}, NOW)
    traffic.close()
    with pytest.raises(TrafficError):
        Simulation(Traffic(tmp_path / "traffic.db", b"x" * 32, keep=timedelta(1), most=1), SENDER, RULES, RULES)
