"""Put a label in front of what DingTalk users see: a file's name, a message's title, or else its text.

In:    the `Wire`, the `Outbound` read from it, the label.
Out:   the new body, in the encodings the old one had.
Never: a change to anything else. The label is inserted through all layers of escaping; no other byte moves.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus, unquote_to_bytes

from cerco.dingtalk.body import close_body, open_body, readings
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.multipart import Parameter, Section, boundary_of, split
from cerco.dingtalk.outbound import Outbound, Role, Wire
from cerco.dingtalk.read import UNMAPPED
from cerco.dingtalk.walk import DECODER, Members, Path, parse

# Bodies that hold a name or message; a multipart upload holds the file as well.
LIMIT = 64 * 1024 * 1024

# Characters DingTalk's storage refuses in a name, and those that have a meaning in paths and headers.
_NOT_IN_NAMES = re.compile(r'[*"<>|\t\r\n/\\:?\x00-\x1f]')

_SPACE = re.compile(r"[ \t\n\r\ufeff]*")
# One character of a JSON string as spelled; a surrogate pair of two escapes is one character.
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
_FOLDERS = re.compile(rb'(?:[^"/\\]*[/\\]+)*(?=[^"/\\])')
_PERCENT = re.compile(rb"%[0-9a-fA-F]{2}|.", re.DOTALL)

# What users see first goes first: where there is a name no title is touched, where there is a title no text.
_PREFERENCE = (Role.FILENAME, Role.TITLE, Role.TEXT)


@dataclass(frozen=True, slots=True)
class _Insertion:
    """What to put in, and before which character of a text."""

    at: int
    text: str


class _LostError(LookupError):
    """The body does not have what a path points to."""


def tag(wire: Wire, outbound: Outbound, label: str, *, endpoints: Endpoints = UNMAPPED) -> bytes | None:
    """Return the body with the label in it; unchanged where it is there already; None where it cannot be put.

    `endpoints` are those `outbound` was read with; they know how long a message may get.
    """
    if wire.held is not None and wire.held.size > LIMIT:
        return None
    targets = _targets(outbound)
    body = wire.body if wire.held is None or not targets else wire.held.whole()
    opened = open_body(body, wire.header("Content-Encoding") if wire.method != "WEBSOCKET" else None, LIMIT)
    if not (targets and opened.whole and label):
        return None
    data = opened.data
    try:
        for role, path, content in targets:
            words = _for_name(label) if role is Role.FILENAME else label
            if not words:
                return None
            data = _labelled(wire, data, path, content, words)
        if data == opened.data:
            return body
        if not _fits(endpoints.limit_of(outbound.operation), data, targets[0][1]):
            return None
    except (_LostError, ValueError, RecursionError):
        return None
    return close_body(data, opened.encodings)


def _targets(outbound: Outbound) -> list[tuple[Role, Path, str]]:
    """Return the pieces of the first kind in `_PREFERENCE` that the request has."""
    found = [
        (part.role, part.path, part.content) for part in outbound.parts if part.path and isinstance(part.content, str)
    ]
    return next((chosen for role in _PREFERENCE if (chosen := [piece for piece in found if piece[0] is role])), [])


def _for_name(label: str) -> str:
    """Return the label without what a file name may not hold. The name follows it, so ending and extension stay."""
    return _NOT_IN_NAMES.sub("", label)


def _labelled(wire: Wire, data: bytes, path: Path, content: str, label: str) -> bytes:
    if path[0] == "multipart":
        return _in_multipart(wire, data, path[1:], content, label)
    if content.startswith(label):
        return data
    text = data.decode()
    insert = _in_form(text, path[1:], label) if path[0] == "form" else _in_json(text, path[1:], label)
    at = len(text[: insert.at].encode())
    return data[:at] + insert.text.encode() + data[at:]


def _in_string(text: str, path: Path, label: str) -> _Insertion:
    """Insert at the front of a string, or further down where the string holds JSON."""
    return _Insertion(0, label) if not path else _in_json(text, path[1:], label)


def _in_json(text: str, path: Path, label: str) -> _Insertion:
    start, end, rest = _literal(text, path)
    literal = text[start:end]
    inner = _in_string(json.loads(f'"{literal}"', strict=False), rest, label)
    # Plain ASCII stays plain ASCII: its writer may have had a reason.
    escaped = json.dumps(inner.text, ensure_ascii=text.isascii())[1:-1]
    return _Insertion(start + _raw_length(literal, inner.at), escaped)


def _literal(text: str, path: Path) -> tuple[int, int, Path]:
    """Find a string in JSON; return where its content starts and ends, and what remains of the path behind it."""
    at, steps = _blank(text, 0), list(path)
    while text[at : at + 1] != '"':
        if not steps:
            raise _LostError
        at = _member(text, at, steps.pop(0))
    _, end = DECODER.raw_decode(text, at)
    return at + 1, end - 1, tuple(steps)


def _member(text: str, at: int, step: str | int) -> int:
    """Return where the value of a member or item starts, in the object or array that starts at `at`."""
    opening = text[at : at + 1]
    if opening not in {"{", "["}:
        raise _LostError
    at = _blank(text, at + 1)
    for index in range(text.count(",", at) + 1):
        name: str | None = None
        if opening == "{":
            name, at = DECODER.raw_decode(text, at)
            at = _blank(text, _blank(text, at) + 1)  # the colon
        if step in {name, index} if name is not None else step == index:
            return at
        _, at = DECODER.raw_decode(text, at)
        at = _blank(text, at)
        if text[at : at + 1] != ",":
            break
        at = _blank(text, at + 1)
    raise _LostError


def _blank(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _raw_length(literal: str, characters: int) -> int:
    """Return how many characters of a JSON literal spell the first `characters` of its value."""
    for spelled, match in enumerate(_ESCAPE.finditer(literal)):
        if spelled >= characters:
            return match.start()
    return len(literal)


def _in_form(text: str, path: Path, label: str) -> _Insertion:
    index = path[0]
    pairs = text.split("&")
    if not isinstance(index, int) or index >= len(pairs):
        raise _LostError
    name, sign, raw = pairs[index].partition("=")
    start = sum(len(pair) + 1 for pair in pairs[:index]) + len(name) + len(sign)
    value = unquote_to_bytes(raw.replace("+", " ")).decode()
    inner = _in_string(value, path[1:], label)
    return _Insertion(start + _percent_length(raw, len(value[: inner.at].encode())), quote_plus(inner.text))


def _percent_length(raw: str, size: int) -> int:
    """Return how many characters of a percent-encoded value spell its first `size` bytes."""
    data = raw.encode()
    for spelled, match in enumerate(_PERCENT.finditer(data)):
        if spelled >= size:
            return len(data[: match.start()].decode())
    return len(raw)


def _in_multipart(wire: Wire, data: bytes, path: Path, content: str, label: str) -> bytes:
    boundary = boundary_of(wire.header("Content-Type") or "", data)
    sections = split(data, boundary).sections if boundary else ()
    index, *rest = path
    if not isinstance(index, int) or index >= len(sections):
        raise _LostError
    section = sections[index]
    if rest == ["filename"]:
        return _in_names(data, section, label)
    if content.startswith(label):
        return data
    text = data[section.start : section.end].decode()
    insert = _in_string(text, tuple(rest), label)
    at = section.start + len(text[: insert.at].encode())
    return data[:at] + insert.text.encode() + data[at:]


def _in_names(data: bytes, section: Section, label: str) -> bytes:
    """Label every name the section gives its file, the last in the body first so that offsets stay true."""
    for parameter in sorted(section.parameters, key=lambda parameter: -parameter.start):
        written = _spelling(parameter, label)
        if written is None:
            continue
        at, spelled = written
        at += parameter.start
        data = data[:at] + spelled + data[at:]
    return data


def _spelling(parameter: Parameter, label: str) -> tuple[int, bytes] | None:
    """Return how far into a value the label goes, and its spelling; None if it is there, or this is no name.

    Raises:
        _LostError: the name is spelled in a way that the label cannot be.
    """
    if parameter.name in {"filename*", "filename*0*"}:
        charset, mark, rest = parameter.raw.partition(b"'")
        language, second, value = rest.partition(b"'")
        if not (mark and second) or charset.lower() not in {b"utf-8", b"utf8"}:
            raise _LostError
        spelled = quote(label, safe="").encode()
        there = unquote_to_bytes(value).startswith(label.encode())
        return None if there else (len(charset) + len(language) + 2, spelled)
    if parameter.name in {"filename", "filename*0"}:
        read = readings(parameter.raw)
        if not (read.sure and read.charset.startswith("utf-8") and parameter.quoted) or b"=?" in parameter.raw:
            raise _LostError
        # Old browsers send a whole Windows path; what users will see begins after its last separator.
        front = _FOLDERS.match(parameter.raw)
        at = front.end() if front else 0
        return None if parameter.raw.startswith(label.encode(), at) else (at, label.encode())
    return None


def _fits(limit: int | None, data: bytes, path: Path) -> bool:
    """Tell whether the message is still within DingTalk's limit for its kind, in bytes of UTF-8."""
    if limit is None:
        return True
    text = data.decode()
    body: Any = parse(text) if path[0] == "json" else _form_fields(text)
    fields = dict(body.pairs) if isinstance(body, Members) else body
    message = fields.get("msg", fields.get("msgcontent", body)) if isinstance(fields, dict) else body
    return _size(message) <= limit


def _form_fields(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split("&"))
    return {name: unquote_to_bytes(raw.replace("+", " ")).decode() for name, _, raw in pairs}


def _size(message: Any) -> int:
    """Return the bytes of a message as DingTalk reads it: without the escapes and blanks that only the wire needs."""
    node = parse(message) if isinstance(message, str) else message
    return len(_canonical(node).encode("utf-8", "surrogatepass"))


def _canonical(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(node: Any) -> Any:
    return dict(node.pairs) if isinstance(node, Members) else node.raw
