"""The bench's labels, checked by other means than those that made them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import phonenumbers
import pytest
import stdnum.cn.ric
import stdnum.iban
import stdnum.luhn
import stdnum.pt.cc
import stdnum.pt.nif

from tests.bench.undo import compact, undo

Row = dict[str, Any]
Span = dict[str, Any]

ENTITIES = {
    "MO_ID_CARD", "MO_PASSPORT", "MO_NON_RESIDENT_WORKER_ID", "MO_SOCIAL_SECURITY", "MO_TAXPAYER", "MO_VEHICLE_PLATE",
    "HOME_RETURN_PERMIT", "CN_RESIDENT_ID", "HK_ID_CARD", "TW_ID", "PT_NIF", "PT_CITIZEN_CARD", "PASSPORT",
    "BANK_ACCOUNT", "CREDIT_CARD", "IBAN_CODE", "SWIFT_BIC", "PHONE_NUMBER", "EMAIL_ADDRESS", "PERSON", "LOCATION",
    "CUSTOMER_DATA_TITLE", "HEALTH_DATA", "GENETIC_OR_SEXUAL_DATA", "POLITICAL_OR_UNION_DATA", "RELIGIOUS_DATA",
    "ETHNIC_DATA", "PRIVATE_LIFE_DATA", "CRIMINAL_RECORD", "CREDIT_RECORD",
}  # fmt: skip
LANGUAGES = {"zh-Hant", "zh-Hans", "pt", "en", "mixed"}
REGISTERS = {
    "chat", "cantonese_chat", "email", "form", "csv", "tsv", "markdown", "log", "json", "letter", "notice",
    "customer_list", "filename", "title",
}  # fmt: skip
# Values that two halves may both hold, as they are words and not numbers.
WORDS = {"CUSTOMER_DATA_TITLE", *(one for one in ENTITIES if one.endswith(("_DATA", "_RECORD")))}


def spans(rows: list[Row]) -> Iterator[tuple[Row, Span]]:
    return ((row, span) for row in rows for span in row["spans"])


def value_of(row: Row, span: Span) -> str:
    """Return what a label says: what is written, where the row does not say otherwise."""
    value: str = span.get("value", where(row, span)[span["start"] : span["end"]])
    return value


def where(row: Row, span: Span) -> str:
    text: str = row["title"] if span.get("in") == "title" else row["text"]
    return text


def test_every_row_has_what_it_needs(rows: list[Row]) -> None:
    for row in rows:
        assert row["language"] in LANGUAGES
        assert row["register"] in REGISTERS
        assert ("title" in row) == (row["register"] in {"filename", "title"})
        assert row["text"] or row["title"]
        if row["negative"]:
            assert row["negative_kind"]
            assert all(span.get("optional") for span in row["spans"])
        else:
            assert any(not span.get("optional") for span in row["spans"])
            assert any(span["entity"] == row["entity"] for span in row["spans"])


def test_no_id_and_no_text_occurs_twice(rows: list[Row]) -> None:
    assert max(Counter(row["id"] for row in rows).values()) == 1
    assert max(Counter(row["text"] + row.get("title", "") for row in rows).values()) == 1


def test_offsets_lie_inside_the_text_and_share_no_character(rows: list[Row]) -> None:
    for row in rows:
        taken: list[tuple[int, int]] = []
        for span in row["spans"]:
            text = where(row, span)
            assert span["entity"] in ENTITIES
            assert 0 <= span["start"] < span["end"] <= len(text), row["id"]
            assert text[span["start"] : span["end"]].strip() == text[span["start"] : span["end"]], row["id"]
            if also := span.get("also"):
                assert 0 <= also[0] < also[1] <= len(text)
                assert min(also[1], span["end"]) > max(also[0], span["start"])
            assert all(span["end"] <= start or span["start"] >= end for start, end in taken), row["id"]
            taken.append((span["start"], span["end"]))


def luhn(value: str) -> bool:
    return bool(stdnum.luhn.is_valid(value)) and 13 <= len(value) <= 19


def mainland(value: str) -> bool:
    # python-stdnum knows no residence permits (81, 82, 83), so only its check digit is of use.
    return len(value) == 18 and stdnum.cn.ric.calc_check_digit(value) == value[17] and value[6:14] >= "19450101"


def hong_kong(value: str) -> bool:
    letters, rest = re.fullmatch(r"([A-Z]{1,2})(\d{6}[0-9A])", value).groups()  # type: ignore[union-attr]
    numbers = [ord(one) - ord("A") + 10 for one in letters] + [int(one, 11) for one in rest]
    head = 9 * 36 if len(letters) == 1 else 0
    weights = range(len(numbers), 0, -1)
    return (head + sum(number * weight for number, weight in zip(numbers, weights, strict=True))) % 11 == 0


def taiwan(value: str) -> bool:
    order = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
    whole = f"{order.index(value[0]) + 10}{value[1:]}"
    return sum(int(d) * w for d, w in zip(whole, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0


def telephone(value: str) -> bool:
    readings = ((value, "MO"), (value, "CN"), (f"+{value}", None), (f"+{value.removeprefix('00')}", None))
    for number, region in readings:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


VALID: dict[str, Callable[[str], Any]] = {
    "MO_ID_CARD": re.compile(r"[157]\d{7}").fullmatch,
    "MO_PASSPORT": re.compile(r"M[AB]\d{7}").fullmatch,
    "MO_NON_RESIDENT_WORKER_ID": re.compile(r"\d{8}").fullmatch,
    "MO_SOCIAL_SECURITY": re.compile(r"[12]\d{9}").fullmatch,
    "MO_TAXPAYER": re.compile(r"[08]\d{7}").fullmatch,
    "MO_VEHICLE_PLATE": re.compile(r"(M[A-Z]?|AA)\d{4}|CM\d{5}").fullmatch,
    "HOME_RETURN_PERMIT": re.compile(r"[HM]\d{8}(\d{2})?|C\d{8}|C[A-HJ-NP-Z]\d{7}").fullmatch,
    "CN_RESIDENT_ID": mainland,
    "HK_ID_CARD": hong_kong,
    "TW_ID": taiwan,
    "PT_NIF": stdnum.pt.nif.is_valid,
    "PT_CITIZEN_CARD": stdnum.pt.cc.is_valid,
    "PASSPORT": re.compile(r"[A-Z]{1,2}\d{6,8}[A-Z]?").fullmatch,
    "BANK_ACCOUNT": re.compile(r"\d{10,19}").fullmatch,
    "CREDIT_CARD": luhn,
    "IBAN_CODE": stdnum.iban.is_valid,
    "SWIFT_BIC": re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?").fullmatch,
    "PHONE_NUMBER": telephone,
}


@pytest.mark.parametrize("entity", VALID)
def test_numbers_are_of_their_shape_and_pass_their_check(rows: list[Row], entity: str) -> None:
    found = [(row, span) for row, span in spans(rows) if span["entity"] == entity and not span.get("optional")]
    assert found
    wrong = [(row["id"], value_of(row, span)) for row, span in found if not VALID[entity](value_of(row, span))]
    assert not wrong


def test_a_check_that_cannot_fail_is_no_check() -> None:
    wrong = {
        "CN_RESIDENT_ID": "110100198001010011", "HK_ID_CARD": "A1234560", "TW_ID": "A123456780", "PT_NIF": "123456780",
        "PT_CITIZEN_CARD": "123456781ZZ0", "CREDIT_CARD": "4111111111111112", "IBAN_CODE": "GB00NWBK12345678901234",
        "PHONE_NUMBER": "12345678",
    }  # fmt: skip
    assert not [entity for entity, value in wrong.items() if VALID[entity](value)]


def test_undoing_the_disguise_gives_the_value(rows: list[Row]) -> None:
    checked: Counter[str] = Counter()
    for row, span in spans(rows):
        if not span.get("disguised"):
            continue
        start, end = span.get("also", (span["start"], span["end"]))
        text, value = where(row, span), compact(value_of(row, span))
        assert undo(row["technique"], text[start:end], value) == value, (row["id"], row["technique"], text[start:end])
        checked[row["technique"]] += 1
    assert set(checked) == {row["technique"] for row in rows} - {"none"}


def test_disguised_values_do_not_stand_in_the_text_as_they_are(rows: list[Row]) -> None:
    for row, span in spans(rows):
        if span.get("disguised") and row["technique"] != "mixed_script":
            assert "value" in span, row["id"]
        assert not (span.get("disguised") and row["technique"] == "none")


def test_no_value_occurs_in_both_halves(halves: dict[str, list[Row]]) -> None:
    def values(half: str) -> set[str]:
        return {
            compact(value_of(row, span))
            for row, span in spans(halves[half])
            if span["entity"] not in WORDS and not span.get("optional")
        }

    assert values("tune") & values("test") == set()


def test_no_number_of_eight_digits_or_more_occurs_in_both_halves(halves: dict[str, list[Row]]) -> None:
    """References, orders and serial numbers included; dates, round sums and written-out law numbers are common."""
    free = {"date", "amount", "redacted", "law", "public_hotline", "maths", "company", "marketing"}

    def numbers(half: str) -> set[str]:
        return {
            number
            for row in halves[half]
            if row.get("negative_kind") not in free
            for number in re.findall(r"\d{8,}", row["text"])
            if not re.fullmatch(r"20[12]\d(0\d|1[012])[0-3]\d|\d+000", number)
        }

    assert numbers("tune") & numbers("test") == set()


def test_no_template_occurs_in_both_halves(halves: dict[str, list[Row]]) -> None:
    assert not {row["template"] for row in halves["tune"]} & {row["template"] for row in halves["test"]}


@pytest.mark.parametrize("half", ["tune", "test"])
class TestBalance:
    def test_positives_and_negatives(self, halves: dict[str, list[Row]], half: str) -> None:
        counts = Counter(row["negative"] for row in halves[half])
        assert counts[False] >= 1500
        assert counts[True] >= 1500

    def test_languages(self, halves: dict[str, list[Row]], half: str) -> None:
        positive = Counter(row["language"] for row in halves[half] if not row["negative"])
        negative = Counter(row["language"] for row in halves[half] if row["negative"])
        assert min(positive[language] for language in LANGUAGES) >= 300
        assert min(negative[language] for language in LANGUAGES) >= 80

    def test_registers(self, halves: dict[str, list[Row]], half: str) -> None:
        counts = Counter(row["register"] for row in halves[half] if not row["negative"])
        assert min(counts[register] for register in REGISTERS) >= 15

    def test_entities(self, halves: dict[str, list[Row]], half: str) -> None:
        counts = Counter(span["entity"] for _, span in spans(halves[half]) if not span.get("optional"))
        assert min(counts[entity] for entity in VALID if entity != "SWIFT_BIC") >= 60
        assert min(counts[entity] for entity in ENTITIES) >= 15

    def test_disguises(self, halves: dict[str, list[Row]], half: str) -> None:
        counts = Counter(row["technique"] for row in halves[half])
        assert len(counts) >= 30
        assert min(counts.values()) >= 25

    def test_kinds_of_negatives(self, halves: dict[str, list[Row]], half: str) -> None:
        counts = Counter(row["negative_kind"] for row in halves[half] if row["negative"])
        assert len(counts) >= 35
        assert max(counts.values()) <= 60
