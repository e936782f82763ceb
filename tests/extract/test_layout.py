"""Pieces of a page come out in the order people read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.extract.layout import Corner, Piece, arrange


def piece(text: str, x: float, y: float, *, width: float = 100, height: float = 20, angle: float = 0) -> Piece:
    sine, cosine = math.sin(angle), math.cos(angle)

    def turned(at: Corner) -> Corner:
        return at[0] * cosine - at[1] * sine, at[0] * sine + at[1] * cosine

    first, second, third, fourth = map(turned, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)))
    return Piece((first, second, third, fourth), text)


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        pytest.param([], "", id="nothing"),
        pytest.param([piece("b", 0, 40), piece("a", 0, 0)], "a\nb", id="from-top-to-bottom"),
        pytest.param([piece("b", 300, 3), piece("a", 0, 0)], "a\tb", id="a-value-beside-its-label"),
        pytest.param([piece("b", 105, 0), piece("a", 0, 0)], "a b", id="two-words"),
        pytest.param([piece("b", 300, 12), piece("a", 0, 0)], "a\nb", id="not-level"),
        pytest.param([piece("A", 0, 0, height=60, width=300), piece("b", 310, 22)], "A b", id="small-beside-large"),
        pytest.param(
            [piece("1", 0, 0), piece("2", 300, 0), piece("3", 0, 30), piece("4", 300, 30)], "1\t2\n3\t4", id="a-table"
        ),
    ],
)  # fmt: skip
def test_arrange(pieces: list[Piece], text: str) -> None:
    assert arrange(pieces) == text


TABLE = [(f"{row}.{column}", 260.0 * column, 40.0 * row) for row in range(8) for column in range(4)]


@given(st.floats(-0.3, 0.3), st.permutations(TABLE))
def test_a_skewed_page_reads_like_a_straight_one(angle: float, cells: list[tuple[str, float, float]]) -> None:
    pieces = [piece(text, x, y, angle=angle) for text, x, y in cells]
    assert arrange(pieces) == "\n".join("\t".join(f"{row}.{column}" for column in range(4)) for row in range(8))


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 8), max_size=12))
def test_any_corners_will_do(corners: list[tuple[float, ...]]) -> None:
    pieces = [
        Piece(((a, b), (c, d), (e, f), (g, h)), f"t{number}") for number, (a, b, c, d, e, f, g, h) in enumerate(corners)
    ]
    assert sorted(arrange(pieces).split()) == sorted(one.text for one in pieces)
