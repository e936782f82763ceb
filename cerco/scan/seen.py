"""The noun between looking and ruling: what was seen in one text.

In:    nothing; these are values.
Out:   `Seen`, `Heading`.
Never: a rule: what is seen is the same under all of them, but for where it was not looked (`unsought`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cerco.extract.text import Text
from cerco.scan.analyzer import Hit
from cerco.scan.combine import Key, Spot


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within running text: where it begins and ends, and the spots of terms in it, counted from there."""

    start: int
    end: int
    spots: Mapping[Key, Sequence[Spot]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in one text.

    `portions` is what recognisers made of it, from the floor up, in the portions in which it is weighed; None where
    they were not asked. `spots` are those of the rules' own terms, by number; of a term that has none and is not among
    `unsought` there is none.
    """

    text: Text
    portions: Sequence[Sequence[Hit]] | None
    spots: Mapping[Key, Sequence[Spot]]
    unsought: frozenset[int]
    unfinished: Mapping[int, str]
    headings: Sequence[Heading]
    whole: bool = True  # False: recognisers were stopped, since no rule had any use for more
