"""Split multipart bodies without losing a byte, so that a name inside can be found again and rewritten.

In:    the bytes of a body and its Content-Type.
Out:   `Section`s with their exact offsets, and what lies outside of them.
Never: a decision about what a section means.
"""

import base64
import binascii
import quopri
import re
from dataclasses import dataclass, field, replace
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote_to_bytes

from cerco.dingtalk.body import readings
from cerco.dingtalk.held import Held

# RFC 2046 §5.1.1: 1 to 70 characters. Some clients go beyond; nobody needs more than this.
BOUNDARY = 200

# DingTalk's uploads have two sections. A body with more than this many is read as a whole.
SECTIONS = 1_000

# Transfer encodings that leave the bytes as they are.
PLAIN = frozenset({"7bit", "8bit", "binary"})

# Of a held body: bytes looked at at a time, how far a boundary line may go on behind its boundary, the headers of one
# section, and what may stand outside of all sections.
_WINDOW = 1024 * 1024
_LINE = 1024
_HEAD = 64 * 1024
_OUTSIDE = 1024 * 1024

_PARAMETER = re.compile(rb';\s*([A-Za-z0-9_-]+)(\*(?:\d+\*?)?)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\r\n]*))', re.DOTALL)
_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]{1,200})"|([^;,\s]{1,200}))', re.IGNORECASE)
_HARMLESS = re.compile(rb"\s*(?:charset=[\w-]*)?\s*")
_FOLD = re.compile(rb"\r?\n[ \t]+")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of Content-Disposition; `start` is where its value starts in the body."""

    name: str
    raw: bytes = field(repr=False)
    start: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a multipart body; `start` and `end` are the offsets of its content.

    `remarks` holds whatever its headers say beyond the field's name, the file's name and the encoding.
    """

    start: int
    end: int
    parameters: tuple[Parameter, ...] = ()
    content_type: str = ""
    transfer: str = ""
    remarks: str = field(default="", repr=False)

    def parameter(self, name: str) -> Parameter | None:
        """Return the first parameter of exactly that name, "filename" or "filename*"."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    @property
    def field_name(self) -> str:
        """Return the form field's name, "" where it has none."""
        named = self.parameter("name")
        return readings(_unquoted(named)).text if named else ""

    @property
    def filenames(self) -> tuple[str, ...]:
        """Return every reading of every file name the section gives itself; () where it is no file."""
        found = list[str]()
        for parameter in self.parameters:
            if parameter.name == "filename":
                found.extend(_plain_names(_unquoted(parameter)))
            elif parameter.name.startswith("filename*") and parameter.name in {
                "filename*",
                "filename*0*",
                "filename*0",
            }:
                found.append(_extended_name(self.parameters, parameter))
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Split:
    """A multipart body taken apart; `outside` is what no section holds, `whole` whether it ends as it should."""

    sections: tuple[Section, ...]
    outside: bytes = field(repr=False)
    whole: bool


def boundary_of(content_type: str, body: bytes) -> bytes | None:
    """Return the declared boundary, or the one that an undeclared multipart body visibly begins with, or None."""
    if content_type.lower().startswith("multipart/"):
        match = _BOUNDARY.search(content_type)
        return (match[1] or match[2]).encode("utf-8", "surrogateescape") if match else None
    first, _, rest = body[: BOUNDARY + 4].partition(b"\n")
    if first.startswith(b"--") and len(first.rstrip()) > 2 and rest[:8].lower() == b"content-":
        return first.rstrip()[2:]
    return None


def split(body: bytes, boundary: bytes) -> Split:
    """Take a body apart at its boundary lines; line ends may be CRLF or LF."""
    marks = list(_boundary_line(boundary).finditer(body))[: SECTIONS + 2]
    if not marks or len(marks) > SECTIONS + 1:
        return Split((), body, whole=False)
    sections = list[Section]()
    outside = [body[: marks[0].start()]]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(body)
        if mark[1]:  # the closing line: whatever follows belongs to nobody
            outside.append(body[mark.end() : end])
        else:
            sections.append(_section(body, mark.end(), end))
    return Split(tuple(sections), b"\n".join(outside).strip(), whole=bool(marks[-1][1]))


def split_held(body: Held, boundary: bytes) -> Split:
    """Take a held body apart as `split` does.

    Without sections, or with too much outside of them, it is not whole, and its reader takes it as a file.
    """
    marks = _marks(body, boundary)
    if not marks or len(marks) > SECTIONS + 1:
        return Split((), b"", whole=False)
    sections = list[Section]()
    outside = [(0, marks[0][0])]
    for (_, after, closes), (end, _, _) in zip(marks, [*marks[1:], (body.size, 0, False)], strict=True):
        if closes:
            outside.append((after, end))
            continue
        head = body.read(after, min(_HEAD, end - after))
        section = _section(head, 0, len(head))
        found = tuple(replace(parameter, start=after + parameter.start) for parameter in section.parameters)
        sections.append(replace(section, start=after + section.start, end=end, parameters=found))
    if sum(end - start for start, end in outside) > _OUTSIDE:
        return Split((), b"", whole=False)
    rest = b"\n".join(body.read(start, end - start) for start, end in outside).strip()
    return Split(tuple(sections), rest, whole=marks[-1][2])


