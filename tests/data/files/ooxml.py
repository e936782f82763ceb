"""What the three Office Open XML formats share: packages, relations, properties, charts, diagrams, embedded files.

ECMA-376 parts 1 and 2 name every part and relation used here.
"""

import posixpath
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from xml.sax.saxutils import escape as _escape

from tests.data.files import compound
from tests.data.files.planting import sentence

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "xdr": f"{_DRAWING}/spreadsheetDrawing",
    "tc": "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "p15": "http://schemas.microsoft.com/office/powerpoint/2012/main",
    "p188": "http://schemas.microsoft.com/office/powerpoint/2018/8/main",
    "r": f"{_OFFICE}/relationships",
    "m": f"{_OFFICE}/math",
    "a": f"{_DRAWING}/main",
    "c": f"{_DRAWING}/chart",
    "dgm": f"{_DRAWING}/diagram",
    "wp": f"{_DRAWING}/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "vt": f"{_OFFICE}/docPropsVTypes",
    "ep": f"{_OFFICE}/extended-properties",
    "op": f"{_OFFICE}/custom-properties",
    "cp": f"{_PACKAGE}/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ds": f"{_OFFICE}/customXml",
}
# Relations that are not of the office document's own namespace.
_RELATIONS = {
    "core-properties": f"{_PACKAGE}/relationships/metadata/core-properties",
    "commentsExtended": "http://schemas.microsoft.com/office/2011/relationships/commentsExtended",
    "vbaProject": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
    "threadedComment": "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
    "person": "http://schemas.microsoft.com/office/2017/10/relationships/person",
    "modernComment": "http://schemas.microsoft.com/office/2018/10/relationships/comments",
}
_OF_PACKAGE = frozenset({"officeDocument", "core-properties", "extended-properties", "custom-properties"})
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def escape(text: str) -> str:
    """Return the text as it stands in XML, in elements and in attributes."""
    return _escape(text, {'"': "&quot;"})


