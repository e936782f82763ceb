import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.outbound import Outbound, Wire
from cerco.dingtalk.tag import tag

type Read = Callable[..., Outbound]
type Tagged = Callable[..., bytes | None]
type Send = Callable[..., Wire]

LABEL = "🔴【客戶資料】"
OAPI = "POST oapi.dingtalk.com"
API = "POST api.dingtalk.com"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="session")
def tagged(read: Read, endpoints: Endpoints) -> Tagged:
    def make(wire: Wire, label: str = LABEL) -> bytes | None:
        return tag(wire, read(wire), label, endpoints=endpoints)

    return make


@pytest.mark.parametrize(
    ("line", "body", "expected"),
    [
        ("/robot/send", {"text": {"content": "甲"}}, {"text": {"content": f"{LABEL}甲"}}),
        (
            "/robot/send",
            {"markdown": {"title": "甲", "text": "乙"}},
            {"markdown": {"title": f"{LABEL}甲", "text": "乙"}},
        ),
        ("/robot/send", {"markdown": {"text": "乙"}}, {"markdown": {"text": f"{LABEL}乙"}}),
        ("/robot/send", {"link": {"title": "甲", "text": "乙"}}, {"link": {"title": f"{LABEL}甲", "text": "乙"}}),
        (
            "/robot/send",
            {"feedCard": {"links": [{"title": "甲"}, {"title": "乙"}]}},
            {"feedCard": {"links": [{"title": f"{LABEL}甲"}, {"title": f"{LABEL}乙"}]}},
        ),
        (
            "/robot/sendBySession",
            {"actionCard": {"title": "甲", "btns": [{"title": "乙"}]}},
            {"actionCard": {"title": f"{LABEL}甲", "btns": [{"title": "乙"}]}},
        ),
        (
            "/chat/send",
            {"chatid": "c", "msg": {"text": {"content": "甲"}}},
            {"chatid": "c", "msg": {"text": {"content": f"{LABEL}甲"}}},
        ),
        (
            "/topapi/message/corpconversation/asyncsend_v2",
            {"msg": {"oa": {"head": {"text": "甲"}}}},
            {"msg": {"oa": {"head": {"text": f"{LABEL}甲"}}}},
        ),
    ],
)
def test_what_users_see_is_labelled(send: Send, tagged: Tagged, line: str, body: object, expected: object) -> None:
    assert json.loads(tagged(send(OAPI + line, body)) or b"") == expected


@pytest.mark.parametrize(
    ("line", "body", "path"),
    [
        (
            "/v1.0/storage/spaces/7/files/commit",
            {"uploadKey": "k", "name": "名單.xlsx", "option": {"appProperties": [{"name": "n"}]}},
            ["name"],
        ),
        ("/v2.0/storage/spaces/files/u/commit", {"uploadKey": "k", "name": "名單.xlsx"}, ["name"]),
        (
            "/v1.0/storage/spaces/7/files/uploadInfos/query",
            {"option": {"preCheckParam": {"name": "名單.xlsx", "md5": "0"}}},
            ["option", "preCheckParam", "name"],
        ),
        ("/v1.0/drive/spaces/7/files", {"fileName": "名單.xlsx", "mediaId": "m"}, ["fileName"]),
    ],
)
def test_a_file_is_labelled_where_it_gets_its_name(
    send: Send, tagged: Tagged, line: str, body: Any, path: list[str]
) -> None:
    result = json.loads(tagged(send(API + line, body)) or b"")
    holder, named = body, result
    for step in path[:-1]:
        holder, named = holder[step], named[step]
    assert named[path[-1]] == f"{LABEL}名單.xlsx"
    named[path[-1]] = holder[path[-1]]
    assert result == body


def test_a_label_goes_through_json_in_json(send: Send, tagged: Tagged) -> None:
    inner = {"mediaId": "@m😀", "fileName": "名單.xlsx"}
    body = {"msgKey": "sampleFile", "msgParam": json.dumps(inner)}
    result = json.loads(tagged(send(f"{API}/v1.0/robot/groupMessages/send", body)) or b"")
    assert json.loads(result["msgParam"]) == {**inner, "fileName": f"{LABEL}名單.xlsx"}


def test_a_label_goes_into_a_form(send: Send, tagged: Tagged) -> None:
    message = {"title": "甲", "text": "乙 +&=%"}
    body = urlencode({"msgtype": "markdown", "markdown": json.dumps(message), "access_token": "t+/="}).encode()
    result = dict(parse_qsl((tagged(send(f"{OAPI}/robot/send", body, FORM)) or b"").decode()))
    assert json.loads(result["markdown"]) == {**message, "title": f"{LABEL}甲"}
    assert (result["msgtype"], result["access_token"]) == ("markdown", "t+/=")


