"""Tell what an outbound goes on from: the talk in a conversation, a card that is being written, the cells of a sheet.

In:    a `Wire` and the `Outbound` it was read as.
Out:   strands: runs of text that later requests may go on with, each under the name of what it belongs to.
Never: a strand of ids, times or other numbers for machines: run together they make numbers that nobody sent.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from cerco.dingtalk.body import open_body, readings
from cerco.dingtalk.outbound import Channel, Outbound, Role, Wire
from cerco.dingtalk.walk import DEPTH, Digits, Members, parse

# Strands of one request: the columns of a sheet, the parameters of a card. Each costs a look into the memory and a scan
# of some hundred characters, so this many cost some ten milliseconds. Cells beyond are in the strand of all cells.
MOST = 64
# A body of more than this is no piece of a message: it is judged by itself, and read for its words but not its cells.
_BODY = 1024 * 1024

_STREAMING = re.compile(r"/v\d\.\d/card/streaming/?")
_WEBHOOK = re.compile(r"/robot/send(?:BySession)?/?")
_SHEET = re.compile(r"/v\d\.\d/(?:doc/workbooks|notable/bases)/([^/]+)(?:/.*)?")
_DOCUMENT = re.compile(r"/v\d\.\d/doc/(?:me/)?(?:suites/)?(?:documents|docs)/([^/]+)/.*")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What DingTalk calls the words of a message. These and the next are compared without case and underscores.
_WORDS = _names(
    "content text markdown msg message msgcontent textcontent input instructions description desc remark comment"
    " commentcontent richtextdescription bodytext bodyhtml plaintext body frame"
)
_TITLES = _names("title subject summary")
# Whom a message goes to, where it names no conversation.
_RECIPIENTS = _names(
    "userids useridlist deptidlist receiveruseridlist receiveruserid receiveropendingtalkid receiveropenuserids"
    " receivermobiles receivers actualreceivers touser toparty userid"
)
# What is written to, where the path does not say it: in calls through the gateway for AI agents.
_DOCUMENTS = _names("workbookid baseid nodeid documentid docid docurl dentryuuid")
_TOKENS = _names("accesstoken session")
_CARD_PARAMETER = re.compile(r"cardParamMap\.([^.\[\] ]+)\Z")
_POSITION = re.compile(r"\[\d+\]")
_CELLS = frozenset({"values", "complexValues"})
_PARTS = frozenset({"text", "value", "content", "markdown"})


@dataclass(frozen=True, slots=True)
class Strand:
    """A run of text that goes on over several requests.

    `id` names it across requests and processes; it is made of ids DingTalk gave out, so it is a secret. `place` is for
    people, and no two strands of a request have the same.
    `anew`: the text replaces what was written before, where the rest go on from it.
    """

    id: str = field(repr=False)
    place: str
    text: str = field(repr=False)
    anew: bool = False


def sequences(wire: Wire, outbound: Outbound) -> tuple[Strand, ...]:
    """Return the strands a request or frame goes on with; at most `MOST`, none without text."""
    if wire.method not in {"POST", "PUT", "PATCH", "WEBSOCKET"} or outbound.channel in {Channel.OSS, Channel.STREAM}:
        return ()
    path = unquote(wire.path.partition("?")[0]) if wire.method != "WEBSOCKET" else ""
    agent = outbound.channel is Channel.MCP
    sheet = _SHEET.fullmatch(path)
    strands = list[Strand]()
    if agent or sheet or _STREAMING.fullmatch(path):
        body = _body(wire)
        document = sheet[1] if sheet else _named(outbound, _DOCUMENTS)
        strands = _telling([*_streamed(body), *_cells(body, f"{wire.client}\0{document}")])
    return tuple((strands or _telling(_said(wire, outbound, path)))[:MOST])


def _telling(strands: Iterable[Strand]) -> list[Strand]:
    """Leave out strands without text, and give each of the others a place of its own."""
    told = dict[str, Strand]()
    for strand in strands:
        if strand.anew or strand.text.strip():
            place = strand.place if strand.place not in told else f"{strand.place} {len(told) + 1}"
            told[place] = replace(strand, place=place)
    return list(told.values())


def _said(wire: Wire, outbound: Outbound, path: str) -> Iterator[Strand]:
    """Yield the words of a message, its titles, and the parameters of its card, each as one strand."""
    # An account is what the request says it is; an address is not the sender's to choose.
    whose = f"{wire.client}\0{_belongs(outbound, path)}"
    groups = dict[str, tuple[str, list[str]]]()
    for part in outbound.parts:
        if isinstance(part.content, str) and part.role in {Role.TEXT, Role.TITLE}:
            group = _group(part.place)
            if group:
                groups.setdefault(group, (part.place, []))[1].append(part.content)
    for group, (place, texts) in groups.items():
        yield Strand(f"said\0{whose}\0{group}", place, "\n".join(texts))


def _belongs(outbound: Outbound, path: str) -> str:
    """Return what a message belongs to: a webhook's group, a document, a conversation, its recipients, or its kind."""
    if _WEBHOOK.fullmatch(path) and (token := _named(outbound, _TOKENS)):
        return f"webhook\0{token}"
    if document := _DOCUMENT.fullmatch(path):
        return f"document\0{document[1]}"
    if outbound.destination.conversation:
        return f"conversation\0{outbound.destination.conversation}"
    for kind, names in (("document", _DOCUMENTS), ("recipients", _RECIPIENTS)):
        if ids := _named(outbound, names):
            return f"{kind}\0{ids}"
    return f"kind\0{path.rstrip('/') or outbound.operation}"


