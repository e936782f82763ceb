r"""Where in a text a rule's own phrases and patterns could be: one pass of Hyperscan over its characters.

In:    regular expressions by number, and a text as it was sent.
Out:   stretches worth a look, and what may be found in them.
Never: a stretch left out for an expression that Hyperscan cannot take: then every one is worth a look.

The automaton of the recognisers (`cerco.scan.prefilter`) is the same under all rules, and takes long to build. This
one changes with every saved rule, and takes milliseconds. It reads characters, not bytes, so that a class such as
[一-龥] or \p{Lu} means what it says.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
        self._every = _Scanner(usable) if usable else None
        self._once = _Scanner(usable, hyperscan.HS_FLAG_SINGLEMATCH) if usable else None

    def present(self, text: str) -> frozenset[int]:
        """Return the numbers of what may be found anywhere in a text: one look that a full text makes no longer."""
        if self._once is None:
            return self._anywhere
        ends = self._once.ends(_octets(text), lambda _: True) or ()
        return self._anywhere | {self._numbers[expression] for _, expression in ends}

    def stretches(self, text: str, wanted: frozenset[int]) -> Iterator[Stretch]:
        """Yield the stretches of a text that are worth a look for what is wanted, in order."""
        if anywhere := self._anywhere & wanted:
            yield from cut(0, len(text), anywhere, self._before + self._after)
        octets = _octets(text)
        numbers = self._numbers
        ends = self._every.ends(octets, lambda expression: numbers[expression] in wanted) if self._every else []
        if ends is None:
            yield from cut(0, len(text), wanted.intersection(numbers), self._before + self._after)
        else:
            yield from self._merged(_in_characters(octets, [(end, numbers[one]) for end, one in ends]), len(text))

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


class _Scanner:
    """Expressions that Hyperscan takes, ready to scan with."""

    def __init__(self, expressions: Sequence[tuple[int, str, bool]], flag: int = 0) -> None:
        database = _compiled(expressions, flag)
        if database is None:
            raise ValueError("expressions that were compiled one by one do not compile together")
        self._database = database
        self._scratch = hyperscan.Scratch(database)

    def ends(self, octets: bytes, counts: Callable[[int], bool]) -> list[tuple[int, int]] | None:
        """Return (end in bytes, place of the expression) of every match that counts, in order.

        None where there are too many of them.
        """
        ends: list[tuple[int, int]] = []

        def take(expression: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            if counts(expression):
                ends.append((end, expression))
            return len(ends) > _FULL

        try:
            self._database.scan(octets, match_event_handler=take, scratch=self._scratch.clone())
        except hyperscan.ScanTerminated:
            return None
        return sorted(ends)


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # a half of a surrogate pair is one character still


def _compiled(expressions: Sequence[tuple[int, str, bool]], flag: int = 0) -> "hyperscan.Database | None":
    """Return the automaton of the expressions, or None where Hyperscan cannot take them."""
    common = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP | flag
    flags = [common | (hyperscan.HS_FLAG_CASELESS if ignore_case else 0) for _, _, ignore_case in expressions]
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
