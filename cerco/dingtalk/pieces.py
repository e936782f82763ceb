"""Know the steps of an upload in parts: which request starts it, brings a part, has the parts put together.

In:    a request or frame, and what was read from it.
Out:   its `Piece`; the bytes it brings; whether the answer says that the step was taken.
Never: a guess at which part this is. What names itself twice, or not at all, is `broken`.
"""

import re
from dataclasses import replace
from urllib.parse import parse_qsl

from cerco.dingtalk.body import open_body, readings
from cerco.dingtalk.held import Content, Held, chunks, length
from cerco.dingtalk.keys import last_name, object_key
from cerco.dingtalk.multipart import boundary_of
from cerco.dingtalk.outbound import Channel, Key, Outbound, Piece, Reply, Step, Wire
from cerco.dingtalk.walk import Harvest, Leaf, Where, walk_json

# A list of 10,000 parts, the most that OSS takes, with their ETags is about a megabyte.
LIST = 4 * 1024 * 1024
# Longest number of a part or offset taken for one: 2^63 has 19 digits.
_NUMBER = re.compile(r"[0-9]{1,18}")

_CHUNK = re.compile(r"/file/upload/chunk/?")
_TRANSACTION = re.compile(r"/file/upload/transaction/?")
# The steps of web chat, newer and older; both take the same fields.
_FRAME = re.compile(r"/(?:r/FileUpload|up)/(pre|frag|ci|abt)(?![A-Za-z])")
_FRAME_STEPS = {"pre": Step.START, "frag": Step.PART, "ci": Step.FINISH, "abt": Step.ABORT}
_UNREADABLE_URI = "lwp:other"

# The list of parts as every client writes it. Another spelling of the same XML could mean other parts to the store than
# to us, so it counts as none. Besides PartNumber and ETag a part may name checksums.
_LIST = re.compile(
    r"\s*+(?:<\?xml[^<>?]*+\?>)?\s*+<CompleteMultipartUpload(?:\s[^<>]*+)?>(.*)</CompleteMultipartUpload>\s*+",
    re.DOTALL,
)
_PART = re.compile(r"\s*+<Part>((?:\s*+<([A-Za-z0-9]{1,30})>[^<>]*+</\2>)*+)\s*+</Part>\s*+")
_VALUE = re.compile(r"<(PartNumber|ETag)>\s*(?:\"|&quot;|&#34;)?([^<>\"&\s]*+)(?:\"|&quot;|&#34;)?\s*</\1>")

# How far into a part the line may reach that its cut went through.
EDGE = 4_096
_TORN_HEAD = re.compile(rb"[0-9A-Za-z()./ -]*")
_TORN_TAIL = re.compile(rb"[0-9A-Za-z()./ -]*\Z")


def find(wire: Wire, outbound: Outbound) -> Piece | None:
    """Return the step a request is, or None where it has no part in an upload in parts."""
    if wire.method == "WEBSOCKET":
        return _frame(wire, outbound) if outbound.channel is Channel.LWP else None
    path, _, query = wire.path.partition("?")
    asked = _fields(query)
    if outbound.channel is Channel.OSS:
        return _object(wire, path, asked, outbound)
    if _CHUNK.fullmatch(path):
        return _chunk(_posted(asked, outbound))
    if _TRANSACTION.fullmatch(path):
        return _transaction(_posted(asked, outbound))
    return None


def brought(outbound: Outbound) -> Content | None:
    """Return the bytes a step brings, None where it brings none.

    Raises:
        ValueError: it brings several files.
    """
    files = [part.content for part in outbound.parts if not isinstance(part.content, str)]
    if len(files) > 1:
        raise ValueError("several files in one step")
    return files[0] if files else None


