"""The automaton never passes over what a phrase or a pattern would find."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.scan.normalise import View, normalise
from cerco.scan.pattern import checked
from cerco.scan.sieve import MOST, Sieve
from recognizers.phrases import Phrases, triggers

LINES = ("客戶|顧客 * 名單|資料", "client(s) list", "relação de cliente(s)", "身[份分]證 副本", "staff * payroll")
PATTERNS = ("[A-Z]{2}-[0-9]{3,6}", r"\p{Han}{2,4}先生", "(MO|HK) ?[0-9]{4}", r"[\w.]{1,20}@corp")
REACH = (201, 160)
ONE = frozenset({1})

SAMPLES = st.sampled_from(
    (
        *(
            "客戶名單",
            "顾客的资料",
            "客戶_各分店_名單",
            "clients list",
            "Client_List",
            "CLIENTLIST",
            "RELAÇÃO DE CLIENTES",
        ),
        *("relacao de cliente", "relac\u0327a\u0303o de clientes", "身分證副本", "身份证 副本", "staff of all payroll"),
        *("AB-123456", "李大文先生", "MO1234", "hk 1234", "chan.tm@corp"),
    )
)
NOISE = st.text(st.sampled_from("的了 ab\n，.客名C身\ud800🙂é"), max_size=40)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NOISE, SAMPLES), max_size=4), NOISE)
def test_whatever_is_found_lies_in_a_stretch(pieces: list[tuple[str, str]], after: str) -> None:
    text = "".join(noise + sample for noise, sample in pieces) + after
    finds = {number: Phrases([line]) for number, line in enumerate(LINES)}
    expressions = {number: [(one, False) for one in triggers([line])] for number, line in enumerate(LINES)}
    made = {100 + number: checked(source) for number, source in enumerate(PATTERNS)}
    expressions |= {number: [(pattern.source, False)] for number, pattern in made.items()}
    stretches = list(Sieve(expressions, *REACH).stretches(text, frozenset(expressions)))
    plain = normalise(text)
    view = View(text, 0).then(plain)
    places = [
        (number, *view.trace(one.start, one.end)[:2]) for number, what in finds.items() for one in what.find(plain.text)
    ]
    places += [
        (number, *view.trace(*span)[:2]) for number, pattern in made.items() for span in pattern.find(plain.text)
    ]
    for number, start, end in places:
        assert any(one.start <= start and end <= one.end and number in one.numbers for one in stretches), text[
            start:end
        ]


def test_clean_text_has_no_stretch() -> None:
    assert list(Sieve({1: [("AB-[0-9]{3}", False)]}, *REACH).stretches("無關的文字。" * 1000, ONE)) == []


def test_long_stretches_are_cut_and_overlap() -> None:
    text = "AB-123 " * 3000
    stretches = list(Sieve({1: [("AB-[0-9]{3}", False)]}, *REACH).stretches(text, ONE))
    assert stretches[0].start == 0
    assert stretches[-1].end == len(text)
    assert all(after.start == before.end - sum(REACH) for before, after in pairwise(stretches))
    assert max(one.end - one.start for one in stretches) <= MOST + sum(REACH)


def test_too_many_matches_make_all_of_a_text_worth_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cerco.scan.sieve._FULL", 3)
    text = "." * 900 + "AB-123 AB-234 AB-345 AB-456" + "." * 900
    [stretch] = Sieve({1: [("AB-[0-9]{3}", False)]}, *REACH).stretches(text, ONE)
    assert (stretch.start, stretch.end) == (0, len(text))


def test_what_the_automaton_cannot_take_is_looked_for_everywhere() -> None:
    sieve = Sieve({1: [("(?<=x)y", False)], 2: [("AB-[0-9]{3}", False)]}, *REACH)
    stretches = list(sieve.stretches("." * 1000, frozenset({1, 2})))
    assert [(one.start, one.end, one.numbers) for one in stretches] == [(0, 1000, frozenset({1}))]


def test_only_what_is_wanted_counts() -> None:
    sieve = Sieve({1: [("AB-[0-9]{3}", False)], 2: [("CD-[0-9]{3}", False)]}, *REACH)
    assert [one.numbers for one in sieve.stretches("AB-123 CD-123", ONE)] == [ONE]


def test_says_what_may_be_found_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    sieve = Sieve({1: [("AB-[0-9]{3}", False)], 2: [("cd-[0-9]{3}", True)], 3: [("(?<=x)y", False)]}, *REACH)
    assert sieve.present("nothing") == {3}
    assert sieve.present("AB-123 CD-123 " * 50_000) == {1, 2, 3}
    assert Sieve({}).present("AB-123") == frozenset()
