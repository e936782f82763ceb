"""Six surfaces x four contents x two ways to deploy: what arrived, what the client was told, what is on record.

Every number and marker is drawn from a seed, so the test knows what the client in the other process sent.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import requests

from cerco.lab.clients import Sent
from cerco.lab.payloads import Kind, Payload, make
from tests.e2e.world import World

LABEL = "🔴【客戶資料】"
LANGUAGES = {Kind.CLEAN: "zh-Hant", Kind.ID: "pt", Kind.BANK: "en", Kind.TITLE: "zh-Hant"}


@dataclass(frozen=True)
class Surface:
    """One way content leaves: the call that takes it, and where a label shows. `form` is the file's format."""

    call: str
    form: str = "csv"
    file: bool = False  # what is sent is a file: its bytes hold the content, its name the title
    tagged: bool = True  # DingTalk users see a name or title that can carry a label
    options: tuple[tuple[str, Any], ...] = ()
    reads: str = "errcode"  # how the refusal is worded for this client


SURFACES = {
    "webhook-chatbot": Surface("chatbot"),
    "webhook-link": Surface("chatbot", options=(("form", "link"),)),
    "session-webhook": Surface("stream_reply"),
    "media-upload": Surface("media_upload", file=True, form="docx"),
    "api-robot": Surface("sdk_robot"),
    "api-robot-cleartext": Surface("sdk_robot", options=(("cleartext", True),)),
    "drive": Surface("storage", file=True, form="xlsx"),
    "drive-insisting": Surface("storage", file=True, form="csv", options=(("insist", True),)),
    "chat-text": Surface("chat_text"),
    "chat-file": Surface("chat_file", file=True, form="txt"),
    "todo": Surface("todo"),
    "webhook-h2": Surface("webhook_h2"),
    "media-upload-h2": Surface("h2_media", file=True, form="txt"),
    "api-robot-h2": Surface("h2_robot"),
    "drive-h2": Surface("h2_drive", file=True, form="xlsx"),
    "todo-h2": Surface("h2_todo"),
}


def seed(name: str, kind: Kind, world: World) -> str:
    return f"{world.name}/{name}/{kind}"


def payload_of(name: str, kind: Kind, world: World) -> Payload:
    surface = SURFACES[name]
    return make(kind, LANGUAGES[kind], surface.form, seed(name, kind, world))


@cache
def sent(world: World) -> dict[tuple[str, Kind], Sent]:
    """Run every client of a world once."""
    cases = [(name, kind) for name in SURFACES for kind in Kind]
    calls = [
        {
            "call": SURFACES[name].call,
            "kind": kind,
            "language": LANGUAGES[kind],
            "form": SURFACES[name].form,
            "seed": seed(name, kind, world),
            "options": dict(SURFACES[name].options),
        }
        for name, kind in cases
    ]
    return dict(zip(cases, world.drive(calls), strict=True))


@pytest.mark.parametrize("name", SURFACES)
def test_clean_content_arrives_as_it_was_sent(world: World, name: str) -> None:
    payload, seen = payload_of(name, Kind.CLEAN, world), sent(world)[name, Kind.CLEAN]
    assert seen.ok, seen
    arrived = world.received(payload.marker)
    if SURFACES[name].file:
        assert sum(payload.data in entry.body for entry in arrived) == 1
        assert any(payload.name_marker in text and LABEL not in text for e in world.entries() for text in e.strings())
    else:
        assert len(arrived) == 1
        assert any(payload.text in text for text in arrived[0].strings())


