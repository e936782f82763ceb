"""Names in Latin letters: romanised Chinese, Portuguese, English, Filipino, Vietnamese, Indonesian.

In:    a text of plain characters.
Out:   `latin_names`: places, each with what speaks for it, named as the shapes of `recognizers.person_name`.
Never: a name in lower case; a street, a school or a company that is called after a person.

A name is read from left to right out of words with capital letters, by what the lists say each of them may be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from recognizers.folding import fold
from recognizers.han_names import YEARS
from recognizers.latin_name_lists import (
    BEFORE_PLACES,
    CLOSINGS,
    FAMILY,
    GIVEN,
    MAKES_PLACE,
    OFFICES,
    PLACES,
    ROLES,
    TITLES,
    TITLES_BEHIND,
    WORDS,
)
from recognizers.latin_words import CANTONESE, WORD, Part, Word, runs

_TITLE = frozenset(fold(title).strip() for title in TITLES.split("|"))
# After these comes a reader as often as a name: "Dear Customer".
_ADDRESSED = frozenset({"dear", "attn", "attention", "sir"})
_PLACE = frozenset(place.strip() for place in PLACES.replace("\n", "").split(","))
_LONGEST_PLACE = 4  # words
_BEHIND = regex.compile(rf" ?(?:{TITLES_BEHIND})(?![A-Za-z])")
_SIGNING = 40  # characters; the longest closing of a letter
_SIGNED = regex.compile(rf"(?<!\p{{L}})(?:{CLOSINGS})[,:;.!]?\s{{1,4}}\Z", regex.IGNORECASE)
_ASKED = regex.compile(rf"(?<!\p{{L}})(?:{ROLES}) ?: {{0,2}}\Z", regex.IGNORECASE)
_CODES = regex.compile(rf" ?[(\[] ?(?!{YEARS.pattern} ?[)\]])[0-9]{{4}}(?:[ \-/][0-9]{{4}}){{1,3}} ?[)\]]")
_CELL = regex.compile(rf"(?<=[,;|\t]){WORD}(?=[,;|\t\r\n])|(?<=[\r\n]){WORD}(?=[,;|\t])")

# Two to five words with capitals, particles among them, and nothing else: 馬可兒's neighbour "Somchai Prasert".
_CELL_OF_WORDS = regex.compile(
    rf"(?<=[,;|\t\n\r]\"? ?){WORD}(?: (?:d[aeo]s? )?{WORD}\.?){{1,4}}(?= ?\"?(?:[,;|\t\r\n]|\Z))"
)


@dataclass(frozen=True, slots=True)
class LatinName:
    """A name: its shape, its place, and the Chinese surname in it, if any."""

    shape: str
    start: int
    end: int
    surname: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What some words read like: a shape, the first word after it, a Chinese surname."""

    shape: str
    end: int
    surname: str = ""


def latin_names(text: str) -> Iterator[LatinName]:
    """Yield every name, in reading order, and then cells of tables that may be parts of one."""
    found: set[int] = set()
    for words in runs(text):
        at = 0
        while at < len(words):
            name, after = _found(text, words, at)
            if name:
                found.add(name.start)
                yield name
            at = max(after, at + 1)
    for cell in _CELL.finditer(text):
        key = fold(cell[0]).strip()
        if key not in WORDS and any(key in names for names in (CANTONESE, FAMILY, GIVEN)):
            yield LatinName("part", *cell.span())
    for cell in _CELL_OF_WORDS.finditer(text):
        keys = set(fold(cell[0]).split())
        if cell.start() not in found and not keys & (MAKES_PLACE | _TITLE) and not keys <= WORDS:
            yield LatinName("cell", *cell.span())


def _found(text: str, words: Sequence[Word], first: int) -> tuple[LatinName | None, int]:
    """Return the name that begins at a word, or None, and the first word not read."""
    at = first
    while is_title(words, at) or (at > first and _is(words, at, Part.WORD) and words[at].key in OFFICES):
        at += 1
    if not _is(words, at, Part.WORD):
        return None, at
    titled = at > first
    asked = _is_asked(text, words[first].start)
    reading = _name(words, at) or (_after_title(words, at) if titled else _unknown(words, at) if asked else None)
    if reading is None:
        return _lone(text, words[at]), at + 1
    if is_place(words, first, at, reading.end):
        return None, reading.end
    start, end, shape = words[at].start, words[reading.end - 1].end, reading.shape
    if shape != "surname-titled":
        if _CODES.match(text, end):
            shape = "telegraph"
        elif titled or _BEHIND.match(text, end):
            shape = "titled"
        elif asked or _is_signed(text, start):
            shape = "cued"
    return LatinName(shape, start, end, reading.surname), reading.end


