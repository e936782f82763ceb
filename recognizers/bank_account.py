"""BANK_ACCOUNT: account numbers of Macau's banks, and any account number that is called one.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a result for an amount, a date, a time stamp or a telephone number that only stands near a bank's name.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AMOUNT_BEFORE, UNIT_AFTER, Run, digits_trigger, is_day, runs
from recognizers.labels import NUMBER_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# Macau has no IBAN, and most banks publish no format. Known from accounts that public institutions print on their
# payment pages (mpu.edu.mo, iftm.edu.mo): Bank of China 180 + 12 digits, ICBC 01 + 17 digits, BNU 10 digits.
# 8 and 19 digits are the shortest and the longest account numbers that local payment forms accept.
SHORTEST, LONGEST = 8, 19

_SHAPES = (
    Shape("bank-of-china", alone=0.65, labelled=0.95, hinted=0.9, contested=0.3),
    Shape("icbc", alone=0.65, labelled=0.95, hinted=0.9, contested=0.3),
    Shape("number", alone=0.05, labelled=0.75, hinted=0.65, contested=0.02),
    # Eight digits, or a mainland mobile number: beside a bank's name they may be an amount or an alias.
    Shape("short", alone=0.03, labelled=0.65, hinted=0.1, contested=0.01),
)

# ISO 9362 for banks in Macau: location MO, then M and X or 1, as all of them have. In capitals, or it is a word.
_BIC = regex.compile(r"(?<![0-9A-Za-z])[A-Z]{4}MOM[X1](?:[0-9A-Z]{3})?(?![0-9A-Za-z])")

# Nine digits are the longest amount anyone writes without separators; "MOP 9012345678" names an account's currency.
_LONGEST_AMOUNT = 9
_TELEPHONE = regex.compile(r"(?:00)?(?:853|852)[0-9]{8}|(?:00)?86(?:1[3-9][0-9]{9})")
_MAINLAND_MOBILE = regex.compile(r"1[3-9][0-9]{9}")
_TIME_STAMP = regex.compile(
    r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"
)

_BY_NAME = shapes_by_name(_SHAPES)


class BankAccountRecognizer(ShapeRecognizer):
    """Finds bank account numbers of 8 to 19 digits, whole or grouped by spaces or hyphens.

    Only the formats of two banks stand alone. All other numbers need an account word, or the name or BIC of a bank.
    """

    COUNTRY_CODE = "mo"
    ENTITIES = ("BANK_ACCOUNT",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.ACCOUNT})
    HINTED_BY = frozenset({Kind.BANKING, Kind.BIC})
    CONTESTED_BY = NUMBER_KINDS - {Kind.CURRENCY}  # accounts are named by it too
    BEACON = _BIC
    TRIGGERS = (digits_trigger(SHORTEST),)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number long enough to be an account's."""
        for run in runs(text, SHORTEST):
            for start, end, digits in _numbers(run):
                if shape := _BY_NAME.get(_shape(text, start, end, digits)):
                    yield Match(shape, start, end)

    def find_alone(self, text: str) -> Iterator[Match]:
        """Yield the numbers whose form is one bank's."""
        for run in runs(text, 15):
            for start, end, digits in _numbers(run):
                if (shape := _BY_NAME.get(_shape(text, start, end, digits))) and shape.alone >= 0.5:
                    yield Match(shape, start, end)


def _numbers(run: Run) -> Iterator[tuple[int, int, str]]:
    """Yield the account numbers a run may hold: all of it, or each group long enough where it is several numbers."""
    long = [group for group in run.groups if group[1] - group[0] >= SHORTEST]
    if len(run.digits) <= LONGEST and len(long) < 2:
        yield run.start, run.end, run.digits
        return
    at = 0
    for start, end in run.groups:
        digits = run.digits[at : at + end - start]
        at += end - start
        if SHORTEST <= len(digits) <= LONGEST:
            yield start, end, digits


def _shape(text: str, start: int, end: int, digits: str) -> str:
    """Name the shape of a number by its digits and what touches it; "" if it is no account number."""
    if len(digits) == 15 and digits.startswith("180"):
        return "bank-of-china"
    if len(digits) == 19 and digits.startswith("01"):
        return "icbc"
    touches = (
        text[max(0, start - 1) : start] == "+"
        or (len(digits) <= _LONGEST_AMOUNT and AMOUNT_BEFORE.search(text, max(0, start - 4), start))
        or UNIT_AFTER.match(text, end)
    )
    if touches or _TELEPHONE.fullmatch(digits) or _TIME_STAMP.fullmatch(digits) or is_day(digits):
        return ""
    return "short" if len(digits) == SHORTEST or _MAINLAND_MOBILE.fullmatch(digits) else "number"