def test_a_label_goes_into_a_web_chat_frame(frame: Send, tagged: Tagged) -> None:
    body = {"lwp": "/r/IDLSend/send", "headers": {"mid": "1 0"}, "body": [{"content": {"textContent": {"text": "甲"}}}]}
    result = json.loads(tagged(frame(body)) or b"")
    assert result["body"][0]["content"]["textContent"]["text"] == f"{LABEL}甲"
    assert result["headers"] == body["headers"]


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (b'filename="a.xlsx"', f'filename="{LABEL}a.xlsx"'.encode()),
        ('filename="名單.xlsx"'.encode(), f'filename="{LABEL}名單.xlsx"'.encode()),
        (b"filename*=utf-8'zh'a.xlsx", b"filename*=utf-8'zh'" + urlencode({"": LABEL}).encode()[1:] + b"a.xlsx"),
        (
            b"filename=\"a.xlsx\"; filename*=UTF-8''a.xlsx",
            f"filename=\"{LABEL}a.xlsx\"; filename*=UTF-8''".encode() + urlencode({"": LABEL}).encode()[1:] + b"a.xlsx",
        ),
        (rb'filename="C:\docs\a.xlsx"', rb'filename="C:\docs' + b"\\" + f'{LABEL}a.xlsx"'.encode()),
        (rb'filename="\"a\".xlsx"', f'filename="{LABEL}'.encode() + rb'\"a\".xlsx"'),
    ],
)
def test_a_label_goes_into_a_multipart_file_name(
    send: Send, tagged: Tagged, disposition: bytes, expected: bytes
) -> None:
    before = b'--b\r\nContent-Disposition: form-data; name="media"; '
    after = b"\r\nContent-Type: x/y\r\n\r\nPK\x03\x04\xff\x00\r\n--b--\r\n"
    wire = send(f"{OAPI}/media/upload", before + disposition + after, "multipart/form-data; boundary=b")
    result = tagged(wire)
    assert result == before + expected + after
    assert tagged(replace(wire, body=result)) == result


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{ "a" : 1.50,\n\t"text":{"content" :"hi" },"a":[ ]}', id="blanks-and-numbers"),
        pytest.param(b'\xef\xbb\xbf{"text":{"content":"hi"}}', id="byte-order-mark"),
        pytest.param(b'{"x":"\\u5ba2\\/","text":{"content":"\\u6236"}}', id="escapes"),
        pytest.param('{"x":"客","text":{"content":"戶"}}'.encode(), id="utf-8"),
        pytest.param(b'{"text":{"content":"a","content":"b"}}', id="duplicate-names"),
    ],
)
def test_every_other_byte_stays(send: Send, tagged: Tagged, body: bytes) -> None:
    result = tagged(send(f"{OAPI}/robot/send", body, "application/json")) or b""
    escaped = json.dumps(LABEL)[1:-1].encode()
    assert result.replace(escaped, b"").replace(LABEL.encode(), b"") == body
    assert result != body


def test_plain_ascii_stays_plain_ascii(send: Send, tagged: Tagged) -> None:
    assert (tagged(send(f"{OAPI}/robot/send", b'{"text":{"content":"\\u5ba2"}}')) or b"\xff").isascii()


def test_unescaped_text_gets_an_unescaped_label(send: Send, tagged: Tagged) -> None:
    assert LABEL.encode() in (tagged(send(f"{OAPI}/robot/send", '{"text":{"content":"客"}}'.encode())) or b"")


@pytest.mark.parametrize("text", ['{"content":"甲"}', '{"content":"\\u7532"}'], ids=["plain", "escaped"])
def test_a_label_breaks_no_form(send: Send, tagged: Tagged, text: str) -> None:
    body = urlencode({"text": text, "msgtype": "text"}).encode()
    result = dict(parse_qsl((tagged(send(f"{OAPI}/robot/send", body, FORM), "A&B=%41+ ") or b"").decode()))
    assert json.loads(result.pop("text")) == {"content": "A&B=%41+ 甲"}
    assert result == {"msgtype": "text"}


@pytest.mark.parametrize("encoding", ["gzip", None])
def test_a_packed_body_is_packed_again(send: Send, tagged: Tagged, encoding: str | None) -> None:
    headers = {"Content_Encoding": encoding} if encoding else {}
    wire = send(f"{OAPI}/robot/send", gzip.compress(b'{"text":{"content":"hi"}}'), **headers)
    assert json.loads(gzip.decompress(tagged(wire) or b"")) == {"text": {"content": f"{LABEL}hi"}}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("【A*/B】", "【AB】x.txt"),
        ('a"<>|\t:?\\b ', "ab x.txt"),
        ("🔴", "🔴x.txt"),
    ],
)
def test_a_label_in_a_name_holds_nothing_a_name_may_not_hold(send: Send, tagged: Tagged, label: str, name: str) -> None:
    wire = send(f"{API}/v1.0/storage/spaces/7/files/commit", {"uploadKey": "k", "name": "x.txt"})
    assert json.loads(tagged(wire, label) or b"")["name"] == name


