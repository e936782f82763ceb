"""A budget is shared by a file and everything inside it."""

from collections.abc import Callable
from io import BytesIO

import pytest

from cerco.extract.source import CHUNK, RATIO_FROM, Budget, ReadError, Source, drain
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


@pytest.mark.parametrize(
    ("size", "compressed", "limits", "why"),
    [
        pytest.param(10, 10, Limits(), None, id="whole"),
        pytest.param(RATIO_FROM, 1, Limits(ratio=2), None, id="ratio-is-not-judged-yet"),
        pytest.param(RATIO_FROM + 1, 1, Limits(ratio=2), Why.TOO_LARGE, id="ratio"),
        pytest.param(3 * CHUNK, 10**6, Limits(expanded=2 * CHUNK), Why.TOO_LARGE, id="expanded"),
    ],
)
def test_drain(size: int, compressed: int, limits: Limits, why: Why | None) -> None:
    data, reason = drain(BytesIO(bytes(size)), compressed, Budget(limits))
    assert reason is why
    assert len(data) <= size
    assert (len(data) == size) is (why is None or size == RATIO_FROM + 1)


def test_nothing_shows_content() -> None:
    source = Source(b"5123456(7)", ("5123456(7).txt",), Budget(Limits()))
    assert "5123456" not in repr(source) + repr(source.gap(Why.MALFORMED)) + repr(source.within(b"", "7123456(0)"))
