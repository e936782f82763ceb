"""What the benchmark scripts read and make; their timings and figures are not tested."""

import gzip
from random import Random

import pytest

from benchmarks import clean_corpora, english_sentences
from cerco.bench.rows import Found, Label


class TestReaders:
    """Each kind of file becomes the text a person would read."""

    def test_pages(self) -> None:
        page = (
            "<head><style>p{}</style></head><p>第一&#27573;<b>粗</b></p><script>x(12345678)</script><td>A &amp; B</td>"
        )
        assert clean_corpora.pages(page.encode()).split() == ["第一段粗", "A", "&", "B"]

    def test_manual(self) -> None:
        source = '.TH LS 1\n.\\" 12345678\n\\fB\\-a\\fR shows all\n\'\\" t\nplain'
        assert clean_corpora.manual(gzip.compress(source.encode())).split("\n") == ["-a shows all", "plain"]

    def test_talk(self) -> None:
        source = "@Begin\n*XXA:\t你 揾工 成 點\n\t啊 , okay 喇 ?\n%mor:\tr|nei5\n*XXB:\tyes no\n"
        assert clean_corpora.talk(source.encode()).split("\n") == ["你揾工成點啊, okay喇?", "yes no"]

    def test_sentences(self) -> None:
        assert clean_corpora.sentences('["一", "二"]'.encode()) == "一\n二"


def test_documents_know_the_line_they_begin_on() -> None:
    lines = [f"line {number} " + "x" * 500 for number in range(1, 51)]
    parts = [*clean_corpora.documents("\n".join(lines) + "\n")]
    assert len(parts) > 2
    assert [line for _, part in parts for line in part.split("\n")] == lines
    for first, part in parts:
        assert part.startswith(f"line {first} ")


def test_sources_are_told_apart_in_the_cache() -> None:
    cached = [source.cached for source in clean_corpora.SOURCES]
    assert len(cached) == len(set(cached))
    assert set(clean_corpora.ENOUGH) <= {source.language for source in clean_corpora.SOURCES}


def test_a_package_that_cannot_be_had_says_why() -> None:
    source = clean_corpora.Source("no-such-package-as-this", "en", "-", ".")
    with pytest.raises(clean_corpora.CorpusError):
        clean_corpora.fetch(source)


def test_english_sentences_are_labelled_where_their_values_stand() -> None:
    rows = [*english_sentences.rows(400, Random(1))]
    assert len({row.text for row in rows}) > 300
    for row in rows:
        assert "{" not in row.text
        assert "}" not in row.text
        assert row.negative == all(label.optional for label in row.labels)
        for label in row.labels:
            value = row.text[label.start : label.end]
            assert value.strip() == value
            if label.entity == "EMAIL_ADDRESS":
                assert "@" in value
            if label.also:
                assert row.text[label.also[0] : label.also[1]] in english_sentences.CITIES
    assert {label.entity for row in rows for label in row.labels} == set(english_sentences.SHARED)
    assert 80 <= sum(row.negative for row in rows) <= 120


def test_english_cards_and_accounts_pass_their_checks() -> None:
    stdnum = pytest.importorskip("stdnum")
    assert stdnum
    import stdnum.iban
    import stdnum.luhn

    rng = Random(2)
    assert all(stdnum.luhn.is_valid("".join(c for c in english_sentences.card(rng) if c.isdigit())) for _ in range(50))
    assert all(stdnum.iban.is_valid(english_sentences.iban(rng)) for _ in range(50))


def test_only_shared_entities_at_the_threshold_act() -> None:
    found = (Found("PERSON", 0, 3, 0.85), Found("PERSON", 4, 6, 0.3), Found("DATE_TIME", 7, 9, 0.85))
    assert english_sentences.acting(found, 0.4) == found[:1]
    assert Label("PERSON", 0, 3).optional is False


def test_throughput_reads_every_character_once() -> None:
    text_throughput = pytest.importorskip("benchmarks.text_throughput", reason="needs: pip install --group bench")
    text = text_throughput.office(300_000, Random(3), 1 / 15)
    parts = text_throughput.documents(text)
    assert "".join(parts) == text
    assert len(parts) == 5
    assert all(len(part.encode()) < 2 * text_throughput.DOCUMENT for part in parts)
    scan, holds = text_throughput.bare()
    assert scan("身份證 1234567(8)") > scan("今日開會")
    assert "shapes" in holds
