"""Sealed files: long ones open as short ones do, and not a segment of them can be moved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cerco.state import sealed
from cerco.state.holding import Holding
from cerco.state.sealed import Sealed

BOUND = b"upload, part 1"
SEGMENT, TAG, PREFIX = 8, 16, 7
DATA = b"segment0segment1segment2"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    monkeypatch.setattr(sealed, "_SEGMENT", SEGMENT)
    return Sealed(tmp_path, b"k" * 32, OSError)


def opened(files: Sealed, name: str, bound: bytes = BOUND) -> bytes:
    return b"".join(files.read(name, bound))


@pytest.mark.parametrize("size", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT])
def test_what_was_written_is_read(files: Sealed, tmp_path: Path, size: int) -> None:
    held = Holding(tmp_path / "held", 100).begin()
    held.write(DATA[:size])
    for content in (DATA[:size], held.held()):
        name = files.write(content, BOUND)
        assert opened(files, name) == DATA[:size]
        assert b"segment" not in (tmp_path / name).read_bytes()
        with pytest.raises(OSError, match="damaged"):
            opened(files, name, b"upload, part 2")


def cut(at: int, end: int | None = None) -> Callable[[bytes], bytes]:
    return lambda whole: whole[:at] + (whole[end:] if end else b"")


def swap(whole: bytes) -> bytes:
    size = SEGMENT + TAG
    segments = [whole[PREFIX + n * size : PREFIX + (n + 1) * size] for n in range(3)]
    return whole[:PREFIX] + segments[1] + segments[0] + segments[2]


CHANGES = {
    "the last segment is missing": cut(PREFIX + 2 * (SEGMENT + TAG)),
    "a middle one is missing": cut(PREFIX + SEGMENT + TAG, PREFIX + 2 * (SEGMENT + TAG)),
    "two are swapped": swap,
    "cut in a segment": cut(PREFIX + 2 * (SEGMENT + TAG) + 3),
    "nothing but the prefix": cut(PREFIX),
    "nothing": cut(0),
    "one comes twice": lambda whole: whole + whole[-SEGMENT - TAG :],
    "one bit": lambda whole: whole[:-1] + bytes((whole[-1] ^ 1,)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_does_not_open(files: Sealed, tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    name = files.write(DATA, BOUND)
    file = tmp_path / name
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(OSError, match="damaged"):
        opened(files, name)
