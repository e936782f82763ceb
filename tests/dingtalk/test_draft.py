"""Drafts: rows the gate takes as they stand, and comments where there is nothing it could take."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.decide.load import load
from cerco.dingtalk.draft import draft
from cerco.dingtalk.drift import CALL, Sighting
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.outbound import Channel

NEW = Sighting(Channel.API, "POST", "api.dingtalk.com", "/v1.0/parrots/{id}/send", ("msg.text",))
NOTHING = Endpoints()


def fields(*shape: str) -> dict[str, object]:
    """Return what a draft makes of these names, as the file has it."""
    made = load(draft([replace(NEW, shape=shape)], NOTHING), "draft.yaml", Endpoints)
    return {path: (known.role.value, known.tag) for path, known in made.families[0].fields.items()}


def test_a_row() -> None:
    assert draft([NEW], NOTHING) == (
        "families:\n"
        "  # api.dingtalk.com: POST /v1.0/parrots/{id}/send is new.\n"
        "  - operation: parrots.send\n"
        "    channel: api\n"
        '    match: ["POST /v1.0/parrots/{id}/send"]\n'
        "    fields:\n"
        "      msg.text: text\n"
    )


@pytest.mark.parametrize(
    ("name", "path", "role"),
    [
        ("msg.title", "msg.title", "title"),
        ("msg.fileName", "msg.fileName", "filename"),
        ("?note", "note", "text"),
        ("[].note", "note", "text"),
        ("rows[][]", "rows[][]", "text"),
        ("byUser.{key}.note", "byUser.*.note", "text"),
        ("{key}", "*", "text"),
        ("params.arguments.note", "arguments.note", "text"),
        ("null", "null", "text"),
        ("issue", "issue", "text"),
    ],
)
def test_a_field(name: str, path: str, role: str) -> None:
    assert fields(name) == {path: (role, False)}


@pytest.mark.parametrize("name", ["robotCode", "userIds[]", "msg.type", "isFull", "guid", "[]", "params.name", "?sign"])
def test_a_field_that_says_nothing(name: str) -> None:
    assert fields(name) == {}


@pytest.mark.parametrize(
    ("sighting", "channel", "name"),
    [
        (replace(NEW, channel=Channel.OTHER), Channel.OTHER, "parrots.send"),
        (replace(NEW, channel=Channel.WEB), Channel.OTHER, "parrots.send"),
        (replace(NEW, channel=Channel.OAPI, template="/topapi/parrot/squawk"), Channel.OAPI, "parrot.squawk"),
        (replace(NEW, template="/{id}"), Channel.API, "unnamed"),
        (replace(NEW, template="/{id}/parrots_{id}"), Channel.API, "unnamed"),
    ],
)
def test_what_it_is_called(sighting: Sighting, channel: Channel, name: str) -> None:
    made = load(draft([sighting], NOTHING), "draft.yaml", Endpoints)
    assert [family.operation for family in made.families] == [name]
    path = sighting.template.replace("{id}", "some-id")
    assert made.find("POST", path, channel).operation == name


@pytest.mark.parametrize(
    ("channel", "name", "operation"),
    [
        (Channel.MCP, "send_whisper", "mcp.send_whisper"),
        (Channel.LWP, "/r/IDLWhisper/send", "lwp.IDLWhisper.send"),
        (Channel.OAPI, "dingtalk.oapi.parrot", "dingtalk.oapi.parrot"),
    ],
)
def test_a_call(channel: Channel, name: str, operation: str) -> None:
    made = load(draft([Sighting(channel, CALL, "x.dingtalk.com", name, ())], NOTHING), "draft.yaml", Endpoints)
    known = made.call(name, channel)
    assert known is not None
    assert known.operation == operation


def test_names_are_given_once() -> None:
    taken = load(draft([NEW], NOTHING), "draft.yaml", Endpoints)
    more = [replace(NEW, template=f"/v{one}.0/parrots/{{id}}/send") for one in (2, 3)]
    text = draft([*more, replace(more[0], host="api.dingtalk.io")], taken)
    made = load(text, "draft.yaml", Endpoints)
    assert [family.operation for family in made.families] == ["parrots.send_2", "parrots.send_3"]


def test_what_a_family_describes_is_left_to_it() -> None:
    taken = load(draft([NEW], NOTHING), "draft.yaml", Endpoints)
    text = draft([replace(NEW, shape=("footer", "msg.text"), new_keys=("footer",))], taken)
    assert "described by parrots.send" in text
    assert "footer: text" in text
    assert "msg.text" not in text, "that is not new"
    assert load(text, "draft.yaml", Endpoints).families == ()


def test_a_family_for_every_call_is_not_one_for_this() -> None:
    every = {"operation": "lwp", "channel": "lwp", "calls": ["*"]}
    text = draft(
        [Sighting(Channel.LWP, CALL, "x", "/r/IDLWhisper/send", ())], Endpoints.model_validate({"families": [every]})
    )
    assert "operation: lwp.IDLWhisper.send" in text


@pytest.mark.parametrize(
    "sighting",
    [
        replace(NEW, method="{method}"),
        replace(NEW, template="/a/b/{more}"),
        Sighting(Channel.MCP, CALL, "x.dingtalk.com", "{id}", ("params.arguments.note",)),
    ],
    ids=["a method of its own", "a path too long", "a call whose name is folded"],
)
def test_what_cannot_be_described_is_a_comment(sighting: Sighting) -> None:
    text = draft([sighting], NOTHING)
    assert sighting.template in text
    assert load(text, "draft.yaml", Endpoints).families == ()


def test_nothing_is_nothing() -> None:
    assert load(draft([], NOTHING), "draft.yaml", Endpoints).families == ()


names = st.from_regex(
    r"\??(\[\]\.)?([A-Za-z$_@][A-Za-z0-9_$-]{0,8}|\{key\})(\[\])?(\.([a-z]{1,5}|\{key\})(\[\])*){0,3}", fullmatch=True
)
templates = st.lists(st.sampled_from(["send", "parrots", "v1.0", "{id}", "a-b", "on", "{union_id}"]), max_size=6)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.builds(
    Sighting,
    st.sampled_from(Channel),
    st.sampled_from(["POST", "GET", "WEBSOCKET", "{method}"]),
    st.just("x.dingtalk.com"),
    templates.map(lambda segments: "/" + "/".join(segments)),
    st.lists(names, max_size=8).map(tuple),
), max_size=6))  # fmt: skip
def test_every_draft_is_a_file_the_gate_takes(sightings: list[Sighting]) -> None:
    load(draft(sightings, NOTHING), "draft.yaml", Endpoints)
