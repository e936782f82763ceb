"""The generator of the bench: it gives the committed bytes, and its parts do as they say."""

import re
from pathlib import Path
from random import Random

import bench_people
import make_bench
import pytest
from bench_accounts import NUMBERS
from bench_disguise import DIGITS_ONLY, TECHNIQUES, disguise
from bench_office import OFFICE
from bench_row import PLACE, STRONG, Bench
from bench_templates import LANGUAGES, SPLITS, Template, labels, negatives, positives
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.conftest import FOLDER
from tests.bench.undo import compact, undo

ALL = [one for language in LANGUAGES for one in (*positives(language), *negatives(language))]
OTHER_PLACES = {"value", "label", "key", "phone", "email", "address"}


def test_the_committed_files_are_what_the_generator_makes(tmp_path: Path) -> None:
    make_bench.main(tmp_path)
    made = sorted(tmp_path.iterdir())
    assert len(made) == 4
    for path in made:
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), f"run make_bench.py: {path.name} is old"


def test_every_place_in_every_template_can_be_filled() -> None:
    for template in ALL:
        for name in PLACE.findall(template.text):
            known = name in OTHER_PLACES or name in OFFICE or name in NUMBERS or ":" in name
            assert known or name.partition(".")[0] == "person", (template.name, name)
        # Nothing that was meant to be a place is left as text, lists in JSON aside.
        assert not re.search(r"\[\[[a-z]", PLACE.sub("", template.text)), template.name


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_templates_enough(language: str, split: str) -> None:
    groups = {
        "talk": {"chat", "cantonese_chat"}, "mail": {"email", "letter", "notice"}, "form": {"form"},
        "table": {"csv", "tsv", "markdown", "customer_list"}, "machine": {"log", "json"},
        "title": {"filename", "title"},
    }  # fmt: skip
    registers = [one.register for one in positives(language) if one.split == split]
    least = 5 if language == "mixed" else 10
    few = {name: count for name, group in groups.items() if (count := sum(one in group for one in registers)) < least}
    assert not few


def test_templates_of_a_language_are_all_different() -> None:
    for language in LANGUAGES:
        texts = [one.text for one in (*positives(language), *negatives(language))]
        assert len(texts) == len(set(texts))


def test_every_entity_has_a_name_in_every_language_and_for_programs() -> None:
    for entity in make_bench.LABELLED:
        for language in (*LANGUAGES[:4], "key"):
            for split in SPLITS:
                group = {"MO_SOCIAL_SECURITY": "employer", "HOME_RETURN_PERMIT": "hrp"}.get(entity, "")
                assert labels(entity, group, language, split)


def test_word_lists_share_nothing_between_the_halves() -> None:
    for name, kinds in (
        ("chinese_names.tsv", ("surname", "given")),
        ("western_names.tsv", ("pt_first", "pt_last", "en_first", "full")),
        ("places.tsv", ("street", "building", "district")),
    ):
        for kind in kinds:
            tune, test = (bench_people.table(name, split, kind) for split in SPLITS)
            assert tune
            assert test
            for column in range(len(tune[0])):
                assert not {row[column] for row in tune} & {row[column] for row in test}, (name, kind)


def test_a_value_belongs_to_one_half_and_is_taken_once() -> None:
    bench = Bench()
    owners = [split for split in SPLITS if bench.fresh("12345678", split)]
    assert len(owners) == 1
    assert not bench.fresh("12345678", owners[0])


def test_a_row_that_repeats_a_text_is_not_made_again() -> None:
    bench = Bench()
    template = Template("negative/en/chat/1", "en", "tune", "chat", "thanks", kind="small_talk")
    assert make_bench.make(bench, template)
    assert make_bench.make(bench, template) is None


def test_characters_that_nobody_sees_are_written_as_escapes() -> None:
    assert make_bench.dump({"text": "1\u200b2\u202e3\u00ad"}) == '{"text":"1\\u200b2\\u202e3\\u00ad"}'
    assert make_bench.dump({"text": "身份證 😀"}) == '{"text":"身份證 😀"}'


@given(seed=st.integers(0, 2**32), technique=st.sampled_from([one for one in TECHNIQUES if one != "mixed_script"]))
def test_any_number_in_any_disguise_can_be_read_again(seed: int, technique: str) -> None:
    rng = Random(seed)
    digits_only = ("MO_ID_CARD", "MO_TAXPAYER", "BANK_ACCOUNT", "CREDIT_CARD", "PT_NIF", "MO_SOCIAL_SECURITY")
    entity = rng.choice(digits_only if technique in DIGITS_ONLY else tuple(NUMBERS))
    value = NUMBERS[entity](rng).value
    hidden = disguise(technique, rng, value, "身份證")
    start, end = hidden.also or (hidden.start, hidden.end)
    assert undo(technique, hidden.text[start:end], value) == compact(value)
    assert 0 <= hidden.start < hidden.end <= len(hidden.text)


@given(seed=st.integers(0, 2**32))
def test_every_printing_says_the_value(seed: int) -> None:
    rng = Random(seed)
    for entity, make in NUMBERS.items():
        number = make(rng)
        for name, printed in number.printings:
            assert compact(printed).endswith(number.value) or entity == "PHONE_NUMBER", name
        if entity == "PHONE_NUMBER":
            assert all(number.value.lstrip("0")[-7:] in compact(printed) for _, printed in number.printings)


def test_what_can_stand_without_a_label_says_so_in_its_printing() -> None:
    for entity, names in STRONG.items():
        if names:
            made = [NUMBERS[entity](Random(seed)) for seed in range(50)]
            assert all(set(names) & {name for name, _ in number.printings} for number in made), entity
