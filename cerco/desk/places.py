"""A place as the record names it -> where that is, in a reader's words.

In:    places: names of wire fields ("msgParam > content"), and what stands in files ("body > 名單.xlsx > row 3").
Out:   "Message", "File › 名單.xlsx › row 3", in the reader's language.
Never: the name of a field that only a programmer knows.
"""

import re
from collections.abc import Iterator, Sequence

from cerco.decide.wording import Wording
from cerco.desk.texts import TEXTS
from cerco.state.joined import EARLIER

JOINT = " › "

_PLACE = TEXTS.place
# Where the bytes of files stand in a request; what follows is inside the file.
_CARRIER = re.compile(
    r"body|frame|upload|file|object|multipart .*|(?:.*[.\]])?(?:picBytes|audioBytes|opusAudioBytes)|.*\.body|.*\.data"
)
_POSITION = re.compile(r"\[(\d+)\]")
_FIELD = re.compile(r"[A-Za-z_$*][\w.$*\[\]-]*")
_FILE = re.compile(r".+\.[A-Za-z0-9]{1,5}")
_NUMBERED = re.compile(r"(row|line|page|slide|notes) (\d+)")

_WORDS: tuple[tuple[re.Pattern[str], Wording], ...] = (
    (re.compile(r"title|subject|heading|head|singletitle|newtitle|summary"), _PLACE.title),
    (
        re.compile(r".*file_?name|f_name|name|newname|resourcename|attachmentname|imagename|object name"),
        _PLACE.filename,
    ),
    (re.compile(r".*ur[li]|href|link"), _PLACE.link),
)
_AROUND: tuple[tuple[re.Pattern[str], Wording], ...] = (
    (re.compile(r"cardParamMap|cardData|cardContent|lastMessageI18n|a2uiMessages", re.IGNORECASE), _PLACE.card),
    (re.compile(r"\bvalues\b|\bcells?\b|complexValues|\brows?\b|records\[", re.IGNORECASE), _PLACE.table),
    (re.compile(r"formComponentValue|form_component_value|formItemList|oa\.body\.form", re.IGNORECASE), _PLACE.form),
)
_INSIDE: dict[str, Wording] = {
    "header": _PLACE.heading,
    "body": _PLACE.body,
    "text": _PLACE.body,
    "footer": _PLACE.footer,
    "footnotes": _PLACE.notes,
    "endnotes": _PLACE.notes,
    "comments": _PLACE.comments,
    "properties": _PLACE.properties,
    "outline": _PLACE.outline,
    "links": _PLACE.links,
    "strings outside of cells": _PLACE.hidden,
}
_NUMBERS: dict[str, Wording] = {
    "row": _PLACE.row,
    "line": _PLACE.line,
    "page": _PLACE.page,
    "slide": _PLACE.slide,
    "notes": _PLACE.slide_notes,
}
_NOTES: dict[str, Wording] = {
    "picture": _PLACE.picture,
    "notes and forms": _PLACE.forms,
    "names and links": _PLACE.links,
    "header": _PLACE.heading,
    EARLIER: _PLACE.earlier,
}
_APPS = frozenset({"lws", "quic", "udp", "raw tcp", "tls without our certificate"})
_TEXT_FIELDS = re.compile(
    r"(?:.*[._])?(?:content|text|markdown|message|msg|body|desc\w*|remark|comment|html|value)", re.IGNORECASE
)


def in_words(place: str, language: str) -> str:
    """Return where a place is, from the outermost to the innermost, in the reader's language."""
    plain, notes = _noted(place)
    steps = [step.strip() for step in plain.split(" > ")]
    said = list(_file(steps, language) if _is_file(steps) else _message(steps, language))
    said += [wording.say(language) for note in notes if (wording := _NOTES.get(note))]
    return JOINT.join(dict.fromkeys(said))


def _noted(place: str) -> tuple[str, list[str]]:
    """Take off what is said in brackets at the end of a place."""
    notes: list[str] = []
    while (found := re.fullmatch(r"(.+) \(([^()]*)\)", place)) and not found[2].isdecimal():
        place, note = found[1], found[2]
        notes.insert(0, note)
    return place, notes


def _is_file(steps: Sequence[str]) -> bool:
    if len(steps) == 1:
        return steps[0] in {"upload", "body", "file", "object"}
    inner = steps[1:]
    if not _CARRIER.fullmatch(steps[0]):
        return False
    return not (len(inner) == 1 and steps[0].startswith("multipart ") and _TEXT_FIELDS.fullmatch(inner[0]))


def _file(steps: Sequence[str], language: str) -> Iterator[str]:
    if steps == ["body"]:
        yield _PLACE.whole.say(language)
        return
    yield _PLACE.file.say(language)
    if steps[0] == "upload":
        yield _PLACE.parts.say(language)
    inner = steps[1:]
    for at, step in enumerate(inner):
        after = inner[at + 1] if at + 1 < len(inner) else ""
        numbered = _NUMBERED.fullmatch(step)
        plain = step.partition(" (")[0]
        if numbered:
            yield _NUMBERS[numbered[1]].say(language, number=numbered[2])
        elif plain in _INSIDE or plain.startswith("text without"):
            if not after:  # "text > line 3" is line 3
                yield _INSIDE.get(plain, _PLACE.body).say(language)
        elif after.startswith("row ") and not _FILE.fullmatch(step):
            yield _PLACE.sheet.say(language, name=step)
        elif step != "content":
            yield step


def _message(steps: Sequence[str], language: str) -> Iterator[str]:
    whole = " > ".join(steps)
    if whole in _APPS:
        yield _PLACE.opened.say(language)
        return
    last = steps[-1]
    kind, _, field = last.rpartition(" ")
    name = _POSITION.sub("", field).rpartition(".")[2].lower()
    if kind in {"header", "path segment"} or (kind == "query" and not _TEXT_FIELDS.fullmatch(field)):
        yield _PLACE.request.say(language)
        return
    named = next((wording for pattern, wording in _WORDS if pattern.fullmatch(f"{name}" or last)), None)
    if last == "object name" or last.endswith(" filename"):
        named = _PLACE.filename
    around = next((wording for pattern, wording in _AROUND if pattern.search(whole)), None)
    if around is not None:
        yield around.say(language)
    if named is not None:
        yield named.say(language)
    elif around is None:
        yield _PLACE.message.say(language)
    if (number := _item(whole)) is not None:
        yield _PLACE.list_item.say(language, number=number)


def _item(whole: str) -> int | None:
    """Return which item of a list something is, from 1; None where the list is only the envelope of the message."""
    found = list(_POSITION.finditer(whole))
    if not found or found[-1].start() <= len("body"):
        return None
    return int(found[-1][1]) + 1
