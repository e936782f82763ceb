"""However the rows of a sheet are written, they say the same, in the same cells."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.extract.cellformat import CellFormat, cell_formats, parse
from cerco.extract.cells import Cells
from cerco.extract.source import Budget, Source
from cerco.extract.text import Limits

STRINGS = ["甲", "tab\there", "a & b", "<"]
FORMATS = {"1": CellFormat((None, None, "-", None, None), 4)}


def lines(content: str) -> list[str]:
    cells = Cells(STRINGS, bytearray(len(STRINGS)), FORMATS, Source(b"", (), Budget(Limits())))
    return "\n".join(cells.lines(content)).split("\n")


def value(at: int, letter: str, content: str) -> str:
    return f'<c r="{letter}{at}"><v>{content}</v></c>'


ALIKE = "".join(f'<row r="{at}">{value(at, "A", str(at))}{value(at, "B", "7")}</row>' for at in range(1, 21))


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        pytest.param(value(21, "A", "1") + value(21, "B", "2"), "1\t2", id="as-before"),
        pytest.param(value(21, "B", "2"), "\t2", id="first-cell-missing"),
        pytest.param(value(21, "A", "1") + '<c r="B21" s="3"/>' + value(21, "C", "3"), "1\t\t3", id="empty-cell"),
        pytest.param('<c r="A21" t="s"><v>0</v></c>', "甲", id="shared"),
        pytest.param('<c r="A21" t="s"><v>1</v></c>' + value(21, "B", "2"), "tab here\t2", id="shared-with-a-tab"),
        pytest.param('<c r="A21" t="s"><v>2</v></c>', "a & b", id="shared-with-an-ampersand"),
        pytest.param('<c r="A21" t="s"><v>9</v></c>', "9", id="shared-that-is-not-there"),
        pytest.param('<c r="A21" t="s"><v>-1</v></c>', "-1", id="shared-below-nothing"),
        pytest.param(value(21, "A", "5&#49;&amp;") + value(21, "B", "2"), "51&\t2", id="references"),
        pytest.param(value(21, "A", "a&#10;b") + value(21, "B", "2"), "a b\t2", id="line-end-by-reference"),
        pytest.param(value(21, "A", "a\nb") + value(21, "B", "2"), "a b\t2", id="line-end"),
        pytest.param('<c r="A21" s="1"><v>1234</v></c>', "12-34", id="formatted"),
        pytest.param("<c r='A21' t='str'><v>x</v></c>", "x", id="single-quotes"),
        pytest.param("<c><v>1</v></c><c><v>2</v></c>", "1\t2", id="no-references"),
        pytest.param('<x:c r="A21"><x:v>1</x:v></x:c>', "1", id="a-prefix-in-one-row"),
        pytest.param('<c r="A21" t="inlineStr"><is><r><t>5</t></r><r><t>1</t></r></is></c>', "51", id="runs"),
        pytest.param(value(21, "A", "1") + value(21, "A", "2"), "1\t2", id="one-place-twice"),
    ],
)
def test_a_row_after_many_that_are_alike(row: str, shown: str) -> None:
    found = lines(f'{ALIKE}<row r="21">{row}</row><row r="22">{value(22, "A", "8")}{value(22, "B", "9")}</row>')
    assert found[20:] == [shown, "8\t9"]


def test_what_stands_behind_a_row_is_read() -> None:
    found = lines(f'{ALIKE}<row r="21">{value(21, "A", "1")}{value(21, "B", "2")}</row>{value(21, "C", "3")}')
    assert "3" in found[20]


def test_a_row_may_break_off() -> None:
    assert lines(f'{ALIKE}<row r="21"><c r="A21"><v>123')[20:] == ["123"]


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from(["", "1", "51234567.0", "甲", "a&amp;b"]), min_size=1, max_size=4), max_size=30)
)
def test_rows_say_the_same_with_and_without_prefix(rows: list[list[str]]) -> None:
    plain = "".join(
        f'<row r="{at}">'
        + "".join(value(at, letter, cell) for letter, cell in zip("ABCD", cells, strict=False))
        + "</row>"
        for at, cells in enumerate(rows, 1)
    )
    prefixed = plain.replace("</", "</x:").replace("<row", "<x:row").replace("<c ", "<x:c ").replace("<v>", "<x:v>")
    assert lines(plain) == lines(prefixed)


@pytest.mark.parametrize(
    ("code", "typed", "shown"),
    [
        pytest.param('0000000"("0")"', "51234567", "5123456(7)", id="parenthesised"),
        pytest.param(r"0000000\(0\)", "51234567", "5123456(7)", id="escaped"),
        pytest.param(r"0\/000000\/0", "51234567", "5/123456/7", id="slashed"),
        pytest.param("0000 0000 0000 0000", "4111111111111111", "4111 1111 1111 1111", id="card"),
        pytest.param("00000000", "1234567", "01234567 1234567", id="zeros-in-front"),
        pytest.param('"BIR "00000000', "51234567", "BIR 51234567", id="words-in-front"),
        pytest.param('"853"00000000', "66123456", "85366123456 66123456", id="digits-in-front"),
        pytest.param("####-####", "51234567", "5123-4567", id="optional-digits"),
        pytest.param("####-####", "567", "-567", id="too-few-digits"),
        pytest.param("00-00", "123456", "1234-56", id="too-many-digits"),
        pytest.param("[Red]0000-0000;[Blue]0", "51234567", "5123-4567", id="colours-and-sections"),
        pytest.param("0000-0000", "5123.5", "5123.5", id="no-whole-number"),
        pytest.param("0000-0000", "51234567.0", "5123-4567", id="point-zero"),
        pytest.param("yyyy-mm-dd", "45000", "2023-03-15", id="day"),
        pytest.param("d/m/yyyy h:mm", "45000.5", "2023-03-15 12:00:00", id="day-and-time"),
        pytest.param("yyyy-mm-dd", "text", "text", id="no-day"),
        pytest.param("yyyy", "9999999999", "9999999999", id="no-day-there-is"),
    ],
)
def test_a_number_is_shown_as_its_cell_shows_it(code: str, typed: str, shown: str) -> None:
    form = parse(code)
    assert form is not None
    assert form.show(typed) == shown


@pytest.mark.parametrize("code", ["General", "0", "0.00", "#,##0", "0%", "0.00E+00", "@", "_-* #,##0_-", ""])
def test_formats_of_amounts_and_texts_are_left_alone(code: str) -> None:
    assert parse(code) is None


def test_styles_are_counted_from_those_that_cells_use() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="0000000&quot;(&quot;0&quot;)&quot;"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="170"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="14"/></cellXfs>'
    )
    found = cell_formats(styles)
    assert {number: form.show("51234567") for number, form in found.items()} == {"1": "5123456(7)", "2": "51234567"}
