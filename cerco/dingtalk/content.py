"""Read the pieces of an HTTP request: its body as whatever it is, its query, path and headers.

In:    a `Wire`, or pieces of it.
Out:   leaves and files, added to a `Harvest`.
Never: trust in a declared type. Every piece is read as what it is; where that is not what it claims, that is noted.
"""

import base64
import binascii
import re
from dataclasses import replace
from urllib.parse import unquote, unquote_to_bytes

from cerco.dingtalk.body import looks_like_text, open_body, readings
from cerco.dingtalk.held import Content, Held
from cerco.dingtalk.multipart import PLAIN, Section, boundary_of, content, split, split_held
from cerco.dingtalk.outbound import Part, Role, Wire
from cerco.dingtalk.walk import DIGITS, VALUES, Harvest, Path, Where, shown, walk_json, walk_string

_FORM = re.compile(r"[A-Za-z0-9_.\[\]%-]{1,64}=\S*")
_TEXTUAL = re.compile(r"text/.*|application/(?:.*\+)?(?:json|xml|x-www-form-urlencoded|javascript)")
# Content encodings that the first bytes give away.
_MARKED = frozenset({"gzip", "zstd"})
_CHARSET = re.compile(r"charset\s*=\s*([^;\s]+)", re.IGNORECASE)


def read_file(wire: Wire, harvest: Harvest, limit: int, *, optional: bool = False) -> None:
    """Take the body home as a file; an empty one only where it is not `optional`."""
    if wire.held is not None:
        # What is packed in a way that gives itself away is opened with the file.
        if not _codings(wire) <= _MARKED:
            harvest.malformed.append("body")
        harvest.files.append(Part(Role.FILE, "body", wire.held))
        return
    opened = open_body(wire.body, wire.header("Content-Encoding"), limit, guess=False)
    if not opened.whole:
        harvest.malformed.append("body")
    if opened.data or not optional:
        harvest.files.append(Part(Role.FILE, "body", opened.data))


def read_body(wire: Wire, harvest: Harvest, limit: int) -> None:
    """Read a body as what it is: multipart, JSON, form, text or a file; as what it claims to be where that fits.

    A held body is read as a form with files in it; any other one is taken to memory, or as a file where it is over
    `limit`, which it does not claim to be.
    """
    body, held = wire.body, wire.held
    if held is not None:
        boundary = None if _codings(wire) else boundary_of(wire.header("Content-Type") or "", body)
        if boundary is not None:
            _multipart(held, boundary, harvest, limit)
            return
        if held.size > limit:
            harvest.malformed.append("body")
            harvest.files.append(Part(Role.FILE, "body", held))
            return
        body = held.whole()
    opened = open_body(body, wire.header("Content-Encoding"), limit)
    if not opened.whole:
        harvest.malformed.append("body")
    if not opened.data:
        return
    declared = wire.header("Content-Type") or ""
    if (boundary := boundary_of(declared, opened.data)) is not None:
        _multipart(opened.data, boundary, harvest, limit)
    else:
        _content(opened.data, declared, Where(), harvest)


def _content(data: bytes, declared: str, where: Where, harvest: Harvest) -> None:
    kind = declared.partition(";")[0].strip().lower()
    charset = match[1] if (match := _CHARSET.search(declared)) else None
    read = readings(data, charset)
    place = where.place or "body"
    textual = _TEXTUAL.fullmatch(kind) is not None
    if not textual and not looks_like_text(data) and not (read.text[:1] in {"{", "["} and not read.sure):
        harvest.files.append(Part(Role.FILE, place, data))
        if kind.startswith("multipart/"):
            harvest.malformed.append(place)
        return
    if not read.sure:
        harvest.malformed.append(place)
        for other in read.others:
            harvest.add(Where(where.name, f"{place} (regional character set)", None), other)
    rewritable = where.path is not None and read.sure and read.charset.startswith("utf-8")
    if walk_json(read.text, where.within(rewritable=rewritable), harvest):
        return
    form = kind == "application/x-www-form-urlencoded" and not where.place
    if kind.endswith("json") or kind.startswith("multipart/") or read.text.lstrip().startswith("{"):
        harvest.malformed.append(place)
    if form or (not where.place and _FORM.fullmatch(read.text.strip())):
        whole = read_fields(read.text, "form", harvest, ("form",) if rewritable else None)
        if not whole:
            harvest.malformed.append(place)
        if form and whole:
            return
    path = where.path or None  # the body as a whole has no address
    harvest.add(Where(where.name, place, path if rewritable else None), read.text)


