"""Notice what is new: requests that nobody described, and fields that a published operation does not have.

In:    a request and its `Outbound`; the published operations, and the families of requests by which content leaves.
Out:   a `Sighting`, which tells what kind of request it was.
Never: a value from the request, in whole or in part: what may be data is folded. Never a part in a verdict.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cerco.dingtalk.endpoints import EVERY, Endpoints
from cerco.dingtalk.folding import fold_call, fold_host, fold_path
from cerco.dingtalk.outbound import Channel, Outbound, Wire
from cerco.dingtalk.shape import NAMES, QUERY, body_tree, names, query_tree, unlisted

# The method of what is not known by its path: a tool, a method of the older gateway, the uri of a frame.
CALL = "CALL"
# Web chat's calls that anybody has described (its older web client, and a public service on the same protocol).
FRAMES = frozenset(
    {
        "/!", "/reg", "/reg/sync", "/subscribe", "/up/pre", "/up/frag", "/up/ci", "/up/abt", "/r/FileUpload/pre",
        "/r/FileUpload/frag", "/r/FileUpload/ci", "/r/FileUpload/abt", "/r/IDLSend/send", "/r/IDLSend/forward",
        "/r/IDLSend/forwardBatch", "/r/IDLSend/forwardWithTransform", "/r/IDLSend/forwardWithTransformBatch",
        "/r/IDLSend/combineForward", "/r/MessageSend/sendByReceiverScope",
    }
)  # fmt: skip
# What the Model Context Protocol (2025-06-18) has a client send besides tools/call.
_PROTOCOL = frozenset(
    {
        "initialize", "ping", "tools/list", "resources/list", "resources/templates/list", "resources/read",
        "resources/subscribe", "resources/unsubscribe", "prompts/list", "prompts/get", "completion/complete",
        "logging/setLevel", "notifications/initialized", "notifications/cancelled", "notifications/progress",
        "notifications/roots/list_changed", "roots/list", "sampling/createMessage", "elicitation/create",
    }
)  # fmt: skip
_TOOL_CALL = "tools/call"
_RPC_METHOD = re.compile(r"(?:\[\d+\]\.)?method")
_RPC_TOOL = re.compile(r"(?:\[\d+\]\.)?params\.name")
# The older gateway, where a call is "dingtalk.oapi." and its path on oapi with dots, without "/topapi" in front.
_GATEWAY = "/router/rest"
_GATEWAY_METHOD = re.compile(r"(?:query |form )?method")
_OAPI = "dingtalk.oapi."
# RFC 9110 §9.3, RFC 5789, and the methods of WebDAV (RFC 4918 §9). Any other word may be the sender's own.
_METHODS = frozenset(
    {
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "PROPPATCH",
        "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "WEBSOCKET", CALL,
    }
)  # fmt: skip
_FETCHES = frozenset({"GET", "HEAD"})
# Where a request that fetches is an operation, too; elsewhere it fetches a page, a picture, a script.
_INTERFACES = frozenset({Channel.API, Channel.OAPI})


class Catalogue(Protocol):
    """The published operations."""

    def known(self, method: str, path: str) -> str | None:
        """Return the template that a path without its query fits, or None."""

    def keys(self, template: str) -> frozenset[str]:
        """Return the names its body's fields may have, at any depth; empty where none were published."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A kind of request that is news. It holds nothing a sender chose, and may be kept and shown.

    `method` is `CALL` where `template` is the name of a call. `shape` are the full names of its fields, those of the
    query behind "?". `new_keys` are the fields that a published operation does not have; where there are none, the
    operation itself is new.
    """

    channel: Channel
    method: str
    host: str
    template: str
    shape: tuple[str, ...]
    new_keys: tuple[str, ...] = ()


def observe(wire: Wire, outbound: Outbound, catalogue: Catalogue, endpoints: Endpoints) -> Sighting | None:
    """Return what is new about a request or frame to a DingTalk host; None where nothing is.

    `outbound` is what `read` made of it with the same endpoints.
    Pages and their pictures are no news, nor is what object stores and Stream mode do: it is the same for all content.
    """
    if wire.method == "WEBSOCKET":
        return _frame(wire, outbound, endpoints)
    if outbound.channel is Channel.OSS:
        is_new = outbound.operation == "oss.other" and bool(wire.body)
        return _sighting(wire, Channel.OSS, wire.method, "/{object}") if is_new else None
    if wire.method == "OPTIONS" or wire.header("Upgrade") is not None:
        return None
    path = wire.path.partition("?")[0]
    if calls := _calls(wire, outbound):
        return _call(wire, outbound.channel, calls, catalogue, endpoints)
    if (template := catalogue.known(wire.method, path)) is not None:
        new = unlisted(body_tree(wire), catalogue.keys(template))
        return _sighting(wire, outbound.channel, wire.method, template, new) if new else None
    if outbound.operation != endpoints.generic.operation:
        return None
    if wire.method in _FETCHES and not wire.body and outbound.channel not in _INTERFACES:
        return None
    return _sighting(wire, outbound.channel, wire.method, fold_path(path, outbound.channel, catalogue.known))


def _frame(wire: Wire, outbound: Outbound, endpoints: Endpoints) -> Sighting | None:
    if outbound.channel is Channel.LWP and outbound.operation.startswith("lwp:"):
        uri = outbound.operation.removeprefix("lwp:")
        if uri in FRAMES or _describes(endpoints, uri, Channel.LWP):
            return None
        return _sighting(wire, Channel.LWP, CALL, fold_call(uri))
    if outbound.operation == "websocket.frame":
        return _sighting(wire, outbound.channel, wire.method, fold_path(wire.path, outbound.channel, _unpublished))
    return None


def _call(
    wire: Wire, channel: Channel, calls: tuple[str, ...], catalogue: Catalogue, endpoints: Endpoints
) -> Sighting | None:
    """Return the first call that is new; a request may make several."""
    for name in calls:
        if not (_describes(endpoints, name, channel) or _is_published(name, catalogue)):
            return _sighting(wire, channel, CALL, fold_call(name))
    return None


def _is_published(name: str, catalogue: Catalogue) -> bool:
    """Tell whether a call of the older gateway is one of the paths of oapi."""
    path = name.removeprefix(_OAPI).replace(".", "/")
    return path != name and any(catalogue.known("POST", f"{top}/{path}") is not None for top in ("/topapi", ""))


def _calls(wire: Wire, outbound: Outbound) -> tuple[str, ...]:
    """Return the calls a request names in its fields instead of having a path for each; () if it is not of that kind.

    Agents speak JSON-RPC, in which a tool's name stands beside the method; a batch is a list of such objects.
    """
    if wire.path.partition("?")[0].rstrip("/") == _GATEWAY:
        return tuple(_said(outbound, _GATEWAY_METHOD))
    if outbound.channel is not Channel.MCP:
        return ()
    methods = list(_said(outbound, _RPC_METHOD))
    return (*_said(outbound, _RPC_TOOL), *(method for method in methods if method != _TOOL_CALL))


def _said(outbound: Outbound, place: re.Pattern[str]) -> Iterator[str]:
    return (part.content for part in outbound.parts if isinstance(part.content, str) and place.fullmatch(part.place))


def _describes(endpoints: Endpoints, name: str, channel: Channel) -> bool:
    """Tell whether a family names this call; one that stands for every call does not."""
    if channel is Channel.MCP and name in _PROTOCOL:
        return True
    found = endpoints.call(name, channel)
    return found is not None and found is not endpoints.call(EVERY, channel)


def _unpublished(_method: str, _path: str) -> None:
    return None


def _sighting(wire: Wire, channel: Channel, method: str, template: str, new_keys: tuple[str, ...] = ()) -> Sighting:
    host = fold_host(wire.host, channel)
    shape = (*names(query_tree(wire), QUERY), *names(body_tree(wire)))[:NAMES]
    return Sighting(channel, method if method in _METHODS else "{method}", host, template, shape, new_keys[:NAMES])
