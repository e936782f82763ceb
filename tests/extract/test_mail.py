"""Mail is read as it was meant, however it was put together."""

import base64
import zipfile
from io import BytesIO

import pytest

from cerco.extract.read import read
from cerco.extract.text import Limits, Text, Unreadable, Why

NEEDLE = "身份證 5123456(7)"
HEAD = b"From: a@example.com\nTo: b@example.com\n"


def found(data: bytes, role: str = "text") -> list[str]:
    items = [item for item in read(data, "m.eml") if isinstance(item, Text) and item.role == role]
    return [item.place for item in items if NEEDLE in item.content]


def gaps(data: bytes, limits: Limits | None = None) -> list[tuple[str, Why]]:
    items = read(data, "m.eml", limits or Limits())
    return [(item.place, item.why) for item in items if isinstance(item, Unreadable)]


def part(headers: str, body: bytes) -> bytes:
    return HEAD + headers.encode() + b"\n\n" + body


def coded(text: str, codec: str) -> bytes:
    return base64.encodebytes(text.encode(codec))


BASE64 = "Content-Transfer-Encoding: base64\nMIME-Version: 1.0"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        pytest.param(part("X-A: b", NEEDLE.encode()), "body > text", id="no-type-at-all"),
        pytest.param(part(BASE64, coded(NEEDLE, "utf-8")), "body > text", id="base64"),
        pytest.param(part(BASE64, coded(NEEDLE, "utf-8").rstrip(b"=\n")), "body > text", id="base64-cut-off"),
        pytest.param(part(BASE64, NEEDLE.encode()), "body, as written > text", id="no-base64-though-it-says-so"),
        pytest.param(
            part("Content-Transfer-Encoding: quoted-printable", b"=E8=BA=AB=E4=BB=\n=BD=E8=AD=89 5123456(7)"),
            "body > text",
            id="quoted-printable-cut-in-a-character",
        ),
        pytest.param(
            part(f"Content-Type: text/plain; charset=no-such\n{BASE64}", coded(NEEDLE, "big5")),
            "body > text (big5hkscs)",
            id="an-encoding-nobody-knows",
        ),
        pytest.param(
            part(f"Content-Type: text/plain; charset=iso-8859-1\n{BASE64}", coded(NEEDLE, "big5")),
            "body > text (big5hkscs)",
            id="an-encoding-that-is-another",
        ),
        pytest.param(
            part("Content-Type: multipart/mixed; boundary=b", b"--b\n\nx\n--b\n\n" + NEEDLE.encode()),
            "body > text",
            id="no-end-of-the-parts",
        ),
        pytest.param(
            part("Content-Type: multipart/mixed", b"--b\n\n" + NEEDLE.encode()), "body > text", id="no-boundary"
        ),
        pytest.param(
            part("Content-Type: multipart/mixed; boundary=c", b"--b\n\n" + NEEDLE.encode() + b"\n--b--\n"),
            "body > text",
            id="another-boundary",
        ),
    ],
)  # fmt: skip
def test_bodies(data: bytes, place: str) -> None:
    assert f"m.eml > {place}" in found(data)


@pytest.mark.parametrize(
    "disposition",
    [
        pytest.param('filename="身份證 5123456(7)"'.encode("big5"), id="raw-big5"),
        pytest.param('filename="身份證 5123456(7)"'.encode(), id="raw-utf-8"),
        pytest.param(b'filename="=?gbk?B?' + base64.b64encode(NEEDLE.encode("gbk")) + b'?="', id="encoded-word"),
        pytest.param(b"filename*=utf-8''%E8%BA%AB%E4%BB%BD%E8%AD%89%205123456(7)", id="rfc-2231"),
        pytest.param(
            b"filename*0*=utf-8''%E8%BA%AB%E4%BB%BD%E8%AD%89;\n filename*1=\" 5123456(7)\"", id="rfc-2231-in-pieces"
        ),
    ],
)  # fmt: skip
def test_names_of_attachments(disposition: bytes) -> None:
    data = HEAD + b"Content-Disposition: attachment; " + disposition + b"\n\nx"
    assert found(data, "filename") == ["m.eml > attachment 1 (身份證 5•••))"]


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param(NEEDLE.encode(), id="raw"),
        pytest.param(b"=?utf-8?B?" + base64.b64encode(NEEDLE.encode()) + b"?=", id="encoded"),
        pytest.param(b"=?utf-8?Q?=E8=BA=AB=E4=BB=BD?=\n =?utf-8?Q?=E8=AD=89_5123456=287)?=", id="in-two-words"),
        pytest.param(b"=?no-such?B?" + base64.b64encode(NEEDLE.encode()) + b"?=", id="an-encoding-nobody-knows"),
    ],
)
def test_subjects(subject: bytes) -> None:
    data = HEAD + b"Subject: " + subject + b"\n\nx"
    assert found(data, "title") == ["m.eml > subject"]


def test_attachments_are_counted_and_opened() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("a.txt", NEEDLE)
    data = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n--b\nContent-Disposition: attachment\n\nx\n"
        b"--b\nContent-Type: application/zip\nContent-Disposition: attachment; filename=a.jpg\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(out.getvalue()) + b"--b--\n"
    )
    assert found(data) == ["m.eml > attachment 2 (a.jpg) > a.txt > text"]


def test_messages_in_messages_end_somewhere() -> None:
    data = HEAD + b"\nx"
    for _ in range(9):
        data = HEAD + b"Content-Type: message/rfc822\n\n" + data
    assert [why for _, why in gaps(data)] == [Why.TOO_DEEP]


def test_parts_without_end_are_too_many() -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50 + b"--b--\n"
    assert (Why.TOO_MANY) in [why for _, why in gaps(data, Limits(entries=20))]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("multipart/encrypted; boundary=b", True, id="pgp"),
        pytest.param("application/pkcs7-mime; smime-type=enveloped-data", True, id="smime"),
        pytest.param("application/x-pkcs7-mime; smime-type=authEnveloped-data", True, id="smime-of-today"),
        pytest.param("application/pkcs7-mime; smime-type=signed-data", False, id="signed-only"),
    ],
)
def test_encryption_is_said(kind: str, expected: bool) -> None:
    data = HEAD + f"MIME-Version: 1.0\nContent-Type: {kind}\n\n--b\n\nx\n--b--\n".encode()
    assert (Why.ENCRYPTED in [why for _, why in gaps(data)]) is expected


def test_a_mailbox_is_read_message_by_message() -> None:
    line = b"From a@example.com Mon Jan  5 09:00:00 2026\n"
    data = line + HEAD + b"\nx\n\n" + line + HEAD + b"\n" + NEEDLE.encode() + b"\n>From here on 2026\n"
    assert found(data) == ["m.eml > message 2 > body > text"]
