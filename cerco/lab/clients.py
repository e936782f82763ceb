"""Real clients that send text: the official SDK, DingtalkChatbot, dingtalk-stream, a browser, an HTTP/2 client.

In:    a payload, and the way out (`Proxy`, or None for straight out).
Out:   `Sent`: what the client was told, in the client's own words.
Never: a fake of a client that exists: the packages people install are driven as they are.

Every function sets the environment its client needs for the length of the call only. Not for several threads at once.
"""

import contextlib
import json
import logging
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import requests
from alibabacloud_dingtalk.robot_1_0.client import Client as RobotClient
from alibabacloud_dingtalk.robot_1_0.models import BatchSendOTOHeaders, BatchSendOTORequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions
from dingtalk_stream import AckMessage, ChatbotHandler, ChatbotMessage, Credential, DingTalkStreamClient
from dingtalkchatbot.chatbot import ActionCard, CardItem, DingtalkChatbot, FeedLink

from cerco.lab.payloads import Kind, Payload

TIMEOUT = 20.0  # seconds; several of the clients would wait for ever
WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=" + "0" * 64
TOKEN = "lab-token"
NAVIGATION = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-TW,zh;q=0.9,en;q=0.5",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """The way out: through a proxy, or straight (`host` None); `ca_file` is trusted instead of the system's."""

    host: str | None
    port: int
    ca_file: Path | None

    @property
    def url(self) -> str | None:
        """The proxy as clients want it written, None where there is none."""
        return None if self.host is None else f"http://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt to send something, as the client saw it.

    `ok` is True where the client took it for delivered; `error` holds what it was told otherwise.
    `started` and `finished` are seconds since the epoch.
    """

    client: str
    surface: str
    what: str
    outcome: str
    ok: bool
    error: str = ""
    marker: str = ""
    started: float = 0.0
    finished: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a client made of the answer."""

    ok: bool
    outcome: str
    error: str = ""


def attempt(client: str, surface: str, payload: Payload, proxy: Proxy | None, call: Callable[[], Told]) -> Sent:
    """Run one client with its environment and a time limit; whatever it raises is part of what it saw."""
    told: list[Told] = []

    def run() -> None:
        try:
            told.append(call())
        except Exception as error:  # noqa: BLE001 - the clients raise everything there is; that is the result
            code, message = getattr(error, "code", None), getattr(error, "message", None)
            told.append(Told(ok=False, outcome=str(code or type(error).__name__), error=str(message or error)))

    started = time.time()
    with environment(proxy):
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(TIMEOUT)
    result = told[0] if told else Told(ok=False, outcome="no answer", error=f"nothing within {TIMEOUT:.0f} s")
    return Sent(
        client, surface, payload.kind, result.outcome, result.ok, result.error, payload.marker, started, time.time()
    )


@contextlib.contextmanager
def environment(proxy: Proxy | None) -> Iterator[None]:
    """Set the variables that clients read their proxy and their authorities from; put everything back afterwards."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    ours = {name: None for upper in names for name in (upper, upper.lower())}
    ours |= dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"))
    wanted: dict[str, str | None] = dict(ours)
    if proxy is not None and proxy.url is not None:
        wanted |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy.url)
    if proxy is not None and proxy.ca_file is not None:
        wanted |= dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), str(proxy.ca_file))
    before = {name: os.environ.get(name) for name in wanted}
    _apply(wanted)
    try:
        yield
    finally:
        _apply(before)


def _apply(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def sdk_config(proxy: Proxy | None, *, cleartext: bool = False) -> Any:
    """Configure the official SDK; without a protocol it speaks cleartext HTTP, which is its default."""
    url = proxy.url if proxy else None
    if cleartext:
        return Config(http_proxy=url)
    ca = str(proxy.ca_file) if proxy and proxy.ca_file else None
    return Config(protocol="https", https_proxy=url, ca=ca)


def sdk_robot(payload: Payload, proxy: Proxy | None, *, cleartext: bool = False) -> Sent:
    """Send with the official SDK's robot: text, or Markdown where the title matters."""

    def call() -> Told:
        titled = payload.kind is Kind.TITLE
        content = {"title": payload.title, "text": payload.text} if titled else {"content": payload.text}
        request = BatchSendOTORequest(
            robot_code="lab-robot",
            user_ids=["lab-user"],
            msg_key="sampleMarkdown" if titled else "sampleText",
            msg_param=json.dumps(content, ensure_ascii=False),
        )
        headers = BatchSendOTOHeaders(x_acs_dingtalk_access_token=TOKEN)
        client = RobotClient(sdk_config(proxy, cleartext=cleartext))
        answer = client.batch_send_otowith_options(request, headers, RuntimeOptions())
        return Told(ok=bool(answer.body.process_query_key), outcome=f"HTTP {answer.status_code}")

    surface = "api robot, cleartext" if cleartext else "api robot"
    return attempt("alibabacloud-dingtalk", surface, payload, proxy, call)


