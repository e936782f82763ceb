"""`cerco evidence mark` and `marks`: what people say of records afterwards.

In:    a reference, and somebody's opinion.
Out:   a mark beside the record; the marks there are.
Never: a record changed, or a rule: `cerco rules suppress` drafts what follows from a mark.
"""

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from cerco.cli.console import config_option, json_option, print_json, print_table, settings_of, visible
from cerco.evidence.marks import Mark, Marks, Opinion
from cerco.evidence.record import EvidenceRecord, read_reference
from cerco.evidence.store import EvidenceStore
from cerco.runtime.authority import derive, site_key

FILE = "marks.db"
_RECORDS = "evidence.db"


@click.command(
    epilog="""\b
Examples:
  cerco evidence mark C-7K3M-9QXT --not-sensitive --note "our own hotline"
  cerco evidence mark C-7K3M-9QXT --finding 2 --not-sensitive --by "M. Leong"
  cerco evidence mark C-7K3M-9QXT --sensitive --note "looked again" """
)
@click.argument("reference")
@click.option("--not-sensitive", "opinion", flag_value="not_sensitive", help="What was found is no sensitive data.")
@click.option("--sensitive", "opinion", flag_value="sensitive", help="It is after all: takes the former back.")
@click.option("--finding", "number", type=click.IntRange(min=1), metavar="N",
              help="Only the Nth thing found, as `cerco evidence show` numbers them.")  # fmt: skip
@click.option("--by", metavar="NAME", help="Who says so, or who asked for it.  [default: your login]")
@click.option("--note", default="", help="Why, in a sentence; it is kept sealed.")
@json_option
@config_option
def mark(
    *,
    reference: str,
    opinion: Opinion | None,
    number: int | None,
    by: str | None,
    note: str,
    as_json: bool,
    config: Path | None,
) -> None:
    """Say of a record that what was found is not sensitive. Nothing else changes: the rules stay as they are.

    The mark is evidence itself: it is added, and cannot be changed or taken out. The last one of a record counts.
    """
    if opinion is None:
        raise click.UsageError("say which: --not-sensitive, or --sensitive to take that back.")
    record = find_record(reference, config)
    found = len(record.verdict.findings)
    if number is not None and number > found:
        raise click.UsageError(f"{record.reference} has {found} findings. See: cerco evidence show {record.reference}")
    made = Mark(record.reference, datetime.now(UTC), opinion, by or getpass.getuser(), number, note)
    store = open_marks(config, make=True)
    try:
        store.append(made)
    finally:
        store.close()
    if as_json:
        print_json(made.to_json())
        return
    click.echo(f"{record.reference} is marked as {opinion.replace('_', ' ')}.")
    if opinion == "not_sensitive" and found:
        some = f" --finding {number}" if number else ""
        click.echo(f"To let it pass from now on: cerco rules suppress {record.reference}{some} --until DATE")


@click.command(
    epilog="""\b
Examples:
  cerco evidence marks
  cerco evidence marks C-7K3M-9QXT
  cerco evidence marks --last 500 --json | jq -r 'select(.opinion == "not_sensitive").reference'"""
)
@click.argument("reference", required=False)
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="The newest N.")
@json_option
@config_option
def marks(*, reference: str | None, last: int, as_json: bool, config: Path | None) -> None:
    """Show what people said of records afterwards, newest first; of one record, with a reference."""
    store = open_marks(config)
    try:
        found = store.of(read_reference(reference) or reference)[::-1] if reference else store.last(last)
    finally:
        store.close()
    if as_json:
        for one in found:
            print_json(one.to_json())
        return
    if not found:
        click.echo("There are no marks" + (f" of {visible(reference)}." if reference else "."))
        return
    columns = ("Reference", "Time (UTC)", "What", "Finding", "By", "Note")
    print_table(columns, [_row(one) for one in found])


def find_record(reference: str, config: Path | None) -> EvidenceRecord:
    """Return the record with a reference, as somebody typed it; exits 1 where there is none."""
    path = settings_of(config).data / _RECORDS
    if not path.is_file():
        raise click.UsageError(f"{path}: there is no evidence yet. It is made when the gate first runs.")
    store = EvidenceStore(path)
    try:
        record = store.find(read_reference(reference) or reference)
    finally:
        store.close()
    if record is None:
        click.echo(f"There is no record {visible(reference)}.", err=True)
        raise click.exceptions.Exit(1)
    return record


def open_marks(config: Path | None, *, make: bool = False) -> Marks:
    """Open the file of marks; only making one makes the file."""
    settings = settings_of(config)
    path = settings.data / FILE
    if not make and not path.is_file():
        raise click.UsageError(f"{path}: nothing was ever marked. Mark a record with: cerco evidence mark")
    return Marks(path, derive(site_key(settings.keys), "mark"))


def _row(one: Mark) -> tuple[str, ...]:
    data = one.to_json()
    what = one.opinion.replace("_", " ")
    return (one.reference, data["at"][:19], what, str(one.finding or "all"), one.by, one.note)
