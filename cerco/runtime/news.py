"""Keep note of requests to DingTalk that the map does not describe, so that somebody describes them.

In:    a request that was read, and how.
Out:   an entry for each new kind of request, without content.
Never: a request held up or refused because the note could not be taken.
"""

import asyncio
import logging
from datetime import datetime

from cerco.dingtalk.drift import observe
from cerco.dingtalk.outbound import Outbound, Wire
from cerco.runtime.faults import describe
from cerco.runtime.rulebook import Rulebook
from cerco.state.drift import Drift, DriftError

log = logging.getLogger("cerco")


class News:
    """What the map has no row for."""

    def __init__(self, rulebook: Rulebook, drift: Drift) -> None:
        self._rulebook = rulebook
        self._drift = drift

    async def note(self, wire: Wire, outbound: Outbound, now: datetime) -> None:
        """Note the request if it is news."""
        sighting = observe(wire, outbound, self._rulebook.catalogue, self._rulebook.endpoints)
        if sighting is None:
            return
        try:
            await asyncio.to_thread(self._drift.note, sighting, outbound.actor.account or outbound.actor.address, now)
        except DriftError as fault:
            log.warning("a new kind of request could not be noted: %s", describe(fault))
