"""Every reader, on files that are nearly right: nothing is raised, nothing hangs, nothing passes in silence.

`python -m tests.extract.test_fuzz SECONDS` goes on for longer, and prints how many inputs it has tried.
"""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from cerco.extract import ocr
from cerco.extract.pixels import Pixels
from cerco.extract.read import read
from cerco.extract.text import Limits, Text
from tests.data.files.make_files import families, files
from tests.data.files.planting import Made

SMALL = Limits(expanded=4 * 1024 * 1024, cells=20_000, entries=200, window=8 * 1024 * 1024, piece=4096)
LARGEST = 40_000  # bytes; what goes wrong does so in headers
TIMES = 12  # a file, in the suite
SLOW = 20  # seconds for one input, on a machine that is busy
# A library in Rust that ends its process on some damaged files: the scanner's pool replaces it, at the cost of a file.
ENDS = frozenset({"parquet"})


def samples() -> Iterator[Made]:
    for family in families().values():
        yield from (made for made in files(family) if len(made.data) <= LARGEST)


SAMPLES = list(samples())


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with some of them changed, lost, doubled or cut off."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(6):
            case 0 if at < len(out):
                out[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(out):
                out[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
            case 2:
                out[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80"))
            case 3:
                del out[at : at + chance.randint(1, 16)]
            case 4:
                out[at:at] = out[max(0, at - chance.randint(1, 64)) : at]
            case _ if chance.random() < 0.2:
                del out[at:]
            case _:
                continue
        if not out:
            return data[:1]
    return bytes(out)


def blind(_pixels: Pixels, _is_over: object) -> tuple[list[ocr.Line], bool]:
    """See nothing. What the networks make of pixels has nothing to do with how those were packed, and takes long."""
    return [], True


def try_one(data: bytes) -> None:
    """Read to the end; what comes must be fit for those who come after."""
    for item in read(data, "5123456(7)", SMALL):
        assert "512345" not in item.place
        item.place.encode()
        if isinstance(item, Text):
            item.content.encode()


@pytest.mark.parametrize("made", [one for one in SAMPLES if one.format not in ENDS], ids=lambda made: made.name)
def test_a_damaged_file_raises_nothing(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "read", blind)
    chance = random.Random(made.name)  # noqa: S311 - the same in every run

    def stop(_signal: int, _frame: object) -> None:
        pytest.fail("it hangs")

    signal.signal(signal.SIGALRM, stop)
    for _ in range(TIMES):
        data = damaged(made.data, chance)
        signal.alarm(SLOW)
        try:
            try_one(data)
        finally:
            signal.alarm(0)


@pytest.mark.parametrize("name", ["customers-uncompressed.parquet", "customers-zstd.parquet"])
def test_a_damaged_file_ends_its_process_at_the_worst(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.extract.test_fuzz", "1", name], capture_output=True, timeout=100, check=False
    )
    assert done.returncode in {0, -signal.SIGABRT}, done.stderr.decode()[-2000:]


def main(seconds: float, names: list[str]) -> None:
    setattr(ocr, "read", blind)  # noqa: B010 - a name that mypy knows to be a function
    chance = random.Random()  # noqa: S311 - another in every run
    chosen = [one for one in SAMPLES if (one.name in names if names else one.format not in ENDS)]
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        made = chance.choice(chosen)
        data = damaged(made.data, chance)
        begin = time.monotonic()
        try:
            try_one(data)
        except BaseException:
            sys.stderr.write(f"{made.name}: {data.hex()}\n")
            raise
        if (took := time.monotonic() - begin) > SLOW:
            raise TimeoutError(f"{made.name} took {took:.0f} s: {data.hex()[:2000]}")
        count += 1
    sys.stdout.write(f"{count} inputs, nothing raised\n")


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
