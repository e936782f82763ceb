import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.scan.prefilter import MOST, OVERLAP, Prefilter, Sight, Sign, covers
from recognizers import RECOGNIZERS

TRIGGERS = [recognizer.TRIGGERS for recognizer in RECOGNIZERS if recognizer.TRIGGERS]


@pytest.fixture(scope="module")
def prefilter() -> Prefilter:
    return Prefilter(TRIGGERS)


def sights(prefilter: Prefilter, text: str) -> list[Sight]:
    return list(prefilter.sights(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("各位同事早晨,請大家看看有沒有需要修改的地方……", id="zh-Hant"),
        pytest.param("关于新系统上线的安排已经更新。", id="zh-Hans"),
        pytest.param("Boa tarde, segue em anexo a acta da reunião.", id="pt"),
        pytest.param("Hi all, the new schedule is attached.", id="en"),
        pytest.param("1234", id="four digits"),
        pytest.param("一九九七年的夏天", id="a year in numerals"),
        pytest.param("one or two of them", id="number words in a sentence"),
        pytest.param("internationalization", id="a long word"),
    ],
)
def test_passes_over_ordinary_text(prefilter: Prefilter, text: str) -> None:
    assert sights(prefilter, text) == []


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        pytest.param("１２３４５６７８", Sign.PLAIN, id="full width"),
        pytest.param("٣٤٥٦٧٨٩١", Sign.PLAIN, id="another script's digits"),
        pytest.param("①②③④⑤⑥⑦⑧", Sign.PLAIN, id="circled"),
        pytest.param("1\u200b2345678", Sign.PLAIN, id="no width"),
        pytest.param("1️⃣2️⃣3️⃣4️⃣", Sign.PLAIN, id="keycaps"),
        pytest.param("1234567（8）", Sign.PLAIN, id="full-width brackets"),
        pytest.param("1*2*3*4*5*6*7*8", Sign.SEPARATED, id="separated"),
        pytest.param("1234\n5678", Sign.SEPARATED, id="broken over lines"),
        pytest.param("1🙂2🙂3🙂4🙂5🙂6🙂7🙂8", Sign.SEPARATED, id="pictures between digits"),
        pytest.param("一二三四五六七八", Sign.NUMERALS, id="numerals"),
        pytest.param("壹貳叁肆伍陸柒捌", Sign.NUMERALS, id="numerals of cheques"),
        pytest.param("one two three four five six seven", Sign.WORDS, id="English"),
        pytest.param("um, dois, três, quatro, cinco, seis, sete", Sign.WORDS, id="Portuguese"),
        pytest.param("jat1 ji6 saam1 sei3 ng5 luk6 cat1", Sign.WORDS, id="Cantonese"),
        pytest.param("l234567", Sign.LETTERS, id="a letter for a digit"),
        pytest.param("МА1234567", Sign.LETTERS, id="Cyrillic"),
        pytest.param("MTIzNDU2Nyg4KQ==", Sign.CODED, id="base64"),
        pytest.param("GEZDGNBVGY3TQ===", Sign.CODED, id="base32"),
        pytest.param("%31%32%33", Sign.CODED, id="URL"),
        pytest.param("\\u0031\\u0032", Sign.CODED, id="escapes"),
        pytest.param("&#49;&#50;", Sign.CODED, id="entities"),
        pytest.param("=31=32=33", Sign.CODED, id="quoted-printable"),
        pytest.param("3132333435363738", Sign.CODED, id="hex"),
    ],
)
def test_sees_signs_of_disguise(prefilter: Prefilter, text: str, sign: Sign) -> None:
    [sight] = sights(prefilter, f"身份證:{text} 謝謝")
    assert sign in sight.signs


@settings(max_examples=60, deadline=None)
@given(
    before=st.text(st.sampled_from("的了是我們,。 \naé🙂１"), max_size=6000),
    value=st.sampled_from(["12345678", "1234567(8)", "4111 1111 1111 1111", "MA1234567", "TFBLMOMX", "a@b.mo"]),
    after=st.text(st.sampled_from("的了是我們,。 \naé🙂１"), max_size=600),
)
def test_what_triggers_is_seen_whole_wherever_it_stands(
    prefilter: Prefilter, before: str, value: str, after: str
) -> None:
    text = f"{before} {value} {after}"
    start = len(before) + 1
    assert covers(sights(prefilter, text), start, start + len(value))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.integers(0, 5000))
def test_sights_are_in_order_and_within_the_text(prefilter: Prefilter, text: str, padding: int) -> None:
    whole = "的" * padding + text
    found = sights(prefilter, whole)
    assert all(0 <= sight.start < sight.end <= len(whole) for sight in found)
    assert found == sorted(found, key=lambda sight: sight.start)


def test_halves_of_surrogate_pairs_do_no_harm(prefilter: Prefilter) -> None:
    text = "\ud83d 身份證 12345678 \ude00"
    assert covers(sights(prefilter, text), 6, 14)


def test_a_text_full_of_numbers_is_cut_and_its_parts_overlap(prefilter: Prefilter) -> None:
    text = "12345678,87654321\n" * 20_000
    found = sights(prefilter, text)
    assert len(found) > 4
    assert all(sight.end - sight.start <= MOST + OVERLAP for sight in found)
    assert all(later.start < earlier.end for earlier, later in pairwise(found))
    places = [match.span() for match in re.finditer(r"\d+", text)]
    assert all(covers(found, *place) for place in places[::97])


def test_every_recogniser_that_can_see_a_number_is_named(prefilter: Prefilter) -> None:
    [sight] = sights(prefilter, "5123456(7)")
    named = [recognizer for recognizer in RECOGNIZERS if recognizer.TRIGGERS]
    assert "MO_ID_CARD" in {named[number].ENTITIES[0] for number in sight.recognizers}
