"""Whatever happens to the bytes of an office file, each of its readers raises nothing but `ReadError`, and ends.

A run in the test suite is short. For a long one: CERCO_FUZZ=20000 python -m pytest tests/extract/test_office_fuzz.py
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO
from time import perf_counter

import olefile  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cerco.extract import compound, excel97, opendocument, rtf
from cerco.extract.cellformat import cell_formats, parse
from cerco.extract.cells import Cells
from cerco.extract.markup import fields, open_text, paragraphs, readings, visible, words
from cerco.extract.outline import outline
from cerco.extract.read import read
from cerco.extract.source import Budget, Item, ReadError, Source
from cerco.extract.text import Limits, Text
from tests.data.files import excel, slides, word
from tests.data.files.compound import compound as packed_streams
from tests.data.files.planting import committed, members, packed

EXAMPLES = int(os.environ.get("CERCO_FUZZ", "25"))
SLOWEST = 20.0  # seconds for one small input, on a busy machine; a hang takes longer
SMALL = Limits(expanded=16 * 1024 * 1024, cells=50_000, entries=500, pages=50)
SAVED = ("doc", "xls", "ppt", "xlsb", "rtf", "odt", "ods", "odp", "fodt", "fods", "docx", "xlsx", "pptx")
fuzz = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

# Numbers that sizes, counts and offsets are set to by those who look for faults.
EDGES = st.sampled_from(
    [b"\x00" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\x01\x00\x00\x00", b"\xfe\xff\xff\xff"]
)
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.one_of(EDGES, st.binary(min_size=1, max_size=6))), max_size=8)
SHARES = st.floats(0, 1)


@cache
def saved(suffix: str) -> bytes:
    return committed(f"office/saved.{suffix}")


@cache
def streams(suffix: str) -> dict[str, bytes]:
    """Return the streams of a compound file; changed ones are packed into a sound one, so that readers reach them."""
    with olefile.OleFileIO(BytesIO(saved(suffix))) as box:
        return {"/".join(path): box.openstream(path).read() for path in box.listdir()}


def changed(data: bytes, changes: list[tuple[float, bytes]]) -> bytes:
    out = bytearray(data)
    for share, piece in changes:
        at = int(share * max(0, len(out) - len(piece)))
        out[at : at + len(piece)] = piece
    return bytes(out)


def exhausted(work: Callable[[], Iterator[Item]]) -> list[Item]:
    began = perf_counter()
    found: list[Item] = []
    with suppress(ReadError):
        found.extend(work())
    assert perf_counter() - began < SLOWEST
    for item in found:
        item.place.encode()
        if isinstance(item, Text):
            item.content.encode()
    return found


def source(data: bytes) -> Source:
    return Source(data, ("a",), Budget(SMALL))


def nothing(_source: Source) -> Iterator[Item]:
    return iter(())


@pytest.mark.parametrize("suffix", SAVED)
@fuzz
@given(changes=CHANGES, kept=SHARES)
def test_a_changed_file(suffix: str, changes: list[tuple[float, bytes]], kept: float) -> None:
    data = changed(saved(suffix), changes)
    exhausted(lambda: read(data[: 1 + int((0.5 + kept / 2) * len(data))], "a", SMALL))


@pytest.mark.parametrize("suffix", ["doc", "xls", "ppt"])
@fuzz
@given(which=SHARES, changes=CHANGES)
def test_a_changed_stream(suffix: str, which: float, changes: list[tuple[float, bytes]]) -> None:
    parts = dict(streams(suffix))
    name = sorted(parts)[int(which * (len(parts) - 1))]
    parts[name] = changed(parts[name], changes)
    exhausted(lambda: compound.read(source(packed_streams(parts)), nothing))


MACROS = members(word._macro("5193456(7)"))["word/vbaProject.bin"]


@fuzz
@given(which=SHARES, changes=CHANGES)
def test_changed_macros(which: float, changes: list[tuple[float, bytes]]) -> None:
    with olefile.OleFileIO(BytesIO(MACROS)) as box:
        parts = {"/".join(path): box.openstream(path).read() for path in box.listdir()}
    name = sorted(parts)[int(which * (len(parts) - 1))]
    parts[name] = changed(parts[name], changes)
    exhausted(lambda: compound.read(source(packed_streams(parts)), nothing))


PACKAGES = {
    "docx": word.everything("fuzz")[0],
    "xlsx": excel.everything("fuzz")[0],
    "pptx": slides.everything("fuzz")[0],
    "pivot": excel._pivot("5193456(7)"),
}


@pytest.mark.parametrize("kind", [*PACKAGES, "odt", "ods", "odp", "xlsb"])
@fuzz
@given(which=SHARES, changes=CHANGES)
def test_a_changed_part(kind: str, which: float, changes: list[tuple[float, bytes]]) -> None:
    parts = members(PACKAGES[kind] if kind in PACKAGES else saved(kind))
    name = sorted(parts)[int(which * (len(parts) - 1))]
    parts[name] = changed(parts[name], changes)
    exhausted(lambda: read(packed(parts), "a", SMALL))


WORDS = (
    "par",
    "u20013?",
    "'a6",
    "bin9 ",
    "f1",
    "fcharset136",
    "ansicpg950",
    "v",
    "v0",
    "deleted",
    "objdata ",
    "pict ",
    "*",
    "uc3",
)
RICH = st.lists(
    st.one_of(st.sampled_from(["{", "}", *(f"\\{word}" for word in WORDS)]), st.text(max_size=6)), max_size=60
)


@fuzz
@given(tokens=RICH)
def test_rich_text(tokens: list[str]) -> None:
    data = ("{\\rtf1" + "".join(tokens)).encode("utf-8", "replace")
    exhausted(lambda: rtf.read(source(data), nothing))


TAGS = (
    *("w:p", "w:r", "w:t", "w:del", "w:ins", "w:vanish", "w:tc", "c", "row", "v", "is", "t", "f", "sheetData"),
    *("text:p", "table:table-row", "table:table-cell", "table:table", "office:annotation", "draw:page", "text:note"),
)
ATTRIBUTES = (
    "",
    ' r="B7"',
    ' r="XFD1048576"',
    ' s="1" t="s"',
    ' table:number-rows-repeated="9999999"',
    " x",
    ' w:val="0"',
)
SLASH = st.sampled_from(["", "/"])
MARKUP = st.lists(
    st.one_of(
        st.builds("<{}{}{}{}>".format, SLASH, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES), SLASH),
        st.sampled_from(["<", ">", "&#51;", "<!--", "]]>", "&amp;lt;", "&#xD800;", "12345678", "1.5E7", "\t\n"]),
        st.text(max_size=5),
    ),
    max_size=60,
).map("".join)


@fuzz
@given(markup=MARKUP)
def test_markup(markup: str) -> None:
    for reader in (fields, open_text, paragraphs, visible, words):
        reader(markup)
    list(readings(markup))
    outline({"xl/workbook.xml": markup, "xl/_rels/workbook.xml.rels": markup})


@fuzz
@given(markup=MARKUP)
def test_cells(markup: str) -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>'
    formats = cell_formats(f'<numFmt numFmtId="170" formatCode="0(0)"/>{styles}')
    strings = ["甲", "乙"]
    with suppress(ReadError):
        list(Cells(strings, bytearray(2), formats, source(b"")).lines(markup))


@fuzz
@given(markup=MARKUP)
def test_open_document(markup: str) -> None:
    body = f"<office:spreadsheet>{markup}</office:spreadsheet>{markup}"
    data = f"<office:document>{body}</office:document>".encode("utf-8", "replace")
    exhausted(lambda: opendocument.read_flat(source(data), nothing))


@fuzz
@given(
    code=st.text(alphabet='0#?()/-"\\_*[];@.,%eEymdhsG中', max_size=20),
    value=st.text(alphabet="0123456789.-E", max_size=12),
)
def test_formats(code: str, value: str) -> None:
    if (form := parse(code)) is not None:
        form.show(value)


@fuzz
@given(changes=CHANGES)
def test_binary_parts(changes: list[tuple[float, bytes]]) -> None:
    parts = {name: data for name, data in members(saved("xlsb")).items() if name.endswith(".bin")}
    parts["xl/worksheets/sheet1.bin"] = changed(parts["xl/worksheets/sheet1.bin"], changes)
    exhausted(lambda: excel97.read_xlsb(parts, source(saved("xlsb"))))
