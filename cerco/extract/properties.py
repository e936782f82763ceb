"""Read what a picture says about itself beside its pixels: who took it, where, and what they wrote about it.

In:    an opened picture.
Out:   names and texts: EXIF, XMP, IPTC, comments, text chunks; and the smaller picture some carry along.
Never: a number that only a program could use.
"""

import re
from collections.abc import Iterator

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from cerco.extract.charset import encodings
from cerco.extract.markup import has_tags, visible

_BEHIND = frozenset({"PNG"})  # formats in which the library unpacks everything to get at the EXIF data
_IFDS = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
_USER_COMMENT = 0x9286  # Exif 2.32, 4.6.5: eight bytes say how the rest is written
_WINDOWS = range(0x9C9B, 0x9CA0)  # XPTitle to XPSubject, as Windows writes them: UTF-16
_THUMBNAIL = (0x0201, 0x0202)  # where the smaller picture begins, and its length
_TECHNICAL = frozenset({"exif", "icc_profile", "photoshop", "mp", "transparency", "compression", "version"})
_LONGEST = 1 << 20  # characters of one of them


def words(image: Image.Image, *, unpack: bool) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of what a picture says; `unpack` allows for that which a PNG has behind its pixels."""
    if unpack or image.format not in _BEHIND:
        for name, value in _tags(image.getexif()):
            if text := _said(value):
                yield name, text
    for key, value in image.info.items():
        if str(key).lower() not in _TECHNICAL and (text := _said(value)):
            yield str(key), f"{text}\n{visible(text)}" if has_tags(text) else text
    iptc = (IptcImagePlugin.getiptcinfo(image) or {}) if isinstance(image, ImageFile.ImageFile) else {}
    for (record, number), value in iptc.items():
        for one in value if isinstance(value, list) else [value]:
            if text := _said(one):
                yield f"IPTC {record}:{number}", text


def thumbnail(image: Image.Image) -> bytes | None:
    """Return the smaller picture that a camera, or the program that cropped this one, left in its EXIF data."""
    if image.format in _BEHIND:
        return None
    exif = image.getexif()
    pointers = exif.get_ifd(ExifTags.IFD.IFD1)
    data = image.info.get("exif", b"")
    begin, length = (pointers.get(tag) for tag in _THUMBNAIL)
    if not isinstance(begin, int) or not isinstance(length, int) or not isinstance(data, bytes):
        return None
    start = data.find(b"II*\0") if b"II*\0" in data[:16] else data.find(b"MM\0*")
    return data[start + begin : start + begin + length] if start >= 0 and length > 0 else None


def _tags(exif: Image.Exif) -> Iterator[tuple[str, object]]:
    for tag, value in exif.items():
        yield ExifTags.TAGS.get(tag, str(tag)), _wide(value) if tag in _WINDOWS else value
    for ifd in _IFDS:
        for tag, value in exif.get_ifd(ifd).items():
            names = ExifTags.GPSTAGS if ifd is ExifTags.IFD.GPSInfo else ExifTags.TAGS
            yield names.get(tag, str(tag)), _comment(value) if tag == _USER_COMMENT else value


def _wide(value: object) -> object:
    return bytes(value).decode("utf-16-le", "replace") if isinstance(value, bytes | tuple) else value


def _comment(value: object) -> object:
    """Return a user comment without the eight bytes that say how it is written."""
    if not isinstance(value, bytes):
        return value
    kind, rest = value[:8], value[8:]
    if kind.startswith(b"UNICODE"):
        return max((rest.decode(codec, "replace") for codec in ("utf-16-le", "utf-16-be")), key=_sense)
    return rest if kind.strip(b"\0") in {b"", b"ASCII", b"JIS"} else value


def _sense(text: str) -> int:
    """Tell which of two byte orders is meant: the one with more letters people use."""
    return len(re.findall(r"[\x20-\x7e\u4e00-\u9fff]", text))


def _said(value: object) -> str:
    """Return what a value says, in every encoding it may be in; nothing where it is no text."""
    if isinstance(value, dict | list | tuple):
        return "\n".join(filter(None, map(_said, value.values() if isinstance(value, dict) else value)))[:_LONGEST]
    if isinstance(value, str):
        # Pillow takes text for Latin-1 where the format does not say what it is.
        raw = value.encode("latin-1", "ignore") if any("\x80" <= one <= "\xff" for one in value) else b""
        return "\n".join(dict.fromkeys(text for text in (value, *_decoded(raw)) if text.strip("\0 \r\n\t")))[:_LONGEST]
    return "\n".join(_decoded(value)) if isinstance(value, bytes) else ""


def _decoded(raw: bytes) -> Iterator[str]:
    raw = raw[:_LONGEST].rstrip(b"\0")
    for codec in encodings(raw) if raw else ():
        yield raw.decode(codec, "replace")
