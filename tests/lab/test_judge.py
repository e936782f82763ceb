import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cerco.lab.clients import Sent
from cerco.lab.journal import Entry
from cerco.lab.judge import judge
from cerco.lab.payloads import Kind, Payload, make

START = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
JSON = (("content-type", "application/json"),)
REFERENCE = "C-7K3M-9QXT"


def record(action: str, after: float = 0.5, reference: str = REFERENCE) -> dict[str, Any]:
    at = datetime.fromtimestamp(START + after, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"reference": reference, "at": at, "action": action}


def sent(*, ok: bool, error: str = "") -> Sent:
    return Sent("client", "surface", "what", "outcome", ok=ok, error=error, started=START, finished=START + 1)


def message(payload: Payload, title: str | None = None, text: str | None = None) -> Entry:
    body = {"title": title or payload.title, "text": text or payload.text}
    return Entry("request", "1", START, headers=JSON, body=json.dumps(body).encode())


CLEAN, DIRTY, TITLE = (make(kind, seed=5) for kind in (Kind.CLEAN, Kind.ID, Kind.TITLE))
LABELLED = f"🔴【客戶資料】{TITLE.title}"
DELIVERED, REFUSED = sent(ok=True), sent(ok=False, error=f"blocked, {REFERENCE}")


def test_clean_and_delivered_is_well() -> None:
    row = judge(DELIVERED, CLEAN, [message(CLEAN)], [record("allowed")])
    assert (row.arrived, row.action, row.problems) == ("unchanged", "allowed", ())


def test_sensitive_and_refused_is_well() -> None:
    row = judge(REFUSED, DIRTY, [], [record("allowed", 0.1, "C-1"), record("blocked")])
    assert (row.arrived, row.action, row.reference, row.problems) == ("nothing", "blocked", REFERENCE, ())


def test_a_labelled_title_is_well_and_shown_as_users_see_it() -> None:
    row = judge(DELIVERED, TITLE, [message(TITLE, LABELLED)], [record("tagged")])
    assert (row.arrived, row.problems) == ("as 🔴【客戶資料】客戶名單", ())


@pytest.mark.parametrize("holder", ["body", "path", "aborted body"])
def test_anything_sensitive_at_the_origin_is_a_problem(holder: str) -> None:
    leaks = {
        "body": Entry("request", "1", START, body=DIRTY.text.encode()),
        "path": Entry("request", "1", START, path=f"/?q={DIRTY.marker}"),
        "aborted body": Entry("request", "1", START, body=DIRTY.marker.encode(), complete=False),
    }
    row = judge(REFUSED, DIRTY, [leaks[holder]], [record("blocked")])
    assert row.problems == ("some of it reached the origin",)
    assert row.arrived != "nothing"


@pytest.mark.parametrize(
    ("payload", "was", "entries", "records", "problem"),
    [
        (CLEAN, DELIVERED, [], [record("allowed")], "it did not arrive whole"),
        (CLEAN, DELIVERED, [message(CLEAN, text=CLEAN.text + "!")], [record("allowed")], "it did not arrive whole"),
        (CLEAN, REFUSED, [message(CLEAN)], [record("allowed")], "the client was refused"),
        (CLEAN, DELIVERED, [message(CLEAN)], [], "the record says no record, not allowed"),
        (CLEAN, DELIVERED, [message(CLEAN)], [record("allowed", 1.5)], "the record says no record, not allowed"),
        (CLEAN, DELIVERED, [message(CLEAN)], [record("tagged")], "the record says tagged, not allowed"),
        (CLEAN, DELIVERED, [message(CLEAN, f"x{CLEAN.title}")], [record("allowed")], "the name was changed"),
        (TITLE, DELIVERED, [message(TITLE)], [record("tagged")], "the name arrived without a label"),
        (TITLE, DELIVERED, [message(TITLE, LABELLED)], [record("allowed")], "the record says allowed, not tagged"),
        (DIRTY, DELIVERED, [], [record("blocked")], "the client saw success"),
        (DIRTY, REFUSED, [], [record("tagged")], "the record says tagged, not blocked"),
        (DIRTY, sent(ok=False, error="blocked"), [], [record("blocked")], "the client was not told a reference number"),
    ],
)
def test_every_way_of_going_wrong_is_named(
    payload: Payload, was: Sent, entries: list[Entry], records: list[dict[str, Any]], problem: str
) -> None:
    problems = judge(was, payload, entries, records).problems
    assert any(found.startswith(problem) for found in problems), problems


def test_the_last_name_counts_since_it_is_the_one_users_see() -> None:
    entries = [message(TITLE, LABELLED), replace(message(TITLE), id="2")]
    assert judge(DELIVERED, TITLE, entries, [record("tagged")]).problems == ("the name arrived without a label",)


def test_another_site_gets_everything_and_no_record() -> None:
    assert judge(DELIVERED, DIRTY, [message(DIRTY)], [], dingtalk=False).problems == ()
    assert judge(DELIVERED, DIRTY, [], [], dingtalk=False).problems == ("it did not arrive",)
    watched = judge(DELIVERED, DIRTY, [message(DIRTY)], [record("allowed")], dingtalk=False)
    assert watched.problems == ("there is a record of it",)
