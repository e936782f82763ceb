"""Chinese names: where something beside one says that it is a name, and where it stands apart.

In:    a text of plain characters.
Out:   `han_names`: places, each with what speaks for it, named as the shapes of `recognizers.person_name`.
Never: a name in the middle of a sentence that nothing but its characters speaks for: 高度 and 任何 begin with surnames
       too. Finding those takes a model, see `cerco.scan.names`.
"""

from collections.abc import Iterator

import regex

from recognizers import han_name_lists as lists

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_EDGE_BEFORE = r"(?<![^\x00-\x7f\u3000-\u303f])"  # what may stand before and behind a name that stands apart
_EDGE_AFTER = r"(?![^\x00-\x7f\u3000-\u303f])"

_COMMON = lists.SURNAMES - lists.WORDY
# Words that stand before a name without being a part of it.
_OPENERS = lists.NEVER_GIVEN - set("對对各此該该那某每使令")


def alternation(words: str) -> str:
    """Return a pattern of any of the words, separated by "|", in Traditional or Simplified characters."""
    return "|".join(map(regex.escape, lists.both_words(words)))


SURNAME = "(?:" + "|".join(sorted(lists.COMPOUND)) + "|[" + "".join(sorted(lists.SURNAMES | lists.RARE)) + "])"
TITLE = alternation(lists.TITLES)
_SURNAMES_TITLE = (
    rf"(?:(?:生|太|sir|Sir|SIR)(?![{lists.both(lists.NO_TITLE_AFTER)}])"
    rf"|(?:{alternation(lists.TITLES_OF_SURNAMES)})(?=[{''.join(sorted(lists.NEVER_GIVEN))}]|(?!{HAN})))"
)

_EPONYM = rf"(?!{alternation(lists.EPONYMS)})"
_NEVER = "".join(sorted(lists.NEVER_GIVEN))
_ROLE_WORDS = alternation(lists.ROLES)

ALL_HAN = regex.compile(rf"{HAN}+")
_APART = regex.compile(rf"{_EDGE_BEFORE}{HAN}{{2,4}}{_EDGE_AFTER}")
_TITLED = regex.compile(rf"(?<={HAN}) ?(?:副|助理|高級|高级)?(?:{TITLE}){_EPONYM}")
SURNAME_TITLED = regex.compile(
    rf"(?P<surname>{SURNAME})(?:(?P<title> ?(?:副|助理)?(?:{TITLE}))|{_SURNAMES_TITLE}){_EPONYM}"
)
_ROLE = regex.compile(rf"(?:(?:{_ROLE_WORDS})(?:[是係为為]|(?P<asks>:?) ?)|(?:致|用戶|用户)(?P<asks>:) ?)(?={SURNAME})")
_ROLE_BEFORE = regex.compile(rf"(?:{_ROLE_WORDS})\Z")
_LONGEST_ROLE = max(map(len, lists.ROLES.split("|")))
_OWNED = regex.compile(
    rf"(?<={HAN})(?:(?:的|嘅|之|個|个)?(?:{alternation(lists.OWNED)})| ?(?:{alternation(lists.CLOSINGS)})(?!{HAN}))"
)
_TELEGRAPH = regex.compile(
    rf"(?P<name>{HAN}{{2,4}}) ?(?:[A-Z][A-Za-z,\- ]{{2,40}}? ?)?"
    r"(?:[(\[] ?(?P<codes>[0-9]{4}(?:[ \-/][0-9]{4}){1,3}) ?[)\]]"
    r"|(?P<codes>[0-9]{4}(?: [0-9]{4}){1,2})(?![ -]?[0-9]))"
)
# 魯迅(1881-1936) is no name with two codes.
YEARS = regex.compile(r"(?:1[0-9]{3}|20[0-9]{2})[ \-/](?:1[0-9]{3}|20[0-9]{2})")
# 小麥, 小葉, 老湯 are things to eat.
_CALLED = "".join(sorted(_COMMON - set("麥麦葉叶梅黃黄湯汤許许")))
# 阿華田 is to drink.
_FAMILIAR = "明強强榮荣偉伟輝辉華华傑杰文輝雄發发財财超峰俊豪健玲芳珍儀仪敏欣怡琪燕梅英蘭兰娟麗丽潔洁詩诗慧雯婷萍珊霞芬"
_NICKNAME = regex.compile(
    rf"阿[{_FAMILIAR}](?!{HAN}|田)|阿[{_FAMILIAR}](?=[{_NEVER}以今聽有識食住做])|阿(?!Sir|Miss)[A-Z][a-z]{{1,11}}(?![A-Za-z])|[老小][{_CALLED}](?=[{_NEVER}]|(?!{HAN}))"
)
# What is said of somebody begins with one of these.
_SAID = frozenset(lists.both("係是有被因話說的嘅個曾患信屬確驗懷做入去返仲又正將已同和與對向喺在因欠打冇沒離"))
_SUBJECT = regex.compile(rf"(?={SURNAME}{HAN}{{2,3}}[{''.join(sorted(_SAID))}])")
NOT_AFTER = regex.compile(alternation(lists.NOT_AFTER))
_NUMERALS = frozenset(lists.both("零〇一二三四五六七八九十壹貳叁肆伍陸柒捌玖拾佰仟萬"))
TITLE_HERE = regex.compile(f"{TITLE}|{_SURNAMES_TITLE}")


