"""`cerco rules overlap`: rules that say the same, rules within others, rules that nothing calls.

In:    the rules' examples, and what the evidence holds of the newest records.
Out:   pairs of rules with how often they found the same place; rules that found nothing.
Never: a rule called dead on examples alone: without records there is nothing to tell by.
"""

import secrets
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cerco.cli.console import config_option, found_config, json_option, print_json, print_table
from cerco.cli.rules_folder import rules_folder, rules_option
from cerco.runtime.settings import load_settings

if TYPE_CHECKING:
    from cerco.runtime.rulebook import Rulebook
    from cerco.scan.finding import Finding

EVIDENCE = "evidence.db"


@click.command(
    epilog="""\b
Examples:
  cerco rules overlap
  cerco rules overlap --last 100000 --least 0.9
  cerco rules overlap --json | jq -r 'select(.within) | .within'"""
)
@click.option("--last", type=click.IntRange(min=0), default=10_000, show_default=True, metavar="N",
              help="Look also at the newest N records; 0 for examples alone.")  # fmt: skip
@click.option("--least", type=click.FloatRange(0, 1), default=0.5, show_default=True, metavar="SHARE",
              help="Show pairs in which one rule shares at least so much of its finds.")  # fmt: skip
@rules_option
@json_option
@config_option
def overlap(*, last: int, least: float, folder: Path | None, as_json: bool, config: Path | None) -> None:
    """Show pairs of rules that find the same, in examples and recorded findings, and rules that find nothing.

    A rule that found nothing another did not is *within* the other: one of them can go, unless they differ in
    severity. A rule is dead if no record names it.

    --json prints {one, other, ones, others, both, share, within} for each pair, then {rule, dead: true} for each dead
    rule.
    """
    folder = rules_folder(folder, config)
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415 - it brings Presidio
    from cerco.scan.overlap import overlap as compared  # noqa: PLC0415

    book = load_rulebook(folder)
    records = list(_recorded(config, last))
    found = compared(chain(_examples(book), records))
    named = {finding.rule for record in records for finding in record}
    live = [rule.id for rule in book.rules if rule.status != "retired"]
    dead = [rule for rule in live if rule not in named] if records else []
    pairs = [pair for pair in found.pairs if pair.share >= least]
    if as_json:
        for pair in pairs:
            print_json(
                {
                    "one": pair.one, "other": pair.other, "ones": pair.ones, "others": pair.others,
                    "both": pair.both, "share": round(pair.share, 3), "within": pair.inner,
                }
            )  # fmt: skip
        for rule in dead:
            print_json({"rule": rule, "dead": True})
        return
    if pairs:
        print_table(
            ("Rule", "Finds", "Rule", "Finds", "Both", "Share", ""),
            [
                (
                    pair.one, str(pair.ones), pair.other, str(pair.others), str(pair.both), f"{pair.share:.0%}",
                    f"{pair.inner} is within the other" if pair.inner else "",
                )
                for pair in pairs
            ],
        )  # fmt: skip
    for rule in dead:
        click.echo(f"{rule}: dead: no record names it.")
    counted = f"{sum(len(rule.examples) for rule in book.rules)} examples and {len(records)} records"
    close = "" if records else " Without records no rule can be called dead."
    click.echo(f"{counted}: {len(pairs)} pairs overlap by {least:.0%} or more, {len(dead)} rules are dead.{close}")


def _examples(book: "Rulebook") -> Iterator[Sequence["Finding"]]:
    from cerco.extract.text import Text  # noqa: PLC0415 - as above
    from cerco.runtime.shelf import new_detector  # noqa: PLC0415

    detector = new_detector(book.rules, secrets.token_bytes(32))
    for rule in book.rules:
        for example in rule.examples.every():
            yield detector.examine((Text("example", example.text, example.role or rule.applies_to[0]),)).findings


def _recorded(config: Path | None, last: int) -> Iterator[Sequence["Finding"]]:
    """Yield the findings of the newest records that have any, where this site has records."""
    from cerco.evidence.store import EvidenceStore  # noqa: PLC0415 - as above

    path = found_config(config)
    file = load_settings(path).data / EVIDENCE if path else None
    if not last or file is None or not file.is_file():
        return
    store = EvidenceStore(file)
    try:
        yield from (record.verdict.findings for record in store.last(last) if record.verdict.findings)
    finally:
        store.close()
