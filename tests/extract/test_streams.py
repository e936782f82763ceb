"""Streams are decompressed to their end or to a limit, and what their containers hide is read too."""

import bz2
import gzip
import lzma
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

import pytest
import zstandard

from cerco.extract.read import read
from cerco.extract.source import Budget, Source
from cerco.extract.streams import RATIO_FROM, Run, drain, stored
from cerco.extract.text import Limits, Text, Unreadable, Why

NEEDLE = "身份證 5123456(7)"
PLAIN = NEEDLE.encode()
XZ = lzma.compress(PLAIN)
MEBIBYTE = 1024 * 1024


def found(data: bytes, name: str, limits: Limits | None = None) -> list[str]:
    items = read(data, name, limits or Limits())
    return [item.place for item in items if isinstance(item, Text) and item.role == "text" and NEEDLE in item.content]


def gaps(data: bytes, limits: Limits | None = None) -> list[tuple[str, Why]]:
    return [(item.place, item.why) for item in read(data, "a", limits or Limits()) if isinstance(item, Unreadable)]


def zstd(data: bytes, **settings: int) -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, **settings)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(data)


def skippable(data: bytes) -> bytes:
    return struct.pack("<II", 0x184D2A53, len(data)) + data


def named_gzip(name: bytes, comment: bytes) -> bytes:
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(PLAIN) + body.flush()
    extra = struct.pack("<H", 4) + b"abcd"
    head = b"\x1f\x8b\x08" + bytes([4 | 8 | 16]) + bytes(6) + extra + name + b"\0" + comment + b"\0"
    return head + packed + struct.pack("<II", zlib.crc32(PLAIN), len(PLAIN))


@pytest.mark.parametrize(
    ("data", "name", "places"),
    [
        pytest.param(zstd(PLAIN), "a.txt.zst", ["a.txt.zst > a.txt > text"], id="zstd"),
        pytest.param(zstd(b"x\n") + zstd(PLAIN), "a.zst", ["a.zst > a > text"], id="zstd-frames"),
        pytest.param(skippable(PLAIN) + zstd(b"x"), "a", ["a > skipped frame > text"], id="zstd-skipped-frame"),
        pytest.param(lzma.compress(PLAIN, lzma.FORMAT_ALONE), "a.lzma", ["a.lzma > a > text"], id="lzma"),
        pytest.param(
            lzma.compress(b"x") + bytes(8) + lzma.compress(PLAIN), "a.xz", ["a.xz > a > text"], id="xz-padded"
        ),
        pytest.param(bz2.compress(b"x\n") + bz2.compress(PLAIN), "a.bz2", ["a.bz2 > a > text"], id="bzip2-streams"),
        pytest.param(
            gzip.compress(b"x") + bytes(3) + PLAIN, "a.gz", ["a.gz > after the end > text"], id="behind-the-end"
        ),
        pytest.param(named_gzip(b"n", b"c"), "a.gz", ["a.gz > a > text"], id="gzip-with-every-field"),
    ],
)
def test_streams(data: bytes, name: str, places: list[str]) -> None:
    assert found(data, name) == places
    assert gaps(data) == []


def test_the_name_and_the_comment_of_a_gzip_are_read() -> None:
    data = named_gzip("客戶名單5123456(7).txt".encode("big5"), "身份證".encode())
    names = [item.content for item in read(data) if isinstance(item, Text) and item.role == "filename"]
    assert "客戶名單5123456(7).txt" in names
    assert "身份證" in names


@pytest.mark.parametrize(
    ("data", "limits", "why"),
    [
        pytest.param(gzip.compress(bytes(3 * MEBIBYTE)), Limits(), Why.TOO_LARGE, id="gzip-ratio"),
        pytest.param(bz2.compress(bytes(3 * MEBIBYTE)), Limits(), Why.TOO_LARGE, id="bzip2-ratio"),
        pytest.param(lzma.compress(bytes(5 * MEBIBYTE)), Limits(), Why.TOO_LARGE, id="xz-ratio"),
        pytest.param(zstd(bytes(40 * MEBIBYTE)), Limits(), Why.TOO_LARGE, id="zstd-ratio"),
        pytest.param(zstd(PLAIN * 500_000, window_log=24), Limits(window=MEBIBYTE), Why.TOO_LARGE, id="zstd-window"),
        pytest.param(lzma.compress(PLAIN), Limits(window=MEBIBYTE), Why.TOO_LARGE, id="xz-memory"),
        pytest.param(lzma.compress(PLAIN, lzma.FORMAT_ALONE), Limits(window=MEBIBYTE), Why.TOO_LARGE, id="lzma-memory"),
        pytest.param(gzip.compress(PLAIN) * 5, Limits(entries=3), Why.TOO_MANY, id="streams-without-end"),
    ],
)
def test_limits(data: bytes, limits: Limits, why: Why) -> None:
    assert [gap[1] for gap in gaps(data, limits) if gap[1] is not Why.UNKNOWN_FORMAT] == [why]


def test_a_gzip_in_a_gzip_without_end_stops() -> None:
    data = PLAIN
    for _ in range(20):
        data = gzip.compress(data)
    assert [why for _, why in gaps(data)] == [Why.TOO_DEEP]


@pytest.mark.parametrize(
    ("size", "begun", "limits", "why"),
    [
        pytest.param(10, 10, Limits(), None, id="whole"),
        pytest.param(RATIO_FROM, 1, Limits(ratio=2), None, id="ratio-is-not-judged-yet"),
        pytest.param(RATIO_FROM + 1, 1, Limits(ratio=2), Why.TOO_LARGE, id="ratio"),
        pytest.param(300_000, 10**6, Limits(expanded=200_000), Why.TOO_LARGE, id="expanded"),
    ],
)
def test_drain(size: int, begun: int, limits: Limits, why: Why | None) -> None:
    run = Run(b"", 0, 0)

    def chunks() -> Iterator[bytes]:
        run.at = begun
        stream = BytesIO(bytes(size))
        while chunk := stream.read(65_536):
            yield chunk

    data, reason = drain(chunks(), run, Source(b"", (), Budget(limits)))
    assert reason is why
    assert len(data) <= size
    assert (len(data) == size) is (why is None or size == RATIO_FROM + 1)


def test_what_comes_before_a_fault_is_kept() -> None:
    def chunks(run: Run) -> Iterator[bytes]:
        yield from stored(run)
        raise EOFError

    run = Run(PLAIN, 0, len(PLAIN))
    assert drain(chunks(run), run, Source(b"", (), Budget(Limits()))) == (PLAIN, Why.MALFORMED)
