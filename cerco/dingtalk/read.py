"""Turn a request or frame into what is being sent out, by whom, to where.

In:    a `Wire` and the `Scope`.
Out:   an `Outbound` in which every readable byte of the request stands in some part.
Never: an exception, whatever the bytes. What is not what it claims to be is read as it stands, and said so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from cerco.dingtalk import surfaces
from cerco.dingtalk.content import read_body, read_fields, read_file, read_headers, read_segments
from cerco.dingtalk.keys import keys_in, last_name, object_key
from cerco.dingtalk.lwp import read_frame
from cerco.dingtalk.multipart import boundary_of
from cerco.dingtalk.outbound import Actor, Channel, Destination, Key, Outbound, Part, Role, Wire
from cerco.dingtalk.scope import Scope
from cerco.dingtalk.surfaces import Surface
from cerco.dingtalk.walk import Harvest, Leaf, Where, clean, unfolded

# Memory for one decoded body; the gate's own limit for a body is the same by default.
LIMIT = 64 * 1024 * 1024

# A heading is what a reader takes in at a glance; beyond this the first line is a paragraph.
HEADING = 120
_SENTENCE_ENDS = tuple("。！？!?.，,；;")
_LABEL = re.compile(r"([^:：]{1,40})[:：]\s*\S")

_CONVERSATION = (
    "openConversationId",
    "open_conversation_id",
    "target_open_conversation_id",
    "conversationId",
    "toConversationId",
    "chatid",
    "cid",
)
_ACCOUNT = ("unionId", "robotCode", "senderId", "sender", "agent_id", "agentid", "openUserId")
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


def read(wire: Wire, scope: Scope, *, limit: int = LIMIT) -> Outbound:
    """Read a request or frame; of a decoded body at most `limit` bytes."""
    harvest = Harvest()
    channel = scope.channel(wire.host)
    if wire.method == "WEBSOCKET":
        request = _frame(wire, channel, harvest, limit)
    elif channel is Channel.OSS:
        request = _object(wire, harvest, limit)
    else:
        request = _call(wire, channel, harvest, limit)
    parts = (*(part for leaf in harvest.leaves for part in _parts(leaf, request.surface)), *harvest.files)
    return Outbound(
        actor=Actor(wire.client, _first(harvest.leaves, _ACCOUNT)),
        destination=Destination(wire.host, scope.region(wire.host), _first(harvest.leaves, _CONVERSATION)),
        channel=request.channel,
        operation=request.surface.operation,
        parts=parts,
        keys=request.keys,
        carries_file=bool(harvest.files),
        completes=request.completes,
        taggable=any(part.path for part in parts),
        malformed=tuple(dict.fromkeys(harvest.malformed)),
    )


def _frame(wire: Wire, channel: Channel, harvest: Harvest, limit: int) -> _Request:
    frame = read_frame(wire, channel, harvest, limit)
    keys = keys_in([*harvest.leaves, *harvest.numbers]) if frame.channel is Channel.LWP else ()
    return _Request(frame.channel, frame.surface, keys, completes=bool(keys) and not frame.uploads)


def _call(wire: Wire, channel: Channel, harvest: Harvest, limit: int) -> _Request:
    path, _, query = wire.path.partition("?")
    read_fields(query, "query", harvest)
    read_segments(path, harvest)
    read_headers(wire, harvest)
    read_body(wire, harvest, limit)
    named = next((leaf.text for leaf in harvest.leaves if leaf.where.name == "method"), None)
    surface = surfaces.find(wire.method, unquote(path), named if path.rstrip("/") == "/router/rest" else None)
    if wire.method not in {"POST", "PUT", "PATCH"} and not surface.completes:
        return _Request(channel, surface, (), completes=False)
    keys = keys_in([*harvest.leaves, *harvest.numbers], media_is_object=surface.media_is_object)
    publishes = any(key.kind == "media" or (key.kind == "upload" and channel is Channel.MCP) for key in keys)
    return _Request(channel, surface, keys, completes=surface.completes or publishes)


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


def _parts(leaf: Leaf, surface: Surface) -> Iterator[Part]:
    """Make the parts of one leaf: the string, its unescaped form if that differs, its heading where it has one."""
    text = clean(leaf.text)
    place = leaf.where.place.rstrip(" >")
    row = surface.field(leaf.where.name) if leaf.role is None else None
    role = leaf.role or (row.role if row else surfaces.role_by_name(leaf.where.name, text))
    seen = row.tag if row else leaf.role is Role.FILENAME and surface.files
    yield Part(role, place, text, path=(leaf.where.path or ()) if seen else ())
    plain = unfolded(text)
    if plain is not None:
        yield Part(role, f"{place} (unescaped)", plain)
    if row and row.heading and (heading := _heading(text)):
        yield Part(Role.TITLE, f"{place} (heading)", heading)


def _heading(text: str) -> str:
    """Return the first line, or what stands before its colon; a line that ends like a sentence is no heading."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    label = _LABEL.match(first)
    top = "" if first.endswith(_SENTENCE_ENDS) else first[:HEADING].lstrip("# ")
    return "\n".join(dict.fromkeys(filter(None, [top, label and label[1], *_MARKDOWN_HEADING.findall(text)])))


def _first(leaves: Iterable[Leaf], names: tuple[str, ...]) -> str | None:
    found = dict[str, str]()
    for leaf in leaves:
        if (name := last_name(leaf)) in names:
            found.setdefault(name, clean(leaf.text))
    return next((found[name] for name in names if name in found), None)