def _is(words: Sequence[Word], at: int, part: Part) -> bool:
    return at < len(words) and words[at].part is part


def is_title(words: Sequence[Word], at: int) -> bool:
    """Tell whether a word is a title. In capitals only before capitals: MS is a company before Windows."""
    if not _is(words, at, Part.WORD) or words[at].key not in _TITLE:
        return False
    return not words[at].capitals or (
        _is(words, at + 1, Part.WORD) and words[at + 1].capitals and words[at].key != "ms"
    )


def _is_asked(text: str, start: int) -> bool:
    return ":" in text[max(0, start - 3) : start] and _ASKED.search(text, max(0, start - _SIGNING), start) is not None


def _is_signed(text: str, start: int) -> bool:
    return _SIGNED.search(text, max(0, start - _SIGNING), start) is not None


def _lone(text: str, word: Word) -> LatinName | None:
    """Return a name of one word, where something beside it says that it is one: Chan sir, "Regards, Peter"."""
    if (word.is_chinese or word.is_given) and (title := _BEHIND.match(text, word.end)):
        return LatinName("surname-titled", word.start, title.end(), word.key)
    if word.is_given and _is_signed(text, word.start):
        return LatinName("nickname", word.start, word.end)
    return None


def _after_title(words: Sequence[Word], at: int) -> _Reading | None:
    """Read what stands behind a title, known or not: Mr. Smithers, Sra. Fátima."""
    word = words[at]
    other = word.key in WORDS or word.key in MAKES_PLACE or len(word.key) < 3
    if not word.is_known and (other or words[at - 1].key in _ADDRESSED):
        return None
    end = at + 1
    while (
        end < at + 4
        and _is(words, end, Part.WORD)
        and words[end].capitals == word.capitals
        and words[end].key not in WORDS
    ):
        end += 1
    return _Reading("surname-titled" if end == at + 1 else "titled", end, word.key if word.is_chinese else "")


def _unknown(words: Sequence[Word], at: int) -> _Reading | None:
    """Read two to four words that no list knows, where a form asks for a name."""
    end = at
    while end < at + 4 and _is(words, end, Part.WORD) and words[end].key not in WORDS and len(words[end].key) > 1:
        end += 1
    return _Reading("cued", end) if end >= at + 2 else None


def _name(words: Sequence[Word], at: int) -> _Reading | None:
    """Read a full name; the surname comes first, last, or before a comma."""
    given = at
    while given < len(words) and (words[given].is_given or (given > at and words[given].is_initial)):
        given += 1
    surname = _surname(words, at)
    return (
        (_romanised(words, at, surname) if surname > at else None)
        or (_western(words, at, given) if given > at else None)
        or _family_first(words, at)
        or _vietnamese(words, at)
        or _surname_last(words, at)
    )


def _surname(words: Sequence[Word], at: int) -> int:
    """Return where a Chinese surname that begins at a word ends; the word itself where none does."""
    if (
        _is(words, at, Part.WORD)
        and _is(words, at + 1, Part.WORD)
        and f"{words[at].key} {words[at + 1].key}" in CANTONESE
    ):
        return at + 2
    return at + 1 if at < len(words) and words[at].is_chinese else at


