"""What is kept of texts: enough to ask other rules about them, and nothing that anybody could read."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.extract.text import Text, Why
from cerco.scan.detector import Detector
from cerco.scan.kept import LARGEST, MOST, Keeper, Sought, Unit
from cerco.scan.replay import Replay, Replayed
from cerco.scan.rule import DetectRule
from tests.scan.rules_made import KEY, made

EXAMPLE = "澳門居民身份證號碼 1234567(8)"


def written(detector: Detector, texts: Sequence[Text], kind: str = "message") -> str:
    keeper = detector.keeper()
    examined = detector.examine(texts, keep=keeper.keep)
    return keeper.write(kind, examined.coverage)


def sought(detector: Detector) -> Sought:
    return Sought.from_json(json.loads(json.dumps(detector.sought.to_json())))


def asked(rules: Sequence[DetectRule], recorder: Detector, *texts: Text) -> Replayed:
    return Replay(rules, sought(recorder)).ask([Unit.read(written(recorder, texts))])


def drafts(rules: Sequence[DetectRule]) -> dict[str, list[DetectRule]]:
    """Return drafts that a site may try: nothing in them was not looked for before."""

    def changed(rule: DetectRule, **matches: Any) -> DetectRule:
        def walk(part: Any) -> Any:
            if isinstance(part, list):
                return [walk(one) for one in part]
            if not isinstance(part, dict):
                return part
            return {name: matches.get(name, walk(value)) for name, value in part.items()}

        return DetectRule.model_validate(
            {**rule.model_dump(mode="json"), "match": walk(rule.model_dump(mode="json")["match"])}
        )

    return {
        "the same": list(rules),
        "half of them": list(rules)[::2],
        "surer": [changed(rule, min_score=0.8) for rule in rules],
        "less sure": [changed(rule, min_score=0.5) for rule in rules],
        "two at least": [changed(rule, at_least=2) for rule in rules],
        "nearer": [changed(rule, within=12) for rule in rules],
        "in one line": [changed(rule, within="line") for rule in rules],
        "in fewer places": [rule.model_copy(update={"applies_to": rule.applies_to[-2:]}) for rule in rules],
    }


@pytest.fixture(scope="module")
def pairs(rules: tuple[DetectRule, ...], detector: Detector) -> dict[str, tuple[Detector, Replay]]:
    known = sought(detector)
    return {name: (Detector(draft, KEY), Replay(draft, known)) for name, draft in drafts(rules).items()}


def examples(rules: Sequence[DetectRule]) -> list[Text]:
    return [Text("place", one.text, one.role or rule.applies_to[0]) for rule in rules for one in rule.examples.every()]


def agree(pairs: dict[str, tuple[Detector, Replay]], recorder: Detector, texts: Sequence[Text]) -> None:
    """Check that every draft says of what was kept what it says of the texts."""
    unit = Unit.read(written(recorder, texts))
    for name, (real, replay) in pairs.items():
        examined, replayed = real.examine(texts), replay.ask([unit])
        assert replayed.unasked == frozenset(), name
        shape = [(one.rule, one.fingerprint, one.score, one.start, one.end, one.masked) for one in examined.findings]
        assert sorted(shape) == sorted(
            (one.rule, one.fingerprint, one.score, one.start, one.end, one.masked) for one in replayed.findings
        ), name
        assert {gap.why for gap in examined.coverage} == replayed.gaps, name


def test_a_draft_says_of_what_was_kept_of_every_example_what_it_says_of_the_example(
    rules: tuple[DetectRule, ...], detector: Detector, pairs: dict[str, tuple[Detector, Replay]]
) -> None:
    for text in examples(rules):
        agree(pairs, detector, [text])


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_draft_says_of_what_was_kept_what_it_says_of_the_texts(
    data: st.DataObject,
    rules: tuple[DetectRule, ...],
    detector: Detector,
    pairs: dict[str, tuple[Detector, Replay]],
) -> None:
    pool = st.sampled_from(examples(rules))
    filler = st.sampled_from(["", " ", "\n", "\n\n", "\n# ", "，", "\t", " x" * 40, "\n| ", "a" * 700 + "\n"])
    texts = []
    for number in range(data.draw(st.integers(1, 3))):
        parts = data.draw(st.lists(st.tuples(filler, pool), min_size=1, max_size=4))
        role = parts[0][1].role if len(parts) == 1 else "text"
        texts.append(Text(f"part {number}", "".join(gap + text.content for gap, text in parts), role))
    agree(pairs, detector, texts)


@given(number=st.integers(10**6, 10**7 - 1), words=st.text(st.characters(categories=["L"]), min_size=6, max_size=20))
@settings(max_examples=50, deadline=None)
def test_nothing_that_was_sent_is_kept(detector: Detector, number: int, words: str) -> None:
    value = f"1{number % 10**6:06d}(8)"
    text = Text(f"{words} > {value}", f"{words}\n身份證號碼 {value}，電話 66{number % 10**6:06d}", "text")
    kept = written(detector, [text], "file")
    assert value not in kept
    assert f"66{number % 10**6:06d}" not in kept
    assert words not in json.loads(kept).__repr__()
    assert "•" in json.loads(kept).__repr__()


def test_a_fingerprint_needs_the_key(rules: tuple[DetectRule, ...], detector: Detector) -> None:
    other = Detector(rules, b"another key, also 32 bytes long.")
    kept = [json.loads(written(one, [Text("m", EXAMPLE)])) for one in (detector, other)]
    prints = [{mark for text in one["texts"] for row in text["values"] for mark in row[1:3]} for one in kept]
    assert prints[0]
    assert prints[0].isdisjoint(prints[1])


# --- what cannot be asked ---


def test_a_rule_with_new_words_cannot_be_asked() -> None:
    recorder = Detector([made({"phrases": {"en": ["payroll"]}})], KEY)
    new = made({"phrases": {"en": ["bonus"]}}, id="new")
    replayed = asked([new], recorder, Text("m", "a bonus for everybody"))
    assert replayed.findings == ()
    assert replayed.unasked == {"new"}


def test_a_rule_with_known_words_can_be_asked_under_another_name() -> None:
    recorder = Detector([made({"phrases": {"en": ["payroll"]}})], KEY)
    renamed = made({"phrases": {"en": ["payroll"]}}, id="renamed", severity="low")
    replayed = asked([renamed], recorder, Text("m", "the payroll list"))
    assert [(one.rule, one.severity) for one in replayed.findings] == [("renamed", "low")]
    assert replayed.unasked == frozenset()


def test_a_rule_that_goes_lower_than_was_looked_cannot_be_asked(detector: Detector) -> None:
    lower = made({"entity": "MO_ID_CARD", "min_score": 0.3}, id="lower")
    replayed = asked([lower], detector, Text("m", EXAMPLE))
    assert replayed.unasked == {"lower"}
    assert [one.rule for one in replayed.findings] == ["lower"]  # what is known of it counts


def test_new_words_beside_what_is_not_there_cannot_matter(detector: Detector) -> None:
    beside = {"near": [{"entity": "IBAN_CODE", "min_score": 0.6}, {"phrases": {"en": ["utterly new"]}}]}
    rule = made(beside, id="beside")
    assert asked([rule], detector, Text("m", EXAMPLE)).unasked == frozenset()
    iban = "IBAN GB82 WEST 1234 5698 7654 32 utterly new"
    assert asked([rule], detector, Text("m", iban)).unasked == {"beside"}


def test_a_pattern_not_sought_for_want_of_its_neighbour_cannot_be_asked_alone() -> None:
    pattern = {"pattern": "QX-[0-9]{6}"}
    recorder = Detector([made({"near": [pattern, {"phrases": {"en": ["patient"]}}]})], KEY)
    alone = made(pattern, id="alone")
    assert asked([alone], recorder, Text("m", "QX-123456 and no more")).unasked == {"alone"}
    assert asked([alone], recorder, Text("m", "nothing of the kind")).unasked == frozenset()
    found = asked([alone], recorder, Text("m", "patient QX-123456"))
    assert [one.rule for one in found.findings] == ["alone"]


def test_a_role_nobody_looked_at_cannot_be_asked() -> None:
    recorder = Detector([made({"entity": "MO_ID_CARD", "min_score": 0.6}, applies_to=["text"])], KEY)
    titles = made({"entity": "MO_ID_CARD", "min_score": 0.6}, id="titles", applies_to=["title"])
    assert asked([titles], recorder, Text("m", EXAMPLE, "title")).unasked == {"titles"}
    assert asked([titles], recorder, Text("m", EXAMPLE)).unasked == frozenset()


def test_of_too_much_nothing_is_said(detector: Detector, rules: tuple[DetectRule, ...]) -> None:
    many = "\n".join(f"電郵 a{number}@example.test" for number in range(MOST + 10))
    replayed = asked(list(rules), detector, Text("m", many))
    assert replayed.findings == ()
    assert {"email-address", "macau-id-card"} <= replayed.unasked


def test_what_is_kept_has_a_largest_size(rules: tuple[DetectRule, ...], detector: Detector) -> None:
    lines = "\n" * 5_000_00 + EXAMPLE
    texts = [Text(f"p{number}", lines) for number in range(3)]
    kept = written(detector, texts)
    assert len(kept) <= LARGEST
    keeper = Keeper(detector.ruling, KEY)
    detector.examine([Text("m", ("\n" * 8_000).join([EXAMPLE] * 300))], keep=keeper.keep)
    shortened = Unit.read(keeper.write("message"))
    assert shortened.texts == []
    assert "macau-id-card" in Replay(rules, sought(detector)).ask([shortened]).unasked


# --- several messages, and pieces of a file ---


def test_of_joined_messages_counts_what_the_newest_brings_about(
    detector: Detector, rules: tuple[DetectRule, ...]
) -> None:
    keeper = detector.keeper()
    detector.examine([Text("m (with before)", "身份證 1234567(8)。 BIR 7654321(0)")], keep=keeper.keep)
    said = keeper.write("joined", joins={"m (with before)": 16})
    found = Replay(rules, sought(detector)).ask([Unit.read(said)]).findings
    assert {one.masked for one in found if one.rule == "macau-id-card"} == {"7••••••(0)"}
    alone = written(detector, [Text("m", "BIR 7654321(0)")])
    both = Replay(rules, sought(detector)).ask([Unit.read(alone), Unit.read(said)]).findings
    assert len([one for one in both if one.rule == "macau-id-card"]) == 1


def test_a_search_that_did_not_end_is_a_gap_again(detector: Detector, rules: tuple[DetectRule, ...]) -> None:
    kept = json.loads(written(detector, [Text("m", "客戶名單", "title")]))
    [text] = kept["texts"]
    text["unfinished"] = dict.fromkeys(text["terms"], "timed_out")
    assert Replay(rules, sought(detector)).ask([Unit.read(json.dumps(kept))]).gaps == {Why.TIMED_OUT}


# --- what is not what we wrote ---


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "texts", "clear", "lost", "gaps", "joins", "role", "at", "length", "breaks",
                             "values", "portions", "terms", "headings", "unfinished"]), inner, max_size=6
        ),
        max_leaves=25,
    )
)  # fmt: skip
@settings(max_examples=300)
def test_anything_else_is_refused_without_a_word_of_it(data: Any) -> None:
    with suppress(ValueError):
        Unit.read(json.dumps(data))  # any other error fails here


@pytest.mark.parametrize("length", [-1, 10**12, 10**30], ids=str)
def test_no_text_is_that_long(length: int) -> None:
    with pytest.raises(ValueError, match="not what is kept"):
        Unit.read(json.dumps({"kind": "message", "texts": [{"role": "text", "at": 0, "length": length}]}))
