"""Choose the parts that make a file: in order, without a gap, and of each the version that is meant.

In:    what is known of an upload's parts.
Out:   the parts in the order they make the file, or None where one is missing.
Never: a part's bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

# Different bytes kept for one part. A client sends a part again because the answer got lost, and so the same bytes.
VERSIONS = 2
# Ways in which two versions of neighbouring parts can meet: both newest, both oldest, one of each.
READINGS = 2 * VERSIONS


@dataclass(frozen=True, slots=True)
class Part:
    """One version of a part: its number or offset, its size in bytes, its checksum and the file that holds it."""

    number: int
    size: int
    etag: bytes
    file: str


def sequence(
    parts: Mapping[int, Sequence[Part]],
    listed: Sequence[tuple[int, str]] | None,
    total: int | None,
    etag: Callable[[str], bytes],
    reading: int,
) -> list[Part] | None:
    """Choose the parts by number; None where one is missing. Numbers that nobody lists begin at 0 or 1."""
    if listed is None:
        numbers = sorted(parts)
        first = numbers[0] if numbers else 0
        complete = first in {0, 1} and numbers == list(range(first, first + len(numbers)))
        if not complete or len(numbers) < (total or 0):
            return None
        listed = [(number, "") for number in numbers]
    chosen = list[Part]()
    for place, (number, tag) in enumerate(listed):
        versions = parts.get(number)
        if not versions:
            return None
        meant = [part for part in versions if part.etag == etag(tag)] if len(versions) > 1 else []
        chosen.append(_pick(meant or versions, place, reading))
    return chosen


def chain(parts: Mapping[int, Sequence[Part]], appended: int, reading: int) -> list[Part] | None:
    """Choose the parts that lead from the start without a gap to the one at this offset; None where there is one."""
    chosen = list[Part]()
    candidates: Sequence[Part] = parts.get(appended, ())
    while candidates:
        part = _pick(candidates, len(chosen), reading)
        chosen.append(part)
        if part.number == 0:
            return chosen[::-1]
        before = [other for versions in parts.values() for other in versions]
        candidates = [other for other in before if other.size and other.number + other.size == part.number]
    return None


def _pick(versions: Sequence[Part], place: int, reading: int) -> Part:
    """Choose among the versions of a part, the newest of which stands first."""
    oldest = (False, True, place % 2 == 1, place % 2 == 0)[reading]
    return versions[-1 if oldest else 0]
