"""Rules -> what they would have said of texts of which only this is kept: what was seen in them.

In:    rules; and `Unit`s, with what was `Sought` when they were kept.
Out:   `Replayed`: findings as the rules would have had them, and the rules that cannot be asked.
Never: a guess: a rule that looks for what was not sought is named, and says nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cerco.extract.text import Why
from cerco.scan.combine import Key, Spot
from cerco.scan.finding import Finding
from cerco.scan.kept import Kept, Sought, Unit
from cerco.scan.rule import DetectRule
from cerco.scan.ruling import HEADING, Composed, Ruling, counted
from cerco.scan.seen import Heading

_NEVER = 2.0  # above every score: an entity that was not looked for at all


@dataclass(frozen=True, slots=True)
class Replayed:
    """What rules say of what was kept of one request.

    `gaps` is why something was not searched to its end; `unasked` are the rules that cannot be asked about all of it:
    of these there may be more findings than are here.
    """

    findings: tuple[Finding, ...]
    gaps: frozenset[Why]
    unasked: frozenset[str]


class Replay:
    """A set of rules that can be asked about what was kept while certain things were sought.

    Not safe to share between threads.
    """

    def __init__(self, rules: Iterable[DetectRule], sought: Sought) -> None:
        self._ruling = Ruling(rules)
        self._sought = sought
        self._names = self._ruling.terms.names
        self._numbers: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            self._numbers[name].append(number)
        self._unknown: dict[str, dict[str, frozenset[Key]]] = {}
        self._blind: dict[str, frozenset[str]] = {}

    def ask(self, units: Sequence[Unit]) -> Replayed:
        """Return what the rules say of a request: of its message and files, then of what these join."""
        findings: list[Finding] = []
        alone: set[tuple[str, str]] = set()
        gaps: set[Why] = set()
        unasked: set[str] = set()
        for unit in units:
            for role in unit.clear:
                unasked |= self._blind_to(role)
            for role in unit.lost:
                unasked |= self._lookers(role)
            found = list(self._unit(unit, gaps, unasked)) if unit.texts else []
            if unit.kind == "joined":
                # What the newest message brings about: none that is over before it begins, none that stands in it.
                found = [
                    one
                    for one in found
                    if one.end > unit.joins.get(one.place, one.end) and (one.rule, one.fingerprint) not in alone
                ]
            else:
                alone |= {(one.rule, one.fingerprint) for one in found}
            findings += found
        return Replayed(tuple(findings), frozenset(gaps), frozenset(unasked))

    def _unit(self, unit: Unit, gaps: set[Why], unasked: set[str]) -> Iterator[Finding]:
        # Rules count what they find over all texts of a message, and over all pieces of one text of a file.
        counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for kept in unit.texts:
            text = kept.text
            before = counts[(text.place, text.role) if unit.kind == "file" else ("", "")]
            yield from counted(self._text(kept, before, gaps, unasked), text, before)

    def _text(self, kept: Kept, before: Counter[str], gaps: set[Why], unasked: set[str]) -> Iterator[Finding]:
        role = kept.text.role
        reading = self._ruling.reading(kept.text, before, kept.mark)
        for hits in kept.portions or ():
            reading.take(hits)
            if reading.is_full:
                break
        reading.spots.update(self._numbered(kept.terms))
        reading.unfinished = {number: why for name, why in kept.unfinished.items() for number in self._numbers[name]}
        known = {key for key, spots in reading.spots.items() if spots}
        unasked |= self._blind_plain(role) if kept.whole else {one.rule.id for one in reading.plain}
        able: list[Composed] = []
        for made in reading.composed:
            unknown = self._unknown_to(made, role, kept)
            if unknown and made.condition.could(known | unknown):
                unasked.add(made.rule.id)
            if made.condition.could(known) and (made.is_single or not unknown):
                able.append(made)
        gaps.update(gap.why for gap in reading.close(able))
        yield from reading.found
        for start, end, found in kept.headings:
            heading = Heading(start, end, self._numbered(found))
            blind = self._blind_to(HEADING)
            unasked |= blind
            headed = self._ruling.headed(kept.text, heading, before, kept.mark)
            yield from (finding for finding in headed if finding.rule not in blind)

    def _numbered(self, terms: Mapping[str, Sequence[Spot]]) -> dict[Key, list[Spot]]:
        return {number: list(spots) for name, spots in terms.items() for number in self._numbers.get(name, ())}

    def _unknown_to(self, made: Composed, role: str, kept: Kept) -> frozenset[Key]:
        """Return what a rule looks for in a text of which it is not known whether it is there."""
        unknown = self._never_sought(role)[made.rule.id]
        if kept.unsought:
            unknown |= {number for number in made.terms if self._names[number] in kept.unsought}
        return unknown if kept.whole else unknown | made.entities

    def _never_sought(self, role: str) -> dict[str, frozenset[Key]]:
        """Return, by rule, what was not looked for in any text of a role, or not from such a score up."""
        if role not in self._unknown:
            floors = self._sought.floors.get(role, {})
            terms = self._sought.terms.get(role, frozenset())
            self._unknown[role] = {
                made.rule.id: frozenset(
                    key
                    for key, least in made.condition.keys
                    if (
                        # Nobody looks for entities in a heading by itself.
                        role != HEADING and least < floors.get(key, _NEVER)
                        if isinstance(key, str)
                        else self._names[key] not in terms
                    )
                )
                for made in self._ruling.view(role).composed
            }
        return self._unknown[role]

    def _blind_plain(self, role: str) -> frozenset[str]:
        floors = self._sought.floors.get(role, {})
        plain = self._ruling.view(role).plain
        return frozenset(one.rule.id for one in plain if one.least < floors.get(one.entity, _NEVER))

    def _blind_to(self, role: str) -> frozenset[str]:
        """Return the rules that cannot be asked about a text of a role in which nothing was found."""
        if role not in self._blind:
            unknown = self._never_sought(role)
            self._blind[role] = self._blind_plain(role) | {
                made.rule.id
                for made in self._ruling.view(role).composed
                if unknown[made.rule.id] and made.condition.could(unknown[made.rule.id])
            }
        return self._blind[role]

    def _lookers(self, role: str) -> set[str]:
        view = self._ruling.view(role)
        return {one.rule.id for one in view.plain} | {made.rule.id for made in view.composed}
