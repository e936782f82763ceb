"""The operations DingTalk has published: what it may be asked, whether or not anybody described it further.

In:    a list of them, one a line; the one that comes with Cerco is `catalogue.txt` beside this file.
Out:   `Catalogue`, asked with method and path.
Never: a part in a verdict. An operation that is not listed is read like any other; it is news, and that is all.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from cerco.dingtalk.from_sdk import Operation
from cerco.dingtalk.paths import ANY, Paths

PACKAGED = Path(__file__).with_name("catalogue.txt")

_METHOD = re.compile(r"[A-Z]+|\*")
_TEMPLATE = re.compile(r"/\S*")


class CatalogueError(ValueError):
    """A line that is not `METHOD /path/{template} name name …`; `line` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(line, problem)
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}"


class Catalogue:
    """Published operations, by method and path.

    Operations without a method of their own, of which only the path was published, are listed under "*".
    """

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self._paths: Paths[str] = Paths()
        self._keys: dict[str, frozenset[str]] = {}
        self._size = 0
        for operation in operations:
            self._size += self._paths.add(operation.method, operation.template, operation.template)
            keys = self._keys.get(operation.template)
            self._keys[operation.template] = keys | operation.keys if keys else operation.keys

    def __len__(self) -> int:
        return self._size

    @classmethod
    def load(cls, text: str | None = None) -> Self:
        """Read a list, by default the one that comes with Cerco.

        Raises:
            CatalogueError: a line is not an operation.
        """
        return cls(parse(PACKAGED.read_text("utf-8") if text is None else text))

    def known(self, method: str, path: str) -> str | None:
        """Return the template that a request's path (without query) fits, or None."""
        return self._paths.find(method, path)

    def keys(self, template: str) -> frozenset[str]:
        """Return the names that fields of its bodies may have, at any depth; empty where none were published."""
        return self._keys.get(template, frozenset())


def parse(text: str) -> list[Operation]:
    """Read the lines of a catalogue; those that begin with "#" and empty ones say nothing.

    Raises:
        CatalogueError: a line is not an operation.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        method, template, *keys = (*line.split(), "", "")[: max(2, len(line.split()))]
        if not _METHOD.fullmatch(method):
            raise CatalogueError(number, f"{method!r} is not a method")
        if not _TEMPLATE.fullmatch(template):
            raise CatalogueError(number, "a path must follow the method")
        found.append(Operation(method, template, frozenset(keys)))
    return found


def written(operations: Iterable[Operation], remark: str) -> str:
    """Return the text of a catalogue, in an order in which a later one differs only where it is different."""
    lines = sorted((operation.template, operation.method, " ".join(sorted(operation.keys))) for operation in operations)
    return "".join(
        [f"# {line}\n" for line in remark.splitlines()]
        + [f"{method} {template} {keys}".rstrip() + "\n" for template, method, keys in lines]
    )


def renewed(listed: Iterable[Operation], published: Iterable[Operation]) -> list[Operation]:
    """Return what an SDK lists together with what it does not cover: the operations without a method."""
    return [*published, *(operation for operation in listed if operation.method == ANY)]
