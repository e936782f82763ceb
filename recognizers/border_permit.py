"""HOME_RETURN_PERMIT: numbers of the permits to cross between Macau or Hong Kong and the mainland, in either direction.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a letter and eight digits taken for a permit on its looks alone.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, is_day, strictly
from recognizers.labels import IDENTITY_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# Home return permit (回鄉證): H for Hong Kong or M for Macau, eight digits kept for life, and on many prints two digits
# that count renewals. Exit-entry permit (往來港澳通行證): C and eight digits, or C, a letter without I and O, and
# seven digits; earlier W and eight digits. To Taiwan (往來台灣通行證): L, earlier T, and eight digits. Compatriots'
# permit of Taiwan (台胞證): eight digits, not those of a telephone in Macau. These two count beside their names only.
_SHAPES = (
    Shape("home-return", alone=0.4, labelled=0.95, hinted=0.8, contested=0.05),
    Shape("home-return-renewed", alone=0.4, labelled=0.95, hinted=0.8, contested=0.05),
    Shape("exit-entry", alone=0.3, labelled=0.95, hinted=0.7, contested=0.05),
    Shape("exit-entry-old", alone=0.15, labelled=0.9, hinted=0.5, contested=0.02),
    Shape("to-taiwan", alone=0.03, labelled=0.9, hinted=0.2, contested=0.01),
    Shape("lower-case", alone=0.1, labelled=0.85, hinted=0.4, contested=0.02),
    Shape("eight-digits", alone=0.02, labelled=0.7, hinted=0.03, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)
_PATTERN = regex.compile(
    rf"{BEFORE}(?:"
    r"(?P<exit_entry>C ?[0-9]{8}|C[A-HJ-NP-Z] ?[0-9]{7})"
    r"|(?P<home_return_renewed>[HM] ?[0-9]{8}(?:[ -]?[0-9]{2}| ?[(][0-9]{2}[)]))"
    r"|(?P<home_return>[HM] ?[0-9]{8})"
    r"|(?P<exit_entry_old>W[0-9]{8})"
    r"|(?P<to_taiwan>[LT][0-9]{8})"
    r"|(?P<lower_case>[hmc] ?[0-9]{8}(?:[0-9]{2})?|c[a-hj-np-z] ?[0-9]{7})"
    r"|(?P<eight_digits>(?!28|6|8[2-9])[0-9]{8})"
    rf"){AFTER}"
)
_CANDIDATE = regex.compile("[0-9A-Za-z][ ]?[0-9A-Za-z]?[ ]?[0-9]{7}")


class BorderPermitRecognizer(ShapeRecognizer):
    """Finds home return permits, exit-entry permits and the permits of Taiwan's compatriots."""

    COUNTRY_CODE = "cn"
    ENTITIES = ("HOME_RETURN_PERMIT",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.PERMIT})
    HINTED_BY = IDENTITY_KINDS - {Kind.PERMIT, Kind.TAXPAYER} | {Kind.NAME, Kind.PERSON, Kind.SOME_PERMIT}
    TRIGGERS = (r"[HMCWLThmc] ?[A-Za-z0-9] ?[0-9]{7}", r"[0-9]{8}[^0-9]")

    def find(self, text: str) -> Iterator[Match]:
        """Yield every code that one of the permits can bear."""
        for match in strictly(_PATTERN, _CANDIDATE, text):
            form = (match.lastgroup or "").replace("_", "-")
            if form != "eight-digits" or not is_day(match[0]):
                yield Match(_BY_NAME[form], match.start(), match.end())
