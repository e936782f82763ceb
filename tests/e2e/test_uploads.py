"""Files in parts, from real clients through a real gate: whole at the origin, or not there at all.

A part of nine bytes holds no number; one of two hundred holds several.
"""

import os
import signal
import socket
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cerco.lab.clients import Sent
from cerco.lab.payloads import Kind, Payload, make
from tests.e2e import world as worlds
from tests.e2e.world import CERCO, World

CLIENTS = (
    "oss_multipart",
    "oss_resumable",
    "oss_append",
    "oss_presigned",
    "storage_parts",
    "old_chunks",
    "chat_picture",
)
CASES = {
    "clean": (Kind.CLEAN, "txt", 17),
    "across the cuts": (Kind.ID, "txt", 9),
    "inside a part": (Kind.BANK, "csv", 200),
}


def call(world: World, client: str, case: str, **options: Any) -> dict[str, Any]:
    kind, form, size = CASES[case]
    seed = f"{world.name} {client} {case} {options}"
    return {"call": client, "kind": kind, "form": form, "seed": seed, "options": {"size": size, **options}}


def payload_of(sending: dict[str, Any]) -> Payload:
    return make(Kind(sending["kind"]), form=sending["form"], seed=sending["seed"])


@cache
def sent(world: World) -> dict[tuple[str, str], tuple[dict[str, Any], Sent]]:
    """Send every case with every client, one after another."""
    calls = {(client, case): call(world, client, case) for client in CLIENTS for case in CASES}
    return dict(zip(calls, zip(calls.values(), world.drive(list(calls.values())), strict=True), strict=True))


def parts_of(world: World, payload: Payload) -> list[bytes]:
    """Return the pieces of the payload that reached the origin, as they were sent."""
    key = f"{payload.marker}{payload.name_marker}".encode()
    return [e.body for e in world.entries() if e.holds(key) and e.method in {"PUT", "POST"} and e.body]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_clean_file_arrives(world: World, client: str) -> None:
    _, seen = sent(world)[client, "clean"]
    assert seen.ok, seen


@pytest.mark.parametrize("client", ["oss_multipart", "oss_resumable", "oss_append", "oss_presigned"])
def test_its_parts_arrive_as_they_were_sent(world: World, client: str) -> None:
    sending, _ = sent(world)[client, "clean"]
    payload = payload_of(sending)
    arrived = set(parts_of(world, payload))
    assert {payload.data[at : at + 17] for at in range(0, len(payload.data), 17)} <= arrived


@pytest.mark.parametrize("case", ["across the cuts", "inside a part"])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_file_with_numbers_is_refused_and_the_client_is_told_why(world: World, client: str, case: str) -> None:
    sending, seen = sent(world)[client, case]
    assert not seen.ok
    record = world.record(seen.error)
    assert record is not None, seen
    assert (record["action"], record["verdict"]["action"]) == ("blocked", "BLOCK")
    rules = {finding["rule"] for finding in record["verdict"]["findings"]}
    assert ("macau-id-card" if sending["kind"] == Kind.ID else "bank-account") in rules


@pytest.mark.parametrize("client", ["oss_multipart", "oss_presigned", "oss_resumable"])
def test_what_is_refused_is_never_put_together(world: World, client: str) -> None:
    for case in ("across the cuts", "inside a part"):
        payload = payload_of(sent(world)[client, case][0])
        assert not any(b"<PartNumber>" in body for body in parts_of(world, payload))


@pytest.mark.parametrize("client", ["old_chunks", "chat_picture", "storage_parts"])
def test_what_is_refused_is_never_announced(world: World, client: str) -> None:
    sending, seen = sent(world)[client, "across the cuts"]
    assert world.received(payload_of(sending).name_marker if client == "chat_picture" else "never") == ()
    assert seen.outcome != "sent"


@pytest.mark.parametrize("client", ["oss_multipart", "chat_picture"])
def test_a_client_that_ignores_the_refusal_of_a_part_is_refused_at_the_end(world: World, client: str) -> None:
    sending = call(world, client, "inside a part", insist=True)
    (seen,) = world.drive([sending])
    assert not seen.ok
    assert ("complete" in seen.outcome) if client == "oss_multipart" else (seen.outcome == "403 403")
    assert world.received(payload_of(sending).name_marker if client == "chat_picture" else "<PartNumber>never") == ()


@pytest.mark.parametrize(("kind", "goes"), [(Kind.CLEAN, True), (Kind.ID, False)])
def test_a_form_brings_name_and_bytes_together(world: World, kind: Kind, goes: bool) -> None:
    seed = f"{world.name} form {kind}"
    (seen,) = world.drive([{"call": "oss_form", "kind": kind, "form": "xlsx", "seed": seed}])
    assert seen.ok is goes, seen
    assert bool(world.received(make(kind, form="xlsx", seed=seed).marker)) is goes
    assert goes or world.record(seen.error) is not None


def test_an_upload_that_outlives_the_gate_is_judged_as_a_whole(folder: Path, tmp_path: Path) -> None:
    """The client is stopped, the gate is restarted, and another process takes the upload up again."""
    kept = tmp_path / "client"
    kept.mkdir()
    sending = {"call": "oss_resumable", "kind": Kind.ID, "form": "txt", "seed": "restart"}
    with worlds.regular(folder) as world:
        (stopped,) = world.drive([{**sending, "options": {"size": 5, "folder": str(kept), "stop_after": 16}}])
        assert stopped.outcome == "stopped", stopped
        os.kill(world.pid, signal.SIGTERM)
        worlds.until(lambda: not listens(world.proxy.port), "the gate stopping", world.log)
        spool = world.config.parent / "data" / "spool"
        assert sum(len(file.name) == 32 for file in spool.iterdir()) >= 16
        log = folder / "again.log"
        with log.open("w") as stream, worlds.process([CERCO, "run", "--config", str(world.config)], stream):
            worlds.until(lambda: listens(world.proxy.port), "the gate listening", log)
            (seen,) = world.drive([{**sending, "options": {"size": 5, "folder": str(kept)}}])
        assert not seen.ok
        assert "AccessDenied" in seen.outcome, seen
        assert not any(b"<PartNumber>" in entry.body for entry in world.entries())


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_nothing_of_a_part_is_written_down_in_clear(world: World) -> None:
    sent(world)
    site = world.config.parent
    assert (site / "data" / "spool" / "index.db").exists()
    for client in CLIENTS:
        payload = payload_of(sent(world)[client, "inside a part"][0])
        lines = [line for line in payload.data.split(b"\r\n") if len(line) > 12]
        for path in site.rglob("*"):
            if path.is_file():
                held = path.read_bytes()
                assert not any(line in held for line in lines), path.name
