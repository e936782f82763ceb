"""One run of `cerco scan`: inputs go in, what they hold is shown, and what it comes to is said.

In:    paths, and how they are to be scanned and shown.
Out:   tables or JSON lines, a summary where folders were scanned, and the exit code.
Never: a result noted as done before it is shown.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import click

from cerco.cli.console import Step, print_json, print_table, progress, remark, visible
from cerco.cli.explained import print_explained
from cerco.cli.scan_folders import Trouble, Walk
from cerco.cli.scan_journal import Journal, Line
from cerco.cli.scan_reports import Source, reports_of
from cerco.cli.scan_tally import Tally
from cerco.runtime.settings import Settings

if TYPE_CHECKING:
    from cerco.runtime.library import Report
    from cerco.runtime.rulebook import Rulebook

INTERRUPTED: Final = 130  # the exit code that a shell gives a command that Ctrl-C ended


@dataclass(slots=True)
class Run:
    """One scan, and what has come of it so far."""

    book: "Rulebook"
    settings: Settings
    jobs: int
    as_json: bool
    explain: bool
    folders: frozenset[str]  # those of the paths that are
    journal: Journal | None = None
    tally: Tally = field(default_factory=Tally)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    degraded: dict[str, None] = field(default_factory=dict)  # what the search went without

    def scan(self, paths: Sequence[str], name: str | None, walk: Walk) -> int:
        """Scan what was named and what is in it, show what was found and what it comes to; return the exit code."""
        stopped = False
        try:
            total = self._count(paths, walk) if self.folders else len(paths)
            # Lines of JSON on the same terminal would be written into the bar.
            with progress("scanning", total, quiet=total < 2 or (self.as_json and sys.stdout.isatty())) as step:
                asyncio.run(self._scan(self._sources(paths, name, walk, step), step))
        except KeyboardInterrupt:
            stopped = True
        if self.rows:
            print_table(("Input", "Verdict", "Found", "Where", "Sample", "Because"), self.rows)
        if self.folders:
            self._sum_up(walk)
        if not (self.as_json or self.explain):
            for without in self.degraded:
                remark(f"Searched without {without}")
        if stopped:
            remark(f"Stopped. {self.journal.path} knows what is done: repeat the command to go on." if self.journal
                   else "Stopped. With --resume FILE a scan of folders can go on where it stopped.")  # fmt: skip
            return INTERRUPTED
        return 2 if self.tally.unopened else int(self.tally.found)

    def _count(self, paths: Sequence[str], walk: Walk) -> int:
        alike = Walk(walk.include, walk.exclude, walk.own)
        return sum(1 for path in paths for _ in (alike.files(path) if path in self.folders else (path,)))

    def _sources(self, paths: Sequence[str], name: str | None, walk: Walk, step: Step) -> Iterator[Source | Trouble]:
        """Yield what is to be scanned; what is done already is counted."""
        for path in paths:
            if path not in self.folders:
                yield Source.of(path, name)
                continue
            for entry in walk.files(path):
                if isinstance(entry, Trouble):
                    yield entry
                elif self.journal and (line := self.journal.done(entry)):
                    self.tally.add(line)
                    self.tally.earlier += 1
                    step()
                else:
                    yield Source.met(entry)

    async def _scan(self, sources: Iterator[Source | Trouble], step: Step) -> None:
        async for source, report in reports_of(self.book, self.settings, sources, self.jobs):
            if isinstance(report, Trouble):
                self._complain(report)
            elif isinstance(source, Source):
                line = Line.of(report)
                self._show(source, report)
                self.degraded.update(dict.fromkeys(report.degraded))
                self.tally.add(line)
                if self.journal and source.entry:
                    self.journal.add(source.entry, line)
            step()

    def _complain(self, trouble: Trouble) -> None:
        self.tally.unopened += 1
        if self.as_json:
            print_json({"input": trouble.path, "error": trouble.why})
        remark(f"cerco: {visible(trouble.path)}: {trouble.why}.")

    def _show(self, source: Source, report: "Report") -> None:
        if self.as_json:
            print_json({"input": source.path, **report.to_json()})
        elif source.entry and report.verdict == "ALLOW":
            return  # one of thousands; the summary counts it
        elif self.explain:
            print_explained(visible(source.path), report)
        else:
            self.rows += _grouped(source.path, report) if source.entry else _rows(source.path, report)

    def _sum_up(self, walk: Walk) -> None:
        sentence = self.tally.sentence(walk.passed_over)
        if self.as_json:
            remark(sentence)
            return
        if self.rows:
            click.echo("")
        if rows := self.tally.rows():
            print_table(("Found", "Files", "Values"), rows)
            click.echo("")
        click.echo(sentence)


def _rows(shown: str, report: "Report") -> list[tuple[str, ...]]:
    """Return a row for each finding and gap; the input and the verdict stand in the first."""
    found = [(one.rule, one.place, one.masked, "; ".join(one.reasons)) for one in report.findings]
    found += [(f"not read: {gap.why}", gap.place, "", "") for gap in report.coverage]
    return _headed(shown, report, found or [("-", "", "", "")])


def _grouped(shown: str, report: "Report") -> list[tuple[str, ...]]:
    """Return a row for each rule and kind of gap, with the first place; a list of thousands is one row."""
    groups: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for one in report.findings:
        groups[one.rule].append((one.place, one.masked, "; ".join(one.reasons)))
    for gap in report.coverage:
        groups[f"not read: {gap.why}"].append((gap.place, "", ""))
    return _headed(shown, report, [
        (name if len(found) == 1 else f"{name} ×{len(found):,}", *found[0]) for name, found in groups.items()
    ])  # fmt: skip


def _headed(shown: str, report: "Report", found: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    action = report.verdict + (" (observed)" if report.observed else "")
    heads = [(shown, action), *[("", "")] * (len(found) - 1)]
    return [(*head, *rest) for head, rest in zip(heads, found, strict=True)]
