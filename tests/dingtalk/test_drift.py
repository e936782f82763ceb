"""Drift: what is new is seen, what is known is not, and nothing a sender wrote is in what is kept of it."""

import base64
import json
from collections.abc import Callable
from dataclasses import astuple
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.dingtalk.catalogue import Catalogue
from cerco.dingtalk.drift import CALL, Sighting, observe
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.outbound import Channel, Outbound, Wire
from cerco.dingtalk.read import read as read_wire
from cerco.dingtalk.scope import Scope

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]
type See = Callable[[Wire], Sighting | None]

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture(scope="session")
def see(read: Read, catalogue: Catalogue, endpoints: Endpoints) -> See:
    """Look at a request with the shipped catalogue and endpoints."""
    return lambda wire: observe(wire, read(wire), catalogue, endpoints)


def call(tool: str, **arguments: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


@pytest.mark.parametrize(
    ("line", "body", "template"),
    [
        ("POST api.dingtalk.com/v1.0/robot/whispers/send", {"a": "x"}, "/v1.0/robot/{id}/send"),
        ("POST api.dingtalk.com/v9.0/robot/groupMessages/send", {"a": "x"}, "/v9.0/robot/groupMessages/send"),
        ("PUT api.dingtalk.com/v1.0/robot/groupMessages/send", {"a": "x"}, "/v1.0/robot/groupMessages/send"),
        ("DELETE api.dingtalk.com/v1.0/robot/groupMessages/send", b"", "/v1.0/robot/groupMessages/send"),
        ("GET api.dingtalk.com/v1.0/robot/groupMessages/history?text=x", b"", "/v1.0/robot/groupMessages/history"),
        ("POST oapi.dingtalk.com/topapi/parrot/squawk", {"a": "x"}, "/topapi/parrot/squawk"),
        ("POST alidocs.dingtalk.com/box/api/v2/file/save", {"a": "x"}, "/box/api/v2/file/save"),
        ("GET alidocs.dingtalk.com/box/api/v2/file/save", {"a": "x"}, "/box/api/v2/file/save"),
        ("POST mcp-gw.dingtalk.com/server/abc/upload", b"hello", "/server/{id}/upload"),
        ("PROPPATCH lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com/yundisk0/a.file", b"x", "/{object}"),
    ],
)  # fmt: skip
def test_an_operation_nobody_described_is_new(see: See, send: Send, line: str, body: object, template: str) -> None:
    sighting = see(send(line, body))
    assert sighting is not None
    assert (sighting.method, sighting.template) == (line.partition(" ")[0], template)
    assert sighting.new_keys == ()


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("POST api.dingtalk.com/v1.0/robot/groupMessages/send", {"msgKey": "k", "msgParam": '{"anything": "x"}'}),
        ("POST api.dingtalk.com//v1.0/robot/groupMessages/send/", {"msgKey": "k"}),
        ("GET api.dingtalk.com/v1.0/contact/users/zhangsan", b""),
        ("POST api.dingtalk.com/v1.0/todo/users/%E5%BC%A0/tasks", {"subject": "x"}),
        ("POST oapi.dingtalk.com/robot/send?access_token=x", {"msgtype": "text", "whatever": 1}),
        ("POST oapi.dingtalk.com/topapi/blackboard/create", {"x": 1}),
        ("POST alidocs.dingtalk.com/core/api/resources/9/upload_info", {"resourceName": "a.pdf"}),
        ("GET im.dingtalk.com/static/app.8f3e2a.js?v=1", b""),
        ("HEAD static.dingtalk.com/media/logo.png", b""),
        ("OPTIONS api.dingtalk.com/v1.0/whispers", b""),
        ("POST zjk.trans.dingtalk.com/yundisk0/a.file?uploads", b""),
        ("DELETE zjk.trans.dingtalk.com/yundisk0/a.file", b""),
        ("PUT lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com/yundisk0/a.file", b"x"),
        ("GET mcp-gw.dingtalk.com/server/abc", b""),
    ],
)
def test_what_is_known_is_no_news(see: See, send: Send, line: str, body: object) -> None:
    assert see(send(line, body)) is None


def test_a_connection_that_becomes_a_socket_is_no_news(see: See, send: Send) -> None:
    line = "GET api.dingtalk.com/v1.0/whispers"
    assert see(send(line, b"", Upgrade="websocket")) is None
    assert see(send(line, b"")) is not None


