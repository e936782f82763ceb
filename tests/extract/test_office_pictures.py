"""A picture in a document is handed on as the file it was, whatever the document keeps it in."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cerco.extract import read as door
from cerco.extract.formats import READERS
from cerco.extract.identify import Format
from cerco.extract.source import Item, Opener, Source
from tests.data.files.pictured import picture, pictured
from tests.data.files.planting import Made


@pytest.mark.parametrize("made", [pytest.param(made, id=made.format) for made in pictured()])
def test_a_picture_comes_out_as_it_went_in(monkeypatch: pytest.MonkeyPatch, made: Made) -> None:
    seen: list[bytes] = []

    def note(source: Source, _open: Opener) -> Iterator[Item]:
        seen.append(source.data)
        return iter(())

    readers = {**READERS, Format.PICTURE: replace(READERS[Format.PICTURE], read=note)}
    monkeypatch.setattr(door, "READERS", readers)
    list(door.read(made.data, made.name))
    assert picture() in seen
