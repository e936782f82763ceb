"""Refusals speak the language of the channel and of the reader, and show no more than a masked value."""

import json
from dataclasses import replace

import pytest

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Wire
from cerco.runtime.decision import Decision
from cerco.runtime.gate import Gate
from cerco.scan.finding import Finding
from proxy_addons.answers import refusal, response
from proxy_addons.wire import request_wire
from tests.proxy_addons.flows import REFERENCE, decision, flow

FOUND = Finding("macau-id-card", "MO_ID_CARD", "high", 0.95, "text.content", 3, 13, "1••••••(8)", "ab" * 32)


def refused(url: str, **headers: str) -> tuple[Wire, Decision]:
    wire = request_wire(flow(url, b"{}", **headers), url.split("/")[2], None)
    verdict = Verdict(Action.BLOCK, ("identity-number",), (FOUND,), ())
    return wire, replace(decision(wire, "blocked"), verdict=verdict)


CHANNELS = {
    "oapi": ("https://oapi.dingtalk.com/robot/send", 200, "application/json"),
    "api": ("https://api.dingtalk.com/v1.0/robot/oToMessages/batchSend", 403, "application/json"),
    "object store": ("https://zjk.trans.dingtalk.com/yundisk0/x", 403, "application/xml"),
    "mcp": ("https://mcp-gw.dingtalk.com/server/1", 200, "application/json"),
    "other": ("https://im.dingtalk.com/x", 403, "application/json"),
}


@pytest.mark.parametrize(("url", "status", "kind"), CHANNELS.values(), ids=CHANNELS)
def test_each_channel_is_answered_in_its_own_form(gate: Gate, url: str, status: int, kind: str) -> None:
    made = response(gate, *refused(url, Accept_Language="en"))
    assert made.status_code == status
    assert made.headers["Content-Type"].startswith(kind)
    assert made.headers["Cerco-Reference"] == REFERENCE
    assert made.headers["Content-Length"] == str(len(made.raw_content or b""))
    assert REFERENCE in (made.text or "")
    assert f"http://notice.cerco.internal/{REFERENCE}" in (made.text or "")
    assert "1••••••(8)" not in (made.text or "")


@pytest.mark.parametrize("channel", ["oapi", "api", "object store", "mcp"])
def test_programs_are_told_in_two_languages_whatever_they_accept(gate: Gate, channel: str) -> None:
    text = json.dumps(response(gate, *refused(CHANNELS[channel][0], Accept_Language="pt")).text)
    spoken = json.loads(text)
    assert "澳門" in spoken or "\\u6fb3\\u9580" in spoken
    assert "Macau" in spoken


@pytest.mark.parametrize(
    ("accept", "expected", "absent"),
    [("pt-PT", "Macau", "澳門"), ("zh-Hans-CN", "澳门", "澳門"), ("zh-HK", "澳門", "澳门")],
)
def test_people_are_told_in_theirs(gate: Gate, accept: str, expected: str, absent: str) -> None:
    text = response(gate, *refused(CHANNELS["other"][0], Accept_Language=accept)).text or ""
    assert expected in text
    assert absent not in text


@pytest.mark.parametrize("header", [{"Sec_Fetch_Mode": "navigate"}, {"Accept": "text/html,*/*"}])
def test_a_browser_gets_a_page_with_links_back_to_the_notice(gate: Gate, header: dict[str, str]) -> None:
    made = response(gate, *refused("https://im.dingtalk.com/x", Accept_Language="en", **header))
    assert made.status_code == 403
    assert made.headers["Content-Type"].startswith("text/html")
    assert "1••••••(8)" in (made.text or "")
    assert f"http://notice.cerco.internal/{REFERENCE}?lang=pt" in (made.text or "")


def test_a_refusal_that_could_not_be_recorded_says_so_by_a_dash(gate: Gate) -> None:
    wire, made = refused(CHANNELS["oapi"][0])
    answer = response(gate, wire, replace(made, reference=None))
    assert answer.headers["Cerco-Reference"] == "-"
    assert REFERENCE not in (answer.text or "")


def test_a_frame_of_another_protocol_than_chat_has_no_answer(gate: Gate) -> None:
    wire, made = refused("https://wss-open-connection.dingtalk.com/connect")
    assert refusal(gate, replace(wire, method="WEBSOCKET"), made).body == b""


def test_dingtalks_own_pages_may_see_that_they_were_refused(gate: Gate) -> None:
    """A script of im.dingtalk.com that uploads to another host gets no answer at all without these."""
    made = response(gate, *refused(CHANNELS["object store"][0], Origin="https://im.dingtalk.com"))
    assert made.headers["Access-Control-Allow-Origin"] == "https://im.dingtalk.com"
    assert made.headers["Access-Control-Allow-Credentials"] == "true"
    assert made.headers["Timing-Allow-Origin"] == "https://im.dingtalk.com"
    assert made.headers["Server-Timing"] == f'cerco;desc="{REFERENCE}"'


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "https://im.dingtalk.com.evil.test", "https://[", ""])
def test_no_other_page_does(gate: Gate, origin: str) -> None:
    headers = {"Origin": origin} if origin else {}
    made = response(gate, *refused(CHANNELS["object store"][0], **headers))
    assert "Access-Control-Allow-Origin" not in made.headers
    assert "Timing-Allow-Origin" not in made.headers


def test_a_page_in_dingtalks_place_runs_nothing(gate: Gate) -> None:
    made = response(gate, *refused("https://im.dingtalk.com/x", Sec_Fetch_Mode="navigate"))
    assert made.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "<script" not in (made.text or "")


def test_a_browser_that_is_asked_for_a_reason_is_led_to_the_form(gate: Gate) -> None:
    wire, made = refused("https://im.dingtalk.com/x", Sec_Fetch_Mode="navigate", Accept_Language="en")
    asked = replace(made, verdict=replace(made.verdict, action=Action.JUSTIFY))
    page = response(gate, wire, asked).text or ""
    assert "a reason is needed" in page
    assert f"https://notice.cerco.internal/{REFERENCE}#ask" in page
    assert "<textarea" not in page


def test_a_program_is_told_what_is_wrong_with_its_reason(gate: Gate) -> None:
    wire, made = refused(CHANNELS["api"][0])
    assert response(gate, wire, replace(made, flaw="write")).headers["Cerco-Justification"] == "write"
    assert "Cerco-Justification" not in response(gate, wire, made).headers
