"""Which reader reads which format, with which library, and what of it: one line each, and nothing else to change.

In:    nothing; this is a table.
Out:   `READERS`, which `read` goes by and `cerco formats` prints.
Never: a format without a line here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cerco.extract import archive, office, pdf, plain
from cerco.extract.identify import Format
from cerco.extract.source import Item, Opener, Source
from cerco.extract.text import Why

STDLIB: Final = "Python"  # stands for the standard library where a reader needs nothing else


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read.

    Args:
        read: yields what is in a source; hands what is embedded to the opener; raises nothing but `ReadError`.
        covers: what of the format is read, for people, in English.
        libraries: the distributions behind it, whose versions `cerco formats` shows; empty where nothing is read.
        container: it holds other files, and counts towards the limit on depth.
    """

    read: Callable[[Source, Opener], Iterator[Item]]
    covers: str
    libraries: tuple[str, ...] = (STDLIB,)
    container: bool = False


def _read_zip(source: Source, open_: Opener) -> Iterator[Item]:
    with archive.open_zip(source) as box:
        if archive.is_office(box):
            box.filelist.sort(key=lambda info: office.rank(info.filename))
            yield from office.read(archive.members(box, source), source, open_)
        else:
            yield from archive.read(box, source, open_)


def _said(why: Why, *steps: str) -> Callable[[Source, Opener], Iterator[Item]]:
    """Return the reader of what is recognised and not read: it says why."""
    return lambda source, _open: iter((source.gap(why, *steps),))


READERS: Final[Mapping[Format, Reader]] = {
    Format.TEXT: Reader(plain.read, "text in any encoding, as written, without tags, without escapes"),
    Format.PDF: Reader(
        pdf.read,
        "text of pages, notes, forms, properties, outline, attached files",
        ("pypdfium2",),
        container=True,
    ),
    Format.ZIP: Reader(
        _read_zip,
        "every member; in Office files cells, body, headers, notes, comments, deleted text, properties, embedded files",
        (STDLIB, "python-calamine"),
        container=True,
    ),
    Format.GZIP: Reader(archive.read_gzip, "what is compressed", container=True),
    Format.BZIP2: Reader(archive.read_bzip2, "what is compressed", container=True),
    Format.XZ: Reader(archive.read_xz, "what is compressed", container=True),
    Format.LOCKED: Reader(_said(Why.ENCRYPTED), "that it is under a password", ()),
    Format.PICTURE: Reader(_said(Why.UNKNOWN_FORMAT, "picture"), "that it is a picture", ()),
    Format.UNKNOWN: Reader(_said(Why.UNKNOWN_FORMAT), "that it is none of the others", ()),
}
