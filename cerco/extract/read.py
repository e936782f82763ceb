"""Read a file, whatever it is: this is the room's door.

In:    bytes, and the name they travel under, which is used for places only.
Out:   every text in them, and every gap: `Text | Unreadable`.
Never: an exception, and never silence: what was not read is said.
"""

from collections.abc import Callable, Iterator

from cerco.extract import plain
from cerco.extract.formats import READERS
from cerco.extract.identify import Format, identify
from cerco.extract.source import Budget, Item, ReadError, Source
from cerco.extract.text import Limits, Why

_DEFAULT = Limits()


def read(
    data: bytes, name: str | None = None, limits: Limits = _DEFAULT, clock: Callable[[], float] | None = None
) -> Iterator[Item]:
    """Yield each text in a file with its place, and what could not be read.

    Nothing is yielded for a file without content. Works lazily: a caller that stops early saves the rest. `clock` gives
    seconds; it bounds what is slow, such as looking at pictures.
    """
    return _open(Source(data, (name,) if name else (), Budget(limits, clock)))


def _open(source: Source) -> Iterator[Item]:
    said = False
    for item in _readings(source):
        said = True
        yield item
    if source.data and not said:
        # An archive of nothing, a document without a word: what little there is is read as it is written.
        yield from plain.read(source, _open)


def _readings(source: Source) -> Iterator[Item]:
    for form in identify(source.data):
        reader = READERS[form]
        if reader.container and source.depth >= source.budget.limits.depth:
            yield source.gap(Why.TOO_DEEP)
            continue
        try:
            yield from reader.read(source, _open)
        except ReadError as fault:
            yield source.gap(fault.why)
            if fault.why is Why.MALFORMED and form is not Format.TEXT:
                # A signature in front of plain text must not hide it.
                yield from plain.read(source, _open)
        except MemoryError:
            yield source.gap(Why.TOO_LARGE)
        except RecursionError:
            yield source.gap(Why.TOO_DEEP)
