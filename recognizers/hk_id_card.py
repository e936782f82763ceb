"""HK_ID_CARD: the number of the Hong Kong identity card.

In:    a text.
Out:   results, scored as if they stood alone.
Never: Macau's passport taken for it: MA1234567 is two letters and seven digits too; a veto by the check digit.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, strictly
from recognizers.labels import IDENTITY_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# One or two letters, six digits, and a check digit in brackets, 0 to 9 or A. One code in eleven passes the check by
# chance, and a letter with seven digits is what many a part number looks like: the brackets make the difference.
_SHAPES = (
    Shape("bracketed", alone=0.9, labelled=1.0, hinted=0.95, contested=0.8, checksum="MOD 11"),
    Shape("bracketed-lower-case", alone=0.6, labelled=0.95, hinted=0.8, contested=0.2, checksum="MOD 11"),
    # "A123456(3).pdf": browsers and chat clients number copies of a file (1), (2), (3).
    Shape("bracketed-copy", alone=0.3, labelled=0.9, hinted=0.7, contested=0.1, checksum="MOD 11"),
    Shape("bracketed-check-fails", alone=0.1, labelled=0.65, hinted=0.4, contested=0.05),
    Shape("bare", alone=0.35, labelled=0.95, hinted=0.75, contested=0.05, checksum="MOD 11"),
    Shape("bare-lower-case", alone=0.05, labelled=0.85, hinted=0.4, contested=0.01, checksum="MOD 11"),
    Shape("bare-two-letters", alone=0.1, labelled=0.9, hinted=0.3, contested=0.02, checksum="MOD 11"),
    Shape("bare-check-fails", alone=0.02, labelled=0.65, hinted=0.1, contested=0.01),
    Shape("separated", alone=0.3, labelled=0.95, hinted=0.75, contested=0.05, checksum="MOD 11"),
    Shape("separated-check-fails", alone=0.02, labelled=0.65, hinted=0.1, contested=0.01),
    Shape("no-check-digit", alone=0.01, labelled=0.65, hinted=0.03, contested=0.0),
)
_BY_NAME = shapes_by_name(_SHAPES)

# What follows letters and six digits, in order of precedence; ahead of the reader, so that no form hides another.
_FORMS = {
    "bracketed": r" {0,2}[(\[{] ?(?P<bracketed_check>[0-9Aa]) ?[)\]}]",
    "bare": rf"(?P<bare_check>[0-9Aa]){AFTER}(?! {{0,2}}[(\[{{] ?[0-9Aa] ?[)\]}}])",
    "separated": rf"[ /-](?P<separated_check>[0-9Aa]){AFTER}(?![ /-][0-9])",
    "no_check_digit": rf"{AFTER}(?![ /-][0-9]| {{0,2}}[(\[])",
}
_PATTERN = regex.compile(
    rf"{BEFORE}(?P<letters>[A-Za-z]{{1,2}})(?= ?(?P<digits>[0-9]{{6}}|[0-9]{{3}} [0-9]{{3}})(?:"
    + "|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items())
    + "))"
)
_COPY = regex.compile(r" *[(\[] ?[123] ?[)\]]\.[A-Za-z][0-9A-Za-z]{1,4}(?![0-9A-Za-z])")
# Two letters are printed for births outside the register and for arrivals since 2003 only.
_PAIRS = regex.compile(r"EC|[WX][A-Z]")
_VALUES = {letter: value for value, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ")}
_CANDIDATE = regex.compile("[A-Za-z]{1,2}[ ]?[0-9]{3}")


class HkIdCardRecognizer(ShapeRecognizer):
    """Finds Hong Kong identity card numbers such as A123456(3), with and without brackets, and checks them."""

    COUNTRY_CODE = "hk"
    ENTITIES = ("HK_ID_CARD",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.HONG_KONG_ID})
    HINTED_BY = IDENTITY_KINDS - {Kind.HONG_KONG_ID, Kind.PASSPORT, Kind.TAXPAYER} | {Kind.NAME, Kind.PERSON}
    TRIGGERS = (r"[A-Za-z] ?[0-9]{3} ?[0-9]{3}",)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number that has one of the card's forms."""
        for match in strictly(_PATTERN, _CANDIDATE, text):
            form = next(name for name in _FORMS if match[name] is not None)
            if shape := _shape(form, match, text):
                yield Match(_BY_NAME[shape], match.start(), match.end(form))


def _shape(form: str, match: regex.Match[str], text: str) -> str:
    """Name the shape of a match by its form and its check; "" for what is no number of the kind."""
    letters = match["letters"]
    if form == "no_check_digit":
        return "no-check-digit" if letters.isupper() and match.end("digits") == match.end(form) else ""
    if form != "bracketed" and regex.match("[Mm][A-Za-z]", letters):
        return ""  # a passport of Macau
    if text[match.start() - 1 : match.start()] == ":" and text[: match.start() - 1][-1:].isdigit():
        return ""  # cells of a sheet: "B1:B1048576"
    checked = passes_check(letters.upper(), match["digits"].replace(" ", ""), match[f"{form}_check"].upper())
    if not checked:
        return f"{form}-check-fails"
    if form == "bracketed":
        if _COPY.match(text, match.end("digits")):
            return "bracketed-copy"
        return form if letters.isupper() else "bracketed-lower-case"
    if form == "bare":
        if not letters.isupper():
            return "bare-lower-case"
        return form if len(letters) == 1 or _PAIRS.match(letters) else "bare-two-letters"
    return form


def passes_check(letters: str, digits: str, check: str) -> bool:
    """Tell whether a number's check digit is right.

    Weights 9 down to 1, letters count 10 to 35 and a missing first letter 36, the sum divides by 11; A stands for ten.
    The issuer has not published the rule; the public validators agree on it.
    """
    values = [_VALUES[char] for char in f"{letters:>2}{digits}{check}"]
    return sum(weight * value for weight, value in zip(range(9, 0, -1), values, strict=True)) % 11 == 0
