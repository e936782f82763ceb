"""CN_RESIDENT_ID: the citizen identity number of mainland China, and the permits that bear numbers of the same make.

In:    a text.
Out:   results, scored as if they stood alone.
Never: eighteen digits without a birthday in them; a veto by the check digit: a slip of
       the pen is still someone's number.
"""

from collections.abc import Iterator
from datetime import date

import regex

from recognizers.digits import AFTER, BEFORE, strictly
from recognizers.labels import IDENTITY_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# GB 11643-1999: six digits of a region, the birthday as YYYYMMDD, three digits in sequence, and a check digit by
# ISO 7064, MOD 11-2, which is X for ten. Before 1999: fifteen digits, the year in two, no check.
_SHAPES = (
    Shape("whole", alone=0.95, labelled=1.0, hinted=0.95, contested=0.85, checksum="MOD 11-2"),
    Shape("grouped", alone=0.9, labelled=1.0, hinted=0.95, contested=0.8, checksum="MOD 11-2"),
    Shape("spaced", alone=0.4, labelled=0.9, hinted=0.75, contested=0.1, checksum="MOD 11-2"),
    # Numbers of foreigners begin with 9, as companies' credit codes do, which may be all digits too.
    Shape("foreigner", alone=0.65, labelled=0.95, hinted=0.85, contested=0.3, checksum="MOD 11-2"),
    Shape("check-fails", alone=0.1, labelled=0.65, hinted=0.3, contested=0.02),
    Shape("fifteen-digits", alone=0.03, labelled=0.7, hinted=0.2, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)

# GB/T 2260: the provinces. 81, 82 and 83 are of the residence permits for people of Hong Kong, Macau and Taiwan,
# whose region has no further digits.
_PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71))
)
_PERMITS = frozenset({"810000", "820000", "830000"})
# How forms print it. So grouped, it is a number of this kind and nothing else.
_GROUPINGS = frozenset(
    {
        *((18,), (6, 8, 4), (3, 3, 4, 4, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (3, 3, 8, 4), (6, 12), (6, 8, 3, 1)),
        *((4, 4, 4, 4, 2), (2, 4, 8, 4), (14, 4), (17, 1), (2, 2, 2, 8, 4), (2, 2, 2, 4, 2, 2, 4), (3, 3, 4, 2, 2, 4)),
        *((6, 6, 6), (3, 3, 3, 3, 3, 3), (2, 4, 4, 4, 4), (6, 4, 4, 3, 1), (6, 8, 2, 2), (6, 2, 2, 2, 2, 4)),
    }
)

# Matched ahead of the reader: where a number begins is known only when its birthday and its check are.
_PATTERN = regex.compile(
    rf"{BEFORE}(?=(?P<number>[1-9](?:[ -]?[0-9]){{16}}[ -]?[0-9Xx]|[1-9](?:[ -]?[0-9]){{14}}){AFTER})"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CANDIDATE = regex.compile("[1-9](?:[ -]?[0-9]){14}")


class CnResidentIdRecognizer(ShapeRecognizer):
    """Finds mainland identity numbers, residence permits (81, 82, 830000) and foreigners' permits (9), checked."""

    COUNTRY_CODE = "cn"
    ENTITIES = ("CN_RESIDENT_ID",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.MAINLAND_ID, Kind.ID_CARD, Kind.IDENTITY})
    HINTED_BY = IDENTITY_KINDS - NAMED_BY | {Kind.NAME, Kind.PERSON}
    TRIGGERS = (r"[1-9](?:[ \-]?[0-9]){14}",)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number with a region and a birthday in their places."""
        end = 0
        for match in strictly(_PATTERN, _CANDIDATE, text):
            if match.start() < end:
                continue
            if shape := _shape(match["number"]):
                end = match.end("number")
                yield Match(_BY_NAME[shape], match.start(), end)


def _shape(printed: str) -> str:
    """Name the shape of fifteen or eighteen characters by what they say; "" for what is no number of the kind."""
    number = printed.replace(" ", "").replace("-", "").upper()
    if len(number) == 15:
        return "fifteen-digits" if number[:2] in _PROVINCES and _is_birthday("19" + number[6:12]) else ""
    foreign = number[0] == "9"
    if not (number[1:3] in _PROVINCES if foreign else number[:2] in _PROVINCES or number[:6] in _PERMITS):
        return ""
    if not _is_birthday(number[6:14]):
        return ""
    if check_digit(number) != number[-1]:
        return "check-fails"
    grouping = tuple(map(len, regex.split("[ -]", printed)))
    if grouping not in _GROUPINGS:
        return "spaced"
    return "foreigner" if foreign else "whole" if len(grouping) == 1 else "grouped"


def _is_birthday(digits: str) -> bool:
    if digits[:2] not in {"19", "20"}:
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def check_digit(digits: str) -> str:
    """Return the check digit for the first seventeen digits of a number, by ISO 7064, MOD 11-2."""
    return "10X98765432"[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11]
