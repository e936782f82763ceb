"""Count references that were tried in vain, so that nobody finds others' notices by trying.

In:    the address that tries, and the time.
Out:   whether it may try on.
Never: a count that grows without bound.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

MOST = 20  # a person mistypes a few; at this rate, one of a million records is met in about a year
WITHIN = timedelta(minutes=10)
_ADDRESSES = 10_000  # a class B office; beyond it the oldest are forgotten


class Attempts:
    """What each address has tried in vain of late, in this process."""

    def __init__(self) -> None:
        self._missed: OrderedDict[str, list[datetime]] = OrderedDict()

    def allowed(self, address: str, now: datetime) -> bool:
        """Tell whether an address may look a reference up."""
        return len(self._recent(address, now)) < MOST

    def missed(self, address: str, now: datetime) -> None:
        """Note that an address asked for what it does not get."""
        self._missed[address] = [*self._recent(address, now), now]
        self._missed.move_to_end(address)
        while len(self._missed) > _ADDRESSES:
            self._missed.popitem(last=False)

    def _recent(self, address: str, now: datetime) -> list[datetime]:
        return [moment for moment in self._missed.get(address, ()) if now - moment < WITHIN]
