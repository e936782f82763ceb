"""Read mail as it travels: messages, and mailboxes of many.

In:    the bytes of an eml, mht or mbox file.
Out:   headers decoded, each body, each attachment, and what stands before and behind the parts.
Never: a part left out because its headers are wrong. Bodies are read as they claim and as they may be.
"""

import binascii
import codecs
import email
import email.errors
import email.header
import email.policy
import re
from collections.abc import Iterator
from email.message import Message

from cerco.extract.charset import encodings
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

_FAULTS = (email.errors.MessageError, ValueError, LookupError, TypeError, AttributeError, binascii.Error)
_SEPARATOR = re.compile(rb"(?:\A|(?<=\n))From \S[^\n]*\d{4}[^\n]*\n")  # RFC 4155: between the messages of a mailbox
_FOLDED = re.compile(r"\r?\n[ \t]?")
_TITLES = frozenset({"subject", "thread-topic"})
_LOCKED = frozenset({"multipart/encrypted", "application/pgp-encrypted"})  # RFC 3156, 4
_ENVELOPED = frozenset({"enveloped-data", "authenveloped-data"})  # RFC 8551, 3.2.2
_SLACK = 4  # lines that begin like a boundary, for each part that is allowed: comments in a program begin so, too
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_USUAL = "This is a multi-part message in MIME format"


