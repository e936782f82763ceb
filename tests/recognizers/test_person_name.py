import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.folding import plain
from recognizers.han_name_lists import GIVEN, SPELLED, SURNAMES, WORDY
from recognizers.person_name import PersonNameRecognizer
from recognizers.simplified import SIMPLIFIED

RECOGNIZER = PersonNameRecognizer()
TRIGGERS = [re.compile(trigger.encode()) for trigger in RECOGNIZER.TRIGGERS]
ACTS = 0.6


def found(text: str) -> dict[str, str]:
    return {text[match.start : match.end]: match.shape.name for match in RECOGNIZER.find(plain(text))}


def acting(text: str) -> list[str]:
    return [text[match.start : match.end] for match in RECOGNIZER.find(plain(text)) if match.shape.alone >= ACTS]


HITS = [
    pytest.param("陳大文先生來電", "陳大文", "titled", id="title behind"),
    pytest.param("請李靜儀 女士簽收", "李靜儀", "titled", id="space before the title"),
    pytest.param("由於李志強醫生放假", "李志強", "titled", id="preposition that is a surname too"),
    pytest.param("張偉副主任致辭", "張偉", "titled", id="given name of one character"),
    pytest.param("與歐陽子健律師會面", "歐陽子健", "titled", id="compound surname"),
    pytest.param("何陳婉珍女士到場", "何陳婉珍", "titled", id="husband's surname and wife's"),
    pytest.param("请王建国经理回复", "王建国", "titled", id="Simplified"),
    pytest.param("多謝陳先生", "陳先生", "surname-titled", id="surname and title"),
    pytest.param("約咗馮太飲茶", "馮太", "surname-titled", id="surname and 太"),
    pytest.param("陳生已覆", "陳生", "surname-titled", id="surname and 生"),
    pytest.param("搵李sir簽名", "李sir", "surname-titled", id="surname and sir"),
    pytest.param("學生家長古小姐查詢", "古小姐", "surname-titled", id="surname that is a word, behind a role"),
    pytest.param("阿Ken話唔得", "阿Ken", "nickname", id="阿 and an English name"),
    pytest.param("老王和小李都同意", "老王", "nickname", id="老 and a surname"),
    pytest.param("陳大文(7115 1129 2429)", "陳大文", "telegraph", id="telegraph codes"),
    pytest.param("茲證明本人陳大文（7115 1129 2429）", "陳大文", "telegraph", id="codes say how long the name is"),
    pytest.param(
        "司徒美堂 0674 1778 5019 1016 出生", "司徒美堂", "han", id="four codes without brackets may be a card"
    ),
    pytest.param("魯迅(1881-1936)", "魯迅", "han", id="years of a life are no codes"),
    pytest.param("陳大文 CHAN TAI MAN (7115-1129-2429)", "陳大文", "telegraph", id="codes behind both scripts"),
    pytest.param("陳大文 CHAN TAI MAN", "CHAN TAI MAN", "two-scripts", id="both scripts, romanised"),
    pytest.param("Lei Sio Meng 李小明", "李小明", "two-scripts", id="both scripts, Han behind"),
    pytest.param("收款人陳大文,金額", "陳大文", "cued", id="role before"),
    pytest.param("姓名：區日朗", "區日朗", "cued", id="form"),
    pytest.param("陳大文的身份證號碼", "陳大文", "cued", id="something of his"),
    pytest.param("此致\n梁婉珍謹啟", "梁婉珍", "cued", id="signature"),
    pytest.param("1,陳大文,66123456", "陳大文", "han", id="cell"),
    pytest.param("CHAN TAI MAN", "CHAN TAI MAN", "romanised", id="capitals"),
    pytest.param("Ieong Weng Si", "Ieong Weng Si", "romanised", id="Macau's spelling"),
    pytest.param("Chan Tai Man, Peter", "Chan Tai Man, Peter", "romanised", id="Christian name behind"),
    pytest.param("Peter Chan Tai-man", "Peter Chan Tai-man", "romanised", id="Christian name before, hyphen"),
    pytest.param("LEI, Ka Ian", "LEI, Ka Ian", "romanised", id="surname and comma"),
    pytest.param("AU YEUNG KA MAN", "AU YEUNG KA MAN", "romanised", id="compound surname in two words"),
    pytest.param("Ao-Ieong Ka Man", "Ao-Ieong Ka Man", "romanised", id="compound surname with a hyphen"),
    pytest.param("Chen Xiaoming", "Chen Xiaoming", "romanised", id="pinyin"),
    pytest.param("U Kin Cho", "U Kin Cho", "romanised", id="surname of one letter"),
    pytest.param("Nguyen Thi Hoa", "Nguyen Thi Hoa", "romanised", id="Vietnamese"),
    pytest.param("Maria Leong", "Maria Leong", "western", id="Christian name and surname"),
    pytest.param("João Manuel Xavier", "João Manuel Xavier", "western", id="Portuguese"),
    pytest.param("MARIA DE FÁTIMA DA SILVA", "MARIA DE FÁTIMA DA SILVA", "western", id="Portuguese in capitals"),
    pytest.param("Américo d'Assumpção", "Américo d'Assumpção", "western", id="apostrophe"),
    pytest.param("SILVA, João Manuel", "SILVA, João Manuel", "western", id="Portuguese surname first"),
    pytest.param("Juan dela Cruz", "Juan dela Cruz", "western", id="Filipino"),
    pytest.param("Budi Santoso", "Budi Santoso", "western", id="Indonesian"),
    pytest.param("Sunita Gurung's visa", "Sunita Gurung", "western", id="Nepalese, possessive"),
    pytest.param("Peter Zhivkov", "Peter Zhivkov", "western-loose", id="surname that no list knows"),
    pytest.param("O Sr. João telefonou", "João", "surname-titled", id="Portuguese title"),
    pytest.param("Exmo. Sr. Dr. António Costa Pereira", "António Costa Pereira", "titled", id="titles in a row"),
    pytest.param("Ms. Smithers called", "Smithers", "surname-titled", id="English title"),
    pytest.param("MR. CHAN TAI MAN", "CHAN TAI MAN", "titled", id="title in capitals"),
    pytest.param("Leong先生你好", "Leong先生", "surname-titled", id="Han title behind a romanised surname"),
    pytest.param("Nome: Ylva Norrgard", "Ylva Norrgard", "cued", id="form, names that no list knows"),
    pytest.param("Com os melhores cumprimentos,\nHelena Rocha", "Helena Rocha", "cued", id="Portuguese signature"),
    pytest.param("Best regards,\nPeter", "Peter", "nickname", id="signed with a given name"),
    pytest.param("Surname,Given\nLeong,Ka\n", "Leong", "part", id="cell of surnames"),
    pytest.param("陳大文係會員", "陳大文", "han-subject", id="subject of a sentence"),
    pytest.param("客戶，戴慧敏有案底", "戴慧敏", "han-subject", id="subject of a clause"),
    pytest.param("搵阿明，66123456", "阿明", "nickname", id="阿 and a given name"),
    pytest.param("x,Somchai Prasert,1", "Somchai Prasert", "cell", id="cell of words that no list knows"),
    pytest.param("1,馬可兒,2", "馬可兒", "cell", id="cell that may be a word"),
]


