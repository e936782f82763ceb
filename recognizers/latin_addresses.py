"""Addresses in Portuguese and English: street and house, building, floor and unit.

In:    a text of plain characters.
Out:   `latin_addresses`: places, each with the name of its shape in `recognizers.location`.
Never: a year for a house ("Avenida da Amizade, 2024"); a street whose name is in lower case, unless it is known.
"""

from collections.abc import Iterator

import regex

from recognizers import address_lists as lists
from recognizers.folding import fold
from recognizers.han_addresses import within

_EDGE = r"(?<![\p{Latin}0-9])"
_OVER = r"(?![\p{Latin}0-9])"
_CAPITAL = r"(?-i:\p{Lu})[\p{Latin}'’]*"
_SEPARATOR = r"[, \-]{1,3}"
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
# In plain characters the ordinal signs of n.º and 3.ª are the letters o and a.
_NO = r"(?:n\.? ?[o°](?:s\.?|\.)?|nos?\.?|#)"
_INNER = r"(?:edif|edf|ed|bloco|bl|block|blk|flat|unit|room|shop|apt)\b"
_NAME = (
    rf"(?: (?!{_NO}(?!\p{{Latin}})|{_INNER})(?:(?:d[aeo]s?|e) )?(?:d['’])?"
    rf"(?:{_CAPITAL}\.?|[0-9]{{1,2}}(?:\.?[o°])?(?= de )))"
)
_NUMBERS = (
    r"[0-9]{1,4}(?:-?[A-Z])?(?: ?(?:[\-/,]|e) ?[0-9]{1,4}(?:-?[A-Z])?){0,2}"
    r"(?![0-9]|[./][0-9]|/[FG]|\.? ?[o°a]\b|st\b|nd\b|rd\b|th\b)"
)
_HOUSE = rf"[, ]{{1,3}}(?:{_NO} {{0,2}}|(?!{_YEAR})){_NUMBERS}"
_FLOOR = (
    r"(?:[0-9]{1,2}/F\.?|(?:G|UG|LG|UB)/F|[0-9]{1,2}(?:st|nd|rd|th) floor|r/c|"
    r"[0-9]{1,2}\.? ?[oa°]\.?(?: ?(?:andar|piso))?(?: ?-? ?(?-i:[A-Z]))?|[0-9]{1,2}[\-/](?-i:[A-Z])|"
    rf"(?:andar|piso|floor) [0-9]{{1,2}}){_OVER}"
)
_NAMED_UNIT = (
    r"(?:(?:flat|unit|room|rm\.?|shop|apt\.?|suite|apartamento|frac[cç]ão|fração|loja) (?:no\.? ?)?"
    r"(?-i:[A-Z]{1,2}[0-9]{0,3}|[0-9]{1,4}[A-Z]{0,2})(?:-[A-Z0-9]{1,4})?)"
)
_UNIT = rf"(?:{_NAMED_UNIT}|(?-i:[A-Z]{{1,2}}[0-9]{{0,2}})){_OVER}"
_BUILDING_PT = "(?:edifício|edificio|edif\\.|edf\\.?)"
_BUILDING_EN = (
    r"(?:building|bldg\.?|tower|mansion|court|gardens?|centre|plaza|estate|heights)(?: (?-i:[0-9]{1,2}|[A-Z]))?"
)
_BUILDING = (
    rf"(?:(?:{_BUILDING_PT}|ed\.|jardim|jardins|centro|torre|bloco|bl\.|block|blk\.?|tower|phase|fase)"
    rf"(?:{_NAME}| (?-i:[0-9A-Z]{{1,3}}){_OVER}){{1,7}}|{_CAPITAL}{_NAME}{{0,5}} {_BUILDING_EN}{_OVER})"
)
_INSIDE = rf"(?:{_SEPARATOR}(?:{_BUILDING}|{_FLOOR}|{_UNIT})){{0,7}}"
_REGION = rf"{_SEPARATOR}(?:{lists.REGIONS_LATIN}){_OVER}"
# A housing estate may stand between the block and the district: "Block 3, Nova City, Taipa".
_AREAS = rf"(?P<region>(?:{_SEPARATOR}{_CAPITAL}{_NAME}{{0,3}}(?={_REGION}))?(?:{_REGION}){{0,3}})"
_BEFORE = rf"(?P<before>(?:{_UNIT}[, ]{{1,2}})?(?:{_FLOOR}[, ]{{1,2}})?(?:{_BUILDING}, ?)?)"

_STREET = regex.compile(
    rf"{_EDGE}{_BEFORE}(?P<number>(?:{_NO} ?|(?!{_YEAR})){_NUMBERS},? )?(?:{lists.STREET_KINDS_LATIN})"
    rf"(?:{_NAME}{{1,8}}(?P<house>{_HOUSE})(?P<inside>{_INSIDE})"
    rf"|{_NAME}{{1,8}}(?P<inside>(?:(?={_SEPARATOR}(?:{_BUILDING}|{_FLOOR})){_INSIDE})?)){_AREAS}",
    regex.IGNORECASE,
)
_ENGLISH = regex.compile(
    rf"{_EDGE}{_BEFORE}(?:{_NO} ?)?(?!{_YEAR})[0-9]{{1,4}}[A-Z]?(?:-[0-9]{{1,4}})?,?{_NAME}{{1,4}} "
    rf"(?-i:{lists.STREET_KINDS_ENGLISH}){_OVER}(?: (?:central|east|west|north|south){_OVER})?"
    rf"(?P<inside>{_INSIDE}){_AREAS}",
    regex.IGNORECASE,
)
_UNITS = regex.compile(
    rf"{_EDGE}(?:{_NAMED_UNIT}[, ]{{1,2}}{_FLOOR}"
    rf"|{_FLOOR}[, ]{{1,2}}(?:flat|unit|room|rm\.?|shop|apt\.?|suite|tower|block) [A-Z0-9]{{1,4}}{_OVER}"
    rf"|{_BUILDING_PT}{_NAME}{{1,7}}(?:{_SEPARATOR}(?:bloco|bl\.|torre|fase) [0-9A-Z]{{1,3}})?{_SEPARATOR}{_FLOOR})"
    rf"{_INSIDE}{_AREAS}",
    regex.IGNORECASE,
)
_KNOWN = tuple(" ".join(fold(street).split()) for street in lists.STREETS_LATIN.replace("\n", "").split(",") if street)
_KNOWN_HERE = regex.compile(
    rf"(?<![a-z])(?:{'|'.join(map(regex.escape, sorted(_KNOWN, key=len, reverse=True)))})(?![a-z])"
)


def latin_addresses(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (shape, start, end) of every address; a unit on its own only outside of one."""
    taken: list[tuple[int, int]] = []
    for match in _STREET.finditer(text):
        taken.append(match.span())
        yield _shape(match, house=bool(match["house"] or match["number"])), *match.span()
    for match in _ENGLISH.finditer(text):
        taken.append(match.span())
        yield _shape(match, house=True), *match.span()
    taken.sort()
    for match in _UNITS.finditer(text):
        if not within(taken, match.start()):
            yield "unit", *match.span()


def _shape(match: regex.Match[str], *, house: bool) -> str:
    if match["before"] or match["inside"]:
        return "complete" if house else "unit"
    if not house:
        return "street"
    street = " ".join(fold(match[0]).split())
    return "house-known" if match["region"] or _KNOWN_HERE.search(street) else "house"
