import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from cerco.lab import clients
from cerco.lab.clients import Proxy, Sent, Told, attempt, environment
from cerco.lab.journal import seen
from cerco.lab.payloads import Kind, Payload, make

type Client = Callable[..., Sent]

BATCH = "/v1.0/robot/oToMessages/batchSend"
CHATBOT_FORMS = ("text", "markdown", "link", "action_card", "feed_card")
MESSAGES: dict[str, tuple[Client, dict[str, object], str]] = {
    "SDK": (clients.sdk_robot, {}, f"https {BATCH}"),
    "SDK cleartext": (clients.sdk_robot, {"cleartext": True}, f"http {BATCH}"),
    **{f"Chatbot {form}": (clients.chatbot, {"form": form}, "https /robot/send") for form in CHATBOT_FORMS},
    "stream reply": (clients.stream_reply, {}, "https /robot/sendBySession"),
    "stream robot": (clients.stream_bot, {}, "https /robot/sendBySession"),
    "HTTP/2": (clients.webhook_h2, {}, "https /robot/send"),
    "browser form": (clients.browser_form, {}, "https /robot/send"),
}


@pytest.mark.parametrize("language", ["zh-Hant", "pt"])
@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_arrives_as_it_was_sent(name: str, language: str, proxy: Proxy, journal: Path) -> None:
    client, options, where = MESSAGES[name]
    payload = make(Kind.ID, language)
    sent = client(payload, proxy, **options)
    assert (sent.ok, sent.error) == (True, "")
    assert sent.marker == payload.marker
    (entry,) = seen(journal, payload.marker)
    assert f"{entry.scheme} {entry.path.partition('?')[0]}" == where
    assert entry.complete
    assert payload.text in entry.strings()
    assert sent.started <= entry.at <= sent.finished


@pytest.mark.parametrize("client", [clients.sdk_robot, clients.chatbot, clients.stream_reply, clients.webhook_h2])
def test_a_title_is_sent_as_a_title(client: Client, proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.TITLE)
    assert client(payload, proxy).ok
    (entry,) = seen(journal, payload.name_marker)
    assert {payload.title, payload.text} <= set(entry.strings())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_media_upload_carries_name_and_bytes(form: str, proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.ID, form=form)
    assert clients.media_upload(payload, proxy).ok
    (entry,) = seen(journal, payload.marker)
    assert payload.data in entry.body
    assert payload.filename in entry.strings()


def test_another_site_is_reached_with_its_own_certificate(proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.ID)
    assert clients.other_site(payload, proxy).ok
    assert [entry.host for entry in seen(journal, payload.marker)] == ["www.example.test"]


@pytest.mark.parametrize("client", [clients.sdk_robot, clients.chatbot, clients.media_upload, clients.webhook_h2])
def test_an_authority_that_is_not_trusted_fails_and_sends_nothing(
    client: Client, proxy: Proxy, journal: Path, tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    from cerco.lab.certs import make as make_certificates

    payload = make(Kind.ID)
    other = make_certificates(tmp_path, datetime.now(UTC)).ca
    sent = client(payload, Proxy(proxy.host, proxy.port, other))
    assert not sent.ok
    assert sent.error
    assert seen(journal, payload.marker) == ()


def test_what_a_client_raises_is_what_it_saw() -> None:
    def call() -> Told:
        raise ValueError("no such robot")

    sent = attempt("a", "b", make(Kind.CLEAN), None, call)
    assert (sent.ok, sent.outcome, sent.error) == (False, "ValueError", "no such robot")


def test_a_client_that_waits_for_ever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def call() -> Told:
        time.sleep(5)
        return Told(ok=True, outcome="late")

    monkeypatch.setattr(clients, "TIMEOUT", 0.05)
    sent = attempt("a", "b", make(Kind.CLEAN), None, call)
    assert (sent.ok, sent.outcome) == (False, "no answer")


def test_the_environment_is_set_for_the_call_and_put_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://before:1")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with environment(Proxy("127.0.0.1", 8, tmp_path)):
        assert os.environ["https_proxy"] == os.environ["HTTPS_PROXY"] == "http://127.0.0.1:8"
        assert os.environ["SSL_CERT_FILE"] == str(tmp_path)
    with environment(Proxy(None, 0, tmp_path)):
        assert "HTTPS_PROXY" not in os.environ
        assert not requests.utils.get_environ_proxies("https://api.dingtalk.com/")
    assert os.environ["HTTPS_PROXY"] == "http://before:1"
    assert "SSL_CERT_FILE" not in os.environ


@pytest.mark.parametrize("kind", [Kind.CLEAN, Kind.ID])
def test_a_send_does_not_show_its_content_in_its_repr(kind: Kind, proxy: Proxy) -> None:
    payload: Payload = make(kind)
    assert payload.text not in repr(clients.chatbot(payload, proxy))