def chatbot(payload: Payload, proxy: Proxy | None, *, form: str | None = None) -> Sent:
    """Send with DingtalkChatbot: `form` is text, markdown, link, action_card or feed_card."""
    form = form or ("markdown" if payload.kind is Kind.TITLE else "text")
    page = "https://www.example.test/"

    def call() -> Told:
        robot = DingtalkChatbot(WEBHOOK, secret="SEC" + "0" * 61)
        if form == "text":
            return _errcode(robot.send_text(payload.text))
        if form == "markdown":
            return _errcode(robot.send_markdown(title=payload.title, text=payload.text))
        if form == "link":
            return _errcode(robot.send_link(title=payload.title, text=payload.text, message_url=page))
        if form == "action_card":
            button = CardItem(title="Open", url=page)
            return _errcode(robot.send_action_card(ActionCard(payload.title, payload.text, btns=[button])))
        links = [FeedLink(title=title, message_url=page, pic_url=page) for title in (payload.title, payload.text)]
        return _errcode(robot.send_feed_card(links))

    return attempt("DingtalkChatbot", f"robot webhook, {form}", payload, proxy, call)


def media_upload(payload: Payload, proxy: Proxy | None) -> Sent:
    """Upload a file with dingtalk-stream's own helper: a token first, then multipart to oapi."""

    def call() -> Told:
        client = DingTalkStreamClient(Credential("lab-app", "lab-app-secret"), _silence())
        media = client.upload_to_dingtalk(payload.data, "file", payload.filename, payload.mime)
        return Told(ok=media is not None, outcome="media id" if media else "None", error="" if media else "no media id")

    return attempt("dingtalk-stream", "media upload", payload, proxy, call)


def stream_reply(payload: Payload, proxy: Proxy | None) -> Sent:
    """Answer a robot call the way dingtalk-stream does: a POST to the session's webhook."""

    def call() -> Told:
        handler = ChatbotHandler()
        handler.logger = _silence()
        call_in = ChatbotMessage.from_dict(
            {
                "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=lab",
                "senderStaffId": "lab-staff",
            }
        )
        return _errcode(_reply(handler, call_in, payload.text, payload.title if payload.kind is Kind.TITLE else None))

    return attempt("dingtalk-stream", "robot reply", payload, proxy, call)


