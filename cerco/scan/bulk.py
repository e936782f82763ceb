"""Several bare numbers of one make in one list: together they say what none of them says alone.

In:    a text as it was sent and the places of bare eight-digit numbers that may be identifiers.
Out:   `listed`: those that stand in such a list.
Never: a run of consecutive numbers, or a list that mixes them with numbers of another make: those count orders.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from cerco.scan.table import Tables
from recognizers.folding import fold
from recognizers.labels import Kind, labels

_EIGHT = re.compile(r"(?<![0-9A-Za-z.])[0-9]{8}(?![0-9A-Za-z.])")
_FEW, _MANY = 3, 5  # numbers needed: in a list about people, in any list
_DELIMITERS = "\t,;|"
_WIDE = 1024  # characters to the left and right in which a column or a line is looked at
_SPREAD = 10  # different first three digits; ten thousand consecutive numbers share one or two
_NEAR = 200  # characters before a list in which people are mentioned


def listed(
    text: str, spans: Iterable[tuple[int, int]], named: Iterable[tuple[int, int]], tables: Tables
) -> frozenset[tuple[int, int]]:
    """Return the spans that stand in one column, or one line, with enough of their like.

    `text` is in plain characters of the same length. `named` are numbers that a label already says to be what the
    others are taken for.

    By chance an eight-digit number begins as an ID does in three cases of ten, so a list of which every number does is
    none of orders or amounts; and issued numbers do not share their first three digits. One in ten may look like a
    date, 19YYMMDD, as some issued numbers do.
    """
    wanted, sure = set(spans), set(named)
    like = wanted | sure
    if not wanted or len({text[start:end] for start, end in like}) < _FEW:
        return frozenset()
    groups: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    # The spans may be a portion of a long text. Its neighbours beyond the first and the last are unknown: they are
    # held against the list only if they begin as none of it does.
    first, last = min(like)[0], max(like)[1]
    begins = {text[start] for start, _ in like}
    line = column = 0
    end = text.rfind("\n", 0, max(0, first - _WIDE)) + 1
    for match in _EIGHT.finditer(text, end, last + _WIDE):
        line += text.count("\n", end, match.start())
        end = match.end()
        if not first <= match.start() < last and match[0][0] in begins:
            continue
        row = tables.row(match.start())
        begin = text.rfind("\n", max(0, match.start() - _WIDE), match.start()) + 1
        column = row.column if row else sum(map(text[begin : match.start()].count, _DELIMITERS))
        groups["column", column].append(match.span())
        groups["line", line].append(match.span())
    found: set[tuple[int, int]] = set()
    for group in groups.values():
        values = {text[start:end] for start, end in group}
        strangers = {text[start:end] for start, end in group if (start, end) not in like}
        dates = all(value.startswith("19") for value in strangers) and len(strangers) * 10 <= len(values)
        if len(values) < _FEW or not dates:
            continue
        openings = {value[:3] for value in values}
        scattered = len(openings) >= max(_FEW, min(len(values) // 2 + 1, _SPREAD))
        people = len(values) >= _MANY or _about_people(text, group[0][0], tables)
        if not sure.isdisjoint(group) or (scattered and people):
            found.update(group)
    return frozenset(found & wanted)


def _about_people(text: str, start: int, tables: Tables) -> bool:
    near = [*labels(fold(text[max(0, start - _NEAR) : start])), *tables.heads(start)]
    return any(label.kind in {Kind.PERSON, Kind.NAME} for label in near)
