"""CREDIT_CARD: numbers of payment cards, with the 16 to 19 digits of UnionPay.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a number that fails the Luhn check (ISO/IEC 7812-1, annex B), save UnionPay's: not every issuer keeps to it.
"""

import re
from collections.abc import Mapping

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from recognizers.digits import Run, runs, spans
from recognizers.folding import plain
from recognizers.labels import Kind
from recognizers.shape import Shape, result

SHORTEST, LONGEST = 13, 19

# Issuer ranges and lengths as the networks publish them.
_BRANDS = tuple(
    (brand, re.compile(prefix), frozenset(lengths))
    for brand, prefix, lengths in (
        ("unionpay", "62|81", (16, 17, 18, 19)),
        ("visa", "4", (16, 19)),
        ("visa-13", "4", (13,)),  # no longer issued; thirteen digits are mostly bar codes
        ("mastercard", "5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
        ("amex", "3[47]", (15,)),
        ("jcb", "35(?:2[89]|[3-8])", (16,)),
        ("diners", "3(?:0[0-5]|095|[689])", (14,)),
        ("discover", "6011|64[4-9]|65", (16, 19)),
        ("maestro", "5[0678]|6304|67", (16, 17, 18, 19)),
    )
)
_RARE = frozenset({"visa-13", "diners", "maestro"})

# How cards print their digits. So grouped, a number that passes the check is a card's, whatever stands beside it.
_GROUPINGS = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 13), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1)})

# One number in ten passes the check by chance: long order and tracking numbers do. Hence `contested`.
_SHAPES = (
    Shape("grouped", alone=0.95, labelled=1.0, hinted=0.95, contested=0.9, checksum="luhn"),
    Shape("plain", alone=0.9, labelled=1.0, hinted=0.95, contested=0.4, checksum="luhn"),
    Shape("rare", alone=0.3, labelled=0.9, hinted=0.4, contested=0.1, checksum="luhn"),
    Shape("unionpay-unchecked", alone=0.2, labelled=0.5, hinted=0.5, contested=0.05),
)


class PaymentCardRecognizer(EntityRecognizer):
    """Finds payment card numbers of 13 to 19 digits, whole or grouped by spaces or hyphens, and checks them.

    Not named for its entity: Presidio looks its own CreditCardRecognizer up by name among all classes that are loaded.
    """

    shapes: Mapping[str, Shape] = {shape.name: shape for shape in _SHAPES}
    named_by = frozenset({Kind.CARD})
    hinted_by = frozenset({Kind.ACCOUNT, Kind.BANKING})
    contested_by = frozenset({Kind.ID_CARD, Kind.IDENTITY, Kind.OTHER})
    beacon: re.Pattern[str] | None = None

    def __init__(self, supported_language: str = "xx", name: str | None = None) -> None:
        super().__init__(["CREDIT_CARD"], name or "PaymentCardRecognizer", supported_language)

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
        found = []
        for run in runs(plain(text), SHORTEST):
            found += [result(self, self.shapes[shape], start, end) for start, end, shape in _cards(run)]
        return found


def _cards(run: Run) -> list[tuple[int, int, str]]:
    """Return (start, end, shape) of the cards in a run of digits, which may also hold a date or a code beside one.

    Of parts that overlap the better shape wins, then the longer part, then the earlier.
    """
    ends = [0]
    for start, end in run.groups:
        ends.append(ends[-1] + end - start)
    found = []
    for first, end, total in spans(run, SHORTEST, LONGEST):
        digits = run.digits[ends[first] : ends[end]]
        grouping = tuple(ends[at + 1] - ends[at] for at in range(first, end))
        if shape := _shape(digits, grouping):
            found.append((-_RANK[shape], -total, first, end, shape))
    if not found and len(run.groups) == len(run.digits) <= LONGEST and (shape := _shape(run.digits, ())):
        return [(run.start, run.end, shape)]  # every digit spaced from the next
    taken = bytearray(len(run.groups))
    cards = []
    for _, _, first, end, shape in sorted(found):
        if not any(taken[first:end]):
            taken[first:end] = b"\1" * (end - first)
            cards.append((run.groups[first][0], run.groups[end - 1][1], shape))
    return cards


def _shape(digits: str, grouping: tuple[int, ...]) -> str:
    brand = next((name for name, prefix, lengths in _BRANDS if len(digits) in lengths and prefix.match(digits)), "")
    if not brand or len(set(digits)) < 2:
        return ""
    if not passes_luhn(digits):
        return "unionpay-unchecked" if brand == "unionpay" and len(digits) in {16, 19} else ""
    if grouping in _GROUPINGS and brand != "maestro":
        return "grouped"
    return "rare" if brand in _RARE else "plain"


_RANK = {"grouped": 3, "plain": 2, "rare": 1, "unionpay-unchecked": 0}
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def passes_luhn(digits: str) -> bool:
    """Tell whether ASCII digits pass the Luhn check."""
    values = [ord(digit) - 48 for digit in reversed(digits)]
    return (sum(values[::2]) + sum(_DOUBLED[value] for value in values[1::2])) % 10 == 0
