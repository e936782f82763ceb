"""From a request to a recorded decision: in order, whole, and remembered for the later steps of an upload."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from cerco.decide.policy import Policy
from cerco.decide.verdict import Action
from cerco.dingtalk.held import Content, chunks, length
from cerco.dingtalk.outbound import Reply, Wire
from cerco.evidence.justifications import Justifications
from cerco.evidence.store import EvidenceError, EvidenceStore
from cerco.extract.text import Text, Unreadable, Why
from cerco.runtime.decision import Decision
from cerco.runtime.inspector import Bounds, Inspector
from cerco.runtime.known import KnownStores
from cerco.runtime.news import News
from cerco.runtime.reasons import Reasons
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.scanners import ScannerPool, ScanReport
from cerco.runtime.settings import packaged_rules
from cerco.runtime.talk import Talk
from cerco.runtime.telemetry import Telemetry
from cerco.runtime.uploads import Uploads
from cerco.scan.detector import Detector
from cerco.state.conversations import Conversations
from cerco.state.drift import Drift
from cerco.state.grants import Grants
from cerco.state.holding import Holding, HoldingError
from cerco.state.ledger import Ledger
from cerco.state.spool import Spool

NOW = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
KEY = b"k" * 32
RULES = load_rulebook(packaged_rules())
IDENTITY = "5123456(7)"  # made up
SENSITIVE = f"澳門居民身份證號碼：{IDENTITY}"
CLEAN = "下星期的例會改在三樓會議室"
TITLE = "客戶名單"


DETECTOR = Detector(RULES.rules, KEY)  # loading the recognisers takes longer than a test


class Pool:
    """Scanner processes that are none: text files are read here, others are what the test says."""

    def __init__(self) -> None:
        self.files: list[tuple[Content, str | None]] = []
        self.texts: list[Sequence[Text]] = []
        self.gaps: tuple[Unreadable, ...] = ()
        self.fault: Exception | None = None
        self.takes = 0.0
        self._detector = DETECTOR

    async def scan_file(self, data: Content, name: str | None, place: str) -> ScanReport:
        self.files.append((data, name))
        await asyncio.sleep(self.takes)
        if self.fault:
            raise self.fault
        text = b"".join(chunks(data)).decode()
        return ScanReport(self._detector.scan([Text(place, text)]), self.gaps, length(data))

    async def scan_texts(self, texts: Sequence[Text]) -> ScanReport:
        self.texts.append(texts)
        return ScanReport(self._detector.scan(texts), (), sum(len(text.content) for text in texts))


class Site:
    """An inspector with stores of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pool = Pool()
        self.evidence = EvidenceStore(folder / "evidence.db")
        self.ledger = Ledger(folder / "ledger.db", KEY)
        self.spool = Spool(folder / "spool", KEY, most=1_000_000)
        self.conversations = Conversations(folder / "conversations.db", KEY)
        self.drift = Drift(folder / "drift.db", KEY)
        self.justifications = Justifications(folder / "justifications.db", KEY)
        self.grants = Grants(folder / "grants.db", KEY)
        self.reasons = Reasons(self.grants, self.justifications, KEY)
        self.holding = Holding(folder / "held", 1_000_000)

    def inspector(self, rules: Rulebook = RULES, **changes: Any) -> Inspector:
        bounds: dict[str, Any] = {"enforce": True, "inline": 65_536, "body": 1_000_000, "patience": 120.0}
        bounds["refuse_cleartext"] = False
        bounds |= {name: changes.pop(name) for name in tuple(changes) if name in bounds}
        pool = cast("ScannerPool", self.pool)
        detector = DETECTOR if rules.rules is RULES.rules else Detector(rules.rules, KEY)
        chosen: dict[str, Any] = {
            "detector": detector,
            "pool": pool,
            "ledger": self.ledger,
            "reasons": self.reasons,
            "evidence": self.evidence,
            "telemetry": Telemetry(),
            "uploads": Uploads(self.spool, pool, self.holding, limit=1_000_000, memory=100_000),
            "talk": Talk(self.conversations, detector),
            "news": News(rules, self.drift),
            "stores": KnownStores(),
            "bounds": Bounds(**bounds),
            "clock": lambda: NOW,
            **changes,
        }
        return Inspector(rules, **chosen)

    def close(self) -> None:
        working = (self.spool, self.conversations, self.drift, self.ledger, self.grants)
        for store in (*working, self.justifications, self.evidence):
            store.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


