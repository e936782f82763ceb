import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine

import recognizers
from recognizers import ENTITIES, LANGUAGE, RECOGNIZERS, registry
from recognizers.folding import plain
from recognizers.labels import Kind
from recognizers.shape import ShapeRecognizer
from tests.recognizers.finding import found

INSTANCES = [recognizer() for recognizer in RECOGNIZERS]
all_of_them = pytest.mark.parametrize("recognizer", INSTANCES, ids=[type(each).__name__ for each in INSTANCES])


@pytest.fixture(scope="module")
def engine() -> AnalyzerEngine:
    return AnalyzerEngine(
        registry=registry(),
        nlp_engine=NoOpNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": "none"}]),
        supported_languages=[LANGUAGE],
    )


def test_registry_holds_ours_and_no_others() -> None:
    held = registry().recognizers
    assert tuple(type(recognizer) for recognizer in held) == RECOGNIZERS
    assert tuple(entity for recognizer in held for entity in recognizer.supported_entities) == ENTITIES


def test_no_entity_has_two_recognisers() -> None:
    assert len(set(ENTITIES)) == len(ENTITIES)


def test_every_recogniser_is_registered() -> None:
    written = {
        path.stem
        for path in Path(recognizers.__file__).parent.glob("*.py")
        if "(ShapeRecognizer)" in path.read_text("utf-8")
    }
    assert written == {recognizer.__module__.rpartition(".")[2] for recognizer in RECOGNIZERS}


def test_presidios_own_recognisers_can_still_be_loaded() -> None:
    both = RecognizerRegistry(supported_languages=["en"])
    both.load_predefined_recognizers(
        languages=["en"], nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "-"}])
    )
    assert not {type(recognizer) for recognizer in both.recognizers} & set(RECOGNIZERS)


def test_presidios_engine_knows_the_entities(engine: AnalyzerEngine) -> None:
    assert set(engine.get_supported_entities(LANGUAGE)) == set(ENTITIES)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        pytest.param("見1234567(8)。", "MO_ID_CARD", id="Macau"),
        pytest.param("身份证11010519491231002X", "CN_RESIDENT_ID", id="mainland"),
        pytest.param("A123456(3)", "HK_ID_CARD", id="Hong Kong"),
        pytest.param("卡號4111 1111 1111 1111", "CREDIT_CARD", id="card"),
        pytest.param("戶口180101207123456", "BANK_ACCOUNT", id="account"),
        pytest.param("匯PT50000201231234567890154", "IBAN_CODE", id="IBAN"),
        pytest.param("經BNULMOMX匯", "SWIFT_BIC", id="BIC"),
        pytest.param("致電+853 66123456", "PHONE_NUMBER", id="telephone"),
        pytest.param("電郵chan@umac.mo或", "EMAIL_ADDRESS", id="mail"),
    ],
)
def test_presidios_engine_finds_what_stands_alone(engine: AnalyzerEngine, text: str, entity: str) -> None:
    assert [result.entity_type for result in engine.analyze(text, LANGUAGE, score_threshold=0.6)] == [entity]


@all_of_them
def test_scores_are_in_order(recognizer: ShapeRecognizer) -> None:
    assert len({shape.name for shape in recognizer.SHAPES}) == len(recognizer.SHAPES)
    for shape in recognizer.SHAPES:
        assert 0 <= shape.contested <= shape.alone <= shape.hinted <= shape.labelled <= 1, shape.name
    assert not recognizer.NAMED_BY & recognizer.HINTED_BY
    assert {*recognizer.NAMED_BY, *recognizer.HINTED_BY, *recognizer.CONTESTED_BY} <= set(Kind)


@all_of_them
def test_triggers_are_expressions_that_every_engine_knows(recognizer: ShapeRecognizer) -> None:
    for trigger in recognizer.TRIGGERS:
        assert not re.search(r"\(\?[=!<(P]|\\[1-9bB]", trigger)  # no look-around, reference or boundary
        re.compile(trigger.encode())


# Names are found beside what triggers a search for them, and far from it.
CODES = [each for each in INSTANCES if each.ENTITIES != ("PERSON",)]
codes = pytest.mark.parametrize("recognizer", CODES, ids=[type(each).__name__ for each in CODES])

# Pieces of all numbers there are, so that chance puts some together.
PIECES = st.sampled_from(
    [
        *("1234567", "(8)", "5/123456/7", "8", "66123456", "+853 ", "00853", "2833 1234", "A123456", "(3)", "MA", "M"),
        *("180101207", "123456", "4111", "1111", "19900101", "440106", "002X", "PT50", "0002", "BNULMOMX", "@", ".com"),
        *(
            " at ",
            " dot ",
            "[dot]",
            " ",
            "-",
            "/",
            ".",
            "(",
            ")",
            "\n",
            "身份證",
            "電話",
            "a",
            "x",
            "E",
            "粤Z·AB12澳",
            "0",
        ),
    ]
)


@codes
@settings(max_examples=60)
@given(pieces=st.lists(PIECES, max_size=14))
def test_whatever_is_found_holds_a_trigger(recognizer: ShapeRecognizer, pieces: list[str]) -> None:
    found(recognizer, "".join(pieces))  # which holds it


@all_of_them
@settings(max_examples=60)
@given(pieces=st.lists(PIECES, max_size=14))
def test_what_stands_alone_is_found_alone(recognizer: ShapeRecognizer, pieces: list[str]) -> None:
    text = plain("".join(pieces))
    alone = set(recognizer.find_alone(text))
    assert alone <= set(recognizer.find(text))
    assert {match for match in recognizer.find(text) if match.shape.alone >= 0.6} <= alone


@codes
@settings(max_examples=60)
@given(pieces=st.lists(PIECES, max_size=8), before=st.text("\n。 ", max_size=3), behind=st.text("\n。 ", max_size=3))
def test_what_is_found_does_not_depend_on_what_is_far_away(
    recognizer: ShapeRecognizer, pieces: list[str], before: str, behind: str
) -> None:
    text = "".join(pieces)
    far = "\n。" + "好" * 64 + "。\n"
    assert found(recognizer, far + text + far) == found(recognizer, f"\n{text}\n") == found(recognizer, text)
