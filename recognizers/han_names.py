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
_SURNAMES_TITLE = rf"(?:{alternation(lists.TITLES_OF_SURNAMES)})(?![{lists.both(lists.NO_TITLE_AFTER)}])"

_APART = regex.compile(rf"{_EDGE_BEFORE}{HAN}{{2,4}}{_EDGE_AFTER}")
_TITLED = regex.compile(rf"(?<={HAN}) ?(?:副|助理|高級|高级)?(?:{TITLE})")
_SURNAME_TITLED = regex.compile(
    rf"(?P<surname>{SURNAME})(?:(?P<title> ?(?:副|助理)?(?:{TITLE}))|{_SURNAMES_TITLE})", regex.DOTALL
)
_ROLE = regex.compile(rf"(?:{alternation(lists.ROLES)})(?:[是係为為]|[:;,]? ?)(?={SURNAME})")
_OWNED = regex.compile(rf"(?<={HAN})(?:(?:的|嘅|之)?(?:{alternation(lists.OWNED)})| ?(?:{alternation(lists.CLOSINGS)})(?!{HAN}))")
_TELEGRAPH = regex.compile(
    rf"(?P<name>{HAN}{{2,4}}) ?(?:[A-Z][A-Za-z,\- ]{{2,40}}? ?)?"
    r"(?:[(\[] ?(?P<codes>[0-9]{4}(?:[ \-/][0-9]{4}){1,3}) ?[)\]]|(?P<bare>[0-9]{4}(?: [0-9]{4}){1,2})(?![ -]?[0-9]))"
)
_NICKNAME = regex.compile(
    rf"阿[A-Z][a-z]{{1,11}}(?![A-Za-z])|[老小][{''.join(sorted(_COMMON - set('麥麦葉叶梅黃黄湯汤許许')))}]"
    rf"(?=[{''.join(sorted(lists.NEVER_GIVEN))}]|(?!{HAN}))"
)
_NOT_AFTER = regex.compile(alternation(lists.NOT_AFTER))
_TITLE_HERE = regex.compile(f"{TITLE}|{_SURNAMES_TITLE}")


def likeness(run: str) -> int:
    """Tell how much a run of Han characters reads like a full name: 0 not at all, 1 perhaps, 2 very much."""
    surname = 2 if run[:2] in lists.COMPOUND or _is_double(run) else 1
    given = run[surname:]
    known = surname == 2 or run[:1] in lists.SURNAMES or run[:1] in lists.RARE
    if not (known and 1 <= len(given) <= 2) or lists.NEVER_GIVEN.intersection(given) or _TITLE_HERE.fullmatch(given):
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
        open_before = start == 0 or text[start - 1] in _OPENERS or not regex.match(HAN, text[start - 1])
        if length == 4 and run[:2] not in lists.COMPOUND and not open_before:
            continue
        if run[:2] not in lists.COMPOUND and run[0] not in _COMMON and like < 2:
            continue
        if run[0] in lists.RARE and run[:2] not in lists.COMPOUND and not open_before:
            continue
        if like == 2:
            return start
        # 於李先生: what reads half like a name may be a word and a surname.
        if found is None and run[-1] not in lists.SURNAMES and (open_before or length > 2):
            found = start
    return found


def name_after(text: str, start: int) -> int | None:
    """Return where the full name that begins at a place ends, or None where none begins there."""
    for length in (4, 3, 2):
        end = start + length
        run = text[start:end]
        if len(run) < length or not (like := likeness(run)) or _TITLE_HERE.match(text, start + 1):
            continue
        closed = end == len(text) or not regex.match(HAN, text[end])
        if (closed or (like == 2 and run[0] not in lists.RARE)) and not _NOT_AFTER.match(text, end):
            if length == 2 and not closed and text[end] in lists.GIVEN:
                continue
            return end
    return None


def han_names(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (shape, start, end) of every name; one place may come with several shapes."""
    yield from _with_codes(text)
    for match in _TITLED.finditer(text):
        if (start := name_before(text, match.start())) is not None:
            yield "titled", start, match.start()
    for match in _SURNAME_TITLED.finditer(text):
        if _may_open(text, match.start(), match["surname"]):
            yield "surname-titled", match.start(), match.end()
    for match in _ROLE.finditer(text):
        if (end := name_after(text, match.end())) is not None:
            yield "cued", match.end(), end
    for match in _OWNED.finditer(text):
        if (start := name_before(text, match.start())) is not None and likeness(text[start : match.start()]) == 2:
            yield "cued", start, match.start()
    for match in _NICKNAME.finditer(text):
        if match.start() == 0 or text[match.start() - 1] in _OPENERS or not regex.match(HAN, text[match.start() - 1]):
            yield "nickname", *match.span()
    for match in _APART.finditer(text):
        if like := likeness(match[0]):
            yield ("han" if like == 2 else "han-loose"), *match.span()


def _with_codes(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield names with the telegraph code of each of their characters: the codes say how long the name is."""
    for match in _TELEGRAPH.finditer(text):
        count = len(regex.findall("[0-9]{4}", match["codes"] or match["bare"]))
        run = match["name"][-count:]
        if len(run) == count and (run[:2] in lists.COMPOUND or run[0] in lists.SURNAMES or run[0] in lists.RARE):
            yield "telegraph", match.end("name") - count, match.end("name")


def _may_open(text: str, start: int, surname: str) -> bool:
    """Tell whether a surname before a title is one, and not the end of a word: 保安主任, 對方律師."""
    if surname in _COMMON or len(surname) > 1 or start == 0:
        return True
    return text[start - 1] in _OPENERS or not regex.match(HAN, text[start - 1])
