import re
from collections.abc import Iterator, Mapping, Sized
from typing import get_args

import pytest

from cerco.extract.text import Text
from cerco.scan.detector import Detector
from cerco.scan.examples import Trial, check_examples
from cerco.scan.match import TITLE_ENTITY
from cerco.scan.rule import DetectRule, Language, Spoken
from recognizers.customer_data_phrases import PHRASES
from recognizers.customer_data_title import CustomerDataTitleRecognizer


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


def written_out(line: str) -> Iterator[str]:
    """Write a phrase out as titles: each of its words once in each of its forms."""
    words = [word.split("|") for word in re.sub(r" *\| *", "|", line).split() if word != "*"]
    for at, forms in enumerate(words):
        for form in forms:
            chosen = [form if at == number else others[0] for number, others in enumerate(words)]
            yield (" " if line.isascii() or "ã" in line or chosen[0].isascii() else "").join(chosen)


def test_the_title_rules_find_whatever_the_recogniser_of_titles_finds(
    rules: tuple[DetectRule, ...], detector: Detector
) -> None:
    recognizer = CustomerDataTitleRecognizer()
    titles = {title for lines in PHRASES.values() for line in lines for title in written_out(line)}
    named = {rule.id for rule in rules if getattr(rule.match, "entity", None) == TITLE_ENTITY}
    missed = [
        title
        for title in sorted(titles)
        if any(recognizer.find(title))
        and not any(one.rule in named for one in detector.scan((Text("t", title, "title"),)))
    ]
    assert not missed, "; ".join(missed)


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
