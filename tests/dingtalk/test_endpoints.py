import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.decide.load import RuleErrors, load
from cerco.dingtalk.catalogue import Catalogue
from cerco.dingtalk.endpoints import Endpoints, Family
from cerco.dingtalk.outbound import Channel, Outbound, Role, Wire
from cerco.dingtalk.tag import tag

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

HOSTS = {
    "oapi": "oapi.dingtalk.com",
    "api": "api.dingtalk.com",
    "mcp": "mcp-gw.dingtalk.com",
    "other": "alidocs.dingtalk.com",
}
MARK = "標記"
LABEL = "【客戶資料】"


@pytest.mark.parametrize(
    ("line", "channel"),
    [
        ("GET /robot/send", Channel.OAPI),
        ("POST /robot/sender", Channel.OAPI),
        ("POST /robot/send", Channel.API),
        ("POST /v1.0/robot/send", Channel.API),
        ("POST /v1x0/robot/groupMessages/send", Channel.API),
        ("POST /v1.0/storage/spaces/7/8/files/commit", Channel.API),
        ("POST /v1.0/drive/spaces/7/files/1/delete", Channel.API),
        ("POST /robot/send", Channel.MCP),
        ("POST ", Channel.OAPI),
    ],
)
def test_a_near_miss_is_generic(endpoints: Endpoints, line: str, channel: Channel) -> None:
    method, _, path = line.partition(" ")
    assert endpoints.find(method, path, channel) is endpoints.generic


@pytest.mark.parametrize("path", ["/robot/send", "/robot/send/", "//robot/send", "/robot%2Fsend"])
@pytest.mark.parametrize("channel", [Channel.OAPI, Channel.OTHER])
def test_a_request_is_known_however_it_is_spelled(endpoints: Endpoints, path: str, channel: Channel) -> None:
    assert endpoints.find("POST", path, channel).operation == "robot.send"


@pytest.mark.parametrize(
    ("name", "channel", "operation"),
    [
        ("dingtalk.corp.message.corpconversation.asyncsend", Channel.OAPI, "message.asyncsend_v2"),
        ("dingtalk.oapi.message.corpconversation.asyncsend_v2", Channel.OAPI, "message.asyncsend_v2"),
        ("dingtalk.oapi.processinstance.create", Channel.OAPI, "approval.create"),
        ("dingtalk.oapi.extcontact.create", Channel.OAPI, "contact.external"),
        ("dingtalk.oapi.user.get", Channel.OAPI, None),
        ("send_email", Channel.MCP, "mcp.mail"),
        ("send_email", Channel.OAPI, None),
        ("send_emails", Channel.MCP, None),
        ("/r/IDLSend/send", Channel.LWP, "lwp"),
        ("anything", Channel.STREAM, None),
    ],
)
def test_a_call_is_known_by_its_name(endpoints: Endpoints, name: str, channel: Channel, operation: str | None) -> None:
    surface = endpoints.call(name, channel)
    assert (surface.operation if surface else None) == operation


def test_only_short_messages_have_a_limit(endpoints: Endpoints) -> None:
    assert endpoints.limit_of("chat.send") == 2048
    assert endpoints.limit_of("robot.send") is None
    assert endpoints.limit_of("lwp:/r/IDLSend/send") is None


def test_every_row_is_of_an_operation_that_was_published(endpoints: Endpoints) -> None:
    catalogue = Catalogue.load()
    unlisted = {
        f"{method} {template}"
        for family in endpoints.families
        if family.channel in {"oapi", "api"}
        for line in family.match
        for methods, template in [line.split(" ")]
        for method in methods.split("|")
        if catalogue.known(method, template) is None
    }
    # Older than the published list, but still sent by clients.
    assert unlisted == {
        "POST /message/send",
        "POST /message/sendByCode",
        "POST /topapi/im/chat/scenegroup/message/send_v2",
    }


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("{operation: x, channel: api}", "describes no request"),
        ("{operation: x, channel: api, match: [POST a]}", "is not a request line"),
        ("{operation: x, channel: api, match: [/a]}", "is not a request line"),
        ("{operation: x, channel: api, match: [POST /a], shapes: [none]}", "there is no shape none"),
        ("{operation: x, channel: api, match: [POST /a], fields: {a: headline}}", "does not say what the field is"),
        ("{operation: x, channel: api, match: [POST /a], fields: {a: 'text, bold'}}", "does not say what the field is"),
        ("{operation: x, channel: api, match: [POST /a], fields: {a..b: text}}", "is not the name of a field"),
        ("{operation: x, channel: api, match: [POST /a], fields: {'a b': text}}", "is not the name of a field"),
        ("{operation: x, channel: api, match: [POST /a], rows: [values]}", "does not name the cells of a row"),
        ("{operation: x, channel: api, match: [POST /a, POST /a/]}", "stands twice"),
        ("{operation: x, channel: fax, match: [POST /a]}", "not one of oapi"),
        ("{operation: x, channel: api, match: [POST /a], complete: true}", "complete"),
        ("{operation: x, channel: mcp, calls: [a]}, {operation: x, channel: mcp, calls: [b]}", "stands twice"),
        ("{operation: x, channel: mcp, calls: [a]}, {operation: y, channel: mcp, calls: [a]}", "stands twice"),
    ],
)
def test_a_fault_is_told(family: str, said: str) -> None:
    with pytest.raises(RuleErrors) as caught:
        load(f"families: [{family}]", "endpoints.yaml", Endpoints)
    assert said in str(caught.value)


