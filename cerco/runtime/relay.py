"""Scan by new rules at once: earlier scanner processes are handed the rules with each job until new ones are warm.

In:    a pool of scanner processes for the new rules, and the relay of the rules before.
Out:   `Relay`, which scans by its own rules from the first moment.
Never: a job scanned by other rules than those of the inspector that asked.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any, Protocol

from cerco.dingtalk.held import Content
from cerco.extract.text import Text
from cerco.runtime.scanners import ScannerError, ScannerPool, ScanReport
from cerco.scan.rule import DetectRule

log = logging.getLogger("cerco")

AGAIN = 10.0  # seconds until processes are started again where none could be


class Scans(Protocol):
    """What an inspector asks for files and long texts to be scanned by."""

    async def scan_file(self, data: Content, name: str | None, place: str) -> ScanReport:
        """Scan a file, as `ScannerPool` does."""

    async def scan_texts(self, texts: Sequence[Text]) -> ScanReport:
        """Scan the texts of one message, as `ScannerPool` does."""


class Relay:
    """The scanner processes of one set of rules, and until they are warm, those of the rules before."""

    def __init__(self, rules: Sequence[DetectRule], pool: ScannerPool, before: "Relay | None" = None) -> None:
        self._rules = [rule.model_dump(mode="json") for rule in rules] if before else []
        self._pool = pool
        self._before = before
        self._ready = asyncio.Event()
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the processes; where there are earlier ones to do the work meanwhile, do not wait for them.

        Raises:
            ScannerError, OSError: none could be started, and there are no earlier ones.
        """
        if self._before is None:
            async with contextlib.AsyncExitStack() as stack:
                stack.push_async_callback(self._pool.close)
                await self._pool.start()
                stack.pop_all()
            self._ready.set()
        else:
            self._before.give_way()
            self._warming = asyncio.create_task(self._warm(), name="warm scanners for new rules")

    async def ready(self) -> None:
        """Wait until the relay has no more need of the one before, or was closed."""
        await self._ready.wait()

    def give_way(self) -> None:
        """Stop warming processes that nobody will ask any more; what has come up stays."""
        if self._warming is not None:
            self._warming.cancel()

    async def close(self) -> None:
        """End all processes of these rules."""
        self.give_way()
        if self._warming is not None:
            await asyncio.gather(self._warming, return_exceptions=True)
        await self._pool.close()
        self._ready.set()

    async def scan_file(self, data: Content, name: str | None, place: str) -> ScanReport:
        """Scan a file by these rules."""
        pool, rules = self._at_hand()
        return await pool.scan_file(data, name, place, rules)

    async def scan_texts(self, texts: Sequence[Text]) -> ScanReport:
        """Scan the texts of one message by these rules."""
        pool, rules = self._at_hand()
        return await pool.scan_texts(texts, rules)

    def _at_hand(self) -> tuple[ScannerPool, list[dict[str, Any]] | None]:
        """Return processes that are warm, and the rules that must be handed to them."""
        relay = self
        while relay._before is not None and not relay._ready.is_set():
            relay = relay._before
        return relay._pool, None if relay is self else self._rules  # noqa: SLF001

    async def _warm(self) -> None:
        while not self._ready.is_set():
            try:
                await self._pool.start()
                self._ready.set()
            except (ScannerError, OSError):
                log.error("no scanner process for the new rules could be started; earlier ones do the work")  # noqa: TRY400 - the pool says why
                await asyncio.sleep(AGAIN)
            except asyncio.CancelledError:
                await self._pool.close()
                raise
        self._before = None
