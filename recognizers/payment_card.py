"""CREDIT_CARD: numbers of payment cards, with the 16 to 19 digits of UnionPay.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a number that fails the Luhn check (ISO/IEC 7812-1, annex B), save UnionPay's: not every issuer keeps to it.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, NOT_AN_AMOUNT, Run, digits_trigger, runs, spans, strictly
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

SHORTEST, LONGEST = 13, 19

# Issuer ranges and lengths as the networks publish them.
_BRANDS = tuple(
    (brand, regex.compile(prefix), frozenset(lengths))
    for brand, prefix, lengths in (
        ("unionpay", "62|81", (16, 17, 18, 19)),
        ("visa", "4", (16,)),
        ("visa-rare", "4", (13, 19)),  # hardly issued; so long, or short, are bar codes and orders
        ("mastercard", "5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
        ("amex", "3[47]", (15,)),
        ("jcb", "35(?:2[89]|[3-8])", (16,)),
        ("diners", "3(?:0[0-5]|095|[689])", (14, 16)),
        ("discover", "6011|64[4-9]|65", (16,)),
        ("mir", "220[0-4]", (16,)),
        ("rupay", "508|60|82", (16,)),
        ("troy", "9792", (16,)),
        ("maestro", "5[0678]|6304|67", (13, 14, 15, 16, 17, 18, 19)),
        ("icbc", "9558", (19,)),  # debit cards of before UnionPay's range, still valid
    )
)
_RARE = frozenset({"visa-rare", "diners", "mir", "rupay", "troy", "maestro", "icbc"})

# How cards print their digits. So grouped, a number that passes the check is a card's, whatever stands beside it.
_GROUPINGS = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 13), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1)})

# One number in ten passes the check by chance: long order and tracking numbers do. Hence `contested`.
_SHAPES = (
    Shape("grouped", alone=0.95, labelled=1.0, hinted=0.95, contested=0.9, checksum="luhn"),
    Shape("plain", alone=0.9, labelled=1.0, hinted=0.95, contested=0.4, checksum="luhn"),
    Shape("rare", alone=0.3, labelled=0.9, hinted=0.4, contested=0.1, checksum="luhn"),
    Shape("unionpay-unchecked", alone=0.1, labelled=0.65, hinted=0.5, contested=0.02),
)

_BY_NAME = shapes_by_name(_SHAPES)

# Prints with separators that other numbers do not have: 4111.1111.1111.1111, "4111  1111  1111  1111".
_PRINTED = regex.compile(
    rf"{BEFORE}(?<![0-9][./_])(?:[0-9]{{4}}(?P<gap>[./_]| {{2,3}}| - )[0-9]{{4}}(?P=gap)[0-9]{{4}}(?P=gap)[0-9]{{4}}"
    rf"(?:(?P=gap)[0-9]{{1,3}})?|[0-9]{{4}}(?P<amex>[./_]| {{2,3}}| - )[0-9]{{6}}(?P=amex)[0-9]{{5}})"
    rf"{AFTER}{NOT_AN_AMOUNT}"
)
_CANDIDATE = regex.compile("[0-9]{4}(?:[./_]|[ ]{2,3}| - )[0-9]{4}")


class PaymentCardRecognizer(ShapeRecognizer):
    """Finds payment card numbers of 13 to 19 digits, whole or grouped by spaces or hyphens, and checks them.

    Not named for its entity: Presidio looks its own CreditCardRecognizer up by name among all classes that are loaded.
    """

    ENTITIES = ("CREDIT_CARD",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.CARD})
    HINTED_BY = frozenset({Kind.ACCOUNT, Kind.BANKING})
    TRIGGERS = (digits_trigger(SHORTEST), r"[0-9]{4}(?:[./_]| {2,3}| - )[0-9]{4}[0-9 ./_\-]")

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number that a payment card can have."""
        for run in runs(text, SHORTEST):
            for start, end, shape in _cards(run):
                yield Match(_BY_NAME[shape], start, end)
        for printed in strictly(_PRINTED, _CANDIDATE, text):
            groups = regex.findall("[0-9]+", printed[0])
            if shape := _shape("".join(groups), tuple(map(len, groups))):
                yield Match(_BY_NAME[shape], printed.start(), printed.end())


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
