"""A file that promises too much, lies or breaks off costs little, says so, and hides nothing of what can be read."""

import tracemalloc
from collections.abc import Callable

import pytest

from cerco.extract.read import read
from cerco.extract.source import Item
from cerco.extract.text import Limits, Text, Unreadable, Why
from tests.data.files import compound, ooxml, slides, word
from tests.data.files.excel import Sheet, book, number, row, table, text
from tests.data.files.planting import committed, members, packed, sentence

NEEDLE = "5193456(7)"
MEBIBYTE = 1024 * 1024
SMALL = Limits(expanded=8 * MEBIBYTE, cells=50_000, entries=500)


def items(data: bytes, limits: Limits = SMALL) -> list[Item]:
    return list(read(data, "a", limits))


def gaps(data: bytes, limits: Limits = SMALL) -> set[Why]:
    return {item.why for item in items(data, limits) if isinstance(item, Unreadable)}


def places(data: bytes, limits: Limits = SMALL) -> list[str]:
    return [item.place for item in items(data, limits) if isinstance(item, Text) and NEEDLE in item.content]


def peak(work: Callable[[], object]) -> int:
    """Return the bytes that are in use at most while the work is done, on top of what was before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    return packed({**members(data), name: content})


def needle_book(*rows: str) -> bytes:
    return book(Sheet("客人", table(row(5, text("A5", sentence(NEEDLE))), *rows)))


def test_shared_strings_that_refer_to_one_long_string_cost_what_they_show() -> None:
    long = "x" * 30_000
    cells = "".join(row(at, f'<c r="A{at}" t="s"><v>0</v></c>') for at in range(10, 2010))
    strings = ooxml.Part(
        "xl/sharedStrings.xml", "application/xml", "sharedStrings", f"<sst><si><t>{long}</t></si></sst>".encode()
    )
    data = book(Sheet("名單", row(1, text("A1", sentence(NEEDLE))) + cells), parts=(strings,))
    assert len(data) < 50_000
    assert Why.TOO_LARGE in gaps(data)
    assert any("A" in place or "名單" in place for place in places(data))
    assert peak(lambda: items(data)) < 64 * MEBIBYTE


def test_entities_are_not_expanded() -> None:
    layers = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{layers}]><w:p><w:t>&e9; {NEEDLE}</w:t></w:p>'
    data = with_part(word.document(), "word/header9.xml", bomb.encode())
    assert "a > header" in places(data)
    assert peak(lambda: items(data)) < 8 * MEBIBYTE


def test_a_dimension_is_not_believed() -> None:
    data = needle_book()
    sheet = members(data)["xl/worksheets/sheet1.xml"]
    lying = sheet.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    assert peak(lambda: items(with_part(data, "xl/worksheets/sheet1.xml", lying))) < 8 * MEBIBYTE
    assert "a > 客人" in places(with_part(data, "xl/worksheets/sheet1.xml", lying))


def test_a_million_empty_rows_are_passed_over_and_the_other_sheet_is_read() -> None:
    empty = "".join(f'<row r="{at}"/>' for at in range(1, 1_000_001))
    data = book(Sheet("空", empty), Sheet("客人", table(row(5, text("A5", sentence(NEEDLE))))))
    assert "a > 客人" in places(data, Limits())


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    data = needle_book(row(1_048_576, number("XFD1048576", "1")))
    assert "a > 客人" in places(data)
    assert peak(lambda: items(data)) < 16 * MEBIBYTE


def test_corners_in_every_row_are_a_gap() -> None:
    data = needle_book(*(row(at, number(f"XFD{at}", "1")) for at in range(10, 2000)))
    assert Why.TOO_LARGE in gaps(data)
    assert "a > 客人" in places(data)


def test_more_cells_than_allowed_are_a_gap_and_those_before_are_read() -> None:
    rows = (row(at, *(number(f"{letter}{at}", "1") for letter in "ABCDEFGH")) for at in range(10, 8000))
    data = needle_book(*rows)
    assert gaps(data) == {Why.TOO_MANY}
    assert "a > 客人" in places(data)


def test_a_document_in_a_document_without_end_is_too_deep() -> None:
    data = word.document(word.paragraph(sentence(NEEDLE)))
    for depth in range(9):
        member = ooxml.Part(f"word/embeddings/d{depth}.docx", "application/x", "package", data)
        data = word.document(word.paragraph(f"{depth}"), parts=(member,))
    assert gaps(data) == {Why.TOO_DEEP}
    assert "a > body" in [item.place for item in items(data)]


def test_a_zip_bomb_in_a_presentation_is_a_gap_and_the_slides_are_read() -> None:
    bomb = packed({"zeros": bytes(40 * MEBIBYTE)})
    member = ooxml.Part("ppt/embeddings/x.zip", "application/zip", "package", bomb)
    data = slides.show(slides.slide(1, slides.box(sentence(NEEDLE))), parts=(member,))
    assert Why.TOO_LARGE in gaps(data)
    assert "a > slide 1" in places(data)


def repeated(rows: int, columns: int, cell: str) -> bytes:
    """Return a spreadsheet whose only cell says that it is there as often as this."""
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": (
                '<office:document-content><office:body><office:spreadsheet><table:table table:name="一">'
                f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
                f'table:number-columns-repeated="{columns}"><text:p>{cell}</text:p></table:table-cell></table:table-row>'
                f"<table:table-row><table:table-cell><text:p>{NEEDLE}</text:p></table:table-cell></table:table-row>"
                "</table:table></office:spreadsheet></office:body></office:document-content>"
            ),
        }
    )


def test_a_cell_repeated_without_end_is_read_once() -> None:
    data = repeated(9_999_999, 9_999_999, "x" * 1000)
    assert places(data) == ["a > 一"]
    assert peak(lambda: items(data)) < 16 * MEBIBYTE


def test_what_follows_a_repeated_row_keeps_its_place() -> None:
    found = next(item for item in items(repeated(3, 2, "x")) if isinstance(item, Text) and item.unit == "cell")
    assert found.content.rstrip("\n").split("\n") == ["x", "", "", NEEDLE]


def test_tracked_changes_that_never_end_hide_nothing() -> None:
    data = with_part(
        word.document(), "word/header9.xml", f"<w:hdr>{'<w:del x="1"><w:ins>' * 20_000}<w:t>{NEEDLE}</w:t>".encode()
    )
    assert "a > header" in places(data)


def test_groups_without_end_are_too_deep() -> None:
    assert gaps(b"{\\rtf1 " + b"{" * 20_000) == {Why.TOO_DEEP}


def test_a_macro_that_copies_itself_is_bounded() -> None:
    # One byte, then copy tokens that repeat it as often as a chunk can hold: 4 KiB out of 5 bytes, many times over.
    chunk = bytes((0x02, 0x41)) + (0x0FFF).to_bytes(2, "little")
    container = b"\x01" + (0xB000 | (len(chunk) - 1)).to_bytes(2, "little") + chunk
    streams = compound.vba_project({"Module1": b"Sub A()\r\nEnd Sub\r\n"}, 950)
    streams["VBA/Module1"] = bytes(64) + container
    assert gaps(compound.compound(streams)) <= {Why.MALFORMED}


def test_a_binary_sheet_that_reaches_too_far_is_not_laid_out() -> None:
    data = bytearray(committed("office/saved.xls"))
    at = data.index(b"\xfd\x00\x0a\x00")  # a cell with a string: its row and column follow
    data[at + 4 : at + 8] = b"\xff\xff\xff\x00"
    assert gaps(bytes(data)) == {Why.TOO_MANY}
    assert any(isinstance(item, Text) and "身份證號碼" in item.content for item in items(bytes(data)))


@pytest.mark.parametrize(
    "suffix", ["docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "xlsb", "rtf", "fods"]
)
@pytest.mark.parametrize("kept", [0.25, 0.5, 0.9])
def test_a_file_that_breaks_off_says_so_or_is_read_to_there(suffix: str, kept: float) -> None:
    data = committed(f"office/saved.{suffix}")
    cut = data[: int(len(data) * kept)]
    found = items(cut, Limits())
    assert found
    if suffix not in {"rtf", "fods"}:  # these are text, which may end anywhere
        assert gaps(cut, Limits()) & {Why.MALFORMED, Why.UNKNOWN_FORMAT}
