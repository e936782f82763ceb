"""Containers are opened all the way, and their headers are not believed."""

import bz2
import gzip
import lzma
import struct
import zipfile
import zlib
from io import BytesIO

import pytest

from cerco.extract.read import read
from cerco.extract.text import Limits, Text, Unreadable, Why
from tests.data.files.zips import Part, deflated
from tests.data.files.zips import zipped as written

NEEDLE = "身份證 5123456(7)"
MEBIBYTE = 1024 * 1024


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as box:
        for name, data in members:
            box.writestr(name, data)
    return out.getvalue()


def found(data: bytes, name: str | None = "a.zip", limits: Limits | None = None) -> list[str]:
    items = read(data, name, limits or Limits())
    return [item.place for item in items if isinstance(item, Text) and item.role == "text" and NEEDLE in item.content]


def gaps(data: bytes, limits: Limits | None = None) -> list[tuple[str, Why]]:
    items = read(data, "a.zip", limits or Limits())
    return [(item.place, item.why) for item in items if isinstance(item, Unreadable)]


def names(data: bytes) -> set[str]:
    return {item.content for item in read(data) if isinstance(item, Text) and item.role == "filename"}


def encrypted(data: bytes) -> bytes:
    """Set the encryption bit of every member, in both headers."""
    out = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            out[at + offset] |= 1
    return bytes(out)


@pytest.mark.parametrize(
    "method",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
    ids=["stored", "deflated", "bzip2", "lzma"],
)
def test_a_member_is_read(method: int) -> None:
    data = zipped(("dir/名單.txt", NEEDLE.encode()), method=method)
    assert found(data) == ["a.zip > dir/名單.txt > text"]
    assert names(data) == {"dir/名單.txt"}
    assert gaps(data) == []


def test_containers_inside_containers_are_read() -> None:
    inner = zipped(("b.txt", NEEDLE.encode()))
    assert found(zipped(("b.zip", gzip.compress(inner)))) == ["a.zip > b.zip > content > b.txt > text"]


@pytest.mark.parametrize(
    ("data", "name", "place"),
    [
        pytest.param(gzip.compress(NEEDLE.encode()), "a.csv.gz", "a.csv.gz > a.csv > text", id="gzip"),
        pytest.param(gzip.compress(b"x\n") + gzip.compress(NEEDLE.encode()), None, "content > text", id="two-gzips"),
        pytest.param(bz2.compress(NEEDLE.encode()), "a.BZ2", "a.BZ2 > a > text", id="bzip2"),
        pytest.param(lzma.compress(NEEDLE.encode()), "a.dat", "a.dat > content > text", id="xz-under-another-name"),
    ],
)
def test_streams(data: bytes, name: str | None, place: str) -> None:
    assert found(data, name) == [place]


@pytest.mark.parametrize("codec", ["big5", "gb18030"])
def test_names_are_read_in_the_encoding_they_were_written_in(codec: str) -> None:
    name = "客戶名單資料.txt" if codec == "big5" else "客户名单资料.txt"
    raw = name.encode(codec)
    stand_in = "n" * len(raw)
    data = zipped((stand_in, b"x")).replace(stand_in.encode(), raw)
    assert name in names(data)
    assert f"a.zip > {name} > text" in [item.place for item in read(data, "a.zip") if isinstance(item, Text)]


def test_an_encrypted_member_is_said_and_the_rest_is_read() -> None:
    open_part = zipped(("b.txt", NEEDLE.encode()))
    data = zipped(("locked.zip", encrypted(zipped(("c.txt", b"secret")))), ("open.zip", open_part))
    assert gaps(data) == [("a.zip > locked.zip > c.txt", Why.ENCRYPTED)]
    assert found(data) == ["a.zip > open.zip > b.txt > text"]
    assert "c.txt" in names(data)


def test_a_number_in_a_member_name_is_scanned_but_not_shown() -> None:
    data = zipped(("5123456(7).txt", b"x"))
    assert names(data) == {"5123456(7).txt"}
    assert not any("5123456" in item.place for item in read(data))


def test_a_header_that_understates_the_size_hides_nothing() -> None:
    content = b"x" * 100 + NEEDLE.encode()
    data = bytearray(zipped(("b.txt", content)))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)  # uncompressed size
    struct.pack_into("<I", data, at + 16, zlib.crc32(content[:10]))  # and the checksum that goes with it
    assert found(bytes(data)) == ["a.zip > b.txt > text"]
    assert gaps(bytes(data)) == [("a.zip > b.txt", Why.MALFORMED)]


