"""Take the tags out of XML and HTML without a parser, so that there is nothing to expand and nothing to fetch.

In:    markup as text.
Out:   what a person would read, and what attributes tell people.
Never: an entity definition followed, or a comment dropped: what is not a tag is kept.
"""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

# No "<" inside a tag: each pass stays linear however many tags are left open.
_NAMED = r"(?:[\w.\-]+:)?"
_ATTRIBUTES = r"(?:[\s/][^<>]*)?"
_TAG = re.compile(r"</?[A-Za-z_][^<>]*>|<[?][^<>]*>")


def _tags(names: str, *, closing: bool = False) -> str:
    return f"<{'/' if closing else '/?'}{_NAMED}(?:{names}){_ATTRIBUTES}>"


_INLINE = re.compile(
    _tags("a|abbr|b|bdi|bdo|big|code|del|em|font|i|ins|kbd|label|mark|s|small|span|strong|sub|sup|tt|u|var|wbr"),
    re.IGNORECASE,
)
_CELL = re.compile(_tags("td|th"), re.IGNORECASE)

# WordprocessingML and DrawingML: where a line, a cell or a field ends, and what stands for a character. All other tags
# sit inside words. A measure's text is none: a length in EMU looks like an identity number.
_OFFICE_ENDS = "p|tr|tc|si|is|row|comment|v|f|pt|text|author"
_OFFICE_MARKS = "br|cr|txbxContent|tab|ptab|instrText|delInstrText|c|noBreakHyphen|posOffset|pctWidth|pctHeight|align"
_TC, _HIDES = "\x1e", "<."  # a cell's end; what makes the text behind it a part of a tag
_SAYS = {
    **dict.fromkeys(("p", "tr", "si", "is", "row", "comment", "v", "f", "pt", "text", "author"), "\n"),
    **dict.fromkeys(("br", "cr", "txbxContent"), "\n"),
    **dict.fromkeys(("tab", "ptab", "instrText", "delInstrText", "c"), "\t"),
    **dict.fromkeys(("posOffset", "pctWidth", "pctHeight", "align"), f"\n{_HIDES}"),
    "tc": _TC,
    "noBreakHyphen": "-",
}
# The prefixes that programs give to the namespaces these are in. A pattern that tries these alone is twice as fast.
_USUAL = ("w", "a", "c", "p", "m", "x", "wp", "xdr", "dgm")
_OFFICE_ANY, _OFFICE_USUAL = (
    re.compile(rf"<(?:/{prefix}({_OFFICE_ENDS})\s*|{prefix}({_OFFICE_MARKS})(?:[\s/][^<>]*)?)>")
    for prefix in (_NAMED, f"(?:{'|'.join(_USUAL)}):")
)
_DECLARED = re.compile(r"""xmlns(?::(\w+))?\s*=\s*["']([^"'<]*)""")
_RUNNING = re.compile(r"/(?:main|chart|diagram|math|wordprocessingDrawing|spreadsheetDrawing)/?$")
_NO_TAG = re.compile(r"<[^A-Za-z_/?]")
_TEXT = re.compile(r">([^<]+)")

# SpreadsheetML outside of cells, and Visio: here the tags of runs sit inside words, and all others part fields.
_FIELD_INLINE = re.compile(
    _tags(
        "r|t|v|rPr|rFont|sz|color|family|charset|scheme|b|i|u|strike|vertAlign|outline|shadow|condense|extend"
        "|cp|pp|tp|fld"
    )
)
_FIELD_CELL = re.compile(_tags("c|cell"))

# Runs, what hides their text, and the text.
_HIDING = re.compile(
    rf"<(?P<end>/?){_NAMED}r{_ATTRIBUTES}>|<{_NAMED}vanish(?P<how>{_ATTRIBUTES})>|<{_NAMED}t{_ATTRIBUTES}>[^<]*"
)
_TRACKED = (":ins", ":del", ":move", "<ins", "<del", "<move")
_OFF = re.compile(r"""val\s*=\s*["'](?:0|false|off)["']""")

