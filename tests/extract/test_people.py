"""Content lines are read whole, however they are folded and coded."""

import base64

import pytest

from cerco.extract.read import read
from cerco.extract.text import Text, Unreadable, Why


def values(data: bytes) -> list[str]:
    texts = [item.content for item in read(data, "f") if isinstance(item, Text) and item.place == "f > values"]
    return "".join(texts).splitlines()


def card(*lines: bytes) -> bytes:
    return b"\r\n".join((b"BEGIN:VCARD", *lines, b"END:VCARD", b""))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param(b"NOTE:5123\r\n 456(7)", "NOTE: 5123456(7)", id="folded"),
        pytest.param(b"NOTE:5123\n\t456(7)", "NOTE: 5123456(7)", id="folded-by-a-tab"),
        pytest.param("NOTE:身".encode() + b"\xe4\xbb\r\n \xbd", "NOTE: 身份", id="folded-inside-a-character"),
        pytest.param(b'item1.NOTE;X="a:b;c":v', "NOTE: v", id="group-and-quoted-parameter"),
        pytest.param(b"NOTE:a\\nb\\, c\\;\\\\", "NOTE: a b, c;\\", id="escapes"),
        pytest.param(b"NOTE;ENCODING=QUOTED-PRINTABLE:a=3D=\r\nb", "NOTE: a=b", id="quoted-printable-over-two-lines"),
        pytest.param(b"NOTE;QUOTED-PRINTABLE:a=3Db", "NOTE: a=b", id="quoted-printable-of-old"),
        pytest.param(
            b"NOTE;CHARSET=BIG5:" + "客戶名單資料".encode("big5"), "NOTE: 客戶名單資料", id="an-encoding-of-its-own"
        ),
        pytest.param(b"NOTE;CHARSET=no-such:abc", "NOTE: abc", id="an-encoding-nobody-knows"),
        pytest.param(b"no line at all", "no line at all", id="not-even-a-line"),
    ],
)  # fmt: skip
def test_lines(line: bytes, value: str) -> None:
    assert value in values(card(line))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"PHOTO;ENCODING=b;TYPE=JPEG:", id="vcard-3"),
        pytest.param(b"PHOTO;BASE64:", id="vcard-2"),
        pytest.param(b"PHOTO:data:image/jpeg;base64,", id="vcard-4"),
    ],
)
def test_photos_are_files(line: bytes) -> None:
    note = "身份證 5123456(7) 早晨".encode()
    items = [item for item in read(card(line + base64.b64encode(note)), "f") if isinstance(item, Text)]
    assert [item.place for item in items if item.content == note.decode() and item.role == "text"] == [
        "f > photo 1 > text"
    ]


def test_a_photo_that_is_none_is_said() -> None:
    items = list(read(card(b"PHOTO;ENCODING=b:A"), "f"))
    assert Unreadable("f > photo 1", Why.MALFORMED) in items


def test_an_address_book_in_utf_16() -> None:
    data = "BEGIN:VCARD\r\nNOTE:身份證 5123456(7)\r\nEND:VCARD\r\n".encode("utf-16")
    assert "NOTE: 身份證 5123456(7)" in values(data)
