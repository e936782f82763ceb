"""Put the parts of an upload together before it is published, and read them as the one file they are.

In:    an `Outbound`, its part if it brings one, and later what DingTalk answered.
Out:   `Joined`: what the whole was found to hold, or why nobody can tell.
Never: a step that publishes an upload passed over because its parts are not at hand.
"""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Self

from cerco.dingtalk.held import Content
from cerco.dingtalk.outbound import Channel, Key, Outbound, Piece, Reply, Step
from cerco.dingtalk.pieces import brought, inner, taken
from cerco.extract.text import Unreadable, Why
from cerco.runtime.relay import Scans
from cerco.runtime.scanners import ScanReport
from cerco.state.holding import HeldFile, Holding, HoldingError
from cerco.state.spool import Spool, Upload

# Files put together at once.
AT_ONCE = 2
# Where findings in a file put together stand.
PLACE = "upload"

_CARRIERS = frozenset({Step.PART, Step.FINISH})


@dataclass(frozen=True, slots=True)
class Joined:
    """What a step made of its upload: the report on it; whether it was read as a whole, and from which parts.

    `digest` tells the whole from any other, in memory only: it is not keyed.
    """

    report: ScanReport
    whole: bool = False
    uploads: tuple[Upload, ...] = ()
    digest: bytes = field(default=b"", repr=False)


NOTHING = Joined(ScanReport((), (), 0))


