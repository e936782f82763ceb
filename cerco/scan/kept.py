"""What is kept of what was seen in a text, so that other rules can be asked about it later.

In:    `Seen`, and the site's key.
Out:   plain JSON types, and `Kept` back from them.
Never: a text or a value: of a text its length, its role and where its lines end around what was found; of a value its
       masked sample and keyed fingerprints. Never a name: places are numbers.
"""

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from cerco.extract.text import Text, Unreadable
from cerco.scan.analyzer import Hit
from cerco.scan.combine import LINE, Key, Spot
from cerco.scan.mask import bare, fingerprint
from cerco.scan.ruling import HEADING, Ruling, spot_of
from cerco.scan.seen import Seen

MOST = 3000  # things kept of texts that are looked at together; of the rest it cannot be told what rules make of it
LARGEST = 512 * 1024  # characters of what is kept of texts that are looked at together
ROLES = ("text", "title", "filename", "header", HEADING)

_PLAIN = 12  # hex digits by which equal values are told within one text, whatever they were recognised as
_LONGEST = 64 * 1024 * 1024  # characters; no text that is read is longer


@dataclass(frozen=True, slots=True)
class Sought:
    """What was looked for while something was recorded: entities from which score up, and terms; by role of text."""

    floors: Mapping[str, Mapping[str, float]]
    terms: Mapping[str, frozenset[str]]

    @classmethod
    def by(cls, ruling: Ruling, floors: Callable[[str], Mapping[str, float]]) -> "Sought":
        """Return what is looked for by these rules."""
        names = ruling.terms.names
        terms = {role: frozenset(names[number] for number in ruling.view(role).terms) for role in ROLES}
        return cls({role: dict(floors(role)) for role in ROLES if role != HEADING}, terms)

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON types, the same for the same."""
        floors = {role: dict(sorted(least.items())) for role, least in sorted(self.floors.items())}
        return {"floors": floors, "terms": {role: sorted(names) for role, names in sorted(self.terms.items())}}

    @classmethod
    def from_json(cls, data: Any) -> "Sought":
        """Return what `to_json` was called on; LookupError, TypeError or AttributeError for another shape."""
        floors = {
            role: {str(entity): float(least) for entity, least in data["floors"][role].items()} for role in ROLES[:4]
        }
        return cls(floors, {role: frozenset(map(str, data["terms"][role])) for role in ROLES})


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of one text: `text` has the length of what was sent, and its line ends where they matter.

    The value of a spot is a short keyed print; `prints` leads from an entity and that to the fingerprint of findings.
    """

    text: Text
    portions: Sequence[Sequence[Spot]] | None
    terms: Mapping[str, Sequence[Spot]]
    unsought: frozenset[str]
    unfinished: Mapping[str, str]
    headings: Sequence[tuple[int, int, Mapping[str, Sequence[Spot]]]]
    whole: bool
    prints: Mapping[tuple[str, str], str] = field(repr=False)

    def mark(self, spot: Spot) -> str:
        """Return the keyed fingerprint of what stood at a spot."""
        return self.prints[spot.entity, spot.value]


@dataclass(frozen=True, slots=True)
class Unit:
    """What is kept of texts that were looked at together: those of a message, of a file, or of messages put together.

    `clear` are the roles of texts in which nothing was found of all that was sought, `lost` of those that held too much
    to be kept, `gaps` what the rules of that day did not search to its end. `joins`, of messages put together: by the
    place of a text, where in it the newest message begins.
    """

    kind: str  # "message" | "file" | "joined"
    texts: Sequence[Kept]
    clear: frozenset[str]
    lost: frozenset[str]
    gaps: Sequence[str]
    joins: Mapping[str, int]

    @classmethod
    def read(cls, written: str) -> "Unit":
        """Return what a `Keeper` has written.

        Raises:
            ValueError: it has not that shape. The message names no content.
        """
        try:
            data = json.loads(written)
            return cls(
                str(data["kind"]),
                [_text(one) for one in data.get("texts", ())],
                frozenset(data.get("clear", ())),
                frozenset(data.get("lost", ())),
                [str(why) for why in data.get("gaps", ())],
                {str(place): int(at) for place, at in data.get("joins", {}).items()},
            )
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            raise ValueError("not what is kept of texts") from None


