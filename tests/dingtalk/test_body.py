import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.dingtalk.body import close_body, looks_like_text, open_body, readings

LIMIT = 1_000_000
BODY = '{"content": "客戶名單 1234567(8)"}'.encode()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("declared", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
        ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
        ("identity", bytes),
        ("", bytes),
        (None, bytes),
        (None, gzip.compress),
        (None, zlib.compress),
        (None, zstandard.compress),
        (None, lambda data: gzip.compress(gzip.compress(data))),
        ("gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
    ],
)
def test_an_encoded_body_is_opened(declared: str | None, pack: Callable[[bytes], bytes]) -> None:
    opened = open_body(pack(BODY), declared, LIMIT)
    assert opened.data == BODY
    assert opened.whole


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        pytest.param("gzip", BODY, id="not-gzip-at-all"),
        pytest.param("gzip", gzip.compress(BODY)[:-9], id="gzip-cut-short"),
        pytest.param("gzip", gzip.compress(BODY) + b"more", id="gzip-and-more"),
        pytest.param("br", brotli.compress(BODY)[:-1], id="brotli-cut-short"),
        pytest.param("zstd", b"x" + zstandard.compress(BODY), id="not-zstd"),
        pytest.param("compress", BODY, id="unknown"),
        pytest.param("gzip, gzip, gzip, gzip, gzip", BODY, id="too-many"),
    ],
)
def test_a_body_that_cannot_be_opened_stays_as_sent_and_is_marked(declared: str, body: bytes) -> None:
    opened = open_body(body, declared, LIMIT)
    assert not opened.whole
    # A body without its end may still be read by guess; what matters is that it is never taken for whole.
    assert opened.data in {body, BODY}


def test_a_stored_file_that_is_gzip_itself_is_left_alone() -> None:
    stored = gzip.compress(BODY)
    assert open_body(stored, None, LIMIT, guess=False).data == stored


@pytest.mark.parametrize("declared", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_cut_at_the_limit(declared: str) -> None:
    opened = open_body(close_body(bytes(5_000_000), (declared,)), declared, 10_000)
    assert len(opened.data) == 10_000
    assert not opened.whole


@given(st.binary(max_size=200), st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd"]), max_size=4))
@hypothesis(max_examples=60, deadline=None)
def test_closing_and_opening_gives_the_same_bytes(data: bytes, encodings: list[str]) -> None:
    closed = close_body(data, tuple(encodings))
    opened = open_body(closed, ", ".join(encodings), LIMIT, guess=False)
    assert (opened.data, opened.encodings, opened.whole) == (data, tuple(encodings), True)


@pytest.mark.parametrize(
    ("data", "declared", "text", "sure"),
    [
        ("客戶".encode(), None, "客戶", True),
        ("客戶".encode(), "utf-8", "客戶", True),
        ("客戶".encode("utf-8-sig"), "gbk", "客戶", True),
        ("客戶".encode("utf-16"), None, "客戶", True),
        ("{客戶}a1".encode("utf-16-be"), None, "{客戶}a1", True),
        ("{a}客戶".encode("utf-32-le"), None, "{a}客戶", True),
        ("客戶".encode("big5hkscs"), "Big5", "客戶", True),
        ("客户".encode("gb18030"), '"GB2312"', "客户", True),
        ("ação".encode("cp1252"), "iso-8859-1", "ação", True),
        ("客戶".encode(), "zlib_codec", "客戶", True),
        (b"\xff", "utf-7", "�", False),
        (b"\x00\x01", None, "\x00\x01", True),
    ],
)
def test_bytes_are_decoded(data: bytes, declared: str | None, text: str, sure: bool) -> None:
    read = readings(data, declared)
    assert (read.text, read.sure) == (text, sure)


def test_bytes_in_an_undeclared_regional_character_set_have_every_plausible_reading() -> None:
    assert "客戶名單" in readings("客戶名單".encode("big5hkscs")).others
    assert "客户名单" in readings("客户名单".encode("gb18030")).others


@pytest.mark.parametrize(
    ("data", "is_text"),
    [
        ("客戶\n\t名單".encode(), True),
        ("客戶".encode("utf-16"), True),
        (b"\x89PNG\r\n\x1a\n\x00", False),
        (b"PK\x03\x04plain", False),
        (b"\xff\xd8\xff\xe0", False),
    ],
)
def test_text_is_told_from_bytes(data: bytes, is_text: bool) -> None:
    assert looks_like_text(data) is is_text
