"""What must never happen: a planted marker at the origin, whatever breaks and however it is sent."""

from pathlib import Path

import pytest

from cerco.lab.payloads import Kind, make
from tests.e2e import world as worlds
from tests.e2e.shapes import SHAPES
from tests.e2e.world import PYTHON, World

SABOTAGE = str(Path(__file__).with_name("sabotage.py"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> object:
    with worlds.regular(tmp_path_factory.mktemp("small") / "world", {"limits": {"body": "2 MiB"}}) as running:
        yield running


@pytest.mark.parametrize("how", SHAPES)
def test_no_shape_of_request_carries_a_marker_past_the_gate(small: World, how: str) -> None:
    payload = make(Kind.ID, seed=f"shape {how}")
    call = {"call": "raw_http", "kind": Kind.ID, "seed": f"shape {how}", "options": {"how": how}}
    (seen,) = small.drive([call])
    assert not seen.ok or how == "trailer", seen  # the trailer is cut off; the clean body goes
    assert small.received(payload.marker) == (), how


@pytest.mark.parametrize("how", ["plain", "gzip", "chunked"])
def test_the_same_shapes_pass_with_clean_content(small: World, how: str) -> None:
    payload = make(Kind.CLEAN, seed=f"shape {how}")
    call = {"call": "raw_http", "kind": Kind.CLEAN, "seed": f"shape {how}", "options": {"how": how}}
    (seen,) = small.drive([call])
    assert seen.ok or how == "gzip", seen  # the stand-in does not unpack requests
    assert len(small.received(payload.marker)) == 1


@pytest.mark.parametrize("how", ["over the limit", "over the limit, chunked"])
def test_a_body_over_the_limit_is_refused_in_the_channels_own_language(small: World, how: str) -> None:
    (seen,) = small.drive([{"call": "raw_http", "kind": Kind.CLEAN, "seed": f"limit {how}", "options": {"how": how}}])
    assert '"errcode"' in seen.error
    record = small.record(seen.error)
    assert record is not None
    assert [gap["why"] for gap in record["verdict"]["coverage"]] == ["too_large"]


def test_fragments_of_a_frame_are_put_together_and_heartbeats_say_nothing(small: World) -> None:
    payload = make(Kind.ID, seed="fragments")
    (seen,) = small.drive([{"call": "fragments", "kind": Kind.ID, "seed": "fragments"}])
    assert seen.outcome == "code 403"
    assert small.record(seen.error) is not None
    assert small.received(payload.marker) == ()
    assert small.received(payload.marker[:8]) == ()


@pytest.mark.parametrize("what", ["raising recogniser", "raising hook", "hung scan", "full disk", "no rules yet"])
def test_whatever_breaks_nothing_leaves(folder: Path, what: str) -> None:
    launcher = (PYTHON, SABOTAGE, what)
    surfaces = ["chatbot", "sdk_robot", "chat_text", "media_upload"]
    with worlds.regular(folder, {"limits": {"deadline": 2.0}}, launcher) as world:
        calls = [
            {"call": surface, "kind": kind, "seed": f"{what} {surface} {kind}"}
            for surface in surfaces
            for kind in (Kind.ID, Kind.CLEAN)
        ]
        seen = world.drive(calls)
        for call in calls:
            payload = make(Kind(call["kind"]), form="csv", seed=call["seed"])
            through = call["call"] == "media_upload" and what in {"raising recogniser", "hung scan"}
            if call["kind"] == Kind.ID or not through:  # files are scanned in processes that are not broken here
                assert world.received(payload.marker) == (), call
        assert not any(s.ok for s in seen if s.what == Kind.ID)
        log = world.log.read_text()
        for call in calls:
            text = make(Kind(call["kind"]), form="csv", seed=call["seed"]).text
            assert text not in log
            assert text.split()[-1] not in log  # the marker
        assert "Traceback" not in log


def test_while_the_site_only_observes_everything_arrives_and_is_on_record(folder: Path) -> None:
    with worlds.regular(folder, {"enforcement": "observe"}) as world:
        calls = [{"call": "chatbot", "kind": kind, "seed": f"observe {kind}"} for kind in Kind]
        assert all(seen.ok for seen in world.drive(calls))
        assert {record["action"] for record in world.evidence()} >= {"allowed", "observed"}
        for call in calls:
            assert len(world.received(make(Kind(call["kind"]), seed=call["seed"]).marker)) == 1


def test_tls_1_2_is_recorded_where_1_3_is_preferred(folder: Path) -> None:
    with worlds.regular(folder, origin=("--tls-max", "1.2")) as world:
        (seen,) = world.drive([{"call": "chatbot", "kind": Kind.CLEAN, "seed": "old tls"}])
        assert seen.ok
        assert {r["tls"]["server"] for r in world.evidence() if r["operation"] == "transport"} == {"TLSv1.2"}


def test_tls_1_2_is_refused_where_1_3_is_required(folder: Path) -> None:
    with worlds.regular(folder, {"tls": {"upstream": "require"}}, origin=("--tls-max", "1.2")) as world:
        (seen,) = world.drive([{"call": "chatbot", "kind": Kind.CLEAN, "seed": "old tls"}])
        assert not seen.ok
        assert world.received(make(Kind.CLEAN, seed="old tls").marker) == ()


def test_cleartext_is_refused_where_the_site_says_so(folder: Path) -> None:
    with worlds.regular(folder, {"tls": {"cleartext": "refuse"}}) as world:
        call = {"call": "sdk_robot", "kind": Kind.CLEAN, "seed": "cleartext", "options": {"cleartext": True}}
        (seen,) = world.drive([call])
        assert not seen.ok
        record = world.record(seen.error)
        assert record is not None
        assert record["verdict"]["decisions"][0] == "cleartext"
        assert world.received(make(Kind.CLEAN, seed="cleartext").marker) == ()