def stream_bot(payload: Payload, proxy: Proxy | None) -> Sent:
    """Run a whole Stream-mode robot in a process of its own: connect, be called over the WebSocket, reply once."""

    def call() -> Told:
        title = payload.title if payload.kind is Kind.TITLE else None
        given = json.dumps({"text": payload.text, "title": title})
        done = subprocess.run(
            [sys.executable, "-m", "cerco.lab.clients"],
            input=given,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        if not done.stdout:
            return Told(ok=False, outcome="no reply", error=done.stderr.strip()[-300:])
        return Told(**json.loads(done.stdout))

    return attempt("dingtalk-stream", "Stream-mode robot", payload, proxy, call)


class _H2First(ssl.SSLContext):
    """Offers HTTP/2 before HTTP/1.1, as curl and browsers do; httpx offers it last, and a proxy takes the first."""

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        super().set_alpn_protocols(sorted(alpn_protocols, key=["h2", "http/1.1"].index))


def h2_context(proxy: Proxy | None) -> ssl.SSLContext:
    """Make a context for `httpx.Client(verify=…)` that gets HTTP/2 wherever it is to be had."""
    context = _H2First(ssl.PROTOCOL_TLS_CLIENT)
    if proxy is not None and proxy.ca_file is not None:
        context.load_verify_locations(proxy.ca_file)
    else:
        context.load_default_certs()
    return context


def webhook_h2(payload: Payload, proxy: Proxy | None) -> Sent:
    """Post to a robot's webhook over HTTP/2, as newer tools do."""

    def call() -> Told:
        message = {"msgtype": "text", "text": {"content": payload.text}}
        if payload.kind is Kind.TITLE:
            message = {"msgtype": "markdown", "markdown": {"title": payload.title, "text": payload.text}}
        with httpx.Client(http2=True, verify=h2_context(proxy), timeout=TIMEOUT) as client:
            answer = client.post(WEBHOOK, json=message)
        told = _errcode(answer.json())
        return Told(told.ok, f"{told.outcome} over {answer.http_version}", told.error)

    return attempt("httpx", "robot webhook, HTTP/2", payload, proxy, call)


def browser_form(payload: Payload, proxy: Proxy | None) -> Sent:
    """Submit a form to a robot's webhook as a browser does, where a refusal has to be a page."""

    def call() -> Told:
        form = {"msgtype": "text", "text": json.dumps({"content": payload.text})}
        answer = requests.post(WEBHOOK, data=form, headers=NAVIGATION, timeout=TIMEOUT)
        answer.encoding = "utf-8"
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return _errcode(answer.json())
        words = " ".join(re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL).split())
        return Told(answer.ok, f"page, HTTP {answer.status_code}", "" if answer.ok else words)

    return attempt("browser", "form", payload, proxy, call)


def other_site(payload: Payload, proxy: Proxy | None) -> Sent:
    """Post to a site that is not DingTalk's; `proxy.ca_file` must be the site's own authority, not the gate's."""

    def call() -> Told:
        answer = requests.post("https://www.example.test/", data=payload.text.encode(), timeout=TIMEOUT)
        return Told(answer.ok, f"HTTP {answer.status_code}, its own certificate")

    return attempt("browser", "a site that is not DingTalk", payload, proxy, call)


def _errcode(answer: dict[str, Any] | None) -> Told:
    """Read oapi's answer: errcode 0 is success, whatever the HTTP status."""
    if answer is None:
        return Told(ok=False, outcome="None", error="the client shows nothing")
    code = answer.get("errcode")
    return Told(ok=code == 0, outcome=f"errcode {code}", error="" if code == 0 else str(answer.get("errmsg", "")))


def _reply(handler: Any, call_in: Any, text: str, title: str | None) -> dict[str, Any] | None:
    answer: dict[str, Any] | None = (
        handler.reply_text(text, call_in) if title is None else handler.reply_markdown(title, text, call_in)
    )
    return answer


def _silence() -> logging.Logger:
    """Return a logger that keeps quiet: these clients log whole messages."""
    logger = logging.getLogger("cerco.lab.silent")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger


def _bot() -> None:
    """Be the Stream-mode robot of `stream_bot`; the client reconnects for ever, so the process ends from inside."""
    given = json.loads(sys.stdin.read())

    class Robot(ChatbotHandler):  # type: ignore[misc]
        async def process(self, callback: Any) -> tuple[int, str]:
            call_in = ChatbotMessage.from_dict(callback.data)
            told = _errcode(_reply(self, call_in, given["text"], given["title"]))
            print(json.dumps(asdict(told)), flush=True)  # noqa: T201 - the answer to the parent
            threading.Timer(0.3, os._exit, [0]).start()  # after the acknowledgement has left
            return AckMessage.STATUS_OK, "OK"

    client = DingTalkStreamClient(Credential("lab-app", "lab-app-secret"), _silence())
    client.register_callback_handler(ChatbotMessage.TOPIC, Robot())
    client.start_forever()


if __name__ == "__main__":
    _bot()