def test_a_family_alone_makes_a_request_known(send: Send, scope: Scope, catalogue: Catalogue) -> None:
    wire = send("POST api.dingtalk.com/v1.0/parrots/polly/squawk", {"a": "x"})
    match = {"operation": "parrot", "channel": "api", "match": ["POST /v1.0/parrots/{parrot}/squawk"]}
    for families, new in (([match], False), ([], True)):
        mapped = Endpoints.model_validate({"families": families})
        assert (observe(wire, read_wire(wire, scope, endpoints=mapped), catalogue, mapped) is not None) is new


# Fields of published operations.


@pytest.mark.parametrize(
    ("line", "body", "new"),
    [
        ("POST api.dingtalk.com/v1.0/robot/groupMessages/send", {"msgKey": "k", "footer": "x"}, ["footer"]),
        ("POST api.dingtalk.com/v1.0/robot/groupMessages/send", {"footer": {"left": "x"}, "pre": 1}, ["footer", "pre"]),
        ("POST api.dingtalk.com/v1.0/robot/groupMessages/send", {"msgKey": "k", "footer": True}, ["footer"]),
        (
            "POST api.dingtalk.com/v1.0/mail/users/a@b.mo/messages",
            {"message": {"subject": "x", "toRecipients": [{"email": "x"}, {"email": "x", "nickname": "x"}]}},
            ["message.toRecipients[].nickname"],
        ),
        ("POST api.dingtalk.com/v1.0/agoal/entities", [{"id": "1", "moodRing": "x"}], ["[].moodRing"]),
        ("POST api.dingtalk.com/v1.0/robot/groupMessages/send", {"msgKey": "k", "客戶": "x"}, ["{key}"]),
    ],
)
def test_a_field_a_published_operation_does_not_have_is_new(
    see: See, send: Send, line: str, body: object, new: list[str]
) -> None:
    sighting = see(send(line, body))
    assert sighting is not None
    assert list(sighting.new_keys) == new
    assert set(new) <= {name.partition(".left")[0] for name in sighting.shape}


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("POST api.dingtalk.com/v1.0/card/instances", {"cardData": {"cardParamMap": {"title": "x", "mood": "x"}}}),
        ("POST api.dingtalk.com/v1.0/card/instances", {"privateData": {"u1": {"cardParamMap": {"mood": "x"}}}}),
        (
            "POST api.dingtalk.com/v1.0/notable/bases/b/sheets/s/records",
            {"records": [{"fields": {"name": "x", "心情": 1}}]},
        ),
        ("POST api.dingtalk.com/v1.0/robot/groupMessages/send", {"msgParam": '{"mood": "x"}'}),
        ("POST api.dingtalk.com/v1.0/robot/dingMessages/send", {"contentParams": {"mood": "x"}}),
    ],
    ids=["card variables", "cards by person", "columns of a table", "JSON in a string", "parameters of a template"],
)
def test_fields_that_senders_name_are_no_news(see: See, send: Send, line: str, body: object) -> None:
    assert see(send(line, body)) is None


def test_a_form_and_a_compressed_body_have_fields_too(see: See, send: Send) -> None:
    sighting = see(send("POST api.dingtalk.com/v1.0/robot/groupMessages/send", b"msgKey=k&footer=x", FORM))
    assert sighting is not None
    assert sighting.new_keys == ("footer",)


# Calls that a request names in its fields.


@pytest.mark.parametrize(
    ("body", "template"),
    [
        (call("send_whisper", content="x"), "send_whisper"),
        ([call("send_message"), call("send_whisper")], "send_whisper"),
        ({"jsonrpc": "2.0", "method": "tools/whisper"}, "tools/whisper"),
        (call("send_message_to_66123456"), "{id}"),
        (call("send_message", content="x"), None),
        ([call("send_message"), call("send_email")], None),
        ({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}, None),
    ],
)
def test_a_tool_nobody_described_is_new(see: See, send: Send, body: object, template: str | None) -> None:
    sighting = see(send("POST mcp-gw.dingtalk.com/server/66123456?key=x", body))
    if template is None:
        assert sighting is None
    else:
        assert sighting is not None
        assert (sighting.channel, sighting.method, sighting.template) == (Channel.MCP, CALL, template)
        assert sighting.host == "mcp-gw.dingtalk.com"


