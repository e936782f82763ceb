"""Presentations, one for each place that a person or a program can leave a value in."""

from collections.abc import Callable, Iterator

from tests.data.files import ooxml
from tests.data.files.ooxml import Package, Part
from tests.data.files.planting import Made, card, packed, planted, sentence

_MAIN = "application/vnd.openxmlformats-officedocument.presentationml"


def box(text: str, properties: str = 'id="2" name="標題"', place: str = "") -> str:
    """Return a shape with one paragraph; `place` is "title", "body" or nothing, for a box of its own."""
    placed = f'<p:nvPr><p:ph type="{place}"/></p:nvPr>' if place else "<p:nvPr/>"
    body = f"<a:bodyPr/><a:p><a:r><a:t>{ooxml.escape(text)}</a:t></a:r></a:p>"
    size = '<a:xfrm><a:off x="838200" y="365125"/><a:ext cx="10515600" cy="1325563"/></a:xfrm>'
    look = f'<p:spPr>{size}<a:prstGeom prst="rect"/></p:spPr>'
    head = f"<p:nvSpPr><p:cNvPr {properties}/><p:cNvSpPr/>{placed}</p:nvSpPr>"
    return f"<p:sp>{head}{look}<p:txBody>{body}</p:txBody></p:sp>"


def _tree(shapes: str) -> str:
    head = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    return f"<p:cSld><p:spTree>{head}{shapes}</p:spTree></p:cSld>"


def _part(name: str, kind: str, root: str, content: str, *parts: Part, attributes: str = "") -> Part:
    return Part(f"ppt/{name}.xml", f"{_MAIN}.{kind}+xml", kind, ooxml.element(f"p:{root}", content, attributes), parts)


def slide(
    number: int, *shapes: str, parts: tuple[Part, ...] = (), hidden: bool = False, master: Part | None = None
) -> Part:
    """Return a slide; its file's number is not the one people count it by."""
    shown = 'show="0"' if hidden else ""
    layout = _layout(master or _master())
    content = _tree("".join(shapes) or box("議程"))
    return _part(f"slides/slide{number}", "slide", "sld", content, layout, *parts, attributes=shown)


def _master(*shapes: str) -> Part:
    theme = Part(
        "ppt/theme/theme1.xml",
        "application/vnd.openxmlformats-officedocument.theme+xml",
        "theme",
        ooxml.element("a:theme", _THEME, 'name="主題"'),
    )
    colours = " ".join(
        f'{name}="{value}"'
        for name, value in zip(
            ("bg1", "tx1", "bg2", "tx2", *(f"accent{at}" for at in range(1, 7)), "hlink", "folHlink"),
            ("lt1", "dk1", "lt2", "dk2", *(f"accent{at}" for at in range(1, 7)), "hlink", "folHlink"),
            strict=True,
        )
    )
    content = _tree("".join(shapes)) + f"<p:clrMap {colours}/>"
    return _part("slideMasters/slideMaster1", "slideMaster", "sldMaster", content, theme)


def _layout(master: Part) -> Part:
    return _part("slideLayouts/slideLayout1", "slideLayout", "sldLayout", _tree(""), master)


_COLOURS = "".join(
    f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
    for name, value in zip(
        ("dk1", "lt1", "dk2", "lt2", *(f"accent{at}" for at in range(1, 7)), "hlink", "folHlink"),
        ("000000", "FFFFFF", "44546A", "E7E6E6", *["4472C4"] * 6, "0563C1", "954F72"),
        strict=True,
    )
)
_FONT = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
_THEME = (
    f'<a:themeElements><a:clrScheme name="x">{_COLOURS}</a:clrScheme><a:fontScheme name="x"><a:majorFont>{_FONT}'
    f'</a:majorFont><a:minorFont>{_FONT}</a:minorFont></a:fontScheme><a:fmtScheme name="x"/></a:themeElements>'
)


def show(
    *slides: Part, parts: tuple[Part, ...] = (), macro: bool = False, more: str = "", master: Part | None = None
) -> bytes:
    """Return a presentation of these slides, in this order."""
    listed = "".join(f'<p:sldId id="{256 + at}" r:id="{part.id}"/>' for at, part in enumerate(slides))
    master = master or _master()
    content = (
        f'<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="{master.id}"/></p:sldMasterIdLst>'
        f"<p:sldIdLst>{listed}</p:sldIdLst>"
        f'<p:sldSz cx="12192000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>{more}'
    )
    kind = (
        "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
        if macro
        else f"{_MAIN}.presentation.main+xml"
    )
    main = Part("ppt/presentation.xml", kind, "officeDocument", ooxml.element("p:presentation", content))
    return packed(Package(main, (*slides, master, *parts)).members())


