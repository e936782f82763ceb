"""Put web chat's bundled frames together: a large frame may be sent in several, and zipped.

In:    frames of one connection on their way to DingTalk.
Out:   for judging, the frame that the pieces make once the last of them is here.
Never: a piece let go unread: what is put together too late, too large or out of shape is reported as lost.
"""

import base64
import binascii
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cerco.dingtalk.body import looks_like_text, open_body, readings
from cerco.dingtalk.lwp_replies import frame_fields, member
from cerco.dingtalk.outbound import Wire
from cerco.dingtalk.walk import Digits, Members

# Bytes of pieces held for one connection. Files go another way; the largest message has a few pictures in it.
HELD = 16 * 1024 * 1024
# Bytes that a zipped frame may expand to.
UNZIPPED = 4 * HELD
# Bundles held for one connection, also those that are whole: their last piece may be sent again with other content.
BUNDLES = 64
# Bundles let go whose names are kept: none of their pieces can be read together with the others any more.
GONE = 65_536
# Different contents of one piece; a client that sends again sends the same.
AGAIN = 4

_BUNDLE = ("bundle-id", "bundle-seq", "bundle-total")
_HEAD = frozenset({"headers", "code"})
_LEAST = 16  # characters; shorter strings of base64 letters are as likely words


@dataclass(frozen=True, slots=True)
class Bundled:
    """A frame that is a piece of a bundle.

    `wire` is what to judge: the frame itself while pieces are missing, and what all make together with the last.
    `lost`: this bundle will never be read as a whole; what is in it counts as unread.
    """

    wire: Wire
    whole: bool
    lost: bool = False


@dataclass(slots=True)
class _Bundle:
    total: int
    pieces: dict[int, list[bytes]] = field(default_factory=dict, repr=False)  # the frames sent under a number, in order
    size: int = 0
    lost: bool = False

    @property
    def whole(self) -> bool:
        return len(self.pieces) >= self.total


class _TooLargeError(ValueError):
    """What is zipped in a frame expands beyond all measure."""


class Bundles:
    """The bundles of one connection."""

    def __init__(self) -> None:
        self._bundles: OrderedDict[str, _Bundle] = OrderedDict()
        self._gone: OrderedDict[bytes, None] = OrderedDict()
        self._held = 0

    def take(self, wire: Wire) -> Bundled | None:
        """Take a frame in, and return what to judge in its place; None for a frame that is judged as it stands."""
        if not any(sign in wire.body for sign in (b"bundle", b"zip", b"\\u")):
            return None
        try:
            return self._take(wire)
        except (RecursionError, _TooLargeError):  # nested deeper, or zipped smaller, than any frame of web chat
            return Bundled(wire, whole=False, lost=True)

    def _take(self, wire: Wire) -> Bundled | None:
        fields = frame_fields(wire.body)
        headers = member(fields, "headers")
        if fields is None or not isinstance(headers, Members):
            return None
        name, number, total = (member(headers, key) for key in _BUNDLE)
        if name is None and number is None and total is None:
            zipped = member(headers, "zip") is not None
            return Bundled(replace(wire, body=_joined([[wire.body]], fields)), whole=True) if zipped else None
        at, of = _count(number), _count(total)
        if not isinstance(name, str | Digits) or at is None or not of:
            return Bundled(wire, whole=False, lost=True)
        bundle = self._held_in(name if isinstance(name, str) else name.raw, of)
        if bundle is None or not self._add(bundle, at, wire.body):
            return Bundled(wire, whole=False, lost=True)
        if not bundle.whole:
            return Bundled(wire, whole=False)
        pieces = [bundle.pieces[number] for number in sorted(bundle.pieces)]
        return Bundled(replace(wire, body=_joined(pieces, fields)), whole=True)

    def _held_in(self, name: str, total: int) -> _Bundle | None:
        """Return the bundle of that name; None where it was let go, or there is no room for another."""
        if (bundle := self._bundles.get(name)) is not None:
            bundle.total = min(bundle.total, total)
            return bundle
        if _short(name) in self._gone or (len(self._bundles) >= BUNDLES and not self._make_room()):
            return None
        return self._bundles.setdefault(name, _Bundle(total))

    def _add(self, bundle: _Bundle, at: int, frame: bytes) -> bool:
        """Keep a piece, and tell whether the bundle can still be read as a whole."""
        versions = bundle.pieces.setdefault(at, [])
        if bundle.lost or frame in versions:
            return not bundle.lost
        while self._held + len(frame) > HELD and self._make_room(besides=bundle):
            pass
        if self._held + len(frame) > HELD or len(versions) >= AGAIN:
            self._held -= bundle.size
            bundle.pieces = {number: [] for number in bundle.pieces}
            bundle.size, bundle.lost = 0, True
            return False
        versions.append(frame)
        bundle.size += len(frame)
        self._held += len(frame)
        return True

    def _make_room(self, besides: _Bundle | None = None) -> bool:
        """Let the oldest bundle go of which all pieces were here, and tell whether there was one."""
        done = (name for name, bundle in self._bundles.items() if bundle is not besides and bundle.whole)
        name = next(done, None)
        if name is None:
            return False
        self._held -= self._bundles.pop(name).size
        self._gone[_short(name)] = None
        if len(self._gone) > GONE:
            self._gone.popitem(last=False)
        return True


