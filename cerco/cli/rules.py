"""`cerco rules`: are the rules whole, and do they do what they say?

In:    a rules folder.
Out:   every fault, each with its file, line and remedy; or one sentence.
Never: a fault hidden behind another.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cerco.cli.console import config_option, found_config
from cerco.decide.check import check_policy
from cerco.decide.load import Fault, RuleError, RuleErrors, locate
from cerco.runtime.settings import load_settings, packaged_rules

if TYPE_CHECKING:
    from cerco.runtime.rulebook import Rulebook


@click.group(epilog="\b\nExamples:\n  cerco rules check\n  cerco rules check --rules ./rules")
def rules() -> None:
    """The rules that say what is sensitive and what happens then."""


@rules.command(epilog="\b\nExamples:\n  cerco rules check\n  cerco rules check --rules ./rules")
@click.option("--rules", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Rules folder.  [default: the settings' own, or the one that comes with Cerco]")  # fmt: skip
@config_option
def check(folder: Path | None, config: Path | None) -> None:
    """Load the rules, try their examples and the policy's tests, and show every fault. Exits 1 if there is one."""
    path = found_config(config)
    # Loaded here, and the engine below: they take longer to import than most folders take to load.
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415

    folder = folder or (load_settings(path).rules_dir if path else packaged_rules())
    try:
        book = load_rulebook(folder)
    except RuleErrors as errors:
        click.echo(str(errors), err=True)
        raise click.exceptions.Exit(1) from None
    faults = [*_examples(folder, book), *_policy(folder, book)]
    for fault in faults:
        click.echo(str(fault), err=True)
    examples = sum(len(rule.examples) for rule in book.rules)
    said = f"{len(faults)} fault{'s' * (len(faults) > 1)}" if faults else "no issues"
    click.echo(f"{len(book.rules)} rules, {len(book.policy.decisions)} decisions, {examples} examples: {said}")
    if faults:
        raise click.exceptions.Exit(1)


def _examples(folder: Path, book: "Rulebook") -> Iterator[RuleError]:
    from cerco.runtime.rulebook import DETECT  # noqa: PLC0415
    from cerco.scan.detector import Detector  # noqa: PLC0415
    from cerco.scan.examples import check_examples  # noqa: PLC0415

    detector = Detector(book.rules, secrets.token_bytes(32))
    for rule in book.rules:
        path = folder / DETECT / f"{rule.id}.yaml"
        remedy = "Correct the example, or the rule's match."
        faults = [
            Fault(
                ("examples", trial.side, trial.language, trial.index),
                "matched" if trial.matched else "not matched",
                remedy,
            )
            for trial in check_examples(rule, detector)
        ]
        yield from locate(path.read_text("utf-8"), str(path), faults, where=rule.id)


def _policy(folder: Path, book: "Rulebook") -> Iterator[RuleError]:
    from cerco.runtime.rulebook import POLICY  # noqa: PLC0415

    path = folder / POLICY
    faults = check_policy(book.policy, [rule.id for rule in book.rules])
    yield from locate(path.read_text("utf-8"), str(path), faults)
