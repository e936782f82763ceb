"""Follow web chat's messages by their ids: what DingTalk answers to a send, and what a forward sends on.

In:    frames of one connection, in both directions.
Out:   which frame a reply answers; the ids of messages that were sent; the ids of messages that are sent on.
Never: a reply matched to a frame it does not name; more than `HELD` bytes of frames that wait for theirs.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from cerco.dingtalk.body import readings
from cerco.dingtalk.outbound import Key, Reply, Wire
from cerco.dingtalk.walk import DEPTH, Digits, Members, parse

# Bytes of frames held for their replies, over all that wait: many of text, or a few with a picture in them. Beyond it
# the oldest are let go, and what they sent is not known by its id.
HELD = 16 * 1024 * 1024
# Longest reply looked into; the answer to a send repeats the message at most.
LONGEST = 1024 * 1024

_SENDS = re.compile(r"/r/(?:IDLSend|MessageSend)/\w+")
_UPLOADS = re.compile(r"/r/FileUpload/(?:pre|ci)|/up/(?:pre|ci)")
_FORWARDS = re.compile(r"/r/\w+/(?:combine)?forward\w*", re.IGNORECASE)
_MESSAGE_IDS = frozenset({"messageId", "messageIds", "msgId", "msgIds"})
_LONGEST_ID = 200  # characters; ids are numbers, some with a suffix


class Waiting[D]:
    """Frames of one connection that wait for their replies, each with what was decided about it."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, tuple[Wire, D]] = OrderedDict()
        self._held = 0

    def sent(self, wire: Wire, decision: D) -> None:
        """Note a frame that goes out, if the reply to it may name anything that later frames speak of."""
        mid = _mid(frame_fields(wire.body)) if wants_reply(wire) else None
        if mid is None or len(wire.body) > HELD:
            return
        self._forget(mid)
        self._waiting[mid] = (wire, decision)
        self._held += len(wire.body)
        while self._held > HELD:
            self._forget(next(iter(self._waiting)))

    def answered(self, frame: str | bytes) -> tuple[Wire, Reply, D] | None:
        """Return the frame that this one from DingTalk answers, the reply, and what was decided; None if it is none."""
        if not self._waiting or len(frame) > LONGEST:
            return None
        fields = frame_fields(frame)
        mid, code = _mid(fields), member(fields, "code")
        if mid is None or mid not in self._waiting or not isinstance(code, Digits) or not code.raw.isdecimal():
            return None
        wire, decision = self._waiting[mid]
        if code.raw != "100":  # "go on": the reply proper comes later
            self._forget(mid)
        body = frame if isinstance(frame, bytes) else frame.encode(errors="surrogatepass")
        return wire, Reply(int(code.raw[:4]), (), body), decision

    def _forget(self, mid: str) -> None:
        if (gone := self._waiting.pop(mid, None)) is not None:
            self._held -= len(gone[0].body)


def wants_reply(wire: Wire) -> bool:
    """Tell whether the reply to this frame may name a message or an upload that later frames speak of."""
    if wire.method != "WEBSOCKET" or not _may_say(wire.body, b"lwp"):
        return False
    uri = _uri(frame_fields(wire.body))
    return _SENDS.fullmatch(uri) is not None or _UPLOADS.fullmatch(uri) is not None or _is_forward(uri)


def forwarded(wire: Wire) -> tuple[Key, ...]:
    """Return the keys of the messages that a frame sends on without their content; () where it sends none on."""
    if wire.method != "WEBSOCKET" or not _may_say(wire.body, b"orward"):
        return ()
    fields = frame_fields(wire.body)
    return tuple(dict.fromkeys(_ids(member(fields, "body")))) if _is_forward(_uri(fields)) else ()


def sent_messages(wire: Wire, reply: Reply) -> tuple[Key, ...]:
    """Return the keys under which DingTalk will know the messages that a frame sent; () where the reply names none."""
    if not 200 <= reply.status < 300 or wire.method != "WEBSOCKET":
        return ()
    uri = _uri(frame_fields(wire.body))
    if not (_SENDS.fullmatch(uri) or _is_forward(uri)):
        return ()
    original = {key.value for key in forwarded(wire)}
    keys = dict.fromkeys(_ids(member(frame_fields(reply.body), "body")))
    return tuple(key for key in keys if key.value not in original)


def frame_fields(frame: str | bytes) -> Members | None:
    """Return a frame of web chat as it is written; None where it is no JSON object."""
    text = frame if isinstance(frame, str) else readings(frame).text
    try:
        fields = parse(text)
    except ValueError:
        return None
    return fields if isinstance(fields, Members) else None


def member(node: Any, name: str) -> Any:
    """Return the last member of that name, which is the one most parsers take; None where there is none."""
    found = [value for key, value in node.pairs if key == name] if isinstance(node, Members) else []
    return found[-1] if found else None


def _may_say(body: bytes, word: bytes) -> bool:
    """Tell cheaply whether a frame may hold a word, in clear or in JSON's escapes."""
    return word in body or b"\\u" in body


def _mid(fields: Members | None) -> str | None:
    mid = member(member(fields, "headers"), "mid")
    return mid if isinstance(mid, str) and 0 < len(mid) <= _LONGEST_ID else None


def _uri(fields: Members | None) -> str:
    uri = member(fields, "lwp")
    return uri if isinstance(uri, str) else ""


def _is_forward(uri: str) -> bool:
    return _FORWARDS.fullmatch(uri) is not None


def _ids(node: Any, name: str = "", depth: int = 0) -> Iterator[Key]:
    """Yield the ids of messages named anywhere below, also in JSON held in strings."""
    if depth > DEPTH:
        return
    match node:
        case Members():
            for key, value in node.pairs:
                yield from _ids(value, key, depth + 1)
        case list():
            for item in node:
                yield from _ids(item, name, depth + 1)
        case str() | Digits() if name in _MESSAGE_IDS:
            value = node.raw if isinstance(node, Digits) else node
            if 0 < len(value) <= _LONGEST_ID and value != "0":
                yield Key("message", value)
        case str() if node.lstrip().startswith(("{", "[")):
            try:
                held = parse(node)
            except ValueError:
                return
            yield from _ids(held, "", depth + 1)
