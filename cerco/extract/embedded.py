"""Find files that are written into text: pictures in pages, and whatever somebody has made text of.

In:    the bytes of a text.
Out:   the bytes of each file in it.
Never: a long word taken for a file: what comes out must be of a known format.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from cerco.extract.identify import Format, identify

_SMALLEST = 256  # characters; shorter ones are keys and fingerprints
# RFC 4648, 4: on one line, in lines of up to 76 (RFC 2045, 6.8), or behind "base64," in a link (RFC 2397).
_BASE64 = re.compile(
    rb"(?<![A-Za-z0-9+/])(?:(?:[A-Za-z0-9+/]{60,76}\r?\n){4,}[A-Za-z0-9+/]*|[A-Za-z0-9+/]{%d,})={0,2}" % _SMALLEST
)
_LINKED = re.compile(rb";base64,([A-Za-z0-9+/%\s]{16,}={0,2})")
_MARK = b";base64,"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\r\n"
_STEP = _SMALLEST // 2  # one of these windows lies wholly inside of whatever is long enough


def files(data: bytes) -> Iterator[bytes]:
    """Yield the files that stand in a text in base64."""
    linked: set[int] = set()
    if _MARK in data:
        for match in _LINKED.finditer(data):
            linked.add(match.start(1))
            yield from _decoded(match[1])
    for begin, end in _stretches(data):
        for match in _BASE64.finditer(data, begin, end):
            if match.start() not in linked:
                yield from _decoded(match[0])


def _stretches(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where anything long in base64 may be: the pattern itself takes ten times as long to look everywhere."""
    begin = -1
    for at in range(0, len(data), _STEP):
        letters = not data[at : at + _STEP].translate(None, _LETTERS)
        if letters and begin < 0:
            begin = max(0, at - _STEP)
        elif not letters and begin >= 0:
            yield begin, at + _STEP
            begin = -1
    if begin >= 0:
        yield begin, len(data)


def _decoded(written: bytes) -> Iterator[bytes]:
    packed = b"".join(written.replace(b"%2B", b"+").replace(b"%2F", b"/").replace(b"%3D", b"=").split()).rstrip(b"=")
    try:
        data = base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return
    if Format.UNKNOWN not in identify(data)[:1]:
        yield data
