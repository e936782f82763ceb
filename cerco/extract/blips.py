"""Find the pictures in Office's binary formats.

In:    a stream, or the records of one that hold drawings ([MS-ODRAW]).
Out:   each picture as the file it was made from.
Never: a size believed that reaches out of the stream.
"""

import re
import zlib
from collections.abc import Iterator

# 2.2.23: EMF, WMF, PICT, JPEG, PNG, DIB, TIFF, JPEG again; two bytes of version and instance, type, four of size.
_BLIP = re.compile(rb"[\x00-\xff]{2}([\x1a-\x1f\x29\x2a])\xf0([\x00-\xff]{4})")
_METAFILES = frozenset(b"\x1a\x1b\x1c")
_SIGNATURE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|II\*\x00|MM\x00\*|\x28\x00\x00\x00")
_HEADS = (17, 33)  # bytes: one identifier or two, and a mark
_METAFILE_HEADS = (
    16,
    32,
)  # bytes: one identifier or two, before 34 more, of which the last but one says whether packed
_METAFILE_HEAD = 34
_SMALLEST = 64


def pictures(data: bytes, most: int) -> Iterator[bytes]:
    """Yield the pictures in the data; of a packed one at most `most` bytes."""
    at = 0
    while (found := _BLIP.search(data, at)) is not None:
        size = int.from_bytes(found[2], "little")
        body = data[found.end() : found.end() + size]
        picture = b""
        if _SMALLEST <= size == len(body):
            picture = _metafile(body, most) if found[1][0] in _METAFILES else _bitmap(body)
        if picture:
            yield picture
        at = found.end() + size if picture else found.start() + 1


def _bitmap(body: bytes) -> bytes:
    for head in _HEADS:
        if _SIGNATURE.match(body, head):
            return body[head:]
    return b""


def _metafile(body: bytes, most: int) -> bytes:
    for head in _METAFILE_HEADS:
        packed = body[head + _METAFILE_HEAD :]
        if body[head + _METAFILE_HEAD - 2 : head + _METAFILE_HEAD - 1] == b"\xfe":
            return packed  # it is not
        try:
            return zlib.decompressobj().decompress(packed, most)
        except zlib.error:
            continue
    return b""
