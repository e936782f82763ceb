"""The policy answers for everything, the strictest answer wins, and nothing found ever softens it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.decide.check import check_policy
from cerco.decide.load import RuleErrors, load, locate
from cerco.decide.policy import Decision, Policy, Then, decide
from cerco.decide.verdict import Action, Verdict
from cerco.decide.when import Gap, When
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

SHIPPED = Path(__file__).parents[2] / "rules" / "policy.yaml"
RULE_IDS = tuple(path.stem for path in (SHIPPED.parent / "detect").glob("*.yaml"))
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in Macau
ENDING = """
  - {id: rest, why: w, when: {rules: [any]}, then: tag}
  - {id: unread, why: w, when: {coverage: [any]}, then: block}
"""


def policy(decisions: str = "") -> Policy:
    text = f"label: L\ndecisions:{decisions}{ENDING}"
    return load(text, "rules/policy.yaml", Policy)


def outbound(channel: Channel = Channel.OAPI, region: str = "mainland") -> Outbound:
    return Outbound(Actor("10.0.0.1"), Destination("oapi.dingtalk.com", region), channel, "robot.send", ())


def found(rule: str, severity: str = "medium", value: str = "a", *, draft: bool = False) -> Finding:
    return Finding(rule, "ENTITY", severity, 0.9, "text", 0, 1, "•", value, draft=draft)


def gap(why: Why) -> Unreadable:
    return Unreadable("file", why)


def judge(
    made: Policy,
    findings: Sequence[Finding] = (),
    coverage: Sequence[Unreadable] = (),
    **way: Channel | str,
) -> tuple[str, tuple[str, ...]]:
    channel, region = Channel(way.get("channel", Channel.OAPI)), str(way.get("region", "mainland"))
    verdict = decide(made, outbound(channel, region), findings, coverage, NOW)
    assert (verdict.findings, verdict.coverage) == (tuple(findings), tuple(coverage))
    return verdict.action.name, verdict.decisions


def test_nothing_found_and_everything_read_is_allowed() -> None:
    assert judge(policy()) == ("ALLOW", ())


@pytest.mark.parametrize(
    ("when", "findings", "applies"),
    [
        pytest.param("{rules: [x]}", [found("x")], True, id="rule"),
        pytest.param("{rules: [x]}", [found("y")], False, id="another rule"),
        pytest.param("{rules: [x, y]}", [found("y")], True, id="one of the rules"),
        pytest.param("{severities: [high]}", [found("x", "high")], True, id="severity"),
        pytest.param("{severities: [high]}", [found("x", "medium")], False, id="milder"),
        pytest.param(
            "{rules: [x], severities: [high]}", [found("x", "low"), found("y", "high")], False, id="both, not each"
        ),
        pytest.param("{rules: [x], with: [y]}", [found("x"), found("y")], True, id="together"),
        pytest.param("{rules: [x], with: [y, z]}", [found("x"), found("z")], True, id="together with either"),
        pytest.param("{rules: [x], with: [y]}", [found("x"), found("z")], False, id="together with another"),
        pytest.param("{rules: [x], with: [y]}", [found("y")], False, id="the companion alone"),
        pytest.param(
            "{rules: [x], with: {rules: [y, z], at_least: 2}}",
            [found("x"), found("y", value="1"), found("z", value="2")],
            True,
            id="together with so many",
        ),
        pytest.param(
            "{rules: [x], with: {rules: [y], at_least: 2}}",
            [found("x"), found("y", value="1"), found("y", value="1")],
            False,
            id="together with one value twice",
        ),
        pytest.param(
            "{rules: [x], count: {at_least: 2}}", [found("x", value="1"), found("x", value="2")], True, id="count"
        ),
        pytest.param(
            "{rules: [x], count: {at_least: 2}}",
            [found("x", value="1"), found("x", value="1")],
            False,
            id="one value twice",
        ),
        pytest.param(
            "{rules: [x], count: {at_least: 2}}",
            [found("x", value="1"), found("y", value="2")],
            False,
            id="count of others",
        ),
        pytest.param("{count: {at_least: 2}}", [found("x", value="1"), found("y", value="2")], True, id="count of all"),
        pytest.param("{rules: [x], channels: [oapi]}", [found("x")], True, id="channel"),
        pytest.param("{rules: [x], channels: [lwp]}", [found("x")], False, id="another channel"),
        pytest.param("{rules: [x], regions: [mainland]}", [found("x")], True, id="region"),
        pytest.param("{rules: [x], regions: [singapore]}", [found("x")], False, id="another region"),
    ],
)
def test_when_a_decision_applies(when: str, findings: list[Finding], applies: bool) -> None:
    made = policy(f"\n  - {{id: it, why: w, when: {when}, then: block}}")
    action, decisions = judge(made, findings)
    assert action == ("BLOCK" if applies else "TAG")
    assert ("it" in decisions) is applies


@pytest.mark.parametrize(
    ("when", "gaps", "findings", "applies"),
    [
        pytest.param("{coverage: [encrypted]}", [Why.ENCRYPTED], [], True, id="that gap"),
        pytest.param("{coverage: [encrypted]}", [Why.TIMED_OUT], [], False, id="another gap"),
        pytest.param("{coverage: [any]}", [Why.UNSEEN], [], True, id="any gap"),
        pytest.param("{coverage: [encrypted], with: [x]}", [Why.ENCRYPTED], [found("x")], True, id="with a finding"),
        pytest.param("{coverage: [encrypted], with: [x]}", [Why.ENCRYPTED], [found("y")], False, id="with another"),
        pytest.param("{coverage: [encrypted], channels: [oss]}", [Why.ENCRYPTED], [], False, id="another channel"),
        pytest.param("{rules: [any]}", [Why.ENCRYPTED], [], False, id="a decision about findings"),
    ],
)
def test_gaps_are_judged_like_findings(when: str, gaps: list[Why], findings: list[Finding], applies: bool) -> None:
    made = policy(f"\n  - {{id: it, why: w, when: {when}, then: justify}}")
    assert ("it" in judge(made, findings, [gap(why) for why in gaps])[1]) is applies


@pytest.mark.parametrize(
    ("sizes", "decisions"),
    [
        pytest.param((0,), ("unread",), id="unknown"),
        pytest.param((20_000_000,), ("unread",), id="just so large"),
        pytest.param((20_000_001,), ("it",), id="larger"),
        pytest.param((20_000_001, 9), ("unread", "it"), id="one of each"),
        pytest.param((9, 20_000_001, 8), ("unread", "it"), id="in any order"),
        pytest.param((30 * 2**20 + 1,), ("huge",), id="still larger"),
    ],
)
def test_gaps_are_judged_by_size(sizes: tuple[int, ...], decisions: tuple[str, ...]) -> None:
    made = policy("""
  - {id: huge, why: w, when: {coverage: [any], larger_than: 30 MiB}, then: allow}
  - {id: it, why: w, when: {coverage: [malformed], larger_than: 20MB}, then: tag}""")
    assert judge(made, (), [Unreadable(str(size), Why.MALFORMED, size) for size in sizes])[1] == decisions


def test_a_size_of_findings_is_refused() -> None:
    with pytest.raises(RuleErrors) as caught:
        policy("\n  - {id: a, why: w, when: {rules: [x], larger_than: 1 MiB}, then: tag}")
    assert "`larger_than` is the size of what was not read." in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second", "reached"),
    [
        pytest.param(", larger_than: 1 MiB", "", True, id="the rest"),
        pytest.param(", larger_than: 2 MiB", ", larger_than: 1 MiB", True, id="smaller ones"),
        pytest.param("", ", larger_than: 1 MiB", False, id="behind all"),
        pytest.param(", larger_than: 1 MiB", ", larger_than: 2 MiB", False, id="behind smaller ones"),
    ],
)
def test_whether_a_size_is_still_to_come(first: str, second: str, *, reached: bool) -> None:
    made = policy(f"""
  - {{id: a, why: w, when: {{coverage: [malformed]{first}}}, then: tag}}
  - {{id: b, why: w, when: {{coverage: [malformed]{second}}}, then: block}}""")
    problems = [fault.problem for fault in check_policy(made, {"x"}) if fault.path == ("decisions", 1)]
    assert any("reach" in problem for problem in problems) is not reached


def test_first_match_for_each_finding_and_the_strictest_of_all() -> None:
    made = policy("""
  - {id: a, why: w, when: {rules: [x]}, then: allow}
  - {id: b, why: w, when: {rules: [x, y]}, then: justify}""")
    assert judge(made, [found("x")]) == ("ALLOW", ("a",))
    assert judge(made, [found("x"), found("y"), found("z")]) == ("JUSTIFY", ("b", "rest", "a"))
    assert judge(made, [found("y")], [gap(Why.MALFORMED)]) == ("BLOCK", ("unread", "b"))


def test_a_conditional_decision_never_shields_from_a_stricter_one_below() -> None:
    made = policy("""
  - {id: few, why: w, when: {rules: [x], count: {at_least: 2}}, then: allow}
  - {id: all, why: w, when: {rules: [x]}, then: block}""")
    assert judge(made, [found("x", value="1"), found("x", value="2")]) == ("BLOCK", ("all", "few"))


def test_observed_decisions_are_recorded_and_carried_out_only_in_name() -> None:
    made = policy("\n  - {id: trial, why: w, when: {rules: [x]}, then: block, observe: true}")
    alone = decide(made, outbound(), [found("x")], (), NOW)
    assert (alone.action, alone.observed, alone.decisions) == (Action.BLOCK, True, ("trial",))
    beside = decide(made, outbound(), [found("x"), found("y")], (), NOW)
    assert (beside.action, beside.observed, beside.decisions) == (Action.TAG, False, ("rest", "trial"))


def test_what_no_decision_answers_for_is_blocked() -> None:
    bare = load("label: L\ndecisions:\n  - {id: a, why: w, when: {rules: [x]}, then: tag}", "p.yaml", Policy)
    assert judge(bare, [found("x")]) == ("TAG", ("a",))
    assert judge(bare, [found("x"), found("y")]) == ("BLOCK", ("unmatched", "a"))
    assert judge(bare, [], [gap(Why.UNSEEN)]) == ("BLOCK", ("unmatched",))


def test_the_label_goes_with_a_tag_and_nothing_else() -> None:
    made = policy()
    assert decide(made, outbound(), [found("x")], (), NOW).label == "L"
    assert decide(made, outbound(), [found("x")], [gap(Why.ENCRYPTED)], NOW).label is None
    assert decide(made, outbound(), (), (), NOW).label is None


def test_the_gaps_of_the_file_are_the_gaps_there_are() -> None:
    assert set(get_args(Gap)) == {why.value for why in Why}
    assert [Action[word.upper()] for word in get_args(Then.__value__)] == list(Action)


# ---- Never softer ----

RULES = ("x", "y", "z")
GAPS = ("any", *(why.value for why in Why))
findings_strategy = st.builds(
    found,
    st.sampled_from(RULES),
    st.sampled_from(("low", "medium", "high")),
    st.sampled_from("abc"),
    draft=st.booleans(),
)
gaps_strategy = st.builds(gap, st.sampled_from(Why))
some_rules = st.lists(st.sampled_from(RULES), max_size=2, unique=True)
whens = st.one_of(
    st.fixed_dictionaries(
        {"rules": st.one_of(st.just(["any"]), st.lists(st.sampled_from(RULES), min_size=1, max_size=2, unique=True))},
        optional={
            "severities": st.lists(st.sampled_from(("low", "medium", "high")), max_size=2, unique=True),
            "count": st.fixed_dictionaries({"at_least": st.integers(1, 3)}),
            "with": st.one_of(
                some_rules,
                st.fixed_dictionaries(
                    {
                        "rules": st.lists(st.sampled_from(RULES), min_size=1, max_size=2, unique=True),
                        "at_least": st.integers(1, 3),
                    }
                ),
            ),
            "unless": st.fixed_dictionaries({"channels": st.just(["oss"])}),
            "channels": st.lists(st.sampled_from([channel.value for channel in Channel]), max_size=2, unique=True),
        },
    ),
    st.fixed_dictionaries(
        {"coverage": st.lists(st.sampled_from(GAPS), min_size=1, max_size=3, unique=True)},
        optional={"with": some_rules},
    ),
)
policies = st.builds(
    lambda rows, observe: Policy(
        label="L",
        observe=observe,
        decisions=tuple(
            Decision(id=f"d{at}", why="w", when=When.model_validate(when), then=then, observe=observed)
            for at, (when, then, observed) in enumerate(rows)
        ),
    ),
    st.lists(
        st.tuples(whens, st.sampled_from(("allow", "tag", "justify", "block")), st.booleans()), min_size=1, max_size=6
    ),
    st.booleans(),
)


def effect(verdict: Verdict) -> Action:
    """What the gate carries out."""
    return Action.ALLOW if verdict.observed else verdict.action


@settings(max_examples=400, deadline=None)
@given(
    policies,
    st.lists(findings_strategy, max_size=4),
    st.lists(gaps_strategy, max_size=2),
    st.one_of(findings_strategy, gaps_strategy),
    st.sampled_from(Channel),
)
def test_one_more_finding_or_gap_never_softens(
    made: Policy,
    findings: list[Finding],
    gaps: list[Unreadable],
    more: Finding | Unreadable,
    channel: Channel,
) -> None:
    before = decide(made, outbound(channel), findings, gaps, NOW)
    if isinstance(more, Finding):
        after = decide(made, outbound(channel), [more, *findings], gaps, NOW)
    else:
        after = decide(made, outbound(channel), findings, [more, *gaps], NOW)
    assert effect(after) >= effect(before)
    assert after.action >= before.action or after.observed < before.observed
    assert set(before.decisions) <= set(after.decisions)


@settings(max_examples=200, deadline=None)
@given(policies, st.lists(findings_strategy, max_size=4), st.lists(gaps_strategy, max_size=2))
def test_a_draft_adds_no_more_than_a_label(made: Policy, findings: list[Finding], gaps: list[Unreadable]) -> None:
    with_drafts = decide(made, outbound(), findings, gaps, NOW)
    without = decide(made, outbound(), [finding for finding in findings if not finding.draft], gaps, NOW)
    assert effect(with_drafts) <= max(effect(without), Action.TAG)


# ---- The check ----


def test_the_shipped_policy_has_no_fault() -> None:
    made = load(SHIPPED.read_text("utf-8"), "rules/policy.yaml", Policy)
    assert check_policy(made, RULE_IDS) == []


@pytest.mark.parametrize(
    ("rules", "gaps", "channel", "action"),
    [
        pytest.param(["macau-id-card"], [], Channel.LWP, "BLOCK", id="identity number"),
        pytest.param(["bank-account"], [], Channel.OAPI, "BLOCK", id="bank account"),
        pytest.param(["payment-card"], [], Channel.API, "BLOCK", id="card"),
        pytest.param(["customer-data-title"], [], Channel.API, "TAG", id="title alone"),
        pytest.param(["customer-data-title", "bank-account"], [], Channel.API, "BLOCK", id="title and account"),
        pytest.param([], [Why.ENCRYPTED], Channel.OSS, "JUSTIFY", id="password"),
        pytest.param([], [Why.ENCRYPTED], Channel.LWP, "JUSTIFY", id="password in a chat"),
        pytest.param([], [Why.ENCRYPTED], Channel.OAPI, "BLOCK", id="password by a robot"),
        pytest.param(["customer-data-title"], [Why.ENCRYPTED], Channel.OSS, "BLOCK", id="locked customer list"),
        pytest.param([], [Why.OPAQUE_PROTOCOL], Channel.OTHER, "BLOCK", id="own protocol"),
        pytest.param([], [Why.TIMED_OUT], Channel.OSS, "BLOCK", id="not in time"),
        pytest.param([], [Why.MALFORMED], Channel.OSS, "BLOCK", id="broken"),
        pytest.param([], [Why.TOO_LARGE], Channel.OSS, "BLOCK", id="too large"),
        pytest.param([], [Why.TOO_DEEP], Channel.OSS, "BLOCK", id="too deep"),
        pytest.param([], [Why.TOO_MANY], Channel.OSS, "BLOCK", id="too many"),
        pytest.param([], [Why.UNKNOWN_FORMAT], Channel.OSS, "ALLOW", id="photo"),
        pytest.param(
            ["customer-data-title"], [Why.UNKNOWN_FORMAT], Channel.OSS, "BLOCK", id="photo called customer list"
        ),
        pytest.param([], [Why.UNSEEN], Channel.LWP, "ALLOW", id="old file"),
    ],
)
def test_what_the_shipped_policy_does(rules: list[str], gaps: list[Why], channel: Channel, action: str) -> None:
    made = load(SHIPPED.read_text("utf-8"), "rules/policy.yaml", Policy)
    assert judge(made, [found(rule) for rule in rules], [gap(why) for why in gaps], channel=channel)[0] == action


GOOD = """label: L
decisions:
  - {id: a, why: w, when: {rules: [one]}, then: block}
  - {id: rest, why: w, when: {rules: [any]}, then: tag}
  - {id: unread, why: w, when: {coverage: [any]}, then: block}
