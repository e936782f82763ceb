"""Joined: a number over several messages is found, and only what the new message brings about is told."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.decide.load import load
from cerco.extract.text import Text
from cerco.scan.detector import Detector
from cerco.scan.finding import Finding
from cerco.scan.rule import DetectRule
from cerco.state.conversations import JOINT, WINDOW
from cerco.state.joined import across, joined, spans_both

RULES = sorted((Path(__file__).parents[2] / "rules/detect").glob("*.yaml"))
NUMBER = "1234567(8)"


@pytest.fixture(scope="module")
def detector() -> Detector:
    rules = [load(path.read_text(), path.name, DetectRule) for path in RULES]
    return Detector(rules, b"fingerprint key of the tests")


def brought(detector: Detector, before: list[str], text: str) -> list[Finding]:
    """Return what a message brings about, as the gate asks for it."""
    joins = joined(JOINT.join(before), text, "text.content")
    alone = detector.scan([Text("text.content", text)])
    return list(across(detector.scan(join.text for join in joins), joins, alone))


HITS = {
    "two halves": ["1234", "567(8)"],
    "a character each": list(NUMBER),
    "spaces at the ends": ["1234 ", "\n 567(8)"],
    "dots to say that more follows": ["1234...", "...567(8)"],
    "dashes": ["1234-", "-567-", "-(8)"],
    "digits apart": ["身份證 1 2 3 4", "5 6 7 8"],
    "unevenly apart": ["身份證 12-3 4", "5/67-8"],
    "the bracket alone": ["1234567", "(8)"],
    "the bracket in two": ["1234567(8", ")"],
    "full width": ["１２３４", "５６７（８）"],
    "words around": ["佢張身份證係1234", "567(8) 唔該"],
    "a label before": ["身份證號碼:", "12345678"],
    "a label in another language": ["Macau ID card no.", "12345678"],
    "a symbol between": ["1234 👉", "👉 567(8)"],
    "nothing to see between": ["1234\u200b", "\u2060567(8)"],
}


@pytest.mark.parametrize("messages", HITS.values(), ids=HITS)
def test_a_number_over_several_messages_is_found_with_the_last(detector: Detector, messages: list[str]) -> None:
    found = brought(detector, messages[:-1], messages[-1])
    assert [finding.rule for finding in found] == ["macau-id-card"]
    assert found[0].place == "text.content (with what was said before)"
    assert "1234567" not in repr(found)


MISSES = {
    "one half": ["hello", "567(8)"],
    "said before as a whole": [f"身份證 {NUMBER}", "明白"],
    "words between": ["1234", "apples", "567(8)"],
    "a number that is whole already": ["1", "2", f"身份證 {NUMBER}"],
    "an order number": ["訂單編號", "12345678"],
    "the time and then the room": ["10:30", "會議室 5"],
    "another line": ["1234\n5", "67\n8"],
}


@pytest.mark.parametrize("messages", MISSES.values(), ids=MISSES)
def test_a_message_that_brings_nothing_about_tells_nothing(detector: Detector, messages: list[str]) -> None:
    assert brought(detector, messages[:-1], messages[-1]) == []


def test_a_title_in_two_is_found(detector: Detector) -> None:
    joins = joined("客戶", "名單", "markdown.title", role="title")
    found = across(detector.scan(join.text for join in joins), joins)
    assert [finding.rule for finding in found] == ["customer-data-title"]


def test_a_value_that_several_readings_show_is_told_once_and_as_sure_as_any(detector: Detector) -> None:
    joins = joined("身份證 1234", "567(8)", "p")
    found = detector.scan(join.text for join in joins)
    assert len(found) > 1
    (told,) = across(found, joins)
    assert told.score == max(finding.score for finding in found)


def test_spans_both_needs_something_of_each_side(detector: Detector) -> None:
    joins = joined("身份證 12345678，身份證 1234", "567(8)，身份證 51234567", "p")[:1]
    found = detector.scan(join.text for join in joins)
    at = joins[0].at
    assert [(finding.end <= at, finding.start >= at, spans_both(finding, joins)) for finding in found] == [
        (True, False, False),
        (False, False, True),
        (False, True, False),
    ]
    assert not spans_both(found[1], joined("a", "b", "q"))


@pytest.mark.parametrize(("previous", "present"), [("", "1"), ("1", ""), ("1", " \n"), (JOINT, "1")])
def test_nothing_is_joined_to_nothing(previous: str, present: str) -> None:
    assert joined(previous, present, "p") == ()


def test_readings_that_are_alike_are_one() -> None:
    assert [join.text.content for join in joined("ab", "cd", "p")] == ["abcd", "ab\ncd", "ab cd"]


def test_only_the_head_of_a_long_text_is_joined() -> None:
    assert all(len(join.text.content) <= WINDOW + 4 for join in joined("123", "x" * 10_000, "p"))


def test_places_hold_no_content_and_roles_are_kept() -> None:
    joins = joined("1234", "- 567(8)", "place", role="title")
    assert {join.text.role for join in joins} == {"title"}
    assert len({join.text.place for join in joins}) == len(joins) == 4
    assert not any("1234" in join.text.place + repr(join) for join in joins)


@given(st.lists(st.integers(1, len(NUMBER) - 1), min_size=1, max_size=5, unique=True), st.text("- ./…", max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_cut_and_any_signs_at_the_cuts_are_seen_through(detector: Detector, cuts: list[int], signs: str) -> None:
    ends = [0, *sorted(cuts), len(NUMBER)]
    pieces = [NUMBER[start:end] for start, end in pairwise(ends)]
    found = brought(detector, [f"{piece}{signs}" for piece in pieces[:-1]], f"{signs}{pieces[-1]}")
    assert [finding.entity for finding in found] == ["MO_ID_CARD"]


@given(st.text("1 -(客a\n.\x1e", max_size=20), st.text("1 -(客a\n.", max_size=20))
@settings(max_examples=150, deadline=None)
def test_the_new_text_begins_where_it_says(previous: str, present: str) -> None:
    for join in joined(previous, present, "p"):
        before, after = join.text.content[: join.at], join.text.content[join.at :]
        kept = [char for char in present if char.isalnum()]
        assert [char for char in after if char.isalnum()] == kept
        assert [char for char in before if char.isalnum()] == [char for char in previous if char.isalnum()]
