"""The stand-in's WebSockets: web chat, and the channel that robots in Stream mode listen on.

In:    text frames that `journal.Recorder` has written to the journal.
Out:   one answer per web-chat frame (same `mid`, code 200), the message pushed to the other chats; one robot call.
Never: a chat frame left without an answer: clients wait for it.
"""

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

FRAGMENT = 102_400  # bytes; the piece length the web client is told to cut media into
ROBOT_TOPIC = "/v1.0/im/bot/messages/get"


@dataclass(slots=True)
class ChatHub:
    """The web chats that are connected and registered."""

    chats: set[WebSocket] = field(default_factory=set, repr=False)


def chat_routes(hub: ChatHub) -> list[BaseRoute]:
    """Return the routes of the web chat's host."""

    async def chat(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                message = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                frame = _object(message.get("text") or message.get("bytes") or "")
                if frame is not None and "lwp" in frame:
                    await _answer(hub, socket, frame)
        finally:
            hub.chats.discard(socket)

    return [WebSocketRoute("/long", chat), WebSocketRoute("/lwp", chat)]


def stream_routes() -> list[BaseRoute]:
    """Return the routes of the Stream-mode host: on connection somebody greets the robot, once."""

    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(json.dumps(_robot_call(), ensure_ascii=False))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            return

    return [WebSocketRoute("/connect", stream)]


async def _answer(hub: ChatHub, socket: WebSocket, frame: dict[str, Any]) -> None:
    uri, headers, body = frame["lwp"], frame.get("headers") or {}, frame.get("body")
    answer: dict[str, Any] = {"headers": {"mid": headers.get("mid"), "sid": secrets.token_hex(8)}, "code": 200}
    if uri == "/reg":
        hub.chats.add(socket)
        answer["headers"]["reg-sid"] = secrets.token_hex(8)
    elif uri == "/r/IDLSend/send":
        answer["body"] = {"messageId": str(secrets.randbelow(10**12)), "createdAt": int(time.time() * 1000)}
    elif uri == "/r/FileUpload/pre":
        answer["body"] = {"uploadInfo": secrets.token_urlsafe(16), "mediaId": "@lAL" + secrets.token_urlsafe(16)}
        answer["body"]["fragLen"] = FRAGMENT
    elif uri == "/r/FileUpload/ci":
        answer["body"] = {"authMediaId": "@lAL" + secrets.token_urlsafe(16)}
    else:
        answer["body"] = {}
    await socket.send_text(json.dumps(answer, ensure_ascii=False))
    if uri == "/r/IDLSend/send":
        push = {"lwp": "/s/sync", "headers": {"mid": f"{secrets.token_hex(4)} 0"}, "body": {"message": body}}
        for other in list(hub.chats - {socket}):
            try:
                await other.send_text(json.dumps(push, ensure_ascii=False))
            except (RuntimeError, WebSocketDisconnect):  # it left between two frames
                hub.chats.discard(other)


def _robot_call() -> dict[str, Any]:
    session = secrets.token_hex(16)
    message = {
        "conversationId": "cidLabConversation==",
        "conversationType": "1",
        "chatbotUserId": "lab-robot",
        "robotCode": "lab-robot",
        "msgId": secrets.token_hex(8),
        "senderNick": "lab user",
        "senderStaffId": "lab-staff",
        "senderId": "lab-sender",
        "createAt": int(time.time() * 1000),
        "sessionWebhookExpiredTime": int(time.time() * 1000) + 5_400_000,
        "sessionWebhook": f"https://oapi.dingtalk.com/robot/sendBySession?session={session}",
        "msgtype": "text",
        "text": {"content": "hello robot"},
    }
    return {
        "specVersion": "1.0",
        "type": "CALLBACK",
        "headers": {
            "appId": "lab-app",
            "connectionId": secrets.token_hex(8),
            "contentType": "application/json",
            "messageId": secrets.token_hex(8),
            "time": str(int(time.time() * 1000)),
            "topic": ROBOT_TOPIC,
        },
        "data": json.dumps(message, ensure_ascii=False),
    }


def _object(text: str | bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
