"""Bytes that are too many for memory: where they lie, and how to read some of them.

In:    a `Store`, which the caller keeps open for as long as they are needed.
Out:   `Held`: a stretch of it, read piece by piece.
Never: all of it at once, unless somebody asks for that; content in a `repr`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

CHUNK = 1024 * 1024  # bytes read at a time


class Store(Protocol):
    """Whatever holds the bytes: a file that has no name."""

    def read(self, at: int, count: int) -> bytes:
        """Return `count` bytes from `at` on. Raises OSError where they are not there, or not any more."""
        ...

    def fileno(self) -> int:
        """Return the number under which this process has it open."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """`size` bytes of a store, from `start` on."""

    store: Store = field(repr=False)
    start: int
    size: int

    def read(self, at: int, count: int) -> bytes:
        """Return bytes from `at` on: `count` of them, or those that are left. Raises as the store does."""
        at = min(max(at, 0), self.size)
        return self.store.read(self.start + at, min(count, self.size - at))

    def whole(self) -> bytes:
        """Return all of it, for callers that know that it is not too much."""
        return self.read(0, self.size)

    def within(self, start: int, end: int) -> "Held":
        """Return the stretch between two offsets."""
        return Held(self.store, self.start + start, end - start)


type Content = bytes | Held
"""The bytes of a file, wherever they are."""


def length(content: Content) -> int:
    """Return how many bytes there are."""
    return content.size if isinstance(content, Held) else len(content)


def chunks(content: Content, size: int = CHUNK) -> Iterator[bytes]:
    """Yield the bytes in order, `size` at a time; the last may be fewer. Nothing for no bytes."""
    for at in range(0, length(content), size):
        yield content.read(at, size) if isinstance(content, Held) else content[at : at + size]
