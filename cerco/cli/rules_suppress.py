"""`cerco rules suppress`: draft the narrowest exception for what a rule was wrong about.

In:    the reference of a record, and a day.
Out:   a file under rules/suppressions/, with the tests that pin it.
Never: a value, or an exception without a day: it names one rule, one keyed fingerprint and its last day.
"""

import getpass
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cerco.cli.console import config_option, json_option, print_json, print_table
from cerco.cli.evidence_marks import find_record
from cerco.cli.rules_folder import rules_folder, rules_option

if TYPE_CHECKING:
    from cerco.evidence.record import EvidenceRecord
    from cerco.scan.finding import Finding

LONGEST = 366  # days; a year on, somebody must look again


@click.command(
    epilog="""\b
Examples:
  cerco rules suppress C-7K3M-9QXT --until 2027-03-31 --why "our own hotline"
  cerco rules suppress C-7K3M-9QXT --finding 2 --until 2027-03-31
  cerco rules suppress C-7K3M-9QXT --until 2027-03-31 --print"""
)
@click.argument("reference")
@click.option("--until", required=True, metavar="DATE", help="The last day on which it holds, such as 2027-03-31.")
@click.option("--finding", "number", type=click.IntRange(min=1), metavar="N",
              help="Which thing found, as `cerco evidence show` numbers them, where there are several.")  # fmt: skip
@click.option("--why", default="not sensitive", show_default=True, help="A sentence for colleagues; no personal data.")
@click.option("--by", metavar="NAME", help="Who answers for it.  [default: your login]")
@click.option("--print", "only_print", is_flag=True, help="Print the file instead of writing it.")
@rules_option
@json_option
@config_option
def suppress(
    *,
    reference: str,
    until: str,
    number: int | None,
    why: str,
    by: str | None,
    only_print: bool,
    folder: Path | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Draft a suppression: this rule leaves this one value alone until a day, and nothing else.

    The value is known by its keyed fingerprint; for phrases that is the phrase. The same value under another rule,
    another value under the same rule, and everything after that day are found as before, and the tests in the file say
    so. A gate that runs takes it up within a second; so keep the rules where changes are reviewed.

    --json prints one object: {file, id, rule, fingerprint, masked, until}.
    """
    last = _day(until)
    record = find_record(reference, config)
    place, finding = _chosen(record, number)
    rules = rules_folder(folder, config)
    name = f"{record.reference.lower()}-{place}"
    text = _file(name, record, finding, last, why=why, by=by or getpass.getuser())
    if only_print:
        click.echo(text, nl=False)
        return
    file = _write(rules, name, text)
    made = {"file": str(file), "id": name, "rule": finding.rule, "fingerprint": finding.fingerprint,
            "masked": finding.masked, "until": last.isoformat()}  # fmt: skip
    if as_json:
        print_json(made)
        return
    click.echo(f"{file}: {finding.rule} leaves {finding.masked} alone until {last}. See: cerco rules check")


def _day(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise click.UsageError("--until is no date. Write it as 2027-03-31.") from None
    today = datetime.now(UTC).date()
    if not today <= day <= today + timedelta(days=LONGEST):
        raise click.UsageError(f"--until must be a day from today on, and within {LONGEST} days. Then look again.")
    return day


def _chosen(record: "EvidenceRecord", number: int | None) -> tuple[int, "Finding"]:
    """Return the finding that is meant, and its number in the record."""
    findings = record.verdict.findings
    if not findings:
        raise click.UsageError(f"{record.reference} has no findings: there is nothing to suppress.")
    if number is not None:
        if number > len(findings):
            raise click.UsageError(f"{record.reference} has {len(findings)} findings, numbered from 1.")
        return number, findings[number - 1]
    first: dict[tuple[str, str], int] = {}
    for place, finding in enumerate(findings, 1):
        first.setdefault((finding.rule, finding.fingerprint), place)
    if len(first) > 1:
        rows = [
            (str(place), findings[place - 1].rule, findings[place - 1].place, findings[place - 1].masked)
            for place in first.values()
        ]
        print_table(("N", "Rule", "Where", "Sample"), rows)
        raise click.UsageError("several things were found. Say which with --finding N.")
    return 1, findings[0]


def _file(name: str, record: "EvidenceRecord", finding: "Finding", last: date, *, why: str, by: str) -> str:
    """Return the file: one rule, one fingerprint, one day; and what must hold of it."""

    def quoted(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    flipped = finding.fingerprint[:-1] + ("0" if finding.fingerprint[-1] != "0" else "1")
    after = last + timedelta(days=1)
    own, near = quoted(finding.fingerprint), quoted(flipped)
    lines = [
        "# yaml-language-server: $schema=../schema/suppression.json",
        "# One value that one rule is wrong about. Made by `cerco rules suppress`; delete the file to end it early.",
        f"id: {name}",
        f"rule: {finding.rule}",
        f"fingerprint: {own}",
        f"masked: {quoted(finding.masked)}",
        f"until: {last}",
        f"why: {quoted(why)}",
        f"by: {quoted(by)}",
        f"reference: {record.reference}",
        "tests:",
        "  # What it is for; that it ends; that it spares no value but this one, and no rule but this one.",
    ]
    for rule, mark, at, expect in (
        (finding.rule, own, last, "left alone"),
        (finding.rule, own, after, "found"),
        (finding.rule, near, last, "found"),
        ("another-rule", own, last, "found"),
    ):
        lines.append(f"  - {{rule: {rule}, fingerprint: {mark}, at: {at}, expect: {expect}}}")
    return "\n".join(lines) + "\n"


def _write(rules: Path, name: str, text: str) -> Path:
    """Write the file whole; raises where there is one, or where it is not what the loader accepts."""
    from cerco.decide.load import load  # noqa: PLC0415 - it brings pydantic
    from cerco.decide.suppress import Suppression  # noqa: PLC0415
    from cerco.runtime.rulebook import SUPPRESSIONS  # noqa: PLC0415

    file = rules / SUPPRESSIONS / f"{name}.yaml"
    load(text, str(file), Suppression)
    file.parent.mkdir(exist_ok=True)
    if file.exists():
        raise click.UsageError(f"{file}: is there already. Change its day, or delete it first.")
    # Beside it first, under a name that is no rule file: a gate that follows the folder never sees half of it.
    beside = file.with_suffix(".new")
    beside.write_text(text, "utf-8")
    beside.replace(file)
    return file
