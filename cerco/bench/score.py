"""Findings against labels: what was found, missed, and cried wolf.

In:    rows, and what an engine found in each at a score one would act on.
Out:   `Score`: counts by entity, language, register, disguise and kind of negative.
Never: a finding counted for what it is not: the entity must be the label's own.

The rule: a label is found if a finding of its entity overlaps it by at least half of the label's length and half of
the finding's own, at the label's ends or its `also` ends; titles and sensitive statements if a finding of their
entity lies in the row (and place) at all. A finding that matches no label is a false positive, except:
- one that matches an `optional` label, such as the published number of an office;
- a title's words anywhere in a row that does hold personal data: it is what they say it is;
- one of an entity the bench does not label, if it says what is truly there (`NEUTRAL`) or lies on a labelled value.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cerco.bench.rows import BY_ROW, ENTITIES, GROUPS, SENSITIVE, TITLE, TITLES, Found, Label, Row

# Presidio's names for what the bench does not label, and what may stand in any row.
NEUTRAL: Final = frozenset({
    "DATE_TIME", "URL", "IP_ADDRESS", "MAC_ADDRESS", "UUID", "NRP", "ORGANIZATION", "AGE", "CRYPTO",
})  # fmt: skip
OTHER: Final = "(others)"


@dataclass(slots=True)
class Tally:
    """Labels and findings of one kind.

    `any` counts labels that a finding of whatever entity covers, `alarms` those false findings that are in negatives.
    """

    labels: int = 0
    found: int = 0
    exact: int = 0
    any: int = 0
    false: int = 0
    alarms: int = 0

    @property
    def recall(self) -> float | None:
        """Return found of labels, or None where there are none."""
        return self.found / self.labels if self.labels else None

    @property
    def precision(self) -> float | None:
        """Return right findings of all, or None where there are none."""
        return self.found / (self.found + self.false) if self.found + self.false else None

    def add(self, other: "Tally") -> None:
        """Add another's counts to this one's."""
        self.labels += other.labels
        self.found += other.found
        self.exact += other.exact
        self.any += other.any
        self.false += other.false
        self.alarms += other.alarms


def _tallies() -> defaultdict[str, Tally]:
    return defaultdict(Tally)


@dataclass(slots=True)
class Score:
    """What an engine did on a set of rows. `clear` values stand as people print them, `disguised` ones do not."""

    clear: defaultdict[str, Tally] = field(default_factory=_tallies)  # by entity; all false positives are here
    disguised: defaultdict[str, Tally] = field(default_factory=_tallies)  # by entity
    techniques: defaultdict[str, Tally] = field(default_factory=_tallies)  # disguised identifiers
    languages: defaultdict[str, Tally] = field(default_factory=_tallies)  # clear identifiers
    registers: defaultdict[str, Tally] = field(default_factory=_tallies)  # clear identifiers
    negatives: int = 0  # rows
    flagged: Counter[str] = field(default_factory=Counter)  # negatives with a finding, by kind
    kinds: Counter[str] = field(default_factory=Counter)  # negatives, by kind
    published: Tally = field(default_factory=Tally)  # optional labels in negatives

    def group(self, name: str) -> Tally:
        """Return the clear values of a group of entities taken together."""
        total = Tally()
        for entity in GROUPS[name]:
            total.add(self.clear[entity])
        if name == "identifiers":
            total.add(self.clear[OTHER])
        return total

    def all_disguised(self) -> Tally:
        """Return the identifiers in disguise taken together."""
        total = Tally()
        for tally in self.techniques.values():
            total.add(tally)
        return total

    def false_per_1000(self, *entities: str) -> float:
        """Return findings in negatives, of these entities or of all, for a thousand negatives."""
        count = sum(self.clear[entity].alarms for entity in entities or (*ENTITIES, OTHER))
        return 1000 * count / self.negatives if self.negatives else 0.0

    def flagged_per_1000(self) -> float:
        """Return negatives with at least one finding, for a thousand."""
        return 1000 * self.flagged.total() / self.negatives if self.negatives else 0.0


def score(rows: Iterable[Row], found: Mapping[str, Sequence[Found]]) -> Score:
    """Judge an engine's findings, which are given by row id."""
    result = Score()
    for row in rows:
        here = found.get(row.id, ())
        matched = _judge_labels(result, row, here)
        _judge_findings(result, row, here, matched)
    return result


def _judge_labels(result: Score, row: Row, here: Sequence[Found]) -> set[int]:
    """Count labels found and missed; return the places in `here` of findings that match a label."""
    matched: set[int] = set()
    said: set[tuple[str, str]] = set()
    for label in row.labels:
        hits = [at for at, one in enumerate(here) if _matches(one, label)]
        matched.update(hits)
        if label.optional:
            if row.negative:
                result.published.add(Tally(1, int(bool(hits))))
            continue
        if label.entity in BY_ROW:
            if (label.entity, label.place) in said:
                continue
            said.add((label.entity, label.place))
        ends = {(label.start, label.end), label.also}
        covered = bool(hits) or any(one.place == label.place and _overlap(one, label) for one in here)
        exact = any((here[at].start, here[at].end) in ends for at in hits)
        _count(result, row, label, Tally(1, int(bool(hits)), int(exact), int(covered)))
    return matched


def _count(result: Score, row: Row, label: Label, tally: Tally) -> None:
    (result.disguised if label.disguised else result.clear)[label.entity].add(tally)
    if label.entity not in GROUPS["identifiers"]:
        return
    if label.disguised:
        result.techniques[row.technique].add(tally)
    else:
        result.languages[row.language].add(tally)
        result.registers[row.register].add(tally)


def _judge_findings(result: Score, row: Row, here: Sequence[Found], matched: set[int]) -> None:
    """Count findings that match no label."""
    if row.negative:
        result.negatives += 1
        result.kinds[row.negative_kind] += 1
    false = [one for at, one in enumerate(here) if at not in matched and not _excused(one, row)]
    said: set[str] = set()
    for one in false:
        if one.entity in BY_ROW and one.entity in said:
            continue
        said.add(one.entity)
        entity = one.entity if one.entity in ENTITIES else OTHER
        tally = Tally(false=1, alarms=int(row.negative))
        result.clear[entity].add(tally)
        if entity in GROUPS["identifiers"] or entity == OTHER:
            result.languages[row.language].add(tally)
            result.registers[row.register].add(tally)
    if row.negative and false:
        result.flagged[row.negative_kind] += 1


def _excused(one: Found, row: Row) -> bool:
    if one.entity in NEUTRAL:
        return True
    if one.entity in TITLES:
        return not row.negative
    if one.entity in SENSITIVE:
        return any(label.entity == one.entity for label in row.labels)
    if one.entity not in ENTITIES:
        return any(label.place == one.place and _overlap(one, label) for label in row.labels)
    return False


def _matches(one: Found, label: Label) -> bool:
    if one.entity != label.entity:
        return False
    if label.entity in BY_ROW:
        return label.place != TITLE or one.place == TITLE
    return one.place == label.place and _overlap(one, label)


def _overlap(one: Found, label: Label) -> bool:
    """Whether a finding and a label share at least half of the length of each, at either pair of the label's ends."""
    for start, end in ((label.start, label.end), label.also or (label.start, label.end)):
        shared = min(one.end, end) - max(one.start, start)
        if shared > 0 and 2 * shared >= end - start and 2 * shared >= one.end - one.start:
            return True
    return False
