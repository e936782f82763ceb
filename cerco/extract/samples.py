"""One small file for each reader, so that all its code is loaded while files may still be opened.

In:    nothing.
Out:   bytes that each reader of archives, mail, data, text and pictures can read.
Never: anything that must be found.
"""

import base64
import gzip
import lzma
import struct
from collections.abc import Iterator
from io import BytesIO

import apsw
import zstandard
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet
from PIL import Image, ImageDraw

_TEXT = "客戶名單 Relação 1234567(8)\n"


def kinds() -> Iterator[bytes]:
    """Yield the files."""
    plain = _TEXT.encode()
    yield f'{{"客戶": ["{_TEXT.strip()}", 1.5]}}'.encode()
    yield f"<?xml version='1.0'?><a b='c'><!-- d -->{_TEXT}</a>".encode()
    yield f"<html><body><table><tr><td>{_TEXT}</td></tr></table><input value='&#49;'></body></html>".encode()
    yield f"BEGIN:VCARD\r\nNOTE;CHARSET=big5;ENCODING=QUOTED-PRINTABLE:=AB=C8\r\nFN:{_TEXT}END:VCARD\r\n".encode()
    yield base64.encodebytes(gzip.compress(bytes(range(256)) * 2))
    yield _mail(plain)
    yield b"From a@example.com Mon Jan  1 00:00:00 2026\n" + _mail(plain)
    yield zstandard.ZstdCompressor().compress(plain)
    yield lzma.compress(plain, lzma.FORMAT_ALONE)
    yield _tar(plain)
    yield b"\x04\x22\x4d\x18\x60\x40\x82" + struct.pack("<I", 1 << 31 | len(plain)) + plain + bytes(4)  # lz4
    yield from (_tnef(), _database(), _parquet())
    yield picture("1234567(8)")


def picture(text: str) -> bytes:
    """Return a picture with some words on it, as PNG."""
    drawn = Image.new("RGB", (320, 120), "white")
    ImageDraw.Draw(drawn).text((20, 30), text, "black", font_size=40)
    out = BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def _mail(plain: bytes) -> bytes:
    return (
        b"From: =?big5?B?q8ik4Q==?= <a@example.com>\r\nSubject: =?utf-8?Q?=E5=AE=A2?=\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=gbk\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(plain) + b"\r\n--b\r\n"
        b"Content-Type: text/html; charset=iso-2022-jp\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''a%20b\r\n\r\n<p>a=20b</p>\r\n--b--\r\n"
    )


def _tar(plain: bytes) -> bytes:
    head = bytearray(
        struct.pack("100s8s8s8s12s12s8sc", b"a", b"644", b"0", b"0", b"%o" % len(plain), b"0", b" " * 8, b"0")
    )
    head = head.ljust(512, b"\0")
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + plain.ljust(512, b"\0") + bytes(1024)


def _tnef() -> bytes:
    subject = b"a\0"
    return b"\x78\x9f\x3e\x22\x01\x00\x01" + struct.pack("<II", 0x00018004, len(subject)) + subject + b"\0\0"


def _database() -> bytes:
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE TABLE a(b, c)")
    connection.execute("INSERT INTO a VALUES(?, ?)", (_TEXT, b"0" * 100))
    data: bytes = connection.serialize("main")
    connection.close()
    return data


def _parquet() -> bytes:
    out = BytesIO()
    table = Table.from_pydict({"a": Array([_TEXT], DataType.string())})
    write_parquet(table, out, compression="zstd(1)")
    return out.getvalue()
