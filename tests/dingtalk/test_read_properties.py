import json
from collections.abc import Callable
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.dingtalk.learn import learn, wants
from cerco.dingtalk.outbound import Outbound, Reply, Role, Wire
from cerco.dingtalk.refuse import refuse
from cerco.dingtalk.tag import tag

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

OAPI = "POST oapi.dingtalk.com"
API = "POST api.dingtalk.com"
FORM = "application/x-www-form-urlencoded"
MARK = "標記-客戶名單"


def said(outbound: Outbound) -> str:
    return "\0".join(part.content for part in outbound.parts if isinstance(part.content, str))


LINES = [
    f"{OAPI}/robot/send",
    f"{OAPI}/topapi/message/corpconversation/asyncsend_v2",
    f"{API}/v1.0/robot/oToMessages/batchSend",
    f"{API}/v1.0/storage/spaces/7/files/commit",
    f"{API}/v1.0/storage/spaces/7/files/uploadInfos/query",
    "PUT api.dingtalk.com/v1.0/drive/spaces/7/files",
    "POST mcp-gw.dingtalk.com/server/s",
    "PATCH im.dingtalk.com/anything",
    "WEBSOCKET webalfa.dingtalk.com/long",
    "WEBSOCKET wss-open-connection.dingtalk.com/connect",
]
FIELDS = "text content msg msgParam title name body lwp headers mid data custom picBytes uploadKey mediaId value key"
NAMES = st.sampled_from([*FIELDS.split(), "a b", "7654321", ""]) | st.text(max_size=4)
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.floats()


def planted(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Put the marker one level further down: beside other fields, in a list, or in JSON held in a string."""
    some, items = st.dictionaries(NAMES, PLAIN, max_size=2), st.lists(PLAIN, max_size=2)
    return st.one_of(
        st.builds(lambda more, name, value: {**more, name: value}, some, NAMES, inner),
        st.builds(lambda before, value, after: [*before, value, *after], items, inner, items),
        inner.map(json.dumps),
    )


@given(st.sampled_from(LINES), st.recursive(st.just(MARK), planted, max_leaves=8))
@hypothesis(max_examples=250, deadline=None)
def test_a_string_planted_anywhere_in_json_is_in_some_part(send: Send, read: Read, line: str, body: object) -> None:
    wire = send(line, body)
    assert MARK in said(read(wire))


@given(
    st.sampled_from(LINES), st.dictionaries(NAMES.filter(bool), st.just(MARK) | st.just(json.dumps([MARK])), min_size=1)
)
@hypothesis(max_examples=60, deadline=None)
def test_a_string_planted_in_any_form_field_or_query_is_in_some_part(
    send: Send, read: Read, line: str, fields: dict[str, str]
) -> None:
    encoded = urlencode(fields, errors="replace")
    if not line.startswith("WEBSOCKET"):
        assert MARK in said(read(send(line, encoded.encode(), FORM)))
        assert MARK in said(read(send(f"{line}?{encoded}")))


KINDS = [
    "application/json",
    FORM,
    "multipart/form-data; boundary=b",
    "text/plain; charset=utf-16",
    "x/y",
    "",
    ";;boundary=",
]


MORE_LINES = [
    "PUT zjk.trans.dingtalk.com/k",
    "POST zjk.trans.dingtalk.com/?uploadId",
    "GET eco.taobao.com/router/rest?method=%ff",
]
SCRAPS = (
    rb'--b(--)?\r?\n?|Content-Disposition: form-data; (file)?name\*?=|["{}\[\]:,=&%\\u0d8;]|[a-z]{1,9}|\xff|\r\n\r\n'
)
REAL = [
    json.dumps({"msgtype": "text", "text": {"content": "你好😀"}}).encode(),
    b"text=%7B%22content%22%3A%22%5Cu5ba2%22%7D&msgtype=text",
    json.dumps({"msgKey": "sampleFile", "msgParam": json.dumps({"mediaId": "@m", "fileName": "a.xlsx"})}).encode(),
    b'--b\r\nContent-Disposition: form-data; name="media"; filename="a.txt"\r\n\r\nPK\r\n--b--\r\n',
    json.dumps(
        {"lwp": "/r/IDLSend/send", "headers": {"mid": "1 0"}, "body": [{"content": {"custom": {"data": "e30="}}}]}
    ).encode(),
    json.dumps({"uploadKey": "haVgGg", "name": "a.xlsx", "resourceUrls": ["https://x/y"], "id": [1]}).encode(),
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Damage a real body: cut, overwrite or repeat a piece of it."""
    body = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        body = body[:start] + draw(st.binary(max_size=4) | st.just(body[start:end] * 2)) + body[end:]
    return body


BODIES = st.one_of(
    mutated(),
    st.binary(max_size=300),
    st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.from_regex(rb"\A(" + SCRAPS + rb")*\Z"),
)


@given(
    line=st.sampled_from([*LINES, *MORE_LINES]),
    body=BODIES,
    kind=st.sampled_from(KINDS) | st.text(max_size=20),
    encoding=st.sampled_from(["", "gzip", "deflate", "br", "zstd", "gzip, br", "identity", "what"]),
    answer=BODIES,
)
@hypothesis(max_examples=600, deadline=None)
def test_no_bytes_make_anything_raise(
    *, send: Send, read: Read, line: str, body: bytes, kind: str, encoding: str, answer: bytes
) -> None:
    wire = send(line, body, kind, Content_Encoding=encoding)
    outbound = read(wire)
    for part in outbound.parts:
        assert isinstance(part.content, bytes) == (part.role is Role.FILE)
        if isinstance(part.content, str):
            part.content.encode()
    tagged = tag(wire, outbound, "【x】")
    assert tagged is None or outbound.taggable
    learn(wire, Reply(200, (("Content-Encoding", encoding), ("Content-Type", kind)), answer))
    assert wants(wire) in {True, False}
    refusal = refuse(wire, outbound.channel, reference="C-1", message="no", page="<p>no</p>")
    assert refusal.status in {200, 403}
