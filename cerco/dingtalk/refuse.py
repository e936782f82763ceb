"""Refuse a request or frame in the language its sender speaks, so that the reason reaches a person.

In:    the refused `Wire`, its channel, a reference number and the words.
Out:   a `Refusal`: an HTTP answer, or for a frame the frame to send back.
Never: an answer that makes a client try again: no 401, no 5xx, no error code for a spent token.
"""

import base64
import json
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

from cerco.dingtalk.body import open_body, readings
from cerco.dingtalk.outbound import Channel, Wire

# DingTalk's own "unsuitable content" (custom robot, error table). SDKs show its text and do not try again.
UNSUITABLE = 430104

# JSON-RPC 2.0 §5.1 leaves -32000 to -32099 to servers.
RPC_REFUSED = -32000

# A body is looked into only for the message id it must be answered with.
_GLANCE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer. For a WebSocket frame only `body` counts; if it is empty, the frame is dropped without a word."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


def refuse(wire: Wire, channel: Channel, *, reference: str, message: str, page: str) -> Refusal:
    """Return the answer in the channel's own form.

    `message` is plain text; `page` a complete HTML document, for a browser that asked for a document.
    """
    if wire.method == "WEBSOCKET":
        return Refusal(403, (), _frame(wire, channel, reference, message))
    if is_navigation(wire):
        return _answer(wire, 403, "text/html; charset=utf-8", page.encode(), reference)
    match channel:
        case Channel.OAPI:
            return _json(wire, 200, {"errcode": UNSUITABLE, "errmsg": message}, reference)
        case Channel.OSS:
            return _store(wire, reference, message)
        case Channel.MCP:
            return _json(wire, 200, _rpc(wire, reference, message), reference)
        case Channel.WEB:
            return _answer(wire, 403, "text/html; charset=utf-8", page.encode(), reference)
        case Channel.API | Channel.LWP | Channel.STREAM | Channel.OTHER:
            told = {"code": "Forbidden.DLP", "message": message, "requestid": reference}
            return _json(wire, 403, told, reference)


def is_navigation(wire: Wire) -> bool:
    """Tell whether a browser asks for a document to show, by Fetch Metadata, or by Accept in browsers without it."""
    if wire.method not in {"GET", "HEAD", "POST"}:
        return False
    mode = wire.header("Sec-Fetch-Mode")
    if mode is not None:
        return mode.strip().lower() == "navigate"
    accepted = (part.partition(";")[0].strip().lower() for part in (wire.header("Accept") or "").split(","))
    return "text/html" in accepted


def _json(wire: Wire, status: int, told: Any, reference: str) -> Refusal:
    return _answer(
        wire, status, "application/json; charset=utf-8", json.dumps(told, ensure_ascii=False).encode(), reference
    )


def _answer(wire: Wire, status: int, kind: str, body: bytes, reference: str) -> Refusal:
    headers = (("Content-Type", kind), ("Cache-Control", "no-store"), ("Cerco-Reference", reference))
    return Refusal(status, headers, b"" if wire.method == "HEAD" else body)


def _store(wire: Wire, reference: str, message: str) -> Refusal:
    """Answer as the object store does; where there is no body, its clients look for the error in a header."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error>'
        f"<Code>AccessDenied</Code><Message>{escape(_printable(message))}</Message>"
        f"<RequestId>{escape(reference)}</RequestId><HostId>{escape(wire.host)}</HostId></Error>"
    ).encode()
    more: tuple[tuple[str, str], ...] = (("x-oss-request-id", reference),)
    if wire.method == "HEAD":
        more = (*more, ("x-oss-err", base64.b64encode(body).decode()))
    answer = _answer(wire, 403, "application/xml", body, reference)
    return replace(answer, headers=(*answer.headers, *more))


def _printable(text: str) -> str:
    """Drop the control characters that XML 1.0 §2.2 does not allow."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")


def _rpc(wire: Wire, reference: str, message: str) -> Any:
    """Answer each call of a JSON-RPC body under its own id."""
    error = {"code": RPC_REFUSED, "message": message, "data": {"reference": reference}}
    asked = _glance(wire)
    if isinstance(asked, list) and asked:
        return [{"jsonrpc": "2.0", "id": _id(call), "error": error} for call in asked]
    return {"jsonrpc": "2.0", "id": _id(asked), "error": error}


def _id(call: Any) -> str | int | float | None:
    found = call.get("id") if isinstance(call, dict) else None
    return found if isinstance(found, str | int | float) and not isinstance(found, bool) else None


def _frame(wire: Wire, channel: Channel, reference: str, message: str) -> bytes:
    """Answer a web-chat frame under its message id; other protocols have no frame that means no."""
    if channel is not Channel.LWP:
        return b""
    asked = _glance(wire)
    headers = asked.get("headers") if isinstance(asked, dict) else None
    mid = headers.get("mid") if isinstance(headers, dict) else None
    told = {
        "headers": {"mid": mid} if isinstance(mid, str | int) else {},
        "code": 403,
        "body": {"reason": message, "code": "DLP", "reference": reference},
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _glance(wire: Wire) -> Any:
    """Parse the body as JSON, or return None; a large body is not worth it, its sender will see status or code."""
    opened = open_body(wire.body, wire.header("Content-Encoding"), _GLANCE)
    if not opened.whole:
        return None
    try:
        return json.loads(readings(opened.data).text, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
