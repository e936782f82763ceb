import pytest

from cerco.scan.table import Tables, table


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
    grid = table(text, 0)
    assert grid is not None
    assert grid.firm
    row = grid.row(text, text.index("12345678"))
    assert row is not None
    assert (row.inset, row.column, row.firm) == (0, 1, True)
    assert [label.kind for label in row.heads] == ["id card"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("早晨\n身份證 12345678", id="no delimiter"),
        pytest.param("早晨,你好\n身份證,12345678", id="names nothing"),
        pytest.param("身份證 12345678, 電話 66123456\n再見", id="a row with values"),
        pytest.param("姓名,身份證", id="one line only"),
        pytest.param("a" * 65 + ",身份證,電話\n甲,12345678,1", id="cell too long for a heading"),
        pytest.param("", id="empty"),
    ],
)
def test_sees_no_table(text: str) -> None:
    assert table(text, 0) is None


def test_a_heading_above_bare_numbers_is_a_column() -> None:
    text = "身份證號碼\n12345678\n2. 51234567\n謝謝"
    grid = table(text, 0)
    assert grid is not None
    assert not grid.firm
    assert grid.row(text, text.index("51234567")) is not None
    assert grid.row(text, text.index("謝謝")) is None


def test_a_long_line_is_no_row() -> None:
    text = "姓名,身份證\n" + "x" * 5000 + ",12345678"
    grid = table(text, 0)
    assert grid is not None
    assert grid.row(text, text.index("12345678")) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param(
            "各位好,附上資料:\n\n| 姓名 | 身份證 |\n|---|---|\n| 甲 | {} |", "id card", id="Markdown, below a letter"
        ),
        pytest.param("a,b\n1,2\n\n姓名,電話\n甲,{}", "phone", id="the second of two"),
        pytest.param("姓名,身份證\n" + "甲,66123456\n" * 900 + "乙,{}", "id card", id="far below its header"),
        pytest.param("姓名,身份證\n甲,66123456\n\n乙,{}", "id card", id="goes on after a gap"),
        pytest.param("早晨\n" * 20 + "姓名\t戶口\n甲\t{}", "account", id="in the middle of lines"),
    ],
)
def test_finds_tables_anywhere(text: str, kind: str) -> None:
    whole = text.format("12345678")
    row = Tables(whole).row(whole.index("12345678"))
    assert row is not None
    assert [label.kind for label in row.heads] == [kind]


def test_a_line_may_announce_what_the_lines_below_it_hold() -> None:
    text = "以下客戶的納稅人編號:\n- 陳大文 03184655\n- 李小明 81234567\n\n另外 03184655"
    row = Tables(text).row(text.index("81234567"))
    assert row is not None
    assert [label.kind for label in row.heads if label.kind == "taxpayer"]
    assert not row.firm
    assert Tables(text).row(text.rindex("03184655")) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("姓名 / 身份證 / 電話\n甲 / 12345678 / 66123456", id="slashes"),
        pytest.param("姓名，身份證，電話\n甲，12345678，66123456", id="full-width commas"),
        pytest.param("姓名　身份證　電話\n甲　12345678　66123456", id="wide spaces"),
        pytest.param("Nome   BIR   Telefone\nA   12345678   66123456", id="spaces"),
    ],
)
def test_delimiters_of_sentences_make_tables_too(text: str) -> None:
    row = Tables(text).row(text.index("12345678"))
    assert row is not None
    assert [label.kind for label in row.heads] == ["id card"]
    assert Tables(text + "\n再見，12345678").row(len(text) + 4) is None
