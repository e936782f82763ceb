"""Read Office Open XML packages part by part, so that nothing a program chooses not to show is missed.

In:    the members of a docx, xlsx, pptx or any other such package.
Out:   body, headers, footers, notes, comments, text boxes, deleted text, properties, and what is embedded.
Never: only the parts that the main document refers to.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from cerco.extract import excel97, markup, pivot, sheet
from cerco.extract.archive import Member
from cerco.extract.charset import encodings
from cerco.extract.outline import Outline, is_map, outline
from cerco.extract.plain import heading, pieces
from cerco.extract.source import Item, Opener, Source
from cerco.extract.text import Text, Unreadable

# A printer's settings as Windows keeps them, in nearly every workbook; larger than this they are something else.
_PRINTER = re.compile(r"(?:xl|word|ppt)/printerSettings/printerSettings\d+\.bin")
_PRINTER_SIZE = 64 * 1024

# The parts of an xlsb: [MS-XLSB] 2.1.7. Macros and embedded files are named alike, but in other folders.
_BINARY = re.compile(
    r"xl/(?:workbook|styles|sharedStrings|calcChain|connections|metadata|externalLinks/\w+|comments\w*|tables/\w+"
    r"|(?:worksheets|macrosheets|chartsheets|dialogsheets|pivotTables|pivotCache|queryTables)/\w+)\.bin"
)
_HEAD = 4096  # characters to look for the beginning in, behind blanks
_PART = re.compile(r".*\.(?:xml|rels|vml)", re.IGNORECASE | re.DOTALL)
_TITLES = frozenset({"title", "subject", "TitlesOfParts"})
_BODY = re.compile(r"word/document\d*\.xml|ppt/slides/slide1\.xml")
_RUNNING = re.compile(r"word/.*\.xml|ppt/.*\.xml|xl/(?:drawings|charts|diagrams)/.*\.xml", re.DOTALL)
_FIELDS = re.compile(r"(?:xl|visio)/.*\.xml", re.DOTALL)
_COMMENTS = re.compile(r"xl/(?:comments\d*|comments/\w+|threadedComments/\w+)\.xml")
_COMMENT = re.compile(r"<(?:\w+:)?(?:comment|threadedComment)\s")
_REFERENCE = re.compile(r"""[^<>]*?\bref=["']([A-Z]{1,3}\d{1,7})["']""")
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")
_UNSHOWN = re.compile(r"""<(?:\w+:)?sld\s(?:[^<>]*\s)?show=["'](?:0|false)["']""")


def rank(name: str) -> int:
    """Return the key that sorts a package's members into the order in which they can be understood."""
    return 0 if is_map(name) else 1 if sheet.is_shared(name) or pivot.is_definition(name) else 2


def read(members: Iterable[Member | Unreadable], source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in a package whose members come in the order of `rank`."""
    binary: dict[str, bytes] = {}
    parts = _parts(members, source, open_, binary)
    maps: dict[str, str] = {}
    first: list[tuple[str, str]] = []  # part that is no map
    for item in parts:
        if isinstance(item, Text | Unreadable):
            yield item
        elif is_map(item[0]) and item[0] not in maps:
            maps[item[0]] = item[1]
        else:
            first.append(item)
            break
    package = _Package(source, outline(maps))
    yield from package.titles()
    for item in chain(first, parts, maps.items()):
        yield from (item,) if isinstance(item, Text | Unreadable) else package.part(*item)
    yield from package.book.rest(source)
    if binary:
        yield from excel97.read_xlsb(binary, source)


def _parts(
    members: Iterable[Member | Unreadable], source: Source, open_: Opener, binary: dict[str, bytes]
) -> Iterator[tuple[str, str] | Text | Unreadable]:
    """Yield the XML parts as (name, content), and as items whatever else there is; put aside what is binary Excel's."""
    for member in members:
        if isinstance(member, Unreadable):
            yield member
            continue
        if member.why is not None:
            yield source.gap(member.why, member.name)
        content = _xml(member)
        if content is not None:
            name = member.name
            del member  # its bytes are not needed while its text is read
            yield name, content
        elif _BINARY.fullmatch(member.name) and member.name not in binary:
            binary[member.name] = member.data
        elif not _is_printer(member):
            yield from open_(source.within(member.data, member.name))


@dataclass(slots=True)
class _Package:
    """A package on the way through it: what is known of its parts by the time each of them is read."""

    source: Source
    known: Outline
    book: sheet.Book = field(default_factory=sheet.Book)
    pivots: dict[str, list[pivot.Field]] = field(default_factory=dict, repr=False)

    def part(self, name: str, content: str) -> Iterator[Item]:
        """Yield what one XML part says: its text, and the attributes that hold words."""
        steps = self.known.steps(name)
        if sheet.is_sheet(name):
            yield from self.book.read(content, self.source, *steps)
            content = sheet.outside(content)
            steps = (*steps[:-1], f"{steps[-1]} (outside of cells)")
        elif sheet.is_shared(name):
            self.book.learn(name, content)
            content = "" if sheet.is_strings(name) else content
        elif pivot.is_definition(name):
            self.pivots[name] = pivot.fields(content)
            yield from pivot.read_fields(self.pivots[name], self.source, *steps)
        elif pivot.is_records(name):
            columns = self.pivots.get(self.known.parent(name), [])
            yield from pivot.read_records(content, columns, self.source, *steps)
            return
        yield from _xml_part(name, content, self.source, steps)

    def titles(self) -> Iterator[Item]:
        """Yield the names of the sheets."""
        for title in dict.fromkeys(self.known.titles.values()):
            yield Text(self.source.place(title), title, "title")


def _xml_part(name: str, content: str, source: Source, steps: tuple[str, ...]) -> Iterator[Text]:
    if name.startswith("docProps/"):
        yield from properties(content, source)
        return
    *above, step = steps
    if _SLIDE.fullmatch(name) and _UNSHOWN.search(content):
        step += " (hidden)"
    readings: Iterable[tuple[str, str]]
    if _COMMENTS.fullmatch(name):
        readings = _comments(content)
    elif _RUNNING.fullmatch(name):
        readings = markup.readings(content)
    else:
        readings = (("", markup.fields(content) if _FIELDS.fullmatch(name) else markup.visible(content)),)
    for how, text in readings:
        if _BODY.fullmatch(name) and not how and (first := heading(text)) is not None:
            yield Text(source.place("header"), first, "header")
        if text:
            yield from pieces(iter((text,)), source.place(*above, f"{step}{how}"), source.budget.limits.piece, None)
    if said := markup.words(content):
        yield Text(source.place(*above, f"{step} (names and links)"), said)


def _comments(content: str) -> Iterator[tuple[str, str]]:
    """Yield the comments of a sheet, each with the cell it is on, and after them who wrote them."""
    rest, *comments = _COMMENT.split(content)
    for comment in comments:
        cell = _REFERENCE.match(comment)
        yield f" on {cell[1]}" if cell else "", markup.fields("<c " + comment)
    yield "", markup.fields(rest)


def properties(content: str, source: Source) -> Iterator[Text]:
    """Yield document properties, titles apart from the rest: elements that hold text, and their names."""
    rest: list[str] = []
    for name, text in markup.elements(content):
        if name in _TITLES:
            yield Text(source.place(f"properties ({name})"), text, "title")
        else:
            rest.append(text)
    rest.extend(markup.words(content).split("\n"))
    if any(rest):
        yield Text(source.place("properties"), "\n".join(rest))


def _xml(member: Member) -> str | None:
    """Return a part as text if it is XML, in whatever encoding it claims or hides in."""
    codecs = encodings(member.data)
    if not codecs:
        return None
    text = member.data.decode(codecs[0], errors="replace").removeprefix("\ufeff")
    head = text[:_HEAD].lstrip()
    is_part = head.startswith("<?xml") or (head.startswith("<") and _PART.fullmatch(member.name) is not None)
    return text if is_part else None


def _is_printer(member: Member) -> bool:
    return len(member.data) <= _PRINTER_SIZE and _PRINTER.fullmatch(member.name) is not None
