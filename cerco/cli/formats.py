"""`cerco formats`: which formats are opened, what of each is read, and by which library.

In:    nothing.
Out:   a table, or one JSON object a line.
Never: a format of which nothing is said: the table is the one that reading goes by.
"""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import click

from cerco.cli.console import json_option, print_json, print_table

if TYPE_CHECKING:
    from cerco.extract.formats import Reader

_MISSING = "not installed"


@click.command(
    epilog="""\b
Examples:
  cerco formats
  cerco formats --json | jq -r 'select(.libraries == {}) | .format'"""
)
@json_option
def formats(as_json: bool) -> None:
    """Show which formats are opened, what of each is read, and by which library.

    A file is known by its content, whatever it is called. What is not read is said in every verdict, and the policy
    decides what follows.

    --json prints {format, reads, libraries, container} for each, libraries with their versions.
    """
    # Loaded here: it brings every reader, without which `--help` answers at once.
    from cerco.extract.formats import READERS  # noqa: PLC0415

    if as_json:
        for form, reader in READERS.items():
            print_json(
                {
                    "format": form.value,
                    "reads": reader.covers,
                    "libraries": _libraries(reader),
                    "container": reader.container,
                }
            )
        return
    rows = [
        (form.value, reader.covers, ", ".join(f"{name} {said}" for name, said in _libraries(reader).items()) or "-")
        for form, reader in READERS.items()
    ]
    print_table(("Format", "What is read", "Library"), rows)


def _libraries(reader: "Reader") -> dict[str, str]:
    """Return name -> version of what a reader needs; what is missing is said."""
    from cerco.extract import libarchive  # noqa: PLC0415
    from cerco.extract.formats import ARCHI, STDLIB  # noqa: PLC0415

    found: dict[str, str] = {}
    for name in reader.libraries:
        if name == STDLIB:
            found[name] = platform.python_version()
        elif name == ARCHI:
            found["libarchive"] = libarchive.version() or _MISSING
        else:
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                found[name] = _MISSING
    return found
