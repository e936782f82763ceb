"""The scorer on cases made by hand: what counts as found, missed and false."""

import pytest

from cerco.bench.rows import ENTITIES, GROUPS, TITLE, Found, Label, Row
from cerco.bench.score import NEUTRAL, OTHER, Score, Tally, score

CARD = Label("MO_ID_CARD", 10, 18)


def row(*labels: Label, negative: str = "", technique: str = "none", title: str | None = None) -> Row:
    return Row("r1", "x" * 100, title, "en", "chat", technique, negative, labels)


def judged(one: Row, *found: Found) -> Score:
    return score([one], {one.id: found})


def found(entity: str, start: int, end: int, place: str = "text") -> Found:
    return Found(entity, start, end, 1.0, place)


@pytest.mark.parametrize(
    ("start", "end", "hit", "exact"),
    [
        pytest.param(10, 18, 1, 1, id="the very characters"),
        pytest.param(10, 17, 1, 0, id="one short"),
        pytest.param(8, 20, 1, 0, id="a little more"),
        pytest.param(14, 18, 1, 0, id="just half of the label"),
        pytest.param(15, 18, 0, 0, id="less than half of the label"),
        pytest.param(10, 26, 1, 0, id="twice its length"),
        pytest.param(10, 27, 0, 0, id="more than twice its length"),
        pytest.param(18, 26, 0, 0, id="beside it"),
        pytest.param(0, 100, 0, 0, id="the whole text"),
    ],
)
def test_half_of_both_lengths_is_enough(start: int, end: int, hit: int, exact: int) -> None:
    tally = judged(row(CARD), found("MO_ID_CARD", start, end)).clear["MO_ID_CARD"]
    assert (tally.labels, tally.found, tally.exact, tally.false) == (1, hit, exact, 1 - hit)


def test_another_entity_on_the_same_characters_is_a_miss_and_a_false_positive() -> None:
    result = judged(row(CARD), found("BANK_ACCOUNT", 10, 18))
    assert result.clear["MO_ID_CARD"].found == 0
    assert result.clear["MO_ID_CARD"].any == 1
    assert result.clear["BANK_ACCOUNT"].false == 1
    assert result.group("identifiers").precision == 0.0


def test_the_other_ends_of_a_label_are_as_right() -> None:
    label = Label("PERSON", 10, 13, also=(10, 11))  # "陳先生", or "陳" alone
    for start, end in ((10, 13), (10, 11)):
        tally = judged(row(label), found("PERSON", start, end)).clear["PERSON"]
        assert (tally.found, tally.exact, tally.false) == (1, 1, 0)


def test_two_findings_of_one_label_are_one_hit_and_no_false_positive() -> None:
    tally = judged(row(CARD), found("MO_ID_CARD", 10, 18), found("MO_ID_CARD", 10, 17)).clear["MO_ID_CARD"]
    assert (tally.found, tally.false) == (1, 0)


def test_one_finding_may_hold_two_labels_that_say_so() -> None:
    whole = (10, 20)
    labels = (Label("PERSON", 10, 13, also=whole), Label("PERSON", 14, 20, also=whole))
    tally = judged(row(*labels), found("PERSON", 10, 20)).clear["PERSON"]
    assert (tally.labels, tally.found, tally.false) == (2, 2, 0)


def test_a_finding_in_the_title_is_not_one_in_the_text() -> None:
    label = Label("MO_ID_CARD", 0, 8, TITLE)
    assert judged(row(label, title="12345678"), found("MO_ID_CARD", 0, 8, TITLE)).clear["MO_ID_CARD"].found == 1
    assert judged(row(label, title="12345678"), found("MO_ID_CARD", 0, 8)).clear["MO_ID_CARD"].found == 0


def test_what_is_optional_is_right_either_way() -> None:
    hotline = row(Label("PHONE_NUMBER", 10, 18, optional=True), negative="public_hotline")
    for here in ((), (found("PHONE_NUMBER", 10, 18),)):
        result = judged(hotline, *here)
        assert result.clear["PHONE_NUMBER"] == Tally()
        assert result.false_per_1000() == 0
        assert (result.published.labels, result.published.found) == (1, len(here))
    assert judged(hotline, found("MO_ID_CARD", 10, 18)).false_per_1000() == 1000


