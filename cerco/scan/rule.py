"""The shape of a file under rules/detect/: what is sensitive, in words compliance staff can check.

In:    plain data, as a rule file holds it.
Out:   `DetectRule`.
Never: a regular expression. How a number is recognised is code with tests; what counts, and where, is the rule.
"""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from recognizers import ENTITIES
from recognizers.phrases import Phrases

Role = Literal["text", "title", "filename", "header"]
Language = Literal["zh-Hant", "zh-Hans", "pt", "en"]
Spoken = Literal["zh-Hant", "zh-Hans", "pt", "en", "any"]
"""What examples are written in; "any" where there are no words, or those of several languages."""

PHRASE_ENTITY = "CUSTOMER_DATA_TITLE"

_Sentence = Annotated[str, Field(min_length=1, max_length=1000)]
_Phrase = Annotated[str, Field(min_length=2, max_length=2000)]


def _in_every_language(words: dict[Language, _Sentence]) -> dict[Language, _Sentence]:
    if missing := [language for language in get_args(Language) if language not in words]:
        raise ValueError(f"not said in {', '.join(missing)}. Write it in all of {', '.join(get_args(Language))}.")
    return words


def _spelled_out(example: Any) -> Any:
    return {"text": example} if isinstance(example, str) else example


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(_Model):
    """A text that the rule must find something in, or nothing; a plain string in the file, or text and role."""

    text: str = Field(min_length=1, max_length=4000, repr=False)
    role: Role | None = None  # the first the rule applies to, if None


_Examples = Annotated[
    dict[Spoken, Annotated[tuple[Annotated[Example, BeforeValidator(_spelled_out)], ...], Field(min_length=1)]],
    Field(min_length=1),
]


class Examples(_Model):
    """What keeps a rule honest, by language; invented names and numbers only."""

    match: _Examples
    no_match: _Examples  # near misses: what a careless rule would take

    def __len__(self) -> int:
        return sum(len(group) for side in (self.match, self.no_match) for group in side.values())


class Match(_Model):
    """What is looked for, and how sure the recogniser must be, 0..1.

    `phrases` and `exceptions` replace the built-in lists; their syntax is in `recognizers.phrases`.
    """

    entity: str
    min_score: float = Field(ge=0.0, le=1.0)
    phrases: dict[Language, tuple[_Phrase, ...]] | None = None
    exceptions: dict[Language, tuple[_Phrase, ...]] | None = None

    @field_validator("entity")
    @classmethod
    def _known(cls, entity: str) -> str:
        if entity not in ENTITIES:
            raise ValueError(f"not a kind of data Cerco recognises. Write one of {', '.join(ENTITIES)}.")
        return entity

    @field_validator("phrases", "exceptions")
    @classmethod
    def _well_formed(
        cls, lines: dict[Language, tuple[_Phrase, ...]] | None
    ) -> dict[Language, tuple[_Phrase, ...]] | None:
        for language, phrases in (lines or {}).items():
            for number, phrase in enumerate(phrases):
                try:
                    Phrases([phrase])
                except ValueError as error:
                    raise ValueError(f"{language}[{number}] is {error}") from None
        return lines

    @model_validator(mode="after")
    def _phrases_where_they_count(self) -> "Match":
        if self.entity != PHRASE_ENTITY and (self.phrases is not None or self.exceptions is not None):
            raise ValueError(f"phrases without effect. Take them out, or set entity to {PHRASE_ENTITY}.")
        return self


class DetectRule(_Model):
    """One thing that is sensitive, and how to tell."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    title: dict[Language, _Sentence]
    explain: dict[Language, _Sentence]
    severity: Literal["low", "medium", "high"]
    status: Literal["draft", "stable", "retired"] = "stable"  # a retired rule is kept for old records, and not run
    applies_to: tuple[Role, ...] = Field(default=get_args(Role), min_length=1)
    match: Match
    examples: Examples
    references: tuple[str, ...] = ()

    @field_validator("title", "explain")
    @classmethod
    def _complete(cls, words: dict[Language, _Sentence]) -> dict[Language, _Sentence]:
        return _in_every_language(words)
