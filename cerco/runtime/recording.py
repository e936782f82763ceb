"""Keep what is seen in requests, beside their way, so that other rules can be asked about it later.

In:    what the detector shows of a request while it is judged, and what was decided.
Out:   rows in `Traffic`, written by a thread of their own.
Never: a request that waits for it, or fails with it: where the thread cannot keep up, requests are left out, and
       counted. Never an address or an account: senders are keyed pseudonyms.
"""

import hmac
import json
import logging
import queue
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from types import MappingProxyType
from typing import Any

from cerco.decide.when import Actors, Way
from cerco.dingtalk.outbound import Actor
from cerco.extract.text import Text, Unreadable
from cerco.runtime.faults import describe
from cerco.runtime.telemetry import Telemetry
from cerco.scan.detector import Detector, Examined
from cerco.scan.seen import Seen
from cerco.state.ledger import Judgement
from cerco.state.traffic import Row, Traffic

log = logging.getLogger("cerco")

WAITING = 256  # requests; each may hold the text of a message
_TOGETHER = 64  # requests written in one go
_LAST = 5.0  # seconds that closing waits for what is left
_KNOWN = 50_000  # senders remembered as written

type _Network = IPv4Network | IPv6Network


@dataclass(slots=True)
class _Looked:
    kind: str
    seen: list[Seen]
    gaps: tuple[Unreadable, ...]
    joins: Mapping[str, int]


class Watch:
    """What is seen of one request, in the order in which rules are asked about it later."""

    def __init__(self, detector: Detector) -> None:
        self.detector = detector
        self._looked: list[_Looked | str] = []

    def add(self, written: Iterable[str]) -> None:
        """Take in what scanner processes saw."""
        self._looked += written

    def write(self) -> list[str]:
        """Return all of it, as a `Keeper` writes it."""
        units = []
        for looked in self._looked:
            if isinstance(looked, str):
                units.append(looked)
                continue
            keeper = self.detector.keeper()
            for seen in looked.seen:
                keeper.keep(seen)
            units.append(keeper.write(looked.kind, looked.gaps, looked.joins))
        return units

    def look(self, kind: str, seen: list[Seen], examined: Examined, joins: Mapping[str, int]) -> None:
        """Take in what the gate itself saw."""
        self._looked.append(_Looked(kind, seen, examined.coverage, joins))


def examine(
    detector: Detector,
    texts: Iterable[Text],
    watch: Watch | None,
    kind: str = "message",
    joins: Mapping[str, int] = MappingProxyType({}),
) -> Examined:
    """Return what the rules find in texts, and have it watched."""
    if watch is None:
        return detector.examine(texts)
    seen: list[Seen] = []
    examined = detector.examine(texts, keep=seen.append)
    if seen:
        watch.look(kind, seen, examined, joins)
    return examined


@dataclass(frozen=True, slots=True)
class Passage:
    """How a request left, and what is known of it besides what was seen.

    `coverage` is what was not read of this request, without what earlier steps of its upload lacked; `fixed` that it
    was to be refused whatever the rules say; `mute` that nobody can be asked about it.
    """

    reference: str
    at: datetime
    way: Way
    action: str
    coverage: Sequence[Unreadable] = ()
    earlier: Sequence[Judgement] = ()
    fixed: bool = False
    mute: bool = False


