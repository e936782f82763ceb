"""Reading never raises, never hangs, and never passes over something in silence."""

import gzip
import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
import openpyxl
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.extract.formats import READERS, Reader
from cerco.extract.identify import Format
from cerco.extract.read import read
from cerco.extract.source import Item, Source
from cerco.extract.text import Limits, Text, Unreadable, Why

SMALL = Limits(expanded=4 * 1024 * 1024, cells=20_000, entries=100)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份證", 5123456])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def document() -> bytes:
    out = BytesIO()
    made = docx.Document()
    made.add_paragraph("身份證 5123456(7)")
    made.save(out)
    return out.getvalue()


def pdf() -> bytes:
    made = FPDF()
    made.add_page()
    made.set_font("helvetica")
    made.cell(text="ID 5123456(7)")
    made.text_annotation(1, 1, "note")
    return bytes(made.output())


def archive() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for number, method in enumerate(
            (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
        ):
            box.writestr(f"{number}.txt", "身份證 5123456(7)\n" * 5, compress_type=method)
    return out.getvalue()


FILES = {
    "workbook": workbook(),
    "document": document(),
    "pdf": pdf(),
    "archive": archive(),
    "gzip": gzip.compress(b"5123456(7)"),
    "big5": "客戶名單,5123456(7)".encode("big5"),
    "utf-16": "客戶名單,5123456(7)".encode("utf-16"),
    "html": b"<p>&#53;123456(7)</p>",
}


def everything(data: bytes) -> list[Item]:
    items = list(read(data, "5123456(7)", SMALL))
    for item in items:
        assert "512345" not in item.place
        item.place.encode()
        if isinstance(item, Text):
            item.content.encode()  # no lone surrogates for those who come after
    return items


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_read_without_a_gap(name: str) -> None:
    items = everything(FILES[name])
    assert any(isinstance(item, Text) and "5123456" in item.content for item in items)
    assert not [item for item in items if isinstance(item, Unreadable) and item.why is not Why.UNKNOWN_FORMAT]


def test_nothing_is_said_about_nothing() -> None:
    assert list(read(b"", "empty.txt")) == []


def test_without_a_name_a_place_still_says_something() -> None:
    assert [item.place for item in read(b"\x00\x01\x02\x03" * 100)] == ["content"]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_raise_nothing(data: bytes) -> None:
    items = everything(data)
    assert bool(items) or not data.strip(b"\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\x00")


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        [b"PK\x03\x04", b"PK\x05\x06", b"%PDF-1.7\n", b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"\xff\xfe"]
    ),
    st.binary(max_size=500),
)
def test_a_signature_promises_nothing(signature: bytes, data: bytes) -> None:
    everything(signature + data)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FILES)),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=6),
)
def test_a_damaged_file_raises_nothing(name: str, cut: float, flips: list[tuple[float, int]]) -> None:
    data = bytearray(FILES[name][: 1 + int(cut * len(FILES[name]))])
    for where, change in flips:
        data[int(where * (len(data) - 1))] ^= change
    everything(bytes(data))


@pytest.mark.parametrize(
    ("fault", "why"), [(MemoryError, Why.TOO_LARGE), (RecursionError, Why.TOO_DEEP)], ids=["memory", "recursion"]
)
def test_a_machine_at_its_end_is_a_gap(monkeypatch: pytest.MonkeyPatch, fault: type[Exception], why: Why) -> None:
    def fail(_source: Source, _open: object) -> Iterator[Item]:
        yield Text("before", "x")
        raise fault

    readers = {**READERS, Format.TEXT: Reader(fail, "nothing")}
    monkeypatch.setattr("cerco.extract.read.READERS", readers)
    assert list(read(b"text", "a.txt")) == [Text("before", "x"), Unreadable("a.txt", why)]
