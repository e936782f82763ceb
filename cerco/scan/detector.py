"""Texts -> findings: the way through this room.

In:    the rules in force, the site's key, and texts.
Out:   findings, in the order of the texts, and what could not be searched to its end.
Never: a value in a finding; a text that looks otherwise under other rules. What recognisers see is the same whichever
       rules there are, from `FLOOR` up; the rules say what of it is a finding (`cerco.scan.ruling`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property

from cerco.extract.text import Text, Unreadable
from cerco.scan.analyzer import Analyzer, Hit
from cerco.scan.combine import Spot
from cerco.scan.finding import Finding
from cerco.scan.kept import Keeper, Sought
from cerco.scan.mask import fingerprint
from cerco.scan.names import OFF, Names
from cerco.scan.rule import DetectRule
from cerco.scan.rule_terms import Search
from cerco.scan.ruling import HEADING, MOST, Examined, Reading, Ruling, counted, terms_of
from cerco.scan.seen import Heading, Seen
from recognizers import RECOGNIZERS

__all__ = ["FLOOR", "MOST", "Detector", "Examined"]

# The least score that recognisers report, or less where a rule wants less: what is seen does not depend on the rules
# then. A name counts beside a telephone number whether or not a rule looks for telephone numbers. Lower, dense lists of
# numbers take several times as long: this is the least that recognisers find without looking at labels.
FLOOR = 0.5

_ENTITIES = tuple(entity for one in RECOGNIZERS if one.TRIGGERS for entity in one.ENTITIES)
# A heading of Markdown, which message bodies are written in: "## 客戶名單".
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+([^\n]{1,500})", re.MULTILINE)
_LONGEST_TITLE = 500  # characters of a title that say what the rest is about
_ABOVE = frozenset({"title", "filename"})

type Keep = Callable[[Seen], None]
"""Is shown what was seen in each text."""


@cache
def _analyzer() -> Analyzer:
    """Return the recognisers, which are the same under all rules; building them takes a second."""
    return Analyzer()


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
        self.ruling = Ruling(rules)
        self.ruling.terms.ready(self.ruling.in_running_text)
        self._analyzer = _analyzer()
        self._names = names
        self.degraded: tuple[str, ...] = names.missing if names else (OFF,)
        self._key = key
        self._floors: dict[str, dict[str, float]] = {}

    def floors(self, role: str) -> dict[str, float]:
        """Return the least score of each entity that is seen in texts of a role; none where nobody looks for any."""
        if role not in self._floors:
            wanted = self.ruling.wanted(role)
            least = {entity: min(FLOOR, wanted.get(entity, FLOOR)) for entity in _ENTITIES}
            self._floors[role] = least if wanted else {}
        return self._floors[role].copy()

    @cached_property
    def sought(self) -> Sought:
        """What is looked for in texts of each role."""
        return Sought.by(self.ruling, self.floors)

    def keeper(self) -> Keeper:
        """Return what keeps, of texts that are looked at together, what other rules may be asked about later."""
        return Keeper(self.ruling, self._key)

    def mark(self, spot: Spot) -> str:
        """Return the keyed fingerprint of what stands at a spot."""
        return fingerprint(spot.entity, spot.value, self._key)

    def scan(self, texts: Iterable[Text], counts: Counter[str] | None = None) -> tuple[Finding, ...]:
        """Return what the rules find, as `examine` does, where nothing is known to be missing from it.

        Raises:
            TimeoutError: a rule's search did not come to its end.
        """
        examined = self.examine(texts, counts)
        if examined.coverage:
            raise TimeoutError(f"a rule's search did not come to its end: {examined.coverage[0].place}")
        return examined.findings

    def examine(
        self, texts: Iterable[Text], counts: Counter[str] | None = None, *, keep: Keep | None = None
    ) -> Examined:
        """Return what the rules find, by text and then by place in it; at most `MOST` a rule.

        Titles and file names among the texts say what the others are about. `counts` holds what each rule has found so
        far, and is kept up: for texts that come in pieces. What the piece before has shown is not found again. `keep`
        is shown what was seen in each text.
        """
        texts = tuple(texts)
        counts = Counter() if counts is None else counts
        above = " ".join(text.content[:_LONGEST_TITLE] for text in texts if text.role in _ABOVE)
        found: list[Finding] = []
        gaps: dict[Unreadable, None] = {}
        for text in texts:
            about = f"{text.about} {above}" if text.role not in _ABOVE else text.about
            found += counted(self._look(text, about, counts, gaps, keep), text, counts)
        return Examined(tuple(found), tuple(gaps))

    def _look(
        self, text: Text, about: str, before: Counter[str], gaps: dict[Unreadable, None], keep: Keep | None
    ) -> list[Finding]:
        reading = self.ruling.reading(text, before, self.mark)
        view = self.ruling.view(text.role)
        numbers = view.terms if len(reading.composed) == len(view.composed) else terms_of(reading.composed)
        search = Search(self.ruling.terms, text.content, numbers, titled=text.role != "text")
        portions, whole = self._recognised(reading, search, about)
        # A pattern of digits fits every table; it is looked for where what must stand near it is there, too.
        present = search.present()
        able = reading.able(present)
        sought = terms_of(able)
        search.written(sought)
        spots = search.spots()
        reading.spots.update(spots)
        reading.unfinished = search.unfinished
        gaps.update(dict.fromkeys(reading.close(able)))
        headings = self._headings(text, before) if text.role == "text" and "#" in text.content else []
        for heading in headings:
            reading.found += self.ruling.headed(text, heading, before, self.mark)
        if keep:
            # A rule that has found its most is not looked for any more.
            unsought = (present | (view.terms - numbers)) - sought
            keep(Seen(text, portions, spots, unsought, search.unfinished, headings, whole))
        return reading.found

    def _recognised(self, reading: Reading, search: Search, about: str) -> tuple[list[list[Hit]] | None, bool]:
        """Show a reading what recognisers see; return that, and whether it is all."""
        wanted = self.floors(reading.text.role)
        meant = search.meant if search.wanted else None
        if not wanted and meant is None:
            return None, True
        text, portions, asked = reading.text, list[list[Hit]](), bool(wanted)
        for hits in self._analyzer.analyze(text.content, wanted, about, meant=meant, head=text.head, names=self._names):
            reading.take(hits)
            portions.append(hits)
            if wanted and reading.is_full:
                wanted.clear()  # the analysis goes on only for the search, if that has anything to look for
        return portions if asked else None, bool(wanted) is asked

    def _headings(self, text: Text, before: Counter[str]) -> list[Heading]:
        """Look for the terms of titles in headings within running text."""
        composed = [made for made in self.ruling.view(HEADING).composed if before[made.rule.id] < MOST]
        numbers = terms_of(composed)
        headings = []
        for heading in _HEADING.finditer(text.content):
            search = Search(self.ruling.terms, heading[1], numbers, titled=True)
            search.written(numbers)
            headings.append(Heading(heading.start(1), heading.end(1), search.spots()))
        return headings
