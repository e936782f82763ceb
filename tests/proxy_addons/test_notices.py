"""The notice host is served here, whoever asks for it and however; nobody gets past the gate by naming it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from mitmproxy.http import HTTPFlow

from cerco.decide.verdict import Action, Verdict
from cerco.desk.attempts import MOST
from cerco.dingtalk.outbound import Actor, Destination
from cerco.evidence.record import EvidenceRecord
from cerco.runtime import authority
from cerco.runtime.gate import Gate
from cerco.scan.finding import Finding
from cerco.state.grants import Standing
from proxy_addons.notices import LARGEST_FORM, Notices
from tests.proxy_addons.flows import (
    EDGE,
    MARKER,
    NOW,
    REFERENCE,
    SECRET,
    InsideTls,
    Judge,
    Relay,
    flow,
    make_gate,
    post,
)

HOST = "notice.cerco.internal"
CLIENT = "127.0.0.1"  # where mitmproxy's test flows come from
FOUND = Finding("macau-id-card", "MO_ID_CARD", "high", 0.95, "text.content", 3, 13, "1••••••(8)", "ab" * 32)
RECORD = EvidenceRecord(
    reference=REFERENCE,
    at=datetime(2026, 11, 3, 2, 1, tzinfo=UTC),
    actor=Actor(CLIENT, "someone-else"),
    destination=Destination("oapi.dingtalk.com", "mainland", "cid-1"),
    channel="oapi",
    operation="robot.send",
    verdict=Verdict(Action.BLOCK, ("identity-number",), (FOUND,), ()),
    action="blocked",
    ruleset="0" * 16,
    parts=1,
    bytes_read=20,
)
ASKED = replace(RECORD, verdict=replace(RECORD.verdict, action=Action.JUSTIFY))


class Records:
    """An evidence store with one record."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.record = RECORD
        self.fault: Exception | None = None

    def find(self, reference: str) -> EvidenceRecord | None:
        self.asked.append(reference)
        if self.fault:
            raise self.fault
        return self.record if reference == REFERENCE else None


class Reasons:
    """Reasons that are taken down and no more."""

    def __init__(self) -> None:
        self.now = Standing("waiting")
        self.given: list[tuple[str, str, str]] = []
        self.then = Standing("open", NOW + timedelta(minutes=10))

    async def standing(self, _reference: str, _now: datetime) -> Standing:
        return self.now

    async def answer(self, reference: str, reason: str, sentence: str, **_: object) -> Standing | str:
        if len(sentence) < 5:
            return "write"
        self.given.append((reference, reason, sentence))
        return self.then


@pytest.fixture
def records(gate: Gate) -> Records:
    made = Records()
    gate.evidence = cast("Any", made)
    return made


@pytest.fixture
def reasons(gate: Gate, records: Records) -> Reasons:
    made, records.record = Reasons(), ASKED
    gate.reasons = cast("Any", made)
    return made


async def ask(gate: Gate, path: str, *, tls: bool = False, **headers: str) -> tuple[int, str, HTTPFlow]:
    made = flow(f"{'https' if tls else 'http'}://{HOST}{path}", b"", **headers)
    made.request.method = "GET"
    made.client_conn.tls = tls
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
        "/setup/../x",
        "/mitmproxy-ca.pem",
    ],
)
async def test_anything_else_is_an_unknown_reference(gate: Gate, records: Records, path: str) -> None:
    status, page, _ = await ask(gate, path)
    assert status == 404
    assert "1••••••(8)" not in page
    assert len(page) < 20_000
    assert records.asked in ([], ["C-0000-0000"])


async def test_what_is_anothers_looks_as_if_it_did_not_exist(gate: Gate, records: Records) -> None:
    records.record = replace(RECORD, actor=Actor("10.0.0.8"))
    anothers = await ask(gate, f"/{REFERENCE}")
    nobodys = await ask(gate, "/C-7K3M-9QXV")
    assert anothers[0] == nobodys[0] == 404
    assert anothers[1] == nobodys[1].replace("9QXV", "9QXT")
    assert anothers[2].response
    assert nobodys[2].response
    assert dict(anothers[2].response.headers) == dict(nobodys[2].response.headers) | {
        "content-length": str(len(anothers[2].response.raw_content or b""))
    }


async def test_nobody_tries_references_for_long(gate: Gate, records: Records) -> None:
    addon = Notices(gate)
    statuses = []
    for number in [*range(MOST), None]:
        path = f"/{REFERENCE}" if number is None else f"/C-0000-{number:04}"
        made = flow(f"http://{HOST}{path}", b"")
        made.request.method = "GET"
        await addon.request(made)
        assert made.response
        statuses.append(made.response.status_code)
    assert statuses == [404] * MOST + [429]
    assert records.asked[-1] != REFERENCE


