"""Which rules say the same: pairs that find the same places, rules that find nothing another does not, dead rules.

In:    what each of several texts or records was found to hold.
Out:   `Overlap`.
Never: a value: places and rules are compared.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from cerco.scan.finding import Finding


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rules, how often each found something, and how often both found it at one place."""

    one: str
    other: str
    ones: int
    others: int
    both: int

    @property
    def share(self) -> float:
        """How much of the rarer rule's finds the other found as well, 0..1."""
        return self.both / min(self.ones, self.others)

    @property
    def inner(self) -> str | None:
        """The rule that found nothing the other did not; None if each found something of its own."""
        if self.both == self.ones:
            return self.one
        return self.other if self.both == self.others else None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Pairs of rules, those that overlap most first, and how often each rule found something."""

    pairs: tuple[Pair, ...]
    counts: Counter[str]


def overlap(cases: Iterable[Sequence[Finding]]) -> Overlap:
    """Compare the rules' finds in each of the cases; a case is what one text or one outbound was found to hold."""
    counts: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for case in cases:
        places = defaultdict[str, set[tuple[str, int, int]]](set)
        for finding in case:
            places[finding.rule].add((finding.place, finding.start, finding.end))
        counts.update({rule: len(found) for rule, found in places.items()})
        for one, other in combinations(sorted(places), 2):
            both[one, other] += sum(1 for _ in _shared(places[one], places[other]))
    pairs = [Pair(one, other, counts[one], counts[other], times) for (one, other), times in both.items() if times]
    return Overlap(tuple(sorted(pairs, key=lambda pair: (-pair.share, -pair.both, pair.one, pair.other))), counts)


def _shared(ones: set[tuple[str, int, int]], others: set[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Yield the places of the fewer rule's finds that overlap one of the other's."""
    fewer, more = sorted((ones, others), key=len)
    by_place = defaultdict[str, list[tuple[int, int]]](list)
    for place, start, end in more:
        by_place[place].append((start, end))
    for place, start, end in fewer:
        if any(first < end and start < last for first, last in by_place[place]):
            yield place, start, end
