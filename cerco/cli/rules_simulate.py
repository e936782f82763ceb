"""`cerco rules simulate`: what would a draft of the rules have done with the requests of the last weeks?

In:    a draft folder; what the gate kept of past requests, or texts and files of your own.
Out:   what would newly be stopped, asked about, labelled or let go, as a table, JSON or a page.
Never: anything sent, recorded or put in force. A rule that cannot be asked is named, with how often.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cerco.cli.console import config_option, found_config, json_option, print_json, print_table
from cerco.cli.rules_folder import rules_folder, rules_option
from cerco.runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from cerco.cli.simulated import Kept
    from cerco.runtime.tally import Tally

LANGUAGES = ("zh-Hant", "zh-Hans", "pt", "en")

_SPAN = re.compile(r"([0-9]{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}
_HEADS = {
    "blocked": "Blocked", "asked": "Asked", "tagged": "Tagged",
    "softened": "Softened", "freed": "Freed", "observed": "Observed",
}  # fmt: skip


@click.command(
    epilog="""\b
Examples:
  cerco rules simulate --draft ./draft --since 30d
  cerco rules simulate --draft ./draft --html report.html --language pt
  cerco rules simulate --draft ./draft --json | jq '.rules[] | {rule, kinds}'
  cerco rules simulate --draft ./draft --corpus messages.jsonl
  cerco rules simulate --draft ./draft --corpus ./letters"""
)
@click.option("--draft", type=click.Path(path_type=Path, file_okay=False, exists=True), required=True, metavar="DIR",
              help="Rules folder to try: a copy of the one in force, with your changes.")  # fmt: skip
@click.option("--since", metavar="SPAN", help="How far back: 12h, 30d, 4w, or a date.  [default: all that is kept]")
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), metavar="PATH",
              help="Scan this by both instead: a .jsonl file of texts, a file, or a folder.")  # fmt: skip
@click.option("--field", default="text", show_default=True, help="With --corpus: the member that holds a line's text.")
@click.option("--title-field", default="title", show_default=True,
              help="With --corpus: the member that holds its title, if it has one.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes.  [default: one a processor]")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the report as a page, too.")  # fmt: skip
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the page.")
@rules_option
@json_option
@config_option
def simulate(
    *,
    draft: Path,
    since: str | None,
    corpus: Path | None,
    field: str,
    title_field: str,
    jobs: int | None,
    page: Path | None,
    language: str,
    folder: Path | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Show what would change if a draft of the rules were in force. Nothing is put in force, sent or recorded.

    Asks both sets of rules about what the gate kept of past requests: what was seen, without the words. A rule that
    looks for words nobody looked for then cannot be asked; the report says of how many requests, and --corpus scans
    real texts instead. A reason that employees give is not part of it: what asks for one is counted as asked.

    --json prints one object: {requests, first, last, changed, ways, total, rules: [{rule, found_before, found_after,
    kinds, channels, departments, senders, examples}], unasked: [{rule, requests}], damaged, torn}.
    """
    if corpus and since:
        raise click.UsageError("--since is for what was kept. Leave it out with --corpus.")
    begin = _since(since)
    path = found_config(config)
    settings = load_settings(path) if path else Settings()
    # Loaded here: they bring Presidio, without which `--help` and wrong usage answer at once.
    from cerco.cli.simulated import replay, rescan  # noqa: PLC0415
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415

    kept = None if corpus else _kept(settings)
    before, after = load_rulebook(rules_folder(folder, config)), load_rulebook(draft)
    if corpus:
        tally = rescan(corpus, settings, before, after, fields=(field, title_field), jobs=jobs)
    else:
        assert kept is not None  # noqa: S101 - there is no corpus
        tally = replay(kept, before, after, since=begin, jobs=jobs)
    if page:
        from cerco.desk.simulation_page import render  # noqa: PLC0415

        titles = {rule.id: rule.title for book in (before, after) for rule in book.rules}
        page.write_text(render(tally, titles, language), "utf-8")
    if as_json:
        print_json(tally.to_json())
    else:
        _print(tally, page)


def _since(written: str | None) -> datetime | None:
    if written is None:
        return None
    if found := _SPAN.fullmatch(written):
        return datetime.now(UTC) - timedelta(hours=int(found[1]) * _HOURS[found[2]])
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        raise click.UsageError("--since is no span. Write 12h, 30d, 4w, or a date such as 2026-11-01.") from None


def _kept(settings: Settings) -> "Kept":
    from cerco.cli.simulated import Kept  # noqa: PLC0415 - as above
    from cerco.runtime.assembly import TRAFFIC  # noqa: PLC0415
    from cerco.runtime.authority import derive, site_key  # noqa: PLC0415

    file = settings.data / TRAFFIC
    if not file.is_file():
        remedy = "It is made when the gate runs with `recording: {enabled: true}`; until then, use --corpus."
        raise click.UsageError(f"{file}: nothing was kept of any request yet. {remedy}")
    secret = site_key(settings.keys)
    return Kept(file, derive(secret, "traffic"), derive(secret, "sender"))


def _print(tally: "Tally", page: Path | None) -> None:
    data = tally.to_json()
    if data["rules"]:
        ways = [(one["before"], one["after"], str(one["requests"])) for one in data["ways"]]
        print_table(("Before", "Draft", "Requests"), ways)
        click.echo()
        columns = ("Rule", *_HEADS.values(), "Senders", "Channels", "Departments")
        print_table(columns, [_row(one) for one in data["rules"]])
        click.echo()
        columns = ("Rule", "Example", "Time (UTC)", "What changes", "Sample")
        print_table(columns, [_example(one["rule"], example) for one in data["rules"] for example in one["examples"]])
        click.echo()
    for one in data["unasked"]:
        click.echo(
            f"{one['rule']}: {one['requests']} requests could not be judged: it looks for something that was not looked"
            " for, or not from so low a score, when they were kept. To try it on real texts: --corpus PATH"
        )
    for number, what in (
        (data["damaged"], "could not be read"),
        (data["torn"], "lack an earlier step of their upload"),
    ):
        if number:
            click.echo(f"{number} requests {what}.")
    span = f" from {data['first'][:10]} to {data['last'][:10]}" if data["first"] else ""
    click.echo(f"{data['changed']} of {data['requests']} requests{span} would be treated otherwise.")
    if page:
        click.echo(f"The report: {page}")


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    counts = (str(one["kinds"].get(kind, "")) for kind in _HEADS)
    channels = " ".join(f"{name}:{number}" for name, number in one["channels"].items())
    groups = " ".join(f"{name or '(none)'}:{number}" for name, number in one["departments"].items())
    return (one["rule"], *counts, str(one["senders"]), channels, groups)


def _example(rule: str, one: dict[str, Any]) -> tuple[str, ...]:
    changes = f"{one['before']} → {one['after']}"
    return (rule, one["reference"], (one["at"] or "")[:16], changes, ", ".join(one["samples"]))
