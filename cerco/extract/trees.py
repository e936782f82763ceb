"""Read JSON, XML and HTML as what they are, beside the text they are written in.

In:    text whose beginning says which of the three it is.
Out:   the text as written; each value with the keys or elements that lead to it; of HTML what a browser shows, and what
       it does not: hidden fields, attributes, comments, scripts.
Never: an entity or a link followed. Of two values under one key, both are read.
"""

import html
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.parsers import expat

import ijson  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser, LexborNode

from cerco.extract import grid, plain
from cerco.extract.charset import encodings
from cerco.extract.source import Item, Opener, Source
from cerco.extract.text import Text

_MOST = 16 * 1024 * 1024  # bytes; a longer document is read as it is written only, where keys stand beside values
_STEPS = 4  # names of a path that are shown, the innermost: enough to say what a value is
_LONGEST = 120  # characters of one name

# What stands on a line of its own in a browser; other elements stand inside of a line.
_BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br button caption center dd details dialog div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html iframe input legend li link main meta nav "
        "noscript object ol optgroup option p pre script section select style summary table tbody template "
        "textarea tfoot thead title tr ul",
    )
)
_CELLS: Final = frozenset({"td", "th"})
_ROWS: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
_LOOKS: Final = frozenset({"class", "style", "width", "height", "align", "valign", "border", "colspan", "rowspan"})
# Elements that hold none, or end by themselves where the next of their kind begins; the others nest.
_SHALLOW: Final = frozenset(
    re.findall(
        r"\w+", "area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th"
    )
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_WORK = 20_000_000  # tags times how deep they stand; a long page of 16 MiB has a tenth
_SPACES = re.compile(r"[ \t\r\n\f]+")


def read_json(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield a JSON document, or many, one after the other."""
    yield from plain.read(source, open_)
    yield from _values(_json(_utf8(source.data)), source)


def read_xml(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield an XML document."""
    yield from plain.read(source, open_)
    yield from _values(_xml(_utf8(source.data)), source)


def read_html(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield a page: as written, as shown, and its attributes."""
    small = len(source.data) <= _MOST
    contents = [source.data.decode(codec, errors="replace") for codec in encodings(source.data)] if small else []
    if not (small and all(map(_is_plain, contents))):
        yield from _as_written(source, open_)
        return
    yield from plain.read(source, open_, tags=False)
    for content in contents:
        shown, attributes = _page(LexborHTMLParser(content))
        if shown:
            yield Text(source.place("text without tags"), shown)
        if attributes:
            yield Text(source.place("attributes"), attributes)


def _as_written(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield a page that is too large or too tangled for a browser's parser: tags taken away, references resolved."""
    for item in plain.read(source, open_):
        yield item
        if isinstance(item, Text) and item.unit is not None and "&" in item.content:
            content = html.unescape(item.content[item.lead :])
            yield Text(source.place("text without references"), content, head=item.head, line=item.line)


def _is_plain(content: str) -> bool:
    """Tell whether a page is nested as pages are; on others, a browser's parser works without end."""
    depth = work = 0
    for match in _TAG.finditer(content):
        if match[2].lower() in _SHALLOW:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        work += depth
        if work > _WORK:
            return False
    return True


def _values(lines: Iterator[str], source: Source) -> Iterator[Text]:
    if len(source.data) <= _MOST:
        yield from plain.pieces(lines, source.place("values"), source.budget.limits.piece, None)


def _utf8(data: bytes) -> bytes:
    """Return a document in UTF-8, whatever encoding it is in and says it is in."""
    codec = next(iter(encodings(data)), "utf-8")
    if codec == "utf-8" or len(data) > _MOST:
        return data
    return data.decode(codec, errors="replace").removeprefix("\ufeff").encode()


def _json(data: bytes) -> Iterator[str]:
    path: list[str] = []  # the keys that lead to what is open, then the key that was read last
    try:
        for event, value in ijson.basic_parse(BytesIO(data), multiple_values=True, allow_comments=True):
            match event:
                case "map_key":
                    path[-1] = str(value)
                case "start_map" | "start_array":
                    path.append("")
                case "end_map" | "end_array":
                    path.pop()
                case _ if value is not None:
                    yield f"{_named(path)}: {grid.written(value)}\n"
    except (ijson.JSONError, ValueError, ArithmeticError, RecursionError):
        return  # what is not JSON has been read as text


def _named(path: list[str]) -> str:
    return ".".join(step[:_LONGEST] for step in [step for step in path if step][-_STEPS:])


class _Xml:
    """Collects the values of an XML document as its parser goes through it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._path: list[str] = []
        self._text: list[list[str]] = [[]]
        self._drawn: list[str] | None = None  # the text of an SVG label, which may stand in pieces of one letter

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        self._flush()
        self._path.append(name.rpartition(":")[2])
        self._text.append([])
        if self._path[0] == "svg" and self._path[-1] == "text":
            self._drawn = []
        for attribute, value in attributes.items():
            self.lines.append(f"{_named(self._path)} {attribute}: {value}\n")

    def end(self, _name: str) -> None:
        """Leave an element."""
        self._flush()
        self._text.pop()
        if self._drawn is not None and self._path[-1] == "text":
            self.lines.append(f"{_named(self._path)}: {''.join(self._drawn)}\n")
            self._drawn = None
        self._path.pop()

    def say(self, text: str) -> None:
        """Take text, of which one run may come in several pieces."""
        (self._text[-1] if self._drawn is None else self._drawn).append(text)

    def comment(self, text: str) -> None:
        """Take a comment, or what an instruction or entity says."""
        self.lines.append(f"{text}\n")

    def _flush(self) -> None:
        if text := "".join(self._text[-1]).strip():
            self.lines.append(f"{_named(self._path)}: {text}\n")
        self._text[-1].clear()

    def taken(self) -> Iterator[str]:
        """Yield what has been collected, and forget it."""
        yield from self.lines
        self.lines.clear()


def _xml(data: bytes) -> Iterator[str]:
    parser = expat.ParserCreate("utf-8")
    found = _Xml()
    parser.buffer_text = True
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.say
    parser.CommentHandler = found.comment
    parser.ProcessingInstructionHandler = lambda target, said: found.comment(f"{target}: {said}")
    parser.EntityDeclHandler = lambda name, _is, value, *_: found.comment(f"{name}: {value or ''}")
    for at in range(0, len(data), 64 * 1024):
        piece = data[at : at + 64 * 1024]
        try:
            parser.Parse(piece, at + len(piece) >= len(data))
        except (expat.ExpatError, ValueError):
            yield from found.taken()
            return  # what is not XML, or expands without end, has been read as text
        yield from found.taken()


def _page(page: LexborHTMLParser) -> tuple[str, str]:
    """Return what a page shows, lines and cells apart, and its attributes, one a line."""
    shown: list[str] = []
    attributes: list[str] = []
    node: LexborNode | None = page.root
    while node is not None:
        _enter(node, shown, attributes)
        if node.child is not None:
            node = node.child
            continue
        while node is not None:
            _leave(node, shown)
            if node.next is not None:
                node = node.next
                break
            node = node.parent
    text = "".join(shown)
    lines = (line.strip(" ").rstrip("\t") for line in text.split("\n"))
    return "\n".join(line for line in lines if line.strip()), "\n".join(attributes)


def _enter(node: LexborNode, shown: list[str], attributes: list[str]) -> None:
    tag = node.tag or ""
    if tag == "-text":
        text = _SPACES.sub(" ", node.text_content or "")
        if text != " " or (node.parent is not None and node.parent.tag not in _ROWS):
            shown.append(text)
    elif tag == "-comment":
        shown.append(f"\n{node.comment_content or ''}\n")
    elif tag in _BLOCKS:
        shown.append("\n")
    if node.is_element_node:
        said = node.attributes
        called = said.get("name") or said.get("id") or ""
        attributes += (
            f"{tag} {called} {name}: {value}"
            for name, value in said.items()
            if value and name not in _LOOKS and not value.startswith("data:")
        )


def _leave(node: LexborNode, shown: list[str]) -> None:
    if node.tag in _CELLS:
        shown.append("\t")
    elif node.tag in _BLOCKS:
        shown.append("\n")
