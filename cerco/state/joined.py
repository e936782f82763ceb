"""Put a text together with what was said before it, in the ways a reader would.

In:    what `Conversations.recall` returned, and the text that goes on from it.
Out:   joined texts to scan, and of what was found in them that which the new text brings about.
Never: a finding that lies wholly in what was said before: that is out already, and was judged then.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cerco.extract.text import Text
from cerco.scan.finding import Finding
from cerco.state.conversations import JOINT, WINDOW

# Stands in brackets behind the place of a finding that goes on from earlier messages.
EARLIER = "with what was said before"

# A run of a number that is still going on: digits, brackets, and what people put between groups of digits.
# Line ends and tabs are not among them: they part cells and lists, whose numbers have nothing to do with each other.
_SIGN = r" \u00a0\u00ad\u2000-\u200f\u2010-\u2015\u2060\u3000\ufeff.,·•・_/\\:：，。、．／~*+\-"
_DIGIT = r"\d()\[\]（）［］〔〕【】"
_AFTER = re.compile(rf"[{_SIGN}{_DIGIT}]*[{_DIGIT}]|")
_BEFORE = re.compile(rf"(?:[{_DIGIT}][{_SIGN}{_DIGIT}]*)?\Z")
_SIGNS = re.compile(rf"[{_SIGN}]+")


@dataclass(frozen=True, slots=True)
class Joined:
    """Text of several messages made one; the newest of them begins at `at`."""

    text: Text
    at: int
    place: str = field(default="")  # of the newest message, as it is shown where it is scanned alone


def joined(previous: str, present: str, place: str, *, role: str = "text", window: int = WINDOW) -> tuple[Joined, ...]:
    """Return the ways to read a text as going on from the texts before it; () if there are none, or nothing new.

    As it stands; as lines, the way a reader sees messages; with a space in place of whatever signs stand where one text
    ends and the next begins; and with nothing there, nor within a number that reaches over the end. Of the new text the
    first `window` characters are read.
    """
    pieces = [piece for piece in previous.split(JOINT) if piece]
    head = present[:window]
    if not pieces or not head.strip():
        return ()
    trimmed = [piece for piece in (_trimmed(piece) for piece in [*pieces, head]) if piece]
    said, new = (trimmed[:-1], trimmed[-1]) if _trimmed(head) else (trimmed, "")
    ways = [("", "".join(pieces), head), ("as lines", "\n".join([*pieces, ""]), head)]
    if said and new:
        ways += [("with spaces", f"{' '.join(said)} ", new), ("without signs between", *_bare("".join(said), new))]
    seen = dict[tuple[str, int], Joined]()
    for way, before, after in ways:
        note = f" ({', '.join([EARLIER, *([way] if way else [])])})"
        made = Joined(Text(f"{place}{note}", before + after, role), len(before), place)
        seen.setdefault((made.text.content, made.at), made)
    return tuple(seen.values())


def spans_both(finding: Finding, joins: Iterable[Joined]) -> bool:
    """Tell whether a finding in a joined text takes in both something said before and something of the new text."""
    return any(finding.place == join.text.place and finding.start < join.at < finding.end for join in joins)


def across(found: Sequence[Finding], joins: Sequence[Joined], alone: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Return what the new text brings about by going on from the old: each value once, at the new text's own place.

    That is a value that takes in both; and one that stands in the new text but is told by what was said before, as a
    bare number after "the ID card is". `alone` is what was found in the new text by itself, and is left out.
    """
    known = {(finding.rule, finding.fingerprint) for finding in alone}
    best = dict[tuple[str, str], Finding]()
    for finding in found:
        join = next((join for join in joins if join.text.place == finding.place), None)
        one = (finding.rule, finding.fingerprint)
        if join is None or finding.end <= join.at or one in known:
            continue
        if one not in best or best[one].score < finding.score:
            reasons = (*finding.reasons, "goes on from what was said before")
            place = f"{join.place} ({EARLIER})"
            best[one] = replace(finding, place=place, reasons=reasons)
    return tuple(best.values())


def _trimmed(text: str) -> str:
    """Take signs and spaces off both ends; brackets stay, they may be half of a number."""
    start, end = 0, len(text)
    while start < end and _is_sign(text[start]):
        start += 1
    while start < end and _is_sign(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_sign(char: str) -> bool:
    kind = unicodedata.category(char)
    return kind[0] in "ZPSC" and kind not in {"Ps", "Pe"}


def _bare(before: str, after: str) -> tuple[str, str]:
    """Take the signs out of the run of digits that reaches over the end of `before`."""
    left, right = _BEFORE.search(before), _AFTER.match(after)
    if left is None or right is None:  # both patterns match an empty run
        return before, after
    return (
        before[: left.start()] + _SIGNS.sub("", left[0]),
        _SIGNS.sub("", right[0]) + after[right.end() :],
    )
