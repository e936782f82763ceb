import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cerco.scan.disguise import reversed_numbers, undisguised
from cerco.scan.normalise import View, normalise
from cerco.scan.prefilter import Sign

EVERY = frozenset(Sign)
ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
PORTUGUESE = ["zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"]
JYUTPING = ["ling4", "jat1", "ji6", "saam1", "sei3", "ng5", "luk6", "cat1", "baat3", "gau2"]


def read(text: str) -> View:
    view = View(text, 0).then(normalise(text))
    for layer in undisguised(view.text, EVERY):
        view = view.then(layer)
    return view


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("一二三四五六七八", "12345678", id="numerals"),
        pytest.param("壹貳叁肆伍陸柒捌", "12345678", id="numerals of cheques"),
        pytest.param("壹贰叁肆伍陆柒捌", "12345678", id="the same, Simplified"),
        pytest.param("五〇一二三四五六", "50123456", id="a circle for zero"),
        pytest.param("一 二 三 四 五 六 七 (八)", "1234567(8)", id="spaced, with brackets"),
        pytest.param("一二三四五六七（八）", "1234567(8)", id="full-width brackets"),
        pytest.param("廿三四五六七八一", "23456781", id="twenty and three"),
        pytest.param("一二三四五六七廿", "123456720", id="twenty"),
        pytest.param("5一2二3三4四", "51223344", id="mixed with digits"),
        pytest.param("one two three four five six seven eight", "12345678", id="English"),
        pytest.param("five-one-two-three-four-five-six (seven)", "5123456 (7)", id="English, with brackets"),
        pytest.param("double five one two three four five six", "55123456", id="double"),
        pytest.param("triple seven one two three four five", "77712345", id="triple"),
        pytest.param("um dois três quatro cinco meia sete oito", "12345678", id="Portuguese, half a dozen"),
        pytest.param("jat1 ji6 saam1 sei3 ng5 luk6 cat1 baat3", "12345678", id="Cantonese"),
        pytest.param("l234567(B)", "1234567(8)", id="letters at both ends"),
        pytest.param("5OO23S67", "50023567", id="letters within"),
        pytest.param("MBO741507", "MB0741507", id="a code's own letters stay"),
        pytest.param("МА1234567", "MA1234567", id="Cyrillic"),
        pytest.param("5ОО428З5", "50042835", id="Cyrillic for digits"),
        pytest.param("1 2 3 4 5 6 7 8", "12345678", id="spaces"),
        pytest.param("1.2.3.4.5.6.7.8", "12345678", id="full stops"),
        pytest.param("1🙂2🙂3🙂4🙂5🙂6🙂7🙂8", "12345678", id="pictures"),
        pytest.param("1,2,3,4,5,6,7,8", "12345678", id="commas"),
        pytest.param("12*345_67-8", "12345678", id="anything"),
        pytest.param("1234\n5678", "12345678", id="broken over lines"),
        pytest.param("1234\r\n> 5678", "12345678", id="broken in a quotation"),
        pytest.param("M-A-1-2-3-4-5-6-7", "MA1234567", id="letters as well"),
        pytest.param("A 1 2 3 4 5 6 (3)", "A123456(3)", id="with its brackets"),
        pytest.param("❶❷❸❹❺❻❼❽", "12345678", id="black circles"),
        pytest.param("⑸⑴⑵⑶⑷⑸⑹⑺", "51234567", id="digits in brackets"),
    ],
)
def test_reads_what_is_meant(text: str, meant: str) -> None:
    assert read(f"號碼 {text} 。").text == f"號碼 {meant} 。"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2024-10-15 10:30", id="date and time"),
        pytest.param("15/10/2024", id="date"),
        pytest.param("9:00-18:00", id="office hours"),
        pytest.param("MOP 1,234,567.00", id="an amount"),
        pytest.param("192.168.10.254", id="an address"),
        pytest.param("第8/2005號法律", id="a law"),
        pytest.param("一九九七年七月一日", id="a year"),
        pytest.param("三心兩意,一五一十", id="idioms"),
        pytest.param("one or two of the six", id="words in a sentence"),
        pytest.param("BOSS1234", id="a word and a number"),
        pytest.param("n.o 12345678", id="a letter beside a number"),
        pytest.param("12345678\n51234567\n71234567", id="a list"),
        pytest.param("甲\t12345\n2002\t乙", id="rows of a table"),
        pytest.param("Привет 2024", id="Russian"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert read(text).text == text


@settings(max_examples=150, deadline=None)
@given(
    number=st.text(st.sampled_from("0123456789"), min_size=7, max_size=18),
    words=st.sampled_from([ENGLISH, PORTUGUESE, JYUTPING, list("〇一二三四五六七八九"), list("零壹貳叁肆伍陸柒捌玖")]),
    gap=st.sampled_from([" ", "-", ", "]),
    around=st.text(st.sampled_from("的了,。「」"), max_size=10),
)
def test_any_number_in_words_is_read_and_traced(number: str, words: list[str], gap: str, around: str) -> None:
    spelled = gap.join(words[int(digit)] for digit in number)
    view = read(f"{around}:{spelled}.{around}")
    start = view.text.find(number)
    assert start == len(around) + 1
    begin, end, steps = view.trace(start, start + len(number))
    assert (begin, end) == (len(around) + 1, len(around) + 1 + len(spelled))
    assert steps


@settings(max_examples=150, deadline=None)
@given(
    number=st.text(st.sampled_from("0123456789"), min_size=7, max_size=18),
    mark=st.sampled_from([" ", ".", "-", "_", "*", "/", "~", "·", "🔥", " - ", "、", "\n"]),
)
def test_any_separated_number_is_joined_and_traced(number: str, mark: str) -> None:
    assume(mark != "." or not number.startswith("1361"))  # an object identifier: 1.3.6.1.5.5.7
    text = f"身份證 {mark.join(number)} 。"
    view = read(text)
    start = view.text.find(number)
    assert start >= 0
    assert view.trace(start, start + len(number))[:2] == (4, len(text) - 2)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters() | st.sampled_from("0123456789一二三oneOlSB()-/., \n"), max_size=80))
def test_reads_anything_and_raises_nothing(text: str) -> None:
    view = read(text)
    for at in range(len(view.text)):
        start, end, _ = view.trace(at, at + 1)
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        pytest.param("ID 87654321", "ID 12345678", id="bare"),
        pytest.param("ID (8)7654321", "ID 1234567(8)", id="brackets in front"),
        pytest.param("ID )8(7654321", "ID 1234567(8)", id="brackets as they come"),
    ],
)
def test_numbers_are_read_from_their_ends(text: str, turned: str) -> None:
    layer = reversed_numbers(text, lambda *_: True)
    assert layer is not None
    assert layer.text == turned


def test_only_what_is_named_is_turned_and_never_a_day() -> None:
    assert reversed_numbers("ID 87654321", lambda *_: False) is None
    assert reversed_numbers("ID 20220605", lambda *_: True) is None
