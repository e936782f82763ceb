"""`cerco scan --jsonl`: a corpus of texts, one JSON object a line, scanned on all processors.

In:    the file, and the names of the members that hold text and title.
Out:   one JSON object or table row a line, in the order of the file; progress on standard error.
Never: a line passed over in silence: one that is no object, or has no text, is named and ends the run.
"""

import json
import multiprocessing
import os
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any

import click

from cerco.cli import Fault
from cerco.cli.console import print_json, progress
from cerco.cli.explained import print_explained
from cerco.runtime.library import Inspector, Report
from cerco.runtime.rulebook import load_rulebook

_BATCH = 64  # lines that travel to a process together

type Line = tuple[int, str]

_inspector: Inspector | None = None
_fields = ("text", "title")


def scan_corpus(
    corpus: Path,
    rules: Path,
    key: bytes,
    *,
    fields: tuple[str, str],
    jobs: int | None,
    as_json: bool,
    explain: bool,
) -> bool:
    """Scan every line and print what it holds; return whether any would not simply be allowed.

    Raises:
        RuleErrors: the rules have faults.
        Fault: a line is no object, or has no text.
    """
    # What forked processes are to share is made before they are.
    global _inspector, _fields
    _inspector, _fields = Inspector(load_rulebook(rules), key=key), fields
    with corpus.open("rb") as lines:
        total = sum(1 for line in lines if line.strip())
    processes = min(jobs or os.cpu_count() or 1, max(1, total // _BATCH))
    found = False
    with multiprocessing.get_context("fork").Pool(processes) as pool, progress("scanning", total) as step:
        for batch in pool.imap(_scan, _batches(corpus)):
            for line, known, report in batch:
                if isinstance(report, str):
                    raise Fault(f"cerco: {corpus}:{line}: {report}")
                found = found or report.verdict != "ALLOW"
                _show(f"{corpus}:{line}", known, report, as_json=as_json, explain=explain)
                step()
    return found


def _batches(corpus: Path) -> Iterator[tuple[Line, ...]]:
    with corpus.open(encoding="utf-8", errors="surrogateescape") as lines:
        numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
        yield from batched(numbered, _BATCH)


def _scan(batch: tuple[Line, ...]) -> list[tuple[int, dict[str, Any], Report | str]]:
    return [(number, *_inspect(line)) for number, line in batch]


def _inspect(line: str) -> tuple[dict[str, Any], Report | str]:
    """Return what is kept of a line and the report on it, or what is wrong with it."""
    assert _inspector is not None  # noqa: S101 - set before the processes are forked
    text_field, title_field = _fields
    try:
        row = json.loads(line)
    except ValueError:
        return {}, "is not JSON. Write one object a line."
    if not isinstance(row, dict) or not isinstance(row.get(text_field), str):
        return {}, f"has no text in `{text_field}`. Name the member that holds it with --field."
    title = row.get(title_field)
    known = {"id": row["id"]} if "id" in row else {}
    return known, _inspector.inspect_text(row[text_field], title if isinstance(title, str) else None)


def _show(shown: str, known: dict[str, Any], report: Report, *, as_json: bool, explain: bool) -> None:
    if as_json:
        print_json({**known, "input": shown, **report.to_json()})
    elif explain:
        print_explained(shown, report)
    elif report.findings or report.coverage:
        found = ", ".join(f"{finding.rule} {finding.masked}" for finding in report.findings)
        click.echo(f"{known.get('id', shown)}\t{report.verdict}\t{found}")
