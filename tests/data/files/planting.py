"""What the families of test files are made of: values nobody owns, planted where people forget to look.

In:    the name of a file, and of a hiding place in it.
Out:   `Made` files, each saying what is planted in it, and at which place a scan must find it.
Never: a real person's number, or a random one: the same names give the same value, in every run and on every machine.
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path

COMMITTED = Path(__file__).with_name("committed")  # what their real producers have made, kept so that tests need none
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold


@dataclass(frozen=True, slots=True)
class Planted:
    """One value at one hiding place; a finding's place must contain each of `place`'s pieces, in this order."""

    hiding: str  # "tracked deletion"; with the file's name it is the seed of the value
    place: tuple[str, ...]  # ("a.docx", "comments"): pieces, so that a place may say more than a test asks for
    value: str


@dataclass(frozen=True, slots=True)
class Made:
    """One file: its bytes, what is planted in it, and what of it cannot be read."""

    name: str
    format: str  # the format's usual suffix, without a dot
    data: bytes = field(repr=False)
    planted: tuple[Planted, ...] = ()
    gaps: tuple[tuple[str, str], ...] = ()  # (a piece of the place, the reason as in `Why`)


def card(*names: str) -> str:
    """Return a made-up number in the shape of a Macau identity card, 5123456(7), that belongs to these names alone."""
    seed = int.from_bytes(sha256("\x00".join(names).encode()).digest()[:8], "big")
    # The third digit is always 9: no example or other test of this repository writes its numbers like this.
    return f"{'157'[seed % 3]}{seed // 3 % 10}9{seed // 30 % 10_000:04}({seed // 300_000 % 10})"


def planted(file: str, hiding: str, *place: str) -> Planted:
    """Return the value for a hiding place in a file; the file's own name is the first piece of its place."""
    return Planted(hiding, (file, *place), card(file, hiding))


def sentence(value: str) -> str:
    """Return the value in the words people put around it."""
    return f"客人的澳門居民身份證號碼是 {value},請跟進。"


def committed(name: str) -> bytes:
    """Return a file that its real producer has made."""
    return (COMMITTED / name).read_bytes()


def packed(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of these members that is the same, byte for byte, whenever it is made."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as box:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = method
            box.writestr(entry, content)
    return out.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    """Return the members of a zip, in their order."""
    with zipfile.ZipFile(BytesIO(data)) as box:
        return {name: box.read(name) for name in box.namelist()}


def every(made: Iterator[Made]) -> Iterator[Made]:
    """Yield the files of a family, and refuse two that share a name, and one that has a value twice."""
    names: set[str] = set()
    for one in made:
        if one.name in names or len({each.value for each in one.planted}) != len(one.planted):
            raise ValueError(f"{one.name}: this name or one of its values is there twice. Rename the hiding place.")
        names.add(one.name)
        yield one
