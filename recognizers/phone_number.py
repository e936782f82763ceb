"""PHONE_NUMBER: telephone numbers of Macau and of the places its people come from, call and are called from.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a check digit in brackets taken for part of a number: 1234567(8) is an identity card; an emergency number: 999
       is nobody's.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import phonenumbers
import regex

from recognizers.digits import AMOUNT_BEFORE, BEFORE, UNIT_AFTER, is_day, strictly
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

SHORTEST, LONGEST = 7, 15  # digits; ITU-T E.164 allows fifteen, with the country's code

# A number with the country's code in front stands alone. As it is dialled at home it may be anything that has as many
# digits: Macau's eight are also accounts, orders and tax numbers.
_SHAPES = (
    Shape("international", alone=0.7, labelled=0.95, hinted=0.9, contested=0.6),
    Shape("international-unassigned", alone=0.1, labelled=0.75, hinted=0.4, contested=0.02),
    Shape("dialled", alone=0.65, labelled=0.95, hinted=0.85, contested=0.3),
    Shape("dialled-abroad", alone=0.2, labelled=0.9, hinted=0.6, contested=0.05),
    Shape("code-apart", alone=0.65, labelled=0.95, hinted=0.85, contested=0.3),
    Shape("code-joined", alone=0.3, labelled=0.9, hinted=0.7, contested=0.05),
    # "text Ana on 66123456", "搵阿明，66123456": what one does with a number, right before it.
    Shape("called", alone=0.65, labelled=0.95, hinted=0.85, contested=0.3),
    Shape("macau", alone=0.4, labelled=0.9, hinted=0.6, contested=0.02, beside=0.65),
    # The library's plans are a few months behind, and people mistype.
    Shape("macau-unassigned", alone=0.05, labelled=0.7, hinted=0.1, contested=0.01),
    Shape("mainland-mobile", alone=0.5, labelled=0.95, hinted=0.75, contested=0.05, beside=0.65),
    Shape("hong-kong", alone=0.1, labelled=0.85, hinted=0.3, contested=0.01),
    Shape("elsewhere", alone=0.03, labelled=0.8, hinted=0.1, contested=0.01),
    Shape("within-code", alone=0.05, labelled=0.5, hinted=0.1, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)

# Codes dialled from Macau every day, also after 00, and without a plus.
_NEAR = {"853": "MO", "852": "HK", "86": "CN", "351": "PT", "886": "TW"}
# Where numbers are written with a 0 in front, and where without. Macau's eight digits come first, then Hong Kong's.
_WITH_ZERO = ("CN", "TW", "PH", "VN", "ID", "MY", "JP", "KR", "TH", "MM", "NP", "GB", "AU", "FR")
_WITHOUT_ZERO = ("SG", "PT", "US", "IN", "NP", "CA", "BR", "AO", "MZ")


@cache
def _plan(region: str) -> regex.Pattern[str]:
    """Return the pattern of all numbers assigned in a region, as the library's `is_valid_number` would have it."""
    plan = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if plan is None:
        raise LookupError(f"{region}: the library phonenumbers has no plan for it")
    kinds = (
        *(plan.fixed_line, plan.mobile, plan.toll_free, plan.premium_rate, plan.shared_cost, plan.personal_number),
        *(plan.voip, plan.pager, plan.uan, plan.voicemail),
    )
    return regex.compile(
        "|".join(kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern)
    )


_MAINLAND_MOBILE = regex.compile("1[3-9][0-9]{9}")
_MACAU = regex.compile("(?:28|6[0-9]|8[1-9])[0-9]{6}")  # the blocks the plan of Macau has

# How a number of eight digits, and a mobile number of the mainland, may be grouped.
_EIGHT = frozenset({(8,), (4, 4), (2, 2, 2, 2), (2, 3, 3), (3, 3, 2), (3, 5), (2, 6)})
_ELEVEN = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 2, 2, 2, 2)})

# Between digits of one number: nothing, a space, a hyphen, a dot, or the brackets of an area code.
_GAP = r"(?: ?[-.()]{1,2} ?| ?)"
_RUN = regex.compile(
    rf"(?:(?<![0-9])(?P<plus>[(]?[+] ?[(]?)|(?<![0-9][.-])(?<![0-9],(?=[0-9]{{3}}(?![0-9]))){BEFORE})"
    rf"(?P<digits>[0-9](?:{_GAP}[0-9])*+)"
)
_CANDIDATE = regex.compile(rf"[(+ ]{{0,4}}[0-9](?:{_GAP}[0-9]){{{SHORTEST - 1},}}")
_ALONE = regex.compile("(?<![0-9])(?:00|853|852|86|351|886|28|6|8[1-9]|1[3-9])")
_GROUP = regex.compile(r"[0-9]+")
_EXTENSION = regex.compile(
    r"(?i: {0,2},? ?(?:extension|extensão|extn?\.?|ramal|內線|内线|分機|分机|轉|转)[ :.]{0,2}|#|x(?=[0-9]{2}))"
    r"[0-9]{1,6}(?![0-9A-Za-z])"
)
_TIED_BEFORE = regex.compile(r"[A-Za-z]-\Z")
_TIED_BEHIND = regex.compile(r"-[A-Za-z]")