@pytest.mark.parametrize("kind", [Kind.ID, Kind.BANK])
@pytest.mark.parametrize("name", SURFACES)
def test_sensitive_content_never_arrives_and_the_client_is_told_why(world: World, name: str, kind: Kind) -> None:
    payload, seen = payload_of(name, kind, world), sent(world)[name, kind]
    assert world.received(payload.marker) == ()
    assert not seen.ok
    record = world.record(seen.error)
    assert record is not None, seen
    assert record["action"] == "blocked"
    assert record["verdict"]["action"] == "BLOCK"
    rules = {finding["rule"] for finding in record["verdict"]["findings"]}
    assert ("macau-id-card" if kind is Kind.ID else "bank-account") in rules
    assert record["destination"]["host"].endswith((".dingtalk.com",))
    assert record["actor"]["address"] in ({"127.0.0.1"} if world.name == "regular" else {"10.77.1.1", "fd77:1::1"})


@pytest.mark.parametrize("name", SURFACES)
def test_a_title_that_announces_customer_data_is_labelled(world: World, name: str) -> None:
    surface, payload, seen = SURFACES[name], payload_of(name, Kind.TITLE, world), sent(world)[name, Kind.TITLE]
    if not surface.tagged:
        assert not seen.ok
        assert world.received(payload.marker) == ()
        return
    assert seen.ok, seen
    shown = [text for e in world.entries() for text in e.strings() if payload.name_marker in text]
    assert shown, seen
    assert all(LABEL in title for title in shown), shown
    if surface.file:
        assert any(payload.data in entry.body for entry in world.entries())  # the bytes are never edited
        assert all(title.rstrip('"} ').endswith(f".{surface.form}") for title in shown if title.startswith(LABEL))


@pytest.mark.parametrize("kind", [Kind.ID, Kind.BANK])
def test_a_client_that_ignores_the_refused_put_is_refused_at_every_later_step(world: World, kind: Kind) -> None:
    payload, seen = payload_of("drive-insisting", kind, world), sent(world)["drive-insisting", kind]
    assert not seen.ok
    commits = [e for e in world.entries() if e.path.partition("?")[0].endswith("/files/commit")]
    assert not any(payload.name_marker in text for commit in commits for text in commit.strings()), seen


def test_every_request_that_left_is_on_record(world: World) -> None:
    sent(world)
    actions = {record["action"] for record in world.evidence()}
    assert {"allowed", "tagged", "blocked"} <= actions


def test_the_record_names_the_tls_version_towards_dingtalk(world: World) -> None:
    sent(world)
    versions = {r["tls"]["server"] for r in world.evidence() if r["operation"] == "transport"}
    assert versions == {"TLSv1.3"}


def planted(world: World) -> set[str]:
    """Return every number that clients sent, as printed and as bare digits."""
    numbers = set()
    for name in SURFACES:
        for kind in (Kind.ID, Kind.BANK):
            payload = payload_of(name, kind, world)
            numbers |= set(re.findall(r"\d{7}\(\d\)|\d{15}", payload.text))
    assert len(numbers) == 2 * len(SURFACES)
    return numbers | {"".join(filter(str.isdigit, number)) for number in numbers}


def test_nothing_that_was_planted_is_written_down_anywhere(world: World) -> None:
    """The canary, in every file the gate wrote and every answer it gave."""
    told = json.dumps([seen.error for seen in sent(world).values()]).encode()
    written = {path: path.read_bytes() for path in world.config.parent.rglob("*") if path.is_file()}
    assert any(path.name == "evidence.db" for path in written)
    for number in planted(world):
        assert number.encode() not in told
        for path, content in written.items():
            assert number.encode() not in content, path.name


def test_nothing_that_was_planted_stands_on_a_notice_page(regular_world: World) -> None:
    sent(regular_world)
    proxy = f"http://127.0.0.1:{regular_world.proxy.port}"
    numbers = planted(regular_world)
    blocked = [record["reference"] for record in regular_world.evidence() if record["action"] == "blocked"]
    assert len(blocked) >= 2 * len(SURFACES)
    for reference in blocked:
        address = f"http://notice.cerco.internal/{reference}"
        page = requests.get(address, proxies={"http": proxy}, headers={"Accept-Language": "pt"}, timeout=10)
        assert page.status_code == 200
        assert reference in page.text
        assert 'lang="pt"' in page.text
        assert not [number for number in numbers if number in page.text]