async def test_what_is_typed_is_shown_as_text_only(gate: Gate, records: Records) -> None:
    _, page, _ = await ask(gate, "/?ref=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in page.lower()
    assert "&lt;" in page
    assert records.asked == []


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
        ("/setup?lang=zh-Hans", "pt", "zh-Hans"),
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


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
async def test_other_methods_are_none(gate: Gate, records: Records, method: str) -> None:
    made = flow(f"http://{HOST}/{REFERENCE}", b"")
    made.request.method = method
    await Notices(gate).request(made)
    assert made.response
    assert made.response.status_code == 405
    assert records.asked == []


# ---- Setting a device up ----


@pytest.fixture
def keys(gate: Gate, tmp_path: Path) -> Gate:
    authority.create(tmp_path / "keys", "Taipa")
    gate.settings = gate.settings.model_copy(update={"keys": tmp_path / "keys"})
    return gate


async def test_a_device_gets_its_steps(keys: Gate) -> None:
    status, page, _ = await ask(keys, "/setup?lang=en", User_Agent="Mozilla/5.0 (Linux; Android 15)")
    assert status == 200
    assert "<details open><summary>Android" in page
    fingerprint = authority.certificate(keys.settings.keys).fingerprint(SHA256())
    assert " ".join(f"{byte:02X}" for byte in fingerprint) in page
    assert f"https://{HOST}/setup?lang=en" in page
    secure = (await ask(keys, "/setup?lang=en", tls=True))[1]
    assert "This device is ready" in secure


async def test_without_an_authority_none_is_offered(gate: Gate, tmp_path: Path) -> None:
    gate.settings = gate.settings.model_copy(update={"keys": tmp_path})
    status, page, _ = await ask(gate, "/setup?lang=en")
    assert status == 200
    assert "cannot be offered now" in page


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/cerco-ca.cer", "application/x-x509-ca-cert"),
        ("/cerco-ca.crt", "application/x-pem-file"),
        ("/cerco.mobileconfig", "application/x-apple-aspen-config"),
    ],
)
async def test_the_certificate_is_offered_and_never_its_key(keys: Gate, path: str, kind: str) -> None:
    status, _, made = await ask(keys, path)
    assert made.response
    data = made.response.raw_content or b""
    assert (status, made.response.headers["Content-Type"]) == (200, kind)
    assert b"PRIVATE KEY" not in data
    if kind == "application/x-x509-ca-cert":
        assert x509.load_der_x509_certificate(data) == authority.certificate(keys.settings.keys)


# ---- Reasons ----


def form(token: str, reason: str = "customer", sentence: str = "the customer asked for it") -> bytes:
    return urlencode({"token": token, "reason": reason, "sentence": sentence}).encode()


async def give(
    gate: Gate, body: bytes, path: str = f"/{REFERENCE}", *, tls: bool = True, **headers: str
) -> tuple[int, str, HTTPFlow]:
    given = {"Origin": f"https://{HOST}", "Sec_Fetch_Site": "same-origin"} | headers
    made = flow(f"{'https' if tls else 'http'}://{HOST}{path}", body, **{k: v for k, v in given.items() if v})
    made.client_conn.tls = tls
    await Notices(gate).request(made)
    assert made.response is not None
    return made.response.status_code, made.response.text or "", made


def token(gate: Gate, reference: str = REFERENCE, address: str = CLIENT, at: datetime = NOW) -> str:
    return Notices(gate).front.tokens.form(reference, address, at)


async def test_the_page_has_a_form_and_the_form_is_taken(gate: Gate, reasons: Reasons) -> None:
    _, page, _ = await ask(gate, f"/{REFERENCE}", tls=True)
    assert f'name="token" value="{token(gate)}"' in page
    status, _, made = await give(gate, form(token(gate)), f"/{REFERENCE}?lang=pt")
    assert made.response
    assert (status, made.response.headers["Location"]) == (303, f"/{REFERENCE}?lang=pt")
    assert reasons.given == [(REFERENCE, "customer", "the customer asked for it")]


async def test_over_cleartext_there_is_no_form(gate: Gate, reasons: Reasons) -> None:
    _, page, _ = await ask(gate, f"/{REFERENCE}")
    assert "<textarea" not in page
    assert f"https://{HOST}/{REFERENCE}#ask" in page
    assert (await give(gate, form(token(gate)), tls=False))[0] == 403
    assert reasons.given == []