_CALLED = regex.compile(
    r"(?<![a-z])(?:call|text|ring|sms|message|msg|ping|phone|dial|whatsapp|contact|reach|telefon[ae]|lig[aeou]r?|falar?)"
    r"(?:[ -](?:\p{L}|[.'-]){1,12}){0,3} (?:on|at|to|via|para|pelo|no|com|ao|@)(?: (?:o|the|his|her|my))?"
    r" ?[:,]? ?[(+]?\Z"
    r"|(?:搵|揾|找|打(?:俾|畀|比|給|给|返|番)|致電|致电|聯絡|联络|聯繫|联系|覆返?|回覆)(?:番|返)?"
    r"[^\s\d，,。:：]{0,6}[，,:： ]{0,2}[(+]?\Z",
    regex.IGNORECASE,
)
_CALLED_REACH = 48  # characters
_CALLABLE = frozenset({"macau", "mainland-mobile", "code-joined", "hong-kong", "elsewhere"})

type _Groups = Sequence[tuple[int, int]]


class PhoneNumberRecognizer(ShapeRecognizer):
    """Finds telephone numbers by the plans of the library phonenumbers, with their extensions."""

    ENTITIES = ("PHONE_NUMBER",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.PHONE})
    HINTED_BY = frozenset({Kind.NAME, Kind.PERSON, Kind.ADDRESS, Kind.EMAIL})
    TRIGGERS = (rf"[0-9](?:{_GAP}[0-9]){{{SHORTEST - 1}}}[^0-9]",)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every number that a plan has room for."""
        return self._find(text)

    def find_alone(self, text: str) -> Iterator[Match]:
        """Yield those that begin as numbers do in and around Macau, or with a country's code."""
        return self._find(text, _ALONE)

    def _find(self, text: str, begins: regex.Pattern[str] | None = None) -> Iterator[Match]:
        for run in strictly(_RUN, _CANDIDATE, text):
            begin, end = run.span("digits")
            if end - begin < SHORTEST or (begins and not run["plus"] and not begins.search(text, begin, end)):
                continue
            groups = [group.span() for group in _GROUP.finditer(text, begin, end)]
            for first, last, shape in _numbers(text, groups, plus=run["plus"] is not None):
                start, end = groups[first][0], groups[last][1]
                if first == 0 and run["plus"]:
                    start = run.start() + run["plus"].index("+")
                if text[start - 1 : start] == "(" and ")" in text[start:end]:
                    start -= 1
                called = shape in _CALLABLE and _CALLED.search(text, max(0, start - _CALLED_REACH), start)
                extension = _EXTENSION.match(text, end)
                yield Match(_BY_NAME["called" if called else shape], start, extension.end() if extension else end)


def _numbers(text: str, groups: _Groups, *, plus: bool) -> Iterator[tuple[int, int, str]]:
    """Yield (first group, last group, shape) of the numbers in a run of groups of digits, from left to right."""
    numbers: list[tuple[int, int, str]] = []
    taken: set[int] = set()
    at = 0
    while at < len(groups):
        found = None
        if plus and at == 0:
            found = _international(text, groups)
        elif at == 0 or " " in text[groups[at - 1][1] : groups[at][0]]:
            found = _national(text, groups, at)
        if found:
            numbers.append((at, *found))
            taken.update(range(at, found[0] + 1))
            at = found[0]
        at += 1
    for first, last, shape in numbers:
        beside = [at for at in (first - 1, last + 1) if 0 <= at < len(groups) and at not in taken]
        apart = shape.startswith("international") or not any(_is_part(text, groups, at) for at in beside)
        yield first, last, shape if apart else "within-code"


def _spans(text: str, groups: _Groups, at: int) -> list[tuple[int, str]]:
    """Return (last group, digits) of what may be one number from a group on, the longest first."""
    spans: list[tuple[int, str]] = []
    digits = ""
    for last in range(at, len(groups)):
        start, end = groups[last]
        # In brackets stands an area code, or the 0 that is left out when calling from abroad; never a check digit.
        bracketed = last > at and "(" in text[groups[last - 1][1] : start]
        if bracketed and not (text[end : end + 1] == ")" and (end - start > 1 or text[start] == "0")):
            break
        digits += text[start:end]
        if len(digits) > LONGEST + 1 or (bracketed and last > at + 1):
            break
        if len(digits) >= SHORTEST and not bracketed and _ends(text, groups, last):
            spans.append((last, digits))
    return spans[::-1]


