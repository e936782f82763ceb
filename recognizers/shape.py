"""What a number is worth: alone, and beside the words people print next to it.

In:    nothing; these are values.
Out:   `Shape`, `Labelled`, `result`.
Never: the matched text, in a result or anywhere else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

from recognizers.labels import Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """One printed form of an identifier and its scores, 0..1.

    Raised or lowered by the nearest label: `labelled` when it names this identifier, `hinted` when it speaks of the
    same business, `contested` when it names another kind of number. `listed`: several alike, in a column or a list.
    """

    name: str
    alone: float
    labelled: float
    hinted: float
    contested: float
    listed: float = 0.0
    checksum: str | None = None  # the check that was passed


@runtime_checkable
class Labelled(Protocol):
    """A recogniser whose scores depend on labels; an enhancer reads these from it."""

    shapes: Mapping[str, Shape]
    named_by: frozenset[Kind]
    hinted_by: frozenset[Kind]
    contested_by: frozenset[Kind]
    beacon: re.Pattern[str] | None  # a pattern, in the text as written, that hints from further away


def result(recognizer: EntityRecognizer, shape: Shape, start: int, end: int) -> RecognizerResult:
    """Return Presidio's result for a match of `shape`, scored as if it stood alone."""
    name: str = recognizer.__dict__["name"]  # set in Presidio's untyped constructor
    explanation = AnalysisExplanation(name, original_score=shape.alone, pattern_name=shape.name)
    metadata = {
        RecognizerResult.RECOGNIZER_NAME_KEY: name,
        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
    }
    return RecognizerResult(recognizer.supported_entities[0], start, end, shape.alone, explanation, metadata)
