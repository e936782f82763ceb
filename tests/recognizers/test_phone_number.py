import string

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.phone_number import _NEAR, _WITH_ZERO, _WITHOUT_ZERO, PhoneNumberRecognizer, _plan
from tests.recognizers.finding import found

RECOGNIZER = PhoneNumberRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("66123456", "66123456", "macau", id="mobile"),
        pytest.param("電話2833 1234。", "2833 1234", "macau", id="fixed line between Han"),
        pytest.param("2833-1234", "2833-1234", "macau", id="hyphen"),
        pytest.param("6612.3456", "6612.3456", "macau", id="dot"),
        pytest.param("66 12 34 56", "66 12 34 56", "macau", id="in twos"),
        pytest.param("６６１２３４５６", "６６１２３４５６", "macau", id="full width"),
        pytest.param("2857 3333", "2857 3333", "macau", id="hotline"),
        pytest.param("Tel66123456", "66123456", "macau", id="label glued on"),
        pytest.param("66123456.0", "66123456", "macau", id="spreadsheet's integer"),
        pytest.param("1. 66123456", "66123456", "macau", id="numbered list"),
        pytest.param("3,66123456,x", "66123456", "macau", id="cell of a table"),
        pytest.param("400-820-8820", "400-820-8820", "elsewhere", id="service number of the mainland"),
        pytest.param("12 66123456 3", "66123456", "macau", id="small numbers beside"),
        pytest.param("2024-10-15 66123456", "66123456", "macau", id="a day before"),
        pytest.param("66123456 (M)", "66123456", "macau", id="kind behind"),
        pytest.param("text Ana on 66123456", "66123456", "called", id="whom to write to"),
        pytest.param("liga à Ana para o 6612 3456", "6612 3456", "called", id="whom to call, pt"),
        pytest.param("搵阿明，66123456", "66123456", "called", id="whom to look for"),
        pytest.param("text 66123456", "66123456", "macau", id="a text and a number"),
        pytest.param("called to order. Total on hand 66123456", "66123456", "macau", id="another sentence"),
        pytest.param("86123456", "86123456", "macau-unassigned", id="not assigned yet"),
        pytest.param("+853 6612 3456", "+853 6612 3456", "international", id="plus"),
        pytest.param("＋８５３６６１２３４５６", "＋８５３６６１２３４５６", "international", id="plus, full width"),
        pytest.param("(+853) 6612-3456", "(+853) 6612-3456", "international", id="plus in brackets"),
        pytest.param("+(853) 66123456", "+(853) 66123456", "international", id="code in brackets behind plus"),
        pytest.param("+86 138-1234-5678", "+86 138-1234-5678", "international", id="mainland"),
        pytest.param("+351 912 345 678", "+351 912 345 678", "international", id="Portugal"),
        pytest.param("+63 917 123 4567", "+63 917 123 4567", "international", id="Philippines"),
        pytest.param("+84 91 234 56 78", "+84 91 234 56 78", "international", id="Vietnam"),
        pytest.param("+44 (0)20 7946 0958", "+44 (0)20 7946 0958", "international", id="trunk 0 in brackets"),
        pytest.param("+1 415 555 2671", "+1 415 555 2671", "international", id="North America"),
        pytest.param("+853 66123456 12", "+853 66123456", "international", id="a number behind"),
        pytest.param("+853 6912 3456", "+853 6912 3456", "international-unassigned", id="plus, not assigned"),
        pytest.param("00853 66123456", "00853 66123456", "dialled", id="00"),
        pytest.param("0085366123456", "0085366123456", "dialled", id="00, joined"),
        pytest.param("0063 917 123 4567", "0063 917 123 4567", "dialled-abroad", id="00 to further away"),
        pytest.param("(853) 66123456", "(853) 66123456", "code-apart", id="code in brackets"),
        pytest.param("853-66123456", "853-66123456", "code-apart", id="code and hyphen"),
        pytest.param("853 6612 3456", "853 6612 3456", "code-apart", id="code and space"),
        pytest.param("852-9123 4567", "852-9123 4567", "code-apart", id="Hong Kong's code"),
        pytest.param("85366123456", "85366123456", "code-joined", id="code joined"),
        pytest.param("8613812345678", "8613812345678", "code-joined", id="the mainland's joined"),
        pytest.param("13812345678", "13812345678", "mainland-mobile", id="mainland mobile"),
        pytest.param("138 1234 5678", "138 1234 5678", "mainland-mobile", id="mainland mobile in groups"),
        pytest.param("91234567", "91234567", "hong-kong", id="Hong Kong"),
        pytest.param("0756-8881234", "0756-8881234", "elsewhere", id="Zhuhai"),
        pytest.param("(0756) 888 1234", "(0756) 888 1234", "elsewhere", id="Zhuhai, code in brackets"),
        pytest.param("912 345 678", "912 345 678", "elsewhere", id="Portugal at home"),
        pytest.param("0917 123 4567", "0917 123 4567", "elsewhere", id="Philippines at home"),
        pytest.param("0912-345-678", "0912-345-678", "elsewhere", id="Taiwan at home"),
        pytest.param("(415) 555-2671", "(415) 555-2671", "elsewhere", id="North America at home"),
        pytest.param("0800 123", "0800 123", "elsewhere", id="freephone"),
        pytest.param("28331234 ext. 12", "28331234 ext. 12", "macau", id="extension"),
        pytest.param("28331234轉123", "28331234轉123", "macau", id="extension in Chinese"),
        pytest.param("2833 1234, ramal 5", "2833 1234, ramal 5", "macau", id="extension in Portuguese"),
        pytest.param("28331234#12", "28331234#12", "macau", id="extension, hash"),
        pytest.param("28331234x12", "28331234x12", "macau", id="extension, x"),
        pytest.param("PO-66123456", "66123456", "within-code", id="within a code"),
        pytest.param("4111 1111 6612 3456", "6612 3456", "within-code", id="within a longer number"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1234567(8)", id="identity card"),
        pytest.param("5123456(7)", id="identity card, as a mobile of Hong Kong"),
        pytest.param("5/123456/7", id="identity card with slashes"),
        pytest.param("A123456(3)", id="identity card of Hong Kong"),
        pytest.param("999", id="emergency"),
        pytest.param("20241015", id="a day"),
        pytest.param("2024-10-15", id="a day with hyphens"),
        pytest.param("28122024", id="a day, day first"),
        pytest.param("66123456元", id="amount"),
        pytest.param("MOP 66123456", id="amount in MOP"),
        pytest.param("$66123456", id="amount in dollars"),
        pytest.param("66123456.50", id="decimals"),
        pytest.param("66,123,456", id="thousands"),
        pytest.param("192.168.10.25", id="address of a host"),
        pytest.param("22.198745, 113.543873", id="coordinates"),
        pytest.param("4111 1111 1111 1111", id="card"),
        pytest.param("978-7-111-12345-3", id="ISBN"),
        pytest.param("490154203237518", id="IMEI"),
        pytest.param("1730771553", id="seconds since 1970"),
        pytest.param("211-227 (2003)", id="pages and a year"),
        pytest.param("550e8400-e29b-41d4-a716-446655440000", id="UUID"),
        pytest.param("440106199003074328", id="identity number of the mainland"),
        pytest.param("SF1234567890123", id="a parcel"),
        pytest.param("A66123456", id="letter before"),
        pytest.param("66123456A", id="letter behind"),
        pytest.param("2 8 3 3 1 2 3 4", id="digits apart"),
        pytest.param("v6.6.12.3456", id="version"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("28331234/66123456", ["28331234", "66123456"], id="slash"),
        pytest.param("6612 3456 6623 4567", ["6612 3456", "6623 4567"], id="space"),
        pytest.param("+853 66123456 +86 13812345678", ["+853 66123456", "+86 13812345678"], id="two plusses"),
        pytest.param("66123456、66234567", ["66123456", "66234567"], id="Chinese comma"),
    ],
)
def test_two_numbers_are_two(text: str, values: list[str]) -> None:
    assert [value for value, _ in found(RECOGNIZER, text)] == values


