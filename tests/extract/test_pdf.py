"""A PDF's pages, notes, forms, properties and attachments are read; pictures of text are said to be pictures."""

from io import BytesIO

import pytest
from fpdf import FPDF
from fpdf.enums import EncryptionMethod, TextMode

from cerco.extract.read import read
from cerco.extract.text import Limits, Text, Unreadable, Why

NEEDLE = "5123456(7)"


def blank() -> FPDF:
    document = FPDF()
    document.set_compression(compress=True)
    document.add_page()
    document.set_font("helvetica", size=12)
    return document


def output(document: FPDF) -> bytes:
    return bytes(document.output())


def on_page() -> bytes:
    document = blank()
    document.cell(text="first page")
    document.add_page()
    document.cell(text=f"ID {NEEDLE}")
    return output(document)


def in_title() -> bytes:
    document = blank()
    document.set_title(f"list {NEEDLE}")
    return output(document)


def in_keywords() -> bytes:
    document = blank()
    document.set_keywords(NEEDLE)
    return output(document)


def in_note() -> bytes:
    document = blank()
    document.text_annotation(20, 20, f"see {NEEDLE}")
    return output(document)


def in_attachment() -> bytes:
    document = blank()
    document.embed_file(basename="b.txt", bytes=NEEDLE.encode())
    return output(document)


def in_outline() -> bytes:
    document = blank()
    document.start_section(NEEDLE)
    return output(document)


def unseen() -> bytes:
    document = blank()
    document.text_mode = TextMode.INVISIBLE
    document.cell(text=NEEDLE)
    return output(document)


def in_form() -> bytes:
    """Return a hand-made form: the library that makes the others makes none."""
    parts = (
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[5 0 R]>>",
        b"<</FT/Tx/T(id)/V(" + NEEDLE.replace("(", "\\(").replace(")", "\\)").encode() + b")/Kids[5 0 R]>>",
        b"<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/Parent 4 0 R>>",
    )
    out = b"%PDF-1.4\n"
    for number, part in enumerate(parts, 1):
        out += b"%d 0 obj%sendobj\n" % (number, part)
    return out + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def items(data: bytes, limits: Limits | None = None) -> list[Text | Unreadable]:
    return list(read(data, "a.pdf", limits or Limits()))


@pytest.mark.parametrize(
    ("data", "place", "role"),
    [
        pytest.param(on_page(), "a.pdf > page 2", "text", id="page"),
        pytest.param(in_title(), "a.pdf > properties (Title)", "title", id="title"),
        pytest.param(in_keywords(), "a.pdf > properties (Keywords)", "text", id="keywords"),
        pytest.param(in_note(), "a.pdf > page 1 (notes and forms)", "text", id="note"),
        pytest.param(in_form(), "a.pdf > page 1 (notes and forms)", "text", id="form"),
        pytest.param(in_attachment(), "a.pdf > b.txt > text", "text", id="attachment"),
        pytest.param(in_outline(), "a.pdf > outline", "text", id="outline"),
        pytest.param(unseen(), "a.pdf > page 1", "text", id="invisible"),
    ],
)
def test_each_hiding_place(data: bytes, place: str, role: str) -> None:
    hits = [(item.place, item.role) for item in items(data) if isinstance(item, Text) and NEEDLE in item.content]
    assert (place, role) in hits
    assert not [item for item in items(data) if isinstance(item, Unreadable)]


def test_the_first_line_is_a_header() -> None:
    headers = [item.content for item in items(on_page()) if isinstance(item, Text) and item.role == "header"]
    assert headers == ["first page"]


def test_the_name_of_an_attachment_is_a_file_name() -> None:
    assert [item.content for item in items(in_attachment()) if isinstance(item, Text) and item.role == "filename"] == [
        "b.txt"
    ]


def test_a_page_that_shows_something_and_says_nothing_is_looked_at() -> None:
    document = blank()
    document.cell(text="words")
    document.add_page()
    document.rect(10, 10, 50, 50, style="F")
    (looked,) = [item for item in items(output(document)) if item.place == "a.pdf > page 2 > picture"]
    assert isinstance(looked, Text)
    skipped = items(output(document), Limits(pictures=0))
    assert Unreadable("a.pdf > page 2 > picture", Why.NOT_READ) in skipped


@pytest.mark.parametrize("method", list(EncryptionMethod)[1:], ids=str)
def test_a_password_is_said(method: EncryptionMethod) -> None:
    document = blank()
    document.cell(text=NEEDLE)
    document.set_encryption(owner_password="owner", user_password="user", encryption_method=method)
    assert items(output(document)) == [Unreadable("a.pdf", Why.ENCRYPTED)]


def test_a_pdf_that_opens_without_its_owner_is_read() -> None:
    document = blank()
    document.cell(text=NEEDLE)
    document.set_encryption(owner_password="owner")
    assert any(NEEDLE in item.content for item in items(output(document)) if isinstance(item, Text))


def test_past_the_limit_on_pages_the_rest_is_said() -> None:
    found = items(on_page(), Limits(pages=1))
    assert found[-1] == Unreadable("a.pdf", Why.TOO_MANY)
    assert any(item.place == "a.pdf > page 1" for item in found)


def test_what_is_no_pdf_is_said_and_read_as_text() -> None:
    found = items(b"%PDF-1.7\nname " + NEEDLE.encode())
    assert found[0] == Unreadable("a.pdf", Why.MALFORMED)
    assert any(NEEDLE in item.content for item in found if isinstance(item, Text))


def test_an_attachment_is_opened_as_what_it_is() -> None:
    document = blank()
    document.embed_file(basename="b.pdf", bytes=on_page())
    out = BytesIO(output(document)).getvalue()
    assert "a.pdf > b.pdf > page 2" in [item.place for item in items(out)]
