import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from cerco.dingtalk.outbound import Channel, Outbound, Role, Wire

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

OAPI = "POST oapi.dingtalk.com"
API = "POST api.dingtalk.com"
FORM = "application/x-www-form-urlencoded"
MARK = "標記-客戶名單"
MULTIPART = b'--b\nContent-Disposition: form-data; name="x"\n\n1234567(8)\n--b--'
IN_JSON = json.dumps({"a": json.dumps({"b": json.dumps(["1234567(8)"])})}).encode()
QUOTED = json.dumps({"a": 'see {"b": "\\u0031234567(8)"} above'}).encode()


def texts(outbound: Outbound, role: Role | None = None) -> dict[str, str]:
    return {
        part.place: part.content
        for part in outbound.parts
        if isinstance(part.content, str) and (role is None or part.role is role)
    }


def said(outbound: Outbound) -> str:
    return "\0".join(part.content for part in outbound.parts if isinstance(part.content, str))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b'{"text": {"content": "1234567(8)"', "application/json", id="json-cut-short"),
        pytest.param(b"{'text': '1234567(8)'}", "application/json", id="json-in-another-dialect"),
        pytest.param(b'{"text": "1234567(8)"} {}', "text/plain", id="json-and-more"),
        pytest.param(b"1234567(8)", FORM, id="form-without-fields"),
        pytest.param(b"1234567(8)", "multipart/form-data", id="multipart-without-boundary"),
        pytest.param(b"1234567(8)", "multipart/form-data; boundary=b", id="multipart-without-sections"),
        pytest.param(b"--b\r\n\r\n1234567(8)\r\n", "multipart/form-data; boundary=b", id="multipart-without-end"),
        pytest.param(
            b"--b\r\n\r\nx\r\n--b--\r\n1234567(8)", "multipart/form-data; boundary=b", id="multipart-with-more"
        ),
        pytest.param(b'{"a": "1234567(8) \xff"}', "application/json", id="json-not-utf-8"),
        pytest.param(b'{"a":' * 100 + b'"1234567(8)"' + b"}" * 100, "application/json", id="json-too-deep"),
        pytest.param(b"[" * 200_000 + b'"1234567(8)', "application/json", id="json-beyond-any-parser"),
        pytest.param(b'["1234567(8)"' + b",1" * 250_001 + b"]", "application/json", id="json-with-too-many-values"),
    ],
)
def test_a_body_that_is_not_what_it_claims_is_read_as_text_and_reported(
    send: Send, read: Read, body: bytes, kind: str
) -> None:
    outbound = read(send(f"{OAPI}/robot/send", body, kind))
    assert "1234567(8)" in said(outbound)
    assert outbound.malformed


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b'{"a": "1234567(8)"}', FORM, id="json-called-form"),
        pytest.param(b'{"a": "1234567(8)"}', "application/octet-stream", id="json-called-bytes"),
        pytest.param(b"a=1234567%288%29", "application/octet-stream", id="form-called-bytes"),
        pytest.param(b"1234567(8)", "application/octet-stream", id="text-called-bytes"),
        pytest.param(b"[note] 1234567(8)", "text/plain", id="text-like-an-array"),
        pytest.param(MULTIPART, "text/plain", id="multipart-called-text"),
        pytest.param('{"a": "1234567(8)"}'.encode("utf-16"), "application/json", id="utf-16"),
        pytest.param('{"a": "1234567(8)"}'.encode("utf-16-le"), "application/json", id="utf-16-without-mark"),
        pytest.param('{"a": "1234567(8)"}'.encode("utf-8-sig"), "application/json", id="utf-8-with-mark"),
        pytest.param('{"證": "1234567(8)"}'.encode("big5hkscs"), "application/json; charset=Big5", id="big5-declared"),
        pytest.param(b'{"a": "", "a": "1234567(8)", "a": ""}', "application/json", id="duplicate-names"),
        pytest.param(b'{"a": NaN, "b": "1234567(8)"}', "application/json", id="not-a-number"),
        pytest.param(b'{"1234567(8)": true}', "application/json", id="in-a-field-name"),
        pytest.param(b"1234567%288%29=true", FORM, id="in-a-form-name"),
        pytest.param(IN_JSON, "application/json", id="json-in-json-in-json"),
        pytest.param(QUOTED, "application/json", id="json-quoted-in-text"),
        pytest.param(b'{"a": "\\u0031\\u0032\\u0033\\u0034567(8)"}', "application/json", id="escaped"),
        pytest.param(b'{"a": "x?q=%31%32%33%34%35%36%37%288%29"}', "application/json", id="percent-encoded"),
        pytest.param(b'{"a": "&#49;&#x32;34567&lpar;8&rpar;"}', "application/json", id="html-entities"),
    ],
)
def test_disguise_does_not_hide_a_number(send: Send, read: Read, body: bytes, kind: str) -> None:
    outbound = read(send(f"{OAPI}/robot/send", body, kind))
    assert "1234567(8)" in said(outbound)
    assert not outbound.malformed


