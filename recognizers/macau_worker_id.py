"""MO_NON_RESIDENT_WORKER_ID: the number of the non-resident worker's card (藍卡, blue card, TNR).

In:    a text.
Out:   results, scored as if they stood alone: next to nothing.
Never: a finding without a word that names the card: eight digits are all there is to see.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import BEFORE, UNIT_AFTER, digits_trigger, is_day, runs
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer

# Since 28 February 2011 the card bears a number of eight digits that its holder keeps for life. Which digits it may
# begin with has not been published.
_NUMBER = Shape("eight-digits", alone=0.03, labelled=0.85, hinted=0.1, contested=0.01)
_BRACKETED = Shape("last-in-brackets", alone=0.1, labelled=0.85, hinted=0.4, contested=0.02)
_DATED = Shape("dated", alone=0.01, labelled=0.5, hinted=0.02, contested=0.01)
# Programs print it as they print the resident's card.
_IN_BRACKETS = regex.compile(rf"{BEFORE}[0-9]{{7}} ?[(] ?[0-9] ?[)]")


class MacauWorkerIdRecognizer(ShapeRecognizer):
    """Finds the numbers of identification cards of non-resident workers in Macau."""

    COUNTRY_CODE = "mo"
    ENTITIES = ("MO_NON_RESIDENT_WORKER_ID",)
    SHAPES = (_NUMBER, _BRACKETED, _DATED)
    NAMED_BY = frozenset({Kind.WORKER_ID})
    HINTED_BY = frozenset({Kind.IDENTITY})
    TRIGGERS = (digits_trigger(8), r"[0-9]{7}[^0-9A-Za-z]{1,8}[0-9]")

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number of eight digits, whole or in groups."""
        for run in runs(text, 8):
            if len(run.digits) == 8 and not UNIT_AFTER.match(text, run.end):
                yield Match(_DATED if is_day(run.digits) else _NUMBER, run.start, run.end)
        for match in _IN_BRACKETS.finditer(text):
            yield Match(_BRACKETED, match.start(), match.end())
