"""Put the pieces of text that stand on a page into the order people read them in.

In:    pieces, each with its corners.
Out:   one text, a line for each row; on a row, what stands apart is separated by a tab.
Never: a label taken away from the value beside it: what is level with it is on its line.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

type Corner = tuple[float, float]  # (x, y) in pixels, y downwards

_LEVEL = 0.5  # of the smaller height: pieces whose middles are closer than that are on one row
_APART = 1.0  # of the height: pieces further apart are in two cells
_FLAT = 2.0  # times its height: a piece this wide shows how the page is skewed


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and its corners, from the top left on, clockwise."""

    corners: tuple[Corner, Corner, Corner, Corner] = field(repr=False)
    text: str = field(repr=False)


@dataclass(slots=True)
class _Placed:
    """A piece on the page set straight."""

    left: float
    right: float
    middle: float
    height: float
    text: str


def arrange(pieces: Sequence[Piece]) -> str:
    """Return the pieces row by row, however the page is skewed."""
    skew = _skew(pieces)
    rows: list[list[_Placed]] = []
    for piece in sorted((_placed(piece, skew) for piece in pieces), key=lambda placed: placed.middle):
        row = rows[-1] if rows else []
        if row and _is_level(row, piece):
            row.append(piece)
        else:
            rows.append([piece])
    return "\n".join(_line(row) for row in rows)


def _skew(pieces: Sequence[Piece]) -> float:
    """Return the angle at which lines run, in radians."""
    angles = []
    for piece in pieces:
        (left, top), (right, high), _, (_, bottom) = piece.corners
        if math.hypot(right - left, high - top) > _FLAT * abs(bottom - top):
            angles.append(math.atan2(high - top, right - left))
    return median(angles) if angles else 0.0


def _placed(piece: Piece, skew: float) -> _Placed:
    sine, cosine = math.sin(-skew), math.cos(-skew)
    turned = [(x * cosine - y * sine, x * sine + y * cosine) for x, y in piece.corners]
    across = [x for x, _ in turned]
    (top_left, top_right, bottom_right, bottom_left) = (y for _, y in turned)
    height = max(1.0, (bottom_left + bottom_right - top_left - top_right) / 2)
    return _Placed(min(across), max(across), sum(y for _, y in turned) / 4, height, piece.text)


def _is_level(row: Sequence[_Placed], piece: _Placed) -> bool:
    last = row[-1]
    return piece.middle - last.middle < _LEVEL * min(piece.height, last.height)


def _line(row: Sequence[_Placed]) -> str:
    ordered = sorted(row, key=lambda placed: placed.left)
    line = ordered[0].text
    for before, after in itertools.pairwise(ordered):
        apart = after.left - before.right > _APART * min(before.height, after.height)
        line += ("\t" if apart else " ") + after.text
    return line
