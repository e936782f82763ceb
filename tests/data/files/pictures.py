"""Pictures: in every format people send, with the value where it can be seen, and where it cannot."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from PIL.PngImagePlugin import PngInfo

from tests.data.files import cards
from tests.data.files.planting import Made, Planted, card, committed, packed, planted

_HEIC: Final = "photo.heic"  # by libheif with an encoder, which the product does not carry


def _sheet(text: str, size: tuple[int, int] = (640, 200)) -> Image.Image:
    """Draw some words with the font that Pillow brings along."""
    sheet = Image.new("RGB", size, "white")
    ImageDraw.Draw(sheet).multiline_text((30, 40), text, "black", font_size=34, spacing=16)
    return sheet


def _words(value: str) -> str:
    return f"Guest registration\nID card no. {value}"


def _saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _seen(name: str, make: Callable[[Image.Image], bytes]) -> Made:
    value = planted(name, "words", "picture")
    return Made(name, name.rpartition(".")[2], make(_sheet(_words(value.value))), (value,))


def _said(name: str, hiding: str, place: str, make: Callable[[Image.Image, str], bytes]) -> Made:
    value = planted(name, hiding, place)
    blank = Image.new("RGB", (64, 64), "#88aacc")
    return Made(name, name.rpartition(".")[2], make(blank, f"ID card no. {value.value}"), (value,))


def _exif(tag: int, content: Any, ifd: int | None = None) -> Image.Exif:
    exif = Image.Exif()
    (exif.get_ifd(ifd) if ifd else exif)[tag] = content
    return exif


def _iptc(content: str) -> bytes:
    """Return a Photoshop segment with an IPTC caption (IIM 4.2, 2:120)."""
    raw = content.encode()
    record = b"\x1c\x02\x78" + len(raw).to_bytes(2, "big") + raw
    resource = b"8BIM\x04\x04\x00\x00" + len(record).to_bytes(4, "big") + record
    segment = b"Photoshop 3.0\x00" + resource + b"\x00" * (len(resource) % 2)
    return b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment


def _after_start(jpeg: bytes, segment: bytes) -> bytes:
    return jpeg[:2] + segment + jpeg[2:]


def _xmp(content: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description><dc:description>{content}</dc:description>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def _text_chunk(picture: Image.Image, content: str, *, packed: bool) -> bytes:
    info = PngInfo()
    info.add_text("Comment", content, zip=packed)
    return _saved(picture, "PNG", pnginfo=info)


def _thumbnail(picture: Image.Image, content: str) -> bytes:
    """Return a photo that was cropped, and whose smaller picture still shows what was cut off."""
    small = _saved(_sheet(content.replace("no. ", "no.\n"), (400, 200)), "JPEG", quality=70)
    head = b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08" + b"\x00\x00" + (14).to_bytes(4, "big")
    entries = ((0x0103, 3, 6 << 16), (0x0201, 4, 56), (0x0202, 4, len(small)))
    body = len(entries).to_bytes(2, "big") + b"".join(
        tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + (1).to_bytes(4, "big") + value.to_bytes(4, "big")
        for tag, kind, value in entries
    )
    segment = head + body + bytes(4)
    segment = segment.ljust(6 + 56, b"\x00") + small
    return _after_start(_saved(picture, "JPEG"), b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment)


def _transparent(picture: Image.Image) -> bytes:
    """Return white ink on nothing: on white paper nobody would see it."""
    ink = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    ink.putalpha(picture.convert("L").point(lambda level: 255 - level))
    return _saved(ink, "PNG")


def _deep(picture: Image.Image) -> bytes:
    levels = np.asarray(picture.convert("L"), np.uint16) * 64 + 1000
    return _saved(Image.fromarray(levels), "PNG")


def _cmyk(picture: Image.Image) -> bytes:
    return _saved(picture.convert("CMYK"), "JPEG", quality=90)


def _frames(name: str, step: str, form: str, **options: Any) -> Made:
    value = planted(name, "third one", f"{step} 3")
    others = [Image.new("RGB", (640, 200), colour) for colour in ("#f0e0d0", "#d0e0f0")]
    data = _saved(others[0], form, save_all=True, append_images=[others[1], _sheet(_words(value.value))], **options)
    return Made(name, name.rpartition(".")[2], data, (value,))


def _code(name: str, kind: zxingcpp.BarcodeFormat, step: str, text: str) -> Made:
    value = planted(name, "code", step)
    drawn = zxingcpp.create_barcode(text.format(value.value), kind).to_image(scale=6)
    pixels = np.pad(np.array(drawn), 60, constant_values=255)
    return Made(name, "png", _saved(Image.fromarray(pixels), "PNG"), (value,))


def _turned(name: str, orientation: int, back: Image.Transpose) -> Made:
    return _seen(
        name,
        lambda picture: _saved(picture.transpose(back), "JPEG", quality=85, exif=_exif(0x0112, orientation)),
    )


def files() -> Iterator[Made]:
    """Yield them."""
    yield from _formats()
    yield from _properties()
    yield from _codes()


def _formats() -> Iterator[Made]:
    yield _seen("words.png", lambda picture: _saved(picture, "PNG"))
    yield _seen("words.jpg", lambda picture: _saved(picture, "JPEG", quality=60))
    yield _seen("progressive.jpg", lambda picture: _saved(picture, "JPEG", quality=60, progressive=True))
    yield _seen("words.webp", lambda picture: _saved(picture, "WEBP", quality=60))
    yield _seen("words.bmp", lambda picture: _saved(picture, "BMP"))
    yield _seen("words.gif", lambda picture: _saved(picture, "GIF"))
    yield _seen("words.tiff", lambda picture: _saved(picture, "TIFF", compression="tiff_lzw"))
    yield _seen("fax.tiff", lambda picture: _saved(picture.convert("1"), "TIFF", compression="group4"))
    yield _seen("words.jp2", lambda picture: _saved(picture, "JPEG2000"))
    yield _seen("words.avif", lambda picture: _saved(picture, "AVIF"))
    icon = planted("words.ico", "words", "picture")
    yield Made("words.ico", "ico", _saved(_sheet(f"ID card\n{icon.value}", (256, 256)), "ICO"), (icon,))
    yield Made(_HEIC, "heic", committed(_HEIC), (planted(_HEIC, "words", "picture"),))
    yield _seen("transparent.png", _transparent)
    yield _seen("sixteen-bits.png", _deep)
    yield _seen("palette.png", lambda picture: _saved(picture.quantize(8), "PNG"))
    yield _seen("one-bit.png", lambda picture: _saved(picture.convert("1"), "PNG"))
    yield _seen("cmyk.jpg", _cmyk)
    yield _seen("light-on-dark.png", lambda picture: _saved(picture.point(lambda level: 230 - level * 4 // 5), "PNG"))
    yield _seen("blurred.jpg", lambda picture: _saved(picture.filter(ImageFilter.GaussianBlur(2)), "JPEG"))
    yield _turned("held-left.jpg", 6, Image.Transpose.ROTATE_90)
    yield _turned("held-right.jpg", 8, Image.Transpose.ROTATE_270)
    yield _turned("mirrored.jpg", 5, Image.Transpose.TRANSPOSE)
    yield _frames("pages.tiff", "page", "TIFF", compression="tiff_deflate")
    yield _frames("moving.gif", "frame", "GIF")
    yield _frames("moving.webp", "frame", "WEBP", lossless=True)
    yield _frames("moving.png", "frame", "PNG")


def _properties() -> Iterator[Made]:
    yield _said("description.jpg", "EXIF description", "properties (ImageDescription)",
        lambda picture, text: _saved(picture, "JPEG", exif=_exif(0x010E, text)))  # fmt: skip
    yield _said("comment.jpg", "EXIF user comment", "properties (UserComment)",
        lambda picture, text: _saved(
            picture, "JPEG", exif=_exif(0x9286, b"UNICODE\0" + text.encode("utf-16-be"), 0x8769)))  # fmt: skip
    yield _said("windows.jpg", "comment by Windows", "properties (XPComment)",
        lambda picture, text: _saved(picture, "JPEG", exif=_exif(0x9C9C, text.encode("utf-16-le"))))  # fmt: skip
    yield _said("segment.jpg", "JPEG comment", "properties (comment)",
        lambda picture, text: _saved(picture, "JPEG", comment=text))  # fmt: skip
    yield _said("caption.jpg", "IPTC caption", "properties (IPTC 2:120)",
        lambda picture, text: _after_start(_saved(picture, "JPEG"), _iptc(text)))  # fmt: skip
    yield _said("xmp.jpg", "XMP", "properties (xmp)",
        lambda picture, text: _saved(picture, "JPEG", xmp=_xmp(text)))  # fmt: skip
    yield _said("text.png", "text chunk", "properties (Comment)",
        lambda picture, text: _text_chunk(picture, text, packed=False))  # fmt: skip
    yield _said("packed.png", "packed text chunk", "properties (Comment)",
        lambda picture, text: _text_chunk(picture, text, packed=True))  # fmt: skip
    yield _said("xmp.webp", "XMP", "properties (xmp)",
        lambda picture, text: _saved(picture, "WEBP", xmp=_xmp(text)))  # fmt: skip
    yield _said("comment.gif", "GIF comment", "properties (comment)",
        lambda picture, text: _saved(picture, "GIF", comment=text))  # fmt: skip
    yield _said("cropped.jpg", "thumbnail", "thumbnail", _thumbnail)


def _codes() -> Iterator[Made]:
    yield _code("qr.png", zxingcpp.BarcodeFormat.QRCode, "QR code", "https://example.com/guest?id={}&lang=pt")
    yield _code("matrix.png", zxingcpp.BarcodeFormat.DataMatrix, "barcode", "ID {}")
    yield _code("pdf417.png", zxingcpp.BarcodeFormat.PDF417, "barcode", "Macau ID card {}")
    yield _code("code128.png", zxingcpp.BarcodeFormat.Code128, "barcode", "ID {}")
    for sheet in cards.SHEETS:
        numbers = [number for number in sheet.identifiers if number.endswith(")")]
        name = f"{sheet.name}.png"
        places = tuple(Planted(number, (name, "picture"), number) for number in numbers)
        yield Made(name, "png", committed(f"cards/{name}"), places)
    letter = planted("letter.docx", "picture in a letter", "image1.png", "picture")
    inside: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": "<w:document><w:body><w:p><w:t>See below.</w:t></w:p></w:body></w:document>",
        "word/media/image1.png": _saved(_sheet(_words(letter.value)), "PNG"),
    }
    yield Made("letter.docx", "docx", packed(inside), (letter,))
    torn = planted("torn.jpg", "words", "picture")
    whole = _saved(_sheet(_words(torn.value), (640, 800)), "JPEG", quality=90)
    yield Made("torn.jpg", "jpg", whole[: len(whole) * 3 // 4], (torn,), (("torn.jpg", "malformed"),))
    yield Made("drawing.emf", "emf", _emf(), (), (("drawing.emf", "unknown_format"),))


def _emf() -> bytes:
    """Return a drawing of Windows with nothing in it ([MS-EMF] 2.3.4.2)."""
    return (
        (1).to_bytes(4, "little") + (88).to_bytes(4, "little") + bytes(32) + b" EMF" + b"\0\0\1\0"
        + (108).to_bytes(4, "little") + bytes(36) + (14).to_bytes(4, "little") + (20).to_bytes(4, "little") + bytes(12)
    )  # fmt: skip


def clean() -> Iterator[Made]:
    """Yield pictures with nothing to find."""
    yield Made("invoice.png", "png", _saved(_sheet("Invoice 2026/118\nTotal MOP 1,250.00"), "PNG"))
    yield Made("sky.jpg", "jpg", _saved(Image.linear_gradient("L").convert("RGB").resize((800, 600)), "JPEG"))
    yield Made("icon.png", "png", _saved(Image.new("RGB", (16, 16), "red"), "PNG"))
    yield Made("menu.png", "png", _saved(_sheet("Menu\n1  Arroz de marisco   MOP 98"), "PNG"))


def produce(folder: Path) -> None:
    """Make what takes an encoder the product does not carry."""
    import pillow_heif  # type: ignore[import-not-found]

    picture = _sheet(_words(card(_HEIC, "words")))
    pillow_heif.from_pillow(picture).save(folder / _HEIC, quality=60)
    cards.produce(folder)