def test_a_wrong_checksum_is_said_and_the_content_read() -> None:
    data = bytearray(zipped(("b.txt", NEEDLE.encode())))
    data[data.find(b"PK\x01\x02") + 16] ^= 0xFF
    assert found(bytes(data)) == ["a.zip > b.txt > text"]
    assert gaps(bytes(data)) == [("a.zip > b.txt", Why.MALFORMED)]


def test_an_unknown_compression_is_said() -> None:
    data = bytearray(zipped(("b.txt", b"x" * 50)))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.find(signature) + offset] = 97
    assert gaps(bytes(data)) == [("a.zip > b.txt", Why.UNKNOWN_FORMAT)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(zipped(("b.txt", NEEDLE.encode()))[:-30], [("a.zip", Why.MALFORMED)], id="zip-without-end"),
        pytest.param(gzip.compress(NEEDLE.encode())[:-4], [("a.zip", Why.MALFORMED)], id="gzip-without-end"),
        pytest.param(b"PK\x03\x04" + bytes(100), [("a.zip", Why.MALFORMED)], id="zip-in-name-only"),
    ],
)
def test_truncated(data: bytes, expected: list[tuple[str, Why]]) -> None:
    assert gaps(data) == expected


def test_what_came_before_the_cut_is_read() -> None:
    assert found(gzip.compress(NEEDLE.encode())[:-4], "b.gz") == ["b.gz > b > text"]


def test_text_behind_a_false_signature_is_read() -> None:
    assert found(b"PK\x03\x04 " + NEEDLE.encode()) == ["a.zip > text"]


def bomb(size: int) -> bytes:
    return zipped(("bomb.bin", bytes(size)), ("b.txt", NEEDLE.encode()))


@pytest.mark.parametrize(
    ("data", "limits", "expected"),
    [
        pytest.param(bomb(3 * MEBIBYTE), Limits(), [("a.zip > bomb.bin", Why.TOO_LARGE)], id="ratio"),
        pytest.param(
            zipped(("b.txt", b"x" * 5000), method=zipfile.ZIP_STORED),
            Limits(expanded=4000),
            [("a.zip > b.txt", Why.TOO_LARGE)],
            id="expanded",
        ),
        pytest.param(gzip.compress(bytes(3 * MEBIBYTE)), Limits(), [("a.zip", Why.TOO_LARGE)], id="gzip-ratio"),
        pytest.param(
            zipped(*((f"{n}.txt", b"x") for n in range(5))), Limits(entries=3), [("a.zip", Why.TOO_MANY)], id="entries"
        ),
        pytest.param(
            zipped(*((f"{n}.txt", b"x") for n in range(20))),
            Limits(entries=3),
            [("a.zip", Why.TOO_MANY)],
            id="directory-not-even-listed",
        ),
        pytest.param(
            zipped(("b.zip", zipped(("c.zip", zipped(("d.txt", b"x")))))),
            Limits(depth=2),
            [("a.zip > b.zip > c.zip", Why.TOO_DEEP)],
            id="depth",
        ),
    ],
)
def test_limits(data: bytes, limits: Limits, expected: list[tuple[str, Why]]) -> None:
    noise = [gap for gap in gaps(data, limits) if gap[1] is not Why.UNKNOWN_FORMAT]
    assert noise == expected


def test_what_follows_a_bomb_is_read() -> None:
    assert found(bomb(3 * MEBIBYTE)) == ["a.zip > b.txt > text"]


def test_what_stands_before_the_limit_on_entries_is_read() -> None:
    data = zipped(("a.txt", NEEDLE.encode()), ("b.txt", b"x"), ("c.txt", b"x"))
    assert found(data, limits=Limits(entries=2)) == ["a.zip > a.txt > text"]


def test_many_small_members_share_one_budget() -> None:
    data = zipped(*((f"{n}.zip", zipped(("x.txt", b"y" * 1000), method=zipfile.ZIP_STORED)) for n in range(10)))
    whys = [why for _, why in gaps(data, Limits(expanded=6000))]
    assert Why.TOO_LARGE in whys
    assert set(whys) <= {Why.TOO_LARGE, Why.MALFORMED}


