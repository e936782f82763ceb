"""Machine-readable zones: ICAO's own specimens, what OCR makes of them, and what only looks like one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.extract.mrz import Document, check_digit, find

# ICAO Doc 9303, appendices to parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (MRV-A, MRV-B): specimens of a country that is not.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
MRV_A = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
MRV_B = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
LONG = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"


def one(text: str) -> Document:
    (document,) = find(text)
    return document


@pytest.mark.parametrize(
    ("zone", "form", "number", "name", "optional"),
    [
        pytest.param(TD3, "TD3", "L898902C3", "ERIKSSON, ANNA MARIA", "ZE184226B", id="passport"),
        pytest.param(TD1, "TD1", "D23145890", "ERIKSSON, ANNA MARIA", "", id="card"),
        pytest.param(TD2, "TD2", "D23145890", "ERIKSSON, ANNA MARIA", "", id="larger-card"),
        pytest.param(MRV_A, "MRV-A", "L8988901C", "ERIKSSON, ANNA MARIA", "6ZE184226B", id="visa"),
        pytest.param(MRV_B, "MRV-B", "L8988901C", "ERIKSSON, ANNA MARIA", "", id="smaller-visa"),
        pytest.param(LONG, "TD1", "D23145890734", "STEVENSON, PETER JOHN", "", id="number-that-goes-on"),
    ],
)
def test_specimens(zone: str, form: str, number: str, name: str, optional: str) -> None:
    document = one(f"Something before\n{zone}\nsomething after")
    assert (document.format, document.number, document.names) == (form, number, name)
    assert document.optional == optional
    assert document.sure


def test_what_is_said_of_a_passport() -> None:
    assert one(TD3).words().split("\n") == [
        "passport number: L898902C3",
        "issuing state: UTO",
        "name: ERIKSSON, ANNA MARIA",
        "nationality: UTO",
        "date of birth: 74-08-12",
        "sex: F",
        "date of expiry: 12-04-15",
        "personal number: ZE184226B",
    ]


@pytest.mark.parametrize(
    ("zone", "kind"), [(TD1, "identity document number: D23145890"), (MRV_B, "visa number: L8988901C")]
)
def test_each_kind_is_named(zone: str, kind: str) -> None:
    assert one(zone).words().startswith(kind)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(TD3.replace("UTO", "UT0"), id="nought-for-O-where-letters-are"),
        pytest.param(TD3.replace("7408122", "74O8I2Z"), id="letters-where-digits-are"),
        pytest.param(TD3.replace("L898902C3", "L8989O2C3"), id="O-for-nought-in-the-number"),
        pytest.param(TD3.replace("<<<<<<<<<<<<<<<<<<<", "<<<<<<<<<<<<<<<<<"), id="fillers-lost"),
        pytest.param(TD3.replace("<<<<<10", "<<<<<<<10"), id="fillers-doubled"),
        pytest.param(TD3.replace("<<", "«"), id="fillers-read-as-quotes"),
        pytest.param(TD3.lower(), id="small-letters"),
        pytest.param(" ".join(TD3.split("<")).replace(" ", "< "), id="spaces-read-into-it"),
        pytest.param(TD3.replace("\n", "\n\n"), id="a-line-between"),
        pytest.param(TD3.replace("<", "＜"), id="full-width"),
    ],
)
def test_what_ocr_does_to_it_is_undone(read: str) -> None:
    document = one(read)
    assert (document.number, document.birth, document.state) == ("L898902C3", "740812", "UTO")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("std::cout << x << y << std::endl;\n" * 40, id="program"),
        pytest.param("P<" + "<" * 42 + "\n" + "<" * 44, id="fillers-only"),
        pytest.param(TD3.splitlines()[0], id="first-line-alone"),
        pytest.param(TD3.replace("7408122", "7408123"), id="wrong-check-digit-of-the-birth"),
        pytest.param(TD3.replace("1204159", "1204158"), id="wrong-check-digit-of-the-expiry"),
        pytest.param("<<" * 5_000, id="a-long-line"),
        pytest.param("«" * 200 + "\n" + "P<<", id="quotes"),
        pytest.param("X" + TD3[1:], id="no-document-begins-with-X"),
    ],
)
def test_near_misses(text: str) -> None:
    assert list(find(text)) == []


@pytest.mark.parametrize(
    ("digit", "composite"),
    [pytest.param("5", "0", id="neither-check-digit-holds"), pytest.param("9", "5", id="only-that-of-everything")],
)
def test_a_number_whose_check_digit_is_wrong_is_said_but_not_surely(digit: str, composite: str) -> None:
    document = one(TD3.replace("L898902C36", f"LXX9XX2C3{digit}")[:-1] + composite)
    assert (document.number, document.sure) == ("LXX9XX2C3", False)


def test_several_in_one_text() -> None:
    assert [document.format for document in find(f"{TD1}\n\n{TD3}\n{MRV_B}")] == ["TD1", "TD3", "MRV-B"]


def test_a_card_whose_first_lines_have_no_two_fillers_together() -> None:
    optional = "ABCDEFGHIJKLMNO"
    first = f"I<UTOD231458907{optional}"
    second = "7408122F1204159UTOABCDEFGHIJK"
    second += check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    assert one(f"{first}\n{second}\nERIKSSON<<ANNA<MARIA<<<<<<<<<<").sure


# Doc 9303, part 3, 4.9, has the first two as examples; the third is the specimen passport's.
@pytest.mark.parametrize(("data", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("L898902C3", "6")])
def test_check_digits(data: str, digit: str) -> None:
    assert check_digit(data) == digit


NUMBERS = st.text(string.ascii_uppercase + string.digits, min_size=5, max_size=9)
DATES = st.dates().map(lambda date: date.strftime("%y%m%d"))
NAMES = st.lists(st.text(string.ascii_uppercase, min_size=1, max_size=10), min_size=2, max_size=3)


@given(NUMBERS, DATES, DATES, NAMES, st.tuples(*[st.text("\n x<P", max_size=60)] * 2))
def test_any_passport_is_found_anywhere(
    number: str, birth: str, expiry: str, names: list[str], around: tuple[str, str]
) -> None:
    before, after = around
    first = f"P<MAC{names[0]}<<{'<'.join(names[1:])}".ljust(44, "<")
    held = number.ljust(9, "<")
    second = held + check_digit(held) + "CHN" + birth + check_digit(birth) + "M" + expiry + check_digit(expiry)
    second = second.ljust(42, "<") + "0"
    second += check_digit(second[:10] + second[13:20] + second[21:43])
    found = [document for document in find(f"{before}\n{first}\n{second}\n{after}") if document.sure]
    assert (number, birth, expiry) in [(one.number, one.birth, one.expiry) for one in found]


@given(st.text("P<IVAUTO0123456789\n «K", max_size=400))
def test_whatever_the_text_nothing_is_raised(text: str) -> None:
    for document in find(text):
        assert document.words()
        assert "number" not in repr(document)
