"""Workbooks, one for each place that a person or a program can leave a value in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.data.files import ooxml
from tests.data.files.ooxml import Package, Part
from tests.data.files.planting import Made, card, packed, planted, sentence

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = ("姓名", "身份證號碼", "電話")
_ROWS = (("陳小文", "(另附)", "66123456"), ("李大明", "(另附)", "66234567"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows as XML, what stands after them, its parts, and whether it is shown."""

    name: str
    rows: str
    after: str = ""
    parts: tuple[Part, ...] = ()
    state: str = ""
    columns: str = ""


def bare(value: str) -> str:
    """Return the number as cells hold it: digits alone."""
    return value.replace("(", "").replace(")", "")


def text(reference: str, content: str, style: int = 0) -> str:
    """Return a cell with a text of its own."""
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t>{ooxml.escape(content)}</t></is></c>'


def number(reference: str, content: str, style: int = 0) -> str:
    """Return a cell with a number."""
    return f'<c r="{reference}" s="{style}"><v>{content}</v></c>'


def row(at: int, *cells: str, attributes: str = "") -> str:
    """Return a row of cells."""
    return f'<row r="{at}"{attributes}>{"".join(cells)}</row>'


def table(*more: str) -> str:
    """Return a harmless table, and rows below it; its second column is headed by what identity numbers are called."""
    head = row(1, *(text(f"{letter}1", name) for letter, name in zip("ABC", _HEAD, strict=True)))
    body = "".join(
        row(at, *(text(f"{letter}{at}", cell) for letter, cell in zip("ABC", cells, strict=True)))
        for at, cells in enumerate(_ROWS, 2)
    )
    return head + body + "".join(more)


def book(
    *sheets: Sheet, parts: tuple[Part, ...] = (), macro: bool = False, names: str = "", formats: str = ""
) -> bytes:
    """Return a workbook of these sheets and parts."""
    made = []
    for at, sheet in enumerate(sheets, 1):
        content = f"{sheet.columns}<sheetData>{sheet.rows}</sheetData>{sheet.after}"
        folder = "macrosheets" if sheet.state == "macro" else "worksheets"
        kind = f"{_MAIN}.worksheet+xml"
        made.append(Part(f"xl/{folder}/sheet{at}.xml", kind, "worksheet", _root("worksheet", content), sheet.parts))
    listed = "".join(
        f'<sheet name="{ooxml.escape(sheet.name)}" sheetId="{at}"'
        f'{f""" state="{sheet.state}" """ if sheet.state in {"hidden", "veryHidden"} else " "}r:id="{part.id}"/>'
        for at, (sheet, part) in enumerate(zip(sheets, made, strict=True), 1)
    )
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml" if macro else f"{_MAIN}.sheet.main+xml"
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    main = Part("xl/workbook.xml", kind, "officeDocument", _root("workbook", f"<sheets>{listed}</sheets>{defined}"))
    styles = (
        f'<numFmts count="1"><numFmt numFmtId="170" formatCode="{ooxml.escape(formats or "0")}"/></numFmts>'
        '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="170" applyNumberFormat="1"/></cellXfs>'
    )
    style_part = Part("xl/styles.xml", f"{_MAIN}.styles+xml", "styles", _root("styleSheet", styles))
    return packed(Package(main, (*made, style_part, *parts)).members())


