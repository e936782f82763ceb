"""Every complaint of pydantic becomes a problem and a remedy, without the value that caused it."""

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from cerco.decide.explain import explain, keys_at, nearest, split_sentence


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Inner(BaseModel):
    alpha: int = 0
    beta: int = Field(default=0, alias="bee")


class Outer(BaseModel):
    one: Inner | None = None
    many: tuple[Inner, ...] = ()
    named: dict[str, Inner] = {}
    word: str = ""


@pytest.mark.parametrize(
    ("shape", "given", "problem", "remedy"),
    [
        pytest.param(int, "x7777777x", "not a whole number", "Write a whole number.", id="int"),
        pytest.param(float, "x7777777x", "not a number", "Write a number.", id="float"),
        pytest.param(bool, "x7777777x", "not true or false", "Write true or false.", id="bool"),
        pytest.param(str, ["7777777"], "not text", "Write text.", id="str"),
        pytest.param(str, None, "empty", "Write text here, or take the line out.", id="empty"),
        pytest.param(Colour, "gren7", "not one of red or green", "Did you mean `green`?", id="enum"),
        pytest.param(Colour, "7777777", "not one of red or green", "Write red or green.", id="enum, nothing near"),
        pytest.param(Annotated[int, Field(ge=3)], "2", "too small: at least 3", "Write 3 or more.", id="ge"),
        pytest.param(
            Annotated[int, Field(gt=3)], "3", "too small: it must be more than 3", "Write more than 3.", id="gt"
        ),
        pytest.param(
            Annotated[int, Field(lt=3)], "3", "too large: it must be less than 3", "Write less than 3.", id="lt"
        ),
        pytest.param(
            Annotated[str, Field(min_length=9)],
            "7777777",
            "too short: at least 9 characters",
            "Write more.",
            id="short",
        ),
        pytest.param(
            Annotated[str, Field(max_length=2)], "7777777", "too long: at most 2 characters", "Shorten it.", id="long"
        ),
        pytest.param(
            Annotated[str, Field(pattern="^a$")],
            "7777777",
            "not in the expected form",
            "The form is `^a$`.",
            id="pattern",
        ),
        pytest.param(
            Annotated[list[str], Field(min_length=2)],
            ["7777777"],
            "too few entries: at least 2",
            "Add entries.",
            id="few",
        ),
        pytest.param(Path, ["7777777"], "not a path", "Write a path.", id="path"),
        pytest.param(
            Annotated[int, Field(multiple_of=4)],
            "7777777",
            "not accepted: it should be a multiple of 4",
            "Correct the value.",
            id="no words of its own",
        ),
    ],
)
def test_in_plain_words(shape: Any, given: Any, problem: str, remedy: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(shape).validate_python(given)
    said = explain(caught.value.errors()[0], Outer, ("word",))
    assert (said.problem, said.remedy) == (problem, remedy)
    assert "7777777" not in json.dumps([said.problem, said.remedy])
    assert re.fullmatch(r"[A-Z].*[.?]", said.remedy)


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        pytest.param((), ("one", "many", "named", "word"), id="top"),
        pytest.param(("one",), ("alpha", "bee"), id="optional section, alias"),
        pytest.param(("many", 3), ("alpha", "bee"), id="list entry"),
        pytest.param(("named", "x"), ("alpha", "bee"), id="free key"),
        pytest.param(("word",), (), id="no section"),
    ],
)
def test_the_keys_a_file_may_use(path: tuple[str | int, ...], keys: tuple[str, ...]) -> None:
    assert keys_at(Outer, path) == keys


@pytest.mark.parametrize(
    ("word", "meant"),
    [("severty", "severity"), ("serverity", "severity"), ("statsu", "status"), ("colour", None)],
)
def test_the_nearest_known_word(word: str, meant: str | None) -> None:
    assert nearest(word, ["severity", "status"]) == meant


@pytest.mark.parametrize(
    ("message", "problem", "remedy"),
    [
        ("is wrong. Do this.", "is wrong", "Do this."),
        ("is wrong.", "is wrong", "Correct the value."),
        ("is 1.5 high. Do this. And that.", "is 1.5 high", "Do this. And that."),
    ],
)
def test_a_validators_two_halves(message: str, problem: str, remedy: str) -> None:
    said = split_sentence(message)
    assert (said.problem, said.remedy) == (problem, remedy)
