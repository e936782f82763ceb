import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.address_lists import STREETS_HAN, STREETS_LATIN
from recognizers.folding import plain
from recognizers.location import LocationRecognizer
from recognizers.shape import Shape
from recognizers.simplified import SIMPLIFIED

RECOGNIZER = LocationRecognizer()
TRIGGERS = [re.compile(trigger.encode()) for trigger in RECOGNIZER.TRIGGERS]


def found(text: str) -> dict[str, str]:
    return {text[match.start : match.end]: match.shape.name for match in RECOGNIZER.find(plain(text))}


# (text, address, shape); the whole text is the address where the second is "".
HITS = [
    pytest.param("澳門慕拉士大馬路195號南嶺工業大廈9樓E", "", "complete", id="house, building, floor"),
    pytest.param("氹仔成都街188號濠景花園第三座12樓B", "", "complete", id="block"),
    pytest.param("澳門新口岸宋玉生廣場335-341號獲多利中心13樓A座", "", "complete", id="range of houses"),
    pytest.param("我住在群興新街12號", "群興新街12號", "house", id="street that no list knows"),
    pytest.param("請寄去高士德大馬路23號3樓A", "高士德大馬路23號3樓A", "complete", id="sentence before"),
    pytest.param("高士德大馬路 ２３ 號", "", "house-known", id="full width, spaces"),
    pytest.param("河邊新街 386 號 海名居 14/H", "", "complete", id="floor and unit as 14/H"),
    pytest.param("地址：罅些喇提督大馬路111-113號地下C舖。", "罅些喇提督大馬路111-113號地下C舖", "complete", id="shop"),
    pytest.param("水坑尾街258號百老匯中心", "", "complete", id="building without a floor"),
    pytest.param("濠景花園第三座12樓B", "", "unit", id="building and unit, no street"),
    pytest.param("青洲大馬路八號", "", "house-known", id="house in Chinese numerals"),
    pytest.param("九龍旺角彌敦道123號5樓A室", "", "complete", id="Hong Kong"),
    pytest.param("广东省珠海市香洲区情侣路123号5栋601室", "", "complete", id="mainland"),
    pytest.param("广州市天河区体育西路103号维多利广场A座28楼", "", "complete", id="mainland, block before floor"),
    pytest.param("氹仔廣東大馬路120號至尊花城3座15樓C", "", "complete", id="a building that begins like a range"),
    pytest.param("Rua de Bragança 120, Nova City Tower 8, 21/F Flat B, Taipa", "", "complete", id="a tower's number"),
    pytest.param("議事亭前地", "", "street", id="known street, no house"),
    pytest.param("牛房倉庫路5號", "", "house-unsure", id="ends like a word"),
    pytest.param("Avenida de Almeida Ribeiro, n.º 45, 3.º andar B", "", "complete", id="pt: house and floor"),
    pytest.param("Rua de Pequim, n.os 230-246, Edf. Centro, 12.º andar, Macau", "", "complete", id="pt: building"),
    pytest.param("Av. da Amizade 1023, Edifício Nam Fong, Bloco 2, R/C", "", "complete", id="pt: block, ground floor"),
    pytest.param("RUA DE LONDRES N.º 12 EDF. KAM FAI 5 ANDAR C", "", "complete", id="pt: capitals"),
    pytest.param("Rua do Campo, 478, Edf. Kam Un, 7ºG, Taipa, Macau", "", "complete", id="pt: floor and unit as 7ºG"),
    pytest.param(
        "moro na Calçada do Tronco Velho, nº 22-A.", "Calçada do Tronco Velho, nº 22-A", "house", id="pt: house"
    ),
    pytest.param("Rua do Campo, 78", "", "house-known", id="pt: known street"),
    pytest.param("Travessa do Soriano 5, Taipa", "", "house-known", id="pt: district"),
    pytest.param("No. 55, Rua de São Paulo, Macau", "", "house-known", id="pt: number before the street"),
    pytest.param("Edf. Lei San, 12.º andar B", "", "unit", id="pt: building and floor, no street"),
    pytest.param("Rua de Pedro Nolasco da Silva", "", "street", id="pt: no house"),
    pytest.param("Flat A, 12/F, Edificio Jardim de Lisboa, Taipa", "", "unit", id="en: flat first"),
    pytest.param("12/F, Flat B, Block 3, Nova City, Taipa", "", "unit", id="en: floor first, estate"),
    pytest.param(
        "Flat F, 11/F, Edifício Nam Leng, 282 Rua de João de Araújo, Macau", "", "complete", id="en: pt street"
    ),
    pytest.param("123 Nathan Road, Kowloon", "", "house-known", id="en: Hong Kong"),
    pytest.param("Room 1203, 12th floor, 88 Queen's Road Central", "", "complete", id="en: room and road"),
]


