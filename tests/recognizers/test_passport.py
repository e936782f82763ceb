import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.passport import PassportRecognizer, check_digit, passes_checks
from tests.recognizers.finding import best, found

RECOGNIZER = PassportRecognizer()
SPECIMEN = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"  # of ICAO 9303-4


def line(number: str, nationality: str, birth: str, sex: str, expiry: str, *, optional: str = "") -> str:
    """Return the lower line of a passport's machine-readable zone."""
    number, optional = number.ljust(9, "<"), optional.ljust(14, "<")
    head = number + check_digit(number)
    dates = birth + check_digit(birth) + sex + expiry + check_digit(expiry)
    tail = optional + check_digit(optional)
    whole = head + dates.replace(sex, "", 1) + tail
    return head + nationality + dates + tail + check_digit(whole)


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("E12345678", "E12345678", "known-series", id="mainland China"),
        pytest.param("EA1234567", "EA1234567", "known-series", id="mainland China since 2017"),
        pytest.param("G12345678", "G12345678", "known-series", id="mainland China of old"),
        pytest.param("PE1234567", "PE1234567", "known-series", id="mainland China, on public affairs"),
        pytest.param("K12345678", "K12345678", "known-series", id="Hong Kong"),
        pytest.param("KJ1234567", "KJ1234567", "known-series", id="Hong Kong since 2019"),
        pytest.param("P1234567A", "P1234567A", "known-series", id="Philippines"),
        pytest.param("EB1234567", "EB1234567", "known-series", id="Philippines of old, and mainland China"),
        pytest.param("MD123456", "MD123456", "known-series", id="Myanmar"),
        pytest.param("M123A4567", "M123A4567", "known-series", id="Korea"),
        pytest.param("CA123456", "CA123456", "letters-and-digits", id="Portugal"),
        pytest.param("N123456", "N123456", "letters-and-digits", id="Portugal of old"),
        pytest.param("X1234567", "X1234567", "letters-and-digits", id="Indonesia"),
        pytest.param("護照C1234567號", "C1234567", "letters-and-digits", id="Vietnam, between Han"),
        pytest.param("P01234567", "P01234567", "known-series", id="Vietnam since 2022, and mainland China"),
        pytest.param("AA1234567", "AA1234567", "letters-and-digits", id="Thailand"),
        pytest.param("A12345678", "A12345678", "letters-and-digits", id="Malaysia"),
        pytest.param("PA1234567", "PA1234567", "letters-and-digits", id="Nepal"),
        pytest.param("AB123456C", "AB123456C", "letters-and-digits", id="letter behind"),
        pytest.param("e12345678", "e12345678", "lower-case", id="small letter"),
        pytest.param("312345678", "312345678", "nine-digits", id="Taiwan"),
        pytest.param("PASSPORT NO 312345678", "312345678", "nine-digits", id="a word in capitals before"),
        pytest.param("01234567", "01234567", "eight-digits", id="Nepal of old"),
        pytest.param("passportE12345678", "E12345678", "known-series", id="label glued on"),
        pytest.param(SPECIMEN, SPECIMEN, "machine-readable", id="machine-readable line"),
        pytest.param(
            f"P<CHNCHAN<<TAI<MAN<<<<<<<<\n{line('MA1234567', 'CHN', '900101', 'M', '300101')}\n",
            line("MA1234567", "CHN", "900101", "M", "300101"),
            "machine-readable",
            id="machine-readable line of Macau",
        ),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert best(RECOGNIZER, text) == (value, shape)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("MA1234567", id="Macau's has a recogniser of its own"),
        pytest.param("A123456(3)", id="card of Hong Kong"),
        pytest.param("A12345", id="five digits"),
        pytest.param("A1234567890", id="ten digits"),
        pytest.param("ABC1234567", id="three letters"),
        pytest.param("20241231", id="a day"),
        pytest.param("28331234", id="a telephone number"),
        pytest.param("1234567", id="seven digits"),
        pytest.param("E1234****", id="masked"),
        pytest.param(SPECIMEN[:-1] + "1", id="machine-readable line whose last check fails"),
        pytest.param(SPECIMEN.replace("740812", "740813"), id="machine-readable line with another birthday"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_only_the_machine_readable_line_stands_alone() -> None:
    assert [shape.name for shape in RECOGNIZER.SHAPES if shape.alone > 0.1] == ["machine-readable"]


@pytest.mark.parametrize(
    ("field", "digit"),
    [
        pytest.param("520727", "3", id="a birthday, ICAO 9303-3"),
        pytest.param("AB2134<<<", "5", id="letters and fillers, ICAO 9303-3"),
        pytest.param("L898902C3", "6", id="the specimen's number"),
    ],
)
def test_check_digit(field: str, digit: str) -> None:
    assert check_digit(field) == digit


def test_an_empty_field_may_have_no_check_digit() -> None:
    empty = line("E12345678", "CHN", "900101", "F", "300101")
    assert passes_checks(empty)
    assert passes_checks(empty[:42] + "<" + empty[43:])


@given(
    letters=st.from_regex(r"[A-Z]{1,2}", fullmatch=True).filter(lambda letters: letters[0] != "M"),
    digits=st.text(string.digits, min_size=6, max_size=8),
    around=st.sampled_from(
        [("", ""), ("護照號碼", "。"), ("Passport No. ", ","), ("passaporte n.º ", ";"), ("(", ")")]
    ),
)
def test_every_number_is_found(letters: str, digits: str, around: tuple[str, str]) -> None:
    value, _ = best(RECOGNIZER, around[0] + letters + digits + around[1]) or ("", "")
    assert value == letters + digits


@given(
    number=st.text(string.ascii_uppercase + string.digits, min_size=7, max_size=9),
    birth=st.dates().map(lambda day: f"{day:%y%m%d}"),
    expiry=st.dates().map(lambda day: f"{day:%y%m%d}"),
    sex=st.sampled_from("MFX<"),
    optional=st.text(string.digits, max_size=14),
)
def test_every_machine_readable_line_is_found(number: str, birth: str, expiry: str, sex: str, optional: str) -> None:
    whole = line(number, "PHL", birth, sex, expiry, optional=optional)
    assert (whole, "machine-readable") in found(RECOGNIZER, f"...\n{whole}\n")
