"""Rules -> what they say of a text that was looked at: which of the things seen in it are findings.

In:    detect rules; and of one text after the other, what recognisers and searches have seen in it.
Out:   findings, in the order of the texts, and where a search did not come to its end.
Never: a look at a text: what is seen does not depend on what the rules make of it, so that other rules can be asked
       about it later. More than `MOST` findings of one rule.
"""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from cerco.extract.text import Text, Unreadable, Why
from cerco.scan.analyzer import Hit
from cerco.scan.combine import Condition, Key, Spot, condition
from cerco.scan.finding import Finding
from cerco.scan.mask import masked
from cerco.scan.match import TITLE_ENTITY, EntityMatch, PatternMatch, PhraseMatch
from cerco.scan.rule import DetectRule
from cerco.scan.rule_terms import MOST as MOST_SPOTS
from cerco.scan.rule_terms import RuleTerms
from cerco.scan.seen import Heading
from recognizers import ENTITIES

# A list of a thousand is a list; what follows changes no verdict, and a record need not hold it.
MOST = 1000

HEADING = "heading"
"""Beside the roles of texts: a heading within running text, which is a title all the same."""

_PRECEDENCE = {entity: place for place, entity in enumerate(ENTITIES)}
_HEADS = frozenset({"title", "header"})

type Print = Callable[[Spot], str]
"""Returns the fingerprint of what stands at a spot."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in some texts, and where a rule's search did not come to its end."""

    findings: tuple[Finding, ...]
    coverage: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True)
class Plain:
    """A rule that looks for the values of one entity, each by itself."""

    rule: DetectRule
    entity: str
    least: float


@dataclass(frozen=True, slots=True)
class Composed:
    """A rule that looks for more than one entity: phrases, patterns, several things together, or so many of one."""

    rule: DetectRule
    condition: Condition
    terms: frozenset[int]
    entities: frozenset[str]
    is_single: bool  # one kind of thing: what is beyond the first thousand of it changes nothing


@dataclass(frozen=True, slots=True)
class View:
    """The rules that look at texts of one role, and what they look for."""

    plain: tuple[Plain, ...]
    composed: tuple[Composed, ...]
    terms: frozenset[int]  # the numbers of the rules' own


class Ruling:
    """A set of rules, retired ones left out, ready to say what they make of texts."""

    def __init__(self, rules: Iterable[DetectRule]) -> None:
        self.terms = RuleTerms()
        self._plain: list[Plain] = []
        self._composed: list[Composed] = []
        for rule in rules:
            if rule.status == "retired":
                continue
            match = rule.match
            if isinstance(match, EntityMatch) and match.entity != TITLE_ENTITY and match.at_least == 1:
                self._plain.append(Plain(rule, match.entity, match.min_score))
            else:
                self._composed.append(self._compose(rule))
        self._views: dict[str, View] = {}
        self._wanted: dict[str, Mapping[str, float]] = {}

    @cached_property
    def in_running_text(self) -> frozenset[int]:
        """The terms that are sought in running text."""
        return self.view("text").terms

    def view(self, role: str) -> View:
        """Return the rules that look at a role, or at headings."""
        if role not in self._views:
            roles = _HEADS if role == HEADING else {role}
            composed = tuple(made for made in self._composed if roles & {*made.rule.applies_to})
            self._views[role] = View(
                () if role == HEADING else tuple(one for one in self._plain if roles & {*one.rule.applies_to}),
                composed,
                terms_of(composed),
            )
        return self._views[role]

    def wanted(self, role: str) -> Mapping[str, float]:
        """Return the entities that rules look for in a role, and the least score at which any of them wants one."""
        if role not in self._wanted:
            view, least = self.view(role), dict[str, float]()
            keys = [(one.entity, one.least) for one in view.plain]
            keys += [
                (key, score) for made in view.composed for key, score in made.condition.keys if isinstance(key, str)
            ]
            for entity, score in keys:
                least[entity] = min(score, least.get(entity, 1.0))
            self._wanted[role] = least
        return self._wanted[role]

    def reading(self, text: Text, before: Counter[str], mark: Print) -> "Reading":
        """Return a text's reading, of which nothing is known yet; `before`: what each rule has found elsewhere."""
        view = self.view(text.role)
        composed = [made for made in view.composed if before[made.rule.id] < MOST]
        return Reading(text, self.wanted(text.role), view.plain, composed, before.copy(), mark)

    def headed(self, text: Text, heading: Heading, before: Counter[str], mark: Print) -> Iterator[Finding]:
        """Yield what stands in a heading of the text."""
        words = text.content[heading.start : heading.end]
        for made in self.view(HEADING).composed:
            if before[made.rule.id] < MOST:
                for spot in made.condition.spots(heading.spots, words):
                    moved = replace(spot, start=heading.start + spot.start, end=heading.start + spot.end)
                    yield _finding(made.rule, moved, text, mark)

    def _compose(self, rule: DetectRule) -> Composed:
        numbers: list[int] = []

        def term(match: PhraseMatch | PatternMatch | EntityMatch) -> Key:
            if isinstance(match, EntityMatch) and match.entity != TITLE_ENTITY:
                return match.entity
            numbers.append(self.terms.add(match))
            return numbers[-1]

        made = condition(rule.match, term)
        entities = frozenset(key for key, _ in made.keys if isinstance(key, str))
        single = isinstance(rule.match, EntityMatch | PhraseMatch | PatternMatch)
        return Composed(rule, made, frozenset(numbers), entities, single)