class Recorder:
    """Writes what is seen in requests, from a thread of its own."""

    def __init__(self, traffic: Traffic, key: bytes, telemetry: Telemetry, clock: Callable[[], datetime]) -> None:
        self._traffic = traffic
        self._names = Names(key)
        self._telemetry = telemetry
        self._clock = clock
        self._queue: queue.Queue[tuple[_Facts, Watch] | None] = queue.Queue(WAITING)
        self._actors: set[bytes] = set()
        self._soughts: dict[int, tuple[Detector, bytes]] = {}
        self._thread = threading.Thread(target=self._run, name="record what is seen", daemon=True)
        self._thread.start()

    @property
    def is_full(self) -> bool:
        """Tell whether the next request would be left out."""
        return self._queue.full()

    def offer(self, passage: Passage, watch: Watch) -> None:
        """Have a request written, unless too many wait already."""
        try:
            self._queue.put_nowait((_Facts.of(passage), watch))
        except queue.Full:
            self._telemetry.recorded("dropped", 1)

    def close(self) -> None:
        """Write what waits, for a few seconds at most, and stop."""
        try:
            self._queue.put(None, timeout=_LAST)
        except queue.Full:
            return
        self._thread.join(_LAST)

    def _run(self) -> None:
        while (one := self._queue.get()) is not None:
            together, last = [one], False
            while len(together) < _TOGETHER and not last:
                try:
                    another = self._queue.get_nowait()
                except queue.Empty:
                    break
                last = another is None
                together += [another] if another is not None else []
            try:
                self._write(together)
                self._telemetry.recorded("kept", len(together))
            except Exception as fault:  # noqa: BLE001 - whatever is wrong with these, the next are written
                log.warning("what was seen in %d requests could not be kept: %s", len(together), describe(fault))
                self._telemetry.recorded("failed", len(together))
                self._soughts.clear()  # it may not have been written
            if last:
                return

    def _write(self, together: Sequence[tuple["_Facts", Watch]]) -> None:
        rows, actors, soughts = [], dict[bytes, bytes](), dict[bytes, bytes]()
        for facts, watch in together:
            actor = self._names.actor(facts.actor)
            if actor not in self._actors:
                actors[actor] = json.dumps(self._names.describe(facts.actor)).encode()
            sought = self._sought(watch.detector, soughts)
            data = json.dumps({**facts.data, "units": watch.write()}, separators=(",", ":")).encode()
            rows.append(Row(facts.at, facts.reference, actor, sought, data))
        self._traffic.append(rows, actors, soughts, self._clock())
        if len(self._actors) > _KNOWN:
            self._actors.clear()
        self._actors.update(actors)

    def _sought(self, detector: Detector, new: dict[bytes, bytes]) -> bytes:
        """Return what the detector's way of seeking is called; it is described again when the rules have changed."""
        known = self._soughts.get(id(detector))
        if known is None:
            data = json.dumps(detector.sought.to_json(), sort_keys=True).encode()
            known = (detector, self._names.digest("sought", data))  # the detector stays, so that no other has its id
            self._soughts = {id(detector): known}
            new[known[1]] = data
        return known[1]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is written of a passage; nothing of its content."""

    at: datetime
    reference: str
    actor: Actor
    data: dict[str, Any]

    @classmethod
    def of(cls, passage: Passage) -> "_Facts":
        outbound, before = passage.way.outbound, {gap for one in passage.earlier for gap in one.coverage}
        data = {
            "channel": outbound.channel.value,
            "region": outbound.destination.region,
            "direction": passage.way.direction,
            "action": passage.action,
            "coverage": [gap.why.value for gap in passage.coverage if gap not in before],
            "earlier": [[one.reference, one.role] for one in passage.earlier],
            "fixed": passage.fixed,
            "mute": passage.mute,
        }
        return cls(passage.at, passage.reference, outbound.actor, data)


class Names:
    """Pseudonyms of senders, by a key; and whether one was of a group of people whom a policy names."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def digest(self, kind: str, data: bytes) -> bytes:
        """Return 16 bytes that tell this from everything else of its kind."""
        return hmac.digest(self._key, kind.encode() + b"\0" + data, "sha256")[:16]

    def actor(self, actor: Actor) -> bytes:
        """Return a sender's pseudonym."""
        return self.digest("actor", f"{actor.address}\0{actor.account}".encode(errors="surrogatepass"))

    def describe(self, actor: Actor) -> dict[str, Any]:
        """Return by what groups know a sender: a print of the account, and of every network that the address is in."""
        try:
            address = ip_address(actor.address)
        except ValueError:
            return {"account": self._account(actor.account), "networks": []}
        whole = ip_network(address)
        networks = [self._network(whole.supernet(new_prefix=length)) for length in range(whole.prefixlen + 1)]
        return {"account": self._account(actor.account), "networks": networks}

    def has(self, group: Actors, described: Mapping[str, Any]) -> bool:
        """Tell whether a sender is of a group."""
        networks = described["networks"]
        return (
            described["account"] is not None and described["account"] in {self._account(one) for one in group.accounts}
        ) or any(
            network.prefixlen < len(networks)
            and len(networks) == network.max_prefixlen + 1
            and networks[network.prefixlen] == self._network(network)
            for network in group.networks
        )

    def _account(self, account: str | None) -> str | None:
        if account is None:
            return None
        return self.digest("account", account.encode(errors="surrogatepass")).hex()

    def _network(self, network: _Network) -> str:
        return self.digest("network", str(network).encode())[:4].hex()
