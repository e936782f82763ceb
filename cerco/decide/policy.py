"""Findings and coverage -> Verdict, by the site's policy.

In:    `Policy` (the shape of rules/policy.yaml), an outbound, what was found in it and what could not be read.
Out:   `Verdict`; or, for the policy itself, the faults that a person must mend.
Never: a verdict that one more finding or gap would soften; a finding or a gap that nothing answers for.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cerco.decide.explain import nearest
from cerco.decide.justify import Justify
from cerco.decide.load import Fault, Path
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

ANY = "any"
"""In `rules` or `coverage`: every one of them, those of later releases included."""

UNMATCHED = "unmatched"
"""The decision named where a policy that was never checked has none: it blocks."""

type Region = Literal["mainland", "singapore", "international", "enterprise", "unknown"]
type Severity = Literal["low", "medium", "high"]
Gap = Literal[
    "encrypted", "too_large", "too_deep", "too_many", "unknown_format",
    "malformed", "timed_out", "opaque_protocol", "unseen",
]  # the values of `Why`  # fmt: skip
GapOrAny = Literal[Gap, "any"]
type Then = Literal["allow", "tag", "justify", "block"]
type Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Count(_Section):
    """How many different values must have been found."""

    at_least: int = Field(ge=1)


class When(_Section):
    """What a decision looks at: findings (`rules`, `severities`) or gaps (`coverage`), and where they go.

    Every line narrows; a line left out does not. `count` and `together` ("with" in the file) look at the outbound as a
    whole, so a decision that has one of them is *conditional*.
    """

    rules: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    coverage: tuple[GapOrAny, ...] = ()
    channels: tuple[Channel, ...] = ()
    regions: tuple[Region, ...] = ()
    count: Count | None = None  # different values among the findings that this decision looks at
    together: tuple[str, ...] = Field(default=(), alias="with")  # one of these rules found in the same outbound

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        about_findings = bool(self.rules or self.severities or self.count)
        if about_findings and self.coverage:
            raise ValueError("looks at findings and at coverage. Split it into two decisions.")
        if not about_findings and not self.coverage:
            raise ValueError("names neither rules nor coverage. Add `rules: [any]` or `coverage: [any]`.")
        return self

    @property
    def conditional(self) -> bool:
        """Whether it depends on what else was found."""
        return bool(self.count or self.together)

    def goes(self, outbound: Outbound) -> bool:
        """Whether the outbound takes a way this decision looks at."""
        return (not self.channels or outbound.channel in self.channels) and (
            not self.regions or outbound.destination.region in self.regions
        )

    def sees(self, subject: Finding | Unreadable) -> bool:
        """Whether this finding or gap is one it looks at."""
        if isinstance(subject, Unreadable):
            return ANY in self.coverage or subject.why in self.coverage
        if self.coverage:
            return False
        named = not self.rules or ANY in self.rules or subject.rule in self.rules
        return named and (not self.severities or subject.severity in self.severities)

    def holds(self, findings: Sequence[Finding]) -> bool:
        """Whether `count` and `with` are met; more findings never undo it."""
        if self.together and not any(finding.rule in self.together for finding in findings):
            return False
        values = {finding.fingerprint for finding in findings if self.sees(finding)} if self.count else ()
        return self.count is None or len(values) >= self.count.at_least

    def covers(self, other: "When") -> bool:
        """Whether everything `other` looks at is looked at here too, whatever else was found."""
        pairs: tuple[tuple[Collection[str], Collection[str]], ...] = (
            (self.rules, other.rules),
            (self.severities, other.severities),
            (self.coverage, other.coverage),
            (self.channels, other.channels),
            (self.regions, other.regions),
        )
        wider = all(not mine or ANY in mine or (theirs and set(theirs) <= set(mine)) for mine, theirs in pairs)
        return wider and not self.conditional and bool(self.coverage) == bool(other.coverage)


class Decision(_Section):
    """One line of the policy: for these findings or gaps, do this."""

    id: Id
    why: str = Field(min_length=1)  # a sentence for colleagues; the employee's words are in the notices
    when: When
    then: Then
    observe: bool = False  # decided and recorded, not carried out

    @property
    def action(self) -> Action:
        """What it asks for."""
        return Action[self.then.upper()]


class Found(_Section):
    """A finding made up for a test."""

    rule: str  # "any": one that no decision names
    severity: Severity = "high"
    count: int = Field(default=1, ge=1, le=10_000)  # so many different values


class PolicyTest(_Section):
    """What the policy must decide for an outbound that holds these findings and gaps."""

    name: str = Field(min_length=1)
    findings: tuple[Found, ...] = ()
    coverage: tuple[Gap, ...] = ()
    channel: Channel = Channel.OAPI
    region: Region = "mainland"
    expect: Then
    decision: str | None = None  # id of the decision that counts; left out where none applies


class Policy(_Section):
    """The shape of rules/policy.yaml."""

    label: str = Field(min_length=1, max_length=32)  # in front of a name or title by a TAG
    untaggable: Literal["block", "allow"] = "block"  # what a TAG becomes where no label can stand
    justify: Justify = Field(default_factory=Justify)  # what `then: justify` asks, and for how long it lets pass
    decisions: tuple[Decision, ...] = Field(min_length=1)
    tests: tuple[PolicyTest, ...] = ()


def decide(
    policy: Policy,
    outbound: Outbound,
    findings: Sequence[Finding],
    coverage: Sequence[Unreadable],
) -> Verdict:
    """Judge an outbound; the strictest answer to any of its findings and gaps wins.

    For each finding and gap the decisions are read from the top down to the first unconditional one that looks at it.
    Conditional ones met on the way can make the answer stricter, never softer. Observed decisions count only when no
    other asks for more than ALLOW; then the verdict is `observed`. A TAG stays a TAG here, also where this request
    cannot carry a label, since a later one of the same upload may; `untaggable` is the gate's to apply.
    """
    ways = [decision for decision in policy.decisions if decision.when.goes(outbound)]
    held = [decision for decision in ways if decision.when.holds(findings)]
    applied: dict[str, Decision] = {}
    unanswered = False
    subjects: tuple[Finding | Unreadable, ...] = (*findings, *coverage)
    for subject in subjects:
        answers = tuple(_answers(held, subject))
        applied.update((answer.id, answer) for answer in answers)
        unanswered = unanswered or not answers or answers[-1].when.conditional
    carried = [decision for decision in applied.values() if not decision.observe]
    watched = [decision for decision in applied.values() if decision.observe]
    action = max((Action.BLOCK if unanswered else Action.ALLOW, *(decision.action for decision in carried)))
    observed = action is Action.ALLOW and any(decision.action > Action.ALLOW for decision in watched)
    if observed:
        action = max(decision.action for decision in watched)
    order = {decision.id: place for place, decision in enumerate(policy.decisions)}
    ranked = sorted(
        applied.values(),
        key=lambda decision: (decision.observe is not observed, -decision.action, order[decision.id]),
    )
    return Verdict(
        action=action,
        decisions=((UNMATCHED,) if unanswered else ()) + tuple(decision.id for decision in ranked),
        findings=tuple(findings),
        coverage=tuple(coverage),
        label=policy.label if action is Action.TAG else None,
        observed=observed,
    )


def _answers(held: Iterable[Decision], subject: Finding | Unreadable) -> Iterator[Decision]:
    for decision in held:
        if decision.when.sees(subject):
            yield decision
            if not decision.when.conditional:
                return


def check_policy(policy: Policy, rule_ids: Collection[str]) -> list[Fault]:
    """Return everything a policy says that cannot be meant; an empty list if all is well.

    Args:
        policy: as loaded.
        rule_ids: ids of the detect rules in force.
    """
    return [*_unknown_rules(policy, rule_ids), *_unreachable(policy), *_unanswered(policy), *_tests(policy)]


def _unknown_rules(policy: Policy, rule_ids: Collection[str]) -> Iterator[Fault]:
    named: list[tuple[Path, str]] = []
    for at, decision in enumerate(policy.decisions):
        named += [(("decisions", at, "when", "rules", n), rule) for n, rule in enumerate(decision.when.rules)]
        named += [(("decisions", at, "when", "with", n), rule) for n, rule in enumerate(decision.when.together)]
    for at, test in enumerate(policy.tests):
        named += [(("tests", at, "findings", n, "rule"), found.rule) for n, found in enumerate(test.findings)]
    for path, rule in named:
        if rule not in rule_ids and (rule != ANY or "with" in path):
            meant = nearest(rule, sorted(rule_ids))
            remedy = f"Did you mean `{meant}`?" if meant else "Add the rule under rules/detect/, or take it out here."
            yield Fault(path, f"no detect rule is called `{rule}`", remedy)


def _unreachable(policy: Policy) -> Iterator[Fault]:
    for at, decision in enumerate(policy.decisions):
        before = policy.decisions[:at]
        if any(earlier.id == decision.id for earlier in before):
            yield Fault(("decisions", at, "id"), f"`{decision.id}` is given twice", "Rename one of the two.")
        wider = next((earlier for earlier in before if earlier.when.covers(decision.when)), None)
        if wider:
            remedy = f"Move it above `{wider.id}`, or delete it."
            yield Fault(("decisions", at), f"never reached: `{wider.id}` answers first", remedy)


def _unanswered(policy: Policy) -> Iterator[Fault]:
    for subject, line in (("findings", "rules: [any]"), ("coverage", "coverage: [any]")):
        everything = When(rules=(ANY,)) if subject == "findings" else When(coverage=(ANY,))
        if not any(decision.when.covers(everything) for decision in policy.decisions):
            problem = f"nothing answers for the {subject} that no decision names"
            yield Fault(("decisions",), problem, f"End the list with a decision `when: {{{line}}}`.")


def _tests(policy: Policy) -> Iterator[Fault]:
    tested: set[str] = set()
    for at, test in enumerate(policy.tests):
        verdict = _try(policy, test)
        decision = verdict.decisions[0] if verdict.decisions else None
        if decision is not None and decision == test.decision:
            tested.add(decision)
        said = f"the policy says {verdict.action.name.lower()} by {decision or 'no decision'}"
        remedy = "Correct the test, or the decisions."
        if verdict.action is not Action[test.expect.upper()]:
            yield Fault(("tests", at, "expect"), f"{said}, not {test.expect}", remedy)
        elif decision != test.decision:
            yield Fault(("tests", at, "decision"), f"{said}, not by {test.decision or 'no decision'}", remedy)
    for at, made in enumerate(policy.decisions):
        if made.id not in tested:
            remedy = f"Add a test with `decision: {made.id}`."
            yield Fault(("decisions", at), "no test shows what it does", remedy)


def _try(policy: Policy, test: PolicyTest) -> Verdict:
    findings = [
        Finding(found.rule, "TEST", found.severity, 1.0, "test", 0, 0, "", f"{place}-{value}")
        for place, found in enumerate(test.findings)
        for value in range(found.count)
    ]
    gaps = [Unreadable("test", Why(gap)) for gap in test.coverage]
    outbound = Outbound(Actor(""), Destination("", test.region), test.channel, "test", ())
    return decide(policy, outbound, findings, gaps)
