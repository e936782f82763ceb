"""Bodies that are not what they claim: read as they stand, and said to be malformed where anything is unsure."""

import json
from collections.abc import Callable

import pytest

from cerco.dingtalk.held import chunks
from cerco.dingtalk.outbound import Outbound, Wire

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

ID = "1234567(8)"
NAME = "客戶名單"
SEND = "POST oapi.dingtalk.com/robot/send"
CARD = "POST api.dingtalk.com/v1.0/card/instances"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
DEEP = "[" * 200 + json.dumps(ID) + "]" * 200
STRINGS = json.dumps(ID)
for _ in range(8):
    STRINGS = json.dumps({"a": STRINGS})


def said(outbound: Outbound) -> str:
    return "\0".join(
        part.content if isinstance(part.content, str) else b"".join(chunks(part.content)).decode("utf-8", "replace")
        for part in outbound.parts
    )


@pytest.mark.parametrize("line", [SEND, CARD, "POST mcp-gw.dingtalk.com/server/s", "PUT im.dingtalk.com/unknown"])
@pytest.mark.parametrize(
    ("body", "kind", "unsure"),
    [
        pytest.param(b'{"text": {"content": "' + ID.encode(), "application/json", True, id="cut-short"),
        pytest.param(b'{"text": {"content": "\\u0031234567(8)"', "application/json", True, id="cut-short-escaped"),
        pytest.param(b'{"text": {"content": "' + ID.encode() + b'"}}}', "application/json", True, id="one-too-many"),
        pytest.param(b"{'text': '" + ID.encode() + b"'}", "application/json", True, id="wrong-quotes"),
        pytest.param(f'{{"a": NaN, "b": "{ID}"}}'.encode(), "application/json", False, id="not-a-number"),
        pytest.param(f'{{"a": "{ID}", "a": "-"}}'.encode(), "application/json", False, id="said-twice-first"),
        pytest.param(f'{{"a": "-", "a": "{ID}"}}'.encode(), "application/json", False, id="said-twice-last"),
        pytest.param(f'{{"a": "\xff {ID}"}}'.encode("latin-1"), "application/json", True, id="not-utf-8"),
        pytest.param(DEEP.encode(), "application/json", True, id="200-levels"),
        pytest.param(f'{{"a": {DEEP}}}'.encode(), "application/json", True, id="200-levels-below"),
        pytest.param(STRINGS.encode(), "application/json", False, id="8-strings-deep"),
        pytest.param(json.dumps({"a": ID}).encode(), "text/plain; charset=nonsense", False, id="no-such-charset"),
        pytest.param(json.dumps({"a": ID}).encode("utf-16"), "application/json", False, id="utf-16"),
        pytest.param(json.dumps({"a": ID}).encode(), MULTIPART, True, id="no-multipart-at-all"),
        pytest.param(f"--c\r\nX: y\r\n\r\n{ID}\r\n--c--".encode(), MULTIPART, True, id="another-boundary"),
        pytest.param(f"--b\r\nX: y\r\n\r\n{ID}".encode(), MULTIPART, True, id="no-last-boundary"),
        pytest.param(f"--b\r\n{ID}\r\n--b--".encode(), MULTIPART, False, id="no-blank-line"),
        pytest.param(f"a={ID}&%zz=%".encode(), FORM, False, id="half-escapes"),
        pytest.param(json.dumps({"a": ID}).encode(), FORM, False, id="json-that-claims-to-be-a-form"),
        pytest.param(f"<a>{ID}</a>".encode(), "application/json", True, id="xml-that-claims-to-be-json"),
        pytest.param(ID.encode(), "image/png", False, id="text-that-claims-to-be-a-picture"),
    ],
)
def test_a_body_that_is_not_what_it_claims_is_read_all_the_same(
    *, read: Read, send: Send, line: str, body: bytes, kind: str, unsure: bool
) -> None:
    outbound = read(send(line, body, kind))
    assert ID in said(outbound)
    assert bool(outbound.malformed) is unsure


@pytest.mark.parametrize("charset", ["gb18030", "big5hkscs"])
@pytest.mark.parametrize("declared", ["application/json", "application/json; charset=utf-8"])
def test_a_body_in_another_character_set_than_it_claims_is_read_in_its_own(
    read: Read, send: Send, charset: str, declared: str
) -> None:
    outbound = read(send(SEND, f'{{"text": {{"content": "{NAME} {ID}"}}}}'.encode(charset), declared))
    assert NAME in said(outbound)
    assert ID in said(outbound)
    assert outbound.malformed


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"lwp": "/r/IDLSend/send", "body": [{"content": {"textContent": {"text": ID}}}]}, id="no-mid"),
        pytest.param({"lwp": "/r/IDLSend/send", "headers": None, "body": ID}, id="no-headers"),
        pytest.param({"lwp": 7, "headers": {"mid": "1 0"}, "body": {"x": ID}}, id="uri-is-a-number"),
        pytest.param({"body": [[[ID]]]}, id="no-uri"),
        pytest.param([{"lwp": "/r/IDLSend/send"}, {"content": ID}], id="a-list-of-frames"),
        pytest.param(json.dumps({"lwp": "/r/IDLSend/send", "body": [ID]}), id="a-frame-in-a-string"),
    ],
)
def test_a_frame_of_the_wrong_shape_is_walked_whole(read: Read, frame: Send, body: object) -> None:
    assert ID in said(read(frame(body)))


@pytest.mark.parametrize(
    "body", [b'{"lwp": "/r/IDLSend/send", "body": ["' + ID.encode(), ID.encode(), b'\xff{"a": "' + ID.encode()]
)
def test_a_frame_that_is_no_json_is_read_as_text(read: Read, frame: Send, body: bytes) -> None:
    outbound = read(frame(body))
    assert ID in said(outbound)
    assert outbound.malformed


def test_a_string_of_fifty_megabytes_is_read_to_its_end(read: Read, send: Send) -> None:
    body = b'{"text": {"content": "' + b"a" * 50_000_000 + ID.encode() + b'"}}'
    outbound = read(send(SEND, body, "application/json"))
    assert any(isinstance(part.content, str) and part.content.endswith(ID) for part in outbound.parts)
    assert not outbound.malformed


@pytest.mark.parametrize("sign", [b"[", b'{"a":', b'["{\\"a\\":', b"%5B", b'"'])
def test_a_million_openings_are_text(read: Read, send: Send, sign: bytes) -> None:
    outbound = read(send(SEND, sign * 200_000 + ID.encode(), "application/json"))
    assert ID in said(outbound)
    assert outbound.malformed
