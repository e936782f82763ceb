"""Numbers that are written so that a machine overlooks them, as a person reads them.

In:    a text of plain characters.
Out:   `undisguised`: layers in which numerals, number words, look-alike letters and separated digits are plain digits;
       `reversed_numbers`: the same text with its numbers read from the end.
Never: a word of an ordinary sentence turned into a number: every step wants a run of digits around what it changes.
"""

import re
from collections.abc import Callable, Iterator

import regex

from cerco.scan.normalise import Layer, rewrite
from cerco.scan.prefilter import Sign
from recognizers.digits import is_day

type Edit = tuple[int, int, str]

# ---- Chinese numerals: 一二三, 壹貳叁, 〇, 廿 ----------------------------------------------------------------------
_NUMERALS = {
    numeral: str(digit)
    for digit, numerals in enumerate(
        ("零〇○洞", "一壹幺弌", "二貳贰兩两弍", "三叁叄參弎", "四肆", "五伍", "六陸陆", "七柒拐", "八捌", "九玖勾")
    )
    for numeral in numerals
} | {"廿": "2", "卅": "3", "卌": "4"}
_TENS = "廿卅卌十拾"
_NUMERAL = "[" + "".join(_NUMERALS) + "十拾]"
_GAP = r"[ \t\-.,/_·、，。:：*~]{0,2}"
# A run of numerals, ASCII digits among them, that has at least four numerals and six digits in all.
_NUMERAL_RUN = regex.compile(
    rf"(?:{_NUMERAL}|[0-9])(?:{_GAP}(?:{_NUMERAL}|[0-9]))+(?:{_GAP}[(\[]{_GAP}{_NUMERAL}{_GAP}[)\]])?"
)
_MARK = regex.compile(rf"{_NUMERAL}|[0-9]")


def _numerals(text: str) -> Iterator[Edit]:
    for run in _NUMERAL_RUN.finditer(text):
        marks = list(_MARK.finditer(run[0]))
        if len(marks) < 6 or sum(not mark[0].isdigit() or not mark[0].isascii() for mark in marks) < 2:
            continue
        for number, mark in enumerate(marks):
            char = mark[0]
            if not (char.isascii() and char.isdigit()):
                before = number and marks[number - 1][0] not in _TENS and marks[number - 1].end() == mark.start()
                after = number + 1 < len(marks) and marks[number + 1].start() == mark.end()
                yield run.start() + mark.start(), run.start() + mark.end(), _value(char, bool(before), after)


def _value(char: str, before: bool, after: bool) -> str:
    """Return the digits of a numeral; those for tens end in a zero unless a digit follows: 廿三, 三十五."""
    if char in "十拾":
        return ("" if before else "1") + ("" if after else "0")
    if char in _TENS:
        return _NUMERALS[char] + ("" if after else "0")
    return _NUMERALS[char]


# ---- Number words: English, Portuguese, Cantonese in letters -------------------------------------------------------
_WORDS = {
    word: str(digit)
    for digit, words in enumerate(
        (
            "zero oh nought ling4 ling",
            "one um uma jat1 jat yat",
            "two dois duas ji6 ji yi yee",
            "three três tres saam1 saam sam",
            "four quatro sei3 sei sey",
            "five cinco ng5 ng m5",
            "six seis meia luk6 luk",
            "seven sete cat1 chat tsat cat",
            "eight oito baat3 baat bat",
            "nine nove gau2 gau kau",
        )
    )
    for word in words.split()
}
_TIMES = {"double": 2, "triple": 3, "treble": 3, "duplo": 2, "dobro": 2, "triplo": 3}
_WORD = "|".join(sorted((*_WORDS, *_TIMES), key=len, reverse=True))
_WORD_GAP = r"[ \r\n,.;/_\-–·]{0,3}"
_WORD_RUN = regex.compile(
    rf"(?<![A-Za-zÀ-ÿ])(?:{_WORD})(?:{_WORD_GAP}(?:{_WORD}|(?<![0-9])[0-9](?![0-9])))+(?![A-Za-zÀ-ÿ])", regex.IGNORECASE
)
_TOKEN = regex.compile(rf"{_WORD}|[0-9]", regex.IGNORECASE)


