"""Follow the rules folder: a change is loaded whole and put in force at once, or not at all.

In:    the folder, as editors, deployments and people save to it.
Out:   a gate whose inspector works by the newest rules that have no fault.
Never: a moment without rules; half a change; a request judged by two sets of rules.
"""

import asyncio
import logging
from pathlib import Path

from cerco.decide.load import RuleErrors
from cerco.runtime.assembly import Assembly
from cerco.runtime.faults import describe
from cerco.runtime.gate import Gate
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.scanners import ScannerPool

log = logging.getLogger("cerco")

# Looking at a dozen files costs microseconds and, unlike the kernel's notices, sees through renames and links alike.
EVERY = 0.5  # seconds

type Stamp = tuple[tuple[str, int, int, int], ...]


def stamp(folder: Path) -> Stamp:
    """Return what tells two states of a folder's files apart: names, inodes, sizes and times of change."""
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            state = path.stat()  # of what a link points to
        except OSError:
            continue  # gone between listing and looking; the next look sees that
        if not path.is_dir():
            found.append((str(path.relative_to(folder)), state.st_ino, state.st_size, state.st_mtime_ns))
    return tuple(found)


class Follower:
    """Keeps a gate's inspector up to date with its rules folder."""

    def __init__(self, gate: Gate, assembly: Assembly, pool: ScannerPool, folder: Path) -> None:
        self._gate = gate
        self._assembly = assembly
        self._folder = folder
        self._pool = pool
        self._retiring: set[asyncio.Task[None]] = set()
        self._seen = stamp(folder)

    async def run(self) -> None:
        """Look for changes until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            seen = await asyncio.to_thread(stamp, self._folder)
            if seen != self._seen:
                self._seen = seen
                await self._take()

    async def close(self) -> None:
        """End every scanner process, the present ones and those of earlier rules."""
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        await self._pool.close()

    async def _take(self) -> None:
        """Put what the folder holds now in force, if it is whole and says anything new."""
        before = self._gate.rulebook.version
        try:
            rulebook = await asyncio.to_thread(load_rulebook, self._folder)
            if rulebook.version == before:
                return
            inspector, pool = await self._assembly.inspector(rulebook)
        except RuleErrors as errors:
            log.error("the rules have faults; version %s stays in force\n%s", before, errors)  # noqa: TRY400 - the faults say it all
            return
        except OSError as fault:
            log.error("new rules could not be put in force; version %s stays: %s", before, describe(fault))  # noqa: TRY400 - as above
            return
        self._gate.install(rulebook, inspector)
        log.info("rules version %s is in force", rulebook.version)
        retiring = asyncio.create_task(self._retire(self._pool))
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)
        self._pool = pool

    async def _retire(self, pool: ScannerPool) -> None:
        """Close the processes of earlier rules once no request can still be waiting for them."""
        try:
            await asyncio.sleep(self._gate.settings.limits.deadline)
        finally:
            await pool.close()
