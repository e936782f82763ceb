"""What a rule may look for, and what is said of one that looks for nothing, or for what cannot be found."""

from typing import Any, get_args

import pytest

from cerco.decide.load import RuleErrors, load
from cerco.scan.match import FURTHEST, LANGUAGES, Language
from cerco.scan.rule import DetectRule
from tests.scan.rules_made import made

FILE = """id: made
title: {zh-Hant: 一, zh-Hans: 一, pt: um, en: one}
explain: {zh-Hant: 一, zh-Hans: 一, pt: um, en: one}
severity: low
match: MATCH
examples: {match: {en: [x]}, no_match: {en: [y]}}
"""

SOUND: dict[str, dict[str, Any]] = {
    "entity": {"entity": "MO_ID_CARD", "min_score": 0.6},
    "so many": {"entity": "PHONE_NUMBER", "min_score": 0.6, "at_least": 20},
    "phrases": {
        "phrases": {"en": ["payroll|salary * list"], "zh-Hant": ["糧單"]},
        "exceptions": {"en": ["price list"]},
    },
    "title phrases": {"entity": "CUSTOMER_DATA_TITLE", "phrases": {"en": ["client list"]}},
    "pattern": {"pattern": "[A-Z]{2}-[0-9]{6}", "ignore_case": True},
    "any": {"any": [{"pattern": "AB[0-9]{2}"}, {"phrases": {"en": ["secret plan"]}}]},
    "all": {"all": [{"pattern": "AB[0-9]{2}"}, {"not": {"phrases": {"en": ["sample"]}}}]},
    "near": {"near": [{"pattern": "AB[0-9]{2}"}, {"phrases": {"en": ["staff no"]}}], "within": 20},
    "in a line": {"near": [{"pattern": "AB[0-9]{2}"}, {"phrases": {"en": ["staff no"]}}], "within": "line"},
    "nested": {
        "any": [{"near": [{"pattern": "ab"}, {"any": [{"pattern": "cd"}, {"pattern": "ef"}]}]}, {"pattern": "gh"}]
    },
}


@pytest.mark.parametrize("match", SOUND.values(), ids=SOUND)
def test_survives_the_way_to_a_scanner_process(match: dict[str, Any]) -> None:
    rule = made(match)
    assert DetectRule.model_validate(rule.model_dump(mode="json")) == rule
    assert DetectRule.model_validate_json(rule.model_dump_json()) == rule


def test_the_languages_are_those_of_notices() -> None:
    assert get_args(Language) == LANGUAGES


NOTHING = "says nothing to look for. Write one of entity, phrases, pattern, any, all, near."


@pytest.mark.parametrize(
    ("match", "said"),
    [
        pytest.param("{}", f"match: {NOTHING}", id="nothing"),
        pytest.param("{min_score: 0.6}", f"match: {NOTHING}", id="nothing but a score"),
        pytest.param(
            "{entity: MO_ID_CRAD, min_score: 0.6}",
            "match.entity: not a kind of data Cerco recognises. Did you mean `MO_ID_CARD`?",
            id="misspelt entity",
        ),
        pytest.param("{entity: MO_ID_CARD}", "match.min_score: missing. Add a line `min_score: …`.", id="no score"),
        pytest.param(
            "{entity: MO_ID_CARD, min_score: 6}",
            "match.min_score: too large: at most 1.0. Write 1.0 or less.",
            id="score",
        ),
        pytest.param(
            "{min_score: 0.6, phrases: {en: [some words]}}",
            "match.min_score: does not belong here. Take it out.",
            id="phrases with a score",
        ),
        pytest.param(
            "{phrases: {en: [fine words, '* list']}}",
            "match.phrases.en[1]: a phrase that has no word at its begin or end. Write a word on both sides of every ",
            id="phrase that begins with a gap",
        ),
        pytest.param(
            "{phrases: {en: ['client(s list']}}",
            "match.phrases.en[0]: a bracket that does not fit. Write client(s), or 身[份分]證.",
            id="phrase with half a bracket",
        ),
        pytest.param("{phrases: {fr: [liste]}}", "match.phrases.fr", id="language"),
        pytest.param("{phrases: {}}", "match.phrases: too few entries: at least 1. Add entries.", id="no phrase"),
        pytest.param(
            '{pattern: "[0-9]+x"}',
            "match.pattern: can match without end at `+` (character 6). Say how often at most: {1,20} instead of +, "
            "{0,20} instead of *.",
            id="pattern without end",
        ),
        pytest.param('{any: [{pattern: "ab"}, {patern: "cd"}]}', f"match.any[1]: {NOTHING}", id="misspelt in a list"),
        pytest.param('{any: [{pattern: "ab"}, {not: {pattern: "cd"}}]}', f"match.any[1]: {NOTHING}", id="not, in any"),
        pytest.param(
            '{near: [{not: {pattern: "ab"}}, {pattern: "cd"}]}',
            "match.near: begins with what must not be there. Put what is to be reported first.",
            id="not, first",
        ),
        pytest.param(
            '{all: [{pattern: "ab"}]}', "match.all: too few entries: at least 2. Add entries.", id="all of one"
        ),
        pytest.param(
            '{near: [{pattern: "ab"}, {pattern: "cd"}], within: 900}',
            f"match.within: no distance. Write a number of characters from 1 to {FURTHEST}, or line.",
            id="distance",
        ),
        pytest.param(
            '{near: [{pattern: "ab"}, {entity: PERSON, min_score: 2}]}',
            "match.near[1].min_score: too large: at most 1.0. Write 1.0 or less.",
            id="deep inside",
        ),
    ],
)
def test_faults_name_their_place(match: str, said: str) -> None:
    with pytest.raises(RuleErrors) as caught:
        load(FILE.replace("MATCH", match), "made.yaml", DetectRule)
    assert len(caught.value.faults) == 1, str(caught.value)
    assert str(caught.value).startswith(f"made.yaml:5: made: {said}")
