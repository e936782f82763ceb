"""Read one page of a PDF: its text, and what can only be seen.

In:    a page that PDFium has opened.
Out:   text as the page says it; pictures on it, or the whole page drawn and looked at, where it says nothing sensible.
Never: a page that shows something and was neither read nor looked at, unless that is said.
"""

import ctypes
import hashlib
from collections.abc import Iterator

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
from PIL import Image

from cerco.extract import mrz
from cerco.extract.picture import ICON, PICTURE, look
from cerco.extract.pixels import WORKED_ON
from cerco.extract.plain import heading
from cerco.extract.source import Item, Source
from cerco.extract.text import Text, Why

FAULTS = (pdfium.PdfiumError, ValueError, KeyError, OSError, ctypes.ArgumentError)

_PICTURED = {pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM}
_LINE_MARKS = str.maketrans({"\r": None, "\ufffe": None, "\x02": None})  # PDFium's line ends and soft hyphens
_DPI = 150  # dots per inch a page is drawn with: print of 8 points is 17 pixels high then
_FEW = 100  # characters; a page that says less and shows a picture is a scan with a stamp, or a number, on it
_LARGE = 0.25  # of the page: pictures that cover so much are the page
_SMALL = 0.01  # of the page: what is smaller is an ornament, or illegible
_SAMPLE = 64  # characters, from all over a page, that are enough to tell whether its letters mean anything
_SENSELESS = 0.2  # of them: fonts that do not say what their letters are


def read(document: pdfium.PdfDocument, number: int, source: Source) -> Iterator[Item]:
    """Yield what a page says and shows; `number` counts from 0."""
    step = _step(document, number)
    try:
        page = document[number]
    except pdfium.PdfiumError:
        yield source.gap(Why.MALFORMED, step)
        return
    try:
        content, senseless = _content(page)
        source.budget.expand(len(content))
        if number == 0 and (first := heading(content)) is not None:
            yield Text(source.place("header"), first, "header")
        if content.strip():
            yield Text(source.place(step), content)
        for found in mrz.find(content):
            yield Text(source.place(step, "machine-readable zone"), found.words())
        yield from _seen(page, content, senseless, source, step)
    except FAULTS:
        yield source.gap(Why.MALFORMED, step)
    finally:
        page.close()


def _step(document: pdfium.PdfDocument, number: int) -> str:
    """Return what people call a page, and where it is if that is something else."""
    label = document.get_page_label(number).strip()
    return f"page {number + 1}" + (f" ({label})" if label not in {"", str(number + 1)} else "")


def _content(page: pdfium.PdfPage) -> tuple[str, bool]:
    """Return a page's text, and whether its letters mean nothing."""
    text = page.get_textpage()
    try:
        content: str = text.get_text_range()
        count = text.count_chars()
        sample = range(0, count, max(1, count // _SAMPLE))
        errors = sum(pdfium_c.FPDFText_HasUnicodeMapError(text, index) == 1 for index in sample)
        content = content.translate(_LINE_MARKS)
        odd = sum(not letter.isprintable() and not letter.isspace() for letter in content[:: sample.step])
        return content, max(errors, odd) > _SENSELESS * len(sample)
    finally:
        text.close()


def _seen(page: pdfium.PdfPage, content: str, senseless: bool, source: Source, step: str) -> Iterator[Item]:
    """Look at the page, or at the pictures on it, as far as its text does not tell."""
    if pdfium_c.FPDFPage_CountObjects(page) <= 0:
        return
    pictures = _pictures(page)
    covered = sum(_share(picture, page) for picture in pictures)
    letters = len("".join(content.split()))
    if senseless or not letters or (letters < _FEW and covered >= _LARGE):
        if not source.budget.looks:
            yield source.gap(Why.NOT_READ, step, PICTURE)
            return
        drawn = _drawn(page)
        if _is_new(drawn.tobytes(), source):
            yield from look(drawn, source, step, PICTURE)
        return
    several = len(pictures) > 1
    for number, picture in enumerate(pictures, 1):
        yield from _picture(picture, page, source, step, f"{PICTURE} {number}" if several else PICTURE)


def _pictures(page: pdfium.PdfPage) -> list[pdfium.PdfImage]:
    """Return the pictures on a page, those in forms on it too."""
    kinds = {
        pdfium_c.FPDFPageObj_GetType(pdfium_c.FPDFPage_GetObject(page, index))
        for index in range(pdfium_c.FPDFPage_CountObjects(page))
    }
    if not kinds & _PICTURED:
        return []  # as on most pages; making objects of all its letters would take as long as reading them
    return list(page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,)))


def _picture(picture: pdfium.PdfImage, page: pdfium.PdfPage, source: Source, step: str, name: str) -> Iterator[Item]:
    """Look at one picture, if it is not one that was looked at before: the same logo is on every page."""
    width, height = picture.get_px_size()
    if min(width, height) < ICON or _share(picture, page) < _SMALL:
        return
    if not _is_new(bytes(picture.get_data()), source):
        return
    if width * height > source.budget.limits.pixels:
        yield source.gap(Why.TOO_LARGE, step, name)
        return
    if not source.budget.looks:
        yield source.gap(Why.NOT_READ, step, name)
        return
    shown: Image.Image = picture.get_bitmap().to_pil()
    yield from look(shown.reduce(_excess(shown.width * shown.height)), source, step, name)


def _is_new(data: bytes, source: Source) -> bool:
    """Tell whether a picture was not looked at before in the same file, and remember it."""
    digest = hashlib.sha256(data).digest()
    if digest in source.budget.known:
        return False
    source.budget.known.add(digest)
    return True


def _share(picture: pdfium.PdfImage, page: pdfium.PdfPage) -> float:
    """Return how much of the page a picture covers."""
    left, bottom, right, top = picture.get_bounds()
    width, height = page.get_size()
    return float(abs((right - left) * (top - bottom)) / max(1.0, width * height))


def _drawn(page: pdfium.PdfPage) -> Image.Image:
    """Draw a page, at a resolution at which it can be read and looked at."""
    width, height = page.get_size()
    scale = min(_DPI / 72, (WORKED_ON / max(1.0, width * height)) ** 0.5)
    drawn: Image.Image = page.render(scale=scale).to_pil()
    return drawn


def _excess(pixels: int) -> int:
    """Return by how much a picture of so many pixels is larger, in each direction, than it is worked on."""
    return max(1, int((pixels / WORKED_ON) ** 0.5))
