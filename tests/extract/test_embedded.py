"""A file that somebody has made text of is a file."""

import base64
import gzip
import random

import pytest

from cerco.extract.embedded import files

FILE = gzip.compress(random.Random(1).randbytes(600), mtime=0)  # noqa: S311 - noise, not a secret
LINE = base64.b64encode(FILE)
BLOCK = base64.encodebytes(FILE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"see data:application/gzip;base64," + LINE + b" there", id="link"),
        pytest.param(
            b"<img src='data:;base64," + LINE.replace(b"+", b"%2B").replace(b"/", b"%2F") + b"'>", id="quoted-link"
        ),
        pytest.param(b'{"file": "' + LINE + b'"}', id="one-line"),
        pytest.param(b"begin\n" + BLOCK + b"end\n", id="block"),
        pytest.param(BLOCK.replace(b"\n", b"\r\n"), id="block-of-windows"),
        pytest.param(b"x " * 100 + LINE, id="at-the-end"),
        pytest.param(LINE.rstrip(b"="), id="without-padding"),
    ],
)
def test_it_is_found(data: bytes) -> None:
    assert list(files(data)) == [FILE]


@pytest.mark.parametrize("before", range(0, 300, 23))
def test_it_is_found_wherever_it_begins(before: int) -> None:
    assert list(files(b"," * before + LINE + b"," * 300)) == [FILE]
    assert list(files(b"," * before + b"\n" + BLOCK + b"," * 300)) == [FILE]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(random.Random(2).randbytes(900).hex().encode(), id="hexadecimal"),  # noqa: S311
        pytest.param(base64.b64encode(random.Random(3).randbytes(900)), id="noise"),  # noqa: S311
        pytest.param(b"51234567\n66123456\n" * 200, id="numbers-one-a-line"),
        pytest.param(LINE[:200], id="short"),
        pytest.param(b";base64," + b"!" * 300, id="a-link-to-nothing"),
    ],
)
def test_a_long_word_is_no_file(data: bytes) -> None:
    assert list(files(data)) == []
