"""A budget is shared by a file and everything inside it."""

from collections.abc import Callable

import pytest

from cerco.extract.source import Budget, ReadError, Source
from cerco.extract.text import Limits, Why


@pytest.mark.parametrize(
    ("limits", "use", "why"),
    [
        pytest.param(Limits(expanded=10), lambda budget: budget.expand(4), Why.TOO_LARGE, id="expanded"),
        pytest.param(Limits(entries=2), lambda budget: budget.enter(), Why.TOO_MANY, id="entries"),
        pytest.param(Limits(pages=2), lambda budget: budget.turn(), Why.TOO_MANY, id="pages"),
        pytest.param(Limits(cells=10), lambda budget: budget.fill(5), Why.TOO_MANY, id="cells"),
    ],
)
def test_a_limit_is_reached_and_not_passed(limits: Limits, use: Callable[[Budget], None], why: Why) -> None:
    budget = Budget(limits)
    use(budget)
    use(budget)
    with pytest.raises(ReadError) as fault:
        use(budget)
    assert fault.value.why is why


def test_nothing_shows_content() -> None:
    source = Source(b"5123456(7)", ("5123456(7).txt",), Budget(Limits()))
    assert "5123456" not in repr(source) + repr(source.gap(Why.MALFORMED)) + repr(source.within(b"", "7123456(0)"))


def test_a_gap_is_as_large_as_what_was_not_read() -> None:
    here = Source(b"12345", ("a",), Budget(Limits()))
    assert (here.gap(Why.MALFORMED).size, here.gap(Why.ENCRYPTED, "inside").size) == (5, 0)
