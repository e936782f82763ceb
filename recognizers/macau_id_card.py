"""MO_ID_CARD: the number of the Macau resident identity card (Bilhete de Identidade de Residente, BIR).

In:    a text.
Out:   results for every printed form, scored as if they stood alone.
Never: a veto by check digit: no formula for it has been published, and those in circulation contradict each other.
"""

import re
from collections.abc import Mapping
from datetime import date

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from recognizers.digits import UNIT_AFTER
from recognizers.folding import plain
from recognizers.labels import Kind
from recognizers.shape import Shape, result

# Eight digits, the first 1, 5 or 7, the last a check digit: 1/234567/8 on cards since 1992, 1234567(8) on smart cards.
# A letter before is part of another identifier, unless it spells a label that was written without a space.
_START = r"[157](?:(?<![0-9A-Za-z].)|(?<=BIR.)|(?<=bir.)|(?<=ID.)|(?<=id.)|(?<=No.)|(?<=no.))(?<![0-9]\..)"
_END = r"(?![0-9A-Za-z])(?!\.(?!0(?![0-9]))[0-9])"  # "12345678.5" is an amount, "12345678.0" a spreadsheet's integer

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
_PATTERN = re.compile(
    _START + "(?=" + "|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()) + ")", re.DOTALL
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
_COPY = re.compile(r"[(\[] ?[123] ?[)\]]\Z")
_EXTENSION = re.compile(r"\.[A-Za-z][0-9A-Za-z]{1,4}(?![0-9A-Za-z])")
_SPACED_DATE = re.compile(r"[0-9]{2}[ -][0-9]{2}[ -](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[ -][0-9]{2}[ -][0-9]{2}")


class MacauIdCardRecognizer(EntityRecognizer):
    """Finds Macau resident ID numbers in all printed forms, in any script's digits and either width of brackets.

    The number's make-up follows the description of the card in force since 1992 (8 digits, first 1, 5 or 7). The
    redacted house form of public forms, 5555XXX(X), is no number and is not found.
    """

    COUNTRY_CODE = "mo"

    shapes: Mapping[str, Shape] = {shape.name: shape for shape in _SHAPES}
    named_by = frozenset({Kind.ID_CARD})
    hinted_by = frozenset({Kind.IDENTITY})
    contested_by = frozenset({Kind.ACCOUNT, Kind.CARD, Kind.OTHER, Kind.CURRENCY})
    beacon: re.Pattern[str] | None = None

    def __init__(self, supported_language: str = "xx", name: str | None = None) -> None:
        super().__init__(["MO_ID_CARD"], name or "MacauIdCardRecognizer", supported_language)

    def load(self) -> None:
        """Do nothing; the patterns are compiled once."""

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002 - Presidio's signature
    ) -> list[RecognizerResult]:
        """Return a result for each number, without regard to what stands around it; `nlp_artifacts` are not used."""
        if not set(entities) & set(self.supported_entities):
            return []
        text = plain(text)
        found = []
        for match in _PATTERN.finditer(text):
            form = match.lastgroup or ""
            start, end = match.start(), match.end(form)
            if shape := self.shapes.get(_refine(form.replace("_", "-"), text, start, end)):
                found.append(result(self, shape, start, end))
        return found


def _refine(form: str, text: str, start: int, end: int) -> str:
    """Tell a copy's number from a check digit and a date from a number; "" for what is no number at all."""
    if form.startswith("parenthesised"):
        copied = _COPY.search(text, start, end) and _EXTENSION.match(text, end)
        return "parenthesised-copy" if copied else form
    if form == "bare" and _is_date(text[start:end]):
        return "dated"
    if form in {"bare", "spaced", "dashed"} and UNIT_AFTER.match(text, end):
        return ""
    if form == "spaced" and _SPACED_DATE.fullmatch(text, start, end):
        return ""
    return form


def _is_date(digits: str) -> bool:
    """Tell whether eight digits are a day of the twentieth century, YYYYMMDD."""
    if not digits.startswith("19"):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
