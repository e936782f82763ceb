"""Numbers as they are printed: groups of digits with one separator between them.

In:    a text.
Out:   `runs`: maximal numbers with the places of their groups; what tells an amount.
Never: a number glued to a letter, save to a label such as "Visa", or one side of a decimal point.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# Within one number the separator does not change: "2024-01-15 9012345678" is a date and a number.
_RUN = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=visa)|(?<=card)|(?<=a/c)|(?<=no)|(?<=bnu)|(?<=boc)|(?<=ocbc)|(?<=icbc))(?<![0-9][.])"
    r"(?:[0-9]++(?:-[0-9]++)++|[0-9]++(?: [0-9]++)++|[0-9]++)"
    r"(?![0-9A-Za-z]|\.(?!0(?![0-9]))[0-9])",
    re.IGNORECASE | re.ASCII,
)
# What is counted or paid: behind it a number is an amount.
UNIT_AFTER = re.compile(
    r" ?(?:[元圓圆萬万億亿股個个件次份]|人(?!士)|MOP|HKD|RMB|CNY|USD|EUR|patacas?\b|euros?\b|%)", re.IGNORECASE
)
_GROUP = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A printed number: its place, its digits, and the (start, end) of each group of digits."""

    start: int
    end: int
    digits: str = field(repr=False)
    groups: tuple[tuple[int, int], ...]


def runs(text: str, least: int) -> Iterator[Run]:
    """Yield the printed numbers of a text that have at least `least` digits, in reading order."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        if end - start < least:
            continue
        printed = match[0]
        if printed.isdigit():
            yield Run(start, end, printed, ((start, end),))
        else:
            digits = printed.replace("-", "").replace(" ", "")
            if len(digits) >= least:
                groups = tuple((start + group.start(), start + group.end()) for group in _GROUP.finditer(printed))
                yield Run(start, end, digits, groups)


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
