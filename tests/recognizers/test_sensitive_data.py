import pytest

from recognizers.folding import fold
from recognizers.sensitive_data import WORDS, SensitiveDataRecognizer

RECOGNIZER = SensitiveDataRecognizer()


def mentions(text: str) -> list[tuple[str, str]]:
    return [(text[match.start : match.end], match.entity) for match in RECOGNIZER.find(text)]


@pytest.mark.parametrize(
    ("text", "word", "entity"),
    [
        pytest.param("病人確診糖尿病", "糖尿病", "HEALTH_DATA", id="health, zh-Hant"),
        pytest.param("患者怀孕三个月", "怀孕", "HEALTH_DATA", id="health, zh-Hans"),
        pytest.param("Diagnóstico reservado", "Diagnóstico", "HEALTH_DATA", id="health, pt"),
        pytest.param("DIAGNOSTICADA em 2020", "DIAGNOSTICADA", "HEALTH_DATA", id="health, pt, inflected"),
        pytest.param("tested positive", "tested positive", "HEALTH_DATA", id="health, en"),
        pytest.param("HIV test", "HIV", "HEALTH_DATA", id="health, short"),
        pytest.param("Marta está grávida", "grávida", "HEALTH_DATA", id="pregnant, pt"),
        pytest.param("乙型肝炎帶菌者", "乙型肝炎", "HEALTH_DATA", id="hepatitis"),
        pytest.param("came out last year", "came out", "GENETIC_OR_SEXUAL_DATA", id="sexual life, en"),
        pytest.param("基督教徒", "基督教徒", "RELIGIOUS_DATA", id="Christian"),
        pytest.param("坐過監", "坐過監", "CRIMINAL_RECORD", id="prison, Cantonese"),
        pytest.param("征信报告", "征信", "CREDIT_RECORD", id="credit, the mainland's word"),
        pytest.param("性取向不詳", "性取向", "GENETIC_OR_SEXUAL_DATA", id="sexual life"),
        pytest.param("teste de ADN", "teste de ADN", "GENETIC_OR_SEXUAL_DATA", id="genetic"),
        pytest.param("工会会员", "工会会员", "POLITICAL_OR_UNION_DATA", id="union"),
        pytest.param("filiação sindical", "filiação sindical", "POLITICAL_OR_UNION_DATA", id="union, pt"),
        pytest.param("他是天主教徒", "天主教徒", "RELIGIOUS_DATA", id="religion"),
        pytest.param("少數民族", "少數民族", "ETHNIC_DATA", id="ethnic origin"),
        pytest.param("離婚後撫養權", "離婚", "PRIVATE_LIFE_DATA", id="private life"),
        pytest.param(
            "certificado de registo criminal", "certificado de registo criminal", "CRIMINAL_RECORD", id="crime"
        ),
        pytest.param("credit_score", "credit_score", "CREDIT_RECORD", id="credit, a column's name"),
    ],
)
def test_finds(text: str, word: str, entity: str) -> None:
    assert (word, entity) in mentions(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("archive", id="hiv within a word"),
        pytest.param("embrace the race car", id="race within a word, and a race"),
        pytest.param("consultation", id="no word at all"),
        pytest.param("客戶服務", id="no word at all, zh"),
        pytest.param("strokes of the brush", id="a longer word"),
        pytest.param("Christian Lei", id="a name"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert [word for word, _ in mentions(text) if word != "race"] == []


def test_a_mention_alone_acts_on_nothing() -> None:
    assert all(shape.alone <= 0.1 and shape.labelled <= 0.1 for shape in RECOGNIZER.SHAPES)
    assert all(shape.beside > 0.6 for shape in RECOGNIZER.SHAPES)


@pytest.mark.parametrize("entity", WORDS)
def test_every_word_is_found_as_it_is_listed(entity: str) -> None:
    for entry in WORDS[entity].split(","):
        word = fold(entry).strip().replace("*", "a")
        assert any(fold(found) in word or word in fold(found) for found, _ in mentions(f"x {word} x")), entry


def test_keeps_to_the_entities_asked_for() -> None:
    results = RECOGNIZER.analyze("病人離婚", ["PRIVATE_LIFE_DATA"])
    assert [(result.entity_type, result.start, result.end) for result in results] == [("PRIVATE_LIFE_DATA", 2, 4)]