@pytest.mark.parametrize(("text", "address", "shape"), HITS)
def test_finds(text: str, address: str, shape: str) -> None:
    assert found(text).get(address or text) == shape


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("12月號雜誌,12號前覆", id="issue and day"),
        pytest.param("第三號法律及第8/2005號法律", id="law"),
        pytest.param("懸掛8號風球", id="storm signal"),
        pytest.param("巴士 3 號, 房間 3 號", id="bus and room"),
        pytest.param("我知道12號開會", id="知道 and a day"),
        pytest.param("約在大街12號晚上", id="大街 and a day"),
        pytest.param("範圍3號,頻道8號", id="words that end like a street"),
        pytest.param("公路3號線", id="line"),
        pytest.param("會議室在3樓B區", id="floor without a building"),
        pytest.param("澳門、氹仔、路環", id="districts"),
        pytest.param("Lei n.º 8/2005, artigo 3.º", id="pt: law"),
        pytest.param("Macau, Taipa e Coloane", id="pt: districts"),
        pytest.param("a rua está fechada, Rua 5", id="pt: no name"),
        pytest.param("on Main Street we met", id="en: street without a house"),
        pytest.param("Block 3, Flat rate, 12/F", id="en: parts of nothing"),
        pytest.param("2024 Wall Street outlook", id="en: year"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        pytest.param("新馬路12號前", "street", id="day in a street's name's company"),
        pytest.param("Avenida da Amizade, 2024", "street", id="year"),
        pytest.param("活動中心2樓", "house-unsure", id="floor of a hall"),
    ],
)
def test_a_doubtful_house_does_not_act(text: str, shape: str) -> None:
    assert set(found(text).values()) == {shape}
    assert next(each for each in RECOGNIZER.SHAPES if each.name == shape).alone < 0.6


@pytest.mark.parametrize(("text", "address", "shape"), HITS)
def test_simplified_is_as_good(text: str, address: str, shape: str) -> None:
    def simple(han: str) -> str:
        return "".join(SIMPLIFIED.get(char, char) for char in han)

    assert found(simple(text)).get(simple(address or text)) == shape


@pytest.mark.parametrize("shape", RECOGNIZER.SHAPES, ids=lambda shape: shape.name)
def test_labels_raise_and_lower(shape: Shape) -> None:
    assert shape.labelled >= shape.hinted >= shape.alone >= shape.contested


PIECES = (
    *(
        "澳門",
        "氹仔",
        "大馬路",
        "街",
        "新街",
        "路",
        "12",
        "號",
        "号",
        "第",
        "三",
        "座",
        "樓",
        "A",
        "大廈",
        "花園",
        "我住在",
        "知道",
        ",",
    ),
    *(
        "Rua ",
        "RUA ",
        "de ",
        "do ",
        "Campo",
        "Fátima",
        ", n.º ",
        " 45",
        "-",
        "3.º andar",
        " B",
        "Edf. ",
        "Kam Fai",
        "Flat A, ",
    ),
    *("12/F", ", Taipa", " Road", "Nathan", " ", "\n", "Bloco 2", "2024", "é", "º", "'s"),
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=16).map("".join)


@given(TEXTS)
def test_every_find_is_a_place_in_the_text_and_holds_a_trigger(text: str) -> None:
    spelled = plain(text)
    for match in RECOGNIZER.find(spelled):
        assert 0 <= match.start < match.end <= len(text)
        address = spelled[match.start : match.end].encode("utf-8", "replace")
        assert any(trigger.search(address) for trigger in TRIGGERS)


STREETS = [*STREETS_HAN.split()]
NUMBERS = st.integers(min_value=1, max_value=999)


@given(st.sampled_from(STREETS), NUMBERS, st.text(st.sampled_from("我們開會說好了ab,。\n"), max_size=8))
def test_a_house_in_a_known_street_is_found_anywhere(street: str, number: int, before: str) -> None:
    matches = [match for match in RECOGNIZER.find(f"{before},{street}{number}號") if match.shape.alone >= 0.6]
    assert [(match.start, match.end) for match in matches] == [
        (len(before) + 1, len(before) + 1 + len(f"{street}{number}號"))
    ]


NAMED = [
    street.strip() for street in STREETS_LATIN.replace("\n", "").split(",") if street.strip().startswith(("Rua", "Av"))
]


@given(st.sampled_from(NAMED), NUMBERS, st.sampled_from([", n.º {}", ", {}", " {}", ", No. {}", " N.º {}"]))
def test_a_house_in_a_known_portuguese_street_is_found(street: str, number: int, form: str) -> None:
    text = "moro na " + street + form.format(number)
    matches = [match for match in RECOGNIZER.find(plain(text)) if match.shape.alone >= 0.6]
    assert [(match.start, match.end) for match in matches] == [(8, len(text))]


def test_keeps_to_the_entities_asked_for() -> None:
    assert RECOGNIZER.analyze("水坑尾街258號", ["PERSON"]) == []
    [result] = RECOGNIZER.analyze("水坑尾街258號", ["LOCATION"])
    assert (result.entity_type, result.start, result.end) == ("LOCATION", 0, 8)
