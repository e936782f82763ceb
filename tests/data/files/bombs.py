"""Files made to harm whoever opens them: small outside, without end inside.

In:    nothing.
Out:   name -> bytes, and the reason with which reading must stop.
Never: a file that is large itself.

This module has no `files`: nothing is planted in these, and each is opened in a process of its own.
"""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import zstandard
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet

from tests.data.files.boxes import rar5
from tests.data.files.planting import committed, packed
from tests.data.files.zips import Part, deflated, zipped

MEBIBYTE = 1024 * 1024


@cache
def _zeros(size: int) -> bytes:
    """Return deflated zeros."""
    return deflated(bytes(size))


def nested_zips() -> bytes:
    """Return sixteen zips in each of sixteen zips, and so on, with 64 MiB in each of the innermost: 64 TiB."""
    data = zipped(Part(b"0.bin", _zeros(64 * MEBIBYTE), bytes(64 * MEBIBYTE)))
    for _ in range(4):
        data = packed({f"{number}.zip": data for number in range(16)})
    return data


def overlapping_zip() -> bytes:
    """Return a zip of 5,000 members that are all the same stretch of bytes."""
    kernel = _zeros(32 * MEBIBYTE)
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, 0, len(kernel), 32 * MEBIBYTE, 1, 0) + b"a"
    entry = struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 8, 0, 0, 0, len(kernel), 32 * MEBIBYTE, 1, 0, 0, 0, 0, 0, 0)
    directory = (b"PK\1\2" + entry + b"a") * 5_000
    end = struct.pack("<HHHHIIH", 0, 0, 5_000, 5_000, len(directory), len(local) + len(kernel), 0)
    return local + kernel + directory + b"PK\5\6" + end


def crowded_zip() -> bytes:
    """Return a zip whose directory lists a million members, without one of them being there."""
    directory = (b"PK\1\2" + bytes(42)) * 1_000_000
    return b"PK\3\4" + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, len(directory), 4, 0)


def zip_with_huge_dictionary() -> bytes:
    """Return a zip whose lzma asks for 4 GiB."""
    data = bytearray(packed({"a.txt": b"x" * 100}, zipfile.ZIP_LZMA))
    at = data.index(b"\x05\x00\x5d")
    data[at + 3 : at + 7] = b"\xff\xff\xff\xff"
    return bytes(data)


def compressed(compress: Callable[[bytes], bytes], layers: int) -> bytes:
    """Return zeros compressed over and over."""
    data = bytes(64 * MEBIBYTE)
    for _ in range(layers):
        data = compress(data)
    return data


def deep_gzip() -> bytes:
    """Return a gzip in a gzip, a hundred deep."""
    data = b"x"
    for _ in range(100):
        data = gzip.compress(data, mtime=0)
    return data


def many_gzips() -> bytes:
    """Return half a million empty gzip streams, one behind the other."""
    return gzip.compress(b"", mtime=0) * 500_000


def zstd_with_huge_window() -> bytes:
    """Return a zstd frame that asks for 2 TiB."""
    return b"\x28\xb5\x2f\xfd\x00" + bytes((30 << 3,)) + b"\x01\x00\x00"


def xz_with_huge_dictionary() -> bytes:
    """Return an xz file that asks for 4 GiB."""
    data = bytearray(lzma.compress(b"x" * 100))
    size = (data[12] + 1) * 4
    data[12 + 4] = 40  # behind the sizes and the filter's number: 4 GiB less one
    data[12 + size - 4 : 12 + size] = struct.pack("<I", zlib.crc32(data[12 : 12 + size - 4]))
    return bytes(data)


def lzma_with_huge_dictionary() -> bytes:
    """Return an lzma file that asks for 4 GiB."""
    data = lzma.compress(b"x" * 100, lzma.FORMAT_ALONE)
    return data[:1] + b"\xff\xff\xff\xff" + data[5:]


def sevenzip_with_huge_dictionary() -> bytes:
    """Return a 7z whose LZMA2 asks for 4 GiB, in a header that is not packed itself."""
    data = bytearray(gzip.decompress(committed("plain-header.7z.gz")))
    data[data.index(b"\x21\x21\x01") + 3] = 40
    start, size = struct.unpack_from("<QQ", data, 12)
    struct.pack_into("<I", data, 28, zlib.crc32(data[32 + start : 32 + start + size]))
    struct.pack_into("<I", data, 8, zlib.crc32(data[12:32]))
    return bytes(data)


