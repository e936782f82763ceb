"""A page's content coding is undone as it passes, whatever its pieces, and no bomb goes off."""

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from cerco.desk.unpacking import CODINGS, Unpacker, UnpackingError

PAGE = "".join(f"<p>第{n}行 linha {n * n}</p>" for n in range(3000)).encode()
MANY = b"a" * (64 << 20)
PACKED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "br": brotli.compress(PAGE),
    "zstd": zstandard.compress(PAGE),
    "identity": PAGE,
    "": PAGE,
}


def unpacked(coding: str, body: bytes, step: int) -> bytes:
    unpacker = Unpacker(coding)
    return b"".join(unpacker.feed(body[start : start + step]) for start in range(0, len(body), step))


@pytest.mark.parametrize("coding", PACKED)
@given(step=st.integers(1, 100_000))
def test_pieces_of_any_size_give_the_page(coding: str, step: int) -> None:
    step = max(step, len(PACKED[coding]) // 200)  # a byte at a time takes long, and shows no more
    assert unpacked(coding, PACKED[coding], step) == PAGE


@pytest.mark.parametrize("size", [0, 1, 2, 70_000])
def test_deflate_without_its_wrapper(size: int) -> None:
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(PAGE[:size]) + packer.flush()
    assert unpacked("deflate", packed, 1000) == PAGE[:size]


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(MANY)),
        ("deflate", zlib.compress(MANY)),
        ("br", brotli.compress(MANY, quality=5)),
        ("zstd", zstandard.compress(MANY)),
    ],
    ids=["gzip", "deflate", "br", "zstd"],
)
@pytest.mark.parametrize("step", [100, 1_000_000])
def test_a_bomb_does_not_go_off(coding: str, bomb: bytes, step: int) -> None:
    unpacker, sizes = Unpacker(coding), list[int]()
    pieces = (bomb[start : start + step] for start in range(0, len(bomb), step))
    with pytest.raises(UnpackingError, match="beyond measure"):
        sizes.extend(len(unpacker.feed(piece)) for piece in pieces)
    assert sum(sizes) <= 20 << 20


def test_a_dull_page_is_no_bomb() -> None:
    rows = b"<tr><td>0</td><td>0</td><td>0</td></tr>\n" * 250_000
    for coding, packed in (("gzip", gzip.compress(rows)), ("br", brotli.compress(rows, quality=5))):
        assert unpacked(coding, packed, 16_384) == rows


def test_a_window_larger_than_browsers_take() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=24)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj().compress(PAGE * 300)
    with pytest.raises(UnpackingError, match="not in the coding"):
        unpacked("zstd", packed, 16_384)


@pytest.mark.parametrize("coding", sorted(CODINGS - {"deflate"}))
def test_other_bytes_are_told(coding: str) -> None:
    with pytest.raises(UnpackingError, match="not in the coding"):
        unpacked(coding, b"<!doctype html>" * 100, 64)


@pytest.mark.parametrize("coding", ["compress", "dcb", "gzip, br", "aes128gcm"])
def test_a_coding_that_cannot_be_undone(coding: str) -> None:
    with pytest.raises(ValueError, match="no coding"):
        Unpacker(coding)