def _multipart(data: Content, boundary: bytes, harvest: Harvest, limit: int) -> None:
    parts = split_held(data, boundary) if isinstance(data, Held) else split(data, boundary)
    if not parts.whole or parts.outside:
        harvest.malformed.append("body")
    if parts.outside:
        _content(parts.outside, "", Where("", "body", None), harvest)
    if not parts.sections and isinstance(data, Held):
        harvest.files.append(Part(Role.FILE, "body", data))
    for index, section in enumerate(parts.sections):
        name = section.field_name
        where = Where(name, f"multipart {shown(name) if name else index}", ("multipart", index))
        inside, decoded = _inside(data, section, limit)
        if not decoded:
            harvest.malformed.append(where.place)
        if shown(name) == "*":
            harvest.add(Where("", f"{where.place} (name)", None), name)
        harvest.add(Where("", f"{where.place} (headers)", None), section.remarks)
        names = section.filenames
        for order, filename in enumerate(names):
            path = ("multipart", index, "filename") if order == 0 else None
            harvest.add(Where("", f"{where.place} filename", path), filename, Role.FILENAME)
        if names or isinstance(inside, Held):
            harvest.files.append(Part(Role.FILE, where.place, inside, next(reversed(names), None)))
        elif inside:
            plain = not section.transfer or section.transfer in PLAIN
            _content(
                inside,
                section.content_type or "text/plain",
                where if plain else Where(name, where.place, None),
                harvest,
            )


def _inside(data: Content, section: Section, limit: int) -> tuple[Content, bool]:
    """Return a section's content with its transfer encoding undone, and whether that worked.

    Of a held body, files and whatever is over `limit` stay where they are; the latter, where it is not a file, is not
    read as what it claims to be.
    """
    if not isinstance(data, Held):
        return content(data, section)
    stretch = data.within(section.start, section.end)
    plain = not section.transfer or section.transfer in PLAIN
    if stretch.size > limit or (plain and section.filenames):
        return stretch, plain and bool(section.filenames)
    whole = stretch.whole()
    return content(whole, replace(section, start=0, end=len(whole)))


def _codings(wire: Wire) -> set[str]:
    """Return the content encodings a body is declared to have."""
    declared = (wire.header("Content-Encoding") or "").lower().split(",")
    return {name.strip().removeprefix("x-") for name in declared} - {"", "identity"}


def read_fields(text: str, kind: str, harvest: Harvest, path: Path | None = None) -> bool:
    """Read `name=value&…` and tell whether it was that; every value may hold JSON."""
    if text.count("&") > VALUES or "=" not in text:
        if text:
            harvest.add(Where("", kind, None), unquote(text))
            if kind == "query" and text.count("&") > VALUES:
                harvest.malformed.append(kind)
        return not text
    for index, pair in enumerate(text.split("&")):
        raw_name, _, raw_value = pair.partition("=")
        name = _spelled(raw_name)[0]
        where = Where(name, f"{kind} {shown(name)}", (*path, index) if path is not None else None)
        if name and shown(name) == "*":
            harvest.add(Where("", f"{where.place} (name)", None), name)
        value, *others = _spelled(raw_value)
        exact = not others
        walk_string(value, where if exact else Where(where.name, where.place, None), harvest)
        for other in others:
            harvest.add(Where(where.name, where.place, None), other)
    return True


def _spelled(raw: str) -> list[str]:
    """Undo percent-encoding; several readings where the bytes are not UTF-8."""
    read = readings(unquote_to_bytes(raw.replace("+", " ")))
    return [read.text, *read.others] if not read.sure else [read.text]


def read_segments(path: str, harvest: Harvest) -> None:
    """Take home the segments of a path that say something: written in other than plain letters, or long numbers."""
    for index, segment in enumerate(path.split("/")):
        plain = unquote(segment)
        if plain != segment or not plain.isascii() or sum(char.isdigit() for char in plain) >= DIGITS:
            harvest.add(Where("", f"path segment {index}", None), plain)


def read_headers(wire: Wire, harvest: Harvest) -> None:
    """Take home the headers in which senders put words of their own."""
    for name, value in wire.headers:
        lower = name.lower()
        where = Where("", f"header {shown(lower)}", None)
        text = readings(value.encode("utf-8", "surrogateescape")).text
        if lower.startswith("x-oss-meta-") or lower == "x-oss-tagging":
            walk_string(text, where, harvest)
        elif lower in {"x-oss-callback", "x-oss-callback-var"}:
            walk_string(_unbased(text), where, harvest)
        elif lower == "content-disposition":
            harvest.add(where, text, Role.FILENAME)


def _unbased(text: str) -> str:
    try:
        return readings(base64.b64decode(text, validate=True)).text
    except (binascii.Error, ValueError):
        return text
