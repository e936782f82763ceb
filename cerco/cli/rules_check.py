"""`cerco rules check` and `cerco rules test`: are the rules whole, and do they do what they say?

In:    a rules folder.
Out:   every fault with its file, line and remedy, and one last sentence; or how each example went.
Never: a fault hidden behind another. Examples are shown: they are invented, and whoever runs this can open their file.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cerco.cli.console import config_option, json_option, print_json, print_table
from cerco.cli.rules_folder import rules_folder, rules_option
from cerco.decide.check import untidy
from cerco.decide.load import Fault, RuleError, locate
from cerco.decide.schema import SCHEMAS, stale

if TYPE_CHECKING:
    from cerco.decide.policy import Policy
    from cerco.runtime.rulebook import Parts
    from cerco.scan.examples import Trial
    from cerco.scan.rule import DetectRule

_REMEDY = "Correct the example, or the rule's match."
_SHOWN = 60  # characters of an example


@click.command(
    epilog="\b\nExamples:\n  cerco rules check\n  cerco rules check --rules ./rules\n  cerco rules check --json"
)
@rules_option
@json_option
@config_option
def check(*, folder: Path | None, as_json: bool, config: Path | None) -> None:
    """Load the rules, try their examples and the policy's tests, and show every fault. Exits 1 if there is one.

    A suppression that has expired is a fault, too, though the gate works on without it.

    --json prints one object: {rules, decisions, examples, suppressions, faults: [{file, line, where, field, problem,
    remedy}]}.
    """
    folder = rules_folder(folder, config)
    # Loaded here, and the engine below: they take longer to import than most folders take to load.
    from cerco.runtime.rulebook import read_parts  # noqa: PLC0415

    parts = read_parts(folder)
    policy = _policy(folder, parts.policy) if parts.policy else ()
    faults = [*parts.faults, *_examples(folder, parts.rules), *policy, *_suppressions(folder, parts), *_schemas(folder)]
    decisions = len(parts.policy.decisions) if parts.policy else 0
    examples = sum(len(rule.examples) for rule in parts.rules)
    counts = {
        "rules": len(parts.rules),
        "decisions": decisions,
        "examples": examples,
        "suppressions": len(parts.suppressions),
    }
    if as_json:
        print_json({**counts, "faults": [_object(fault) for fault in faults]})
    else:
        for fault in faults:
            click.echo(str(fault), err=True)
        said = f"{len(faults)} fault{'s' * (len(faults) > 1)}" if faults else "no issues"
        shown = {name.removesuffix("s") if number == 1 else name: number for name, number in counts.items()}
        counted = ", ".join(f"{number} {name}" for name, number in shown.items() if number or name != "suppressions")
        click.echo(f"{counted}: {said}")
    if faults:
        raise click.exceptions.Exit(1)


@click.command(
    epilog="""\b
