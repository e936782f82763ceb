"""One pydantic complaint -> what is wrong and what to do, in plain English.

In:    pydantic's error details and the model they came from.
Out:   `Explained`: a problem and a remedy, each one short sentence.
Never: the value that was refused; a settings file may hold secrets, a rule example may hold a real number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_NEAREST_CUTOFF = 0.6  # difflib's own default: "severty" finds "severity", "colour" finds nothing


@dataclass(frozen=True, slots=True)
class Explained:
    """A problem without a full stop, and a remedy as a sentence."""

    problem: str
    remedy: str


def explain(error: ErrorDetails, model: type[BaseModel], path: Sequence[str | int]) -> Explained:
    """Translate one entry of `ValidationError.errors()`.

    `path` leads to the faulty field from the top of `model`, without pydantic's union markers.
    """
    kind = error["type"]
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind == "missing":
        return Explained("missing", f"Add a line `{path[-1]}: …`." if path else "Add it.")
    if kind == "extra_forbidden":
        return _unknown_key(str(path[-1]), keys_at(model, path[:-1]))
    if "error" in context:  # a validator's own words
        return split_sentence(str(context["error"]))
    if kind in {"literal_error", "enum"}:
        return _not_one_of(error["input"], _choices(str(context["expected"])))
    if error["input"] is None and kind in _SHAPES:
        return Explained("empty", f"Write {_SHAPES[kind]} here, or take the line out.")
    if kind in _SHAPES:
        return Explained(f"not {_SHAPES[kind]}", f"Write {_SHAPES[kind]}.")
    if kind in _BOUNDS:
        bound, write = _BOUNDS[kind](context)
        return Explained(bound, write)
    said = error["msg"].removeprefix("Input should ").removeprefix("Value should ")
    return Explained(
        f"not accepted: it should {said}" if said != error["msg"] else "not accepted", "Correct the value."
    )


def split_sentence(message: str) -> Explained:
    """Read a validator's `ValueError("what is wrong. What to do.")` as its two halves."""
    problem, stop, remedy = message.partition(". ")
    return Explained(problem.removesuffix("."), remedy if stop else "Correct the value.")


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word that `word` was probably meant to be, or None."""
    found = get_close_matches(word, known, n=1, cutoff=_NEAREST_CUTOFF)
    return found[0] if found else None


def keys_at(model: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys that a file may use at `path`, in the order the model declares them."""
    models = {model: None}
    for step in path:
        inner: dict[type[BaseModel], None] = {}
        for candidate in models:
            field = _field(candidate, step) if isinstance(step, str) else None
            # A list position or a free key leads into the same models that the annotation around it named.
            inner.update(_models(field.annotation) if field else {candidate: None})
        models = inner
    return tuple(
        dict.fromkeys(field.alias or name for known in models for name, field in known.model_fields.items()),
    )


def _field(model: type[BaseModel], key: str) -> Any:
    return next((field for name, field in model.model_fields.items() if key in {field.alias, name}), None)


def _models(annotation: Any) -> dict[type[BaseModel], None]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation: None}
    found: dict[type[BaseModel], None] = {}
    for argument in get_args(annotation):
        found.update(_models(argument))
    return found


def _unknown_key(key: str, known: Sequence[str]) -> Explained:
    meant = nearest(key, known)
    if key in known:  # there are sections of several kinds here, and it belongs to one of another
        return Explained("does not belong here", "Take it out.")
    if meant:
        return Explained("unknown key", f"Did you mean `{meant}`?")
    return Explained("unknown key", f"Take it out; known here: {', '.join(known)}." if known else "Take it out.")


def _not_one_of(given: object, choices: Sequence[str]) -> Explained:
    listed = _either(choices)
    meant = nearest(given, choices) if isinstance(given, str) else None
    return Explained(f"not one of {listed}", f"Did you mean `{meant}`?" if meant else f"Write {listed}.")


def _choices(expected: str) -> tuple[str, ...]:
    """Take pydantic's "'low', 'medium' or 'high'" apart."""
    return tuple(word.strip(" '") for word in expected.replace(" or ", ", ").split(", "))


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


_LIST = "a list (one `- …` a line)"
_WHOLE = "a whole number"
_NUMBER = "a number"
_YES_NO = "true or false"
_SECTION = "a section of `key: value` lines"
_SHAPES: Mapping[str, str] = {
    "string_type": "text",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "a finite number",
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "dict_type": _SECTION,
    "mapping_type": _SECTION,
    "model_type": _SECTION,
    "model_attributes_type": _SECTION,
    "path_type": "a path",
    "date_from_datetime_parsing": "a date such as 2026-01-31",
    "url_parsing": "an address such as http://127.0.0.1:4318",
}

_Bound = Callable[[Mapping[str, Any]], tuple[str, str]]
_BOUNDS: Mapping[str, _Bound] = {
    "greater_than": lambda c: (f"too small: it must be more than {c['gt']}", f"Write more than {c['gt']}."),
    "greater_than_equal": lambda c: (f"too small: at least {c['ge']}", f"Write {c['ge']} or more."),
    "less_than": lambda c: (f"too large: it must be less than {c['lt']}", f"Write less than {c['lt']}."),
    "less_than_equal": lambda c: (f"too large: at most {c['le']}", f"Write {c['le']} or less."),
    "string_too_short": lambda c: (f"too short: at least {c['min_length']} characters", "Write more."),
    "string_too_long": lambda c: (f"too long: at most {c['max_length']} characters", "Shorten it."),
    "string_pattern_mismatch": lambda c: ("not in the expected form", f"The form is `{c['pattern']}`."),
    "too_short": lambda c: (f"too few entries: at least {c['min_length']}", "Add entries."),
    "too_long": lambda c: (f"too many entries: at most {c['max_length']}", "Take entries out."),
}