def _ends(text: str, groups: _Groups, last: int) -> bool:
    """Tell whether a number may end with a group: before a space or a bracket, not before a letter or decimals."""
    end = groups[last][1]
    if last + 1 < len(groups):
        start, after = groups[last + 1]
        joint = text[end:start]
        return " " in joint or "(" in joint or (joint == "." and text[start:after] == "0")  # a spreadsheet's integer
    letter = text[end : end + 1]
    return not (letter.isascii() and letter.isalpha()) or _EXTENSION.match(text, end) is not None


def _is_part(text: str, groups: _Groups, at: int) -> bool:
    """Tell whether digits beside a number may belong to one longer code with it: neither a list's number nor a day."""
    first = last = at
    while first > 0 and " " not in text[groups[first - 1][1] : groups[first][0]]:
        first -= 1
    while last + 1 < len(groups) and " " not in text[groups[last][1] : groups[last + 1][0]]:
        last += 1
    return 2 < sum(end - start for start, end in groups[first : last + 1]) < SHORTEST


def _international(text: str, groups: _Groups) -> tuple[int, str] | None:
    """Return (last group, shape) of the number after a plus."""
    possible = None
    for last, digits in _spans(text, groups, 0):
        try:
            number = phonenumbers.parse(f"+{digits}")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return last, "international"
        if possible is None and phonenumbers.is_possible_number(number):
            possible = last, "international-unassigned"
    return possible


def _national(text: str, groups: _Groups, at: int) -> tuple[int, str] | None:
    """Return (last group, shape) of the number that begins with a group, as it is dialled somewhere."""
    for last, digits in _spans(text, groups, at):
        start, end = groups[at][0], groups[last][1]
        lengths = tuple(end - start for start, end in groups[at : last + 1])
        dotted = "." in text[start:end] and (max(lengths) > 4 or len(lengths) == 4)  # a decimal, or an address of IPv4
        if dotted or (len(lengths) > 1 and min(lengths) < 2) or is_day(digits):
            continue
        shape = _shape(digits, lengths)
        if shape and not (UNIT_AFTER.match(text, end) or AMOUNT_BEFORE.search(text, max(0, start - 4), start)):
            tied = _TIED_BEFORE.search(text, max(0, start - 2), start) or _TIED_BEHIND.match(text, end)
            return last, "within-code" if tied else shape
    return None


def _shape(digits: str, lengths: tuple[int, ...]) -> str:
    """Name the shape of digits by the plan that has room for them, and by how they are grouped; "" if none has."""
    if len(digits) == 8:
        shape = (
            "macau"
            if _assigned("MO", digits)
            else "hong-kong"
            if _assigned("HK", digits)
            else "macau-unassigned"
            if _MACAU.fullmatch(digits)
            else "elsewhere"
            if _assigned("SG", digits)
            else ""
        )
        return shape if lengths in _EIGHT else "within-code" * bool(shape)
    if len(digits) == 10 and digits[0] == "1":
        return ""  # seconds since 1970
    if digits.startswith("00"):
        near = next((code for code in _NEAR if digits.startswith(code, 2)), "")
        if near:
            return "dialled" if _assigned(_NEAR[near], digits[2 + len(near) :]) else ""
        return "dialled-abroad" if len(digits) > 9 and _is_valid(digits[2:]) else ""
    if _MAINLAND_MOBILE.fullmatch(digits) and _assigned("CN", digits):
        return "mainland-mobile" if lengths in _ELEVEN else "within-code"
    near = next((code for code in _NEAR if digits.startswith(code) and len(digits) > 10), "")
    if near and _assigned(_NEAR[near], digits[len(near) :]):
        return "code-apart" if lengths[0] == len(near) else "code-joined"
    if digits[0] == "0":
        known = any(_assigned(region, digits[1:]) for region in _WITH_ZERO) or _assigned("MO", digits)  # freephone
    elif digits.startswith(("400", "800")):  # the mainland's service numbers
        known = _assigned("CN", digits)
    else:
        known = len(digits) > 8 and any(_assigned(region, digits) for region in _WITHOUT_ZERO)
    return "elsewhere" if known else ""


def _assigned(region: str, digits: str) -> bool:
    return _plan(region).fullmatch(digits) is not None


def _is_valid(digits: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False
