"""Words of a sensitive category count only in company: beside a person or an identifier.

In:    a text, the places of such words, and the places of people and identifiers.
Out:   `accompanied`: the words that stand beside somebody, and who that is.
Never: a word counted across paragraphs: a newspaper has both on one page.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

NEAR = 60  # characters between a word and the person it speaks of: a sentence
ROW = 400  # characters; in a line of a table they belong together however many cells are between them
_DELIMITERS = "\t,;|"

type Place = tuple[int, int]


def accompanied(text: str, words: Sequence[Place], people: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, str]]:
    """Yield (number of the word, entity) for each word that stands beside one of the people; both in order of place."""
    starts = [start for start, _, _ in people]
    for number, (start, end) in enumerate(words):
        first, last = bisect_left(starts, start - ROW), bisect_left(starts, end + ROW)
        near = [person for person in people[first:last] if _beside(text, (start, end), person[:2])]
        if near:
            nearest = min(near, key=lambda person: max(start - person[1], person[0] - end))
            yield number, nearest[2]


def _beside(text: str, word: Place, person: Place) -> bool:
    between = text[min(word[1], person[1]) : max(word[0], person[0])]
    if "\n\n" in between or between.count("\n") > 1:
        return False
    if len(between) <= NEAR:
        return True
    return "\n" not in between and len(between) <= ROW and sum(map(between.count, _DELIMITERS)) >= 2
