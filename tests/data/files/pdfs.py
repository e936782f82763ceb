"""PDF files: with the value on a page, beside it, behind it, and where only a program would look."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pikepdf
from fpdf import FPDF
from fpdf.enums import TextMode
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from tests.data.files import pictures
from tests.data.files.planting import Made, card, committed, planted

_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_LETTERS: Final = "no-letters.pdf"  # with a font that does not say what its letters are


def _document(*lines: str) -> FPDF:
    document = FPDF()
    document.creation_date = _AT
    document.add_page()
    document.set_font("helvetica", size=14)
    for line in lines:
        document.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return document


def _bytes(document: FPDF) -> bytes:
    return bytes(document.output())


def _plain() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(_bytes(_document("Dear guest, thank you for your stay."))))


def _saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id="encryption" not in options, **options)  # type: ignore[arg-type]
    return out.getvalue()


def _words(value: str) -> str:
    return f"ID card no. {value}"


def _made(name: str, hiding: str, place: str, make: Callable[[str], bytes]) -> Made:
    value = planted(name, hiding, place)
    return Made(name, "pdf", make(_words(value.value)), (value,))


def _changed(change: Callable[[pikepdf.Pdf, str], None]) -> Callable[[str], bytes]:
    def make(text: str) -> bytes:
        pdf = _plain()
        change(pdf, text)
        return _saved(pdf)

    return make


def _on_page(text: str) -> bytes:
    document = _document("first page")
    document.add_page()
    document.cell(text=text)
    return _bytes(document)


def _invisible(text: str) -> bytes:
    document = _document()
    document.text_mode = TextMode.INVISIBLE
    document.cell(text=text)
    return _bytes(document)


def _white(text: str) -> bytes:
    document = _document()
    document.set_text_color(255, 255, 255)
    document.cell(text=text)
    return _bytes(document)


def _beyond(text: str) -> bytes:
    document = _document()
    document.text(x=400, y=400, text=text)
    return _bytes(document)


def _picture(text: str) -> Image.Image:
    return pictures._sheet(text)


def _scan(text: str, *, turned: int = 0) -> bytes:
    document = FPDF()
    document.creation_date = _AT
    for words in ("Contract, first page", text):
        document.add_page()
        document.image(_picture(words), 10, 20, 190)
    pdf = pikepdf.open(io.BytesIO(_bytes(document)))
    pdf.pages[1].Rotate = turned
    return _saved(pdf)


def _illustrated(text: str) -> bytes:
    document = _document(*(f"Clause {number}: the hotel welcomes its guests at any hour." for number in range(1, 12)))
    document.image(_picture(text), 10, 150, 120)
    return _bytes(document)


def _note(pdf: pikepdf.Pdf, text: str, **more: Any) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([10, 10, 30, 30]), Contents=String(text), **more)
    pdf.pages[0].Annots = pdf.make_indirect(Array([pdf.make_indirect(note)]))


def _stamp(pdf: pikepdf.Pdf, text: str) -> None:
    """Annotate with something that shows one thing and says another."""
    shown = f"BT /F 12 Tf ({_escaped(text)}) Tj ET".encode()
    look = pdf.make_stream(shown, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 20]))
    _note(pdf, "approved", AP=Dictionary(N=look))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _form(pdf: pikepdf.Pdf, text: str) -> None:
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("guest"), V=String(text)))
    widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([10, 10, 200, 30]), Parent=field)
    widget = pdf.make_indirect(widget)
    field.Kids = Array([widget])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    pdf.pages[0].Annots = Array([widget])


def _choice(pdf: pikepdf.Pdf, text: str) -> None:
    """Offer the value in a list from which something else is chosen."""
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, Rect=Array([10, 10, 200, 30]), FT=Name.Ch, T=String("who"),
        V=String("other"), Opt=Array([Array([String("1"), String(text)]), String("other")]),
    )  # fmt: skip
    field = pdf.make_indirect(field)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    pdf.pages[0].Annots = Array([field])


def _xfa(pdf: pikepdf.Pdf, text: str) -> None:
    data = f'<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><guest>{text}</guest></xfa:datasets>'
    parts = Array([String("datasets"), pdf.make_stream(data.encode())])
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=parts)


def _attached(pdf: pikepdf.Pdf, text: str) -> None:
    pdf.attachments["list.txt"] = text.encode()


def _pinned(pdf: pikepdf.Pdf, text: str) -> None:
    """Attach a file to a paper clip on the page, and to nothing else."""
    file = pdf.make_stream(text.encode(), Type=Name.EmbeddedFile)
    spec = Dictionary(Type=Name.Filespec, F=String("pinned.txt"), UF=String("pinned.txt"), EF=Dictionary(F=file))
    _note(pdf, "see file", FS=pdf.make_indirect(spec))
    pdf.pages[0].Annots[0].Subtype = Name.FileAttachment


def _portfolio(pdf: pikepdf.Pdf, text: str) -> None:
    _attached(pdf, "nothing")
    pdf.Root.Collection = Dictionary(
        Type=Name.Collection, Schema=Dictionary(A=Dictionary(Type=Name.CollectionField, N=String(text)))
    )


def _layer(pdf: pikepdf.Pdf, text: str) -> None:
    """Draw on a layer that is switched off."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("notes")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer])))
    page = pdf.pages[0]
    page.Resources.Properties = Dictionary(L=layer)
    font = next(iter(page.Resources.Font.keys()))
    drawn = f"/OC /L BDC BT {font} 12 Tf 40 400 Td ({_escaped(text)}) Tj ET EMC"
    page.contents_add(drawn.encode())


def _layer_name(pdf: pikepdf.Pdf, text: str) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(text)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())