def sparse_tar() -> bytes:
    """Return a tar with a file of 8 TiB, nearly all of it a hole."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as box:
        info = tarfile.TarInfo("sparse.bin")
        info.size = 100
        info.pax_headers = {
            "GNU.sparse.major": "0",
            "GNU.sparse.minor": "1",
            "GNU.sparse.size": str(8 << 40),
            "GNU.sparse.numblocks": "1",
            "GNU.sparse.map": f"{(8 << 40) - 100},100",
        }
        box.addfile(info, io.BytesIO(b"x" * 100))
    return out.getvalue()


def lying_rar() -> bytes:
    """Return a rar whose one member says that it is 8 EiB."""
    data = rar5("a.txt", b"x" * 64)
    at = data.index(b"\x40\x04\x40")
    return data[: at + 2] + b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + data[at + 3 :]


def crowded_table() -> bytes:
    """Return a Parquet file of three million rows that are all alike."""
    out = io.BytesIO()
    column = Array([True] * 3_000_000, DataType.bool())
    write_parquet(Table.from_pydict({"a": column}), out, compression="zstd(1)")
    return out.getvalue()


def laughing_xml() -> bytes:
    """Return XML in which ten entities each stand for ten of the next: a billion laughs."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e11;</a>'.encode()


def deep_mail() -> bytes:
    """Return mail in which parts stand in parts, two thousand deep."""
    data = b"From: a@example.com\nTo: b@example.com\nMIME-Version: 1.0\n"
    for depth in range(2_000):
        data += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth)
    return data + b"Content-Type: text/plain\n\nx\n"


def crowded_mail() -> bytes:
    """Return mail of two million empty parts."""
    head = b"From: a@example.com\nTo: b@example.com\nContent-Type: multipart/mixed; boundary=b\n\n"
    return head + b"--b\n\n" * 2_000_000


def crowded_winmail() -> bytes:
    """Return a winmail.dat of a million empty attachments."""
    return b"\x78\x9f\x3e\x22\x01\x00" + struct.pack("<BIIH", 2, 0x00069002, 0, 0) * 1_000_000


def crowded_mailbox() -> bytes:
    """Return a mailbox of twenty thousand messages."""
    return b"From a@example.com Mon Jan  5 09:00:00 2026\nFrom: a@example.com\n\nx\n" * 20_000


# name -> how it is made, and the reason that must be given. Where none is, reading it in full is the right answer.
BOMBS: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "nested.zip": (nested_zips, "too_large"),
    "overlapping.zip": (overlapping_zip, "too_large"),
    "crowded.zip": (crowded_zip, "too_many"),
    "dictionary.zip": (zip_with_huge_dictionary, "too_large"),
    "zeros.gz": (lambda: compressed(lambda data: gzip.compress(data, mtime=0), 1), "too_large"),
    "zeros.bz2": (lambda: compressed(bz2.compress, 1), "too_large"),
    "zeros.xz": (lambda: compressed(lambda data: lzma.compress(data, preset=0), 1), "too_large"),
    "zeros.zst": (lambda: compressed(zstandard.ZstdCompressor().compress, 2), "too_large"),
    "deep.gz": (deep_gzip, "too_deep"),
    "many.gz": (many_gzips, "too_many"),
    "window.zst": (zstd_with_huge_window, "too_large"),
    "dictionary.xz": (xz_with_huge_dictionary, "too_large"),
    "dictionary.lzma": (lzma_with_huge_dictionary, "too_large"),
    "dictionary.7z": (sevenzip_with_huge_dictionary, None),
    "sparse.tar": (sparse_tar, None),
    "lying.rar": (lying_rar, "malformed"),
    "crowded.parquet": (crowded_table, "too_many"),
    "laughing.xml": (laughing_xml, None),
    "deep.json": (lambda: b'{"a":[' * 1_000_000, None),
    "deep.html": (lambda: b"<div>" * 500_000, None),
    "deep.eml": (deep_mail, "too_deep"),
    "crowded.eml": (crowded_mail, "too_many"),
    "crowded.dat": (crowded_winmail, "too_many"),
    "crowded.mbox": (crowded_mailbox, "too_many"),
}
