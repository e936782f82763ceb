"""Words -> regular expressions over UTF-8 bytes that fire wherever one of them stands, however it is spelled.

In:    words in any of Macau's languages.
Out:   `word_triggers`, for a recogniser's `TRIGGERS` (see `recognizers.shape`).
Never: a spelling left out that `fold` makes equal; it may fire within a longer word, which costs time only.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from recognizers.folding import fold
from recognizers.simplified import SIMPLIFIED

# What may bear an accent in Portuguese: as one character, or as a mark after the letter, as in file names from a Mac.
# Coarse: any accented letter for any; finer ones take Hyperscan a minute to build.
_ACCENTED = frozenset("aeioucn")
_ACCENT = r"(?:\xcc[\x80-\xbf])?"
_ACCENTED_LETTER = r"\xc3[\x80-\xbf]"
_SPACE = r"(?:[ _\-.\t]|\xc2\xa0|\xe3\x80\x80){1,3}"


def word_triggers(words: Iterable[str]) -> tuple[str, ...]:
    """Return expressions that match each of the words, in Traditional or Simplified characters and any case."""
    return tuple(sorted({"".join(_spelled(char) for char in fold(word).strip()) for word in words}))


@cache
def _spelled(char: str) -> str:
    """Return the expression for every character that `fold` makes equal to a folded one."""
    if char == " ":
        return _SPACE
    if "a" <= char <= "z":
        letter = f"[{char}{char.upper()}]"
        return f"(?:{letter}{_ACCENT}|{_ACCENTED_LETTER})" if char in _ACCENTED else letter
    choices = sorted({char, *_variants().get(char, ())})
    octets = ["".join(rf"\x{octet:02x}" for octet in choice.encode()) for choice in choices]
    return octets[0] if len(octets) == 1 else f"(?:{'|'.join(octets)})"


@cache
def _variants() -> dict[str, set[str]]:
    """Return the Han characters that are written for each folded one."""
    variants: dict[str, set[str]] = defaultdict(set)
    for traditional, simplified in SIMPLIFIED.items():
        variants[fold(simplified)] |= {traditional, simplified}
    # Unicode holds some Han characters twice, for the sake of older sets; NFKC makes one of them.
    for double in map(chr, (*range(0xF900, 0xFB00), *range(0x2F00, 0x2FE0))):
        if len(unicodedata.normalize("NFKC", double)) == 1:
            variants[fold(double)].add(double)
    return variants