@pytest.mark.parametrize(
    ("line", "body", "kind"),
    [
        pytest.param("PUT zjk.trans.dingtalk.com/k", b"x", "x/y", id="stored-bytes"),
        pytest.param(f"{API}/v1.0/unknown", {"title": "a"}, "application/json", id="unknown-call"),
        pytest.param(f"{OAPI}/robot/send", {"image": {"picURL": "u"}}, "application/json", id="nothing-to-label"),
        pytest.param(f"{OAPI}/robot/send", b'{"text":{"content":"\xff"}}', "application/json", id="not-utf-8"),
        pytest.param(
            f"{OAPI}/robot/send", '{"text":{"content":"客"}}'.encode("utf-16"), "application/json", id="utf-16"
        ),
        pytest.param(f"{OAPI}/robot/send", b'{"text":{"content":"a"', "application/json", id="broken"),
        pytest.param(
            "GET api.dingtalk.com/v1.0/drive/spaces/7/files/0/uploadInfos?fileName=a.txt", b"", "", id="in-the-query"
        ),
        pytest.param(
            f"{OAPI}/media/upload",
            b'--b\r\nContent-Disposition: x; filename="\xab\xc8"\r\n\r\nx\r\n--b--',
            "multipart/form-data; boundary=b",
            id="regional-name",
        ),
        pytest.param(
            f"{OAPI}/media/upload",
            b"--b\r\nContent-Disposition: x; filename=a\r\n\r\nx\r\n--b--",
            "multipart/form-data; boundary=b",
            id="bare-name",
        ),
        pytest.param(
            f"{OAPI}/media/upload",
            b"--b\r\nContent-Disposition: x; filename*=Big5''a\r\n\r\nx\r\n--b--",
            "multipart/form-data; boundary=b",
            id="regional-extended-name",
        ),
    ],
)
def test_what_cannot_be_labelled_is_not(send: Send, tagged: Tagged, line: str, body: object, kind: str) -> None:
    assert tagged(send(line, body, kind)) is None


@pytest.mark.parametrize("label", ["", "*"])
def test_a_label_of_which_nothing_remains_is_none(send: Send, tagged: Tagged, label: str) -> None:
    wire = send(f"{API}/v1.0/storage/spaces/7/files/commit", {"uploadKey": "k", "name": "x.txt"})
    assert tagged(wire, label) is None


ROOM = 2048 - len(json.dumps({"text": {"content": LABEL}}, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize(("length", "fits"), [(ROOM, True), (ROOM + 1, False)])
@pytest.mark.parametrize("as_string", [True, False], ids=["string", "object"])
@pytest.mark.parametrize("as_form", [True, False], ids=["form", "json"])
def test_a_message_stays_within_its_limit(
    *, send: Send, tagged: Tagged, length: int, fits: bool, as_string: bool, as_form: bool
) -> None:
    message = {"text": {"content": "x" * length}}
    body: Any = {
        "agent_id": "1",
        "userid_list": "u" * 3000,
        "msg": json.dumps(message) if as_string or as_form else message,
    }
    line = f"{OAPI}/topapi/message/corpconversation/asyncsend_v2"
    wire = send(line, urlencode(body).encode(), FORM) if as_form else send(line, body)
    assert (tagged(wire) is not None) is fits


def test_a_robot_message_has_no_such_limit(send: Send, tagged: Tagged) -> None:
    assert tagged(send(f"{OAPI}/robot/send", {"text": {"content": "x" * 3000}})) is not None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
EXTRAS = st.dictionaries(st.text(max_size=6), VALUES, max_size=3)
TEXTS = st.text(min_size=1, max_size=20).filter(lambda text: text[:1].strip(" \t\r\n\ufeff") not in {"{", "[", '"', ""})


@given(extra=EXTRAS, inner=EXTRAS, text=TEXTS, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
@hypothesis(max_examples=150, deadline=None)
def test_only_the_labelled_string_changes(
    *,
    send: Send,
    tagged: Tagged,
    read: Read,
    extra: dict[str, Any],
    inner: dict[str, Any],
    text: str,
    ascii_only: bool,
    indent: int | None,
) -> None:
    param = json.dumps({**inner, "content": text}, ensure_ascii=ascii_only, indent=indent)
    body = json.dumps({**extra, "msgParam": param}, ensure_ascii=ascii_only, indent=indent).encode(
        "utf-8", "surrogatepass"
    )
    wire = send(f"{API}/v1.0/robot/oToMessages/batchSend", body)
    result = tagged(wire)
    if result is None:
        # Other fields may be what users see, or the bytes may not be UTF-8; then nothing may have been promised.
        assert (
            any("\ud800" <= char <= "\udfff" for char in body.decode("utf-8", "surrogatepass"))
            or not read(wire).taggable
        )
        return
    after = json.loads(result)
    assert {**after, "msgParam": None} == {**json.loads(body), "msgParam": None}
    assert json.loads(after["msgParam"]) == {**inner, "content": LABEL + text}
    assert tagged(replace(wire, body=result)) == result
