"""What is written in a code that every computer reads, read.

In:    a text of plain characters.
Out:   `decoded`: layers in which base64, base32, hex, percent signs, quoted-printable, entities and escapes are text.
Never: bytes taken for text that are none; more than `DEPTH` codes within one another.
"""

import base64
import binascii
import html
from collections.abc import Callable, Iterator

import regex

from cerco.scan.normalise import Layer, rewrite

DEPTH = 4  # codes within codes; mail systems and API clients nest two
LONGEST = 65_536  # characters of one coded word; longer ones are files, which the extractors read
_PRINTABLE = 0.95

type Edit = tuple[int, int, str]

_PERCENT = regex.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ENTITY = regex.compile(r"&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z]{2,24});")
_ESCAPE = regex.compile(
    r"(?:\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{2,6}\}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\[0-7]{3}"
    r"|[uU]\+[0-9A-Fa-f]{4}(?:[ ,;](?=[uU]\+))?)+"
)
_ONE_ESCAPE = regex.compile(
    r"\\x(?P<pair>[0-9A-Fa-f]{2})|\\(?P<octal>[0-7]{3})"
    r"|(?:\\[uU]|[uU]\+)\{?(?P<point>[0-9A-Fa-f]{2,8})\}?(?:[ ,;](?=[uU]\+))?"
)
# One "=31" may be an argument in an address; three in a row, or a byte above ASCII, are quoted-printable.
_QUOTED = regex.compile(r"(?:=[0-9A-F]{2}){3,}|=[89A-F][0-9A-F](?:=[0-9A-F]{2})*|=\r?\n")
_HEX = regex.compile(
    r"(?<![0-9A-Za-z])(?:(?:[0-9A-Fa-f]{2}){6,}"
    r"|[0-9A-Fa-f]{2}(?:(?P<gap>[ :,\-]|, )[0-9A-Fa-f]{2})(?:(?P=gap)[0-9A-Fa-f]{2}){4,}"
    r"|0[xX][0-9A-Fa-f]{2}(?:[ ,;]{0,2}0[xX][0-9A-Fa-f]{2}){5,})(?![0-9A-Za-z])"
)
_BASE32 = regex.compile(r"(?<![0-9A-Za-z+/])[A-Z2-7]{12,}={0,6}(?![0-9A-Za-z+/=])")
_BASE64 = regex.compile(r"(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{10,}={0,2}(?![0-9A-Za-z+/=])")
_BASE64_URL = regex.compile(r"(?<![0-9A-Za-z_-])(?=[0-9A-Za-z]*[_-])[0-9A-Za-z_-]{10,}={0,2}(?![0-9A-Za-z_=-])")
_WRAPPED = regex.compile(
    r"(?<![0-9A-Za-z+/_-])(?:[0-9A-Za-z+/]{56,76}\r?\n)+[0-9A-Za-z+/]{1,76}={0,2}(?![0-9A-Za-z+/=_-])"
)
# A number is rarely hex: only where it comes to a number again.
_CODE = regex.compile(rb"[A-Z]{0,2}[0-9()/ -]{6,}[0-9A-Z]{0,4}|(?:%[0-9A-F]{2}){4,}")
_HEX_PAIR = regex.compile(r"[0-9A-Fa-f]{2}")
_HEX_MARK = regex.compile(r"0[xX]")


def decoded(text: str) -> Iterator[Layer]:
    """Yield layers, each on the one before, until nothing is left to decode; none where there is nothing."""
    for _ in range(DEPTH):
        changed = False
        for step, edits in _STEPS:
            if layer := rewrite(text, edits(text), step):
                text, changed = layer.text, True
                yield layer
        if not changed:
            return


def _percents(text: str) -> Iterator[Edit]:
    return _bytewise(_PERCENT, text, 3, lambda run: bytes.fromhex(run.replace("%", "")))


def _quoted(text: str) -> Iterator[Edit]:
    def octets(run: str) -> bytes:
        return bytes.fromhex(run.replace("=", ""))

    for match in _QUOTED.finditer(text):
        if match[0].endswith("\n"):
            yield match.start(), match.end(), ""
        else:
            yield from _spelled(octets(match[0]), match.start(), 3)


def _bytewise(pattern: "regex.Pattern[str]", text: str, width: int, octets: Callable[[str], bytes]) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        yield from _spelled(octets(match[0]), match.start(), width)


def _spelled(octets: bytes, start: int, width: int) -> Iterator[Edit]:
    """Yield an edit for each character of bytes that are written `width` characters a byte, if they are text."""
    if (found := _text(octets)) is None:
        return
    content, codec = found
    for char in content:
        end = start + width * len(char.encode(codec))
        yield start, end, char
        start = end


def _entities(text: str) -> Iterator[Edit]:
    for match in _ENTITY.finditer(text):
        char = html.unescape(match[0])
        if char != match[0] and char.isprintable():
            yield match.start(), match.end(), char


