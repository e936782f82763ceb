"""Outlook's containers give up what is in them, damaged or not."""

import gzip
import struct
from collections.abc import Iterator

import pytest

from cerco.extract import mapi
from cerco.extract.mapi import Properties
from cerco.extract.read import read
from cerco.extract.source import Budget, Item, ReadError, Source
from cerco.extract.text import Limits, Text, Unreadable, Why
from tests.data.files.planting import committed

MESSAGE = gzip.decompress(committed("outlook.msg.gz"))


def source() -> Source:
    return Source(b"", ("f",), Budget(Limits()))


def nothing(_source: Source) -> Iterator[Item]:
    return iter(())


# The examples of [MS-OXRTFCP] 3.1: a body without, and with, words that repeat.
@pytest.mark.parametrize(
    ("packed", "plain"),
    [
        pytest.param(
            "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
            id="hello-world",
        ),
        pytest.param(
            "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0",
            b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}",
            id="a-match-that-reaches-into-itself",
        ),
        pytest.param("0e000000020000004d454c410000000061620d0a", b"ab\r\n", id="not-compressed"),
    ],
)
def test_rich_text_is_unpacked(packed: str, plain: bytes) -> None:
    assert mapi.decompressed(bytes.fromhex(packed), source()) == plain


@pytest.mark.parametrize("data", [b"", b"x" * 40], ids=["nothing", "no-such-method"])
def test_rich_text_of_no_known_kind_is_malformed(data: bytes) -> None:
    with pytest.raises(ReadError) as fault:
        mapi.decompressed(data, source())
    assert fault.value.why is Why.MALFORMED


@pytest.mark.parametrize(
    ("kind", "value", "texts"),
    [
        pytest.param(mapi.UNICODE, "客戶\0".encode("utf-16-le"), ["客戶"], id="unicode"),
        pytest.param(mapi.STRING8, "客戶名單資料\0".encode("big5"), ["客戶名單資料"], id="eight-bits"),
        pytest.param(mapi.UNICODE | mapi.MULTIPLE, "a".encode("utf-16-le"), ["a"], id="one-of-several"),
        pytest.param(0x0003, b"\1\0\0\0", [], id="a-number"),
    ],
)
def test_properties(kind: int, value: bytes, texts: list[str]) -> None:
    properties = Properties()
    properties.add(0x8001, kind, value)
    assert properties.texts.get(0x8001, [])[:1] == texts


@pytest.mark.parametrize("cut", [600, 2000, 3500, 4600])
def test_a_message_that_is_cut_off_is_said(cut: int) -> None:
    items = list(read(MESSAGE[:cut], "m.msg"))
    assert any(isinstance(item, Unreadable) for item in items)


def test_an_unknown_property_is_read_as_well() -> None:
    properties = Properties()
    properties.add(0x8123, mapi.UNICODE, "身份證 5123456(7)".encode("utf-16-le"))
    items = list(mapi.message(properties, source(), nothing))
    assert [item.content for item in items if isinstance(item, Text)] == ["身份證 5123456(7)"]


def tnef(*attributes: tuple[int, bytes]) -> bytes:
    data = b"\x78\x9f\x3e\x22\x01\x00"
    for number, value in attributes:
        data += struct.pack("<BII", 1, number, len(value)) + value + bytes(2)
    return data


@pytest.mark.parametrize(
    ("data", "whys"),
    [
        pytest.param(tnef((0x0002800C, b"a body\0")), [], id="whole"),
        pytest.param(tnef((0x0002800C, b"a body\0"))[:-1], [Why.MALFORMED], id="cut-off"),
        pytest.param(tnef((0x00069003, b"\xff\xff\xff\xff")), [Why.MALFORMED], id="more-properties-than-there-are"),
        pytest.param(tnef((0x00069004, b"\xff\xff\xff\x7f" + bytes(40))), [Why.MALFORMED], id="more-recipients"),
        pytest.param(b"\x78\x9f\x3e\x22" + bytes(3), [Why.MALFORMED], id="nothing-but-a-signature"),
    ],
)
def test_winmail(data: bytes, whys: list[Why]) -> None:
    assert [item.why for item in read(data, "winmail.dat") if isinstance(item, Unreadable)] == whys