def _words(text: str) -> Iterator[Edit]:
    for run in _WORD_RUN.finditer(text):
        tokens = list(_TOKEN.finditer(run[0]))
        spelled = [token[0].lower() for token in tokens]
        count = sum(_TIMES.get(word, 1) for word in spelled)
        if count < 6 or sum(not word.isdigit() for word in spelled) < 3:
            continue
        start, times = run.start(), 1
        # From the first word to the last, gaps included, so that the digits stand together.
        pending: int | None = None
        for number, token in enumerate(tokens):
            word = spelled[number]
            begin = start + token.start() if pending is None else pending
            if word in _TIMES:
                times, pending = _TIMES[word], begin
                continue
            end = start + (tokens[number + 1].start() if number + 1 < len(tokens) else token.end())
            yield begin, end, _WORDS.get(word, word) * times
            times, pending = 1, None


# ---- Letters that look like digits, and letters of other scripts that look Latin -----------------------------------
_ALIKE = dict(zip("OoQDIl|iZzSsbGgqB", "00001111225566998", strict=True))
_ALWAYS = frozenset("OoQIl|")  # in front of the first digit, too, where the code begins with other letters
# At least three digits, and letters that look like digits among or beside them, perhaps behind letters of the code.
_ALIKE_RUN = regex.compile(
    r"(?<![0-9A-Za-z])(?=[^0-9]*(?:[0-9][^0-9]{0,4}){3})(?P<own>[A-Z]{0,2}?)"
    r"[0-9OoQDIl|iZzSsbGgqB](?:[ \-/]?[0-9OoQDIl|iZzSsbGgqB]){5,30}"
    r"(?: ?[(\[] ?[0-9OoQDIl|iZzSsbGgqB] ?[)\]])?(?![0-9A-Za-z])"
)
_LATIN = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеіјорсухԚԛԜԝЗзбЧчΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABESIJKMHOPCTYXaeijopcyxQqWw33644ABEZHIKMNOPTYX",
)
_FOREIGN = regex.compile(r"[0-9A-Za-z@.\-]*[\u0391-\u03a7\u0400-\u052f](?:[0-9A-Za-z@.\-\u0391-\u03a7\u0400-\u052f])*")
_MIXED = regex.compile(r"[0-9A-Za-z]")


def _alike(text: str) -> Iterator[Edit]:
    for run in _ALIKE_RUN.finditer(text):
        begin = run.end("own")
        body = run[0][begin - run.start() :]
        digits = sum(map(str.isdigit, body))
        first = next((at for at, char in enumerate(body) if char.isdigit()), None)
        if first is None:
            continue  # a word, and the digits are beyond it: "Ilssos 1 2 3"
        # A letter that only stands beside the number is a word's or a code's: "n.o 12345678".
        letters = [
            at
            for at, char in enumerate(body)
            if char in _ALIKE
            and not _stands_apart(body, at)
            and not _is_word(body, at)
            and (at > first or char in _ALWAYS or not run["own"])
        ]
        if letters and digits > len(letters):
            yield from ((begin + at, begin + at + 1, _ALIKE[body[at]]) for at in letters)


def _stands_apart(run: str, at: int) -> bool:
    """Tell whether a space sets a letter apart from the digits; where it leads, a code's own letter is meant."""
    before, after = run[max(0, at - 1) : at], run[at + 1 : at + 2]
    if before not in {"", " "} or after not in {"", " "}:
        return False
    return at == 0 or any(len(group) > 1 for group in run.split(" "))


def _is_word(run: str, at: int) -> bool:
    """Tell whether a letter is one of a group that has no digit in it: "ID 712 345 678"."""
    begin, end = run.rfind(" ", 0, at) + 1, run.find(" ", at)
    group = run[begin : end if end >= 0 else len(run)]
    return len(group) > 1 and group.isalpha()


def _foreign(text: str) -> Iterator[Edit]:
    for run in _FOREIGN.finditer(text):
        latin = run[0].translate(_LATIN)
        if latin.isascii() and _MIXED.search(run[0]) and latin != run[0]:
            yield from (
                (run.start() + at, run.start() + at + 1, latin[at])
                for at, char in enumerate(run[0])
                if char != latin[at]
            )


