"""Phrases as compliance staff write them -> places in a text.

In:    lines such as "客戶|顧客 * 名單|資料", and a text.
Out:   `Phrases`, which finds them, and `triggers`, which tell where looking for them is worth the while.
Never: a Latin phrase inside a word ("clientele"); a match across lines.

A line is words in their order. `a|b` is either word. `client(s)` is the word with and without what stands in brackets;
身[份分]證 is 身份證 and 身分證. `*` is a gap: up to six characters between Chinese words, two words between others.
Case, accents, width, Traditional and Simplified characters and the separators `_ - .` make no difference. Spaces within
a phrase may be missing, so "CustomerList" is found by "customer list".
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from recognizers.folding import fold
from recognizers.simplified import SIMPLIFIED

_BAR = re.compile(r"\s*\|\s*")
_FORMS = re.compile(r"\(([^()\[\]|]+)\)|\[([^()\[\]|]+)\]")
_LONGEST_TRIGGER = 4000  # characters
_MOST_FORMS = 64  # of one word; more are a mistake


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a text: the line it was written in, its place, and what of it fills gaps."""

    phrase: str
    start: int
    end: int
    gaps: tuple[tuple[int, int], ...] = ()


class Phrases:
    """A set of phrases, ready to search with.

    Args:
        lines: what is sought.
        exceptions: what is not meant: a phrase that overlaps one of them is not found.

    Raises:
        ValueError: a line has no word, begins or ends with a gap, begins with a single character, or has brackets that
            do not close.
    """

    def __init__(self, lines: Iterable[str], exceptions: Iterable[str] = ()) -> None:
        self._lines = _Index(lines)
        self._exceptions = _Index(exceptions)

    def find(self, text: str) -> Iterator[Found]:
        """Yield every phrase of every line; matches may overlap."""
        yield from self._lines.find(fold(text))

    def find_apart(self, text: str) -> Iterator[Found]:
        """Yield the phrases that no exception overlaps, the longest where several overlap."""
        folded = fold(text)
        found = sorted(self._lines.find(folded), key=lambda phrase: (phrase.start, -phrase.end))
        if not found:
            return
        excepted = _merged(sorted((phrase.start, phrase.end) for phrase in self._exceptions.find(folded)))
        reach = 0
        for phrase in found:
            after = bisect_left(excepted, (phrase.end, 0))  # the first exception that begins at or after its end
            if phrase.end > reach and not (after and excepted[after - 1][1] > phrase.start):
                reach = phrase.end
                yield phrase


