"""Tell what a Stream-mode client merely hands back: an answer that repeats the message it answers sends nothing out.

In:    the frames of one connection: those DingTalk sent, and those on their way to it.
Out:   for judging, a frame without the data that DingTalk itself sent under the same message id.
Never: anything taken out but that data as a whole; what the client added or changed stays. No content is kept.
"""

import hmac
import json
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from typing import Any

from cerco.dingtalk.body import readings
from cerco.dingtalk.outbound import Wire
from cerco.dingtalk.walk import DEPTH, Digits, Members, parse

# Messages of one connection that may wait for their answers; of more, the oldest are judged as they stand. A bot that
# answers within ten seconds would have to be sent a hundred a second.
UNANSWERED = 1_024
# Longest frame looked into. A message in a chat has at most some kilobytes; longer frames are judged as they stand.
LONGEST = 64 * 1024
# How deep within an answer's data an echo may stand. The SDKs put it there bare, or as {"response": …}.
WRAPPED = 4


class Echoes:
    """What DingTalk sent over one connection and may get back. `key`: any 16 secret bytes or more."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._heard: OrderedDict[bytes, bytes] = OrderedDict()

    def heard(self, frame: str | bytes) -> None:
        """Note a frame from DingTalk, whatever it is; frames that hold no message are passed over."""
        message = _message(frame)
        if message is None:
            return
        _, name, data = message
        with suppress(RecursionError):  # nested too deep to compare; its echo is judged as it stands
            self._heard[self._digest(name)] = self._mark(_opened(data))
        while len(self._heard) > UNANSWERED:
            self._heard.popitem(last=False)

    def strip(self, frame: Wire) -> Wire:
        """Return a frame to DingTalk with what it echoes left out: to be judged, never to be sent."""
        message = _message(frame.body)
        if message is None:
            return frame
        whole, name, data = message
        heard = self._heard.get(self._digest(name))
        if heard is None:
            return frame
        opened = _opened(data)
        with suppress(RecursionError):
            rest = self._without(opened, heard)
            if rest is not opened:
                said = _written(rest) if isinstance(data, str) and rest != "" else rest
                pairs = tuple((field, said if field == "data" else value) for field, value in whole.pairs)
                return replace(frame, body=_written(Members(pairs)).encode())
        return frame

    def _without(self, node: Any, heard: bytes, depth: int = 0) -> Any:
        """Return the node with every echo in it emptied; the node itself if it holds none."""
        if depth > WRAPPED or not isinstance(node, str | Members | list):
            return node
        if hmac.compare_digest(self._mark(_opened(node)), heard):
            return ""
        match node:
            case Members():
                pairs = tuple((name, self._without(value, heard, depth + 1)) for name, value in node.pairs)
                same = all(new is old for (_, new), (_, old) in zip(pairs, node.pairs, strict=True))
                return node if same else Members(pairs)
            case list():
                items = [self._without(item, heard, depth + 1) for item in node]
                return node if all(new is old for new, old in zip(items, node, strict=True)) else items
        return node

    def _mark(self, node: Any, depth: int = 0) -> bytes:
        """Return 32 bytes that are the same for any spelling of the same JSON: order, blanks and escapes do not matter.

        All values of a name that stands several times count, so nothing can hide behind an echo.

        Raises:
            RecursionError: it is nested deeper than any message of DingTalk's.
        """
        if depth > DEPTH:
            raise RecursionError
        match node:
            case Members():
                marks = sorted(self._digest(name) + self._mark(value, depth + 1) for name, value in node.pairs)
                return self._digest(b"".join(marks), "object")
            case list():
                return self._digest(b"".join(self._mark(item, depth + 1) for item in node), "list")
            case Digits():
                return self._digest(node.raw, "number")
            case str():
                return self._digest(node)
        return self._digest(str(node), "word")

    def _digest(self, said: str | bytes, kind: str = "text") -> bytes:
        data = said if isinstance(said, bytes) else said.encode(errors="surrogatepass")
        return hmac.digest(self._key, kind.encode() + b"\0" + data, "sha256")


def _message(frame: str | bytes) -> tuple[Members, str, Any] | None:
    """Return a frame, its message id and its data; None where any of them is missing, doubled or empty."""
    if len(frame) > LONGEST:
        return None
    whole = _opened(frame if isinstance(frame, str) else readings(frame).text)
    headers, data = _only(whole, "headers"), _only(whole, "data")
    name = _only(headers, "messageId")
    return (whole, name, data) if isinstance(name, str) and name and data else None


def _only(node: Any, name: str) -> Any:
    """Return the one member of that name; None where there is none, or several."""
    found = [value for key, value in node.pairs if key == name] if isinstance(node, Members) else []
    return found[0] if len(found) == 1 else None


def _opened(data: Any) -> Any:
    """Return what a string of JSON holds, and anything else as it is."""
    if not isinstance(data, str):
        return data
    try:
        return parse(data)
    except ValueError:
        return data


def _written(node: Any) -> str:
    match node:
        case Members():
            return f"{{{','.join(f'{json.dumps(name)}:{_written(value)}' for name, value in node.pairs)}}}"
        case list():
            return f"[{','.join(map(_written, node))}]"
        case Digits():
            return node.raw
    return json.dumps(node)
