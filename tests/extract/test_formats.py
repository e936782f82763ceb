"""Every format has its line in the table that everything else goes by."""

from importlib.metadata import version

import pytest

from cerco.extract.formats import READERS, STDLIB
from cerco.extract.identify import Format


@pytest.mark.parametrize("form", Format)
def test_every_format_says_what_of_it_is_read_and_by_what(form: Format) -> None:
    reader = READERS[form]
    assert reader.covers
    assert all(library == STDLIB or version(library) for library in reader.libraries)
