"""`cerco dingtalk drift`: what is new, for people, programs and the rules folder."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.decide.load import load
from cerco.dingtalk.drift import CALL, Sighting
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.outbound import Channel
from cerco.runtime.settings import packaged_rules
from cerco.state.drift import Drift

NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
NEW = Sighting(
    Channel.API, "POST", "api.dingtalk.com", "/v1.0/robot/{id}/whisper",
    ("?unionId", "msg.title", "msg.{key}", "robotCode"),
)  # fmt: skip
GROWN = Sighting(
    Channel.API, "POST", "api.dingtalk.com", "/v1.0/robot/oToMessages/batchSend", ("footer", "robotCode"), ("footer",)
)
TOOL = Sighting(Channel.MCP, CALL, "mcp-gw.dingtalk.com", "send_whisper", ("params.arguments.content", "params.name"))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "cerco.yaml").write_text("data: data\n")
    (tmp_path / "data").mkdir()
    drift = Drift(tmp_path / "data/drift.db", b"site key of the tests, 32 bytes.")
    for number, sighting in enumerate((NEW, GROWN, TOOL)):
        for sender in range(number + 1):
            drift.note(sighting, f"10.0.0.{sender}", NOW + timedelta(hours=number))
    drift.close()
    return tmp_path


def cerco(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["dingtalk", "drift", *arguments, "--config", str(site / "cerco.yaml")])


def test_the_newest_come_first_with_what_an_administrator_asks(site: Path) -> None:
    shown = cerco(site)
    assert shown.exit_code == 0
    heading, *rows = shown.stdout.splitlines()
    assert heading.split()[0] == "No."
    assert [row.split()[0] for row in rows] == ["3", "2", "1"]
    assert rows[0].split()[1:4] == ["mcp-gw.dingtalk.com", "CALL", "send_whisper"]
    assert "(all of it)" in rows[0]
    assert "footer" in rows[1]
    assert "POST /v1.0/robot/{id}/whisper" in rows[2]
    assert rows[1].split()[-4:] == ["2026-11-03", "03:01", "2", "2"]


def test_json_is_one_entry_a_line(site: Path) -> None:
    lines = [json.loads(line) for line in cerco(site, "--json").stdout.splitlines()]
    assert [line["template"] for line in lines] == [TOOL.template, GROWN.template, NEW.template]
    assert lines[1] == {
        "number": 2,
        "channel": "api",
        "method": "POST",
        "host": "api.dingtalk.com",
        "template": "/v1.0/robot/oToMessages/batchSend",
        "new_keys": ["footer"],
        "shapes": [["footer", "robotCode"]],
        "first": "2026-11-03T03:01:00+00:00",
        "last": "2026-11-03T03:01:00+00:00",
        "count": 2,
        "senders": 2,
        "adopted": None,
    }


def test_a_draft_is_a_file_the_gate_takes(site: Path) -> None:
    text = cerco(site, "--draft").stdout
    made = load(text, "draft.yaml", Endpoints)
    assert {family.operation for family in made.families} == {"robot.whisper", "mcp.send_whisper"}
    assert made.find("POST", "/v1.0/robot/abc/whisper", Channel.API).operation == "robot.whisper"
    known = made.call("send_whisper", Channel.MCP)
    assert known is not None
    assert known.operation == "mcp.send_whisper"
    assert "It is described by robot.oto_batch_send" in text
    assert "footer: text" in text


def test_a_draft_goes_into_the_rules_as_it_stands(site: Path) -> None:
    shipped = (packaged_rules() / "dingtalk/endpoints.yaml").read_text()
    rows = cerco(site, "--draft").stdout.removeprefix("families:\n")
    both = load(f"{shipped.rstrip()}\n{rows}", "endpoints.yaml", Endpoints)
    assert both.find("POST", "/v1.0/robot/abc/whisper", Channel.API).operation == "robot.whisper"


def test_a_draft_goes_by_the_rules_in_force(site: Path) -> None:
    own = site / "own/dingtalk"
    own.mkdir(parents=True)
    (own / "endpoints.yaml").write_text(
        'families:\n  - {operation: ours, channel: api, match: ["POST /v1.0/robot/{code}/whisper"]}\n'
    )
    (site / "cerco.yaml").write_text("data: data\nrules: own\n")
    text = cerco(site, "--draft").stdout
    assert "It is described by ours" in text
    assert "operation: robot.whisper" not in text


def test_what_was_seen_to_is_listed_no_more(site: Path) -> None:
    marked = cerco(site, "--adopt", "1", "--adopt", "3")
    assert (marked.exit_code, marked.stdout) == (0, "")
    assert "2" in marked.stderr
    assert [json.loads(line)["number"] for line in cerco(site, "--json").stdout.splitlines()] == [2]
    everything = [json.loads(line) for line in cerco(site, "--json", "--all").stdout.splitlines()]
    assert [line["number"] for line in everything if line["adopted"]] == [3, 1]


def test_a_number_that_is_not_there_is_exit_1(site: Path) -> None:
    shown = cerco(site, "--adopt", "1", "--adopt", "77")
    assert shown.exit_code == 1
    assert "Not in the list: 1" in shown.stderr


@pytest.mark.parametrize("arguments", [("--draft", "--json"), ("--draft", "--adopt", "1")], ids=" ".join)
def test_two_things_at_once_are_wrong_usage(site: Path, arguments: tuple[str, ...]) -> None:
    shown = cerco(site, *arguments)
    assert shown.exit_code == 2
    assert "choose one" in shown.stderr


def test_looking_for_news_makes_no_file(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("data: data\n")
    shown = cerco(tmp_path)
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert "Nothing new" in shown.stderr
    assert not (tmp_path / "data").exists()


def test_no_news_is_said(site: Path) -> None:
    cerco(site, "--adopt", "1", "--adopt", "2", "--adopt", "3")
    shown = cerco(site)
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert "Nothing new was seen." in shown.stderr


def test_a_file_that_is_no_list_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("data: data\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/drift.db").write_bytes(b"not a database, but long enough to be looked at" * 50)
    shown = cerco(tmp_path)
    assert shown.exit_code == 2
    assert len(shown.stderr.splitlines()) == 1
    assert "drift.db" in shown.stderr
