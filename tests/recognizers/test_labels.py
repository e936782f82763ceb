import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizers.folding import fold
from recognizers.labels import Kind, _spread, labels
from recognizers.other_words import OTHER_WORDS
from recognizers.words import WORDS


def kinds(text: str) -> list[Kind]:
    return [label.kind for label in labels(fold(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("身份證號碼", [Kind.ID_CARD], id="zh-Hant"),
        pytest.param("身分証", [Kind.ID_CARD], id="variants"),
        pytest.param("证件号码", [Kind.IDENTITY], id="zh-Hans"),
        pytest.param("n.º do BIR:", [Kind.ID_CARD], id="pt"),
        pytest.param("Cartao de Credito", [Kind.CARD], id="without accents"),
        pytest.param("id_card_no", [Kind.ID_CARD], id="column name"),
        pytest.param("銀行帳號", [Kind.ACCOUNT], id="longest first"),
        pytest.param("order ID", [Kind.OTHER], id="an order's ID"),
        pytest.param("Steam ID", [Kind.OTHER], id="some thing's ID"),
        pytest.param("my ID", [Kind.IDENTITY], id="a person's ID"),
        pytest.param("客人ID", [Kind.PERSON, Kind.IDENTITY], id="a person's ID in Chinese"),
        pytest.param("設備ID", [Kind.OTHER], id="a device's ID in Chinese"),
        pytest.param("conta de água", [Kind.OTHER], id="a water bill"),
        pytest.param("外地勞工證號", [Kind.WORKER_ID], id="a document's name goes on"),
        pytest.param("non-resident worker's ID card no.", [Kind.WORKER_ID], id="and in English"),
        pytest.param("passport, ID no.", [Kind.PASSPORT, Kind.ID_CARD], id="two documents"),
        pytest.param("Doc type: EEP\nDoc no.: C", [Kind.PERMIT, Kind.PERMIT], id="a document's type, and its number"),
        pytest.param("EEP holders. See the doc no.", [Kind.PERMIT, Kind.OTHER], id="a document of its own"),
        pytest.param("permit no.", [Kind.SOME_PERMIT], id="to build or to travel"),
        pytest.param("check ID 1", [Kind.IDENTITY], id="a verb before"),
        pytest.param("Fernando Lei, 6", [], id="a surname that is a word for law"),
        pytest.param("Lei n.º 8/2005", [Kind.LAW], id="a law"),
        pytest.param("Lam Pan Chi", [], id="a surname that is a word for a card's number"),
        pytest.param("PAN: 4111", [Kind.CARD], id="a card's number"),
        pytest.param("ppt slides, HP printer", [], id="abbreviations of other things"),
        pytest.param("ppt E1234, hp 6612", [Kind.PASSPORT, Kind.PHONE], id="abbreviations before a number"),
        pytest.param("you can reach Ann at 6612", [Kind.PHONE], id="somebody to be reached"),
        pytest.param("within reach, a ring", [], id="words that are not about telephones"),
        pytest.param("paid birthplace discarded", [], id="inside words"),
        pytest.param("28531234", [], id="country code inside a number"),
        pytest.param("+853 6612", [Kind.PHONE], id="country code"),
    ],
)
def test_kinds(text: str, expected: list[Kind]) -> None:
    assert kinds(text) == expected


def test_every_kind_has_words() -> None:
    assert {kind.value for kind in Kind} == {*WORDS, *OTHER_WORDS}
    assert not WORDS.keys() & OTHER_WORDS.keys()


def test_no_word_stands_in_two_kinds() -> None:
    kinds_of: dict[str, set[str]] = {}
    for kind, words in {**WORDS, **OTHER_WORDS}.items():
        for word in _spread(entry.strip() for entry in words.split(",")):
            kinds_of.setdefault(fold(word).strip(), set()).add(kind)
    assert {word: kinds for word, kinds in kinds_of.items() if len(kinds) > 1} == {}


def test_no_word_is_empty_or_a_single_character() -> None:
    words = [entry.strip() for text in {**WORDS, **OTHER_WORDS}.values() for entry in text.split(",")]
    assert [word for word in words if len(word) < 2 and (not word or word.isalnum())] == []  # a picture says enough


def test_no_word_is_longer_than_what_is_read_before_a_number() -> None:
    assert [
        word for text in {**WORDS, **OTHER_WORDS}.values() for word in text.split(",") if len(word.strip()) > 38
    ] == []


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_places_are_true_of_any_text(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    for label in labels(folded):
        assert folded[label.start : label.end].startswith(fold(label.word))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("Macau ID card no. 12345678", [Kind.ID_CARD], id="what a document is called, and a bare card no"),
        pytest.param("resident ID card number", [Kind.ID_CARD], id="written out"),
        pytest.param("身份證卡號", [Kind.ID_CARD], id="zh"),
        pytest.param("Macau ID, card no. 4111", [Kind.ID_CARD, Kind.CARD], id="a list of two"),
        pytest.param("Macau ID bank card", [Kind.ID_CARD, Kind.CARD], id="a card of its own"),
        pytest.param("bank account card no", [Kind.ACCOUNT, Kind.CARD], id="an account's card"),
    ],
)
def test_a_bare_card_goes_on_from_the_document_before_it(text: str, kinds: list[Kind]) -> None:
    assert [label.kind for label in labels(fold(text))] == kinds
