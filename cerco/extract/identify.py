"""Tell what bytes are by looking at them.

In:    the bytes of a file or of something inside one.
Out:   the formats they can be read as, the outermost first; none for nothing at all.
Never: a look at the name. Names are what a sender changes first.
"""

import re
import struct
from collections.abc import Callable
from enum import StrEnum

import olefile  # type: ignore[import-untyped]

from cerco.extract.charset import encodings


class Format(StrEnum):
    """What bytes can be read as."""

    TEXT = "text"
    JSON = "json"
    XML = "xml"  # also svg, and Office 2003's own
    HTML = "html"
    MAIL = "mail"  # eml, mht
    MAILBOX = "mbox"
    CONTACTS = "vcf"
    CALENDAR = "ics"
    PDF = "pdf"
    ZIP = "zip"  # also every docx, xlsx, pptx and OpenDocument file
    SEVENZIP = "7z"
    RAR = "rar"
    TAR = "tar"
    CPIO = "cpio"
    AR = "ar"  # also deb
    ISO = "iso"
    CAB = "cab"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    LZMA = "lzma"
    ZSTD = "zstd"
    LZ4 = "lz4"
    LZIP = "lzip"
    COMPRESS = "compress"  # .Z
    OUTLOOK = "msg"
    TNEF = "tnef"  # winmail.dat
    SQLITE = "sqlite"
    PARQUET = "parquet"
    DBASE = "dbf"
    ACCESS = "access"
    FLAT = "flat"  # fodt, fods, fodp
    RTF = "rtf"
    COMPOUND = "compound"  # doc, xls, ppt and other files of the kind
    LOCKED = "locked"  # an Office file under a password
    PICTURE = "picture"
    UNKNOWN = "unknown"


# Signatures from the formats' own specifications, at the very beginning; those that prove little are checked below.
_LEADING = (
    (b"PK\x03\x04", Format.ZIP),
    (b"PK\x05\x06", Format.ZIP),
    (b"PK\x07\x08", Format.ZIP),
    (b"%PDF-", Format.PDF),
    (b"{\\rtf", Format.RTF),
    (b"7z\xbc\xaf\x27\x1c", Format.SEVENZIP),
    (b"Rar!\x1a\x07", Format.RAR),
    (b"MSCF\x00\x00\x00\x00", Format.CAB),
    (b"!<arch>\n", Format.AR),
    (b"\x1f\x8b\x08", Format.GZIP),
    (b"\xfd7zXZ\x00", Format.XZ),
    (b"\x28\xb5\x2f\xfd", Format.ZSTD),
    (b"\x04\x22\x4d\x18", Format.LZ4),
    (b"\x02\x21\x4c\x18", Format.LZ4),
    (b"LZIP\x01", Format.LZIP),
    (b"SQLite format 3\x00", Format.SQLITE),
    (b"\x78\x9f\x3e\x22", Format.TNEF),
    (b"\x76\xe8\x04\x60\xc4\x11\xe3\x86", Format.LOCKED),  # [MS-OXORMMS] 2.1.4: a message under rights management
    (b"\x00\x01\x00\x00Standard Jet DB\x00", Format.ACCESS),
    (b"\x00\x01\x00\x00Standard ACE DB\x00", Format.ACCESS),
)
# What is looked for inside of what is not text: behind the program of an archive that unpacks itself, or a picture.
_INNER = (
    (b"7z\xbc\xaf\x27\x1c\x00", Format.SEVENZIP),
    (b"Rar!\x1a\x07", Format.RAR),
    (b"MSCF\x00\x00\x00\x00", Format.CAB),
)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)")
_COMPRESS = re.compile(rb"\x1f\x9d[\x09-\x10\x89-\x90]")  # the third byte: 9 to 16 bits, and whether in blocks
_SKIPPED = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")  # RFC 8878, 3.1.2
_CPIO = re.compile(rb"07070[12][0-9A-Fa-f]{104}|070707[0-7]{70}")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a compound file has at its root says what it is: [MS-OFFCRYPTO] 1.3.3, [MS-OXMSG] 2.2.
_COMPOUND = (
    ("EncryptedPackage", Format.LOCKED),
    ("__properties_version1.0", Format.OUTLOOK),
)
_PICTURE = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM.{4}\x00\x00\x00\x00|II\*\x00|MM\x00\*|\x00\x00\x01\x00"
    rb"|....ftyp(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)|\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51"
    rb"|\x01\x00\x00\x00.{36} EMF|\xd7\xcd\xc6\x9a",
    re.DOTALL,
)
_PICTURE_HEAD = 64  # bytes in which every picture has sizes or offsets, and so zeros
_END = b"PK\x05\x06"  # APPNOTE 4.3.16: end of central directory, 22 bytes and a comment of up to 65,535
_END_REACH = 22 + 65_535
_PDF_REACH = 1024  # readers accept a header anywhere in the first KiB (ISO 32000-1, annex H.3.4.1)
_SECTOR = 512  # bytes, of a tar header; its checksum stands at 148 (POSIX.1-1988, ustar)
_ISO_AT = 0x8001  # ECMA-119, 6.2.1 and 8.1.2: the 17th sector of 2 KiB, behind its type
_DBASE = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8e\xcb\xf5\xfb")  # versions, with and without memos

