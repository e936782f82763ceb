"""CUSTOMER_DATA_TITLE: titles and file names that announce data about customers, patients, members, employees.

In:    a text.
Out:   results for the phrases in it.
Never: a judgement on where the text stands: in the middle of a letter the same words announce nothing.
"""

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
        self._phrases = Phrases(
            _lines(PHRASES if phrases is None else phrases), _lines(EXCEPTIONS if exceptions is None else exceptions)
        )
        super().__init__(supported_language, name)

    def find(self, text: str) -> Iterator[Match]:
        """Yield a match for each phrase, the longest where several overlap."""
        for phrase in self._phrases.find_apart(text):
            yield Match(_SHAPE, phrase.start, phrase.end)


def _lines(phrases: Mapping[str, Iterable[str]]) -> Iterator[str]:
    return (line for lines in phrases.values() for line in lines)
