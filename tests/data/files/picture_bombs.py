"""Pictures and documents made to harm whoever opens them.

In:    nothing.
Out:   name -> how it is made, and the reason with which reading must stop; see `bombs`.
Never: a file that is large itself.
"""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Final

from PIL import Image

from tests.data.files.cards import SHEETS


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, data: bytes, *, bits: int = 1) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def vast_png() -> bytes:
    """Return 900 million white pixels in 110 KB."""
    rows = zlib.compressobj(9)
    row = b"\0" + b"\xff" * 3750
    return _png(30_000, 30_000, b"".join(rows.compress(row) for _ in range(30_000)) + rows.flush())


def lying_png() -> bytes:
    """Return a header that promises four thousand million pixels, and data for a few."""
    return _png(65_535, 65_535, zlib.compress(bytes(100)))


def overflowing_png() -> bytes:
    """Return a header that promises ten pixels, and data for a hundred million."""
    return _png(10, 1, zlib.compress(bytes(100_000_000)), bits=8)


def wordy_png() -> bytes:
    """Return a small picture with a comment of 256 MiB, packed."""
    comment = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(256 << 20)))
    whole = _png(64, 64, zlib.compress(bytes(64 * 9)))
    return whole[:33] + comment + whole[33:]


def vast_bmp() -> bytes:
    """Return a header that promises more pixels than there are numbers for."""
    return struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54, 0, 0, 54, 40, 0x7FFFFFFF, 0x7FFFFFFF, 1, 24, 0, 0, 0, 0, 0, 0)


def crowded_gif() -> bytes:
    """Return a moving picture of a hundred thousand frames."""
    out = io.BytesIO()
    Image.new("P", (32, 32), 1).save(out, "GIF")
    whole = out.getvalue()
    at = whole.index(b"\x2c", 13)
    return whole[:-1] + whole[at:-1] * 100_000 + b";"


def circular_tiff() -> bytes:
    """Return a page that says the next page is itself."""
    entries = (
        (256, 3, 64),
        (257, 3, 64),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 200),
        (278, 3, 64),
        (279, 4, 4096),
    )
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    page = struct.pack("<H", len(entries)) + body + struct.pack("<I", 8)
    return (b"II\x2a\0" + struct.pack("<I", 8) + page).ljust(200, b"\0") + bytes(4096)


def crowded_webp() -> bytes:
    """Return a moving picture of six hundred frames, each of which changes something."""
    out = io.BytesIO()
    frames = [Image.new("L", (32, 32), 255 * (number % 2)) for number in range(600)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    return out.getvalue()


def vast_jpeg() -> bytes:
    """Return the largest picture a JPEG can be, all of one colour, by its header."""
    out = io.BytesIO()
    Image.new("L", (64, 64), 99).save(out, "JPEG")
    whole = out.getvalue()
    at = whole.index(b"\xff\xc0")
    return whole[: at + 5] + struct.pack(">HH", 65_500, 65_500) + whole[at + 9 :]


def _pdf(*parts: bytes) -> bytes:
    out = b"%PDF-1.4\n"
    for number, part in enumerate(parts, 1):
        out += b"%d 0 obj%sendobj\n" % (number, part)
    return out + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def vast_page() -> bytes:
    """Return a page of four hundred square kilometres with a line across."""
    line = b"0 0 m 9 9 l S"
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 60000000 60000000]/UserUnit 75000/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream " % (len(line), line),
    )


def crowded_pdf() -> bytes:
    """Return a document of five thousand pages that are all the same."""
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count 5000>>" % (b"3 0 R " * 5000),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
    )


def circular_pdf() -> bytes:
    """Return a document whose pages, outline, fields and annotations lead back to themselves."""
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R/AcroForm<</Fields[6 0 R]>>>>",
        b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2/Parent 2 0 R>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots 4 0 R>>",
        b"[6 0 R 4 0 R]",
        b"<</First 5 0 R/Last 5 0 R/Next 5 0 R/Parent 5 0 R/Title(a)>>",
        b"<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/Parent 6 0 R/Kids[6 0 R]/T(a)/AP<</N 6 0 R>>>>",
    )


def attached_bomb() -> bytes:
    """Return a document with a gibibyte of zeros attached."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        b"<</Type/Filespec/F(a)/EF<</F 5 0 R>>>>",
        b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%s\nendstream " % (len(data), data),
    )


def drawn_bomb() -> bytes:
    """Return a page whose drawing unpacks to half a gibibyte."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(512)) + packer.flush()
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream " % (len(data), data),
    )


def dense_page() -> bytes:
    """Return an A4 page at 300 dots per inch that is full of text: nobody's bomb, but as much as a page can ask for."""
    page = Image.new("RGB", (2480, 3508), "white")
    form = next(sheet for sheet in SHEETS if sheet.name == "form-zh-hant").picture()
    for x in range(0, page.width, form.width * 4 // 5):
        for y in range(0, page.height, form.height * 4 // 5):
            page.paste(form, (x, y))
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


PICTURE_BOMBS: Final[dict[str, tuple[Callable[[], bytes], str | None]]] = {
    "vast.png": (vast_png, "too_large"),
    "lying.png": (lying_png, "too_large"),
    "overflowing.png": (overflowing_png, None),
    "wordy.png": (wordy_png, "malformed"),
    "vast.bmp": (vast_bmp, "too_large"),
    "vast.jpg": (vast_jpeg, "too_large"),
    "crowded.gif": (crowded_gif, "too_many"),
    "circular.tiff": (circular_tiff, None),
    "crowded.webp": (crowded_webp, "too_many"),
    "vast-page.pdf": (vast_page, None),
    "crowded.pdf": (crowded_pdf, "too_many"),
    "circular.pdf": (circular_pdf, None),
    "attached.pdf": (attached_bomb, "too_large"),
    "dense.png": (dense_page, None),
}
