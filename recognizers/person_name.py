"""PERSON: names of people as they are written in Macau, in Chinese, romanised, in Portuguese and in English.

In:    a text.
Out:   results, scored as if they stood alone; without a model.
Never: a score to act on for characters that only look like a name. A title, a telegraph code, the same name in the
       other script, a role or a closing beside it make it one; so do a label and a list, which `cerco.scan` sees to.

The place of a result is the name, without what speaks for it: 陳大文 of 陳大文先生 and of 陳大文(7115 1129 2429). A
bare surname says little without its title: 陳先生, 馮太 and "Chan sir" are results whole; of "Mr. Chan" it is "Chan".
"""

from collections.abc import Iterator

import regex

from recognizers.han_name_lists import SPELLED
from recognizers.han_names import HAN, han_names, name_after, name_before
from recognizers.labels import IDENTITY_KINDS, Kind
from recognizers.latin_names import LatinName, latin_names
from recognizers.name_triggers import HAN_TRIGGERS, LATIN_TRIGGERS
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

_SHAPES = (
    # Macau's documents print the telegraph code of every character beside a name (Decree-Law 88/85/M).
    Shape("telegraph", alone=0.95, labelled=0.97, hinted=0.95, contested=0.9),
    Shape("two-scripts", alone=0.85, labelled=0.95, hinted=0.9, contested=0.8),
    Shape("titled", alone=0.75, labelled=0.92, hinted=0.85, contested=0.7),
    Shape("surname-titled", alone=0.7, labelled=0.8, hinted=0.75, contested=0.65),
    Shape("cued", alone=0.7, labelled=0.9, hinted=0.8, contested=0.6),
    Shape("nickname", alone=0.5, labelled=0.65, hinted=0.6, contested=0.4, beside=0.6),
    Shape("romanised", alone=0.4, labelled=0.85, hinted=0.6, contested=0.3, listed=0.7, beside=0.65),
    Shape("western", alone=0.4, labelled=0.85, hinted=0.6, contested=0.3, listed=0.7, beside=0.65),
    Shape("han", alone=0.35, labelled=0.85, hinted=0.6, contested=0.15, listed=0.65, beside=0.65),
    # A name that opens a sentence and something is said of: 陳大文係…, 陳大文患….
    Shape("han-subject", alone=0.3, labelled=0.5, hinted=0.4, contested=0.1, beside=0.65),
    Shape("romanised-short", alone=0.25, labelled=0.75, hinted=0.4, contested=0.1, listed=0.5),
    Shape("western-loose", alone=0.2, labelled=0.75, hinted=0.35, contested=0.1, listed=0.4),
    Shape("han-loose", alone=0.1, labelled=0.5, hinted=0.15, contested=0.02),
    # A cell that no list knows all of, or that is a word as well: what it is, the head of its column says.
    Shape("cell", alone=0.03, labelled=0.7, hinted=0.05, contested=0.01, headed=True),
    # A cell that holds a surname or a given name and nothing else: what it is, the head of its column says.
    Shape("part", alone=0.03, labelled=0.6, hinted=0.05, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)

_BETWEEN = r"[ (\[/,|\t-]{0,3}"  # the same name in two scripts
_HAN_BEFORE = regex.compile(rf"{HAN}(?={_BETWEEN}\Z)")
_HAN_AFTER = regex.compile(rf"[ )\]/,|\t(-]{{0,3}}(?={HAN})")
_REACH = 4  # characters; `_BETWEEN`, and one


class PersonNameRecognizer(ShapeRecognizer):
    """Finds names of people; a name in the middle of a Chinese sentence only where something beside it says so."""

    COUNTRY_CODE = "mo"
    ENTITIES = ("PERSON",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.NAME})
    LISTED_UNDER = frozenset({Kind.PERSON})
    HINTED_BY = IDENTITY_KINDS | {Kind.PERSON, Kind.PHONE, Kind.EMAIL, Kind.ACCOUNT, Kind.BANKING}
    CONTESTED_BY = frozenset({Kind.OTHER, Kind.LAW, Kind.ADDRESS})
    CONTESTED_BEHIND = False  # "Chan Tai Man, invoice no. ...": the invoice is not what he is called
    TRIGGERS = (*HAN_TRIGGERS, *LATIN_TRIGGERS)
    REACH = 110

    def find(self, text: str) -> Iterator[Match]:
        """Yield every name once, with the strongest shape that it has."""
        best: dict[tuple[int, int], Shape] = {}

        def note(name: str, start: int, end: int) -> None:
            shape, known = _BY_NAME[name], best.get((start, end))
            if known is None or known.alone < shape.alone:
                best[start, end] = shape

        for name, start, end in han_names(text):
            note(name, start, end)
        for latin in latin_names(text):
            note(latin.shape, latin.start, latin.end)
            for start, end in _same_in_han(text, latin):
                note("two-scripts", start, end)
                note("two-scripts", latin.start, latin.end)
        for (start, end), shape in best.items():
            yield Match(shape, start, end)


def _same_in_han(text: str, name: LatinName) -> Iterator[tuple[int, int]]:
    """Yield the places beside a romanised name where characters begin with the surname that it spells."""
    if not name.surname:
        return
    if before := _HAN_BEFORE.search(text, max(0, name.start - _REACH), name.start):
        start = name_before(text, before.end())
        if start is not None and _spells(text[start : before.end()], name.surname):
            yield start, before.end()
    if after := _HAN_AFTER.match(text, name.end):
        end = name_after(text, after.end())
        if end is not None and _spells(text[after.end() : end], name.surname):
            yield after.end(), end


def _spells(han: str, surname: str) -> bool:
    return any(surname in SPELLED.get(han[:length], ()) for length in (2, 1))
