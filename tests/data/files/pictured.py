"""Documents with a picture in them, as LibreOffice saves them: each format keeps its bytes in a place of its own.

The files are in committed/office, made as those of `libreoffice` are: `make_files --produce --family pictured`. Nothing
is planted in them; whether the picture comes out as it went in is what they are for.
"""

import struct
import subprocess
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.data.files import excel, slides, word
from tests.data.files.ooxml import Part
from tests.data.files.planting import Made, committed

_FOLDER = "office"
_SIDE = 24  # pixels
_SAVED = (("docx", ("doc", "rtf", "odt", "fodt")), ("pptx", ("ppt", "odp")), ("xlsx", ("xls", "ods")))
_URI = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def files() -> Iterator[Made]:
    """Yield nothing: there is nothing to find."""
    return iter(())


def pictured() -> Iterator[Made]:
    """Yield a document of each format; a picture is in it, whose bytes are `picture()`."""
    for source, suffixes in _SAVED:
        yield Made(f"pictured.{source}", source, _SOURCES[source]())
        for suffix in suffixes:
            name = f"pictured.{suffix}"
            yield Made(name, suffix, committed(f"{_FOLDER}/{name}"))


def picture() -> bytes:
    """Return a PNG of noise, which no program finds worth packing in another way."""
    rows = (
        b"\x00" + b"".join(sha256(bytes((row, column))).digest()[:3] for column in range(_SIDE)) for row in range(_SIDE)
    )
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _document() -> bytes:
    media = Part("word/media/image1.png", "image/png", "image", picture())
    fill = f'<pic:blipFill><a:blip r:embed="{media.id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    names = '<pic:nvPicPr><pic:cNvPr id="5" name="圖"/><pic:cNvPicPr/></pic:nvPicPr>'
    size = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="914400"/></a:xfrm><a:prstGeom prst="rect"/>'
    shape = f'<pic:pic xmlns:pic="{_URI}">{names}{fill}<pic:spPr>{size}</pic:spPr></pic:pic>'
    graphic = f'<a:graphic><a:graphicData uri="{_URI}">{shape}</a:graphicData></a:graphic>'
    inline = f'<wp:inline><wp:extent cx="914400" cy="914400"/><wp:docPr id="5" name="圖"/>{graphic}</wp:inline>'
    return word.document(word.paragraph("", f"<w:r><w:drawing>{inline}</w:drawing></w:r>"), parts=(media,))


def _presentation() -> bytes:
    media = Part("ppt/media/image1.png", "image/png", "image", picture())
    names = '<p:nvPicPr><p:cNvPr id="5" name="圖"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
    fill = f'<p:blipFill><a:blip r:embed="{media.id}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
    size = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="914400"/></a:xfrm><a:prstGeom prst="rect"/>'
    shape = f"<p:pic>{names}{fill}<p:spPr>{size}</p:spPr></p:pic>"
    return slides.show(slides.slide(1, shape, parts=(media,)))


def _workbook() -> bytes:
    media = Part("xl/media/image1.png", "image/png", "image", picture())
    names = '<xdr:nvPicPr><xdr:cNvPr id="5" name="圖"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    fill = f'<xdr:blipFill><a:blip r:embed="{media.id}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
    shape = f'<xdr:pic>{names}{fill}<xdr:spPr><a:prstGeom prst="rect"/></xdr:spPr></xdr:pic>'
    drawing = excel.drawing(shape, media)
    sheet = excel.Sheet("客人", excel.table(), after=f'<drawing r:id="{drawing.id}"/>', parts=(drawing,))
    return excel.book(sheet)


_SOURCES = {"docx": _document, "pptx": _presentation, "xlsx": _workbook}


def produce(folder: Path) -> None:
    """Have LibreOffice save each document in the other formats."""
    target = folder / _FOLDER
    target.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch:
        for source, suffixes in _SAVED:
            path = Path(scratch, f"pictured.{source}")
            path.write_bytes(_SOURCES[source]())
            for suffix in suffixes:
                command = ("soffice", "--headless", "--convert-to", suffix, "--outdir", str(target), str(path))
                subprocess.run(command, check=True, timeout=300, capture_output=True)
