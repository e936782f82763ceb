"""Name an upload: by object path, uploadKey, dentry or media id, as the steps of one upload mention it.

In:    the values of fields, and URLs.
Out:   `Key`s, in the one form the ledger compares.
Never: a key that two different uploads share.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote, urlsplit

from cerco.dingtalk.outbound import Key
from cerco.dingtalk.walk import Leaf

# Field of the uploadKey that holds "#" and the media id the bytes are stored under (seen in samples; undocumented).
_MEDIA_FIELD = 5
# Where DingTalk's drive and chat keep their objects.
_DRIVE = "yundisk0"

_MEDIA = frozenset({"media_id", "mediaId", "videoMediaId", "picMediaId", "authMediaId", "media_ids", "mediaIds"})
_PICTURE = frozenset({"photoURL", "picURL", "picUrl", "image"})
_HALVES = frozenset({"spaceId", "dentryId", "s_id", "f_id"})
# Longest value taken for an id. DingTalk's are below 400 characters.
_LONGEST = 2_000


def object_key(url: str) -> Key | None:
    """Return the key of a stored object from its URL or request path: its decoded path, without host and query."""
    try:
        path = urlsplit(url).path if "://" in url else url.partition("?")[0]
    except ValueError:
        return None
    name = unquote(path).lstrip("/")
    return Key("object", name) if 0 < len(name) <= _LONGEST else None


def upload_keys(upload_key: str) -> tuple[Key, ...]:
    """Return the uploadKey itself, and the path of the object it stands for where it gives that away."""
    if not 0 < len(upload_key) <= _LONGEST:
        return ()
    media = _media_id(upload_key)
    return (Key("upload", upload_key), *([Key("object", f"{_DRIVE}/{media}.file")] if media else []))


def keys_in(leaves: Sequence[Leaf], *, media_is_object: bool = False) -> tuple[Key, ...]:
    """Return the keys a request or reply names in its fields.

    `media_is_object`: in the older drive interface a mediaId is the path of the stored object.
    """
    return tuple(dict.fromkeys([*_single(leaves, media_is_object=media_is_object), *_dentries(leaves)]))


def last_name(leaf: Leaf) -> str:
    """Return the last component of a leaf's field name, without list marks."""
    return leaf.where.name.rpartition(".")[2].replace("[]", "")


def _single(leaves: Iterable[Leaf], *, media_is_object: bool) -> Iterator[Key]:
    for leaf in leaves:
        name = last_name(leaf)
        if not 0 < len(leaf.text) <= _LONGEST:
            continue
        if name in {"uploadKey", "upload_key"}:
            yield from upload_keys(leaf.text)
        elif name in {"uploadInfo", "upload_id"}:
            yield Key("upload", leaf.text)
        elif name in _MEDIA or (name in _PICTURE and leaf.text.startswith("@")):
            yield Key("media", leaf.text)
            if media_is_object and (key := object_key(leaf.text)):
                yield key


def _dentries(leaves: Iterable[Leaf]) -> Iterator[Key]:
    """Join the halves of a drive file's id that stand side by side: spaceId/dentryId, or s_id/f_id in web chat."""
    siblings = dict[str, dict[str, str]]()
    for leaf in leaves:
        if (name := last_name(leaf)) in _HALVES:
            parent = f"{leaf.where.name.rpartition('.')[0]} {leaf.where.place.rpartition('.')[0]}"
            siblings.setdefault(parent, {})[name] = leaf.text
    for fields in siblings.values():
        space = fields.get("spaceId") or fields.get("s_id")
        dentry = fields.get("dentryId") or fields.get("f_id")
        if space and dentry:
            yield dentry_key(space, dentry)


def dentry_key(space: str, dentry: str) -> Key:
    """Return the key of a drive file from the ids of its space and of itself."""
    return Key("dentry", f"{space}/{dentry}")


def _media_id(upload_key: str) -> str | None:
    try:
        packed = base64.urlsafe_b64decode(upload_key.rstrip("=") + "=" * (-len(upload_key.rstrip("=")) % 4))
        found = _Unpacker(packed).field(_MEDIA_FIELD)
    except (ValueError, binascii.Error, IndexError):
        return None
    return found[1:] if found and found.startswith("#") and found[1:].isascii() else None


class _Unpacker:
    """Reads a flat MessagePack map of small numbers to strings and numbers, and nothing else of that format."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def field(self, wanted: int) -> str | None:
        """Return the string in a field.

        Raises:
            ValueError: this is not such a map, or it breaks off.
            IndexError: it breaks off.
        """
        head = self._number(1)
        if head & 0xF0 == 0x80:
            count = head & 0x0F
        elif head == 0xDE:
            count = self._number(2)
        else:
            raise ValueError("not a map")
        found: str | None = None
        for _ in range(count):
            name, value = self._value(), self._value()
            if name == wanted and isinstance(value, str):
                found = value
        return found

    def _number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    def _take(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise ValueError("breaks off")
        self._at += size
        return self._data[self._at - size : self._at]

    def _value(self) -> str | int | None:
        head = self._number(1)
        if head < 0x80:
            return head
        if head >= 0xE0:
            return head - 0x100
        if head & 0xE0 == 0xA0:
            return self._take(head & 0x1F).decode()
        match head:
            case 0xC0 | 0xC2 | 0xC3:
                return None
            case 0xC4 | 0xD9:
                return self._take(self._number(1)).decode()
            case 0xC5 | 0xDA:
                return self._take(self._number(2)).decode()
            case 0xCC | 0xCD | 0xCE | 0xCF | 0xD0 | 0xD1 | 0xD2 | 0xD3:
                return self._number(1 << (head & 3))
        raise ValueError("not a string or number")
