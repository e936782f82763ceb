"""Texts -> findings: the way through this room.

In:    the rules in force, the site's key, and texts.
Out:   findings, in the order of the texts.
Never: a value in a finding; more than `MOST` findings of one rule from one scan.
"""

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from cerco.extract.text import Text
from cerco.scan.analyzer import Analyzer, Hit
from cerco.scan.finding import Finding
from cerco.scan.mask import fingerprint, masked
from cerco.scan.normalise import View, normalise
from cerco.scan.rule import PHRASE_ENTITY, DetectRule, Language
from recognizers import ENTITIES
from recognizers.customer_data_title import IN_TEXT, CustomerDataTitleRecognizer

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


class Detector:
    """Finds what the rules name. Immutable after it is made.

    Args:
        rules: the rules in force; retired ones are left out.
        key: the HMAC key of fingerprints, at least 16 bytes.

    Raises:
        ValueError: the key is too short.
    """

    def __init__(self, rules: Sequence[DetectRule], key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("a fingerprint key shorter than 16 bytes. Use the site's key.")
        live = [rule for rule in rules if rule.status != "retired"]
        self._recognised = tuple(rule for rule in live if rule.match.entity != PHRASE_ENTITY)
        self._phrases = tuple(
            (rule, CustomerDataTitleRecognizer(_lines(rule.match.phrases), _lines(rule.match.exceptions)))
            for rule in live
            if rule.match.entity == PHRASE_ENTITY
        )
        self._analyzer = _analyzer()
        self._key = key

    def scan(self, texts: Iterable[Text]) -> tuple[Finding, ...]:
        """Return what the rules find, by text and then by place in it; at most `MOST` a rule.

        Titles and file names among the texts say what the others are about.
        """
        texts = tuple(texts)
        above = " ".join(text.content[:_LONGEST_TITLE] for text in texts if text.role in _ABOVE)
        counts: Counter[str] = Counter()
        found: list[Finding] = []
        for text in texts:
            about = f"{text.about} {above}" if text.role not in _ABOVE else text.about
            here = [*self._scan_phrases(text), *self._scan_recognised(text, about, counts)]
            here.sort(key=lambda finding: (finding.start, finding.end))
            for finding in here:
                counts[finding.rule] += 1
                if counts[finding.rule] <= MOST:
                    found.append(finding)
        return tuple(found)

    def _scan_recognised(self, text: Text, about: str, before: Counter[str]) -> Iterator[Finding]:
        rules = [rule for rule in self._recognised if text.role in rule.applies_to and before[rule.id] < MOST]
        wanted = _least(rules)
        counts = Counter(before)
        for hits in self._analyzer.analyze(text.content, wanted, about) if rules else ():
            for hit in _disjoint(hits):
                for rule in rules:
                    if rule.match.entity == hit.entity and hit.score >= rule.match.min_score:
                        counts[rule.id] += 1
                        yield self._finding(rule, hit, text)
            rules = [rule for rule in rules if counts[rule.id] < MOST]
            for entity in wanted.keys() - _least(rules).keys():
                del wanted[entity]

    def _scan_phrases(self, text: Text) -> Iterator[Finding]:
        for rule, recognizer in self._phrases:
            seen: set[tuple[int, int]] = set()
            for start, piece, weight in _passages(text, rule):
                view = View(piece, start).then(normalise(piece))
                for match in recognizer.find(view.text):
                    begin, end, _ = view.trace(match.start, match.end)
                    score = min(match.shape.alone, weight)
                    if score >= rule.match.min_score and (begin, end) not in seen:
                        seen.add((begin, end))
                        value = view.text[match.start : match.end]
                        yield self._finding(
                            rule,
                            Hit(PHRASE_ENTITY, begin, end, score, value, ["phrase"], match.shape, named=False),
                            text,
                        )

    def _finding(self, rule: DetectRule, hit: Hit, text: Text) -> Finding:
        return Finding(
            rule=rule.id,
            entity=hit.entity,
            severity=rule.severity,
            score=round(hit.score, 2),
            place=text.place,
            start=hit.start,
            end=hit.end,
            masked=masked(hit.entity, hit.value),
            fingerprint=fingerprint(hit.entity, hit.value, self._key),
            reasons=tuple(hit.reasons),
        )


def _least(rules: Iterable[DetectRule]) -> dict[str, float]:
    """Return the least score at which any of the rules wants an entity."""
    least: dict[str, float] = {}
    for rule in rules:
        entity = rule.match.entity
        least[entity] = min(rule.match.min_score, least.get(entity, 1.0))
    return least


def _lines(phrases: Mapping[Language, tuple[str, ...]] | None) -> dict[str, tuple[str, ...]] | None:
    return None if phrases is None else {str(language): lines for language, lines in phrases.items()}


def _passages(text: Text, rule: DetectRule) -> Iterator[tuple[int, str, float]]:
    """Yield (start, passage, most it can score) of what a phrase rule looks at.

    In running text the words are a mention; a heading within it is a title all the same.
    """
    if text.role != "text":
        if text.role in rule.applies_to:
            yield 0, text.content, 1.0
        return
    if {"title", "header"}.intersection(rule.applies_to) and "#" in text.content:
        for heading in _HEADING.finditer(text.content):
            yield heading.start(1), heading[1], 1.0
    if text.role in rule.applies_to and rule.match.min_score <= IN_TEXT:
        yield 0, text.content, IN_TEXT


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
