from collections.abc import Callable

import pytest

from cerco.scan.detector import MOST
from cerco.scan.finding import Finding

type Scan = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("客人:\n12345678\n51234567\n71234567", 3, id="three, about people"),
        pytest.param("名單:甲 12345678、乙 51234567、丙 71234567", 3, id="on one line"),
        pytest.param("12345678\n51234567\n71234567\n13345678\n15945678", 5, id="five of anything"),
        pytest.param(
            "甲,12345678,66123456\n乙,51234567,62345678\n丙,71234567,63456789\n客人", 0, id="people come later"
        ),
        pytest.param(
            "姓名\n甲,12345678,66123456\n乙,51234567,62345678\n丙,71234567,63456789", 3, id="one column of two"
        ),
        pytest.param(
            "身份證 12345678 " + "、51234567" * 1 + "、71234567、13345678、15945678、16945678", 6, id="goes on"
        ),
    ],
)
def test_together_they_count(scan: Scan, text: str, count: int) -> None:
    assert [finding.rule for finding in scan(text)] == ["macau-id-card"] * count


def test_a_long_list_without_a_header_counts_and_a_series_does_not(scan: Scan) -> None:
    def listing(count: int) -> str:
        return "".join(f"甲,1{number * 7919 % 10**7:07},66{number:06}\n" for number in range(1, count))

    assert len(scan(listing(5000))) == MOST  # more than are weighed together
    issued = listing(400)
    assert len(scan(issued)) == 399
    assert len(scan(issued + "甲,19850615,66123456\n")) == 399  # a date by its looks; the others count all the same
    series = "".join(f"甲,1{number + 2345000:07},66{number:06}\n" for number in range(1, 400))
    assert scan(series) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("客人:\n12345678\n51234567", id="two"),
        pytest.param("客人:\n12345678\n12345678\n12345678", id="one, three times"),
        pytest.param("12345678\n51234567\n71234567", id="three of anything"),
        pytest.param("客人:\n10023451\n10023452\n10023453\n10023454\n10023455", id="consecutive"),
        pytest.param("客人:\n12345678\n51234567\n71234567\n22345678", id="another make among them"),
        pytest.param("姓名,訂單號\n甲,12345678\n乙,51234567\n丙,71234567", id="a column of orders"),
    ],
)
def test_leaves_alone(scan: Scan, text: str) -> None:
    assert scan(text) == ()
