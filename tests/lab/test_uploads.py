from pathlib import Path

import pytest
import requests

from cerco.lab import uploads
from cerco.lab.clients import Proxy, environment
from cerco.lab.journal import read, seen
from cerco.lab.payloads import FORMATS, Kind, make


@pytest.mark.parametrize("form", FORMATS)
def test_the_drive_takes_name_and_bytes_in_three_requests(form: str, proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.BANK, form=form)
    sent = uploads.storage(payload, proxy)
    assert (sent.ok, sent.outcome) == (True, "init, PUT, commit, send")
    (put,) = seen(journal, payload.marker)
    assert (put.method, put.host, put.body) == ("PUT", "zjk.trans.dingtalk.com", payload.data)
    init, commit = seen(journal, payload.name_marker)
    assert init.path.startswith("/v1.0/storage/spaces/90001/files/uploadInfos/query")
    assert commit.path.startswith("/v1.0/storage/spaces/90001/files/commit")
    assert payload.filename in commit.strings()
    assert read(journal)[-1].path.startswith("/v1.0/convFile/conversations/files/send")


def test_oss2_is_content_with_the_stores_checksum(proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.ID, form="docx")
    sent = uploads.oss_put(payload, proxy)
    assert (sent.ok, sent.outcome) == (True, "HTTP 200, CRC-64 equal")
    (entry,) = seen(journal, payload.marker)
    assert entry.body == payload.data


def test_a_chat_message_is_answered(proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.ID)
    assert uploads.chat_text(payload, proxy).ok
    (entry,) = seen(journal, payload.marker)
    assert (entry.method, entry.kind, entry.host) == ("WEBSOCKET", "frame", "webalfa.dingtalk.com")
    assert payload.text in entry.strings()


def test_a_chat_file_is_stored_first_then_announced(proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.TITLE, form="xlsx")
    assert uploads.chat_file(payload, proxy).outcome == "init, PUT, commit, card"
    assert [entry.body for entry in seen(journal, payload.marker)] == [payload.data]
    card = seen(journal, payload.name_marker)[-1]
    assert payload.filename in card.strings()


def test_a_card_can_be_sent_without_its_file(proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.TITLE)
    assert uploads.chat_file(payload, proxy, upload=False).outcome == "card"
    assert seen(journal, payload.marker) == ()
    assert len(seen(journal, payload.name_marker)) == 1


@pytest.mark.parametrize("insist", [False, True])
def test_a_refused_put_ends_the_upload_unless_the_client_insists(
    insist: bool, proxy: Proxy, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = make(Kind.ID)
    put = uploads.requests.put  # type: ignore[attr-defined]
    monkeypatch.setattr(
        uploads.requests,  # type: ignore[attr-defined]
        "put",
        lambda url, **options: put(url, **options | {"headers": {}}),  # unsigned: the store refuses it
    )
    sent = uploads.storage(payload, proxy, insist=insist)
    assert (sent.ok, bool(sent.error)) == (False, True)
    assert sent.outcome == ("init, PUT refused, commit refused" if insist else "init, PUT refused")
    committed = [entry for entry in seen(journal, payload.name_marker) if "/commit" in entry.path]
    assert len(committed) == int(insist)


def test_the_chat_page_is_served(proxy: Proxy) -> None:
    with environment(proxy):
        page = requests.get("https://im.dingtalk.com/", timeout=5)
    assert page.headers["content-type"].startswith("text/html")
    assert "wss://webalfa.dingtalk.com/long" in page.text
