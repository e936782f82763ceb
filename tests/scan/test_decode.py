import base64
import quopri
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.scan.decode import DEPTH, decoded
from cerco.scan.normalise import View


def read(text: str) -> View:
    view = View(text, 0)
    for layer in decoded(text):
        view = view.then(layer)
    return view


def octets(text: str) -> list[str]:
    return [f"{octet:02x}" for octet in text.encode()]


CODES: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 of GB 18030": lambda text: base64.b64encode(text.encode("gb18030")).decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: "".join(octets(text)),
    "hex, spaced": lambda text: " ".join(octets(text)),
    "hex of C": lambda text: ", ".join(f"0x{pair}" for pair in octets(text)),
    "escapes of bytes": lambda text: "".join(f"\\x{pair}" for pair in octets(text)),
    "URL": lambda text: "".join(f"%{pair.upper()}" for pair in octets(text)),
    "URL, as browsers do": quote,
    "quoted-printable": lambda text: "".join(f"={pair.upper()}" for pair in octets(text)),
    "quoted-printable, as mail does": lambda text: quopri.encodestring(text.encode()).decode(),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "entities in hex": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "JSON": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "Unicode's notation": lambda text: " ".join(f"U+{ord(char):04X}" for char in text),
}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("text", ["身份證1234567(8)", "1234567(8)", "12345678", "BIR 5/123456/7, conta 9012345678"])
def test_reads_what_is_coded(code: str, text: str) -> None:
    coded = CODES[code](text)
    assert text in read(f"附件 {coded} 謝謝").text.replace("\n", "")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(CODES)),
    st.text(st.sampled_from("0123456789"), min_size=8, max_size=16),
    st.text(st.sampled_from("的是我, \n"), max_size=20),
)
def test_points_at_the_original_characters(code: str, number: str, around: str) -> None:
    coded = CODES[code](f"號碼{number}")
    view = read(f"{around} {coded} {around}")
    start = view.text.find(number)
    assert start >= 0
    begin, end, steps = view.trace(start, start + len(number))
    assert len(around) < begin < end <= len(around) + 1 + len(coded)
    assert steps or code in {"URL, as browsers do", "quoted-printable, as mail does"}


def test_all_of_a_coded_word_is_pointed_at_where_it_holds_nothing_else() -> None:
    view = read("x MTIzNDU2Nyg4KQ== y")
    assert view.trace(2, 12)[:2] == (2, 18)


@pytest.mark.parametrize("outer", ["base64", "hex", "URL", "JSON"])
@pytest.mark.parametrize("inner", ["base64", "base32", "URL", "entities", "JSON"])
def test_reads_codes_within_codes(outer: str, inner: str) -> None:
    assert "身份證12345678" in read(CODES[outer](CODES[inner]("身份證12345678"))).text


def test_goes_only_so_deep() -> None:
    text = "身份證12345678"
    for _ in range(DEPTH + 1):
        text = CODES["base64"](text)
    assert "12345678" not in read(text).text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("internationalization of electroencephalographs", id="long words"),
        pytest.param("order 12345678901234567890, ref ABCDEFGH12345678", id="numbers and codes"),
        pytest.param("commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", id="a hash"),
        pytest.param("https://example.mo/a?b=12&id=31234567&c=dd", id="arguments of an address"),
        pytest.param("50% off, 100%de desconto", id="per cent"),
        pytest.param("AT&T; R&D & co", id="ampersands"),
        pytest.param("C:\\users\\x\\documents", id="a path"),
        pytest.param("各位同事早晨", id="Chinese"),
        pytest.param("550e8400-e29b-41d4-a716-446655440000", id="a UUID"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert list(decoded(text)) == []


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters() | st.sampled_from("%=&#;\\uxU+0123456789abcdefABCDEF\r\n"), max_size=120))
def test_reads_anything_and_raises_nothing(text: str) -> None:
    view = read(text)
    for at in range(len(view.text)):
        start, end, _ = view.trace(at, at + 1)
        assert 0 <= start < end <= len(text)