def _romanised(words: Sequence[Word], at: int, surname: int) -> _Reading | None:
    """Read a Chinese given name behind a surname, and a Christian name behind or between: Chan Peter Tai Man."""
    end = surname + _is(words, surname, Part.COMMA)
    christian = end < len(words) and words[end].is_given and not words[end].syllables
    end += christian
    first, syllables = end, 0
    while end < len(words) and words[end].syllables and syllables + words[end].syllables <= 2:
        if words[end].capitals != words[first].capitals and len(words[end].key) > 1:
            break
        syllables += words[end].syllables
        end += 1
    if not syllables and not christian:
        return None
    behind = end + _is(words, end, Part.COMMA)
    if not christian and behind < len(words) and words[behind].is_given and (behind == end or behind + 1 == len(words)):
        christian, end = True, behind + 1
    keys = [word.key for word in words[at:end] if word.part is Part.WORD]
    # O is an article, and a surname only where a whole name follows: O Chi Fai.
    everyday = WORDS.issuperset(keys)
    if len(keys) < 3 and (everyday or len(keys[0]) == 1):
        return None
    # One word of a sentence with capitals may read like a surname and the next like a given name: "Sun Line".
    sure = syllables == 2 and not everyday and (len(keys) > 2 or keys[0] not in WORDS)
    shape = "romanised" if sure or (christian and syllables) else "western" if christian else "romanised-short"
    return _Reading(shape, end, " ".join(word.key for word in words[at:surname]))


def _western(words: Sequence[Word], at: int, given: int) -> _Reading | None:
    """Read the surnames behind given names: de Fátima da Silva, Leong Weng Si, O'Brien, or one that no list knows."""
    if (end := _surname(words, given)) > given:
        surname, syllables = " ".join(word.key for word in words[given:end]), 0
        while end < len(words) and words[end].syllables and syllables + words[end].syllables <= 2:
            syllables += words[end].syllables
            end += 1
        return _Reading("romanised" if syllables else "western", end, surname)
    end, families = given, 0
    while (step := _after_particles(words, end)) < len(words) and words[step].part is Part.WORD:
        named = words[step].is_family or words[step].is_chinese or (step > end and words[step].key not in MAKES_PLACE)
        if not named and not words[step].is_given:
            break
        families += named
        end = step + 1
    if families or (given - at >= 2 and words[given - 1].is_family):
        return _Reading("western", end)
    if _is(words, end, Part.WORD) and len(words[end].key) >= 3 and words[end].key not in WORDS | MAKES_PLACE:
        return _Reading("western-loose", end + 1)
    return _Reading("western-loose", end) if end - at >= 2 else None


def _after_particles(words: Sequence[Word], at: int) -> int:
    end = at
    while end < at + 2 and _is(words, end, Part.PARTICLE):
        end += 1
    return end


def _family_first(words: Sequence[Word], at: int) -> _Reading | None:
    """Read "SILVA, João Manuel"."""
    if words[at].mixed or not (words[at].is_family and _is(words, at + 1, Part.COMMA)):
        return None
    end = at + 2
    while end < len(words) and (words[end].is_given or (end > at + 2 and words[end].is_initial)):
        end += 1
    return _Reading("western", end) if end > at + 2 else None


def _vietnamese(words: Sequence[Word], at: int) -> _Reading | None:
    """Read "Nguyen Thi Hoa"."""
    end = at + 1
    while end < at + 4 and _is(words, end, Part.WORD) and len(words[end].key) <= 6:
        end += 1
    if not words[at].is_vietnamese or end < at + 3:
        return None
    if words[at + 1].key in {"thi", "van"}:
        return _Reading("romanised", end)
    return None if WORDS.intersection(word.key for word in words[at:end]) else _Reading("romanised-short", end)


def _surname_last(words: Sequence[Word], at: int) -> _Reading | None:
    """Read "Tai Man Chan"."""
    last = at
    while last < at + 2 and last < len(words) and words[last].syllables == 1:
        last += 1
    last += last == at and words[at].syllables == 2
    end = _surname(words, last)
    if end == last or end < at + 2 + (words[at].syllables == 1) or WORDS.issuperset(word.key for word in words[at:end]):
        return None
    return _Reading("romanised-short", end, " ".join(word.key for word in words[last:end]))


def is_place(words: Sequence[Word], first: int, at: int, end: int) -> bool:
    """Tell whether what surrounds a name, or the name itself, makes a street, a company or a place of it."""
    keys = [word.key for word in words[at : at + _LONGEST_PLACE]]
    if any(" ".join(keys[:length]) in _PLACE for length in range(1, len(keys) + 1)):
        return True
    if _is(words, end, Part.WORD) and words[end].key in MAKES_PLACE:
        return True
    before = first - 1
    while before >= 0 and words[before].part is Part.PARTICLE:
        before -= 1
    return before >= 0 and words[before].key in BEFORE_PLACES
