"""The noun of the fourth room: what is to be done, why, and what was not read.

In:    nothing; these are values.
Out:   `Action`, `Verdict`.
Never: a verdict without its coverage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from cerco.extract.text import Unreadable
from cerco.scan.finding import Finding
from cerco.scan.match import Language


class Action(IntEnum):
    """What a verdict asks for; the strictest of several wins, so the order is the meaning."""

    ALLOW = 0
    TAG = 1
    JUSTIFY = 2
    BLOCK = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with an outbound, which decisions and findings say so, and which parts nobody could read."""

    action: Action
    decisions: tuple[str, ...]  # ids of the policy decisions that applied, strictest first
    findings: tuple[Finding, ...]
    coverage: tuple[Unreadable, ...]  # empty: every byte was read
    label: str | None = None  # what a TAG puts in front of a name or title
    observed: bool = False  # decided and recorded, not carried out
    notice: Mapping[Language, str] | None = None  # what the policy says to the sender besides, in four languages
    degraded: tuple[str, ...] = ()  # what the search went without, such as a model that is not installed
