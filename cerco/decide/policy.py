"""Findings and coverage -> Verdict, by the site's policy.

In:    `Policy` (the shape of rules/policy.yaml), an outbound, what was found in it and not read of it, and the time.
Out:   `Verdict`.
Never: a verdict that one more finding or gap would soften; a finding or a gap that nothing answers for.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator

from cerco.decide.justify import Justify
from cerco.decide.verdict import Action, Verdict
from cerco.decide.when import (
    Actors,
    Direction,
    Gap,
    Hours,
    Looks,
    Name,
    Names,
    Region,
    Section,
    Severity,
    Size,
    Way,
    When,
)
from cerco.dingtalk.outbound import Channel, Outbound
from cerco.extract.text import Unreadable
from cerco.scan.finding import Finding
from cerco.scan.match import LANGUAGES, Language

UNMATCHED = "unmatched"
"""The decision named where a policy that was never checked has none: it blocks."""

type Then = Literal["allow", "tag", "justify", "block"]
_Label = Annotated[str, Field(min_length=1, max_length=32)]


class Decision(Section):
    """One line of the policy: for these findings or gaps, do this."""

    id: Name
    why: str = Field(min_length=1)  # a sentence for colleagues; the employee's words are in the notices
    when: When
    then: Then
    observe: bool = False  # decided and recorded, not carried out
    label: _Label | None = None  # instead of the policy's own
    notice: dict[Language, Annotated[str, Field(min_length=1, max_length=500)]] | None = None  # in the sender's notice

    @field_validator("notice")
    @classmethod
    def _complete(cls, notice: dict[Language, str] | None) -> dict[Language, str] | None:
        if notice and (missing := [language for language in LANGUAGES if language not in notice]):
            raise ValueError(f"not said in {', '.join(missing)}. Write it in all of {', '.join(LANGUAGES)}.")
        return notice

    @property
    def action(self) -> Action:
        """What it asks for."""
        return Action[self.then.upper()]


class Found(Section):
    """A finding made up for a test."""

    rule: str  # "any": one that no decision names
    severity: Severity = "high"
    count: int = Field(default=1, ge=1, le=10_000)  # so many different values
    draft: bool = False  # of a rule that is a draft


class PolicyTest(Section):
    """What the policy must decide for an outbound that holds these findings and gaps."""

    name: str = Field(min_length=1)
    findings: tuple[Found, ...] = ()
    coverage: tuple[Gap, ...] = ()
    size: Size | None = None  # of what was not read
    channel: Channel = Channel.OAPI
    region: Region = "mainland"
    direction: Direction = "out"
    actor: str | None = None  # the name of a group under `actors`; somebody of none, if None
    at: datetime = datetime(2026, 11, 25, 10, 0)  # noqa: DTZ001 - on the site's clock; a Wednesday morning
    expect: Then
    decision: str | None = None  # id of the decision that counts; left out where none applies
    label: str | None = None  # where given, the label must be this
    observed: bool | None = None  # where given, it must be so


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError("no time zone. Write one such as Asia/Macau or Europe/Lisbon.") from None
    return name


class Policy(Section):
    """The shape of rules/policy.yaml."""

    label: _Label  # in front of a name or title by a TAG
    untaggable: Literal["block", "allow"] = "block"  # what a TAG becomes where no label can stand
    observe: bool = False  # nothing is carried out: all of it is only decided and recorded
    timezone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Macau"
    groups: Mapping[Name, tuple[str, ...]] = {}  # names for several detect rules
    actors: Mapping[Name, Actors] = {}
    times: Mapping[Name, Hours] = {}
    justify: Justify = Field(default_factory=Justify)  # what `then: justify` asks, and for how long it lets pass
    decisions: tuple[Decision, ...] = Field(min_length=1)
    tests: tuple[PolicyTest, ...] = ()

    @property
    def looks(self) -> tuple[tuple[Decision, Looks], ...]:
        """The decisions, with what each looks at."""
        names = Names(self.groups, self.actors, self.times)
        return tuple((decision, Looks.of(decision.when, names)) for decision in self.decisions)

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)


def decide(
    policy: Policy,
    outbound: Outbound,
    findings: Sequence[Finding],
    coverage: Sequence[Unreadable],
    now: datetime,
) -> Verdict:
    """Judge an outbound; the strictest answer to any of its findings and gaps wins.

    For each finding and gap the decisions are read from the top down to the first unconditional one that looks at it.
    Conditional ones met on the way can make the answer stricter, never softer. Observed decisions count only when no
    other asks for more than ALLOW; then the verdict is `observed`. What draft rules found can add a TAG, and no more. A
    TAG stays a TAG here, also where this request cannot carry a label, since a later one of the same upload may;
    `untaggable` is the gate's to apply.

    `now` carries a time zone.
    """
    way = Way.of(outbound, now.astimezone(policy.zone))
    ways = [one for one in policy.looks if one[1].goes(way)]
    settled = [finding for finding in findings if not finding.draft]
    asked, unanswered = _asked(ways, settled, coverage)
    actions = {decision.id: (decision, decision.action) for decision in asked}
    floor = Action.BLOCK if unanswered else Action.ALLOW
    if len(settled) < len(findings):
        tried, missed = _asked(ways, findings, ())
        for decision in tried:
            actions.setdefault(decision.id, (decision, min(decision.action, Action.TAG)))
        floor = max(floor, Action.TAG if missed else Action.ALLOW)
    return _verdict(policy, list(actions.values()), floor, unanswered=unanswered, findings=findings, coverage=coverage)


type _Looking = tuple[Decision, Looks]


def answers(
    policy: Policy, outbound: Outbound, findings: Sequence[Finding], coverage: Sequence[Unreadable], now: datetime
) -> Iterator[tuple[Finding | Unreadable, tuple[Decision, ...]]]:
    """Yield each finding and gap with the decisions that answer for it, as `decide` reads them; drafts included."""
    way = Way.of(outbound, now.astimezone(policy.zone))
    held = [one for one in policy.looks if one[1].goes(way) and one[1].holds(findings)]
    subjects: tuple[Finding | Unreadable, ...] = (*findings, *coverage)
    for subject in subjects:
        yield subject, tuple(decision for decision, _ in _answers(held, subject))


def _asked(
    ways: Iterable[_Looking], findings: Sequence[Finding], coverage: Sequence[Unreadable]
) -> tuple[list[Decision], bool]:
    """Return the decisions that answer for the findings and gaps, and whether one has no unconditional answer."""
    held = [one for one in ways if one[1].holds(findings)]
    answered: dict[str, Decision] = {}
    unanswered = False
    # Of findings that look alike to every decision one speaks for all, and of gaps between the same two sizes.
    alike = {(finding.rule, finding.severity): finding for finding in findings}
    sizes = sorted({one.when.larger_than for _, one in held if one.when.larger_than is not None})
    unread = {(gap.why, bisect_left(sizes, gap.size)): gap for gap in coverage}
    subjects: tuple[Finding | Unreadable, ...] = (*alike.values(), *unread.values())
    for subject in subjects:
        answers = tuple(_answers(held, subject))
        answered.update((decision.id, decision) for decision, _ in answers)
        unanswered = unanswered or not answers or answers[-1][1].conditional
    return list(answered.values()), unanswered


def _answers(held: Iterable[_Looking], subject: Finding | Unreadable) -> Iterator[_Looking]:
    for decision, looks in held:
        if looks.sees(subject):
            yield decision, looks
            if not looks.conditional:
                return


def _verdict(
    policy: Policy,
    actions: Sequence[tuple[Decision, Action]],
    floor: Action,
    *,
    unanswered: bool,
    findings: Sequence[Finding],
    coverage: Sequence[Unreadable],
) -> Verdict:
    carried = [action for decision, action in actions if not (decision.observe or policy.observe)]
    watched = [action for decision, action in actions if decision.observe or policy.observe]
    (watched if policy.observe else carried).append(floor)
    action = max(carried, default=Action.ALLOW)
    observed = action is Action.ALLOW and any(other > Action.ALLOW for other in watched)
    if observed:
        action = max(watched)
    order = {decision.id: place for place, decision in enumerate(policy.decisions)}
    ranked = sorted(
        actions,
        key=lambda one: (not policy.observe and one[0].observe is not observed, -one[1], order[one[0].id]),
    )
    said = [decision for decision, asked in ranked if asked is action]
    label = next((decision.label for decision in said if decision.label), policy.label)
    return Verdict(
        action=action,
        decisions=((UNMATCHED,) if unanswered else ()) + tuple(decision.id for decision, _ in ranked),
        findings=tuple(findings),
        coverage=tuple(coverage),
        label=label if action is Action.TAG else None,
        observed=observed,
        notice=next((decision.notice for decision in said if decision.notice), None),
    )
