"""Texts -> findings: the way through this room.

In:    the rules in force, the site's key, and texts.
Out:   findings, in the order of the texts, and what could not be searched to its end.
Never: a value in a finding; more than `MOST` findings of one rule from one scan.
"""

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from cerco.extract.text import Text, Unreadable, Why
from cerco.scan.analyzer import Analyzer, Hit
from cerco.scan.combine import Condition, Key, Spot, condition
from cerco.scan.finding import Finding
from cerco.scan.mask import fingerprint, masked
from cerco.scan.match import TITLE_ENTITY, EntityMatch, PatternMatch, PhraseMatch
from cerco.scan.names import OFF, Names
from cerco.scan.rule import DetectRule
from cerco.scan.rule_terms import MOST as MOST_SPOTS
from cerco.scan.rule_terms import RuleTerms, Search
from recognizers import ENTITIES

# A list of a thousand is a list; what follows changes no verdict, and a record need not hold it.
MOST = 1000

_PRECEDENCE = {entity: place for place, entity in enumerate(ENTITIES)}
# A heading of Markdown, which message bodies are written in: "## 客戶名單".
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+([^\n]{1,500})", re.MULTILINE)
_LONGEST_TITLE = 500  # characters of a title that say what the rest is about
_ABOVE = frozenset({"title", "filename"})


@cache
def _analyzer() -> Analyzer:
    """Return the recognisers, which are the same under all rules; building them takes a second."""
    return Analyzer()


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in some texts, and where a rule's search did not come to its end."""

    findings: tuple[Finding, ...]
    coverage: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True)
class _Plain:
    """A rule that looks for the values of one entity, each by itself."""

    rule: DetectRule
    entity: str
    least: float


@dataclass(frozen=True, slots=True)
class _Composed:
    """A rule that looks for more than one entity: phrases, patterns, several things together, or so many of one."""

    rule: DetectRule
    condition: Condition
    terms: frozenset[int]
    entities: frozenset[str]
    is_single: bool  # one kind of thing: what is beyond the first thousand of it changes nothing


@dataclass(slots=True)
class _Reading:
    """One text while it is read: the rules that look at it, and what was found for them so far."""

    text: Text
    plain: list[_Plain]
    composed: list[_Composed]
    search: Search
    counts: Counter[str]  # by rule, of the plain ones
    spots: dict[Key, list[Spot]]

    def wanted(self) -> dict[str, float]:
        """Return the entities that are still looked for, and the least score at which any of the rules wants one."""
        least = {
            one.entity: one.least for one in sorted(self.plain, key=lambda one: -one.least) if not self.is_full(one)
        }
        for made in self.composed:
            for key, score in made.condition.keys:
                if isinstance(key, str) and len(self.spots[key]) < MOST_SPOTS:
                    least[key] = min(score, least.get(key, 1.0))
        return least

    def is_full(self, plain: _Plain) -> bool:
        """Tell whether a rule has found enough."""
        return self.counts[plain.rule.id] >= MOST

    def gap(self, made: _Composed) -> Why | None:
        """Return why what a rule says of the text may not be all, or None."""
        if any(self.search.unfinished.get(number) == "timed_out" for number in made.terms):
            return Why.TIMED_OUT
        crowded = any(number in self.search.unfinished for number in made.terms) or any(
            len(self.spots[entity]) >= MOST_SPOTS for entity in made.entities
        )
        return Why.TOO_MANY if crowded and not made.is_single else None


