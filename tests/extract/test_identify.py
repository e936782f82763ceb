"""Bytes are what they are, whatever they are called."""

import gzip
import lzma
import zipfile
from io import BytesIO

import pytest

from cerco.extract.identify import Format, identify


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("a.txt", "x")
    return out.getvalue()


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
        pytest.param(b"BM,name\n1,2\n", (Format.TEXT,), id="text-like-bmp"),
        pytest.param(b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(256)), (Format.SEVENZIP,), id="7z"),
    ],
)
def test_identify(data: bytes, formats: tuple[Format, ...]) -> None:
    assert identify(data) == formats
