import pytest

from tests.scan.test_context import entities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A Marta Pinto está grávida", ["PERSON", "HEALTH_DATA"], id="a name the lists know"),
        pytest.param("戴慧敏有案底", ["PERSON", "CRIMINAL_RECORD"], id="a name that opens the sentence"),
        pytest.param(
            "姓名：陳大文\n職位：文員\n入職：今年\n診斷：糖尿病", ["PERSON", "HEALTH_DATA"], id="lines of one form"
        ),
    ],
)
def test_sensitive_words_and_people_vouch_for_each_other(text: str, expected: list[str]) -> None:
    assert entities(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Campanha contra a diabetes em Outubro", id="nobody"),
        pytest.param("姓名：\n診斷：糖尿病", id="an empty form"),
        pytest.param("Ylva Norrgard\n\nSeminar on diabetes", id="another paragraph"),
        pytest.param("高度係糖尿病講座嘅重點", id="a word that begins with a surname"),
    ],
)
def test_words_alone_say_nothing(text: str) -> None:
    assert entities(text) == []