def _root(name: str, content: str) -> bytes:
    """Return a part in the namespace of SpreadsheetML without prefixes, as Excel writes it."""
    space = ooxml.NAMESPACES["x"]
    more = " ".join(f'xmlns:{prefix}="{ooxml.NAMESPACES[prefix]}"' for prefix in ("r", "xdr", "a"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{space}" {more}>{content}</{name}>'.encode()


def _part(name: str, kind: str, content: bytes, relation: str = "", parts: tuple[Part, ...] = ()) -> Part:
    return Part(f"xl/{name}", f"{_MAIN}.{kind}+xml", relation or kind, content, parts)


type Plant = Callable[[str], bytes]


def _sheet(rows: Callable[[str], str]) -> Plant:
    return lambda value: book(Sheet("客人", table(rows(value))))


def _second(state: str, rows: Callable[[str], str] | None = None, columns: str = "") -> Plant:
    make = rows or (lambda value: row(7, text("C7", sentence(value))))
    return lambda value: book(Sheet("封面", table()), Sheet("名單", make(value), state=state, columns=columns))


def _after(content: Callable[[str], str]) -> Plant:
    return lambda value: book(Sheet("客人", table(), after=content(value)))


def _hung(*parts: Callable[[str], Part]) -> Plant:
    """Return how a value gets into parts that hang on a sheet."""
    return lambda value: book(
        Sheet("封面", table()), Sheet("名單", table(), parts=tuple(make(value) for make in parts))
    )


def _beside(*parts: Callable[[str], Part]) -> Plant:
    return lambda value: book(Sheet("客人", table()), parts=tuple(make(value) for make in parts))


def _strings(*strings: str) -> Part:
    return _part("sharedStrings.xml", "sharedStrings", _root("sst", "".join(f"<si>{item}</si>" for item in strings)))


def _shared(value: str) -> bytes:
    runs = "".join(f"<r><rPr><b/></rPr><t>{piece}</t></r>" for piece in (value[:3], value[3:]))
    rows = row(9, '<c r="B9" t="s"><v>1</v></c>')
    return book(Sheet("客人", table(rows)), parts=(_strings("<t>別的</t>", f"<t>身份證 </t>{runs}"),))


def _orphan(value: str) -> bytes:
    return book(Sheet("客人", table()), parts=(_strings("<t>別的</t>", f"<t>{sentence(value)}</t>"),))


def _comment(value: str) -> Part:
    comment = f'<comment ref="B3" authorId="0"><text><r><t>{sentence(value)}</t></r></text></comment>'
    content = f"<authors><author>經理</author></authors><commentList>{comment}</commentList>"
    return _part("comments1.xml", "comments", _root("comments", content))


def _thread(value: str) -> Part:
    lines = (("A2", "請核對"), ("B3", sentence(value)))
    content = "".join(
        f'<tc:threadedComment ref="{cell}" id="{{{at}}}"><tc:text>{said}</tc:text></tc:threadedComment>'
        for at, (cell, said) in enumerate(lines)
    )
    return Part(
        "xl/threadedComments/threadedComment1.xml",
        "application/vnd.ms-excel.threadedcomments+xml",
        "threadedComment",
        ooxml.element("tc:ThreadedComments", content),
    )


def drawing(content: str, *parts: Part) -> Part:
    """Return what is drawn on a sheet, a few cells away from the rest."""
    corners = "".join(
        f"<xdr:{name}><xdr:col>{at}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{at}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
        f"</xdr:{name}>"
        for name, at in (("from", 5), ("to", 9))
    )
    anchor = f"<xdr:twoCellAnchor>{corners}{content}<xdr:clientData/></xdr:twoCellAnchor>"
    kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
    return Part("xl/drawings/drawing1.xml", kind, "drawing", ooxml.element("xdr:wsDr", anchor), parts)


def _box(value: str) -> Part:
    paragraph = f"<a:p><a:r><a:t>{sentence(value)}</a:t></a:r></a:p>"
    head = '<xdr:nvSpPr><xdr:cNvPr id="2" name="框"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>'
    look = '<xdr:spPr><a:prstGeom prst="rect"/></xdr:spPr>'
    return drawing(f"<xdr:sp>{head}{look}<xdr:txBody><a:bodyPr/>{paragraph}</xdr:txBody></xdr:sp>")


def _alternative(value: str) -> Part:
    return drawing(
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="圖" descr="身份證號碼 {value}"/></xdr:nvPicPr></xdr:pic>'
    )


def _chart(value: str) -> Part:
    return drawing("<xdr:graphicFrame/>", ooxml.chart("xl", title=sentence(value)))


def _old_drawing(value: str) -> Part:
    text = f'<div style="text-align:left"><font>{sentence(value)}</font></div>'
    box = f'<v:shape type="#t"><v:textbox>{text}</v:textbox></v:shape>'
    return Part(
        "xl/drawings/vmlDrawing1.vml",
        "application/vnd.openxmlformats-officedocument.vmlDrawing",
        "vmlDrawing",
        ooxml.element("xml", box),
    )


def _header(value: str) -> str:
    return f"<headerFooter><oddHeader>&amp;C{sentence(value)}</oddHeader></headerFooter>"


def _validation(value: str) -> str:
    rule = f"<formula1>&quot;客人甲,身份證 {value}&quot;</formula1>"
    return f'<dataValidations><dataValidation type="list" sqref="A5">{rule}</dataValidation></dataValidations>'


def _prompt(value: str) -> str:
    rule = f'<dataValidation sqref="A6" showInputMessage="1" promptTitle="格式" prompt="身份證號碼 {value}"/>'
    return f"<dataValidations>{rule}</dataValidations>"


def _condition(value: str) -> str:
    rule = f'<cfRule type="expression"><formula>$B1="身份證{value}"</formula></cfRule>'
    return f'<conditionalFormatting sqref="A1">{rule}</conditionalFormatting>'


def _link(value: str) -> bytes:
    link = ooxml.link(f"mailto:a@example.com?subject=身份證{value}")
    return book(
        Sheet("客人", table(), after=f'<hyperlinks><hyperlink ref="A2" r:id="{link.id}"/></hyperlinks>', parts=(link,))
    )


def _tip(value: str) -> str:
    return f'<hyperlinks><hyperlink ref="A2" location="A1" tooltip="身份證號碼 {value}"/></hyperlinks>'


def _name(value: str) -> bytes:
    return book(Sheet("客人", table()), names=f'<definedName name="_id" hidden="1">"身份證 {value}"</definedName>')


def _pivot(value: str) -> bytes:
    items = "<s v=&quot;陳大文&quot;/>".replace("&quot;", '"')
    fields = (
        f'<cacheField name="姓名"><sharedItems count="1">{items}</sharedItems></cacheField>'
        '<cacheField name="身份證號碼"><sharedItems containsNumber="1"/></cacheField>'
    )
    records = _part(
        "pivotCache/pivotCacheRecords1.xml",
        "pivotCacheRecords",
        _root("pivotCacheRecords", f'<r><x v="0"/><n v="{bare(value)}"/></r>'),
    )
    definition = _part(
        "pivotCache/pivotCacheDefinition1.xml",
        "pivotCacheDefinition",
        _root("pivotCacheDefinition", f'<cacheFields count="2">{fields}</cacheFields>'),
        parts=(records,),
    )
    return book(Sheet("客人", table()), parts=(definition,))


def _linked(value: str) -> Part:
    cells = f'<row r="1"><cell r="A1" t="str"><v>身份證號碼</v></cell><cell r="B1"><v>{bare(value)}</v></cell></row>'
    content = f'<externalBook><sheetDataSet><sheetData sheetId="0">{cells}</sheetData></sheetDataSet></externalBook>'
    return _part("externalLinks/externalLink1.xml", "externalLink", _root("externalLink", content))


def _table_column(value: str) -> Part:
    columns = f'<tableColumns count="1"><tableColumn id="1" name="身份證號碼 {value}"/></tableColumns>'
    return _part("tables/table1.xml", "table", _root("table", columns))


def _connection(value: str) -> Part:
    query = f'<dbPr connection="DSN=客人" command="身份證號碼={value}"/>'
    content = f'<connection id="1" name="c">{query}</connection>'
    return _part("connections.xml", "connections", _root("connections", content))


def _revision(value: str) -> Part:
    cell = f'<rcc rId="1" sId="1"><oc r="B4" t="inlineStr"><is><t>{sentence(value)}</t></is></oc><nc r="B4"/></rcc>'
    return _part("revisions/revisionLog1.xml", "revisionLog", _root("revisions", cell))


def _scenario(value: str) -> str:
    scenario = f'<scenario name="甲" comment="身份證號碼 {value}"><inputCells r="A1" val="1"/></scenario>'
    return f"<scenarios>{scenario}</scenarios>"


def _formatted(code: str) -> Plant:
    return lambda value: book(Sheet("客人", row(3, number("B3", bare(value), 1))), formats=code)


def _format_text(value: str) -> bytes:
    return book(Sheet("客人", table()), formats=f'"身份證號碼 {value}";0')


_B = ("名單", "B")
_PLACES: tuple[tuple[str, tuple[str, ...], Plant], ...] = (
    ("cell", ("客人", "A9"), _sheet(lambda value: row(9, text("A9", sentence(value))))),
    ("shared string", ("客人", "B9"), _shared),
    ("number", ("客人", "B9"), _sheet(lambda value: row(9, number("B9", bare(value))))),
    (
        "number with an exponent",
        ("客人", "B9"),
        _sheet(lambda value: row(9, number("B9", f"{bare(value)[0]}.{bare(value)[1:]}E7"))),
    ),
    ("number with a point", ("客人", "B9"), _sheet(lambda value: row(9, number("B9", f"{bare(value)}.0")))),
    ("number shown as 0(0)", ("客人", "B3"), _formatted('0000000"("0")"')),
    ("number shown as 0⁄0⁄0", ("客人", "B3"), _formatted(r"0\/000000\/0")),
    (
        "number far away",
        ("客人", "XFB"),
        _sheet(lambda value: row(1048576, text("XFB1048576", sentence(value)))),
    ),
    (
        "result of a formula",
        ("客人", "B9"),
        _sheet(lambda value: row(9, f'<c r="B9" t="str"><f>A1</f><v>{value}</v></c>')),
    ),
    (
        "text in a formula",
        ("客人", "formulas"),
        _sheet(lambda value: row(9, f'<c r="B9"><f>IF(B1="身份證{value}",1,0)</f><v>0</v></c>')),
    ),
    ("sheet that is hidden", ("名單 (hidden)", "C7"), _second("hidden")),
    ("sheet that is very hidden", ("名單 (very hidden)", "C7"), _second("veryHidden")),
    ("sheet for macros", ("名單", "C7"), _second("macro")),
    (
        "row that is hidden",
        ("客人", "A9"),
        _sheet(lambda value: row(9, text("A9", sentence(value)), attributes=' hidden="1"')),
    ),
    (
        "column that is hidden",
        ("名單", "C7"),
        _second("", columns='<cols><col min="3" max="3" width="0" hidden="1"/></cols>'),
    ),
    ("string in no cell", ("strings outside of cells",), _orphan),
    ("comment", ("名單", "comments on B3"), _hung(_comment)),
    ("comment in a thread", ("名單", "comments on B3"), _hung(_thread)),
    ("text box", ("名單", "drawing 1"), _hung(_box)),
    ("text box of Excel 2007", ("名單", "drawing 1"), _hung(_old_drawing)),
    ("alternative text", ("名單", "drawing 1 (names and links)"), _hung(_alternative)),
    ("chart title", ("名單", "chart 1"), _hung(_chart)),
    ("page header", ("客人 (outside of cells)",), _after(_header)),
    ("list of a validation", ("客人 (outside of cells)",), _after(_validation)),
    ("prompt", ("客人 (outside of cells)",), _after(_prompt)),
    ("condition", ("客人 (outside of cells)",), _after(_condition)),
    ("scenario", ("客人 (outside of cells)",), _after(_scenario)),
    ("target of a link", ("客人", "links"), _link),
    ("tip of a link", ("客人 (outside of cells)",), _after(_tip)),
    ("defined name", ("workbook",), _name),
    ("pivot table", ("pivot data 1", "B2"), _pivot),
    ("linked workbook", ("linked workbook 1",), _beside(_linked)),
    ("column of a table", ("名單", "table"), _hung(_table_column)),
    ("connection", ("connections",), _beside(_connection)),
    ("change", ("changes",), _beside(_revision)),
    ("number format", ("styles",), _format_text),
    ("bound data", ("custom data",), _beside(lambda value: ooxml.custom_data(f"身份證號碼 {value}"))),
    ("title", ("properties (title)",), _beside(lambda value: ooxml.core(title=f"身份證號碼 {value}"))),
    ("description", ("properties",), _beside(lambda value: ooxml.core(description=f"身份證號碼 {value}"))),
    ("company", ("properties",), _beside(lambda value: ooxml.app(Company=f"身份證號碼 {value}"))),
    ("custom property", ("properties",), _beside(lambda value: ooxml.custom(f"身份證號碼 {value}"))),
    (
        "embedded file",
        ("oleObject1.bin", "客人.txt"),
        _hung(lambda value: ooxml.packaged_file("xl", "客人.txt", sentence(value).encode("gb18030"))),
    ),
)


def files() -> Iterator[Made]:
    """Yield one workbook for each hiding place."""
    for hiding, place, plant in _PLACES:
        name = f"{hiding}.xlsx"
        here = planted(name, hiding, *place)
        yield Made(name, "xlsx", plant(here.value), (here,))
    name = "macro.xlsm"
    here = planted(name, "macro", "macros", "Module1")
    macros = Part("xl/vbaProject.bin", "application/vnd.ms-office.vbaProject", "vbaProject", ooxml.vba(here.value))
    yield Made(name, "xlsm", book(Sheet("客人", table()), parts=(macros,), macro=True), (here,))


def everything(name: str) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Return one workbook with many hiding places, to be saved in other formats, and (hiding place, value) of each."""
    used = (
        "cell", "number", "number shown as 0(0)", "result of a formula", "sheet that is hidden", "row that is hidden",
        "column that is hidden", "comment", "page header", "list of a validation", "prompt", "text box", "title",
        "description", "custom property", "defined name",
    )  # fmt: skip
    values = {hiding: card(name, hiding) for hiding in used}
    rows = table(
        row(4, text("A4", sentence(values["cell"]))),
        row(5, number("B5", bare(values["number"]))),
        row(6, number("B6", bare(values["number shown as 0(0)"]), 1)),
        row(7, f'<c r="B7" t="str"><f>"{values["result of a formula"]}"</f><v>{values["result of a formula"]}</v></c>'),
        row(8, text("A8", sentence(values["row that is hidden"])), attributes=' hidden="1"'),
        row(9, text("D9", sentence(values["column that is hidden"]))),
    )
    drawing = _box(values["text box"])
    first = Sheet(
        "客人",
        rows,
        after=_validation(values["list of a validation"]).replace("</dataValidations>", "")
        + _prompt(values["prompt"]).removeprefix("<dataValidations>")
        + _header(values["page header"])
        + f'<drawing r:id="{drawing.id}"/>',
        parts=(_comment(values["comment"]), drawing),
        columns='<cols><col min="4" max="4" width="9" hidden="1"/></cols>',
    )
    second = Sheet("名單", row(7, text("C7", sentence(values["sheet that is hidden"]))), state="hidden")
    data = book(
        first,
        second,
        parts=(
            ooxml.core(title=f"身份證號碼 {values['title']}", description=f"身份證號碼 {values['description']}"),
            ooxml.custom(f"身份證號碼 {values['custom property']}"),
        ),
        names=f'<definedName name="_id">"身份證 {values["defined name"]}"</definedName>',
        formats='0000000"("0")"',
    )
    return data, tuple(values.items())
