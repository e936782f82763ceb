"""Names of people that only a reader of the sentence can tell from other words: the optional models.

In:    a normalised text, and the places in it around which names matter.
Out:   `Names.find`: the names there; `Names.models` and `Names.missing`, for the verdict and the record.
Never: a model that was not reviewed; a name within an address; a name that no list of surnames or given names speaks
       for, however sure the model is. No file, thread or network after `load_names`, which is to be called before a
       process gives up its rights.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from cerco.scan.name_models import CHINESE, LATIN, ChineseModel, LatinModel, ModelError
from recognizers.location import LocationRecognizer
from recognizers.name_likeness import Likeness, han_likeness, latin_likeness, may_hold_han, may_hold_latin

_CONTEXT = 120  # characters read before and after a place, unless the sentence ends first
_LONGEST = {CHINESE: 250, LATIN: 2000}  # characters a model reads in one go: its time and memory grow faster than they
_SENTENCE_END = regex.compile(r"[。!?;\n…]|\. ")

SURE = 0.75
"""The score of a name that the model finds and the lists know all of."""

LIKELY = 0.65
"""The score of a name that the model finds and the lists know in part: a surname, a given name."""

_SHOUTED = regex.compile(r"(?<![\p{L}])\p{Lu}[\p{Lu}'’]+(?![\p{L}])")


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name that a model found: PERSON (or LOCATION), its place in the text, how sure (0..1), and which model."""

    entity: str
    start: int
    end: int
    score: float
    model: str


class Names:
    """The models that are in use. Immutable after it is made; one call at a time.

    `models`: their names and versions. `missing`: for each that is not, a sentence that says so and what to do.
    """

    def __init__(self, chinese: ChineseModel | None, latin: LatinModel | None, missing: Sequence[str]) -> None:
        self._chinese = chinese
        self._latin = latin
        self._addresses = LocationRecognizer()
        self.models: tuple[str, ...] = tuple(
            name for name, model in ((CHINESE, chinese), (LATIN, latin)) if model is not None
        )
        self.missing: tuple[str, ...] = tuple(missing)

    def find(self, text: str, spans: Sequence[tuple[int, int]], *, locations: bool = False) -> Iterator[NameSpan]:
        """Yield the names in the sentences that `spans` touch, for each model in reading order.

        With `locations`, also countries, cities and buildings that the Latin model names; addresses are found without
        a model (`recognizers.location`). Time is linear to what is read: about 20 ms for 1000 characters of Chinese,
        12 ms of other text (`benchmarks/names.py`).
        """
        sentences = _sentences(text, spans)
        if self._chinese:
            yield from self._in_chinese(self._chinese, text, sentences)
        if self._latin:
            yield from self._in_latin(self._latin, text, sentences, locations=locations)

    def _in_chinese(self, model: ChineseModel, text: str, sentences: Sequence[tuple[int, int]]) -> Iterator[NameSpan]:
        pieces = [piece for piece in _pieces(text, sentences, _LONGEST[CHINESE]) if may_hold_han(text, *piece)]
        for (start, end), people in zip(pieces, model.people([text[slice(*piece)] for piece in pieces]), strict=True):
            addresses = self._addresses_in(text, start, end) if people else ()
            for first, last in people:
                name = han_likeness(text, start + first, start + last)
                if name and not _touches(addresses, name):
                    yield NameSpan("PERSON", name.start, name.end, SURE if name.whole else LIKELY, CHINESE)

    def _in_latin(
        self, model: LatinModel, text: str, sentences: Sequence[tuple[int, int]], *, locations: bool
    ) -> Iterator[NameSpan]:
        pieces = [
            piece for piece in _pieces(text, sentences, _LONGEST[LATIN]) if locations or may_hold_latin(text, *piece)
        ]
        # The model has read newspapers: "CHAN TAI MAN" is an organisation to it, "Chan Tai Man" is somebody.
        read = [_SHOUTED.sub(_titled, text[slice(*piece)]) for piece in pieces]
        for (start, end), entities in zip(pieces, model.entities(read), strict=True):
            addresses = self._addresses_in(text, start, end) if entities else ()
            for first, last, label in entities:
                if label == "PERSON":
                    name = latin_likeness(text, start + first, start + last)
                    if name and not _touches(addresses, name):
                        yield NameSpan("PERSON", name.start, name.end, SURE if name.whole else LIKELY, LATIN)
                elif locations and label in {"GPE", "LOC", "FAC"}:
                    yield NameSpan("LOCATION", start + first, start + last, LIKELY, LATIN)

    def _addresses_in(self, text: str, start: int, end: int) -> Sequence[tuple[int, int]]:
        return [(start + match.start, start + match.end) for match in self._addresses.find(text[start:end])]


OFF = "names of people: by lists and titles alone; the models are switched off."
"""What a verdict says it went without where no models are wanted."""


def load_names(wanted: Literal["auto", "off"]) -> Names | None:
    """Load the models that are installed; None if none are wanted. Takes half a second and 150 MB of memory."""
    if wanted == "off":
        return None
    missing: list[str] = []
    chinese: ChineseModel | None = None
    latin: LatinModel | None = None
    try:
        chinese = ChineseModel()
    except ModelError as error:
        missing.append(str(error))
    try:
        latin = LatinModel()
    except ModelError as error:
        missing.append(str(error))
    return Names(chinese, latin, missing)


def _titled(word: regex.Match[str]) -> str:
    shouted: str = word[0]
    lowered = shouted[1:].lower()
    return shouted[0] + lowered if len(lowered) == len(shouted) - 1 else shouted


def _sentences(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the sentences around some places, merged where they overlap, in reading order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        begin, end = max(0, first - _CONTEXT), min(len(text), last + _CONTEXT)
        for before in _SENTENCE_END.finditer(text, begin, first):
            begin = before.end()
        if after := _SENTENCE_END.search(text, last, end):
            end = after.end()
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _pieces(text: str, sentences: Sequence[tuple[int, int]], longest: int) -> Iterator[tuple[int, int]]:
    """Cut what is longer than a model reads in one go: at the end of a sentence, at a comma or a space, or anywhere."""
    for begin, end in sentences:
        start = begin
        while end - start > longest:
            window = text[start : start + longest]
            cut = max((match.end() for match in _SENTENCE_END.finditer(window)), default=0)
            cut = cut or max(window.rfind(","), window.rfind(" ")) + 1 or longest
            yield start, start + cut
            start += cut
        if start < end:
            yield start, end


def _touches(addresses: Sequence[tuple[int, int]], name: Likeness) -> bool:
    return any(start < name.end and name.start < end for start, end in addresses)
