"""PASSPORT: passports of the communities that live and work in Macau, and the machine-readable line of any passport.

In:    a text.
Out:   results, scored as if they stood alone: next to nothing, save for a machine-readable line whose checks agree.
Never: Macau's own passport, which is `recognizers.macau_passport`'s; a card number's letter and digits before "(3)".
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, is_day, strictly
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

_SHAPES = (
    Shape("machine-readable", alone=0.95, labelled=1.0, hinted=0.95, contested=0.9, checksum="ICAO 9303"),
    Shape("known-series", alone=0.1, labelled=0.95, hinted=0.65, contested=0.02),
    Shape("letters-and-digits", alone=0.05, labelled=0.9, hinted=0.3, contested=0.01),
    Shape("lower-case", alone=0.02, labelled=0.8, hinted=0.1, contested=0.01),
    Shape("nine-digits", alone=0.01, labelled=0.75, hinted=0.03, contested=0.01),
    Shape("eight-digits", alone=0.01, labelled=0.65, hinted=0.02, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)

# No issuer but China's publishes a check digit outside the machine-readable zone. The forms are those that the
# libraries validator (npm), Presidio and hutool agree on, and those of specimens.
_PATTERN = regex.compile(
    rf"{BEFORE}(?:"
    r"(?P<known_series>"
    r"E ?[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8}|[DSP]E?[0-9]{7,8}"  # mainland China: ordinary, and official
    r"|K[0-9]{8}|[KH]J[0-9]{7}|H[0-9]{8}"  # Hong Kong
    r"|P[0-9]{7}[A-Z]"  # Philippines
    r"|M[A-Z][0-9]{6}"  # Myanmar
    r"|M[0-9]{3}[A-Z][0-9]{4}"  # Korea since 2021
    r")"
    # M or C and eight digits are permits to cross the border, whatever people call them.
    # Philippines, Portugal, Indonesia, Vietnam, Nepal, Thailand, Malaysia, India, Japan, Australia, Singapore ...
    r"|(?P<letters_and_digits>(?!NO |[MC] ?[0-9]{8})[A-Z]{1,2} ?[0-9]{6,8}[A-Z]{0,2}|[A-Z]{2}[0-9]{9})"
    r"|(?P<lower_case>[A-Za-z]{1,2}[0-9]{6,8}[A-Za-z]?)"
    r"|(?P<nine_digits>[0-9]{9})"  # Taiwan, the United Kingdom, the United States; mainland China's 14 and 15 of old
    r"|(?P<eight_digits>[01][0-9]{7})"  # Nepal
    rf"){AFTER}(?! ?[(\[] ?[0-9A] ?[)\]])"
)
_MACAU = regex.compile(r"[Mm][A-Za-z] ?[0-9]{7}")

# ICAO 9303-4, the lower line of a passport: number, nationality, birth, sex, expiry, what the issuer likes.
_LINE = regex.compile(
    r"(?<![0-9A-Za-z<])[A-Z0-9][A-Z0-9<]{8}[0-9][A-Z<]{3}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{14}[0-9<][0-9]"
    r"(?![0-9A-Za-z<])"
)
_CHECKS = (((0, 9), 9), ((13, 19), 19), ((21, 27), 27), ((28, 42), 42))
_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
_CANDIDATE = regex.compile("[0-9A-Za-z][0-9A-Za-z]?[ ]?[0-9]{6}|[0-9]{8}|[A-Z][0-9]{3}[A-Z]")


class PassportRecognizer(ShapeRecognizer):
    """Finds passport numbers beside a word for a passport, and machine-readable lines anywhere."""

    ENTITIES = ("PASSPORT",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.PASSPORT})
    HINTED_BY = frozenset({Kind.IDENTITY, Kind.ID_CARD, Kind.WORKER_ID, Kind.NAME})
    TRIGGERS = (
        r"[A-Za-z] ?[0-9]{6}",
        r"[A-Z][0-9]{3}[A-Z][0-9]{4}",
        r"[0-9]{8}[^0-9]",
        r"[0-9][A-Z<]{3}[0-9]{7}[MFX<][0-9]{7}",
    )

    def find(self, text: str) -> Iterator[Match]:
        """Yield every code that one of the passports can bear."""
        yield from self.find_alone(text)
        for match in strictly(_PATTERN, _CANDIDATE, text):
            form = (match.lastgroup or "").replace("_", "-")
            if not _MACAU.fullmatch(match[0]) and not (form == "eight-digits" and is_day(match[0])):
                yield Match(_BY_NAME[form], match.start(), match.end())

    def find_alone(self, text: str) -> Iterator[Match]:
        """Yield every machine-readable line whose checks agree."""
        for line in _LINE.finditer(text):
            if passes_checks(line[0]):
                yield Match(_BY_NAME["machine-readable"], line.start(), line.end())


def passes_checks(line: str) -> bool:
    """Tell whether the five check digits of a passport's lower line, 44 characters, are right."""
    whole = line[0:10] + line[13:20] + line[21:43]
    return check_digit(whole) == line[43] and all(
        line[at] == check_digit(line[slice(*span)]) or (line[at] == "<" and not line[slice(*span)].strip("<"))
        for span, at in _CHECKS
    )


def check_digit(field: str) -> str:
    """Return ICAO 9303's check digit of a field: weights 7, 3, 1, and so on, the sum modulo 10."""
    return str(sum(_VALUES[char] * (7, 3, 1)[at % 3] for at, char in enumerate(field)) % 10)
