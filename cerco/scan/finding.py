"""The noun of the third room: something sensitive, at a place, with a reason.

In:    nothing; these are values.
Out:   `Finding`.
Never: the value itself. It is shown masked and compared by keyed fingerprint.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One sensitive value or phrase in an outbound, without the value."""

    rule: str  # id of the detect rule, which is its file name
    entity: str  # "MO_ID_CARD"
    severity: str  # "low" | "medium" | "high"
    score: float  # 0..1
    place: str
    start: int  # characters into the text at that place
    end: int
    masked: str  # "1••••••(8)"
    fingerprint: str  # hex of HMAC-SHA-256 over entity and normalised value, site key
    reasons: tuple[str, ...] = ()  # "pattern bir-parenthesised", "context 身份證 -4"
    draft: bool = False  # of a rule that is only tried out, and so stops nothing
