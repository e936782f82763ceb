"""Bytes are what they are, whatever they are called."""

import gzip
import lzma
import struct
import tarfile
import zipfile
from io import BytesIO

import pytest

from cerco.extract.identify import Format, identify


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("a.txt", "x")
    return out.getvalue()


def tar(kind: int) -> bytes:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as box:
        box.addfile(tarfile.TarInfo("a"))
    return out.getvalue()


DBASE = (
    bytes([3, 126, 1, 5]) + bytes(4) + bytes([65, 0, 11, 0]) + bytes(20) + b"A\0".ljust(32, b"C") + b"\r" + b" x" * 9
)
MAIL = b"From: a@example.com\r\nTo: b@example.com\r\n\r\nx"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "formats"),
    [
        pytest.param(b"", (), id="nothing"),
        pytest.param(b"a,b\n1,2\n", (Format.TEXT,), id="text"),
        pytest.param("客戶".encode("big5"), (Format.TEXT,), id="text-in-big5"),
        pytest.param(b"%PDF-1.7\n...", (Format.PDF,), id="pdf"),
        pytest.param(b"junk\n%PDF-1.7\n...startxref\n0", (Format.PDF,), id="pdf-after-junk"),
        pytest.param(b"We write about %PDF-1.7 files.", (Format.TEXT,), id="text-about-pdf"),
        pytest.param(zipped(), (Format.ZIP,), id="zip"),
        pytest.param(b"PK\x05\x06" + bytes(18), (Format.ZIP,), id="empty-zip"),
        pytest.param(b"MZ" + bytes(200) + zipped(), (Format.UNKNOWN, Format.ZIP), id="program-that-unpacks-itself"),
        pytest.param(PNG + zipped(), (Format.PICTURE, Format.ZIP), id="picture-that-is-a-zip"),
        pytest.param(PNG + b"PK\x05\x06" + bytes(18), (Format.PICTURE,), id="picture-with-an-empty-zip-end"),
        pytest.param(gzip.compress(b"x"), (Format.GZIP,), id="gzip"),
        pytest.param(b"BZh91AY&SY...", (Format.BZIP2,), id="bzip2"),
        pytest.param(b"BZhang is a name", (Format.TEXT,), id="text-like-bzip2"),
        pytest.param(lzma.compress(b"x"), (Format.XZ,), id="xz"),
        pytest.param(OLE2, (Format.COMPOUND,), id="old-office"),
        pytest.param(OLE2 + "EncryptedPackage".encode("utf-16-le"), (Format.LOCKED,), id="office-under-password"),
        pytest.param(PNG, (Format.PICTURE,), id="png"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(50), (Format.PICTURE,), id="jpeg"),
        pytest.param(b"\x00\x00\x00\x18ftypheic" + bytes(50), (Format.PICTURE,), id="heic"),
        pytest.param(b"GIF89a is a format, 5123456(7)", (Format.TEXT,), id="text-behind-a-picture-signature"),
        pytest.param(
            b"II*\0" + struct.pack("<I", 3000) + b"\xff" * 3000, (Format.PICTURE, Format.TEXT), id="pixels-like-text"
        ),
        pytest.param(b"BM,name\n1,2\n", (Format.TEXT,), id="text-like-bmp"),
        pytest.param(b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(256)), (Format.SEVENZIP,), id="7z"),
        pytest.param(b"7z\xbc\xaf: 5123456(7)", (Format.TEXT,), id="text-that-begins-like-7z"),
        pytest.param(b"Rar!\x1a\x07\x01\x00" + bytes(50), (Format.RAR,), id="rar-5"),
        pytest.param(b"Rar!\x1a\x07\x00" + bytes(50), (Format.RAR,), id="rar-4"),
        pytest.param(b"Rar! is a format", (Format.TEXT,), id="text-about-rar"),
        pytest.param(
            b"MZ" + bytes(500) + b"Rar!\x1a\x07\x00" + bytes(9),
            (Format.UNKNOWN, Format.RAR),
            id="rar-that-unpacks-itself",
        ),
        pytest.param(PNG + b"7z\xbc\xaf\x27\x1c\x00\x04", (Format.PICTURE, Format.SEVENZIP), id="picture-that-is-a-7z"),
        pytest.param(b"%PDF-1.7\n" + zipped(), (Format.PDF, Format.ZIP), id="pdf-that-is-a-zip"),
        pytest.param(gzip.compress(b"x") + zipped(), (Format.GZIP, Format.ZIP), id="gzip-that-is-a-zip"),
        pytest.param(MAIL + zipped(), (Format.UNKNOWN, Format.ZIP), id="mail-that-is-a-zip"),
        pytest.param(tar(tarfile.USTAR_FORMAT), (Format.TAR,), id="tar"),
        pytest.param(tar(tarfile.GNU_FORMAT), (Format.TAR,), id="gnu-tar"),
        pytest.param(
            tar(tarfile.PAX_FORMAT).replace(b"ustar", b"\0" * 5), (Format.UNKNOWN,), id="tar-with-a-wrong-checksum"
        ),
        pytest.param(b"070701" + b"0" * 104 + b"a", (Format.CPIO,), id="cpio"),
        pytest.param(b"070701 is a number", (Format.TEXT,), id="text-like-cpio"),
        pytest.param(b"!<arch>\ndebian-binary", (Format.AR,), id="ar"),
        pytest.param(bytes(0x8001) + b"CD001" + bytes(99), (Format.ISO,), id="iso"),
        pytest.param(b"MSCF" + bytes(40), (Format.CAB,), id="cab"),
        pytest.param(b"\x28\xb5\x2f\xfd\x00", (Format.ZSTD,), id="zstd"),
        pytest.param(b"\x53\x2a\x4d\x18" + bytes(9), (Format.ZSTD,), id="zstd-that-begins-with-a-skipped-frame"),
        pytest.param(b"\x04\x22\x4d\x18\x60", (Format.LZ4,), id="lz4"),
        pytest.param(b"LZIP\x01\x0c", (Format.LZIP,), id="lzip"),
        pytest.param(b"LZIP is a format", (Format.TEXT,), id="text-about-lzip"),
        pytest.param(b"\x1f\x9d\x90\x61", (Format.COMPRESS,), id="compress"),
        pytest.param(lzma.compress(b"x", lzma.FORMAT_ALONE), (Format.LZMA,), id="lzma"),
        pytest.param(b"]\x00\x00\x81\x00" + bytes(30), (Format.UNKNOWN,), id="no-lzma-of-that-window"),
        pytest.param(b"SQLite format 3\x00" + bytes(90), (Format.SQLITE,), id="sqlite"),
        pytest.param(b"SQLite format 3 is text", (Format.TEXT,), id="text-about-sqlite"),
        pytest.param(b"PAR1" + bytes(9) + b"PAR1", (Format.PARQUET,), id="parquet"),
        pytest.param(b"PAR1 and PAR1", (Format.PARQUET,), id="text-that-is-parquet-to-all-appearance"),
        pytest.param(b"PAR1 is text", (Format.TEXT,), id="text-like-parquet"),
        pytest.param(DBASE, (Format.DBASE,), id="dbase"),
        pytest.param(DBASE[:2] + b"\x0d" + DBASE[3:], (Format.UNKNOWN,), id="no-dbase-of-month-13"),
        pytest.param(b"\x78\x9f\x3e\x22\x01\x00", (Format.TNEF,), id="winmail"),
        pytest.param(b"\x00\x01\x00\x00Standard ACE DB\x00" + bytes(99), (Format.ACCESS,), id="access"),
        pytest.param(MAIL, (Format.MAIL,), id="mail"),
        pytest.param(b"Subject: minutes\nWe met.", (Format.TEXT,), id="one-header-is-no-mail"),
        pytest.param(b"Name: a\nAddress: b\n\nc", (Format.TEXT,), id="a-form-is-no-mail"),
        pytest.param(b"From a@b Mon Jan  5 09:00:00 2026\n" + MAIL, (Format.MAILBOX,), id="mailbox"),
        pytest.param(b"From Monday to 2026\nwe are closed", (Format.TEXT,), id="text-like-a-mailbox"),
        pytest.param(b"begin:vcard\nFN:a\nend:vcard", (Format.CONTACTS,), id="contacts"),
        pytest.param("BEGIN:VCALENDAR\n".encode("utf-16"), (Format.CALENDAR,), id="calendar-in-utf-16"),
        pytest.param(b'{"a": 1}', (Format.JSON,), id="json"),
        pytest.param(b"[\n  {}\n]", (Format.JSON,), id="json-list"),
        pytest.param(b"[section]\na=1", (Format.TEXT,), id="an-ini-file-is-no-json"),
        pytest.param(b"{name}, good morning", (Format.TEXT,), id="a-template-is-no-json"),
        pytest.param(b"\xef\xbb\xbf <?xml version='1.0'?><a/>", (Format.XML,), id="xml-behind-a-mark"),
        pytest.param("<客戶/>".encode(), (Format.XML,), id="xml-in-han"),
        pytest.param(b"<svg width='1'><text>a</text></svg>", (Format.XML,), id="svg"),
        pytest.param(b"<?xml version='1.0'?>\n<!DOCTYPE html><html></html>", (Format.HTML,), id="xhtml"),
        pytest.param(b"<p>a", (Format.HTML,), id="a-piece-of-html"),
        pytest.param(b"<john@example.com> wrote", (Format.TEXT,), id="an-address-is-no-xml"),
    ],
)
def test_identify(data: bytes, formats: tuple[Format, ...]) -> None:
    assert identify(data) == formats
