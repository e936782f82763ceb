"""Files in parts reach the stand-in whole, from every client, without a gate."""

from pathlib import Path

import pytest

from cerco.lab import inparts
from cerco.lab.clients import Proxy
from cerco.lab.journal import read
from cerco.lab.payloads import Kind, make

CLIENTS = {
    "oss_multipart": 23,
    "oss_resumable": 23,
    "oss_append": 23,
    "oss_presigned": 23,
    "storage_parts": 23,
    "old_chunks": 23,
    "chat_picture": 23,
}


@pytest.mark.parametrize("name", CLIENTS)
def test_every_client_is_content_with_what_the_stand_in_answers(name: str, proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.ID, form="txt")
    before = len(read(journal))
    sent = getattr(inparts, name)(payload, proxy, size=CLIENTS[name])
    assert sent.ok, sent
    carried = [entry for entry in read(journal)[before:] if entry.body]
    assert len(carried) >= len(payload.data) // CLIENTS[name]


def test_a_posted_form_names_its_object(proxy: Proxy, journal: Path) -> None:
    payload = make(Kind.ID, form="docx")
    assert inparts.oss_form(payload, proxy).ok
    assert payload.data in read(journal)[-1].body


def test_a_stopped_upload_goes_on_where_it_was(proxy: Proxy, tmp_path: Path) -> None:
    payload = make(Kind.ID, form="csv", seed=1)
    options = {"size": 50, "folder": str(tmp_path)}
    assert inparts.oss_resumable(payload, proxy, stop_after=2, **options).outcome == "stopped"  # type: ignore[arg-type]
    assert inparts.oss_resumable(payload, proxy, **options).outcome == "from 150 bytes"  # type: ignore[arg-type]