FOREIGN: dict[str, dict[str, str]] = {
    "another site": {"Origin": "https://evil.test", "Sec_Fetch_Site": "cross-site"},
    "another site in an old browser": {"Origin": "https://evil.test", "Sec_Fetch_Site": ""},
    "DingTalk's own page": {"Origin": "https://im.dingtalk.com", "Sec_Fetch_Site": "cross-site"},
    "a sandboxed page": {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
    "the page without TLS": {"Origin": f"http://{HOST}", "Sec_Fetch_Site": "same-site"},
    "a sister host": {"Origin": f"https://x.{HOST}", "Sec_Fetch_Site": "same-site"},
    "nobody says who": {"Origin": "", "Sec_Fetch_Site": ""},
    "one says so, the other not": {"Sec_Fetch_Site": "cross-site"},
    "an address that was typed": {"Origin": "", "Sec_Fetch_Site": "none"},
}


@pytest.mark.parametrize("name", FOREIGN)
async def test_a_form_from_elsewhere_is_not_taken(gate: Gate, reasons: Reasons, name: str) -> None:
    headers: dict[str, Any] = {**FOREIGN[name]}
    assert (await give(gate, form(token(gate)), **headers))[0] == 403
    assert reasons.given == []


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"reference": "C-7K3M-9QXV"},
        {"address": "10.0.0.9"},
        {"at": NOW - timedelta(hours=2)},
    ],
    ids=["none", "another notice's", "another device's", "stale"],
)
async def test_a_form_with_a_token_that_is_not_its_own_is_shown_again(
    gate: Gate, reasons: Reasons, how: dict[str, Any]
) -> None:
    status, page, _ = await give(gate, form(token(gate, **how) if how else "x"), Accept_Language="en")
    assert status == 403
    assert "open for too long" in page
    assert "the customer asked for it" in page  # what was written is not lost
    assert reasons.given == []


async def test_a_flaw_is_shown_with_what_was_written(gate: Gate, reasons: Reasons) -> None:
    status, page, _ = await give(gate, form(token(gate), sentence="<b>"), Accept_Language="en")
    assert status == 422
    assert "at least 5 characters" in page
    assert "&lt;b&gt;</textarea>" in page
    assert reasons.given == []


async def test_too_many_a_day_is_said(gate: Gate, reasons: Reasons) -> None:
    reasons.then = Standing("limited")
    status, page, _ = await give(gate, form(token(gate)), Accept_Language="en")
    assert status == 429
    assert "No more reasons today" in page


async def test_what_has_been_answered_is_not_answered_again(gate: Gate, reasons: Reasons) -> None:
    reasons.now = Standing("used", NOW)
    status, page, _ = await give(gate, form(token(gate)), Accept_Language="en")
    assert status == 200
    assert "Sent with your reason" in page
    assert reasons.given == []


async def test_what_is_blocked_cannot_be_answered(gate: Gate, reasons: Reasons, records: Records) -> None:
    records.record = RECORD
    status, page, _ = await give(gate, form(token(gate)), Accept_Language="en")
    assert (status, "This was not sent" in page) == (200, True)
    assert reasons.given == []


async def test_anothers_refusal_cannot_be_answered(gate: Gate, reasons: Reasons, records: Records) -> None:
    records.record = replace(ASKED, actor=Actor("10.0.0.8"))
    assert (await give(gate, form(token(gate))))[0] == 404
    assert reasons.given == []


@pytest.mark.parametrize("body", [b"", b"%%%", b"\xff" * 50, b"a=b&" * 21, b"x" * (LARGEST_FORM + 1)])
async def test_any_other_body_is_no_reason(gate: Gate, reasons: Reasons, body: bytes) -> None:
    assert (await give(gate, body))[0] in {403, 503}
    assert reasons.given == []


@pytest.mark.parametrize("length", [str(LARGEST_FORM + 1), "9" * 30, "-1", "x", "1, 2"])
async def test_a_body_that_is_no_small_form_is_not_taken_in(gate: Gate, length: str) -> None:
    made = flow(f"https://{HOST}/{REFERENCE}", b"", Content_Length=length)
    Notices(gate).requestheaders(made)
    assert made.error is not None


@pytest.mark.parametrize("path", ["/", "/C-0000-0000", f"/{REFERENCE}"])
async def test_pages_bear_headers_that_keep_them_to_themselves(gate: Gate, records: Records, path: str) -> None:
    _, _, made = await ask(gate, path)
    assert made.response
    headers = made.response.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    _, _, secure = await ask(gate, path, tls=True)
    assert secure.response
    assert secure.response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
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
