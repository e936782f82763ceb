"""Where in a text a recogniser need look at all.

In:    a normalised text.
Out:   `windows`: the stretches that hold at least as many digits as the shortest identifier.
Never: a stretch cut inside a number.
"""

import re
from collections.abc import Iterator

# Every number we know has eight digits or more, with at most four characters between any two of them: "1234567  ( 8".
_NUMBER = re.compile(r"[0-9](?:[^0-9\n]{0,4}[0-9]){7,}")
_MARGIN = 8  # characters; recognisers look back and ahead over edges, labels without a space, and file extensions
_APART = 64  # characters; nearer numbers are looked at together, since each look has a price of its own
_MOST = 65_536  # characters; a longer stretch is cut between two numbers, so that results come in portions


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end), in order; in time linear to the length of the text.

    The margins of a stretch never reach into a number of its neighbour.
    """
    floor = 0  # where the number before this stretch ended
    start, end = -1, -1
    for match in _NUMBER.finditer(text):
        if start < 0:
            start = match.start()
        elif match.start() - end > _APART or end - start > _MOST:
            yield max(floor, start - _MARGIN), min(match.start(), end + _MARGIN)
            floor, start = end, match.start()
        end = match.end()
    if start >= 0:
        yield max(floor, start - _MARGIN), min(len(text), end + _MARGIN)
