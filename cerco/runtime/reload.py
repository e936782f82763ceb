"""Follow the rules folder: a change is loaded whole and put in force at once, or not at all.

In:    the folder, as editors, deployments and people save to it.
Out:   a gate whose inspector works by the newest rules that have no fault.
Never: a moment without rules; half a change; a request judged by two sets of rules.

A change is taken once the folder looks the same twice in a row and has not changed while it was read: a file that is
being written, and a rule that an editor moves away and back, are not what somebody saved.
"""

import asyncio
import logging
import os
from pathlib import Path

from cerco.decide.load import RuleErrors
from cerco.runtime.assembly import Assembly
from cerco.runtime.faults import describe
from cerco.runtime.gate import Gate
from cerco.runtime.relay import Relay
from cerco.runtime.rulebook import load_rulebook
from cerco.scan.detector import Detector

log = logging.getLogger("cerco")

# Looking at some dozens of files costs a millisecond and, unlike the kernel's notices, sees through renames and links.
EVERY = 0.15  # seconds
AGAIN = 10.0  # seconds until rules are tried again that have no fault, and could not be put in force
DEPTH = 4  # folders below the rules folder; a link in a circle ends there

type Stamp = tuple[tuple[str, int, int, int], ...]


def stamp(folder: Path) -> Stamp:
    """Return what tells two states of a folder's files apart: names, inodes, sizes and times of change.

    Links are followed, to files and to folders: a mounted configuration is all links, and changes by turning one.
    """
    found = []
    for root, folders, files in os.walk(folder, followlinks=True):
        below = Path(root).relative_to(folder)
        if len(below.parts) >= DEPTH:
            folders.clear()
        for name in files:
            try:
                state = Path(root, name).stat()
            except OSError:
                continue  # gone between listing and looking; the next look sees that
            found.append((str(below / name), state.st_ino, state.st_size, state.st_mtime_ns))
    return tuple(sorted(found))


class Follower:
    """Keeps a gate's inspector up to date with its rules folder."""

    def __init__(self, gate: Gate, assembly: Assembly, detector: Detector, relay: Relay, folder: Path) -> None:
        self._gate = gate
        self._assembly = assembly
        self._folder = folder
        self._detector = detector
        self._relay = relay
        self._retiring: set[asyncio.Task[None]] = set()
        self._seen = stamp(folder)

    async def run(self) -> None:
        """Look for changes until cancelled."""
        before = self._seen
        while True:
            await asyncio.sleep(EVERY)
            seen = await asyncio.to_thread(stamp, self._folder)
            if seen == before != self._seen:
                try:
                    await self._take(seen)
                except Exception as fault:  # noqa: BLE001 - whatever is wrong with the new rules, the old ones are followed on
                    self._refuse("new rules could not be put in force; version %s stays: %s", describe(fault))
                    await asyncio.sleep(AGAIN)
            before = seen

    async def close(self) -> None:
        """End every scanner process, the present ones and those of earlier rules."""
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        await self._relay.close()

    async def _take(self, seen: Stamp) -> None:
        """Put what the folder holds now in force, if it is whole and says anything new."""
        before = self._gate.rulebook
        try:
            rulebook = await asyncio.to_thread(load_rulebook, self._folder)
            if await asyncio.to_thread(stamp, self._folder) != seen:
                return  # it changed while it was read; the next look takes it
            if rulebook.version == before.version:
                self._seen = seen
                return
            made = await self._assembly.inspector(rulebook, (before, self._detector, self._relay))
        except RuleErrors as errors:
            if await asyncio.to_thread(stamp, self._folder) == seen:
                self._seen = seen
                self._refuse("the rules have faults; version %s stays in force\n%s", str(errors))
            return
        self._seen = seen
        inspector, self._detector, relay = made
        self._gate.install(rulebook, inspector)
        log.info("rules version %s is in force", rulebook.version)
        self._assembly.note_rules("installed")
        if relay is not self._relay:
            retiring = asyncio.create_task(self._retire(self._relay, relay))
            self._retiring.add(retiring)
            retiring.add_done_callback(self._retiring.discard)
            self._relay = relay

    def _refuse(self, said: str, why: str) -> None:
        """Say loudly that what was saved is not in force."""
        log.error(said, self._gate.rulebook.version, why)
        self._assembly.note_rules("refused")

    async def _retire(self, relay: Relay, successor: Relay) -> None:
        """Close the processes of earlier rules once later ones need them no more, and no request can wait for them."""
        try:
            await successor.ready()
            await asyncio.sleep(self._gate.settings.limits.deadline)
        finally:
            await relay.close()
