"""Sequences: which texts go on from which, and which never do."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.decide.load import load
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.outbound import Wire
from cerco.dingtalk.read import read
from cerco.dingtalk.scope import Scope
from cerco.dingtalk.sequence import MOST, Strand, sequences

type Send = Callable[..., Wire]

OAPI = "POST oapi.dingtalk.com"
API = "POST api.dingtalk.com"
FORM = "application/x-www-form-urlencoded"
SHEET = "api.dingtalk.com/v1.0/doc/workbooks/wb1/sheets/s1"


ENDPOINTS = load((Path(__file__).parents[2] / "rules/dingtalk/endpoints.yaml").read_text(), "endpoints.yaml", Endpoints)


def strands(wire: Wire, scope: Scope, endpoints: Endpoints = ENDPOINTS) -> tuple[Strand, ...]:
    return sequences(wire, read(wire, scope, endpoints=endpoints))


def told(wire: Wire, scope: Scope, endpoints: Endpoints = ENDPOINTS) -> dict[str, str]:
    return {strand.id: strand.text for strand in strands(wire, scope, endpoints)}


def go_on(first: Wire, second: Wire, scope: Scope, endpoints: Endpoints = ENDPOINTS) -> bool:
    """Tell whether the "1234" of one request and the "567(8)" of another are in one strand."""
    before, after = told(first, scope, endpoints), told(second, scope, endpoints)
    return any(before[name].endswith("1234") and after.get(name, "").startswith("567(8)") for name in before)


def robot(send: Send, text: str, group: str = "t1", **more: object) -> Wire:
    return send(f"{OAPI}/robot/send?access_token={group}&timestamp=1700000000001", robot_body(text, **more))


def robot_body(text: str, **more: object) -> dict[str, object]:
    return {"msgtype": "text", "text": {"content": text}, **more}


def group(send: Send, param: dict[str, str], conversation: str = "cid1") -> Wire:
    body = {"msgParam": json.dumps(param), "msgKey": "k", "openConversationId": conversation, "robotCode": "r"}
    return send(f"{API}/v1.0/robot/groupMessages/send", body)


def work(send: Send, text: str, users: str = "u1") -> Wire:
    query = urlencode({"msg": json.dumps(robot_body(text)), "userid_list": users, "session": "s", "method": "x"})
    return send(f"POST eco.taobao.com/router/rest?{query}")


def chat(frame: Send, text: str, conversation: str = "1:2") -> Wire:
    content = {"contentType": 1, "textContent": {"text": text}}
    body = [{"uuid": "1700000000000001", "conversationId": conversation, "content": content}]
    return frame({"lwp": "/r/IDLSend/send", "headers": {"mid": "7c2f0011 0"}, "body": body})


def paas(frame: Send, text: str, conversation: str = "5@x") -> Wire:
    data = base64.b64encode(json.dumps({"contentType": 1, "text": {"text": text}}).encode()).decode()
    body = [{"cid": conversation, "content": {"contentType": 101, "custom": {"type": 1, "data": data}}}]
    return frame({"lwp": "/r/MessageSend/sendByReceiverScope", "headers": {"mid": "1 0"}, "body": body})


def card(send: Send, text: str, name: str = "c1", key: str = "k", *, full: object = False) -> Wire:
    body = {"outTrackId": name, "key": key, "content": text, "guid": "1700000000001", "isFull": full}
    return send("PUT api.dingtalk.com/v1.0/card/streaming", body)


def cells(send: Send, values: object, at: str = "A1", book: str = "wb1") -> Wire:
    return send(f"PUT api.dingtalk.com/v1.0/doc/workbooks/{book}/sheets/s1/ranges/{at}", {"values": values})


def records(send: Send, *fields: dict[str, object]) -> Wire:
    line = f"{API}/v1.0/notable/bases/b1/sheets/s1/records"
    return send(line, {"records": [{"fields": each} for each in fields]})


def tool(send: Send, name: str, arguments: dict[str, object]) -> Wire:
    call = {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    return send("POST mcp-gw.dingtalk.com/server/s1", call)


type Pair = Callable[[Send, Send], tuple[Wire, Wire]]

GO_ON: dict[str, Pair] = {
    "robot": lambda send, _: (robot(send, "1234"), robot(send, "567(8)")),
    "robot, with people called at": lambda send, _: (
        robot(send, "1234", at={"atMobiles": ["66123456"]}),
        robot(send, "567(8)", at={"atMobiles": ["66123456"]}),
    ),
    "robot, text and then markdown": lambda send, _: (
        robot(send, "1234"),
        send(
            f"{OAPI}/robot/send?access_token=t1", {"msgtype": "markdown", "markdown": {"title": "x", "text": "567(8)"}}
        ),
    ),
    "robot, JSON and then a form": lambda send, _: (
        robot(send, "1234"),
        send(
            f"{OAPI}/robot/send",
            urlencode({"access_token": "t1", "msgtype": "text", "text": json.dumps({"content": "567(8)"})}).encode(),
            FORM,
        ),
    ),
    "session webhook": lambda send, _: (
        send(f"{OAPI}/robot/sendBySession?session=s1", robot_body("1234")),
        send(f"{OAPI}/robot/sendBySession?session=s1", robot_body("567(8)")),
    ),
    "group robot": lambda send, _: (group(send, {"content": "1234"}), group(send, {"content": "567(8)"})),
    "titles of a group robot": lambda send, _: (
        group(send, {"title": "1234", "text": "a"}),
        group(send, {"title": "567(8)", "text": "b"}),
    ),
    "work notification in a query": lambda send, _: (work(send, "1234"), work(send, "567(8)")),
    "work notification, people in another order": lambda send, _: (
        send(f"{API}/v1.0/robot/oToMessages/batchSend", {"userIds": ["a", "b"], "msgParam": '{"content":"1234"}'}),
        send(f"{API}/v1.0/robot/oToMessages/batchSend", {"userIds": ["b", "a"], "msgParam": '{"content":"567(8)"}'}),
    ),
    "web chat": lambda _, frame: (chat(frame, "1234"), chat(frame, "567(8)")),
    "chat in base64": lambda _, frame: (paas(frame, "1234"), paas(frame, "567(8)")),
    "parameters of a card": lambda send, _: (
        send("PUT api.dingtalk.com/v1.0/im/interactiveCards", _params(note="1234", phone="66123456")),
        send("PUT api.dingtalk.com/v1.0/im/interactiveCards", _params(note="567(8)", phone="66123456")),
    ),
    "streaming card": lambda send, _: (card(send, "1234"), card(send, "567(8)")),
    "streaming card through an agent": lambda send, _: (
        tool(send, "update_streaming_card", {"outTrackId": "c1", "key": "k", "content": "1234", "isFull": False}),
        card(send, "567(8)"),
    ),
    "agent": lambda send, _: (
        tool(send, "send_personal_message", {"openConversationId": "c", "content": json.dumps({"text": "1234"})}),
        tool(send, "send_personal_message", {"openConversationId": "c", "content": json.dumps({"text": "567(8)"})}),
    ),
    "cells one by one": lambda send, _: (cells(send, [["1234"]]), cells(send, [["567(8)"]], "B1")),
    "cells as numbers": lambda send, _: (cells(send, [["a", 1234]]), cells(send, [["567(8)"]], "C1")),
    "a column": lambda send, _: (cells(send, [["a", "1234"]]), cells(send, [["b", "567(8)"]], "A2")),
    "cells in a batch": lambda send, _: (
        cells(send, [["1234"]]),
        send(
            f"{API}/v1.0/doc/workbooks/wb1/batch",
            {"requests": [{"method": "PUT", "path": "/x", "body": json.dumps({"values": [["567(8)"]]})}]},
        ),
    ),
    "cells through an agent": lambda send, _: (
        tool(send, "update_range", {"workbookId": "wb1", "range": "A1", "values": [["1234"]]}),
        tool(send, "append_rows", {"workbookId": "wb1", "values": [["567(8)"]]}),
    ),
    "records": lambda send, _: (records(send, {"n": "A", "id": "1234"}), records(send, {"n": "B", "id": "567(8)"})),
    "rich cells": lambda send, _: (
        records(send, {"id": [{"type": "text", "text": "1234"}]}),
        records(send, {"id": {"markdown": "567(8)"}}),
    ),
    "paragraphs of a document": lambda send, _: (
        send(f"{API}/v1.0/doc/suites/documents/d1/blocks/b1/paragraph/appendText", {"text": "1234"}),
        send(f"{API}/v1.0/doc/suites/documents/d1/blocks/b2/paragraph/appendText", {"text": "567(8)"}),
    ),
    "a request nobody knows": lambda send, _: (
        send(f"{API}/v9.0/new/things", {"content": "1234"}),
        send(f"{API}/v9.0/new/things", {"content": "567(8)"}),
    ),
}


def _params(**params: str) -> dict[str, object]:
    return {"outTrackId": "c1", "openConversationId": "c", "cardData": {"cardParamMap": params}}


@pytest.mark.parametrize("endpoints", [ENDPOINTS, Endpoints()], ids=["described", "not described"])
@pytest.mark.parametrize("pair", GO_ON.values(), ids=GO_ON)
def test_the_second_goes_on_from_the_first(
    send: Send, frame: Send, scope: Scope, pair: Pair, endpoints: Endpoints
) -> None:
    assert go_on(*pair(send, frame), scope, endpoints)


APART: dict[str, Pair] = {
    "two groups": lambda send, _: (robot(send, "1234"), robot(send, "567(8)", "t2")),
    "two conversations": lambda send, _: (group(send, {"content": "1234"}), group(send, {"content": "567(8)"}, "c2")),
    "two people": lambda send, _: (work(send, "1234"), work(send, "567(8)", "u2")),
    "two chats": lambda _, frame: (chat(frame, "1234"), chat(frame, "567(8)", "1:3")),
    "two senders": lambda send, _: (robot(send, "1234"), replace(robot(send, "567(8)"), client="192.0.2.10")),
    "a title and a text": lambda send, _: (
        group(send, {"title": "1234", "text": "x"}),
        group(send, {"title": "x", "text": "567(8)"}),
    ),
    "two cards": lambda send, _: (card(send, "1234"), card(send, "567(8)", "c2")),
    "two fields of a card": lambda send, _: (card(send, "1234"), card(send, "567(8)", key="other")),
    "two workbooks": lambda send, _: (cells(send, [["1234"]]), cells(send, [["567(8)"]], book="wb2")),
    "two parameters": lambda send, _: (
        send("PUT api.dingtalk.com/v1.0/im/interactiveCards", _params(note="1234")),
        send("PUT api.dingtalk.com/v1.0/im/interactiveCards", _params(phone="567(8)")),
    ),
}


@pytest.mark.parametrize("pair", APART.values(), ids=APART)
def test_what_belongs_to_different_things_stays_apart(send: Send, frame: Send, scope: Scope, pair: Pair) -> None:
    first, second = pair(send, frame)
    assert told(first, scope)
    assert told(second, scope)
    assert not go_on(first, second, scope)


@pytest.mark.parametrize(
    ("full", "anew"), [(True, True), ("true", True), (False, False), ("false", False), (None, False), (0, False)]
)
def test_a_card_that_is_written_whole_starts_anew(send: Send, scope: Scope, full: object, anew: bool) -> None:
    (strand,) = strands(card(send, "1234", full=full), scope)
    assert (strand.text, strand.anew) == ("1234", anew)


def test_emptying_a_card_starts_it_anew(send: Send, scope: Scope) -> None:
    assert [strand.anew for strand in strands(card(send, "", full=True), scope)] == [True]
    assert strands(card(send, ""), scope) == ()


def test_a_doubled_field_of_a_card_does_not_start_it_anew(send: Send, scope: Scope) -> None:
    body = b'{"outTrackId":"c1","key":"k","content":"12","content":"34","isFull":true,"isFull":false}'
    (strand,) = strands(send("PUT api.dingtalk.com/v1.0/card/streaming", body, "application/json"), scope)
    assert (strand.text, strand.anew) == ("1234", False)


def test_a_card_goes_on_from_any_address(send: Send, scope: Scope) -> None:
    assert go_on(card(send, "1234"), replace(card(send, "567(8)"), client="192.0.2.10"), scope)


def test_numbers_for_machines_are_in_no_strand(send: Send, frame: Send, scope: Scope) -> None:
    for wire in (robot(send, "你好", at={"atMobiles": ["66123456"]}), chat(frame, "你好"), card(send, "你好")):
        assert [strand.text for strand in strands(wire, scope)] == ["你好"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("GET api.dingtalk.com/v1.0/x?content=1234", id="a question"),
        pytest.param("PUT zjk.trans.dingtalk.com/yundisk0/x.file?content=1234", id="a file"),
        pytest.param("WEBSOCKET wss-open-connection.dingtalk.com/connect", id="an answer in Stream mode"),
        pytest.param(f"{API}/v1.0/x", id="no words"),
    ],
)
def test_what_is_no_message_has_no_strands(send: Send, scope: Scope, line: str) -> None:
    assert (
        strands(send(line, {"data": "1234", "id": "1234567"} if "v1.0/x" in line else b'{"content":"1"}'), scope) == ()
    )


def test_a_wide_sheet_gives_so_many_strands_and_all_its_cells_in_the_first(send: Send, scope: Scope) -> None:
    made = strands(cells(send, [[str(number) for number in range(200)]]), scope)
    assert len(made) == MOST
    assert made[0].text.split("\t") == [str(number) for number in range(200)]
    assert len({strand.place for strand in made}) == len({strand.id for strand in made}) == MOST


def test_a_strand_shows_neither_its_text_nor_its_name(send: Send, scope: Scope) -> None:
    (strand,) = strands(robot(send, "1234567(8)", "token1"), scope)
    assert strand.place == "text.content"
    assert "1234567" not in repr(strand)
    assert "token1" not in repr(strand)


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["values", "fields", "content", "outTrackId", "isFull", "text", "key"]), inner, max_size=4
        )
        | inner.map(json.dumps)
    ),
    max_leaves=10,
)


@given(
    st.sampled_from(
        [
            "PUT api.dingtalk.com/v1.0/card/streaming",
            f"PUT {SHEET}/ranges/A1",
            "POST mcp-gw.dingtalk.com/server/s",
            f"{OAPI}/robot/send",
            "WEBSOCKET webalfa.dingtalk.com/long",
        ]
    ),
    VALUE | st.binary(max_size=20),
)
@hypothesis(max_examples=150, deadline=None)
def test_no_body_upsets_it(send: Send, scope: Scope, line: str, body: object) -> None:
    for strand in strands(send(line, body), scope):
        assert strand.text.strip() or strand.anew