def inner(content: Content, *, first: bool) -> Content:
    """Return a part of a text without the lines that its cuts may have gone through.

    Half a number can look like another one, and without its label an order number looks like an identity number; so
    what stands at a cut is judged only once its other half is there. `first`: nothing comes before this part. A part of
    anything but text is returned as it is.
    """
    if any(b"\0" in chunk for chunk in chunks(content)):
        return content
    size, start = length(content), 0
    if not first:
        head = _stretch(content, 0, EDGE)
        line = head.find(b"\n")
        torn = _TORN_HEAD.match(head)
        start = line + 1 if line >= 0 else torn.end() if torn else 0
    end, begin = size, max(start, size - EDGE)
    tail = _stretch(content, begin, size)
    line = tail.rfind(b"\n")
    if line >= 0:
        end = begin + line + 1
    elif torn := _TORN_TAIL.search(tail):
        end = begin + torn.start()
    return content.within(start, max(start, end)) if isinstance(content, Held) else content[start:end]


def _stretch(content: Content, start: int, end: int) -> bytes:
    return content.read(start, end - start) if isinstance(content, Held) else content[start:end]


def taken(reply: Reply) -> bool:
    """Tell whether an answer says that a step was taken; for web chat its status is the frame's code."""
    if not 200 <= reply.status < 300:
        return False
    encoding = next((value for key, value in reply.headers if key.lower() == "content-encoding"), None)
    text = readings(open_body(reply.body, encoding, LIST).data).text.lstrip()
    if text.startswith("<"):
        return "<Error>" not in text
    harvest = Harvest()
    walk_json(text, Where(), harvest)
    said = [leaf.text for leaf in (*harvest.leaves, *harvest.numbers) if leaf.where.name == "errcode"]
    return set(said) <= {"0"}


def _object(wire: Wire, path: str, asked: dict[str, list[str]], outbound: Outbound) -> Piece | None:
    """Recognise the requests of an object store (OSS API: InitiateMultipartUpload to AppendObject)."""
    stored = object_key(path)
    # Kept apart from the keys of other uploads by the sign that no id of DingTalk's contains.
    name = f"{stored.value if stored else ''}?"
    once = all(len(asked.get(field, [])) <= 1 for field in ("uploadId", "partNumber", "position"))
    upload_id, number = _first(asked, "uploadId"), _first(asked, "partNumber")
    match wire.method:
        case "POST" if "append" in asked:
            position = _number(_first(asked, "position"))
            broken = position is None or not once
            return Piece(Key("upload", f"{name}append"), Step.PART, offset=position, broken=broken)
        case "POST" if "uploadId" in asked:
            return _complete(wire, Key("upload", name + upload_id), once=once)
        case "POST" if "uploads" in asked and stored:
            return Piece(stored, Step.START)
        case "PUT" if "uploadId" in asked or "partNumber" in asked:
            counted = _number(number)
            step = Step.COPY if wire.header("x-oss-copy-source") is not None else Step.PART
            broken = counted is None or not upload_id or not once
            return Piece(Key("upload", name + upload_id), step, counted, broken=broken)
        case "DELETE" if "uploadId" in asked:
            return Piece(Key("upload", name + upload_id), Step.ABORT, broken=not once)
        case "PUT" if stored and wire.header("x-oss-copy-source") is None:
            return Piece(stored, Step.WHOLE)
        case "POST" if outbound.keys and boundary_of(wire.header("Content-Type") or "", wire.body):
            return Piece(outbound.keys[0], Step.WHOLE)
    return None


def _complete(wire: Wire, upload: Key, *, once: bool) -> Piece:
    """Read which parts the store is told to put together; an empty body leaves the choice to it."""
    if wire.held is not None:
        return Piece(upload, Step.FINISH, broken=True)  # longer than any list
    opened = open_body(wire.body, wire.header("Content-Encoding"), LIST)
    text = readings(opened.data).text
    if not text.strip() or (wire.header("x-oss-complete-all") or "").strip().lower() == "yes":
        return Piece(upload, Step.FINISH, broken=not (once and opened.whole))
    listed = _listed(text) if opened.whole else None
    return Piece(upload, Step.FINISH, listed=listed, broken=listed is None or not once)


