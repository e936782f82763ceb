"""Archives of every kind: names as they were meant, one member does not hide another, and what is not there is said."""

import gzip
import io
import tarfile

import pytest

from cerco.extract import libarchive
from cerco.extract.read import read
from cerco.extract.text import Limits, Text, Unreadable, Why
from tests.data.files.boxes import rar4, rar5
from tests.data.files.planting import committed

NEEDLE = "身份證 5123456(7)"


def made(name: str) -> bytes:
    return gzip.decompress(committed(f"{name}.gz"))


def tar(*members: tuple[str, bytes], **attributes: object) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8") as box:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            box.addfile(info, io.BytesIO(data))
    return out.getvalue()


def found(data: bytes, limits: Limits | None = None) -> list[str]:
    items = read(data, "a", limits or Limits())
    return [item.place for item in items if isinstance(item, Text) and item.role == "text" and NEEDLE in item.content]


def names(data: bytes) -> set[str]:
    return {item.content for item in read(data, "a") if isinstance(item, Text) and item.role == "filename"}


def gaps(data: bytes, limits: Limits | None = None) -> list[tuple[str, Why]]:
    return [(item.place, item.why) for item in read(data, "a", limits or Limits()) if isinstance(item, Unreadable)]


@pytest.mark.parametrize("codec", ["utf-8", "big5", "gbk"])
def test_names_in_a_tar_are_read_in_every_encoding(codec: str) -> None:
    name = "客户名单资料.txt" if codec == "gbk" else "客戶名單資料.txt"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding=codec) as box:
        box.addfile(tarfile.TarInfo(name))
    assert name in names(out.getvalue())


def test_links_are_not_followed_but_their_names_are_read() -> None:
    data = tar(("a", b""), type=tarfile.SYMTYPE, linkname="/etc/身份證5123456(7)")
    assert "/etc/身份證5123456(7)" in names(data)
    assert gaps(data) == []


def test_what_stands_in_a_folder_that_is_none_of_ours_stays_in_its_place() -> None:
    assert found(tar(("../../etc/passwd", NEEDLE.encode()))) == ["a > ../../etc/passwd > text"]


def test_a_sparse_file_is_read_without_its_holes() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as box:
        info = tarfile.TarInfo("a.txt")
        info.size = len(NEEDLE.encode())
        info.pax_headers = {
            "GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": str(1 << 40),
            "GNU.sparse.numblocks": "1", "GNU.sparse.map": f"{(1 << 40) - info.size},{info.size}",
        }  # fmt: skip
        box.addfile(info, io.BytesIO(NEEDLE.encode()))
    assert found(out.getvalue()) == ["a > a.txt > text"]


def test_a_damaged_header_in_the_middle_is_said_and_what_came_before_is_read() -> None:
    data = bytearray(tar(("a.txt", NEEDLE.encode()), ("b.txt", b"x"), ("c.txt", b"x")))
    data[1024 + 148 : 1024 + 156] = b"7777777\0"
    assert found(bytes(data)) == ["a > a.txt > text"]
    assert Why.MALFORMED in [why for _, why in gaps(bytes(data))]


@pytest.mark.parametrize("make", [rar4, lambda name, data: rar5(name.decode(), data)], ids=["rar4", "rar5"])
def test_rar(make: object) -> None:
    assert callable(make)
    assert found(make(b"a.txt", NEEDLE.encode())) == ["a > a.txt > text"]


@pytest.mark.parametrize(
    ("name", "place"),
    [("content-locked.7z", "a > 客戶/名單.txt"), ("names-locked.7z", "a")],
    ids=["content", "names-too"],
)
def test_a_locked_7z_is_said(name: str, place: str) -> None:
    assert gaps(made(name)) == [(place, Why.ENCRYPTED)]


@pytest.mark.parametrize("name", ["lzma2.7z", "mszip.cab", "newc.cpio"])
def test_an_archive_that_is_cut_off_is_said(name: str) -> None:
    data = made(name)
    assert {why for _, why in gaps(data[: len(data) * 2 // 3])} & {Why.MALFORMED, Why.UNKNOWN_FORMAT}


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        pytest.param(Limits(entries=3), Why.TOO_MANY, id="members"),
        pytest.param(Limits(expanded=1500), Why.TOO_LARGE, id="bytes"),
    ],
)
def test_limits_end_an_archive_with_one_gap(limits: Limits, why: Why) -> None:
    data = tar(*((f"{number}.txt", b"x" * 400) for number in range(10)))
    said = gaps(data, limits)
    assert ("a", why) in said
    assert len(said) <= 2


def test_text_behind_a_false_signature_is_read() -> None:
    assert found(b"Rar!\x1a\x07\x01\x00 " + NEEDLE.encode()) == ["a > text"]


def test_without_the_library_an_archive_is_of_unknown_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libarchive, "LIBRARY", None)
    assert gaps(made("lzma2.7z")) == [("a", Why.UNKNOWN_FORMAT)]
    assert libarchive.version() is None


def test_the_library_is_the_one_from_its_package() -> None:
    assert libarchive.version() is not None
    assert tuple(map(int, (libarchive.version() or "0").split("."))) >= (3, 8)


@pytest.mark.parametrize(
    ("data", "step"),
    [
        *(pytest.param(made(name), "after the end", id=name) for name in (
            "lzma2.7z", "mszip.cab", "newc.cpio", "odc.cpio", "joliet.iso", "package.deb", "note.txt.lz4", "note.txt.lz"
        )),
        pytest.param(rar5("a", b"x"), "after the end", id="rar5"),
        pytest.param(rar4(b"a", b"x"), "after the end", id="rar4"),
        pytest.param(tar(("a", b"x")), "after the fault", id="tar"),
    ],
)  # fmt: skip
def test_what_follows_an_archive_is_read(data: bytes, step: str) -> None:
    assert f"a > {step} > text" in found(data + f"各位同事早晨 {NEEDLE}\n".encode())


def test_an_archive_of_nothing_is_read_as_it_is_written() -> None:
    assert "a > text" in [item.place for item in read(b"!<arch>\n", "a")]
