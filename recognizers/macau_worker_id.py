"""MO_NON_RESIDENT_WORKER_ID: the number of the non-resident worker's card (藍卡, blue card, TNR).

In:    a text.
Out:   results, scored as if they stood alone: next to nothing.
Never: a finding without a word that names the card: eight digits are all there is to see.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import BEFORE, UNIT_AFTER, digits_trigger, is_day, numbers
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer

# Since 28 February 2011 the card bears a number of eight digits that its holder keeps for life. Which digits it may
# begin with has not been published. It is printed with the last in brackets, too.
_BRACKETED = Shape("bracketed", alone=0.1, labelled=0.95, hinted=0.3, contested=0.02)
_NUMBER = Shape("eight-digits", alone=0.03, labelled=0.85, hinted=0.1, contested=0.01)
_DATED = Shape("dated", alone=0.01, labelled=0.5, hinted=0.02, contested=0.01)
_IN_BRACKETS = regex.compile(rf"{BEFORE}[0-9](?:[ -]?[0-9]){{6}} {{0,2}}[(\[] ?[0-9] ?[)\]]")


class MacauWorkerIdRecognizer(ShapeRecognizer):
    """Finds the numbers of identification cards of non-resident workers in Macau."""

    COUNTRY_CODE = "mo"
    ENTITIES = ("MO_NON_RESIDENT_WORKER_ID",)
    SHAPES = (_BRACKETED, _NUMBER, _DATED)
    NAMED_BY = frozenset({Kind.WORKER_ID})
    HINTED_BY = frozenset({Kind.IDENTITY})
    TRIGGERS = (digits_trigger(8), r"[0-9](?:[ \-]?[0-9]){6} {0,2}(?:[(\[]|\xef\xbc\x88)")

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number of eight digits, whole or in groups or with the last in brackets."""
        for match in _IN_BRACKETS.finditer(text):
            yield Match(_BRACKETED, match.start(), match.end())
        for start, end, digits in numbers(text, 8):
            if not UNIT_AFTER.match(text, end):
                yield Match(_DATED if is_day(digits) else _NUMBER, start, end)
