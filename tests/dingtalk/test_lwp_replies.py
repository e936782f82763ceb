"""Replies in web chat: a send learns its message's id, and a forward names the ids it sends on."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.dingtalk import lwp_replies as module
from cerco.dingtalk.lwp_replies import Waiting, forwarded, sent_messages, wants_reply
from cerco.dingtalk.outbound import Key, Reply, Wire

type Send = Callable[..., Wire]

SEND, PAAS, FORWARD = "/r/IDLSend/send", "/r/MessageSend/sendByReceiverScope", "/r/IDLSend/forward"


def sending(frame: Send, uri: str = SEND, mid: object = "7c2f0011 0", body: object = "hello") -> Wire:
    return frame({"lwp": uri, "headers": {"mid": mid}, "body": [body]})


def reply(body: object, mid: str = "7c2f0011 0", code: object = 200) -> str:
    return json.dumps({"headers": {"mid": mid, "sid": "ab"}, "code": code, "body": body})


def ids(*values: str) -> tuple[Key, ...]:
    return tuple(Key("message", value) for value in values)


@pytest.mark.parametrize("uri", [SEND, PAAS, FORWARD])
@pytest.mark.parametrize(
    ("body", "named"),
    [
        pytest.param({"messageId": 170000000001, "createdAt": 1}, ids("170000000001"), id="number"),
        pytest.param({"messageId": "3001.PNM"}, ids("3001.PNM"), id="text"),
        pytest.param({"model": {"message": {"messageId": "5"}}}, ids("5"), id="further down"),
        pytest.param({"extension": json.dumps({"messageId": "5"})}, ids("5"), id="in JSON in a string"),
        pytest.param([{"messageId": "5"}, {"messageId": "6"}, {"messageId": "5"}], ids("5", "6"), id="several"),
        pytest.param({"messageIds": [5, "6"]}, ids("5", "6"), id="a list"),
        pytest.param({"messageId": 0}, (), id="none yet"),
        pytest.param({"messageId": ""}, (), id="empty"),
        pytest.param({"uuid": "5", "id": "6"}, (), id="other ids"),
        pytest.param({}, (), id="nothing"),
    ],
)
def test_a_reply_names_the_message_that_was_sent(frame: Send, uri: str, body: object, named: tuple[Key, ...]) -> None:
    waiting = Waiting[str]()
    wire = sending(frame, uri)
    waiting.sent(wire, "decision")
    answered = waiting.answered(reply(body))
    assert answered is not None
    assert (answered[0], answered[2]) == (wire, "decision")
    assert sent_messages(wire, answered[1]) == named


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        pytest.param(SEND, 400, id="refused by DingTalk"),
        pytest.param("/r/IDLRead/list", 200, id="not a send"),
        pytest.param("/r/FileUpload/pre", 200, id="an upload"),
    ],
)
def test_other_replies_name_no_message(frame: Send, uri: str, code: int) -> None:
    body = reply({"messageId": "5"}).encode()
    assert sent_messages(sending(frame, uri), Reply(code, (), body)) == ()


def test_a_reply_is_matched_by_its_mid_and_only_once(frame: Send) -> None:
    waiting = Waiting[int]()
    for number in range(3):
        waiting.sent(sending(frame, mid=f"m{number}"), number)
    assert waiting.answered(reply({}, "other")) is None
    for number in (1, 0, 2):
        answered = waiting.answered(reply({"messageId": "5"}, f"m{number}").encode())
        assert answered is not None
        assert answered[2] == number
    assert waiting.answered(reply({}, "m1")) is None


def test_a_reply_that_says_to_go_on_is_not_the_last(frame: Send) -> None:
    waiting = Waiting[int]()
    waiting.sent(sending(frame), 1)
    first, second = waiting.answered(reply({}, code=100)), waiting.answered(reply({}))
    assert first is not None
    assert second is not None
    assert (first[1].status, second[1].status) == (100, 200)


@pytest.mark.parametrize(
    "frame_back",
    ["", "x", "[]", '{"headers":{"mid":"7c2f0011 0"}}', reply({}, code="200"), reply({}, code=2.5), reply({}, code=-1)],
)
def test_what_is_no_reply_answers_nothing(frame: Send, frame_back: str) -> None:
    waiting = Waiting[int]()
    waiting.sent(sending(frame), 1)
    assert waiting.answered(frame_back) is None
    assert waiting.answered(reply({})) is not None


def test_frames_that_wait_are_bounded_by_their_bytes(frame: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD", 1_000)
    waiting = Waiting[int]()
    for number in range(4):
        waiting.sent(sending(frame, mid=f"m{number}", body="x" * 300), number)
    waiting.sent(sending(frame, mid="large", body="x" * 2_000), 9)
    found = [waiting.answered(reply({}, f"m{number}")) is not None for number in range(4)]
    assert found == [False, False, True, True]
    assert waiting.answered(reply({}, "large")) is None


def test_a_mid_used_again_stands_for_the_newer_frame(frame: Send) -> None:
    waiting = Waiting[int]()
    waiting.sent(sending(frame), 1)
    waiting.sent(sending(frame), 2)
    answered = waiting.answered(reply({}))
    assert answered is not None
    assert answered[2] == 2
    assert waiting.answered(reply({})) is None


@pytest.mark.parametrize(
    ("uri", "wanted"),
    [
        (SEND, True),
        (PAAS, True),
        (FORWARD, True),
        ("/r/FileUpload/pre", True),
        ("/r/FileUpload/ci", True),
        ("/r/FileUpload/frag", False),
        ("/!", False),
        ("/reg", False),
    ],
)
def test_only_replies_that_may_name_something_are_waited_for(frame: Send, uri: str, wanted: bool) -> None:
    assert wants_reply(sending(frame, uri)) is wanted


def test_an_escaped_frame_is_waited_for_all_the_same(frame: Send) -> None:
    assert wants_reply(frame(b'{"\\u006cwp":"/r/IDLSend/send","headers":{"mid":"1 0"}}'))


@pytest.mark.parametrize(
    ("uri", "body", "keys"),
    [
        pytest.param(FORWARD, {"messageId": 5, "toConversationId": "1:2"}, ids("5"), id="one"),
        pytest.param("/r/IDLSend/forwardBatch", {"messageIds": [5, 6]}, ids("5", "6"), id="several"),
        pytest.param("/r/IDLSend/forwardWithTransform", {"model": {"messageId": "5"}}, ids("5"), id="transformed"),
        pytest.param("/r/IDLSend/combineForward", {"messageIds": ["5"], "contentModels": {}}, ids("5"), id="combined"),
        pytest.param(SEND, {"messageId": 5}, (), id="a send"),
        pytest.param("/r/IDLSend/forwards/x", {"messageId": 5}, (), id="another call"),
        pytest.param(FORWARD, {"toConversationId": "1:2"}, (), id="nothing to forward"),
    ],
)
def test_a_forward_names_what_it_sends_on(frame: Send, uri: str, body: object, keys: tuple[Key, ...]) -> None:
    assert forwarded(sending(frame, uri, body=body)) == keys


def test_a_forward_is_seen_through_escapes(frame: Send) -> None:
    raw = b'{"lwp":"/r/IDLSend/f\\u006frward","headers":{},"body":[{"messageId":5}]}'
    assert forwarded(frame(raw)) == ids("5")


def test_the_message_a_forward_makes_is_not_the_one_it_sends_on(frame: Send) -> None:
    wire = sending(frame, FORWARD, body={"messageId": 5})
    body = reply({"messageId": 6, "from": {"messageId": 5}}).encode()
    assert sent_messages(wire, Reply(200, (), body)) == ids("6")


@given(st.text(max_size=40) | st.binary(max_size=40))
@hypothesis(max_examples=60, deadline=None)
def test_no_frame_upsets_it(frame: Send, noise: str | bytes) -> None:
    body = noise if isinstance(noise, bytes) else b'{"lwp":"' + noise.encode(errors="surrogatepass") + b'forward"}'
    wire = frame(body)
    waiting = Waiting[int]()
    waiting.sent(sending(frame), 1)
    waiting.sent(wire, 2)
    assert forwarded(wire) == ()
    assert sent_messages(wire, Reply(200, (), body)) == ()
    assert waiting.answered(noise) is None
