"""Read a file, whatever it is: this is the room's door.

In:    bytes, and the name they travel under, which is used for places only.
Out:   every text in them, and every gap: `Text | Unreadable`.
Never: an exception, and never silence: what was not read is said.
"""

from collections.abc import Iterator

from cerco.extract import archive, office, pdf, plain
from cerco.extract.identify import Format, identify
from cerco.extract.source import Budget, Item, ReadError, Source
from cerco.extract.text import Limits, Why

_DEFAULT = Limits()
_CONTAINERS = frozenset({Format.ZIP, Format.PDF, Format.GZIP, Format.BZIP2, Format.XZ})


def read(data: bytes, name: str | None = None, limits: Limits = _DEFAULT) -> Iterator[Item]:
    """Yield each text in a file with its place, and what could not be read.

    Nothing is yielded for a file without content. Works lazily: a caller that stops early saves the rest.
    """
    return _open(Source(data, (name,) if name else (), Budget(limits)))


def _open(source: Source) -> Iterator[Item]:
    for form in identify(source.data):
        if form in _CONTAINERS and source.depth >= source.budget.limits.depth:
            yield source.gap(Why.TOO_DEEP)
            continue
        try:
            yield from _read(form, source)
        except ReadError as fault:
            yield source.gap(fault.why)
            if fault.why is Why.MALFORMED and form is not Format.TEXT:
                # A signature in front of plain text must not hide it.
                yield from plain.read(source, _open)
        except MemoryError:
            yield source.gap(Why.TOO_LARGE)
        except RecursionError:
            yield source.gap(Why.TOO_DEEP)


def _read(form: Format, source: Source) -> Iterator[Item]:
    match form:
        case Format.TEXT:
            return plain.read(source, _open)
        case Format.ZIP:
            return _read_zip(source)
        case Format.PDF:
            return pdf.read(source, _open)
        case Format.GZIP:
            return archive.read_gzip(source, _open)
        case Format.BZIP2:
            return archive.read_bzip2(source, _open)
        case Format.XZ:
            return archive.read_xz(source, _open)
        case Format.LOCKED:
            return iter((source.gap(Why.ENCRYPTED),))
        case Format.PICTURE:
            return iter((source.gap(Why.UNKNOWN_FORMAT, "picture"),))
        case Format.UNKNOWN:
            return iter((source.gap(Why.UNKNOWN_FORMAT),))


def _read_zip(source: Source) -> Iterator[Item]:
    with archive.open_zip(source) as box:
        members = archive.members(box, source)
        if archive.is_office(box):
            yield from office.read(members, source, _open)
        else:
            yield from archive.read(box, source, _open)
