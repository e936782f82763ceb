import pytest

from recognizers.phrases import Phrases


def found(line: str, text: str) -> list[str]:
    return [text[match.start : match.end] for match in Phrases([line]).find(text)]


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        pytest.param("abertura de conta", "Abertura  de Conta", ["Abertura  de Conta"], id="case and spaces"),
        pytest.param("客戶|顧客 名單", "顧客名單", ["顧客名單"], id="choice"),
        pytest.param("客戶 | 顧客 名單", "顧客名單", ["顧客名單"], id="spaces around the bar"),
        pytest.param("客戶 名單", "客戶的名單", [], id="no gap"),
        pytest.param("客戶 * 名單", "客戶的名單", ["客戶的名單"], id="gap"),
        pytest.param("客戶 * 名單", "客戶一二三四五六名單", ["客戶一二三四五六名單"], id="gap of six"),
        pytest.param("客戶 * 名單", "客戶一二三四五六七名單", [], id="gap of seven"),
        pytest.param("客戶 * 名單", "客戶\n名單", [], id="next line"),
        pytest.param("list * clients", "list of all clients", ["list of all clients"], id="two words"),
        pytest.param("list * clients", "list of all my clients", [], id="three words"),
        pytest.param("client list", "clientlist", ["clientlist"], id="written together"),
        pytest.param("client list", "my_client-list.xls", ["client-list"], id="file name"),
        pytest.param("client list", "clients list", [], id="inflected"),
        pytest.param("client list", "subclient list", [], id="inside a word"),
        pytest.param("client list", "client lists", [], id="longer at the end"),
    ],
)
def test_syntax(line: str, text: str, expected: list[str]) -> None:
    assert found(line, text) == expected


@pytest.mark.parametrize("line", ["", "* 名單", "客戶 *", "*", "客|顧客 名單"])
def test_refuses_what_would_match_anything(line: str) -> None:
    with pytest.raises(ValueError, match=r"\. [A-Z]"):
        Phrases([line])
