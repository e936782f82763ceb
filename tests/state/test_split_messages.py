"""Split messages: from requests to findings, as the gate puts sequences, memory and detection together."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from cerco.decide.load import load
from cerco.dingtalk.outbound import Wire
from cerco.dingtalk.read import read
from cerco.dingtalk.scope import Scope
from cerco.dingtalk.sequence import sequences
from cerco.extract.text import Text
from cerco.scan.detector import Detector
from cerco.scan.finding import Finding
from cerco.scan.rule import DetectRule
from cerco.state.conversations import KEEP, Conversations
from cerco.state.joined import across, joined

RULES = Path(__file__).parents[2] / "rules"
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)

type Say = Callable[[str], Wire]


class Gate:
    """What the gate does about split messages, and nothing else."""

    def __init__(self, path: Path) -> None:
        self.scope = Scope.model_validate(yaml.safe_load((RULES / "dingtalk/scope.yaml").read_text()))
        rules = [load(path.read_text(), path.name, DetectRule) for path in sorted((RULES / "detect").glob("*.yaml"))]
        self.detector = Detector(rules, b"fingerprint key of the tests")
        self.conversations = Conversations(path, b"conversation key of the tests...")

    def judge(self, wire: Wire, now: datetime) -> tuple[Finding, ...]:
        """Return what is found in a request, alone and together with those before; a request with findings stays."""
        outbound = read(wire, self.scope)
        texts = [Text(part.place, part.content, part.role) for part in outbound.parts if isinstance(part.content, str)]
        alone = self.detector.scan(texts)
        strands = sequences(wire, outbound)
        heard = [self.conversations.exchange(strand.id, strand.text, now, anew=strand.anew) for strand in strands]
        joins = [
            join
            for strand, (before, _) in zip(strands, heard, strict=True)
            for join in joined(before, strand.text, strand.place)
        ]
        found = (*alone, *across(self.detector.scan(join.text for join in joins), joins, alone))
        if found:
            self.conversations.forget(made for _, made in heard)
        return found


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tmp_path / "conversations.db")
    yield gate
    gate.conversations.close()


def post(host: str, path: str, body: object, method: str = "POST") -> Wire:
    headers = (("Content-Type", "application/json"),)
    return Wire(method, "https", host, 443, path, headers, json.dumps(body).encode(), "192.0.2.9")


def robot(text: str) -> Wire:
    return post("oapi.dingtalk.com", "/robot/send?access_token=t", {"msgtype": "text", "text": {"content": text}})


def group(text: str) -> Wire:
    body = {"msgKey": "sampleText", "msgParam": json.dumps({"content": text}), "openConversationId": "c"}
    return post("api.dingtalk.com", "/v1.0/robot/groupMessages/send", body)


def chat(text: str) -> Wire:
    body = [{"conversationId": "1:2", "content": {"contentType": 1, "textContent": {"text": text}}}]
    frame = json.dumps({"lwp": "/r/IDLSend/send", "headers": {"mid": "1 0"}, "body": body}).encode()
    return Wire("WEBSOCKET", "wss", "webalfa.dingtalk.com", 443, "/long", (), frame, "192.0.2.9")


def card(text: str) -> Wire:
    body = {"outTrackId": "c1", "key": "content", "content": text, "isFull": False, "guid": "g"}
    return post("api.dingtalk.com", "/v1.0/card/streaming", body, "PUT")


def cell(text: str) -> Wire:
    return post("api.dingtalk.com", "/v1.0/doc/workbooks/w/sheets/s/ranges/A1", {"values": [[text]]}, "PUT")


SAYS = {"robot": robot, "group robot": group, "web chat": chat, "AI card": card, "cells": cell}
SPLITS = {
    "in two": ["1234", "567(8)"],
    "with words": ["客人身份證 1234", "567(8)"],
    "digit by digit": list("1234567(8)"),
    "label and number": ["身份證號碼:", "12345678"],
}


@pytest.mark.parametrize("pieces", SPLITS.values(), ids=SPLITS)
@pytest.mark.parametrize("say", SAYS.values(), ids=SAYS)
def test_a_split_number_stops_the_request_that_completes_it(gate: Gate, say: Say, pieces: list[str]) -> None:
    for piece in pieces[:-1]:
        assert gate.judge(say(piece), NOW) == ()
    found = gate.judge(say(pieces[-1]), NOW)
    assert [finding.entity for finding in found] == ["MO_ID_CARD"]
    assert found[0].place.endswith("(with what was said before)")


@pytest.mark.parametrize("say", SAYS.values(), ids=SAYS)
def test_the_same_end_is_stopped_again_and_again(gate: Gate, say: Say) -> None:
    gate.judge(say("1234"), NOW)
    for _ in range(5):
        assert gate.judge(say("567(8)"), NOW)
    assert gate.judge(say("見附件"), NOW) == ()
    assert gate.judge(say("567(8)"), NOW) == (), "something else was said between the two"


def test_after_its_time_the_first_half_is_forgotten(gate: Gate) -> None:
    gate.judge(robot("1234"), NOW)
    assert gate.judge(robot("567(8)"), NOW + KEEP + timedelta(seconds=1)) == ()


def test_a_card_written_whole_does_not_go_on(gate: Gate) -> None:
    gate.judge(card("1234"), NOW)
    wire = card("567(8)")
    whole = replace(wire, body=wire.body.replace(b"false", b"true"))
    assert gate.judge(whole, NOW) == ()


def test_a_refused_card_leaves_what_is_on_it_to_go_on_from(gate: Gate) -> None:
    gate.judge(card("1234"), NOW)
    assert gate.judge(card("客人身份證 7234567(8)"), NOW)
    assert gate.judge(card("567(8)"), NOW)


CLEAN = [
    "早晨", "開會改 10:30", "會議室 5 樓", "報價 MOP 12,500.00", "2026-11-03", "訂單 20261103", "好", "1", "2", "3",
    "電話 28331234", "第 4 期", "共 3 件，每件 1,200", "+1", "收到 👍",
]  # fmt: skip


@pytest.mark.parametrize("say", SAYS.values(), ids=SAYS)
def test_everyday_talk_is_left_alone(gate: Gate, say: Say) -> None:
    for text in CLEAN:
        severe = [found for found in gate.judge(say(text), NOW) if found.severity != "low"]  # a telephone may be said
        assert severe == [], text
