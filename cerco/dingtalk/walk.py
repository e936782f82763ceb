"""Walk structured text down to every string in it: JSON, and JSON held in strings of JSON.

In:    text, and where it stands.
Out:   leaves, each with its name, place and address.
Never: a string passed over. What is too deep, or not JSON after all, becomes a leaf as it stands.
"""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from cerco.dingtalk.outbound import Part, Role

# Objects within objects and strings within strings together. DingTalk's own deepest request has about a dozen.
DEPTH = 64

# The shortest number that identifies anybody here: a Macau ID card without its check digit.
DIGITS = 7

# A body with more values than this is read as running text: walking it would hold up everybody else's messages.
# DingTalk's largest documented write is a sheet range of some thousands of cells.
VALUES = 250_000

_FIELD_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$-]{0,39}")
_LONG_DIGITS = re.compile(r"\d{5}")
_EXPONENT = re.compile(r"-?(\d{1,40})(?:\.(\d{0,40}))?[eE]\+?(\d{1,2})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = " \t\n\r\ufeff"

type Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """A JSON object as written: duplicate names keep all their values."""

    pairs: tuple[tuple[str, Any], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Digits:
    """A JSON number as written."""

    raw: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Where:
    """A position on the walk: the field's full name for tables, the same for people, and the address."""

    name: str = field(default="", repr=False)
    place: str = ""
    path: Path | None = field(default=(), repr=False)  # None: what stands here cannot be rewritten
    depth: int = 0

    def member(self, key: str, step: str | int) -> "Where":
        """Go to a member of an object."""
        joint = "" if not self.place or self.place.endswith(" ") else "."
        return self._down(f"{self.name}.{key}" if self.name else key, f"{self.place}{joint}{shown(key)}", step)

    def item(self, index: int) -> "Where":
        """Go to an item of an array."""
        return self._down(f"{self.name}[]", f"{self.place}[{index}]", index)

    def within(self, *, rewritable: bool = True) -> "Where":
        """Go into the JSON that a string holds."""
        place = f"{self.place} > " if self.place and not self.place.endswith(" ") else self.place
        path = (*self.path, "json") if self.path is not None and rewritable else None
        return Where(self.name, place, path, self.depth + 1)

    def _down(self, name: str, place: str, step: str | int) -> "Where":
        return Where(name, place, None if self.path is None else (*self.path, step), self.depth + 1)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One string of the request, with the position it stands at. `role` is set where the container itself tells it."""

    where: Where
    text: str = field(repr=False)
    role: Role | None = None
    after: int = 0  # of a number: how many strings came before it


@dataclass(slots=True)
class Harvest:
    """What a walk brings home; filled while walking, read once."""

    leaves: list[Leaf] = field(default_factory=list, repr=False)
    numbers: list[Leaf] = field(default_factory=list, repr=False)  # too short to identify anybody; may be ids
    files: list[Part] = field(default_factory=list, repr=False)
    malformed: list[str] = field(default_factory=list)
    room: int = VALUES  # JSON values that may still be walked

    def add(self, where: Where, text: str, role: Role | None = None) -> None:
        """Take a string home; nothing is taken for an empty one."""
        if text:
            self.leaves.append(Leaf(where, text, role))


def shown(key: str) -> str:
    """Return a field name as it may be shown to people: anything that could be content itself becomes "*"."""
    return key if _FIELD_NAME.fullmatch(key) and not _LONG_DIGITS.search(key) else "*"


def clean(text: str) -> str:
    """Replace half surrogates, which no encoder downstream would take, by U+FFFD; positions stay."""
    return text if text.isascii() else _SURROGATE.sub("�", text)


def parse(text: str) -> Any:
    """Parse JSON leniently: duplicate names, NaN, raw control characters and a byte order mark are fine.

    Raises:
        ValueError: the text is not JSON, or is nested beyond what a parser can hold.
    """
    try:
        return DECODER.decode(text.lstrip(_BLANK))
    except RecursionError as error:
        raise ValueError("nested too deep to parse") from error


def walk_json(text: str, where: Where, harvest: Harvest) -> bool:
    """Walk `text` if it is a JSON object, array or string, and tell whether it was."""
    if not _opens_json(text):
        return False
    values = 1 + text.count(",")
    if where.depth > DEPTH or values > harvest.room:
        harvest.malformed.append(where.place.rstrip(" >")[:200] or "body")
        return False
    try:
        node = parse(text)
    except ValueError:
        return False
    harvest.room -= values
    _Walk(harvest, text).node(node, where)
    return True


def walk_string(text: str, where: Where, harvest: Harvest) -> None:
    """Take a string home: the leaves of the JSON it holds, or else the string itself."""
    if not (_opens_json(text) and walk_json(text, where.within(), harvest)):
        harvest.add(where, text)


def _opens_json(text: str) -> bool:
    return text.lstrip(_BLANK).startswith(("{", "[", '"'))


def unfolded(text: str) -> str | None:
    """Return the text with JSON, percent and HTML escapes undone, in any layering; None if it has none."""
    now = text
    for _ in range(4):
        before = now
        for sign, undo in _ESCAPES:
            if sign in now:
                now = undo(now)
        if now == before:
            break
    return clean(now) if now != text else None


class _Walk:
    """One walk through one JSON text; keeps the text for when the walk has to stop half-way."""

    def __init__(self, harvest: Harvest, text: str) -> None:
        self._harvest = harvest
        self._text = text
        self._stopped = False

    def node(self, node: Any, where: Where) -> None:
        match node:
            case str():
                walk_string(node, where, self._harvest)
            case Digits():
                leaf = Leaf(replace(where, path=None), _written_out(node.raw), after=len(self._harvest.leaves))
                (self._harvest.leaves if len(leaf.text) >= DIGITS else self._harvest.numbers).append(leaf)
            case Members() | list() if where.depth > DEPTH:
                self._stop(where)
            case Members():
                self._members(node, where)
            case list():
                for index, item in enumerate(node):
                    if item is not None:
                        self.node(item, where.item(index))

    def _members(self, node: Members, where: Where) -> None:
        seen = set[str]()
        for index, (key, value) in enumerate(node.pairs):
            below = where.member(key, index if key in seen else key)
            seen.add(key)
            if shown(key) == "*":
                self._harvest.add(Where(f"{where.name}{{}}", f"{below.place} (name)", None, below.depth), key)
                if (said := _scalar(value)) is not None and any(char.isdigit() for char in said):
                    # A label outside the usual field names is context for its value: {"身份證號碼": "12345678"}.
                    self._harvest.add(
                        Where(f"{where.name}{{}}", f"{below.place} (with its name)", None), f"{key}：{said}"
                    )
            if value is not None:
                self.node(value, below)
        if (pair := _labelled(node)) is not None:
            self._harvest.add(Where(f"{where.name}{{}}", f"{where.place} (label and value)", None), pair)

    def _stop(self, where: Where) -> None:
        if not self._stopped:
            self._stopped = True
            self._harvest.malformed.append(where.place[:200])
            self._harvest.add(Where("", "body as text", None), self._text)


def _labelled(node: Members) -> str | None:
    """Return "label：value" of an object that is a form field: {"name": "身份證號碼", "value": "12345678"}."""
    fields = dict(node.pairs)
    label = next((fields[key] for key in ("label", "key", "name", "title") if isinstance(fields.get(key), str)), None)
    said = next(
        (text for key in ("value", "content", "fieldValue") if (text := _scalar(fields.get(key))) is not None), None
    )
    return f"{label}：{said}" if label and said and any(char.isdigit() for char in said) else None


def _scalar(value: Any) -> str | None:
    if isinstance(value, Digits):
        return _written_out(value.raw)
    return value if isinstance(value, str) else None


def _written_out(raw: str) -> str:
    """Write a number in full: 1.2345678E7 is 12345678 to whoever reads it."""
    if not (match := _EXPONENT.fullmatch(raw)):
        return raw
    whole, part, power = match[1], match[2] or "", int(match[3])
    return f"{raw} {whole}{part.ljust(power, '0')[:power]}"


def _members(pairs: list[tuple[str, Any]]) -> Members:
    return Members(tuple(pairs))


def _number(raw: str) -> Digits:
    return Digits(raw)


def _constant(_raw: str) -> None:
    return None


DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_number, parse_float=_number, parse_constant=_constant, strict=False
)

_BACKSLASH = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"\\/'bfnrt]))")
_SHORT = {"b": " ", "f": " ", "n": "\n", "r": "\r", "t": "\t"}
_ENTITY = re.compile(r"&(?:#(?:[xX][0-9a-fA-F]{1,6}|[0-9]{1,7})|[A-Za-z]{2,8});")


def _unescape(text: str) -> str:
    def char(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _SHORT.get(match[3], match[3])

    plain = _BACKSLASH.sub(char, text)
    # Two escapes may make one character beyond the basic plane.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATE.search(plain) else plain


def _entities(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


_ESCAPES: tuple[tuple[str, Callable[[str], str]], ...] = (("\\", _unescape), ("%", unquote), ("&", _entities))
