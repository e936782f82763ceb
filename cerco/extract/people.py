"""Read address books and calendars: vcf and ics.

In:    text made of content lines (RFC 6350, RFC 5545, and the older vCard 2.1).
Out:   the text as written; its values, one a line and decoded; photos and attachments as files of their own.
Never: a value cut where its line is folded.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator

from cerco.extract import plain
from cerco.extract.charset import encodings
from cerco.extract.source import Item, Opener, Source
from cerco.extract.text import Why

_FOLDED = re.compile(rb"\r?\n[ \t]")
_LINE = re.compile(rb"(?P<name>[\w.\-]+)(?P<parameters>(?:;(?:[^\":;]|\"[^\"]*\")*)*):(?P<value>.*)", re.DOTALL)
_QUOTED = re.compile(rb";(?:ENCODING=)?QUOTED-PRINTABLE\b", re.IGNORECASE)
_BASE64 = re.compile(rb";(?:ENCODING=)?(?:BASE64|B)(?=;|$)", re.IGNORECASE)
_DATA_URI = re.compile(rb"data:[^,;]*(?:;[^,;]*)*;base64,(?P<data>.*)", re.IGNORECASE | re.DOTALL)  # RFC 2397
_CHARSET = re.compile(rb";CHARSET=\"?([\w\-]+)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([,;\\nN])")
_FILES = {b"PHOTO": "photo", b"LOGO": "logo", b"ATTACH": "attachment", b"SOUND": "sound", b"KEY": "key"}


def read(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in an address book or a calendar."""
    yield from plain.read(source, open_, files=False)
    data = _narrow(source.data)
    said: list[str] = []
    files = 0
    for line in _lines(data):
        match = _LINE.match(line)
        if match is None:
            said.append(_decoded(line))
            continue
        name = match["name"].rpartition(b".")[2].upper()
        coded = _DATA_URI.match(match["value"].strip())
        if coded is not None or _BASE64.search(match["parameters"]):
            files += 1
            source.budget.enter()
            yield from _file(coded["data"] if coded else match["value"], f"{_step(name)} {files}", source, open_)
        else:
            said.append(f"{name.decode('ascii', 'replace')}: {_value(match)}")
    yield from plain.pieces(
        iter(f"{line}\n" for line in said), source.place("values"), source.budget.limits.piece, None
    )


def _narrow(data: bytes) -> bytes:
    """Return the bytes in an encoding in which ASCII is one byte a character."""
    codec = next(iter(encodings(data)), "utf-8")
    if codec.startswith(("utf-16", "utf-32", "utf-7")):
        return data.decode(codec, errors="replace").encode()
    return data


def _lines(data: bytes) -> Iterator[bytes]:
    """Yield whole content lines: what is folded over several is one again."""
    held = b""
    for line in _FOLDED.sub(b"", data).splitlines():
        held += line
        if held.endswith(b"=") and _QUOTED.search(held.partition(b":")[0]):
            held = held[:-1]  # vCard 2.1 folds quoted-printable values by its own means
            continue
        if held.strip():
            yield held
        held = b""
    if held.strip():
        yield held


def _value(match: re.Match[bytes]) -> str:
    value = match["value"]
    if _QUOTED.search(match["parameters"]):
        value = quopri.decodestring(value)
    charset = _CHARSET.search(match["parameters"])
    return _ESCAPED.sub(_unescaped, _decoded(value, charset[1].decode("ascii", "replace") if charset else None))


def _unescaped(match: re.Match[str]) -> str:
    return " " if match[1] in "nN" else match[1]


def _decoded(value: bytes, charset: str | None = None) -> str:
    """Return a value in the encoding it claims, and in the ones it may be in where that does not fit."""
    for codec in (charset, *encodings(value)):
        try:
            if codec:
                return value.decode(codec)
        except (LookupError, ValueError):
            continue
    return value.decode("utf-8", errors="replace")


def _file(value: bytes, step: str, source: Source, open_: Opener) -> Iterator[Item]:
    try:
        data = base64.b64decode(b"".join(value.split()))
    except (binascii.Error, ValueError):
        yield source.gap(Why.MALFORMED, step)
        return
    source.budget.expand(len(data))
    yield from open_(source.within(data, step))


def _step(name: bytes) -> str:
    return _FILES.get(name, name.decode("ascii", "replace").lower())
