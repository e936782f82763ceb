"""Write compound files ([MS-CFB]) and VBA projects ([MS-OVBA]): the containers of Office's binary formats."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

_SECTOR = 512
_MINI = 64
_CUTOFF = 4096  # shorter streams live in the mini stream
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(slots=True)
class _Entry:
    """One line of the directory."""

    name: str
    kind: int
    start: int = 0
    size: int = 0
    children: dict[str, "_Entry"] = field(default_factory=dict)
    links: tuple[int, int, int] = (_FREE, _FREE, _FREE)  # left, right, child

    def packed(self) -> bytes:
        """Return the 128 bytes of the entry; every node is black, which all readers accept."""
        name = self.name.encode("utf-16-le")
        head = struct.pack("<64sHBB3I", name, len(name) + 2 if name else 0, self.kind, 1, *self.links)
        return head + bytes(36) + struct.pack("<IQ", self.start, self.size)


class _Chains:
    """Bytes in sectors of one size, and the table that chains them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.body = bytearray()
        self.table: list[int] = []

    def add(self, data: bytes) -> int:
        """Append the data and return its first sector."""
        count = -(-len(data) // self.size)
        if not count:
            return _END
        start = len(self.table)
        self.table += [*range(start + 1, start + count), _END]
        self.body += data.ljust(count * self.size, b"\x00")
        return start


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file of version 3 with these streams; "a/b" is the stream b in the storage a."""
    root = _Entry("Root Entry", _ROOT)
    sectors, minis = _Chains(_SECTOR), _Chains(_MINI)
    for path, data in streams.items():
        *storages, name = path.split("/")
        folder = root
        for storage in storages:
            folder = folder.children.setdefault(storage, _Entry(storage, _STORAGE))
        start = (minis if len(data) < _CUTOFF else sectors).add(data)
        folder.children[name] = _Entry(name, _STREAM, start, len(data))
    root.start, root.size = sectors.add(bytes(minis.body)), len(minis.body)
    entries = list(_numbered(root))
    directory = sectors.add(b"".join(entry.packed() for entry in entries))
    mini_table = sectors.add(_table(minis.table))
    mini_sectors = -(-len(minis.table) * 4 // _SECTOR)
    fat_sectors = 1
    while fat_sectors * _SECTOR // 4 < len(sectors.table) + fat_sectors:
        fat_sectors += 1
    first = len(sectors.table)
    table = _table([*sectors.table, *[_FAT] * fat_sectors])
    difat = [*range(first, first + fat_sectors)]
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0,
        fat_sectors, directory, 0, _CUTOFF, mini_table, mini_sectors, _END, 0,
    )  # fmt: skip
    head += struct.pack("<109I", *difat, *[_FREE] * (109 - len(difat)))
    return head + bytes(sectors.body) + table


def _table(numbers: list[int]) -> bytes:
    data = struct.pack(f"<{len(numbers)}I", *numbers)
    return data + b"\xff" * (-len(data) % _SECTOR)


def _numbered(root: _Entry) -> Iterator[_Entry]:
    """Yield the entries in the order of their numbers, with their links set: siblings form a chain to the right."""
    entries = [root]
    for entry in entries:
        entries.extend(sorted(entry.children.values(), key=lambda child: (len(child.name), child.name.upper())))
    number = {id(entry): at for at, entry in enumerate(entries)}
    right: dict[int, int] = {}
    for entry in entries:
        ordered = sorted(entry.children.values(), key=lambda child: (len(child.name), child.name.upper()))
        for this, following in pairwise(ordered):
            right[id(this)] = number[id(following)]
        child = number[id(ordered[0])] if ordered else _FREE
        entry.links = (_FREE, right.get(id(entry), _FREE), child)
    for entry in entries:
        entry.links = (_FREE, right.get(id(entry), _FREE), entry.links[2])
        yield entry
    for _ in range(-len(entries) % 4):
        yield _Entry("", 0)


def vba_project(modules: Mapping[str, bytes], codepage: int, folder: str = "") -> dict[str, bytes]:
    """Return the streams of a VBA project: a directory, and the source of each module in that code page."""
    lines = [
        _record(0x0001, struct.pack("<I", 3)),  # PROJECTSYSKIND: 64 bit
        _record(0x0002, struct.pack("<I", 0x0409)),
        _record(0x0014, struct.pack("<I", 0x0409)),
        _record(0x0003, struct.pack("<H", codepage)),
        _record(0x0004, b"VBAProject"),
        _record(0x0005, b"") + _record(0x0040, b""),
        _record(0x0006, b"") + _record(0x003D, b""),
        _record(0x0007, struct.pack("<I", 0)),
        _record(0x0008, struct.pack("<I", 0)),
        struct.pack("<HIIH", 0x0009, 4, 1, 1),  # PROJECTVERSION breaks the pattern
        _record(0x000C, b"") + _record(0x003C, b""),
        _record(0x000F, struct.pack("<H", len(modules))) + _record(0x0013, struct.pack("<H", 0xFFFF)),
    ]
    streams: dict[str, bytes] = {}
    for name, source in modules.items():
        narrow, wide = name.encode("ascii"), name.encode("utf-16-le")
        junk = b"\x01\x16\x01\x00" + bytes(60)  # the performance cache in front of the source
        lines += [
            _record(0x0019, narrow) + _record(0x0047, wide),
            _record(0x001A, narrow) + _record(0x0032, wide),
            _record(0x001C, b"") + _record(0x0048, b""),
            _record(0x0031, struct.pack("<I", len(junk))),
            _record(0x001E, struct.pack("<I", 0)) + _record(0x002C, struct.pack("<H", 0xFFFF)),
            _record(0x0021, b"") + _record(0x002B, b""),
        ]
        streams[f"{folder}VBA/{name}"] = junk + compressed(source)
    lines.append(_record(0x0010, b""))
    streams[f"{folder}VBA/dir"] = compressed(b"".join(lines))
    streams[f"{folder}VBA/_VBA_PROJECT"] = b"\xcc\x61\xff\xff\x00\x00\x00"
    streams[f"{folder}PROJECT"] = "".join(f"Module={name}\r\n" for name in modules).encode()
    return streams


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def compressed(data: bytes) -> bytes:
    """Return the data as [MS-OVBA] 2.4.1 compresses it, with a copy token for each triple that occurred before."""
    out = bytearray(b"\x01")
    for begin in range(0, len(data), 4096):
        chunk = data[begin : begin + 4096]
        tokens = bytearray()
        at = 0
        while at < len(chunk):
            flags, group = 0, bytearray()
            for bit in range(8):
                if at >= len(chunk):
                    break
                bits = max(4, (at - 1).bit_length()) if at else 4
                found = chunk.rfind(chunk[at : at + 3], 0, at) if len(chunk) - at >= 3 else -1
                # A copy may not reach over what it copies here, though the format allows it.
                if found >= 0 and at - found >= 3:
                    flags |= 1 << bit
                    group += struct.pack("<H", (at - found - 1) << (16 - bits))
                    at += 3
                else:
                    group.append(chunk[at])
                    at += 1
            tokens.append(flags)
            tokens += group
        out += struct.pack("<H", 0xB000 | (len(tokens) - 1)) + tokens
    return bytes(out)
