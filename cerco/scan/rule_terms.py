"""What rules bring themselves: phrases and patterns, sought wherever a rule looks.

In:    the rules, and one text after the other.
Out:   a `Search` of each text: its spots, by the number of the term, and the terms that were not sought to the end.
Never: a term passed over in silence: one whose search takes too long is named, and the text is not clean.

Running text is only looked at where an automaton over all the terms says so; titles are short and looked at whole.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from cerco.scan.combine import Spot
from cerco.scan.mask import masked
from cerco.scan.match import TITLE_ENTITY, EntityMatch, PatternMatch, PhraseMatch
from cerco.scan.normalise import View, normalise
from cerco.scan.pattern import LONGEST, Pattern, checked
from cerco.scan.sieve import Sieve, Stretch, cut
from recognizers.customer_data_phrases import EXCEPTIONS, PHRASES
from recognizers.customer_data_title import IN_TEXT, IN_TITLE
from recognizers.phrases import Phrases, triggers

PHRASE, PATTERN = "PHRASE", "PATTERN"  # entities of what only a rule knows
MOST = 20_000  # spots of one term in one text; a text with more is not clean

_PATTERN_SCORE = 0.8
_SHORT = 1024  # characters; a shorter text is sooner searched than looked over
_AFTER = 160  # characters a phrase may go on behind its trigger


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Phrases that a rule looks for; `mention` is what one is worth in running text."""

    phrases: Phrases
    lines: tuple[str, ...]
    exceptions: tuple[str, ...]
    entity: str
    mention: float

    @property
    def name(self) -> str:
        """What tells it from every other term, whichever rules bring it."""
        return _name([self.lines, self.exceptions, self.entity, self.mention])

    def find(self, text: str, *, titled: bool) -> Iterator[Spot]:
        """Yield spots in a text of plain characters; what fills a phrase's gap is not shown."""
        for phrase in self.phrases.find_apart(text):
            shown = list(text[phrase.start : phrase.end])
            for start, end in phrase.gaps:
                for at in range(start - phrase.start, end - phrase.start):
                    shown[at] = "•" if shown[at].isalnum() else shown[at]
            value = text[phrase.start : phrase.end]
            score = IN_TITLE if titled else self.mention
            yield Spot(phrase.start, phrase.end, score, self.entity, value, "".join(shown), ("phrase",))

    def expressions(self) -> tuple[tuple[str, bool], ...]:
        """Return triggers, and for each whether case makes no difference."""
        return tuple((expression, False) for expression in triggers(self.lines))


@dataclass(frozen=True, slots=True)
class _Signs:
    """A pattern that a rule looks for."""

    pattern: Pattern
    entity: str = PATTERN

    @property
    def name(self) -> str:
        """What tells it from every other term, whichever rules bring it."""
        return _name([self.pattern.source, self.pattern.ignore_case])

    def find(self, text: str, *, titled: bool) -> Iterator[Spot]:  # noqa: ARG002 - as the other
        """Yield spots in a text of plain characters.

        Raises:
            TimeoutError: the search took too long; there may be more.
        """
        for start, end in self.pattern.find(text):
            value = text[start:end]
            yield Spot(start, end, _PATTERN_SCORE, PATTERN, value, masked(PATTERN, value), ("pattern",))

    def expressions(self) -> tuple[tuple[str, bool], ...]:
        """Return the pattern itself, and whether case makes no difference."""
        return ((self.pattern.source, self.pattern.ignore_case),)


def _phrases(
    phrases: Iterable[Sequence[str]], exceptions: Iterable[Sequence[str]], entity: str, mention: float
) -> _Phrases:
    lines, excepted = tuple(chain.from_iterable(phrases)), tuple(chain.from_iterable(exceptions))
    return _Phrases(Phrases(lines, excepted), lines, excepted, entity, mention)


