"""Read the property sets of compound files: title, author, keywords, and what a user made up.

In:    the bytes of a property set stream ([MS-OLEPS] 2.21).
Out:   name and value of each property that is a string.
Never: a size or offset followed out of the stream.
"""

import struct
from collections.abc import Iterator

# What [MS-OSHARED] 2.3.3.2 numbers in \x05SummaryInformation; other numbers have no name that people would know.
_NAMES = {2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "comments", 8: "last author"}
_DICTIONARY, _CODE_PAGE = 0, 1
_ANSI, _WIDE, _BSTR, _VARIANT, _VECTOR = 0x1E, 0x1F, 0x08, 0x0C, 0x1000
_PREVIEW, _CLIPBOARD = 17, b"\x47\x00\x00\x00"
_WINDOWS, _BITMAP = -1, 8  # whose clipboard formats are meant, and CF_DIB among them
_MOST = 1000  # properties of one set, and values of one property
# Code pages that office programs here write; any other is read as Western.
_CODECS = {
    437: "cp437", 932: "cp932", 936: "gb18030", 949: "cp949", 950: "big5hkscs", 1200: "utf-16-le", 1252: "cp1252",
    10000: "cp1252", 10002: "big5hkscs", 10008: "gb18030", 54936: "gb18030", 65001: "utf-8",
}  # fmt: skip


def codec(code_page: int) -> str:
    """Return the codec for a Windows code page."""
    return _CODECS.get(code_page & 0xFFFF, "cp1252")


def properties(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of each string in a property set; the name is "" where there is none.

    Raises:
        struct.error: the set ends before it should.
    """
    (sets,) = struct.unpack_from("<I", data, 24)
    for number in range(min(sets, 2)):
        (offset,) = struct.unpack_from("<I", data, 28 + 20 * number + 16)
        yield from _section(data[offset:], is_summary=number == 0)


def previews(data: bytes) -> Iterator[bytes]:
    """Yield the picture of a first page that a program has put beside it, as a bmp, where it is a bitmap: 2.8.

    Raises:
        struct.error: the set ends before it should.
    """
    (offset,) = struct.unpack_from("<I", data, 44)
    section = data[offset:]
    _, count = struct.unpack_from("<II", section)
    for number, place in struct.iter_unpack("<II", section[8 : 8 + 8 * min(count, _MOST)]):
        if number != _PREVIEW or section[place : place + 4] != _CLIPBOARD:
            continue
        size, origin, form = struct.unpack_from("<IiI", section, place + 4)
        bitmap = section[place + 16 : place + 8 + size]
        if origin == _WINDOWS and form == _BITMAP and len(bitmap) >= 40:
            depth, colours = struct.unpack_from("<H16xI", bitmap, 14)
            start = 14 + 40 + 4 * (colours or (1 << depth if depth <= 8 else 0))
            yield struct.pack("<2sIII", b"BM", 14 + len(bitmap), 0, start) + bitmap


def _section(data: bytes, *, is_summary: bool) -> Iterator[tuple[str, str]]:
    _, count = struct.unpack_from("<II", data)
    places = dict(struct.iter_unpack("<II", data[8 : 8 + 8 * min(count, _MOST)]))
    encoding = "cp1252"
    if _CODE_PAGE in places:
        (page,) = struct.unpack_from("<H", data, places[_CODE_PAGE] + 4)
        encoding = codec(page)
    names = dict(_dictionary(data[places[_DICTIONARY] :], encoding)) if _DICTIONARY in places else {}
    for name in names.values():
        yield "", name
    for number, place in places.items():
        if number in {_DICTIONARY, _CODE_PAGE}:
            continue
        name = _NAMES.get(number, "") if is_summary else names.get(number, "")
        for value in _values(data, place, encoding):
            yield name, value


def _values(data: bytes, at: int, encoding: str) -> Iterator[str]:
    (kind,) = struct.unpack_from("<I", data, at)
    at += 4
    count = 1
    if kind & _VECTOR:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
    element = kind & ~_VECTOR
    if element not in {_ANSI, _WIDE, _BSTR, _VARIANT}:
        return
    for _ in range(min(count, _MOST)):
        form = element
        if element == _VARIANT:
            (form,) = struct.unpack_from("<I", data, at)
            at += 4
        if form not in {_ANSI, _WIDE, _BSTR}:
            at += 4  # the numbers between the titles of parts
            continue
        (size,) = struct.unpack_from("<I", data, at)
        size *= 2 if form == _WIDE else 1
        at += 4
        value = data[at : at + size].decode("utf-16-le" if form == _WIDE else encoding, errors="replace")
        at += size + (-size % 4 if form == _WIDE or not kind & _VECTOR else 0)
        if text := value.rstrip("\x00"):
            yield text


def _dictionary(data: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    (count,) = struct.unpack_from("<I", data)
    at = 4
    wide = encoding == "utf-16-le"
    for _ in range(min(count, _MOST)):
        number, size = struct.unpack_from("<II", data, at)
        size *= 2 if wide else 1
        at += 8
        yield number, data[at : at + size].decode(encoding, errors="replace").rstrip("\x00")
        at += size + (-size % 4 if wide else 0)