def element(name: str, content: str, attributes: str = "") -> bytes:
    """Return a part whose root has this name and declares every namespace there is."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return f"{_HEAD}<{name} {declared}{' ' * bool(attributes)}{attributes}>{content}</{name}>".encode()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a package, its type, how its parent relates to it, and the parts it relates to in turn.

    Without a content type it is a relation to something outside, whose address is `name`.
    """

    name: str
    kind: str
    relation: str
    data: bytes = field(default=b"", repr=False)
    parts: tuple["Part", ...] = ()

    @property
    def id(self) -> str:
        """What the parent's XML calls it."""
        return "r" + sha256(self.name.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Package:
    """A main part, and what stands beside it."""

    main: Part
    parts: tuple[Part, ...] = ()

    def members(self) -> dict[str, bytes]:
        """Return the members of the zip, in the order Office writes them."""
        top = [part for part in self.parts if part.relation in _OF_PACKAGE]
        below = tuple(part for part in self.parts if part.relation not in _OF_PACKAGE)
        main = Part(self.main.name, self.main.kind, self.main.relation, self.main.data, (*self.main.parts, *below))
        every = {part.name: part for part in _walk((main, *top)) if part.kind}
        types = "".join(f'<Override PartName="/{name}" ContentType="{part.kind}"/>' for name, part in every.items())
        made = {
            "[Content_Types].xml": (
                f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/xml"/>'
                f"{types}</Types>"
            ).encode(),
            "_rels/.rels": _relations("", (main, *top)),
        }
        for name, part in every.items():
            made[name] = part.data
            if part.parts:
                folder, base = posixpath.split(name)
                made[f"{folder}/_rels/{base}.rels"] = _relations(folder, part.parts)
        return made


def _walk(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _walk(part.parts)


def _relations(folder: str, parts: tuple[Part, ...]) -> bytes:
    lines = []
    for part in parts:
        kind = _RELATIONS.get(part.relation, f"{_OFFICE}/relationships/{part.relation}")
        target = posixpath.relpath(part.name, folder) if part.kind else escape(part.name)
        outside = "" if part.kind else ' TargetMode="External"'
        lines.append(f'<Relationship Id="{part.id}" Type="{kind}" Target="{target}"{outside}/>')
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'.encode()


def link(address: str) -> Part:
    """Return a relation to something outside."""
    return Part(address, "", "hyperlink")


def core(**properties: str) -> Part:
    """Return the properties every file has: title, keywords, lastModifiedBy …"""
    names = {name: f"dc:{name}" for name in ("title", "subject", "creator", "description")}
    content = "".join(
        f"<{(tag := names.get(name, f'cp:{name}'))}>{escape(text)}</{tag}>" for name, text in properties.items()
    )
    kind = "application/vnd.openxmlformats-package.core-properties+xml"
    return Part("docProps/core.xml", kind, "core-properties", element("cp:coreProperties", content))


def app(**properties: str) -> Part:
    """Return the properties that the program keeps: Manager, Company, HyperlinkBase …"""
    content = "".join(f"<ep:{name}>{escape(text)}</ep:{name}>" for name, text in properties.items())
    kind = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    return Part("docProps/app.xml", kind, "extended-properties", element("ep:Properties", content))


def custom(value: str, name: str = "檔案編號") -> Part:
    """Return a property that a user made up."""
    content = (
        f'<op:property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></op:property>"
    )
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    return Part("docProps/custom.xml", kind, "custom-properties", element("op:Properties", content))


def chart(room: str, title: str = "業績", value: str = "客人") -> Part:
    """Return a chart with the numbers it was drawn from; `room` is the folder of the document's kind."""
    rich = f"<c:tx><c:rich><a:p><a:r><a:t>{escape(title)}</a:t></a:r></a:p></c:rich></c:tx>"
    points = f'<c:pt idx="0"><c:v>甲</c:v></c:pt><c:pt idx="1"><c:v>{escape(value)}</c:v></c:pt>'
    names = f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A$3</c:f><c:strCache>{points}</c:strCache></c:strRef></c:cat>"
    series = f"<c:ser>{names}</c:ser>"
    content = f"<c:chart><c:title>{rich}</c:title><c:plotArea><c:pieChart>{series}</c:pieChart></c:plotArea></c:chart>"
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    return Part(f"{room}/charts/chart1.xml", kind, "chart", element("c:chartSpace", content))


def diagram(room: str, text: str) -> Part:
    """Return the data of a SmartArt diagram."""
    point = f'<dgm:pt modelId="1"><dgm:t><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></dgm:t></dgm:pt>'
    kind = "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"
    return Part(
        f"{room}/diagrams/data1.xml", kind, "diagramData", element("dgm:dataModel", f"<dgm:ptLst>{point}</dgm:ptLst>")
    )


def custom_data(text: str) -> Part:
    """Return data that the document's controls are bound to."""
    return Part(
        "customXml/item1.xml",
        "application/xml",
        "customXml",
        f"{_HEAD}<客人><號碼>{escape(text)}</號碼></客人>".encode(),
    )


def packaged_file(room: str, name: str, data: bytes) -> Part:
    """Return a file that was dropped into a document as an icon: an OLE object of the Packager ([MS-OLEDS] 2.3.6)."""
    label = name.encode("big5") + b"\x00"
    path = b"C:\\temp\\" + label
    body = b"\x02\x00" + label + path + b"\x00\x00\x03\x00" + struct.pack("<I", len(path)) + path
    body += struct.pack("<I", len(data)) + data
    ole = compound.compound({"\x01Ole10Native": struct.pack("<I", len(body)) + body})
    kind = "application/vnd.openxmlformats-officedocument.oleObject"
    return Part(f"{room}/embeddings/oleObject1.bin", kind, "oleObject", ole)


def vba(value: str) -> bytes:
    """Return a VBA project with one module whose comment holds the value ([MS-OVBA])."""
    source = f'Attribute VB_Name = "Module1"\r\n\' {sentence(value)}\r\nSub Send()\r\nEnd Sub\r\n'.encode("cp950")
    return compound.compound(compound.vba_project({"Module1": source}, 950))