# OpenDocument: where a cell, a line or a field ends, and attributes that hold words.
_OPEN_CELL = re.compile(r"</text:p>\s*</table:(?:covered-)?table-cell>")
_OPEN_LINE = re.compile(
    r"</(?:text:p|text:h|table:table-row|svg:title|svg:desc|dc:creator|dc:date|draw:\w+|config:[\w-]+|script:[\w-]+)>"
    r"|<text:line-break\s*/>|<(?:draw:[\w-]+|office:\w+)(?:\s[^<>]*)?>"
)
_INDENT = re.compile(r"\n +")
_OPEN_TAB = re.compile(r"<text:tab(?:\s[^<>]*)?>")
_SPACES = re.compile(r"<text:s(?:\s[^<>]*)?/>")
_OPEN_WORDS = re.compile(
    r"(?<=\s)(?:xlink:href|xlink:title|office:name|office:title|office:string-value|text:string-value|text:description"
    r"|text:condition|text:formula|table:name|table:title|table:condition|table:expression|draw:name|presentation:[\w-]+-name"
    r'|form:label|form:value|form:current-value|form:title|style:display-name)="([^"<]+)"'
)

# Attributes that hold words a person wrote: alternative texts, link targets, authors, names, prompts.
_WORDS = re.compile(
    rf"(?<=\s){_NAMED}(?:descr|title|alt|Target|author|initials|name|instr|display|displayText|displayName|tooltip|alias"
    r"|prompt|promptTitle|errorTitle|error|caption|string|formatCode|connection|command|comment|sourceName"
    r"""|uniqueName|macro|userName)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')"""
)
_VALUES = re.compile(
    rf"<{_NAMED}(?:alias|tag|default|helpText|statusText|docVar|listItem|s|inputCells|filter|customFilter)\s(?:[^<>]*?\s)?{_NAMED}(?:val|value|v)\s*=\s*"
    r"""(?:"([^"<]*)"|'([^'<]*)')"""
)
_SHAPE_DATA = re.compile(
    r"""<Cell\s(?:[^<>]*?\s)?N=["'](?:Value|Label|Prompt|Comment|Description|Address)["'][^<>]*?\sV=(?:"([^"<]*)"|'([^'<]*)')"""
)
_ATTRIBUTED = re.compile(r"<[^<>=]*=[^<>]*>")
_ELEMENT = re.compile(rf"<{_NAMED}([A-Za-z][\w.\-]*){_ATTRIBUTES}>([^<]+)<")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][0-9A-Za-z]{0,31});?")
_BEYOND = re.compile(r"&#[1-9][0-9]{2,6};")  # from 100 on: none of these is a mark of XML
_PIECE = 1024 * 1024  # characters
_BLANK = re.compile(r"\n[ \r\n]*\n")


def has_tags(text: str) -> bool:
    """Tell whether any tag stands in the text."""
    return "<" in text and _TAG.search(text) is not None


def visible(markup: str) -> str:
    """Return the text of HTML or of XML of any kind: words joined across inline tags, lines kept apart."""
    text = _CELL.sub("\t", _INLINE.sub("", opened(markup)))
    return _clean(_TAG.sub("\n", text))


def paragraphs(markup: str) -> str:
    """Return the text of an Office part: runs joined without a gap, a line for each paragraph, tabs between cells."""
    text = opened(markup)
    sound = _NO_TAG.search(text) is None and text.count("<") == text.count(">")
    marks = _OFFICE_USUAL if _is_usual(text) else _OFFICE_ANY
    text = marks.sub(lambda tag: f"<>{_SAYS[tag[1] or tag[2]]}", text)
    # What stands between tags is found faster than tags are taken out, but only where "<" and ">" are nothing else.
    text = "".join(_TEXT.findall(f">{text}")) if sound else _TAG.sub("", text.replace("<>", "").replace(_HIDES, ""))
    *cells, rest = text.split(_TC)
    return _clean("\t".join([*(cell.rstrip() for cell in cells), rest]))


def _is_usual(markup: str) -> bool:
    """Tell whether every namespace that text can be in has the prefix it usually has."""
    found = dict.fromkeys(_DECLARED.findall(markup))
    return bool(found) and all(prefix in _USUAL or not _RUNNING.search(uri) for prefix, uri in found)


def readings(markup: str) -> Iterator[tuple[str, str]]:
    """Yield (how, text): an Office part as shown, with its hidden text, and as it was before tracked changes.

    Only readings that differ are yielded. Runs that nobody sees side by side are joined in none of them.
    """
    if not any(mark in markup for mark in _TRACKED):
        shown = _without_hidden(markup)
        yield "", paragraphs(shown)
        if shown != markup:
            yield " (with hidden text)", paragraphs(markup)
        return
    after = without(markup, "del|moveFrom")
    shown = _without_hidden(after)
    yield "", paragraphs(shown)
    if shown != after:
        yield " (with hidden text)", paragraphs(after)
    before = without(markup, "ins|moveTo")
    if before != markup or after != markup:
        yield " (before changes)", paragraphs(before)


