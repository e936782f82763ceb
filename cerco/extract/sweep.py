"""Find text in bytes that no reader knows the order of.

In:    a record, a stream, or what is left of a file besides the parts that are understood.
Out:   every run of characters, in UTF-16 and in the 8-bit encodings of here, one a line.
Never: a run of digits passed over because nothing else of it could be read.
"""

import re
from collections.abc import Iterator

from cerco.extract.charset import encodings

# Six characters, as short as the shortest identifier: ASCII, CJK and its marks, and full width.
# A run does not begin with the second half of an ASCII character: read so, words become rare Han.
_WIDE = re.compile(rb"(?!\x00(?:[\x20-\x7e]\x00){2})(?:[\t\x20-\x7e]\x00|[\x00-\xff][\x30\x4e-\x9f\xff]){6,}")
_NARROW = re.compile(rb"[\t\x20-\x7e\xa1-\xfe]{2}[\t\x20-\x7e\x80-\xfe]{4,}")
_TELLING = re.compile(r"\d{4}|[A-Za-z]{3}|[\u4e00-\u9fff]{2}")
_ASCII_PAIR = re.compile(rb"[\t\x20-\x7e]\x00")
_PLAINLY = 0.2  # of the characters of a run


def strings(data: bytes) -> Iterator[str]:
    """Yield the runs of characters in the data that may be words or numbers."""
    at = 0
    for run in _WIDE.finditer(data):
        text = run[0].decode("utf-16-le", errors="replace")
        if _TELLING.search(text):
            yield text
        # Letters in pairs look like Han as well; where hardly any character is plainly ASCII, the run is read as both.
        if len(_ASCII_PAIR.findall(run[0])) > len(text) * _PLAINLY:
            yield from _narrow(data[at : run.start()])
            at = run.end()
    yield from _narrow(data[at:])


def _narrow(data: bytes) -> Iterator[str]:
    for run in _NARROW.finditer(data):
        codecs = ("ascii",) if run[0].isascii() else encodings(run[0])
        for codec in codecs[:1] or ("cp1252",):
            text = run[0].decode(codec, errors="replace")
            if _TELLING.search(text):
                yield text