def _name(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


class RuleTerms:
    """The terms of all rules. Immutable once every rule has brought its own and `ready` was called."""

    def __init__(self) -> None:
        self._terms: list[_Phrases | _Signs] = []
        self._in_running_text: frozenset[int] = frozenset()
        self._sieve = Sieve({})

    def add(self, match: PhraseMatch | PatternMatch | EntityMatch) -> int:
        """Take in a term and return its number."""
        match match:
            case PatternMatch():
                self._terms.append(_Signs(checked(match.pattern, ignore_case=match.ignore_case)))
            case PhraseMatch():
                excepted = [*(match.exceptions or {}).values(), *(EXCEPTIONS.values() if match.entity else ())]
                self._terms.append(_phrases(match.phrases.values(), excepted, match.entity or PHRASE, IN_TITLE))
            case EntityMatch():
                self._terms.append(_phrases(PHRASES.values(), EXCEPTIONS.values(), TITLE_ENTITY, IN_TEXT))
        return len(self._terms) - 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The terms' names, by number: the same for the same phrases or pattern, whichever rules bring them."""
        return tuple(term.name for term in self._terms)

    def ready(self, in_running_text: frozenset[int]) -> None:
        """Make the automaton of the terms that are sought in running text."""
        self._in_running_text = in_running_text
        expressions = {number: self._terms[number].expressions() for number in sorted(in_running_text)}
        self._sieve = Sieve(expressions, LONGEST + 1, _AFTER)

    def find(self, number: int, text: str, *, titled: bool) -> Iterator[Spot]:
        """Yield the spots of one term in a text of plain characters; raises TimeoutError where it takes too long."""
        return self._terms[number].find(text, titled=titled)

    def present(self, text: str, wanted: frozenset[int]) -> frozenset[int]:
        """Return which of the wanted terms may be found in a text at all."""
        unsifted = wanted - self._in_running_text
        return unsifted | (wanted & self._sieve.present(text)) if wanted != unsifted else unsifted

    def stretches(self, text: str, wanted: frozenset[int], short: int = _SHORT) -> Iterator[Stretch]:
        """Yield the stretches of a text in which some of the wanted terms may be found; all of it where it is short."""
        if len(text) <= short or not wanted <= self._in_running_text:
            yield from cut(0, len(text), wanted, LONGEST + 1 + _AFTER)
        else:
            yield from self._sieve.stretches(text, wanted)


class Search:
    """The search of one text for terms."""

    def __init__(self, terms: RuleTerms, text: str, wanted: frozenset[int], *, titled: bool) -> None:
        self._terms = terms
        self._text = text
        self.wanted = wanted
        self._titled = titled
        self._found: dict[int, dict[tuple[int, int], Spot]] = defaultdict(dict)
        self.unfinished: dict[int, str] = {}  # "timed_out" or "too_many", by the number of the term

    def present(self) -> frozenset[int]:
        """Return the terms that were found already, or may be found in the text as it is written."""
        # A long text with anything odd in it is shown to `meant`; a short one is quickly put into plain characters.
        text = normalise(self._text).text if len(self._text) <= _SHORT else self._text
        found = (number for number, spots in self._found.items() if spots)
        return self._terms.present(text, self.wanted).union(found)

    def written(self, wanted: frozenset[int]) -> None:
        """Look for some of the terms in the text as it is written."""
        for stretch in self._terms.stretches(self._text, wanted) if wanted else ():
            view = View(self._text[stretch.start : stretch.end], stretch.start)
            if (plainly := normalise(view.written)).text != view.written:
                view = view.then(plainly)
            self._look(view, 0, len(view.text), stretch.numbers)

    def meant(self, view: View, start: int, end: int) -> None:
        """Look at a stretch of a view of the text: what was written in a code, or in other signs."""
        for stretch in self._terms.stretches(view.text[start:end], self.wanted, 0) if self.wanted else ():
            self._look(view, start + stretch.start, start + stretch.end, stretch.numbers)

    def spots(self) -> dict[int | str, list[Spot]]:
        """Return what was found, by the number of the term, in the order of the text."""
        return {number: [spots[place] for place in sorted(spots)] for number, spots in self._found.items()}

    def _look(self, view: View, start: int, end: int, numbers: frozenset[int]) -> None:
        piece = view.text[start:end]
        cut_before = bool(view.offset or start)
        cut_after = end < len(view.text) or view.offset + len(view.written) < len(self._text)
        for number in numbers - self.unfinished.keys():
            found = self._found[number]
            try:
                for spot in self._terms.find(number, piece, titled=self._titled):
                    # At a cut it may be a part of a longer word; it is whole in the stretch beside this one.
                    if (cut_before and spot.start == 0) or (cut_after and spot.end == len(piece)):
                        continue
                    begin, until, steps = view.trace(start + spot.start, start + spot.end)
                    reasons = (*spot.reasons, *(f"read as {step}" for step in steps))
                    found[begin, until] = replace(spot, start=begin, end=until, reasons=reasons)
                    if len(found) >= MOST:
                        self.unfinished[number] = "too_many"
                        break
            except TimeoutError:
                self.unfinished[number] = "timed_out"
