"""Read the headers of a zip: those in its directory, and those in front of its members.

In:    the bytes of a zip, or what the standard library has found in its directory.
Out:   `Entry`: what one header says of a member.
Never: a name in one encoding only: many programs write Big5 or GBK and do not say so.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cerco.extract.charset import encodings

LOCAL = b"PK\x03\x04"  # APPNOTE 4.3.7
# APPNOTE 4.4.4: general purpose bits
_ENCRYPTED, _DEFERRED, _UTF8 = 0x1, 0x8, 0x800
_AES = 99  # 4.4.5, and Appendix E: encrypted whatever the bits say
_METHODS = frozenset({*range(20), *range(93, 100)})  # numbers a header that is none will hardly have
_UNICODE_PATH = 0x7075  # 4.6.9: version, CRC-32 of the plain name, name in UTF-8
_ZIP64 = 0x0001  # 4.5.3


@dataclass(frozen=True, slots=True)
class Entry:
    """What one header says of a member."""

    names: tuple[str, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    method: int
    flags: int
    checksum: int
    compressed: int  # bytes; 0 where only the end of the stream will tell
    at: int  # where its own header is; -1 where that is not where the directory says
    start: int  # of its data

    @property
    def is_encrypted(self) -> bool:
        """Tell whether it takes a password to read it."""
        return bool(self.flags & _ENCRYPTED) or self.method == _AES

    @property
    def is_deferred(self) -> bool:
        """Tell whether sizes and checksum follow the data instead."""
        return bool(self.flags & _DEFERRED)


def listed(info: zipfile.ZipInfo, data: bytes) -> Iterator[Entry]:
    """Yield what the directory says of a member, and what its own header says where that is something else."""
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", errors="replace")
    own = local(data, info.header_offset)
    names = _names(raw, info.extra)
    at, start = (own.at, own.start) if own else (-1, 0)
    entry = Entry(names, raw, info.compress_type, info.flag_bits, info.CRC, info.compress_size, at, start)
    if own is None or (own.raw == raw and _agree(own, entry)):
        yield entry
        return
    both = tuple(dict.fromkeys((*names, *own.names)))
    yield replace(entry, names=both)
    if not _agree(own, entry):
        yield own


def _agree(own: Entry, listed: Entry) -> bool:
    if (own.method, own.is_encrypted) != (listed.method, listed.is_encrypted):
        return False
    return own.is_deferred or own.compressed == listed.compressed


def local(data: bytes, at: int) -> Entry | None:
    """Return what the header in front of a member says; None where there is none."""
    if at < 0 or not data.startswith(LOCAL, at) or len(data) < at + 30:
        return None
    _, flags, method, _, _, checksum, compressed, size, name, extra = struct.unpack_from("<HHHHHIIIHH", data, at + 4)
    start = at + 30 + name + extra
    if start > len(data) or method not in _METHODS:
        return None
    raw = data[at + 30 : at + 30 + name]
    more = data[at + 30 + name : start]
    if compressed == 0xFFFFFFFF:
        wide = _extra(more, _ZIP64)
        skip = 8 if size == 0xFFFFFFFF else 0
        if len(wide) >= skip + 8:
            compressed = struct.unpack_from("<Q", wide, skip)[0]
    return Entry(_names(raw, more), raw, method, flags, checksum, compressed, at, start)


def _extra(fields: bytes, wanted: int) -> bytes:
    at = 0
    while at + 4 <= len(fields):
        kind, size = struct.unpack_from("<HH", fields, at)
        if kind == wanted:
            return fields[at + 4 : at + 4 + size]
        at += 4 + size
    return b""


def _names(raw: bytes, extra: bytes) -> tuple[str, ...]:
    """Return the member's name as written by programs of any locale: many write Big5 or GBK and do not say so."""
    said: list[str] = []
    unicode = _extra(extra, _UNICODE_PATH)
    if len(unicode) > 5 and struct.unpack_from("<I", unicode, 1)[0] == zlib.crc32(raw):
        said.append(unicode[5:].decode("utf-8", errors="replace"))
    said += (raw.decode(codec, errors="replace") for codec in encodings(raw))
    return tuple(dict.fromkeys(name for name in said if name)) or ("unnamed",)
