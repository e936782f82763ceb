"""MO_TAXPAYER: the taxpayer number (納稅人編號, número de contribuinte) of Macau's Financial Services Bureau.

In:    a text.
Out:   results, scored as if they stood alone: next to nothing.
Never: a finding without a word that names it: eight digits are all there is to see.
"""

from collections.abc import Iterator

from recognizers.digits import UNIT_AFTER, digits_trigger, is_day, numbers
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer

# Eight digits: 0 for individuals in business and 8 for entities, as the OECD's sheet on Macau's tax numbers says;
# employees and professionals go by the eight digits of their identity card, which begin with 1, 5 or 7.
_NUMBER = Shape("eight-digits", alone=0.03, labelled=0.85, hinted=0.7, contested=0.01)
_UNUSUAL = Shape("unusual-first-digit", alone=0.01, labelled=0.5, hinted=0.3, contested=0.01)


class MacauTaxpayerRecognizer(ShapeRecognizer):
    """Finds eight-digit taxpayer numbers beside a word that names them."""

    COUNTRY_CODE = "mo"
    ENTITIES = ("MO_TAXPAYER",)
    SHAPES = (_NUMBER, _UNUSUAL)
    # People in Macau call it NIF as well; Portugal's has nine digits.
    NAMED_BY = frozenset({Kind.TAXPAYER, Kind.PORTUGUESE_TAX})
    TRIGGERS = (digits_trigger(8),)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number of eight digits, whole or in groups."""
        for start, end, digits in numbers(text, 8):
            if not UNIT_AFTER.match(text, end):
                usual = digits[0] in "01578" and not is_day(digits)
                yield Match(_NUMBER if usual else _UNUSUAL, start, end)
