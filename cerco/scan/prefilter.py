"""Where in a text anything could be: one pass of Hyperscan over its bytes.

In:    a text as it was sent, and the triggers of the recognisers.
Out:   `Sight`s: stretches worth a look, with the recognisers that may find something there.
Never: a stretch left out in which a recogniser finds something, plainly written or disguised.

Ordinary prose is passed over at the speed of memory; all else in this room looks at sights only.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import hyperscan

from cerco.scan.automaton import automaton

BEFORE, AFTER = 220, 140  # characters around a trigger's end: the longest match, and the words that say what it is
MOST = 65_536  # characters of one sight; a longer one is cut, and its parts overlap
OVERLAP = BEFORE + AFTER
_WORD_END = -7

_BLOCK, _LAP = 4096, 320  # bytes that are scanned at a time, and of the block before that are scanned again
_ENCODED_MOST = 65_536  # characters of a coded word that are looked at, as in `cerco.scan.decode`

# What one character may be in UTF-8 that is a digit to a reader: Unicode's Nd beyond ASCII, circled, super- and
# subscript, full width. Coarse: whole blocks, since letters of those scripts do no harm here.
_ODD_DIGIT = (
    r"(?:\xef\xbc[\x90-\x99]|\xc2[\xb2\xb3\xb9]|[\xd9-\xdf][\x80-\xbf]|[\xe0\xe1][\x80-\xbf]{2}"
    r"|\xe2(?:\x81|\x82|\x91|\x92|\x93|\x9d|\x9e)[\x80-\xbf]|\xe3[\x88-\x8a][\x80-\xbf]|\xea[\x98-\xaf][\x80-\xbf]"
    r"|\xf0[\x90\x91\x96\x9d\x9e\x9f][\x80-\xbf]{2})"
)
_NUMERAL = "(?:" + "|".join(
    "".join(rf"\x{octet:02x}" for octet in char.encode())
    for char in "零〇○洞一壹幺弌二貳贰兩两弍三叁叄參弎叄参四肆五伍六陸陆七柒拐八捌九玖勾廿卅卌十拾"
) + ")"  # fmt: skip
_MARK = r"[^0-9A-Za-z\x00-\x08]"
_WIDTHLESS = (
    r"(?:\xc2\xad|\xcd\x8f|\xcc[\x80-\xbf]|\xd8\x9c|\xe1\xa0[\x8b-\x8f]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]"
    r"|\xef\xb8[\x80-\x8f]|\xef\xbb\xbf|\xf3\xa0[\x80-\x87][\x80-\xbf]|\xe2\x83[\x90-\xbf])"
)
_LETTER = "[OoQDIl|iZzSsBbGgq]"
_WORDS = (
    "zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|um|uma|dois|duas|tr\\xc3\\xaas|tres|"
    "quatro|cinco|seis|meia|sete|oito|nove|ling4?|jat1?|yat|ji6?|yi|yee|saam1?|sam|sei3?|sey|ng5?|m5|luk6?|cat1?|chat|"
    "tsat|baat3?|bat|gau2?|kau"
)


class Sign(IntEnum):
    """What a stretch may hold that is not plainly written; where one of these is seen, every recogniser looks."""

    PLAIN = -1  # characters of another width or script, or between them some of no width
    SEPARATED = -2  # one number, with marks between its digits
    NUMERALS = -3
    WORDS = -4
    LETTERS = -5  # that look like digits, or like those of another script
    CODED = -6  # base64, hex, escapes …


_SIGNS: Mapping[Sign, tuple[str, ...]] = {
    Sign.PLAIN: (
        rf"(?:(?:{_ODD_DIGIT}|[0-9]){_MARK}{{0,6}}){{3}}{_ODD_DIGIT}",
        r"(?:\xef[\xbc\xbd][\x80-\xbf]){5}",  # full width throughout
        rf"[0-9A-Za-z]{_WIDTHLESS}[0-9A-Za-z]",
        rf"{_WIDTHLESS}{{1,8}}[0-9]",
        r"[0-9] ?\xef\xbc[\x80-\x8f] ?[0-9]",  # a full-width bracket, hyphen or slash within a number
        r"(?:\xe2\x80[\x90-\x95]|\xe2\x88\x92|\xef\xb9[\x98\xa3]|\xe2\x81\x83)[0-9]{2}",  # dashes of other kinds
    ),
    Sign.SEPARATED: (
        rf"(?:[0-9]{_MARK}{{1,12}}){{5}}[0-9]",
        rf"[0-9]{{2,7}}{_MARK}{{1,4}}[0-9]{{2,7}}{_MARK}{{1,4}}[0-9(]",
        rf"(?:[0-9]{{1,4}}{_MARK}{{1,3}}){{3}}[0-9]",
        rf"[A-Za-z]{_MARK}{{1,3}}[0-9]{{1,4}}{_MARK}{{1,4}}[0-9]",
        rf"[0-9]{{3,7}}(?:[^0-9A-Za-z ,.\-\x00-\x08]|{_MARK}{{2,6}})[0-9]{{3}}",
        r"[0-9A-Z]{2}[ ]?\r?\n[ >|]{0,4}[0-9]",
        r"[0-9][A-Z]?[ ]?\r?\n[ >|]{0,4}[A-Z][0-9]",
        rf"[A-Z][0-9]{{1,4}}{_MARK}{{1,3}}[0-9]{{1,4}}{_MARK}{{1,3}}[0-9]",
        rf"[0-9]{_MARK}{{1,8}}[(\[] ?[0-9] ?[)\]]",
    ),
    Sign.NUMERALS: (
        rf"{_NUMERAL}{_MARK}{{0,3}}{_NUMERAL}{_MARK}{{0,3}}(?:(?:{_NUMERAL}|[0-9]){_MARK}{{0,3}}){{3}}(?:{_NUMERAL}|[0-9])",
        rf"[0-9]{_MARK}{{0,3}}(?:(?:{_NUMERAL}|[0-9]){_MARK}{{0,3}}){{3}}{_NUMERAL}{_MARK}{{0,3}}{_NUMERAL}",
    ),
    Sign.WORDS: (rf"(?i)(?:(?:{_WORDS}|[0-9])[ \r\n,.;/_\-]{{1,3}}){{5}}(?:{_WORDS}|[0-9])",),
    Sign.LETTERS: (
        rf"[0-9]{{2}}[0-9 /-]{{0,8}}{_LETTER}[ /-]?[0-9]",
        rf"{_LETTER}[ /-]?[0-9][0-9 /-]{{3}}",
        rf"[0-9]{{4}}[ /-]?[(]?{_LETTER}",
        rf"(?:{_LETTER}{{1,2}}[0-9]{{1,3}}){{2}}",
        r"[\xce-\xd4][\x80-\xbf] ?[0-9]{2}",  # Greek and Cyrillic letters beside digits
        r"[0-9]{2} ?[\xce-\xd4][\x80-\xbf]",
        r"[\xce-\xd4][\x80-\xbf][0-9][\xce-\xd4]",
        r"[0-9][\xce-\xd4][\x80-\xbf][0-9]",
        r"(?:[\xce-\xd4][\x80-\xbf][A-Za-z]|[A-Za-z][\xce-\xd4][\x80-\xbf])",
    ),
    Sign.CODED: (
        r"%[0-9A-Fa-f]{2}[^%]{0,3}%[0-9A-Fa-f]{2}",
        r"&#[xX]?[0-9A-Fa-f]{2,7};",
        r"\\[ux]\{?[0-9A-Fa-f]{2,8}",
        r"\\[0-7]{3}\\[0-7]{3}",
        r"[uU]\+[0-9A-Fa-f]{4}",
        r"(?:=[0-9A-F]{2}){3}",
        r"(?:3[0-9]){6}",  # digits in hex
        r"=\r?\n",
        r"(?:0[xX][0-9A-Fa-f]{2}[ ,;]{0,2}){5}",
        r"(?:[0-9A-Fa-f]{2}[ :,\-]{1,2}){5}[0-9A-Fa-f]{2}",
    ),
}
# A coded word is seen once, at its end, however long it is. Letters and digits, or large and small, change in it.
_CODED_WORD = (
    r"[A-Z2-7]{12}[A-Z2-7]*={0,6}[^A-Z2-7=]",
    r"(?:[a-z][A-Z]|[A-Za-z][0-9]|[0-9][A-Za-z])[0-9A-Za-z+/_\-]{4}[0-9A-Za-z+/_\-]*={0,6}[^0-9A-Za-z+/_=\-]",
)


@dataclass(frozen=True, slots=True)
class Sight:
    """A stretch of a text, in characters, the recognisers that may find something there, and signs of disguise.

    `recognizers` are numbers, with the places in the text where a trigger of theirs ends. Where there are `signs`,
    every recogniser may find something.
    """

    start: int
    end: int
    recognizers: Mapping[int, Sequence[int]]
    signs: frozenset[Sign]


class Prefilter:
    """The triggers of all recognisers in one automaton. It takes a second to build and holds no state.

    Args:
        triggers: for each recogniser, its `TRIGGERS`; those without any are not looked for here.
    """

    def __init__(self, triggers: Sequence[Sequence[str]]) -> None:
        owners: dict[str, list[int]] = {}  # recognisers' numbers, signs, or the end of a coded word
        groups: list[tuple[int, Iterable[str]]] = [
            *enumerate(triggers),
            *_SIGNS.items(),
            (_WORD_END, _CODED_WORD),
        ]
        for owner, patterns in groups:
            for pattern in patterns:
                owners.setdefault(pattern, []).append(owner)
        self._owners = tuple(map(tuple, owners.values()))
        self._automaton = _Automaton(list(owners))
        plainly = [pattern for pattern, whose in owners.items() if max(whose) >= 0]
        self._plain_owners = tuple(tuple(owners[pattern]) for pattern in plainly)
        self._plain = _Automaton(plainly)

    def sights(self, text: str) -> Iterator[Sight]:
        """Yield the sights of a text in order. Those cut from a longer one overlap; others do not touch."""
        octets = text.encode("utf-8", "surrogatepass") + b"\n"
        yield from self._merged(text, _places(self._automaton, octets))

    def fired(self, text: str) -> dict[int, list[int]]:
        """Return the recognisers whose triggers are in a text of plain characters, with the places where they end."""
        places: dict[int, list[int]] = {}
        for at, pattern in _places(self._plain, text.encode("utf-8", "surrogatepass") + b"\n"):
            for owner in self._plain_owners[pattern]:
                places.setdefault(owner, []).append(min(at, len(text)))
        return places

    def _merged(self, text: str, places: Iterable[tuple[int, int]]) -> Iterator[Sight]:
        start = end = -1
        owners: dict[int, list[int]] = {}
        for reached, pattern in places:
            at = min(reached, len(text))
            whose = self._owners[pattern]
            coded = whose == (_WORD_END,)
            begin = max(0, (_word_start(text, at - 1) if coded else at) - BEFORE)
            if begin > end:
                if owners:
                    yield from _cut(start, end, owners)
                    owners = {}
                start = begin
            else:
                start = min(start, begin)
            end = max(end, min(len(text), at + AFTER))
            for owner in (Sign.CODED,) if coded else whose:
                owners.setdefault(owner, []).append(at)
        if owners:
            yield from _cut(start, end, owners)


class _Automaton:
    """Patterns in one Hyperscan database, with the scratch memory to scan with."""

    def __init__(self, patterns: Sequence[str]) -> None:
        flags = [hyperscan.HS_FLAG_DOTALL] * len(patterns)
        self._database = automaton([pattern.encode() for pattern in patterns], flags)
        self._scratch = hyperscan.Scratch(self._database)

    def scan(self, octets: bytes) -> list[tuple[int, int]]:
        """Return (end, pattern) of every match."""
        ends: list[tuple[int, int]] = []

        def take(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            ends.append((end, pattern))

        # A clone costs less than a microsecond, and two scans at a time need one each.
        self._database.scan(octets, match_event_handler=take, scratch=self._scratch.clone())
        return ends


def _places(automaton: "_Automaton", octets: bytes) -> Iterator[tuple[int, int]]:
    """Yield (end in characters, pattern) of every trigger, in order."""
    reached = chars = 0

    def count(until: int) -> int:
        """Return how many characters end before a byte, or within the character that it is part of."""
        nonlocal reached, chars
        while until < len(octets) and octets[until] & 0xC0 == 0x80:
            until += 1
        if until > reached:
            chars += len(octets[reached:until].decode("utf-8", "surrogatepass"))
            reached = until
        return chars

    ascii_only = octets.isascii()
    for start in range(0, len(octets), _BLOCK):
        base = max(0, start - _LAP)
        seen = start or -1  # what ends in the lap was reported with the block before
        for end, pattern in sorted(automaton.scan(octets[base : start + _BLOCK])):
            if base + end > seen:
                yield base + end if ascii_only else count(base + end), pattern


def _word_start(text: str, at: int) -> int:
    """Return where the coded word that ends before `at` begins."""
    floor = max(0, at - _ENCODED_MOST)
    while at > floor and (text[at - 1].isascii() and (text[at - 1].isalnum() or text[at - 1] in "+/_-=")):
        at -= 1
    return at


def _cut(start: int, end: int, owners: Mapping[int, Sequence[int]]) -> Iterator[Sight]:
    while end - start > MOST + OVERLAP:
        yield _sight(start, start + MOST + OVERLAP, owners)
        start += MOST
    yield _sight(start, end, owners)


def _sight(start: int, end: int, owners: Mapping[int, Sequence[int]]) -> Sight:
    within = {owner: places[bisect_left(places, start) : bisect_right(places, end)] for owner, places in owners.items()}
    recognizers = {owner: places for owner, places in within.items() if owner >= 0 and places}
    signs = frozenset(Sign(owner) for owner, places in within.items() if owner < 0 and places)
    return Sight(start, end, recognizers, signs)


def covers(sights: Sequence[Sight], start: int, end: int) -> bool:
    """Tell whether one of the sights, which are in order, holds all of a place."""
    at = bisect_left(sights, start + 1, key=lambda sight: sight.start)
    return any(sight.start <= start and end <= sight.end for sight in sights[max(0, at - 2) : at])
