"""Every message to DingTalk is judged whole before it goes; refusals are answered in the chat's own protocol."""

import json
from typing import Any

import pytest
from wsproto.events import BytesMessage, CloseConnection, Message, Ping, Pong, TextMessage
from wsproto.extensions import PerMessageDeflate

from cerco.runtime.gate import Gate
from proxy_addons.frames import Frames
from tests.proxy_addons.flows import MARKER, Chat, Judge, frame_flow, make_gate

HOST = "webalfa.dingtalk.com"


def said(text: str) -> str:
    return json.dumps({"lwp": "/r/IDLSend/send", "headers": {"mid": "7 0"}, "body": [text]}, ensure_ascii=False)


def contents(found: list[Any]) -> list[Any]:
    return [event.data for event in found if isinstance(event, Message)]


@pytest.fixture
async def chat(gate: Gate) -> Chat:
    opened = Chat(gate)
    await opened.open()
    return opened


async def test_a_clean_message_goes(chat: Chat) -> None:
    await chat.say(TextMessage(said("hello")))
    assert contents(chat.heard()) == [said("hello")]


async def test_a_refused_one_is_dropped_and_answered_under_its_mid(chat: Chat) -> None:
    await chat.say(TextMessage(said(MARKER)))
    assert chat.received == b""
    (answer,) = (json.loads(data) for data in contents(chat.was_told()))
    assert answer["headers"]["mid"] == "7 0"
    assert answer["code"] == 403


async def test_the_chat_goes_on_after_a_refusal(chat: Chat) -> None:
    for text in (MARKER, "one", MARKER, "two"):
        await chat.say(TextMessage(said(text)))
    assert contents(chat.heard()) == [said("one"), said("two")]


PIECES = {
    "three bytes each": [said(MARKER)[start : start + 3] for start in range(0, len(said(MARKER)), 3)],
    "cut within the marker": [*said(MARKER).partition(MARKER[:4])],
}


@pytest.mark.parametrize("pieces", PIECES.values(), ids=PIECES)
async def test_fragments_are_judged_together(chat: Chat, judge: Judge, pieces: list[str]) -> None:
    await chat.say(
        *(TextMessage(piece, message_finished=number == len(pieces)) for number, piece in enumerate(pieces, 1))
    )
    assert chat.received == b""
    assert judge.seen[-1].body == said(MARKER).encode()


async def test_no_fragment_goes_before_the_last(chat: Chat) -> None:
    await chat.say(TextMessage("half of", message_finished=False))
    assert chat.received == b""
    await chat.say(Ping(b"x"), TextMessage(" it"))
    assert "".join(contents(chat.heard())) == "half of it"


async def test_a_frame_in_single_bytes_is_a_frame(chat: Chat) -> None:
    await chat.send(*(bytes([byte]) for byte in chat.peer.send(TextMessage(said(MARKER)))))
    assert chat.received == b""


async def test_binary_messages_are_judged_as_such(chat: Chat, judge: Judge) -> None:
    await chat.say(BytesMessage(b"\x00" + MARKER.encode()))
    assert chat.received == b""
    assert judge.seen[-1].is_text is False


async def test_compressed_messages_are_judged_unpacked(gate: Gate, judge: Judge) -> None:
    chat = Chat(gate, extensions=[deflate()])
    await chat.open()
    await chat.say(TextMessage(said(MARKER)), TextMessage(said("hello " * 50)), TextMessage(said(MARKER)))
    assert [MARKER.encode() in wire.body for wire in judge.seen[1:]] == [True, False, True]
    assert MARKER.encode() not in chat.received


def deflate() -> PerMessageDeflate:
    made = PerMessageDeflate()
    made.finalize("permessage-deflate")
    return made


@pytest.mark.parametrize("text", ["客戶" * 4000, "a" + "戶" * 5000], ids=["even", "odd"])
async def test_a_label_in_a_long_message_leaves_every_character_whole(chat: Chat, judge: Judge, text: str) -> None:
    judge.judge, judge.body = (lambda _: "tagged"), ("🔴" + text).encode()
    await chat.say(TextMessage(text))
    assert "".join(contents(chat.heard())) == "🔴" + text


@pytest.mark.parametrize("fault", [RuntimeError("quoted"), TimeoutError(), OSError(28, "full")])
async def test_whatever_stops_the_judging_the_message_stays(chat: Chat, judge: Judge, fault: Exception) -> None:
    judge.fault = fault
    await chat.say(TextMessage(said("clean")))
    assert chat.received == b""


