"""A suppression frees one value under one rule until its day, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.decide.load import RuleErrors, load
from cerco.decide.suppress import Suppression, contradicted, doubled, idle, spare
from cerco.scan.finding import Finding

PRINT, OTHER = "a" * 64, "a" * 63 + "b"
UNTIL = date(2027, 3, 31)
FINDING = Finding("phone-number", "PHONE_NUMBER", "low", 0.9, "text.content", 0, 8, "2•••••••", PRINT)
TESTS = [
    {"rule": "phone-number", "fingerprint": PRINT, "at": "2027-03-31", "expect": "left alone"},
    {"rule": "phone-number", "fingerprint": PRINT, "at": "2027-04-01", "expect": "found"},
    {"rule": "phone-number", "fingerprint": OTHER, "at": "2027-03-31", "expect": "found"},
    {"rule": "bank-account", "fingerprint": PRINT, "at": "2027-03-31", "expect": "found"},
]


def made(**changes: Any) -> Suppression:
    data = {
        "id": "c-7k3m-9qxt-1", "rule": "phone-number", "fingerprint": PRINT, "until": "2027-03-31",
        "why": "our own hotline", "by": "M. Leong", "masked": "2•••••••", "tests": TESTS,
    }  # fmt: skip
    return Suppression.model_validate(data | changes)


@pytest.mark.parametrize(
    ("finding", "day", "left"),
    [
        (FINDING, UNTIL, False),
        (FINDING, UNTIL - timedelta(days=90), False),
        (FINDING, UNTIL + timedelta(days=1), True),
        (replace(FINDING, fingerprint=OTHER), UNTIL, True),
        (replace(FINDING, rule="bank-account"), UNTIL, True),
        (replace(FINDING, rule="phone-number-2"), UNTIL, True),
        (replace(FINDING, place="elsewhere", start=9, end=17), UNTIL, False),
    ],
    ids=["its day", "before", "the day after", "near miss", "another rule", "longer name", "another place"],
)
def test_what_is_left_alone(finding: Finding, day: date, left: bool) -> None:
    now = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    kept, by = spare([finding], [made()], now)
    assert kept == ((finding,) if left else ())
    assert by == (() if left else ("c-7k3m-9qxt-1",))


@given(
    st.lists(st.tuples(st.sampled_from(["phone-number", "bank-account"]), st.sampled_from([PRINT, OTHER, "c" * 64]))),
    st.lists(st.tuples(st.sampled_from(["phone-number", "bank-account"]), st.sampled_from([PRINT, OTHER]),
                       st.integers(-3, 3)), max_size=4),
)  # fmt: skip
def test_nothing_else_is_ever_left_alone(found: list[tuple[str, str]], said: list[tuple[str, str, int]]) -> None:
    today = datetime(2027, 3, 31, tzinfo=UTC)
    findings = [replace(FINDING, rule=rule, fingerprint=mark, start=at) for at, (rule, mark) in enumerate(found)]
    suppressions = [
        made(id=f"s{at}", rule=rule, fingerprint=mark, until=today.date() + timedelta(days=days))
        for at, (rule, mark, days) in enumerate(said)
    ]
    named = {(rule, mark) for rule, mark, days in said if days >= 0}
    kept, by = spare(findings, suppressions, today)
    assert kept == tuple(one for one in findings if (one.rule, one.fingerprint) not in named)
    assert bool(by) == (len(kept) < len(findings))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"until": "2027-03-30"}, "tests[0].expect"),
        ({"until": "2027-04-01"}, "tests[1].expect"),
        ({"fingerprint": OTHER}, "tests[0].expect"),
        ({"rule": "bank-account"}, "tests[0].expect"),
    ],
    ids=["ended early", "prolonged", "another value", "another rule"],
)
def test_a_change_that_the_tests_do_not_know_of_is_refused(changes: dict[str, Any], said: str) -> None:
    faults = list(contradicted(made(**changes)))
    assert faults
    step = faults[0].path
    assert f"{step[0]}[{step[1]}].{step[2]}" == said


def test_the_tests_that_are_drafted_hold() -> None:
    assert list(contradicted(made())) == []
    assert list(idle(made(), {"phone-number"}, UNTIL)) == []


@pytest.mark.parametrize(
    ("changes", "today", "said"),
    [
        ({}, UNTIL + timedelta(days=1), "expired on 2027-03-31: it has no effect"),
        ({"rule": "gone", "tests": [{**one, "rule": one["rule"].replace("phone-number", "gone")} for one in TESTS]},
         UNTIL, "no detect rule is called `gone`"),
        ({"tests": TESTS[:1] + TESTS[2:]}, UNTIL, "no test shows that it ends"),
        ({"tests": TESTS[:2] + TESTS[3:]}, UNTIL, "no test shows that it spares no other value"),
        ({"tests": TESTS[:3]}, UNTIL, "no test shows that it spares no other rule's finding"),
        ({"tests": TESTS[1:]}, UNTIL, "no test shows that it leaves its finding alone"),
    ],
    ids=["expired", "no such rule", "end not shown", "value not shown", "rule not shown", "purpose not shown"],
)  # fmt: skip
def test_what_is_said_in_vain(changes: dict[str, Any], today: date, said: str) -> None:
    assert [fault.problem for fault in idle(made(**changes), {"phone-number"}, today)] == [said]


def test_saying_it_twice_is_a_fault() -> None:
    [(one, fault)] = doubled([made(), made(id="again"), made(id="other", rule="bank-account")])
    assert (one.id, fault.path) == ("again", ("fingerprint",))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("until: 2027-03-31", "until: missing"),
        ("until: soon", "until: no day. Write it as"),
        ("until: 2027-02-30", "until: no day. Write it as"),
        ('fingerprint: "abc"', "fingerprint: "),
        ("everything: true", "everything: "),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(line: str, said: str) -> None:
    text = f'id: x\nrule: phone-number\nfingerprint: "{PRINT}"\nuntil: 2027-03-31\nwhy: w\nby: b\nmasked: "m"\ntests:\n'
    text += f'  - {{rule: phone-number, fingerprint: "{PRINT}", at: 2027-03-31, expect: left alone}}\n'
    key = line.partition(":")[0]
    lines = [one for one in text.splitlines() if not one.startswith(f"{key}:")]
    if said != "until: missing":
        lines.insert(3, line)
    with pytest.raises(RuleErrors) as errors:
        load("\n".join(lines) + "\n", "rules/suppressions/x.yaml", Suppression)
    said_of = [str(fault) for fault in errors.value.faults]
    assert any(f": {said}" in fault and fault.startswith("rules/suppressions/x.yaml:") for fault in said_of)
