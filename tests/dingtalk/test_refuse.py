import base64
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from cerco.dingtalk.outbound import Channel, Wire
from cerco.dingtalk.refuse import Refusal, is_navigation, refuse
from cerco.dingtalk.scope import Scope

type Send = Callable[..., Wire]

REFERENCE = "C-7K3M-9QXT"
MESSAGE = '此請求含有澳門居民身份證號碼 <& "C-7K3M-9QXT">\nStopped.'
PAGE = "<!doctype html><title>停</title>"


def refused(wire: Wire, scope: Scope, channel: Channel | None = None) -> Refusal:
    return refuse(wire, channel or scope.channel(wire.host), reference=REFERENCE, message=MESSAGE, page=PAGE)


def header(refusal: Refusal, name: str) -> str | None:
    return dict(refusal.headers).get(name)


def body(refusal: Refusal) -> Any:
    return json.loads(refusal.body)


@pytest.mark.parametrize("host", ["oapi.dingtalk.com/robot/send", "eco.taobao.com/router/rest"])
def test_the_classic_interface_gets_200_and_an_error_code(send: Send, scope: Scope, host: str) -> None:
    refusal = refused(send(f"POST {host}", {}), scope)
    assert (refusal.status, body(refusal)) == (200, {"errcode": 430104, "errmsg": MESSAGE})


@pytest.mark.parametrize("host", ["api.dingtalk.com", "api.dingtalk.io", "alidocs.dingtalk.com", "lwp.dingtalk.com"])
def test_the_new_interface_gets_403_and_a_code(send: Send, scope: Scope, host: str) -> None:
    refusal = refused(send(f"POST {host}/x", {}, Accept="*/*"), scope)
    assert refusal.status == 403
    assert body(refusal) == {"code": "Forbidden.DLP", "message": MESSAGE, "requestid": REFERENCE}


def test_an_object_store_answers_in_xml(send: Send, scope: Scope) -> None:
    refusal = refused(send("PUT zjk.trans.dingtalk.com/k", b"x"), scope)
    error = ET.fromstring(refusal.body)  # noqa: S314 - our own answer
    assert refusal.status == 403
    assert header(refusal, "Content-Type") == "application/xml"
    assert header(refusal, "x-oss-request-id") == REFERENCE
    assert {element.tag: element.text for element in error} == {
        "Code": "AccessDenied",
        "Message": MESSAGE,
        "RequestId": REFERENCE,
        "HostId": "zjk.trans.dingtalk.com",
    }


def test_a_request_without_an_answer_body_finds_the_error_in_a_header(send: Send, scope: Scope) -> None:
    refusal = refused(send("HEAD zjk.trans.dingtalk.com/k"), scope)
    assert refusal.body == b""
    assert b"AccessDenied" in base64.b64decode(header(refusal, "x-oss-err") or "")


@pytest.mark.parametrize(
    ("asked", "ids"),
    [({"id": 3}, 3), ({"id": "a"}, "a"), ({}, None), ({"id": {"x": 1}}, None), ({"id": True}, None), (b"?", None)],
)
def test_an_agent_gets_the_error_under_its_own_id(send: Send, scope: Scope, asked: object, ids: object) -> None:
    refusal = refused(send("POST mcp-gw.dingtalk.com/server/s", asked), scope)
    assert refusal.status == 200
    assert body(refusal)["id"] == ids
    assert body(refusal)["error"] == {"code": -32000, "message": MESSAGE, "data": {"reference": REFERENCE}}


def test_every_call_of_a_batch_gets_its_own_error(send: Send, scope: Scope) -> None:
    refusal = refused(send("POST mcp-gw.dingtalk.com/server/s", [{"id": 1}, {"id": 2}]), scope)
    assert [answer["id"] for answer in body(refusal)] == [1, 2]


@pytest.mark.parametrize(
    ("asked", "headers"),
    [
        ({"lwp": "/r/IDLSend/send", "headers": {"mid": "7c2f0011 0"}}, {"mid": "7c2f0011 0"}),
        ({"lwp": "/r/IDLSend/send", "headers": {}}, {}),
        ({"headers": {"mid": ["x"]}}, {}),
        ([], {}),
        (b"no json", {}),
        (b"", {}),
    ],
)
def test_a_web_chat_frame_is_answered_under_its_message_id(
    frame: Send, scope: Scope, asked: object, headers: object
) -> None:
    told = body(refused(frame(asked), scope))
    assert told == {"headers": headers, "code": 403, "body": {"reason": MESSAGE, "code": "DLP", "reference": REFERENCE}}


def test_a_bot_in_stream_mode_gets_no_frame(frame: Send, scope: Scope) -> None:
    assert refused(frame({"code": 200}, "wss-open-connection.dingtalk.com"), scope).body == b""


@pytest.mark.parametrize("channel", list(Channel))
def test_every_refusal_carries_its_reference_and_is_not_stored(send: Send, scope: Scope, channel: Channel) -> None:
    refusal = refused(send("POST api.dingtalk.com/x", {}), scope, channel)
    assert header(refusal, "Cache-Control") == "no-store"
    assert header(refusal, "Cerco-Reference") == REFERENCE
    assert refusal.status in {200, 403}


@pytest.mark.parametrize("channel", list(Channel))
def test_a_browser_that_navigates_gets_the_page(send: Send, scope: Scope, channel: Channel) -> None:
    refusal = refused(send("GET im.dingtalk.com/", Sec_Fetch_Mode="navigate"), scope, channel)
    assert (refusal.status, refusal.body.decode()) == (403, PAGE)
    assert header(refusal, "Content-Type") == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "headers", "navigates"),
    [
        ("GET", {"Sec_Fetch_Mode": "navigate"}, True),
        ("POST", {"Sec_Fetch_Mode": "Navigate"}, True),
        ("GET", {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}, True),
        ("POST", {"Accept": "application/xml, text/html;q=0.9"}, True),
        ("GET", {"Sec_Fetch_Mode": "cors", "Accept": "text/html"}, False),
        ("PUT", {"Accept": "text/html"}, False),
        ("GET", {"Accept": "*/*"}, False),
        ("GET", {"Accept": "text/html-like"}, False),
        ("GET", {}, False),
    ],
)
def test_a_navigation_is_told_from_a_call(send: Send, method: str, headers: dict[str, str], navigates: bool) -> None:
    assert is_navigation(send(f"{method} im.dingtalk.com/", **headers)) is navigates
