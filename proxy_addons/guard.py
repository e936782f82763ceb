"""Refuse first; lift the refusal only on a complete verdict.

mitmproxy forwards what a failing hook leaves behind, so nothing here may rely on a hook finishing.

In:    a hook, or a `Wire` to judge.
Out:   a hook that fails closed, or a `Decision` that is never an exception.
Never: an exception's text in a log or record: only its type and the line it came from. Broad `except`s that do not
       raise again stand in this file alone.
"""

import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from cerco.dingtalk.outbound import Wire
from cerco.extract.text import Unreadable
from cerco.runtime.decision import Decision
from cerco.runtime.faults import describe
from cerco.runtime.gate import Gate
from cerco.runtime.reasons import Given

log = logging.getLogger("cerco")


class Guarded(Protocol):
    """An addon whose hooks the guard may wrap."""

    gate: Gate


type Hook[A: Guarded, S] = Callable[[A, S], Awaitable[None]]


class Wrap[S](Protocol):
    """What `fails_closed` returns: a decorator for hooks on subjects of one type."""

    def __call__[A: Guarded](self, hook: Hook[A, S], /) -> Hook[A, S]:
        """Return the hook, wrapped."""
        ...


def fails_closed[S](refuse: Callable[[S], None], lift: Callable[[S], None] | None = None) -> Wrap[S]:
    """Wrap a hook so that whatever happens inside it leaves the refusal standing.

    With `lift`, the refusal is set before the hook runs, and the hook lifts it itself; while the site only
    observes, a fault lifts it too. Without `lift`, the refusal is set if the hook fails.
    """

    def decorate[A: Guarded](hook: Hook[A, S], /) -> Hook[A, S]:
        @functools.wraps(hook)
        async def guarded(addon: A, subject: S) -> None:
            if lift:
                refuse(subject)
            try:
                await hook(addon, subject)
            except BaseException as fault:
                refuse(subject)
                log.error("%s failed: %s", guarded.__qualname__, describe(fault))  # noqa: TRY400 - the traceback may quote content
                if not isinstance(fault, Exception):
                    raise
                if lift and addon.gate.observes:
                    lift(subject)

        return guarded

    return decorate


async def judge(
    gate: Gate, wire: Wire, *, gaps: Sequence[Unreadable] = (), as_sent: bool = True, given: Given | None = None
) -> Decision:
    """Return the decision on a request or frame; any fault on the way is itself a decision to refuse."""
    try:
        return await gate.judge(wire, gaps=gaps, as_sent=as_sent, given=given)
    except Exception as fault:  # noqa: BLE001 - whatever went wrong, the request must not go
        return await _refused(gate, wire, fault)


async def judge_unread(gate: Gate, wire: Wire, what: str, operation: str) -> Decision:
    """Return the decision on traffic that cannot be read; `operation` begins with "opaque." or "oversize."."""
    try:
        return await gate.judge_unread(wire, what, operation)
    except Exception as fault:  # noqa: BLE001 - as above
        return await _refused(gate, wire, fault)


async def _refused(gate: Gate, wire: Wire, fault: Exception) -> Decision:
    where = describe(fault)
    log.error("a request was refused because of a fault in the gate: %s", where)
    try:
        return await gate.refuse_fault(wire, where, timed_out=isinstance(fault, TimeoutError), recorded=True)
    except Exception as second:  # noqa: BLE001 - the record cannot be written either; refuse all the same
        log.error("the fault could not be recorded: %s", describe(second))  # noqa: TRY400 - as above
        return await gate.refuse_fault(wire, where, timed_out=False, recorded=False)
