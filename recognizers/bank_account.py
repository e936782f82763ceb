"""BANK_ACCOUNT: account numbers of Macau's banks, and any account number that is called one.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a result for an amount, a date, a time stamp or a telephone number that only stands near a bank's name.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, AMOUNT_BEFORE, BEFORE, NOT_AN_AMOUNT, UNIT_AFTER, Run, is_day, runs
from recognizers.labels import NUMBER_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# Macau has no IBAN, and most banks publish no format. Known from accounts that public institutions print on their
# payment pages (mpu.edu.mo, iftm.edu.mo): Bank of China 180 + 12 digits, ICBC 01 + 17 digits, BNU 10 digits.
# 8 and 19 digits are the shortest and the longest account numbers that local payment forms accept.
SHORTEST, LONGEST = 8, 19

_SHAPES = (
    Shape("bank-of-china", alone=0.65, labelled=0.95, hinted=0.9, contested=0.3),
    Shape("icbc", alone=0.65, labelled=0.95, hinted=0.9, contested=0.3),
    # Hong Kong: the bank's clearing code, the branch's, and the number: 004-502-256803-001 (news.gov.hk).
    Shape("hong-kong", alone=0.3, labelled=0.95, hinted=0.85, contested=0.05),
    # Portugal: Número de Identificação Bancária, 21 digits of which the last two are a check.
    Shape("portugal", alone=0.65, labelled=0.95, hinted=0.9, contested=0.2, checksum="MOD 97-10"),
    Shape("number", alone=0.05, labelled=0.75, hinted=0.65, contested=0.02),
    Shape("mixed-separators", alone=0.02, labelled=0.7, hinted=0.2, contested=0.01),
    # Eight digits, or a mainland mobile number: beside a bank's name they may be an amount or an alias.
    Shape("short", alone=0.03, labelled=0.65, hinted=0.1, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)

# ISO 9362 for banks in Macau: location MO, then M and X or 1, as all of them have. In capitals, or it is a word.
_BIC = regex.compile(r"(?<![0-9A-Za-z])[A-Z]{4}MOM[X1](?:[0-9A-Z]{3})?(?![0-9A-Za-z])")
# Clearing codes of Hong Kong's banks, of those that people in Macau send money to.
_HONG_KONG = regex.compile(
    r"(?:00[349]|01[25689]|02[0457]|035|039|04[013]|061|072|128|238|250|382|388)(?:-[0-9]{1,12}){2,4}"
)
# Between groups of digits now one separator and then another: "01-11-10 123456", "001/1234567-101".
_MIXED = regex.compile(rf"{BEFORE}(?<![0-9][.,:])[0-9]++(?:(?: - |[ ./-])[0-9]++){{2,6}}+{AFTER}{NOT_AN_AMOUNT}")
_AMOUNT = regex.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+")
_ADDRESS = regex.compile(r"[0-9]{1,3}(?:[.][0-9]{1,3}){3}")  # of IPv4
_DAY = regex.compile(
    r"(?<![0-9])(?:[0-9]{1,2}([./-])[0-9]{1,2}\1(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}([./-])[0-9]{1,2}\2[0-9]{1,2})"
)
_DAY_BEFORE = regex.compile(r"[0-9]{1,2}/[0-9]{1,2}/\Z")

# Nine digits are the longest amount anyone writes without separators; "MOP 9012345678" names an account's currency.
_LONGEST_AMOUNT = 9
_TELEPHONE = regex.compile(r"(?:00)?(?:853|852)[0-9]{8}|(?:00)?86(?:1[3-9][0-9]{9})")
_MAINLAND_MOBILE = regex.compile(r"1[3-9][0-9]{9}")
_TIME_STAMP = regex.compile(
    r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"
)


class BankAccountRecognizer(ShapeRecognizer):
    """Finds bank account numbers of 8 to 19 digits, whole or grouped, and Portugal's of 21.

    Only the formats of two banks, and Portugal's, stand alone. All other numbers need an account word, or the name or
    BIC of a bank.
    """

    COUNTRY_CODE = "mo"
    ENTITIES = ("BANK_ACCOUNT",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.ACCOUNT})
    HINTED_BY = frozenset({Kind.BANKING, Kind.BIC})
    CONTESTED_BY = NUMBER_KINDS - {Kind.CURRENCY}  # accounts are named by it too
    BEACON = _BIC
    TRIGGERS = (rf"[0-9](?:(?: - |[ ./\-])?[0-9]){{{SHORTEST - 1}}}[^0-9]",)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number long enough to be an account's."""
        for run in runs(text, SHORTEST):
            for start, end, digits in _numbers(run):
                if shape := _shape(text, start, end, digits):
                    yield Match(_BY_NAME[shape], start, end)
        for mixed in _MIXED.finditer(text):
            if _is_mixed(mixed[0]) and not UNIT_AFTER.match(text, mixed.end()):
                yield Match(_BY_NAME["mixed-separators"], mixed.start(), mixed.end())

    def find_alone(self, text: str) -> Iterator[Match]:
        """Yield the numbers whose form is one bank's."""
        for run in runs(text, 15):
            for start, end, digits in _numbers(run):
                if (shape := _BY_NAME.get(_shape(text, start, end, digits))) and shape.alone >= 0.5:
                    yield Match(shape, start, end)