class Detector:
    """Finds what the rules name. Immutable after it is made.

    Args:
        rules: the rules in force; retired ones are left out.
        key: the HMAC key of fingerprints, at least 16 bytes.
        names: the models that find people where lists and titles do not, if any are in use.

    Raises:
        ValueError: the key is too short.
    """

    def __init__(self, rules: Sequence[DetectRule], key: bytes, names: Names | None = None) -> None:
        if len(key) < 16:
            raise ValueError("a fingerprint key shorter than 16 bytes. Use the site's key.")
        self._terms = RuleTerms()
        self._plain: list[_Plain] = []
        self._composed: list[_Composed] = []
        for rule in rules:
            if rule.status == "retired":
                continue
            match = rule.match
            if isinstance(match, EntityMatch) and match.entity != TITLE_ENTITY and match.at_least == 1:
                self._plain.append(_Plain(rule, match.entity, match.min_score))
            else:
                self._composed.append(self._compose(rule))
        self._terms.ready(
            frozenset(term for made in self._composed if "text" in made.rule.applies_to for term in made.terms)
        )
        self._analyzer = _analyzer()
        self._names = names
        self.degraded: tuple[str, ...] = names.missing if names else (OFF,)
        self._key = key

    def scan(self, texts: Iterable[Text], counts: Counter[str] | None = None) -> tuple[Finding, ...]:
        """Return what the rules find, as `examine` does, where nothing is known to be missing from it.

        Raises:
            TimeoutError: a rule's search did not come to its end.
        """
        examined = self.examine(texts, counts)
        if examined.coverage:
            raise TimeoutError(f"a rule's search did not come to its end: {examined.coverage[0].place}")
        return examined.findings

    def examine(self, texts: Iterable[Text], counts: Counter[str] | None = None) -> Examined:
        """Return what the rules find, by text and then by place in it; at most `MOST` a rule.

        Titles and file names among the texts say what the others are about. `counts` holds what each rule has found so
        far, and is kept up: for texts that come in pieces. What the piece before has shown is not found again.
        """
        texts = tuple(texts)
        counts = Counter() if counts is None else counts
        above = " ".join(text.content[:_LONGEST_TITLE] for text in texts if text.role in _ABOVE)
        found: list[Finding] = []
        gaps: dict[Unreadable, None] = {}
        for text in texts:
            about = f"{text.about} {above}" if text.role not in _ABOVE else text.about
            here = list(self._look(text, about, counts, gaps))
            here.sort(key=lambda finding: (finding.start, finding.end))
            for finding in here:
                if finding.end <= text.lead:
                    continue
                counts[finding.rule] += 1
                if counts[finding.rule] <= MOST:
                    found.append(finding)
        return Examined(tuple(found), tuple(gaps))

    def _look(self, text: Text, about: str, before: Counter[str], gaps: dict[Unreadable, None]) -> Iterator[Finding]:
        plain = [one for one in self._plain if text.role in one.rule.applies_to]
        composed = [
            made for made in self._composed if text.role in made.rule.applies_to and before[made.rule.id] < MOST
        ]
        numbers = frozenset(number for made in composed for number in made.terms)
        search = Search(self._terms, text.content, numbers, titled=text.role != "text")
        reading = _Reading(text, plain, composed, search, Counter(before), defaultdict(list))
        yield from self._recognised(reading, about)
        # A pattern of digits fits every table; it is looked for where what must stand near it is there, too.
        present = {*search.present(), *(key for key, spots in reading.spots.items() if spots)}
        able = [made for made in composed if made.condition.could(present)]
        search.written(frozenset(number for made in able for number in made.terms))
        reading.spots.update(search.spots())
        for made in able:
            for spot in made.condition.spots(reading.spots, text.content)[:MOST]:
                yield self._finding(made.rule, spot, text)
            if (why := reading.gap(made)) is not None:
                gaps[Unreadable(text.place, why)] = None
        if text.role == "text" and "#" in text.content:
            yield from self._headings(text, before)

    def _recognised(self, reading: _Reading, about: str) -> Iterator[Finding]:
        """Yield what plain rules find, and note the spots that composed ones need."""
        shared = frozenset(entity for made in reading.composed for entity in made.entities)
        wanted = reading.wanted()
        meant = reading.search.meant if reading.search.wanted else None
        if not wanted and meant is None:
            return
        text, head = reading.text.content, reading.text.head
        for hits in self._analyzer.analyze(text, wanted, about, meant=meant, head=head, names=self._names):
            for hit in _disjoint(hits):
                spot = _spot(hit)
                for one in reading.plain:
                    if one.entity == hit.entity and hit.score >= one.least and not reading.is_full(one):
                        reading.counts[one.rule.id] += 1
                        yield self._finding(one.rule, spot, reading.text)
                if hit.entity in shared and len(reading.spots[hit.entity]) < MOST_SPOTS:
                    reading.spots[hit.entity].append(spot)
            for entity in wanted.keys() - reading.wanted().keys():
                del wanted[entity]

    def _headings(self, text: Text, before: Counter[str]) -> Iterator[Finding]:
        """Yield what stands in a heading within running text, which is a title all the same."""
        composed = [
            made
            for made in self._composed
            if {"title", "header"}.intersection(made.rule.applies_to) and before[made.rule.id] < MOST
        ]
        numbers = frozenset(number for made in composed for number in made.terms)
        for heading in _HEADING.finditer(text.content) if numbers else ():
            search = Search(self._terms, heading[1], numbers, titled=True)
            search.written(numbers)
            spots = search.spots()
            for made in composed:
                for spot in made.condition.spots(spots, heading[1]):
                    start, end = heading.start(1) + spot.start, heading.start(1) + spot.end
                    yield self._finding(made.rule, replace(spot, start=start, end=end), text)

    def _compose(self, rule: DetectRule) -> _Composed:
        numbers: list[int] = []

        def term(match: PhraseMatch | PatternMatch | EntityMatch) -> Key:
            if isinstance(match, EntityMatch) and match.entity != TITLE_ENTITY:
                return match.entity
            numbers.append(self._terms.add(match))
            return numbers[-1]

        made = condition(rule.match, term)
        entities = frozenset(key for key, _ in made.keys if isinstance(key, str))
        single = isinstance(rule.match, EntityMatch | PhraseMatch | PatternMatch)
        return _Composed(rule, made, frozenset(numbers), entities, single)

    def _finding(self, rule: DetectRule, spot: Spot, text: Text) -> Finding:
        return Finding(
            rule=rule.id,
            entity=spot.entity,
            severity=rule.severity,
            score=round(spot.score, 2),
            place=text.place,
            start=spot.start,
            end=spot.end,
            masked=spot.shown,
            fingerprint=fingerprint(spot.entity, spot.value, self._key),
            reasons=spot.reasons,
            draft=rule.status == "draft",
        )


def _spot(hit: Hit) -> Spot:
    shown = masked(hit.entity, hit.value)
    return Spot(hit.start, hit.end, hit.score, hit.entity, hit.value, shown, tuple(hit.reasons))


def _disjoint(hits: list[Hit]) -> list[Hit]:
    """Return hits that share no character, in the order of the text.

    The surer one stays; of equals the earlier entity of `ENTITIES`, then the longer.
    """

    def rank(hit: Hit) -> tuple[float, int, int, int]:
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
