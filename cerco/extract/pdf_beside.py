"""Read what a PDF holds beside its pages' content: notes, forms, scripts, attached files, and every other string.

In:    the bytes of a PDF that can be opened.
Out:   notes and form values by page, scripts, XFA forms, XMP, layers, embedded files wherever they hang, other strings.
Never: a script run; an object left out because nothing shows it.
"""

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pikepdf

from cerco.extract.pdf_objects import MUTE, Object, Objects, content, dictionaries, is_reference, readings, strings
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text, Why

FAULTS: Final = (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError, TypeError, KeyError, OSError)
_UPWARDS: Final = frozenset({"/P", "/Page", "/Dest", "/D", "/Pg", "/IRT", "/Popup", "/AP"})  # lead out of an annotation
_DEEP: Final = 12  # levels of a form or an annotation
_DRAWN: Final = 1 << 20  # bytes of an appearance that are looked through for text
_SHOWS: Final = frozenset({"Tj", "TJ", "'", '"'})  # ISO 32000-1, table 109


def read(source: Source, open_: Opener, said: set[str]) -> Iterator[Item]:
    """Yield everything; `said` holds the strings that were yielded before, and grows.

    Raises:
        ReadError: qpdf cannot make sense of the file.
    """
    try:
        with pikepdf.open(io.BytesIO(source.data), suppress_warnings=True) as document:
            objects = Objects(document)
            yield from _pages(objects, source, said)
            yield from _Files(objects, source, open_).read()
            yield from _rest(objects, source, said)
    except ReadError:
        raise
    except FAULTS as fault:
        raise ReadError(Why.MALFORMED) from fault


def _pages(objects: Objects, source: Source, said: set[str]) -> Iterator[Item]:
    """Yield the strings of each page's annotations and form fields."""
    for number, reference in enumerate(objects.pages, 1):
        page = objects.get(reference)
        notes = objects.get(page.get("/Annots")) if isinstance(page, Mapping) else None
        if not isinstance(notes, Sequence) or isinstance(notes, str):
            continue
        found: dict[str, None] = {}
        for note in notes:
            found.update(dict.fromkeys(_within(objects, note, _DEEP, set())))
            found.update(dict.fromkeys(_appearances(objects, objects.get(note), source)))
        if found:
            said.update(found)
            yield Text(source.place(f"page {number} (notes and forms)"), "\n".join(found))


def _within(objects: Objects, value: Object, depth: int, met: set[str]) -> Iterator[str]:
    """Yield the strings of an annotation and of the fields above it, but of nothing it merely points to."""
    if is_reference(value):
        if value in met or value in objects.pages:
            return
        met.add(value)
        value = objects.get(value)
    if depth == 0:
        return
    if isinstance(value, str):
        yield from readings(value)
    elif isinstance(value, Mapping):
        for key, held in value.items():
            if key not in MUTE | _UPWARDS:
                yield from _within(objects, held, depth - 1, met)
    elif isinstance(value, Sequence):
        for held in value:
            yield from _within(objects, held, depth - 1, met)


def _appearances(objects: Objects, note: Object, source: Source) -> Iterator[str]:
    """Yield what an annotation shows, where that is text: it need not be what it says it contains."""
    looks = objects.get(note.get("/AP")) if isinstance(note, Mapping) else None
    normal = looks.get("/N") if isinstance(looks, Mapping) else None
    if normal is None or not is_reference(normal) or normal not in objects.streams:
        return
    stream = objects.stream(normal)
    if len(stream.read_raw_bytes()) > _DRAWN:
        return
    data, _ = content(stream, source)
    if len(data) > _DRAWN:
        return
    shown: list[str] = []
    with contextlib.suppress(*FAULTS):  # what is drawn makes no sense, and says nothing
        for instruction in pikepdf.parse_content_stream(stream):
            if str(instruction.operator) in _SHOWS:
                shown += [_shown(operand) for operand in instruction.operands]
    if text := "".join(shown).strip():
        yield text


def _shown(operand: Any) -> str:
    if isinstance(operand, pikepdf.Array):
        return "".join(_shown(one) for one in operand)
    return bytes(operand).decode("latin-1") if isinstance(operand, pikepdf.String) else ""


@dataclass(slots=True)
class _Files:
    """What is a file of its own inside the document, each read once."""

    objects: Objects
    source: Source
    open_: Opener
    done: set[str] = field(default_factory=set)

    def read(self) -> Iterator[Item]:
        """Yield what is in scripts, forms, metadata and embedded files, wherever they hang."""
        for reference, held in self.objects.by_reference.items():
            if isinstance(held, Mapping) and held.get("/Type") == "/Metadata" and reference in self.objects.streams:
                yield from self._opened(reference, "properties (XMP)")
        for held in dictionaries(self.objects):
            if "/JS" in held:
                yield from self._opened(held["/JS"], "script")
            if "/XFA" in held:
                form = self.objects.get(held["/XFA"])
                for part in form if isinstance(form, list) else [held["/XFA"]]:
                    yield from self._opened(part, "form (XFA)")
            if isinstance(files := self.objects.get(held.get("/EF")), Mapping):
                yield from self._embedded(held, files)

    def _embedded(self, held: Mapping[str, Object], files: Mapping[str, Object]) -> Iterator[Item]:
        names = [name for key in ("/UF", "/F", "/Desc") for name in readings(self.objects.get(held.get(key)))]
        for reference in files.values():
            if is_reference(reference) and reference not in self.done:
                self.source.budget.enter()
                name = names[0] if names else f"attachment {len(self.done) + 1}"
                for reading in dict.fromkeys(names):
                    yield Text(self.source.place(name), reading, "filename")
                yield from self._opened(reference, name)

    def _opened(self, value: Object, step: str) -> Iterator[Item]:
        """Hand a stream, or a string that stands for one, to whoever can read it."""
        if not is_reference(value) or value not in self.objects.streams:
            for text in readings(self.objects.get(value)):
                yield from self.open_(self.source.within(text.encode(errors="replace"), step))
            return
        if value in self.done:
            return
        self.done.add(value)
        try:
            data, why = content(self.objects.stream(value), self.source)
        except pikepdf.PdfError:
            data, why = b"", Why.MALFORMED
        if why is not None:
            yield self.source.gap(why, step)
        yield from self.open_(self.source.within(data, step))


def _rest(objects: Objects, source: Source, said: set[str]) -> Iterator[Item]:
    """Yield the strings of all objects that were not yielded yet: of layers, titles, labels, alternative texts."""
    others: dict[str, None] = {}
    for value in objects.by_reference.values():
        for text in strings(value):
            if text not in said:
                others[text] = None
    if others:
        yield Text(source.place("other strings"), "\n".join(others))
