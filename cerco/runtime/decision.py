"""What the gate does with one outbound.

In:    nothing; these are values.
Out:   `Decision`, and `unread` for traffic of which there is nothing to read.
Never: content in a `repr`.
"""

from dataclasses import dataclass, field

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Destination, Outbound, Role, Step, Wire
from cerco.runtime.rulebook import Rulebook
from cerco.runtime.scanners import ScanReport
from cerco.runtime.uploads import NOTHING, Joined

FORWARD = frozenset({"allowed", "tagged", "observed"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate does with one outbound; `action` is "allowed", "tagged", "blocked" or "observed"."""

    action: str
    outbound: Outbound
    verdict: Verdict
    report: ScanReport  # of this request alone; the verdict also weighs what was known of the upload before
    reference: str | None = None  # None where nothing left and so nothing was recorded
    body: bytes | None = field(default=None, repr=False)  # the rewritten body of a TAG
    joined: Joined = NOTHING  # what the parts of an upload make together
    freed: tuple[str, ...] = ()  # references of the refusals whose answers let it pass
    covers: bool = False  # the answer was for all that it publishes, earlier steps included
    flaw: str | None = None  # what is wrong with a reason that came with it

    @property
    def forwards(self) -> bool:
        """Tell whether the request may go on to DingTalk."""
        return self.action in FORWARD

    @property
    def awaits(self) -> bool:
        """Tell whether the answer says what becomes of an upload's parts, so that it must be read."""
        piece = self.outbound.piece
        return bool(self.joined.uploads) or (piece is not None and piece.step in {Step.FINISH, Step.ABORT})

    @property
    def roles(self) -> tuple[str, ...]:
        """Say what the decision was about: the bytes of the upload, its name, or both.

        One part says nothing about the bytes, unless it was refused: then the upload is.
        """
        named = any(part.role is Role.FILENAME for part in self.outbound.parts)
        if self.outbound.piece is not None and self.outbound.piece.step is not Step.WHOLE:
            if self.joined.whole:
                return ("bytes",)
            refused = self.verdict.action >= Action.JUSTIFY and not self.verdict.observed
            return ("part",) if refused else ()
        held = self.outbound.carries_file or self.joined.whole
        return (*(("bytes",) if held else ()), *(("name",) if named and not self.outbound.carries_file else ()))


def unread(rulebook: Rulebook, wire: Wire, operation: str) -> Outbound:
    """Return what can be said of traffic that is not read: its ends, its channel and why we look at it."""
    scope = rulebook.scope
    destination = Destination(wire.host, scope.region(wire.host))
    return Outbound(Actor(wire.client), destination, scope.channel(wire.host), operation, ())