type Plant = Callable[[str], bytes]


def _hidden(value: str) -> bytes:
    return show(slide(2), slide(1, box(sentence(value)), hidden=True))


def _picture(name: str, description: str) -> str:
    return box("圖", f'id="9" name="{name}" descr="{description}"')


def _on_slide(shapes: Callable[[str], str]) -> Plant:
    """Return how a value gets onto the second slide, whose file is numbered 1."""
    return lambda value: show(slide(2), slide(1, shapes(value)))


def _hung(*parts: Callable[[str], Part]) -> Plant:
    return lambda value: show(slide(2), slide(1, parts=tuple(make(value) for make in parts)))


def _beside(*parts: Callable[[str], Part]) -> Plant:
    return lambda value: show(slide(1), parts=tuple(make(value) for make in parts))


def _split(value: str) -> str:
    runs = "".join(f'<a:r><a:rPr b="{at % 2}"/><a:t>{piece}</a:t></a:r>' for at, piece in enumerate(value))
    return box("@").replace("<a:r><a:t>@</a:t></a:r>", f"<a:r><a:t>身份證號碼 </a:t></a:r>{runs}")


def _table(value: str) -> str:
    digits = value.replace("(", "").replace(")", "")
    cells = (("姓名", "身份證號碼"), ("陳大文", digits))
    rows = "".join(
        '<a:tr h="370840">'
        + "".join(
            f"<a:tc><a:txBody><a:bodyPr/><a:p><a:r><a:t>{cell}</a:t></a:r></a:p></a:txBody><a:tcPr/></a:tc>"
            for cell in line
        )
        + "</a:tr>"
        for line in cells
    )
    grid = '<a:tblGrid><a:gridCol w="3000000"/><a:gridCol w="3000000"/></a:tblGrid>'
    uri = "http://schemas.openxmlformats.org/drawingml/2006/table"
    frame = '<p:nvGraphicFramePr><p:cNvPr id="4" name="表"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>'
    size = '<p:xfrm><a:off x="838200" y="2000000"/><a:ext cx="6000000" cy="741680"/></p:xfrm>'
    graphic = f'<a:graphicData uri="{uri}"><a:tbl><a:tblPr/>{grid}{rows}</a:tbl></a:graphicData>'
    return f"<p:graphicFrame>{frame}{size}<a:graphic>{graphic}</a:graphic></p:graphicFrame>"


def notes(number: int, text: str) -> Part:
    """Return what a speaker has written for a slide."""
    return _part(f"notesSlides/notesSlide{number}", "notesSlide", "notes", _tree(box(text, place="body")))


def comment(text: str) -> Part:
    """Return a comment on a slide, as PowerPoint 2007 to 2019 write it."""
    content = "".join(
        f'<p:cm authorId="0" idx="{number}"><p:pos x="10" y="10"/><p:text>{said}</p:text></p:cm>'
        for number, said in enumerate((text, "好"), 1)
    )
    return _part("comments/comment1", "comments", "cmLst", content)


def _modern(value: str) -> Part:
    reply = f"<p188:reply><p188:txBody><a:p><a:r><a:t>{sentence(value)}</a:t></a:r></a:p></p188:txBody></p188:reply>"
    said = "<p188:txBody><a:p><a:r><a:t>請核對</a:t></a:r></a:p></p188:txBody>"
    first = f"<p188:cm><p188:replyLst>{reply}</p188:replyLst>{said}</p188:cm>"
    kind = "application/vnd.ms-powerpoint.comments+xml"
    return Part("ppt/comments/modernComment_1_0.xml", kind, "modernComment", ooxml.element("p188:cmLst", first))


def _link(value: str) -> bytes:
    link = ooxml.link(f"https://example.com/?n=身份證&amp;id={value}")
    click = f'<a:rPr><a:hlinkClick r:id="{link.id}"/></a:rPr>'
    return show(slide(2), slide(1, box("按此").replace("<a:r><a:t>按", f"<a:r>{click}<a:t>按"), parts=(link,)))


def _on_master(value: str) -> bytes:
    master = _master(box(sentence(value)))
    return show(slide(1, master=master), master=master)


def _tag(value: str) -> Part:
    return _part("tags/tag1", "tags", "tagLst", f'<p:tag name="客人" val="身份證號碼 {value}"/>')


