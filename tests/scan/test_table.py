import pytest

from cerco.scan.table import table


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("姓名,身份證,電話\n甲,12345678,66123456", id="commas"),
        pytest.param("Nome\tBIR\tTelefone\nA\t12345678\t66123456", id="tabs"),
        pytest.param("name;ID no;phone\nA;12345678;66123456", id="semicolons"),
        pytest.param("客戶資料表\n\n姓名,身份證,電話\n甲,12345678,66123456", id="below a title"),
        pytest.param('姓名,身份證,電話\n"甲, 乙",12345678,66123456', id="comma within quotes"),
    ],
)
def test_names_the_column_of_a_cell(text: str) -> None:
    grid = table(text)
    assert grid is not None
    assert grid.firm
    row = grid.labels_of(text, text.index("12345678"))
    assert row is not None
    cell, column, heads = row
    assert (text[cell:][:8].strip(), column) == ("12345678", 1)
    assert [label.kind for label in heads] == ["id card"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("早晨\n身份證 12345678", id="no delimiter"),
        pytest.param("早晨,你好\n身份證,12345678", id="names nothing"),
        pytest.param("身份證 12345678, 電話 66123456\n再見", id="a row with values"),
        pytest.param("姓名,身份證", id="one line only"),
        pytest.param("a" * 50 + ",身份證,電話\n甲,12345678,1", id="cell too long for a heading"),
        pytest.param("", id="empty"),
    ],
)
def test_sees_no_table(text: str) -> None:
    assert table(text) is None


def test_a_heading_above_bare_numbers_is_a_column() -> None:
    text = "身份證號碼:\n12345678\n2. 51234567\n謝謝"
    grid = table(text)
    assert grid is not None
    assert not grid.firm
    assert grid.labels_of(text, text.index("51234567")) is not None
    assert grid.labels_of(text, text.index("謝謝")) is None


def test_a_long_line_is_no_row() -> None:
    text = "姓名,身份證\n" + "x" * 5000 + ",12345678"
    grid = table(text)
    assert grid is not None
    assert grid.labels_of(text, text.index("12345678")) is None


def test_a_later_piece_goes_by_the_first_lines_of_the_whole() -> None:
    text = "丙,87654321,66123456\n甲,12345678,66123456\n"
    grid = table(text, "客戶資料表\n姓名,身份證,電話\n乙,12345679,66123457")
    assert grid is not None
    row = grid.labels_of(text, text.index("87654321"))
    assert row is not None
    assert [label.kind for label in row[2]] == ["id card"]
    assert table(text) is None
