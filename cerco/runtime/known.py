"""Remember which IP addresses are DingTalk's, for connections that carry no name.

In:    names from the scope, resolved now and then; addresses seen with a DingTalk name on them.
Out:   `knows(address)`.
Never: an address kept for longer than `KEEP` after it was last seen to be DingTalk's.
"""

import ipaddress
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta

# DingTalk's edges move: DNS answers live for minutes, an address in use for some hours. A day bridges a night.
KEEP = timedelta(hours=24)
# Bounds memory if someone sends made-up names from many addresses.
MOST = 65_536


class KnownAddresses:
    """IP addresses that stood behind a DingTalk name within the last day."""

    def __init__(self) -> None:
        self._seen: dict[str, datetime] = {}

    def learn(self, addresses: Iterable[str], now: datetime) -> None:
        """Note that these addresses are DingTalk's as of `now`."""
        for address in filter(None, map(canonical, addresses)):
            self._seen.pop(address, None)
            self._seen[address] = now
        while len(self._seen) > MOST:
            self._seen.pop(next(iter(self._seen)))

    def knows(self, address: str, now: datetime) -> bool:
        """Tell whether the address was DingTalk's within the last day."""
        seen = self._seen.get(canonical(address) or address)
        return seen is not None and now - seen <= KEEP

    def all(self, now: datetime) -> tuple[str, ...]:
        """Return every address that is known now."""
        return tuple(address for address, seen in self._seen.items() if now - seen <= KEEP)


def canonical(name: str) -> str | None:
    """Return an IP address as it is usually written, or None for a name.

    Takes every form in which an address can be dialled: "::ffff:47.1.2.3", "0x2f.1.2.3" and "788595203" all reach
    47.1.2.3, the latter two because resolvers read IPv4 addresses as inet_aton(3) does.
    """
    bare = name.partition("%")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        try:
            address = ipaddress.ip_address(socket.inet_aton(bare))
        except (OSError, ValueError):
            return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
