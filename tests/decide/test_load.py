"""A file people write is read as written, or every fault in it is named with its line."""

import pickle
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from cerco.decide.load import MAX_CHARACTERS, MAX_DEPTH, Fault, RuleError, RuleErrors, load, locate


class When(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[str, ...] = ()
    together: tuple[str, ...] = Field(default=(), alias="with")


class Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    when: When = When()
    then: Literal["allow", "tag", "block"] = "allow"
    score: Annotated[float, Field(ge=0, le=1)] = 0.5
    on: bool = False


class File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    size: int | None = None
    items: tuple[Item, ...] = ()
    words: dict[str, str] = {}

    @field_validator("label")
    @classmethod
    def _no_slash(cls, label: str) -> str:
        if "/" in label:
            raise ValueError("holds a slash. Write it without.")
        return label


def faults(text: str) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        load(text, "rules/some.yaml", File)
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("no", "no", id="a yes-or-no word stays a word"),
        pytest.param('"0755"', "0755", id="a quoted number keeps its zero"),
        pytest.param("'22:30'", "22:30", id="a quoted time is a time"),
        pytest.param("0.60", "0.60", id="a fraction"),
        pytest.param("2833 0102", "2833 0102", id="digits apart"),
        pytest.param("1e3", "1e3", id="no exponent is worked out"),
        pytest.param("2001-01-01", "2001-01-01", id="a date is not parsed"),
        pytest.param('"~"', "~", id="a quoted tilde is a tilde"),
        pytest.param("客戶：資料", "客戶：資料", id="Han and full-width colon"),
    ],
)
def test_text_is_what_was_written(written: str, read: str) -> None:
    assert load(f"label: {written}", "f.yaml", File).label == read
    assert load(f"label: x\nwords: {{a: {written}}}", "f.yaml", File).words == {"a": read}


def test_fields_type_the_text() -> None:
    read = load("label: a\nsize: 10\nitems: [{id: x, on: yes, score: 1}]", "f.yaml", File)
    assert read.size == 10
    assert read.items[0].on is True
    assert read.items[0].score == 1.0


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_none(nothing: str) -> None:
    assert load(f"label: a\nsize: {nothing}\n", "f.yaml", File).size is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "1: some: the file is empty. Fill it in, or remove it.", id="empty"),
        pytest.param("# only a comment\n", "1: some: the file is empty. Fill it in, or remove it.", id="comment"),
        pytest.param("- a", "1: some: no `key: value` lines. Write `key: value`, one a line.", id="list"),
        pytest.param("size: 1", "1: some: label: missing. Add a line `label: …`.", id="missing"),
        pytest.param("label: a\nlabl: b", "2: some: labl: unknown key. Did you mean `label`?", id="misspelt key"),
        pytest.param(
            "label: a\nqqq: b",
            "2: some: qqq: unknown key. Take it out; known here: label, size, items, words.",
            id="unlike any key",
        ),
        pytest.param(
            "label: a\nitems:\n  - id: one\n    when: {ruels: [a]}",
            "4: one: when.ruels: unknown key. Did you mean `rules`?",
            id="misspelt deep down",
        ),
        pytest.param(
            "label: a\nitems:\n  - id: one\n    when: {wiht: [a]}",
            "4: one: when.wiht: unknown key. Did you mean `with`?",
            id="misspelt alias",
        ),
        pytest.param(
            "label: a\nlabel: b",
            "2: some: label: given twice, first in line 1. Keep one of the two.",
            id="duplicate",
        ),
        pytest.param(
            "label: a\nitems: [{id: one, then: blok}]",
            "2: one: then: not one of allow, tag or block. Did you mean `block`?",
            id="misspelt word",
        ),
        pytest.param("label: a\nsize: ten", "2: some: size: not a whole number. Write a whole number.", id="int"),
        pytest.param(
            "label: a\nsize: 1:30",
            '2: some: size: could be read as a number of base 60. Put it in quotes: "…".',
            id="base sixty",
        ),
        pytest.param(
            "label: a\nsize: 010",
            "2: some: size: could be read as a number of another base. Quote it, or drop the leading zero.",
            id="octal",
        ),
        pytest.param(
            "label: 0x1F",
            "1: some: label: could be read as a number of another base. Quote it, or drop the leading zero.",
            id="hexadecimal",
        ),
        pytest.param(
            "label: a\nwords: {a: 0o17}",
            "2: some: words.a: could be read as a number of another base. Quote it, or drop the leading zero.",
            id="octal of YAML 1.2",
        ),
        pytest.param(
            "label: a\nitems: [{id: x, score: 1.5}]",
            "2: x: score: too large: at most 1.0. Write 1.0 or less.",
            id="bound",
        ),
        pytest.param(
            "label: a\nitems: one",
            "2: some: items: not a list (one `- …` a line). Write a list (one `- …` a line).",
            id="no list",
        ),
        pytest.param(
            "label: a\nitems:",
            "2: some: items: empty. Write a list (one `- …` a line) here, or take the line out.",
            id="empty list",
        ),
        pytest.param("label: a/b", "1: some: label: holds a slash. Write it without.", id="validator"),
        pytest.param(
            "label: a\nitems:\n  - &x {id: one}\n  - *x",
            "4: some: items[1]: an alias (`*name`). Write the value out; aliases are not followed.",
            id="alias",
        ),
        pytest.param(
            "label: !!binary aGVsbG8=",
            "1: some: label: a tag (`!name`). Take the tag out; values are typed by their field.",
            id="tag",
        ),
        pytest.param(
            "label: a\n---\nlabel: b",
            "2: some: a second document (`---`). Keep one document a file.",
            id="second document",
        ),
        pytest.param(
            "label: a\n? [b]\n: c",
            "2: some: a key that is not a word. Write `key: value`; quote a key that holds { or [.",
            id="key that is a list",
        ),
        pytest.param(
            "label: a\n\x01",
            "2: some: a character that no text file holds. Delete the line and type it again.",
            id="control character",
        ),
        pytest.param(
            "label: a\nwords: {b: \ud800}",
            "2: some: a character that no text file holds. Delete the line and type it again.",
            id="half a character",
        ),
        pytest.param(
            "label: a\nwords:\n\tb: c",
            "3: some: not YAML: found character that cannot start any token. Check indentation and quotes.",
            id="tab",
        ),
    ],
)
def test_a_fault_is_named_with_its_line_and_its_remedy(text: str, said: str) -> None:
    assert faults(text) == [f"rules/some.yaml:{said}"]


