"""Tables are written down as people type them."""

from datetime import date
from decimal import Decimal

import pytest

from cerco.extract import grid
from cerco.extract.source import Budget, ReadError, Source
from cerco.extract.text import Limits, Text, Why


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (None, ""),
        (51234567, "51234567"),
        (51234567.0, "51234567"),
        (1.5, "1.5"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (Decimal("51234567.00"), "51234567"),
        (Decimal("1E+999999"), "1E+999999"),
        (Decimal("Infinity"), "Infinity"),
        (True, "True"),
        ("a\tb\r\nc", "a b c"),
        ("客戶".encode("big5"), "客戶"),
        (bytes(range(20)), ""),
        (date(2026, 1, 5), "2026-01-05"),
        (["a", 1.0, None], "a 1 "),
        ({"id": 51234567.0}, "id: 51234567"),
    ],
    ids=repr,
)
def test_written(value: object, typed: str) -> None:
    assert grid.written(value) == typed


def test_a_table_is_its_title_its_header_and_its_rows() -> None:
    source = Source(b"", ("f",), Budget(Limits()))
    items = list(grid.read("t", ("a", "b"), iter([(1, "x"), (None, None), (2, "y")]), source))
    assert items == [
        Text("f > t", "t", "title"),
        Text("f > t (header)", "a\tb", "header"),
        Text("f > t", "a\tb\n1\tx\n\n2\ty\n", unit="row"),
    ]


def test_what_came_before_the_limit_is_read() -> None:
    source = Source(b"", ("f",), Budget(Limits(cells=25)))
    rows = ((number,) for number in range(100))
    seen: list[str] = []
    with pytest.raises(ReadError) as fault:
        seen.extend(item.content for item in grid.read("", ("a",), rows, source) if isinstance(item, Text))
    assert fault.value.why is Why.TOO_MANY
    assert seen[-1].splitlines()[-1] == "24"
