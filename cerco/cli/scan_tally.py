"""What a scan of folders comes to in the end: the same for the same files, in one run or in several.

In:    the `Line` of each file, and what could not be opened.
Out:   a table of rules and gaps, and a sentence.
Never: a path, a place, a value.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from cerco.cli.scan_journal import Line

_VERDICTS: Final = ("ALLOW", "TAG", "JUSTIFY", "BLOCK")
_PASSED: Final = {
    "link": ("link was not followed", "links were not followed"),
    "special": ("pipe, socket or device was left alone", "pipes, sockets and devices were left alone"),
    "excluded": ("name was excluded", "names were excluded"),
}


@dataclass(slots=True)
class Tally:
    """Counts of files by verdict, and by what was found or not read in them."""

    verdicts: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)  # by rule or gap: files that hold one
    values: Counter[str] = field(default_factory=Counter)  # by rule or gap: different values, or gaps
    earlier: int = 0  # files that an earlier run has done
    unopened: int = 0

    def add(self, line: Line) -> None:
        """Count a file."""
        self.verdicts[line.verdict] += 1
        named = {**line.found, **{f"not read: {why}": count for why, count in line.unread.items()}}
        self.values.update(named)
        self.files.update(named.keys())

    @property
    def found(self) -> bool:
        """Tell whether any file would not simply be allowed."""
        return any(count for verdict, count in self.verdicts.items() if verdict != "ALLOW")

    def rows(self) -> list[tuple[str, str, str]]:
        """Return a row for each rule and gap: its name, files, different values; the commonest first."""
        order = sorted(self.files, key=lambda name: (-self.files[name], name))
        return [(name, f"{self.files[name]:,}", f"{self.values[name]:,}") for name in order]

    def sentence(self, passed_over: Counter[str]) -> str:
        """Return everything that was counted besides, in words."""
        total = self.verdicts.total()
        verdicts = ", ".join(f"{count:,} {name}" for name in _VERDICTS if (count := self.verdicts[name]))
        said = [f"{total:,} file{'s' * (total != 1)}" + (f": {verdicts}" if verdicts else "")]
        if self.earlier:
            said.append(f"{self.earlier:,} of them done before, and shown then")
        if self.unopened:
            said.append(f"{self.unopened:,} could not be opened")
        said += [
            f"{count:,} {few if count == 1 else many}"
            for name, (few, many) in _PASSED.items()
            if (count := passed_over[name])
        ]
        return ". ".join(said) + "."
