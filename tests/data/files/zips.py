"""Zip archives as programs of every locale write them, and as people who hide something would."""

import bz2
import lzma
import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import zstandard

from tests.data.files.planting import COMMITTED, Made, Planted, committed, packed, planted, sentence

_PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(40)
_PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(range(256)) * 8
_SEVENZIP = {  # made by 7-Zip: name -> its switches
    "deflate64.zip": ("-tzip", "-mm=Deflate64"),
    "aes.zip": ("-tzip", "-mem=AES256", "-psecret"),
    "zipcrypto.zip": ("-tzip", "-mem=ZipCrypto", "-psecret"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One member as it is to be written: `method` and `flags` as in the format, `data` as packed."""

    name: bytes
    data: bytes
    plain: bytes
    method: int = 8
    flags: int = 0
    extra: bytes = b""
    listed_as: bytes | None = None  # the directory gives another name
    listed_method: int | None = None
    is_listed: bool = True


def deflated(plain: bytes) -> bytes:
    """Return a deflate stream without a header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(plain) + packer.flush()


def zipped(*parts: Part) -> bytes:
    """Return a zip of these parts, headers as they say."""
    out = BytesIO()
    directory = b""
    listed = 0
    for part in parts:
        at = out.tell()
        deferred = bool(part.flags & 8)
        checks = struct.pack("<III", zlib.crc32(part.plain), len(part.data), len(part.plain))
        head = struct.pack("<HHHHH", 20, part.flags, part.method, 0, 0x21)
        own = b"\0" * 12 if deferred else checks
        out.write(b"PK\3\4" + head + own + struct.pack("<HH", len(part.name), len(part.extra)) + part.name + part.extra)
        out.write(part.data + (b"PK\7\x08" + checks if deferred else b""))
        if part.is_listed:
            name = part.name if part.listed_as is None else part.listed_as
            method = part.method if part.listed_method is None else part.listed_method
            head = struct.pack("<HHHHHH", 20, 20, part.flags, method, 0, 0x21)
            lengths = struct.pack("<HHHHHII", len(name), len(part.extra), 0, 0, 0, 0, at)
            directory += b"PK\1\2" + head + checks + lengths + name + part.extra
            listed += 1
    start = out.tell()
    out.write(directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, listed, listed, len(directory), start, 0))
    return out.getvalue()


def files() -> Iterator[Made]:
    """Yield the archives."""
    yield from _names()
    yield from _methods()
    yield from _produced()
    yield from _hidden()
    yield from _nested()


def produce(folder: Path) -> None:
    """Make what 7-Zip makes."""
    for name, switches in _SEVENZIP.items():
        with tempfile.TemporaryDirectory() as inside:
            note = Path(inside) / "note.txt"
            note.write_text(sentence(_in_note(name).value) + "\n" + "各位同事早晨。\n" * 50, "utf-8")
            target = folder / name
            target.unlink(missing_ok=True)
            subprocess.run(["7zz", "a", "-bso0", "-mtm=off", *switches, str(target), note.name], cwd=inside, check=True)


def _in_note(name: str) -> Planted:
    return planted(name, "a member", "note.txt")


def _produced() -> Iterator[Made]:
    for name, switches in _SEVENZIP.items():
        if (COMMITTED / name).exists():
            locked = "-psecret" in switches
            found = () if locked else (_in_note(name),)
            yield Made(name, "zip", committed(name), found, (("note.txt", "encrypted"),) if locked else ())


def _names() -> Iterator[Made]:
    unicode = "客戶資料.txt"
    for codec, flags in (("gbk", 0), ("big5", 0), ("utf-8", 0x800), ("utf-8", 0)):
        name = f"names-{codec}-{flags}.zip"
        inside = "客户资料.txt" if codec == "gbk" else unicode
        here = planted(name, codec, inside)
        plain = sentence(here.value).encode()
        yield Made(name, "zip", zipped(Part(inside.encode(codec), deflated(plain), plain, flags=flags)), (here,))
    name = "names-unicode-extra.zip"
    here = planted(name, "name in the extra field", unicode)
    plain = sentence(here.value).encode()
    raw = b"kehu.txt"
    said = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + unicode.encode()
    extra = struct.pack("<HH", 0x7075, len(said)) + said
    yield Made(name, "zip", zipped(Part(raw, deflated(plain), plain, extra=extra)), (here,))


def _methods() -> Iterator[Made]:
    for label, method in (("stored", 0), ("deflate", 8), ("bzip2", 12), ("lzma", 14), ("zstd", 93), ("xz", 95)):
        name = f"method-{label}.zip"
        here = planted(name, label, "a.txt")
        plain = (sentence(here.value) + "\n" + "各位同事早晨。\n" * 30).encode()
        match method:
            case 12:
                data = bz2.compress(plain)
            case 93:
                data = zstandard.ZstdCompressor().compress(plain)
            case 95:
                data = lzma.compress(plain)
            case _:
                data = deflated(plain) if method == 8 else plain
        made = zipped(Part(b"a.txt", data, plain, method))
        yield Made(name, "zip", packed({"a.txt": plain}, zipfile.ZIP_LZMA) if method == 14 else made, (here,))
    name = "descriptor.zip"
    here = planted(name, "sizes behind the data", "b.txt")
    plain = sentence(here.value).encode()
    made = zipped(Part(b"a.txt", deflated(b"x"), b"x", flags=8), Part(b"b.txt", deflated(plain), plain, flags=8))
    yield Made(name, "zip", made, (here,))
    name = "zip64.zip"
    here = planted(name, "sizes of 64 bits", "a.txt")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as box, box.open(zipfile.ZipInfo("a.txt"), "w", force_zip64=True) as member:
        member.write(sentence(here.value).encode())
    yield Made(name, "zip", out.getvalue(), (here,))


def _hidden() -> Iterator[Made]:
    name = "directory-lies.zip"
    first, second = planted(name, "method in its own header", "open.txt"), planted(name, "own name", "real.txt")
    plain, other = sentence(first.value).encode(), sentence(second.value).encode()
    made = zipped(
        Part(b"open.txt", plain, plain, method=0, listed_method=8),
        Part(b"real.txt", deflated(other), other, listed_as=b"harmless.jpg"),
    )
    other_place = Planted(second.hiding, (name, "harmless.jpg"), second.value)
    yield Made(name, "zip", made, (first, other_place), (("open.txt", "malformed"),))

    name = "not-listed.zip"
    here = planted(name, "in no directory", "secret.txt")
    plain = sentence(here.value).encode()
    made = zipped(Part(b"a.txt", deflated(b"x"), b"x"), Part(b"secret.txt", deflated(plain), plain, is_listed=False))
    yield Made(name, "zip", made, (here,))

    name = "two-in-one.zip"
    first, second = planted(name, "the first zip", "a.txt"), planted(name, "the second zip", "b.txt")
    data = packed({"a.txt": sentence(first.value)}) + packed({"b.txt": sentence(second.value)})
    yield Made(name, "zip", data, (first, second))

    for name, outside, gap in (
        ("program.exe", _PROGRAM, (("program.exe", "unknown_format"),)),
        ("picture.png", _PNG, (("picture.png", "malformed"),)),
    ):
        here = planted(name, "behind another file", "a.txt")
        yield Made(name, "zip", outside + packed({"a.txt": sentence(here.value)}), (here,), gap)

    name = "no-directory.zip"
    here = planted(name, "cut before the directory", "a.txt")
    data = packed({"a.txt": sentence(here.value)})
    yield Made(name, "zip", data[: data.index(b"PK\1\2")], (here,), ((name, "malformed"),))


def _nested() -> Iterator[Made]:
    name = "nested.zip"
    here = planted(name, "four deep", "b.zip", "c.zip", "d.zip", "a.txt")
    data = packed({"a.txt": sentence(here.value)})
    for inner in ("d.zip", "c.zip", "b.zip"):
        data = packed({inner: data})
    yield Made(name, "zip", data, (here,))
    name = "too-deep.zip"
    data = packed({"a.txt": "x"})
    for number in range(6):
        data = packed({f"{number}.zip": data})
    yield Made(name, "zip", data, (), (("1.zip", "too_deep"),))


def clean() -> Iterator[Made]:
    """Yield an archive with nothing to find."""
    yield Made("clean.zip", "zip", packed({"早晨.txt": "各位同事早晨\n", "a/b.csv": "編號,數量\n1,2\n"}))