@pytest.mark.parametrize("charset", ["big5hkscs", "gb18030"])
def test_a_regional_character_set_hides_nothing(send: Send, read: Read, charset: str) -> None:
    raw = "客戶名單".encode(charset)
    for body, kind in (
        (b"a=" + quote(raw).encode(), FORM),
        (b'{"a": "' + raw + b'"}', "application/json"),
        (raw, "text/plain"),
    ):
        assert "客戶名單" in said(read(send(f"{OAPI}/robot/send", body, kind)))


@pytest.mark.parametrize("raw", ["12345678", "1.2345678e7", "1.2345678E+7", "123456780e-1"])
def test_a_number_is_read_even_where_it_is_no_string(send: Send, read: Read, raw: str) -> None:
    outbound = read(send(f"{API}/v1.0/x", f'{{"account": {raw}}}'.encode()))
    assert "12345678" in said(outbound)


def test_a_short_number_is_no_part(send: Send, read: Read) -> None:
    assert read(send(f"{API}/v1.0/x", {"a": 123456, "b": True, "c": None})).parts == ()


@pytest.mark.parametrize(
    "body",
    [
        {"身份證號碼": "12345678"},
        {"身份證號碼": 12345678},
        {"name": "身份證號碼", "value": "12345678"},
        {"key": "身份證號碼", "content": "12345678"},
    ],
    ids=["named", "named-number", "name-value", "key-content"],
)
def test_a_label_beside_a_value_is_read_with_it(send: Send, read: Read, body: object) -> None:
    assert "身份證號碼：12345678" in said(read(send(f"{API}/v1.0/x", body))).split("\0")


def test_a_binary_body_on_any_host_is_a_file(send: Send, read: Read) -> None:
    outbound = read(send("POST im.dingtalk.com/x", b"\x89PNG\r\n\x1a\n\x00"))
    assert [(part.role, part.place) for part in outbound.parts] == [(Role.FILE, "body")]
    assert outbound.operation == "generic"
    assert outbound.channel is Channel.OTHER


def test_words_of_the_sender_in_headers_are_read(send: Send, read: Read) -> None:
    wire = send(
        "PUT zjk.trans.dingtalk.com/k",
        b"x",
        x_oss_meta_owner=quote(MARK),
        x_oss_callback="eyJhIjogIjEyMzQ1NjcoOCkifQ==",
        Content_Disposition="attachment; filename=客戶.xlsx",
        Authorization="OSS ak:1234567890",
    )
    outbound = read(wire)
    assert texts(outbound)["header x-oss-meta-owner (unescaped)"] == MARK
    assert texts(outbound)["header x-oss-callback > a"] == "1234567(8)"
    assert "客戶.xlsx" in texts(outbound, Role.FILENAME)["header content-disposition"]
    assert "1234567890" not in said(outbound)


def test_a_body_beyond_the_limit_is_read_up_to_it_and_reported(send: Send, read: Read) -> None:
    outbound = read(send(f"{OAPI}/x", b"a" * 100 + MARK.encode(), "text/plain"), limit=50)
    assert outbound.malformed == ("body",)
    assert texts(outbound)["body"] == "a" * 50
