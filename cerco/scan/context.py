"""Weigh a match by the words around it: those before and after, the head of its column, the title above it all.

In:    a view of a text, and recognisers' matches in it.
Out:   for each match the score that its shape has in such company, and the reason.
Never: content in a reason: only words that are listed in `recognizers`.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import regex
from presidio_analyzer import ContextAwareEnhancer, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from cerco.scan.table import Row, Tables
from recognizers.folding import fold, plain
from recognizers.labels import AHEAD, COMPANIES, NO_ONES, NUMBER_KINDS, Kind, Label, labels
from recognizers.shape import Shape, ShapeRecognizer

REACH = 40  # characters; labels stand right before a number, or at the head of the sentence
BEACON_REACH = 80  # characters; a bank's code stands on a line of its own
_AFTER = 6  # characters a label behind a number counts as further away: labels come first

# A label says nothing of a number in the next sentence, and of one in the next line only where that is near: a form
# has the answer below the question. "ID card no. 12345678" is one sentence, and a question goes with its answer.
_SENTENCE_END = regex.compile(r"[。！]|(?<=\p{L}{3})[.!] +\p{Lu}")
_NEXT_LINE = 16  # characters
# A number or code with a number in it: what a label may already have spoken of.
_NUMBER = regex.compile(r"[0-9A-Za-z](?:[0-9A-Za-z()/-]| (?=[0-9])){4,24}(?<=[0-9].{0,4})(?<![(/-])")
_CHAINED = regex.compile(r"[號码碼编編No.º ]{0,4} ?[/、,，|&+和及與與e] ?(?:n\.º (?:do|de|da) )?")
_LETTER = regex.compile("[A-Za-z]")
# In Macau, Hong Kong and the mainland; not Hong Kong's with 5 and 7, which identity cards begin with.
_TELEPHONE = regex.compile("(?:28|6[0-9]|9[0-9])[0-9]{2} ?[0-9]{4}|1[3-9][0-9](?: ?[0-9]{4}){2}")
_NEXT_OF_CHAIN = regex.compile(r"[ ,;/、，|&+和及與e]{1,4}[0-9A-Z(+][0-9A-Z()/ -]{4}")
_SHORTEST = 6  # characters
_LIKELY = 0.1  # a column of customers holds people, and what is less like a name may be a company
# Behind a label: the number it announces. "M-12-34, tel. 66123456" says of the first that it is none of a telephone.
_OWN_NUMBER = regex.compile(
    r" ?(?:n\.? ?[º°o]\.?|nos?\.?|number|#|號碼?|号码?|is|é|係|系|是)? ?[:=#]? ?[+(]?[0-9A-Z][0-9A-Z/-]*(?<=[0-9])"
)

_MEASURES = frozenset({Kind.DATE, Kind.AMOUNT, Kind.LAW})

REASONS = "reasons"  # key in a result's metadata


@dataclass(frozen=True, slots=True)
class Weight:
    """What a match is worth where it stands, and why; `named` by a label that is this identifier's own."""

    score: float
    reason: str | None
    named: bool = False


class CharWindowEnhancer(ContextAwareEnhancer):
    """Counts characters, not tokens, so that it works in Chinese, across commas, and in both directions.

    Usable in Presidio's `AnalyzerEngine` as `context_aware_enhancer`; it weighs the results of `ShapeRecognizer`s.
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
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Return the results, weighed by the text, and by `context` as by a title."""
        known = {recognizer.id: recognizer for recognizer in recognizers if isinstance(recognizer, ShapeRecognizer)}
        surroundings = Surroundings(plain(text), context_labels(" ".join(context or ())))
        tables = Tables(text)
        for result in sorted(raw_results, key=lambda result: (result.start, result.end)):
            recognizer = known.get(result.recognition_metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY])
            if recognizer is None:
                continue
            shape = next(one for one in recognizer.SHAPES if one.name == result.analysis_explanation.pattern_name)
            weight = surroundings.weigh(recognizer, shape, result.start, result.end, tables.row(result.start))
            _set(result, weight.score, reasons(shape, weight))
        return raw_results


