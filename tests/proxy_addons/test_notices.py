"""The notice host is served here, whoever asks for it and however; nobody gets past the gate by naming it."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from mitmproxy.http import HTTPFlow

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Destination
from cerco.evidence.record import EvidenceRecord
from cerco.runtime.gate import Gate
from cerco.scan.finding import Finding
from proxy_addons.notices import Notices
from tests.proxy_addons.flows import EDGE, MARKER, REFERENCE, SECRET, InsideTls, Judge, Relay, flow, make_gate, post

HOST = "notice.cerco.internal"
FOUND = Finding("macau-id-card", "MO_ID_CARD", "high", 0.95, "text.content", 3, 13, "1••••••(8)", "ab" * 32)
RECORD = EvidenceRecord(
    reference=REFERENCE,
    at=datetime(2026, 11, 3, 2, 1, tzinfo=UTC),
    actor=Actor("10.0.0.8", "someone-else"),
    destination=Destination("oapi.dingtalk.com", "mainland", "cid-1"),
    channel="oapi",
    operation="robot.send",
    verdict=Verdict(Action.BLOCK, ("identity-number",), (FOUND,), ()),
    action="blocked",
    ruleset="0" * 16,
    parts=1,
    bytes_read=20,
)


class Records:
    """An evidence store with one record."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fault: Exception | None = None

    def find(self, reference: str) -> EvidenceRecord | None:
        self.asked.append(reference)
        if self.fault:
            raise self.fault
        return RECORD if reference == REFERENCE else None


@pytest.fixture
def records(gate: Gate) -> Records:
    made = Records()
    gate.evidence = cast("Any", made)
    return made


async def ask(gate: Gate, path: str, **headers: str) -> tuple[int, str, HTTPFlow]:
    made = flow(f"http://{HOST}{path}", b"", **headers)
    made.request.method = "GET"
    await Notices(gate).request(made)
    assert made.response is not None
    return made.response.status_code, made.response.text or "", made


@pytest.mark.parametrize(
    "path",
    [f"/{REFERENCE}", f"/{REFERENCE.lower()}", f"/{REFERENCE}/", f"/?ref={REFERENCE}", f"/?ref=%20{REFERENCE}%20"],
)
async def test_a_reference_is_found_however_it_is_typed(gate: Gate, records: Records, path: str) -> None:
    status, page, _ = await ask(gate, path)
    assert status == 200
    assert REFERENCE in page
    assert "1••••••(8)" in page
    assert "someone-else" not in page
    assert "cid-1" not in page
    assert records.asked == [REFERENCE]


@pytest.mark.parametrize(
    "path",
    [
        "/C-0000-0000",
        "/../../etc/passwd",
        "/%2e%2e%2f",
        "/%00",
        "/C-7K3M-9QX%25",
        "/C-7K3M-____",
        "/x' OR '1'='1",
        "/" + "9" * 5000,
    ],
)
async def test_anything_else_is_an_unknown_reference(gate: Gate, records: Records, path: str) -> None:
    status, page, _ = await ask(gate, path)
    assert status == 404
    assert "1••••••(8)" not in page
    assert len(page) < 20_000
    assert len(records.asked) == 1


async def test_what_is_typed_is_shown_as_text_only(gate: Gate, records: Records) -> None:
    _, page, _ = await ask(gate, "/?ref=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in page.lower()
    assert "&lt;" in page
    assert records.asked


async def test_without_a_reference_the_page_asks_for_one(gate: Gate, records: Records) -> None:
    status, page, _ = await ask(gate, "/")
    assert status == 200
    assert "<form" in page
    assert records.asked == []


@pytest.mark.parametrize(
    ("path", "accept", "language"),
    [
        ("/", "pt-PT,pt;q=0.9", "pt"),
        ("/?lang=en", "pt-PT", "en"),
        ("/?lang=xx", "zh-CN", "zh-Hans"),
        (f"/{REFERENCE}?lang=zh-Hant", "en", "zh-Hant"),
        ("/?lang=en%0d%0aX:1", "pt", "pt"),
    ],
)
async def test_the_language_is_chosen_or_negotiated(
    gate: Gate, records: Records, path: str, accept: str, language: str
) -> None:
    _, page, made = await ask(gate, path, Accept_Language=accept)
    assert made.response
    assert made.response.headers["Content-Language"] == language
    assert f'lang="{language}"' in page
    assert isinstance(records, Records)


@pytest.mark.parametrize("path", ["/", "/C-0000-0000", f"/{REFERENCE}"])
async def test_pages_bear_headers_that_keep_them_to_themselves(gate: Gate, records: Records, path: str) -> None:
    _, _, made = await ask(gate, path)
    assert made.response
    headers = made.response.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert records.fault is None


async def test_a_store_that_cannot_be_read_is_said_so(gate: Gate, records: Records) -> None:
    records.fault = OSError(5, "I/O error")
    status, page, _ = await ask(gate, f"/{REFERENCE}")
    assert status == 503
    assert "minute" in page


async def test_before_the_store_is_open_no_reference_is_known(gate: Gate) -> None:
    assert (await ask(gate, f"/{REFERENCE}"))[0] == 404


NAMES = [
    HOST,
    HOST.upper(),
    HOST + ".",
    HOST + ":80",
    HOST + ":",
    f"{HOST}\r\nHost: a.example",
    f"a.example\r\nHost: {HOST}",
]


@pytest.mark.parametrize("name", NAMES)
async def test_a_request_that_names_the_notice_host_never_goes_on(gate: Gate, name: str) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(f"GET /x HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
    assert relay.servers == []
    assert b"Content-Security-Policy" in relay.told


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("coding", ["length", "chunked"])
async def test_nor_does_a_body_with_its_name(gate: Gate, name: str, coding: str) -> None:
    said = post(name, SECRET)
    if coding == "chunked":
        said = (
            f"POST /x HTTP/1.1\r\nHost: {name}\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{MARKER}\r\n0\r\n\r\n".encode()
        )
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(said)
    assert relay.servers == []


async def test_naming_it_on_a_connection_to_dingtalk_changes_nothing(gate: Gate, judge: Judge) -> None:
    relay = InsideTls(gate, "oapi.dingtalk.com")
    await relay.send(f"GET /x?{MARKER} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    assert relay.servers == []
    assert len(judge.seen) == 1


async def test_naming_dingtalk_on_a_connection_to_it_changes_nothing(gate: Gate) -> None:
    relay = InsideTls(gate, HOST)
    await relay.send(b"GET /x HTTP/1.1\r\nHost: oapi.dingtalk.com\r\n\r\n")
    assert relay.servers == []


@pytest.mark.parametrize("host", ["a.example", "notice.cerco.internal.example", "xnotice.cerco.internal"])
async def test_other_hosts_are_left_alone(gate: Gate, host: str) -> None:
    relay = Relay(gate, "transparent", address=(EDGE, 80))
    await relay.send(post(host, SECRET))
    assert relay.received == post(host, SECRET)


async def test_the_host_may_be_written_in_capitals_in_the_settings(judge: Judge) -> None:
    relay = Relay(make_gate(judge, notice={"host": "Notice.Example.MO"}), "transparent", address=(EDGE, 80))
    await relay.send(b"GET / HTTP/1.1\r\nHost: notice.example.mo\r\n\r\n")
    assert relay.servers == []
    assert b"Content-Security-Policy" in relay.told