# ---- Digits set apart ----------------------------------------------------------------------------------------------
# What may stand between two digits of one number: marks, symbols, pictures and line breaks; no letter, no bracket.
_BETWEEN = r"[^\p{L}\p{N}()\[\]{}<>@&?%$€£¥]"
# Delimiters of cells and lines set numbers apart, unless every digit stands by itself.
_WITHIN = r"[^\p{L}\p{N}()\[\]{}<>@&?%$€£¥,;|│┃║\t\r\n]"
# One or two letters of the number's own, and not those of a word before it: "n.o 1 2 3", "ID 1-2-3".
_LETTERS = (
    rf"(?<![0-9A-Za-z\u00c0-\u024f])(?:(?<!\b[nN][.] ?)(?!(?i:n[.]? ?[oras]|id|nr|cc|bi|ac|pp|sn|tm)\b)"
    rf"[A-Za-z]{_BETWEEN}{{0,3}}(?:[A-Za-z]{_BETWEEN}{{0,3}})?)?"
)
_SINGLES = regex.compile(
    rf"{_LETTERS}[0-9](?:{_WITHIN}{{1,6}}[0-9](?![0-9])){{5,29}}(?:{_WITHIN}{{0,6}}[Xx](?![0-9A-Za-z]))?"
    rf"|{_LETTERS}[0-9](?P<mark>{_BETWEEN}{{1,6}}?)[0-9](?:(?P=mark)[0-9](?![0-9])){{4,28}}(?:(?P=mark)?[Xx](?![0-9A-Za-z]))?"
)
_GROUPS = regex.compile(
    rf"{_LETTERS}[0-9]{{1,7}}(?:(?P<mark>{_WITHIN}{{1,4}}?)[0-9]{{1,7}})(?:(?P=mark)[0-9]{{1,7}}){{0,9}}(?![0-9])"
)
_MIXED_GROUPS = regex.compile(rf"{_LETTERS}[0-9]{{1,4}}(?:{_WITHIN}{{1,2}}[0-9]{{1,4}}){{2,9}}(?![0-9])")
_BROKEN = regex.compile(r"(?<![0-9A-Za-z])([0-9A-Z]{2,22})(?: ?\r?\n[ >|]{0,4})([0-9A-Z]{1,22})(?![0-9A-Za-z])")
# The letters and digits of one code, set apart by one mark.
_CODE = regex.compile(
    rf"(?<![0-9A-Za-z])[0-9A-Z]{{1,4}}(?P<mark>{_WITHIN}{{1,3}}?)[0-9A-Z]{{1,4}}(?:(?P=mark)[0-9A-Z]{{1,4}}){{3,30}}(?![0-9A-Za-z])"
)
_LOOSE = regex.compile(rf"(?<=[0-9]){_BETWEEN}{{0,6}}(?=[(\[] ?[0-9] ?[)\]])")
_OWN = regex.compile(r"\A(?:[A-Za-z ]+ |[a-z]+)")  # what stands before a day or an address, and is no part of it
_INTERVAL = regex.compile(r"(?<=[0-9A-Za-z])[^0-9A-Za-z]+(?=[0-9A-Za-z])")
# What is written with marks between its digits and is a number of its own kind.
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_CLOCK = regex.compile(
    r"(?:[0-3]?[0-9]([./\- ])[01]?[0-9]\1(?:19|20)?[0-9]{2}|(?:19|20)?[0-9]{2}([./\- ])[01]?[0-9]\2[0-3]?[0-9])"
    r"(?:(?!\1|\2)[^0-9A-Za-z]{1,3}[0-2]?[0-9](?:[:.][0-5]?[0-9]){0,2})?"  # a time is set apart by another mark
    r"|[0-3]?[0-9][./\-][01]?[0-9][^0-9]{1,3}[0-2]?[0-9]:[0-5][0-9]"
    r"|(?:[0-3]?[0-9][^0-9A-Za-z]{1,3})?[0-2]?[0-9]:[0-5][0-9]:[0-5][0-9](?:[.,][0-9]{1,9})?"
    r"|(?:1\.3\.6\.1|2\.16|1\.2\.(?:840|156|392)|0\.9\.2342)(?:\.[0-9]{1,7})+"  # object identifiers of X.500
    r"|2\.5\.(?:[0-9]\.)*[0-9]{2,7}(?:\.[0-9]{1,7})*"
    r"|[0-2]?[0-9][:.][0-5][0-9]\s*[-–~]\s*[0-2]?[0-9][:.][0-5][0-9]"
    rf"|(?:{_OCTET}\.){{3}}{_OCTET}(?:/[0-9]{{1,2}})?(?::[0-9]{{1,5}})?"  # an address of the Internet
    r"|[0-9]{2,7}[.,][0-9]{1,2}|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
)
_MOST, _LEAST, _LEAST_WITH_LETTERS = 30, 7, 4  # digits; an IBAN has up to 30


