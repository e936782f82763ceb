"""Compound files: what is known is read in its place, and what is not is swept and said."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.extract import blips, propertyset, sweep, vba
from cerco.extract.read import read
from cerco.extract.source import Budget
from cerco.extract.text import Limits, Text, Unreadable, Why
from tests.data.files.compound import compound, compressed, vba_project

NEEDLE = "5123456(7)"


def found(data: bytes) -> list[str]:
    return [item.place for item in read(data, "a") if isinstance(item, Text) and NEEDLE in item.content]


def gaps(data: bytes) -> list[tuple[str, Why]]:
    return [(item.place, item.why) for item in read(data, "a") if isinstance(item, Unreadable)]


@pytest.mark.parametrize("codec", ["ascii", "utf-16-le", "big5", "gb18030"])
@pytest.mark.parametrize(
    "before", [b"", b"\x00", b"\x00\x00\x00", b"N\x00o\x00\x01"], ids=["none", "odd", "three", "letters"]
)
def test_a_file_nobody_knows_is_swept(codec: str, before: bytes) -> None:
    words = f"ID {NEEDLE}" if codec == "ascii" else f"身份證號碼 {NEEDLE} 請跟進"
    data = compound({"Whatever": bytes(range(200, 256)) + before + words.encode(codec) + bytes(300)})
    assert found(data) == ["a > whatever"]
    assert gaps(data) == [("a", Why.UNKNOWN_FORMAT)]


def test_a_large_unknown_stream_in_a_known_file_is_said() -> None:
    noise = zlib.compress(b"".join(struct.pack("<I", number * 2654435761 % 2**32) for number in range(40_000)))
    streams = vba_project({"Module1": f"' {NEEDLE}\r\n".encode()}, 950)
    assert gaps(compound(streams | {"extra": noise})) == [("a > extra", Why.UNKNOWN_FORMAT)]


def test_a_file_in_a_stream_is_opened() -> None:
    data = compound({"Package": f"<a>{NEEDLE}</a>".encode()})
    assert "a > package > text" in found(data)


@given(st.binary(max_size=6000))
def test_macros_come_out_as_they_went_in(source: bytes) -> None:
    assert vba.expand(compressed(source), Budget(Limits())) == source


@pytest.mark.parametrize(("page", "codec"), [(950, "big5"), (936, "gb18030"), (1252, "cp1252"), (65001, "utf-8")])
def test_macros_in_the_code_page_they_say(page: int, codec: str) -> None:
    words = f"' Cliente {NEEDLE}" if codec == "cp1252" else f"' 客人 {NEEDLE}"
    data = compound(vba_project({"Module1": words.encode(codec)}, page, "Macros/"))
    text = next(item for item in read(data, "a") if isinstance(item, Text) and NEEDLE in item.content)
    assert (text.place, text.content) == ("a > macros > Module1", words)


def properties(*values: tuple[int, bytes], names: bytes = b"") -> bytes:
    """Return a property set of one section."""
    entries = [*([(0, names)] if names else []), (1, struct.pack("<IHH", 2, 950, 0)), *values]
    places, body = b"", b""
    for number, value in entries:
        places += struct.pack("<II", number, 8 + 8 * len(entries) + len(body))
        body += value
    section = struct.pack("<II", 8 + len(places) + len(body), len(entries)) + places + body
    return struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, bytes(16), 1, bytes(16), 48) + section


def ansi(text: str) -> bytes:
    data = text.encode("big5") + b"\x00"
    return struct.pack("<II", 0x1E, len(data)) + data + bytes(-len(data) % 4)


def wide(text: str) -> bytes:
    data = text.encode("utf-16-le") + b"\x00\x00"
    return struct.pack("<II", 0x1F, len(data) // 2) + data + bytes(-len(data) % 4)


def test_properties_by_name_and_in_any_type() -> None:
    several = struct.pack("<II", 0x101E, 2) + b"".join(struct.pack("<I", 4) + text for text in (b"one\x00", b"two\x00"))
    data = properties((2, ansi("客戶名單")), (5, wide(NEEDLE)), (13, several), (12, struct.pack("<IQ", 0x40, 1)))
    assert list(propertyset.properties(data)) == [("title", "客戶名單"), ("keywords", NEEDLE), ("", "one"), ("", "two")]


def test_a_metafile_comes_out_of_its_wrapping() -> None:
    metafile = b"\x01\x00\x00\x00" + bytes(36) + b" EMF" + bytes(100)
    packed = zlib.compress(metafile)
    head = bytes(16) + struct.pack("<I16s8sIBB", len(metafile), bytes(16), bytes(8), len(packed), 0, 0xFE)
    record = struct.pack("<HHI", 0x3D40, 0xF01A, len(head) + len(packed)) + head + packed
    assert list(blips.pictures(b"junk" + record, 1 << 20)) == [metafile]


@pytest.mark.parametrize("text", ["51234567", "身份證號碼", "Cliente"])
def test_sweeping_finds_what_stands_between_noise(text: str) -> None:
    for codec in ("utf-16-le", "utf-8"):
        data = b"\x01\x02\x03" * 5 + f"{text}{text}".encode(codec) + b"\x00\x00\x01"
        assert any(text in run for run in sweep.strings(data)), codec
