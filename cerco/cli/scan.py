"""`cerco scan`: what the gate would find in files, folders or a message, and what it would decide.

In:    files and folders, or a message on standard input; the settings' rules, or a rules folder.
Out:   a table, or one JSON object a line; for folders also a summary, and a journal to go on from.
Never: a file opened in this process: as in the gate, a confined scanner process does that.
"""

import hashlib
import os
import stat
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

import cerco
from cerco.cli.console import config_option, found_config, json_option, remark
from cerco.cli.scan_folders import Walk
from cerco.cli.scan_journal import Journal
from cerco.cli.scan_reports import STDIN, fingerprint_key, site_derived
from cerco.cli.scan_run import Run
from cerco.runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from cerco.runtime.rulebook import Rulebook


@click.command(
    epilog="""\b
Examples:
  cerco scan 客戶名單.xlsx 合同.pdf
  echo '身份證 1234567(8)' | cerco scan --explain -
  cerco scan --json *.docx | jq 'select(.verdict == "BLOCK") | .input'
  cerco scan --rules ./rules draft.txt
  cerco scan /srv/share --exclude '*.iso' --exclude node_modules
  cerco scan /srv/share --json --resume share.journal >> found.jsonl
  cerco scan --jsonl messages.jsonl --field text --json > found.jsonl"""
)
@click.argument("paths", nargs=-1, metavar="[PATH...|-]", type=click.Path(exists=True, allow_dash=True))
@click.option("--name", help="The name to judge it under.  [default: the file's own; standard input has none]")
@click.option("--include", multiple=True, metavar="GLOB",
              help="Of folders, scan only files whose name fits, as '*.xlsx'; may be given again.")  # fmt: skip
@click.option("--exclude", multiple=True, metavar="GLOB",
              help="Of folders, pass over what has such a name, or with a slash such a path.")  # fmt: skip
@click.option("--resume", "journal", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Of folders, leave out what FILE says is done, and note what is. No names are in it.")  # fmt: skip
@click.option("--rules", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Rules folder to use instead of the settings' own.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Say for each finding what made its score.")
@click.option("--jsonl", "corpus", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="Scan a file of JSON objects, one text a line.")  # fmt: skip
@click.option("--field", default="text", show_default=True, help="With --jsonl: the member that holds the text.")
@click.option("--title-field", default="title", show_default=True,
              help="With --jsonl: the member that holds its title, if it has one.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes that scan.  [default: one a processor]")
@json_option
@config_option
def scan(
    *,
    paths: tuple[str, ...],
    name: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    journal: Path | None,
    folder: Path | None,
    explain: bool,
    corpus: Path | None,
    field: str,
    title_field: str,
    jobs: int | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Show what the gate would find in files, folders or a message, and what it would decide. Nothing is recorded.

    A folder is scanned with all that is in it, hidden files too; links in it are not followed. Standard input (-) is
    read as the text of a message, or as a file if it has a --name.

    Exits 0 if all would simply be allowed, 1 if anything would not, 2 if a file could not be opened or the command is
    wrong, 130 after Ctrl-C. A file that opens but cannot be read, such as a locked archive, is decided by the policy.

    --json prints {input, verdict, decisions, findings, coverage} for each input, with --jsonl also its id, and
    {input, error} for what could not be opened.
    """
    if not paths and not corpus:
        raise click.UsageError("nothing to scan. Name files or folders, - for standard input, or --jsonl FILE.")
    if paths and corpus:
        raise click.UsageError("--jsonl is an input of its own. Leave out the other files.")
    folders = [path for path in paths if path != STDIN and os.path.isdir(path)]  # noqa: PTH112 - a path of any bytes
    if name is not None and (corpus or folders or len(paths) > 1):
        raise click.UsageError("--name is for one input. Scan the files one by one, or leave it out.")
    if (include or exclude or journal) and not folders:
        raise click.UsageError("--include, --exclude and --resume are for folders. Name one, or leave them out.")
    settings = _settings(config, folder)
    if corpus:
        from cerco.cli.corpus import scan_corpus  # noqa: PLC0415 - as below

        found = scan_corpus(
            corpus, settings.rules_dir, fingerprint_key(settings), fields=(field, title_field), jobs=jobs,
            as_json=as_json, explain=explain,
        )  # fmt: skip
        raise click.exceptions.Exit(int(found))
    # Loaded here and below: they bring Presidio, without which `--help` and wrong usage answer at once.
    from cerco.runtime.rulebook import load_rulebook  # noqa: PLC0415

    book = load_rulebook(settings.rules_dir)
    jobs = jobs or len(os.sched_getaffinity(0))
    if not folders:
        jobs = min(jobs, len(paths))
    with closing(_journal(journal, book, settings)) if journal else nullcontext() as kept:
        run = Run(book, settings, jobs, as_json=as_json, explain=explain, folders=frozenset(folders), journal=kept)
        raise click.exceptions.Exit(run.scan(paths, name, Walk(include, exclude, _own(kept))))


def _settings(config: Path | None, folder: Path | None) -> Settings:
    path = found_config(config)
    settings = load_settings(path) if path else Settings()
    return settings.model_copy(update={"rules": folder.absolute()}) if folder else settings


def _journal(path: Path, book: "Rulebook", settings: Settings) -> Journal:
    how = hashlib.sha256(f"{settings.limits!r}".encode()).hexdigest()[:16]
    journal = Journal(path, site_derived(settings, "scan"), f"{cerco.__version__} {book.version} {how}")
    if journal.renewed:
        remark(f"The rules or limits have changed since {path} was written, so every file is scanned again.")
    return journal


def _own(journal: Journal | None) -> frozenset[tuple[int, int]]:
    """Return the files that this command writes while it reads: its journal, and its output."""
    try:
        output = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):  # there is none, or not one with a number
        output = None
    own = {(output.st_dev, output.st_ino)} if output and stat.S_ISREG(output.st_mode) else set()
    return frozenset(own | ({journal.identity()} if journal else set()))