class TestByRow:
    """Titles and sensitive statements have no ends worth arguing about."""

    SICK = Label("HEALTH_DATA", 20, 24)

    def test_a_finding_anywhere_in_the_row_counts(self) -> None:
        tally = judged(row(self.SICK), found("HEALTH_DATA", 0, 2), found("HEALTH_DATA", 50, 60)).clear["HEALTH_DATA"]
        assert (tally.labels, tally.found, tally.false) == (1, 1, 0)

    def test_two_labels_in_a_row_are_one(self) -> None:
        assert judged(row(self.SICK, Label("HEALTH_DATA", 30, 34))).clear["HEALTH_DATA"].labels == 1

    def test_another_statement_is_false(self) -> None:
        result = judged(row(self.SICK), found("CREDIT_RECORD", 20, 24), found("CREDIT_RECORD", 30, 34))
        assert result.clear["CREDIT_RECORD"].false == 1
        assert result.clear["HEALTH_DATA"].found == 0

    def test_a_title_must_be_found_in_the_title(self) -> None:
        title = Label("CUSTOMER_DATA_TITLE", 0, 4, TITLE)
        assert (
            judged(row(title, title="客戶名單"), found("CUSTOMER_DATA_TITLE", 1, 3, TITLE)).group("titles").found == 1
        )
        assert judged(row(title, title="客戶名單"), found("CUSTOMER_DATA_TITLE", 1, 3)).group("titles").found == 0

    def test_a_title_within_a_text_that_holds_data_is_no_false_positive(self) -> None:
        assert judged(row(CARD), found("CUSTOMER_DATA_TITLE", 0, 4)).clear["CUSTOMER_DATA_TITLE"].false == 0
        blank = row(negative="blank_form")
        assert judged(blank, found("CUSTOMER_DATA_TITLE", 0, 4)).clear["CUSTOMER_DATA_TITLE"].false == 1


class TestOtherEntities:
    """Engines name more than the bench labels."""

    def test_what_may_stand_in_any_row_is_left_out(self) -> None:
        result = judged(row(negative="date"), *(found(entity, 0, 8) for entity in NEUTRAL))
        assert result.false_per_1000() == 0
        assert not NEUTRAL & set(ENTITIES)

    def test_a_foreign_number_where_there_is_none_is_false(self) -> None:
        result = judged(row(negative="order"), found("US_DRIVER_LICENSE", 0, 8))
        assert result.clear[OTHER].false == 1
        assert result.false_per_1000() == result.false_per_1000(*GROUPS["identifiers"], OTHER) == 1000
        assert result.group("identifiers").precision == 0.0

    def test_a_foreign_name_for_a_value_that_is_there_is_neither(self) -> None:
        result = judged(row(CARD), found("UK_NHS", 10, 18))
        assert result.clear[OTHER].false == 0
        assert result.clear["MO_ID_CARD"].found == 0


def test_disguised_values_are_counted_apart() -> None:
    hidden = Label("MO_ID_CARD", 10, 18, disguised=True)
    phone = Label("PHONE_NUMBER", 30, 38)
    result = judged(row(hidden, phone, technique="base64"), found("PHONE_NUMBER", 30, 38))
    assert result.techniques["base64"].labels == result.all_disguised().labels == 1
    assert result.disguised["MO_ID_CARD"].recall == 0.0
    assert result.clear["MO_ID_CARD"].labels == 0
    assert result.languages["en"].recall == result.registers["chat"].recall == 1.0


def test_a_row_that_an_engine_did_not_answer_has_found_nothing() -> None:
    assert score([row(CARD)], {}).clear["MO_ID_CARD"].recall == 0.0


def test_rows_flagged_are_counted_once_and_findings_each() -> None:
    result = judged(row(negative="order"), found("MO_ID_CARD", 0, 8), found("PERSON", 20, 23))
    assert result.flagged_per_1000() == 1000
    assert result.false_per_1000() == 2000
    assert result.false_per_1000("PERSON") == 1000
    assert result.flagged == {"order": 1}


def test_nothing_to_count_is_not_zero() -> None:
    assert Tally().recall is None
    assert Tally().precision is None
    assert Score().false_per_1000() == Score().flagged_per_1000() == 0.0


def test_every_entity_is_in_one_group() -> None:
    grouped = [entity for group in GROUPS.values() for entity in group]
    assert sorted(grouped) == sorted(ENTITIES)
    assert len(grouped) == len(set(grouped))
