"""Words with capital letters, and what part of a name each of them may be.

In:    a text of plain characters.
Out:   `runs`: stretches of `Word`s that stand together; the sets and patterns of names that they are read by.
Never: a word in lower case, save the particles within a name; a word of another script.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import regex

from recognizers.folding import fold
from recognizers.han_name_lists import SPELLED
from recognizers.latin_name_lists import FAMILY, GIVEN, PARTICLES, TITLES, VIETNAMESE

CANTONESE = frozenset(spelling for spellings in SPELLED.values() for spelling in spellings)
"""Chinese surnames as they are spelled here, in lower case; a hyphen is a space."""

_LETTER = r"(?:\p{Latin}|['’](?!s(?!\p{Latin})|$))"  # "San's" is San
WORD = rf"(?:(?:[dD]['’])?(?=\p{{Lu}})\p{{Latin}}{_LETTER}*+(?:-{_LETTER}++)*+)"
"""The pattern of a word that begins with a capital letter."""

# One syllable of Cantonese, as Macau's Decree-Law 88/85/M or Hong Kong spells it; two of Mandarin in pinyin.
_SYLLABLE = regex.compile(
    r"(?:ch|ng|kw|gw|sh|ts|[bdfghijklmnpstvwxyz])?"
    r"(?:[ie]?a[aiou]?|i?e[iou]?|eoi|i[aou]?|iao|i?o[aeiou]?|u[aeio]?)(?:ng|[mnptk])?|ng|m|t?sz|tze?|s[zh]e"
)
_PINYIN = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|ia|ie|in|"
    r"iu|ou|ua|ue|ui|un|uo|a|e|i|u)|[bpmfwyl]o|[ln]v)"
)
_TWO_IN_PINYIN = regex.compile(rf"(?=.{{4}}){_PINYIN}{{2}}")

_TOKEN = regex.compile(
    r"(?<![\p{Latin}0-9_@'’])(?:(?P<particle>(?:d[aeio]|d[ao]s|e|del|dell?a|van|von|bint?i?)(?!\p{Latin}))"
    rf"|(?P<word>{WORD})(?P<dot>\.?))"
)
_TITLE_CASE = regex.compile(r"(?:[dD]['’])?\p{Lu}[\p{Ll}'’]*(?:-\p{L}[\p{Ll}'’]*)*")
_GAP = regex.compile(r" {1,2}|(?: ?(?P<comma>,) {0,2})")
# Behind these a full stop ends no sentence: "Dr. João", "Harold J. Finch".
_SHORTENED = frozenset(fold(title).strip() for title in TITLES.split("|"))


class Part(Enum):
    """What a word is in a run."""

    WORD = auto()
    PARTICLE = auto()
    COMMA = auto()


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a particle or a comma: its place, and its letters as the lists write them."""

    start: int
    end: int
    key: str
    part: Part
    capitals: bool = False
    accented: bool = False
    mixed: bool = False  # capitals and small letters in disorder

    @property
    def is_given(self) -> bool:
        """Whether it is known as a given name: Maria, Mary-Jane."""
        return self.part is Part.WORD and not self.mixed and all(name in GIVEN for name in self.key.split(" "))

    @property
    def is_family(self) -> bool:
        """Whether it is known as a surname that is not Chinese."""
        return self.part is Part.WORD and all(name in FAMILY for name in self.key.split(" "))

    @property
    def is_chinese(self) -> bool:
        """Whether it is known as a Chinese surname."""
        odd = self.accented or self.mixed  # São is no surname
        return self.part is Part.WORD and self.key in CANTONESE and not odd

    @property
    def is_vietnamese(self) -> bool:
        """Whether it is known as a Vietnamese surname."""
        return self.part is Part.WORD and self.key in VIETNAMESE and not self.mixed

    @property
    def is_known(self) -> bool:
        """Whether any list knows it as a part of a name."""
        return self.is_given or self.is_family or self.is_chinese or self.is_vietnamese

    @property
    def is_initial(self) -> bool:
        """Whether it is a letter that stands for a name."""
        return self.part is Part.WORD and len(self.key) == 1

    @property
    def syllables(self) -> int:
        """How many syllables of a Chinese given name it reads like: 1 Tai, 2 Tai-Man or Xiaoming, 0 is none."""
        parts = self.key.split(" ")
        if self.part is not Part.WORD or self.accented or self.mixed or len(parts) > 2:
            return 0
        if all(map(_SYLLABLE.fullmatch, parts)):
            return len(parts)
        return 2 if _TWO_IN_PINYIN.fullmatch(self.key) else 0


def runs(text: str) -> Iterator[list[Word]]:
    """Yield stretches of words that have nothing but spaces or a comma between them."""
    run: list[Word] = []
    end = -1
    for match in _TOKEN.finditer(text):
        start, gap = match.start(), _GAP.fullmatch(text, end, match.start()) if run else None
        if gap is None:
            if run:
                yield run
            run = []
        elif gap["comma"]:
            run.append(Word(gap.start("comma"), gap.end("comma"), ",", Part.COMMA))
        word: str = match["word"] or match["particle"]
        key = fold(word).strip().removeprefix("d'").removeprefix("d’")
        capitals = word.isupper() and len(word) > 1
        # In capitals only the place tells DA from a syllable: particles stand between other words.
        joins = match["particle"] is not None or (bool(run) and key in PARTICLES and (capitals or word == "E"))
        mixed = not (word.isupper() or _TITLE_CASE.fullmatch(word))
        part = Part.PARTICLE if joins else Part.WORD
        run.append(Word(start, start + len(word), key, part, capitals, accented=not word.isascii(), mixed=mixed))
        end = start + len(word) + bool(match["dot"] and (len(key) == 1 or key in _SHORTENED))
    if run:
        yield run
