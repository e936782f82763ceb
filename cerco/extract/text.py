"""The nouns of the second room: text that was read, and what could not be read.

In:    nothing; these are values.
Out:   `Text`, `Unreadable`, `Why`, `Limits`.
Never: content in a `repr`.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    """Why something could not be read. The policy decides what follows; it is never "no text, so allow"."""

    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    UNKNOWN_FORMAT = "unknown_format"
    MALFORMED = "malformed"
    TIMED_OUT = "timed_out"
    OPAQUE_PROTOCOL = "opaque_protocol"
    UNSEEN = "unseen"  # an upload is published whose bytes never passed this gate


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text with its place, for people: "xlsx > Sheet1"; `role` is "text", "title", "filename" or "header".

    Where lines are something a person can look up, `unit` is what one is called, so that a finding on the third line of
    a list can be shown at "list.csv > line 3". In a sheet lines are rows and tabs part cells: "xlsx > Sheet1 > C3".
    """

    place: str
    content: str = field(repr=False)
    role: str = "text"
    unit: str | None = None  # "line" | "row" | "cell"; None where lines are not counted


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that was not read, where it is, and why."""

    place: str
    why: Why


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a reader may go; sizes in bytes. Past a limit it yields `Unreadable` and goes on with the rest."""

    expanded: int = 256 * 1024 * 1024  # all bytes that decompression may produce for one file
    ratio: int = 200  # expanded : compressed, judged after the first MiB
    depth: int = 5  # containers within containers
    entries: int = 10_000  # members of all containers together
    pages: int = 2_000
    cells: int = 2_000_000
