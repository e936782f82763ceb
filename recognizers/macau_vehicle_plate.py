"""MO_VEHICLE_PLATE: registration plates of Macau's cars, motorcycles and mopeds.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a part of a longer code: "ISO-20-22-1", "AM-12-34-56".
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, strictly
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# M-12-34, then MA-12-34 to MZ-12-34, then AA-12-34 on; mopeds CM-12345; trade plates EX-123 and ES-123. Cars that may
# cross the border have the mainland's plate besides: 粤Z, four letters or digits, and 澳 or 港.
_SHAPES = (
    Shape("m-series", alone=0.62, labelled=0.95, hinted=0.7, contested=0.1),
    Shape("m-series-loosely", alone=0.5, labelled=0.9, hinted=0.65, contested=0.05, beside=0.62),
    Shape("a-series", alone=0.3, labelled=0.85, hinted=0.5, contested=0.05, beside=0.62),
    Shape("moped", alone=0.5, labelled=0.9, hinted=0.65, contested=0.1, beside=0.62),
    Shape("moped-unhyphenated", alone=0.2, labelled=0.85, hinted=0.4, contested=0.02),
    Shape("one-hyphen", alone=0.1, labelled=0.85, hinted=0.3, contested=0.02),
    Shape("trade", alone=0.1, labelled=0.8, hinted=0.3, contested=0.02),
    Shape("cross-border", alone=0.8, labelled=0.95, hinted=0.9, contested=0.5),
    Shape("two-letters", alone=0.05, labelled=0.7, hinted=0.1, contested=0.01),
    Shape("unhyphenated", alone=0.05, labelled=0.75, hinted=0.1, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)
_PATTERN = regex.compile(
    rf"(?P<cross_border>[粤粵][Zz][ ·•・.-]{{0,2}}[0-9A-Za-z]{{4}} ?[澳港])|{BEFORE}(?<![A-Za-z0-9]-)(?:"
    r"(?P<m_series>M[A-Z]-[0-9]{2}-[0-9]{2})"
    r"|(?P<m_series_loosely>[Mm][A-Za-z]? ?- ?[0-9]{2} ?- ?[0-9]{2})"
    r"|(?P<one_hyphen>(?:[Mm][A-Za-z]?|[Aa][A-Za-z])(?: ?- ?[0-9]{4}|[0-9]{2}-[0-9]{2}))"
    r"|(?P<a_series>[Aa][A-Za-z] ?- ?[0-9]{2} ?- ?[0-9]{2})"
    r"|(?P<two_letters>[A-Za-z]{2}-[0-9]{2}-[0-9]{2})"
    r"|(?P<moped>[Cc][Mm] ?- ?[0-9]{5})"
    r"|(?P<trade>[Ee][XSxs]-[0-9]{3})"
    r"|(?P<unhyphenated>(?:M[A-Z]?|A[A-Z]) ?(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{2} ?[0-9]{2}"
    r"|[mM][A-Za-z]?[0-9]{4}|[aA][A-Za-z][0-9]{4})"
    r"|(?P<moped_unhyphenated>[Cc][Mm] ?[0-9]{5})"
    rf"){AFTER}(?!-[0-9A-Za-z])"
)
_CANDIDATE = regex.compile("[A-Za-z]{1,2}[ ]?(?:-[ ]?)?[0-9]{2}|[粤粵]|[A-Za-z]{2}-[0-9]")


class MacauVehiclePlateRecognizer(ShapeRecognizer):
    """Finds Macau registration plates, printed with hyphens; without them only beside a word for a vehicle."""

    COUNTRY_CODE = "mo"
    ENTITIES = ("MO_VEHICLE_PLATE",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.PLATE})
    HINTED_BY = frozenset({Kind.NAME, Kind.PERSON})
    TRIGGERS = (
        r"[A-Za-z] ?(?:(?:-|\xef\xbc\x8d) ?)?[0-9]{2} ?(?:(?:-|\xef\xbc\x8d) ?)?[0-9]{2}",
        r"[Ee][XSxs]-[0-9]{3}",
        r"[Zz][^0-9A-Za-z]{0,6}[0-9A-Za-z]{4} ?[^\x00-\x7f]",
    )

    def find(self, text: str) -> Iterator[Match]:
        """Yield every code that a plate can bear."""
        for match in strictly(_PATTERN, _CANDIDATE, text):
            form = match.lastgroup or ""
            yield Match(_BY_NAME[form.replace("_", "-")], match.start(), match.end())
