"""MO_PASSPORT: the number of the passport of the Macau Special Administrative Region.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a veto: the number carries no check digit outside the machine-readable zone.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, strictly
from recognizers.labels import IDENTITY_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# Two letters and seven digits, as the rules on the passport describe it; MA on all that are known, and room for the
# series after it. Myanmar's passports are M, any letter and six digits: one digit less.
_SHAPES = (
    Shape("MA", alone=0.5, labelled=0.95, hinted=0.85, contested=0.1),
    Shape("series", alone=0.35, labelled=0.9, hinted=0.7, contested=0.05),
    Shape("lower-case", alone=0.1, labelled=0.85, hinted=0.4, contested=0.02),
    Shape("spaced", alone=0.2, labelled=0.85, hinted=0.6, contested=0.02),
)
_BY_NAME = shapes_by_name(_SHAPES)
_PATTERN = regex.compile(rf"{BEFORE}[Mm][A-Za-z](?P<gap> ?)[0-9]{{7}}{AFTER}")
_CANDIDATE = regex.compile("[Mm][A-Za-z][ ]?[0-9]{7}")


class MacauPassportRecognizer(ShapeRecognizer):
    """Finds Macau passport numbers such as MA1234567."""

    COUNTRY_CODE = "mo"
    ENTITIES = ("MO_PASSPORT",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.PASSPORT})
    HINTED_BY = IDENTITY_KINDS - {Kind.PASSPORT, Kind.TAXPAYER} | {Kind.NAME, Kind.PERSON}
    TRIGGERS = (r"[Mm][A-Za-z] ?[0-9]{7}",)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every M, letter and seven digits."""
        for match in strictly(_PATTERN, _CANDIDATE, text):
            letters = match[0][:2]
            form = "MA" if letters == "MA" else "series" if letters.isupper() else "lower-case"
            yield Match(_BY_NAME["spaced" if match["gap"] else form], match.start(), match.end())
