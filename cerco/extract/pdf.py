"""Read PDF files: pages with PDFium, and all that hangs beside them with qpdf.

In:    the bytes of a PDF.
Out:   text by page, pictures looked at, properties, outline, notes, forms, scripts, layers, attached files.
Never: a script run. PDFium is built without an interpreter, and qpdf has none.
"""

import re
from collections.abc import Iterator

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from cerco.extract import pdf_beside, pdf_page
from cerco.extract.pdf_objects import readings
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Unreadable, Why

_END = re.compile(rb"startxref\s+\d+\s+%%EOF")  # ISO 32000-1, 7.5.5
_HEAD = 1024  # bytes
_VERSIONS = 3  # earlier ones that are read; a document that is signed twice has two
_LOCKED = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})
_PROPERTIES = ("Title", "Subject", "Author", "Keywords", "Creator", "Producer")


def read(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything a PDF says, and what it said before it was changed: programs add changes at the end.

    Raises:
        ReadError: it asks for a password, or PDFium cannot make sense of it.
    """
    told: set[int] = set()
    for item in _version(source, open_):
        if isinstance(item, Text):
            told.add(hash((item.role, item.content)))
        yield item
    for end in _earlier(source.data):
        older = Source(source.data[:end], (*source.steps, "earlier version"), source.budget, source.depth)
        try:
            for item in _version(older, open_):
                if isinstance(item, Unreadable) and item.why is not Why.MALFORMED:
                    yield item
                elif isinstance(item, Text) and (said := hash((item.role, item.content))) not in told:
                    told.add(said)
                    yield item
        except ReadError as limit:
            # What cannot be opened any more was never a document of its own.
            if limit.why is not Why.MALFORMED:
                yield older.gap(limit.why)


def _earlier(data: bytes) -> list[int]:
    """Return where earlier versions of a document end, the latest first."""
    ends = [found.end() for found in _END.finditer(data)]
    # A file made for the Web has its first page, with an end of its own, before all others (ISO 32000-1, annex F).
    first = 1 if b"/Linearized" in data[:_HEAD] else 0
    return ends[first:-1][: -_VERSIONS - 1 : -1]


def _version(source: Source, open_: Opener) -> Iterator[Item]:
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
