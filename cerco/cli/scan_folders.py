"""What a folder holds, for `cerco scan`: every file in it once, in an order that is always the same.

In:    a folder, and patterns for names.
Out:   an `Entry` for each file, a `Trouble` for what could not be looked into, and counts of what was passed over.
Never: a link followed, a pipe or device opened, or the command's own output read.
"""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that was met in a folder; `size` is in bytes, `changed` in nanoseconds since 1970."""

    path: str
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file or folder that could not be opened, and why."""

    path: str
    why: str

    @classmethod
    def of(cls, path: str, error: OSError) -> "Trouble":
        """Return what an error says about a path."""
        return cls(path, error.strerror or type(error).__name__)


@dataclass(frozen=True, slots=True)
class Walk:
    """Which files of a folder are wanted.

    A pattern with a slash is compared to the path within the folder, any other to the name alone; case makes no
    difference. What is excluded is not entered. `own` are the files (device, inode) that the command itself writes.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    own: frozenset[tuple[int, int]] = frozenset()
    passed_over: Counter[str] = field(default_factory=Counter)  # "link", "excluded", "special"

    def files(self, folder: str) -> Iterator[Entry | Trouble]:
        """Yield the files below a folder by name, each folder's files where the folder's own name stands."""
        waiting = [self._inside(folder, "")]
        while waiting:
            for item in waiting[-1]:
                if isinstance(item, tuple):
                    waiting.append(self._inside(*item))
                    break
                yield item
            else:
                waiting.pop()

    def _inside(self, folder: str, within: str) -> Iterator[Entry | Trouble | tuple[str, str]]:
        """Yield what is in one folder; a folder in it as its path and its path within the first."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            yield Trouble.of(folder, error)
            return
        for entry in entries:
            path = f"{within}{entry.name}"
            try:
                state = entry.stat(follow_symlinks=False)
            except OSError as error:
                yield Trouble.of(entry.path, error)
                continue
            if (kind := self._passed(state, entry.name, path)) is not None:
                self.passed_over[kind] += 1
            elif stat.S_ISDIR(state.st_mode):
                yield entry.path, f"{path}/"
            elif (state.st_dev, state.st_ino) not in self.own:
                yield Entry(entry.path, state.st_size, state.st_mtime_ns)

    def _passed(self, state: os.stat_result, name: str, path: str) -> str | None:
        """Return why something is passed over, or None."""
        fits = _fits(name, path)
        if any(map(fits, self.exclude)):
            return "excluded"
        if stat.S_ISLNK(state.st_mode):
            return "link"
        if stat.S_ISDIR(state.st_mode):
            return None
        if not stat.S_ISREG(state.st_mode):
            return "special"
        return "excluded" if self.include and not any(map(fits, self.include)) else None


def _fits(name: str, path: str) -> Callable[[str], bool]:
    def fits(pattern: str) -> bool:
        pattern = pattern.rstrip("/")
        return fnmatchcase((path if "/" in pattern else name).casefold(), pattern.casefold())

    return fits