def _is_list(text: str, broken: "regex.Match[str]") -> bool:
    """Tell whether two numbers on two lines are two: of one length, or the end of a row and the next one's start."""
    begin, end = text.rfind("\n", 0, broken.start()) + 1, text.find("\n", broken.end())
    row, below = text[begin : broken.start()], text[broken.end() : end if end >= 0 else len(text)]
    halves = len(broken[1]) == 9 and row.strip()  # of one mainland card, behind its label
    if len(broken[1]) == len(broken[2]) > 6 and not halves:
        return True
    delimiters = "\t;|" if ", " in row else "\t,;|"
    return any(delimiter in row and delimiter in below for delimiter in delimiters)


def _joined(text: str) -> Iterator[Edit]:
    """Yield the removal of what stands between the digits of one number."""
    reached = 0
    runs = [match for pattern in (_SINGLES, _GROUPS, _MIXED_GROUPS, _CODE) for match in pattern.finditer(text)]
    runs += [match for match in _BROKEN.finditer(text) if not _is_list(text, match)]
    for run in sorted(runs, key=lambda match: (match.start(), -match.end())):
        start, end = run.span()
        tail = _LOOSE.match(text, end)
        digits = sum(map(str.isdigit, run[0])) + bool(tail)
        least = _LEAST_WITH_LETTERS if run[0][0].isalpha() else _LEAST
        number = _OWN.sub("", run[0])
        if start < reached or not least <= digits <= _MOST or _CLOCK.fullmatch(number):
            continue
        for interval in _INTERVAL.finditer(run[0]):
            yield start + interval.start(), start + interval.end(), ""
        reached = end
        if tail and tail.end() > end:
            yield tail.start(), tail.end(), ""
            reached = tail.end()


LETTERS_FOR_DIGITS = "letters for digits"

_STEPS: tuple[tuple[Sign, str, Callable[[str], Iterator[Edit]]], ...] = (
    (Sign.LETTERS, "look-alike letters", _foreign),
    (Sign.WORDS, "number words", _words),
    (Sign.NUMERALS, "Chinese numerals", _numerals),
    (Sign.LETTERS, LETTERS_FOR_DIGITS, _alike),
    (Sign.SEPARATED, "separated digits", _joined),
)


def undisguised(text: str, signs: frozenset[Sign], *, letters: bool = True) -> Iterator[Layer]:
    """Yield layers, each on the one before, for the disguises there are signs of; none where no number is disguised.

    Digits made plain by one step may be what the next one joins. Without `letters`, Latin letters are left as such.
    """
    changed = False
    for sign, step, edits in _STEPS:
        if step == LETTERS_FOR_DIGITS and not letters:
            continue
        if (changed or sign in signs) and (layer := rewrite(text, edits(text), step)):
            text, changed = layer.text, True
            yield layer
    # A check digit in brackets is too short a run to be seen before the digits in front of it are plain.
    if (changed or Sign.NUMERALS in signs) and (layer := rewrite(text, _bracketed(text), "digit in words")):
        yield layer


_BRACKETED = regex.compile(rf"(?<=[0-9] ?[(\[] ?)(?:(?P<numeral>{_NUMERAL})|(?i:(?P<word>{_WORD})))(?= ?[)\]])")


def _bracketed(text: str) -> Iterator[Edit]:
    for match in _BRACKETED.finditer(text):
        word = match["word"]
        digit = _WORDS.get(word.lower(), "") if word else _value(match["numeral"], before=False, after=False)
        if digit:
            yield match.start(), match.end(), digit


# ---- Numbers from the end ------------------------------------------------------------------------------------------
_BACKWARDS = re.compile(
    r"(?<![0-9A-Za-z])(?:[Xx]?[0-9]{8,19}|[(\[][0-9][)\]] ?[0-9]{7}|[)\]][0-9][(\[] ?[0-9]{7})(?![0-9A-Za-z])"
)
_FLIP = str.maketrans("()[]", ")(][")


def reversed_numbers(text: str, named: Callable[[int, int], bool]) -> Layer | None:
    """Return the text with numbers of 8 to 19 digits written from their ends, or None if it has none.

    `named` tells whether a place is said to be an identifier.
    """
    return rewrite(text, _backwards(text, named), "reversed digits")


def _backwards(text: str, named: Callable[[int, int], bool]) -> Iterator[Edit]:
    for match in _BACKWARDS.finditer(text):
        turned = match[0][::-1]
        if is_day(match[0]) or not named(*match.span()):
            continue
        if turned[-1] == "(" or turned[-1] == "[" or ")" in turned[: turned.find("(") + 1 or 1]:
            turned = turned.translate(_FLIP)
        if turned != match[0]:
            yield match.start(), match.end(), turned
