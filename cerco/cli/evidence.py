"""`cerco evidence`: what was decided, by reference number.

In:    the evidence store of the settings.
Out:   records, for people or as JSON.
Never: a record changed, or a store made by looking for it.
"""

from pathlib import Path
from typing import Any

import click

from cerco.cli.console import config_option, json_option, print_json, print_table, settings_of, visible
from cerco.evidence.record import EvidenceRecord, read_reference
from cerco.evidence.store import EvidenceStore

FILE = "evidence.db"


@click.group(epilog="\b\nExamples:\n  cerco evidence show C-7K3M-9QXT\n  cerco evidence verify")
def evidence() -> None:
    """The record of what was decided, and why."""


@evidence.command(
    epilog="""\b
Examples:
  cerco evidence show C-7K3M-9QXT
  cerco evidence show --last 20
  cerco evidence show --last 1000 --json | jq -r .verdict.action | sort | uniq -c"""
)
@click.argument("reference", required=False)
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="The newest N records, newest first.")
@json_option
@config_option
def show(reference: str | None, last: int | None, as_json: bool, config: Path | None) -> None:
    """Show one record, or the newest ones. Exits 1 if there is no such record."""
    if (reference is None) == (last is None):
        raise click.UsageError("name one reference, such as C-7K3M-9QXT, or say how many with --last N.")
    store = _open(config)
    try:
        wanted = (
            [store.find(read_reference(reference) or reference)]
            if reference is not None
            else list(store.last(last or 0))
        )
    finally:
        store.close()
    records = [record for record in wanted if record is not None]
    if reference is not None and not records:
        click.echo(f"There is no record {visible(reference)}.", err=True)
        raise click.exceptions.Exit(1)
    if as_json:
        for record in records:
            print_json(record.to_json())
    elif reference is not None:
        _print_one(records[0].to_json())
    else:
        print_table(("Reference", "Time (UTC)", "Action", "From", "To", "What"), [_row(record) for record in records])


@evidence.command(epilog="\b\nExamples:\n  cerco evidence verify")
@config_option
def verify(config: Path | None) -> None:
    """Check that no record was changed, slipped in or taken out. Exits 1 if one was."""
    store = _open(config)
    try:
        count, broken = store.verify()
    finally:
        store.close()
    if broken is not None:
        click.echo(f"Broken: {broken} was changed or does not belong here. Records before it that hold: {count}.")
        raise click.exceptions.Exit(1)
    click.echo(f"{count} record{'s' * (count != 1)}: the chain holds.")


def _open(config: Path | None) -> EvidenceStore:
    path = settings_of(config).data / FILE
    if not path.is_file():
        raise click.UsageError(f"{path}: there is no evidence yet. It is made when the gate first runs.")
    return EvidenceStore(path)


def _what(record: dict[str, Any]) -> str:
    verdict = record["verdict"]
    found = [finding["rule"] for finding in verdict["findings"]] + [gap["why"] for gap in verdict["coverage"]]
    return ", ".join(dict.fromkeys(found)) or "-"


def _row(record: EvidenceRecord) -> tuple[str, ...]:
    data = record.to_json()
    host = data["destination"]["host"]
    return (data["reference"], data["at"][:19], data["action"], data["actor"]["address"], host, _what(data))


def _print_one(data: dict[str, Any]) -> None:
    verdict = data["verdict"]
    lines = {
        "Reference": data["reference"],
        "Time": data["at"],
        "Action": data["action"],
        "Verdict": verdict["action"] + (" (observed only)" if verdict["observed"] else ""),
        "Decisions": ", ".join(verdict["decisions"]) or "-",
        "From": " ".join(filter(None, (data["actor"]["address"], data["actor"]["account"]))),
        "To": f"{data['destination']['host']} ({data['destination']['region']})",
        "Conversation": data["destination"]["conversation"] or "-",
        "Operation": f"{data['channel']} {data['operation']}",
        "Read": f"{data['parts']} parts, {data['bytes_read']} bytes",
        "TLS": f"client {data['tls']['client'] or '-'}, DingTalk {data['tls']['server'] or '-'}",
        "Rules": data["ruleset"],
    }
    for name, value in lines.items():
        click.echo(f"{name:13} {visible(str(value))}")
    if verdict["findings"]:
        click.echo()
        print_table(
            ("Found", "Where", "Sample", "Score", "Because"),
            [
                (found["rule"], found["place"], found["masked"], f"{found['score']:.2f}", "; ".join(found["reasons"]))
                for found in verdict["findings"]
            ],
        )
    if verdict["coverage"]:
        click.echo()
        print_table(("Not read", "Why"), [(gap["place"], gap["why"]) for gap in verdict["coverage"]])
