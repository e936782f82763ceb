"""A held body is read as the same body in memory would be, and nothing of it is passed over."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.dingtalk import multipart
from cerco.dingtalk.held import Content, Held, chunks, length
from cerco.dingtalk.multipart import split, split_held
from cerco.dingtalk.outbound import Outbound, Role, Step, Wire
from cerco.dingtalk.pieces import find, inner
from cerco.dingtalk.tag import tag

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

STORE = "zjk.trans.dingtalk.com/yundisk0/iAEIAqRmaWxlA6h5dW5kaXNrMATOxxx.file"


class InMemory:
    """A store for tests; it counts the largest piece that was asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.largest = 0

    def read(self, at: int, count: int) -> bytes:
        self.largest = max(self.largest, count)
        return self.data[at : at + count]

    def fileno(self) -> int:
        raise NotImplementedError


def held(data: bytes) -> Held:
    return Held(InMemory(data), 0, len(data))


def holding(wire: Wire, beginning: int = 64) -> Wire:
    return replace(wire, body=wire.body[:beginning], held=held(wire.body))


def same(outbound: Outbound) -> Outbound:
    """The outbound with all its content in memory."""
    parts = tuple(
        replace(part, content=part.content.whole()) if isinstance(part.content, Held) else part
        for part in outbound.parts
    )
    return replace(outbound, parts=parts)


def form(*sections: tuple[str, bytes], boundary: str = "b0undary", end: str = "--\r\n") -> bytes:
    lines = [f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n" for head, content in sections]
    return b"".join(lines) + f"--{boundary}{end}".encode()


FILE = 'Content-Disposition: form-data; name="media"; filename="名單.csv"\r\nContent-Type: text/csv'
FIELD = 'Content-Disposition: form-data; name="type"'
KIND = "multipart/form-data; boundary=b0undary"
NEEDLE = b"ID 5123456(7)"
FORMS = {
    "a field and a file": form((FIELD, b"file"), (FILE, NEEDLE * 20)),
    "text outside": b"before\r\n" + form((FILE, NEEDLE)) + b"after " + NEEDLE,
    "no end": form((FILE, NEEDLE), end=""),
    "base64": form((FILE + "\r\nContent-Transfer-Encoding: base64", b"SUQgNTEyMzQ1Nig3KQ==")),
    "no such encoding": form((FILE + "\r\nContent-Transfer-Encoding: xxe", NEEDLE)),
    "no headers": b"--b0undary\r\n" + NEEDLE + b"\r\n--b0undary--",
    "two files": form((FILE, NEEDLE), (FILE.replace("名單", "b"), b"\x00\x01\x02" * 30)),
    "the boundary in a file": form((FILE, b"x--b0undary\n" + NEEDLE)),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("window", [16, 64, 1 << 20])
def test_a_form_is_read_as_in_memory(
    read: Read, send: Send, body: bytes, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "_WINDOW", window)
    wire = send("POST oapi.dingtalk.com/media/upload?type=file", body, KIND)
    assert same(read(holding(wire))) == read(wire)


PIECES = st.sampled_from(
    [b"--", b"--B", b"--B--", b"\r\n", b"\n", b" ", b"\t", b"x", b"\r", b"Content-Type: a\r\n\r\n"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map(b"".join), st.integers(4, 40))
def test_a_form_cut_anywhere_has_the_same_sections(body: bytes, window: int) -> None:
    before, multipart._WINDOW = multipart._WINDOW, window
    try:
        made, known = split_held(held(body), b"B"), split(body, b"B")
    finally:
        multipart._WINDOW = before
    assert (made.sections, made.whole) == (known.sections, known.whole)
    assert made.outside == known.outside or not known.sections


def test_a_form_in_a_thousand_pieces_is_a_file(read: Read, send: Send) -> None:
    body = form(*[(FIELD, NEEDLE)] * 1200)
    outbound = read(holding(send("POST oapi.dingtalk.com/media/upload", body, KIND)))
    assert [part.content.whole() for part in outbound.parts if isinstance(part.content, Held)] == [body]
    assert "body" in outbound.malformed


def test_an_object_stays_where_it_is(read: Read, send: Send) -> None:
    data = NEEDLE * 1000
    wire = holding(send(f"PUT {STORE}", data))
    (file,) = [part for part in read(wire).parts if part.role is Role.FILE]
    assert file.content == wire.held
    assert same(read(wire)) == read(send(f"PUT {STORE}", data))


@pytest.mark.parametrize(("coding", "whole"), [("gzip", True), ("zstd", True), ("br", False), ("gzip, br", False)])
def test_an_object_in_a_coding_that_does_not_show_is_not_whole(
    read: Read, send: Send, coding: str, whole: bool
) -> None:
    wire = holding(send(f"PUT {STORE}", NEEDLE * 1000, Content_Encoding=coding))
    assert (read(wire).malformed == ()) is whole


def test_anything_else_is_taken_to_memory(read: Read, send: Send) -> None:
    wire = send("POST api.dingtalk.com/v1.0/robot/x", {"text": "ID 5123456(7)"})
    assert read(holding(wire, 8)) == read(wire)


def test_what_is_too_large_for_that_is_a_file_and_not_what_it_claims(read: Read, send: Send) -> None:
    wire = holding(send("POST api.dingtalk.com/v1.0/robot/x", {"text": "ID 5123456(7)"}))
    outbound = read(wire, limit=10)
    assert [part.content for part in outbound.parts if part.role is Role.FILE] == [wire.held]
    assert outbound.malformed == ("body",)


def test_a_list_of_parts_that_long_is_none(read: Read, send: Send) -> None:
    body = b"<CompleteMultipartUpload></CompleteMultipartUpload>" + b" " * 100
    wire = holding(send(f"POST {STORE}?uploadId=u", body), 200)
    piece = find(wire, read(wire))
    assert piece is not None
    assert (piece.step, piece.broken) == (Step.FINISH, True)


@given(st.binary(max_size=60) | st.text("0123456789()\n,身份", max_size=60).map(str.encode), st.booleans())
def test_the_same_is_left_for_later_at_a_cut(data: bytes, first: bool) -> None:
    kept: Content = inner(held(b"before" + data + b"after").within(6, 6 + len(data)), first=first)
    assert b"".join(chunks(kept)) == inner(data, first=first)


def test_a_form_gets_its_label(read: Read, send: Send) -> None:
    wire = send("POST oapi.dingtalk.com/media/upload?type=file", FORMS["a field and a file"], KIND)
    labelled = tag(holding(wire), read(holding(wire)), "【客戶資料】")
    assert labelled == tag(wire, read(wire), "【客戶資料】")
    assert labelled is not None
    assert re.search("【客戶資料】名單.csv".encode(), labelled)


@given(st.binary(max_size=50), st.integers(1, 20))
def test_chunks_make_the_whole(data: bytes, size: int) -> None:
    for content in (data, held(data)):
        pieces = list(chunks(content, size))
        assert b"".join(pieces) == data
        assert all(len(piece) == size for piece in pieces[:-1])
        assert length(content) == len(data)


def test_no_more_than_a_window_is_read_at_a_time(read: Read, send: Send) -> None:
    body = form((FIELD, b"file"), (FILE, NEEDLE * 300_000))
    store = InMemory(body)
    wire = send("POST oapi.dingtalk.com/media/upload", body[:100], KIND)
    read(replace(wire, held=Held(store, 0, len(body))))
    assert store.largest < len(body) // 3