def paths_of(endpoints: Endpoints, family: Family) -> list[tuple[str, Any]]:
    fields = {
        **{path: what for shape in family.shapes for path, what in endpoints.shapes[shape].items()},
        **family.fields,
    }
    return [(path.removeprefix("="), what) for path, what in fields.items()]


def holding(path: str, text: str) -> Any:
    """Build a body with a text at a field's path."""
    body: Any = text
    for step in reversed(re.findall(r"\[\]|[^.\[\]]+", path)):
        body = [body] if step == "[]" else {"some" if step == "*" else step: body}
    return body


def request(send: Send, frame: Send, family: Family, path: str, text: str) -> Wire:
    body = holding(path, text)
    if family.channel == "lwp":
        return frame({"lwp": "/r/IDLSend/send", "headers": {"mid": "1 0"}, "body": [{"content": body}]})
    if family.channel == "mcp":
        arguments = body.get("arguments", body) if isinstance(body, dict) else body
        call = {"name": family.calls[0], "arguments": arguments}
        return send(
            f"POST {HOSTS['mcp']}/server/s", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        )
    methods, _, template = family.match[0].partition(" ")
    method = methods.rpartition("|")[2]
    return send(f"{method} {HOSTS[family.channel]}{re.sub('{[^}]*}', 'LWCPv1', template)}", body)


def test_every_field_of_every_family_has_its_role(endpoints: Endpoints, send: Send, frame: Send, read: Read) -> None:
    for family in endpoints.families:
        for path, what in paths_of(endpoints, family):
            if path == "custom.data.text.text":
                continue  # base64; see test_lwp.py
            outbound = read(request(send, frame, family, path, f"{MARK}一\n二"))
            roles = {part.role for part in outbound.parts if part.content == f"{MARK}一\n二"}
            assert roles == {what.role}, (family.operation, path)
            titled = any(part.role is Role.TITLE and part.content == f"{MARK}一" for part in outbound.parts)
            assert titled == what.heading, (family.operation, path)
            if family.channel != "lwp":
                assert outbound.operation == family.operation, path
            assert outbound.taggable == what.tag, (family.operation, path)


LABELLED = st.text(min_size=1, max_size=12).filter(
    lambda text: text[:1].strip(" \t\r\n\ufeff") not in {"{", "[", '"', ""}
)


@given(data=st.data(), text=LABELLED, ascii_only=st.booleans(), in_string=st.booleans())
@hypothesis(max_examples=200, deadline=None)
def test_a_label_goes_into_every_field_that_takes_one_and_nowhere_else(
    *,
    data: st.DataObject,
    endpoints: Endpoints,
    send: Send,
    frame: Send,
    read: Read,
    text: str,
    ascii_only: bool,
    in_string: bool,
) -> None:
    choices = [
        (family, path)
        for family in endpoints.families
        for path, what in paths_of(endpoints, family)
        if what.tag and path != "custom.data.text.text"
    ]
    family, path = data.draw(st.sampled_from(choices))
    wire = request(send, frame, family, path, text)
    body = json.loads(wire.body)
    raw = json.dumps(body, ensure_ascii=ascii_only)
    if in_string and isinstance(body, dict) and isinstance(value := next(iter(body.values())), dict):
        raw = json.dumps({next(iter(body)): json.dumps(value, ensure_ascii=ascii_only)}, ensure_ascii=ascii_only)
    wire = Wire(
        **{**{name: getattr(wire, name) for name in Wire.__slots__}, "body": raw.encode("utf-8", "surrogatepass")}
    )
    outbound = read(wire)
    tagged = tag(wire, outbound, LABEL, endpoints=endpoints)
    if tagged is None:
        assert any("\ud800" <= char <= "\udfff" for char in text), (family.operation, path)
        return
    escaped = {json.dumps(LABEL)[1:-1], json.dumps(json.dumps(LABEL)[1:-1])[1:-1], LABEL}
    restored = {tagged.decode().replace(one, "", 1) for one in escaped}
    assert raw in restored
    again = replace(wire, body=tagged)
    contents = [part.content for part in read(again).parts if part.path]
    assert contents == [LABEL + str(part.content) for part in outbound.parts if part.path]
    assert tag(again, read(again), LABEL, endpoints=endpoints) == tagged


def test_nothing_tagged_is_nothing_changed(endpoints: Endpoints, send: Send, frame: Send, read: Read) -> None:
    for family in endpoints.families:
        for path, what in paths_of(endpoints, family):
            if not what.tag:
                wire = request(send, frame, family, path, "text")
                assert tag(wire, read(wire), LABEL, endpoints=endpoints) is None
