"""What counts only in company: beside a person, or beside something of a person's.

In:    a text, the places of weak matches, and the places of what may stand beside them.
Out:   `accompanied`: the weak ones that stand beside somebody, and who that is.
Never: company across paragraphs: a newspaper has everything on one page.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

NEAR = 60  # characters between a word and the person it speaks of: a sentence
ROW = 400  # characters; in a line of a table they belong together however many cells are between them
_FORM = 6  # lines
_FIELD = re.compile(r"[^\n:：]{1,24}[:：]")
_DELIMITERS = "\t,;|"

type Match = tuple[int, int, str]
"""Start, end and entity."""


def accompanied(text: str, weak: Sequence[Match], company: Sequence[Match]) -> Iterator[tuple[int, str]]:
    """Yield (number of the weak match, entity beside it) for each that stands beside something of another entity.

    `company` is in order of place.
    """
    starts = [start for start, _, _ in company]
    for number, one in enumerate(weak):
        first, last = bisect_left(starts, one[0] - ROW), bisect_left(starts, one[1] + ROW)
        near = [other for other in company[first:last] if other[2] != one[2] and _beside(text, one, other)]
        if near:
            nearest = min(near, key=lambda other: max(one[0] - other[1], other[0] - one[1]))
            yield number, nearest[2]


def _beside(text: str, one: Match, other: Match) -> bool:
    between = text[min(one[1], other[1]) : max(one[0], other[0])]
    if "\n\n" in between or between.count("\n") > 1:
        return _in_one_form(between)
    if len(between) <= NEAR:
        return True
    return "\n" not in between and len(between) <= ROW and sum(map(between.count, _DELIMITERS)) >= 2


def _in_one_form(between: str) -> bool:
    """Tell whether what is between two places are a few lines of a form, each with its question and answer."""
    lines = between.split("\n")[1:]
    return len(lines) <= _FORM and all(_FIELD.match(line) for line in lines)
