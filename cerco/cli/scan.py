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
from typing import TYPE_CHECKING

import click

from cerco.cli import Fault
from cerco.cli.console import config_option, found_config, json_option, print_json, print_table
from cerco.cli.explained import print_explained
from cerco.extract.text import Text, Unreadable, Why
from cerco.runtime.authority import AuthorityError, derive, site_key
from cerco.runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from cerco.runtime.library import Report
    from cerco.runtime.rulebook import Rulebook
    from cerco.runtime.scanners import ScannerPool

STDIN = "-"
MESSAGE = "message"  # the place of what came on standard input


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
  echo '身份證 1234567(8)' | cerco scan --explain -
  cerco scan --json *.docx | jq 'select(.verdict == "BLOCK") | .input'
  cerco scan --rules ./rules draft.txt
  cerco scan --jsonl messages.jsonl --field text --json > found.jsonl"""
)
@click.argument("files", nargs=-1, metavar="[FILE...|-]", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--name", help="The name to judge it under.  [default: the file's own; standard input has none]")
@click.option("--rules", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Rules folder to use instead of the settings' own.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Say for each finding what made its score.")
@click.option("--jsonl", "corpus", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="Scan a file of JSON objects, one text a line, on all processors.")  # fmt: skip
@click.option("--field", default="text", show_default=True, help="With --jsonl: the member that holds the text.")
@click.option("--title-field", default="title", show_default=True,
              help="With --jsonl: the member that holds its title, if it has one.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 256), help="With --jsonl: processes.  [default: one a processor]")
@json_option
@config_option
def scan(
    *,
    files: tuple[str, ...],
    name: str | None,
    folder: Path | None,
    explain: bool,
    corpus: Path | None,
    field: str,
    title_field: str,
    jobs: int | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Show what the gate would find in files or in a message, and what it would decide. Nothing is sent or recorded.

    Standard input (-) is read as the text of a message, or as a file if it has a --name. Exits 1 if anything would
    not simply be allowed.

    --json prints {input, verdict, decisions, findings, coverage} for each input; with --jsonl also its id.
    """
    if not files and not corpus:
        raise click.UsageError("nothing to scan. Name files, - for standard input, or --jsonl FILE.")
    if files and corpus:
        raise click.UsageError("--jsonl is an input of its own. Leave out the other files.")
    if name is not None and (corpus or len(files) > 1):
        raise click.UsageError("--name is for one input. Scan the files one by one, or leave it out.")
    settings = _settings(config, folder)
    if corpus:
        from cerco.cli.corpus import scan_corpus  # noqa: PLC0415 - as below

        found = scan_corpus(
            corpus, settings.rules_dir, _fingerprint_key(settings), fields=(field, title_field), jobs=jobs,
            as_json=as_json, explain=explain,
        )  # fmt: skip
    else:
        # Loaded here and below: they bring Presidio, without which `--help` and wrong usage answer at once.
        from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415

        book = load_rulebook(settings.rules_dir)
        sources = [source_of(file, name, settings.limits.body) for file in files]
        found = asyncio.run(_print(book, settings, sources, as_json=as_json, explain=explain))
    if found:
        raise click.exceptions.Exit(1)


def _settings(config: Path | None, folder: Path | None) -> Settings:
    path = found_config(config)
    settings = load_settings(path) if path else Settings()
    return settings.model_copy(update={"rules": folder.absolute()}) if folder else settings


def source_of(file: str, name: str | None, limit: int) -> Source:
    """Read one input whole, as the gate has a body whole; above its limit the gate reads nothing."""
    if file == STDIN:
        data = sys.stdin.buffer.read(limit + 1)
    else:
        with Path(file).open("rb") as stream:
            data = stream.read(limit + 1)
        name = name or Path(file).name
    too_large = len(data) > limit
    return Source(file, b"" if too_large else data, name, too_large)


async def _print(
    book: "Rulebook", settings: Settings, sources: Sequence[Source], *, as_json: bool, explain: bool
) -> bool:
    """Print what each source holds; return whether any would not simply be allowed."""
    rows, found = [], False
    async for source, report in reports_of(book, settings, sources):
        found = found or report.verdict != "ALLOW"
        if as_json:
            print_json({"input": source.shown, **report.to_json()})
        elif explain:
            print_explained(source.shown, report)
        else:
            rows += _rows(source, report)
    if rows:
        print_table(("Input", "Verdict", "Found", "Where", "Sample", "Because"), rows)
    return found


async def reports_of(
    book: "Rulebook", settings: Settings, sources: Sequence[Source]
) -> AsyncIterator[tuple[Source, "Report"]]:
    """Yield the report on each source, as a confined scanner process gives it."""
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
            yield source, await report_of(book, pool, source)
    except ScannerError as error:
        raise Fault(f"cerco: {error} See: cerco doctor") from None
    finally:
        await pool.close()


async def report_of(book: "Rulebook", pool: "ScannerPool", source: Source) -> "Report":
    """Return the report on one source, as a scanner process of the pool gives it."""
    from cerco.runtime.library import report  # noqa: PLC0415
    from cerco.runtime.scanners import ScanReport  # noqa: PLC0415

    if source.too_large:
        return report(book, [ScanReport((), (Unreadable(MESSAGE, Why.TOO_LARGE),), 0)])
    if source.name is None:
        return report(book, [await pool.scan_texts([Text(MESSAGE, _text(source.data))])])
    title = Text("file name", source.name, "filename")
    return report(book, [await pool.scan_texts([title]), await pool.scan_file(source.data, None, "file")])


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


def _rows(source: Source, report: "Report") -> list[tuple[str, ...]]:
    """Return a row for each finding and gap; the input and the verdict stand in the first."""
    found = [(one.rule, one.place, one.masked, "; ".join(one.reasons)) for one in report.findings]
    found += [(f"not read: {gap.why}", gap.place, "", "") for gap in report.coverage]
    action = report.verdict + (" (observed)" if report.observed else "")
    heads = [(source.shown, action), *[("", "")] * max(0, len(found) - 1)]
    return [(*head, *rest) for head, rest in zip(heads, found or [("-", "", "", "")], strict=True)]
