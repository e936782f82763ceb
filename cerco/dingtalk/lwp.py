"""Read what web chat and Stream-mode bots send over WebSocket.

In:    a `Wire` that holds one whole message.
Out:   a harvest of leaves and files, and what the frame is.
Never: a frame passed over for its shape: whatever does not look right is walked whole.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from cerco.dingtalk.body import looks_like_text, open_body, readings
from cerco.dingtalk.keys import last_name
from cerco.dingtalk.outbound import Channel, Part, Role, Wire
from cerco.dingtalk.surfaces import Surface
from cerco.dingtalk.walk import Harvest, Leaf, Where, walk_json

# Frames the client sends without being asked, to keep the connection: their only content is a message id.
_KEEP_ALIVE = "/!"
_PROTOCOL = {
    "lwp": re.compile(re.escape(_KEEP_ALIVE)),
    "headers.mid": re.compile(r"[0-9a-f]{1,8} \d{1,3}"),
    "headers.sid": re.compile(r"[0-9a-f]{8,40}"),
}
# What may be shown of a uri: a name without numbers long enough to be somebody's.
_URI = re.compile(r"/(?!.*\d{5})[A-Za-z0-9_/.!-]{0,63}")

# Fields that hold base64 of a file, by their last name.
_INLINE = frozenset({"picBytes", "audioBytes", "opusAudioBytes"})
# Shorter strings of base64 letters are as likely a word or a number, but for the parts of an upload, the last of which
# may be a single byte. Up to the second length they are read as both.
_INLINE_LEAST = 16
_INLINE_BOTH = 4_096


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame is: its dialect, and what it is called. `uploads`: it carries or prepares an upload."""

    channel: Channel
    surface: Surface
    uploads: bool = False


def read_frame(wire: Wire, channel: Channel, harvest: Harvest, limit: int) -> Frame:
    """Take home everything a frame holds."""
    opened = open_body(wire.body, None, limit)
    if not opened.whole:
        harvest.malformed.append("frame")
    if not (wire.is_text or looks_like_text(opened.data)):
        if opened.data:
            harvest.files.append(Part(Role.FILE, "frame", opened.data))
        return Frame(channel, _surface(channel, None))
    read = readings(opened.data)
    where = Where(path=("json",) if read.sure and not opened.encodings else None)
    if not read.sure or not walk_json(read.text, where, harvest):
        if read.text.strip():
            harvest.malformed.append("frame")
            for text in (read.text, *read.others):
                harvest.add(Where("", "frame", None), text)
        return Frame(channel, _surface(channel, None))
    uri = next((leaf.text for leaf in harvest.leaves if leaf.where.name == "lwp"), None)
    if uri is not None and channel is Channel.OTHER:
        channel = Channel.LWP
    if _says_nothing(harvest):
        harvest.leaves.clear()
    if channel is Channel.STREAM:
        return Frame(channel, _surface(channel, uri))
    uploads = uri is not None and ("/FileUpload/" in uri or uri.startswith("/up/"))
    _open_inline(harvest, uploads=uploads)
    return Frame(channel, _surface(channel, uri), uploads)


def _surface(channel: Channel, uri: str | None) -> Surface:
    if channel is Channel.STREAM:
        return Surface("stream.frame")
    if channel is not Channel.LWP:
        return Surface("websocket.frame")
    if uri is None:
        return Surface("lwp.reply")
    return Surface(f"lwp:{uri}" if _URI.fullmatch(uri) else "lwp:other")


def _says_nothing(harvest: Harvest) -> bool:
    """Tell whether a frame holds only the protocol's own numbers: a keep-alive, or "200, received"."""
    return not harvest.malformed and all(
        (shape := _PROTOCOL.get(leaf.where.name)) is not None and shape.fullmatch(leaf.text) for leaf in harvest.leaves
    )


def _open_inline(harvest: Harvest, *, uploads: bool) -> None:
    """Replace base64 by what it stands for: bytes of pictures, sound and file fragments, and JSON in custom content."""
    leaves, harvest.leaves = harvest.leaves, []
    for leaf in leaves:
        custom = leaf.where.name.endswith("custom.data")
        inline = _is_inline(leaf, uploads=uploads)
        data = _decoded(leaf, least=0 if custom or uploads else _INLINE_LEAST) if custom or inline else None
        if data is not None and custom and looks_like_text(data):
            text = readings(data).text
            if not walk_json(text, leaf.where.within(rewritable=False), harvest):
                harvest.add(Where(leaf.where.name, leaf.where.place, None), text)
            continue
        if data is not None:
            harvest.files.append(Part(Role.FILE, leaf.where.place, data))
        if data is None or len(leaf.text) <= _INLINE_BOTH:
            harvest.leaves.append(leaf)


def _is_inline(leaf: Leaf, *, uploads: bool) -> bool:
    name = last_name(leaf)
    return (
        name in _INLINE
        or (name == "data" and leaf.where.name.endswith("attachments[].data"))
        or (uploads and name == "body")
    )


def _decoded(leaf: Leaf, *, least: int) -> bytes | None:
    text = "".join(leaf.text.split())
    if len(text) < least:
        return None
    try:
        return base64.b64decode(
            text + "=" * (-len(text) % 4), altchars=b"-_" if "-" in text or "_" in text else None, validate=True
        )
    except (binascii.Error, ValueError):
        return None
