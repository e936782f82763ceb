"""Hyperscan automata, which take seconds to build and no time to load.

In:    regular expressions and their flags; a shelf, if this process has one.
Out:   the automaton, from the shelf where it lies there.
Never: an automaton of other expressions, of another release of Hyperscan or for another processor: then it is built.
"""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol

import hyperscan

_RELEASE = version("hyperscan")


class Shelf(Protocol):
    """Where this process keeps what took long to make; what it cannot keep is made again."""

    def get(self, name: str) -> bytes | None:
        """Return what was kept under a name, or None."""

    def put(self, name: str, data: bytes) -> None:
        """Keep something under a name, if that is possible."""


class _NoShelf:
    """Keeps nothing."""

    def get(self, name: str) -> bytes | None:  # noqa: ARG002 - the shape of Shelf
        return None

    def put(self, name: str, data: bytes) -> None:
        """Keep nothing."""


NO_SHELF: Shelf = _NoShelf()
_shelf = NO_SHELF


def keep_on(shelf: Shelf) -> None:
    """Keep this process's automata on a shelf from now on."""
    global _shelf  # noqa: PLW0603 - what is kept between runs is this process's, like its caches
    _shelf = shelf


def automaton(expressions: Sequence[bytes], flags: Sequence[int]) -> hyperscan.Database:
    """Return the automaton of the expressions, in block mode; a match names an expression by its place in the list.

    Raises:
        hyperscan.HyperscanError: one of them is none that Hyperscan can take.
    """
    described = repr((_RELEASE, hyperscan.HS_MODE_BLOCK, list(expressions), list(flags)))
    name = f"automaton-{hashlib.sha256(described.encode()).hexdigest()}"
    if (kept := _shelf.get(name)) is not None:
        try:
            return hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK)
        except hyperscan.HyperscanError:
            pass  # of another processor, or damaged
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=list(expressions), ids=list(range(len(expressions))), flags=list(flags))
    _shelf.put(name, hyperscan.dumpb(database))
    return database
