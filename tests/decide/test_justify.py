"""What the policy asks, and which answers count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cerco.decide.justify import LEAST, MOST, Answer, Justify, Reason, answer
from cerco.decide.load import RuleErrors, load
from cerco.decide.policy import Policy
from cerco.decide.wording import LANGUAGES

WORDS = {"zh-Hant": "甲", "zh-Hans": "乙", "pt": "c", "en": "d"}
POLICY = """
label: x
decisions: [{id: a, why: b, when: {rules: [any]}, then: justify}]
"""


def test_what_nobody_changed_asks_for_the_grounds_of_the_law() -> None:
    justify = load(POLICY, "policy.yaml", Policy).justify
    assert (justify.minutes, justify.per_day) == (10, 10)
    assert [reason.id for reason in justify.reasons] == [
        "customer", "contract", "law", "consent", "own", "mistaken", "other",
    ]  # fmt: skip
    for language in LANGUAGES:
        assert len({reason.words.say(language) for reason in justify.reasons}) == len(justify.reasons)


def test_a_site_has_its_own_list() -> None:
    own = "justify: {minutes: 30, per_day: 2, reasons: [{id: x-1, words: {zh-Hant: 甲, zh-Hans: 乙, pt: c, en: d}}]}"
    justify = load(f"{POLICY}{own}", "policy.yaml", Policy).justify
    assert (justify.minutes, justify.per_day) == (30, 2)
    assert [reason.words.say("pt") for reason in justify.reasons] == ["c"]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("{minutes: 1}", "justify.minutes: too small: at least 2"),
        ("{minutes: 1441}", "justify.minutes: too large"),
        ("{per_day: 0}", "justify.per_day: too small"),
        ("{reasons: []}", "justify.reasons: too few entries"),
        ("{reasons: [{id: a, words: {en: d}}]}", "a: words.pt: missing"),
        ("{reasons: [{id: Ä, words: {zh-Hant: 甲, zh-Hans: 乙, pt: c, en: d}}]}", "Ä: id"),
        ("{hours: 3}", "justify.hours"),
    ],
)
def test_faults_are_said_with_their_place(section: str, said: str) -> None:
    with pytest.raises(RuleErrors) as caught:
        load(f"{POLICY}justify: {section}", "policy.yaml", Policy)
    assert said in str(caught.value)


def test_each_reason_is_given_once() -> None:
    with pytest.raises(ValidationError, match="`a` is given twice"):
        Justify(reasons=tuple(Reason.model_validate({"id": "a", "words": WORDS}) for _ in range(2)))


@pytest.mark.parametrize(
    ("reason", "sentence", "flaw"),
    [
        pytest.param("", "the customer asked", "choose", id="no reason"),
        pytest.param("none-of-ours", "the customer asked", "choose", id="not in the list"),
        pytest.param("law", "", "write", id="nothing written"),
        pytest.param("law", "四個字呢", "write", id="four characters"),
        pytest.param("law", "     \n\t ", "write", id="only spaces"),
        pytest.param("law", "\u200b" * 30, "write", id="nothing visible"),
        pytest.param("law", "x" * (MOST + 1), "shorten", id="too long"),
    ],
)
def test_a_flawed_answer_is_none(reason: str, sentence: str, flaw: str) -> None:
    assert answer(Justify(), reason, sentence) == flaw


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("客戶要求寄", "客戶要求寄"),
        ("  the customer\r\n  asked  ", "the customer asked"),
        ("a\x00b\x1b[31mc\u202ed", "a b [31mc d"),
        ("x" * MOST, "x" * MOST),
    ],
)
def test_an_answer_is_put_in_order(sentence: str, kept: str) -> None:
    assert answer(Justify(), "law", sentence) == Answer("law", kept)


@given(st.text(max_size=MOST * 2))
def test_whatever_is_written_is_kept_visible_and_within_bounds(sentence: str) -> None:
    said = answer(Justify(), "law", sentence)
    if isinstance(said, Answer):
        assert LEAST <= len(said.sentence) <= MOST
        assert said.sentence.isprintable()
        assert sentence not in repr(said) or len(sentence.strip()) < LEAST


def test_what_was_written_stands_in_no_repr() -> None:
    assert "asked" not in repr(answer(Justify(), "law", "the customer asked"))
