"""Read PDF files with PDFium: pages, notes, forms, properties, outline and attached files.

In:    the bytes of a PDF.
Out:   text by page; a page that is drawn but says nothing is not read, and said so.
Never: a script run. The library is built without an interpreter.
"""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from cerco.extract.plain import heading
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Unreadable, Why

_LOCKED = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})
_PROPERTIES = ("Subject", "Author", "Keywords", "Creator", "Producer")
_NOTE_KEYS = (b"Contents", b"RC", b"Subj", b"T", b"TU", b"V")  # ISO 32000-1, tables 164, 170 and 220
_STRING_LIMIT = 4 * 1024 * 1024  # bytes of one note or field value
_LINE_MARKS = str.maketrans({"\r": None, "\ufffe": None, "\x02": None})  # PDFium's line ends and soft hyphens
_FAULTS = (pdfium.PdfiumError, ValueError, KeyError, OSError, ctypes.ArgumentError)


def read(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything a PDF says.

    Raises:
        ReadError: it asks for a password, or PDFium cannot make sense of it.
    """
    document = _load(source)
    try:
        yield from _properties(document, source)
        for number in range(len(document)):
            source.budget.turn()
            yield from _page(document, number, source)
        yield from _attachments(document, source, open_)
    except ReadError:
        raise
    except _FAULTS as fault:
        raise ReadError(Why.MALFORMED) from fault
    finally:
        document.close()


def _load(source: Source) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(source.data)
    except pdfium.PdfiumError as fault:
        code = getattr(fault, "err_code", None)
        raise ReadError(Why.ENCRYPTED if code in _LOCKED else Why.MALFORMED) from fault
    if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
        document.init_forms()
    return document


def _properties(document: pdfium.PdfDocument, source: Source) -> Iterator[Text]:
    properties: dict[str, str] = document.get_metadata_dict()
    if title := properties.get("Title"):
        yield Text(source.place("properties (Title)"), title, "title")
    for name in _PROPERTIES:
        if content := properties.get(name):
            yield Text(source.place(f"properties ({name})"), content)
    outline = "\n".join(mark.get_title() for mark in document.get_toc())
    if outline:
        yield Text(source.place("outline"), outline)


def _page(document: pdfium.PdfDocument, number: int, source: Source) -> Iterator[Item]:
    step = f"page {number + 1}"
    try:
        page = document[number]
    except pdfium.PdfiumError:
        yield source.gap(Why.MALFORMED, step)
        return
    try:
        notes = "\n".join(_notes(document, page))
        content = _content(page)
        source.budget.expand(len(content) + len(notes))
        if number == 0 and (first := heading(content)) is not None:
            yield Text(source.place("header"), first, "header")
        if content.strip():
            yield Text(source.place(step), content)
        elif pdfium_c.FPDFPage_CountObjects(page) > 0:
            yield _picture(step, source)
        if notes:
            yield Text(source.place(f"{step} (notes and forms)"), notes)
    finally:
        page.close()


def _picture(step: str, source: Source) -> Unreadable:
    return source.gap(Why.UNKNOWN_FORMAT, f"{step} (picture)")


def _content(page: pdfium.PdfPage) -> str:
    text = page.get_textpage()
    try:
        content: str = text.get_text_range()
        return content.translate(_LINE_MARKS)
    finally:
        text.close()


def _notes(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> Iterator[str]:
    """Yield the strings of a page's annotations and form fields, each once."""
    seen: set[str] = set()
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        note = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            seen.update(_string(pdfium_c.FPDFAnnot_GetStringValue, note, key) for key in _NOTE_KEYS)
            if document.formenv:
                seen.add(_string(pdfium_c.FPDFAnnot_GetFormFieldValue, document.formenv, note))
        finally:
            pdfium_c.FPDFPage_CloseAnnot(note)
    yield from sorted(seen - {""})


def _string(function: "ctypes._NamedFuncPointer", *arguments: object) -> str:
    """Call a PDFium function that fills a buffer with UTF-16LE and returns the bytes it needs, end mark included."""
    size: int = function(*arguments, None, 0)
    if not 2 < size <= _STRING_LIMIT:
        return ""
    buffer = ctypes.create_string_buffer(size)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", errors="replace")


def _attachments(document: pdfium.PdfDocument, source: Source, open_: Opener) -> Iterator[Item]:
    for index in range(document.count_attachments()):
        source.budget.enter()
        attachment = document.get_attachment(index)
        name = attachment.get_name() or f"attachment {index + 1}"
        yield Text(source.place(name), name, "filename")
        data = bytes(attachment.get_data())
        source.budget.expand(len(data))
        yield from open_(source.within(data, name))
