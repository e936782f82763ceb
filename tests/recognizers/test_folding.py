import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.folding import fold, plain, spelling


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("１２３（４）＠．", "123(4)@.", id="full width"),
        pytest.param("١٢٣", "123", id="Arabic digits"),
        pytest.param("12\u201334\u221256", "12-34-56", id="dashes and minus"),
        pytest.param("1\u20442", "1/2", id="fraction slash"),
        pytest.param("…", "…", id="what needs several characters stays"),
        pytest.param("身份證", "身份證", id="Han stays"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("身份證", "身份证", id="Traditional and Simplified"),
        pytest.param("Cartão de Crédito", "cartao de credito", id="accents and case"),
        pytest.param("id_card-no.", "ID CARD NO ", id="separators"),
        pytest.param("ＩＤ", "id", id="full width"),
    ],
)
def test_fold_makes_alike_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=80))
def test_length_is_kept_and_twice_is_once(text: str) -> None:
    assert len(plain(text)) == len(fold(text)) == len(text)
    assert plain(plain(text)) == plain(text)
    assert fold(plain(text)) == fold(text)


@pytest.mark.parametrize(
    ("char", "expected"),
    [
        pytest.param("\u200b", "", id="zero width"),
        pytest.param("\u0301", "", id="accent on its own"),
        pytest.param("①", "1", id="circled digit"),
        pytest.param("㈱", "(株)", id="several characters"),
        pytest.param("٣", "3", id="Arabic digit"),
    ],
)
def test_spelling(char: str, expected: str) -> None:
    assert spelling(char) == expected
