"""Archives other than zip, and single files that are compressed."""

import bz2
import gzip
import io
import lzma
import struct
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import zstandard

from tests.data.files.planting import COMMITTED, Made, Planted, committed, planted, sentence

_INSIDE = "客戶/名單.txt"
# What its own program makes: name -> (format, the command; FILE is the archive).
_PROGRAMS: dict[str, tuple[str, Sequence[str]]] = {
    "lzma2.7z": ("7z", ("7zz", "a", "-bso0", "FILE", ".")),
    "plain-header.7z": ("7z", ("7zz", "a", "-bso0", "-mhc=off", "FILE", ".")),
    "ppmd.7z": ("7z", ("7zz", "a", "-bso0", "-m0=PPMd", "FILE", ".")),
    "content-locked.7z": ("7z", ("7zz", "a", "-bso0", "-psecret", "FILE", ".")),
    "names-locked.7z": ("7z", ("7zz", "a", "-bso0", "-psecret", "-mhe=on", "FILE", ".")),
    "mszip.cab": ("cab", ("gcab", "-c", "-z", "-n", "FILE", _INSIDE)),
    "joliet.iso": ("iso", ("genisoimage", "-quiet", "-J", "-o", "FILE", ".")),
    "newc.cpio": ("cpio", ("sh", "-c", f"echo {_INSIDE} | cpio -o --quiet -H newc > FILE")),
    "odc.cpio": ("cpio", ("sh", "-c", f"echo {_INSIDE} | cpio -o --quiet -H odc > FILE")),
    "note.txt.lz4": ("lz4", ("sh", "-c", f"lz4 -q -c {_INSIDE} > FILE")),
    "note.txt.Z": ("Z", ("sh", "-c", f"compress -c -f {_INSIDE} > FILE")),
    "note.txt.lz": ("lz", ("sh", "-c", f"lzip -c {_INSIDE} > FILE")),
    "package.deb": ("deb", ("sh", "-c", "cp -r 客戶 x; dpkg-deb --root-owner-group -Zxz -b x FILE >/dev/null")),
}  # fmt: skip
_CONTROL = "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.com>\nDescription: a\n"
_LOCKED = {"content-locked.7z": "名單.txt", "names-locked.7z": "names-locked.7z"}


def files() -> Iterator[Made]:
    """Yield the archives."""
    for name, (form, _) in _PROGRAMS.items():
        if (COMMITTED / f"{name}.gz").exists():
            found = () if name in _LOCKED else (_in_program(name),)
            gaps = ((_LOCKED[name], "encrypted"),) if name in _LOCKED else ()
            yield Made(name, form, gzip.decompress(committed(f"{name}.gz")), found, gaps)
    yield from _tars()
    yield from _rars()
    yield from _streams()


def produce(folder: Path) -> None:
    """Make what each format's own program makes; kept compressed, since an image of a disc is mostly empty."""
    for name, (_, command) in _PROGRAMS.items():
        with tempfile.TemporaryDirectory() as inside:
            note = Path(inside) / _INSIDE
            note.parent.mkdir()
            note.write_text(sentence(_in_program(name).value) + "\n" + "各位同事早晨。\n" * 20, "utf-8")
            if name.endswith(".deb"):
                (Path(inside) / "x/DEBIAN").mkdir(parents=True)
                (Path(inside) / "x/DEBIAN/control").write_text(_CONTROL)
            target = Path(inside).with_suffix(".made")
            filled = [word.replace("FILE", str(target)) for word in command]
            subprocess.run(filled, cwd=inside, check=True)
            (folder / f"{name}.gz").write_bytes(gzip.compress(target.read_bytes(), mtime=0))
            target.unlink()


def _in_program(name: str) -> Planted:
    single = name.startswith("note")
    return planted(name, "the file", *(() if single else ("名單.txt",)))


