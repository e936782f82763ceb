r"""Read Rich Text Format, all of it: not only what a word processor shows of it.

In:    text that begins with "{\rtf".
Out:   body, headers, footers, footnotes, comments, properties, fields, hidden and deleted text; embedded files.
Never: a destination passed over because it is marked as one that may be: libraries stop at these.

The format is Microsoft's "Rich Text Format (RTF) Specification", version 1.9.1.
"""

import binascii
import re
import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cerco.extract.compound import packaged
from cerco.extract.plain import heading
from cerco.extract.propertyset import codec
from cerco.extract.readings import Mark, readings
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

# A group's ends; a character as two hexadecimal digits; a word with its number; a sign; plain characters.
_TOKEN = re.compile(
    rb"([{}])|\\'([0-9A-Fa-f]{2})|\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\([^A-Za-z])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SIGNS = {b"~": " ", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_WORDS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"nestrow": "\n",
    b"cell": "\t", b"nestcell": "\t", b"tab": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
# What people call the groups whose text does not belong to what stands around them.
_PLACES = {
    b"header": "header", b"headerl": "header", b"headerr": "header", b"headerf": "header", b"footer": "footer",
    b"footerl": "footer", b"footerr": "footer", b"footerf": "footer", b"footnote": "footnotes", b"ftnsep": "footnotes",
    b"annotation": "comments", b"atnid": "comments", b"atnauthor": "comments", b"shptxt": "text boxes",
    b"dptxbxtext": "text boxes", b"fldinst": "fields", b"info": "properties", b"userprops": "properties",
    b"docvar": "variables", b"bkmkstart": "names", b"formfield": "fields", b"sp": "shapes", b"pntext": "body",
    b"xe": "index", b"tc": "index", b"revtbl": "who changed it",
}  # fmt: skip
_TITLES = {b"title": "properties (title)", b"subject": "properties (subject)"}
_NAMED = frozenset((b"fonttbl", b"colortbl", b"stylesheet", b"listtable", b"listoverridetable", b"generator"))
_LISTS = frozenset({"properties", "variables", "names", "shapes", "other text", "fields"})  # a line for each group
# Groups that a program may pass over and that stand in a line all the same, or hold the same as the group around them.
_IN_LINE = frozenset(
    (b"ud", b"cs", b"ds", b"ts", b"shppict", b"shpinst", b"do", b"nesttableprops", b"pn", b"nonshppict")
)
_BINARY = frozenset({b"objdata", b"pict", b"datastore", b"themedata"})  # hexadecimal digits
_CHARSETS = {0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 255: "cp437"}  # \fcharset
_DEEPEST = 10_000  # groups within groups
_WHOLE = 1 << 20  # of \ucN: beyond it nobody writes
_NO_DIGIT = re.compile(rb"[^0-9A-Fa-f]+")
_OBJECT_HEAD = 8  # [MS-OLEDS] 2.2.4: version and kind, then class, topic and item, then the size of the data


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group, until it ends."""

    place: str = "body"
    codec: str = "cp1252"
    skipped: int = 1  # characters after one in Unicode, for programs that know none
    mark: Mark = Mark.NONE

    def marked(self, mark: Mark, *, on: bool) -> "_State":
        """Return the same with a mark set or taken away."""
        return replace(self, mark=self.mark | mark if on else self.mark & ~mark)


@dataclass(slots=True)
class _Document:
    """What a document has said so far."""

    runs: dict[str, list[tuple[Mark, str]]] = field(default_factory=lambda: defaultdict(list), repr=False)
    files: list[bytes] = field(default_factory=list, repr=False)
    state: _State = field(default_factory=_State)
    stack: list[tuple[_State, bytearray | None]] = field(default_factory=list)
    hexadecimal: bytearray | None = field(default=None, repr=False)
    pending: bytearray = field(default_factory=bytearray, repr=False)  # bytes that may be halves of a character
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    default: str = "cp1252"
    skip: int = 0
    starred: bool = False

    def read(self, data: bytes) -> None:
        """Take in the whole of a document."""
        at = 0
        while (token := _TOKEN.match(data, at)) is not None:
            at = token.end()
            if token[3] == b"bin":
                size = max(0, int(token[4] or 0))
                self._binary(data[at : at + size])
                at += size
            else:
                self._token(*token.groups())
        self._flush()
        while self.stack:
            self._close()

    def _token(self, *token: bytes | None) -> None:
        group, byte, word, number, sign, text = token
        if group == b"{":
            self._open()
        elif group:
            self._close()
        elif word:
            self._word(word, int(number) if number else None)
        elif byte:
            self._bytes(bytes((int(byte, 16),)))
        elif text:
            self._bytes(text)
        elif sign == b"*":
            self.starred = True
        elif sign in _SIGNS:
            self._say(_SIGNS[sign])

    def _open(self) -> None:
        self._flush()
        if len(self.stack) >= _DEEPEST:
            raise ReadError(Why.TOO_DEEP)
        self.stack.append((self.state, self.hexadecimal))
        self.starred = False

    def _close(self) -> None:
        self._flush()
        self.skip = 0
        if not self.stack:
            return
        before, outer = self.stack.pop()
        if self.hexadecimal is not None and self.hexadecimal is not outer:
            digits = _NO_DIGIT.sub(b"", self.hexadecimal)
            if digits:
                self.files.append(binascii.unhexlify(digits[: len(digits) // 2 * 2]))
        if self.state.place != before.place or self.state.place in _LISTS:
            self._say("\n")
        self.state, self.hexadecimal = before, outer

    def _word(self, word: bytes, number: int | None) -> None:
        if self.skip and word not in _PLACES and word != b"u":
            self.skip -= 1
            return
        self._flush()
        if word in _WORDS:
            self._say(_WORDS[word])
        elif word == b"u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self.skip = self.state.skipped
        elif word in _BINARY:
            self.hexadecimal = bytearray()
        elif word in _PLACES or word in _TITLES or word in _NAMED or (self.starred and word not in _IN_LINE):
            self.state = replace(self.state, place=_place(word))
            self.hexadecimal = None
        else:
            self._format(word, number)
        self.starred = False

    def _format(self, word: bytes, number: int | None) -> None:
        on = number != 0
        match word:
            case b"v":
                self.state = self.state.marked(Mark.HIDDEN, on=on)
            case b"deleted":
                self.state = self.state.marked(Mark.DELETED, on=on)
            case b"revised":
                self.state = self.state.marked(Mark.INSERTED, on=on)
            case b"plain":
                self.state = replace(self.state, mark=Mark.NONE, codec=self.default)
            case b"uc":
                self.state = replace(self.state, skipped=min(max(number or 0, 0), _WHOLE))
            case b"ansicpg":
                self.default = codec(number or 1252)
                self.state = replace(self.state, codec=self.default)
            case b"f":
                self.font = number or 0
                self.state = replace(self.state, codec=self.fonts.get(self.font, self.default))
            case b"fcharset":
                self.fonts[self.font] = _CHARSETS.get(number or 0, self.default)
            case _:
                pass

    def _bytes(self, data: bytes) -> None:
        if self.skip:
            skipped = min(self.skip, len(data))
            self.skip -= skipped
            data = data[skipped:]
        if self.hexadecimal is not None:
            self.hexadecimal += data
        else:
            self.pending += data

    def _binary(self, data: bytes) -> None:
        if self.hexadecimal is not None:
            self.hexadecimal += binascii.hexlify(data)
        elif data:
            self.files.append(data)

    def _flush(self) -> None:
        if self.pending:
            text = bytes(self.pending).decode(self.state.codec, errors="replace")
            self.pending.clear()
            self._say(text)

    def _say(self, text: str) -> None:
        self._flush()
        if self.hexadecimal is None:
            self.runs[self.state.place].append((self.state.mark, text))


def read(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in a document.

    Raises:
        ReadError: it nests groups without end.
    """
    document = _Document()
    document.read(source.data)
    for place, runs in document.runs.items():
        for reading, joined in readings(runs):
            # Beyond the first plane a character is written as the two halves that UTF-16 has for it.
            whole = joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            text = whole.replace("\x00", "").strip()
            if not text:
                continue
            step = f"{place}{reading}"
            if step == "body" and (first := heading(text)) is not None:
                yield Text(source.place("header"), first, "header")
            yield Text(source.place(step), text, "title" if place in _TITLES.values() else "text")
    for number, file in enumerate(document.files, 1):
        source.budget.enter()
        source.budget.expand(len(file))
        yield from open_(source.within(_native(file), f"embedded object {number}"))


def _place(word: bytes) -> str:
    return _TITLES.get(word) or _PLACES.get(word) or ("names" if word in _NAMED else "other text")


def _native(data: bytes) -> bytes:
    """Return what an embedded object holds: 2.2.5; anything else is returned as it is."""
    if data[:4] not in {b"\x01\x05\x00\x00", b"\x02\x05\x00\x00", b"\x00\x00\x00\x00"}:
        return data
    at = _OBJECT_HEAD
    try:
        for _ in range(3):
            (size,) = struct.unpack_from("<I", data, at)
            at += 4 + size
        (size,) = struct.unpack_from("<I", data, at)
    except struct.error:
        return data
    native = data[at + 4 : at + 4 + size]
    return packaged(b"\x00" * 4 + native)[1] if native.startswith(b"\x02\x00") else native
