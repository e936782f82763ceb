"""Numbers as they are printed: groups of digits with one separator between them, and the edges of codes.

In:    a text.
Out:   `runs`: maximal numbers with the places of their groups; `numbers`: those of a length; what tells an amount, and
       a day, from a number; `BEFORE` and `AFTER`, the edges of a code within a pattern.
Never: a number glued to a letter, save to a label such as "Visa", or one side of a decimal point.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import regex

# Labels that are written without a space before the number: "BIR12345678", "Visa4111...".
_GLUED = (
    "no|num|number|id|ids|idno|bir|birno|card|cardno|cc|visa|a/c|acc|accno|acct|acctno|account|accountno|conta|nib|"
    "bnu|boc|ocbc|icbc|bcm|ccb|cgb|hsbc|luso|taifung|hkid|hkic|twid|arc|cnid|passport|passportno|passaporte|ppt|nif|"
    "contribuinte|niss|tnr|fss|tel|telno|telefone|contacto|whatsapp|fax|mob|mobile|phone|phoneno|iban|swift|bic|"
    "plate|matricula|eep|hrp|ci|bi"
)
BEFORE = rf"(?:(?<![0-9A-Za-z])|(?<=(?<![A-Za-z])(?i:{_GLUED})))"
"""In front of a code: no letter or digit, unless a label ends there."""

AFTER = r"(?![0-9A-Za-z])"
"""Behind a code."""

NOT_AN_AMOUNT = r"(?!\.(?!0(?![0-9]))[0-9])"
"""Behind digits: "12345678.5" is an amount, "12345678.0" a spreadsheet's integer."""

# Within one number the separator does not change: "2024-01-15 9012345678" is a date and a number.
_RUN = regex.compile(
    rf"{BEFORE}(?<![0-9][.])(?:[0-9]++(?:-[0-9]++)++|[0-9]++(?: [0-9]++)++|[0-9]++){AFTER}{NOT_AN_AMOUNT}"
)
# What is counted or paid: behind it a number is an amount.
UNIT_AFTER = regex.compile(
    r" ?(?:[元圓圆萬万億亿股個个件次份噸吨呎米]|人(?!士)|MOP|HKD|RMB|CNY|USD|EUR|patacas?\b|euros?\b|%)",
    regex.IGNORECASE,
)
_SHORTEST, _LONG = 7, 12  # digits
_CANDIDATE = regex.compile(f"[0-9](?:[ -]?[0-9]){{{_SHORTEST - 1},}}")
_AHEAD = 24  # characters behind a candidate that may still be part of a match, or say whether it ends
_GROUP = regex.compile("[0-9]+")
# What is paid: up to four characters before a number.
AMOUNT_BEFORE = regex.compile(r"(?:[$€£¥₱]|MOP|HKD|RMB|CNY|USD|EUR) ?\Z", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """A printed number: its place, its digits, and the (start, end) of each group of digits."""

    start: int
    end: int
    digits: str = field(repr=False)
    groups: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        """How many digits it has."""
        return len(self.digits)


def strictly(pattern: regex.Pattern[str], candidate: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """Yield the matches of a pattern that begin within those of a simpler one, which finds its way ten times as fast.

    What is simple is to have no look-around in it; edges such as `BEFORE` are what takes the time.
    """
    reached = 0
    for place in candidate.finditer(text):
        begin, until = max(reached, place.start()), place.end()
        while begin < until:
            match = pattern.search(text, begin, min(len(text), until + _AHEAD))
            if match is None or match.start() >= until:
                break
            yield match
            begin = reached = max(match.end(), match.start() + 1)


def runs(text: str, least: int) -> Iterator[Run]:
    """Yield the printed numbers of a text that have at least `least` digits, seven or more, in reading order."""
    return (run for run in _runs(text) if run.length >= least)


@lru_cache(maxsize=1)  # one recogniser after the other asks for those of the same text
def _runs(text: str) -> tuple[Run, ...]:
    found = (_run(match[0], *match.span()) for match in strictly(_RUN, _CANDIDATE, text))
    return tuple(run for run in found if run.length >= _SHORTEST)


def _run(printed: str, start: int, end: int) -> Run:
    if printed.isdigit():
        return Run(start, end, printed, ((start, end),))
    groups = tuple((start + group.start(), start + group.end()) for group in _GROUP.finditer(printed))
    return Run(start, end, printed.replace("-", "").replace(" ", ""), groups)


def spans(run: Run, least: int, most: int, groups: int = 6) -> Iterator[tuple[int, int, int]]:
    """Yield (first group, end group, digits) of every part of a run that has between `least` and `most` digits."""
    for first in range(len(run.groups)):
        total = 0
        for end in range(first, min(first + groups, len(run.groups))):
            total += run.groups[end][1] - run.groups[end][0]
            if total > most:
                break
            if total >= least:
                yield first, end + 1, total


def numbers(text: str, length: int) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, digits) of the numbers of a length: whole runs, and numbers beside others in one run.

    Between the cells of a row there may be just a space: "2 9588 0195 0 66123456" is a number and a telephone.
    """
    for run in runs(text, length):
        if len(run.digits) == length:
            yield run.start, run.end, run.digits
        elif len(run.groups) > 1 and text[run.groups[0][1]] == " ":
            for first, end, _ in spans(run, length, length):
                beside = [run.groups[at] for at in (first - 1, end) if 0 <= at < len(run.groups)]
                sizes = [stop - start for start, stop in beside]
                if all(size > 6 or (size < 3 and end - first == 1) for size in sizes):
                    start, stop = run.groups[first][0], run.groups[end - 1][1]
                    yield start, stop, text[start:stop].replace(" ", "")


def digits_trigger(least: int) -> str:
    """Return a trigger (see `recognizers.shape`) for numbers of at least `least` digits, with or without separators.

    It takes the character behind the number with it, and so is met once a number and not at every further digit. There
    are but two of these triggers, for short and for long numbers, so that few are met at any one.
    """
    return rf"[0-9](?:[ \-]?[0-9]){{{(_LONG if least >= _LONG else min(least, _SHORTEST)) - 1}}}[^0-9]"


def is_day(digits: str) -> bool:
    """Tell whether eight digits are a day of the last or this century, YYYYMMDD or DDMMYYYY."""
    if len(digits) != 8:
        return False
    for year, month, day in ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2])):
        if year[:2] in {"19", "20"}:
            try:
                date(int(year), int(month), int(day))
            except ValueError:
                continue
            return True
    return False
