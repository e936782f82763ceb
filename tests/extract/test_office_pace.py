"""No pass over a hostile part takes more than its length: a quadratic one over a megabyte takes hours.

Nothing is measured here: the time that every test is given would run out.
"""

import struct
from contextlib import suppress

import pytest

from cerco.extract import blips, compound, ods, opendocument, pivot, propertyset, rtf, sweep
from cerco.extract.cellformat import cell_formats, parse
from cerco.extract.markup import fields, open_text, open_words, readings
from cerco.extract.outline import outline
from cerco.extract.sheet import Book
from cerco.extract.source import Budget, ReadError, Source
from cerco.extract.text import Limits
from tests.data.files.compound import compound as packed_streams
from tests.data.files.compound import compressed

MANY = 100_000


def source(data: bytes = b"") -> Source:
    return Source(data, ("a",), Budget(Limits(entries=200)))


def sheet(content: str) -> None:
    with suppress(ReadError):
        list(Book().read(f"<worksheet><sheetData>{content}</sheetData></worksheet>", source(), "a"))


def flat(content: str) -> None:
    with suppress(ReadError):
        list(opendocument.read_flat(source(f"<office:document>{content}".encode()), lambda _: iter(())))


ALIKE = '<row r="1"><c r="A1"><v>1</v></c></row>' * 20
MARKUP = [
    pytest.param("<w:ins " * MANY, id="open-insertions"),
    pytest.param("<w:ins>" * MANY, id="insertions-without-end"),
    pytest.param("<w:del/>" * MANY + "</w:del>" * MANY, id="ends-without-deletions"),
    pytest.param("<w:r><w:vanish/>" * MANY, id="hidden-runs-without-end"),
    pytest.param("<text:p>" + " \n" * 5 * MANY, id="blanks-without-end"),
    pytest.param("<" + "a" * 10 * MANY, id="one-long-name"),
    pytest.param("<a" + ":a" * 5 * MANY, id="many-prefixes"),
    pytest.param('<style:style style:name="a" ' * MANY, id="open-styles"),
    pytest.param("<style:style " + 'style:name="a" ' * MANY + ">", id="one-style-of-many-names"),
    pytest.param("<c " + 'r="A1" ' * MANY, id="one-cell-of-many-places"),
    pytest.param(ALIKE + "<row" + ' r="1"' * MANY + '><c r="A1"><w>', id="one-row-of-many-places"),
    pytest.param('<f>"' + '"' * 10 * MANY, id="quotes-in-a-formula-without-end"),
    pytest.param("<row><c><v>1" * MANY, id="open-rows"),
    pytest.param("<is><t>" * MANY, id="open-strings"),
    pytest.param("<comment " * MANY, id="open-comments"),
    pytest.param("&#1" * 3 * MANY, id="open-references"),
    pytest.param('xmlns:a="' * MANY, id="open-namespaces"),
    pytest.param('<table:table-cell table:number-columns-repeated="9"/>' * MANY, id="repeated-cells"),
]


@pytest.mark.parametrize("hostile", MARKUP)
def test_markup(hostile: str) -> None:
    for function in (fields, open_text, open_words, cell_formats, pivot.fields):
        function(hostile)
    list(readings(hostile))
    outline({"xl/workbook.xml": hostile, "xl/_rels/workbook.xml.rels": hostile})
    with suppress(ReadError):
        list(ods.read(hostile, frozenset(), source()))
    sheet(hostile)
    flat(hostile)


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(b"{" * MANY, id="open-groups"),
        pytest.param(b"{\\*\\x}" * MANY, id="destinations"),
        pytest.param(b"{\\pict " * 5000 + b"00" * MANY, id="pictures-in-pictures"),
        pytest.param(b"\\u1\\uc1000000 " * MANY, id="much-to-skip"),
        pytest.param(b"\\bin4000000000 " * MANY, id="binary-without-end"),
        pytest.param(b"\\'" * 3 * MANY, id="open-bytes"),
    ],
)
def test_rich_text(hostile: bytes) -> None:
    with suppress(ReadError):
        list(rtf.read(source(b"{\\rtf1" + hostile), lambda _: iter(())))


def test_a_format_of_any_length() -> None:
    parse('"' * MANY)
    form = parse("0" * MANY)
    assert form is not None
    assert len(form.show("1" * 20)) > MANY


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(b"\x00" * 40 * MANY, id="zeros"),
        pytest.param(b"\x00\x00\x1e\xf0\xff\xff\x0f\x00" * MANY, id="pictures-that-overlap"),
        pytest.param(b"\x00\x00\x1a\xf0\xff\xff\x0f\x00" * MANY, id="metafiles-that-overlap"),
        pytest.param(b"a\x00" * 10 * MANY + b"b" * 20 * MANY, id="text"),
        pytest.param(b"\x4e" * 20 * MANY, id="what-may-be-either"),
    ],
)
@pytest.mark.parametrize("stream", ["WordDocument", "Workbook", "PowerPoint Document", "VBA/dir", "Other"])
def test_binary(hostile: bytes, stream: str) -> None:
    list(sweep.strings(hostile[: 10 * MANY]))
    list(blips.pictures(hostile[: 10 * MANY], 1 << 20))
    with suppress(ReadError):
        list(compound.read(source(packed_streams({stream: hostile[: 10 * MANY]})), lambda _: iter(())))


def test_a_presentation_of_empty_records() -> None:
    inner = b"\x0f\x00\xee\x03\x00\x00\x00\x00" * MANY
    with suppress(ReadError):
        list(compound.read(source(packed_streams({"PowerPoint Document": inner})), lambda _: iter(())))


def test_macros_that_expand_far() -> None:
    chunk = bytes((0xFE, 0x41)) + b"\xfc\x0f" * 7
    container = b"\x01" + ((0xB000 | (len(chunk) - 1)).to_bytes(2, "little") + chunk) * MANY
    streams = {"VBA/dir": container, "VBA/Module1": compressed(b"x")}
    with suppress(ReadError):
        list(compound.read(source(packed_streams(streams)), lambda _: iter(())))


def test_properties_that_all_point_to_one_place() -> None:
    count = 50_000
    places = b"".join(
        number.to_bytes(4, "little") + (8 + 8 * count).to_bytes(4, "little") for number in range(2, count)
    )
    section = (0).to_bytes(4, "little") + count.to_bytes(4, "little") + places
    vector = (0x101E).to_bytes(4, "little") + (2**31 - 1).to_bytes(4, "little") + bytes(10 * MANY)
    data = bytes(24) + (1).to_bytes(4, "little") + bytes(16) + (48).to_bytes(4, "little") + section + bytes(16) + vector
    with suppress(struct.error):
        list(propertyset.properties(data))
