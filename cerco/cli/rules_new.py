"""`cerco rules new`: write a rule, as a draft, with its examples.

In:    options, and on a terminal the answers to what they leave open.
Out:   a file under rules/detect/ with `status: draft`, which may label and stops nothing; how its examples went.
Never: a file overwritten, or one written that would not load.
"""

import secrets
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import click
import yaml

from cerco.cli.console import config_option, found_config, json_option, print_json
from cerco.cli.rules_folder import rules_folder, rules_option
from cerco.decide.load import RuleErrors, load
from cerco.runtime.settings import load_settings
from cerco.scan.match import LANGUAGES

# The same in all languages: fewer questions for a person who is trying something out.
_NAMES: Final = {"zh-Hant": "Traditional Chinese", "zh-Hans": "Simplified Chinese", "pt": "Portuguese", "en": "English"}
_HEAD: Final = (
    "# yaml-language-server: $schema=../schema/detect.json\n"
    "# A draft: what it finds may be labelled, and stops nothing. Try it with: cerco rules test {id}\n"
    "# When its examples say what you mean, set `status: stable` and decide on it in policy.yaml.\n\n"
)

type Said = dict[str, list[str]]
"""Texts by language."""


def _spoken(_ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Take each LANG=TEXT apart at its first "="."""
    said = []
    for value in values:
        language, equals, text = value.partition("=")
        if not equals or language not in {*LANGUAGES, "any"}:
            raise click.BadParameter(f"write a language and the text, as en=payroll. {value!r} begins with none of "
                                     f"{', '.join(LANGUAGES)}.", param=option)  # fmt: skip
        said.append((language, text))
    return tuple(said)


def _spoken_option(*names: str, said: str) -> Callable[[Any], Any]:
    return click.option(*names, multiple=True, callback=_spoken, metavar="LANG=TEXT", help=said)


@click.command(
    epilog="""\b
Examples:
  cerco rules new                              asks for everything
  cerco rules new staff-number --rules ./rules --severity low \\
    --pattern 'ST-[0-9]{6}' --near 'zh-Hant=員工編號' --near 'en=staff no' \\
    --title zh-Hant=員工編號 --title zh-Hans=员工编号 --title 'pt=N.º de trabalhador' --title 'en=Staff number' \\
    --explain zh-Hant=內部編號。 --explain zh-Hans=内部编号。 --explain 'pt=Número interno.' --explain 'en=Internal.' \\
    --example 'en=staff no ST-123456' --near-miss 'en=part ST-123456'"""
)
@click.argument("rule_id", metavar="[ID]", required=False)
@click.option("--entity", help="Look for what a recogniser finds, such as MO_ID_CARD.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.6, show_default=True, help="How sure it must be.")
@_spoken_option("--phrase", "phrases", said="Look for a phrase; may be given several times.")
@click.option("--pattern", help="Look for a pattern of signs, such as 'ST-[0-9]{6}'.")
@_spoken_option("--near", said="A phrase that must stand near; may be given several times.")
@click.option("--within", default="60", show_default=True, help="How near: characters, or line.")
@click.option("--at-least", type=click.IntRange(1, 1000), default=1, show_default=True, metavar="N",
              help="So many different values in one text.")  # fmt: skip
@click.option("--severity", type=click.Choice(["low", "medium", "high"]), help="How grave a find is.")
@click.option("--applies-to", type=click.Choice(["text", "title", "filename", "header"]), multiple=True,
              help="Where it looks; may be given several times.  [default: everywhere]")  # fmt: skip
@_spoken_option("--title", "titles", said="What it finds, in a few words; in each language.")
@_spoken_option("--explain", "explains", said="Why that matters; in each language.")
@_spoken_option("--example", "examples", said="A text in which it must find something.")
@_spoken_option("--near-miss", "misses", said="A text in which it must find nothing.")
@rules_option
@json_option
@config_option
def new(*, folder: Path | None, as_json: bool, config: Path | None, **given: Any) -> None:
    """Write a rule as a draft, with its examples, and try them. On a terminal, asks for what was not given.

    Nothing is written that would not load. Exits 1 if an example does not come out as it should.

    --json prints {rule, file, examples, failed}.
    """
    path = found_config(config)
    if folder is None and not (path and load_settings(path).rules):
        raise click.UsageError(
            "the rules in use are those that come with Cerco. Copy them, name the copy as `rules` in cerco.yaml, "
            "or give a folder with --rules."
        )
    folder = rules_folder(folder, config)
    if is_terminal():
        _ask(given)
    if lacking := _lacking(given):
        raise click.UsageError(f"not given: {', '.join(lacking)}. On a terminal you are asked for them.")
    rule = _rule(given)
    file = folder / "detect" / f"{rule['id']}.yaml"
    if file.exists():
        raise click.UsageError(f"{file} is there already. Choose another ID, or edit it.")
    text = _HEAD.format(id=rule["id"]) + yaml.safe_dump(rule, allow_unicode=True, sort_keys=False, width=110)
    failed, tried = _try(text, file)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as stream:
        stream.write(text)
    if as_json:
        print_json({"rule": rule["id"], "file": str(file), "examples": tried, "failed": failed})
    else:
        click.echo(f"wrote  {file}")
        said = (
            f"{failed} of {tried} examples do not come out as they should" if failed else f"{tried} examples, all good"
        )
        click.echo(f"{said}. See: cerco rules test {rule['id']}")
    if failed:
        raise click.exceptions.Exit(1)


def is_terminal() -> bool:
    """Tell whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _lacking(given: Mapping[str, Any]) -> list[str]:
    """Name the options that a rule cannot do without."""
    options = {"rule_id": "ID", "severity": "--severity", "examples": "--example", "misses": "--near-miss"}
    lacking = [option for name, option in options.items() if not given[name]]
    if not (given["entity"] or given["phrases"] or given["pattern"]):
        lacking.append("--entity, --phrase or --pattern")
    for name, option in (("titles", "--title"), ("explains", "--explain")):
        said = {language for language, _ in given[name]}
        lacking += [f"{option} {language}=…" for language in LANGUAGES if language not in said]
    return lacking


def _ask(given: dict[str, Any]) -> None:
    """Ask for what was not given."""
    given["rule_id"] = given["rule_id"] or click.prompt("Name of the rule, as staff-number")
    if not (given["entity"] or given["phrases"] or given["pattern"]):
        kind = click.prompt("Look for", type=click.Choice(["phrases", "pattern", "entity"]))
        if kind == "phrases":
            given["phrases"] = _several("Phrase")
        else:
            given[kind] = click.prompt("Pattern, as ST-[0-9]{6}" if kind == "pattern" else "Entity, as MO_ID_CARD")
        given["near"] = given["near"] or _several("Phrase that must stand near; none if it need not")
    given["severity"] = given["severity"] or click.prompt("Severity", type=click.Choice(["low", "medium", "high"]))
    for name, what in (("titles", "What it finds, in a few words"), ("explains", "Why that matters, in a sentence")):
        said = dict(given[name])
        for language in LANGUAGES:
            if language not in said:
                said[language] = click.prompt(f"{what}, in {_NAMES[language]}")
        given[name] = tuple(said.items())
    given["examples"] = given["examples"] or _several("Text in which it must find something")
    given["misses"] = given["misses"] or _several("Text much like it, in which it must find nothing")


def _several(what: str) -> tuple[tuple[str, str], ...]:
    """Ask for texts in each language, until an empty answer."""
    said = []
    for language in LANGUAGES:
        while answer := click.prompt(
            f"{what}, in {_NAMES[language]} (empty for no more)", default="", show_default=False
        ):
            said.append((language, answer))
    return tuple(said)


def _rule(given: Mapping[str, Any]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    if given["entity"]:
        parts.append({"entity": given["entity"], "min_score": given["min_score"]})
    if given["pattern"]:
        parts.append({"pattern": given["pattern"]})
    if given["phrases"]:
        parts.append({"phrases": _by_language(given["phrases"])})
    match: dict[str, Any] = {"any": parts} if len(parts) > 1 else parts[0]
    if given["near"]:
        within = int(given["within"]) if str(given["within"]).isdecimal() else given["within"]
        match = {"near": [match, {"phrases": _by_language(given["near"])}], "within": within}
    if given["at_least"] > 1:
        match["at_least"] = given["at_least"]
    return {
        "id": given["rule_id"],
        "title": dict(given["titles"]),
        "explain": dict(given["explains"]),
        "severity": given["severity"],
        "status": "draft",
        **({"applies_to": list(given["applies_to"])} if given["applies_to"] else {}),
        "match": match,
        "examples": {"match": _by_language(given["examples"]), "no_match": _by_language(given["misses"])},
    }


def _by_language(said: Iterable[tuple[str, str]]) -> Said:
    texts: Said = {}
    for language, text in said:
        texts.setdefault(language, []).append(text)
    return texts


def _try(text: str, file: Path) -> tuple[int, int]:
    """Load the rule and return how many examples fail, and how many there are."""
    from cerco.runtime.shelf import new_detector  # noqa: PLC0415 - it brings Presidio
    from cerco.scan.examples import check_examples  # noqa: PLC0415
    from cerco.scan.rule import DetectRule  # noqa: PLC0415

    try:
        rule = load(text, str(file), DetectRule)
    except RuleErrors as errors:
        click.echo(str(errors), err=True)
        raise click.exceptions.Exit(1) from None
    return len(check_examples(rule, new_detector([rule], secrets.token_bytes(32)))), len(rule.examples)
