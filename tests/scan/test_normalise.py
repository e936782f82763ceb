import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.scan.normalise import normalise
from recognizers.folding import fold, plain, spelling

NOISE = st.text(
    st.sampled_from("a1é\u0301\u200b\u00ad\ufeff１（℃㈱½…‐—中，\u3000٣e\u0308\u0300ﬁ\u0338") | st.characters(),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain 1234", "plain 1234", id="ASCII"),
        pytest.param("１２３（４）", "123(4)", id="full width"),
        pytest.param("1\u200b2\u00ad3\ufeff4", "1234", id="no width"),
        pytest.param("1\ufe0f\u20e32\ufe0f\u20e3", "12", id="keycaps"),
        pytest.param("1\u03362\u0336", "12", id="struck through"),
        pytest.param("١٢٣", "123", id="Arabic-Indic digits"),
        pytest.param("1–2−3—4", "1-2-3-4", id="dashes"),
        pytest.param("relac\u0327a\u0303o", "relação", id="decomposed accents"),
        pytest.param("℃㈱", "°C(株)", id="several for one"),
        pytest.param("好……", "好……", id="an ellipsis stays"),
        pytest.param("\u200b", "", id="nothing left"),
    ],
)
def test_spells_plainly(text: str, expected: str) -> None:
    assert normalise(text).text == expected


def test_shows_the_way_back() -> None:
    text = "㈱ 1\u200b２３\u00ad4 e\u0301!"
    normalised = normalise(text)
    assert normalised.text == "(株) 1234 é!"
    start = normalised.text.index("1234")
    assert normalised.original(start, start + 4) == (2, 8)
    assert text[2:8] == "1\u200b２３\u00ad4"
    accent = normalised.text.index("é")
    assert normalised.original(accent, accent + 1) == (9, 10)
    assert normalised.original(0, 1) == (0, 1)
    assert normalised.original(1, 3) == (0, 1)


@settings(max_examples=150)
@given(NOISE)
def test_offsets_map_back_to_the_original(text: str) -> None:
    normalised = normalise(text)
    places = [normalised.original(at, at + 1) for at in range(len(normalised.text))]
    for letter, (start, end) in zip(normalised.text, places, strict=True):
        assert 0 <= start < end <= len(text)
        spelled = spelling(text[start])
        assert letter in spelled or (
            spelled and unicodedata.normalize("NFD", letter)[0] in unicodedata.normalize("NFD", spelled)
        )
    assert [start for start, _ in places] == sorted(start for start, _ in places)


@settings(max_examples=150)
@given(NOISE)
def test_nothing_but_what_has_no_width_is_lost(text: str) -> None:
    normalised = normalise(text)
    seen = {at for place in range(len(normalised.text)) for at in range(*normalised.original(place, place + 1))}
    assert all(not spelling(text[at]) for at in set(range(len(text))) - seen)


@settings(max_examples=100)
@given(NOISE)
def test_plain_and_fold_keep_every_offset(text: str) -> None:
    assert len(plain(text)) == len(fold(text)) == len(text)
    assert fold(text) == fold(text.upper()) or len(text.upper()) != len(text) or not text.isascii()
