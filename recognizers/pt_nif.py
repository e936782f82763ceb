"""PT_NIF: the taxpayer number of Portugal (número de identificação fiscal), of persons and of companies.

In:    a text.
Out:   results, scored as if they stood alone.
Never: nine digits taken for it on their looks: telephone numbers of Portugal have as many.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, NOT_AN_AMOUNT, UNIT_AFTER, strictly
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# Nine digits. The first ones say whose it is: 1 to 3 persons, 45 persons who live abroad, 5 companies, 6 public
# bodies, 70 to 79 estates and funds, 8 sole traders of old, 90, 91, 98, 99 condominiums and partnerships.
# (Decree-Law 14/2013 and the tables of the tax authority.)
_SHAPES = (
    Shape("value-added-tax", alone=0.75, labelled=1.0, hinted=0.95, contested=0.3, checksum="MOD 11"),
    Shape("nine-digits", alone=0.05, labelled=0.95, hinted=0.75, contested=0.02, checksum="MOD 11"),
    Shape("check-fails", alone=0.02, labelled=0.65, hinted=0.1, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)
_PATTERN = regex.compile(
    rf"{BEFORE}(?P<country>PT[ -]?)?(?<![0-9][.-])"
    r"(?P<number>[1-9][0-9]{2}(?P<gap>[ .-]?)[0-9]{3}(?P=gap)[0-9]{3})"
    rf"{AFTER}{NOT_AN_AMOUNT}"
)
_COUNTRY = regex.compile("PT[ -]?[0-9]")
_PART_BEFORE, _PART_BEHIND = regex.compile(r"(?<=[0-9] )"), regex.compile(r"[ .-][0-9]")  # of a longer number
_FIRST = regex.compile("[123568]|45|7[0-24-9]|9[0189]")
_CANDIDATE = regex.compile("(?:PT[ -]?)?[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}")


class PtNifRecognizer(ShapeRecognizer):
    """Finds Portuguese taxpayer numbers beside a word that names them, or with the PT of a VAT number."""

    COUNTRY_CODE = "pt"
    ENTITIES = ("PT_NIF",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.PORTUGUESE_TAX})
    HINTED_BY = frozenset({Kind.TAXPAYER})
    TRIGGERS = (r"[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{3}",)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number of nine digits that begins as one of the kinds does."""
        for match in strictly(_PATTERN, _CANDIDATE, text):
            number = regex.sub("[^0-9]", "", match["number"])
            if not _FIRST.match(number) or UNIT_AFTER.match(text, match.end()):
                continue
            if match["gap"] and (_PART_BEFORE.match(text, match.start()) or _PART_BEHIND.match(text, match.end())):
                continue
            checked = passes_check(number)
            shape = "check-fails" if not checked else "value-added-tax" if match["country"] else "nine-digits"
            yield Match(_BY_NAME[shape], match.start(), match.end())

    def find_alone(self, text: str) -> Iterator[Match]:
        """Yield nothing where no number has the country in front."""
        return self.find(text) if _COUNTRY.search(text) else iter(())


def passes_check(digits: str) -> bool:
    """Tell whether the last of nine digits is right: weights 9 to 2, sum modulo 11, 0 for remainders 0 and 1."""
    rest = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), digits[:8], strict=True)) % 11
    return int(digits[8]) == (0 if rest < 2 else 11 - rest)
