"""Every part of a document is read, not only the ones its program shows."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.oxml import parse_xml

from cerco.extract.read import read
from cerco.extract.text import Text, Unreadable, Why

NEEDLE = "5123456(7)"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document_with(change: Callable[[Document], None]) -> bytes:
    document = docx.Document()
    document.add_paragraph("First line")
    change(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def with_members(data: bytes, **members: bytes) -> bytes:
    out = BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as box:
        for name, content in members.items():
            box.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def in_body(document: Document) -> None:
    paragraph = document.add_paragraph()
    for piece in ("512", "34", "56(7)"):
        paragraph.add_run(piece).bold = piece == "34"


def in_table(document: Document) -> None:
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "身份證", NEEDLE


def in_header(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = NEEDLE


def in_footer(document: Document) -> None:
    document.sections[0].footer.paragraphs[0].text = NEEDLE


def in_comment(document: Document) -> None:
    document.add_comment(document.paragraphs[0].runs[0], text=NEEDLE, author="a")


def deleted(document: Document) -> None:
    xml = f'<w:p {W}><w:del w:id="1" w:author="a"><w:r><w:delText>{NEEDLE}</w:delText></w:r></w:del></w:p>'
    document.element.body.insert(0, parse_xml(xml))


def hidden(document: Document) -> None:
    document.add_paragraph().add_run(NEEDLE).font.hidden = True


def in_text_box(document: Document) -> None:
    box = (
        f'<w:p {W} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape><v:textbox><w:txbxContent>'
        f"<w:p><w:r><w:t>{NEEDLE}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    document.element.body.insert(0, parse_xml(box))


def in_title(document: Document) -> None:
    document.core_properties.title = f"客戶名單 {NEEDLE}"


def in_keywords(document: Document) -> None:
    document.core_properties.keywords = NEEDLE


@pytest.mark.parametrize(
    ("change", "place", "role"),
    [
        pytest.param(in_body, "a.docx > body", "text", id="body-in-several-runs"),
        pytest.param(in_table, "a.docx > body", "text", id="table"),
        pytest.param(in_header, "a.docx > header", "text", id="header"),
        pytest.param(in_footer, "a.docx > footer", "text", id="footer"),
        pytest.param(in_comment, "a.docx > comments", "text", id="comment"),
        pytest.param(deleted, "a.docx > body (before changes)", "text", id="tracked-deletion"),
        pytest.param(hidden, "a.docx > body (with hidden text)", "text", id="hidden-text"),
        pytest.param(in_text_box, "a.docx > body", "text", id="text-box"),
        pytest.param(in_title, "a.docx > properties (title)", "title", id="title"),
        pytest.param(in_keywords, "a.docx > properties", "text", id="keywords"),
    ],
)
def test_each_hiding_place(change: Callable[[Document], None], place: str, role: str) -> None:
    items = list(read(document_with(change), "a.docx"))
    assert (place, role) in [
        (item.place, item.role) for item in items if isinstance(item, Text) and NEEDLE in item.content
    ]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        pytest.param("word__footnotes.xml", f"<w:p><w:t>{NEEDLE}</w:t></w:p>", "a.docx > footnotes", id="footnotes"),
        pytest.param(
            "docProps__custom.xml",
            f'<p name="x"><vt:lpwstr>{NEEDLE}</vt:lpwstr></p>',
            "a.docx > properties",
            id="custom",
        ),
        pytest.param("customXml__item9.xml", f"<a><b>{NEEDLE}</b></a>", "a.docx > custom data", id="bound-data"),
        pytest.param("ppt__slides__slide3.xml", f"<a:p><a:t>{NEEDLE}</a:t></a:p>", "a.docx > slide 3", id="slide"),
        pytest.param(
            "ppt__notesSlides__notesSlide3.xml", f"<a:p><a:t>{NEEDLE}</a:t></a:p>", "a.docx > notes 3", id="notes"
        ),
        pytest.param(
            "word__charts__chart1.xml",
            f"<c:pt><c:v>a</c:v></c:pt><c:pt><c:v>{NEEDLE}</c:v></c:pt>",
            "a.docx > chart 1",
            id="chart",
        ),
        pytest.param(
            "word__x.xml", f'<wp:docPr descr="{NEEDLE}"/>', "a.docx > x (names and links)", id="alternative-text"
        ),
        pytest.param(
            "visio__pages__page2.xml",
            "<Text><cp IX='0'/>512<cp IX='1'/>3456(7)</Text>",
            "a.docx > page 2",
            id="drawing-in-visio",
        ),
        pytest.param(
            "visio__pages__page2.xml",
            f"<Row N='Row_1'><Cell N='Value' V='{NEEDLE}'/></Row>",
            "a.docx > page 2 (names and links)",
            id="data-of-a-shape",
        ),
        pytest.param("word__embeddings__b.txt", NEEDLE, "a.docx > word/embeddings/b.txt > text", id="embedded-file"),
        pytest.param("nowhere.dat", NEEDLE, "a.docx > nowhere.dat > text", id="file-no-part-refers-to"),
    ],
)
def test_each_part(name: str, content: str, place: str) -> None:
    data = with_members(document_with(lambda _: None), **{name: content.encode()})
    texts = [item for item in read(data, "a.docx") if isinstance(item, Text) and item.role == "text"]
    assert [text.place for text in texts if NEEDLE in text.content] == [place]


def test_a_part_in_another_encoding_is_read() -> None:
    data = with_members(document_with(lambda _: None), word__x=f"<w:p><w:t>{NEEDLE}</w:t></w:p>".encode("utf-16"))
    assert any(NEEDLE in item.content for item in read(data) if isinstance(item, Text))


def test_a_part_in_a_script_of_elsewhere_is_read() -> None:
    text = "주민등록번호 " * 1000
    data = with_members(document_with(lambda _: None), word__x=f"<w:p><w:t>a{text}</w:t></w:p>".encode())
    assert any(text.strip() in item.content for item in read(data) if isinstance(item, Text))


def test_a_workbook_inside_a_document_is_opened() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = NEEDLE
    inner = BytesIO()
    book.save(inner)
    data = with_members(document_with(lambda _: None), word__embeddings__book=inner.getvalue())
    assert "a.docx > word/embeddings/book > Sheet" in [
        item.place for item in read(data, "a.docx") if isinstance(item, Text)
    ]


def test_pictures_are_said_and_printer_settings_are_not() -> None:
    data = with_members(
        document_with(lambda _: None),
        **{
            "word__media__image1.png": b"\x89PNG\r\n\x1a\n" + bytes(9),
            "xl__printerSettings__printerSettings1.bin": bytes(900),
        },
    )
    gaps = [item for item in read(data, "a.docx") if isinstance(item, Unreadable)]
    assert [gap.why for gap in gaps if gap.place.startswith("a.docx > word/media/image1.png")] == [Why.MALFORMED]
    assert not any("printer" in gap.place for gap in gaps)


def test_something_large_under_a_printer_name_is_said() -> None:
    data = with_members(
        document_with(lambda _: None), **{"xl__printerSettings__printerSettings1.bin": bytes(range(256)) * 300}
    )
    assert [gap.place for gap in read(data, "a.docx") if isinstance(gap, Unreadable) and "printer" in gap.place]


def test_the_first_paragraph_is_a_header() -> None:
    headers = [
        item.content for item in read(document_with(in_body)) if isinstance(item, Text) and item.role == "header"
    ]
    assert headers == ["First line"]


def test_cells_of_a_row_stay_on_one_line() -> None:
    body = next(
        item for item in read(document_with(in_table), "a") if isinstance(item, Text) and item.place == "a > body"
    )
    assert f"身份證\t{NEEDLE}" in body.content