def test_all_faults_come_at_once_in_line_order() -> None:
    text = "size: x\nitems:\n  - id: one\n    then: no\n    then: tag\n  - when: {with: a}\nwords: {a: [b]}\nlable: z\n"
    assert [line.split(":")[1] for line in faults(text)] == ["1", "1", "4", "5", "6", "6", "7", "8"]


def test_a_document_is_called_by_its_id_unless_told_otherwise() -> None:
    class Named(BaseModel):
        id: str
        size: int

    with pytest.raises(RuleErrors) as by_id:
        load("id: macau-id-card\nsize: x", "a/b.yaml", Named)
    with pytest.raises(RuleErrors) as told:
        load("id: macau-id-card\nsize: x", "a/b.yaml", Named, where="this one")
    assert [error.where for error in by_id.value.faults] == ["macau-id-card"]
    assert [error.where for error in told.value.faults] == ["this one"]


def test_no_message_quotes_a_value() -> None:
    text = "label: 7/11111\nsize: 5222223(4)\nitems: [{id: a, then: 1333333(5), score: 61444444}]\nwords: [1555555(6)]"
    said = "\n".join(faults(text))
    assert not any(value in said for value in ("11111", "522222", "133333", "614444", "155555"))


@pytest.mark.parametrize(
    "opening",
    [
        "label: " + "[" * 100_000,
        "label: " + "{a: " * 100_000,
        "label:\n" + "- " * 100_000,
        "? " * 100_000,
        "? " + "[" * 100_000,
    ],
    ids=["lists", "maps", "block lists", "keys", "lists in a key"],
)
def test_depth_is_bounded(opening: str) -> None:
    """A composer that recurses in C ends the process on this, and libyaml's time grows with the square of the depth."""
    assert "nested more than 32 deep" in faults(opening)[0]


def test_the_deepest_allowed_nesting_reads() -> None:
    class Loose(BaseModel):
        model_config = ConfigDict(extra="allow")

    def nested(levels: int) -> str:
        return "a: " + "[" * levels + "]" * levels

    load(nested(MAX_DEPTH), "f.yaml", Loose)
    with pytest.raises(RuleErrors) as caught:
        load(nested(MAX_DEPTH + 1), "f.yaml", Loose)
    assert "nested more than 32 deep" in str(caught.value)


def test_size_is_bounded() -> None:
    assert faults("label: a\n" + "#" * MAX_CHARACTERS)[0].startswith("rules/some.yaml:1: some: longer than")


def test_faults_found_later_get_their_lines() -> None:
    text = "label: a\nitems:\n  - id: one\n\n  - id: two\n    when:\n      rules:\n        - x\n        - y\n"
    found = [
        Fault(("items", 1, "when", "rules", 1), "no such rule", "Add it."),
        Fault(("items", 0, "when"), "not there", "Add it."),
        Fault((), "all wrong", "Start again."),
    ]
    assert [str(error) for error in locate(text, "f.yaml", found)] == [
        "f.yaml:1: f: all wrong. Start again.",
        "f.yaml:3: one: when: not there. Add it.",
        "f.yaml:9: two: when.rules[1]: no such rule. Add it.",
    ]


def test_errors_survive_a_process_boundary() -> None:
    errors = RuleErrors([RuleError("f", 2, "w", "x", "p", "R."), RuleError("f", 1, "w", "", "p", "R.")])
    copy = pickle.loads(pickle.dumps(errors))  # noqa: S301  # our own bytes
    assert str(copy) == str(errors) == "f:1: w: p. R.\nf:2: w: x: p. R."
    assert isinstance(copy, RuleErrors)
    rest = errors.split(lambda error: isinstance(error, RuleError) and error.line == 1)
    assert [str(half) for half in rest] == ["f:1: w: p. R.", "f:2: w: x: p. R."]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text(alphabet=" \n\t-:[]{}&*!?|>'\"#,~%@`a0\x00\ufeff", max_size=80)))
def test_any_text_is_a_file_or_faults(text: str) -> None:
    lines: list[int] = []
    try:
        load(text, "f.yaml", File)
    except RuleErrors as errors:
        lines = [error.line for error in errors.faults]
    assert all(1 <= line <= len(text.splitlines()) + 1 for line in lines)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text("abcé客", min_size=1, max_size=5), st.text(" '\"#:,-[]{}&*!|>%@`~abc01é客\n", max_size=12), max_size=5
    )
)
def test_what_is_quoted_is_read_back(words: dict[str, str]) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    rows = "".join(f"  {quoted(key)}: {quoted(value)}\n" for key, value in words.items())
    assert load(f"label: x\nwords:\n{rows}" if words else "label: x", "f.yaml", File).words == words