def _escapes(text: str) -> Iterator[Edit]:
    for run in _ESCAPE.finditer(text):
        pieces = list(_ONE_ESCAPE.finditer(run[0]))
        if not any(piece["point"] for piece in pieces):  # \x31 and \061 write bytes
            octets = bytes(
                int(piece["pair"], 16) if piece["pair"] else int(piece["octal"], 8) & 0xFF for piece in pieces
            )
            yield from _spelled(octets, run.start(), 4)
            continue
        high: tuple[int, int] | None = None  # the first half of a surrogate pair, and where it begins
        for piece in pieces:
            start, end = run.start() + piece.start(), run.start() + piece.end()
            octal = piece["octal"]
            point = int(octal, 8) if octal else int(piece["point"] or piece["pair"], 16)
            if 0xD800 <= point < 0xDC00:
                high = (point, start)
                continue
            if high and 0xDC00 <= point < 0xE000:
                point, start = 0x10000 + ((high[0] - 0xD800) << 10) + point - 0xDC00, high[1]
            high = None
            if 0x20 <= point < 0xD800 or 0xE000 <= point < 0x110000:
                yield start, end, chr(point)


def _hex(text: str) -> Iterator[Edit]:
    for match in _HEX.finditer(text):
        run = match[0]
        if len(run) > LONGEST or (run.isalnum() and len(run) % 2):
            continue
        pairs = list(_HEX_PAIR.finditer(_HEX_MARK.sub("  ", run)))
        octets = bytes(int(pair[0], 16) for pair in pairs)
        if run.isdigit() and not _CODE.fullmatch(octets):
            continue
        if found := _text(octets):
            content, codec = found
            at = 0
            for number, char in enumerate(content):
                until = at + len(char.encode(codec))
                start = 0 if number == 0 else _begin(run, pairs[at].start())
                end = len(run) if number == len(content) - 1 else _begin(run, pairs[until].start())
                yield match.start() + start, match.start() + end, char
                at = until


def _begin(run: str, pair: int) -> int:
    """Return where the code of a pair begins: before its 0x, if it has one."""
    return pair - 2 if run[pair - 2 : pair] in {"0x", "0X"} else pair


def _base64(text: str) -> Iterator[Edit]:
    wrapped = {match.start(): match for match in _WRAPPED.finditer(text)}
    words = [wrapped.get(match.start(), match) for match in _BASE64.finditer(text)]
    reached = 0
    for match in sorted((*words, *_BASE64_URL.finditer(text)), key=lambda match: (match.start(), -match.end())):
        token = match[0]
        if match.start() < reached or len(token) > LONGEST or token.isdigit():
            continue
        letters = [at for at, char in enumerate(token) if char.isalnum() or char in "+/-_"]
        body = "".join(token[at] for at in letters).translate(_URL_SAFE)
        if len(body) % 4 == 1:
            continue
        try:
            octets = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
        except binascii.Error:
            continue
        if found := _text(octets):
            reached = match.end()
            yield from _regrouped(match.start(), token, letters, found, 6)


def _base32(text: str) -> Iterator[Edit]:
    for match in _BASE32.finditer(text):
        body = match[0].rstrip("=")
        if len(match[0]) > LONGEST or len(body) % 8 in {1, 3, 6}:
            continue
        try:
            octets = base64.b32decode(body + "=" * (-len(body) % 8))
        except binascii.Error:
            continue
        if found := _text(octets):
            yield from _regrouped(match.start(), match[0], list(range(len(body))), found, 5)


def _regrouped(start: int, token: str, letters: list[int], found: tuple[str, str], bits: int) -> Iterator[Edit]:
    """Yield the characters of a token whose letters carry `bits` bits each.

    A character is traced to the letters that carry it; the first and the last to the ends of the token.
    """
    content, codec = found
    octet, reached = 0, 0
    for number, char in enumerate(content):
        octet += len(char.encode(codec))
        last = number == len(content) - 1
        end = len(token) if last else max(reached, letters[min(len(letters) - 1, octet * 8 // bits)])
        yield start + reached, start + end, char
        reached = end


def _text(octets: bytes) -> tuple[str, str] | None:
    """Return bytes as text and its codec, or None if they are no text."""
    for codec in ("utf-8", "utf-16-le", "gb18030", "big5hkscs"):
        try:
            content = octets.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec != "utf-8" and not _familiar(content):
            continue
        printable = sum(char.isprintable() or char in "\t\r\n" for char in content)
        if content and printable >= _PRINTABLE * len(content):
            return content, codec
    return None


def _familiar(content: str) -> bool:
    """Tell whether text in another code than UTF-8 is made of ASCII and everyday Han: chance makes rare characters."""
    known = sum(
        "\x20" <= char < "\x7f" or "\u4e00" <= char <= "\u9fa5" or char in "\r\n，。：；（）" for char in content
    )
    ascii_only = sum(char < "\x7f" for char in content)
    return known == len(content) and ascii_only * 2 >= len(content)


_URL_SAFE = str.maketrans("-_", "+/")
_STEPS: tuple[tuple[str, Callable[[str], Iterator[Edit]]], ...] = (
    ("URL encoding", _percents),
    ("HTML entities", _entities),
    ("\\u escapes", _escapes),
    ("quoted-printable", _quoted),
    ("hexadecimal", _hex),
    ("base32", _base32),
    ("base64", _base64),
)
CODES = frozenset(step for step, _ in _STEPS)
"""The names of the steps."""
