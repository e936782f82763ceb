import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.scan.windows import windows


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("no digits at all", False, id="none"),
        pytest.param("1234567", False, id="seven"),
        pytest.param("12345678", True, id="eight"),
        pytest.param("1234567  ( 8 )", True, id="spread as far as it goes"),
        pytest.param("1234\n5678", False, id="two lines"),
        pytest.param("1234 -- ## 5678", False, id="too far apart"),
    ],
)
def test_looks_only_where_eight_digits_are(text: str, *, seen: bool) -> None:
    assert bool(list(windows(text))) is seen


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["12345678", "1234567(8)", "4111 1111 1111 1111", "字", " ", "\n", "x" * 70]), max_size=30)
)
def test_covers_every_number_whole(pieces: list[str]) -> None:
    text = "、、、、、".join(pieces)
    found = list(windows(text))
    assert all(start < end for start, end in found)
    assert found == sorted(found)
    at = 0
    for piece in pieces:
        place = text.index(piece, at)
        at = place + len(piece)
        if piece[0].isdigit():
            assert any(start <= place and at <= end for start, end in found)


def test_cuts_long_stretches_between_numbers() -> None:
    text = "12345678\n" * 20_000
    found = list(windows(text))
    assert len(found) > 1
    for start, end in found:
        inside = text[start:end]
        assert inside.strip("\n").replace("\n", "") == "12345678" * inside.count("1")
    assert sum(text[start:end].count("1") for start, end in found) == 20_000
