"""Several things looked for in one text: all of them, any, or one near the other.

In:    a rule's `Match`, and what was found of each thing in one text.
Out:   `Condition`s, which say what of it the rule reports.
Never: more work than the text has spots: neighbours are found by their places, which are in order.
"""

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cerco.scan.mask import bare
from cerco.scan.match import (
    AllMatch,
    AnyMatch,
    EntityMatch,
    Match,
    NearMatch,
    NotMatch,
    Part,
    PatternMatch,
    PhraseMatch,
)

LINE = 4096  # characters to either side in which the other end of a line is looked for

type Key = str | int
"""What was looked for: an entity, or the number of a rule's own term."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something found, at its place in the text as sent."""

    start: int
    end: int
    score: float
    entity: str
    value: str = field(repr=False)  # as it reads after normalisation
    shown: str  # what of the value people may see
    reasons: tuple[str, ...] = ()


type Found = Mapping[Key, Sequence[Spot]]
"""What was found of each thing, in the order of the text."""


class Condition(Protocol):
    """A match, ready to be asked what it reports of a text."""

    @property
    @abstractmethod
    def keys(self) -> Iterator[tuple[Key, float]]:
        """Everything that must be looked for, and the least score at which it counts."""

    @abstractmethod
    def could(self, present: Collection[Key]) -> bool:
        """Tell whether anything can be reported of a text in which no more than these may be found."""

    @abstractmethod
    def spots(self, found: Found, text: str) -> Sequence[Spot]:
        """Return what is reported, in the order of the text; none where the match is not met."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    key: Key
    least: float
    at_least: int

    @property
    def keys(self) -> Iterator[tuple[Key, float]]:
        yield self.key, self.least

    def could(self, present: Collection[Key]) -> bool:
        return self.key in present

    def spots(self, found: Found, text: str) -> Sequence[Spot]:  # noqa: ARG002 - as the others
        return _enough([spot for spot in found.get(self.key, ()) if spot.score >= self.least], self.at_least)


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[Condition, ...]
    at_least: int

    @property
    def keys(self) -> Iterator[tuple[Key, float]]:
        for part in self.parts:
            yield from part.keys

    def could(self, present: Collection[Key]) -> bool:
        return any(part.could(present) for part in self.parts)

    def spots(self, found: Found, text: str) -> Sequence[Spot]:
        every = {(spot.start, spot.end): spot for part in self.parts for spot in part.spots(found, text)}
        return _enough([every[place] for place in sorted(every)], self.at_least)


@dataclass(frozen=True, slots=True)
class _Together:
    """The first of several parts where the others are, and those that must be absent are not."""

    first: Condition
    others: tuple[Condition, ...]
    absent: tuple[Condition, ...]
    within: int | Literal["line", "text"]
    at_least: int

    @property
    def keys(self) -> Iterator[tuple[Key, float]]:
        for part in (self.first, *self.others, *self.absent):
            yield from part.keys

    def could(self, present: Collection[Key]) -> bool:
        return self.first.could(present) and all(part.could(present) for part in self.others)

    def spots(self, found: Found, text: str) -> Sequence[Spot]:
        first = self.first.spots(found, text)
        if not first:
            return ()
        needed = [part.spots(found, text) for part in self.others]
        if not all(needed):
            return ()
        unwanted = [spots for part in self.absent if (spots := part.spots(found, text))]
        if self.within == "text":
            return () if unwanted else _enough(first, self.at_least)
        near = [_Neighbours(spots, self.within, text) for spots in needed]
        not_near = [_Neighbours(spots, self.within, text) for spots in unwanted]
        met = [
            spot
            for spot in first
            if all(other.of(spot) for other in near) and not any(other.of(spot) for other in not_near)
        ]
        return _enough(met, self.at_least)


class _Neighbours:
    """Spots by place, to find one that stands near another."""

    def __init__(self, spots: Sequence[Spot], within: int | Literal["line"], text: str) -> None:
        self._spots = sorted(spots, key=lambda spot: spot.start)
        self._starts = [spot.start for spot in self._spots]
        self._longest = max(spot.end - spot.start for spot in spots)
        self._within = within
        self._text = text

    def of(self, spot: Spot) -> bool:
        """Tell whether one of the spots stands near `spot`, and is not the same."""
        before, after = self._reach(spot)
        at = bisect_left(self._starts, before - self._longest)
        while at < len(self._spots) and self._starts[at] <= after:
            other = self._spots[at]
            at += 1
            if other.end < before or (other.start, other.end) == (spot.start, spot.end):
                continue
            if self._within == "line" or not self._parted(spot, other):
                return True
        return False

    def _reach(self, spot: Spot) -> tuple[int, int]:
        """Return the place that a neighbour must touch."""
        if self._within != "line":
            return max(0, spot.start - self._within), spot.end + self._within
        end = self._text.find("\n", spot.end, spot.end + LINE)
        start = self._text.rfind("\n", max(0, spot.start - LINE), spot.start)
        return start + 1 if start >= 0 else max(0, spot.start - LINE), end if end >= 0 else spot.end + LINE

    def _parted(self, one: Spot, other: Spot) -> bool:
        """Tell whether an empty line parts two spots: what is below it is another matter."""
        return "\n\n" in self._text[min(one.end, other.end) : max(one.start, other.start)]


def condition(match: Match, term: Callable[[PhraseMatch | PatternMatch | EntityMatch], Key]) -> Condition:
    """Make a match ready to be asked.

    `term` says under which key the finds of a part are handed in.
    """
    match match:
        case EntityMatch():
            return _Leaf(term(match), match.min_score, match.at_least)
        case PhraseMatch() | PatternMatch():
            return _Leaf(term(match), 0.0, match.at_least)
        case AnyMatch():
            return _Any(tuple(condition(part, term) for part in match.any), match.at_least)
        case AllMatch():
            return _together(match.all, "text", match.at_least, term)
        case NearMatch():
            return _together(match.near, match.within, match.at_least, term)


def _together(
    parts: Iterable[Part],
    within: int | Literal["line", "text"],
    at_least: int,
    term: Callable[[PhraseMatch | PatternMatch | EntityMatch], Key],
) -> _Together:
    present = [condition(part, term) for part in parts if not isinstance(part, NotMatch)]
    absent = [condition(part.absent, term) for part in parts if isinstance(part, NotMatch)]
    return _Together(present[0], tuple(present[1:]), tuple(absent), within, at_least)


def _enough(spots: Sequence[Spot], at_least: int) -> Sequence[Spot]:
    """Return the spots if they hold so many different values."""
    if at_least == 1 or len({bare(spot.value) for spot in spots}) >= at_least:
        return spots
    return ()
