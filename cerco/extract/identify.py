"""Tell what bytes are by looking at them.

In:    the bytes of a file or of something inside one.
Out:   the formats they can be read as, most specific first; none for nothing at all.
Never: a look at the name. Names are what a sender changes first.
"""

import re
import struct
from enum import StrEnum

from cerco.extract.charset import encodings


class Format(StrEnum):
    """What bytes can be read as."""

    TEXT = "text"
    PDF = "pdf"
    ZIP = "zip"  # also every docx, xlsx, pptx and OpenDocument file
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    LOCKED = "locked"  # an Office file under a password
    PICTURE = "picture"
    UNKNOWN = "unknown"


# Signatures from the formats' own specifications; those of two bytes are checked further below.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 1.3.3: the stream that holds the document
_STREAMS = ((b"\x1f\x8b\x08", Format.GZIP), (b"\xfd7zXZ\x00", Format.XZ))
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)")
_PICTURE = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM.{4}\x00\x00\x00\x00|II\*\x00|MM\x00\*|\x00\x00\x01\x00"
    rb"|....ftyp(?:heic|heix|mif1|msf1|avif)|\x01\x00\x00\x00.{36} EMF|\xd7\xcd\xc6\x9a",
    re.DOTALL,
)
_END = b"PK\x05\x06"  # APPNOTE 4.3.16: end of central directory, 22 bytes and a comment of up to 65,535
_END_REACH = 22 + 65_535
_PDF_REACH = 1024  # readers accept a header anywhere in the first KiB (ISO 32000-1, annex H.3.4.1)


def identify(data: bytes) -> tuple[Format, ...]:
    """Return every format the bytes can be read as."""
    if not data:
        return ()
    if data.startswith(_ZIP):
        return (Format.ZIP,)
    if _is_pdf(data):
        return (Format.PDF,)
    for signature, compressed in _STREAMS:
        if data.startswith(signature):
            return (compressed,)
    if _BZIP2.match(data):
        return (Format.BZIP2,)
    if data.startswith(_OLE2):
        return (Format.LOCKED if _ENCRYPTED_PACKAGE in data else Format.UNKNOWN,)
    outer = _outer(data)
    # A zip may follow anything: a program that unpacks itself, or a picture that is more than a picture.
    return (outer, Format.ZIP) if _ends_as_zip(data) else (outer,)


def _outer(data: bytes) -> Format:
    if encodings(data):
        return Format.TEXT
    return Format.PICTURE if _PICTURE.match(data) else Format.UNKNOWN


def _is_pdf(data: bytes) -> bool:
    if data.startswith(b"%PDF-"):
        return True
    return b"%PDF-" in data[:_PDF_REACH] and b"startxref" in data


def _ends_as_zip(data: bytes) -> bool:
    end = data.rfind(_END, max(0, len(data) - _END_REACH))
    if end < 0 or end + 22 > len(data):
        return False
    size: int = struct.unpack_from("<I", data, end + 12)[0]
    return 0 < size <= end and data.startswith(b"PK\x01\x02", end - size)
