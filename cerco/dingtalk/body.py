"""Undo what stands between the bytes of a body and its meaning: content encodings and character sets.

In:    bytes as sent, with the headers that describe them.
Out:   `Opened` bytes, and the texts that bytes may stand for.
Never: more than `limit` bytes in memory for one body, whatever it claims to expand to.
"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import brotli
import zstandard

# A zstd frame may ask for a window of any size; browsers and RFC 8878 §3.1.1.1.2 settle on 8 MiB for content encodings.
ZSTD_WINDOW = 8 * 1024 * 1024

# Encodings in a stack; a real client uses one. More is a bomb or a disguise.
STACKED = 4

_MAGIC = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
# RFC 1950: compression method 8 and a header divisible by 31, for the four compression levels.
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")

# Only character sets that map bytes to letters; Python's codec registry also holds archives and escapes.
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
}
_MARKS = (  # the longer mark first: UTF-32's begins with UTF-16's
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A body without its content encodings. `whole` is false where it could not be opened, or not to its end."""

    data: bytes = field(repr=False)
    encodings: tuple[str, ...] = ()  # undone ones, in the order they were applied
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Readings:
    """The text that bytes stand for. `sure` is false where they fit no character set they could be in."""

    text: str = field(repr=False)
    charset: str
    sure: bool
    others: tuple[str, ...] = field(default=(), repr=False)  # further readings, where `text` is not sure


class _ClosedError(ValueError):
    """Bytes are not in the encoding they should be in."""


def open_body(body: bytes, declared: str | None, limit: int, *, guess: bool = True) -> Opened:
    """Undo the declared content encodings, and where nothing is declared those the first bytes give away.

    A body that cannot be opened is returned as sent, one that expands beyond `limit` bytes is cut there;
    both are marked as not whole. `guess` is off for stored files: their bytes are their own affair.
    """
    names = [
        name for name in (part.strip().lower() for part in (declared or "").split(",")) if name not in {"", "identity"}
    ]
    data, undone, whole = body, list[str](), True
    if len(names) > STACKED:
        return _cut(body, limit, whole=False)
    try:
        for name in reversed(names):
            data = _expand(data, name.removeprefix("x-"), limit)
            undone.insert(0, name.removeprefix("x-"))
    except _ClosedError:
        # The far end may ignore a header that is not true, so the bytes are read as they are.
        data, undone, whole = body, [], False
    for _ in range(STACKED if guess else 0):
        if (given := _given_away(data)) is None:
            break
        try:
            data = _expand(data, given, limit)
        except _ClosedError:
            break
        undone.insert(0, given)
    return _cut(data, limit, whole=whole, encodings=tuple(undone))


def close_body(data: bytes, encodings: tuple[str, ...]) -> bytes:
    """Apply the encodings again, in their order."""
    for name in encodings:
        match name:
            case "gzip":
                data = gzip.compress(data, mtime=0)
            case "deflate":
                data = zlib.compress(data)
            case "br":
                data = brotli.compress(data)
            case _:
                data = zstandard.compress(data)
    return data


def readings(data: bytes, declared: str | None = None) -> Readings:
    """Decode bytes by byte order mark, declared character set, UTF-8, and then by what is usual in the region."""
    for mark, charset in _MARKS:
        if data.startswith(mark) and (text := _strict(data, charset)) is not None:
            return Readings(text, charset, sure=True)
    named = _CHARSETS.get((declared or "").strip().strip('"').lower())
    if named and named != "utf-8" and (text := _strict(data, named)) is not None:
        return Readings(text, named, sure=True)
    if (wide := _wide(data)) and (text := _strict(data, wide)) is not None:
        return Readings(text, wide, sure=True)
    if (text := _strict(data, "utf-8")) is not None:
        return Readings(text, "utf-8", sure=True)
    regional = (_strict(data, charset) for charset in ("gb18030", "big5hkscs"))
    others = tuple(dict.fromkeys(text for text in regional if text is not None))
    return Readings(data.decode("utf-8", "replace"), "utf-8", sure=False, others=others)


def looks_like_text(data: bytes) -> bool:
    """Tell whether bytes are text in a Unicode encoding, without the control bytes of a binary file."""
    read = readings(data)
    return read.sure and not any(ord(char) < 32 and char not in "\t\n\r\f\x1b" for char in read.text[:65_536])


def _cut(data: bytes, limit: int, *, whole: bool, encodings: tuple[str, ...] = ()) -> Opened:
    return Opened(data[:limit], encodings, whole and len(data) <= limit)


def _expand(data: bytes, name: str, limit: int) -> bytes:
    """Undo one encoding, up to one byte beyond `limit` so that the caller sees the excess.

    Raises:
        _ClosedError: the name is unknown or the bytes are not in that encoding to their end.
    """
    try:
        match name:
            case "gzip":
                return b"".join(_inflate(data, 31, limit))
            case "deflate":
                try:
                    return b"".join(_inflate(data, 15, limit))
                except zlib.error:
                    return b"".join(_inflate(data, -15, limit))  # some senders leave the zlib wrapper out
            case "br":
                return _unbrotli(data, limit)
            case "zstd":
                reader = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).stream_reader(
                    data, read_across_frames=True
                )
                return reader.read(limit + 1)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
        raise _ClosedError(name) from error
    raise _ClosedError(name)


def _inflate(data: bytes, window: int, limit: int) -> Iterator[bytes]:
    """Yield the members of a gzip or zlib stream; anything after the last must be a further member."""
    room = limit + 1
    while data and room > 0:
        member = zlib.decompressobj(window)
        out = member.decompress(data, room)
        room -= len(out)
        yield out
        if not member.eof and room > 0:
            raise EOFError
        data = member.unused_data


def _unbrotli(data: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    out = decoder.process(data, output_buffer_limit=limit + 1)
    while len(out) <= limit and not decoder.is_finished():
        more = decoder.process(b"", output_buffer_limit=limit + 1 - len(out))
        if not more:
            raise EOFError
        out += more
    return bytes(out[: limit + 1])


def _given_away(data: bytes) -> str | None:
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            return name
    return "deflate" if data.startswith(_ZLIB) else None


def _wide(data: bytes) -> str | None:
    """Recognise JSON in UTF-16 or UTF-32 without a mark by the zero bytes around its opening sign."""
    match [byte == 0 for byte in data[:4]]:
        case [True, True, True, False]:
            charset = "utf-32-be"
        case [False, True, True, True]:
            charset = "utf-32-le"
        case [True, False, *_]:
            charset = "utf-16-be"
        case [False, True, *_]:
            charset = "utf-16-le"
        case _:
            return None
    return charset if any(data.startswith(sign.encode(charset)) for sign in '{["') else None


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        return None