def _section(value: str) -> bytes:
    section = f'<p15:sectionLst><p15:section name="身份證號碼 {value}" id="{{1}}"/></p15:sectionLst>'
    return show(slide(1), more=f'<p:extLst><p:ext uri="{{2}}">{section}</p:ext></p:extLst>')


_PLACES: tuple[tuple[str, tuple[str, ...], Plant], ...] = (
    ("text", ("slide 2",), _on_slide(lambda value: box(sentence(value)))),
    ("split over runs", ("slide 2",), _on_slide(_split)),
    ("table", ("slide 2",), _on_slide(_table)),
    ("slide that is hidden", ("slide 2 (hidden)",), _hidden),
    ("slide that is in no list", ("slide 7",), _beside(lambda value: slide(7, box(sentence(value))))),
    ("notes", ("slide 2", "notes"), _hung(lambda value: notes(1, sentence(value)))),
    ("comment", ("slide 2", "comments"), _hung(lambda value: comment(sentence(value)))),
    ("reply to a comment", ("slide 2", "comments"), _hung(_modern)),
    ("alternative text", ("slide 2 (names and links)",), _on_slide(lambda value: _picture("圖", f"身份證 {value}"))),
    ("name of a shape", ("slide 2 (names and links)",), _on_slide(lambda value: _picture(f"身份證 {value}", ""))),
    ("master", ("slide master 1",), _on_master),
    ("target of a link", ("slide 2", "links"), _link),
    ("chart title", ("slide 2", "chart 1"), _hung(lambda value: ooxml.chart("ppt", title=sentence(value)))),
    ("chart value", ("slide 2", "chart 1"), _hung(lambda value: ooxml.chart("ppt", value=f"身份證 {value}"))),
    ("diagram", ("slide 2", "diagram 1"), _hung(lambda value: ooxml.diagram("ppt", sentence(value)))),
    ("tag", ("slide 2", "tag"), _hung(_tag)),
    ("section", ("presentation (names and links)",), _section),
    ("bound data", ("custom data",), _beside(lambda value: ooxml.custom_data(f"身份證號碼 {value}"))),
    ("title", ("properties (title)",), _beside(lambda value: ooxml.core(title=f"身份證號碼 {value}"))),
    ("keywords", ("properties",), _beside(lambda value: ooxml.core(keywords=f"身份證號碼 {value}"))),
    ("custom property", ("properties",), _beside(lambda value: ooxml.custom(f"身份證號碼 {value}"))),
    (
        "embedded file",
        ("oleObject1.bin", "客人.txt"),
        _hung(lambda value: ooxml.packaged_file("ppt", "客人.txt", sentence(value).encode())),
    ),
)  # fmt: skip


def files() -> Iterator[Made]:
    """Yield one presentation for each hiding place."""
    for hiding, place, plant in _PLACES:
        name = f"{hiding}.pptx"
        here = planted(name, hiding, *place)
        yield Made(name, "pptx", plant(here.value), (here,))
    name = "macro.pptm"
    here = planted(name, "macro", "macros", "Module1")
    macros = Part("ppt/vbaProject.bin", "application/vnd.ms-office.vbaProject", "vbaProject", ooxml.vba(here.value))
    yield Made(name, "pptm", show(slide(1), parts=(macros,), macro=True), (here,))


def everything(name: str) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Return one presentation with many hiding places, to be saved in other formats, and (place, value) of each."""
    used = (
        "text",
        "split over runs",
        "table",
        "slide that is hidden",
        "notes",
        "comment",
        "alternative text",
        "master",
        "title",
        "keywords",
    )
    values = {hiding: card(name, hiding) for hiding in used}
    master = _master(box(sentence(values["master"])))
    data = show(
        slide(1, box("議程"), master=master),
        slide(
            2,
            box(sentence(values["text"])),
            _split(values["split over runs"]),
            _table(values["table"]),
            _picture("圖", f"身份證號碼 {values['alternative text']}"),
            parts=(notes(2, sentence(values["notes"])), comment(sentence(values["comment"]))),
            master=master,
        ),
        slide(3, box(sentence(values["slide that is hidden"])), hidden=True, master=master),
        parts=(
            ooxml.core(title=f"身份證號碼 {values['title']}", keywords=f"身份證號碼 {values['keywords']}"),
            _part(
                "commentAuthors",
                "commentAuthors",
                "cmAuthorLst",
                '<p:cmAuthor id="0" name="經理" initials="M" lastIdx="2" clrIdx="0"/>',
            ),
        ),
        master=master,
    )
    return data, tuple(values.items())
