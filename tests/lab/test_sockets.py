import json
from typing import Any

import websocket

from cerco.lab.clients import Proxy


def chat(proxy: Proxy) -> Any:
    return websocket.create_connection(
        "wss://webalfa.dingtalk.com/long",
        timeout=5,
        http_proxy_host=proxy.host,
        http_proxy_port=proxy.port,
        proxy_type="http",
        sslopt={"ca_certs": str(proxy.ca_file)},
    )


def ask(socket: Any, uri: str, body: Any = None, mid: str = "7c2f0011 0") -> dict[str, Any]:
    socket.send(json.dumps({"lwp": uri, "headers": {"mid": mid}, "body": body}))
    return dict(json.loads(socket.recv()))


def test_every_frame_is_answered_under_its_mid(proxy: Proxy) -> None:
    socket = chat(proxy)
    for number, uri in enumerate(("/reg", "/!", "/subscribe", "/r/IDLSend/send", "/r/Something/else")):
        answer = ask(socket, uri, [{}], mid=f"0000000{number} 0")
        assert (answer["code"], answer["headers"]["mid"]) == (200, f"0000000{number} 0")
    socket.close()


def test_a_message_reaches_the_others_who_registered_and_nobody_else(proxy: Proxy) -> None:
    sender, receiver, stranger = chat(proxy), chat(proxy), chat(proxy)
    ask(sender, "/reg")
    ask(receiver, "/reg")
    message = [{"content": {"contentType": 1, "textContent": {"text": "會議"}}}]
    ask(sender, "/r/IDLSend/send", message)
    push = json.loads(receiver.recv())
    assert push["lwp"] == "/s/sync"
    assert push["body"]["message"] == message
    assert ask(stranger, "/!")["code"] == 200  # had it been pushed to, that would have come first
    assert "lwp" not in ask(sender, "/!")
    for socket in (sender, receiver, stranger):
        socket.close()


def test_nonsense_does_not_end_the_chat(proxy: Proxy) -> None:
    socket = chat(proxy)
    for text in ("", "{", "[]", "1", '{"headers": {"mid": "x"}, "code": 200}'):
        socket.send(text)
    assert ask(socket, "/reg")["code"] == 200
    socket.close()


def test_media_upload_over_the_chat_hands_out_ids(proxy: Proxy) -> None:
    socket = chat(proxy)
    before = ask(socket, "/r/FileUpload/pre", [{"fileLen": 10}])["body"]
    assert before["mediaId"].startswith("@lAL")
    assert before["fragLen"] > 0
    assert ask(socket, "/r/FileUpload/ci", [{"mediaId": before["mediaId"]}])["body"]["authMediaId"]
    socket.close()