@pytest.mark.parametrize(
    ("method", "new"),
    [
        ("dingtalk.oapi.parrot.squawk", True),
        ("dingtalk.oapi.blackboard.create", False),
        ("dingtalk.oapi.department.list", False),
        ("dingtalk.corp.message.corpconversation.asyncsend", False),
    ],
)
def test_a_method_of_the_older_gateway(see: See, send: Send, method: str, new: bool) -> None:
    sighting = see(send(f"POST eco.taobao.com/router/rest?method={method}&session=x&msg=%7B%22a%22%3A1%7D"))
    assert (sighting is not None) is new
    if sighting is not None:
        assert (sighting.method, sighting.template) == (CALL, method)
        assert sighting.shape == ("?method", "?msg.a", "?session")


@pytest.mark.parametrize(
    ("uri", "template"),
    [
        ("/r/IDLWhisper/send", "/r/IDLWhisper/send"),
        ("/r/IDLWhisper/1a2b3c", "/r/IDLWhisper/{id}"),
        ("/r/66123456/send", "other"),
        ("/r/IDLSend/send", None),
        ("/reg", None),
    ],
)
def test_a_frame_of_web_chat(see: See, frame: Send, uri: str, template: str | None) -> None:
    sighting = see(frame({"lwp": uri, "headers": {"mid": "1 0"}, "body": [{"text": "x"}]}))
    if template is None:
        assert sighting is None
    else:
        assert sighting is not None
        assert (sighting.channel, sighting.method, sighting.template) == (Channel.LWP, CALL, template)


def test_other_frames(see: See, frame: Send) -> None:
    assert see(frame({"headers": {"mid": "1 0"}, "code": 200, "body": {"text": "x"}})) is None, "an answer"
    assert see(frame({"code": 200, "data": "x"}, "wss-open-connection.dingtalk.com")) is None, "Stream mode"
    sighting = see(frame({"a": "x"}, "live.dingtalk.com"))
    assert sighting is not None
    assert (sighting.method, sighting.template, sighting.shape) == ("WEBSOCKET", "/long", ("a",))


# What is kept.


def test_the_shape_names_fields_as_the_endpoints_do(see: See, send: Send) -> None:
    body = {
        "msg": '{"links": [{"title": "x"}, {"title": "y", "text": "z"}]}',
        "to": ["a", "b"],
        "empty": {},
        "nothing": None,
        "byUser": {"66123456": {"text": "x"}, "66123457": {"text": "y"}},
        "身份證": "x",
    }
    sighting = see(send("POST api.dingtalk.com/v1.0/parrots/send?unionId=u&page=%7B%22size%22%3A1%7D", body))
    assert sighting is not None
    assert sighting.shape == (
        "?page.size", "?unionId", "byUser.{key}.text", "empty", "msg.links[].text", "msg.links[].title", "nothing",
        "to[]", "{key}",
    )  # fmt: skip


def test_a_multipart_body_shows_its_fields(see: See, send: Send) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n{"title": "x"}\r\n'
        b'--b\r\nContent-Disposition: form-data; name="media"; filename="a.txt"\r\n\r\n{"inside": "x"}\r\n--b--\r\n'
    )
    sighting = see(send("POST oapi.dingtalk.com/parrot/upload", body, "multipart/form-data; boundary=b"))
    assert sighting is not None
    assert sighting.shape == ("media", "note.title")


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"a":' * 5_000, b"[" * 200_000, b'"' + b"x" * 2_000_000, b"{" + b" " * 2_000_000 + b'"a":1}'],
    ids=["cut", "not text", "deep", "deeper", "long", "large"],
)
def test_wrong_bodies_have_no_shape(see: See, send: Send, body: bytes) -> None:
    sighting = see(send("POST api.dingtalk.com/v1.0/parrots/send", body, "application/json"))
    assert sighting is not None
    assert sighting.shape == ()


def test_shapes_are_bounded(see: See, send: Send) -> None:
    wide = {f"group{chr(97 + one)}": {f"field{chr(97 + two)}": 1 for two in range(20)} for one in range(20)}
    sighting = see(send("POST api.dingtalk.com/v1.0/robot/groupMessages/send", {"msgKey": "k"} | wide))
    assert sighting is not None
    assert len(sighting.shape) == 100
    assert len(sighting.new_keys) == 20