def _script(pdf: pikepdf.Pdf, text: str) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pdf.make_stream(f'app.alert("{text}");'.encode()))


def _link(pdf: pikepdf.Pdf, text: str) -> None:
    _note(pdf, "", A=Dictionary(S=Name.URI, URI=String(f"https://example.com/?guest={text}")))


def _structure(pdf: pikepdf.Pdf, text: str) -> None:
    pdf.Root.StructTreeRoot = Dictionary(
        Type=Name.StructTreeRoot, K=Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(text))
    )


def _xmp(pdf: pikepdf.Pdf, text: str) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:description"] = text


def _labelled(text: str) -> bytes:
    pdf = pikepdf.open(io.BytesIO(_on_page(text)))
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name("/r"))]))
    return _saved(pdf)


def _locked(text: str) -> bytes:
    """Lock it against changes only: everyone may open it."""
    pdf = pikepdf.open(io.BytesIO(_on_page(text)))
    return _saved(pdf, encryption=pikepdf.Encryption(owner="owner", user="", R=6))


def _chinese_title(text: str) -> bytes:
    """Write a title as old programs did: in GBK, where PDF means its own encoding."""
    pdf = _plain()
    pdf.docinfo.Title = String("客户 ".encode("gbk").decode("latin-1") + text)
    return _saved(pdf)


def _redacted(text: str) -> bytes:
    """Write something, then something else over it as programs do it: with a change at the end of the file."""
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        _drawing(text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF\n" % table
    place = len(out)
    out += b"4 0 obj%s endobj\n" % _drawing("ID card no. withheld")
    later = len(out)
    out += b"xref\n4 1\n%010d 00000 n \ntrailer<</Root 1 0 R/Size 6/Prev %d>>\n" % (place, table)
    return out + b"startxref\n%d\n%%%%EOF\n" % later


def _drawing(text: str) -> bytes:
    drawn = f"BT /F 12 Tf 20 50 Td ({_escaped(text)}) Tj ET".encode()
    return b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn)


def files() -> Iterator[Made]:
    """Yield them."""
    yield _made("page.pdf", "second page", "page 2", _on_page)
    yield _made("invisible.pdf", "invisible text", "page 1", _invisible)
    yield _made("white.pdf", "white text", "page 1", _white)
    yield _made("beyond.pdf", "text beyond the page", "page 1", _beyond)
    yield _made("scan.pdf", "scanned page", "page 2", _scan)
    yield _made("sideways.pdf", "scanned page that is turned", "page 2", lambda text: _scan(text, turned=90))
    yield _made("illustrated.pdf", "picture among text", "page 1", _illustrated)
    yield _made("labelled.pdf", "page with a label", "page 2 (ii)", _labelled)
    yield _made("note.pdf", "note", "page 1 (notes and forms)", _changed(_note))
    yield _made("stamp.pdf", "appearance", "page 1 (notes and forms)", _changed(_stamp))
    yield _made("form.pdf", "field", "page 1 (notes and forms)", _changed(_form))
    yield _made("choice.pdf", "list of a field", "page 1 (notes and forms)", _changed(_choice))
    yield _made("link.pdf", "link", "page 1 (notes and forms)", _changed(_link))
    yield _made("xfa.pdf", "XFA", "form (XFA)", _changed(_xfa))
    yield _made("attached.pdf", "attached file", "list.txt", _changed(_attached))
    yield _made("pinned.pdf", "file on a paper clip", "pinned.txt", _changed(_pinned))
    yield _made("portfolio.pdf", "heading of a portfolio", "other strings", _changed(_portfolio))
    yield _made("layer.pdf", "hidden layer", "page 1", _changed(_layer))
    yield _made("layers.pdf", "name of a layer", "other strings", _changed(_layer_name))
    yield _made("script.pdf", "script", "script", _changed(_script))
    yield _made("structure.pdf", "alternative text", "other strings", _changed(_structure))
    yield _made("xmp.pdf", "XMP", "properties (XMP)", _changed(_xmp))
    yield _made("title.pdf", "title in GBK", "properties (Title)", _chinese_title)
    yield _made("open.pdf", "password for changes only", "page 2", _locked)
    yield _made("redacted.pdf", "earlier version", "earlier version", _redacted)
    value = planted(_LETTERS, "nameless letters", "page 1")
    yield Made(_LETTERS, "pdf", committed(_LETTERS), (value,))
    closed = _saved(_plain(), encryption=pikepdf.Encryption(owner="owner", user="user", R=6))
    yield Made("closed.pdf", "pdf", closed, (), (("closed.pdf", "encrypted"),))


def clean() -> Iterator[Made]:
    """Yield documents with nothing to find."""
    yield Made("letter.pdf", "pdf", _saved(_plain()))
    yield Made("plan.pdf", "pdf", _scan("Opening hours 9 to 18"))
    drawing = _document()
    drawing.rect(10, 10, 50, 50, style="F")
    yield Made("drawing.pdf", "pdf", _bytes(drawing))


def produce(folder: Path) -> None:
    """Make the document whose letters nobody can copy, with a font of this machine."""
    document = FPDF()
    document.creation_date = _AT
    document.add_page()
    document.add_font("face", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    document.set_font("face", size=20)
    document.multi_cell(0, text=f"Guest registration\n{_words(card(_LETTERS, 'nameless letters'))}")
    pdf = pikepdf.open(io.BytesIO(_bytes(document)))
    for held in pdf.objects:
        if isinstance(held, Dictionary) and "/ToUnicode" in held:
            del held.ToUnicode
    (folder / _LETTERS).write_bytes(_saved(pdf))
