"""Join what stands in cells side by side: a number may be spread over the cells of a row.

In:    the leaves of a request, and which of them are cells.
Out:   for every row of two cells or more, its text as a reader sees it, and with nothing between the cells.
Never: a cell in place of which its row is read; cells are parts of their own as well.
"""

import re
from collections.abc import Iterator, Sequence

from cerco.dingtalk.outbound import Part, Role
from cerco.dingtalk.walk import Harvest, Leaf, clean

# Two cells that may be one number: a letter or digit, and then a digit or the bracket of a check digit.
_GOES_ON = re.compile(r"[0-9A-Za-z０-９]\t[0-9０-９(（]")


def rows(harvest: Harvest, cells: Sequence[re.Pattern[str]]) -> Iterator[Part]:
    """Yield the rows of a request; `cells` match the places of cells, their group "row" is what a row has in common."""
    found: dict[str, list[str]] = {}
    for leaf in _in_order(harvest) if cells else ():
        if leaf.where.place.endswith(")"):
            continue  # a reading of another leaf
        match = next((match for pattern in cells if (match := pattern.fullmatch(leaf.where.place))), None)
        if match is not None:
            found.setdefault(match["row"], []).append(clean(leaf.text))
    for row, texts in found.items():
        if len(texts) < 2:
            continue
        joined = "\t".join(texts)
        yield Part(Role.TEXT, f"{row} (row)", joined)
        if _GOES_ON.search(joined):
            yield Part(Role.TEXT, f"{row} (row without gaps)", "".join(texts))


def _in_order(harvest: Harvest) -> list[Leaf]:
    """Return strings and short numbers in the order in which they stand in the request."""
    strings = (((index, 1), leaf) for index, leaf in enumerate(harvest.leaves))
    numbers = (((leaf.after, 0), leaf) for leaf in harvest.numbers)
    return [leaf for _, leaf in sorted([*numbers, *strings], key=lambda placed: placed[0])]
