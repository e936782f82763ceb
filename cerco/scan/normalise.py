"""Text as it was sent -> text as it is meant, with the way back.

In:    a text.
Out:   `Normalised`: the same in plain characters, and where each of them came from.
Never: a character lost without trace: `original` gives the place in the text that was sent.

Full-width digits and brackets, digits of other scripts, dashes of all kinds, soft hyphens and characters of no width
between digits all look like nothing special to a reader. Here they become what the reader sees.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

from recognizers.folding import spelling

_FEW = 24  # characters; above it `translate` wins (measured on messages of 2 KB)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in plain characters.

    `pieces` are (place in `text`, place in the original, length in `text`, length in the original), in order and
    without holes in `text`; none where the two are alike character for character.
    """

    text: str = field(repr=False)
    pieces: tuple[tuple[int, int, int, int], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original of the characters from `start` to before `end`; `start` < `end`."""
        if not self.pieces:
            return start, end
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _origin(self, at: int) -> tuple[int, int]:
        """Return where the character at `at` begins and ends in the original."""
        place, origin, length, before = self.pieces[bisect_right(self.pieces, at, key=lambda piece: piece[0]) - 1]
        if length == before:
            return origin + at - place, origin + at - place + 1
        return origin, origin + before


def normalise(text: str) -> Normalised:
    """Return the text in plain characters; in time linear to its length, and at once where it is plain already."""
    if text.isascii():
        return Normalised(text)
    spelled = {char: plainly for char in set(text) if (plainly := spelling(char)) != char}
    single = {ord(char): plainly for char, plainly in spelled.items() if len(plainly) == 1}
    if len(single) == len(spelled):
        return Normalised(_replaced(text, single))
    # What becomes nothing may be an accent, which is put on its letter where the two make one: e + \u0301.
    gone = "".join(re.escape(char) for char, plainly in spelled.items() if not plainly)
    wide = "".join(re.escape(char) for char, plainly in spelled.items() if len(plainly) > 1)
    marked = rf"[^{gone}]?[{gone}]+" if gone else ""
    several = f"[{wide}]" if wide else ""
    odd = re.compile("|".join(pattern for pattern in (marked, several) if pattern), re.DOTALL)
    written: list[str] = []
    pieces: list[tuple[int, int, int, int]] = []
    length = reached = 0

    def write(plainly: str, start: int, end: int) -> None:
        nonlocal length
        if plainly:
            pieces.append((length, start, len(plainly), end - start))
            written.append(plainly)
            length += len(plainly)

    for match in odd.finditer(text):
        start, end = match.span()
        write(_replaced(text[reached:start], single), reached, start)
        first = spelled.get(text[start], text[start])
        write(_accented(first, text[start + 1 : end]), start, end if len(first) > 1 else start + 1)
        reached = end
    write(_replaced(text[reached:], single), reached, len(text))
    return Normalised("".join(written), tuple(pieces))


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
