"""Run recognisers over a text: where it has numbers at all, and then weigh what they found.

In:    a normalised text, and the entities that are wanted.
Out:   Presidio results with scores and reasons, in portions, in the order of the text.
Never: Presidio's own engine on the way of a message: its bookkeeping costs more than all the searching.

The recognisers and the enhancer are the ones that `AnalyzerEngine` would run, and they find what it would find.
"""

from collections.abc import Collection, Iterator

from presidio_analyzer import RecognizerResult

from cerco.scan.context import weigh
from cerco.scan.table import table
from cerco.scan.windows import windows
from recognizers.bank_account import BankAccountRecognizer
from recognizers.macau_id_card import MacauIdCardRecognizer
from recognizers.payment_card import PaymentCardRecognizer
from recognizers.shape import Labelled

_PORTION = 1000  # results; a portion is weighed together


class Analyzer:
    """The recognisers of numbers, ready to run. Holds no state between texts."""

    def __init__(self) -> None:
        self._recognizers = (MacauIdCardRecognizer(), PaymentCardRecognizer(), BankAccountRecognizer())
        self._labelled: dict[str, Labelled] = {each.id: each for each in self._recognizers}

    def analyze(self, text: str, entities: Collection[str], head: str = "") -> Iterator[list[RecognizerResult]]:
        """Yield results for the wanted entities; those of different entities may overlap.

        `head` holds the first lines of a long text of which this is a later piece.

        The caller may shrink `entities` between portions. Takes time linear to the length of the text, and next to
        none where it has no long numbers.
        """
        grid = None
        results: list[RecognizerResult] = []
        for start, end in windows(text):
            window = text[start:end]
            for recognizer in self._recognizers:
                if entities and recognizer.supported_entities[0] in entities:
                    for result in recognizer.analyze(window, recognizer.supported_entities):
                        result.start += start
                        result.end += start
                        results.append(result)
            if len(results) >= _PORTION:
                grid = grid or table(text, head)
                weigh(text, results, self._labelled, grid)
                yield results
                results = []
        if results:
            weigh(text, results, self._labelled, grid or table(text, head))
            yield results