class _Index:
    """Lines by the letters they begin with."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for line in lines:
            words = _words(line)
            compiled = re.compile(_pattern(words, _FOLDED))
            for opening in {fold(word)[:2] for word in words[0]}:
                self._lines.setdefault(opening, []).append((line, compiled))
        letters = "".join(re.escape(letter) for letter in sorted({opening[0] for opening in self._lines}))
        self._first = re.compile(f"[{letters}]") if letters else None

    def find(self, folded: str) -> Iterator[Found]:
        for place in self._first.finditer(folded) if self._first else ():
            at = place.start()
            for line, compiled in self._lines.get(folded[at : at + 2], ()):
                if match := compiled.match(folded, at):
                    gaps = tuple(match.span(number) for number in range(1, len(match.groups()) + 1))
                    yield Found(line, at, match.end(), tuple((start, end) for start, end in gaps if end > start))


def triggers(lines: Iterable[str]) -> tuple[str, ...]:
    """Return regular expressions, without look-around, one of which matches wherever `Phrases` may find something.

    They are for text as it was written, not folded; letters beyond ASCII stand for themselves (UTF-8). They match as
    much of a phrase's beginning, before its first gap, as an automaton can hold.
    """
    return tuple(dict.fromkeys(map(_trigger, lines)))


def _trigger(line: str) -> str:
    words = list(takewhile(bool, _words(line)))
    while len(pattern := _pattern(words, _WRITTEN)) > _LONGEST_TRIGGER and len(words) > 1:
        words.pop()
    return pattern


def _words(line: str) -> list[list[str]]:
    """Return the words of a line, each as the forms it may take; a gap is an empty list."""
    words = [
        [] if word == "*" else [form for one in word.split("|") for form in _spread(one)]
        for word in _BAR.sub("|", line).split()
    ]
    if not words or not words[0] or not words[-1]:
        raise ValueError("a phrase that has no word at its begin or end. Write a word on both sides of every `*`.")
    if any(len(form) < 2 for form in words[0]):
        raise ValueError("a first word of a single character. Begin with at least two characters.")
    return words


def _spread(word: str) -> list[str]:
    """Write out "client(s)" and 身[份分]證 as the words they stand for."""
    forms = [word]
    while any(_FORMS.search(form) for form in forms):
        written = []
        for form in forms:
            match = _FORMS.search(form)
            choices = ("", match[1]) if match and match[1] else tuple(match[2]) if match else ()
            written += [form[: match.start()] + choice + form[match.end() :] for choice in choices] if match else [form]
        forms = written
        if len(forms) > _MOST_FORMS:
            raise ValueError("a word of too many forms. Write several phrases.")
    if any(bracket in form for form in forms for bracket in "()[]"):
        raise ValueError("a bracket that does not fit. Write client(s), or 身[份分]證.")
    return forms


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How letters, spaces and gaps are written in a kind of text."""

    is_folded: bool
    space: str
    unlike: str  # what no gap between Chinese words holds
    edges: tuple[str, str]

    def word(self, word: str) -> str:
        """Return the pattern of one word. Between Chinese characters there may be a space: 客戶_名單."""
        letters = [re.escape(letter) if self.is_folded else _written(letter) for letter in fold(word)]
        return ("" if _is_latin(word) else f"{self.space}{{0,2}}").join(letters)


_FOLDED = _Spelling(is_folded=True, space=" ", unlike=r"\n,;:!?。、", edges=(r"(?<![a-z])", r"(?![a-z])"))


def _pattern(words: list[list[str]], spelling: _Spelling) -> str:
    pattern, gap, before = "", False, ""
    space = spelling.space
    for forms in words:
        if not forms:
            gap = True
            continue
        if before:
            # Chinese runs on; other scripts count words.
            wide = (
                rf"({space}{{0,3}}|{space}{{1,9}}(?:[^\s,;]{{1,40}}{space}{{1,9}}){{1,2}}?)"
                if _is_latin(before) and _is_latin(forms[0])
                else rf"([^{spelling.unlike}]{{0,6}}?)"
            )
            pattern += wide if gap else f"{space}{{0,3}}"
        pattern += "(?:" + "|".join(map(spelling.word, forms)) + ")"
        before, gap = forms[0], False
    return spelling.edges[0] * _is_latin(words[0][0]) + pattern + spelling.edges[1] * _is_latin(words[-1][0])


def _is_latin(word: str) -> bool:
    return fold(word).isascii()


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join sorted spans that overlap or touch."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


_MARK = "[\u0300-\u036f]?"  # an accent written as a mark of its own, as in file names from a Mac
_ACCENTED = "aceinou"  # letters that bear one in Portuguese


@cache
def _written(letter: str) -> str:
    """Return the pattern of what `fold` makes a letter of; letters of another width are for `normalise` to undo."""
    letters = sorted({letter, *_unfolded().get(letter, ())})
    pattern = f"[{''.join(map(re.escape, letters))}]" if len(letters) > 1 else re.escape(letter)
    return pattern + (_MARK if letter in _ACCENTED else "")


@cache
def _unfolded() -> dict[str, list[str]]:
    """Return what is written for each letter of folded text: capitals, accents, spaces, Traditional characters."""
    written: dict[str, list[str]] = {}
    spaces = (0x3000, *range(0x2000, 0x200B), *range(0x2010, 0x2016), 0x2212)
    for one in (*map(chr, (9, *range(0x20, 0x100), *spaces)), *SIMPLIFIED):
        if (folded := fold(one)) != one:
            written.setdefault(folded, []).append(one)
    return written


_WRITTEN = _Spelling(is_folded=False, space=_written(" "), unlike=r"\n", edges=("", ""))
