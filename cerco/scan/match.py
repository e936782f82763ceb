"""What a rule looks for: the `match` of a file under rules/detect/.

In:    plain data, as a rule file holds it.
Out:   `Match`: an entity, phrases or a pattern; or several of them: all, any, or one near the other.
Never: a program. Each of these is a list that compliance staff can read; how a number is recognised is code with tests.

    match: {entity: MO_ID_CARD, min_score: 0.6}       what a recogniser finds
    match: {entity: PERSON, min_score: 0.6, at_least: 5}    five different values in one text
    match: {phrases: {en: ["payroll|salary * list"]}} words, in the syntax of `recognizers.phrases`
    match: {pattern: "[A-Z]{2}-[0-9]{6}"}             signs, in the syntax of `cerco.scan.pattern`
    match: {any: [{…}, {…}]}                          one or the other
    match: {all: [{…}, {…}, {not: {…}}]}              the first, where the text also holds the others, and not the last
    match: {near: [{…}, {…}, {not: {…}}], within: 60} the first, where the others stand close by, and the last does not

A text is a message, a title, a page or a sheet. What is reported, of several, is the first.
"""

from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

from cerco.scan.pattern import checked
from recognizers import ENTITIES
from recognizers.phrases import Phrases

Language = Literal["zh-Hant", "zh-Hans", "pt", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

FURTHEST = 500  # characters between what is near; further away it is another matter

TITLE_ENTITY = "CUSTOMER_DATA_TITLE"
"""The entity that is recognised by phrases; a rule may bring its own list."""


def _well_formed(phrase: str) -> str:
    Phrases([phrase])
    return phrase


_Phrase = Annotated[str, Field(min_length=2, max_length=2000), AfterValidator(_well_formed)]
type _Lines = dict[Language, Annotated[tuple[_Phrase, ...], Field(min_length=1)]]


class Strict(BaseModel):
    """What people write: nothing unknown in it, nothing changed after it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class _Counted(Strict):
    at_least: int = Field(1, ge=1, le=1000, description="So many different values in one text.")


class EntityMatch(_Counted):
    """What a recogniser finds, where it is at least so sure, 0..1."""

    entity: str
    min_score: float = Field(ge=0.0, le=1.0)

    @field_validator("entity")
    @classmethod
    def _known(cls, entity: str) -> str:
        if entity not in ENTITIES:
            meant = get_close_matches(entity, ENTITIES, n=1)
            remedy = f"Did you mean `{meant[0]}`?" if meant else f"Write one of {', '.join(ENTITIES)}."
            raise ValueError(f"not a kind of data Cerco recognises. {remedy}")
        return entity


class PhraseMatch(_Counted):
    """Phrases in any of the languages; a phrase that overlaps one of `exceptions` does not count.

    `entity` is what the finding is called in records; left out, it is called PHRASE. What the entity's own list of
    exceptions names (`recognizers.customer_data_phrases`) does not count either.
    """

    phrases: _Lines = Field(min_length=1)
    exceptions: _Lines | None = None
    entity: Literal["CUSTOMER_DATA_TITLE"] | None = None


class PatternMatch(_Counted):
    """A pattern of signs."""

    pattern: str
    ignore_case: bool = False

    @field_validator("pattern")
    @classmethod
    def _sound(cls, source: str) -> str:
        checked(source)
        return source

    @field_validator("ignore_case")
    @classmethod
    def _sound_in_any_case(cls, ignore_case: bool, info: ValidationInfo) -> bool:
        if "pattern" in info.data:
            checked(info.data["pattern"], ignore_case=ignore_case)
        return ignore_case


class NotMatch(Strict):
    """What must not be there; stands within `all` and `near`."""

    absent: "Match" = Field(alias="not")


class AnyMatch(_Counted):
    """Any of several."""

    any: tuple["Match", ...] = Field(min_length=2)


class AllMatch(_Counted):
    """The first, in a text that holds all the others."""

    all: tuple["Part", ...] = Field(min_length=2)

    @field_validator("all")
    @classmethod
    def _first(cls, parts: "tuple[Part, ...]") -> "tuple[Part, ...]":
        return _reported(parts)


class NearMatch(_Counted):
    """The first, where each of the others stands within so many characters, or in the same line."""

    near: tuple["Part", ...] = Field(min_length=2)
    within: int | Literal["line"] = 60  # a sentence

    @field_validator("within", mode="before")
    @classmethod
    def _distance(cls, within: Any) -> Any:
        if within == "line" or (str(within).isdecimal() and 1 <= int(within) <= FURTHEST):
            return within
        raise ValueError(f"no distance. Write a number of characters from 1 to {FURTHEST}, or line.")

    @field_validator("near")
    @classmethod
    def _first(cls, parts: "tuple[Part, ...]") -> "tuple[Part, ...]":
        return _reported(parts)


def _reported(parts: "tuple[Part, ...]") -> "tuple[Part, ...]":
    if isinstance(parts[0], NotMatch):
        raise ValueError("begins with what must not be there. Put what is to be reported first.")  # noqa: TRY004 - for pydantic
    return parts


def _kind(value: Any) -> str | None:
    """Tell which kind of match a section is, by the first of its keys that says so."""
    if isinstance(value, dict):
        kind = next((kind for kind in _KINDS if kind in value), None)
    else:
        kind = next((kind for kind, model in _KINDS.items() if isinstance(value, model)), None)
    return kind and f"{kind} match"  # a tag that no key is called by, since pydantic puts it into the path of a fault


_KINDS: dict[str, type[BaseModel]] = {
    "near": NearMatch, "all": AllMatch, "any": AnyMatch, "not": NotMatch,
    "phrases": PhraseMatch, "pattern": PatternMatch, "entity": EntityMatch,
}  # fmt: skip
_NOTHING = Discriminator(
    _kind,
    custom_error_type="no_match_kind",
    custom_error_message="nothing to look for",
    custom_error_context={"error": "says nothing to look for. Write one of entity, phrases, pattern, any, all, near."},
)
Match = Annotated[
    Annotated[EntityMatch, Tag("entity match")]
    | Annotated[PhraseMatch, Tag("phrases match")]
    | Annotated[PatternMatch, Tag("pattern match")]
    | Annotated[AnyMatch, Tag("any match")]
    | Annotated[AllMatch, Tag("all match")]
    | Annotated[NearMatch, Tag("near match")],
    _NOTHING,
]
Part = Annotated[
    Annotated[EntityMatch, Tag("entity match")]
    | Annotated[PhraseMatch, Tag("phrases match")]
    | Annotated[PatternMatch, Tag("pattern match")]
    | Annotated[AnyMatch, Tag("any match")]
    | Annotated[AllMatch, Tag("all match")]
    | Annotated[NearMatch, Tag("near match")]
    | Annotated[NotMatch, Tag("not match")],
    _NOTHING,
]
for _model in (NotMatch, AnyMatch, AllMatch, NearMatch):
    _model.model_rebuild()
