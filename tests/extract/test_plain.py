"""Text is read in whatever encoding it was written, and only what is text is read as text."""

import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.extract.charset import encodings
from cerco.extract.plain import decoded, heading, pieces, read, unescape
from cerco.extract.source import Budget, Source
from cerco.extract.text import Limits, Text

TRADITIONAL = "客戶名單\n姓名,身份證號碼\n陳大文,5123456(7)\n"
SIMPLIFIED = "客户名单\n姓名,身份证号码\n陈大文,5123456(7)\n"
CANTONESE = "我哋嘅客戶：佢哋喺澳門嘅身份證係5123456(7)\n"
JAPANESE = "お客様の名前とパスポート番号は5123456(7)です\n"
PORTUGUESE = "Relação de clientes\nNome,Número do bilhete\nJoão Conceição,5123456(7)\n"


def texts(data: bytes) -> list[Text]:
    source = Source(data, ("f",), Budget(Limits()))
    return [item for item in read(source, lambda _: iter(())) if isinstance(item, Text)]


@pytest.mark.parametrize(
    ("content", "codec", "place"),
    [
        pytest.param(TRADITIONAL, "utf-8", "f > text", id="utf-8"),
        pytest.param(TRADITIONAL, "utf-8-sig", "f > text", id="utf-8-with-mark"),
        pytest.param(TRADITIONAL, "big5", "f > text (big5hkscs)", id="big5"),
        pytest.param(CANTONESE, "big5hkscs", "f > text (big5hkscs)", id="big5-hkscs"),
        pytest.param(SIMPLIFIED, "gb2312", "f > text (gbk)", id="gb2312"),
        pytest.param(SIMPLIFIED, "gb18030", "f > text (gbk)", id="gb18030"),
        pytest.param(TRADITIONAL, "gb18030", "f > text (gbk)", id="gb18030-traditional"),
        pytest.param(PORTUGUESE, "cp1252", "f > text (cp1252)", id="cp1252"),
        pytest.param(PORTUGUESE, "latin-1", "f > text (cp1252)", id="latin-1"),
        pytest.param(TRADITIONAL, "utf-16", "f > text (utf-16)", id="utf-16-with-mark"),
        pytest.param(TRADITIONAL, "utf-16-le", "f > text (utf-16-le)", id="utf-16-le-without-mark"),
        pytest.param(TRADITIONAL, "utf-16-be", "f > text (utf-16-be)", id="utf-16-be-without-mark"),
        pytest.param(PORTUGUESE, "utf-16-le", "f > text (utf-16-le)", id="utf-16-le-latin"),
        pytest.param("客戶名單資料", "utf-16-le", "f > text (utf-16-le)", id="utf-16-le-han-only"),
        pytest.param(TRADITIONAL, "utf-32", "f > text (utf-32)", id="utf-32-with-mark"),
        pytest.param(TRADITIONAL, "utf-32-le", "f > text (utf-32-le)", id="utf-32-le-without-mark"),
        pytest.param(PORTUGUESE, "utf-32-be", "f > text (utf-32-be)", id="utf-32-be-without-mark"),
        pytest.param(TRADITIONAL, "utf-7", "f > text (utf-7)", id="utf-7"),
        pytest.param("id,n\n" * 5000 + TRADITIONAL, "utf-7", "f > text (utf-7)", id="utf-7-far-down"),
        pytest.param(JAPANESE, "cp932", "f > text (shift_jis)", id="shift-jis"),
        pytest.param("客戶", "big5", "f > text (big5hkscs)", id="two-characters-of-big5"),
        pytest.param("id,n\n" * 5000 + "客戶,1\n", "big5", "f > text (big5hkscs)", id="sparse-big5"),
        pytest.param("id,n\n" * 40_000 + "客户名单,1\n" * 3, "gb18030", "f > text (gbk)", id="sparse-gbk-far-down"),
    ],
)
def test_the_right_reading_is_among_those_given(content: str, codec: str, place: str) -> None:
    assert content in {text.content for text in texts(content.encode(codec)) if text.place == place}


@pytest.mark.parametrize("codec", ["utf-8", "big5hkscs", "gb18030", "utf-16-le"])
def test_what_is_plain_is_read_once(codec: str) -> None:
    content = SIMPLIFIED if codec == "gb18030" else TRADITIONAL
    bodies = [text.content for text in texts(content.encode(codec) * 20) if text.role == "text"]
    assert bodies[0] == content * 20
    assert len(bodies) <= 2


def test_one_broken_byte_does_not_hide_the_text() -> None:
    data = TRADITIONAL.encode() + b"\xff" + TRADITIONAL.encode()
    assert any(TRADITIONAL in text.content for text in texts(data))


def test_a_text_half_in_each_encoding_is_read_in_both() -> None:
    data = (TRADITIONAL * 40).encode("big5") + (SIMPLIFIED * 40).encode("gb18030")
    contents = [text.content for text in texts(data)]
    assert any("客戶名單" in content for content in contents)
    assert any("客户名单" in content for content in contents)


