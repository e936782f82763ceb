"""`cerco rules explain`: which rules see something in a text or a file, why, and what is decided on each of it.

In:    a text, a file or standard input, and the circumstances to judge it in.
Out:   a row for each thing found or not read, with the decisions that answer for it; the verdict and why.
Never: a value: samples are masked. Never a stranger's file opened in this process.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cerco.cli import Fault
from cerco.cli.console import config_option, found_config, json_option, print_json, print_table
from cerco.cli.rules_folder import rules_folder, rules_option
from cerco.cli.scan_folders import Trouble
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound
from cerco.runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from cerco.decide.policy import Decision
    from cerco.decide.verdict import Verdict
    from cerco.extract.text import Unreadable
    from cerco.runtime.rulebook import Rulebook
    from cerco.scan.finding import Finding
    from cerco.scan.rule import DetectRule

REGIONS = ("mainland", "singapore", "international", "enterprise", "unknown")


@dataclass(frozen=True, slots=True)
class Explained:
    """What was found in an input, with the decisions that answer for each thing, and the verdict on all of it."""

    answers: tuple[tuple["Finding | Unreadable", tuple["Decision", ...]], ...]
    verdict: "Verdict"


@click.command(
    epilog="""\b
Examples:
  cerco rules explain '身份證號碼 1234567(8)'
  cerco rules explain 客戶名單.xlsx
  echo 'Conta n.º 9012345678' | cerco rules explain -
  cerco rules explain 'BIR 1234567(8)' --actor 10.0.3.7 --at '2026-11-25 22:00'"""
)
@click.argument("what", metavar="TEXT|FILE|-")
@click.option("--title", help="A title that stands above the text.")
@click.option("--channel", type=click.Choice([channel.value for channel in Channel]), default=Channel.OAPI.value,
              show_default=True, help="The channel it would leave through.")  # fmt: skip
@click.option("--region", type=click.Choice(REGIONS), default="mainland", show_default=True,
              help="Where DingTalk's server stands.")  # fmt: skip
@click.option("--actor", default="", metavar="ADDRESS", help="The IP address it would come from.")
@click.option("--account", metavar="ID", help="The DingTalk account it would be sent by.")
@click.option("--at", metavar="TIME", help="The time on the site's clock, as '2026-11-25 22:00'.  [default: now]")
@rules_option
@json_option
@config_option
def explain(
    *,
    what: str,
    title: str | None,
    channel: str,
    region: str,
    actor: str,
    account: str | None,
    at: str | None,
    folder: Path | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Show which rules see something in a text or a file, why, and which decisions answer for it.

    What names a file that exists is read as the file; anything else is the text of a message. Exits 1 if it would not
    simply be allowed.

    --json prints one object: {verdict, observed, decisions, label, found: [{rule, title, status, entity, severity,
    score, place, masked, reasons, decisions}], unread: [{place, why, decisions}]}.
    """
    folder = rules_folder(folder, config)
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415 - it brings Presidio

    book = load_rulebook(folder)
    now = _time(at, book)
    outbound = Outbound(Actor(actor, account), Destination("", region), Channel(channel), "explain", (), taggable=True)
    path = found_config(config)
    findings, gaps = asyncio.run(_scan(book, load_settings(path) if path else Settings(), what, title))
    explained = _explained(book, outbound, findings, gaps, now)
    if as_json:
        print_json(_object(book, explained))
    else:
        _print(book, explained)
    if explained.verdict.action > 0:
        raise click.exceptions.Exit(1)


def _time(at: str | None, book: "Rulebook") -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(at).replace(tzinfo=book.policy.zone)
    except ValueError:
        raise click.UsageError("--at is no time. Write it as '2026-11-25 22:00'.") from None


