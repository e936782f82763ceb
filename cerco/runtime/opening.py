"""Open everything a gate stands on, in order, and close it again in the other.

In:    `Settings` and a rulebook.
Out:   a `Gate` that judges, and follows its rules folder.
Never: a gate with an inspector before its scanners are warm, or after its stores are closed.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from cerco.runtime.assembly import Assembly
from cerco.runtime.gate import Gate
from cerco.runtime.gateway import resolve
from cerco.runtime.reload import Follower
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.settings import Settings

log = logging.getLogger("cerco")

# DNS answers for DingTalk's edges live for minutes.
RESOLVE_EVERY = 600.0  # seconds
RESOLVE_WITHIN = 10.0  # seconds; a resolver that takes longer is out of order


@contextlib.asynccontextmanager
async def open_gate(
    settings: Settings, rulebook: Rulebook, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[Gate]:
    """Open the stores, warm the scanners, and only then give the gate its inspector.

    Raises:
        AuthorityError, OSError: keys or stores cannot be opened, or no scanner process starts.
    """
    gate = Gate(settings, rulebook, clock)
    async with contextlib.AsyncExitStack() as stack:
        assembly = Assembly(settings, gate.stores, clock)
        stack.callback(assembly.close)
        gate.evidence, gate.reasons, gate.forms = assembly.evidence, assembly.reasons, assembly.forms
        gate.holding = assembly.holding
        inspector, detector, relay = await assembly.inspector(rulebook)
        follower = Follower(gate, assembly, detector, relay, settings.rules_dir)
        stack.push_async_callback(follower.close)
        gate.install(rulebook, inspector)
        jobs = [asyncio.create_task(follower.run(), name="follow the rules")]
        if any(mode.startswith(("transparent", "wireguard", "local")) for mode in settings.mode):
            jobs.append(asyncio.create_task(_watch_names(gate), name="resolve DingTalk names"))
        try:
            yield gate
        finally:
            gate.inspector = None
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)


async def _watch_names(gate: Gate) -> None:
    """Keep the addresses behind DingTalk's names known, for clients that send no name."""
    while True:
        found = await asyncio.to_thread(resolve, gate.scope.names, RESOLVE_WITHIN)
        gate.known.learn((address for addresses in found.values() for address in addresses), gate.clock())
        if not any(found.values()):
            log.warning("no DingTalk name resolves; connections without a server name cannot be told apart")
        await asyncio.sleep(RESOLVE_EVERY)
