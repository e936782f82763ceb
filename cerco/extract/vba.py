"""Read the source of macros, as it was typed.

In:    the streams of a VBA project ([MS-OVBA]).
Out:   the source of each module.
Never: a macro run, or its compiled form believed: the source is what the author wrote.

oletools reads these too, but comes with a disassembler under a licence that this program cannot be given away with.
"""

import struct
from collections.abc import Iterator, Mapping

from cerco.extract.propertyset import codec
from cerco.extract.source import Budget

_SIGNATURE = 0x01  # 2.4.1.1.1: begins a compressed container
_CHUNK = 4096  # bytes of a chunk, expanded
# 2.3.4.2: records of the directory.
_CODE_PAGE, _VERSION, _STREAM, _OFFSET = 0x0003, 0x0009, 0x001A, 0x0031
_VERSION_SIZE = 6  # bytes, though the record says 4


def modules(streams: Mapping[str, bytes], budget: Budget) -> Iterator[tuple[str, str]]:
    """Yield (name, source) of each module, from the streams of the storage that has the directory.

    Raises:
        ReadError: it expands beyond the limits.
        struct.error | IndexError: it ends before it should.
    """
    names = {name.lower(): name for name in streams}
    encoding = "cp1252"
    stream = ""
    for kind, data in _records(expand(streams[names["dir"]], budget)):
        if kind == _CODE_PAGE:
            encoding = codec(int.from_bytes(data[:2], "little"))
        elif kind == _STREAM:
            stream = data.decode(encoding, errors="replace")
        elif kind == _OFFSET and (found := names.get(stream.lower())) is not None:
            source = expand(streams[found][int.from_bytes(data[:4], "little") :], budget)
            yield stream, source.decode(encoding, errors="replace")


def expand(data: bytes, budget: Budget) -> bytes:
    """Return what is in a compressed container: 2.4.1.3.1.

    Raises:
        ReadError: it expands beyond the limits.
        IndexError: it ends within a chunk.
    """
    out = bytearray()
    at = 1
    while data[:1] == bytes((_SIGNATURE,)) and at + 2 <= len(data):
        head = int.from_bytes(data[at : at + 2], "little")
        end = min(at + 3 + (head & 0x0FFF), len(data))
        if (head >> 12) & 0x07 != 0b011:
            break
        before = len(out)
        if head & 0x8000:
            _expand_chunk(data[at + 2 : end], out)
        else:
            out += data[at + 2 : at + 2 + _CHUNK]
        budget.expand(len(out) - before)
        at = end
    return bytes(out)


def _expand_chunk(tokens: bytes, out: bytearray) -> None:
    begin = len(out)
    at = 0
    while at < len(tokens):
        flags = tokens[at]
        at += 1
        for bit in range(8):
            if at >= len(tokens):
                return
            if not flags >> bit & 1:
                out.append(tokens[at])
                at += 1
                continue
            token = int.from_bytes(tokens[at : at + 2], "little")
            at += 2
            # 2.4.1.3.19.1: the further into the chunk, the more bits say how far back, the fewer how much.
            bits = max(4, (len(out) - begin - 1).bit_length())
            length = (token & (0xFFFF >> bits)) + 3
            start = len(out) - (token >> (16 - bits)) - 1
            if start < begin or len(out) - begin + length > _CHUNK:
                raise IndexError(start)
            copied = bytes(out[start : start + length])
            # A copy may reach over what it copies here, and then repeats it.
            out += (copied * (length // len(copied) + 1))[:length]


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 6 <= len(data):
        kind, size = struct.unpack_from("<HI", data, at)
        size = _VERSION_SIZE if kind == _VERSION else size
        yield kind, data[at + 6 : at + 6 + size]
        at += 6 + size
