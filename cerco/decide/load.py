"""The text of a YAML file -> a checked model, or every fault in it with its line and its remedy.

In:    text, the file's name for messages, and the pydantic model that is the file's shape.
Out:   the model; or `RuleErrors`, all faults at once, in the order of their lines.
Never: a value guessed by YAML: scalars reach pydantic as the text that was written, so `no` stays "no"; and `010` and
       `22:30`, which other programs read as 8 and 1350, are refused. Never an alias followed, a tag obeyed or a
       duplicate key dropped.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Self

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cerco.decide.explain import explain

type Path = tuple[str | int, ...]
"""Keys and positions that lead to a value: ("decisions", 3, "when", "channels")."""

MAX_CHARACTERS = 4 * 1024 * 1024  # a rule file is a few KiB; the largest lists stay far below
MAX_DEPTH = 32  # the deepest file we ship goes six levels down

# What a plain scalar must read to mean "nothing"; YAML 1.1 and 1.2 agree on these.
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# What YAML 1.1 reads as a number in base 8, 2, 16 or 60 where a person wrote something else, or may have.
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+|[-+]?0[bxo][0-9A-Fa-f_]+")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.2, 5.1


class RuleError(ValueError):
    """One fault in a file that people write: where it is, what is wrong, what to do.

    `line` counts from 1; `where` is the rule, decision or section; `field` is the path below it ("examples[2]").
    """

    def __init__(self, file: str, line: int, where: str, field: str, problem: str, remedy: str) -> None:  # noqa: PLR0917  # pickle rebuilds it by position
        super().__init__(file, line, where, field, problem, remedy)
        self.file = file
        self.line = line
        self.where = where
        self.field = field
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        place = ": ".join(name for name in (self.where, self.field) if name)
        return f"{self.file}:{self.line}: {place}: {self.problem}. {self.remedy}"


class RuleErrors(ExceptionGroup[RuleError]):
    """All faults of one load, by file and line; `str()` gives one line each."""

    def __new__(cls, errors: Iterable[RuleError]) -> Self:
        """Sort the faults; raises ValueError when there are none."""
        ordered = sorted(errors, key=lambda error: (error.file, error.line))
        return super().__new__(cls, "1 fault" if len(ordered) == 1 else f"{len(ordered)} faults", ordered)

    @property
    def faults(self) -> tuple[RuleError, ...]:
        """The faults themselves, in order."""
        return tuple(error for error in self.exceptions if isinstance(error, RuleError))

    def derive(self, excs: Sequence[RuleError], /) -> "RuleErrors":  # type: ignore[override]  # typeshed wants every exception type accepted; this group holds one
        """Let `except*` and `split` keep the type."""
        return RuleErrors(excs)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.exceptions)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault found in a model after it was loaded: the path to it, without the line, which the text knows."""

    path: Path
    problem: str
    remedy: str


def load[M: BaseModel](text: str, file: str, model: type[M], *, where: str | None = None) -> M:
    """Read YAML `text` as `model`.

    Args:
        text: the file's content; at most `MAX_CHARACTERS`.
        file: its name as users know it, for messages only; nothing is opened.
        model: the shape. Fields get the scalar's text; pydantic's lax mode types it.
            A validator may raise ValueError("what is wrong. What to do.").
        where: what to call the document in messages; its `id`, or else the file's stem, if None.

    Raises:
        RuleErrors: every fault of the file, in line order.
    """
    document = _parse(text, file, where)
    faults = list(document.faults)
    checked: M | None = None
    try:
        checked = model.model_validate(document.data)
    except ValidationError as error:
        # Pydantic's own text quotes the input, so it is neither shown nor chained.
        details = error.errors(include_url=False)
        said = [_translate(detail, model, document) for detail in details if not _follows(detail, details)]
        known = {(fault.line, fault.where, fault.field) for fault in faults}  # an alias is not also "empty"
        faults += [fault for fault in said if (fault.line, fault.where, fault.field) not in known]
    if checked is None or faults:
        raise RuleErrors(faults)
    return checked


def locate(text: str, file: str, faults: Iterable[Fault], *, where: str | None = None) -> tuple[RuleError, ...]:
    """Give faults that were found after loading the lines they stand on in `text`, in line order.

    Raises:
        RuleErrors: `text` is not the YAML that was loaded.
    """
    document = _parse(text, file, where)
    errors = [_error(document, fault, document.line(fault.path)) for fault in faults]
    return tuple(sorted(errors, key=lambda error: error.line))


@dataclass(frozen=True, slots=True)
class _Document:
    """Plain data, the line of every path in it, and what was wrong with the YAML itself."""

    file: str
    name: str
    data: dict[str, Any]
    lines: dict[Path, int]
    faults: tuple[RuleError, ...] = ()

    def line(self, path: Path) -> int:
        """Return the line of `path`, or of the nearest thing around it that exists."""
        return next(self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines)


