"""Keep what takes seconds to make between runs, in the folder that the system has for such things.

In:    the environment: CERCO_CACHE, systemd's CACHE_DIRECTORY, or the user's own cache folder.
Out:   a `FolderShelf`; detectors whose automata lie on it.
Never: a file trusted that somebody else can write; content: an automaton holds patterns and the words of rules.
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from cerco.scan.automaton import keep_on
from cerco.scan.detector import Detector
from cerco.scan.names import Names
from cerco.scan.rule import DetectRule

VARIABLE = "CERCO_CACHE"  # names the folder to scanner processes, which have no other environment
_MOST = 12  # files: the recognisers' two, and those of the latest rules
_LARGEST = 64 * 1024 * 1024  # bytes of one file; the largest automaton has four million


class FolderShelf:
    """Files in a folder that belongs to this user alone; where there is no such folder, nothing is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        """Return a file's content, if nobody else can have written it."""
        with contextlib.suppress(OSError), (self._folder / name).open("rb") as file:
            if _is_own(os.fstat(file.fileno())) and _is_own(self._folder.stat()):
                data = file.read(_LARGEST)
                with contextlib.suppress(OSError):
                    os.utime(file.fileno())  # in use: not among the first to go
                return data
        return None

    def put(self, name: str, data: bytes) -> None:
        """Write a file whole, or not at all."""
        beside = self._folder / f".{secrets.token_hex(8)}"
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_own(self._folder.stat()):
                return
            try:
                with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
                    file.write(data)
                beside.replace(self._folder / name)
            finally:
                beside.unlink(missing_ok=True)
            self._tidy()

    def _tidy(self) -> None:
        """Take away what was not used for longest; each change of the rules leaves something behind."""
        kept = sorted(self._folder.glob("automaton-*"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-_MOST]:
            path.unlink(missing_ok=True)


def folder() -> Path | None:
    """Return the folder to keep things in, or None where the environment names none."""
    if own := os.environ.get(VARIABLE) or os.environ.get("CACHE_DIRECTORY", "").partition(":")[0]:
        return Path(own)
    if cache := os.environ.get("XDG_CACHE_HOME"):
        return Path(cache) / "cerco"
    home = os.environ.get("HOME")
    return Path(home) / ".cache" / "cerco" if home else None


def inherited() -> dict[str, str]:
    """Return what a scanner process's environment says about the folder, if that is this user's own already.

    A scanner process could not tell: in a user namespace of its own all strangers look alike, itself among them.
    """
    kept = folder()
    with contextlib.suppress(OSError):
        if kept is not None and _is_own(kept.stat()):
            return {VARIABLE: str(kept.absolute())}
    return {}


def new_detector(rules: Sequence[DetectRule], key: bytes, names: Names | None = None) -> Detector:
    """Return a detector, with automata from earlier runs where there are any; raises as `Detector` does."""
    if (kept := folder()) is not None:
        keep_on(FolderShelf(kept))
    return Detector(rules, key, names)


def _is_own(state: os.stat_result) -> bool:
    return state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
