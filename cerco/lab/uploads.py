"""Real clients that send files, and the scripted web chat: the drive's three calls, oss2, LWP over WebSocket.

In:    a payload, and the way out (see `clients`).
Out:   `Sent`; its `outcome` names the steps that were taken, its `error` what the refused step was told.
Never: the bytes without their checks: oss2 compares checksums, the store checks the signature.
"""

import contextlib
import html
import json
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import oss2
import requests
import websocket
from alibabacloud_dingtalk.conv_file_1_0 import client as conv
from alibabacloud_dingtalk.conv_file_1_0 import models as conv_models
from alibabacloud_dingtalk.storage_1_0 import client as drive
from alibabacloud_dingtalk.storage_1_0 import models
from alibabacloud_tea_util.models import RuntimeOptions
from Tea.exceptions import TeaException

from cerco.lab.clients import TIMEOUT, TOKEN, Proxy, Sent, Told, attempt, sdk_config
from cerco.lab.objects import ACCESS_KEY, ACCESS_SECRET
from cerco.lab.payloads import Kind, Payload

CHAT = "wss://webalfa.dingtalk.com/long"
SPACE = "90001"
CONVERSATION = "cidLabConversation=="
NO_FILE = "42"  # an id that the drive never gives out


def storage(payload: Payload, proxy: Proxy | None, *, insist: bool = False) -> Sent:
    """Put a file into the drive and a conversation with the official SDK: init, PUT, commit, send.

    With `insist` the client commits after a refused PUT all the same, as careless programs do.
    """

    def call() -> Told:
        steps = _Steps(insist=insist)
        with contextlib.suppress(_StopError):
            _store(payload, proxy, steps, share=True)
        return steps.told()

    return attempt("alibabacloud-dingtalk", "drive upload", payload, proxy, call)


def oss_put(payload: Payload, proxy: Proxy | None) -> Sent:
    """Put an object with oss2 straight into the drive's bucket, checksum and all."""

    def call() -> Told:
        bucket = oss2.Bucket(
            oss2.Auth(ACCESS_KEY, ACCESS_SECRET),
            "https://zjk.trans.dingtalk.com",
            "lippi-space-zjk",
            is_cname=True,
            connect_timeout=TIMEOUT,
            proxies=None if proxy is None or proxy.url is None else {"https": proxy.url},
        )
        try:
            answer = bucket.put_object(f"yundisk0/{payload.marker}.file", payload.data)
        except oss2.exceptions.OssError as error:
            return Told(ok=False, outcome=f"{type(error).__name__} {error.status}", error=str(error.message))
        return Told(ok=True, outcome=f"HTTP {answer.status}, CRC-64 equal")

    return attempt("oss2", "object store", payload, proxy, call)


def chat_text(payload: Payload, proxy: Proxy | None) -> Sent:
    """Send a text message as the web chat does."""

    def call() -> Told:
        heading = f"{payload.title}\n" if payload.kind is Kind.TITLE else ""
        return _chat(proxy, {"contentType": 1, "textContent": {"text": heading + payload.text}, "atOpenIds": {}})

    return attempt("web chat", "text message", payload, proxy, call)


def chat_file(payload: Payload, proxy: Proxy | None, *, upload: bool = True, insist: bool = False) -> Sent:
    """Send a file as the web chat does: the drive takes the bytes, then a card with the name goes into the chat.

    Without `upload` the card names a file that was never sent; `insist` is as with `storage`.
    """

    def call() -> Told:
        steps = _Steps(insist=insist)
        with contextlib.suppress(_StopError):
            file_id = _store(payload, proxy, steps, share=False) if upload else NO_FILE
            steps.take("card", lambda: _card(payload, proxy, file_id))
        return steps.told()

    return attempt("web chat", "file card", payload, proxy, call)


def _card(payload: Payload, proxy: Proxy | None, file_id: str) -> None:
    extension = {
        "s_id": SPACE,
        "f_id": file_id,
        "f_name": payload.filename,
        "f_size": str(len(payload.data)),
        "f_type": payload.filename.rpartition(".")[2],
    }
    attachment = {"type": 500, "url": "", "size": 0, "extension": extension}
    told = _chat(proxy, {"contentType": 500, "attachments": [attachment]})
    if not told.ok:
        raise _RefusedError(told.error or told.outcome)


class _RefusedError(Exception):
    """A step was refused; the text is what the client was told."""


class _StopError(Exception):
    """The client goes no further; what it was told is noted."""


class _Steps:
    """The steps of one send: which were taken, and what the refused ones were told."""

    def __init__(self, *, insist: bool) -> None:
        self._insist = insist
        self._taken: list[str] = []
        self._errors: list[str] = []

    def take[T](self, step: str, call: Callable[[], T]) -> T | None:
        """Take one step; return None where it was refused and the client insists, else stop there."""
        try:
            value = call()
        except (TeaException, _RefusedError) as error:
            self._taken.append(f"{step} refused")
            self._errors.append(str(getattr(error, "message", None) or error))
            if self._insist:
                return None
            raise _StopError from error
        self._taken.append(step)
        return value

    def told(self) -> Told:
        error = self._errors[0] if self._errors else ""
        return Told(ok=not self._errors, outcome=", ".join(self._taken), error=error)


