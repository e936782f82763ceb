"""What reached the origin, written down before it is answered; and how to look something up in it.

In:    every request, WebSocket message and raw connection of the stand-in, piece by piece.
Out:   one JSON object a line; `read` merges the pieces into one `Entry` per request, message or connection.
Never: an answer sent before its request is written; a piece kept back because the rest never came.
"""

import base64
import json
import os
import re
import secrets
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]

# "piece": headers or body bytes of something not finished yet; the others close the id they carry.
Line = Literal["piece", "request", "frame", "raw"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One request, one WebSocket message, or one connection that spoke neither TLS nor HTTP.

    `complete` is False where the peer went away before the end; `body` is then what had arrived.
    """

    kind: str  # "request" | "frame" | "raw"
    id: str
    at: float  # seconds since the epoch, when its first byte was written down
    method: str = ""
    scheme: str = ""
    host: str = ""
    path: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    http_version: str = ""
    body: bytes = field(default=b"", repr=False)
    complete: bool = True

    def holds(self, needle: bytes) -> bool:
        """Tell whether the needle is anywhere in path, headers or body: plain, percent-encoded, gzipped or base64."""
        places = [unquote_to_bytes(self.path), self.body, _inflate(self.body)]
        places += [value.encode() for _, value in self.headers]
        return any(form in place for form in _forms(needle) for place in places)

    def strings(self) -> tuple[str, ...]:
        """Return the strings a reader of this request would see: JSON leaves (also JSON within), file names, fields."""
        return tuple(_strings(self))


class Journal:
    """Appends to one file; each call is on the file before it returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.path = path

    def write(self, line: Line, entry: Entry) -> None:
        """Append one line; `entry.kind` tells what it will be when it is whole."""
        record = {
            "line": line,
            "kind": entry.kind,
            "id": entry.id,
            "at": entry.at,
            "method": entry.method,
            "scheme": entry.scheme,
            "host": entry.host,
            "path": entry.path,
            "headers": entry.headers,
            "http_version": entry.http_version,
            "body": base64.b64encode(entry.body).decode(),
            "complete": entry.complete,
        }
        data = memoryview(json.dumps(record).encode() + b"\n")
        while data:
            data = data[os.write(self._fd, data) :]

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


class Recorder:
    """Wraps the application: journals every piece of a request as it arrives, and hands it on only when it is whole."""

    def __init__(self, app: App, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        entry = _entry(scope, "request")
        self._journal.write("piece", entry)
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self._journal.write("request", replace(entry, body=bytes(body), complete=False))
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
            self._journal.write("piece", replace(entry, body=message.get("body", b"")))
        self._journal.write("request", replace(entry, body=bytes(body)))
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, replay, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        entry = _entry(scope, "request")
        self._journal.write("request", entry)

        async def journalled() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                text = message.get("text")
                body = text.encode() if text is not None else message.get("bytes") or b""
                frame = replace(_entry(scope, "frame"), method="WEBSOCKET", body=body)
                self._journal.write("frame", frame)
            return message

        await self._app(scope, journalled, send)


def read(path: Path) -> tuple[Entry, ...]:
    """Return all entries of a journal in order of arrival; a line still being written is left out."""
    entries: dict[str, Entry] = {}
    if not path.exists():
        return ()
    for raw in path.read_bytes().split(b"\n")[:-1]:
        record: dict[str, Any] = json.loads(raw)
        line = record.pop("line")
        record["body"] = base64.b64decode(record["body"])
        record["headers"] = tuple((key, value) for key, value in record["headers"])
        before = entries.get(record["id"])
        if before is not None:
            record["at"] = before.at
            if line == "piece":
                record["body"] = before.body + record["body"]
        entries[record["id"]] = Entry(**{**record, "complete": record["complete"] and line != "piece"})
    return tuple(entries.values())


def seen(path: Path, needle: str) -> tuple[Entry, ...]:
    """Return the entries that hold `needle`: the whole of "what the origin saw of it"."""
    return tuple(entry for entry in read(path) if entry.holds(needle.encode()))


def _forms(needle: bytes) -> Iterator[bytes]:
    yield needle
    for shift in range(3):  # base64 shows the same bytes in one of three ways, by their offset
        coded = base64.b64encode(b"\0" * shift + needle)
        whole = coded[4 if shift else 0 : -4 if (shift + len(needle)) % 3 else None]
        if len(whole) >= 8:  # fewer characters would match by chance
            yield whole


def _inflate(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return b""
    try:
        return zlib.decompressobj(wbits=31).decompress(
            body
        )  # unlike gzip.decompress, gives what there is of a cut-off body
    except zlib.error:
        return b""


def _strings(entry: Entry) -> Iterator[str]:
    for _, value in parse_qsl(entry.path.partition("?")[2]):
        yield from _leaves(value)
    kind = next((value for key, value in entry.headers if key.lower() == "content-type"), "")
    text = entry.body.decode(errors="replace")
    if kind.startswith("multipart/"):
        yield from re.findall(r'filename="([^"]*)"', text)
        yield from (unquote(name) for name in re.findall(r"filename\*=UTF-8''([^;\s]+)", text, re.IGNORECASE))
    elif kind.startswith("application/x-www-form-urlencoded"):
        for _, value in parse_qsl(text):
            yield from _leaves(value)
    else:
        yield from _leaves(text)


def _leaves(text: str) -> Iterator[str]:
    """Yield the strings in JSON text, looking into strings that are JSON themselves; else the text as it is."""
    try:
        value = json.loads(text)
    except ValueError:
        yield text
        return
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += item.values()
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str):
            yield from _leaves(item) if item[:1] in ("{", "[") else (item,)


def _entry(scope: Scope, kind: str) -> Entry:
    headers = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in scope["headers"])
    host = next((value for key, value in headers if key.lower() in ("host", ":authority")), "")
    query = scope.get("query_string", b"")
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    return Entry(
        kind=kind,
        id=secrets.token_hex(8),
        at=time.time(),
        method=scope.get("method", "GET"),
        scheme=scope["scheme"],
        host=host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host,
        path=raw_path.decode("latin-1") + ("?" + query.decode("latin-1") if query else ""),
        headers=headers,
        http_version=scope.get("http_version", "1.1"),
        complete=True,
    )
