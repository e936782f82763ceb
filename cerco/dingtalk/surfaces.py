"""What one kind of request is to its reader: what it is called, and what its fields are.

In:    the fields of a request, by name.
Out:   their roles: as the kind of request has it, or guessed from the name where it says nothing.
Never: what is read. Every string is read anyway; a `Surface` only says what it is and whether it can be tagged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cerco.dingtalk.outbound import Channel, Role


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is: its role, whether a label in it is seen by DingTalk users, whether it starts with a heading."""

    role: Role
    tag: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Surface:
    """One kind of request.

    `fields` is keyed by the tail of a field's full name; a leading "=" makes it the whole name. `patterns` are tails
    with a free name in them. `rows` match the places of cells; their group "row" is what the cells of a row share.
    `conversation`, `account` and `recipients` are names of fields, the first that a request has counts.
    `completes`: it publishes an upload whose bytes passed earlier. `files`: the name of a multipart file can be tagged.
    `limit`: most bytes of UTF-8 the message may have, None where DingTalk sets no limit.
    `refusal`: the language to refuse it in, where that is not its host's.
    """

    operation: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], Field], ...] = ()
    rows: tuple[re.Pattern[str], ...] = ()
    conversation: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    completes: bool = False
    files: bool = False
    limit: int | None = None
    media_is_object: bool = False  # mediaId is the stored object's path
    refusal: Channel | None = None

    def field(self, name: str) -> Field | None:
        """Return what is known of a field, by its full name with "[]" for list positions."""
        if (exact := self.fields.get(f"={name}")) is not None:
            return exact
        tail = name
        while tail and self.fields:
            if (found := self.fields.get(tail)) is not None:
                return found
            tail = tail.partition(".")[2]
        return next((found for pattern, found in self.patterns if pattern.fullmatch(name)), None)


_FILE_FIELDS = frozenset(
    {"filename", "file_name", "f_name", "newfilename", "newname", "resourcename", "attachmentname", "imagename"}
)
_TITLE_FIELDS = frozenset({"title", "subject", "name", "heading", "summary"})
_EXTENSION = re.compile(r".{1,250}\.[A-Za-z0-9]{1,5}", re.DOTALL)


def role_by_name(name: str, text: str) -> Role:
    """Guess what a field is from what it is called, where nothing else is known of it."""
    last = name.rpartition(".")[2].replace("[]", "").lower()
    if last in _FILE_FIELDS:
        return Role.FILENAME
    if last in _TITLE_FIELDS:
        return Role.FILENAME if last == "name" and _EXTENSION.fullmatch(text) else Role.TITLE
    return Role.TEXT
