"""`cerco bench`: how well an engine finds what is sensitive, and how often it cries wolf.

In:    the bench's rows; Cerco with a rules folder, stock Presidio, or any program that speaks two lines of JSON.
Out:   tables, one JSON object a column, or a page of Markdown.
Never: a figure of the half that rules are tuned on, unless it is asked for.
"""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cerco.cli import Fault
from cerco.cli.console import json_option, print_json, print_table, remark

if TYPE_CHECKING:
    from cerco.bench.engines import Engine
    from cerco.bench.report import Column
    from cerco.bench.rows import Found, Row

# In a checkout the bench is at hand; an installed Cerco is told where it is.
DATA: Final = Path(__file__).parents[2] / "tests" / "data" / "mo-pii-bench"
OWN: Final = "cerco"
STOCK: Final = "presidio"


@click.command(
    epilog="""\b
Examples:
  cerco bench                                     Cerco beside stock Presidio, on the half nobody tunes on
  cerco bench --split tune --engine cerco         Cerco alone, on the half that is for tuning
  cerco bench --engine cerco --check              exit 1 if a target is missed
  cerco bench --engine 'python my_engine.py'      any engine that answers
                                                  {"id","text","title"?} with {"id","findings"}, line by line
  cerco bench --json | jq .groups.identifiers
  cerco bench --markdown RESULTS.md"""
)
@click.option("--split", type=click.Choice(["tune", "test", "all"]), default="test", show_default=True,
              help="The half of the bench to judge on.")  # fmt: skip
@click.option("--engine", "engines", multiple=True, metavar="NAME|'CMD…'",
              help="cerco, presidio, or a command; can be repeated.  [default: cerco and presidio]")  # fmt: skip
@click.option("--threshold", type=click.FloatRange(0, 1), default=0.5, show_default=True,
              help="The score from which a command's findings are acted on.")  # fmt: skip
@click.option("--rules", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Rules folder for Cerco.  [default: the one that comes with it]")  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=DATA,
              help="Folder with mo-pii-bench.  [default: the checkout's]")  # fmt: skip
@click.option("--markdown", "page", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE|-",
              help="Write the tables as a page of Markdown.")  # fmt: skip
@click.option("--check", is_flag=True, help="Exit 1 if Cerco misses a target.")
@json_option
def bench(
    *, split: str, engines: tuple[str, ...], threshold: float, folder: Path | None, data: Path, page: Path | None,
    check: bool, as_json: bool,
) -> None:  # fmt: skip
    """How well an engine finds what is sensitive, and how often it cries wolf.

    Several engines are measured side by side on mo-pii-bench. For each entity, disguise, language and kind of text:
    which share of the labelled values was found (recall), which share of what was found is right (precision), and how
    many of a thousand harmless texts were flagged.

    --json prints {engine, threshold, splits, groups, entities, disguised, techniques, languages, registers,
    negatives} for each column.
    """
    from cerco.bench.report import as_mapping, markdown, missed_targets, sections  # noqa: PLC0415
    from cerco.bench.rows import SPLITS, BenchError, load_rows  # noqa: PLC0415

    splits = SPLITS if split == "all" else (split,)
    chosen = engines or (OWN, STOCK)
    if check and OWN not in chosen:
        raise click.UsageError("--check judges Cerco. Add: --engine cerco")
    try:
        rows = load_rows(data, splits)
        columns = [column for name in chosen for column in _columns(_engine(name, folder, threshold), rows)]
    except BenchError as error:
        raise Fault(f"cerco: {error}") from None
    if page is not None:
        with click.open_file(str(page), "w", encoding="utf-8") as file:
            file.write(markdown(columns, splits))
    if as_json:
        for column in columns:
            print_json(as_mapping(column, splits))
    elif page is None:
        for section in sections(columns):
            click.echo(f"\n{section.heading}")
            print_table(section.heads, section.rows)
    if check and (
        missed := [line for column in columns if column.engine == OWN for line in missed_targets(column.score)]
    ):
        for line in missed:
            remark(f"missed: {line}")
        raise click.exceptions.Exit(1)


def _engine(name: str, folder: Path | None, threshold: float) -> "Engine":
    from cerco.bench.engines import cerco_engine, presidio_engine, process_engine  # noqa: PLC0415
    from cerco.runtime.settings import packaged_rules  # noqa: PLC0415

    if name == OWN:
        return cerco_engine(folder or packaged_rules())
    if name == STOCK:
        return presidio_engine()
    try:
        words = shlex.split(name)
    except ValueError as error:
        raise click.UsageError(f"--engine {name}: {error}.") from None
    if not words:
        raise click.UsageError("--engine is empty. Name cerco, presidio or a command.")
    return process_engine(name, threshold)


def _columns(engine: "Engine", rows: "Sequence[Row]") -> "Iterator[Column]":
    """Run an engine once, and judge it at each of its thresholds."""
    from cerco.bench.report import Column  # noqa: PLC0415
    from cerco.bench.score import score  # noqa: PLC0415

    if engine.note:
        remark(f"{engine.name}: {engine.note}.")
    found = {row.id: here for row, here in _watched(engine, rows)}
    for threshold in engine.thresholds:
        acting = {row: tuple(one for one in here if one.score >= threshold) for row, here in found.items()}
        yield Column(engine.name, threshold, score(rows, acting))


def _watched(engine: "Engine", rows: "Sequence[Row]") -> "Iterator[tuple[Row, tuple[Found, ...]]]":
    """Pass through what the engine finds, showing how far it is on standard error."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    console = Console(stderr=True)
    yield from track(
        engine.run(rows), total=len(rows), description=engine.name, console=console, disable=not console.is_terminal
    )