def request(url: str, body: object = b"", method: str = "POST", scheme: str = "https", **headers: str) -> Wire:
    host, slash, path = url.partition("/")
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    given = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Wire(
        method=method,
        scheme=scheme,
        host=host,
        port=443,
        path=slash + path,
        headers=tuple(given.items()),
        body=data,
        client="10.0.0.8",
        tls_client="TLSv1.3",
        tls_server="TLSv1.2",
    )


def message(text: str, **changes: Any) -> Wire:
    body = {"msgtype": "text", "text": {"content": text}}
    return request("oapi.dingtalk.com/robot/send?access_token=t", body, **changes)


def markdown(title: str, text: str = CLEAN) -> Wire:
    body = {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
    return request("oapi.dingtalk.com/robot/send?access_token=t", body)


FILES = "api.dingtalk.com/v1.0/storage/spaces/7/files"
STORE = "zjk.trans.dingtalk.com/yundisk0/abcdefghijklmnopqrstuvwx.file"
NAME = "會議.csv"


def announce(name: str = NAME) -> Wire:
    return request(f"{FILES}/uploadInfos/query?unionId=u", {"option": {"preCheckParam": {"name": name}}})


def put(content: str = CLEAN) -> Wire:
    return request(STORE, content.encode(), "PUT", Content_Type="application/octet-stream")


def commit(name: str = NAME, key: str = "k1") -> Wire:
    return request(f"{FILES}/commit?unionId=u", {"uploadKey": key, "name": name, "parentId": "0"})


GIVEN = Reply(
    200, (), json.dumps({"uploadKey": "k1", "headerSignatureInfo": {"resourceUrls": [f"https://{STORE}"]}}).encode()
)


async def judged(inspector: Inspector, wire: Wire) -> Decision:
    made = await inspector.inspect(wire, 10)
    if wire.path.startswith("/v1.0/storage/spaces/7/files/uploadInfos"):
        await inspector.learn(wire, GIVEN, made)
    return made


# --- one request ---


async def test_a_clean_message_is_allowed_and_on_record(site: Site) -> None:
    made = await site.inspector().inspect(message(CLEAN), 10)
    assert (made.action, made.forwards, made.body) == ("allowed", True, None)
    found = site.evidence.find(made.reference or "")
    assert found is not None
    assert (found.action, found.operation, found.channel) == ("allowed", "robot.send", "oapi")
    assert (found.at, found.ruleset) == (NOW, RULES.version)
    assert (found.actor.address, found.destination.host) == ("10.0.0.8", "oapi.dingtalk.com")
    assert (found.tls_client, found.tls_server) == ("TLSv1.3", "TLSv1.2")
    assert found.parts > 0
    assert found.bytes_read >= len(CLEAN)


async def test_an_identity_number_is_blocked_and_on_record_masked(site: Site) -> None:
    made = await site.inspector().inspect(message(SENSITIVE), 10)
    assert (made.action, made.forwards) == ("blocked", False)
    assert made.verdict.decisions == ("identity-number",)
    found = site.evidence.find(made.reference or "")
    assert found is not None
    assert found.verdict == made.verdict
    assert IDENTITY not in json.dumps(found.to_json(), ensure_ascii=False)
    assert IDENTITY not in repr(made)


async def test_a_customer_title_is_tagged_in_the_body_that_goes(site: Site) -> None:
    made = await site.inspector().inspect(markdown(TITLE), 10)
    assert (made.action, made.forwards) == ("tagged", True)
    assert made.body is not None
    assert json.loads(made.body)["markdown"]["title"].startswith(RULES.policy.label)


@pytest.mark.parametrize(("untaggable", "action"), [("block", "blocked"), ("allow", "allowed")])
async def test_where_no_label_can_stand_the_policy_says_what_then(site: Site, untaggable: str, action: str) -> None:
    rules = replace(RULES, policy=RULES.policy.model_copy(update={"untaggable": untaggable}))
    wire = request(f"oapi.dingtalk.com/user/search?title={TITLE}", b"", "GET")
    made = await site.inspector(rules).inspect(wire, 10)
    assert made.verdict.action is Action.TAG
    assert made.action == action


async def test_nothing_to_send_is_nothing_to_record(site: Site) -> None:
    made = await site.inspector().inspect(request("oapi.dingtalk.com/", b"", "GET"), 10)
    assert (made.action, made.reference) == ("allowed", None)
    assert site.evidence.last(1) == []


@pytest.mark.parametrize("text", [SENSITIVE, CLEAN])
async def test_a_site_that_observes_lets_everything_go_and_says_so(site: Site, text: str) -> None:
    made = await site.inspector(enforce=False).inspect(message(text), 10)
    assert made.forwards
    assert made.action == ("observed" if text == SENSITIVE else "allowed")
    assert made.verdict.action == (Action.BLOCK if text == SENSITIVE else Action.ALLOW)
    assert [record.action for record in site.evidence.last(1)] == [made.action]


def trying(identifier: str) -> Rulebook:
    """The shipped rules, with one decision only tried out."""
    decisions = tuple(
        decision.model_copy(update={"observe": True}) if decision.id == identifier else decision
        for decision in RULES.policy.decisions
    )
    return replace(RULES, policy=RULES.policy.model_copy(update={"decisions": decisions}))


async def test_a_decision_that_is_tried_out_is_recorded_and_not_carried_out(site: Site) -> None:
    made = await site.inspector(trying("identity-number")).inspect(message(SENSITIVE), 10)
    assert (made.action, made.verdict.action) == ("observed", Action.BLOCK)


async def test_justify_refuses_until_there_is_a_way_to_ask(site: Site) -> None:
    decisions = [{"id": "all", "why": "x", "when": {"rules": ["any"]}, "then": "justify"}]
    rules = replace(RULES, policy=Policy.model_validate({"label": "x", "decisions": decisions}))
    made = await site.inspector(rules).inspect(message(SENSITIVE), 10)
    assert (made.action, made.verdict.action) == ("blocked", Action.JUSTIFY)


# --- cleartext ---


@pytest.mark.parametrize(
    ("scheme", "refuse", "action"),
    [("http", True, "blocked"), ("ws", True, "blocked"), ("https", True, "allowed"), ("http", False, "allowed")],
)
async def test_cleartext_is_refused_where_the_site_says_so(site: Site, scheme: str, refuse: bool, action: str) -> None:
    made = await site.inspector(refuse_cleartext=refuse).inspect(message(CLEAN, scheme=scheme), 10)
    assert made.action == action
    assert ("cleartext" in made.verdict.decisions) is (action == "blocked")


async def test_cleartext_without_content_is_refused_too(site: Site) -> None:
    wire = request("oapi.dingtalk.com/", b"", "GET", "http")
    made = await site.inspector(refuse_cleartext=True).inspect(wire, 10)
    assert made.action == "blocked"
    assert made.reference


async def test_what_is_tried_out_does_not_let_cleartext_through(site: Site) -> None:
    inspector = site.inspector(trying("identity-number"), refuse_cleartext=True)
    assert (await inspector.inspect(message(SENSITIVE, scheme="http"), 10)).action == "blocked"


async def test_a_site_that_observes_lets_cleartext_go(site: Site) -> None:
    inspector = site.inspector(enforce=False, refuse_cleartext=True)
    assert (await inspector.inspect(message(CLEAN, scheme="http"), 10)).action == "observed"


# --- where it is scanned ---


async def test_short_text_is_scanned_here_and_long_text_elsewhere(site: Site) -> None:
    inspector = site.inspector(inline=200)
    assert (await inspector.inspect(message(SENSITIVE), 10)).action == "blocked"
    assert site.pool.texts == []
    assert (await inspector.inspect(message(CLEAN * 30 + SENSITIVE), 10)).action == "blocked"
    assert len(site.pool.texts) == 1


async def test_files_are_never_opened_here(site: Site) -> None:
    made = await site.inspector().inspect(put(SENSITIVE), 10)
    assert made.action == "blocked"
    assert [data for data, _ in site.pool.files] == [SENSITIVE.encode()]
    assert made.outbound.carries_file


async def test_what_a_scanner_could_not_read_is_part_of_the_verdict(site: Site) -> None:
    site.pool.gaps = (Unreadable("a.zip", Why.ENCRYPTED),)
    made = await site.inspector().inspect(put(), 10)
    assert made.action == "blocked"
    assert made.verdict.coverage == site.pool.gaps


async def test_what_is_not_what_it_claims_to_be_is_part_of_the_verdict(site: Site) -> None:
    wire = request("oapi.dingtalk.com/robot/send", b'{"text": {"content": "cut o')
    made = await site.inspector().inspect(wire, 10)
    assert Why.MALFORMED in {gap.why for gap in made.verdict.coverage}
    assert made.action == "blocked"


# --- what goes wrong ---


async def test_a_record_that_cannot_be_written_is_no_decision(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def append(*_: object) -> None:
        raise EvidenceError(28, "No space left")

    monkeypatch.setattr(site.evidence, "append", append)
    with pytest.raises(EvidenceError):
        await site.inspector().inspect(message(CLEAN), 10)
    with pytest.raises(EvidenceError):
        await site.inspector().inspect_unread(message(CLEAN), "opaque.lws", Unreadable("lws", Why.OPAQUE_PROTOCOL))


async def test_a_ledger_that_cannot_be_written_is_no_decision(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def mark(*_: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(site.ledger, "mark", mark)
    with pytest.raises(OSError, match="No space"):
        await site.inspector().inspect(put(), 10)


async def test_a_fault_in_a_scanner_is_no_decision(site: Site) -> None:
    site.pool.fault = RuntimeError()
    with pytest.raises(RuntimeError):
        await site.inspector().inspect(put(), 10)
    assert site.evidence.last(1) == []


async def test_a_scanner_that_hangs_is_given_up(site: Site) -> None:
    site.pool.takes = 30
    with pytest.raises(TimeoutError):
        await site.inspector().inspect(put(), 0.05)
    assert site.evidence.last(1) == []


async def test_a_scan_that_blocks_the_loop_is_late_all_the_same(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    inspector = site.inspector()
    examine: Callable[..., Any] = inspector._detector.examine

    def slow(texts: Any) -> Any:
        time.sleep(0.1)
        return examine(texts)

    monkeypatch.setattr(inspector._detector, "examine", slow)
    with pytest.raises(TimeoutError):
        await inspector.inspect(message(CLEAN), 0.05)
    assert site.evidence.last(1) == []


# --- bodies that are held on disk ---


def held(site: Site, wire: Wire) -> Wire:
    file = site.holding.begin()
    file.write(wire.body)
    return replace(wire, body=wire.body[:8], held=file.held())


async def test_a_held_file_is_handed_on_as_it_is(site: Site) -> None:
    wire = held(site, put(SENSITIVE))
    made = await site.inspector().inspect(wire, 10)
    assert made.action == "blocked"
    assert [data for data, _ in site.pool.files] == [wire.held]


async def test_a_held_message_is_read_like_any_other(site: Site) -> None:
    made = await site.inspector().inspect(held(site, message(SENSITIVE)), 10)
    assert (made.action, site.pool.files) == ("blocked", [])


async def test_a_held_body_has_more_time(site: Site) -> None:
    site.pool.takes = 0.2
    made = await site.inspector().inspect(held(site, put()), 0.05)
    assert made.action == "allowed"
    with pytest.raises(TimeoutError):
        await site.inspector(patience=0.05).inspect(held(site, put()), 0.05)


async def test_a_held_form_is_labelled(site: Site) -> None:
    kind = 'Content-Disposition: form-data; name="media"; filename="客戶名單.txt"'
    body = f"--b\r\n{kind}\r\n\r\n{CLEAN}\r\n--b--\r\n".encode()
    wire = request("oapi.dingtalk.com/media/upload", body, Content_Type="multipart/form-data; boundary=b")
    made = await site.inspector().inspect(held(site, wire), 10)
    assert made.action == "tagged"
    assert made.body is not None
    assert made.body.replace(RULES.policy.label.encode(), b"") == body


async def test_a_held_body_that_is_gone_is_no_decision(site: Site) -> None:
    file = site.holding.begin()
    file.write(message(CLEAN).body)
    wire = replace(message(CLEAN), held=file.held())
    file.release()
    with pytest.raises(HoldingError):
        await site.inspector().inspect(wire, 10)


# --- the steps of an upload ---


async def test_a_clean_upload_passes_all_its_steps(site: Site) -> None:
    inspector = site.inspector()
    assert [(await judged(inspector, wire)).action for wire in (announce(), put(), commit())] == ["allowed"] * 3


async def test_refused_bytes_refuse_the_commit(site: Site) -> None:
    inspector = site.inspector()
    actions = [(await judged(inspector, wire)).action for wire in (announce(), put(SENSITIVE), commit())]
    assert actions == ["allowed", "blocked", "blocked"]


async def test_so_they_do_after_a_restart_and_under_softer_rules(site: Site) -> None:
    for wire in (announce(), put(SENSITIVE)):
        await judged(site.inspector(), wire)
    made = await judged(site.inspector(soft()), commit())
    assert (made.action, made.verdict.decisions[0]) == ("blocked", "earlier-step")


def soft() -> Rulebook:
    """Everything passes."""
    decisions = [
        {"id": "all", "why": "x", "when": {"rules": ["any"]}, "then": "allow"},
        {"id": "gaps", "why": "x", "when": {"coverage": ["any"]}, "then": "allow"},
    ]
    return replace(RULES, policy=Policy.model_validate({"label": "x", "decisions": decisions}))


async def test_what_is_only_tried_out_now_does_not_free_what_was_refused(site: Site) -> None:
    for wire in (announce(), put(SENSITIVE)):
        await judged(site.inspector(), wire)
    made = await judged(site.inspector(tagging()), commit(f"{TITLE}.csv"))
    assert made.action == "blocked"
    assert made.verdict.observed is False


def tagging() -> Rulebook:
    """Everything is tagged, and only to try it out."""
    decisions = [
        {"id": "all", "why": "x", "when": {"rules": ["any"]}, "then": "tag", "observe": True},
        {"id": "gaps", "why": "x", "when": {"coverage": ["any"]}, "then": "allow"},
    ]
    return replace(RULES, policy=Policy.model_validate({"label": "x", "decisions": decisions}))


async def test_what_was_only_tried_out_refuses_no_later_step(site: Site) -> None:
    inspector = site.inspector(trying("identity-number"))
    assert (await judged(inspector, announce())).action == "allowed"
    assert (await judged(inspector, put(SENSITIVE))).action == "observed"
    assert (await judged(inspector, commit())).forwards
    assert (await judged(site.inspector(soft()), commit())).action == "allowed"


async def test_a_name_announced_before_is_known_when_the_bytes_pass(site: Site) -> None:
    inspector = site.inspector()
    assert (await judged(inspector, announce(f"{TITLE}.csv"))).verdict.action is Action.TAG
    made = await judged(inspector, put(SENSITIVE))
    assert made.verdict.decisions[0] == "customer-list"


async def test_a_tag_waits_for_the_commit_where_the_name_is_seen(site: Site) -> None:
    inspector = site.inspector()
    assert (await judged(inspector, announce(f"{TITLE}.csv"))).action == "tagged"
    assert (await judged(inspector, put())).action == "allowed"
    made = await judged(inspector, commit(f"{TITLE}.csv"))
    assert made.action == "tagged"
    assert json.loads(made.body or b"")["name"].startswith(RULES.policy.label)


async def test_one_uploads_refusal_is_not_anothers(site: Site) -> None:
    inspector = site.inspector()
    await judged(inspector, announce())
    await judged(inspector, put(SENSITIVE))
    assert (await judged(inspector, commit(key="k2"))).action == "allowed"


async def test_bytes_that_never_passed_are_said_to_be_unseen(site: Site) -> None:
    made = await judged(site.inspector(), commit(key="from elsewhere"))
    assert [gap.why for gap in made.verdict.coverage] == [Why.UNSEEN]


async def test_a_reply_that_hands_out_nothing_teaches_nothing(site: Site) -> None:
    inspector = site.inspector()
    made = await inspector.inspect(announce(), 10)
    await inspector.learn(announce(), Reply(500, (), GIVEN.body), made)
    await judged(inspector, put(SENSITIVE))
    assert (await judged(inspector, commit())).action == "allowed"  # nothing links the key with the bytes


# --- what nobody reads ---


@pytest.mark.parametrize(("enforce", "action"), [(True, "blocked"), (False, "observed")])
@pytest.mark.parametrize("why", [Why.OPAQUE_PROTOCOL, Why.TOO_LARGE])
async def test_unread_traffic_is_decided_by_why_it_is_unread(site: Site, enforce: bool, action: str, why: Why) -> None:
    wire = replace(message(SENSITIVE), method="CONNECT")
    made = await site.inspector(enforce=enforce).inspect_unread(wire, "opaque.lws", Unreadable("lws", why))
    assert made.action == action
    found = site.evidence.find(made.reference or "")
    assert found is not None
    assert found.operation == "opaque.lws"
    assert found.verdict.coverage == (Unreadable("lws", why),)


async def test_a_policy_can_let_it_go(site: Site) -> None:
    made = await site.inspector(soft()).inspect_unread(
        message(""), "opaque.lws", Unreadable("lws", Why.OPAQUE_PROTOCOL)
    )
    assert made.action == "allowed"