@pytest.mark.parametrize(("text", "name", "shape"), HITS)
def test_finds(text: str, name: str, shape: str) -> None:
    assert found(text).get(name) == shape


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("高度重視有關安排,任何人不得遲到", id="words that begin with surnames"),
        pytest.param("張單編號錯咗,張咭不見了", id="a sheet, a card"),
        pytest.param("毛重100公斤,阿華田一杯", id="weight, and a drink"),
        pytest.param("課程主任和保安主任", id="words that end with surnames, before titles"),
        pytest.param("對方律師與中文老師", id="對方, 中文"),
        pytest.param("為何生氣,陳生產線", id="surname and 生 of another word"),
        pytest.param("古董拍賣,衛生局", id="surname and title that make a word"),
        pytest.param("客戶和組,客戶明文,客戶包元", id="role and a word"),
        pytest.param("宋玉生廣場", id="square called after a person"),
        pytest.param("羅理基博士大馬路", id="avenue called after a doctor"),
        pytest.param("何東圖書館", id="library called after a person"),
        pytest.param("信用卡號(4111 1111 1111 1111)", id="card number in brackets"),
        pytest.param("卡號4111 1111 1111", id="card number"),
        pytest.param("稅號捌柒捌叁伍陸陸陸", id="numerals that are surnames too"),
        pytest.param("HONG KONG AND MACAU", id="place in capitals"),
        pytest.param("Tai Fung Bank, Hoi An", id="bank and town"),
        pytest.param("SUN LIFE and LONG TERM LOAN", id="company and product"),
        pytest.param("MAN CITY beat HO TRAM", id="club and town"),
        pytest.param("Ho Chi Minh City", id="city called after a person"),
        pytest.param("Rua de Pedro Nolasco da Silva", id="street called after a person"),
        pytest.param("Avenida do Dr. Rodrigo Rodrigues", id="avenue called after a doctor, pt"),
        pytest.param("Escola Luís Gonzaga Gomes", id="school called after a person"),
        pytest.param("the John Smith Foundation", id="foundation called after a person"),
        pytest.param("Wong Ka Lai Ltd", id="company called after a person"),
        pytest.param("Lei n.º 8/2005 e LEI DE BASES", id="law"),
        pytest.param("To Do: So Long, Sing Along", id="English words that read like Cantonese"),
        pytest.param("O Banco de São Januário", id="article and saint"),
        pytest.param("MS Windows and the DR Site", id="abbreviations that are titles"),
        pytest.param("Dear Customer, Dear Sir,", id="nobody in particular"),
        pytest.param("Sr. Presidente, Senhor Director", id="office without a name"),
        pytest.param("maria leong", id="lower case"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("陳大文", id="Han"),
        pytest.param("CHAN TAI MAN", id="romanised"),
        pytest.param("João Manuel Xavier", id="Portuguese"),
        pytest.param("Peter Smith", id="English"),
        pytest.param("1\tLeong\tKa Ian", id="cells"),
    ],
)
def test_a_bare_name_is_seen_and_does_not_act(text: str) -> None:
    assert found(text)
    assert acting(text) == []


