"""PT_CITIZEN_CARD: document numbers of Portugal's citizen card (cartão de cidadão) and of the identity card before it.

In:    a text.
Out:   results, scored as if they stood alone.
Never: nine digits taken for an old identity card without a word that names it.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, NOT_AN_AMOUNT, UNIT_AFTER, is_day, strictly
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# The card: the eight digits of the identity card and its check digit, two letters or digits for the issue, and a check
# digit over all: 00000000 0 ZZ4. The two checks together pass by chance once in fifty.
_SHAPES = (
    Shape("card-spaced", alone=0.8, labelled=1.0, hinted=0.95, contested=0.5, checksum="MOD 10 and MOD 11"),
    Shape("card", alone=0.65, labelled=1.0, hinted=0.9, contested=0.2, checksum="MOD 10 and MOD 11"),
    Shape("card-outer-check", alone=0.3, labelled=0.95, hinted=0.75, contested=0.05, checksum="MOD 10"),
    Shape("card-check-fails", alone=0.1, labelled=0.65, hinted=0.3, contested=0.02),
    Shape("identity-card", alone=0.03, labelled=0.9, hinted=0.6, contested=0.01, checksum="MOD 11"),
    Shape("identity-card-check-fails", alone=0.02, labelled=0.65, hinted=0.1, contested=0.01),
    Shape("identity-card-no-check", alone=0.01, labelled=0.65, hinted=0.02, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)
_PATTERN = regex.compile(
    rf"{BEFORE}(?<![0-9][ .-])(?P<number>[0-9]{{8}}|[0-9]{{2}}[.][0-9]{{3}}[.][0-9]{{3}})(?:"
    r"(?P<card>(?P<gap>[ -]?)(?P<check>[0-9])(?P<space>[ -]?)(?P<issue>[0-9A-Za-z]{2})(?P=space)?(?P<outer>[0-9]))"
    rf"{AFTER}"
    rf"|(?P<identity_card>[ -]?(?P<inner>[0-9])){AFTER}(?![ -](?:[0-9]|[A-Z]{{2}}[0-9]))|{AFTER}(?![ -][0-9]))"
    rf"{NOT_AN_AMOUNT}"
)
_ISSUE = regex.compile(r"[0-9]{3}[ -]?[0-9][ -]?(?:[A-Za-z][0-9A-Za-z]|[0-9][A-Za-z])[ -]?[0-9]")
_CANDIDATE = regex.compile("[0-9]{8}|[0-9]{2}[.][0-9]{3}[.][0-9]{3}")


class PtCitizenCardRecognizer(ShapeRecognizer):
    """Finds numbers of Portuguese citizen cards, and old identity cards beside their name, and checks them."""

    COUNTRY_CODE = "pt"
    ENTITIES = ("PT_CITIZEN_CARD",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.CITIZEN_CARD})
    # People write CC for it as for a credit card, whose numbers have no letters.
    HINTED_BY = frozenset({Kind.ID_CARD, Kind.IDENTITY, Kind.CARD})
    TRIGGERS = (r"[0-9]{8}[^0-9]", r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}")

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number that has one of the forms."""
        for match in strictly(_PATTERN, _CANDIDATE, text):
            if shape := _shape(match, text):
                yield Match(_BY_NAME[shape], match.start(), match.end())

    def find_alone(self, text: str) -> Iterator[Match]:
        """Yield nothing where nothing has the letters of a card: nine digits need a label."""
        return self.find(text) if _ISSUE.search(text) else iter(())


def _shape(match: regex.Match[str], text: str) -> str:
    number = match["number"].replace(".", "")
    if match["card"]:
        issue = match["issue"].upper()
        if issue.isdigit():
            return ""  # twelve digits: never issued, and anything
        if not passes_card_check(number + match["check"] + issue + match["outer"]):
            return "card-check-fails"
        if not passes_identity_check(number + match["check"]):
            return "card-outer-check"
        return "card-spaced" if match["gap"] or match["space"] else "card"
    if UNIT_AFTER.match(text, match.end()) or is_day(number):
        return ""
    if match["identity_card"]:
        checked = passes_identity_check(number + match["inner"])
        return "identity-card" if checked else "identity-card-check-fails"
    return "identity-card-no-check"


def passes_card_check(number: str) -> bool:
    """Tell whether the last of twelve characters is right: Luhn's sum, with A to Z for 10 to 35."""
    total = 0
    for at, char in enumerate(number):
        value = int(char, 36) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value >= 10 and at % 2 == 0 else value
    return total % 10 == 0


def passes_identity_check(digits: str) -> bool:
    """Tell whether the last of nine digits is right: weights 9 to 1, the sum divides by 11; 0 stands for ten, too."""
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), digits[:8], strict=True))
    return (total + int(digits[8])) % 11 == 0 or (digits[8] == "0" and (total + 10) % 11 == 0)