Examples:
  cerco rules test                     how the examples of every rule went
  cerco rules test macau-id-card       each example of one rule
  cerco rules test --json | jq -r 'select(.kept | not) | .file + ":" + (.line | tostring)'"""
)
@click.argument("rule_id", metavar="[ID]", required=False)
@rules_option
@json_option
@config_option
def test(*, rule_id: str | None, folder: Path | None, as_json: bool, config: Path | None) -> None:
    """Run the rules' examples: of all rules, or of the one named. Exits 1 if one does not come out as it should.

    --json prints one object for each example: {rule, side, language, text, role, matched, kept, file, line}.
    """
    folder = rules_folder(folder, config)
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415 - as above
    from cerco.runtime.shelf import new_detector  # noqa: PLC0415
    from cerco.scan.examples import try_examples  # noqa: PLC0415

    book = load_rulebook(folder)
    rules = [rule for rule in book.rules if rule_id in {None, rule.id}]
    if not rules:
        raise click.UsageError(f"there is no rule {rule_id}. See: cerco rules test")
    detector = new_detector(book.rules, secrets.token_bytes(32))
    tried = [(rule, list(try_examples(rule, detector))) for rule in rules]
    if as_json:
        for rule, trials in tried:
            for trial, line in _lines(folder, rule, trials):
                print_json(_trial(folder, rule, trial, line))
    elif rule_id:
        _print_examples(folder, rules[0], tried[0][1])
    else:
        _print_rules(folder, tried)
    if any(not trial.kept for _, trials in tried for trial in trials):
        raise click.exceptions.Exit(1)


def _examples(folder: Path, rules: Sequence["DetectRule"]) -> Iterator[RuleError]:
    from cerco.runtime.shelf import new_detector  # noqa: PLC0415 - as above
    from cerco.scan.examples import check_examples  # noqa: PLC0415

    detector = new_detector(rules, secrets.token_bytes(32))
    for rule in rules:
        path = _file(folder, rule)
        faults = [Fault(trial.path, trial.said, _REMEDY) for trial in check_examples(rule, detector)]
        yield from locate(path.read_text("utf-8"), str(path), faults, where=rule.id)


def _policy(folder: Path, policy: "Policy") -> Iterator[RuleError]:
    """Yield what the policy says in vain; what keeps a gate from working by it was found while loading."""
    from cerco.runtime.rulebook import POLICY  # noqa: PLC0415

    path = folder / POLICY
    yield from locate(path.read_text("utf-8"), str(path), untidy(policy))


def _suppressions(folder: Path, parts: "Parts") -> Iterator[RuleError]:
    """Yield what suppressions say in vain; what contradicts their tests was found while loading."""
    from cerco.decide.suppress import doubled, idle  # noqa: PLC0415 - as above
    from cerco.runtime.rulebook import SUPPRESSIONS  # noqa: PLC0415

    zone = parts.policy.zone if parts.policy else UTC
    known = {path.stem for path in (folder / "detect").glob("*.yaml")}
    again = list(doubled(parts.suppressions))
    for one in parts.suppressions:
        path = folder / SUPPRESSIONS / f"{one.id}.yaml"
        faults = [*idle(one, known, datetime.now(zone).date()), *(fault for other, fault in again if other is one)]
        yield from locate(path.read_text("utf-8"), str(path), faults, where=one.id)


def _schemas(folder: Path) -> Iterator[RuleError]:
    """Yield a fault for each schema that lies in the folder and is not what this version of Cerco reads."""
    for name in SCHEMAS:
        path = folder / "schema" / f"{name}.json"
        if path.is_file() and stale(name, path.read_text("utf-8")):
            remedy = f"Write it anew with: cerco rules schema --out {path.parent}"
            yield RuleError(str(path), 1, name, "schema", "is not that of this version of Cerco", remedy)


def _object(fault: RuleError) -> dict[str, Any]:
    return {
        "file": fault.file, "line": fault.line, "where": fault.where,
        "field": fault.field, "problem": fault.problem, "remedy": fault.remedy,
    }  # fmt: skip


def _file(folder: Path, rule: "DetectRule") -> Path:
    from cerco.runtime.rulebook import DETECT  # noqa: PLC0415

    return folder / DETECT / f"{rule.id}.yaml"


def _lines(folder: Path, rule: "DetectRule", trials: Sequence["Trial"]) -> Iterator[tuple["Trial", int]]:
    """Yield each trial with the line its example stands on."""
    path = _file(folder, rule)
    text = path.read_text("utf-8")
    for trial in trials:
        [found] = locate(text, str(path), [Fault(trial.path, trial.said, _REMEDY)])
        yield trial, found.line


def _trial(folder: Path, rule: "DetectRule", trial: "Trial", line: int) -> dict[str, Any]:
    example = trial.example(rule)
    return {
        "rule": rule.id, "side": trial.side, "language": trial.language, "text": example.text,
        "role": example.role or rule.applies_to[0], "matched": trial.matched, "kept": trial.kept,
        "file": str(_file(folder, rule)), "line": line,
    }  # fmt: skip


def _print_examples(folder: Path, rule: "DetectRule", trials: Sequence["Trial"]) -> None:
    rows = []
    for trial, line in _lines(folder, rule, trials):
        text = trial.example(rule).text.replace("\n", " ⏎ ").replace("\t", " ⇥ ")
        shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
        wanted = "match" if trial.side == "match" else "leave alone"
        rows.append((str(line), trial.language, wanted, "matched" if trial.matched else "-", _mark(trial), shown))
    print_table(("Line", "Language", "It should", "It", "", "Example"), rows)
    click.echo(f"{_file(folder, rule)}: {_summary(trials)}")


def _print_rules(folder: Path, tried: Sequence[tuple["DetectRule", Sequence["Trial"]]]) -> None:
    rows = []
    for rule, trials in tried:
        counts = Counter((trial.side, trial.kept) for trial in trials)
        sides = [
            f"{counts[side, True]} of {counts[side, True] + counts[side, False]}" for side in ("match", "no_match")
        ]
        languages = " ".join(dict.fromkeys(trial.language for trial in trials))
        rows.append((rule.id, rule.status, *sides, languages, "" if all(trial.kept for trial in trials) else "FAIL"))
    print_table(("Rule", "Status", "Matched", "Left alone", "Languages", ""), rows)
    for rule, trials in tried:
        for trial, line in _lines(folder, rule, [trial for trial in trials if not trial.kept]):
            click.echo(f"{_file(folder, rule)}:{line}: {rule.id}: {trial.said}. {_REMEDY}", err=True)
    click.echo(_summary([trial for _, trials in tried for trial in trials]))


def _mark(trial: "Trial") -> str:
    return "ok" if trial.kept else "FAIL"


def _summary(trials: Sequence["Trial"]) -> str:
    failed = sum(not trial.kept for trial in trials)
    return f"{len(trials)} examples: {f'{failed} not as they should be' if failed else 'all as they should be'}"