tests:
  - {name: first, findings: [{rule: one}], expect: block, decision: a}
  - {name: other, findings: [{rule: any}], expect: tag, decision: rest}
  - {name: closed, coverage: [encrypted], expect: block, decision: unread}
"""


NOTHING = (
    "p.yaml:2: p: decisions: nothing answers for the {} that no decision names. "
    "End the list with a decision `when: {{{}: [any]}}`."
)
NOTHING_FOR_FINDINGS = NOTHING.format("findings", "rules")
NOTHING_FOR_COVERAGE = NOTHING.format("coverage", "coverage")
CORRECT = "Correct the test, or the decisions."
ADD_RULE = "Add the rule under rules/detect/, or take it out here."


def faults(text: str) -> list[str]:
    made = load(text, "p.yaml", Policy)
    return [str(error) for error in locate(text, "p.yaml", check_policy(made, ("one", "two")))]


def test_a_sound_policy_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "when: {rules: [one]}",
            "when: {rules: [one, onne]}",
            ["p.yaml:3: a: when.rules[1]: no detect rule or group is called `onne`. Did you mean `one`?"],
            id="unknown rule",
        ),
        pytest.param(
            "rules: [any]}",
            "rules: [any], with: [any]}",
            [
                NOTHING_FOR_FINDINGS,
                "p.yaml:4: rest: no test shows what it does. Add a test with `decision: rest`.",
                f"p.yaml:4: rest: when.with[0]: no detect rule or group is called `any`. {ADD_RULE}",
                f"p.yaml:8: other: expect: the policy says block by unmatched, not tag. {CORRECT}",
            ],
            id="any as a companion",
        ),
        pytest.param(
            "{rule: one}",
            "{rule: thre}",
            [
                "p.yaml:3: a: no test shows what it does. Add a test with `decision: a`.",
                "p.yaml:7: first: expect: the policy says tag by rest, not block. Correct the test, or the decisions.",
                f"p.yaml:7: first: findings[0].rule: no detect rule is called `thre`. {ADD_RULE}",
            ],
            id="unknown rule in a test",
        ),
        pytest.param(
            "id: rest, why",
            "id: a, why",
            [
                "p.yaml:4: a: id: `a` is given twice. Rename one of the two.",
                "p.yaml:8: other: decision: the policy says tag by a, not by rest. Correct the test, or the decisions.",
            ],
            id="id given twice",
        ),
        pytest.param(
            "- {id: rest",
            "- {id: no, why: w, when: {rules: [one], severities: [high]}, then: allow}\n  - {id: rest",
            [
                "p.yaml:4: no: never reached: `a` answers first. Move it above `a`, or delete it.",
                "p.yaml:4: no: no test shows what it does. Add a test with `decision: no`.",
            ],
            id="never reached",
        ),
        pytest.param(
            "when: {coverage: [any]}",
            "when: {coverage: [encrypted]}",
            [
                NOTHING_FOR_COVERAGE,
            ],
            id="no catch-all for coverage",
        ),
        pytest.param(
            "rules: [any]}",
            "rules: [any], channels: [oapi]}",
            [
                NOTHING_FOR_FINDINGS,
            ],
            id="catch-all for one channel only",
        ),
        pytest.param(
            "expect: block, decision: a",
            "expect: tag, decision: a",
            [
                "p.yaml:7: first: expect: the policy says block by a, not tag. Correct the test, or the decisions.",
            ],
            id="wrong expectation",
        ),
        pytest.param(
            "expect: block, decision: a",
            "expect: block, decision: rest",
            [
                "p.yaml:3: a: no test shows what it does. Add a test with `decision: a`.",
                f"p.yaml:7: first: decision: the policy says block by a, not by rest. {CORRECT}",
            ],
            id="by another decision",
        ),
        pytest.param(
            "  - {name: other, findings: [{rule: any}], expect: tag, decision: rest}\n",
            "",
            [
                "p.yaml:4: rest: no test shows what it does. Add a test with `decision: rest`.",
            ],
            id="untested",
        ),
    ],
)
def test_what_cannot_be_meant_is_a_fault(old: str, new: str, said: list[str]) -> None:
    assert old in GOOD
    assert sorted(faults(GOOD.replace(old, new, 1))) == said


NEITHER = "names neither rules nor coverage. Add `rules: [any]` or `coverage: [any]`."


@pytest.mark.parametrize(
    ("when", "said"),
    [
        pytest.param("{}", NEITHER, id="nothing"),
        pytest.param("{channels: [oss]}", NEITHER, id="only a way"),
        pytest.param(
            "{rules: [a], coverage: [any]}",
            "looks at findings and at coverage. Split it into two decisions.",
            id="both",
        ),
    ],
)
def test_a_decision_has_one_subject(when: str, said: str) -> None:
    with pytest.raises(RuleErrors) as caught:
        load(f"label: L\ndecisions:\n  - {{id: a, why: w, when: {when}, then: tag}}", "p.yaml", Policy)
    assert str(caught.value) == f"p.yaml:3: a: when: {said}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[encrypted]", "[encryptd]", "p.yaml:9: closed: coverage[0]: not one of encrypted, too_large,"),
        ("coverage: [any]", "coverage: [encryptd]", "p.yaml:5: unread: when.coverage[0]: not one of"),
        ("then: tag", "then: tags", "p.yaml:4: rest: then: not one of allow, tag, justify or block. Did"),
        ("{rules: [one]}", "{rules: [one], channels: [oap]}", "p.yaml:3: a: when.channels[0]: not one of"),
        (
            "{rules: [one]}",
            "{rules: [one], count: {at_least: 0}}",
            "p.yaml:3: a: when.count.at_least: too small:",
        ),
        ("id: a,", "id: A B,", "p.yaml:3: A B: id: not in the expected form."),
    ],
)
def test_a_misspelt_policy_names_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RuleErrors) as caught:
        load(GOOD.replace(old, new, 1), "p.yaml", Policy)
    assert str(caught.value).startswith(said)
    assert len(caught.value.faults) == 1