@dataclass(slots=True)
class Reading:
    """What the rules have made of one text so far."""

    text: Text
    wanted: Mapping[str, float]
    plain: Sequence[Plain]
    composed: Sequence[Composed]
    counts: Counter[str]  # by rule, of the plain ones
    mark: Print
    found: list[Finding] = field(default_factory=list)
    spots: dict[Key, list[Spot]] = field(default_factory=lambda: defaultdict(list))
    unfinished: Mapping[int, str] = field(default_factory=dict[int, str])  # terms: "timed_out" or "too_many"

    def take(self, hits: Iterable[Hit | Spot]) -> None:
        """Take in what recognisers have seen: findings of plain rules, and spots that composed ones need."""
        shared = frozenset(entity for made in self.composed for entity in made.entities)
        for hit in _disjoint([hit for hit in hits if hit.score >= self.wanted.get(hit.entity, 2.0)]):
            spot = hit if isinstance(hit, Spot) else spot_of(hit)
            for one in self.plain:
                if one.entity == hit.entity and hit.score >= one.least and self.counts[one.rule.id] < MOST:
                    self.counts[one.rule.id] += 1
                    self.found.append(_finding(one.rule, spot, self.text, self.mark))
            if hit.entity in shared and len(self.spots[hit.entity]) < MOST_SPOTS:
                self.spots[hit.entity].append(spot)

    @property
    def is_full(self) -> bool:
        """Tell whether no rule has any use for more of what recognisers see."""
        return all(self.counts[one.rule.id] >= MOST for one in self.plain) and all(
            len(self.spots[entity]) >= MOST_SPOTS for made in self.composed for entity in made.entities
        )

    def able(self, present: Collection[Key]) -> list[Composed]:
        """Return the composed rules that may find something where no more than these terms can be found."""
        known = {*present, *(key for key, spots in self.spots.items() if spots)}
        return [made for made in self.composed if made.condition.could(known)]

    def close(self, able: Iterable[Composed]) -> Iterator[Unreadable]:
        """Let the composed rules have their say, now that all is known; yield what was not searched to its end."""
        for made in able:
            for spot in made.condition.spots(self.spots, self.text.content)[:MOST]:
                self.found.append(_finding(made.rule, spot, self.text, self.mark))
            if (why := self._gap(made)) is not None:
                yield Unreadable(self.text.place, why)

    def _gap(self, made: Composed) -> Why | None:
        """Return why what a rule says of the text may not be all, or None."""
        if any(self.unfinished.get(number) == "timed_out" for number in made.terms):
            return Why.TIMED_OUT
        crowded = any(number in self.unfinished for number in made.terms) or any(
            len(self.spots[entity]) >= MOST_SPOTS for entity in made.entities
        )
        return Why.TOO_MANY if crowded and not made.is_single else None


def terms_of(composed: Iterable[Composed]) -> frozenset[int]:
    """Return the numbers of the terms that rules look for."""
    return frozenset(number for made in composed for number in made.terms)


def counted(found: Iterable[Finding], text: Text, counts: Counter[str]) -> Iterator[Finding]:
    """Yield a text's findings in order, none that the piece before has shown, and `MOST` a rule by `counts`."""
    for finding in sorted(found, key=lambda finding: (finding.start, finding.end)):
        if finding.end > text.lead:
            counts[finding.rule] += 1
            if counts[finding.rule] <= MOST:
                yield finding


def spot_of(hit: Hit) -> Spot:
    """Return what rules get to know of something recognised."""
    shown = masked(hit.entity, hit.value)
    return Spot(hit.start, hit.end, hit.score, hit.entity, hit.value, shown, tuple(hit.reasons))


def _finding(rule: DetectRule, spot: Spot, text: Text, mark: Print) -> Finding:
    return Finding(
        rule=rule.id,
        entity=spot.entity,
        severity=rule.severity,
        score=round(spot.score, 2),
        place=text.place,
        start=spot.start,
        end=spot.end,
        masked=spot.shown,
        fingerprint=mark(spot),
        reasons=spot.reasons,
        draft=rule.status == "draft",
    )


def _disjoint[One: Hit | Spot](hits: list[One]) -> list[One]:
    """Return hits that share no character, in the order of the text.

    The surer one stays; of equals the earlier entity of `ENTITIES`, then the longer.
    """

    def rank(hit: One) -> tuple[float, int, int, int]:
        return -hit.score, _PRECEDENCE[hit.entity], hit.start - hit.end, hit.start

    taken: list[tuple[int, int]] = []
    kept = []
    for hit in sorted(hits, key=rank):
        at = bisect_left(taken, (hit.end, 0))  # all before `at` begin before this one ends
        if at and taken[at - 1][1] > hit.start:
            continue
        insort(taken, (hit.start, hit.end))
        kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)
