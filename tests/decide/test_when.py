"""Who sends, when, by which way: a decision looks only at the circumstances it names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.decide.check import broken, check_policy
from cerco.decide.load import RuleErrors, load, locate
from cerco.decide.policy import Policy, decide
from cerco.decide.verdict import Action, Verdict
from cerco.decide.when import Hours, Way
from cerco.dingtalk.outbound import Actor, Channel, Destination, Key, Outbound, Part, Role
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

MACAU = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=MACAU)  # a Wednesday
OUTBOUND = Outbound(Actor("10.0.3.7", "chan"), Destination("h", "mainland"), Channel.OAPI, "robot.send", ())
FINDING = Finding("x", "ENTITY", "medium", 0.9, "text", 0, 1, "•", "value")

POLICY = """label: L
groups:
  numbers: [x, y]
actors:
  finance: {networks: [10.0.3.0/24, "2001:db8::/32"], accounts: [payroll-bot]}
  sales: {networks: [10.0.4.0/24]}
times:
  office: {weekdays: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00"}
  night: {from: "22:00", to: "06:00"}
  audit: {first: 2026-12-07, last: 2026-12-11}
decisions:
  - {id: it, why: w, when: WHEN, then: block}
  - {id: rest, why: w, when: {rules: [any]}, then: tag}
  - {id: unread, why: w, when: {coverage: [any]}, then: block}
"""


def judged(when: str, outbound: Outbound = OUTBOUND, now: datetime = NOW) -> Verdict:
    return decide(load(POLICY.replace("WHEN", when), "p.yaml", Policy), outbound, [FINDING], (), now)


def by(address: str, account: str | None = None) -> Outbound:
    return replace(OUTBOUND, actor=Actor(address, account))


@pytest.mark.parametrize(
    ("when", "outbound", "applies"),
    [
        pytest.param("{rules: [numbers]}", OUTBOUND, True, id="a group of rules"),
        pytest.param("{rules: [any], with: [numbers]}", OUTBOUND, True, id="with a group of rules"),
        pytest.param("{rules: [x], actors: [finance]}", OUTBOUND, True, id="network"),
        pytest.param("{rules: [x], actors: [sales]}", OUTBOUND, False, id="another network"),
        pytest.param("{rules: [x], actors: [sales, finance]}", OUTBOUND, True, id="either"),
        pytest.param("{rules: [x], actors: [finance]}", by("2001:db8::7"), True, id="IPv6"),
        pytest.param("{rules: [x], actors: [finance]}", by("192.0.2.1", "payroll-bot"), True, id="account"),
        pytest.param("{rules: [x], actors: [finance]}", by("192.0.2.1", "Payroll-bot"), False, id="another account"),
        pytest.param("{rules: [x], actors: [finance]}", by("local"), False, id="no address"),
        pytest.param("{rules: [x], unless: {actors: [finance]}}", OUTBOUND, False, id="unless"),
        pytest.param("{rules: [x], unless: {actors: [sales]}}", OUTBOUND, True, id="unless another"),
        pytest.param("{rules: [x], unless: {actors: [finance], channels: [oss]}}", OUTBOUND, True, id="unless both"),
        pytest.param("{rules: [x], directions: [out]}", OUTBOUND, True, id="out"),
        pytest.param("{rules: [x], directions: [onward]}", OUTBOUND, False, id="not onward"),
        pytest.param("{rules: [x], times: [office]}", OUTBOUND, True, id="time"),
        pytest.param("{rules: [x], times: [night]}", OUTBOUND, False, id="another time"),
        pytest.param("{rules: [x], unless: {times: [office]}}", OUTBOUND, False, id="unless at a time"),
        pytest.param(
            "{rules: [x], times: [office], actors: [finance], regions: [singapore]}", OUTBOUND, False, id="all"
        ),
    ],
)
def test_circumstances(when: str, outbound: Outbound, applies: bool) -> None:
    assert ("it" in judged(when, outbound).decisions) is applies


TEXT = Part(Role.TEXT, "text", "x")
NAME = Part(Role.FILENAME, "name", "x")


@pytest.mark.parametrize(
    ("outbound", "direction"),
    [
        pytest.param(replace(OUTBOUND, parts=(TEXT,)), "out", id="text"),
        pytest.param(replace(OUTBOUND, carries_file=True), "out", id="a file's bytes"),
        pytest.param(replace(OUTBOUND, completes=True, parts=(NAME,)), "onward", id="publishes what was uploaded"),
        pytest.param(replace(OUTBOUND, completes=True, parts=(NAME, TEXT)), "out", id="and says something"),
        pytest.param(replace(OUTBOUND, keys=(Key("message", "m"),)), "onward", id="forwards a message"),
        pytest.param(replace(OUTBOUND, keys=(Key("upload", "u"),), parts=(NAME,)), "out", id="announces an upload"),
        pytest.param(OUTBOUND, "out", id="nothing"),
    ],
)
def test_direction(outbound: Outbound, direction: str) -> None:
    assert Way.of(outbound, NOW).direction == direction


@pytest.mark.parametrize(
    ("hours", "now", "falls"),
    [
        pytest.param({"from": "09:00", "to": "18:00"}, "2026-11-25 09:00", True, id="the first minute"),
        pytest.param({"from": "09:00", "to": "18:00"}, "2026-11-25 18:00", False, id="the first after"),
        pytest.param({"from": "22:00", "to": "06:00"}, "2026-11-25 23:30", True, id="over midnight, before"),
        pytest.param({"from": "22:00", "to": "06:00"}, "2026-11-25 05:59", True, id="over midnight, after"),
        pytest.param({"from": "22:00", "to": "06:00"}, "2026-11-25 12:00", False, id="not over noon"),
        pytest.param({"from": "18:00"}, "2026-11-25 23:59", True, id="until midnight"),
        pytest.param({"to": "09:00"}, "2026-11-25 00:00", True, id="from midnight"),
        pytest.param({"weekdays": ["sat", "sun"]}, "2026-11-28 12:00", True, id="weekend"),
        pytest.param({"weekdays": ["sat", "sun"]}, "2026-11-25 12:00", False, id="no weekend"),
        pytest.param({"first": "2026-12-07", "last": "2026-12-11"}, "2026-12-11 23:59", True, id="the last day"),
        pytest.param({"first": "2026-12-07", "last": "2026-12-11"}, "2026-12-12 00:00", False, id="the day after"),
        pytest.param({"first": "2026-12-07"}, "2026-12-06 12:00", False, id="the day before"),
    ],
)
def test_hours(hours: dict[str, object], now: str, falls: bool) -> None:
    assert Hours.model_validate(hours).has(datetime.fromisoformat(now)) is falls


def test_times_are_those_of_the_site() -> None:
    when = "{rules: [x], times: [office]}"
    assert judged(when, now=datetime(2026, 11, 25, 1, 0, tzinfo=UTC)).action is Action.BLOCK  # nine in Macau
    evening = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # seven in Macau, eleven in the morning in Lisbon
    assert judged(when, now=evening).action is Action.TAG
    lisbon = load(POLICY.replace("WHEN", when) + "timezone: Europe/Lisbon\n", "p.yaml", Policy)
    assert decide(lisbon, OUTBOUND, [FINDING], (), evening).action is Action.BLOCK


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(["office", "night", "audit"]))
def test_a_time_falls_in_or_out(now: datetime, span: str) -> None:
    inside = judged(f"{{rules: [x], times: [{span}]}}", now=now).action is Action.BLOCK
    outside = judged(f"{{rules: [x], unless: {{times: [{span}]}}}}", now=now).action is Action.BLOCK
    assert inside is not outside


WORDS = "{zh-Hant: 一, zh-Hans: 一, pt: um, en: one}"


def test_a_decision_has_a_label_and_words_of_its_own() -> None:
    text = POLICY.replace("WHEN", "{rules: [y]}").replace("then: tag", f"then: tag, label: Mine, notice: {WORDS}")
    made = load(text, "p.yaml", Policy)
    tagged = decide(made, OUTBOUND, [FINDING], (), NOW)
    assert (tagged.label, tagged.notice) == ("Mine", {"zh-Hant": "一", "zh-Hans": "一", "pt": "um", "en": "one"})
    blocked = decide(made, OUTBOUND, [FINDING], [Unreadable("f", Why.ENCRYPTED)], NOW)
    assert (blocked.label, blocked.notice) == (None, None)  # what is tagged has no say in what is blocked


def test_a_site_that_only_observes_carries_nothing_out() -> None:
    made = load("observe: true\n" + POLICY.replace("WHEN", "{rules: [x]}"), "p.yaml", Policy)
    verdict = decide(made, OUTBOUND, [FINDING], (), NOW)
    assert (verdict.action, verdict.observed, verdict.decisions) == (Action.BLOCK, True, ("it",))
    assert decide(made, OUTBOUND, (), (), NOW).observed is False


def test_a_draft_may_label_and_stops_nothing() -> None:
    made = load(POLICY.replace("WHEN", "{rules: [x]}"), "p.yaml", Policy)
    draft = replace(FINDING, draft=True)
    assert decide(made, OUTBOUND, [draft], (), NOW).action is Action.TAG
    assert decide(made, OUTBOUND, [draft, FINDING], (), NOW).action is Action.BLOCK


def test_a_draft_makes_no_companion_that_stops() -> None:
    made = load(POLICY.replace("WHEN", "{rules: [x], with: [y]}"), "p.yaml", Policy)
    beside = Finding("y", "ENTITY", "low", 0.9, "text", 0, 1, "•", "other", draft=True)
    assert decide(made, OUTBOUND, [FINDING, beside], (), NOW).action is Action.TAG


TESTED = (
    POLICY.replace("WHEN", "{rules: [numbers], actors: [finance], times: [office], unless: {actors: [sales]}}")
    + """
tests:
  - {name: one, findings: [{rule: x}], actor: finance, expect: block, decision: it}
  - {name: late, findings: [{rule: x}], actor: finance, at: 2026-11-25 20:00, expect: tag, decision: rest, label: L}
  - {name: closed, coverage: [encrypted], expect: block, decision: unread, observed: false}
"""
)
SOUND = (
    TESTED.replace(
        "  - {id: rest",
        "  - {id: late, why: w, when: {rules: [x], times: [night, audit]}, then: justify}\n  - {id: rest",
    )
    + "  - {name: night, findings: [{rule: x}], at: 2026-11-25 23:00, expect: justify, decision: late}\n"
)


def faults(text: str) -> list[str]:
    return [str(error) for error in locate(text, "p.yaml", check_policy(load(text, "p.yaml", Policy), ("x", "y")))]


def test_a_sound_policy_has_no_fault() -> None:
    assert faults(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "numbers: [x, y]", "numbers: [x, z]", "p: groups.numbers[1]: no detect rule is called `z`.", id="in a group"
        ),
        pytest.param(
            "  numbers: [", "  x: [", "p: groups.x: is the name of a detect rule, too.", id="group like a rule"
        ),
        pytest.param(
            "rules: [numbers]", "rules: [number]", "it: when.rules[0]: no detect rule or group is", id="group"
        ),
        pytest.param(
            "actors: [finance], t", "actors: [fin], t", "it: when.actors[0]: no group under `actors`", id="actor"
        ),
        pytest.param("times: [office]", "times: [ofice]", "it: when.times[0]: no span under `times` is", id="time"),
        pytest.param(
            "unless: {actors: [sales]}",
            "unless: {actors: [saless]}",
            "it: when.unless.actors[0]: no group under `actors`",
            id="unless",
        ),
        pytest.param(
            "actor: finance", "actor: nobody", "one: actor: no group under `actors` is called `nobody`", id="test"
        ),
        pytest.param("label: L}", "label: M}", "late: label: the label is L. Correct the test", id="label"),
        pytest.param(
            "observed: false", "observed: true", "closed: observed: the decision is carried out.", id="observed"
        ),
        pytest.param(", unless: {actors: [sales]}", "", "p: actors.sales: no decision names it.", id="unused group"),
        pytest.param("[night, audit]", "[night]", "p: times.audit: no decision names it.", id="unused time"),
        pytest.param("name: late", "name: one", "one: name: is the name of another test, too.", id="test twice"),
    ],
)
def test_what_cannot_be_meant_is_a_fault(old: str, new: str, said: str) -> None:
    assert SOUND.count(old) >= 1
    assert any(said in fault for fault in faults(SOUND.replace(old, new, 1))), faults(SOUND.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("10.0.3.0/24,", "10.0.3.0/240,", "p.yaml:5: p: actors.finance.networks[0]: "),
        ("{networks: [10.0.4.0/24]}", "{}", "p.yaml:6: p: actors.sales: names nobody. Add `networks` or `accounts`."),
        ('"22:00"', '"25:00"', 'p.yaml:9: p: times.night.from: no time of day. The last is "23:59".'),
        ('"22:00"', "late", 'p.yaml:9: p: times.night.from: no time of day. Write it as "09:00", in quotes.'),
        ("last: 2026-12-11", "last: 2026-12-01", "p.yaml:10: p: times.audit: ends before it begins. Swap"),
        ("unless: {actors: [sales]}", "unless: {}", "p.yaml:12: it: when: `unless` names no circumstance."),
        ("label: L\n", "label: L\ntimezone: Asia/Macao City\n", "p.yaml:2: p: timezone: no time zone. Write one such"),
    ],
)
def test_faults_of_shape_name_their_place(old: str, new: str, said: str) -> None:
    assert old in SOUND
    with pytest.raises(RuleErrors) as caught:
        load(SOUND.replace(old, new, 1), "p.yaml", Policy)
    assert str(caught.value).startswith(said)


def test_what_is_only_untidy_does_not_keep_a_policy_from_being_used() -> None:
    untested = load(SOUND.replace("  - {name: night", "  - {name: other night", 1), "p.yaml", Policy)
    assert broken(untested, ("x", "y")) == []
    bare = load(SOUND.partition("tests:")[0], "p.yaml", Policy)
    assert broken(bare, ("x", "y")) == []
    assert check_policy(bare, ("x", "y")) != []