# Texts of a kind begin like this. A mail's first lines are headers, two of them such as no other text has.
_TEXT_HEAD = 4096  # characters
_HEADER_LINE = re.compile(r"[!-9;-~]+:[ \t].*(?:\r?\n[ \t].*)*\r?\n")  # RFC 5322, 2.2
_MAIL_HEADERS = re.compile(
    r"^(?:from|to|cc|subject|date|reply-to|return-path|delivered-to|received|message-id|mime-version|content-type"
    r"|content-transfer-encoding|x-mailer|dkim-signature|in-reply-to|references|sender|authentication-results):",
    re.IGNORECASE | re.MULTILINE,
)
_KINDS = (
    (re.compile(r"From \S.*\d{4}\r?\n[!-9;-~]+:"), Format.MAILBOX),
    (re.compile(r"BEGIN:VCARD\b", re.IGNORECASE), Format.CONTACTS),
    (re.compile(r"BEGIN:VCALENDAR\b", re.IGNORECASE), Format.CALENDAR),
    (
        re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype html|<html\b)", re.IGNORECASE | re.DOTALL),
        Format.HTML,
    ),
    (re.compile(r"<(?:head|body|table|div|form|meta|script|style|title|p|span|ul|h1)\b", re.IGNORECASE), Format.HTML),
    (re.compile(r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<office:document\s", re.DOTALL), Format.FLAT),
    (re.compile(r"<\?xml\b|<!DOCTYPE\s|<[^\W\d][\w:.\-]*(?:\s+[\w:.\-]+\s*=\s*[\"'][^<]*)?/?>"), Format.XML),
    (re.compile(r"\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\"\]\-0-9]|true|false|null|$)"), Format.JSON),
)


def identify(data: bytes) -> tuple[Format, ...]:
    """Return every format the bytes can be read as."""
    if not data:
        return ()
    outer = _leading(data)
    told = _text(data) if outer is None else None
    # White pixels pass for text, and are tried as both. Text that begins like a picture has no zeros further on.
    shown = outer is None and _PICTURE.match(data) and (told is None or b"\0" in data[:_PICTURE_HEAD])
    found = [form for form in (outer, Format.PICTURE if shown else None, told) if form is not None] or [Format.UNKNOWN]
    outer = found[0]
    if outer in {Format.PICTURE, Format.UNKNOWN}:
        found += (form for signature, form in _INNER if signature in data)
    # A zip may follow anything: a program that unpacks itself, or a picture that is more than a picture.
    if outer is not Format.ZIP and _ends_as_zip(data):
        found.append(Format.ZIP)
    return tuple(found)


def _leading(data: bytes) -> Format | None:
    """Return the format whose signature the bytes begin with."""
    for signature, form in _LEADING:
        if data.startswith(signature):
            return form
    if data.startswith(_OLE2):
        return _compound(data)
    checks: tuple[tuple[Callable[[bytes], object], Format], ...] = (
        (_BZIP2.match, Format.BZIP2),
        (_COMPRESS.match, Format.COMPRESS),
        (_SKIPPED.match, Format.ZSTD),
        (_CPIO.match, Format.CPIO),
        (_is_parquet, Format.PARQUET),
        (_is_iso, Format.ISO),
        (_is_tar, Format.TAR),
        (_is_late_pdf, Format.PDF),
        (_is_lzma, Format.LZMA),
        (_is_dbase, Format.DBASE),
        (_is_bitmap, Format.PICTURE),
    )
    return next((form for check, form in checks if check(data)), None)


def _compound(data: bytes) -> Format:
    try:
        with olefile.OleFileIO(data) as compound:
            for name, form in _COMPOUND:
                if compound.exists(name):
                    return form
    except (OSError, ValueError, LookupError, TypeError, struct.error, RecursionError):
        # Damaged: a name in it is all there is to go by.
        return next((form for name, form in _COMPOUND if name.encode("utf-16-le") in data), Format.COMPOUND)
    return Format.COMPOUND


def _is_bitmap(data: bytes) -> bool:
    """Tell whether a bmp's header has its size right: white is full of bytes that Chinese text is made of."""
    return data.startswith(b"BM") and data[2:10] == struct.pack("<II", len(data), 0)


def _is_parquet(data: bytes) -> bool:
    return data.startswith((b"PAR1", b"PARE")) and data.endswith(data[:4]) and len(data) >= 12


def _is_iso(data: bytes) -> bool:
    return data.startswith(b"CD001", _ISO_AT)


def _is_late_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:_PDF_REACH] and b"startxref" in data


