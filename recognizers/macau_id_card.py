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

from recognizers.folding import plain
from recognizers.labels import Kind
from recognizers.shape import Shape, result

# Eight digits, the first 1, 5 or 7, the last a check digit: 1/234567/8 on cards since 1992, 1234567(8) on smart cards.
# A letter before is part of another identifier, unless it spells a label that was written without a space.
_START = r"(?:(?<![0-9A-Za-z])|(?<=BIR)|(?<=bir)|(?<=ID)|(?<=id)|(?<=No)|(?<=no))(?<![0-9]\.)"
_END = r"(?![0-9A-Za-z])(?!\.(?!0(?![0-9]))[0-9])"  # "12345678.5" is an amount, "12345678.0" a spreadsheet's integer

_PATTERNS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("parenthesised", _START + r"[157][0-9]{6} {0,2}[(\[] ?[0-9] ?[)\]]"),
        ("slashed", _START + r"(?<![0-9A-Za-z]/)[157] ?/ ?[0-9]{6} ?/ ?[0-9](?![0-9A-Za-z/])"),
        ("slashed-in-path", _START + r"(?:(?<=[0-9A-Za-z]/)[157]/[0-9]{6}/[0-9]|[157]/[0-9]{6}/[0-9](?=/))" + _END),
        ("parenthesised-spaced", _START + r"(?![0-9]{7})[157](?:[ -]?[0-9]){6} {0,2}[(\[] ?[0-9] ?[)\]]"),
        ("half-slashed", _START + r"(?:[157][0-9]{6} ?/ ?[0-9]|[157] ?/ ?[0-9]{7})" + _END + r"(?! ?/)"),
        ("bare", _START + r"[157][0-9]{7}" + _END),
        ("dashed", _START + r"(?:[157][ -][0-9]{6}[ -]?|[157][0-9]{6}[ -])[0-9]" + _END),
        ("spaced", _START + r"(?![0-9]{8})[157](?:[ -]?[0-9]){7}" + _END),
    )
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
        found: dict[tuple[int, int], RecognizerResult] = {}
        for name, pattern in _PATTERNS:
            for match in pattern.finditer(text):
                shape = self.shapes.get(_refine(name, match))
                if shape:
                    found.setdefault(match.span(), result(self, shape, *match.span()))
        return EntityRecognizer.remove_duplicates(list(found.values()))


def _refine(name: str, match: re.Match[str]) -> str:
    """Tell a copy's number from a check digit and a date from a number; "" for what is no number at all."""
    value = match[0]
    if name.startswith("parenthesised"):
        copied = _COPY.search(value) and _EXTENSION.match(match.string, match.end())
        return "parenthesised-copy" if copied else name
    if name == "bare" and _is_date(value):
        return "dated"
    if name == "spaced" and _SPACED_DATE.fullmatch(value):
        return ""
    return name


def _is_date(digits: str) -> bool:
    """Tell whether eight digits are a day of the twentieth century, YYYYMMDD."""
    if not digits.startswith("19"):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