def _short(name: str) -> bytes:
    return hashlib.sha256(name.encode(errors="surrogatepass")).digest()[:16]


def _count(value: Any) -> int | None:
    raw = value.raw if isinstance(value, Digits) else value
    return int(raw) if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= 9 else None


def _joined(pieces: Sequence[Sequence[bytes]], newest: Members) -> bytes:
    """Write the frame that pieces make, and within it the newest piece as it came.

    Where a piece was sent in several versions, they are put together with the first ones, and with the last ones.
    """
    uses = [[versions[0] for versions in pieces]]
    if any(len(versions) > 1 for versions in pieces):
        uses.append([versions[-1] for versions in pieces])
    frame = dict[str, Any]()
    for frames in uses:
        use = [fields for body in frames if (fields := frame_fields(body)) is not None]
        for name in dict.fromkeys(name for piece in use for name, _ in piece.pairs):
            values = [value for piece in use for key, value in piece.pairs if key == name]
            if name == "lwp":
                frame.setdefault(name, _plain(next((value for value in values if value is not None), None)))
            elif name not in _HEAD:
                frame.setdefault(name, []).extend(_together(values))
    frame.setdefault("newest", []).append(_plain(newest))
    return json.dumps(frame).encode()


def _together(values: Sequence[Any]) -> Iterator[Any]:
    """Yield what the values of one field make in sequence: strings a string, lists a list; and what that unzips to."""
    items = [item for value in values for item in (value if isinstance(value, list) else [value])]
    texts = [item for item in items if isinstance(item, str)]
    if texts:
        yield "".join(texts)
        # Whether frames are cut before or after they are zipped is not known, so either is tried.
        whole, each = _unzipped("".join(texts)), [_unzipped(text) for text in texts]
        yield from [whole] if whole is not None else []
        yield from ["".join(text or "" for text in each)] if any(each) else []
    yield from (_plain(item) for item in items if item is not None and not isinstance(item, str))


def _unzipped(text: str) -> str | None:
    if len(text) < _LEAST:
        return None
    bare = "".join(text.split())
    try:
        data = base64.b64decode(
            bare + "=" * (-len(bare) % 4), b"-_" if "-" in bare or "_" in bare else None, validate=True
        )
    except (binascii.Error, ValueError):
        return None
    opened = open_body(data, None, UNZIPPED)
    if not opened.whole:
        raise _TooLargeError
    return readings(opened.data).text if looks_like_text(opened.data) else None


def _plain(node: Any) -> Any:
    """Return what `json` can write; numbers as strings, which are read alike, and doubled names as lists."""
    match node:
        case Members():
            kept = dict[str, list[Any]]()
            for name, value in node.pairs:
                kept.setdefault(name, []).append(_plain(value))
            return {name: values[0] if len(values) == 1 else values for name, values in kept.items()}
        case list():
            return [_plain(item) for item in node]
        case Digits():
            return node.raw
    return node
