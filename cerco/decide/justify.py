"""What a sender is asked where the policy wants a reason, and what counts as an answer.

In:    the `justify` section of rules/policy.yaml; the reason and the sentence a sender gives.
Out:   `Justify`; an `Answer`, or what is wrong with it.
Never: what a sender wrote in a `repr` or an error.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cerco.decide.wording import Section, Wording, texts

# Characters of the sentence, with runs of spaces as one. Five Han characters can name who and what.
LEAST = 5
MOST = 500

type Flaw = Literal["choose", "write", "shorten"]
"""What is wrong with an answer: no reason was chosen, the sentence is too short or too long."""


class _Reasons(Section):
    customer: Wording
    contract: Wording
    law: Wording
    consent: Wording
    own: Wording
    mistaken: Wording
    other: Wording


class _Texts(Section):
    reasons: _Reasons


class Reason(BaseModel):
    """One reason to choose from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    words: Wording


def _usual() -> tuple[Reason, ...]:
    """Return the reasons that come with Cerco: the grounds of Law 8/2005, art. 20 (1), in an employee's words."""
    reasons = texts(_Texts).reasons
    return tuple(Reason(id=name, words=getattr(reasons, name)) for name in _Reasons.model_fields)


class Justify(BaseModel):
    """The `justify` section of the policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # How long the same content may then be sent; below two minutes nobody finds back to the chat.
    minutes: int = Field(default=10, ge=2, le=1440)
    per_day: int = Field(default=10, ge=1, le=1000)  # reasons one person may give, by Macau's calendar
    reasons: tuple[Reason, ...] = Field(default_factory=_usual, min_length=1, max_length=20)

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        ids = [reason.id for reason in self.reasons]
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise ValueError(f"the reason `{twice}` is given twice. Rename one of the two.")
        return self


@dataclass(frozen=True, slots=True)
class Answer:
    """The reason a sender gives."""

    reason: str  # id of a `Reason`
    sentence: str = field(repr=False)


def answer(justify: Justify, reason: str, sentence: str) -> Answer | Flaw:
    """Return a sender's answer with its spaces put in order, or what is wrong with it."""
    said = " ".join("".join(char if char.isprintable() else " " for char in sentence).split())
    if reason not in {known.id for known in justify.reasons}:
        return "choose"
    if len(said) < LEAST:
        return "write"
    return "shorten" if len(said) > MOST else Answer(reason, said)
