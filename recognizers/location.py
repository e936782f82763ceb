"""LOCATION: addresses in Macau, Hong Kong and on the mainland, in Chinese, Portuguese and English.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a score to act on for a street without a house, or for a district or a country; a judgement on who lives there:
       the address of a public office has the form of any other, and is found. Who prints his own on every letter
       excepts it by a rule.
"""

from collections.abc import Iterator
from itertools import chain

from recognizers.address_triggers import TRIGGERS
from recognizers.han_addresses import han_addresses
from recognizers.labels import Kind
from recognizers.latin_addresses import latin_addresses
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

_SHAPES = (
    # A house, and a floor, a unit or a building in it: where one household lives.
    Shape("complete", alone=0.85, labelled=0.95, hinted=0.9, contested=0.8),
    # A house in a street that is known, or with the district it lies in.
    Shape("house-known", alone=0.75, labelled=0.92, hinted=0.85, contested=0.7),
    Shape("house", alone=0.65, labelled=0.9, hinted=0.75, contested=0.5),
    # A flat in a building, without the street.
    Shape("unit", alone=0.65, labelled=0.9, hinted=0.75, contested=0.5),
    # What ends like a street is a word as often: 知道12號.
    Shape("house-unsure", alone=0.3, labelled=0.75, hinted=0.45, contested=0.1),
    Shape("street", alone=0.2, labelled=0.6, hinted=0.3, contested=0.1),
)
_BY_NAME = shapes_by_name(_SHAPES)


class LocationRecognizer(ShapeRecognizer):
    """Finds addresses that have a house, a floor or a unit; known streets without one are mentions (0.2)."""

    COUNTRY_CODE = "mo"
    ENTITIES = ("LOCATION",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.ADDRESS})
    HINTED_BY = frozenset({Kind.NAME, Kind.PERSON})
    CONTESTED_BY = frozenset({Kind.LAW})
    TRIGGERS = TRIGGERS
    REACH = 220

    def find(self, text: str) -> Iterator[Match]:
        """Yield every address of either script."""
        for shape, start, end in chain(han_addresses(text), latin_addresses(text)):
            yield Match(_BY_NAME[shape], start, end)
