"""What nobody can read: recognised, recorded, and closed before anything goes; and what is nobody's business passes."""

import pytest

from cerco.lab.payloads import Kind, make
from tests.e2e.world import World


@pytest.mark.parametrize(("what", "operation"), [("lws", "opaque.lws"), ("raw tcp", "opaque.raw-tcp")])
def test_protocols_nobody_can_read_are_closed_and_recorded(world: World, what: str, operation: str) -> None:
    payload = make(Kind.ID, seed=f"{world.name} {what}")
    before = len(world.entries())
    call = {"call": "opaque", "kind": Kind.ID, "seed": f"{world.name} {what}", "options": {"what": what}}
    (seen,) = world.drive([call])
    assert seen.outcome in {"closed", "ConnectionResetError", "BrokenPipeError"}, seen
    assert world.received(payload.marker) == ()
    assert len(world.entries()) == before
    records = [record for record in world.evidence(20) if record["operation"] == operation]
    assert records
    assert records[0]["action"] == "blocked"
    assert [gap["why"] for gap in records[0]["verdict"]["coverage"]] == ["opaque_protocol"]


def test_quic_is_sent_back_to_tcp_and_recorded(transparent_world: World) -> None:
    (seen,) = transparent_world.drive([{"call": "quic", "kind": Kind.CLEAN, "seed": "quic"}])
    assert seen.outcome == "ConnectionTerminated"
    assert "version" in seen.error
    records = [record for record in transparent_world.evidence(20) if record["operation"] == "opaque.quic"]
    assert [record["destination"]["host"] for record in records] == ["oapi.dingtalk.com"]
    assert records[0]["action"] == "blocked"


def test_a_client_that_refuses_the_certificate_is_recorded(world: World) -> None:
    call = {"call": "opaque", "kind": Kind.ID, "seed": "distrust", "options": {"what": "distrust"}}
    (seen,) = world.drive([call])
    assert seen.outcome == "SSLCertVerificationError"
    assert any(record["operation"] == "opaque.tls" for record in world.evidence(20))


@pytest.mark.parametrize(
    ("host", "ours"), [("oapi.dingtalk.com", True), ("zjk.trans.dingtalk.com", True), ("www.example.test", False)]
)
def test_only_dingtalk_is_decrypted(world: World, host: str, ours: bool) -> None:
    call = {"call": "certificate", "kind": Kind.CLEAN, "seed": "certificate", "options": {"host": host}}
    (seen,) = world.drive([call])
    assert ("Cerco" in seen.outcome and "lab" not in seen.outcome.lower()) is ours, seen.outcome


def test_other_sites_get_what_is_sent_to_them(world: World) -> None:
    payload = make(Kind.ID, seed=f"{world.name} other")
    (seen,) = world.drive([{"call": "other_site", "kind": Kind.ID, "seed": f"{world.name} other"}])
    assert seen.ok, seen
    assert len(world.received(payload.marker)) == 1


def test_a_navigation_is_refused_with_a_page_in_the_readers_language(world: World) -> None:
    payload = make(Kind.ID, seed=f"{world.name} page")
    (seen,) = world.drive([{"call": "browser_form", "kind": Kind.ID, "seed": f"{world.name} page"}])
    assert seen.outcome.startswith("page, HTTP 403")
    assert "澳門" in seen.error
    assert world.record(seen.error) is not None
    assert world.received(payload.marker) == ()