def read(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in a message.

    Raises:
        ReadError: it may have far more parts than the limits allow.
    """
    yield from _message(_parsed(source), source, open_)


def read_mailbox(source: Source, open_: Opener) -> Iterator[Item]:
    """Yield everything in each message of a mailbox.

    Raises:
        ReadError: there is none in it, or more than the limits allow.
    """
    marks = list(_SEPARATOR.finditer(source.data))
    if not marks:
        raise ReadError(Why.MALFORMED)
    starts = [mark.end() for mark in marks]
    ends = [mark.start() for mark in marks[1:]]
    for number, (start, end) in enumerate(zip(starts, [*ends, len(source.data)], strict=True), 1):
        source.budget.enter()
        inner = source.within(source.data[start:end], f"message {number}")
        yield from _message(_parsed(inner), inner, open_)


class _AsSent(email.policy.Compat32):
    """Hands headers out as they were sent: the other policies fail on some, or replace bytes that are not ASCII."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the library's signature
        """Return the value, its bytes beyond ASCII as surrogates."""
        return value


def _parsed(source: Source) -> Message:
    """Return the message; one with parts beyond number is not even parsed, since each takes a kilobyte of memory.

    Raises:
        ReadError: it may have far more parts than the limits allow.
    """
    if source.data.count(b"\n--") > _SLACK * source.budget.limits.entries:
        raise ReadError(Why.TOO_MANY)
    return email.message_from_bytes(source.data, policy=_AsSent())


def _message(message: Message, source: Source, open_: Opener) -> Iterator[Item]:
    lines: list[str] = []
    for name, value in message.items():
        for said in _header(value):
            if name.lower() in _TITLES:
                yield Text(source.place("subject"), said, "title")
            lines.append(f"{name}: {said}")
    if lines:
        yield Text(source.place("headers"), "\n".join(lines))
    attachments = 0
    for part in _leaves(message, source):
        if part.get_content_type() == "message/rfc822" or _is_attached(part):
            attachments += 1
        yield from _part(part, attachments, source, open_)


def _leaves(message: Message, source: Source) -> Iterator[Message]:
    """Yield the parts that hold something, in their order, and those around them for what stands between."""
    source.budget.enter()
    yield message
    if message.get_content_type() != "message/rfc822" and message.is_multipart():
        for part in _parts(message):
            yield from _leaves(part, source)


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _part(part: Message, number: int, source: Source, open_: Opener) -> Iterator[Item]:
    kind = part.get_content_type()
    if kind in _LOCKED or (kind.endswith("pkcs7-mime") and _parameter(part, "smime-type") in _ENVELOPED):
        yield source.gap(Why.ENCRYPTED, "encrypted part")
    names = _names(part)
    step = _step(part, kind, names, number)
    for name in names:
        yield Text(source.place(step), name, "filename")
    for described in _header(part.get("Content-Description", "")):
        yield Text(source.place(step, "description"), described)
    if kind == "message/rfc822":
        inner = source.within(b"", step)
        if inner.depth > source.budget.limits.depth:
            yield inner.gap(Why.TOO_DEEP)
            return
        for nested in _parts(part):
            yield from _message(nested, inner, open_)
    elif part.is_multipart():
        for place, text in (("before the parts", part.preamble), ("behind the parts", part.epilogue)):
            if text and text.strip() and not text.strip().startswith(_USUAL):
                yield from open_(source.within(_raw(text), place))
    else:
        yield from _content(part, step, source, open_)


def _content(part: Message, step: str, source: Source, open_: Opener) -> Iterator[Item]:
    try:
        data = part.get_payload(decode=True)
    except _FAULTS:
        data = None
        yield source.gap(Why.MALFORMED, step)
    if not isinstance(data, bytes):
        data = _raw(str(part.get_payload()))
    source.budget.expand(len(data))
    yield from open_(source.within(data, step))
    if part.get("Content-Transfer-Encoding", "").strip().lower() == "base64":
        del part["Content-Transfer-Encoding"]  # then the library hands it out as it is written
        written = part.get_payload(decode=True)
        if isinstance(written, bytes) and _NO_BASE64.search(written):
            yield from open_(source.within(written, f"{step}, as written"))
    if (said := _claimed(part, data)) is not None:
        yield from open_(source.within(said, f"{step}, in its own encoding"))


def _claimed(part: Message, data: bytes) -> bytes | None:
    """Return a text in UTF-8 if the encoding it claims is another than those it is read in anyway."""
    claimed = _parameter(part, "charset")
    if part.get_content_maintype() != "text" or not claimed:
        return None
    try:
        codec = codecs.lookup(claimed).name
        if data.isascii() and not codec.startswith(("utf-7", "iso2022", "hz", "utf-16", "utf-32")):
            return None
        known = {codecs.lookup(name).name for name in encodings(data)}
        return None if codec in known | {"iso8859-1", "ascii", "big5", "gbk", "gb2312"} else data.decode(codec).encode()
    except (LookupError, ValueError):
        return None


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except _FAULTS:
        return ""
    return (value if isinstance(value, str) else str(value[2])).lower()


def _is_attached(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or part.get_filename() is not None
    except _FAULTS:
        return False


def _step(part: Message, kind: str, names: tuple[str, ...], number: int) -> str:
    if kind == "message/rfc822" or _is_attached(part):
        return f"attachment {number} ({names[0]})" if names else f"attachment {number}"
    return "body (html)" if kind == "text/html" else "body"


def _names(part: Message) -> tuple[str, ...]:
    """Return the file's name, in every place where a program may look for it and every reading of it."""
    said: list[str] = []
    for parameter, header in (("filename", "content-disposition"), ("name", "content-type")):
        try:
            value = part.get_param(parameter, None, header)
        except _FAULTS:
            continue
        if isinstance(value, tuple):  # RFC 2231: encoding, language, name
            said += _read_as(value[2].encode("latin-1", errors="replace"), value[0])
        elif value:
            said += _header(value)
    return tuple(dict.fromkeys(name.strip() for name in said if name.strip()))


def _header(value: object) -> list[str]:
    """Return a header as people see it: encoded words decoded (RFC 2047), raw bytes in each encoding they may be in."""
    raw = _FOLDED.sub(" ", str(value))
    if not raw.strip():
        return []
    try:
        words = email.header.decode_header(raw)
    except _FAULTS:
        words = [(raw, None)]
    readings = [""]
    for word, charset in words:
        data = word if isinstance(word, bytes) else _raw(word)
        said = _read_as(data, charset if charset != "unknown-8bit" else None)
        readings = [before + after for before in readings for after in said][:4]
    return list(dict.fromkeys(readings))


def _read_as(data: bytes, charset: str | None) -> list[str]:
    """Return the text in the encoding it claims, or in those it may be in."""
    if charset:
        try:
            return [data.decode(charset)]
        except (LookupError, ValueError):
            pass  # a wrong claim is no claim
    return [data.decode(codec, errors="replace") for codec in encodings(data)] or [data.decode("latin-1")]


def _raw(text: str) -> bytes:
    """Return the bytes that the parser has made text of."""
    return text.encode("utf-8", errors="surrogateescape")