def _listed(text: str) -> tuple[tuple[int, str], ...] | None:
    """Return (number, ETag) of the parts in a list, by number; None where it is not written as lists are."""
    whole = _LIST.fullmatch(text)
    if whole is None:
        return None
    found = dict[int, str]()
    at = 0
    while at < len(whole[1]):
        part = _PART.match(whole[1], at)
        values = _VALUE.findall(part[1]) if part else []
        number = _number(next((value for tag, value in values if tag == "PartNumber"), None))
        if part is None or number is None or number in found or len(dict(values)) < len(values):
            return None
        found[number] = next((value for tag, value in values if tag == "ETag"), "").upper()
        at = part.end()
    return tuple(sorted(found.items()))


def _chunk(asked: dict[str, list[str]]) -> Piece:
    """Recognise a chunk of oapi's older upload; chunks count from 1."""
    upload, number = _only(asked, "upload_id"), _number(_only(asked, "chunk_sequence"))
    return Piece(Key("upload", upload or ""), Step.PART, number, broken=not upload or number is None)


def _transaction(asked: dict[str, list[str]]) -> Piece | None:
    """Recognise the call that opens and, with an upload_id, closes oapi's older upload."""
    if not asked.get("upload_id"):
        return None  # the answer hands out the id
    upload, total = _only(asked, "upload_id"), _number(_only(asked, "chunk_numbers"))
    return Piece(Key("upload", upload or ""), Step.FINISH, total=total, broken=not upload)


def _frame(wire: Wire, outbound: Outbound) -> Piece | None:
    """Recognise the uploads of web chat, whose fields stand in the body in one way or another; parts count from 0."""
    uri = outbound.operation.removeprefix("lwp:")
    if not _FRAME.match(uri) and outbound.operation != _UNREADABLE_URI:
        return None
    harvest = Harvest()
    walk_json(readings(open_body(wire.body, None, max(len(wire.body), LIST)).data).text, Where(), harvest)
    leaves = [*harvest.leaves, *harvest.numbers]
    step = next((found[1] for found in map(_FRAME.match, _said(leaves, "lwp")) if found), None)
    if step is None:
        return None
    ids = _said(leaves, "uploadInfo", "uploadId") or _said(leaves, "mediaId")
    if step == "pre" and not ids:
        return None
    numbers, totals = _said(leaves, "partNumber"), _said(leaves, "totalPartNumber")
    upload = Key("upload", next(iter(ids), ""))
    number, total = _number(next(iter(numbers), "")), _number(next(iter(totals), ""))
    piece = Piece(upload, _FRAME_STEPS[step], number, total=total)
    torn = len(ids) != 1 or len(numbers) > 1 or len(totals) > 1 or (step == "frag" and number is None)
    return replace(piece, broken=True) if torn or (outbound.carries_file and number is None) else piece


def _said(leaves: list[Leaf], *names: str) -> list[str]:
    return list(dict.fromkeys(leaf.text for leaf in leaves if last_name(leaf) in names))


def _posted(asked: dict[str, list[str]], outbound: Outbound) -> dict[str, list[str]]:
    """Add the fields that a form brings in its body to those of the query."""
    for part in outbound.parts:
        kind, _, field = part.place.partition(" ")
        if kind in {"form", "multipart"} and field in {"upload_id", "chunk_sequence", "chunk_numbers"}:
            asked.setdefault(field, []).append(str(part.content))
    return asked


def _fields(query: str) -> dict[str, list[str]]:
    found = dict[str, list[str]]()
    for name, value in parse_qsl(query, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


def _first(fields: dict[str, list[str]], name: str) -> str:
    return next(iter(fields.get(name, [])), "")


def _only(fields: dict[str, list[str]], name: str) -> str | None:
    """Return what a field says, None where it says nothing or several things."""
    said = set(fields.get(name, []))
    return said.pop() if len(said) == 1 else None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None