def han_names(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (shape, start, end) of every name; one place may come with several shapes."""
    yield from _with_codes(text)
    yield from _with_titles(text)
    yield from _with_cues(text)
    for match in _NICKNAME.finditer(text):
        if opens(text, match.start()):
            yield "nickname", *match.span()
    for match in _SUBJECT.finditer(text):
        for length in (3, 4):
            start, end = match.start(), match.start() + length
            # Not of two characters: 高度係, 任何係.
            if text[end : end + 1] in _SAID and opens(text, start) and likeness(text[start:end]) == 2:
                yield "han-subject", start, end
    for match in _APART.finditer(text):
        if like := likeness(match[0]):
            yield ("han" if like == 2 else "han-loose"), *match.span()
        if like < 2 and len(match[0]) < 4 and match[0][0] in _COMMON:
            yield "cell", *match.span()


def _with_codes(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield names with the telegraph code of each of their characters: the codes say how long the name is."""
    for match in _TELEGRAPH.finditer(text):
        count = len(match["codes"].replace("-", " ").replace("/", " ").split())
        run = match["name"][-count:]
        known = run[:2] in lists.COMPOUND or run[0] in lists.SURNAMES or run[0] in lists.RARE
        if known and len(run) == count and not YEARS.fullmatch(match["codes"]):
            yield "telegraph", match.end("name") - count, match.end("name")


def _with_titles(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _TITLED.finditer(text):
        if (start := name_before(text, match.start())) is not None:
            yield "titled", start, match.start()
    for match in SURNAME_TITLED.finditer(text):
        if may_open(text, match.start(), match["surname"]):
            yield "surname-titled", match.start(), match.end()


def _with_cues(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield names behind a role, before what is theirs, and above a closing: 客戶陳大文, 陳大文的電話."""
    for match in _ROLE.finditer(text):
        start, end = match.end(), name_after(text, match.end())
        if end is not None and (match["asks"] or _is_plain(text, start, end)):
            yield "cued", start, end
    for match in _OWNED.finditer(text):
        begin = name_before(text, match.start())
        if begin is not None and _may_own(text, begin, match.start()):
            yield "cued", begin, match.start()


def opens(text: str, start: int) -> bool:
    """Tell whether a name may begin here for all that stands before: no Han, or a word like 請 and 的."""
    return start == 0 or text[start - 1] in _OPENERS or not ALL_HAN.match(text[start - 1])


def may_open(text: str, start: int, surname: str) -> bool:
    """Tell whether a surname before a title is one, and not the end of a word: 保安主任, 對方律師, 古董."""
    if text[start : start + 2] in lists.NOT_NAMES:
        return False
    if surname in _COMMON or len(surname) > 1:
        return True
    if surname in lists.RARE and not _TITLED.match(text, start + 1):  # 衛生 is no Mr. 衛
        return False
    return opens(text, start) or _ROLE_BEFORE.search(text, max(0, start - _LONGEST_ROLE), start) is not None


def _is_plain(text: str, start: int, end: int) -> bool:
    """Tell whether a name behind a role needs no colon: not 客戶和組, 客戶包元."""
    if text[start] in _COMMON or text[start : start + 2] in lists.COMPOUND:
        return True
    return text[start] in lists.WORDY and end - start > 2 and likeness(text[start:end]) == 2


def _may_own(text: str, start: int, end: int) -> bool:
    """Tell whether a name before 的電話 is one: 陳大文, not 包元."""
    if likeness(text[start:end]) < 2 or text[start] in lists.RARE:
        return False
    certain = end - start > 2 and (text[start] in _COMMON or text[start : start + 2] in lists.COMPOUND)
    return certain or opens(text, start)


def likeness(run: str) -> int:
    """Tell how much a run of Han characters reads like a full name: 0 not at all, 1 perhaps, 2 very much."""
    surname = 2 if run[:2] in lists.COMPOUND or _is_double(run) else 1
    given = run[surname:]
    known = surname == 2 or run[:1] in lists.SURNAMES or run[:1] in lists.RARE
    if _NUMERALS.issuperset(run):
        return 0
    if not (known and 1 <= len(given) <= 2) or lists.NEVER_GIVEN.intersection(given) or TITLE_HERE.fullmatch(given):
        return 0
    if any(word in lists.NOT_NAMES for word in (run[:2], run[:3], run)):
        return 0
    return 2 if lists.GIVEN.issuperset(given) else 1


def _is_double(run: str) -> bool:
    """Tell whether a name of four characters begins with a husband's surname and a wife's: 何陳婉珍."""
    return len(run) == 4 and run[0] in _COMMON and run[1] in _COMMON and run[1] not in lists.GIVEN


def name_before(text: str, end: int) -> int | None:
    """Return where the full name that ends at a place begins, or None where none ends there."""
    found = None
    for length in (4, 3, 2):
        start = end - length
        run = text[max(start, 0) : end]
        if start < 0 or not (like := likeness(run)):
            continue
        free = opens(text, start)
        if run[:2] not in lists.COMPOUND:
            unsure = run[0] not in _COMMON and (like < 2 or (run[0] in lists.RARE and not free))
            if unsure or (length == 4 and not free):
                continue
        if like == 2:
            return start
        # 於李先生: what reads half like a name may be a word and a surname.
        if found is None and run[-1] not in lists.SURNAMES and (free or length > 2):
            found = start
    return found


def name_after(text: str, start: int) -> int | None:
    """Return where the full name that begins at a place ends, or None where none begins there."""
    for length in (4, 3, 2):
        end = start + length
        run = text[start:end]
        if len(run) < length or not (like := likeness(run)) or TITLE_HERE.match(text, start + 1):
            continue
        closed = end == len(text) or not ALL_HAN.match(text[end])
        if (closed or (like == 2 and run[0] not in lists.RARE)) and not NOT_AFTER.match(text, end):
            if length == 2 and not closed and text[end] in lists.GIVEN:
                continue
            return end
    return None