async def _scan(
    book: "Rulebook", settings: Settings, what: str, title: str | None
) -> tuple[tuple["Finding", ...], tuple["Unreadable", ...]]:
    """Look into the input as the gate does: a text here, a file in a confined process."""
    from cerco.cli.scan_reports import MESSAGE, Source, reports_of  # noqa: PLC0415 - as above
    from cerco.extract.text import Text  # noqa: PLC0415
    from cerco.runtime.shelf import new_detector  # noqa: PLC0415

    if what != "-" and await asyncio.to_thread(_is_file, what):
        [(_, report)] = [one async for one in reports_of(book, settings, [Source.of(what, title)], 1)]
        if isinstance(report, Trouble):
            raise Fault(f"cerco: {report.path}: {report.why}.")
        return report.findings, report.coverage
    text = sys.stdin.buffer.read(settings.limits.body).decode("utf-8", "replace") if what == "-" else what
    texts = [Text("title", title, "title")] if title else []
    examined = new_detector(book.rules, b"explained, and then forgotten").examine([*texts, Text(MESSAGE, text)])
    return examined.findings, examined.coverage


def _is_file(what: str) -> bool:
    try:
        return Path(what).is_file()
    except OSError:  # too long to be a name
        return False


def _explained(
    book: "Rulebook",
    outbound: Outbound,
    findings: Sequence["Finding"],
    gaps: Sequence["Unreadable"],
    now: datetime,
) -> Explained:
    from cerco.decide.policy import answers, decide  # noqa: PLC0415

    asked = answers(book.policy, outbound, findings, gaps, now)
    return Explained(tuple(asked), decide(book.policy, outbound, findings, gaps, now))


def _object(book: "Rulebook", explained: Explained) -> dict[str, Any]:
    from cerco.scan.finding import Finding  # noqa: PLC0415

    rules = {rule.id: rule for rule in book.rules}
    verdict = explained.verdict
    found, unread = [], []
    for subject, decisions in explained.answers:
        named = [decision.id for decision in decisions]
        if isinstance(subject, Finding):
            found.append(
                {
                    "rule": subject.rule, "title": dict(rules[subject.rule].title),
                    "status": rules[subject.rule].status, "entity": subject.entity,
                    "severity": subject.severity, "score": subject.score,
                    "place": subject.place, "masked": subject.masked, "reasons": list(subject.reasons),
                    "decisions": named,
                }
            )  # fmt: skip
        else:
            unread.append({"place": subject.place, "why": str(subject.why), "decisions": named})
    return {
        "verdict": verdict.action.name, "observed": verdict.observed, "decisions": list(verdict.decisions),
        "label": verdict.label, "found": found, "unread": unread,
    }  # fmt: skip


def _print(book: "Rulebook", explained: Explained) -> None:
    rules = {rule.id: rule for rule in book.rules}
    rows = [_row(rules, subject, decisions) for subject, decisions in explained.answers]
    if rows:
        print_table(("Rule", "Sample", "Where", "Because", "Decision"), rows)
    verdict = explained.verdict
    observed = ", only observed" if verdict.observed else ""
    click.echo(f"Verdict: {verdict.action.name}{observed}")
    for decision in book.policy.decisions:
        if decision.id in verdict.decisions:
            tried = " (observed)" if decision.observe else ""
            click.echo(f"  {decision.id}: {decision.then}{tried}. {decision.why}")


def _row(
    rules: dict[str, "DetectRule"], subject: "Finding | Unreadable", decisions: Sequence["Decision"]
) -> tuple[str, ...]:
    from cerco.scan.finding import Finding  # noqa: PLC0415

    said = ", ".join(f"{decision.id}: {decision.then}" for decision in decisions)
    if isinstance(subject, Finding):
        draft = " (draft)" if subject.draft else ""
        named = f"{subject.rule}{draft}: {rules[subject.rule].title['en']}"
        because = f"{'; '.join(subject.reasons)}; score {subject.score}"
        return named, subject.masked, subject.place, because, said
    return f"not read: {subject.why}", "", subject.place, "", said