def test_a_picture_that_cannot_be_opened_is_said_to_be_broken() -> None:
    assert gaps(zipped(("p.png", b"\x89PNG\r\n\x1a\n" + bytes(50)))) == [("a.zip > p.png", Why.MALFORMED)]


PLAIN = NEEDLE.encode()


def test_what_stands_in_a_stored_zip_is_read_once() -> None:
    inner = zipped(("b.txt", PLAIN), method=zipfile.ZIP_STORED)
    assert found(zipped(("b.zip", inner), method=zipfile.ZIP_STORED)) == ["a.zip > b.zip > b.txt > text"]


PACKED = deflated(PLAIN)
OTHER = Part(b"c", b"x", b"x", 0)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(written(Part(b"b.txt", PACKED, PLAIN, is_listed=False), OTHER), id="not-listed"),
        pytest.param(written(Part(b"b.txt", PLAIN, PLAIN, 0, 8, is_listed=False), OTHER), id="stored-and-deferred"),
        pytest.param(written(Part(b"b.txt", PACKED, PLAIN), OTHER)[:-90], id="directory-cut-off"),
        pytest.param(b"x" * 999 + written(Part(b"b.txt", PACKED, PLAIN)), id="behind-text"),
        pytest.param(written(Part(b"b.txt", PACKED, PLAIN, listed_method=0)), id="listed-as-stored"),
        pytest.param(written(Part(b"b.txt", PLAIN, PLAIN, 0, listed_method=97)), id="listed-under-no-known-method"),
    ],
)
def test_no_directory_hides_a_member(data: bytes) -> None:
    assert "a.zip > b.txt > text" in found(data)


def test_both_names_of_a_member_are_read() -> None:
    data = written(Part("身份證5123456(7)".encode(), b"x", b"x", 0, listed_as=b"b.txt"))
    assert names(data) == {"b.txt", "身份證5123456(7)"}


@pytest.mark.parametrize(
    ("crc", "read_as"), [(zlib.crc32(b"k.txt"), "客戶.txt"), (0, "k.txt")], ids=["its", "another's"]
)
def test_a_name_in_the_extra_field_counts_if_it_is_of_this_name(crc: int, read_as: str) -> None:
    said = b"\x01" + struct.pack("<I", crc) + "客戶.txt".encode()
    data = written(Part(b"k.txt", b"x", b"x", 0, extra=struct.pack("<HH", 0x7075, len(said)) + said))
    assert next(iter(item.place for item in read(data, "a.zip"))) == f"a.zip > {read_as}"


def test_a_name_that_is_not_the_utf8_it_claims_is_read() -> None:
    name = "客戶名單資料.txt".encode("big5")
    assert "客戶名單資料.txt" in names(written(Part(name, b"x", b"x", 0, flags=0x800)))


def test_a_member_under_aes_is_encrypted_whatever_its_flags_say() -> None:
    assert gaps(written(Part(b"b.txt", bytes(40), b"x", 99))) == [("a.zip > b.txt", Why.ENCRYPTED)]


def test_a_directory_entry_without_a_member_is_said() -> None:
    data = bytearray(written(Part(b"b.txt", b"x", b"x", 0), Part(b"c.txt", PLAIN, PLAIN, 0)))
    data[0] = 0
    assert ("a.zip > b.txt", Why.MALFORMED) in gaps(bytes(data))
    assert found(bytes(data)) == ["a.zip > c.txt > text"]


LOOSE = f"{NEEDLE} 各位同事早晨".encode()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        pytest.param(written(Part(b"b", b"x", b"x", 0)) + LOOSE, "outside of its members", id="behind-the-directory"),
        pytest.param(LOOSE + written(Part(b"b", b"x", b"x", 0)), "outside of its members", id="before-all-members"),
        pytest.param(written(Part(b"b", b"x" + LOOSE, b"x", 0)), "b", id="in-a-member-that-says-it-is-shorter"),
        pytest.param(zipped(("b", b"x"))[:-2] + struct.pack("<H", len(LOOSE)) + LOOSE, "comment", id="in-the-comment"),
    ],
)
def test_nothing_hides_beside_the_members(data: bytes, place: str) -> None:
    assert f"a.zip > {place} > text" in found(data)


def test_a_zip_as_others_make_it_has_nothing_beside_its_members() -> None:
    data = zipped(*((f"{number}.txt", b"x" * number) for number in range(20)))
    assert {item.place.split(" > ")[1] for item in read(data, "a.zip")} == {f"{number}.txt" for number in range(20)}
