"""What made each finding's score, for `cerco scan --explain`.

In:    a report.
Out:   a paragraph for each finding on standard output.
Never: a value: samples are masked.
"""

from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from cerco.runtime.library import Report
    from cerco.scan.finding import Finding

# How a reason begins (see `cerco.scan`), and what it is called here.
_KINDS: Final = {
    "pattern ": "Pattern",
    "phrase": "Phrase",
    "checksum ": "Checksum passed",
    "context ": "Word beside it",
    "column ": "Head of its column",
    "title ": "Title above it",
    "read as ": "Read as",
    "model ": "Name model",
    "beside ": "Stands beside",
    "in a list": "List",
}


def print_explained(shown: str, report: "Report") -> None:
    """Print the verdict on an input, and for each finding which pattern, check, words and steps made its score."""
    decided = f" by {', '.join(report.decisions)}" if report.decisions else ""
    observed = " (observed only)" if report.observed else ""
    click.echo(f"{shown}: {report.verdict}{observed}{decided}")
    for finding in report.findings:
        click.echo(f"\n  {finding.masked}  {finding.entity}, rule {finding.rule}, score {finding.score}")
        click.echo(f"    Where: {finding.place}, characters {finding.start}-{finding.end}")
        for name, said in _reasons(finding):
            click.echo(f"    {name}: {said}")
    for gap in report.coverage:
        click.echo(f"\n  not read: {gap.why}\n    Where: {gap.place}")
    for without in report.degraded:
        click.echo(f"\n  searched without {without}")
    click.echo("")


def _reasons(finding: "Finding") -> list[tuple[str, str]]:
    named = []
    for reason in finding.reasons:
        opening = next((opening for opening in _KINDS if reason.startswith(opening)), "")
        said = reason.removeprefix(opening) or reason
        if opening == "context ":
            word, _, distance = said.rpartition(" ")
            count = abs(int(distance))
            said = f"{word} ({count} character{'s' * (count != 1)} {'before' if int(distance) < 0 else 'after'})"
        if opening == "in a list":
            said = "several of its like in one list or column"
        named.append((_KINDS.get(opening, "Also"), said))
    return named
