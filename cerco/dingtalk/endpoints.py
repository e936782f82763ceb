"""Know the requests by which content leaves: the shape of `rules/dingtalk/endpoints.yaml`.

In:    the file, already parsed to plain data.
Out:   `Endpoints`, asked with method, path and channel, or with the name of a call.
Never: a limit to what is read. A request in no row is read whole, too; only what its fields mean is then guessed.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from cerco.dingtalk.outbound import Channel, Role
from cerco.dingtalk.paths import Paths
from cerco.dingtalk.surfaces import Field, Surface

# Stands for every call of a channel that no row names.
EVERY = "*"

_LINE = re.compile(r"[A-Z]+(\|[A-Z]+)* /\S*")
_PATH = re.compile(r"=?(?:\*|[^\s.*=\[\]]+)(?:\[\])*(?:\.(?:\*|[^\s.*=\[\]]+)(?:\[\])*)*")
_ROLES = {"text": Role.TEXT, "title": Role.TITLE, "file name": Role.FILENAME}
_MARKS = frozenset({"tag", "heading"})
_STEP = re.compile(r"\[\]|\.|\*|[^.*\[\]]+")
# How a step of a field's path looks in the place of a leaf; " > " is where JSON begins in a string.
_AT = {"[]": r"(?: > )?\[\d+\]", ".": r"(?: > |\.)", "*": r"\S.*?"}
# The old gateway's names for calls of oapi: "dingtalk.oapi.processinstance.create" is /topapi/processinstance/create.
_TOP = "dingtalk.oapi."


def _field(value: object) -> Field:
    words = [word.strip() for word in value.split(",")] if isinstance(value, str) else []
    role = _ROLES.get(words[0]) if words else None
    marks = words[1:]
    if role is None or not set(marks) <= _MARKS or len(set(marks)) < len(marks):
        raise ValueError(
            "does not say what the field is. Write text, title or file name, and after a comma `tag` where users see "
            "a label in it, `heading` where its first line is one."
        )
    return Field(role, tag="tag" in marks, heading="heading" in marks)


def _line(value: str) -> str:
    if not _LINE.fullmatch(value):
        raise ValueError("is not a request line. Write it as `POST /v1.0/robot/{code}/send`, with braces for ids.")
    return value


def _path(value: str) -> str:
    if not _PATH.fullmatch(value):
        raise ValueError("is not the name of a field. Write it as `msg.links[].title`, with * for a name that varies.")
    return value


def _row(value: str) -> str:
    if not _path(value).endswith(("[]", "*")):
        raise ValueError("does not name the cells of a row. End it with [] or *, as in `values[][]`.")
    return value


type What = Annotated[Field, BeforeValidator(_field, json_schema_input_type=str)]
type Line = Annotated[str, AfterValidator(_line)]
type FieldPath = Annotated[str, AfterValidator(_path)]
type RowPath = Annotated[str, AfterValidator(_row)]
type Dialect = Literal["oapi", "api", "oss", "lwp", "stream", "mcp", "other"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Family(_Section):
    """Requests that are read in the same way. Everything but the name has a default that says nothing."""

    operation: str
    channel: Dialect
    match: tuple[Line, ...] = ()
    calls: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    fields: dict[FieldPath, What] = {}
    rows: tuple[RowPath, ...] = ()
    conversation: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    completes: bool = False
    files: bool = False
    media_is_object: bool = False
    limit: int | None = None
    refusal: Dialect | None = None

    @model_validator(mode="after")
    def _can_occur(self) -> Self:
        if not (self.match or self.calls):
            raise ValueError("describes no request. Add `match` with a request line, or `calls` with a name.")
        return self


class Endpoints(_Section):
    """The shape of `rules/dingtalk/endpoints.yaml`: families, and what is said once for all of them."""

    # Names of fields, best first; a family that has its own list goes by that alone.
    conversation: tuple[str, ...] = (
        "openConversationId", "open_conversation_id", "target_open_conversation_id", "targetOpenConversationId",
        "conversationId", "toConversationId", "chatid", "cid",
    )  # fmt: skip
    account: tuple[str, ...] = ("unionId", "robotCode", "senderId", "sender", "agent_id", "agentid", "openUserId")
    recipients: tuple[str, ...] = ()
    shapes: dict[str, dict[FieldPath, What]] = {}
    families: tuple[Family, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        operations = set[str]()
        for family in self.families:
            if family.operation in operations:
                raise ValueError(f"the operation {family.operation} stands twice. Put its lines into one family.")
            operations.add(family.operation)
            if missing := [shape for shape in family.shapes if shape not in self.shapes]:
                raise ValueError(f"{family.operation}: there is no shape {missing[0]}. Name one of `shapes`.")
        list(self._compiled)
        return self

    def find(self, method: str, path: str, channel: Channel) -> Surface:
        """Return what is known of a request; `path` as it stands in the request, without its query.

        A DingTalk host that no channel list names may be any of them, so there all rows count.
        """
        order = tuple(self._compiled) if channel is Channel.OTHER else (channel,)
        found = (self._compiled[one][0].find(method, path) for one in order if one in self._compiled)
        return next((surface for surface in found if surface is not None), self.generic)

    def call(self, name: str, channel: Channel) -> Surface | None:
        """Return what is known of a call that a body or query names: a method, a tool, the uri of a frame."""
        paths, calls = self._compiled.get(channel, (None, {}))
        if (surface := calls.get(name, calls.get(EVERY))) is not None:
            return surface
        if paths is not None and name.startswith(_TOP):
            return paths.find("POST", f"/topapi/{name.removeprefix(_TOP).replace('.', '/')}")
        return None

    def limit_of(self, operation: str) -> int | None:
        """Return the most bytes of UTF-8 a message of that operation may have; None where DingTalk sets no limit."""
        return self._limits.get(operation)

    @cached_property
    def generic(self) -> Surface:
        """Return what holds for a request in no row."""
        return Surface("generic", conversation=self.conversation, account=self.account, recipients=self.recipients)

    @cached_property
    def _limits(self) -> Mapping[str, int | None]:
        return {family.operation: family.limit for family in self.families}

    @cached_property
    def _compiled(self) -> Mapping[Channel, tuple[Paths[Surface], dict[str, Surface]]]:
        tables: dict[Channel, tuple[Paths[Surface], dict[str, Surface]]] = {}
        for family in self.families:
            paths, calls = tables.setdefault(Channel(family.channel), (Paths(), {}))
            surface = self._surface(family)
            for line in family.match:
                methods, _, template = line.partition(" ")
                if not all(paths.add(method, template, surface) for method in methods.split("|")):
                    raise ValueError(f"{family.operation}: {line} stands twice. Leave it to one family.")
            for name in family.calls:
                if calls.setdefault(name, surface) is not surface:
                    raise ValueError(f"{family.operation}: the call {name} stands twice. Leave it to one family.")
        return tables

    def _surface(self, family: Family) -> Surface:
        fields: dict[str, Field] = {}
        for shape in family.shapes:
            fields |= self.shapes[shape]
        fields |= family.fields
        return Surface(
            family.operation,
            {path: known for path, known in fields.items() if "*" not in path},
            tuple(_patterns(fields)),
            tuple(_cells(path) for path in family.rows),
            family.conversation or self.conversation,
            family.account or self.account,
            family.recipients or self.recipients,
            completes=family.completes,
            files=family.files,
            limit=family.limit,
            media_is_object=family.media_is_object,
            refusal=Channel(family.refusal) if family.refusal else None,
        )


def _patterns(fields: Mapping[str, Field]) -> Iterator[tuple[re.Pattern[str], Field]]:
    """Compile the paths with a free name in them; such a name may hold dots."""
    for path, known in fields.items():
        if "*" in path:
            tail = re.escape(path.removeprefix("=")).replace(r"\*", ".+")
            yield re.compile(tail if path.startswith("=") else rf"(?:.*\.)?{tail}", re.DOTALL), known


def _cells(path: str) -> re.Pattern[str]:
    """Compile the path of a row's cells to match their places; a cell that is an object has fields of its own."""
    steps = _STEP.findall(path.removeprefix("="))
    cell = 1 if path.endswith("[]") else 2
    row, last = ("".join(_AT.get(step) or re.escape(step) for step in some) for some in (steps[:-cell], steps[-cell:]))
    return re.compile(rf"(?P<row>(?:.*[ .])?{row}){last}(?:[. >\[].*)?", re.DOTALL)
