"""Find what belongs to a request by its method and path, among thousands of path templates.

In:    templates such as "/v1.0/robot/{code}/send", each with a value.
Out:   the value of the template a path fits; the one with the most literal segments if several do.
Never: a scan through all of them. Time grows with the length of the path, not with the number of templates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

# What stands for one whole segment, or for some of one, in a template.
_PLACEHOLDER = re.compile(r"\{[^{}/]*\}")
# The method under which a value is kept that belongs to every method.
ANY = "*"


@dataclass(slots=True)
class _Branch[T]:
    """The templates that share their first segments."""

    literal: dict[str, "_Branch[T]"] = field(default_factory=dict)
    partly: list[tuple[re.Pattern[str], "_Branch[T]"]] = field(default_factory=list)
    whole: "_Branch[T] | None" = None  # behind a segment that may be anything
    values: dict[str, T] = field(default_factory=dict)  # by method


class Paths[T]:
    """Values by method and path template. Empty segments do not count: "/a//b/" is "/a/b", as servers have it."""

    def __init__(self) -> None:
        self._root: _Branch[T] = _Branch()

    def add(self, method: str, template: str, value: T) -> bool:
        """Keep a value for a template, "*" standing for any method; False if there is one already."""
        branch = self._root
        for segment in _segments(template):
            branch = _below(branch, segment)
        if method in branch.values:
            return False
        branch.values[method] = value
        return True

    def find(self, method: str, path: str) -> T | None:
        """Return the value for a path as it stands in a request, without its query; None if no template fits.

        Placeholders match escaped slashes, too: first segments are split and then unescaped, then the other way round.
        """
        found = _find(self._root, tuple(unquote(segment) for segment in _segments(path)), 0, method)
        if found is None and "%2f" in path.lower():
            found = _find(self._root, tuple(_segments(unquote(path))), 0, method)
        return found


def _segments(path: str) -> Iterator[str]:
    return (segment for segment in path.split("/") if segment)


def _below[T](branch: _Branch[T], segment: str) -> _Branch[T]:
    if not _PLACEHOLDER.search(segment):
        return branch.literal.setdefault(segment, _Branch())
    if _PLACEHOLDER.fullmatch(segment):
        branch.whole = branch.whole or _Branch()
        return branch.whole
    pattern = re.compile(".+".join(re.escape(piece) for piece in _PLACEHOLDER.split(segment)), re.DOTALL)
    for known, below in branch.partly:
        if known.pattern == pattern.pattern:
            return below
    branch.partly.append((pattern, _Branch()))
    return branch.partly[-1][1]


def _find[T](branch: _Branch[T], segments: tuple[str, ...], at: int, method: str) -> T | None:
    if at == len(segments):
        return branch.values.get(method, branch.values.get(ANY))
    segment = segments[at]
    ways = [branch.literal.get(segment), *(below for known, below in branch.partly if known.fullmatch(segment))]
    for below in (*ways, branch.whole):
        if below is not None and (found := _find(below, segments, at + 1, method)) is not None:
            return found
    return None
