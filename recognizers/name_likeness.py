"""What the lists say of a place that a model takes for a name.

In:    a text of plain characters, and a place in it.
Out:   `han_likeness`, `latin_likeness`: the place of the name alone, and how much of it the lists know.
Never: a name on the word of a model alone; a street, a company or a word that begins with a surname.
"""

from dataclasses import dataclass

import regex

from recognizers.han_name_lists import NEVER_GIVEN, RARE
from recognizers.han_names import (
    ALL_HAN,
    NOT_AFTER,
    SURNAME,
    SURNAME_TITLED,
    TITLE_HERE,
    likeness,
    may_open,
    opens,
)
from recognizers.latin_name_lists import BEFORE_PLACES, MAKES_PLACE, WORDS
from recognizers.latin_names import is_place, is_title
from recognizers.latin_words import Part, Word, runs

_AROUND = 40  # characters; what makes a street of a name stands within
_HAN_HERE = regex.compile(rf"{SURNAME}(?![{''.join(sorted(NEVER_GIVEN))}])[\p{{Han}}s S]")
_LONGEST = 3  # characters of a Chinese name that a model may have cut short: 盧廉 of 盧廉若公園


@dataclass(frozen=True, slots=True)
class Likeness:
    """The place of a name; `whole` where the lists know all of it."""

    start: int
    end: int
    whole: bool


def han_likeness(text: str, start: int, end: int) -> Likeness | None:
    """Judge a Chinese name. A title behind a full name is cut off; a bare surname keeps its own."""
    for title in TITLE_HERE.finditer(text, start + 2, end):
        if title.end() == end and likeness(text[start : title.start()]):
            end = title.start()
            break
    run = text[start:end]
    if any(NOT_AFTER.match(text, at) for at in range(end, max(end, start + _LONGEST) + 1)):
        return None
    like = likeness(run) if ALL_HAN.fullmatch(run) else 0
    titled = SURNAME_TITLED.match(text, start)
    # Models cut 李小 out of 李小姐, and 馮太同 out of 馮太同我; but 李生輝 is a name.
    if titled and (like < 2 or titled.end() >= end):
        return Likeness(start, titled.end(), whole=True) if may_open(text, start, titled["surname"]) else None
    if not like or (run[0] in RARE and not opens(text, start)):
        return None
    return Likeness(start, end, whole=like == 2)


def may_hold_han(text: str, start: int, end: int) -> bool:
    """Tell whether `han_likeness` could find a name anywhere within a place."""
    return _HAN_HERE.search(text, start, end) is not None


def may_hold_latin(text: str, start: int, end: int) -> bool:
    """Tell whether `latin_likeness` could find a name anywhere within a place."""
    return any(len(words) > 1 and any(word.is_known for word in words) for words in runs(text[start:end]))


def latin_likeness(text: str, start: int, end: int) -> Likeness | None:
    """Judge a name in Latin letters; titles and particles at its ends are cut off."""
    offset = max(0, start - _AROUND)
    for words in runs(text[offset : end + _AROUND]):
        inside = [at for at, word in enumerate(words) if start <= offset + word.start and offset + word.end <= end]
        while inside and (is_title(words, inside[0]) or words[inside[0]].part is not Part.WORD):
            del inside[0]
        while inside and words[inside[-1]].part is not Part.WORD:
            del inside[-1]
        named = [words[at] for at in inside if words[at].part is Part.WORD]
        if len(named) < 2 or not _may_be_somebody(named, words[inside[0] + 1]):
            continue
        if not is_place(words, inside[0], inside[0], inside[-1] + 1):
            whole = all(word.is_known or word.syllables or word.is_initial for word in named)
            return Likeness(offset + named[0].start, offset + named[-1].end, whole)
    return None


def _may_be_somebody(named: list[Word], second: Word) -> bool:
    keys = {word.key for word in named}
    known = [word for word in named if word.is_known]
    if not known or WORDS.issuperset(keys) or MAKES_PLACE.intersection(keys):
        return False
    if named[0].key in WORDS | BEFORE_PLACES and not (named[0].is_chinese and second.syllables):
        return False
    # A Chinese surname among words that are no part of a name: "Tipografia Kam Soi".
    chinese = all(word.is_chinese for word in known)
    return not chinese or all(word.syllables or word.is_given or word.is_initial for word in named)
