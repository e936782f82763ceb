"""Cells are read row by row, as typed, wherever a workbook keeps them."""

import re
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from cerco.extract.read import read
from cerco.extract.text import Limits, Text, Unreadable, Why

NEEDLE = "5123456(7)"


def saved(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def book_with(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    book.active["A1"] = "header"
    change(book)
    return saved(book)


def edited(data: bytes, **parts: Callable[[str], str]) -> bytes:
    """Return the workbook with some of its parts rewritten; names are given without folder and suffix."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            change = parts.get(name.rpartition("/")[2].partition(".")[0])
            new.writestr(name, change(content.decode()).encode() if change else content)
    return out.getvalue()


def texts(data: bytes, limits: Limits | None = None) -> dict[str, Text]:
    return {item.place: item for item in read(data, "a.xlsx", limits or Limits()) if isinstance(item, Text)}


def gaps(data: bytes, limits: Limits | None = None) -> list[Unreadable]:
    return [item for item in read(data, "a.xlsx", limits or Limits()) if isinstance(item, Unreadable)]


def places(data: bytes) -> list[str]:
    return [item.place for item in read(data, "a.xlsx") if isinstance(item, Text) and NEEDLE in item.content]


def in_cell(book: openpyxl.Workbook) -> None:
    book.active["C7"] = NEEDLE


def in_hidden_sheet(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("藏")
    sheet.sheet_state = "veryHidden"
    sheet["B2"] = NEEDLE


def in_hidden_row(book: openpyxl.Workbook) -> None:
    book.active["A5"] = NEEDLE
    book.active.row_dimensions[5].hidden = True


def in_comment(book: openpyxl.Workbook) -> None:
    book.active["A1"].comment = Comment(NEEDLE, "author")


def in_page_header(book: openpyxl.Workbook) -> None:
    book.active.oddHeader.center.text = NEEDLE


def in_defined_name(book: openpyxl.Workbook) -> None:
    book.defined_names["id"] = DefinedName("id", attr_text=f'"{NEEDLE}"')


def in_property(book: openpyxl.Workbook) -> None:
    book.properties.description = NEEDLE


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param(in_cell, "a.xlsx > Sheet1", id="cell"),
        pytest.param(in_hidden_sheet, "a.xlsx > 藏 (very hidden)", id="very-hidden-sheet"),
        pytest.param(in_hidden_row, "a.xlsx > Sheet1", id="hidden-row"),
        pytest.param(in_comment, "a.xlsx > Sheet1 > comments on A1", id="comment"),
        pytest.param(in_page_header, "a.xlsx > Sheet1 (outside of cells)", id="page-header"),
        pytest.param(in_defined_name, "a.xlsx > workbook", id="defined-name"),
        pytest.param(in_property, "a.xlsx > properties", id="property"),
    ],
)
def test_each_hiding_place(change: Callable[[openpyxl.Workbook], None], place: str) -> None:
    data = book_with(change)
    assert place in places(data)
    assert gaps(data) == []


def test_rows_are_joined_by_tabs_and_numbered_as_in_the_sheet() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for row in (
            (),
            ("姓名", "身份證"),
            ("陳", 51234567),
            (None, None),
            ("李\n大", 15123456.0, 1.5, True, date(2026, 5, 6)),
        ):
            book.active.append(row)
        book.active.delete_rows(1)

    text = texts(book_with(change))["a.xlsx > Sheet1"]
    lines = text.content.split("\n")
    assert text.unit == "cell"
    row = {line: number for number, line in enumerate(lines, 1)}
    assert row["陳\t51234567"] == row["姓名\t身份證"] + 1
    assert row["李 大\t15123456\t1.5\t1\t2026-05-06"] == row["陳\t51234567"] + 2


def test_rows_far_down_keep_their_numbers() -> None:
    def change(book: openpyxl.Workbook) -> None:
        del book.active["A1"]
        book.active["A300"] = "身份證"
        book.active["A301"] = NEEDLE

    text = texts(book_with(change))["a.xlsx > Sheet1"]
    assert dict(enumerate(text.content.split("\n"), 1))[301] == NEEDLE


def test_the_first_row_is_a_header_and_the_sheet_name_a_title() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active.title = "客戶名單"
        book.active["B1"] = "電話"

    found = texts(book_with(change))
    assert (found["a.xlsx > 客戶名單 (header)"].content, found["a.xlsx > 客戶名單 (header)"].role) == (
        "header\t電話",
        "header",
    )
    assert "客戶名單" in [
        item.content for item in read(book_with(change)) if isinstance(item, Text) and item.role == "title"
    ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("6222021234567890123", "6222021234567890123", id="nineteen-digits-beyond-a-float"),
        pytest.param("4111111111111111", "4111111111111111", id="sixteen-digits"),
        pytest.param("12345678", "12345678", id="eight-digits"),
        pytest.param("12345678.0", "12345678", id="point-zero"),
        pytest.param("1.2345678E7", "12345678", id="exponent"),
        pytest.param("0.5", "0.5", id="fraction"),
    ],
)
@pytest.mark.parametrize("dense", [True, False], ids=["library", "cell-by-cell"])
def test_numbers_as_typed(typed: str, shown: str, *, dense: bool) -> None:
    data = book_with(lambda book: book.active.append(("a", 777)))
    data = edited(data, sheet1=lambda xml: xml.replace("<v>777</v>", f"<v>{typed}</v>"))
    assert f"a\t{shown}" in texts(data, Limits(cells=1000 if dense else 3))["a.xlsx > Sheet1"].content.split("\n")


def test_a_stray_cell_in_the_last_row_costs_nothing() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active["XFD1048576"] = NEEDLE

    data = book_with(change)
    assert places(data) == ["a.xlsx > Sheet1"]
    assert gaps(data) == []


@pytest.mark.parametrize(("last", "limits"), [(2, Limits()), (100, Limits(cells=50))], ids=["library", "cell-by-cell"])
def test_shared_strings_are_found_in_their_cells_and_outside_of_any(last: int, limits: Limits) -> None:
    runs = "<r><t>512</t></r><r><t>3456(7)</t></r>"
    strings = f"<sst><si><t>姓名</t></si><si>{runs}</si><si><t>lost {NEEDLE}</t></si></sst>"
    cells = f"<sheetData>{shared(1, 0)}{shared(last, 1)}</sheetData>"
    data = edited(book_with(in_cell), sheet1=lambda xml: re.sub("<sheetData>.*</sheetData>", cells, xml))
    out = BytesIO(data)
    with zipfile.ZipFile(out, "a") as box:
        box.writestr("xl/sharedStrings.xml", strings)
    found = texts(out.getvalue(), limits)
    lines = found["a.xlsx > Sheet1"].content.split("\n")
    assert (lines[0], lines[last - 1]) == ("姓名", NEEDLE)
    assert found["a.xlsx > strings outside of cells"].content == f"lost {NEEDLE}"


def shared(row: int, string: int) -> str:
    return f'<row r="{row}"><c r="A{row}" t="s"><v>{string}</v></c></row>'


def test_a_sparse_sheet_keeps_its_rows_and_columns() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active["D4"] = NEEDLE
        book.active["A2000"] = "far"

    lines = texts(book_with(change), Limits(cells=100))["a.xlsx > Sheet1"].content.split("\n")
    assert lines[3] == f"\t\t\t{NEEDLE}"
    assert lines[1999] == "far"


def test_past_the_limit_on_cells_the_sheet_is_said() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for number in range(50):
            book.active.append((number, number))

    assert Unreadable("a.xlsx > Sheet1", Why.TOO_MANY) in gaps(book_with(change), Limits(cells=60))


def test_a_part_that_is_there_twice_is_read_twice() -> None:
    out = BytesIO(book_with(in_cell))
    with zipfile.ZipFile(out, "a") as box, pytest.warns(UserWarning, match="Duplicate name"):
        box.writestr("xl/worksheets/sheet1.xml", "<sheetData><row><c><v>15123456</v></c></row></sheetData>")
    contents = [item.content for item in read(out.getvalue()) if isinstance(item, Text)]
    assert any(NEEDLE in content for content in contents)
    assert any("15123456" in content for content in contents)


def test_a_sheet_the_workbook_does_not_name_is_read() -> None:
    out = BytesIO(book_with(in_cell))
    with zipfile.ZipFile(out, "a") as box:
        box.writestr("xl/worksheets/sheet9.xml", "<sheetData><row><c><v>15123456</v></c></row></sheetData>")
    assert any("15123456" in item.content for item in read(out.getvalue()) if isinstance(item, Text))


def test_a_workbook_the_library_refuses_is_read_from_its_parts() -> None:
    data = edited(book_with(in_cell), workbook=lambda xml: xml + "<broken")
    assert NEEDLE in " ".join(text.content for text in texts(data).values())
