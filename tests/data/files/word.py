"""Word documents, one for each place that a person or a program can leave a value in."""

from collections.abc import Callable, Iterator

from tests.data.files import ooxml
from tests.data.files.ooxml import Package, Part
from tests.data.files.planting import Made, Planted, card, packed, planted, sentence

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OPENING = "行政部通告"
_TALK = "各位同事早晨,附件是上星期五會議的紀錄,請大家看看有沒有需要修改的地方。"


def paragraph(*runs: str) -> str:
    """Return a paragraph of these runs, each text or a run's XML."""
    return "<w:p>" + "".join(text if text.startswith("<") else run(text) for text in runs) + "</w:p>"


def run(text: str, properties: str = "", tag: str = "t") -> str:
    """Return one run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:{tag} xml:space="preserve">{ooxml.escape(text)}</w:{tag}></w:r>'


def document(*blocks: str, parts: tuple[Part, ...] = (), macro: bool = False, properties: str = "") -> bytes:
    """Return a document: two harmless paragraphs, the blocks between them, and further parts."""
    body = paragraph(_OPENING) + "".join(blocks) + paragraph(_TALK)
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml" if macro else f"{_MAIN}.document.main+xml"
    main = Part(
        "word/document.xml", kind, "officeDocument", ooxml.element("w:document", f"<w:body>{body}{properties}</w:body>")
    )
    return packed(Package(main, parts).members())


def part(name: str, kind: str, root: str, content: str) -> Part:
    """Return a part of WordprocessingML."""
    return Part(f"word/{name}.xml", f"{_MAIN}.{kind}+xml", kind, ooxml.element(f"w:{root}", content))


type Plant = Callable[[str], bytes]


def _numbered(kind: str, tag: str) -> Plant:
    """Return how a value gets into a foot- or endnote."""

    def plant(value: str) -> bytes:
        notes = part(f"{kind}s", f"{kind}s", f"{kind}s", f'<w:{tag} w:id="2">{paragraph(sentence(value))}</w:{tag}>')
        return document(paragraph(f'<w:r><w:{tag}Reference w:id="2"/></w:r>'), parts=(notes,))

    return plant


def _edge(kind: str) -> Plant:
    """Return how a value gets into a header or footer."""

    def plant(value: str) -> bytes:
        tag = {"header": "hdr", "footer": "ftr"}[kind]
        edge = part(f"{kind}2", kind, tag, paragraph(sentence(value)))
        return document(
            parts=(edge,), properties=f'<w:sectPr><w:{kind}Reference w:type="default" r:id="{edge.id}"/></w:sectPr>'
        )

    return plant


def _block(block: Callable[[str], str]) -> Plant:
    return lambda value: document(block(value))


def _beside(*parts: Callable[[str], Part]) -> Plant:
    """Return how a value gets into parts that stand beside the document."""
    return lambda value: document(parts=tuple(make(value) for make in parts))


def _split(value: str) -> str:
    return paragraph("身份證號碼 ", *(run(piece, "<w:b/>" * (at % 2)) for at, piece in enumerate(value)))


def _table(value: str) -> str:
    rows = (("姓名", "身份證號碼", "電話"), ("陳大文", value.replace("(", "").replace(")", ""), "66123456"))
    cells = ("".join(f"<w:tc><w:tcPr/>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


_CHANGE = 'w:id="7" w:author="文員" w:date="2026-05-04T09:00:00Z"'


def _inserted(value: str) -> str:
    return paragraph("", f"<w:ins {_CHANGE}>{run(sentence(value))}</w:ins>")


def _deleted(value: str) -> str:
    return paragraph("", f"<w:del {_CHANGE}>{run(sentence(value), tag='delText')}</w:del>")


def _replaced(value: str) -> str:
    """Return a number that was written in the place of another, with nothing between the two."""
    other = card("word", "the number that was replaced")
    return paragraph(
        "身份證號碼 ",
        f"<w:del {_CHANGE}>{run(other, tag='delText')}</w:del>",
        f"<w:ins {_CHANGE}>{run(value)}</w:ins>",
    )


def _was_replaced(value: str) -> str:
    other = card("word", "the number that came instead")
    return paragraph(
        "身份證號碼 ",
        f"<w:del {_CHANGE}>{run(value, tag='delText')}</w:del>",
        f"<w:ins {_CHANGE}>{run(other)}</w:ins>",
    )


def _corrected(value: str) -> str:
    """Return a number of which one digit was corrected."""
    return paragraph(
        "身份證號碼 " + value[:3],
        f"<w:del {_CHANGE}>{run('77', tag='delText')}</w:del>",
        f"<w:ins {_CHANGE}>{run(value[3])}</w:ins>",
        value[4:],
    )


def _moved(value: str) -> str:
    return paragraph("", f"<w:moveFrom {_CHANGE}>{run(sentence(value))}</w:moveFrom>")


def _hidden(value: str) -> str:
    return paragraph("", run(sentence(value), "<w:vanish/>"))


def _around_hidden(value: str) -> str:
    return paragraph("身份證號碼 " + value[:4], run("0x0", '<w:vanish w:val="true"/>'), value[4:])


def _text_box(value: str) -> str:
    inner = f"<w:txbxContent>{paragraph(sentence(value))}</w:txbxContent>"
    shape = (
        '<wp:anchor><wp:positionH><wp:posOffset>12345678</wp:posOffset></wp:positionH><wp:docPr id="3" name="框"/>'
        f'<a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic>'
        "</wp:anchor>"
    )
    return paragraph("", f"<w:r><w:drawing>{shape}</w:drawing></w:r>")


def _old_text_box(value: str) -> str:
    inner = f"<w:txbxContent>{paragraph(sentence(value))}</w:txbxContent>"
    return paragraph("", f"<w:r><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></w:r>")


def _word_art(value: str) -> str:
    text = f'<v:textpath string="身份證號碼 {value}"/>'
    return paragraph("", f"<w:r><w:pict><v:shape>{text}</v:shape></w:pict></w:r>")


def _alternative(value: str) -> str:
    picture = f'<wp:inline><wp:docPr id="4" name="圖" descr="身份證號碼 {value}"/></wp:inline>'
    return paragraph("", f"<w:r><w:drawing>{picture}</w:drawing></w:r>")


def _field(value: str) -> str:
    code = run(f' QUOTE "身份證號碼 {value}" ', tag="instrText")
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return paragraph("", begin, code, end)


def _simple_field(value: str) -> str:
    return paragraph("", f'<w:fldSimple w:instr="QUOTE &quot;身份證號碼 {value}&quot;">{run("見附件")}</w:fldSimple>')


def _control(value: str) -> str:
    properties = f'<w:sdtPr><w:alias w:val="身份證號碼 {value}"/></w:sdtPr>'
    return f"<w:sdt>{properties}<w:sdtContent>{paragraph('客人')}</w:sdtContent></w:sdt>"


def _choice(value: str) -> str:
    items = f'<w:listItem w:displayText="客人甲" w:value="身份證號碼 {value}"/>'
    properties = f"<w:sdtPr><w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
    return f"<w:sdt>{properties}<w:sdtContent>{paragraph('客人')}</w:sdtContent></w:sdt>"


def _equation(value: str) -> str:
    return paragraph("身份證號碼 ", f"<m:oMath><m:r><m:t>{value}</m:t></m:r></m:oMath>")


def _link(value: str) -> bytes:
    link = ooxml.link(f"https://example.com/?id={value}&amp;n=身份證")
    return document(paragraph("", f'<w:hyperlink r:id="{link.id}">{run("按此")}</w:hyperlink>'), parts=(link,))


def _tip(value: str) -> str:
    return paragraph("", f'<w:hyperlink w:anchor="a" w:tooltip="身份證號碼 {value}">{run("按此")}</w:hyperlink>')


def _comment(value: str) -> Part:
    content = f'<w:comment w:id="1" w:author="經理">{paragraph(sentence(value))}</w:comment>'
    return part("comments", "comments", "comments", content)


def _reply(value: str) -> bytes:
    first = f'<w:comment w:id="1" w:author="經理"><w:p w14:paraId="0A">{run("請核對")}</w:p></w:comment>'
    answer = f'<w:comment w:id="2" w:author="文員"><w:p w14:paraId="0B">{run(sentence(value))}</w:p></w:comment>'
    thread = '<w15:commentEx w15:paraId="0A" w15:done="1"/><w15:commentEx w15:paraId="0B" w15:paraIdParent="0A"/>'
    return document(
        parts=(
            part("comments", "comments", "comments", first + answer),
            Part(
                "word/commentsExtended.xml",
                f"{_MAIN}.commentsExtended+xml",
                "commentsExtended",
                ooxml.element("w15:commentsEx", thread),
            ),
        )
    )


def _variable(value: str) -> Part:
    variables = f'<w:docVars><w:docVar w:name="客人" w:val="身份證號碼 {value}"/></w:docVars>'
    return part("settings", "settings", "settings", variables)


def _block_text(value: str) -> Part:
    entry = (
        f"<w:docParts><w:docPart><w:docPartBody>{paragraph(sentence(value))}</w:docPartBody></w:docPart></w:docParts>"
    )
    return Part(
        "word/glossary/document.xml",
        f"{_MAIN}.document.glossary+xml",
        "glossaryDocument",
        ooxml.element("w:glossaryDocument", f"<w:docParts>{entry}</w:docParts>"),
    )


def _chunk(value: str) -> bytes:
    chunk = Part(
        "word/afchunk.htm", "text/html", "aFChunk", f"<html><body><p>{sentence(value)}</p></body></html>".encode()
    )
    return document(f'<w:altChunk r:id="{chunk.id}"/>', parts=(chunk,))


def _macro(value: str) -> bytes:
    return document(
        parts=(Part("word/vbaProject.bin", "application/vnd.ms-office.vbaProject", "vbaProject", ooxml.vba(value)),),
        macro=True,
    )


# Hiding place, the words that must lead to it, and how a value gets there.
_PLACES: tuple[tuple[str, tuple[str, ...], Plant], ...] = (
    ("body", ("body",), _block(lambda value: paragraph(sentence(value)))),
    ("split over runs", ("body",), _block(_split)),
    ("table", ("body",), _block(_table)),
    ("header", ("header",), _edge("header")),
    ("footer", ("footer",), _edge("footer")),
    ("footnote", ("footnotes",), _numbered("footnote", "footnote")),
    ("endnote", ("endnotes",), _numbered("endnote", "endnote")),
    ("comment", ("comments",), _beside(_comment)),
    ("reply to a comment", ("comments",), _reply),
    ("tracked insertion", ("body",), _block(_inserted)),
    ("tracked deletion", ("body (before changes)",), _block(_deleted)),
    ("replacement", ("body",), _block(_replaced)),
    ("replaced", ("body (before changes)",), _block(_was_replaced)),
    ("corrected digit", ("body",), _block(_corrected)),
    ("moved away", ("body (before changes)",), _block(_moved)),
    ("hidden text", ("body (with hidden text)",), _block(_hidden)),
    ("around hidden text", ("body",), _block(_around_hidden)),
    ("text box", ("body",), _block(_text_box)),
    ("text box of Word 2007", ("body",), _block(_old_text_box)),
    ("WordArt", ("body (names and links)",), _block(_word_art)),
    ("alternative text", ("body (names and links)",), _block(_alternative)),
    ("field code", ("body",), _block(_field)),
    ("simple field", ("body (names and links)",), _block(_simple_field)),
    ("title of a content control", ("body (names and links)",), _block(_control)),
    ("item of a list", ("body (names and links)",), _block(_choice)),
    ("equation", ("body",), _block(_equation)),
    ("target of a link", ("links",), _link),
    ("tip of a link", ("body (names and links)",), _block(_tip)),
    ("document variable", ("settings",), _beside(_variable)),
    ("building block", ("building blocks",), _beside(_block_text)),
    ("imported page", ("word/afchunk.htm",), _chunk),
    ("chart title", ("chart 1",), _beside(lambda value: ooxml.chart("word", title=sentence(value)))),
    ("chart value", ("chart 1",), _beside(lambda value: ooxml.chart("word", value=f"身份證 {value}"))),
    ("diagram", ("diagram 1",), _beside(lambda value: ooxml.diagram("word", sentence(value)))),
    ("bound data", ("custom data",), _beside(lambda value: ooxml.custom_data(f"身份證號碼 {value}"))),
    ("title", ("properties (title)",), _beside(lambda value: ooxml.core(title=f"身份證號碼 {value}"))),
    ("keywords", ("properties",), _beside(lambda value: ooxml.core(keywords=f"身份證號碼 {value}"))),
    ("last editor", ("properties",), _beside(lambda value: ooxml.core(lastModifiedBy=f"身份證號碼 {value}"))),
    ("manager", ("properties",), _beside(lambda value: ooxml.app(Manager=f"身份證號碼 {value}"))),
    ("custom property", ("properties",), _beside(lambda value: ooxml.custom(f"身份證號碼 {value}"))),
    ("name of a custom property", ("properties",), _beside(lambda value: ooxml.custom("是", f"身份證號碼 {value}"))),
    (
        "embedded text file",
        ("oleObject1.bin", "客人.txt"),
        _beside(lambda value: ooxml.packaged_file("word", "客人.txt", sentence(value).encode("big5"))),
    ),
)


def files() -> Iterator[Made]:
    """Yield one document for each hiding place."""
    for hiding, place, plant in _PLACES:
        name = f"{hiding}.docx"
        here = planted(name, hiding, *place)
        yield Made(name, "docx", plant(here.value), (here,))
    name = "macro.docm"
    here = planted(name, "macro", "macros", "Module1")
    yield Made(name, "docm", _macro(here.value), (here,))
    yield embedding("a workbook in a document.docx")


def embedding(name: str) -> Made:
    """Return a document with a document in it that has another in it."""
    inner = Planted("document in a document", (name, "Microsoft_Word1.docx", "body"), card(name, "inner"))
    member = Part(
        "word/embeddings/Microsoft_Word1.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "package",
        document(paragraph(sentence(inner.value))),
    )
    return Made(name, "docx", document(parts=(member,)), (inner,))


def everything(name: str) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Return one document with many hiding places, to be saved in other formats, and (hiding place, value) of each."""
    values = {hiding: card(name, hiding) for hiding, _, _ in _PLACES}
    used = (
        "body", "split over runs", "table", "tracked insertion", "tracked deletion", "hidden text", "header", "footer",
        "footnote", "endnote", "comment", "title", "keywords", "custom property", "text box",
    )  # fmt: skip
    notes = (
        part("header2", "header", "hdr", paragraph(sentence(values["header"]))),
        part("footer2", "footer", "ftr", paragraph(sentence(values["footer"]))),
        part("footnotes", "footnotes", "footnotes", _note("footnote", values["footnote"])),
        part("endnotes", "endnotes", "endnotes", _note("endnote", values["endnote"])),
        _comment(values["comment"]),
        ooxml.core(title=f"身份證號碼 {values['title']}", keywords=f"身份證號碼 {values['keywords']}"),
        ooxml.custom(f"身份證號碼 {values['custom property']}"),
    )
    references = paragraph(
        "附註",
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
        '<w:r><w:endnoteReference w:id="2"/></w:r>',
        '<w:commentRangeStart w:id="1"/>',
        run("批註"),
        '<w:commentRangeEnd w:id="1"/>',
        '<w:r><w:commentReference w:id="1"/></w:r>',
    )
    blocks = (
        paragraph(sentence(values["body"])),
        _split(values["split over runs"]),
        _table(values["table"]),
        _inserted(values["tracked insertion"]),
        _deleted(values["tracked deletion"]),
        _hidden(values["hidden text"]),
        _old_text_box(values["text box"]),
        references,
    )
    edges = "".join(
        f'<w:{kind}Reference w:type="default" r:id="{edge.id}"/>'
        for kind, edge in zip(("header", "footer"), notes, strict=False)
    )
    data = document(*blocks, parts=notes, properties=f"<w:sectPr>{edges}</w:sectPr>")
    return data, tuple((hiding, values[hiding]) for hiding in used)


def _note(tag: str, value: str) -> str:
    return f'<w:{tag} w:id="2">{paragraph(sentence(value))}</w:{tag}>'