def context_labels(about: str) -> tuple[Label, ...]:
    """Return the labels of what stands above a text: its title, its file's and sheet's name."""
    return tuple(labels(fold(about)))


def reasons(shape: Shape, weight: Weight) -> list[str]:
    """Return why a match scores as it does, in words for `--explain` and for the record."""
    said = [f"pattern {shape.name}"]
    if shape.checksum:
        said.append(f"checksum {shape.checksum}")
    return [*said, weight.reason] if weight.reason else said


class Surroundings:
    """The labels of one view of a text, and what they make of a match.

    Args:
        text: the view or a stretch of it, in plain characters.
        about: the labels of what stands above it.
        begin: where in the view the stretch begins.
    """

    def __init__(self, text: str, about: Sequence[Label] = (), begin: int = 0) -> None:
        self.text = text
        self.begin = begin
        self.labels = list(labels(fold(text)))
        self._starts = [label.start for label in self.labels]
        self._about = about
        self.kinds = frozenset(label.kind for label in (*self.labels, *about))

    def weigh(self, recognizer: ShapeRecognizer, shape: Shape, start: int, end: int, row: Row | None) -> Weight:
        """Return the weight of a match by the nearest label that has a say.

        In a table the cell itself and the head of its column decide; the neighbouring cells speak of other numbers.
        """
        heard = recognizer.NAMED_BY | recognizer.HINTED_BY | recognizer.CONTESTED_BY
        nearest, alone = self._nearest(heard, recognizer.NAMED_BY, start, end, row)
        if nearest is None and not alone:
            near = (max(0, start - BEACON_REACH), end + BEACON_REACH)
            if recognizer.BEACON and recognizer.BEACON.search(self.text, *near):
                return Weight(shape.hinted, "context bank code")
            if title := self._title(recognizer):
                return Weight(max(shape.hinted, shape.alone), f"title {title.word}")
        if nearest is None:
            return Weight(shape.alone, None)
        distance, label = nearest
        reason = f"context {label.word} {distance:+d}" if distance else f"column {label.word}"
        people = shape.alone >= _LIKELY or label.word not in COMPANIES
        listed = not distance and people and label.kind in recognizer.LISTED_UNDER
        if listed or (label.kind in recognizer.NAMED_BY and not (distance and shape.headed)):
            return Weight(shape.labelled, reason, named=True)
        if label.kind in recognizer.HINTED_BY:
            return Weight(shape.hinted, reason)
        if distance > 0 and not recognizer.CONTESTED_BEHIND:
            return Weight(shape.alone, None)
        return Weight(shape.contested, reason)

    def identifies(self, start: int, end: int) -> bool:
        """Tell whether the nearest label of a number or code says that this is an identifier."""
        nearest, _ = self._nearest(NUMBER_KINDS, frozenset(), start, end, None)
        return nearest is not None and nearest[1].kind not in NO_ONES

    def _title(self, recognizer: ShapeRecognizer) -> Label | None:
        return next((label for label in self._about if label.kind in recognizer.NAMED_BY), None)

    def _nearest(
        self, heard: frozenset[Kind], named: frozenset[Kind], start: int, end: int, row: Row | None
    ) -> tuple[tuple[int, Label] | None, bool]:
        """Return the nearest label that is heard, and whether the cell or its column speaks for itself alone.

        Distances are in characters, negative before the match, 0 for the head of its column.
        """
        if row is not None:
            said, found = self._before(heard, named, max(0, start - min(row.inset, REACH)), start, end)
            if not said and row.heads:
                said = True
                found = self._head(heard, named, row)
            if said or row.firm:
                return found, True
        reach = min(REACH, row.offset) if row and row.titled else REACH
        _, before = self._before(heard, named, max(0, start - reach), start, end)
        after = self._after(heard, end)
        if before and after:
            return (before if abs(before[0]) <= after[0] else after), False
        return before or after, False

    @staticmethod
    def _head(heard: frozenset[Kind], named: frozenset[Kind], row: Row) -> tuple[int, Label] | None:
        """Return the label of a column's head that is heard.

        One that names the number is heard before the others, unless the column is of days or amounts ("BIR: date of
        issue"), or of something that belongs to it ("BIR file ref.").
        """
        said = [label for label in row.heads if label.kind in heard]
        if measure := next((label for label in said if label.kind in _MEASURES), None):
            return 0, measure
        own = next((at for at, label in enumerate(said) if label.kind in named), None)
        if own is None:
            return (0, said[0]) if said else None
        return 0, next((label for label in said[own:] if label.kind is Kind.OTHER), said[own])

    def _before(
        self, heard: frozenset[Kind], named: frozenset[Kind], begin: int, start: int, end: int
    ) -> tuple[bool, tuple[int, Label] | None]:
        """Return whether any label stands before the match, and the nearest that is heard.

        A label speaks of the number behind it, and of more of that length; other numbers it does not contest.
        """
        said = False
        for number in range(bisect_left(self._starts, start) - 1, -1, -1):
            label = self.labels[number]
            if label.end <= begin:
                break
            if label.end > start:
                continue
            if not self._connected(label.end, start):
                break  # nor is any that stands further away
            if not said and (own := self._of_chain(number, start, end, named)) is not label:
                # "BIR / telephone: 12345678 / 66123456": the first number is the first label's.
                found = (label.end - start - 1, own) if own.kind in heard else None
                return True, found
            said = True
            if label.kind in heard and not self._spent(label, start, end):
                return True, (label.end - start - 1, label)
        return said, None

    def _of_chain(self, last: int, start: int, end: int, named: frozenset[Kind]) -> Label:
        """Return the label that speaks of a number where several labels and then as many numbers follow each other.

        Where one number follows them all, it is what any of them says: "ID / passport: ...".
        """
        first = last
        while first and _CHAINED.fullmatch(self.text, self.labels[first - 1].end, self.labels[first].start):
            first -= 1
        if first == last:
            return self.labels[last]
        numbers = len(_NUMBER.findall(self.text, self.labels[last].end, start))
        if not numbers and not _NEXT_OF_CHAIN.match(self.text, end):
            named_too = (label for label in self.labels[first : last + 1] if label.kind in named)
            return next(named_too, self.labels[last])
        return self.labels[min(first + numbers, last)]

    def _spent(self, label: Label, start: int, end: int) -> bool:
        """Tell whether a label has its own number, of another length than the match."""
        if start - label.end < _SHORTEST:
            return False
        others = [match[0] for match in _NUMBER.finditer(self.text, label.end, start)]
        if not others:
            return False
        # "TNR 4921 9431, 66123456": a telephone behind somebody's number.
        if label.kind is not Kind.PHONE and _TELEPHONE.fullmatch(self.text, start, end):
            return not any(map(_TELEPHONE.fullmatch, others))
        lettered = _LETTER.search(self.text, start, end) is not None
        return all(len(other) != end - start or (_LETTER.search(other) is not None) != lettered for other in others)

    def _after(self, heard: frozenset[Kind], end: int) -> tuple[int, Label] | None:
        line = self.text.find("\n", end, end + REACH)
        until = line if line >= 0 else end + REACH
        for number in range(bisect_left(self._starts, end), len(self.labels)):
            label = self.labels[number]
            if label.start >= until:
                return None
            if label.kind in heard and not self._looks_ahead(label):
                return (label.start - end + 1 + _AFTER, label) if self._connected(end, label.start) else None
        return None

    def _looks_ahead(self, label: Label) -> bool:
        """Tell whether a label speaks of what follows it alone: "please call", or one with a number right behind it."""
        return label.kind is Kind.ADDRESS or label.word in AHEAD or _OWN_NUMBER.match(self.text, label.end) is not None

    def _connected(self, start: int, end: int) -> bool:
        if end - start < 2:
            return True
        if end - start > _NEXT_LINE and "\n" in self.text[start:end]:
            return False
        return _SENTENCE_END.search(self.text, start, end) is None


def _set(result: RecognizerResult, score: float, said: list[str]) -> None:
    result.recognition_metadata[REASONS] = said
    result.recognition_metadata[RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY] = score > result.score
    result.score = score
    result.analysis_explanation.set_improved_score(score)
