"""Weigh a number by the words around it: those before and after, the head of its column, its like in the same list.

In:    a normalised text and recognisers' results for it, scored as if each stood alone.
Out:   the same results with the scores that the recogniser's shape has for such company, and the reasons.
Never: a score changed for a recogniser that does not ask for it; content in a reason.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from presidio_analyzer import ContextAwareEnhancer, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from cerco.scan.bulk import listed
from cerco.scan.table import Table, table
from recognizers.folding import fold
from recognizers.labels import Label, labels
from recognizers.shape import Labelled, Shape

REACH = 40  # characters; labels stand right before a number, or at the head of the sentence
BEACON_REACH = 80  # characters; a bank's code stands on a line of its own
_AFTER = 6  # characters a label behind a number counts as further away: labels come first

# A label says nothing of a number in the next sentence, and of one in the next line only where that is near: a form
# has the answer below the question. "ID card no. 12345678" is one sentence.
_SENTENCE_END = re.compile(r"。|(?<=[^\W\d_]{3})\. +[A-Z]")
_NEXT_LINE = 16  # characters

REASONS = "reasons"  # key in a result's metadata


class CharWindowEnhancer(ContextAwareEnhancer):
    """Counts characters, not tokens, so that it works in Chinese, across commas, and in both directions.

    Usable in Presidio's `AnalyzerEngine` as `context_aware_enhancer`; recognisers opt in by being `Labelled`.
    """

    def __init__(self) -> None:
        # Presidio's own settings are for adding a fixed amount per word; the shapes say what a word is worth instead.
        super().__init__(
            context_similarity_factor=0,
            min_score_with_context_similarity=0,
            context_prefix_count=0,
            context_suffix_count=0,
        )

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,  # noqa: ARG002 - Presidio's signature
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,  # noqa: ARG002 - Presidio's signature
    ) -> list[RecognizerResult]:
        """Return the results, weighed; only the text counts."""
        known = {recognizer.id: recognizer for recognizer in recognizers if isinstance(recognizer, Labelled)}
        weigh(text, raw_results, known, table(text))
        return raw_results


def weigh(
    text: str, results: Sequence[RecognizerResult], recognizers: Mapping[str, Labelled], grid: Table | None
) -> None:
    """Set the score of each result, and its reasons, by what stands around it in the text and its table."""
    places = {(result.start, result.end) for result in results}
    surroundings = _Surroundings(text, places)
    around = {place: surroundings.around(*place, grid) for place in places}
    bare: dict[tuple[int, int], tuple[RecognizerResult, Shape]] = {}
    named: list[tuple[int, int]] = []
    for result in results:
        recognizer = recognizers.get(result.recognition_metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY])
        if recognizer is None:
            continue
        shape = recognizer.shapes[result.analysis_explanation.pattern_name]
        place = (result.start, result.end)
        reasons = [f"pattern {shape.name}"] + ([f"checksum {shape.checksum}"] if shape.checksum else [])
        score, reason = _judge(text, place, around[place], recognizer, shape)
        _set(result, score, reasons + ([reason] if reason else []))
        if shape.listed > score == shape.alone:
            bare[place] = (result, shape)
        elif shape.listed and score >= shape.listed:
            named.append(place)
    for place in listed(text, bare, named, grid):
        result, shape = bare[place]
        _set(result, shape.listed, [*result.recognition_metadata[REASONS], "in a list of its like"])


def _judge(
    text: str, place: tuple[int, int], around: list[tuple[int, Label]], recognizer: Labelled, shape: Shape
) -> tuple[float, str | None]:
    """Return the score by the nearest label that has a say, and that label as a reason."""
    heard = recognizer.named_by | recognizer.hinted_by | recognizer.contested_by
    said = [(distance, label) for distance, label in around if label.kind in heard]
    if not said:
        near = (max(0, place[0] - BEACON_REACH), place[1] + BEACON_REACH)
        if recognizer.beacon and recognizer.beacon.search(text, *near):
            return shape.hinted, "context bank code"
        return shape.alone, None
    distance, label = min(said, key=lambda entry: abs(entry[0]))
    reason = f"context {label.word} {distance:+d}" if distance else f"column {label.word}"
    if label.kind in recognizer.named_by:
        return shape.labelled, reason
    return (shape.hinted if label.kind in recognizer.hinted_by else shape.contested), reason


class _Surroundings:
    """The labels around some places of a text. Every stretch of the text is read once, however many numbers it has."""

    def __init__(self, text: str, places: Iterable[tuple[int, int]]) -> None:
        self._text = text
        self._labels: list[Label] = []
        begin = end = 0
        for start, until in sorted(places):
            if start - REACH > end:
                self._read(begin, end)
                begin = start - REACH
            end = max(end, until + REACH)
        self._read(begin, end)

    def around(self, start: int, end: int, grid: Table | None) -> list[tuple[int, Label]]:
        """Return the labels around a number: distance in characters, negative before it, 0 for the head of its column.

        In a table the cell itself and the head of its column decide; the neighbouring cells speak of other numbers.
        """
        if grid and (row := grid.labels_of(self._text, start)):
            cell, _, heads = row
            own = self._before(max(cell, start - REACH), start) or [(0, label) for label in heads]
            if own or grid.firm:
                return own
        return self._before(start - REACH, start) + self._after(end)

    def _read(self, begin: int, end: int) -> None:
        begin = max(0, begin)
        self._labels += (
            Label(label.word, begin + label.start, begin + label.end, label.kind)
            for label in labels(fold(self._text[begin:end]))
        )

    def _before(self, begin: int, start: int) -> list[tuple[int, Label]]:
        first = bisect_left(self._labels, begin, key=_start)
        last = bisect_left(self._labels, start, key=_start)
        return [
            (label.end - start - 1, label)
            for label in self._labels[first:last]
            if label.end <= start and self._connected(label.end, start)
        ]

    def _after(self, end: int) -> list[tuple[int, Label]]:
        line = self._text.find("\n", end, end + REACH)
        first = bisect_left(self._labels, end, key=_start)
        last = bisect_left(self._labels, line if line >= 0 else end + REACH, key=_start)
        return [
            (label.start - end + 1 + _AFTER, label)
            for label in self._labels[first:last]
            if self._connected(end, label.start)
        ]

    def _connected(self, start: int, end: int) -> bool:
        between = self._text[start:end]
        if "\n" in between and end - start > _NEXT_LINE:
            return False
        return _SENTENCE_END.search(self._text, start, end) is None


def _start(label: Label) -> int:
    return label.start


def _set(result: RecognizerResult, score: float, reasons: list[str]) -> None:
    result.recognition_metadata[REASONS] = reasons
    result.recognition_metadata[RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY] = score > result.score
    result.score = score
    result.analysis_explanation.set_improved_score(score)
