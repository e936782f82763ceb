"""Where in a text a name may count by itself: patterns over UTF-8 bytes, for an engine that knows no look-around.

In:    nothing; they are made of the lists.
Out:   `HAN_TRIGGERS`, `LATIN_TRIGGERS`.
Never: a trigger for a bare name. It counts beside a number, a label or another name that counts, and whoever looks
       there looks for names as well; on its own it would have every page of prose looked at.
"""

from collections.abc import Iterable

from recognizers import han_name_lists as han
from recognizers import latin_name_lists as latin

_HAN = r"[\xe3-\xe9][\x80-\xbf][\x80-\xbf]"
# ASCII, or punctuation of U+3000 to U+303F or of full width, which is not plain yet where triggers are looked for.
_EDGE = r"[\x00-\x7f]|\xe3\x80[\x80-\xbf]|\xef\xbc[\x80-\xbf]"
_COLON = r"(?::|\xef\xbc\x9a)"
_CAPITAL = r"(?:[A-Z]|\xc3[\x80-\x9e]|\xc4[\x80-\xbf])"
_CODES = r"[0-9]{4}[ \-/][0-9]{4}"


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(words) + ")"


def _han(words: str) -> str:
    return _any(han.both_words(words))


_SURNAME = _any(sorted(han.COMPOUND | han.SURNAMES | han.RARE))
_COMMON = _any(sorted(han.COMPOUND | han.SURNAMES))
# 謝 is a surname, and 謝謝 is said in every second message.
_THANKS = "(?:謝|谢)"
_SURNAME_BUT_THANKS = f"{_any(sorted((han.COMPOUND | han.SURNAMES | han.RARE) - {'謝', '谢'}))}{_HAN}"
_NO_THANKS = (
    r"(?:[\xe3-\xe7\xe9][\x80-\xbf][\x80-\xbf]|\xe8[\x80-\xab\xad-\xaf\xb1-\xbf][\x80-\xbf]"
    r"|\xe8\xac[\x80-\x9c\x9e-\xbf]|\xe8\xb0[\x80-\xa1\xa3-\xbf])"
)
_POSITION = "(?:副|助理|高級|高级)?"
_TITLES = _any(title.replace(".", r"\.") for title in latin.TITLES.split("|") for title in (title, title.upper()))

HAN_TRIGGERS = (
    rf"{_SURNAME}(?:{_HAN}){{0,3}} ?{_POSITION}(?:{_han(han.TITLES)}|{_han(han.TITLES_OF_SURNAMES)})",
    rf"(?:{_han(han.ROLES)}(?:是|係|系|為|为|{_COLON}? ?)|(?:致|用戶|用户){_COLON} ?){_SURNAME}{_HAN}",
    rf"{_COMMON}(?:{_HAN}){{1,3}}(?:(?:的|嘅|之|個|个)?{_han(han.OWNED)}| ?{_han(han.CLOSINGS)})",
    rf"(?:{_HAN}|[A-Za-z]) ?[(\[]? ?{_CODES}",
    rf"阿[A-Z][a-z]|(?:老|小){_SURNAME}",
    rf"(?:^|{_EDGE})(?:{_SURNAME_BUT_THANKS}|{_THANKS}{_NO_THANKS})(?:{_HAN}){{0,2}}(?:$|{_EDGE})",
)

_BEHIND = rf" ?{_any(latin.TITLES_BEHIND.split('|'))}"
_ACCENT = r"(?:[\xc3-\xc6][\x80-\xbf]|\xe1[\x80-\xbf][\x80-\xbf])"
_CELL = rf"{_CAPITAL}(?:[A-Za-z'\-]|{_ACCENT}){{0,16}}"

LATIN_TRIGGERS = (
    rf"{_TITLES}\.?[ao]? {{0,2}}{_CAPITAL}",
    rf"(?i:{latin.ROLES}) ?{_COLON} {{0,2}}{_CAPITAL}".replace("[aá]", ".{1,2}").replace("[oó]", ".{1,2}"),
    rf"[A-Za-z]{_BEHIND}",
    rf"(?i:{latin.CLOSINGS})[,:;.!]?[ \r\n\t]{{1,4}}{_CAPITAL}",
    rf"[,;|\t]{_CELL}[,;|\t\r\n]|[\r\n]{_CELL}[,;|\t]",
)
