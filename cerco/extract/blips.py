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
_NOT_PACKED = 0xFE
_METAFILE = re.compile(rb"\x01\x00\x00\x00|\xd7\xcd\xc6\x9a|[\x01\x02]\x00\x09\x00")  # EMF; WMF with a head and without
_SMALLEST = 64


def pictures(data: bytes, most: int) -> Iterator[bytes]:
    """Yield the pictures in the data; of a packed one at most `most` bytes."""
    at = 0
    while (found := _BLIP.search(data, at)) is not None:
        begin = found.end()
        end = begin + int.from_bytes(found[2], "little")
        picture = b""
        if begin + _SMALLEST <= end <= len(data):
            read = _metafile if found[1][0] in _METAFILES else _bitmap
            picture = read(data, begin, end, most)
        if picture:
            yield picture
        at = end if picture else found.start() + 1


def _bitmap(data: bytes, begin: int, end: int, _most: int) -> bytes:
    for head in _HEADS:
        if _SIGNATURE.match(data, begin + head, end):
            return data[begin + head : end]
    return b""


def _metafile(data: bytes, begin: int, end: int, most: int) -> bytes:
    for head in _METAFILE_HEADS:
        start = begin + head + _METAFILE_HEAD
        if data[start - 2] == _NOT_PACKED and _METAFILE.match(data, start, end):
            return data[start:end]
        try:
            return zlib.decompressobj().decompress(memoryview(data)[start:end], most)
        except zlib.error:
            continue
    return b""
