"""Rich text: every group is read, in the encoding it is in, and none of its numbers falls apart."""

import pytest

from cerco.extract.read import read
from cerco.extract.text import Text, Unreadable

NEEDLE = "5123456(7)"


def texts(body: str | bytes) -> dict[str, str]:
    body = body.encode("latin-1") if isinstance(body, str) else body
    items = list(read(b"{\\rtf1\\ansi\\ansicpg950 " + body + b"}", "a"))
    assert not [item for item in items if isinstance(item, Unreadable)]
    texts = (item for item in items if isinstance(item, Text) and item.role != "header")
    return {text.place.removeprefix("a > "): text.content for text in texts}


@pytest.mark.parametrize(
    ("body", "place", "text"),
    [
        pytest.param("512\\b 345\\b0 6(7)", "body", NEEDLE, id="runs"),
        pytest.param("{512}{\\i 3456}{(7)}", "body", NEEDLE, id="groups"),
        pytest.param("512\\~3456(7)", "body", "512 3456(7)", id="hard-space"),
        pytest.param("5123\\-456(7)", "body", NEEDLE, id="soft-hyphen"),
        pytest.param("\\'a8\\'ad \\u20221?", "body", "身 份", id="bytes-and-unicode"),
        pytest.param("\\uc0\\u36523\\u20221", "body", "身份", id="unicode-without-replacement"),
        pytest.param("\\uc2\\u36523??\\u20221\\'3f\\'3f!", "body", "身份!", id="unicode-with-two"),
        pytest.param("\\u-10179?\\u-8704?", "body", "😀", id="two-halves"),
        pytest.param("{\\header 5123456(7)}x", "header", NEEDLE, id="header"),
        pytest.param("{\\*\\footnote 5123456(7)}x", "footnotes", NEEDLE, id="footnote"),
        pytest.param("{\\*\\annotation 5123456(7)}x", "comments", NEEDLE, id="comment"),
        pytest.param("{\\info{\\title 5123456(7)}{\\author x}}x", "properties (title)", NEEDLE, id="title"),
        pytest.param("{\\info{\\author 5123}{\\manager 456(7)}}x", "properties", "5123\n456(7)", id="properties-apart"),
        pytest.param("{\\*\\whatever 5123456(7)}x", "other text", NEEDLE, id="unknown-destination"),
        pytest.param("{\\fonttbl{\\f0 5123456(7);}}x", "names", f"{NEEDLE};", id="font-name"),
        pytest.param(
            "{\\field{\\*\\fldinst HYPERLINK 5123456(7)}{\\fldrslt x}}", "fields", f"HYPERLINK {NEEDLE}", id="field"
        ),
        pytest.param("{\\shp{\\*\\shpinst{\\shptxt 5123456(7)}}}x", "text boxes", NEEDLE, id="text-box"),
        pytest.param("512{\\v xx}3456(7)", "body", NEEDLE, id="around-hidden-text"),
        pytest.param("x{\\v 5123456(7)}", "body (with hidden text)", f"x{NEEDLE}", id="hidden-text"),
        pytest.param("x{\\deleted 5123456(7)}", "body (before changes)", f"x{NEEDLE}", id="deleted"),
        pytest.param("512{\\deleted 9}{\\revised 3}456(7)", "body", NEEDLE, id="corrected"),
        pytest.param("a\\cell b\\cell\\row c", "body", "a\tb\t\nc", id="cells"),
        pytest.param("\\bin4 }}}}5123456(7)", "body", NEEDLE, id="binary"),
        pytest.param("5123456(7", "body", "5123456(7", id="open-end"),
        pytest.param("\\'5123456(7)", "body", "Q23456(7)", id="a-byte-that-is-a-letter"),
    ],
)
def test_rich_text(body: str, place: str, text: str) -> None:
    assert texts(body)[place] == text


def test_fonts_say_which_encoding_their_text_is_in() -> None:
    body = b"{\\fonttbl{\\f1\\fcharset134 SimSun;}{\\f2\\fcharset136 MingLiU;}}"
    for font, codec, word in ((1, "gb18030", "身份证"), (2, "big5", "身份證")):
        escaped = "".join(f"\\'{byte:02x}" for byte in word.encode(codec))
        assert texts(body + f"\\f{font} {escaped}".encode())["body"] == word


def test_an_embedded_file_is_opened() -> None:
    content = f"<a>{NEEDLE}</a>".encode()
    head = b"\x01\x05\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00x\x00" + b"\x00" * 8 + len(content).to_bytes(4, "little")
    data = (head + content).hex()
    found = texts(f"{{\\object{{\\*\\objdata {data[:40]}\r\n{data[40:]}}}{{\\result x}}}}")
    assert NEEDLE in found["embedded object 1 > text"]
