"""DingTalk's less common families through a running gate: what arrived, what the SDK says, what is listed as new."""

import json
import subprocess
from functools import cache
from typing import Any

import pytest

from cerco.lab.clients import Sent
from cerco.lab.payloads import Kind, Payload, make
from tests.e2e.families import SDK, halves
from tests.e2e.world import CERCO, World, until

TEXTS: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: ("family", {"which": name}) for name in SDK},
    **{f"dingtalk-sdk {name}": ("contact", {"which": name}) for name in ("employee", "customer", "notification")},
    "unpublished operation": ("novelty", {}),
}
FILES = {"storage 2.0": ("drive_v2", "/commit"), "drive 1.0": ("old_drive", "/files")}
SPLITS = ("chat_split", "card_split")
KINDS = (Kind.CLEAN, Kind.ID)


def payload_of(name: str, kind: Kind) -> Payload:
    return make(kind, "zh-Hant", "csv", f"family/{name}/{kind}")


@cache
def sent(world: World) -> dict[tuple[str, Kind], Sent]:
    """Run every client once."""
    ways = TEXTS | {name: (call, {}) for name, (call, _) in FILES.items()}
    ways |= {f"{call} {there}": (call, {"elsewhere": there}) for call in SPLITS for there in (False, True)}
    cases = [(name, kind) for name in ways for kind in KINDS if kind is Kind.ID or ways[name][0] not in SPLITS]
    calls = [
        {
            "call": ways[name][0],
            "kind": kind,
            "language": "zh-Hant",
            "form": "csv",
            "seed": f"family/{name}/{kind}",
            "options": ways[name][1],
        }
        for name, kind in cases
    ]
    return dict(zip(cases, world.drive(calls), strict=True))


def refused(world: World, seen: Sent) -> dict[str, Any]:
    """Return the record of a refusal that the client's own message leads to."""
    assert not seen.ok, seen
    record = world.record(seen.error)
    assert record is not None, seen
    assert record["action"] == "blocked"
    return record


@pytest.mark.parametrize("name", TEXTS)
def test_clean_text_arrives_as_it_was_sent(regular_world: World, name: str) -> None:
    payload, seen = payload_of(name, Kind.CLEAN), sent(regular_world)[name, Kind.CLEAN]
    assert seen.ok, seen
    (arrived,) = regular_world.received(payload.marker)
    assert [text for text in arrived.strings() if payload.marker in text] == [payload.text]


@pytest.mark.parametrize("name", TEXTS)
def test_a_number_in_text_never_arrives_and_the_sdk_says_why(regular_world: World, name: str) -> None:
    payload, seen = payload_of(name, Kind.ID), sent(regular_world)[name, Kind.ID]
    assert regular_world.received(payload.marker) == ()
    record = refused(regular_world, seen)
    assert "macau-id-card" in {finding["rule"] for finding in record["verdict"]["findings"]}


@pytest.mark.parametrize("name", FILES)
def test_a_clean_file_is_put_and_committed_as_it_was_sent(regular_world: World, name: str) -> None:
    payload, seen = payload_of(name, Kind.CLEAN), sent(regular_world)[name, Kind.CLEAN]
    assert seen.ok, seen
    (arrived,) = regular_world.received(payload.marker)
    assert arrived.body == payload.data
    assert committed(regular_world, name, payload) == [payload.filename]


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_numbers_is_refused_at_its_put_and_again_at_its_commit(regular_world: World, name: str) -> None:
    payload, seen = payload_of(name, Kind.ID), sent(regular_world)[name, Kind.ID]
    assert regular_world.received(payload.marker) == ()
    assert committed(regular_world, name, payload) == []
    refused(regular_world, seen)


def committed(world: World, name: str, payload: Payload) -> list[str]:
    """Return the names under which the file was committed."""
    ends = [e for e in world.entries() if e.method == "POST" and e.path.partition("?")[0].endswith(FILES[name][1])]
    return [text for entry in ends for text in entry.strings() if payload.name_marker in text]


@pytest.mark.parametrize("call", SPLITS)
def test_a_number_told_in_two_messages_is_found_in_the_second(regular_world: World, call: str) -> None:
    payload, seen = payload_of(f"{call} False", Kind.ID), sent(regular_world)[f"{call} False", Kind.ID]
    assert len(regular_world.received(payload.name_marker)) == 1
    assert regular_world.received(payload.marker) == ()
    record = refused(regular_world, seen)
    assert "macau-id-card" in {finding["rule"] for finding in record["verdict"]["findings"]}


@pytest.mark.parametrize("call", SPLITS)
def test_the_same_two_messages_to_two_places_both_arrive(regular_world: World, call: str) -> None:
    payload, seen = payload_of(f"{call} True", Kind.ID), sent(regular_world)[f"{call} True", Kind.ID]
    assert seen.ok, seen
    (arrived,) = regular_world.received(payload.marker)
    assert halves(payload)[1] in arrived.strings()


def drift(world: World) -> str:
    done = subprocess.run(
        [CERCO, "dingtalk", "drift", "--json", "--config", str(world.config)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def drift_after_all(world: World) -> str:
    """Return the list once it has what was sent last."""
    sent(world)
    until(lambda: "/novelties/" in drift(world), "the operation being listed", world.log)
    return drift(world)


def test_an_unpublished_operation_is_listed_once_without_what_was_in_it(regular_world: World) -> None:
    listed = drift_after_all(regular_world)
    (entry,) = [one for line in listed.splitlines() if "novelties" in (one := json.loads(line))["template"]]
    assert (entry["method"], entry["host"]) == ("POST", "api.dingtalk.com")
    assert entry["senders"] == 1
    assert entry["count"] == 2
    assert any("novelText" in key for shape in entry["shapes"] for key in shape)
    assert "8812345678" not in listed
    for kind in KINDS:
        payload = payload_of("unpublished operation", kind)
        for planted in (payload.marker, payload.name_marker, payload.title, payload.text):
            assert planted not in listed
            assert json.dumps(planted) not in listed


def test_what_dingtalk_publishes_is_not_listed(regular_world: World) -> None:
    templates = [json.loads(line)["template"] for line in drift_after_all(regular_world).splitlines()]
    families = (
        "/v1.0/calendar",
        "/v1.0/card",
        "/v1.0/doc",
        "/v1.0/drive",
        "/v1.0/im",
        "/v1.0/notable",
        "/v2.0/storage",
    )
    assert not [template for template in templates if template.startswith(families)]