def _text(data: bytes) -> Format | None:
    """Return what kind of text the bytes are; None where they are none."""
    codecs = encodings(data)
    if not codecs:
        return None
    head = data[: 4 * _TEXT_HEAD].decode(codecs[0], errors="replace").lstrip("\ufeff \t\r\n")[:_TEXT_HEAD]
    for pattern, form in _KINDS:
        if pattern.match(head):
            return form
    return Format.MAIL if _is_mail(head) else Format.TEXT


def _is_mail(head: str) -> bool:
    at = 0
    while (line := _HEADER_LINE.match(head, at)) is not None:
        at = line.end()
    return len({found[0].lower() for found in _MAIL_HEADERS.finditer(head[:at])}) >= 2


def _is_tar(data: bytes) -> bool:
    """Tell whether the first sector adds up to the checksum in it, as in tars of every age; 256 are the spaces."""
    head = data[:_SECTOR]
    if len(head) < _SECTOR or not head[0]:
        return False
    try:
        checksum: int = int(head[148:156].strip(b" \x00"), 8)
    except ValueError:
        return False
    return sum(head[:148]) + 256 + sum(head[156:]) == checksum


def _is_lzma(data: bytes) -> bool:
    """Tell whether this may be lzma: the usual properties, a plain window size, a size not known or believable."""
    if len(data) < 14 or data[0] != 0x5D or data[13] != 0:
        return False
    window, size = struct.unpack_from("<IQ", data, 1)
    plain = window == 0xFFFFFFFF or any(window in {1 << bit, 3 << bit} for bit in range(12, 32))
    return plain and (size == 0xFFFFFFFFFFFFFFFF or size < 1 << 38)


def _is_dbase(data: bytes) -> bool:
    """Tell whether this is a dBASE table: version, date, and descriptions of fields that end where the rows begin."""
    if len(data) < 65 or data[0] not in _DBASE or not (1 <= data[2] <= 12 and 1 <= data[3] <= 31):
        return False
    header, row = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    end = next((at for at in range(64, min(header, len(data)), 32) if data[at] == 0x0D), 0)
    return row > 1 and 0 < end < header <= end + 264


def _ends_as_zip(data: bytes) -> bool:
    end = data.rfind(_END, max(0, len(data) - _END_REACH))
    if end < 0 or end + 22 > len(data):
        return False
    size: int = struct.unpack_from("<I", data, end + 12)[0]
    return 0 < size <= end and data.startswith(b"PK\x01\x02", end - size)
