"""Text as it was sent -> text as it is meant, layer by layer, with the way back.

In:    a text.
Out:   `normalise`: the same in plain characters; `Layer` and `View`, which know where every character came from.
Never: a character lost without trace: `original` gives the place in the text that was sent.

Full-width digits and brackets, digits of other scripts, dashes of all kinds, soft hyphens and characters of no width
between digits all look like nothing special to a reader. Here they become what the reader sees.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from recognizers.folding import spelling

PLAIN = "plain characters"
_FEW = 24  # characters; above it `translate` wins (measured on messages of 2 KB)


@dataclass(frozen=True, slots=True)
class Layer:
    """A text after one step of rewriting.

    `pieces` are (place in `text`, place in the text before, length in `text`, length before), in order and without
    holes in `text`; none where the two are alike character for character.
    """

    text: str = field(repr=False)
    pieces: tuple[tuple[int, int, int, int], ...] = field(default=(), repr=False)
    step: str = PLAIN
    places: tuple[int, ...] = field(default=(), repr=False)  # of the pieces in `text`

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", tuple(piece[0] for piece in self.pieces))

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the text before of the characters from `start` to before `end`; `start` < `end`."""
        if not self.pieces:
            return start, end
        return self._origin(start)[0], self._origin(end - 1)[1]

    def changed(self, before: str) -> list[tuple[int, int]]:
        """Return the places in `text` of pieces that read otherwise than in the text before."""
        if not self.pieces:
            return [(0, len(self.text))] if before != self.text else []
        places, reached = [], 0
        for place, origin, length, was in self.pieces:
            if origin != reached:
                places.append((place, place))  # something is gone
            if length != was or self.text[place : place + length] != before[origin : origin + was]:
                places.append((place, place + length))
            reached = origin + was
        return places if reached == len(before) else [*places, (len(self.text), len(self.text))]

    def forward(self, start: int, end: int) -> tuple[int, int]:
        """Return where a place in the text before is now, with what it became a part of."""
        if not self.pieces:
            return start, end
        first = max(0, bisect_right(self.pieces, start, key=lambda piece: piece[1]) - 1)
        last = max(0, bisect_right(self.pieces, max(start, end - 1), key=lambda piece: piece[1]) - 1)
        place, origin, length, was = self.pieces[first]
        begin = place + min(length, start - origin) if length == was else place
        place, origin, length, was = self.pieces[last]
        until = place + min(length, end - origin) if length == was else place + length
        return begin, max(begin, until)

    def _origin(self, at: int) -> tuple[int, int]:
        """Return where the character at `at` begins and ends in the text before."""
        place, origin, length, before = self.pieces[bisect_right(self.places, at) - 1]
        if length == before:
            return origin + at - place, origin + at - place + 1
        return origin, origin + before


@dataclass(frozen=True, slots=True)
class View:
    """One way to read a stretch of a text: as it was written, and then rewritten layer by layer."""

    written: str = field(repr=False)
    offset: int  # of the stretch in the text
    layers: tuple[Layer, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The stretch as it reads after the last layer."""
        return self.layers[-1].text if self.layers else self.written

    @property
    def is_meant(self) -> bool:
        """Whether it reads otherwise than by plain characters: a code or a disguise is undone in it."""
        return any(layer.step != PLAIN for layer in self.layers)

    def then(self, layer: Layer) -> "View":
        """Return the view with one more layer."""
        return View(self.written, self.offset, (*self.layers, layer))

    def trace(self, start: int, end: int) -> tuple[int, int, tuple[str, ...]]:
        """Return where characters of `text` are in the whole text, and which steps made them what they are."""
        steps = []
        for number in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[number]
            before = self.layers[number - 1].text if number else self.written
            value = layer.text[start:end]
            start, end = layer.original(start, end)
            if before[start:end] != value:
                steps.append(layer.step)
        return start + self.offset, end + self.offset, tuple(reversed(steps))


def rewrite(text: str, edits: Iterable[tuple[int, int, str]], step: str) -> Layer | None:
    """Return the text with each (start, end, new) carried out; edits come in order and do not overlap.

    None where there is no edit. What becomes of a longer stretch is traced to all of it.
    """
    written: list[str] = []
    pieces: list[tuple[int, int, int, int]] = []
    length = reached = 0

    def write(new: str, start: int, end: int) -> None:
        nonlocal length
        if new:
            pieces.append((length, start, len(new), end - start))
            written.append(new)
            length += len(new)

    for start, end, new in edits:
        write(text[reached:start], reached, start)
        write(new, start, end)
        reached = end
    if not reached:
        return None
    write(text[reached:], reached, len(text))
    return Layer("".join(written), tuple(pieces), step)


def normalise(text: str) -> Layer:
    """Return the text in plain characters; in time linear to its length, and at once where it is plain already."""
    if text.isascii():
        return Layer(text)
    spelled = {char: plainly for char in set(text) if (plainly := spelling(char)) != char}
    single = {ord(char): plainly for char, plainly in spelled.items() if len(plainly) == 1}
    if len(single) == len(spelled):
        return Layer(_replaced(text, single))
    # What becomes nothing may be an accent, which is put on its letter where the two make one: e + \u0301.
    gone = "".join(re.escape(char) for char, plainly in spelled.items() if not plainly)
    wide = "".join(re.escape(char) for char, plainly in spelled.items() if len(plainly) > 1)
    marked = rf"[^{gone}]?[{gone}]+" if gone else ""
    several = f"[{wide}]" if wide else ""
    odd = re.compile("|".join(pattern for pattern in (marked, several) if pattern), re.DOTALL)
    edits: list[tuple[int, int, str]] = []
    for match in odd.finditer(text):
        start, end = match.span()
        first = spelled.get(text[start], text[start])
        edits.append((start, start + 1, _accented(first, text[start + 1 : end])))
        if end - start > 1:
            edits.append((start + 1, end, ""))
    layer = rewrite(_replaced(text, single), edits, PLAIN)
    return layer or Layer(_replaced(text, single))


def _replaced(text: str, single: dict[int, str]) -> str:
    """Translate; where few characters change, a search for each is the faster way."""
    if len(single) > _FEW:
        return text.translate(single)
    for code, plainly in single.items():
        text = text.replace(chr(code), plainly)
    return text


def _accented(letter: str, marks: str) -> str:
    """Put on a letter those marks that it can carry as one character; the others have no say."""
    for mark in marks if letter else "":
        composed = unicodedata.normalize("NFC", letter + mark)
        if len(composed) == len(letter):
            letter = composed
    return letter