def test_digits_survive_text_nobody_can_place() -> None:
    data = "Привет, номер 5123456(7)".encode("koi8-r")
    assert any("5123456(7)" in text.content for text in texts(data))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(random.Random(1).randbytes(4096), id="random"),  # noqa: S311 - noise, not a secret
        pytest.param(bytes(1000), id="zeros"),
        pytest.param(b"\x7fELF\x02\x01\x01" + bytes(9) + os.urandom(2000), id="program"),
        pytest.param(b"\xff\xfe" + random.Random(2).randbytes(4096), id="random-behind-a-mark"),  # noqa: S311
    ],
)
def test_noise_is_no_text(data: bytes) -> None:
    assert encodings(data) == ()


@pytest.mark.parametrize(
    ("content", "first"),
    [
        pytest.param("\n\n 客戶名單 \nx", "客戶名單", id="first-line-with-words"),
        pytest.param("姓名,電話\n陳,28", "姓名,電話", id="short-row"),
        pytest.param("a" * 100 + ",b\nc,d", "a" * 100 + ",b", id="long-row-of-a-table"),
        pytest.param("a" * 100 + "\nc,d", None, id="long-paragraph"),
        pytest.param("a" * 100 + ",b\nc", None, id="long-sentence-with-a-comma"),
        pytest.param(" \n ", None, id="blank"),
    ],
)
def test_heading(content: str, first: str | None) -> None:
    assert heading(content) == first


def test_escapes_become_characters() -> None:
    assert unescape(r'{"a":"\u8eab\u5206\u8b49 \u0035123456(7) \ud83d\ude00"}') == '{"a":"身分證 5123456(7) 😀"}'


def test_a_lone_surrogate_becomes_a_replacement() -> None:
    assert unescape(r"\ud83d1").encode() == "\ufffd1".encode()


def test_json_is_read_as_written_and_without_escapes() -> None:
    found = {text.place: text.content for text in texts(b'{"id":"\\u0035123456(7)"}')}
    assert found["f > text"] == '{"id":"\\u0035123456(7)"}'
    assert found["f > text without escapes"] == '{"id":"5123456(7)"}'


def test_html_is_read_as_written_and_without_tags() -> None:
    html = b'<p>ID <b>512</b>3456&#40;7)</p><!-- 7654321(0) --><input value="1111111(1)">'
    found = {text.place: text.content for text in texts(html)}
    assert "ID 5123456(7)" in found["f > text without tags"]
    assert "7654321(0)" in found["f > text without tags"]
    assert "1111111(1)" in found["f > text"]


def test_nothing_is_said_of_tags_where_there_are_none() -> None:
    assert [text.place for text in texts(b"1 < 2, x <3\n")] == ["f > header", "f > text"]


@pytest.mark.parametrize(
    "data", [b"a+bcd+efg-", b"q=a+b&r=c+abcd/efg", b"1+1=2 +853 66123456"], ids=["sum", "query", "phone"]
)
def test_a_plus_sign_is_no_utf7(data: bytes) -> None:
    assert encodings(data) == ("utf-8",)


LINES = st.lists(st.text(st.sampled_from("ab1,；客 \n"), max_size=40), max_size=60).map("\n".join)


@given(LINES, st.integers(8, 60), st.integers(1, 7))
def test_pieces_are_the_whole_and_know_where_they_stand(whole: str, size: int, chunk: int) -> None:
    contents = (whole[at : at + chunk] for at in range(0, len(whole), chunk))
    made = list(pieces(contents, "p", size))
    assert "".join(piece.content[piece.lead :] for piece in made) == whole
    at = 0
    for number, piece in enumerate(made):
        assert piece.is_later == (number > 0)
        begin = at - piece.lead
        assert whole.startswith(piece.content, begin)
        assert piece.line == 1 + whole.count("\n", 0, begin)
        at += len(piece.content) - piece.lead


def test_a_piece_is_cut_at_the_end_of_a_line_and_brings_the_first_lines() -> None:
    rows = [f"{number},客戶,5123456(7)\n" for number in range(100)]
    made = list(pieces(iter(["編號,姓名,身份證\n", *rows]), "p", 500))
    assert len(made) > 3
    assert all(piece.content.endswith("\n") for piece in made)
    assert {piece.head.split("\n")[0] for piece in made[1:]} == {"編號,姓名,身份證"}


def test_a_long_line_is_cut_between_words() -> None:
    made = list(pieces(iter(["5123456(7), " * 500]), "p", 1000))
    assert all(piece.content.startswith("5123456(7)") or piece.content[0] == " " for piece in made)


@given(
    LINES,
    st.sampled_from(["utf-8", "big5hkscs", "gb18030", "utf-16-le", "utf-16", "utf-32-be", "utf-7"]),
    st.integers(1, 9),
)
def test_decoding_by_the_piece_loses_nothing(content: str, codec: str, size: int) -> None:
    assert "".join(decoded(content.encode(codec), codec, size)) == content
