"""One spelling for characters that look alike, one for one, so that offsets stay true.

In:    a character or a text.
Out:   its plain spelling: `spelling`, `plain`, `fold`.
Never: a text of another length from `plain` and `fold`.
"""

import re
import unicodedata
from functools import cache

from recognizers.simplified import SIMPLIFIED

# Translation looks up every character. Most texts are spared it: ASCII, letters with accents, Chinese and its
# punctuation spell themselves.
_UNCOMMON = re.compile("[^\\x00-\\x7f\\u00c0-\\u024f\\u3001-\\u301b\\u4e00-\\u9fff]")

# Written between the words of a file name or a label: they all stand for a space.
_SEPARATORS = frozenset("_-.\t \N{IDEOGRAPHIC SPACE}")
# Three dots stand in every second Chinese message, and never in a number; a wide space stands between two numbers, and
# a narrow one within one.
_AS_IT_IS = frozenset("\N{HORIZONTAL ELLIPSIS}\N{IDEOGRAPHIC SPACE}")


@cache
def spelling(char: str) -> str:
    """Return how a character is spelled plainly: none, one or several characters.

    NFKC (Unicode Standard Annex 15), and further: digits of every script and in circles become ASCII digits, every
    dash (category Pd) and the minus sign become "-", the division and fraction slashes "/". What has no width of its
    own (format characters and marks: categories Cf, Mn, Me) becomes "".
    """
    if char.isascii() or char in _AS_IT_IS:
        return char
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    if char in "\N{DIVISION SLASH}\N{FRACTION SLASH}":
        return "/"
    if category == "No" and (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)  # in a circle, in brackets, with a full stop, raised
    if char in "\N{DINGBAT CIRCLED SANS-SERIF DIGIT ZERO}\N{DINGBAT NEGATIVE CIRCLED SANS-SERIF DIGIT ZERO}":
        return "0"  # Unicode calls the digits beside it digits, and this a number
    return unicodedata.normalize("NFKC", char)


def plain(text: str) -> str:
    """Return the text in plain characters, of the same length; what would need none or several stays as it is."""
    return text.translate(_PLAIN) if _UNCOMMON.search(text) else text


def fold(text: str) -> str:
    """Return the text for comparing words, of the same length.

    Plain, in lower case, without accents, separators as spaces, Traditional characters as Simplified ones.
    """
    if not text.isascii():
        return text.translate(_FOLDED)
    text = text.lower()
    for separator in _SEPARATORS - {" "}:
        text = text.replace(separator, " ")
    return text


def _single(char: str) -> str:
    plainly = spelling(char)
    return plainly if len(plainly) == 1 else char


def _folded(char: str) -> str:
    plainly = _single(char).casefold()
    bare = "".join(piece for piece in unicodedata.normalize("NFD", plainly) if not unicodedata.combining(piece))
    letter = bare if len(bare) == 1 else plainly
    if letter in _SEPARATORS:
        return " "
    return SIMPLIFIED.get(letter, letter) if len(letter) == 1 else char


class _Plain(dict[int, str]):
    """Filled as characters are met: a text holds few different ones."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = _single(chr(code))
        return letter


class _Folded(dict[int, str]):
    """The same for `fold`."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = _folded(chr(code))
        return letter


_PLAIN = _Plain()
_FOLDED = _Folded()
