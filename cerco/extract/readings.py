"""Read text with tracked and hidden pieces in it in every way that somebody may see it.

In:    runs of text, each with what holds for it.
Out:   the text as shown, with its hidden pieces, and as it was before tracked changes; each only where it differs.
Never: two pieces joined that nobody sees side by side: they would make a number that nobody wrote, and hide one.
"""

from collections.abc import Iterable, Iterator
from enum import Flag, auto


class Mark(Flag):
    """What holds for a run of text."""

    NONE = 0
    HIDDEN = auto()
    DELETED = auto()
    INSERTED = auto()


# How a reading is called behind the place it is of, which runs it leaves out, and which make it differ from the first.
_READINGS = (
    ("", Mark.HIDDEN | Mark.DELETED, Mark.NONE),
    (" (with hidden text)", Mark.DELETED, Mark.HIDDEN),
    (" (before changes)", Mark.INSERTED, Mark.DELETED | Mark.INSERTED),
)


def readings(runs: Iterable[tuple[Mark, str]]) -> Iterator[tuple[str, str]]:
    """Yield (how, text) of each reading."""
    runs = tuple(runs)
    marks = Mark.NONE
    for mark, _ in runs:
        marks |= mark
    for how, left_out, differs in _READINGS:
        if not how or marks & differs:
            yield how, "".join(text for mark, text in runs if not mark & left_out)