@pytest.mark.parametrize("shape", RECOGNIZER.SHAPES, ids=lambda shape: shape.name)
def test_labels_raise_and_lower(shape: object) -> None:
    one = next(each for each in RECOGNIZER.SHAPES if each is shape)
    assert one.labelled >= one.hinted >= one.alone >= one.contested
    assert one.listed <= one.labelled


@pytest.mark.parametrize(("text", "name", "shape"), HITS)
def test_simplified_is_as_good(text: str, name: str, shape: str) -> None:
    def simple(han: str) -> str:
        return "".join(SIMPLIFIED.get(char, char) for char in han)

    assert found(simple(text)).get(simple(name)) == shape


@pytest.mark.parametrize(("text", "name", "shape"), HITS)
def test_something_triggers_near_every_find_that_acts(text: str, name: str, shape: str) -> None:
    data = plain(text).encode()
    spans = [match.span() for trigger in TRIGGERS for match in trigger.finditer(data)]
    for match in RECOGNIZER.find(plain(text)):
        # A bare name counts beside something else, which has a trigger of its own.
        if match.shape.alone >= 0.6:
            assert touched(text, match.start, match.end, spans), (name, shape)


def touched(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    first, last = len(plain(text)[:start].encode()), len(plain(text)[:end].encode())
    reach = 12  # bytes; the name in the other script, and the brackets between them
    return any(begin < last + reach and first < until + reach for begin, until in spans)


def words() -> Iterator[str]:
    yield from (
        "陳大文",
        "李小姐",
        "歐陽子健",
        "高",
        "文",
        "先生",
        "太",
        "主任",
        "客戶",
        "的電話",
        "(7115 1129 2429)",
        "廣場",
        ":",
    )
    yield from (
        "Chan",
        "CHAN",
        "Tai",
        "TAI",
        "Man",
        "Maria",
        "João",
        "da",
        "DA",
        "Silva",
        "Mr.",
        "Sr.",
        "Rua",
        "Ltd",
        "é",
    )
    yield from (
        " ",
        ", ",
        "\n",
        "\t",
        ";",
        "-",
        "'",
        ".",
        "１",
        "，",
        "：",
        "Regards,\n",
        "Nome: ",
        "Nguyễn",
        "Thi",
        "阿Ken",
    )


TEXTS = st.lists(st.sampled_from([*words()]) | st.text(max_size=3), max_size=16).map("".join)


@given(TEXTS)
def test_every_find_is_a_place_in_the_text_and_near_a_trigger_if_it_acts(text: str) -> None:
    spans = [match.span() for trigger in TRIGGERS for match in trigger.finditer(plain(text).encode("utf-8", "replace"))]
    matches = list(RECOGNIZER.find(plain(text)))
    assert len(matches) == len({(match.start, match.end) for match in matches})
    for match in matches:
        assert 0 <= match.start < match.end <= len(text)
        assert match.shape.alone < 0.6 or touched(text, match.start, match.end, spans)


COMMON = sorted(SURNAMES - WORDY)
NAMES = st.builds(
    "".join,
    st.tuples(st.sampled_from(COMMON), st.sampled_from(sorted(GIVEN)), st.sampled_from(sorted(GIVEN - SURNAMES))),
).filter(lambda name: name[-1] not in "大副" and found(f"1,{name},2").get(name) == "han")
NOISE = st.text(st.sampled_from("我們在會議的時候說好了abc ,。\n"), max_size=12)


@given(NOISE, NAMES, st.sampled_from(["先生", "小姐", "女士", "醫生", "律師"]), NOISE)
def test_a_titled_name_is_found_anywhere(before: str, name: str, title: str, after: str) -> None:
    assert name in acting(before + name + title + after)


@given(
    st.sampled_from(sorted(spelling for spellings in SPELLED.values() for spelling in spellings if len(spelling) > 2))
)
def test_capitals_and_title_case_are_alike(surname: str) -> None:
    name = f"{surname.title()} Weng Seng"
    assert (
        list(found(f"ask {name} today").values()) == list(found(f"ask {name.upper()} today").values()) == ["romanised"]
    )


def test_keeps_to_the_entities_asked_for() -> None:
    assert RECOGNIZER.analyze("陳大文先生", ["LOCATION"]) == []
    [result, *_] = RECOGNIZER.analyze("陳大文先生", ["PERSON"])
    assert (result.entity_type, result.start, result.end) == ("PERSON", 0, 3)
