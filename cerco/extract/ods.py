"""Read the sheets of an OpenDocument spreadsheet, row by row.

In:    the XML of its tables.
Out:   one text a sheet, cells apart by tabs; comments at their cells; what shapes say, and formulas with words in them.
Never: a row or cell laid out as often as it says it is there: it is read once, and what follows keeps its place.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from cerco.extract import markup
from cerco.extract.cells import one_line
from cerco.extract.place import cell
from cerco.extract.plain import pieces
from cerco.extract.source import ReadError, Source
from cerco.extract.text import Text, Unreadable, Why

_TOKEN = re.compile(r"<(/?)([\w:-]++)([^<>]*+)>([^<]*)")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"<>]*)"')
_TABLE, _ROW, _NOTE = "table:table", "table:table-row", "office:annotation"
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_PARAGRAPHS = frozenset({"text:p", "text:h"})
_BLANKS = frozenset({"text:s", "text:tab", "text:line-break"})
_COLUMNS, _ROWS = 16_384, 1_048_576
_LONG = re.compile(r"-?\d{7,21}(?:\.0+)?")  # a whole number that may be an identifier


def read(content: str, unshown: AbstractSet[str], source: Source, *above: str) -> Iterator[Text | Unreadable]:
    """Yield every sheet; `unshown` are the names of the styles that hide one."""
    sheet = _Sheet("outside of sheets", source)
    why: Why | None = None
    try:
        for token in _TOKEN.finditer(content):
            end, name, attributes, text = token.groups()
            if name == _TABLE and not end:
                yield from sheet.items(source, *above)
                said = dict(_ATTRIBUTE.findall(attributes))
                title = markup.plain(said.get("name", ""))
                yield Text(source.place(*above, title), title, "title")
                sheet = _Sheet(f"{title}{' (hidden)' if said.get('style-name') in unshown else ''}", source)
            else:
                sheet.take(name, attributes, text, end=bool(end))
    except ReadError as limit:
        why = limit.why
    yield from sheet.items(source, *above)
    if why is not None:
        yield source.gap(why, *above, sheet.step)


@dataclass(slots=True)
class _Sheet:
    """A sheet on the way through it."""

    step: str
    source: Source
    lines: list[str] = field(default_factory=list, repr=False)
    aside: list[tuple[str, str]] = field(default_factory=list, repr=False)  # step and text
    formulas: dict[str, None] = field(default_factory=dict, repr=False)
    rows: int = 0  # of the sheet so far
    written: int = 0  # of these, to the last that says something
    height: int = 0  # rows that the present one stands for
    cells: list[str] = field(default_factory=list, repr=False)
    column: int = 0  # cells of the present row, written or not
    width: int = 0  # columns that the present cell stands for; 0 outside of any
    typed: str = ""
    words: list[str] = field(default_factory=list, repr=False)
    paragraphs: int = 0
    note: list[str] | None = field(default=None, repr=False)

    def take(self, name: str, attributes: str, text: str, *, end: bool) -> None:
        """Take in one tag and the text behind it."""
        empty = attributes.endswith("/")
        if name == _ROW:
            self._end_row()
            self.height = 0 if end else _repeated(attributes, "number-rows-repeated", _ROWS)
        elif name in _CELLS:
            self._end_cell()
            if not end:
                self._begin_cell(attributes)
        elif name == _NOTE:
            self._annotate(end=end)
        elif name in _PARAGRAPHS and not empty:
            self.paragraphs += -1 if end else 1
            self._say("\n" if end else "")
        elif name in _BLANKS:
            self._say(" ")
        if self.paragraphs > 0:
            self._say(text)

    def items(self, source: Source, *above: str) -> Iterator[Text]:
        """Yield what the sheet has said."""
        self._end_row()
        if header := next((line for line in self.lines if line.strip("\n")), ""):
            lines = (f"{line}\n" for line in self.lines)
            yield from pieces(lines, source.place(*above, self.step), source.budget.limits.piece, "cell")
            yield Text(source.place(*above, f"{self.step} (header)"), header, "header")
        for step, text in self.aside:
            yield Text(source.place(*above, self.step, step), text)
        if self.formulas:
            yield Text(source.place(*above, self.step, "formulas"), markup.plain("\n".join(self.formulas)))

    def _begin_cell(self, attributes: str) -> None:
        said = dict(_ATTRIBUTE.findall(attributes))
        self.width = _repeated(attributes, "number-columns-repeated", _COLUMNS)
        value = said.get("value", "")
        self.typed = value.partition(".")[0] if _LONG.fullmatch(value) else said.get("string-value", "")
        formula = said.get("formula", "")
        if "&quot;" in formula:
            self.formulas[formula] = None
        if attributes.endswith("/"):
            self._end_cell()

    def _end_cell(self) -> None:
        if not self.width:
            return
        text = one_line(markup.plain("".join(self.words).strip()))
        if self.typed and self.typed not in text:
            text = f"{text} {one_line(markup.plain(self.typed))}".strip()
        if text:
            self.source.budget.fill(1)
            self.source.budget.expand(self.column - len(self.cells))
            self.cells += [""] * (self.column - len(self.cells))
            self.cells.append(text)
        self.column = min(self.column + self.width, _COLUMNS)
        self.width, self.typed = 0, ""
        self.words.clear()

    def _end_row(self) -> None:
        self._end_cell()
        if not self.height:
            self._outside()
            return
        if self.cells:
            if (skipped := self.rows - self.written) > 0:
                self.source.budget.expand(skipped)
                self.lines.append("\n" * (skipped - 1))
            self.lines.append("\t".join(self.cells))
            self.written = self.rows + 1
        self.rows = min(self.rows + self.height, _ROWS)
        self.height = self.column = 0
        self.cells = []

    def _annotate(self, *, end: bool) -> None:
        if not end:
            self.note = []
        elif self.note is not None:
            text = markup.plain("".join(self.note)).strip()
            if text:
                self.aside.append((f"comments on {cell(self.rows + 1, self.column + 1)}", text))
            self.note = None

    def _outside(self) -> None:
        """Set aside what stands outside of cells: shapes, and what rules ask for."""
        text = markup.plain("".join(self.words)).strip()
        self.words.clear()
        if text:
            self.aside.append(("outside of cells", text))

    def _say(self, text: str) -> None:
        (self.words if self.note is None else self.note).append(text)


def _repeated(attributes: str, name: str, most: int) -> int:
    found = re.search(rf'{name}="(\d{{1,7}})"', attributes)
    return min(int(found[1]), most) if found else 1
