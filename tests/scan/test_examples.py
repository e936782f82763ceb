import re
from collections.abc import Mapping, Sized
from typing import get_args

import pytest

from cerco.scan.detector import Detector
from cerco.scan.examples import Trial, check_examples
from cerco.scan.match import PhraseMatch
from cerco.scan.rule import DetectRule, Language, Spoken
from recognizers.customer_data_phrases import EXCEPTIONS, PHRASES


def test_every_shipped_rule_keeps_its_examples(rules: tuple[DetectRule, ...], detector: Detector) -> None:
    assert {rule.id for rule in rules} >= {"macau-id-card", "bank-account", "payment-card", "customer-data-title"}
    assert {rule.id: check_examples(rule, detector) for rule in rules} == {rule.id: [] for rule in rules}


def test_every_shipped_rule_has_two_examples_and_two_near_misses_in_every_language(
    rules: tuple[DetectRule, ...],
) -> None:
    def few(side: Mapping[Spoken, Sized]) -> list[str]:
        return [language for language in get_args(Language) if len(side.get(language, ())) < 2]

    assert {rule.id: (few(rule.examples.match), few(rule.examples.no_match)) for rule in rules} == {
        rule.id: ([], []) for rule in rules
    }


def test_the_shipped_phrases_are_the_recognisers_own(rules: tuple[DetectRule, ...]) -> None:
    [match] = [rule.match for rule in rules if rule.id == "customer-data-title"]
    assert isinstance(match, PhraseMatch)

    def lines(phrases: object) -> dict[str, list[str]]:
        assert isinstance(phrases, dict)
        return {language: [re.sub(r" *\| *", "|", line) for line in group] for language, group in phrases.items()}

    assert lines(match.phrases) == lines(PHRASES)
    assert lines(match.exceptions) == lines(EXCEPTIONS)


def test_names_the_failing_examples(rules: tuple[DetectRule, ...], detector: Detector) -> None:
    [rule] = [rule for rule in rules if rule.id == "macau-id-card"]
    swapped = rule.examples.model_copy(update={"match": rule.examples.no_match, "no_match": rule.examples.match})
    failing = check_examples(rule.model_copy(update={"examples": swapped}), detector)
    assert [trial for trial in failing if trial.side == "match"] == [
        Trial("match", language, index, matched=False)
        for language, examples in swapped.match.items()
        for index in range(len(examples))
    ]
    assert len(failing) == len(swapped)


@pytest.mark.parametrize("status", ["retired"])
def test_retired_rules_are_not_tried(rules: tuple[DetectRule, ...], detector: Detector, status: str) -> None:
    swapped = rules[0].examples.model_copy(update={"match": rules[0].examples.no_match})
    assert check_examples(rules[0].model_copy(update={"status": status, "examples": swapped}), detector) == []
