"""The words people print beside a number, and what the number then is.

In:    a text.
Out:   `labels`: every such word in it, with its place and kind.
Never: a Latin word inside a longer one ("paid" holds no "id"); a short label inside a longer ("order id" is no "id").

Words are compared after `fold`: case, accents, width and the separators `_ - .` make no difference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from recognizers.folding import fold
from recognizers.words import WORDS


class Kind(StrEnum):
    """What a label says the number beside it is."""

    ID_CARD = "id card"
    IDENTITY = "identity"  # some identity document, or just "ID"
    ACCOUNT = "account"
    BANKING = "banking"  # money moves, or a bank is named
    CARD = "card"
    OTHER = "other"  # an order, an invoice, a telephone, a date, an amount
    CURRENCY = "currency"  # what an amount is counted in; accounts are named by it too
    PERSON = "person"  # a column or line about people


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in a text: the word as listed here, its place, its kind."""

    word: str
    start: int
    end: int
    kind: Kind


def _spread(patterns: Iterable[str]) -> Iterator[str]:
    """Write out "身[份分][證証证]" as the words it stands for."""
    for pattern in patterns:
        head, bracket, rest = pattern.partition("[")
        if not bracket:
            yield pattern
            continue
        choice, _, tail = rest.partition("]")
        for letter in choice:
            yield from _spread([head + letter + tail])


def _index() -> dict[str, list[tuple[str, str, Kind]]]:
    """Return words by their first two folded letters, longest first: (folded, as listed, kind)."""
    index: dict[str, dict[str, tuple[str, str, Kind]]] = {}
    for kind in Kind:
        for word in _spread(entry.strip() for entry in WORDS[kind].split(",")):
            folded = fold(word).strip()
            index.setdefault(folded[:2], {}).setdefault(folded, (folded, word, kind))
    return {start: sorted(found.values(), key=lambda entry: -len(entry[0])) for start, found in index.items()}


_INDEX = _index()


def labels(folded: str) -> Iterator[Label]:
    """Yield the labels of a text that went through `fold`, in reading order, none inside another."""
    skip = 0
    for at in range(len(folded)):
        if at < skip or not (choices := _INDEX.get(folded[at : at + 2])):
            continue
        for word, listed, kind in choices:
            end = at + len(word)
            if folded.startswith(word, at) and _stands_alone(folded, at, end):
                yield Label(listed, at, end, kind)
                skip = end
                break


def _stands_alone(folded: str, start: int, end: int) -> bool:
    return not (
        (_is_latin(folded[start]) and start and _is_latin(folded[start - 1]))
        or (_is_latin(folded[end - 1]) and end < len(folded) and _is_latin(folded[end]))
    )


def _is_latin(letter: str) -> bool:
    return "a" <= letter <= "z"
