"""Each reader by itself, and the step that chooses among them, on bytes that are nearly right or not at all.

Nothing is raised but `ReadError`, nothing hangs, and no name or number of the bytes gets into a place. What is damaged
is handed to the reader whose format it was, however little is left of that, and now and then to one that it never was.

`python -m tests.extract.test_reader_fuzz SECONDS [TARGET ...]` goes on for longer, target by target, and prints how
many inputs each has had.
"""

import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import pytest

from cerco.extract import ocr
from cerco.extract.formats import READERS
from cerco.extract.identify import Format, identify
from cerco.extract.read import read
from cerco.extract.source import Budget, Item, ReadError, Source
from cerco.extract.text import Text
from tests.extract.test_fuzz import ENDS, SAMPLES, SLOW, SMALL, blind, damaged

IDENTIFY: Final = "identify"
TIMES = 40  # inputs for each target, in the suite
STRANGER = 0.1  # the share of inputs that were never of the reader's format
TARGETS = [IDENTIFY, *(form.value for form in Format if form.value not in ENDS)]


def _by_format() -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = defaultdict(list)
    for made in SAMPLES:
        for form in identify(made.data):
            found[form.value].append(made.data)
    return found


BY_FORMAT = _by_format()
EVERY = [made.data for made in SAMPLES]


def opener(source: Source) -> Iterator[Item]:
    """Open what is inside another, as the real one does."""
    return read(source.data, "inside", SMALL)


def sample(target: str, chance: random.Random) -> bytes:
    """Return bytes for a target, nearly right or not at all."""
    own = BY_FORMAT.get(target)
    data = chance.choice(own if own and chance.random() >= STRANGER else EVERY)
    if chance.random() < STRANGER:
        data = chance.randbytes(chance.randrange(1, 600))
    return damaged(data, chance)


def try_one(target: str, data: bytes) -> None:
    """Read to the end with one reader; what comes must be fit for those who come after."""
    if target == IDENTIFY:
        assert identify(data)
        return
    with suppress(ReadError, MemoryError, RecursionError):  # what `read` answers for
        for item in READERS[Format(target)].read(Source(data, ("5123456(7)",), Budget(SMALL)), opener):
            assert "512345" not in item.place
            item.place.encode()
            if isinstance(item, Text):
                item.content.encode()


@pytest.mark.parametrize("target", TARGETS)
def test_a_reader_raises_nothing_but_read_errors(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "read", blind)
    chance = random.Random(target)  # noqa: S311 - the same in every run

    def stop(_signal: int, _frame: object) -> None:
        pytest.fail("it hangs")

    signal.signal(signal.SIGALRM, stop)
    for _ in range(TIMES):
        data = sample(target, chance)
        signal.alarm(SLOW)
        try:
            try_one(target, data)
        finally:
            signal.alarm(0)


def test_every_format_is_a_target() -> None:
    assert {form.value for form in READERS} - ENDS == set(TARGETS) - {IDENTIFY}


def main(seconds: float, targets: list[str]) -> None:
    setattr(ocr, "read", blind)  # noqa: B010 - a name that mypy knows to be a function
    chance = random.Random()  # noqa: S311 - another in every run
    for target in targets:
        end = time.process_time() + seconds / len(targets)
        count, slowest = 0, 0.0
        while time.process_time() < end:
            data = sample(target, chance)
            begin = time.process_time()
            try:
                try_one(target, data)
            except BaseException:
                sys.stderr.write(f"{target}: {data.hex()}\n")
                raise
            slowest = max(slowest, time.process_time() - begin)
            if slowest > SLOW:
                raise TimeoutError(f"{target} took {slowest:.0f} s: {data.hex()[:2000]}")
            count += 1
        sys.stdout.write(f"{target}: {count} inputs, the slowest {slowest:.2f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:] or TARGETS)
