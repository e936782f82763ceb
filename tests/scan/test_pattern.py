"""Patterns find what they say, at the edges of words, in time; and what could run on or away is refused by name."""

import time
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.scan.pattern import LONGEST, PATIENCE, checked


def found(source: str, text: str, *, ignore_case: bool = False) -> list[str]:
    return [text[start:end] for start, end in checked(source, ignore_case=ignore_case).find(text)]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        pytest.param("[A-Z]{2}-[0-9]{6}", "見AB-123456。", ["AB-123456"], id="between Han characters"),
        pytest.param("[A-Z]{2}-[0-9]{6}", "XAB-123456", [], id="inside a word"),
        pytest.param("[A-Z]{2}-[0-9]{6}", "AB-1234567", [], id="inside a number"),
        pytest.param("[A-Z]{2}-[0-9]{6}", "ab-123456", [], id="case"),
        pytest.param("項目[甲乙丙]{1,3}號", "ABC項目甲乙號XYZ", ["項目甲乙號"], id="Han beside letters"),
        pytest.param("(MO|HK)[0-9]{4,6}", "MO1234 HK123456 CN1234", ["MO1234", "HK123456"], id="choice"),
        pytest.param(r"\p{Han}{2,3}先生", "多謝歐陽修先生", ["謝歐陽修先生"[1:]], id="kind of character"),
        pytest.param(r"colou?r", "color colour", ["color", "colour"], id="missing"),
        pytest.param(r"a\.b\(c\)", "a.b(c)", ["a.b(c)"], id="signs"),
        pytest.param("a.c", "abc a\nc", ["abc"], id="any character of a line"),
    ],
)
def test_finds(source: str, text: str, expected: list[str]) -> None:
    assert found(source, text) == expected


def test_case_may_make_no_difference() -> None:
    assert found("ab-[0-9]{2}", "AB-12", ignore_case=True) == ["AB-12"]


ENDLESS = "Say how often at most: {1,20} instead of +, {0,20} instead of *."
ANCHOR = "Leave it out: a match never begins or ends inside a longer word or number."


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("a+b", f"can match without end at `+` (character 2). {ENDLESS}", id="plus"),
        pytest.param("ab*", f"can match without end at `*` (character 3). {ENDLESS}", id="star"),
        pytest.param(
            "ab{2,}", "can match without end at `{2,}` (character 3). Say how often at most: {2,20}.", id="open"
        ),
        pytest.param(r"\bab", f"has an anchor `\\b` (character 1). {ANCHOR}", id="word boundary"),
        pytest.param("^ab", f"has an anchor `^` (character 1). {ANCHOR}", id="begin"),
        pytest.param("ab$", f"has an anchor `$` (character 3). {ANCHOR}", id="end"),
        pytest.param("(?<=x)ab", "looks around, or sets an option (character 1). ", id="look-behind"),
        pytest.param("(?i)ab", "looks around, or sets an option (character 1). ", id="option"),
        pytest.param(
            r"(a)\1", "has `\\1`, which is not for rules (character 4). Write the character itself.", id="back"
        ),
        pytest.param("(ab", "has a `(` that is not closed (character 1). ", id="open bracket"),
        pytest.param("ab)", "has a `)` too many (character 3). ", id="closing bracket"),
        pytest.param("[ab", "has a `[` that is not closed (character 1). ", id="open class"),
        pytest.param("[a[b]", "has a `[` within [...] (character 3). ", id="class in a class"),
        pytest.param("ab]", "has a stray `]` (character 3). ", id="closing class"),
        pytest.param("a{x}", "has a `{` that counts nothing (character 2). ", id="no count"),
        pytest.param("?ab", "repeats nothing at `?` (character 1). ", id="nothing before"),
        pytest.param("(ab)?{2}", "repeats a repetition (character 6). ", id="twice"),
        pytest.param("ab?+", "repeats a repetition (character 4). ", id="possessive"),
        pytest.param("[z-a]x", "is no pattern: bad character range", id="range"),
        pytest.param(r"\p{Hann}x", "is no pattern: unknown property", id="property"),
        pytest.param(r"\pxy", "has `\\p` without a name (character 1). ", id="property without a name"),
        pytest.param("ab\\", "has `\\`, which is not for rules (character 3). ", id="backslash at the end"),
        pytest.param("x?y?", "can match a single character, or none. ", id="nothing needed"),
        pytest.param("a", "can match a single character, or none. ", id="one character"),
        pytest.param(".{2,201}", f"can match 201 characters, and {LONGEST} are the most. ", id="too long"),
        pytest.param("x" * 1001, "is longer than 1000 characters. ", id="too long a pattern"),
        pytest.param("(a|a){1,100}b", "takes too long on some texts. ", id="ambiguous"),
        pytest.param(r"(\w{1,10}\s?){1,10}x", "takes too long on some texts. ", id="nested"),
        pytest.param(
            r"(MO-){1,5}([0-9a-f]{1,2}){1,40}!", "takes too long on some texts. ", id="nested behind a prefix"
        ),
    ],
)
def test_refuses(source: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"\. [A-Z].*\.$") as caught:
        checked(source)
    assert str(caught.value).startswith(said)


# Pieces that compose into sound and unsound patterns alike.
PIECES = st.recursive(
    st.sampled_from(["a", "b", "[ab]", r"\w", r"\d", ".", "中", "[^a]", r"\s"]),
    lambda inner: st.one_of(
        st.builds("({}){{1,{}}}".format, inner, st.integers(2, 30)),
        st.builds("({})?".format, inner),
        st.builds("({}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(PIECES, st.text(st.sampled_from("ab01 中-\n"), max_size=300))
def test_what_was_accepted_ends_in_time_on_any_text(source: str, text: str) -> None:
    try:
        pattern = checked(f"x{source}y")
    except ValueError:
        return
    began = time.process_time()
    try:
        for _ in pattern.find(f"x{text}" * 30):
            pass
    except TimeoutError:
        pass  # seen by the gate as a gap
    assert time.process_time() - began < 1


def test_a_search_that_ran_out_of_time_is_tried_once_more() -> None:
    tried: list[float] = []

    class Slow:
        """A pattern that runs out of time as often as it is told to."""

        def __init__(self, times: int) -> None:
            self.times = times

        def search(self, _text: str, _at: int, *, concurrent: bool, timeout: float) -> None:
            assert not concurrent
            tried.append(timeout)
            if len(tried) <= self.times:
                raise TimeoutError

    pattern = checked("ab[0-9]")
    assert list(replace(pattern, search=cast("Any", Slow(1))).find("ab1")) == []
    assert tried == [PATIENCE, 4 * PATIENCE]
    tried.clear()
    with pytest.raises(TimeoutError):
        list(replace(pattern, search=cast("Any", Slow(2))).find("ab1"))
