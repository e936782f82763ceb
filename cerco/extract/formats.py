"""Which reader reads which format, with which library, and what of it: one line each, and nothing else to change.

In:    nothing; this is a table.
Out:   `READERS`, which `read` goes by and `cerco formats` prints.
Never: a format without a line here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cerco.extract import (
    archive,
    boxes,
    columns,
    compound,
    database,
    mail,
    office,
    opendocument,
    outlook,
    pdf,
    people,
    picture,
    plain,
    rtf,
    streams,
    trees,
)  # fmt: skip
from cerco.extract.identify import Format
from cerco.extract.source import Item, Opener, Source
from cerco.extract.text import Why

STDLIB: Final = "Python"  # stands for the standard library where a reader needs nothing else


ARCHI: Final = "archi"  # brings libarchive


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
    box = archive.open_zip(source)
    if archive.is_office(box):
        box = archive.sorted_by(box, office.rank)
        yield from office.read(archive.members(box, source), source, open_)
    elif opendocument.is_opendocument(entry.names[0] for entry in box.entries):
        box = archive.sorted_by(box, opendocument.rank)
        yield from opendocument.read(archive.members(box, source), source, open_)
    else:
        yield from archive.read(box, source, open_)


def _look(source: Source, _open: Opener) -> Iterator[Item]:
    return picture.read(source)


def _said(why: Why, *steps: str) -> Callable[[Source, Opener], Iterator[Item]]:
    """Return the reader of what is recognised and not read: it says why."""
    return lambda source, _open: iter((replace(source.gap(why, *steps), size=len(source.data)),))


READERS: Final[Mapping[Format, Reader]] = {
    Format.TEXT: Reader(plain.read, "text in any encoding, as written, without tags, without escapes"),
    Format.JSON: Reader(trees.read_json, "as text; each value with the keys that lead to it", (STDLIB, "ijson")),
    Format.XML: Reader(trees.read_xml, "as text; each value and attribute with the elements that lead to it; comments"),
    Format.HTML: Reader(
        trees.read_html, "as text; what a browser shows; hidden fields, attributes, comments, scripts", ("selectolax",)
    ),
    Format.MAIL: Reader(
        mail.read,
        "headers, every body and attachment, attached messages, what stands around the parts",
        container=True,
    ),
    Format.MAILBOX: Reader(mail.read_mailbox, "every message, as mail", container=True),
    Format.CONTACTS: Reader(people.read, "every value, decoded; photos and attached files", container=True),
    Format.CALENDAR: Reader(people.read, "every value, decoded; attached files", container=True),
    Format.OUTLOOK: Reader(
        outlook.read,
        "subject, bodies, headers, recipients, every attachment and attached message, every other text property",
        ("olefile",),
        container=True,
    ),
    Format.TNEF: Reader(outlook.read_tnef, "as Outlook messages", container=True),
    Format.SQLITE: Reader(
        database.read_sqlite, "every row of every table, the schema, files in cells", ("apsw",), container=True
    ),
    Format.PARQUET: Reader(columns.read, "every row, properties", ("arro3-io",)),
    Format.DBASE: Reader(database.read_dbase, "every row, deleted ones too"),
    Format.ACCESS: Reader(_said(Why.UNKNOWN_FORMAT, "Access database"), "that it is an Access database", ()),
    Format.PDF: Reader(
        pdf.read,
        "text of pages, pictures and scanned pages, notes, forms, scripts, layers, properties, outline, attached files",
        ("pypdfium2", "pikepdf", "rapidocr"),
        container=True,
    ),
    Format.ZIP: Reader(
        _read_zip,
        "every member; in Office and OpenDocument files every text, shown or not, properties, macros, embedded files",
        (STDLIB, "zstandard", "stream-inflate"),
        container=True,
    ),
    Format.GZIP: Reader(streams.read_gzip, "what is compressed", container=True),
    Format.BZIP2: Reader(streams.read_bzip2, "what is compressed", container=True),
    Format.XZ: Reader(streams.read_xz, "what is compressed", container=True),
    Format.LZMA: Reader(streams.read_lzma, "what is compressed", container=True),
    Format.ZSTD: Reader(streams.read_zstd, "what is compressed, and skipped frames", ("zstandard",), container=True),
    Format.SEVENZIP: Reader(
        boxes.reader("format_7zip", end=boxes.by_its_header, signature=b"7z\xbc\xaf\x27\x1c"),
        "every member; what follows the end",
        (ARCHI,),
        container=True,
    ),
    Format.RAR: Reader(
        boxes.reader("format_rar", "format_rar5", end=boxes.as_it_came, signature=b"Rar!\x1a\x07"),
        "every member; what follows the end",
        (ARCHI,),
        container=True,
    ),
    Format.TAR: Reader(
        boxes.reader("format_tar", end=boxes.as_it_came),
        "every member, names that links point to; what follows the end",
        (ARCHI,),
        container=True,
    ),
    Format.CPIO: Reader(
        boxes.reader("format_cpio", end=boxes.by_its_trailer),
        "every member; what follows the end",
        (ARCHI,),
        container=True,
    ),
    Format.AR: Reader(
        boxes.reader("format_ar", end=boxes.as_it_came),
        "every member, those of deb packages too; what follows the end",
        (ARCHI,),
        container=True,
    ),
    Format.ISO: Reader(
        boxes.reader("format_iso9660", end=boxes.by_its_volume),
        "every file; what follows the end",
        (ARCHI,),
        container=True,
    ),
    Format.CAB: Reader(
        boxes.reader("format_cab", end=boxes.by_its_size, signature=b"MSCF"),
        "every member; what follows the end",
        (ARCHI,),
        container=True,
    ),
    Format.LZ4: Reader(boxes.stream("filter_lz4"), "what is compressed", (ARCHI,), container=True),
    Format.LZIP: Reader(boxes.stream("filter_lzip"), "what is compressed", (ARCHI,), container=True),
    Format.COMPRESS: Reader(boxes.stream("filter_compress"), "what is compressed", (ARCHI,), container=True),
    Format.COMPOUND: Reader(
        compound.read,
        "Office documents of 1995 to 2003: every text, properties, macros, embedded files; of others what is like it",
        ("olefile", "python-calamine"),
        container=True,
    ),
    Format.RTF: Reader(
        rtf.read,
        "body, headers, footers, notes, comments, properties, deleted and hidden text, embedded files",
        container=True,
    ),
    Format.FLAT: Reader(
        opendocument.read_flat, "an OpenDocument file in one piece: as those that are packed", container=True
    ),
    Format.LOCKED: Reader(_said(Why.ENCRYPTED), "that it is under a password", ()),
    Format.PICTURE: Reader(
        _look,
        "words in it, in Chinese, Portuguese and English; QR codes, barcodes, machine-readable zones; properties",
        ("pillow", "pi-heif", "rapidocr", "onnxruntime", "zxing-cpp"),
    ),
    Format.UNKNOWN: Reader(_said(Why.UNKNOWN_FORMAT), "that it is none of the others", ()),
}