class Keeper:
    """Takes in what is seen in texts that are looked at together, and keeps what may be kept."""

    def __init__(self, ruling: Ruling, key: bytes) -> None:
        self._names = ruling.terms.names
        self._key = key
        self._places: dict[str, int] = {}
        self._left = MOST
        self._texts: list[dict[str, Any]] = []
        self._clear: set[str] = set()
        self._lost: set[str] = set()

    def keep(self, seen: Seen) -> None:
        """Take in one text."""
        heads = [spots for heading in seen.headings for spots in heading.spots.values()]
        groups: list[Sequence[Hit | Spot]] = [*(seen.portions or ()), *seen.spots.values(), *heads]
        self._left -= sum(map(len, groups)) + bool(seen.unsought)
        if self._left < 0:
            self._lost |= {seen.text.role} | ({HEADING} if seen.headings else set())
        elif any(groups) or seen.unsought or seen.unfinished or not seen.whole:
            self._texts.append(self._kept(seen))
        else:
            self._clear |= {seen.text.role} | ({HEADING} if seen.headings else set())

    def write(self, kind: str, gaps: Iterable[Unreadable] = (), joins: Mapping[str, int] = MappingProxyType({})) -> str:
        """Return everything that was kept as JSON, of at most `LARGEST` characters; see `Unit`."""
        data = {
            "kind": kind,
            "texts": self._texts,
            "clear": sorted(self._clear),
            "lost": sorted(self._lost),
            "gaps": [gap.why.value for gap in gaps],
            "joins": {str(self._place(place)): at for place, at in joins.items()},
        }
        written = _dump(data)
        if len(written) > LARGEST:
            lost = {*self._lost, HEADING, *(text["role"] for text in self._texts)}
            written = _dump({**data, "texts": [], "lost": sorted(lost), "joins": {}})
        return written

    def _place(self, name: str) -> int:
        return self._places.setdefault(name, len(self._places))

    def _kept(self, seen: Seen) -> dict[str, Any]:
        """Return what is kept of one text; members that hold nothing are left out."""
        text, table = seen.text, _Table(self._key)
        portions = [[table.row(spot_of(hit)) for hit in hits] for hits in seen.portions or () if hits]
        near: list[Hit | Spot] = [hit for hits in seen.portions or () for hit in hits]
        near += [spot for spots in seen.spots.values() for spot in spots]
        data = {
            "role": text.role,
            "at": self._place(text.place),
            "length": len(text.content),
            "lead": text.lead,
            "breaks": _differences(_line_ends(text.content, near)),
            "portions": portions,
            "terms": self._terms(seen.spots, table),
            "unsought": sorted(self._names[number] for number in seen.unsought),
            "unfinished": {self._names[number]: why for number, why in seen.unfinished.items()},
            "headings": [[head.start, head.end, self._terms(head.spots, table)] for head in seen.headings],
            "cut": not seen.whole,
            "unasked": seen.portions is None,
            "values": table.values,
        }
        return {name: value for name, value in data.items() if value or name in {"role", "at", "length"}}

    def _terms(self, spots: Mapping[Key, Sequence[Spot]], table: "_Table") -> dict[str, Any]:
        return {
            self._names[number]: [table.row(spot) for spot in found]
            for number, found in spots.items()
            if isinstance(number, int) and found
        }


def _dump(data: Mapping[str, Any]) -> str:
    return json.dumps({name: value for name, value in data.items() if value}, separators=(",", ":"))


class _Table:
    """The values of one text, each once."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._rows: dict[tuple[str, str], int] = {}
        self.values: list[list[str]] = []

    def row(self, spot: Spot) -> list[Any]:
        """Return a spot, its value by its number in the table."""
        plain = hmac.digest(self._key, f"value\0{bare(spot.value)}".encode(), "sha256").hex()[:_PLAIN]
        number = self._rows.setdefault((spot.entity, plain), len(self.values))
        if number == len(self.values):
            self.values.append([spot.entity, plain, fingerprint(spot.entity, spot.value, self._key), spot.shown])
        return [spot.start, spot.end, spot.score, number]


def _line_ends(content: str, near: Iterable[Hit | Spot]) -> Iterator[int]:
    """Yield where lines end within reach of what was found: rules ask what stands in one line, or one paragraph."""
    at = 0
    for start, end in sorted((found.start, found.end) for found in near):
        at = max(at, start - LINE)
        while (place := content.find("\n", at, end + LINE)) >= 0:
            yield place
            at = place + 1


def _differences(places: Iterable[int]) -> list[int]:
    """Return how far each place is from the one before: short numbers."""
    before, steps = 0, []
    for place in places:
        steps.append(place - before)
        before = place
    return steps


def _text(data: Any) -> Kept:
    values = [(str(entity), str(plain), str(mark), str(shown)) for entity, plain, mark, shown in data.get("values", ())]

    def spots(rows: Any) -> list[Spot]:
        return [_spot(row, values) for row in rows]

    def terms(found: Any) -> dict[str, list[Spot]]:
        return {str(name): spots(rows) for name, rows in found.items()}

    return Kept(
        text=Text(str(data["at"]), _outline(data), str(data["role"]), lead=int(data.get("lead", 0))),
        portions=None if data.get("unasked") else [spots(rows) for rows in data.get("portions", ())],
        terms=terms(data.get("terms", {})),
        unsought=frozenset(map(str, data.get("unsought", ()))),
        unfinished={str(name): str(why) for name, why in data.get("unfinished", {}).items()},
        headings=[(int(start), int(end), terms(found)) for start, end, found in data.get("headings", ())],
        whole=not data.get("cut", False),
        prints={(entity, plain): mark for entity, plain, mark, _ in values},
    )


def _spot(row: Any, values: Sequence[tuple[str, str, str, str]]) -> Spot:
    start, end, score, number = row
    entity, plain, _, shown = values[number]
    return Spot(int(start), int(end), float(score), entity, plain, shown)


def _outline(data: Any) -> str:
    """Return a text of spaces that is as long as what was sent, with its line ends."""
    length = int(data["length"])
    if not 0 <= length <= _LONGEST:
        raise ValueError("no length of a text")
    pieces, before = [], 0
    for place in accumulate(map(int, data.get("breaks", ()))):
        pieces += [" " * (place - before), "\n"]
        before = place + 1
    pieces.append(" " * (length - before))
    return "".join(pieces)
