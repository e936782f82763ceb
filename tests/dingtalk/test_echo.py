"""Echoes: what a bot hands back is no finding; what it adds is."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.dingtalk.echo import LONGEST, UNANSWERED, Echoes
from cerco.dingtalk.outbound import Wire
from cerco.dingtalk.read import read
from cerco.dingtalk.scope import Scope

type Send = Callable[..., Wire]

HOST = "wss-open-connection.dingtalk.com"
KEY = b"key of one run of the tests"
SAID = {
    "text": {"content": " 客戶 1234567(8)"},
    "senderNick": "陳",
    "at": [1.5, None, True],
    "sessionWebhook": "https://x",
}


def inbound(data: object, name: str = "m1") -> str:
    """Spell a message as DingTalk does: compact, and as it is."""
    held = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    headers = {"topic": "/v1.0/im/bot/messages/get", "messageId": name}
    return json.dumps({"specVersion": "1.0", "type": "CALLBACK", "headers": headers, "data": held}, ensure_ascii=False)


def answer(data: object, name: str = "m1") -> dict[str, object]:
    """Spell an answer as the SDKs do: with blanks, and in plain ASCII."""
    headers = {"contentType": "application/json", "messageId": name}
    return {"code": 200, "headers": headers, "message": "ok", "data": json.dumps(data)}


@pytest.fixture
def echoes() -> Echoes:
    echoes = Echoes(KEY)
    echoes.heard(inbound(SAID))
    return echoes


def said(wire: Wire, scope: Scope) -> str:
    return "\0".join(part.content for part in read(wire, scope).parts if isinstance(part.content, str))


@pytest.mark.parametrize("data", [SAID, {"response": SAID}, {"response": json.dumps(SAID)}, json.dumps(SAID)])
def test_an_answer_that_repeats_its_message_has_nothing_left_to_judge(
    echoes: Echoes, frame: Send, scope: Scope, data: object
) -> None:
    wire = frame(answer(data), HOST)
    assert "1234567(8)" in said(wire, scope)
    assert "1234567(8)" not in said(echoes.strip(wire), scope)


ADDED = {
    "another text": {"text": {"content": "1234567(8)"}},
    "a field more": {**SAID, "more": "x"},
    "a field less": {key: value for key, value in SAID.items() if key != "at"},
    "a piece of it": SAID["text"],
    "another number": {**SAID, "at": [1.51, None, True]},
    "null for a word": {**SAID, "senderNick": None},
    "too far in": {"a": {"b": {"c": {"d": {"e": SAID}}}}},
}


@pytest.mark.parametrize("data", ADDED.values(), ids=ADDED)
def test_an_answer_that_says_anything_else_stays_as_it_is(echoes: Echoes, frame: Send, data: object) -> None:
    wire = frame(answer(data), HOST)
    assert echoes.strip(wire) is wire


def test_what_stands_beside_an_echo_stays(echoes: Echoes, frame: Send, scope: Scope) -> None:
    wire = frame({**answer({"response": SAID, "note": "7654321(0)"}), "message": "賬號 9876"}, HOST)
    left = said(echoes.strip(wire), scope)
    assert "1234567(8)" not in left
    assert "7654321(0)" in left
    assert "賬號 9876" in left


def test_a_doubled_name_hides_nothing(echoes: Echoes, frame: Send) -> None:
    spelled = json.dumps(json.dumps(SAID))
    heads = '"headers":{"messageId":"m1"}'
    twice = f'{{{heads},"data":"7654321(0)","data":{spelled}}}'
    inside = json.dumps(json.dumps(SAID)[:-1] + ',"senderNick":"7654321(0)"}')
    for text in (twice, f'{{{heads},"data":{inside}}}', f'{{{heads},{heads},"data":{spelled}}}'):
        wire = frame(text.encode(), HOST)
        assert echoes.strip(wire) is wire


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(json.dumps(answer(SAID, "m2")), id="of another message"),
        pytest.param(json.dumps({"data": json.dumps(SAID)}), id="of no message"),
        pytest.param(json.dumps([answer(SAID)]), id="in a list"),
        pytest.param(json.dumps(answer(SAID))[:-1], id="broken off"),
        pytest.param(json.dumps({**answer(SAID), "headers": {"messageId": 1}}), id="numbered"),
        pytest.param("x" * (LONGEST + 1), id="too long"),
        pytest.param("[" * 5_000, id="too deep"),
        pytest.param(json.dumps({**answer(SAID), "data": '{"a":' * 900 + "1" + "}" * 900}), id="data too deep"),
    ],
)
def test_any_other_frame_stays_as_it_is(echoes: Echoes, frame: Send, body: str) -> None:
    wire = frame(body.encode(), HOST)
    assert echoes.strip(wire) is wire


def test_an_event_that_is_no_json_may_be_handed_back(frame: Send, scope: Scope) -> None:
    echoes = Echoes(KEY)
    echoes.heard(inbound("客戶 1234567(8)"))
    assert "1234567" not in said(echoes.strip(frame({**answer(""), "data": "客戶 1234567(8)"}, HOST)), scope)
    assert "1234567" in said(echoes.strip(frame({**answer(""), "data": "客戶 1234567(9)"}, HOST)), scope)


def test_a_flood_forgets_the_oldest(echoes: Echoes, frame: Send) -> None:
    for number in range(UNANSWERED - 1):
        echoes.heard(inbound({"text": "x"}, f"other-{number}"))
    wire = frame(answer(SAID), HOST)
    assert echoes.strip(wire) is not wire
    echoes.heard(inbound({"text": "x"}, "one more"))
    assert echoes.strip(wire) is wire


def test_nothing_that_was_heard_is_kept(echoes: Echoes) -> None:
    assert all(len(name) == len(value) == 32 for name, value in echoes._heard.items())


def test_another_connection_has_heard_nothing(echoes: Echoes, frame: Send) -> None:
    wire = frame(answer(SAID), HOST)
    assert Echoes(KEY).strip(wire) is wire


@given(st.text(max_size=60) | st.binary(max_size=60))
@hypothesis(max_examples=60, deadline=None)
def test_no_frame_upsets_it(frame: Send, noise: str | bytes) -> None:
    echoes = Echoes(KEY)
    echoes.heard(noise)
    body = noise if isinstance(noise, bytes) else noise.encode(errors="surrogatepass")
    wire = frame(body, HOST)
    assert echoes.strip(wire) is wire


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=4), JSON, min_size=1, max_size=4), JSON)
@hypothesis(max_examples=150, deadline=None)
def test_an_echo_is_known_in_any_spelling_and_nothing_else_is(
    frame: Send, data: dict[str, object], other: object
) -> None:
    echoes = Echoes(KEY)
    echoes.heard(inbound(data))
    stripped = json.loads(echoes.strip(frame(answer(data), HOST)).body)
    assert stripped == {**answer(data), "data": ""}
    beside = frame(answer({"response": data, "other": other}), HOST)
    left = json.loads(json.loads(echoes.strip(beside).body)["data"])
    assert left["response"] == ""
    if json.dumps(data) not in json.dumps(other):
        assert left["other"] == other