def _numbers(run: Run) -> Iterator[tuple[int, int, str]]:
    """Yield the account numbers a run may hold: all of it, or each group long enough where it is several numbers."""
    groups = list(_groups(run))
    long = [group for group in groups if len(group[2]) >= SHORTEST]
    numbered = len(long) == 1 and len(groups) == 2 and long[0] is groups[1] and len(groups[0][2]) < 3  # "3 9012345678"
    if len(run.digits) == _PORTUGAL or (len(run.digits) <= LONGEST and len(long) < 2 and not numbered):
        yield run.start, run.end, run.digits
    else:
        yield from (group for group in long if len(group[2]) <= LONGEST)


def _groups(run: Run) -> Iterator[tuple[int, int, str]]:
    at = 0
    for start, end in run.groups:
        yield start, end, run.digits[at : at + end - start]
        at += end - start


def _shape(text: str, start: int, end: int, digits: str) -> str:
    """Name the shape of a number by its digits and what touches it; "" if it is no account number."""
    if len(digits) == _PORTUGAL:
        return "portugal" if digits[0] == "0" and passes_check(digits) else ""
    if len(digits) == 15 and digits.startswith("180"):
        return "bank-of-china"
    if len(digits) == 19 and digits.startswith("01"):
        return "icbc"
    if 12 <= len(digits) <= 16 and _HONG_KONG.fullmatch(text, start, end):
        return "hong-kong"
    touches = (
        text[max(0, start - 1) : start] == "+"
        or _DAY_BEFORE.search(text, max(0, start - 6), start)
        or (len(digits) <= _LONGEST_AMOUNT and AMOUNT_BEFORE.search(text, max(0, start - 4), start))
        or UNIT_AFTER.match(text, end)
    )
    if touches or _TELEPHONE.fullmatch(digits) or _TIME_STAMP.fullmatch(digits) or is_day(digits):
        return ""
    return "short" if len(digits) == SHORTEST or _MAINLAND_MOBILE.fullmatch(digits) else "number"


def _is_mixed(printed: str) -> bool:
    """Tell whether groups of digits between separators of several kinds, or between dots or slashes, are one number."""
    if _AMOUNT.fullmatch(printed) or _ADDRESS.fullmatch(printed) or _DAY.search(printed):
        return False
    separators = set(regex.findall(" - |[^0-9]", printed))
    if "." in separators and min(map(len, regex.findall("[0-9]+", printed))) < 2:
        return False  # a version, or the number of an object: 1.3.6.1.4.1
    if separators in ({" "}, {"-"}) or next(runs(printed, SHORTEST), None):
        return False  # found as a run, or holds one
    return SHORTEST < sum(map(str.isdigit, printed)) <= LONGEST


_PORTUGAL = 21  # digits


def passes_check(digits: str) -> bool:
    """Tell whether the last two of a Portuguese account's digits are right: 98 less the others, times 100, MOD 97."""
    return int(digits) % 97 == 1
