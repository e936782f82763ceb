"""Remember what is DingTalk's besides the names in the scope: IP addresses, and stores its answers send files to.

In:    names from the scope, resolved now and then; addresses seen with a DingTalk name on them; hosts in answers.
Out:   whether an address or host is DingTalk's, and a store's region.
Never: anything kept for longer than `KEEP` after it was last seen to be DingTalk's.
"""

import ipaddress
import socket
from collections.abc import Iterable, Mapping
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


class KnownStores:
    """Hosts that DingTalk told clients to put files on within the last day, with the region each stands in."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, datetime]] = {}

    def learn(self, regions: Mapping[str, str], now: datetime) -> None:
        """Note the region of each host as of `now`."""
        for host, region in regions.items():
            self._seen.pop(host, None)
            self._seen[host] = (region, now)
        while len(self._seen) > MOST:
            self._seen.pop(next(iter(self._seen)))

    def region(self, host: str, now: datetime) -> str | None:
        """Return the region of a store, or None where the host is none that is known."""
        region, seen = self._seen.get(host, (None, now))
        return region if now - seen <= KEEP else None
