"""The nouns of the first room: what came over the wire, and what it means.

In:    nothing; these are values.
Out:   `Wire`, `Reply`, `Outbound` and what they are made of.
Never: content in a `repr`: every field that may hold personal data is `repr=False`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from cerco.dingtalk.held import Held


class Channel(StrEnum):
    """The dialect a client speaks, and so the language it must be refused in."""

    OAPI = "oapi"  # oapi.dingtalk.com and the older eco.taobao.com: HTTP 200 + errcode
    API = "api"  # api.dingtalk.com and its .io twin: HTTP 403 + {code, message, requestid}
    OSS = "oss"  # object stores: HTTP 403 + XML <Error>
    LWP = "lwp"  # web chat over WebSocket: a frame with the same mid and code 403
    STREAM = "stream"  # Stream-mode bots over WebSocket
    MCP = "mcp"  # mcp-gw: JSON-RPC error on HTTP 200
    WEB = "web"  # a browser navigation: an HTML page
    OTHER = "other"  # any other request to a DingTalk host


class Role(StrEnum):
    """What a part is to its reader; rules say which roles they look at."""

    TEXT = "text"  # body text of a message, a cell, a field
    TITLE = "title"  # heading of a message, card or document
    FILENAME = "filename"  # the name a file is given in DingTalk
    FILE = "file"  # the bytes of a file


@dataclass(frozen=True, slots=True)
class Wire:
    """One HTTP request, or one WebSocket message, as the client sent it.

    `path` includes the query string. `body` holds the bytes as sent (still content-encoded); of a body that is too
    large for memory only how it begins, and `held` holds all of it.
    Header names keep their case; compare them with `header()`.
    """

    method: str  # "WEBSOCKET" for a frame
    scheme: str  # "http" | "https" | "ws" | "wss" as the client spoke it
    host: str  # lower case, no port; the name the client asked for
    port: int
    path: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    client: str  # the client's IP address
    tls_client: str | None = None  # negotiated towards the client, "TLSv1.3"
    tls_server: str | None = None  # negotiated towards DingTalk, once known
    is_text: bool = True  # a WebSocket text frame, as against a binary one
    held: Held | None = field(default=None, repr=False)

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """What DingTalk answered to a `Wire`; read only for the keys it hands out."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Key:
    """One name under which DingTalk knows an upload; several keys of one upload are linked in the ledger."""

    kind: str  # "object" (host-less OSS path) | "upload" (uploadKey) | "dentry" | "media"
    value: str = field(repr=False)


class Step(StrEnum):
    """What a request does to a file that travels in parts."""

    START = "start"  # asks for leave to send parts
    PART = "part"  # brings one
    COPY = "copy"  # has the store take one from another of its objects
    FINISH = "finish"  # has them put together; may bring the last one itself
    ABORT = "abort"  # gives the upload up
    WHOLE = "whole"  # brings all of a stored object at once


@dataclass(frozen=True, slots=True)
class Piece:
    """A request's share in an upload that travels in parts.

    `upload` names the one set of parts. A part has either a `number`, which puts it in order among the others, or an
    `offset` in bytes, where it is appended to what the store has already and is part of the object from then on.
    `broken`: it cannot be told which part this is, or which parts are to be put together.
    """

    upload: Key
    step: Step
    number: int | None = None
    offset: int | None = None
    listed: tuple[tuple[int, str], ...] | None = None  # FINISH: (number, ETag) of the parts that count; None: all
    total: int | None = None  # FINISH: how many parts there must be
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sends, as far as the wire tells."""

    address: str  # the client's IP address
    account: str | None = field(default=None, repr=False)  # unionId, robotCode, LWP user: whatever the request names


@dataclass(frozen=True, slots=True)
class Destination:
    """Where it goes: the host, the region that host stands in, and the conversation if the request names one."""

    host: str
    region: str  # "mainland" | "singapore" | "international" | "enterprise" | "unknown"
    conversation: str | None = field(default=None, repr=False)
    recipients: tuple[str, ...] = field(default=(), repr=False)  # people and groups the request addresses, as it does


@dataclass(frozen=True, slots=True)
class Part:
    """One readable piece of an outbound: a text, or the bytes of a file.

    `place` is for people and may be shown: it is made of field names and positions only
    ("text.content", "msgParam > content", "multipart media"), never of content.
    `path` addresses the same piece for rewriting; empty where it cannot be rewritten.
    """

    role: Role
    place: str
    content: str | bytes | Held = field(repr=False)  # a text if and only if role is not FILE
    filename: str | None = field(default=None, repr=False)  # of a FILE, where the same request says it
    path: tuple[str | int, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Outbound:
    """What a request sends out through DingTalk: who, where to, through which channel, and every readable part.

    `keys` are the ledger keys this request speaks about (an OSS path, an uploadKey, a media id).
    `carries_file` is true where the request itself holds file bytes; `completes` where it publishes an
    upload under its keys (commit, send, message with a media id) whose bytes passed earlier.
    `malformed` lists places that could not be read as what they claim to be; they were read as raw text as well.
    `piece` is set where the request is one step of an upload in parts.
    """

    actor: Actor
    destination: Destination
    channel: Channel
    operation: str  # "robot.send", "storage.commit", "oss.put", "lwp:/r/IDLSend/send"; "generic" where unknown
    parts: tuple[Part, ...]
    keys: tuple[Key, ...] = ()
    carries_file: bool = False
    completes: bool = False
    taggable: bool = False
    malformed: tuple[str, ...] = ()
    piece: Piece | None = None