# Values as requests have them where ids and content stand. Names in plain Latin letters are told from words by the
# words alone, so they are planted where a value may stand and not where an interface's own name does.
NAMES = st.sampled_from(["zhangsan", "chan.taiman", "WongSiuMing", "ho-ka-lok", "陳大文", "maria_fernandes"])
IDS = st.one_of(
    st.integers(1_000, 10**18).map(str),
    st.uuids().map(str),
    st.uuids().map(lambda one: one.hex),
    st.binary(min_size=15, max_size=40).map(lambda data: "cid" + base64.b64encode(data).decode()),
    st.binary(min_size=15, max_size=40).map(lambda data: base64.urlsafe_b64encode(data).decode() + "9Q7z"),
    st.integers(60_000_000, 69_999_999).map(lambda number: f"user{number}@example.mo"),
    st.text("客戶名單陳黃李", min_size=2, max_size=6),
    st.from_regex(r"1[0-9]{6}\([0-9]\)", fullmatch=True),
    st.from_regex(r"\$:LWCP_v1:\$[A-Za-z0-9+/]{12}9=", fullmatch=True),
)
VALUES = st.one_of(NAMES, IDS)
LINES = st.sampled_from([
    "POST api.dingtalk.com/v1.0/robot/{0}/send?unionId={1}",
    "PATCH api.dingtalk.com/v1.0/contact/users/{0}?nick={1}",
    "POST api.dingtalk.com/v1.0/todo/users/{0}/parrots/{1}",
    "POST api.dingtalk.com/v1.0/robot/groupMessages/send?x={0}&y={1}",
    "POST alidocs.dingtalk.com/i/nodes/{0}/save?token={1}",
    "POST oapi.dingtalk.com/parrot/squawk?name={0}&to={1}",
    "POST mcp-gw.dingtalk.com/server/{0}?key={1}",
    "POST eco.taobao.com/router/rest?method=dingtalk.oapi.parrot&msg={0}&to={1}",
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_nothing_from_the_request_is_in_a_sighting(see: See, send: Send, data: st.DataObject) -> None:
    line, one, two, as_form = data.draw(st.tuples(LINES, VALUES, VALUES, st.booleans()))
    keys = data.draw(st.lists(IDS, min_size=1, max_size=3))
    body: dict[str, object] = {
        "msg": json.dumps({"text": one, keys[0]: two}),
        "list": [one, {"deep": two}],
        "byUser": {key: {"text": one} for key in keys},
        "footer": {"line": two},
        keys[-1]: one,
    }
    path = line.format(quote(one, safe=""), quote(two, safe=""))
    form = "&".join(f"{quote(key, safe='')}={quote(str(value), safe='')}" for key, value in body.items())
    wire = send(path, form.encode(), FORM) if as_form else send(path, body)
    sighting = see(wire)
    assert sighting is not None
    said = json.dumps(astuple(sighting), ensure_ascii=False)
    for planted in (one, two, *keys):
        assert planted not in said
        assert quote(planted, safe="") not in said
    assert "footer.line" in said or as_form, "what is not data is there"


@settings(max_examples=60, deadline=None)
@given(IDS, st.sampled_from(["web chat", "agent", "method"]))
def test_nothing_a_call_is_named_is_in_a_sighting(see: See, send: Send, frame: Send, value: str, how: str) -> None:
    match how:
        case "web chat":
            wire = frame({"lwp": f"/r/{value}/send", "body": [value]})
        case "agent":
            wire = send("POST mcp-gw.dingtalk.com/server/x", call(value, content=value))
        case _:
            method = value.translate(str.maketrans("", "", "+/=@()$:-_ .")) if value.isascii() else "PARROT"
            wire = send(f"{method.upper()}9 api.dingtalk.com/v1.0/robot/groupMessages/send", {"msgKey": value})
    sighting = see(wire)
    assert sighting is not None
    said = json.dumps(astuple(sighting), ensure_ascii=False)
    assert value not in said
    assert wire.method in {"WEBSOCKET", "POST"} or wire.method not in said


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["POST", "GET", "PUT", "WEBSOCKET", "é"]),
    st.sampled_from(["api.dingtalk.com", "oapi.dingtalk.com", "mcp-gw.dingtalk.com", "zjk.trans.dingtalk.com", "x.io"]),
    st.text(max_size=40),
    st.binary(max_size=200),
)
def test_no_request_makes_it_raise(see: See, method: str, host: str, path: str, body: bytes) -> None:
    seen = see(Wire(method, "https", host, 443, f"/{path}", (("Content-Type", "application/json"),), body, "192.0.2.9"))
    assert seen is None or seen.shape == tuple(sorted(seen.shape))
