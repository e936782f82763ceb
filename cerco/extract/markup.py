"""Take the tags out of XML and HTML without a parser, so that there is nothing to expand and nothing to fetch.

In:    markup as text.
Out:   what a person would read, and what attributes tell people.
Never: an entity definition followed, or a comment dropped: what is not a tag is kept.
"""

import html
import re

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

# WordprocessingML, DrawingML, SpreadsheetML: where a line, a cell or a field ends. All other tags sit inside words.
_OFFICE_CELL = re.compile(_tags("p", closing=True) + r"\s*" + _tags("tc", closing=True))
_OFFICE_LINE = re.compile(
    _tags("p|tr|si|is|row|comment|v|f|definedName|pt|author", closing=True)
    + "|"
    + _tags("br|cr|oddHeader|oddFooter|evenHeader|evenFooter|firstHeader|firstFooter|txbxContent")
)
_OFFICE_TAB = re.compile(_tags("tab|ptab|instrText|delInstrText|c"))
_OFFICE_HYPHEN = re.compile(_tags("noBreakHyphen"))
# Measures that stand as text between tags; a length in EMU looks like an identity number.
_OFFICE_MEASURE = re.compile(rf"<{_NAMED}(?:posOffset|pctWidth|pctHeight|align){_ATTRIBUTES}>[^<]*")

# Attributes that hold words a person wrote: alternative texts, link targets, authors, names, prompts.
_WORDS = re.compile(
    rf"(?<=\s){_NAMED}(?:descr|title|alt|Target|author|initials|name|instr|display|displayText|displayName|tooltip|alias"
    r"""|prompt|promptTitle|errorTitle|error|caption|string)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')"""
)
_VALUES = re.compile(
    rf"<{_NAMED}(?:alias|tag|default|helpText|statusText|docVar|listItem|s)\s(?:[^<>]*?\s)?{_NAMED}(?:val|value|v)\s*=\s*"
    r"""(?:"([^"<]*)"|'([^'<]*)')"""
)
_ELEMENT = re.compile(rf"<{_NAMED}([A-Za-z][\w.\-]*){_ATTRIBUTES}>([^<]+)<")
_BLANK = re.compile(r"\n[ \r\n]*\n")


def has_tags(text: str) -> bool:
    """Tell whether any tag stands in the text."""
    return "<" in text and _TAG.search(text) is not None


def visible(markup: str) -> str:
    """Return the text of HTML or of XML of any kind: words joined across inline tags, lines kept apart."""
    text = _CELL.sub("\t", _INLINE.sub("", _opened(markup)))
    return _clean(_TAG.sub("\n", text))


def paragraphs(markup: str) -> str:
    """Return the text of an Office part: runs joined without a gap, a line for each paragraph, tabs between cells."""
    text = _OFFICE_MEASURE.sub("\n", _opened(markup))
    text = _OFFICE_HYPHEN.sub("-", _OFFICE_CELL.sub("\t", text))
    text = _OFFICE_TAB.sub("\t", _OFFICE_LINE.sub("\n", text))
    return _clean(_TAG.sub("", text))


def words(markup: str) -> str:
    """Return the attribute values that people wrote, one a line."""
    found = (*_WORDS.finditer(markup), *_VALUES.finditer(markup))
    return html.unescape("\n".join(match[1] or match[2] or "" for match in found))


def elements(markup: str) -> tuple[tuple[str, str], ...]:
    """Return local name and text of each element that holds text directly, as document properties do."""
    pairs = ((match[1], html.unescape(match[2]).strip()) for match in _ELEMENT.finditer(_opened(markup)))
    return tuple((name, text) for name, text in pairs if text)


def _opened(markup: str) -> str:
    """Take away what would hide text from the passes that follow: comment and CDATA marks."""
    for mark in ("<![CDATA[", "]]>", "<!--", "-->"):
        markup = markup.replace(mark, "")
    return markup


def _clean(text: str) -> str:
    return _BLANK.sub("\n", html.unescape(text)).strip()


def plain(value: str) -> str:
    """Return character references as the characters they stand for."""
    return html.unescape(value) if "&" in value else value
