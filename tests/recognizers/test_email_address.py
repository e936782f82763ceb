import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.email_address import EmailAddressRecognizer
from tests.recognizers.finding import found

RECOGNIZER = EmailAddressRecognizer()


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        pytest.param("chan@umac.mo", "chan@umac.mo", "address", id="plain"),
        pytest.param("電郵chan@umac.mo或致電", "chan@umac.mo", "address", id="glued to Han on both sides"),
        pytest.param("email是a@b.mo", "a@b.mo", "address", id="short"),
        pytest.param("chan.tai-man_2+x@mail.um.edu.mo.", "chan.tai-man_2+x@mail.um.edu.mo", "address", id="all marks"),
        pytest.param("CHAN@UMAC.MO", "CHAN@UMAC.MO", "address", id="capitals"),
        pytest.param("ｃｈａｎ＠ｕｍａｃ．ｍｏ", "ｃｈａｎ＠ｕｍａｃ．ｍｏ", "address", id="full width"),
        pytest.param("joão.silva@gmail.com", "joão.silva@gmail.com", "address", id="accents"),
        pytest.param("'o'brien@example.ie'", "o'brien@example.ie", "address", id="apostrophe"),
        pytest.param("<chan@umac.mo>", "chan@umac.mo", "address", id="angle brackets"),
        pytest.param("mailto:chan@umac.mo?subject=x", "chan@umac.mo", "address", id="link"),
        pytest.param("?email=chan@umac.mo&x=1", "chan@umac.mo", "address", id="parameter of a URL"),
        pytest.param("...chan@umac.mo", "chan@umac.mo", "address", id="dots before"),
        pytest.param("chan@163.com", "chan@163.com", "address", id="digits for a domain"),
        pytest.param("chan@umac.mo。謝謝", "chan@umac.mo", "address", id="a sentence behind"),
        pytest.param("chan@umac.mo.Please", "chan@umac.mo", "address", id="a sentence without a space behind"),
        pytest.param("chan@umac.mo.pdf", "chan@umac.mo", "address", id="a file named by it"),
        pytest.param("chan@umac。mo", "chan@umac。mo", "address", id="ideographic full stop"),
        pytest.param("chan@例子.公司", "chan@例子.公司", "address", id="domain in Han"),
        pytest.param("chan@澳門.澳門網站", "chan@澳門.澳門", "address", id="domain in Han, Han behind"),
        pytest.param("chan@xn--fsqu00a.xn--55qx5d", "chan@xn--fsqu00a.xn--55qx5d", "address", id="domain in Punycode"),
        pytest.param("chan@example.zzz", "chan@example.zzz", "unknown-domain", id="domain we have never heard of"),
        pytest.param("chan@company.local", "chan@company.local", "internal-domain", id="domain of an office"),
        pytest.param("info@umac.mo", "info@umac.mo", "role", id="an office's"),
        pytest.param("HR.2@umac.mo", "HR.2@umac.mo", "role", id="a department's"),
        pytest.param("no-reply@umac.mo", "no-reply@umac.mo", "unattended", id="nobody's"),
        pytest.param("name (at) domain.com", "name (at) domain.com", "disguised", id="at in brackets"),
        pytest.param("name [at] domain [dot] com", "name [at] domain [dot] com", "disguised", id="dot in brackets too"),
        pytest.param("nome(arroba)dominio(ponto)com", "nome(arroba)dominio(ponto)com", "disguised", id="pt"),
        pytest.param("chan@umac[.]mo", "chan@umac[.]mo", "disguised", id="defanged"),
        pytest.param("chan at umac dot mo", "chan at umac dot mo", "spelled", id="spelled out"),
        pytest.param("chan @ umac.mo", "chan @ umac.mo", "spaced", id="spaces"),
    ],
)
def test_finds(text: str, value: str, shape: str) -> None:
    assert found(RECOGNIZER, text) == [(value, shape)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("icon@2x.png", id="picture for a sharp screen"),
        pytest.param("sprite@2x.min.png", id="the same, longer"),
        pytest.param("lodash@4.17.21", id="version of a package"),
        pytest.param("vue@next.js", id="file of a package"),
        pytest.param("npm install @babel/core", id="scope of a package"),
        pytest.param("@app.route('/')", id="decorator"),
        pytest.param("@陳大文 請跟進", id="somebody addressed in a chat"),
        pytest.param("git@github.com:org/repo.git", id="remote repository"),
        pytest.param("scp a.txt chan@host.mo:/tmp/x", id="file copied to a host"),
        pytest.param("https://user:secret@host.com/x", id="login in a URL"),
        pytest.param("user@localhost", id="local host"),
        pytest.param("chan@umac", id="no domain"),
        pytest.param("chan@umac.m", id="one letter"),
        pytest.param("chan@10.0.0.1", id="address of a host"),
        pytest.param("W @ x.T", id="product of matrices"),
        pytest.param("via @bbc.com", id="handle"),
        pytest.param("look at example.com", id="at, the word"),
        pytest.param("meet at noon", id="at, the word, again"),
        pytest.param("5 apples @ 3.50", id="price"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(RECOGNIZER, text) == []


def test_finds_each_of_a_list() -> None:
    assert found(RECOGNIZER, "a@b.com,c@d.org;e@f.mo") == [
        (each, "address") for each in ("a@b.com", "c@d.org", "e@f.mo")
    ]


def test_an_office_is_worth_less_than_a_person() -> None:
    scores = {shape.name: shape.alone for shape in RECOGNIZER.SHAPES}
    assert scores["unattended"] < scores["role"] < 0.6 < scores["address"]


@given(
    name=st.from_regex(r"[a-z]{3,12}[._+-]?[a-z0-9]{5,9}", fullmatch=True),
    domain=st.from_regex(r"[a-z]{5,12}", fullmatch=True),
    top=st.sampled_from(["com", "mo", "com.hk", "gov.mo", "com.cn", "pt", "net"]),
    at=st.sampled_from(["@", "＠", " (at) ", "[at]"]),
    around=st.sampled_from([("", ""), ("電郵", "。"), ("E-mail: ", ","), ("<", ">"), ("請寄", "收")]),
)
def test_every_address_is_found(name: str, domain: str, top: str, at: str, around: tuple[str, str]) -> None:
    address = f"{name}{at}{domain}.{top}"
    assert [value for value, _ in found(RECOGNIZER, around[0] + address + around[1])] == [address]


@given(st.text("ab1.@-_ (at)[dot] ，。例公司:/", max_size=80))
def test_nothing_is_found_without_a_trigger(text: str) -> None:
    for value, _ in found(RECOGNIZER, text):
        assert value in text
