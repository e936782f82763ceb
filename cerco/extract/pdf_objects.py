"""Know all objects of a PDF, as they stand in it, and what strings and streams say.

In:    a PDF that qpdf has opened.
Out:   `Objects`, and readings of what they hold.
Never: a stream unpacked past the limits.
"""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pikepdf

from cerco.extract.charset import encodings
from cerco.extract.source import Source
from cerco.extract.streams import Run, drain, inflated
from cerco.extract.text import Why

# ISO 32000-1. What of a dictionary is no text for people: dates, identifiers, checksums, signatures, names of fonts.
MUTE: Final = frozenset(
    {"/ID", "/CreationDate", "/ModDate", "/M", "/LastModified", "/CheckSum", "/Cert", "/ByteRange", "/Registry", "/NM",
     "/Ordering", "/Lang", "/CharSet", "/FontFamily", "/Panose", "/O", "/U", "/OE", "/UE", "/Perms", "/DA", "/DS"}
)  # fmt: skip

type Object = Any  # what JSON has: strings begin with "u:" (text) or "b:" (bytes), references end in " R"


class Objects:
    """All objects of a document, as they stand in it, and the way to what is in their streams."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self._document = document
        self.pages = [f"{page.obj.objgen[0]} {page.obj.objgen[1]} R" for page in document.pages]
        out = io.BytesIO()
        document.write_qpdf_json(out, json_stream_data=pikepdf.JSONStreamData.none)
        _, listed = json.loads(out.getvalue())["qpdf"]
        self.by_reference: dict[str, Object] = {
            name.removeprefix("obj:"): held.get("value", held.get("stream", {}).get("dict"))
            for name, held in listed.items()
        }
        self.streams = frozenset(name.removeprefix("obj:") for name, held in listed.items() if "stream" in held)

    def get(self, value: Object) -> Object:
        """Follow a reference, if it is one."""
        return self.by_reference.get(value) if is_reference(value) else value

    def stream(self, reference: str) -> pikepdf.Object:
        """Return the stream a reference leads to."""
        number, generation, _ = reference.split()
        return self._document.get_object(int(number), int(generation))


def is_reference(value: Object) -> bool:
    """Tell whether a value refers to another object. Strings begin with a letter and a colon, names with a slash."""
    return isinstance(value, str) and value.endswith(" R") and value[:1].isdigit()


def content(stream: pikepdf.Object, source: Source) -> tuple[bytes, Why | None]:
    """Return what is in a stream, and why that is not all of it, or None."""
    raw = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    if filters is None:
        source.budget.expand(len(raw))
        return raw, None
    if filters == "/FlateDecode" and "/DecodeParms" not in stream:
        run = Run(raw, 0, len(raw))
        return drain(inflated(run, 15), run, source)
    if len(raw) * source.budget.limits.ratio > source.budget.limits.expanded:
        return b"", Why.TOO_LARGE
    data = stream.read_bytes()
    source.budget.expand(len(data))
    return data, None


def dictionaries(objects: Objects) -> Iterator[Mapping[str, Object]]:
    """Yield every dictionary, wherever it stands."""
    pending: list[Object] = list(objects.by_reference.values())
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def strings(value: Object) -> Iterator[str]:
    """Yield the strings within one object, in every reading, without following references."""
    pending = [value]
    while pending:
        held = pending.pop()
        if isinstance(held, str):
            yield from readings(held)
        elif isinstance(held, dict):
            pending += [one for key, one in held.items() if key not in MUTE and not _is_signature(held)]
        elif isinstance(held, list) and held[:1] != ["/Indexed"]:
            pending += held


def _is_signature(held: Mapping[str, Object]) -> bool:
    """Tell whether a dictionary holds a signature: bytes that only look like text by chance."""
    return "/ByteRange" in held


def readings(value: Object) -> Iterator[str]:
    """Yield what a string says; programs of other locales write their own encoding where PDF's is meant."""
    if not isinstance(value, str):
        return
    kind, _, text = value.partition(":")
    if kind == "b":
        raw = bytes.fromhex(text)
    elif kind == "u":
        if text.strip("\0 \r\n\t"):
            yield text
        raw = text.encode("latin-1", "ignore") if any("\x80" <= letter <= "\xff" for letter in text) else b""
    else:
        return
    for codec in encodings(raw) if raw else ():
        if (other := raw.decode(codec, "replace")) != text:
            yield other
