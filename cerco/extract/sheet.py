"""Read the sheets of a workbook, hidden ones too, and what they share.

In:    the XML parts of a workbook: the shared strings and styles, then one sheet after the other.
Out:   one text a sheet, a line for each row and a tab for each column; the first row that says something as a header.
Never: a string passed over because no cell refers to it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched, chain

from cerco.extract import markup
from cerco.extract.cellformat import CellFormat, cell_formats
from cerco.extract.cells import Cells, one_line
from cerco.extract.plain import pieces
from cerco.extract.source import ReadError, Source
from cerco.extract.text import Text, Unreadable, Why

_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_SHEET = re.compile(r"xl/(?:worksheets|macrosheets|dialogsheets)/[^/]+\.xml")
_PREFIX = r"(?:\w+:)?"
_TAG = re.compile(r"<[^<>]*>")
_PLAIN_STRING = re.compile(r"<si><t(?: [^<>]*)?>([^<]*)</t></si>")
_STRING_ITEM = re.compile(rf"</{_PREFIX}si\s*>")
_AT_ONCE = 256  # rows
_PHONETIC = "rPh"  # how a string is read aloud, in Japanese
# Two patterns, since one that begins with letters is found several times faster than one that may begin with others.
_FORMULA, _PREFIXED_FORMULA = (re.compile(rf"{begin}f(?:\s[^<>]*)?>([^<]+)") for begin in ("<", ":"))


def is_sheet(name: str) -> bool:
    """Tell whether a part holds cells."""
    return _SHEET.fullmatch(name) is not None


def is_shared(name: str) -> bool:
    """Tell whether a part must be learned before any sheet can be read."""
    return name in {_STRINGS, _STYLES}


def is_strings(name: str) -> bool:
    """Tell whether a part holds the strings that cells share."""
    return name == _STRINGS


def outside(content: str) -> str:
    """Return what a sheet's part says outside of its cells."""
    begin, end = content.find("<sheetData"), content.rfind("</sheetData>")
    return content[:begin] + content[end:] if 0 <= begin < end else content


@dataclass(slots=True)
class Book:
    """What the sheets of a workbook share."""

    strings: list[str] = field(default_factory=list, repr=False)
    formats: Mapping[str, CellFormat] = field(default_factory=dict)
    used: bytearray = field(default_factory=bytearray, repr=False)  # a 1 for each string that a cell shows

    def learn(self, name: str, content: str) -> None:
        """Take in a part that sheets refer to; of two with one name, the second goes on where the first ends."""
        if is_strings(name):
            self.strings += _strings(content)
            self.used += bytes(len(self.strings) - len(self.used))
        else:
            self.formats = cell_formats(content)

    def read(self, content: str, source: Source, *steps: str) -> Iterator[Text | Unreadable]:
        """Yield the cells of a sheet, and the words its formulas hold."""
        if "<!" in content:
            content = markup.opened(content)
        content = markup.spelled(content)
        *above, title = steps
        rows = _Rows(Cells(self.strings, self.used, self.formats, source).lines(content))
        for text in pieces(rows.written(), source.place(*steps), source.budget.limits.piece, "cell"):
            if rows.header:
                yield text
        if rows.header:
            yield Text(source.place(*above, f"{title} (header)"), rows.header, "header")
        formulas = chain(_FORMULA.finditer(content), _PREFIXED_FORMULA.finditer(content))
        if literals := dict.fromkeys(found[1] for found in formulas if '"' in found[1] or "&quot;" in found[1]):
            yield Text(source.place(*steps, "formulas"), markup.plain("\n".join(literals)))
        if rows.why is not None:
            yield source.gap(rows.why, *steps)

    def rest(self, source: Source) -> Iterator[Text]:
        """Yield the strings that no cell of any sheet refers to."""
        orphans = [text for text, shown in zip(self.strings, self.used, strict=True) if text and not shown]
        if orphans:
            yield Text(source.place("strings outside of cells"), "\n".join(orphans))


@dataclass(slots=True)
class _Rows:
    """The rows of a sheet on their way out."""

    lines: Iterator[str] = field(repr=False)
    header: str = field(default="", repr=False)  # the first that says something
    why: Why | None = None  # they end before the sheet does

    def written(self) -> Iterator[str]:
        """Yield the rows, many at a time."""
        for some in batched(self._kept(), _AT_ONCE):
            yield "\n".join(some) + "\n"

    def _kept(self) -> Iterator[str]:
        try:
            for line in self.lines:
                self.header = self.header or line.strip("\n")
                yield line
        except ReadError as limit:
            self.why = limit.why


def _strings(table: str) -> list[str]:
    """Return the shared strings in their order, each on one line; a mark that XML forbids keeps them apart."""
    if len(plain := _PLAIN_STRING.findall(table)) == table.count("<si") == table.count("</si>"):
        return [one_line(markup.plain(string)) for string in plain]
    if _PHONETIC in table:
        table = markup.without(table, _PHONETIC)
    strings = markup.plain(_TAG.sub("", _STRING_ITEM.sub("\x1f", markup.opened(table)))).split("\x1f")
    return [one_line(string) for string in strings]  # the last is what stands behind the last mark: mostly nothing
