"""What several commands share: where the settings are, and how rows and JSON are printed.

In:    command-line values and plain rows.
Out:   `Settings`; text on standard output, remarks on standard error.
Never: a remark on standard output, where a program may be reading.
"""

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from cerco.runtime.settings import Settings, load_settings

PLACES: Final = (Path("cerco.yaml"), Path("/etc/cerco/cerco.yaml"))
# Wide enough for a place inside a workbook and a masked sample, where no terminal says how wide it is.
WIDTH: Final = 140

type Step = Callable[[], None]
"""To be called once for each piece of long work that is done."""


def config_option[F: Callable[..., Any]](function: F) -> F:
    """Add `--config FILE`, whose value is the path or None."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Settings file.  [default: ./cerco.yaml, then /etc/cerco/cerco.yaml]",
    )(function)


def json_option[F: Callable[..., Any]](function: F) -> F:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")(function)


def found_config(config: Path | None) -> Path | None:
    """Return the settings file that was named, or the first that exists in its usual places."""
    return config or next((place for place in PLACES if place.is_file()), None)


def settings_of(config: Path | None) -> Settings:
    """Read the settings.

    Raises:
        click.UsageError: there is no settings file.
        RuleErrors: it has faults.
    """
    path = found_config(config)
    if path is None:
        raise click.UsageError(
            "there is no cerco.yaml here or in /etc/cerco. Make one with: cerco init, or name it with --config."
        )
    return load_settings(path)


def remark(text: str) -> None:
    """Tell the person something beside the result."""
    click.echo(text, err=True)


@contextmanager
def progress(what: str, total: int, *, quiet: bool = False) -> Iterator[Step]:
    """Show on standard error how far long work has come and how long it still takes, if a person can see it there."""
    from rich.console import Console  # noqa: PLC0415 - only for long work
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one object on one line, always in UTF-8, as RFC 8259 asks of JSON between programs.

    Halves of surrogate pairs, which a hostile file name may hold, are written as JSON escapes.
    """
    click.echo(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headings; control characters in cells, which may come from a sender, are made visible."""
    from rich.console import Console  # noqa: PLC0415 - only for tables
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    width = None if sys.stdout.isatty() else max(WIDTH, shutil.get_terminal_size().columns)
    Console(width=width, highlight=False).print(table)


def visible(text: str) -> str:
    """Replace characters that could move the cursor or hide what follows (terminal escapes, bidi marks)."""
    return "".join(one if one.isprintable() else "�" for one in text)