def _named(outbound: Outbound, names: frozenset[str]) -> str:
    """Return the values of the fields so called, in one order however they are sent."""
    found = {part.content for part in outbound.parts if isinstance(part.content, str) and _last(part.place) in names}
    return "\0".join(sorted(found))


def _group(place: str) -> str | None:
    """Return which strand of a message a part belongs to; None for what is no words of anybody's."""
    if place.endswith(")") or place.startswith(("header ", "path segment ")):
        return None  # a second reading of another part, or no field of the message
    if parameter := _CARD_PARAMETER.search(place):
        return f"card {parameter[1]}"
    last = _last(place)
    return "words" if last in _WORDS else "title" if last in _TITLES else None


def _last(place: str) -> str:
    name = _POSITION.sub("", place).rpartition(" ")[2].rpartition(".")[2]
    return name.replace("_", "").replace("-", "").lower()


def _streamed(body: Any) -> Iterator[Strand]:
    """Yield the texts a request writes to AI cards, whose pieces DingTalk puts together by card and field."""
    for fields in _objects(body):
        cards = [value for name, value in fields.pairs if name == "outTrackId" and isinstance(value, str)]
        pieces = [value for name, value in fields.pairs if name == "content" and isinstance(value, str)]
        given = dict(fields.pairs)
        if cards and pieces and not {"isFull", "isFinalize", "guid"}.isdisjoint(given):
            # Where a name stands twice, every reading of it goes on from the others.
            full = [value is True or value == "true" for name, value in fields.pairs if name == "isFull"]
            written = given.get("key")
            for card in dict.fromkeys(cards):
                name = f"card\0{card}\0{written if isinstance(written, str) else ''}"
                yield Strand(name, "content", "".join(pieces), anew=bool(full) and all(full))


def _cells(body: Any, whose: str) -> Iterator[Strand]:
    """Yield what is written to a sheet: all cells in sequence, then each column where there are several."""
    grid = [row for row in _rows(body) if row]
    columns = dict[str, list[str]]()
    for row in grid:
        for column, text in row:
            columns.setdefault(column, []).append(text)
    yield Strand(f"cells\0{whose}", "cells", "\n".join("\t".join(text for _, text in row) for row in grid))
    if len(columns) > 1:
        for column, texts in columns.items():
            yield Strand(f"cells\0{whose}\0{column}", "column", "\n".join(texts))


def _rows(body: Any) -> Iterator[list[tuple[str, str]]]:
    """Yield rows of (column, text): of `values` by position, of records by the name of the field."""
    for fields in _objects(body):
        for name, value in fields.pairs:
            if name in _CELLS and isinstance(value, list):
                rows = (row if isinstance(row, list) else [row] for row in value)
                yield from (_filled((str(column), cell) for column, cell in enumerate(row)) for row in rows)
            elif name == "fields" and isinstance(value, Members):
                yield _filled(value.pairs)


def _filled(cells: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(column, text) for column, cell in cells if (text := _flat(cell))]


def _flat(cell: Any) -> str:
    """Return the text of a cell: itself, or all that a cell with parts holds."""
    match cell:
        case str():
            return cell
        case Digits():
            return cell.raw
        case Members():
            return "".join(_flat(value) for name, value in cell.pairs if name in _PARTS)
        case list():
            return "".join(_flat(item) for item in cell)
    return ""


def _objects(node: Any, depth: int = 0) -> Iterator[Members]:
    """Yield every object in a body, also those in JSON held in strings: requests within a batch."""
    if isinstance(node, str) and node.lstrip().startswith(("{", "[")) and depth < DEPTH:
        node = _parsed(node)
    below: Iterable[Any] = ()
    if isinstance(node, Members):
        yield node
        below = (value for _, value in node.pairs)
    elif isinstance(node, list):
        below = node
    if depth < DEPTH:
        for value in below:
            if isinstance(value, str | Members | list):
                yield from _objects(value, depth + 1)


def _body(wire: Wire) -> Any:
    opened = open_body(wire.body, wire.header("Content-Encoding"), _BODY)
    return _parsed(readings(opened.data).text) if opened.whole else None


def _parsed(text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None
