"""Undo each disguise of the bench, written apart from the code that puts them on.

In:    a disguise's name, the labelled text, and the plain value it should give.
Out:   letters and digits in upper case.
Never: the value peeked at, except for its length and where a digit and a letter look alike.
"""

import base64
import binascii
import html
import json
import quopri
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator

WORD_DIGITS = {
    character: str(digit)
    for digit, characters in enumerate(
        ("〇零", "一壹", "二貳贰", "三叁", "四肆", "五伍", "六陸陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
NAMES = {
    "words_en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "words_pt": ("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"),
    "words_jyutping": ("ling", "jat", "ji", "saam", "sei", "ng", "luk", "cat", "baat", "gau"),
}
LATIN = dict(zip("АВСЕНКМОРТХІУЅΖΝаЬсеорхуіЗб", "ABCEHKMOPTXIYSZNabceopxyi36", strict=True))
LIKE = {"O": "0", "L": "1", "I": "1", "S": "5", "B": "8", "Z": "2"}


def compact(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text).upper() if one.isalnum())


def undo(technique: str, written: str, value: str) -> str:
    """Return what the writing says; for look-alikes, the reading that is nearest to a number of this shape."""
    match technique:
        case "unicode_digits" | "circled" | "keycap":
            return compact("".join(_digit(one) for one in written))
        case "chinese_numerals":
            return "".join(_chinese(written))
        case "words_en" | "words_en_double" | "words_pt" | "words_jyutping":
            plain = re.sub(r"(?<=[a-z])\d", "", written).replace("oh", "zero")
            return _words(plain, NAMES[technique.removesuffix("_double")])
        case "letters_for_digits":
            return "".join(LIKE.get(one, one) for one in compact(written))
        case "look_alikes":
            latin = "".join(LATIN.get(one, one) for one in written)
            pairs = zip(compact(latin), value, strict=True)
            return "".join(other if {one, other} == {"O", "0"} else one for one, other in pairs)
        case "reversed":
            return compact(written)[::-1]
        case "base64" | "base32" | "hex" | "nested":
            return compact(_decoded(written, value))
        case "html_entities" | "url" | "quoted_printable" | "json_u":
            return compact(next(_readings(written, technique)))
        case _:  # what was put in between is not a letter or digit
            return compact(written)


def _digit(one: str) -> str:
    number = unicodedata.numeric(one, None)
    return one if number is None or one.isascii() else str(int(number))


def _chinese(written: str) -> Iterator[str]:
    for place, one in enumerate(written):
        if one == "廿":
            yield "2" if written[place + 1 : place + 2] in set(WORD_DIGITS) - {"〇", "零"} else "20"
        else:
            yield WORD_DIGITS.get(one, one)


def _words(written: str, names: tuple[str, ...]) -> str:
    said: list[str] = []
    twice = False
    for word in re.findall(r"[^\W_]+", written):
        if word == "double":
            twice = True
            continue
        digit = str(names.index(word)) if word in names else word.upper()
        said.append(digit * (1 + twice))
        twice = False
    return "".join(said)


def _readings(written: str, only: str = "") -> Iterator[str]:
    """Yield what the text says in each encoding in which it says something."""
    if only in {"", "html_entities"} and (plain := html.unescape(written)) != written:
        yield plain
    if only in {"", "url"} and (plain := urllib.parse.unquote(written)) != written:
        yield plain
    if only in {"", "quoted_printable"} and re.search(r"=[0-9A-F]{2}", written):
        yield quopri.decodestring(written.encode()).decode("utf-8", "replace")
    if only in {"", "json_u"} and "\\u" in written:
        yield str(json.loads(f'"{written}"'))
    if only:
        return
    bare = written.replace("\\x", "").replace(" ", "")
    padded = bare + "=" * (-len(bare) % 4)
    for decode, text in (
        (bytes.fromhex, bare),
        (lambda one: base64.b32decode(one + "=" * (-len(one) % 8)), bare),
        (lambda one: base64.b64decode(one, validate=True), padded),
        (base64.urlsafe_b64decode, padded),
    ):
        try:
            yield decode(text).decode()
        except (ValueError, binascii.Error, UnicodeDecodeError):
            continue


def _decoded(written: str, value: str, depth: int = 2) -> str:
    """Return the reading, through at most two encodings, that ends in something that holds the value."""
    for reading in _readings(written):
        if value in compact(reading):
            return value
        if depth > 1 and (deeper := _decoded(reading, value, depth - 1)):
            return deeper
    return ""