def _marks(body: Held, boundary: bytes) -> list[tuple[int, int, bool]]:
    """Return where each boundary line begins and ends, and whether it is a closing one; not many more than SECTIONS."""
    line, sign = _boundary_line(boundary), b"--" + boundary
    before = 3  # bytes of the window that show whether a line begins
    marks = list[tuple[int, int, bool]]()
    for at in range(0, body.size, _WINDOW):
        begin = max(0, at - before)
        window = body.read(begin, at - begin + _WINDOW + len(sign) + _LINE)
        if sign not in window:
            continue
        for mark in line.finditer(window, 1 if begin else 0):
            sign_at = begin + window.index(sign, mark.start())
            if at <= sign_at < at + _WINDOW:
                marks.append((begin + mark.start(), begin + mark.end(), bool(mark[1])))
        if len(marks) > SECTIONS + 1:
            break
    return marks


def _boundary_line(boundary: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")


def content(body: bytes, section: Section) -> tuple[bytes, bool]:
    """Return a section's content with its transfer encoding undone, and whether that worked."""
    data = body[section.start : section.end]
    match section.transfer:
        case "base64":
            try:
                return base64.b64decode(b"".join(data.split()), validate=True), True
            except binascii.Error:
                return data, False
        case "quoted-printable":
            return quopri.decodestring(data), True
    return data, not section.transfer or section.transfer in PLAIN


def _section(body: bytes, start: int, end: int) -> Section:
    """Read the header lines after a boundary line; a section without an empty line after them has no headers."""
    blank = re.compile(rb"\A\r?\n\r?\n|\r?\n\r?\n").search(body, start, end)
    if blank is None:
        return Section(min(end, start + 2 if body[start : start + 2] == b"\r\n" else start + 1), end)
    parameters: tuple[Parameter, ...] = ()
    content_type = transfer = ""
    remarks = list[bytes]()
    at = start
    for line in _header_lines(body[start : blank.start()]):
        name, colon, value = line.partition(b":")
        match name.strip().lower():
            case b"content-disposition":
                parameters += tuple(_parameters(value, at + len(name) + len(colon)))
                remarks.extend(p.raw for p in parameters if p.name != "name" and not p.name.startswith("filename"))
            case b"content-type":
                kind, _, rest = value.partition(b";")
                content_type = kind.strip().decode("latin-1").lower()
                if not _HARMLESS.fullmatch(rest):
                    remarks.append(rest)
            case b"content-transfer-encoding":
                transfer = value.strip().decode("latin-1").lower()
            case b"content-length":
                pass
            case _:
                remarks.append(line)
        at += len(line)
    said = readings(b" ".join(remarks).strip()).text
    return Section(blank.end(), end, parameters, content_type, transfer, said)


def _header_lines(head: bytes) -> list[bytes]:
    """Split headers into lines with their line ends; a line that begins with a blank continues the one before."""
    return re.split(rb"(?<=\n)(?![ \t])", head)


def _parameters(value: bytes, offset: int) -> list[Parameter]:
    found = list[Parameter]()
    for match in _PARAMETER.finditer(value):
        group = 3 if match[3] is not None else 4
        name = (match[1] + (match[2] or b"")).decode("ascii").lower()
        raw = match[group] if group == 3 else match[group].rstrip()
        found.append(Parameter(name, raw, offset + match.start(group), group == 3))
    return found


def _unquoted(parameter: Parameter) -> bytes:
    """Undo the quoting of quotes and backslashes; any other backslash is a character of a Windows path."""
    raw = _FOLD.sub(b" ", parameter.raw)
    return re.sub(rb'\\(["\\])', rb"\1", raw) if parameter.quoted else raw


def _plain_names(raw: bytes) -> list[str]:
    """Read a `filename=`: UTF-8, a regional character set, UTF-8 once mistaken for Latin-1, or RFC 2047 words."""
    read = readings(raw)
    repaired = (repair(read.text) for repair in (_mojibake, _encoded_words))
    return [read.text, *read.others, *(name for name in repaired if name is not None)]


def _mojibake(text: str) -> str | None:
    for charset in ("latin-1", "cp1252"):
        try:
            repaired = text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
        return repaired if repaired != text else None
    return None


def _encoded_words(text: str) -> str | None:
    if "=?" not in text:
        return None
    try:
        words = decode_header(text)
    except (HeaderParseError, ValueError):
        return None
    return "".join(word if isinstance(word, str) else readings(word, charset).text for word, charset in words)


def _extended_name(parameters: tuple[Parameter, ...], first: Parameter) -> str:
    """Read a `filename*=` (RFC 5987) or its numbered pieces (RFC 2231 §3)."""
    pieces = [first]
    if first.name != "filename*":
        by_name = {parameter.name: parameter for parameter in parameters}
        number = 1
        while piece := by_name.get(f"filename*{number}*") or by_name.get(f"filename*{number}"):
            pieces.append(piece)
            number += 1
    charset, data = None, b""
    for index, piece in enumerate(pieces):
        raw = _unquoted(piece)
        if piece.name.endswith("*"):
            if index == 0 and raw.count(b"'") >= 2:
                named, _, raw = raw.split(b"'", 2)
                charset = named.decode("latin-1")
            raw = unquote_to_bytes(raw)
        data += raw
    return readings(data, charset).text
