"""Name the fields of a request, so that its kind can be told from others without any of its content.

In:    a `Wire`.
Out:   `Tree`s of field names, and from them names as `rules/dingtalk/endpoints.yaml` has them: "msg.links[].title".
Never: a value, or a field's name that looks like data.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from cerco.dingtalk.body import open_body, readings
from cerco.dingtalk.folding import fold_key, is_open, is_worded
from cerco.dingtalk.multipart import boundary_of, content, split
from cerco.dingtalk.outbound import Wire
from cerco.dingtalk.walk import Members, parse

# Nothing is named of a larger body: it is large for what is in its lists, and other requests of its kind are smaller.
BODY = 1024 * 1024
# Objects in objects, and JSON in strings. DingTalk's own deepest request has about a dozen.
DEPTH = 16
# Items of a list are alike; the first ones name its fields.
ITEMS = 20
# An object with more fields has them named by its sender: DingTalk's widest has about 60.
WIDE = 100
# Fields of form and query; more of them are not a request any more.
FIELDS = 200
# What is enough to recognise a request by, and to describe it.
NAMES = 100

# Stands in front of the names of a query's fields.
QUERY = "?"

_FORM = re.compile(r"[A-Za-z0-9_.\[\]%-]{1,64}=\S*")


@dataclass(frozen=True, slots=True)
class Tree:
    """What stands in one place of a request: fields by name, as written and as they may be shown, or items of a list.

    `open`: the names of its fields are the sender's.
    `packed`: it is JSON in a string, of which an interface's description says nothing.
    """

    fields: tuple[tuple[str, str, "Tree"], ...] = field(default=(), repr=False)  # name, shown name, what stands there
    items: tuple["Tree", ...] = ()
    open: bool = False
    packed: bool = False


LEAF = Tree()


def body_tree(wire: Wire) -> Tree:
    """Return the fields of a body that is JSON, a form or multipart; `LEAF` where it is anything else or too large."""
    opened = open_body(wire.body, wire.header("Content-Encoding"), BODY)
    if not opened.data or not opened.whole:
        return LEAF
    if (boundary := boundary_of(wire.header("Content-Type") or "", opened.data)) is not None:
        sections = split(opened.data, boundary).sections[:FIELDS]
        pairs = [
            (section.field_name, None if section.filenames else readings(content(opened.data, section)[0]).text)
            for section in sections
        ]
        return _tree(Members(tuple(pairs)), "", DEPTH)
    text = readings(opened.data).text
    if (node := _json(text)) is not None:
        return _tree(node, "", DEPTH)
    return _fields(text.strip()) if _FORM.fullmatch(text.strip()) else LEAF


def query_tree(wire: Wire) -> Tree:
    """Return the fields of a query."""
    query = wire.path.partition("?")[2]
    return _fields(query) if "=" in query else LEAF


def names(tree: Tree, prefix: str = "") -> tuple[str, ...]:
    """Return the full names of the fields that hold values, in order of the alphabet, at most `NAMES` of them."""
    found: dict[str, None] = {}
    for name in _names(tree, ""):
        found[prefix + name] = None
        if len(found) >= NAMES:
            break
    return tuple(sorted(found))


def unlisted(tree: Tree, listed: frozenset[str]) -> tuple[str, ...]:
    """Return the full names of fields that an interface's description does not list, as names of any depth.

    What the description leaves to senders is passed over: open objects, JSON in strings, and objects below the first
    level of which it lists no field at all.
    """
    return tuple(sorted(dict.fromkeys(_unlisted(tree, listed, "")))) if listed else ()


def _fields(text: str) -> Tree:
    pairs = [pair.partition("=") for pair in text.split("&")[:FIELDS]]
    return _tree(
        Members(tuple((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs if name)), "", DEPTH
    )


def _json(text: str) -> Any:
    """Return what a text that opens like an object or list says, or None."""
    if text.lstrip(" \t\n\r\ufeff")[:1] not in {"{", "["}:
        return None
    try:
        return parse(text)
    except ValueError:
        return None


def _tree(node: Any, name: str, room: int) -> Tree:
    """Make the tree of what the field `name` holds, `room` levels deep."""
    if room <= 0:
        return LEAF
    match node:
        case str():
            inner = _tree(_json(node), name, room - 1)
            return Tree(inner.fields, inner.items, inner.open, packed=True) if inner != LEAF else LEAF
        case list():
            return Tree(items=tuple(dict.fromkeys(_tree(item, name, room - 1) for item in node[:ITEMS])))
        case Members():
            return _object(node, name, room)
    return LEAF


def _object(node: Members, name: str, room: int) -> Tree:
    below = [(key, _tree(value, key, room - 1)) for key, value in node.pairs[: WIDE + 1]]
    is_map = is_open(name) or len(below) > WIDE or _are_entries(below)
    return Tree(tuple((key, fold_key(key, within_open=is_map), tree) for key, tree in below), open=is_map)


def _are_entries(fields: list[tuple[str, Tree]]) -> bool:
    """Tell whether fields are entries under ids: objects that are made alike, and not all of them under words."""
    made = {tuple(key for key, _, _ in tree.fields) for _, tree in fields}
    return len(fields) > 1 and len(made) == 1 and () not in made and not all(is_worded(key) for key, _ in fields)


def _names(tree: Tree, name: str) -> Iterator[str]:
    if tree.items:
        for item in tree.items:
            yield from _names(item, f"{name}[]")
    elif tree.fields:
        for _, shown, below in tree.fields:
            yield from _names(below, _joined(name, shown))
    elif name:
        yield name


def _unlisted(tree: Tree, listed: frozenset[str], name: str) -> Iterator[str]:
    if tree.packed or (tree.open and name):
        return
    for item in tree.items:
        yield from _unlisted(item, listed, f"{name}[]")
    if name.replace("[]", "") and not any(key in listed for key, _, _ in tree.fields):
        return
    for key, shown, below in tree.fields:
        full = _joined(name, shown)
        if key not in listed:
            yield full
        else:
            yield from _unlisted(below, listed, full)


def _joined(name: str, key: str) -> str:
    # A name with dots or brackets in it never gets here: it is folded.
    return f"{name}.{key}" if name else key