def _parse(text: str, file: str, where: str | None) -> _Document:
    name = where or PurePath(file).stem

    def refuse(line: int, problem: str, remedy: str) -> RuleErrors:
        return RuleErrors([RuleError(file, line, name, "", problem, remedy)])

    if len(text) > MAX_CHARACTERS:
        raise refuse(1, f"longer than {MAX_CHARACTERS:,} characters", "Split the file.")
    reader = _Reader(text)
    try:
        data = reader.read()
    except _TooDeepError as error:
        raise refuse(error.line, f"nested more than {MAX_DEPTH} deep", "Flatten it.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise refuse(line, f"not YAML: {error.problem or error.context}", "Check indentation and quotes.") from None
    except (yaml.YAMLError, UnicodeEncodeError):
        # The parser names the place in bytes of its own encoding; the line is found again in the text.
        line = next((number for number, row in enumerate(text.split("\n"), 1) if _UNPRINTABLE.search(row)), 1)
        raise refuse(line, "a character that no text file holds", "Delete the line and type it again.") from None
    if data is None and not reader.faults:
        raise refuse(1, "the file is empty", "Fill it in, or remove it.")
    if not isinstance(data, dict):
        raise refuse(reader.lines[()], "no `key: value` lines", "Write `key: value`, one a line.")
    if where is None and isinstance(data.get("id"), str):
        name = data["id"] or name
    bare = _Document(file, name, data, reader.lines)
    return replace(bare, faults=tuple(_error(bare, fault, line) for fault, line in reader.faults))


class _TooDeepError(Exception):
    """Reading stops here: libyaml's time grows with the square of the depth."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Reader:
    """Turns YAML events into dict, list, str and None, noting lines and faults on the way.

    Events, not nodes: the C composer recurses once per level and a file of brackets overflows its stack.
    """

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self.faults: list[tuple[Fault, int]] = []
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)

    def read(self) -> Any:
        """Return the data of the first document; raises yaml.YAMLError."""
        data = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                line = _line(event)
                if data is None:
                    data = self._value(next(self._events), (), line)
                else:
                    self._skip(next(self._events))
                    self._fault((), line, "a second document (`---`)", "Keep one document a file.")
        return data

    def _value(self, event: Any, path: Path, line: int) -> Any:
        """Return the plain data that begins with `event`; `line` is its key's, or where its list entry begins."""
        self.lines[path] = line
        if isinstance(event, yaml.AliasEvent):
            return self._fault(path, line, "an alias (`*name`)", "Write the value out; aliases are not followed.")
        if event.tag is not None:
            self._skip(event)
            return self._fault(path, line, "a tag (`!name`)", "Take the tag out; values are typed by their field.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, line)
        if len(path) > MAX_DEPTH:
            raise _TooDeepError(line)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _scalar(self, event: Any, path: Path, line: int) -> Any:
        """Return the text of a value, or None; note where other programs would read another one."""
        if not event.implicit[0]:
            return event.value
        if _LEADING_ZERO.fullmatch(event.value):
            self._fault(path, line, "could be read as a number of another base", "Quote it, or drop the leading zero.")
        elif _BASE_60.fullmatch(event.value):
            self._fault(path, line, "could be read as a number of base 60", 'Put it in quotes: "…".')
        return None if event.value in _NULLS else event.value

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), _line(event)))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            line = _line(key)
            if isinstance(key, yaml.ScalarEvent) and key.tag is None and key.value not in data:
                data[key.value] = self._value(next(self._events), (*path, key.value), line)
                continue
            self._skip(key)
            self._skip(next(self._events))
            if isinstance(key, yaml.ScalarEvent) and key.tag is None:
                here = (*path, key.value)
                self._fault(here, line, f"given twice, first in line {self.lines[here]}", "Keep one of the two.")
            else:
                self._fault(
                    path, line, "a key that is not a word", "Write `key: value`; quote a key that holds { or [."
                )
        return data

    def _skip(self, event: Any) -> None:
        """Pass over whatever `event` begins."""
        depth = int(isinstance(event, yaml.CollectionStartEvent))
        while depth:
            event = next(self._events)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _TooDeepError(_line(event))

    def _fault(self, path: Path, line: int, problem: str, remedy: str) -> None:
        self.faults.append((Fault(path, problem, remedy), line))


def _follows(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Whether a list is too short only because its entries are faulty: pydantic counts the good ones."""
    length = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > length and other["loc"][:length] == detail["loc"] for other in details
    )


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _translate(detail: ErrorDetails, model: type[BaseModel], document: _Document) -> RuleError:
    path: Path = ()
    for step in detail["loc"]:
        # What is not in the file is one of pydantic's own markers (a union's branch), except the missing key itself.
        if (*path, step) in document.lines or (detail["type"] == "missing" and step == detail["loc"][-1]):
            path = (*path, step)
    said = explain(detail, model, path)
    return _error(document, Fault(path, said.problem, said.remedy), document.line(path))


def _error(document: _Document, fault: Fault, line: int) -> RuleError:
    """Name the innermost thing around the fault that has an `id` or a `name`, and the field below it."""
    where, field = document.name, ""
    inside: Any = document.data
    for step in fault.path:
        known = isinstance(inside, list if isinstance(step, int) else dict)
        inside = (inside[step] if isinstance(step, int) else inside.get(step)) if known else None
        field += f"[{step}]" if isinstance(step, int) else f".{step}"
        named = (inside.get("id") or inside.get("name")) if isinstance(step, int) and isinstance(inside, dict) else None
        if isinstance(named, str):
            where, field = named, ""
    return RuleError(document.file, line, where, field.removeprefix("."), fault.problem, fault.remedy)
