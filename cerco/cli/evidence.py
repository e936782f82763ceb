"""`cerco evidence`: what was decided, by reference number.

In:    the evidence store of the settings.
Out:   records, for people or as JSON.
Never: a record changed, or a store made by looking for it.
"""

from pathlib import Path
from typing import Any

import click

from cerco.cli.console import config_option, json_option, print_json, print_table, settings_of, visible
from cerco.cli.evidence_marks import FILE as MARKS
from cerco.cli.evidence_marks import mark, marks, open_marks
from cerco.evidence.justifications import Justification, Justifications
from cerco.evidence.record import EvidenceRecord, read_reference
from cerco.evidence.store import EvidenceStore
from cerco.runtime.authority import derive, site_key

FILE = "evidence.db"
REASONS = "justifications.db"


@click.group(
    epilog="""\b
Examples:
  cerco evidence show C-7K3M-9QXT
  cerco evidence mark C-7K3M-9QXT --not-sensitive
  cerco evidence verify"""
)
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
        _print_marks(records[0].reference, config)
    else:
        print_table(("Reference", "Time (UTC)", "Action", "From", "To", "What"), [_row(record) for record in records])


@evidence.command(
    epilog="""\b
Examples:
  cerco evidence justifications --last 20
  cerco evidence justifications C-7K3M-9QXT
  cerco evidence justifications --last 500 --json | jq -r .reason | sort | uniq -c"""
)
@click.argument("reference", required=False)
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="The newest N.")
@json_option
@config_option
def justifications(reference: str | None, last: int, as_json: bool, config: Path | None) -> None:
    """Show the reasons people gave for what was then let through, newest first.

    With a reference, the one that answers that refusal; exits 1 if there is none. Needs the site key, with which
    people's own words are sealed. What was let through bears "justified: REFERENCE" among its decisions.
    """
    records, reasons = _open(config), _open_reasons(config)
    try:
        found = [reasons.find(read_reference(reference) or reference)] if reference else list(reasons.last(last))
        given = [(one, records.find(one.reference)) for one in found if one is not None]
    finally:
        records.close()
        reasons.close()
    if reference and not given:
        click.echo(f"No reason was given for {visible(reference)}.", err=True)
        raise click.exceptions.Exit(1)
    if as_json:
        for one, record in given:
            print_json({**one.to_json(), "record": record.to_json() if record else None})
        return
    columns = ("Reference", "Time (UTC)", "From", "To", "What", "Reason", "In their words")
    print_table(columns, [_reason_row(one, record) for one, record in given])


@evidence.command(epilog="\b\nExamples:\n  cerco evidence verify")
@config_option
def verify(config: Path | None) -> None:
    """Check that no record, reason or mark was changed, slipped in or taken out. Exits 1 if one was."""
    store = _open(config)
    try:
        count, broken = store.verify()
    finally:
        store.close()
    _say_verified("record", count, broken)
    if (settings_of(config).data / REASONS).is_file():
        reasons = _open_reasons(config)
        try:
            count, broken = reasons.verify()
        finally:
            reasons.close()
        _say_verified("reason", count, broken)
    _verify_marks(config)


def _verify_marks(config: Path | None) -> None:
    if not (settings_of(config).data / MARKS).is_file():
        return
    store = open_marks(config)
    try:
        count, broken = store.verify()
    finally:
        store.close()
    _say_verified("mark", count, broken)


for _command in (mark, marks):
    evidence.add_command(_command)


def _say_verified(what: str, count: int, broken: str | None) -> None:
    if broken is not None:
        before = f"{what.capitalize()}s before it that hold: {count}."
        click.echo(f"Broken: {broken} was changed or does not belong here. {before}")
        raise click.exceptions.Exit(1)
    click.echo(f"{count} {what}{'s' * (count != 1)}: the chain holds.")


def _open(config: Path | None) -> EvidenceStore:
    path = settings_of(config).data / FILE
    if not path.is_file():
        raise click.UsageError(f"{path}: there is no evidence yet. It is made when the gate first runs.")
    return EvidenceStore(path)


def _open_reasons(config: Path | None) -> Justifications:
    settings = settings_of(config)
    path = settings.data / REASONS
    if not path.is_file():
        raise click.UsageError(f"{path}: no reason was ever given. It is made when the gate first runs.")
    return Justifications(path, derive(site_key(settings.keys), "justification"))


def _print_marks(reference: str, config: Path | None) -> None:
    """Say what people said of a record; the words themselves are sealed, and shown by `cerco evidence marks`."""
    if not (settings_of(config).data / MARKS).is_file():
        return
    store = open_marks(config)
    try:
        for one in store.of(reference):
            about = f"finding {one.finding}" if one.finding else "all of it"
            click.echo(f"{'Marked':13} {about} {one.opinion.replace('_', ' ')}, by {visible(one.by)}")
    finally:
        store.close()


def _reason_row(given: Justification, record: EvidenceRecord | None) -> tuple[str, ...]:
    data = record.to_json() if record else None
    to, what = (data["destination"]["host"], _what(data)) if data else ("-", "-")
    at = given.to_json()["at"][:19]
    return (given.reference, at, given.address, to, what, given.reason, given.sentence)


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
        columns = ("N", "Found", "Where", "Sample", "Score", "Because")
        print_table(columns, [_found(number, one) for number, one in enumerate(verdict["findings"], 1)])
    if verdict["coverage"]:
        click.echo()
        print_table(("Not read", "Why"), [(gap["place"], gap["why"]) for gap in verdict["coverage"]])


def _found(number: int, one: dict[str, Any]) -> tuple[str, ...]:
    return (str(number), one["rule"], one["place"], one["masked"], f"{one['score']:.2f}", "; ".join(one["reasons"]))