async def test_a_fault_in_the_hook_itself_drops_the_message(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    made = frame_flow(HOST, b"clean")
    monkeypatch.setattr(gate, "covers", None)
    await Frames(gate).websocket_message(made)
    assert made.websocket
    assert made.websocket.messages[-1].dropped


async def test_while_the_site_observes_a_fault_lets_messages_go(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = make_gate(judge, enforcement="observe")
    made = frame_flow(HOST, b"clean")
    monkeypatch.setattr(gate, "covers", None)
    await Frames(gate).websocket_message(made)
    assert made.websocket
    assert not made.websocket.messages[-1].dropped


@pytest.mark.parametrize(("host", "from_client"), [(HOST, False), ("chat.example.test", True)])
async def test_messages_to_the_client_and_other_sites_are_not_read(
    gate: Gate, judge: Judge, host: str, from_client: bool
) -> None:
    made = frame_flow(host, MARKER.encode(), from_client=from_client)
    await Frames(gate).websocket_message(made)
    assert made.websocket
    assert not made.websocket.messages[-1].dropped
    assert judge.seen == []


async def test_only_the_newest_message_is_kept(chat: Chat, gate: Gate) -> None:
    made = frame_flow(HOST, b"clean")
    assert made.websocket
    assert len(made.websocket.messages) > 1
    await Frames(gate).websocket_message(made)
    assert len(made.websocket.messages) == 1


async def test_a_flow_without_a_websocket_is_left_alone(gate: Gate) -> None:
    made = frame_flow(HOST, b"")
    made.websocket = None
    await Frames(gate).websocket_message(made)


async def test_a_message_without_an_end_is_not_kept_forever(judge: Judge) -> None:
    chat = Chat(make_gate(judge, limits={"body": "64 KiB"}))
    await chat.open()
    for _ in range(70):
        await chat.say(TextMessage("x" * 1000, message_finished=False))
    assert chat.closed
    assert [event for event in chat.heard() if isinstance(event, Message)] == []
    assert [event.code for event in chat.was_told() if isinstance(event, CloseConnection)] == [1009]


async def test_a_packed_message_counts_by_what_it_unpacks_to(judge: Judge) -> None:
    chat = Chat(make_gate(judge, limits={"body": "64 KiB"}), extensions=[deflate()])
    await chat.open()
    await chat.say(TextMessage("x" * 1_000_000))
    assert chat.closed
    assert len(judge.seen) == 1  # the handshake


async def test_messages_within_the_limit_add_up_to_nothing(judge: Judge) -> None:
    chat = Chat(make_gate(judge, limits={"body": "64 KiB"}))
    await chat.open()
    for _ in range(5):
        await chat.say(TextMessage("x" * 50_000))
    assert sum(map(len, contents(chat.heard()))) == 250_000


# --- heartbeats on the way ---


async def test_a_heartbeat_arrives_without_what_it_said_and_comes_back_with_it(chat: Chat) -> None:
    await chat.say(Ping(MARKER.encode()))
    (ping,) = chat.heard()
    assert isinstance(ping, Ping)
    assert MARKER[:4].encode() not in bytes(ping.payload)
    await chat.answer(chat.origin.send(Pong(bytes(ping.payload))))
    (pong,) = chat.was_told()
    assert isinstance(pong, Pong)
    assert bytes(pong.payload) == MARKER.encode()


async def test_a_goodbye_arrives_without_its_reason(chat: Chat) -> None:
    await chat.say(CloseConnection(1000, MARKER))
    (goodbye,) = chat.heard()
    assert (goodbye.code, goodbye.reason) == (1000, "")


async def test_after_goodbye_nothing_goes(chat: Chat) -> None:
    await chat.say(CloseConnection(1000))
    chat.heard()
    await chat.send(b"\x81\x84\0\0\0\0" + b"more")
    assert chat.received == b""


@pytest.mark.parametrize(
    "frame",
    [b"\x83\x8b\0\0\0\0", b"\xc1\x8b\0\0\0\0", b"\x89\xfe\x00\x7e\0\0\0\0", b"\x81\x0b"],
    ids=["reserved kind", "reserved bit", "long heartbeat", "unmasked"],
)
async def test_frames_that_break_the_protocol_end_the_chat(chat: Chat, frame: bytes) -> None:
    await chat.send(frame + MARKER.encode() + bytes(120))
    assert MARKER.encode() not in chat.received
    assert chat.closed


async def test_what_a_bot_hands_back_passes_and_what_it_adds_does_not(gate: Gate) -> None:
    chat = Chat(gate, "wss-open-connection.dingtalk.com")
    await chat.open()
    inbound = json.dumps({"text": {"content": MARKER}})
    call = json.dumps({"type": "CALLBACK", "headers": {"messageId": "m1", "topic": "/v1.0/im/bot"}, "data": inbound})
    await chat.answer(chat.origin.send(TextMessage(call)))
    assert contents(chat.was_told()) == [call]
    handed = json.dumps({"code": 200, "headers": {"messageId": "m1"}, "message": "OK", "data": inbound})
    await chat.say(TextMessage(handed))
    assert contents(chat.heard()) == [handed]  # as the bot wrote it, though it was judged without the echo
    for changed in (handed.replace('"m1"', '"m2"'), handed.replace('"OK"', f'"{MARKER}"')):
        await chat.say(TextMessage(changed))
    assert chat.received == b""


async def test_frames_of_a_bundle_are_judged_together(chat: Chat, judge: Judge) -> None:
    whole = said(MARKER)
    middle = whole.index(MARKER) + 3

    def piece(number: int, text: str) -> str:
        headers = {"mid": f"{number} 0", "bundle-id": "b1", "bundle-seq": str(number), "bundle-total": "2"}
        return json.dumps({"lwp": "/r/IDLSend/send", "headers": headers, "body": text})

    await chat.say(TextMessage(piece(0, whole[:middle])))
    assert len(contents(chat.heard())) == 1
    await chat.say(TextMessage(piece(1, whole[middle:])))
    assert chat.received == b""
    assert MARKER in judge.seen[-1].body.decode()


async def test_the_answer_to_a_message_is_learned_under_its_mid(chat: Chat, judge: Judge) -> None:
    await chat.say(TextMessage(said("hello")))
    chat.heard()
    for mid in ("8 0", "7 0", "7 0"):
        answer = {"headers": {"mid": mid}, "code": 200, "body": {"messageId": "1234"}}
        await chat.answer(chat.origin.send(TextMessage(json.dumps(answer))))
    assert [reply.status for reply in judge.learned] == [200]
    assert len(contents(chat.was_told())) == 3
