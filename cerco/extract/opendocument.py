"""Read OpenDocument files: texts, sheets, slides, packed or in one XML file.

In:    the members of an odt, ods, odp or any other such package, or a flat document.
Out:   body, notes, comments, headers and footers, deleted text, cells, slides, properties, and what is embedded.
Never: a repetition laid out. A cell may say that it is there a million times; it is read once.

The format is ISO/IEC 26300 (OpenDocument 1.2 and 1.3).
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from cerco.extract import markup, ods, sweep
from cerco.extract.archive import Member
from cerco.extract.charset import encodings
from cerco.extract.office import properties
from cerco.extract.plain import heading
from cerco.extract.source import Item, Opener, Source
from cerco.extract.text import Text, Unreadable, Why

_MIMETYPE, MANIFEST = "mimetype", "META-INF/manifest.xml"
_ENTRY = re.compile(r"<manifest:file-entry\s([^<>]*)>\s*<manifest:encryption-data\b")
_PATH = re.compile(r'full-path="([^"<>]*)"')
_CONTENT = re.compile(r"(?:(.*)/)?(content|styles|meta|settings)\.xml", re.DOTALL)
_XML = re.compile(r".*\.(?:xml|rdf|xlb|xdl)", re.DOTALL)
_QUIET = frozenset({_MIMETYPE, "layout-cache", "Configurations2/accelerator/current.xml"})
_METAFILE = ".svm"  # LibreOffice's own, which no other program reads
_BINARY = re.compile(r"<office:binary-data(?:\s[^<>]*)?>([^<]*)")
_INDENT = re.compile(r">[ \t\r]*\n\s*<")  # between tags, where no program of office writes blanks that count
_SHEET = re.compile(r"<office:spreadsheet\b")
_PAGE = re.compile(r"<draw:page(?=\s)")
_STYLE_NAME = re.compile(r'<draw:page\s(?:[^<>]*\s)?draw:style-name="([^"<>]*)"')
_STYLE = re.compile(r"<style:(style|table-properties|drawing-page-properties)\s([^<>]*)>")
_NAME = re.compile(r'style:name="([^"<>]*)"')
_UNSHOWN = ('table:display="false"', 'presentation:visibility="hidden"')

# What stands inside a paragraph and yet not in its line: element, and what people call it.
_ASIDE = (
    ("text:note", "notes"),
    ("(?:office|officeooo|loext):annotation", "comments"),
    ("text:tracked-changes", "deleted text"),
    ("presentation:notes", "notes"),
    ("style:(?:header|footer)(?:-left|-first)?", "headers and footers"),
    (r"number:[\w-]+-style", "formats"),
)


def is_opendocument(names: Iterable[str]) -> bool:
    """Tell from the names of its members whether a zip is an OpenDocument package."""
    names = set(names)
    return "content.xml" in names and bool(names & {_MIMETYPE, MANIFEST})


def rank(name: str) -> int:
    """Return the key that sorts a package's members into the order in which they can be understood."""
    return 0 if name == MANIFEST else 1


def read(members: Iterable[Member | Unreadable], source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in a package whose members come in the order of `rank`."""
    locked: set[str] = set()
    for member in members:
        if isinstance(member, Unreadable):
            yield member
            continue
        if member.why is not None:
            yield source.gap(member.why, member.name)
        if member.name == MANIFEST:
            entries = _ENTRY.findall(member.data.decode("utf-8", errors="replace"))
            locked = {markup.plain(path) for entry in entries for path in _PATH.findall(entry)}
            if locked:
                yield source.gap(Why.ENCRYPTED)
        elif member.name not in locked and member.name not in _QUIET:
            yield from _member(member, source, open_)


def read_flat(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in a document that is one XML file."""
    for codec in encodings(source.data)[:1]:
        content = source.data.decode(codec, errors="replace")
        for number, found in enumerate(_BINARY.finditer(content), 1):
            source.budget.enter()
            try:
                yield from open_(source.within(base64.b64decode(found[1]), f"picture {number}"))
            except binascii.Error:
                yield source.gap(Why.MALFORMED, f"picture {number}")
        content = _INDENT.sub("><", _BINARY.sub("", content))
        content, parts = markup.parted(content, "office:(?:meta|settings)")
        for part in parts:
            if part.startswith("<office:meta"):
                yield from properties(part, source)
            else:
                yield from _settings(part, source)
        yield from _content(content, source, ())


def _member(member: Member, source: Source, open_: Opener) -> Iterator[Item]:
    if member.name.endswith(_METAFILE):
        if text := "\n".join(sweep.strings(member.data)):
            yield Text(source.place(member.name), text)
        return
    codecs = encodings(member.data) if _XML.fullmatch(member.name) else ()
    if not codecs:
        yield from open_(source.within(member.data, member.name))
        return
    content = member.data.decode(codecs[0], errors="replace")
    found = _CONTENT.fullmatch(member.name)
    if found is None:
        if text := markup.visible(content):
            yield Text(source.place(member.name), text)
        return
    above = (found[1],) if found[1] else ()
    if found[2] == "meta":
        yield from properties(content, source)
    elif found[2] == "settings":
        yield from _settings(content, source, *above)
    else:
        yield from _content(content, source, above)


def _settings(content: str, source: Source, *above: str) -> Iterator[Text]:
    if text := markup.visible(content):
        yield Text(source.place(*above, "settings"), text)


def _content(content: str, source: Source, above: tuple[str, ...]) -> Iterator[Item]:
    """Yield what content or styles say."""
    content = markup.opened(content)
    unshown = frozenset(_unshown(content))
    if words := markup.open_words(content):
        yield Text(source.place(*above, "names and links"), words)
    if _SHEET.search(content):
        content, sheets = markup.parted(content, "office:spreadsheet")
        for sheet in sheets:
            yield from ods.read(sheet, unshown, source, *above)
    outside, *pages = _PAGE.split(content)
    yield from _text(outside, source, (*above, "body"))
    for number, page in enumerate(pages, 1):
        style = _STYLE_NAME.match("<draw:page" + page)
        hidden = " (hidden)" if style and style[1] in unshown else ""
        yield from _text("<draw:page" + page, source, (*above, f"slide {number}{hidden}"))


def _unshown(content: str) -> Iterator[str]:
    """Yield the names of styles that hide the sheet or slide they are of."""
    name = ""
    for element, attributes in _STYLE.findall(content):
        if element == "style":
            found = _NAME.search(attributes)
            name = found[1] if found else ""
        elif any(hides in attributes for hides in _UNSHOWN):
            yield name


def _text(content: str, source: Source, steps: tuple[str, ...]) -> Iterator[Text]:
    *above, step = steps
    for element, called in _ASIDE:
        content, parts = markup.parted(content, element)
        if text := "\n".join(filter(None, map(markup.open_text, parts))):
            yield Text(source.place(*(above if step == "body" else steps), called), text)
    if text := markup.open_text(content):
        if step in {"body", "slide 1"} and (first := heading(text)) is not None:
            yield Text(source.place("header"), first, "header")
        yield Text(source.place(*steps), text)
