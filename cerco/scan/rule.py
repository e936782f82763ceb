"""The shape of a file under rules/detect/: what is sensitive, in words compliance staff can check.

In:    plain data, as a rule file holds it.
Out:   `DetectRule`.
Never: a rule without examples of what it must find, and of near misses that it must leave alone.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, field_validator

from cerco.scan.match import LANGUAGES, Language, Match, Strict

__all__ = ["DetectRule", "Example", "Examples", "Language", "Role", "Spoken"]

Role = Literal["text", "title", "filename", "header"]
Spoken = Literal["zh-Hant", "zh-Hans", "pt", "en", "any"]
"""What examples are written in; "any" where there are no words, or those of several languages."""

_Sentence = Annotated[str, Field(min_length=1, max_length=1000)]


def _in_every_language(words: dict[Language, _Sentence]) -> dict[Language, _Sentence]:
    if missing := [language for language in LANGUAGES if language not in words]:
        raise ValueError(f"not said in {', '.join(missing)}. Write it in all of {', '.join(LANGUAGES)}.")
    return words


def _spelled_out(example: Any) -> Any:
    return {"text": example} if isinstance(example, str) else example


class Example(Strict):
    """A text that the rule must find something in, or nothing; a plain string in the file, or text and role."""

    text: str = Field(min_length=1, max_length=4000, repr=False)
    role: Role | None = None  # the first the rule applies to, if None


_Examples = Annotated[
    dict[
        Spoken,
        Annotated[
            tuple[Annotated[Example, BeforeValidator(_spelled_out, json_schema_input_type=str | Example)], ...],
            Field(min_length=1),
        ],
    ],
    Field(min_length=1),
]


class Examples(Strict):
    """What keeps a rule honest, by language; invented names and numbers only."""

    match: _Examples
    no_match: _Examples  # near misses: what a careless rule would take

    def every(self) -> Iterator[Example]:
        """Yield all examples, those that must match first."""
        for side in (self.match, self.no_match):
            for group in side.values():
                yield from group

    def __len__(self) -> int:
        return sum(1 for _ in self.every())


class DetectRule(Strict):
    """One thing that is sensitive, and how to tell."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    title: dict[Language, _Sentence]
    explain: dict[Language, _Sentence]
    severity: Literal["low", "medium", "high"]
    # What a draft finds may be labelled, and stops nothing; a retired rule is kept for old records, and not run.
    status: Literal["draft", "stable", "retired"] = "stable"
    applies_to: tuple[Role, ...] = Field(default=get_args(Role), min_length=1)
    match: Match
    examples: Examples
    references: tuple[str, ...] = ()

    @field_validator("title", "explain")
    @classmethod
    def _complete(cls, words: dict[Language, _Sentence]) -> dict[Language, _Sentence]:
        return _in_every_language(words)
