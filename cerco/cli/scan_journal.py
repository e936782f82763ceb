"""What a scan of folders has done, so that one that was interrupted goes on where it stopped.

In:    files by path, size and time of change; what was found in each.
Out:   a file of JSON lines that belongs to this user alone: `Line`s under keyed digests.
Never: a name, a value or a place in it: which file a line is about can be checked by who has the file and the key.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Self

from cerco.cli import Fault
from cerco.cli.scan_folders import Entry

if TYPE_CHECKING:
    from cerco.runtime.library import Report

_KIND: Final = "cerco scan"
_DIGEST: Final = 16  # bytes; a billion files share none by chance
_SALT: Final = 16  # bytes, the most that BLAKE2b takes


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one file: the verdict, how many values each rule found, and how many gaps there are of a kind."""

    verdict: str
    found: dict[str, int]
    unread: dict[str, int]

    @classmethod
    def of(cls, report: "Report") -> Self:
        """Return what counts of a report."""
        values = {(finding.rule, finding.fingerprint) for finding in report.findings}
        return cls(
            report.verdict,
            dict(sorted(Counter(rule for rule, _ in values).items())),
            dict(sorted(Counter(str(gap.why) for gap in report.coverage).items())),
        )


@dataclass(slots=True)
class Journal:
    """The files that are done. One run at a time writes it; a file that has changed since is not in it any more.

    Args:
        path: where it is, or is to be.
        key: of the site, for the digests; empty where there is no site.
        terms: what a result depends on besides the file; under others the journal begins anew.

    Raises:
        Fault: the file is something else, or another run has it.
        OSError: it cannot be read or written.
    """

    path: Path
    key: bytes = field(repr=False)
    terms: str
    renewed: bool = False  # it was of other terms
    _file: IO[bytes] = field(init=False, repr=False)
    _salt: bytes = field(init=False, repr=False)
    _done: dict[str, Line] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._file = open(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")  # noqa: PTH123, SIM115
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Fault(f"cerco: {self.path}: another scan is writing it. Wait, or name another file.") from None
        try:
            self._load()
        except (ValueError, KeyError, TypeError):
            self._file.close()
            raise Fault(f"cerco: {self.path}: is not a journal of cerco scan. Name another file.") from None

    def done(self, entry: Entry) -> Line | None:
        """Return what came of a file, if it is done and unchanged."""
        return self._done.get(self._digest(entry))

    def add(self, entry: Entry, line: Line) -> None:
        """Note a file as done. To be called once its result is out: it may be shown twice, but is never lost."""
        said = {"file": self._digest(entry), "verdict": line.verdict, "found": line.found, "unread": line.unread}
        self._write(said)

    def identity(self) -> tuple[int, int]:
        """Return device and inode, by which a scan knows its own journal."""
        state = os.fstat(self._file.fileno())
        return state.st_dev, state.st_ino

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _load(self) -> None:
        head = self._file.readline()
        if head and not head.endswith(b"\n"):
            raise ValueError("no line")
        if head:
            said = json.loads(head)
            if said["journal"] != _KIND:
                raise ValueError("another kind of file")
            self._salt = bytes.fromhex(said["salt"])
            self.renewed = said["terms"] != self.terms
        if not head or self.renewed:
            self._begin()
            return
        end = self._file.tell()
        for text in self._file:
            if not text.endswith(b"\n"):
                break  # the run was cut off in the middle of a line
            said = json.loads(text)
            self._done[said["file"]] = Line(said["verdict"], said["found"], said["unread"])
            end += len(text)
        self._file.seek(end)
        self._file.truncate()

    def _begin(self) -> None:
        self._salt = secrets.token_bytes(_SALT)
        self._file.seek(0)
        self._file.truncate()
        self._write({"journal": _KIND, "salt": self._salt.hex(), "terms": self.terms})

    def _write(self, said: dict[str, Any]) -> None:
        self._file.write(json.dumps(said).encode("ascii") + b"\n")
        self._file.flush()

    def _digest(self, entry: Entry) -> str:
        told = f"{entry.size} {entry.changed} {os.path.abspath(entry.path)}"  # noqa: PTH100 - links stay as they are
        keyed = hashlib.blake2b(os.fsencode(told), digest_size=_DIGEST, key=self.key, salt=self._salt)
        return keyed.hexdigest()
