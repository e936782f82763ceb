"""Addresses in Chinese: street and house, building and unit.

In:    a text of plain characters.
Out:   `han_addresses`: places, each with the name of its shape in `recognizers.location`.
Never: a day (12號), a storm signal (8號風球), a bus or an article of law for a house.

Anchored where a kind of street meets a number, or a kind of building a floor; names are read from there backwards.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import regex

from recognizers import address_lists as lists
from recognizers.han_name_lists import both_words


def any_of(words: str) -> str:
    """Return a pattern of any of the words, in Traditional or Simplified characters, the longest first."""
    return "(?:" + "|".join(both_words(words)) + ")"


_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_NUMERAL = r"(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
NUMBER = r"(?:[0-9]{1,4}[A-Z]?(?: ?[\-至、/~] ?[0-9]{1,4}[A-Z]?){0,3}|[一二三四五六七八九十百]{1,5})"
_HOUSE = rf" ?(?:門牌|门牌)?(?:第 ?)?{NUMBER}(?:-[A-Z])? ?[號号]"
_NO_HOUSE = r"(?![線线風风波球法令批公車车巴碼码文館馆前之後后起晚早上開开]|至(?![\u4e00-\u9fff])|下午|仔|樓梯|楼梯)"
_SEPARATOR = "[ ,]{0,2}"
_BLOCK = rf"{_SEPARATOR}(?:第 ?)?(?:{_NUMERAL}|[A-Z]) ?(?:座|期|幢|棟|栋|號樓|号楼|單元|单元)"
_FLOOR = rf"{_SEPARATOR}(?:第 ?)?(?:{_NUMERAL} ?(?:樓|楼|層|层)|[0-9]{{1,2}}/[A-Z](?![A-Za-z0-9])|地下|地庫|地库)"
_UNIT = (
    rf"{_SEPARATOR}(?:[0-9]{{0,4}}[A-Z]{{1,2}}[0-9]{{0,2}}(?![A-Za-z0-9])(?: ?(?:座|室|單位|单位|舖|铺|鋪|房))?"
    r"|[0-9]{1,4} ?(?:室|單位|单位|號舖|号铺|號鋪|號房|号房|房|舖|铺))"
)
_BUILDING_KIND = any_of(lists.BUILDING_KINDS_HAN)
_BUILDING = rf"{_SEPARATOR}[\u4e00-\u9fff0-9A-Z]{{1,12}}?{_BUILDING_KIND}"
# A street ends in its kind, save a few: 白馬行, 司打口.
_ODD = [street for street in lists.STREETS_HAN.split() if not street.endswith(tuple(lists.STREET_KINDS_HAN.split("|")))]
STREET_KIND = any_of("|".join((lists.STREET_KINDS_HAN, *_ODD)))
_STREET = regex.compile(
    rf"(?P<kind>{STREET_KIND})(?P<house>{_HOUSE}){_NO_HOUSE}"
    rf"(?P<building>{_BUILDING}(?={_BLOCK}|{_FLOOR}|{_UNIT}|(?!{_HAN})))?"
    rf"(?P<inside>(?:{_BLOCK}){{0,2}}(?:{_FLOOR})?(?:{_UNIT})?)"
)
_UNITS = regex.compile(
    rf"(?P<kind>{_BUILDING_KIND})(?:(?:{_BLOCK}){{0,2}}(?P<floor>{_FLOOR})(?P<unit>{_UNIT})?|(?:{_BLOCK}){{1,2}}(?P<unit>{_UNIT}))"
)
_KNOWN = regex.compile(any_of(lists.STREETS_HAN))
_LONGEST_KNOWN = max(map(len, lists.STREETS_HAN.split()))
_REGION = any_of(lists.REGIONS_HAN)
_AREA = regex.compile(rf"(?:{_REGION}|[省市區区縣县鎮镇])[ ,]?")
_AREAS_BEFORE = regex.compile(rf"(?:(?:{_REGION}|{_HAN}{{2,4}}?(?:自治區|自治区|[省市區区縣县鎮镇]))[ ,]?){{1,5}}\Z")
_NO_STREET = regex.compile(rf"{any_of(lists.NO_STREETS)}\Z")
# What stands before an address in a sentence and is no part of it: 我住在…, 寄去…, 地址是….
_OUTSIDE = regex.compile(
    r"[的在於于住到至從从由往去寄送是為为係喺和與与同或搬有及了我他她你請请交回約约過过來来括]|[址位處处點点]:?"
)
_LONGEST_NAME = 10  # characters
_LONGEST_AREAS = 24


def han_addresses(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (shape, start, end) of every address; a building or a street on its own only outside of one."""
    houses: list[tuple[int, int]] = []
    units: list[tuple[int, int]] = []
    for match in _STREET.finditer(text):
        start, shape = _street(text, match)
        if shape:
            houses.append((start, match.end()))
            yield shape, start, match.end()
    for match in _UNITS.finditer(text):
        start, region = _begin(text, match.start(), match.start())
        if start < match.start() and not within(houses, match.start()):
            units.append((start, match.end()))
            yield "unit" if match["unit"] or region else "house-unsure", start, match.end()
    for match in _KNOWN.finditer(text):
        if not (within(houses, match.start()) or within(units, match.start())):
            yield "street", *match.span()


def within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Tell whether a place lies in one of some spans, which are in reading order."""
    before = bisect_right(spans, at, key=_start)
    return before > 0 and spans[before - 1][1] > at


def _start(span: tuple[int, int]) -> int:
    return span[0]


def _street(text: str, match: regex.Match[str]) -> tuple[int, str]:
    """Return where the address with a house begins, and its shape; "" for what is none."""
    kind = match.end("kind")
    known = next((at for at in range(max(0, kind - _LONGEST_KNOWN), kind) if _KNOWN.fullmatch(text, at, kind)), None)
    if known is None and _NO_STREET.search(text, max(0, kind - 4), kind):
        return 0, ""
    start, region = _begin(text, match.start() if known is None else known, match.start())
    if known is None and start == match.start():
        return 0, ""
    if match["building"] or match["inside"]:
        return start, "complete"
    if known is not None or region:
        return start, "house-known"
    return start, "house-unsure" if match["kind"] in lists.ENDINGS_OF_WORDS else "house"


def _begin(text: str, known: int, kind: int) -> tuple[int, bool]:
    """Return where an address begins whose name ends at `kind`, and whether it names a region.

    `known` is where the name begins, if that is known, else `kind`: then the name goes back to a region, to a word
    that is no part of an address, or as far as names go.
    """
    name = known
    if known == kind:
        name = max(0, kind - _LONGEST_NAME)
        for outside in _OUTSIDE.finditer(text, name, kind):
            name = outside.end()
        for area in _AREA.finditer(text, name, kind):
            if area.end() < kind:
                name = area.end()
        while name < kind and not regex.match(_HAN, text[name]):
            name += 1
        for at in range(name, kind):
            if not (text[at].isalnum() or text[at] == "·"):
                name = at + 1
    areas = _AREAS_BEFORE.search(text, max(0, name - _LONGEST_AREAS), name)
    return (areas.start(), True) if areas else (name, False)