class Uploads:
    """The uploads in parts that are under way.

    Args:
        spool: where the parts are.
        pool: who reads the files they make.
        holding: where a file is that is read, if it is over `memory` bytes.
        limit: bytes of the largest file that is put together.
        memory: as above.
    """

    def __init__(self, spool: Spool, pool: Scans, holding: Holding, *, limit: int, memory: int) -> None:
        self._spool = spool
        self._pool = pool
        self._holding = holding
        self._limit = limit
        self._memory = memory
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def join(self, outbound: Outbound, now: datetime) -> Joined:
        """Keep the part that a step brings; read the file where the step publishes one.

        Raises:
            SpoolError: the parts cannot be written or read.
        """
        piece = outbound.piece
        if piece is None or piece.step is Step.WHOLE:
            return await self._published(outbound) if outbound.completes else NOTHING
        if piece.broken:
            return _gap(Why.MALFORMED)
        if piece.step is Step.COPY:
            await asyncio.to_thread(self._spool.lose, piece.upload, Why.UNSEEN, now)
        if piece.step not in _CARRIERS:
            return NOTHING
        try:
            data = brought(outbound) if outbound.carries_file else None
        except ValueError:
            return _gap(Why.MALFORMED)
        place = piece.number if piece.offset is None else piece.offset
        if data is not None and place is not None:
            why = await asyncio.to_thread(self._spool.put, piece.upload, place, data, now, also=outbound.keys)
            if why is not None:
                return _gap(why)
        elif piece.step is Step.PART:
            return _gap(Why.MALFORMED)
        if piece.step is Step.FINISH or piece.offset is not None:
            found = await asyncio.to_thread(self._spool.find, (piece.upload,))
            return await self._wholes(found, piece) if found else _gap(Why.UNSEEN)
        return NOTHING

    async def settle(self, outbound: Outbound, joined: Joined, *, forwards: bool) -> None:
        """Take note of a decision: a refused upload's parts go, those of one that was judged may go."""
        if not forwards:
            if keys := _names(outbound):
                await asyncio.to_thread(self._spool.drop, keys)
            return
        for upload in joined.uploads:
            await asyncio.to_thread(self._spool.finish, upload)

    async def answered(self, outbound: Outbound, reply: Reply) -> None:
        """Take note of the answer to a step: what the store has put together, or given up, need not be kept."""
        step = outbound.piece.step if outbound.piece else None
        if step is not Step.PART and taken(reply) and (keys := _names(outbound)):
            await asyncio.to_thread(self._spool.drop, keys, over=step is not Step.ABORT)

    async def link(self, keys: tuple[Key, ...], now: datetime) -> None:
        """Take note that these keys name one upload."""
        if len(set(keys)) > 1:
            await asyncio.to_thread(self._spool.link, keys, now)

    async def _published(self, outbound: Outbound) -> Joined:
        """Read what a commit or message publishes that nobody has put together yet: DingTalk will, on this call."""
        found = await asyncio.to_thread(self._spool.find, outbound.keys)
        return await self._wholes(tuple(upload for upload in found if not upload.done), None)

    async def _wholes(self, found: tuple[Upload, ...], piece: Piece | None) -> Joined:
        """Read every set of parts; one that the store has put together already was judged then."""
        made = [await self._readings(upload, piece) for upload in found if not upload.over]
        whole = bool(made) and all(joined.whole for joined in made)
        return Joined(
            ScanReport(
                tuple(dict.fromkeys(finding for joined in made for finding in joined.report.findings)),
                tuple(dict.fromkeys(gap for joined in made for gap in joined.report.coverage)),
                sum(joined.report.bytes_read for joined in made),
                tuple(seen for joined in made for seen in joined.report.seen),
            ),
            whole=whole,
            uploads=tuple(upload for joined in made for upload in joined.uploads) if whole else (),
            digest=hashlib.sha256(b"".join(joined.digest for joined in made)).digest() if whole else b"",
        )

    async def _readings(self, upload: Upload, piece: Piece | None) -> Joined:
        """Scan the file in every way its parts may have been put together."""
        made = dict[bytes, ScanReport]()
        for reading in range(upload.readings):
            async with self._turns:
                whole = await asyncio.to_thread(self._put_together, upload, piece, reading)
                if isinstance(whole, Why):
                    return _gap(whole)
                with whole:
                    if whole.digest not in made:
                        made[whole.digest] = await self._pool.scan_file(whole.content, None, PLACE)
        findings = tuple(finding for report in made.values() for finding in report.findings)
        coverage = tuple(gap for report in made.values() for gap in report.coverage)
        read = sum(report.bytes_read for report in made.values())
        seen = tuple(one for report in made.values() for one in report.seen)
        digest = hashlib.sha256(b"".join(sorted(made))).digest()
        return Joined(ScanReport(findings, coverage, read, seen), whole=True, uploads=(upload,), digest=digest)

    def _put_together(self, upload: Upload, piece: Piece | None, reading: int) -> "_Whole | Why":
        pieces = self._spool.assemble(
            upload,
            self._limit,
            listed=piece.listed if piece else None,
            total=piece.total if piece else None,
            appended=piece.offset if piece else None,
            reading=reading,
        )
        if isinstance(pieces, Why):
            return pieces
        digest, first, file = hashlib.sha256(), BytesIO(), None
        try:
            for data in pieces:
                digest.update(data)
                if file is None and first.tell() + len(data) > self._memory:
                    file = self._holding.begin()
                    file.write(first.getvalue())
                (first if file is None else file).write(data)
        except HoldingError:
            return Why.TOO_LARGE
        return _Whole(digest.digest(), first.getvalue() if file is None else file.held(), file)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A file that was put together, for the length of a block."""

    digest: bytes = field(repr=False)
    content: Content = field(repr=False)
    file: HeldFile | None = field(repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.release()


def is_part(outbound: Outbound) -> bool:
    """Tell whether the file an outbound carries is one part of several, and so no file to itself."""
    return outbound.piece is not None and outbound.piece.step in _CARRIERS


def alone(outbound: Outbound, content: Content) -> Content:
    """Return what of a part's bytes can be judged without the others."""
    piece = outbound.piece
    if piece is None or not is_part(outbound):
        return content
    first = piece.offset == 0 or piece.number == (0 if outbound.channel is Channel.LWP else 1)
    return inner(content, first=first)


def _names(outbound: Outbound) -> tuple[Key, ...]:
    """Return the keys whose parts an outbound decides about."""
    if outbound.piece is None or outbound.piece.step is Step.WHOLE:
        return outbound.keys if outbound.completes else ()
    return () if outbound.piece.step is Step.START else (outbound.piece.upload,)


def _gap(why: Why) -> Joined:
    return Joined(ScanReport((), (Unreadable(PLACE, why),), 0))
