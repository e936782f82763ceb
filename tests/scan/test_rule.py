from typing import Any

import pytest
from pydantic import ValidationError

from cerco.scan.rule import DetectRule

WORDS = {"zh-Hant": "一", "zh-Hans": "一", "pt": "um", "en": "one"}


def written(**changes: Any) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": "some-rule",
        "title": WORDS,
        "explain": WORDS,
        "severity": "high",
        "match": {"entity": "MO_ID_CARD", "min_score": 0.6},
        "examples": {"match": {"en": ["1234567(8)"]}, "no_match": {"any": [{"text": "12345678", "role": "title"}]}},
    }
    return rule | changes


def test_defaults() -> None:
    rule = DetectRule.model_validate(written())
    assert rule.status == "stable"
    assert rule.applies_to == ("text", "title", "filename", "header")
    assert rule.examples.match["en"][0].role is None
    assert rule.examples.no_match["any"][0].role == "title"
    assert len(rule.examples) == 2


def test_survives_json() -> None:
    rule = DetectRule.model_validate(written())
    assert DetectRule.model_validate_json(rule.model_dump_json()) == rule


def test_examples_stay_out_of_repr() -> None:
    assert "1234567" not in repr(DetectRule.model_validate(written()))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"id": "Some Rule"}, "pattern", id="id"),
        pytest.param({"title": {"en": "one"}}, "not said in zh-Hant, zh-Hans, pt", id="language missing"),
        pytest.param({"title": WORDS | {"fr": "un"}}, "'zh-Hant', 'zh-Hans', 'pt' or 'en'", id="language unknown"),
        pytest.param({"severity": "grave"}, "low", id="severity"),
        pytest.param({"applies_to": ["body"]}, "filename", id="role"),
        pytest.param({"applies_to": []}, "at least 1", id="no role"),
        pytest.param({"match": {"entity": "IBAN", "min_score": 0.5}}, "not a kind of data", id="entity"),
        pytest.param({"match": {"entity": "MO_ID_CARD", "min_score": 6}}, "less than or equal to 1", id="score"),
        pytest.param({"examples": {"match": {}, "no_match": {"en": ["x"]}}}, "at least 1", id="no example"),
        pytest.param(
            {"examples": {"match": {"en": []}, "no_match": {"en": ["x"]}}}, "at least 1", id="none in a language"
        ),
        pytest.param({"examples": {"match": {"fr": ["x"]}, "no_match": {"en": ["x"]}}}, "'en' or 'any'", id="unknown"),
        pytest.param({"colour": "red"}, "Extra inputs", id="unknown key"),
    ],
)
def test_faults(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        DetectRule.model_validate(written(**changes))
