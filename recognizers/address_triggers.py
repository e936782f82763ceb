"""Where in a text an address can be at all: patterns over UTF-8 bytes, for an engine that knows no look-around.

In:    nothing; they are made of the lists.
Out:   `TRIGGERS`.
Never: an address that `recognizers.location` finds and none of them touches.
"""

from recognizers import address_lists as lists
from recognizers.han_addresses import STREET_KIND, any_of

_NUMERALS = "(?:一|二|三|四|五|六|七|八|九|十|百)"
_CAPITAL = r"(?:[A-Z]|\xc3[\x80-\x9e])"
_LETTER = r"(?:[A-Za-z'.\-]|\xc3[\x80-\xbf]|\xe2\x80\x99)"
_PARTICLE = r"(?:(?:[Dd][AEOaeo][Ss]?|[Ee]) )?(?:[Dd](?:'|\xe2\x80\x99))?"
_UNIT = r"(?i:flat|unit|room|rm\.?|shop|apt\.?|suite|apartamento|loja|fra.{2,5}o)"


def _cased(words: str) -> str:
    listed = words.split("|")
    return "(?:" + "|".join(dict.fromkeys(form for word in listed for form in (word, word.upper(), word.lower()))) + ")"


_BUILDINGS = any_of(lists.BUILDING_KINDS_HAN)
_STREET_NUMBER = rf"(?:[0-9](?:[0-9A-Z\-/~ ]|、|至){{0,30}}|{_NUMERALS}{{1,5}}(?:-[A-Z])?)"
_STOREY = rf"(?:[0-9]{{1,4}}|[A-Z]|{_NUMERALS}{{1,3}}) ?(?:座|期|幢|棟|栋|號樓|号楼|單元|单元|樓|楼|層|层|/[A-Z])"
_STREET_WORD = rf" {_PARTICLE}(?:{_CAPITAL}{_LETTER}{{0,24}}|[0-9]{{1,2}}[o.\xc2\xb0]{{0,3}})"

TRIGGERS = (
    rf"{STREET_KIND}(?: |門牌|门牌|第){{0,4}}{_STREET_NUMBER} ?(?:號|号)",
    rf"{_BUILDINGS}[ ,]{{0,2}}(?:第 ?)?(?:{_STOREY}|地下|地庫|地库)",
    any_of(lists.STREETS_HAN),
    rf"{_cased(lists.STREET_KINDS_LATIN)} {_PARTICLE}(?:{_CAPITAL}|[0-9])",
    rf"[0-9][A-Z]?,?(?:{_STREET_WORD}){{1,4}} (?:{lists.STREET_KINDS_ENGLISH})",
    rf"{_UNIT} (?i:no\.? ?)?[A-Za-z0-9\-]{{1,9}}[, ]{{1,2}}[0-9GULRAPFgulrapf]",
    r"(?:[0-9]|G|UG|LG|UB)/[Ff]|[0-9](?:st|nd|rd|th) [Ff]loor|[Rr]/[Cc]|(?i:andar|piso|floor)",
    r"(?i:edif|edf)",
)
