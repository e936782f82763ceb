import base64
import json
from collections.abc import Callable

import pytest

from cerco.dingtalk.held import Content
from cerco.dingtalk.outbound import Channel, Key, Outbound, Role, Wire

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

MARK = "客戶名單 1234567(8)"


def message(uri: str, *body: object) -> dict[str, object]:
    return {"lwp": uri, "headers": {"mid": "7c2f0011 0"}, "body": list(body)}


def texts(outbound: Outbound, role: Role) -> list[str]:
    return [part.content for part in outbound.parts if isinstance(part.content, str) and part.role is role]


def files(outbound: Outbound) -> list[str | Content]:
    return [part.content for part in outbound.parts if part.role is Role.FILE]


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


TEXT = {"conversationId": "1:2", "content": {"contentType": 1, "textContent": {"text": MARK}}}


def test_a_text_message_is_read(frame: Send, read: Read) -> None:
    said = f"客戶名單\n{MARK}"
    content = {"contentType": 1, "textContent": {"text": said}}
    outbound = read(frame(message("/r/IDLSend/send", TEXT | {"content": content})))
    assert (outbound.channel, outbound.operation) == (Channel.LWP, "lwp:/r/IDLSend/send")
    assert said in texts(outbound, Role.TEXT)
    assert "客戶名單" in texts(outbound, Role.TITLE)
    assert outbound.destination.conversation == "1:2"
    assert outbound.taggable
    assert not outbound.keys


def test_a_message_split_over_several_items_is_read(frame: Send, read: Read) -> None:
    outbound = read(frame(message("/r/IDLSend/send", {"uuid": "1"}, {"content": {"textContent": {"text": MARK}}})))
    assert MARK in texts(outbound, Role.TEXT)


def test_a_drive_file_card_names_the_file_and_its_upload(frame: Send, read: Read) -> None:
    card = {"type": 500, "extension": {"s_id": "9001", "f_id": "42", "f_name": MARK, "f_type": "xlsx"}}
    outbound = read(frame(message("/r/IDLSend/send", {"content": {"contentType": 500, "attachments": [card]}})))
    assert texts(outbound, Role.FILENAME) == [MARK]
    assert outbound.keys == (Key("dentry", "9001/42"),)
    assert outbound.completes


def test_custom_content_is_read_through_its_base64(frame: Send, read: Read) -> None:
    data = packed(json.dumps({"contentType": 1, "text": {"text": MARK}}).encode())
    body = {"cid": "5@x", "content": {"contentType": 101, "custom": {"type": 1, "data": data}}}
    outbound = read(frame(message("/r/MessageSend/sendByReceiverScope", body)))
    assert MARK in texts(outbound, Role.TEXT)
    assert outbound.destination.conversation == "5@x"
    assert not outbound.taggable


@pytest.mark.parametrize("data", ["12345678", MARK, "not/base64=", packed(b"\x00\x01")])
def test_custom_content_that_is_no_base64_of_text_is_read_as_it_stands(frame: Send, read: Read, data: str) -> None:
    outbound = read(frame(message("/r/IDLSend/send", {"content": {"custom": {"data": data}}})))
    assert data in texts(outbound, Role.TEXT)


@pytest.mark.parametrize(
    "body",
    [
        {"content": {"photoContent": {"picBytes": packed(b"\x89PNG" * 5)}}},
        {"content": {"audioContent": {"audioBytes": packed(b"\x89PNG" * 5)}}},
        {"content": {"attachments": [{"data": packed(b"\x89PNG" * 5)}]}},
        {"content": {"photoContent": {"picBytes": packed(b"\x89PNG" * 5).rstrip("=")}}},
    ],
)
def test_inline_bytes_are_a_file(frame: Send, read: Read, body: object) -> None:
    outbound = read(frame(message("/r/IDLSend/send", body)))
    assert files(outbound) == [b"\x89PNG" * 5]
    assert outbound.carries_file