def _store(payload: Payload, proxy: Proxy | None, steps: _Steps, *, share: bool) -> str:
    """Take the drive's steps in order; return the file's id."""
    config = sdk_config(proxy)
    client = drive.Client(config)
    size = len(payload.data)
    check = models.GetFileUploadInfoRequestOptionPreCheckParam(name=payload.filename, size=size, parent_id="0")
    ask = models.GetFileUploadInfoRequest(
        union_id="lab-union-id",
        protocol="HEADER_SIGNATURE",
        multipart=False,
        option=models.GetFileUploadInfoRequestOption(pre_check_param=check),
    )
    token = models.GetFileUploadInfoHeaders(x_acs_dingtalk_access_token=TOKEN)
    offer = steps.take(
        "init", lambda: client.get_file_upload_info_with_options(SPACE, ask, token, RuntimeOptions()).body
    )
    if offer is None:
        raise _StopError
    signed = offer.header_signature_info
    steps.take("PUT", lambda: _put(signed.resource_urls[0], signed.headers, payload.data))
    commit = models.CommitFileRequest(
        union_id="lab-union-id",
        upload_key=offer.upload_key,
        name=payload.filename,
        parent_id="0",
        option=models.CommitFileRequestOption(size=size),
    )
    committed = models.CommitFileHeaders(x_acs_dingtalk_access_token=TOKEN)
    file_id = steps.take(
        "commit",
        lambda: str(client.commit_file_with_options(SPACE, commit, committed, RuntimeOptions()).body.dentry.id),
    )
    if file_id is None:
        raise _StopError  # even a careless program has nothing to send now
    if share and file_id:  # what was never committed has no id to send it by
        send = conv_models.SendRequest(
            dentry_id=file_id, open_conversation_id=CONVERSATION, space_id=SPACE, union_id="lab-union-id"
        )
        sender = conv_models.SendHeaders(x_acs_dingtalk_access_token=TOKEN)
        steps.take("send", lambda: conv.Client(config).send_with_options(send, sender, RuntimeOptions()))
    return file_id


def refusal_of(answer: requests.Response) -> str:
    """Return what the store says in its XML why it refused a request."""
    found = re.search(r"<Message>(.*?)</Message>", answer.content.decode("utf-8", "replace"), re.DOTALL)
    return html.unescape(found[1]) if found else f"HTTP {answer.status_code}"


def _put(url: str, headers: dict[str, str], data: bytes) -> None:
    answer = requests.put(url, data=data, headers=headers, timeout=TIMEOUT)
    if answer.status_code != 200:
        raise _RefusedError(refusal_of(answer))


@contextlib.contextmanager
def chat_socket(proxy: Proxy | None) -> Iterator[Any]:
    """Connect to web chat and register there.

    Raises:
        ConnectionRefusedError: it does not take the client in.
    """
    via: dict[str, Any] = {}
    if proxy is not None and proxy.host is not None:
        via = {"http_proxy_host": proxy.host, "http_proxy_port": proxy.port, "proxy_type": "http"}
    socket = websocket.create_connection(
        CHAT,
        timeout=TIMEOUT,
        origin="https://im.dingtalk.com",
        sslopt={"ca_certs": str(proxy.ca_file)} if proxy and proxy.ca_file else {},
        **via,
    )
    try:
        headers = {"cache-header": "token app-key did ua vhost wv", "vhost": "WK", "ua": "DingWeb/3", "dt": "j"}
        registered = ask(socket, "/reg", headers | {"wv": "im:3,au:3,sy:4", "did": secrets.token_hex(8)}, None)
        if registered.get("code") != 200:
            raise ConnectionRefusedError(f"register code {registered.get('code')}")
        yield socket
    finally:
        socket.close()


def _chat(proxy: Proxy | None, content: dict[str, Any]) -> Told:
    """Connect, register, send one message, and say what came back under its `mid`."""
    with chat_socket(proxy) as socket:
        message = {"uuid": str(secrets.randbelow(10**12)), "conversationId": "1001:2002", "type": 1, "creatorType": 1}
        answer = ask(socket, "/r/IDLSend/send", {}, [message | {"content": content, "nickName": "lab"}])
    code, body = answer.get("code"), answer.get("body")
    reason = str(body.get("reason", "")) if isinstance(body, dict) else ""
    return Told(ok=code == 200, outcome=f"code {code}", error="" if code == 200 else reason)


def ask(socket: Any, uri: str, headers: dict[str, str], body: Any) -> dict[str, Any]:
    """Send one frame and wait for its answer; pushes that come between are acknowledged, as the web page does."""
    mid = f"{secrets.token_hex(4)} 0"
    frame = {"lwp": uri, "headers": {"mid": mid, **headers}}
    socket.send(json.dumps(frame if body is None else frame | {"body": body}, ensure_ascii=False))
    while True:
        answer: dict[str, Any] = json.loads(socket.recv())
        if "lwp" in answer:
            socket.send(json.dumps({"headers": {"mid": answer["headers"]["mid"]}, "code": 200, "body": {}}))
        elif answer.get("headers", {}).get("mid") == mid:
            return answer
