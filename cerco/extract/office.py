"""Read Office Open XML packages part by part, so that nothing a program chooses not to show is missed.

In:    the members of a docx, xlsx, pptx or any other such package.
Out:   body, headers, footers, notes, comments, text boxes, deleted text, properties, and what is embedded.
Never: only the parts that the main document refers to.
"""

import re
from collections.abc import Iterator

from cerco.extract import markup, sheet
from cerco.extract.archive import Member
from cerco.extract.charset import encodings
from cerco.extract.plain import heading
from cerco.extract.source import Item, Opener, Source
from cerco.extract.text import Text, Unreadable

# A printer's settings as Windows keeps them, in nearly every workbook; larger than this they are something else.
_PRINTER = re.compile(r"(?:xl|word|ppt)/printerSettings/printerSettings\d+\.bin")
_PRINTER_SIZE = 64 * 1024

_STEPS = (
    (re.compile(r"word/document\d*\.xml"), "body"),
    (re.compile(r"ppt/slides/slide(\d+)\.xml"), "slide {}"),
    (re.compile(r"ppt/notesSlides/notesSlide(\d+)\.xml"), "notes {}"),
    (re.compile(r"docProps/\w+\.xml"), "properties"),
    (re.compile(r"(?:.*/)?([A-Za-z]+)\d*\.xml"), "{}"),
    (re.compile(r".*\.rels"), "links"),
)
_TITLES = frozenset({"title", "subject", "TitlesOfParts"})
_BODY = re.compile(r"word/document\d*\.xml|ppt/slides/slide1\.xml")


def read(members: Iterator[Member | Unreadable], source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in a package."""
    cells: list[sheet.Part] = []
    complete = True
    for member in members:
        if isinstance(member, Unreadable):
            complete = False
            yield member
            continue
        if member.why is not None:
            complete = False
            yield source.gap(member.why, member.name)
        content = _xml(member.data)
        if content is None:
            if not _is_printer(member):
                yield from open_(source.within(member.data, member.name))
        elif sheet.is_part(member.name):
            cells.append(sheet.Part(member.name, content))
        else:
            yield from part(member.name, content, source)
    if cells:
        for item in sheet.read(cells, source, complete=complete):
            yield from part(item.name, item.content, source) if isinstance(item, sheet.Part) else (item,)


def part(name: str, content: str, source: Source) -> Iterator[Text]:
    """Yield what one XML part says: its text, and the attributes that hold words."""
    step = _step(name)
    if name.startswith("docProps/"):
        yield from _properties(content, source)
        return
    text = markup.paragraphs(content) if name.startswith(("word/", "ppt/", "xl/")) else markup.visible(content)
    if _BODY.fullmatch(name) and (first := heading(text)) is not None:
        yield Text(source.place("header"), first, "header")
    if text:
        yield Text(source.place(step), text)
    if said := markup.words(content):
        yield Text(source.place(f"{step} (names and links)"), said)


def _properties(content: str, source: Source) -> Iterator[Text]:
    rest: list[str] = []
    for name, text in markup.elements(content):
        if name in _TITLES:
            yield Text(source.place(f"properties ({name})"), text, "title")
        else:
            rest.append(text)
    rest.extend(markup.words(content).split("\n"))
    if any(rest):
        yield Text(source.place("properties"), "\n".join(rest))


def _xml(data: bytes) -> str | None:
    """Return a part as text if it is XML, in whatever encoding it claims or hides in."""
    codecs = encodings(data)
    if not codecs:
        return None
    text = data.decode(codecs[0], errors="replace").removeprefix("\ufeff")
    return text if text.lstrip().startswith("<") else None


def _is_printer(member: Member) -> bool:
    return len(member.data) <= _PRINTER_SIZE and _PRINTER.fullmatch(member.name) is not None


def _step(name: str) -> str:
    for pattern, step in _STEPS:
        if match := pattern.fullmatch(name):
            return step.format(*match.groups())
    return name