@pytest.mark.parametrize("uri", ["/r/FileUpload/frag", "/r/FileUpload/ci", "/up/frag"])
def test_a_fragment_of_a_file_is_a_file_under_its_upload(frame: Send, read: Read, uri: str) -> None:
    piece = {"uploadInfo": "u1", "mediaId": "@m", "partNumber": 0, "body": packed(b"column,1234567(8)\n" * 300)}
    outbound = read(frame(message(uri, piece)))
    assert files(outbound) == [b"column,1234567(8)\n" * 300]
    assert set(outbound.keys) == {Key("upload", "u1"), Key("media", "@m")}
    assert not outbound.completes
    assert piece["body"] not in texts(outbound, Role.TEXT)


def test_a_photo_message_publishes_what_was_uploaded(frame: Send, read: Read) -> None:
    body = {"content": {"contentType": 2, "photoContent": {"mediaId": "@m", "filename": f"{MARK}.png"}}}
    outbound = read(frame(message("/r/IDLSend/send", body)))
    assert texts(outbound, Role.FILENAME) == [f"{MARK}.png"]
    assert outbound.keys == (Key("media", "@m"),)
    assert outbound.completes


@pytest.mark.parametrize(
    "body",
    [
        {"lwp": "/!", "headers": {"mid": "7c2f0011 0"}},
        {"lwp": "/!", "headers": {"mid": "7c2f0011 12"}, "body": []},
        {"headers": {"mid": "7c2f0011 0", "sid": "0ab1c2d3e4f5"}, "code": 200, "body": {}},
        b"",
        b" \n",
    ],
)
def test_a_keep_alive_says_nothing(frame: Send, read: Read, body: object) -> None:
    outbound = read(frame(body))
    assert (outbound.parts, outbound.malformed) == ((), ())


@pytest.mark.parametrize(
    "body",
    [
        {"lwp": "/!", "headers": {"mid": MARK}},
        {"lwp": "/!", "headers": {"mid": "7c2f0011 0"}, "body": [MARK]},
        {"headers": {"mid": "7c2f0011 0", "x": MARK}, "code": 200, "body": {}},
        {"headers": {"mid": "7c2f0011 0"}, "code": 200, "body": {"note": MARK}},
        {MARK: 1},
        [MARK],
        MARK,
    ],
)
def test_a_frame_of_any_other_shape_is_walked(frame: Send, read: Read, body: object) -> None:
    outbound = read(frame(body))
    assert any(MARK in text for text in texts(outbound, Role.TEXT))


@pytest.mark.parametrize(
    ("body", "is_text"), [(MARK.encode(), True), (b'{"lwp": "1234567(8)', True), (b"\xff1234567(8)", True)]
)
def test_a_frame_that_is_no_json_is_read_and_reported(frame: Send, read: Read, body: bytes, is_text: bool) -> None:
    outbound = read(frame(body, is_text=is_text))
    assert any("1234567(8)" in text for text in texts(outbound, Role.TEXT))
    assert outbound.malformed == ("frame",)


def test_a_binary_frame_of_json_is_read_as_json(frame: Send, read: Read) -> None:
    outbound = read(frame(message("/r/IDLSend/send", TEXT), is_text=False))
    assert MARK in texts(outbound, Role.TEXT)


def test_any_other_binary_frame_is_a_file(frame: Send, read: Read) -> None:
    assert files(read(frame(b"\x85\x01\xff\x00", is_text=False))) == [b"\x85\x01\xff\x00"]


def test_a_bot_in_stream_mode_is_walked(frame: Send, read: Read) -> None:
    host = "wss-open-connection.dingtalk.com"
    ack = {"code": 200, "headers": {"messageId": "m"}, "message": "OK", "data": json.dumps({"response": MARK})}
    outbound = read(frame(ack, host))
    assert (outbound.channel, outbound.operation) == (Channel.STREAM, "stream.frame")
    assert MARK in texts(outbound, Role.TEXT)


def test_web_chat_is_known_by_its_frames_on_a_host_nobody_listed(frame: Send, read: Read) -> None:
    assert read(frame(message("/r/IDLSend/send", TEXT), "new.dingtalk.com")).channel is Channel.LWP
    assert read(frame({"hello": MARK}, "new.dingtalk.com")).channel is Channel.OTHER


@pytest.mark.parametrize("uri", [f"/r/{MARK}", "/r/66123456", "plain", "/" + "x" * 64])
def test_an_operation_is_never_made_of_content(frame: Send, read: Read, uri: str) -> None:
    assert read(frame(message(uri, TEXT))).operation == "lwp:other"
