"""Phrases as compliance staff write them -> places in a text.

In:    lines such as "客戶|顧客 * 名單|資料", and a text.
Out:   `Phrases`, which finds them.
Never: a Latin phrase inside a word ("clientele"); a match across lines.

A line is words in their order. `a|b` is either word. `*` is a gap: up to six characters between Chinese words, up to
two words between others. Case, accents, width and the separators `_ - .` make no difference. Spaces within a phrase
may be missing, so "CustomerList" is found by "customer list".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from recognizers.folding import fold

_BAR = re.compile(r"\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a text: the line it was written in, and its place."""

    phrase: str
    start: int
    end: int


class Phrases:
    """A set of phrases, ready to search with.

    Raises:
        ValueError: a line has no word, begins or ends with a gap, or begins with a single character.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._index: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for line in lines:
            pattern = re.compile(_pattern(line))
            for opening in {fold(word)[:2] for word in _BAR.sub("|", line).split()[0].split("|")}:
                self._index.setdefault(opening, []).append((line, pattern))

    def find(self, text: str) -> Iterator[Found]:
        """Yield every phrase of every line; matches may overlap."""
        folded = fold(text)
        for at in range(len(folded) - 1):
            for line, pattern in self._index.get(folded[at : at + 2], ()):
                if match := pattern.match(folded, at):
                    yield Found(line, at, match.end())


def _pattern(line: str) -> str:
    words = _BAR.sub("|", line).split()
    if not words or "*" in {words[0], words[-1]}:
        raise ValueError("a phrase that has no word at its begin or end. Write a word on both sides of every `*`.")
    if any(len(word) < 2 for word in words[0].split("|")):
        raise ValueError("a first word of a single character. Begin with at least two characters.")
    pattern, gap, before = "", False, ""
    for word in words:
        if word == "*":
            gap = True
            continue
        if before:
            # Chinese runs on; other scripts count words.
            wide = (
                r"(?: {0,3}| +(?:[^\s,;]+ +){1,2}?)"
                if _is_latin(before) and _is_latin(word)
                else r"[^\n,;:!?。、]{0,6}?"
            )
            pattern += wide if gap else r" {0,3}"
        pattern += "(?:" + "|".join(map(_word, word.split("|"))) + ")"
        before, gap = word, False
    return r"(?<![a-z])" * _is_latin(words[0]) + pattern + r"(?![a-z])" * _is_latin(words[-1])


def _word(word: str) -> str:
    """Return the pattern of one word. Between Chinese characters there may be a space: 客戶_名單."""
    letters = [re.escape(letter) for letter in fold(word)]
    return "".join(letters) if _is_latin(word) else r" {0,2}".join(letters)


def _is_latin(word: str) -> bool:
    return fold(word).isascii()
