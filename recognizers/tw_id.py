"""TW_ID: the uniform identification number of Taiwan, of citizens (國民身分證) and of residents (居留證).

In:    a text.
Out:   results, scored as if they stood alone.
Never: a veto by the check digit beside a word that names the number.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, strictly
from recognizers.labels import IDENTITY_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# A letter, 1 or 2 for citizens and 8 or 9 for residents since 2021, seven digits and a check digit; residents had two
# letters before, the second A to D.
_SHAPES = (
    Shape("citizen", alone=0.6, labelled=1.0, hinted=0.85, contested=0.05, checksum="MOD 10"),
    Shape("resident", alone=0.6, labelled=1.0, hinted=0.85, contested=0.05, checksum="MOD 10"),
    Shape("lower-case", alone=0.2, labelled=0.9, hinted=0.65, contested=0.02, checksum="MOD 10"),
    Shape("grouped", alone=0.3, labelled=0.95, hinted=0.7, contested=0.02, checksum="MOD 10"),
    Shape("spaced", alone=0.05, labelled=0.8, hinted=0.2, contested=0.01, checksum="MOD 10"),
    Shape("two-letters", alone=0.2, labelled=0.95, hinted=0.7, contested=0.02, checksum="MOD 10"),
    Shape("check-fails", alone=0.05, labelled=0.65, hinted=0.2, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)
_PATTERN = regex.compile(
    rf"{BEFORE}(?:(?P<whole>[A-Za-z][1289][0-9]{{8}})|(?P<two_letters>[A-Za-z][A-Da-d][0-9]{{8}})"
    rf"|(?P<grouped>[A-Za-z][ -]?[1289](?:[ -]?[0-9]){{8}})){AFTER}"
)
_GROUPINGS = frozenset(
    {(1, 9), (4, 3, 3), (3, 3, 4), (2, 8), (2, 4, 4), (4, 6), (1, 3, 3, 3), (1, 4, 5), (5, 5), (3, 4, 3)}
)
# Each letter stands for ten and more, in this order: A is 10, I, which came late, is 34.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_CANDIDATE = regex.compile("[A-Za-z][A-Da-d]?[ -]?[0-9](?:[ -]?[0-9]){7}")


class TwIdRecognizer(ShapeRecognizer):
    """Finds Taiwan's identity numbers such as A123456789, and checks them."""

    COUNTRY_CODE = "tw"
    ENTITIES = ("TW_ID",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.TAIWAN_ID})
    HINTED_BY = IDENTITY_KINDS - {Kind.TAIWAN_ID, Kind.TAXPAYER} | {Kind.NAME, Kind.PERSON}
    TRIGGERS = (r"[A-Za-z][A-Da-d]?[ \-]?[0-9](?:[ \-]?[0-9]){7}",)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number that has one of the forms."""
        for match in strictly(_PATTERN, _CANDIDATE, text):
            number = match[0].replace(" ", "").replace("-", "")
            if not passes_check(number.upper()):
                shape = "check-fails"
            elif match["two_letters"]:
                shape = "two-letters"
            elif match["grouped"]:
                shape = "grouped" if tuple(map(len, regex.split("[ -]", match[0]))) in _GROUPINGS else "spaced"
            elif number[0].islower():
                shape = "lower-case"
            else:
                shape = "citizen" if number[1] in "12" else "resident"
            yield Match(_BY_NAME[shape], match.start(), match.end())


def passes_check(number: str) -> bool:
    """Tell whether the check digit of ten characters is right.

    The first letter counts as two digits, with weights 1 and 9, a second letter as its units; then 8 down to 1 and 1
    for the check digit; the sum divides by 10. (Ministry of the Interior, rules on the uniform number.)
    """
    first = _LETTERS.index(number[0]) + 10
    second = _LETTERS.index(number[1]) % 10 if number[1].isalpha() else int(number[1])
    digits = [second, *map(int, number[2:])]
    weights = (8, 7, 6, 5, 4, 3, 2, 1, 1)
    total = first // 10 + first % 10 * 9 + sum(w * digit for w, digit in zip(weights, digits, strict=True))
    return total % 10 == 0
