"""MO_SOCIAL_SECURITY: numbers of beneficiaries and employers of Macau's Social Security Fund (社會保障基金, FSS).

In:    a text.
Out:   results, scored as if they stood alone.
Never: a check of the last digit: how it is computed has not been published.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import UNIT_AFTER, digits_trigger, is_day, numbers
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer

# Ten digits since 1 February 2011 (gov.mo, news 65155): 1 for employers or 2 for beneficiaries, the eight digits of
# the number before, and a check digit.
_NUMBER = Shape("ten-digits", alone=0.1, labelled=0.9, hinted=0.3, contested=0.02)
# Of the numbers of before, those that are not telephones by their looks.
_OLD = Shape("eight-digits", alone=0.01, labelled=0.7, hinted=0.02, contested=0.01)
_TELEPHONE = regex.compile("28|6")


class MacauSocialSecurityRecognizer(ShapeRecognizer):
    """Finds the numbers of the Social Security Fund, of ten digits and of eight, beside a word that names it."""

    COUNTRY_CODE = "mo"
    ENTITIES = ("MO_SOCIAL_SECURITY",)
    SHAPES = (_NUMBER, _OLD)
    NAMED_BY = frozenset({Kind.SOCIAL_SECURITY})
    HINTED_BY = frozenset({Kind.IDENTITY})
    TRIGGERS = (digits_trigger(8),)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number of ten digits that begins with 1 or 2, or of eight, whole or in groups."""
        for start, end, digits in numbers(text, 10):
            if digits[0] in "12" and not UNIT_AFTER.match(text, end):
                yield Match(_NUMBER, start, end)
        for start, end, digits in numbers(text, 8):
            if not (is_day(digits) or _TELEPHONE.match(digits) or UNIT_AFTER.match(text, end)):
                yield Match(_OLD, start, end)
