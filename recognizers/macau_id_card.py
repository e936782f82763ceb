"""MO_ID_CARD: the number of the Macau resident identity card (Bilhete de Identidade de Residente, BIR).

In:    a text.
Out:   results for every printed form, scored as if they stood alone.
Never: a veto by check digit: no formula for it has been published, and those in circulation contradict each other.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, NOT_AN_AMOUNT, UNIT_AFTER, is_day, strictly
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# Eight digits, the first 1, 5 or 7, the last a check digit: 1/234567/8 on cards since 1992, 1234567(8) on smart cards.
_START = rf"{BEFORE}(?<![0-9]\.)[157]"
_END = AFTER + NOT_AN_AMOUNT

# What follows the first digit, in order of precedence. Matched ahead of the reader, so that a number is not passed
# over because the "1 " before it, in a numbered list, looked like a first digit.
_FORMS = {
    "parenthesised": r"[0-9]{6} {0,2}[(\[] ?[0-9] ?[)\]]",
    "slashed": r"(?<![0-9A-Za-z]/.) ?/ ?[0-9]{6} ?/ ?[0-9](?![0-9A-Za-z/])",
    "slashed_in_path": r"/[0-9]{6}/[0-9]" + _END,
    "parenthesised_spaced": r"(?:[ -]?[0-9]){6} {0,2}[(\[] ?[0-9] ?[)\]]",
    "half_slashed": r"(?:[0-9]{6} ?/ ?[0-9]| ?/ ?[0-9]{7})" + _END + r"(?! ?/)",
    "bare": r"[0-9]{7}" + _END,
    "dashed": r"(?:[ -][0-9]{6}[ -]?|[0-9]{6}[ -])[0-9]" + _END,
    "spaced": r"(?<![0-9][ -].)(?:[ -]?[0-9]){7}(?![ -][0-9])" + _END,  # not a part of a longer number
}
_PATTERN = regex.compile(
    _START + "(?=" + "|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()) + ")", regex.DOTALL
)

# Scores: a form that only the card has stands alone; eight bare digits are also telephone numbers of Hong Kong, tax
# numbers, order numbers and dates, and count only beside a word that says so, or as a list of several.
_SHAPES = (
    Shape("parenthesised", alone=0.85, labelled=0.95, hinted=0.9, contested=0.85),
    Shape("slashed", alone=0.85, labelled=0.95, hinted=0.9, contested=0.85),
    Shape("slashed-in-path", alone=0.2, labelled=0.85, hinted=0.6, contested=0.1),
    # "1234567(1).pdf": browsers and chat clients number copies of a file (1), (2), (3).
    Shape("parenthesised-copy", alone=0.3, labelled=0.85, hinted=0.8, contested=0.2),
    Shape("parenthesised-spaced", alone=0.7, labelled=0.9, hinted=0.8, contested=0.4),
    Shape("half-slashed", alone=0.3, labelled=0.8, hinted=0.65, contested=0.05),
    Shape("bare", alone=0.15, labelled=0.75, hinted=0.6, contested=0.05, listed=0.6),
    Shape("dashed", alone=0.3, labelled=0.8, hinted=0.65, contested=0.05),
    Shape("spaced", alone=0.1, labelled=0.65, hinted=0.3, contested=0.02),
    Shape("dated", alone=0.05, labelled=0.7, hinted=0.1, contested=0.02),
)
_BY_NAME = shapes_by_name(_SHAPES)
_COPY = regex.compile(r"[(\[] ?[123] ?[)\]]\Z")
_EXTENSION = regex.compile(r"\.[A-Za-z][0-9A-Za-z]{1,4}(?![0-9A-Za-z])")
_SPACED_DATE = regex.compile(
    r"[0-9]{2}[ -][0-9]{2}[ -](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[ -][0-9]{2}[ -][0-9]{2}"
    r"|1[5-9][0-9]{2}-(?:1[5-9]|20)[0-9]{2}"  # years from and to
)
_CANDIDATE = regex.compile(r"[157](?:[ /-]{0,3}[0-9]){6}")


class MacauIdCardRecognizer(ShapeRecognizer):
    """Finds Macau resident ID numbers in all printed forms, in any script's digits and either width of brackets.

    The number's make-up follows the description of the card in force since 1992 (8 digits, first 1, 5 or 7). The
    redacted house form of public forms, 5555XXX(X), is no number and is not found.
    """

    COUNTRY_CODE = "mo"
    ENTITIES = ("MO_ID_CARD",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.ID_CARD})
    # 居民身份證號碼 is what both the mainland and Macau call it.
    HINTED_BY = frozenset({Kind.IDENTITY, Kind.MAINLAND_ID, Kind.TAIWAN_ID})
    TRIGGERS = (
        r"[157](?:[ \-/]{0,3}[0-9]){6}[ (\[\-/]{0,4}[0-9]",
        r"[157](?:[ \-/]{0,3}[0-9]){6} {0,2}\xef\xbc\x88",  # a bracket in full width
        r"[157] ?\xef\xbc\x8f ?[0-9]{6}",  # a slash
    )

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number that has one of the card's forms."""
        for match in strictly(_PATTERN, _CANDIDATE, text):
            form = match.lastgroup or ""
            start, end = match.start(), match.end(form)
            if shape := _BY_NAME.get(_refine(form.replace("_", "-"), text, start, end)):
                yield Match(shape, start, end)


def _refine(form: str, text: str, start: int, end: int) -> str:
    """Tell a copy's number from a check digit and a date from a number; "" for what is no number at all."""
    if form.startswith("parenthesised"):
        copied = _COPY.search(text, start, end) and _EXTENSION.match(text, end)
        return "parenthesised-copy" if copied else form
    if form == "bare" and text.startswith("19", start) and is_day(text[start:end]):
        return "dated"
    if form in {"bare", "spaced", "dashed"} and UNIT_AFTER.match(text, end):
        return ""
    if form == "spaced" and _SPACED_DATE.fullmatch(text, start, end):
        return ""
    return form
