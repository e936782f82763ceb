import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from cerco.scan.analyzer import Analyzer
from cerco.scan.context import CharWindowEnhancer
from recognizers import ENTITIES, LANGUAGE, RECOGNIZERS, registry

TEXTS = (
    "身份證號碼12345678,電話66123456",
    "Name,ID no,Account\nA,51234567,9012345678\nB,71234567,9112345678",
    "卡號4111 1111 1111 1111 戶口180101207123456",
    "Invoice 12345678 paid by BNU 9012345678",
    "客人:12345678、51234567、71234567",
)


@pytest.fixture(scope="module")
def engine() -> AnalyzerEngine:
    return AnalyzerEngine(
        registry=registry(),
        nlp_engine=NoOpNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": "none"}]),
        supported_languages=[LANGUAGE],
        context_aware_enhancer=CharWindowEnhancer(),
    )


def test_registry_holds_ours_and_no_others() -> None:
    held = registry().recognizers
    assert tuple(type(recognizer) for recognizer in held) == RECOGNIZERS
    assert tuple(recognizer.supported_entities[0] for recognizer in held) == ENTITIES


def test_presidios_own_recognisers_can_still_be_loaded() -> None:
    both = RecognizerRegistry(supported_languages=["en"])
    both.load_predefined_recognizers(
        languages=["en"], nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "-"}])
    )
    assert not {type(recognizer) for recognizer in both.recognizers} & set(RECOGNIZERS)


def test_presidios_engine_knows_the_entities(engine: AnalyzerEngine) -> None:
    assert set(engine.get_supported_entities(LANGUAGE)) == set(ENTITIES)


@pytest.mark.parametrize("text", TEXTS)
def test_presidios_engine_finds_what_ours_finds(engine: AnalyzerEngine, text: str) -> None:
    numbers = set(ENTITIES) - {"CUSTOMER_DATA_TITLE"}
    theirs = {
        (result.entity_type, result.start, result.end, result.score)
        for result in engine.analyze(text, LANGUAGE, entities=sorted(numbers), score_threshold=0.5)
    }
    ours = {
        (result.entity_type, result.start, result.end, result.score)
        for results in Analyzer().analyze(text, numbers)
        for result in results
        if result.score >= 0.5
    }
    assert ours == theirs != set()
