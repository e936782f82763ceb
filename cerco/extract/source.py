"""What every reader is given: bytes, where they stand, and how far the whole file may still go.

In:    nothing; these are values, and one budget that all readers of a file draw on.
Out:   `Source`, `Budget`, `ReadError`.
Never: content in a `repr` or in an exception.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cerco.extract.place import place
from cerco.extract.text import Limits, Text, Unreadable, Why

type Item = Text | Unreadable
type Opener = Callable[["Source"], Iterator[Item]]


class ReadError(ValueError):
    """A reader cannot go on with what it was given; `why` is all it says."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(slots=True)
class Budget:
    """What one file, with everything inside it, has used of its limits. Readers report as they go, not from headers."""

    limits: Limits
    clock: Callable[[], float] | None = field(default=None, repr=False)  # seconds; None: looking may take for ever
    expanded: int = 0
    entries: int = 0
    pages: int = 0
    cells: int = 0
    pictures: int = 0
    looked: float = 0.0  # seconds
    known: set[bytes] = field(default_factory=set, repr=False)  # digests of the pictures looked at

    @property
    def spent(self) -> bool:
        """Tell whether nothing more may come out of any decompressor."""
        return self.expanded > self.limits.expanded

    def expand(self, size: int) -> None:
        """Count `size` bytes that came out of a decompressor."""
        self.expanded += size
        if self.expanded > self.limits.expanded:
            raise ReadError(Why.TOO_LARGE)

    def enter(self) -> None:
        """Count one member of a container."""
        self.entries += 1
        if self.entries > self.limits.entries:
            raise ReadError(Why.TOO_MANY)

    def turn(self) -> None:
        """Count one page."""
        self.pages += 1
        if self.pages > self.limits.pages:
            raise ReadError(Why.TOO_MANY)

    def fill(self, cells: int) -> None:
        """Count cells of a sheet."""
        self.cells += cells
        if self.cells > self.limits.cells:
            raise ReadError(Why.TOO_MANY)

    @property
    def looks(self) -> bool:
        """Tell whether another picture may be looked at."""
        return self.pictures < self.limits.pictures and self.looked < self.limits.ocr_seconds

    @contextmanager
    def look(self) -> Iterator[Callable[[], bool]]:
        """Count a picture, and the time it is looked at; gives a question that says whether that time is over."""
        if not self.looks:
            raise ReadError(Why.NOT_READ)
        self.pictures += 1
        if self.clock is None:
            yield lambda: False
            return
        clock, began, left = self.clock, self.clock(), self.limits.ocr_seconds - self.looked
        try:
            yield lambda: clock() - began >= left
        finally:
            self.looked += clock() - began


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to be read, the names that lead to them, and the containers around them."""

    data: bytes = field(repr=False)
    steps: tuple[str, ...] = field(repr=False)
    budget: Budget = field(repr=False)
    depth: int = 0

    def place(self, *more: str) -> str:
        """Return where this is, or where something inside it is, for people."""
        return place(*self.steps, *more) if self.steps or more else "content"

    def gap(self, why: Why, *more: str) -> Unreadable:
        """Say that this, or something inside it, was not read."""
        return Unreadable(self.place(*more), why, 0 if more else len(self.data))

    def within(self, data: bytes, *steps: str) -> "Source":
        """Return the source for something that stands inside this one."""
        return Source(data, (*self.steps, *steps), self.budget, self.depth + 1)

    def beside(self, data: bytes) -> "Source":
        """Return the source for another stretch of the same bytes: same name, same depth."""
        return Source(data, self.steps, self.budget, self.depth)
