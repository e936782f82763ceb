"""CUSTOMER_DATA_TITLE: titles and file names that announce data about customers, patients, members, employees.

In:    a text.
Out:   results for the phrases in it.
Never: a judgement on where the text stands: in the middle of a letter the same words announce nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from recognizers.customer_data_phrases import EXCEPTIONS, PHRASES
from recognizers.labels import Kind
from recognizers.phrases import Phrases
from recognizers.shape import LANGUAGE, Match, Shape, ShapeRecognizer

# A title alone is a warning, never a proof: a score in the middle. In running text it is a mention.
IN_TITLE, IN_TEXT = 0.6, 0.2

_SHAPE = Shape("phrase", alone=IN_TITLE, labelled=IN_TITLE, hinted=IN_TITLE, contested=IN_TITLE)


class CustomerDataTitleRecognizer(ShapeRecognizer):
    """Finds phrases such as 客戶名單, 客户资料, "lista de clientes", "customer list".

    Args:
        phrases: by language, in the syntax of `recognizers.phrases`; the built-in list if None.
        exceptions: the same, for what is not meant; the built-in list if None.
        supported_language: Presidio's language code; the phrases of all languages are sought at once.
        name: Presidio's name for the recogniser.

    Raises:
        ValueError: a phrase breaks the syntax.
    """

    ENTITIES = ("CUSTOMER_DATA_TITLE",)
    SHAPES = (_SHAPE,)
    NAMED_BY = frozenset[Kind]()
    CONTESTED_BY = frozenset[Kind]()

    def __init__(
        self,
        phrases: Mapping[str, Iterable[str]] | None = None,
        exceptions: Mapping[str, Iterable[str]] | None = None,
        supported_language: str = LANGUAGE,
        name: str | None = None,
    ) -> None:
        self._phrases = _compiled(PHRASES if phrases is None else phrases)
        self._exceptions = _compiled(EXCEPTIONS if exceptions is None else exceptions)
        super().__init__(supported_language, name)

    def find(self, text: str) -> Iterator[Match]:
        """Yield a match for each phrase, the longest where several overlap."""
        found = sorted((phrase.start, -phrase.end) for phrase in self._phrases.find(text))
        if not found:
            return
        excepted = _merged(sorted((phrase.start, phrase.end) for phrase in self._exceptions.find(text)))
        reach = 0
        for start, negative in found:
            end = -negative
            after = bisect_left(excepted, (end, 0))  # the first exception that begins at or after the phrase's end
            if end <= reach or (after and excepted[after - 1][1] > start):
                continue
            reach = end
            yield Match(_SHAPE, start, end)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join sorted spans that overlap or touch."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _compiled(phrases: Mapping[str, Iterable[str]]) -> Phrases:
    return Phrases(line for lines in phrases.values() for line in lines)
