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
    NOT_READ = "not_read"  # a picture that was not looked at: the site does not want it, or its time was over
    UNSEEN = "unseen"  # an upload is published whose bytes never passed this gate


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text with its place, for people: "xlsx > Sheet1"; `role` is "text", "title", "filename" or "header".

    Where lines are something a person can look up, `unit` is what one is called, so that a finding on the third line of
    a list can be shown at "list.csv > line 3". In a sheet lines are rows and tabs part cells: "xlsx > Sheet1 > C3".
    `about` is what stands above the text and says what it is about: the names of its file and sheet, or the message
    before it.

    A long text comes in pieces, one after the other and all with the same place. A later piece brings the first lines
    of the whole, where a table has the names of its columns, and begins with the last words of the piece before it, so
    that nothing is out of sight of its label.
    """

    place: str
    content: str = field(repr=False)
    role: str = "text"
    unit: str | None = None  # "line" | "row" | "cell"; None where lines are not counted
    about: str = field(default="", repr=False)
    head: str = field(default="", repr=False)  # of a later piece: the first lines of the whole
    line: int = 1  # of the whole, that `content` begins with
    lead: int = 0  # characters at the beginning that the piece before has shown; what ends in them was found there

    @property
    def is_later(self) -> bool:
        """Tell whether this goes on with the text before it."""
        return self.line > 1 or self.lead > 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that was not read, where it is, and why; `size` is in bytes, 0 where it is not known."""

    place: str
    why: Why
    size: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a reader may go; sizes in bytes. Past a limit it yields `Unreadable` and goes on with the rest."""

    expanded: int = 256 * 1024 * 1024  # all bytes that decompression may produce for one file
    ratio: int = 200  # expanded : compressed, judged after the first MiB
    depth: int = 5  # containers within containers
    entries: int = 10_000  # members of all containers together
    pages: int = 2_000
    cells: int = 2_000_000
    pictures: int = 200  # that are looked at in one file; 0 where the site does not want that
    pixels: int = 40_000_000  # of one picture, unpacked; it takes 3 bytes for each
    ocr_seconds: float = 10.0  # of looking at pictures, for one file; where there is a clock
    window: int = 128 * 1024 * 1024  # memory that one decompressor may ask for
    piece: int = 1024 * 1024  # characters of a text that are handed on at a time