def test_only_numbers_with_a_code_or_that_one_is_to_call_stand_alone() -> None:
    assert {shape.name for shape in RECOGNIZER.SHAPES if shape.alone >= 0.6} == {
        "international",
        "dialled",
        "code-apart",
        "called",
    }


@given(
    region=st.sampled_from(sorted({*_NEAR.values(), *_WITH_ZERO, *_WITHOUT_ZERO})),
    digits=st.from_regex(r"[1-9][0-9]{6,10}", fullmatch=True),
)
def test_plans_are_the_librarys(region: str, digits: str) -> None:
    number = phonenumbers.PhoneNumber(phonenumbers.country_code_for_region(region), int(digits))
    assert (_plan(region).fullmatch(digits) is not None) is phonenumbers.is_valid_number_for_region(number, region)


@given(
    start=st.sampled_from(["62", "63", "65", "283", "285", "287", "882"]),
    rest=st.text(string.digits, min_size=6, max_size=6),
    form=st.sampled_from(
        ["{}{}", "{} {}", "{}-{}", "+853{}{}", "+853 {} {}", "00853-{}-{}", "(853) {}{}", "{}{} ext 12"]
    ),
    around=st.sampled_from([("", ""), ("電話", "。"), ("Tel.: ", ","), ("(", ")"), ("1. ", "\n"), ("tel", "")]),
)
def test_every_number_of_macau_is_found_in_every_form(
    start: str, rest: str, form: str, around: tuple[str, str]
) -> None:
    number = (start + rest)[:8]
    printed = form.format(number[:4], number[4:])
    assert printed in [value for value, _ in found(RECOGNIZER, around[0] + printed + around[1])]


@given(
    region=st.sampled_from(
        ["MO", "HK", "CN", "PT", "TW", "PH", "VN", "ID", "MY", "SG", "JP", "KR", "TH", "MM", "NP", "GB"]
    ),
    style=st.sampled_from([phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL]),
)
def test_the_librarys_examples_are_found_as_it_prints_them(region: str, style: int) -> None:
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert number is not None
    printed = phonenumbers.format_number(number, style)
    assert found(RECOGNIZER, f"致電{printed}。") == [(printed, "international")]


@given(st.text("0123456789 +-().電話a", max_size=60))
def test_any_text_is_survived_and_every_place_is_true(text: str) -> None:
    for value, _ in found(RECOGNIZER, text):
        assert value[0] in "(+" or value[0].isdigit()
        assert value[-1].isdigit()
