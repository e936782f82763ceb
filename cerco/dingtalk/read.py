"""Turn a request or frame into what is being sent out, by whom, to where.

In:    a `Wire`, the `Scope`, and what `Endpoints` know of its kind.
Out:   an `Outbound` in which every readable byte of the request stands in some part.
Never: an exception, whatever the bytes. What is not what it claims to be is read as it stands, and said so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from cerco.dingtalk.content import read_body, read_fields, read_file, read_headers, read_segments
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.keys import keys_in, last_name, object_key
from cerco.dingtalk.lwp import read_frame
from cerco.dingtalk.multipart import boundary_of
from cerco.dingtalk.outbound import Actor, Channel, Destination, Key, Outbound, Part, Role, Wire
from cerco.dingtalk.rows import rows
from cerco.dingtalk.scope import Scope
from cerco.dingtalk.surfaces import Field, Surface, role_by_name
from cerco.dingtalk.walk import Harvest, Leaf, Where, clean, unfolded

# Memory for one decoded body; the gate's own limit for a body is the same by default.
LIMIT = 64 * 1024 * 1024

# A heading is what a reader takes in at a glance; beyond this the first line is a paragraph.
HEADING = 120
_SENTENCE_ENDS = tuple("。！？!?.，,；;")
# What is said and not a heading: somebody's number. A day is none: "客戶名單 20241001".
_NUMBER = re.compile(
    r"(?<![0-9])(?!(?:19|20)[0-9]{2}[-./年 ]?[0-9]{1,2}[-./月 ]?[0-9]{1,2}(?![0-9]))[0-9](?:[ ()./-]?[0-9]){6}"
)
_LABEL = re.compile(r"([^:：]{1,40})[:：]\s*\S")

# People a message names before it is a message to all: beyond this, names tell nobody anything.
RECIPIENTS = 1_000

UNMAPPED = Endpoints()
NOWHERE: Mapping[str, str] = MappingProxyType({})
# The operation of several calls in one request.
BATCH = "mcp.batch"

_MARKDOWN_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]*(.+?)[ \t#]*$", re.MULTILINE)
# The drive's own object names: made by DingTalk, signed, and without meaning to anybody else.
_DRIVE_OBJECT = re.compile(r"yundisk0/[A-Za-z0-9_=+-]{20,}\.file")


@dataclass(frozen=True, slots=True)
class _Request:
    """What the body, the path and the method together make of a request."""

    channel: Channel
    surface: Surface
    keys: tuple[Key, ...]
    completes: bool


def read(
    wire: Wire,
    scope: Scope,
    *,
    endpoints: Endpoints = UNMAPPED,
    regions: Mapping[str, str] = NOWHERE,
    limit: int = LIMIT,
) -> Outbound:
    """Read a request or frame; of a decoded body at most `limit` bytes.

    `regions` are those of hosts that replies named as the ones to put bytes to; others than DingTalk's are stores, too.
    """
    harvest = Harvest()
    region = regions.get(wire.host) or scope.region(wire.host)
    channel = scope.channel(wire.host)
    if channel is Channel.OTHER and wire.host in regions and not scope.covers(wire.host):
        channel = Channel.OSS
    if wire.method == "WEBSOCKET":
        request = _frame(wire, channel, endpoints, harvest, limit)
    elif channel is Channel.OSS:
        request = _object(wire, harvest, limit)
    else:
        request = _call(wire, channel, endpoints, harvest, limit)
    surface = request.surface
    known = cache(surface.field)  # fields of a list have one name, however long it is
    texts = (part for leaf in harvest.leaves for part in _parts(leaf, surface, known))
    parts = (*texts, *rows(harvest, surface.rows), *harvest.files)
    asked = surface if surface.conversation or surface.account else endpoints.generic
    told = _told([*harvest.leaves, *harvest.numbers], {*asked.conversation, *asked.account, *asked.recipients})
    conversation, account, recipients = (
        next((told[name] for name in names if name in told), ())
        for names in (asked.conversation, asked.account, asked.recipients)
    )
    return Outbound(
        actor=Actor(wire.client, next(iter(account), None)),
        destination=Destination(wire.host, region, next(iter(conversation), None), tuple(recipients)[:RECIPIENTS]),
        channel=surface.refusal or request.channel,
        operation=surface.operation,
        parts=parts,
        keys=request.keys,
        carries_file=bool(harvest.files),
        completes=request.completes,
        taggable=any(part.path for part in parts),
        malformed=tuple(dict.fromkeys(harvest.malformed)),
    )


def _frame(wire: Wire, channel: Channel, endpoints: Endpoints, harvest: Harvest, limit: int) -> _Request:
    frame = read_frame(wire, channel, harvest, limit)
    uri = frame.surface.operation.removeprefix("lwp:")
    row = endpoints.call(uri, frame.channel) or endpoints.generic
    surface = replace(row, operation=frame.surface.operation)
    keys = keys_in([*harvest.leaves, *harvest.numbers]) if frame.channel is Channel.LWP else ()
    return _Request(frame.channel, surface, keys, completes=bool(keys) and not frame.uploads)


def _call(wire: Wire, channel: Channel, endpoints: Endpoints, harvest: Harvest, limit: int) -> _Request:
    path, _, query = wire.path.partition("?")
    read_fields(query, "query", harvest)
    read_segments(path, harvest)
    read_headers(wire, harvest)
    read_body(wire, harvest, limit)
    surface = _named(channel, path, endpoints, harvest) or endpoints.find(wire.method, path, channel)
    if wire.method not in {"POST", "PUT", "PATCH"} and not surface.completes:
        return _Request(channel, surface, (), completes=False)
    keys = keys_in([*harvest.leaves, *harvest.numbers], media_is_object=surface.media_is_object)
    publishes = any(key.kind == "media" or (key.kind == "upload" and channel is Channel.MCP) for key in keys)
    return _Request(channel, surface, keys, completes=surface.completes or publishes)


def _named(channel: Channel, path: str, endpoints: Endpoints, harvest: Harvest) -> Surface | None:
    """Return what is known of the calls that a request names instead of having a path for each; None if it names none.

    The older gateway names one in a parameter; agents name one, or several, in JSON-RPC (2.0 §6).
    """
    if path.rstrip("/") == "/router/rest":
        names = [leaf.text for leaf in harvest.leaves if leaf.where.name == "method"][:1]
    elif channel is Channel.MCP:
        names = [leaf.text for leaf in harvest.leaves if leaf.where.name in {"params.name", "[].params.name"}]
    else:
        names = []
    known = [surface for name in dict.fromkeys(names) if (surface := endpoints.call(name, channel))]
    if len(known) < 2:
        return known[0] if known else None
    return replace(
        endpoints.generic,
        operation=BATCH,
        fields={path: field for surface in reversed(known) for path, field in surface.fields.items()},
        patterns=tuple(pattern for surface in known for pattern in surface.patterns),
        rows=tuple(dict.fromkeys(pattern for surface in known for pattern in surface.rows)),
        completes=any(surface.completes for surface in known),
    )


def _object(wire: Wire, harvest: Harvest, limit: int) -> _Request:
    """Read a request to an object store: the body is a file, whatever it says it is."""
    path, _, query = wire.path.partition("?")
    read_fields(query, "query", harvest)
    read_headers(wire, harvest)
    key = object_key(path)
    if key and not _DRIVE_OBJECT.fullmatch(key.value):
        harvest.add(Where("", "object name", None), key.value, Role.FILENAME)
    keys = [key] if key else []
    asked = {part.partition("=")[0] for part in query.split("&")}
    source = wire.header("x-oss-copy-source")
    completes = False
    match wire.method:
        case "POST" if boundary_of(wire.header("Content-Type") or "", wire.body):
            operation = "oss.post"
            read_body(wire, harvest, limit)
            name = next((leaf.text for leaf in harvest.leaves if leaf.where.name == "key"), "")
            filename = next((part.filename for part in harvest.files if part.filename), "")
            keys = [posted] if (posted := object_key(name.replace("${filename}", filename or ""))) else []
        case "POST" if "uploads" in asked or "uploadId" in asked:
            operation, completes = ("oss.complete", True) if "uploadId" in asked else ("oss.multipart_init", False)
            read_body(wire, harvest, limit)
        case "PUT" if source is not None:
            operation, completes = "oss.copy", True
            copied = object_key(source.lstrip("/").partition("/")[2])
            keys = [*keys, *([copied] if copied else [])]
            read_file(wire, harvest, limit, optional=True)
        case "PUT" | "POST":
            kinds = {"partNumber": "oss.put_part", "append": "oss.append"}
            operation = next((kind for name, kind in kinds.items() if name in asked), f"oss.{wire.method.lower()}")
            read_file(wire, harvest, limit)
        case _:
            operation, keys = "oss.other", []
            read_body(wire, harvest, limit)
    return _Request(Channel.OSS, Surface(operation), tuple(keys), completes=completes)


def _parts(leaf: Leaf, surface: Surface, known: Callable[[str], Field | None]) -> Iterator[Part]:
    """Make the parts of one leaf: the string, its unescaped form if that differs, its heading where it has one."""
    text = clean(leaf.text)
    place = leaf.where.place.rstrip(" >")
    row = known(leaf.where.name) if leaf.role is None else None
    role = leaf.role or (row.role if row else role_by_name(leaf.where.name, text))
    seen = row.tag if row else leaf.role is Role.FILENAME and surface.files
    yield Part(role, place, text, path=(leaf.where.path or ()) if seen else ())
    plain = unfolded(text)
    if plain is not None:
        yield Part(role, f"{place} (unescaped)", plain)
    if row and row.heading and (heading := _heading(text)):
        yield Part(Role.TITLE, f"{place} (heading)", heading)


def _heading(text: str) -> str:
    """Return the first line, or what stands before its colon.

    A line that ends like a sentence or holds a number is no heading.
    """
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    label = _LABEL.match(first)
    top = "" if first.endswith(_SENTENCE_ENDS) or _NUMBER.search(first) else first[:HEADING].lstrip("# ")
    return "\n".join(dict.fromkeys(filter(None, [top, label and label[1], *_MARKDOWN_HEADING.findall(text)])))


def _told(leaves: Iterable[Leaf], names: set[str]) -> dict[str, dict[str, None]]:
    """Return the different values of fields by their names, both in the order in which they stand."""
    found: dict[str, dict[str, None]] = {}
    for leaf in leaves:
        if (name := last_name(leaf)) in names:
            found.setdefault(name, {})[clean(leaf.text)] = None
    return found
