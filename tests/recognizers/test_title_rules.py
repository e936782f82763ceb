"""The recogniser of titles and the rules on titles say the same: it knows what their examples show."""

from pathlib import Path

import pytest

from cerco.decide.load import load
from cerco.scan.rule import DetectRule
from recognizers.customer_data_title import CustomerDataTitleRecognizer

# A photo of one document is no list of people, which the recogniser is about.
RULES = [
    path
    for path in sorted((Path(__file__).parents[2] / "rules" / "detect").glob("*-title.yaml"))
    if path.stem != "identity-document-title"
]
RECOGNIZER = CustomerDataTitleRecognizer()


def titles(rule: DetectRule, *, meant: bool) -> list[str]:
    examples = rule.examples.match if meant else rule.examples.no_match
    return [one.text for those in examples.values() for one in those if one.role in {"title", "filename", "header"}]


@pytest.mark.parametrize("path", RULES, ids=[path.stem for path in RULES])
def test_every_title_of_a_rule_is_one_to_the_recogniser(path: Path) -> None:
    rule = load(path.read_text("utf-8"), path.name, DetectRule)
    meant = titles(rule, meant=True)
    assert meant
    assert [title for title in meant if not RECOGNIZER.analyze(title, ["CUSTOMER_DATA_TITLE"])] == []


def test_what_announces_nothing_to_the_rule_on_customers_announces_nothing_to_the_recogniser() -> None:
    """Other rules' near misses are other subjects; this one's are policies, services and forms."""
    path = next(path for path in RULES if path.stem == "customer-data-title")
    misses = titles(load(path.read_text("utf-8"), path.name, DetectRule), meant=False)
    assert misses
    assert [title for title in misses if RECOGNIZER.analyze(title, ["CUSTOMER_DATA_TITLE"])] == []
