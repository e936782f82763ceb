"""What an identifier looks like, what each look is worth, and the recogniser all of them share.

In:    a text.
Out:   `Shape`, `Match`, and `ShapeRecognizer`, which makes Presidio results of a subclass's matches.
Never: the matched text, in a result or anywhere else.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex
from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from recognizers.folding import plain
from recognizers.labels import NUMBER_KINDS, Kind

LANGUAGE = "xx"
"""The one language all recognisers are registered under, because one message mixes several."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One printed form of an identifier and its scores, 0..1.

    Raised or lowered by the nearest label: `labelled` when it names this identifier, `hinted` when it speaks of the
    same business, `contested` when it names another kind of number. `listed`: several alike, in a column or a list.
    `beside`: in one sentence or row with a person, or with something of a person's.
    """

    name: str
    alone: float
    labelled: float
    hinted: float
    contested: float
    listed: float = 0.0
    beside: float = 0.0
    checksum: str | None = None  # the check that was passed
    headed: bool = False  # only the head of its column labels it


@dataclass(frozen=True, slots=True)
class Match:
    """A place in a text that has a shape; `entity` where a recogniser knows several, else its only one."""

    shape: Shape
    start: int
    end: int
    entity: str = ""


class ShapeRecognizer(EntityRecognizer):
    """A recogniser whose scores depend on the form of a match and on the words around it.

    A subclass names its entities and shapes, says which labels count for and against it, and finds matches. Alone, or
    in an engine without `CharWindowEnhancer`, every match scores as if nothing stood around it.
    """

    ENTITIES: ClassVar[tuple[str, ...]]
    SHAPES: ClassVar[tuple[Shape, ...]]
    NAMED_BY: ClassVar[frozenset[Kind]]  # labels that name it
    HINTED_BY: ClassVar[frozenset[Kind]] = frozenset()  # labels of the same business
    LISTED_UNDER: ClassVar[frozenset[Kind]] = frozenset()  # labels that name it at the head of its column
    CONTESTED_BY: ClassVar[frozenset[Kind]] = NUMBER_KINDS  # labels of something else; what names or hints is exempt
    CONTESTED_BEHIND: ClassVar[bool] = True  # whether labels behind it count against it, too
    BEACON: ClassVar[regex.Pattern[str] | None] = None  # what hints from further away than a label
    # Regular expressions over UTF-8 bytes, without look-around: whatever `find` finds in plain characters, with the one
    # character behind it (a line's end, if it is the last), holds a match of one of them. They say where a text is
    # worth a look at all; none: everywhere.
    TRIGGERS: ClassVar[tuple[str, ...]] = ()
    REACH: ClassVar[int] = 72  # characters; no match is longer, and the end of a trigger lies in it or right beside it

    def __init__(self, supported_language: str = LANGUAGE, name: str | None = None) -> None:
        super().__init__(list(self.ENTITIES), name or type(self).__name__, supported_language)

    def load(self) -> None:
        """Do nothing; patterns are compiled once, when their module is."""

    @abstractmethod
    def find(self, text: str) -> Iterator[Match]:
        """Yield every match in a text of plain characters (see `recognizers.folding.plain`), in any order."""

    def find_alone(self, text: str) -> Iterator[Match]:
        """Yield at least the matches that score 0.5 where no label speaks of them; by default every match.

        Worth writing where most of what `find` finds needs a label, and the rest is found faster without it.
        """
        return self.find(text)

    def is_spoken_of(self, text: str, kinds: Collection[Kind]) -> bool:
        """Tell whether something in a text speaks of what is looked for: labels of some kinds, or the beacon."""
        if not (self.NAMED_BY | self.HINTED_BY).isdisjoint(kinds):
            return True
        return self.BEACON is not None and self.BEACON.search(text) is not None

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002 - Presidio's signature
    ) -> list[RecognizerResult]:
        """Return a result for each match, without regard to what stands around it; `nlp_artifacts` are not used."""
        wanted = set(entities).intersection(self.ENTITIES)
        if not wanted:
            return []
        found = ((match, match.entity or self.ENTITIES[0]) for match in self.find(plain(text)))
        return [self._result(match, entity) for match, entity in found if entity in wanted]

    def _result(self, match: Match, entity: str) -> RecognizerResult:
        name: str = self.__dict__["name"]  # set in Presidio's untyped constructor
        shape = match.shape
        explanation = AnalysisExplanation(name, original_score=shape.alone, pattern_name=shape.name)
        if shape.checksum:
            explanation.validation_result = True
        metadata = {
            RecognizerResult.RECOGNIZER_NAME_KEY: name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return RecognizerResult(entity, match.start, match.end, shape.alone, explanation, metadata)


def shapes_by_name(shapes: tuple[Shape, ...]) -> dict[str, Shape]:
    """Return the shapes by their names, for a `find` that tells forms apart by the name of a group."""
    return {shape.name: shape for shape in shapes}
