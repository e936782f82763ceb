"""Texts -> findings: the way through this room.

In:    the rules in force, the site's key, and texts.
Out:   findings, in the order of the texts.
Never: a value in a finding; more than `MOST` findings of one rule from one scan.
"""

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from presidio_analyzer import RecognizerResult

from cerco.extract.text import Text
from cerco.scan.analyzer import Analyzer
from cerco.scan.context import REASONS
from cerco.scan.finding import Finding
from cerco.scan.mask import fingerprint, masked
from cerco.scan.normalise import Normalised, normalise
from cerco.scan.rule import PHRASE_ENTITY, DetectRule, Language
from recognizers import ENTITIES
from recognizers.customer_data_title import IN_TEXT, CustomerDataTitleRecognizer

# A list of a thousand is a list; what follows changes no verdict, and a record need not hold it.
MOST = 1000

_PRECEDENCE = {entity: place for place, entity in enumerate(ENTITIES)}
# A heading of Markdown, which message bodies are written in: "## 客戶名單".
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+([^\n]{1,500})", re.MULTILINE)


class Detector:
    """Finds what the rules name. Immutable after it is made; safe to share between threads.

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
        self._numbers = tuple(rule for rule in live if rule.match.entity != PHRASE_ENTITY)
        self._phrases = tuple(
            (rule, CustomerDataTitleRecognizer(_lines(rule.match.phrases), _lines(rule.match.exceptions)))
            for rule in live
            if rule.match.entity == PHRASE_ENTITY
        )
        self._analyzer = Analyzer()
        self._key = key

    def scan(self, texts: Iterable[Text], counts: Counter[str] | None = None) -> tuple[Finding, ...]:
        """Return what the rules find, by text and then by place in it; at most `MOST` a rule.

        `counts` holds what each rule has found so far, and is kept up: for texts that come in pieces. What the piece
        before has shown is not found again.
        """
        counts = Counter() if counts is None else counts
        found: list[Finding] = []
        for text in texts:
            normalised = normalise(text.content)
            here = [*self._scan_phrases(text, normalised), *self._scan_numbers(text, normalised, counts)]
            here.sort(key=lambda finding: (finding.start, finding.end))
            for finding in here:
                if finding.end <= text.lead:
                    continue
                counts[finding.rule] += 1
                if counts[finding.rule] <= MOST:
                    found.append(finding)
        return tuple(found)

    def _scan_numbers(self, text: Text, normalised: Normalised, before: Counter[str]) -> Iterator[Finding]:
        rules = [rule for rule in self._numbers if text.role in rule.applies_to and before[rule.id] < MOST]
        wanted = {rule.match.entity for rule in rules}
        counts = Counter(before)
        head = normalise(text.head).text
        for results in self._analyzer.analyze(normalised.text, wanted, head) if rules else ():
            acting = [
                result
                for result in results
                if any(
                    rule.match.entity == result.entity_type and result.score >= rule.match.min_score for rule in rules
                )
            ]
            for result in _disjoint(acting):
                for rule in rules:
                    if rule.match.entity == result.entity_type and result.score >= rule.match.min_score:
                        counts[rule.id] += 1
                        yield self._finding(rule, result, text, normalised)
            rules = [rule for rule in rules if counts[rule.id] < MOST]
            wanted.intersection_update(rule.match.entity for rule in rules)

    def _scan_phrases(self, text: Text, normalised: Normalised) -> Iterator[Finding]:
        for rule, recognizer in self._phrases:
            seen: set[tuple[int, int]] = set()
            for start, piece, weight in _passages(text.role, normalised.text, rule):
                for result in recognizer.analyze(piece, [PHRASE_ENTITY]):
                    result.start += start
                    result.end += start
                    result.score = min(result.score, weight)
                    if result.score >= rule.match.min_score and (result.start, result.end) not in seen:
                        seen.add((result.start, result.end))
                        yield self._finding(rule, result, text, normalised)

    def _finding(self, rule: DetectRule, result: RecognizerResult, text: Text, normalised: Normalised) -> Finding:
        entity = rule.match.entity
        value = normalised.text[result.start : result.end]
        start, end = normalised.original(result.start, result.end)
        return Finding(
            rule=rule.id,
            entity=entity,
            severity=rule.severity,
            score=round(result.score, 2),
            place=text.place,
            start=start,
            end=end,
            masked=masked(entity, value),
            fingerprint=fingerprint(entity, value, self._key),
            reasons=tuple(result.recognition_metadata.get(REASONS, ("phrase",))),
        )


def _lines(phrases: Mapping[Language, tuple[str, ...]] | None) -> dict[str, tuple[str, ...]] | None:
    return None if phrases is None else {str(language): lines for language, lines in phrases.items()}


def _passages(role: str, text: str, rule: DetectRule) -> Iterator[tuple[int, str, float]]:
    """Yield (start, passage, most it can score) of what a phrase rule looks at.

    In running text the words are a mention; a heading within it is a title all the same.
    """
    if role != "text":
        if role in rule.applies_to:
            yield 0, text, 1.0
        return
    if {"title", "header"}.intersection(rule.applies_to) and "#" in text:
        for heading in _HEADING.finditer(text):
            yield heading.start(1), heading[1], 1.0
    if role in rule.applies_to:
        yield 0, text, IN_TEXT


def _disjoint(results: list[RecognizerResult]) -> list[RecognizerResult]:
    """Return results that share no character, in the order of the text.

    The surer one stays; of equals the earlier entity of `ENTITIES`, then the longer.
    """

    def rank(result: RecognizerResult) -> tuple[float, int, int, int]:
        return -result.score, _PRECEDENCE[result.entity_type], result.start - result.end, result.start

    taken: list[tuple[int, int]] = []
    kept = []
    for result in sorted(results, key=rank):
        at = bisect_left(taken, (result.end, 0))  # all before `at` begin before this one ends
        if at and taken[at - 1][1] > result.start:
            continue
        insort(taken, (result.start, result.end))
        kept.append(result)
    return sorted(kept, key=lambda result: result.start)
