r"""Where in a text a rule's own phrases and patterns could be: one pass of Hyperscan over its characters.

In:    regular expressions by number, and a text as it was sent.
Out:   stretches worth a look, and what may be found in them.
Never: a stretch left out for an expression that Hyperscan cannot take: then every one is worth a look.

The automaton of the recognisers (`cerco.scan.prefilter`) is the same under all rules, and takes long to build. This
one changes with every saved rule, and takes milliseconds. It reads characters, not bytes, so that a class such as
[一-龥] or \p{Lu} means what it says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import hyperscan

from cerco.scan.automaton import automaton

MOST = 4096  # characters of a stretch; a longer one is cut, and its parts overlap
_FULL = 20_000  # matches; a text with more is worth a look everywhere


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text, in characters, and the numbers of what may be found in it."""

    start: int
    end: int
    numbers: frozenset[int]


class Sieve:
    """Expressions in one automaton; holds no state between texts.

    Args:
        expressions: by number, (expression, whether case makes no difference), of which one matches at least a part of
            whatever is to be found.
        before, after: characters to the left and right of a match's end that are worth a look.
    """

    def __init__(self, expressions: Mapping[int, Sequence[tuple[str, bool]]], before: int = 0, after: int = 0) -> None:
        self._before, self._after = before, after
        every = [(number, *choice) for number, choices in expressions.items() for choice in choices]
        usable = every if _compiled(every) else [one for one in every if _compiled([one])]
        # Of a number's expressions all must be in the automaton, or it says nothing about the number.
        self._anywhere = frozenset(one[0] for one in every if one not in usable)
        usable = [one for one in usable if one[0] not in self._anywhere]
        self._numbers = [number for number, _, _ in usable]
        self._database = _compiled(usable) if usable else None
        self._scratch = hyperscan.Scratch(self._database) if self._database else None

    def stretches(self, text: str) -> Iterator[Stretch]:
        """Yield the stretches of a text worth a look, in order."""
        if self._anywhere:
            yield from cut(0, len(text), self._anywhere, self._before + self._after)
        octets = text.encode("utf-8", "replace")  # a half of a surrogate pair is one character still
        ends = self._ends(octets)
        if ends is None:
            yield from cut(0, len(text), frozenset(self._numbers), self._before + self._after)
        else:
            yield from self._merged(_in_characters(octets, ends), len(text))

    def _ends(self, octets: bytes) -> list[tuple[int, int]] | None:
        """Return (end in bytes, number) of every match, in order; None where there are too many."""
        ends: list[tuple[int, int]] = []

        def take(expression: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            ends.append((end, self._numbers[expression]))
            return len(ends) > _FULL

        if self._database is None or self._scratch is None:
            return ends
        try:
            self._database.scan(octets, match_event_handler=take, scratch=self._scratch.clone())
        except hyperscan.ScanTerminated:
            return None
        return sorted(ends)

    def _merged(self, ends: Iterator[tuple[int, int]], length: int) -> Iterator[Stretch]:
        start = end = 0
        numbers: set[int] = set()
        for at, number in ends:
            if not numbers or at - self._before > end:
                if numbers:
                    yield from cut(start, end, frozenset(numbers), self._before + self._after)
                start, numbers = max(0, at - self._before), set()
            end = min(length, at + self._after)
            numbers.add(number)
        if numbers:
            yield from cut(start, end, frozenset(numbers), self._before + self._after)


def _compiled(expressions: Sequence[tuple[int, str, bool]]) -> "hyperscan.Database | None":
    """Return the automaton of the expressions, or None where Hyperscan cannot take them."""
    flags = [
        hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP | (hyperscan.HS_FLAG_CASELESS if ignore_case else 0)
        for _, _, ignore_case in expressions
    ]
    try:
        return automaton([expression.encode() for _, expression, _ in expressions], flags)
    except hyperscan.HyperscanError:
        return None


def _in_characters(octets: bytes, ends: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ends, which are in order, in characters instead of bytes."""
    reached = chars = 0
    for end, number in ends:
        if end > reached:
            chars += len(octets[reached:end].decode())
            reached = end
        yield chars, number


def cut(start: int, end: int, numbers: frozenset[int], overlap: int) -> Iterator[Stretch]:
    """Yield a stretch in parts of at most `MOST` characters and an overlap."""
    while end - start > MOST + overlap:
        yield Stretch(start, start + MOST + overlap, numbers)
        start += MOST
    yield Stretch(start, end, numbers)