def without(markup: str, names: str) -> str:
    """Return the markup without the elements of these names, a pattern, and all they hold; one without end stays."""
    return parted(markup, rf"{_NAMED}(?:{names})")[0]


def parted(markup: str, names: str) -> tuple[str, list[str]]:
    """Return the markup without the elements that a pattern names, prefixes and all, and those elements.

    An element within one of its kind is a part of it. One without end stays where it is.
    """
    kept: list[str] = []
    taken: list[str] = []
    depth = at = begin = 0
    for tag in re.finditer(rf"<(/?)(?:{names})(?:\s[^<>]*?)?(/?)>", markup):
        if tag[2]:
            continue
        if not tag[1]:
            begin = tag.start() if not depth else begin
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                kept.append(markup[at:begin])
                taken.append(markup[begin : tag.end()])
                at = tag.end()
    return ("".join(kept) + markup[at:], taken) if taken else (markup, taken)


def _without_hidden(markup: str) -> str:
    """Return the markup without the text of runs that say it is hidden."""
    if "vanish" not in markup:
        return markup
    kept: list[str] = []
    at = 0
    hidden: list[bool] = []  # of each run that is open; a text box opens runs within a run
    for tag in _HIDING.finditer(markup):
        if tag["how"] is not None:
            if hidden:
                hidden[-1] = _OFF.search(tag["how"]) is None
        elif tag["end"] is None:
            if hidden and hidden[-1]:
                kept.append(markup[at : tag.start()])
                at = tag.end()
        elif not tag["end"]:
            hidden.append(False)
        elif hidden:
            hidden.pop()
    return "".join(kept) + markup[at:]


def fields(markup: str) -> str:
    """Return the text of SpreadsheetML: a line for each field, tabs between cells."""
    text = _FIELD_CELL.sub("\t", _FIELD_INLINE.sub("", opened(markup)))
    return _clean(_TAG.sub("\n", text))


def open_text(markup: str) -> str:
    """Return the text of OpenDocument markup that has been `opened`: a line for each paragraph, tabs between cells."""
    text = _OPEN_TAB.sub("\t", _OPEN_CELL.sub("\t", _SPACES.sub(" ", markup)))
    return _clean(_INDENT.sub("\n", _TAG.sub("", _OPEN_LINE.sub("\n", text))))


def open_words(markup: str) -> str:
    """Return the attribute values of OpenDocument markup that people wrote, one a line."""
    return plain("\n".join(dict.fromkeys(found[1] for found in _OPEN_WORDS.finditer(markup))))


def words(markup: str) -> str:
    """Return the attribute values that people wrote, one a line."""
    markup = "".join(dict.fromkeys(_ATTRIBUTED.findall(markup)))  # most tags are there thousands of times
    found = (*_WORDS.finditer(markup), *_VALUES.finditer(markup), *_SHAPE_DATA.finditer(markup))
    return plain("\n".join(match[1] or match[2] or "" for match in found))


def elements(markup: str) -> tuple[tuple[str, str], ...]:
    """Return local name and text of each element that holds text directly, as document properties do."""
    pairs = ((match[1], plain(match[2]).strip()) for match in _ELEMENT.finditer(opened(markup)))
    return tuple((name, text) for name, text in pairs if text)


def opened(markup: str) -> str:
    """Return the markup without comment and CDATA marks, which would hide text from the passes that follow."""
    for mark in ("<![CDATA[", "]]>", "<!--", "-->"):
        markup = markup.replace(mark, "")
    return markup


def _clean(text: str) -> str:
    return _BLANK.sub("\n", plain(text)).strip()


def plain(value: str) -> str:
    """Return character references as the characters they stand for."""
    if "&" not in value:
        return value
    return _REFERENCE.sub(lambda reference: _character(reference[0]), value)


def spelled(markup: str) -> str:
    """Return the markup with characters beyond ASCII as themselves; some programs write each Han as a number."""
    if "&#" not in markup:
        return markup
    parts: list[str] = []
    at = 0
    while at < len(markup):  # by the piece: the pattern would hold on to every stretch between two references
        end = markup.find("<", at + _PIECE)
        end = end if end >= 0 else len(markup)
        parts.append(_BEYOND.sub(lambda reference: _character(reference[0]), markup[at:end]))
        at = end
    return "".join(parts)


@lru_cache(maxsize=32_768)
def _character(reference: str) -> str:
    return html.unescape(reference)
