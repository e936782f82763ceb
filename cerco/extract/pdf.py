"""Read PDF files: pages with PDFium, and all that hangs beside them with qpdf.

In:    the bytes of a PDF.
Out:   text by page, pictures looked at, properties, outline, notes, forms, scripts, layers, attached files.
Never: a script run. PDFium is built without an interpreter, and qpdf has none.
"""

from collections.abc import Iterator

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from cerco.extract import pdf_beside, pdf_page
from cerco.extract.pdf_objects import readings
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

_LOCKED = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})
_PROPERTIES = ("Title", "Subject", "Author", "Keywords", "Creator", "Producer")


def read(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything a PDF says.

    Raises:
        ReadError: it asks for a password, or PDFium cannot make sense of it.
    """
    document = _load(source)
    said: set[str] = set()
    try:
        yield from _properties(document, source, said)
        for number in range(len(document)):
            source.budget.turn()
            yield from pdf_page.read(document, number, source)
    except ReadError:
        raise
    except pdf_page.FAULTS as fault:
        raise ReadError(Why.MALFORMED) from fault
    finally:
        document.close()
    yield from pdf_beside.read(source, open_, said)


def _load(source: Source) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(source.data)
    except pdfium.PdfiumError as fault:
        code = getattr(fault, "err_code", None)
        raise ReadError(Why.ENCRYPTED if code in _LOCKED else Why.MALFORMED) from fault
    if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
        document.init_forms()
    return document


def _properties(document: pdfium.PdfDocument, source: Source, said: set[str]) -> Iterator[Text]:
    properties: dict[str, str] = document.get_metadata_dict()
    for name in _PROPERTIES:
        for content in readings(f"u:{properties.get(name, '')}"):
            said.add(content)
            yield Text(source.place(f"properties ({name})"), content, "title" if name == "Title" else "text")
    outline = [mark.get_title() for mark in document.get_toc()]
    said.update(outline)
    if any(outline):
        yield Text(source.place("outline"), "\n".join(outline))