def _tars() -> Iterator[Made]:
    for label, form in (("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)):
        name = f"{label}.tar"
        far = "資料夾/" * 12 + "名單.txt" if label != "ustar" else _INSIDE
        here = planted(name, "the file", "名單.txt")
        yield Made(name, "tar", _tar({far: sentence(here.value)}, form), (here,))
    name = "backup.tar.gz"
    here = planted(name, "in a tar in a gzip", "backup.tar", "a.txt")
    yield Made(name, "tgz", gzip.compress(_tar({"a.txt": sentence(here.value)}), mtime=0), (here,))
    name = "two.tar"
    here = planted(name, "behind the end", "b.txt")
    yield Made(name, "tar", _tar({"a.txt": "早晨"}) + _tar({"b.txt": sentence(here.value)}), (here,))
    name = "no-suffix"
    here = planted(name, "under no name", "a.txt")
    yield Made(name, "tar", _tar({"a.txt": sentence(here.value)}), (here,))
    name = "cut.tar"
    here = planted(name, "before the cut", "a.txt")
    data = _tar({"a.txt": sentence(here.value), "b.bin": "早晨" * 2000})
    yield Made(name, "tar", data[:4000], (here,), (("b.bin", "malformed"), (name, "malformed")))


def _tar(members: dict[str, str], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as box:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            box.addfile(info, io.BytesIO(content.encode()))
    return out.getvalue()


def _rars() -> Iterator[Made]:
    """Yield rar archives; nobody but its makers may pack into the format, but anyone may store a file in it."""
    name = "stored-5.rar"
    here = planted(name, "a stored file", "名單.txt")
    yield Made(name, "rar", rar5("客戶/名單.txt", sentence(here.value).encode()), (here,))
    name = "stored-4.rar"
    here = planted(name, "a stored file", "list.txt")
    yield Made(name, "rar", rar4(b"list.txt", sentence(here.value).encode()), (here,))
    name = "locked-5.rar"
    yield Made(name, "rar", rar5("名單.txt", bytes(64), locked=True), (), (("名單.txt", "encrypted"),))
    for name, data in (
        (
            "names-locked-5.rar",
            b"Rar!\x1a\x07\x01\x00" + _block(b"\x04\x00\x00\x00\x0f" + bytes(16)) + bytes(range(64)),
        ),
        ("names-locked-4.rar", b"Rar!\x1a\x07\x00" + _block4(0x73, 0x80, bytes(6)) + bytes(range(64))),
    ):
        yield Made(name, "rar", data, (), ((name, "encrypted"),))
    name = "unpacks-itself.exe"
    here = planted(name, "behind a program", "a.txt")
    data = b"MZ\x90\x00" + bytes(range(256)) * 4 + rar5("a.txt", sentence(here.value).encode())
    yield Made(name, "rar", data, (here,), ((name, "unknown_format"),))


def rar5(name: str, content: bytes, *, locked: bool = False) -> bytes:
    """Return a rar 5 archive of one stored file (rarlab.com/technote.htm); `locked` says its content is encrypted."""
    extra = _sized(b"\x01\x00\x00\x0f" + bytes(16) + bytes(16)) if locked else b""  # type, version, flags, KDF count
    said = name.encode()
    fields = (0x04, len(content), 0, zlib.crc32(content), 0, 0, len(said))
    head = b"".join(
        (
            b"\x02",  # a file
            _number(0x02 | (0x01 if locked else 0)),  # data follows, and extra fields
            _number(len(extra)) if locked else b"",
            _number(len(content)),
            _number(fields[0]) + _number(fields[1]) + _number(fields[2]),
            struct.pack("<I", fields[3]) + _number(fields[4]) + _number(fields[5]) + _number(fields[6]),
            said + extra,
        )
    )
    main, end = _block(b"\x01\x00\x00"), _block(b"\x05\x00\x00")
    return b"Rar!\x1a\x07\x01\x00" + main + _block(head) + content + end


def _block(head: bytes) -> bytes:
    sized = _sized(head)
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _sized(content: bytes) -> bytes:
    return _number(len(content)) + content


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes((*out, value))


def rar4(name: bytes, content: bytes) -> bytes:
    """Return a rar 4 archive of one stored file."""
    fields = (len(content), len(content), 3, zlib.crc32(content), 0x5A210000, 20, 0x30, len(name), 0x81A4)
    file = _block4(0x74, 0x8000, struct.pack("<IIBIIBBHI", *fields) + name)
    return b"Rar!\x1a\x07\x00" + _block4(0x73, 0, bytes(6)) + file + content + _block4(0x7B, 0x4000, b"")


def _block4(kind: int, flags: int, rest: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def _streams() -> Iterator[Made]:
    for suffix, compress in (
        ("gz", lambda data: gzip.compress(data, mtime=0)),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("lzma", lambda data: lzma.compress(data, lzma.FORMAT_ALONE)),
        ("zst", zstandard.ZstdCompressor().compress),
    ):
        name = f"report.csv.{suffix}"
        here = planted(name, "a compressed table", "report.csv")
        yield Made(name, suffix, compress(f"姓名,身份證\n陳大文,{here.value}\n".encode()), (here,))
        name = f"cut.csv.{suffix}"
        noise = "".join(f"{number * 7919 % 10007},{number}\n" for number in range(20_000))
        data = compress(f"姓名,電話\n{noise}".encode())
        yield Made(name, suffix, data[: len(data) * 2 // 3], (), ((name, "malformed"),))
    name = "double.txt.gz"
    here = planted(name, "the second stream", "double.txt")
    data = gzip.compress(b"x\n", mtime=0) + gzip.compress(sentence(here.value).encode(), mtime=0)
    yield Made(name, "gz", data, (here,))


def clean() -> Iterator[Made]:
    """Yield archives with nothing to find."""
    yield Made("clean.tar", "tar", _tar({"a/早晨.txt": "各位同事早晨\n"}))
    yield Made("clean.rar", "rar", rar5("早晨.txt", "各位同事早晨\n".encode()))
    yield Made("clean.csv.gz", "gz", gzip.compress("編號,數量\n1,2\n".encode(), mtime=0))
