"""`cerco scan`: what the gate would find in a file or a message, and what it would decide.

In:    files, or a message on standard input; the settings' rules, or a rules folder.
Out:   a table, or one JSON object a line.
Never: a file opened in this process: as in the gate, a confined scanner process does that.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cerco.cli import Fault
from cerco.cli.console import config_option, found_config, json_option, print_json, print_table
from cerco.decide.policy import decide
from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound
from cerco.extract.text import Text, Unreadable, Why
from cerco.runtime.authority import AuthorityError, derive, site_key
from cerco.runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from cerco.runtime.rulebook import Rulebook
    from cerco.runtime.scanners import ScannerPool

STDIN = "-"
MESSAGE = "message"  # the place of what came on standard input
# A file's TAG is carried by the name it is published under, so the label can stand. DingTalk's main site is assumed.
ASSUMED = Outbound(Actor("local"), Destination("", "mainland"), Channel.OTHER, "scan", (), taggable=True)


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to scan; `name` is None for message text, and what a file is called otherwise."""

    shown: str
    data: bytes
    name: str | None
    too_large: bool = False


@click.command(
    epilog="""\b
Examples:
  cerco scan 客戶名單.xlsx 合同.pdf
  echo '身份證 1234567(8)' | cerco scan -
  cerco scan --json *.docx | jq 'select(.verdict == "BLOCK") | .input'
  cerco scan --rules ./rules draft.txt"""
)
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...|-",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
)  # fmt: skip
@click.option("--name", help="The name to judge it under.  [default: the file's own; standard input has none]")
@click.option("--rules", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Rules folder to use instead of the settings' own.")  # fmt: skip
@json_option
@config_option
def scan(files: tuple[str, ...], name: str | None, folder: Path | None, as_json: bool, config: Path | None) -> None:
    """Show what the gate would find in files or in a message, and what it would decide. Nothing is sent or recorded.

    Standard input (-) is read as the text of a message, or as a file if it has a --name. Exits 1 if anything would
    not simply be allowed.

    --json prints {input, verdict, decisions, findings, coverage} for each input.
    """
    if name is not None and len(files) > 1:
        raise click.UsageError("--name is for one input. Scan the files one by one, or leave it out.")
    settings = _settings(config, folder)
    # Loaded here and below: they bring Presidio, without which `--help` and wrong usage answer at once.
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415

    book = load_rulebook(settings.rules_dir)
    sources = [_source(file, name, settings.limits.body) for file in files]
    verdicts = asyncio.run(_print(book, settings, sources, as_json))
    if any(verdict.action > Action.ALLOW for verdict in verdicts):
        raise click.exceptions.Exit(1)


def _settings(config: Path | None, folder: Path | None) -> Settings:
    path = found_config(config)
    settings = load_settings(path) if path else Settings()
    return settings.model_copy(update={"rules": folder.absolute()}) if folder else settings


def _source(file: str, name: str | None, limit: int) -> Source:
    """Read one input whole, as the gate has a body whole; above its limit the gate reads nothing."""
    if file == STDIN:
        data = sys.stdin.buffer.read(limit + 1)
    else:
        with Path(file).open("rb") as stream:
            data = stream.read(limit + 1)
        name = name or Path(file).name
    too_large = len(data) > limit
    return Source(file, b"" if too_large else data, name, too_large)


async def _print(book: "Rulebook", settings: Settings, sources: Sequence[Source], as_json: bool) -> list[Verdict]:
    verdicts, rows = [], []
    async for source, verdict in _verdicts(book, settings, sources):
        verdicts.append(verdict)
        if as_json:
            print_json(_object(source, verdict))
        rows += _rows(source, verdict)
    if not as_json:
        print_table(("Input", "Verdict", "Found", "Where", "Sample", "Because"), rows)
    return verdicts


async def _verdicts(
    book: "Rulebook", settings: Settings, sources: Sequence[Source]
) -> AsyncIterator[tuple[Source, Verdict]]:
    from cerco.runtime.scanners import ScannerError, ScannerPool  # noqa: PLC0415

    limits = settings.limits
    pool = ScannerPool(
        book.rules,
        _fingerprint_key(settings),
        size=min(limits.scanners, len(sources)),
        deadline=limits.deadline,
        memory=limits.scanner_memory,
        limits=limits.reading,
    )
    try:
        await pool.start()
        for source in sources:
            yield source, await _verdict(book, pool, source)
    except ScannerError as error:
        raise Fault(f"cerco: {error} See: cerco doctor") from None
    finally:
        await pool.close()


async def _verdict(book: "Rulebook", pool: "ScannerPool", source: Source) -> Verdict:
    if source.too_large:
        return decide(book.policy, ASSUMED, (), (Unreadable(MESSAGE, Why.TOO_LARGE),))
    if source.name is None:
        text = _text(source.data)
        reports = [await pool.scan_texts([Text(MESSAGE, text)])]
    else:
        title = Text("file name", source.name, "filename")
        reports = [await pool.scan_texts([title]), await pool.scan_file(source.data, None, "file")]
    findings = tuple(finding for report in reports for finding in report.findings)
    gaps = tuple(gap for report in reports for gap in report.coverage)
    return decide(book.policy, ASSUMED, findings, gaps)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise click.UsageError("standard input is not UTF-8 text. To scan it as a file, add --name.") from None


def _fingerprint_key(settings: Settings) -> bytes:
    """Return the site's key if this user may read it, so that fingerprints compare with the evidence; else any."""
    try:
        return derive(site_key(settings.keys), "fingerprint")
    except AuthorityError:
        return secrets.token_bytes(32)


def _object(source: Source, verdict: Verdict) -> dict[str, Any]:
    return {
        "input": source.shown,
        "verdict": verdict.action.name,
        "decisions": list(verdict.decisions),
        "observed": verdict.observed,
        "findings": [
            {
                "entity": finding.entity,
                "rule": finding.rule,
                "severity": finding.severity,
                "place": finding.place,
                "start": finding.start,
                "end": finding.end,
                "score": round(finding.score, 3),
                "masked": finding.masked,
                "fingerprint": finding.fingerprint,
                "reasons": list(finding.reasons),
            }
            for finding in verdict.findings
        ],
        "coverage": [{"place": gap.place, "why": str(gap.why)} for gap in verdict.coverage],
    }


def _rows(source: Source, verdict: Verdict) -> list[tuple[str, ...]]:
    """Return a row for each finding and gap; the input and the verdict stand in the first."""
    found = [(one.rule, one.place, one.masked, "; ".join(one.reasons)) for one in verdict.findings]
    found += [(f"not read: {gap.why}", gap.place, "", "") for gap in verdict.coverage]
    action = verdict.action.name + (" (observed)" if verdict.observed else "")
    heads = [(source.shown, action), *[("", "")] * max(0, len(found) - 1)]
    return [(*head, *rest) for head, rest in zip(heads, found or [("-", "", "", "")], strict=True)]
