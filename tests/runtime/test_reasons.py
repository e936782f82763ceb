"""JUSTIFY, through the inspector: asked, answered, once; and never anything else."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

from cerco.decide.justify import Justify
from cerco.decide.verdict import Action
from cerco.dingtalk.outbound import Reply, Wire
from cerco.evidence.store import EvidenceError
from cerco.extract.text import Unreadable, Why
from cerco.runtime.decision import Decision
from cerco.runtime.inspector import Inspector
from cerco.runtime.reasons import Given
from cerco.runtime.rulebook import Rulebook
from cerco.state.grants import Standing
from tests.runtime.test_inspector import FILES, NOW, RULES, STORE, Site, message, request

ACCOUNT = "請匯款到澳門中國銀行，戶口號碼 180101234567890"  # made up
OTHER = "請匯款到澳門中國銀行，戶口號碼 180101234567891"
IDENTITY = "澳門居民身份證號碼：5123456(7)"
SENTENCE = "the customer asked for it"
LIST = f"收款人,戶口號碼\nA,180101234567890\nB,{'x' * 40}\n".encode()


def asking(book: Rulebook = RULES, then: str = "justify", **justify: Any) -> Rulebook:
    """Return the shipped rules, but for accounts and cards, for which a reason is enough."""
    decisions = tuple(
        decision.model_copy(update={"then": then}) if decision.id == "money" else decision
        for decision in book.policy.decisions
    )
    changes = {"decisions": decisions, "justify": Justify(**justify)}
    return replace(book, policy=book.policy.model_copy(update=changes))


class Desk(Site):
    """A site whose policy asks, with a clock that can be set."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.now = NOW
        self.book = asking()
        self.inspector_ = self.rules()

    def rules(self, book: Rulebook | None = None, **changes: Any) -> Inspector:
        self.book = book or self.book
        self.inspector_ = self.inspector(self.book, clock=lambda: self.now, **changes)
        return self.inspector_

    async def send(self, wire: Wire, given: Given | None = None, reply: object = None) -> Decision:
        decision = await self.inspector_.inspect(wire, 5.0, given=given)
        if reply is not None and decision.forwards:
            await self.inspector_.learn(wire, Reply(200, (), json.dumps(reply).encode()), decision)
        return decision

    async def answer(self, decision: Decision, sentence: str = SENTENCE) -> Standing | str | None:
        return await self.reasons.answer(
            decision.reference or "",
            "customer",
            sentence,
            justify=self.book.policy.justify,
            address="10.0.0.8",
            now=self.now,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


async def test_the_same_passes_once(desk: Desk) -> None:
    first = await desk.send(message(ACCOUNT))
    assert (first.action, first.verdict.action) == ("blocked", Action.JUSTIFY)
    assert (await desk.send(message(ACCOUNT))).action == "blocked"  # unanswered is not sent
    assert await desk.answer(first) == Standing("open", NOW + timedelta(minutes=10))
    passed = await desk.send(message(ACCOUNT))
    assert passed.action == "allowed"
    assert passed.freed == (first.reference,)
    again = await desk.send(message(ACCOUNT))
    assert again.action == "blocked"
    assert again.reference != first.reference


async def test_it_is_on_record_before_anything_goes(desk: Desk) -> None:
    first = await desk.send(message(ACCOUNT))
    await desk.answer(first)
    passed = await desk.send(message(ACCOUNT))
    record = desk.evidence.find(passed.reference or "")
    assert record
    assert (record.action, record.verdict.action) == ("allowed", Action.JUSTIFY)
    assert record.verdict.decisions == ("money", f"justified: {first.reference}")
    given = desk.justifications.find(first.reference or "")
    assert given
    assert (given.reason, given.sentence, given.address) == ("customer", SENTENCE, "10.0.0.8")
    kept = b"".join(file.read_bytes() for file in desk.folder.glob("*.db*"))
    assert SENTENCE.encode() not in kept


OTHERS: dict[str, Wire] = {
    "another number": message(OTHER),
    "another word": message(f"{ACCOUNT} 謝謝"),
    "another sender": replace(message(ACCOUNT), client="10.0.0.9"),
    "another robot": replace(message(ACCOUNT), path="/robot/send?access_token=u"),
    "another call": replace(message(ACCOUNT), path="/topapi/message/mass/send?access_token=t"),
    "another number beside it": message(f"{ACCOUNT} {OTHER}"),
}


@pytest.mark.parametrize("name", OTHERS)
async def test_nothing_else_passes_for_it(desk: Desk, name: str) -> None:
    first = await desk.send(message(ACCOUNT))
    await desk.answer(first)
    assert (await desk.send(OTHERS[name])).action == "blocked"
    assert (await desk.send(message(ACCOUNT))).action == "allowed"  # and that has used nothing up


async def test_not_after_its_time(desk: Desk) -> None:
    first = await desk.send(message(ACCOUNT))
    await desk.answer(first)
    desk.now += timedelta(minutes=10, seconds=1)
    assert (await desk.send(message(ACCOUNT))).action == "blocked"
    assert await desk.reasons.standing(first.reference or "", desk.now) == Standing("over", NOW + timedelta(minutes=10))


async def test_what_is_to_be_blocked_is_blocked(desk: Desk) -> None:
    """A reason is for what the policy asks about, and for nothing that was not asked."""
    blocked = await desk.send(message(IDENTITY))
    assert await desk.answer(blocked) is None
    assert (await desk.send(message(IDENTITY))).action == "blocked"
    first = await desk.send(message(ACCOUNT))
    await desk.answer(first)
    assert (await desk.send(message(f"{ACCOUNT} {IDENTITY}"))).verdict.action is Action.BLOCK


async def test_a_policy_that_has_become_stricter_counts(desk: Desk) -> None:
    first = await desk.send(message(ACCOUNT))
    await desk.answer(first)
    desk.rules(asking(then="block"))
    assert (await desk.send(message(ACCOUNT))).action == "blocked"


async def test_a_site_that_only_observes_asks_nobody(desk: Desk) -> None:
    desk.rules(enforce=False)
    seen = await desk.send(message(ACCOUNT))
    assert seen.action == "observed"
    assert await desk.reasons.standing(seen.reference or "", desk.now) is None


async def test_nor_does_a_decision_that_is_only_tried(desk: Desk) -> None:
    decisions = tuple(one.model_copy(update={"observe": one.id == "money"}) for one in asking().policy.decisions)
    desk.rules(replace(RULES, policy=asking().policy.model_copy(update={"decisions": decisions})))
    seen = await desk.send(message(ACCOUNT))
    assert seen.action == "observed"
    assert await desk.reasons.standing(seen.reference or "", desk.now) is None


async def test_what_nobody_reads_is_blocked_rather_than_asked_about(desk: Desk) -> None:
    """A connection that is not read cannot be known again, so a reason for it would free any other."""
    asked = tuple(one.model_copy(update={"then": "justify"}) for one in RULES.policy.decisions)
    desk.rules(replace(RULES, policy=RULES.policy.model_copy(update={"decisions": asked})))
    gap = Unreadable("lws", Why.OPAQUE_PROTOCOL)
    refused = await desk.inspector_.inspect_unread(request("im.dingtalk.com/"), "opaque.lws", gap)
    assert (refused.action, refused.verdict.action) == ("blocked", Action.BLOCK)
    assert await desk.answer(refused) is None


async def test_so_many_a_day(desk: Desk) -> None:
    desk.rules(asking(per_day=1))
    one, two = await desk.send(message(ACCOUNT)), await desk.send(message(OTHER))
    await desk.answer(one)
    assert await desk.answer(two) == Standing("limited")
    assert (await desk.send(message(OTHER))).action == "blocked"
    assert len(desk.justifications.last(9)) == 1


async def test_two_at_once_pass_once(desk: Desk) -> None:
    first = await desk.send(message(ACCOUNT))
    await desk.answer(first)
    both = await asyncio.gather(*(desk.send(message(ACCOUNT)) for _ in range(6)))
    assert sorted(decision.action for decision in both) == ["allowed"] + ["blocked"] * 5


async def test_what_could_not_be_recorded_may_pass_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await desk.send(message(ACCOUNT))
    await desk.answer(first)
    append = desk.evidence.append

    def fails(_record: object) -> None:
        raise EvidenceError(28, "full")

    monkeypatch.setattr(desk.evidence, "append", fails)
    with pytest.raises(EvidenceError):
        await desk.send(message(ACCOUNT))
    monkeypatch.setattr(desk.evidence, "append", append)
    assert (await desk.send(message(ACCOUNT))).action == "allowed"


async def test_a_label_is_put_on_all_the_same(desk: Desk) -> None:
    """The reason was for the number; the title that announces customer data is labelled as ever."""
    wire = request(
        "oapi.dingtalk.com/robot/send?access_token=t",
        {"msgtype": "markdown", "markdown": {"title": "客戶名單", "text": ACCOUNT}},
    )
    softer = tuple(one for one in asking().policy.decisions if one.id != "customer-list")
    desk.rules(replace(RULES, policy=asking().policy.model_copy(update={"decisions": softer})))
    first = await desk.send(wire)
    assert first.verdict.action is Action.JUSTIFY
    await desk.answer(first)
    passed = await desk.send(wire)
    assert passed.action == "tagged"
    assert passed.body
    assert RULES.policy.label in json.loads(passed.body)["markdown"]["title"]


# ---- Reasons that come along ----


async def test_a_program_gives_its_reason_with_the_request(desk: Desk) -> None:
    first = await desk.send(message(ACCOUNT))
    given = Given(first.reference or "", "contract", "order 12, agreed by phone")
    passed = await desk.send(message(ACCOUNT), given)
    assert passed.action == "allowed"
    found = desk.justifications.find(first.reference or "")
    assert found
    assert found.sentence == "order 12, agreed by phone"
    again = await desk.send(message(ACCOUNT), given)
    assert (again.action, again.flaw) == ("blocked", "used")


@pytest.mark.parametrize(
    ("reason", "sentence", "flaw"),
    [("no-such", "a fine sentence", "choose"), ("law", "x", "write"), ("law", "x" * 501, "shorten")],
)
async def test_a_flawed_one_is_told(desk: Desk, reason: str, sentence: str, flaw: str) -> None:
    first = await desk.send(message(ACCOUNT))
    refused = await desk.send(message(ACCOUNT), Given(first.reference or "", reason, sentence))
    assert (refused.action, refused.flaw) == ("blocked", flaw)
    assert desk.justifications.last(9) == []


@pytest.mark.parametrize("wire", [message(OTHER), replace(message(ACCOUNT), client="10.0.0.9")])
async def test_it_is_for_the_same_request_only(desk: Desk, wire: Wire) -> None:
    first = await desk.send(message(ACCOUNT))
    refused = await desk.send(wire, Given(first.reference or "", "law", "a fine sentence"))
    assert refused.action == "blocked"
    assert refused.flaw == "unknown"
    assert desk.justifications.last(9) == []


async def test_an_unknown_reference_is_none(desk: Desk) -> None:
    refused = await desk.send(message(ACCOUNT), Given("C-0000-0000", "law", "a fine sentence"))
    assert (refused.action, refused.flaw) == ("blocked", "unknown")


async def test_what_needs_no_reason_goes_without(desk: Desk) -> None:
    passed = await desk.send(message("clean"), Given("C-0000-0000", "law", "a fine sentence"))
    assert (passed.action, passed.flaw) == ("allowed", None)


# ---- Uploads ----


def put(data: bytes = LIST, store: str = STORE) -> Wire:
    return request(store, data, method="PUT", Content_Type="application/octet-stream")


def commit(name: str = "名單.csv", key: str = "k1") -> Wire:
    return request(f"{FILES}/commit?unionId=u", {"uploadKey": key, "name": name, "parentId": "0"})


def share(dentry: str = "d1", conversation: str = "cid1") -> Wire:
    body = {"dentryId": dentry, "spaceId": "7", "openConversationId": conversation}
    return request("api.dingtalk.com/v1.0/convFile/conversations/files/send?unionId=u", body)


def init() -> Wire:
    return request(f"{FILES}/uploadInfos/query?unionId=u", {"protocol": "HEADER_SIGNATURE"})


def offered(key: str = "k1", store: str = STORE) -> object:
    return {"uploadKey": key, "headerSignatureInfo": {"resourceUrls": [f"https://{store}"]}}


def stored(dentry: str = "d1") -> object:
    return {"dentry": {"id": dentry, "spaceId": "7", "name": "x"}}


async def upload(desk: Desk, data: bytes = LIST, key: str = "k1", name: str = "名單.csv") -> list[Decision]:
    """Do what a client does to put a file into a conversation, up to the first refusal."""
    store = STORE.replace("abcd", key.ljust(4, "x"))
    steps: list[tuple[Wire, object]] = [
        (init(), offered(key, store)),
        (put(data, store), {}),
        (commit(name, key), stored(f"dentry-{key}")),
        (share(f"dentry-{key}"), {}),
    ]
    done: list[Decision] = []
    for wire, reply in steps:
        done.append(await desk.send(wire, reply=reply))
        if not done[-1].forwards:
            break
    return done


def actions(done: list[Decision]) -> list[str]:
    return [decision.action for decision in done]


async def test_one_reason_is_enough_for_one_file(desk: Desk) -> None:
    refused = (await upload(desk))[-1]
    assert (refused.outbound.operation, refused.action) == ("oss.put", "blocked")
    await desk.answer(refused)
    assert actions(await upload(desk, key="k2")) == ["allowed"] * 4
    assert actions(await upload(desk, key="k3")) == ["allowed", "blocked"]


async def test_a_client_that_tries_the_same_step_again_is_not_asked_twice(desk: Desk) -> None:
    await upload(desk)
    refused = await desk.send(put(store=STORE.replace("abcd", "k1xx")))
    await desk.answer(refused)
    again = await desk.send(put(store=STORE.replace("abcd", "k1xx")), reply={})
    assert again.action == "allowed"
    assert (await desk.send(commit(), reply=stored("dentry-k1"))).action == "allowed"
    assert (await desk.send(share("dentry-k1"), reply={})).action == "allowed"


async def test_another_file_under_the_same_name_is_another_file(desk: Desk) -> None:
    refused = (await upload(desk))[-1]
    await desk.answer(refused)
    assert actions(await upload(desk, LIST + b"C,again 180101234567890\n", key="k2")) == ["allowed", "blocked"]
    await desk.send(init(), reply=offered("k3"))
    assert (await desk.send(put(), reply={})).action == "allowed"
    # The place it was put to still takes bytes; these say the same number, and more.
    assert (await desk.send(put(LIST + b"and more"))).action == "blocked"
    assert (await desk.send(put(LIST))).action == "allowed"  # the same bytes once more are nothing new


async def test_a_file_that_was_let_through_is_not_sent_on_freely(desk: Desk) -> None:
    refused = (await upload(desk))[-1]
    await desk.answer(refused)
    await upload(desk, key="k2")
    again = await desk.send(share("dentry-k2", "cid2"))
    assert (again.action, again.verdict.action) == ("blocked", Action.JUSTIFY)
    await desk.answer(again)
    assert (await desk.send(share("dentry-k2", "cid3"))).action == "blocked"
    assert (await desk.send(share("dentry-k2", "cid2"))).action == "allowed"
    assert (await desk.send(share("dentry-k2", "cid2"))).action == "blocked"


async def test_nor_by_somebody_else(desk: Desk) -> None:
    refused = (await upload(desk))[-1]
    await desk.answer(refused)
    await desk.send(init(), reply=offered("k2"))
    await desk.send(put(), reply={})
    assert (await desk.send(replace(commit(key="k2"), client="10.0.0.9"))).action == "blocked"
    assert (await desk.send(commit(key="k2"), reply=stored())).action == "allowed"


async def test_nor_long_after(desk: Desk) -> None:
    refused = (await upload(desk))[-1]
    await desk.answer(refused)
    await desk.send(init(), reply=offered("k2"))
    await desk.send(put(), reply={})
    desk.now += timedelta(minutes=11)
    assert (await desk.send(commit(key="k2"))).action == "blocked"


async def test_a_name_that_asks_too_is_asked_about_too(desk: Desk) -> None:
    """Bytes and name are judged together at the commit; the reason for the bytes was for the bytes."""
    both = tuple(
        one.model_copy(update={"then": "justify"}) if one.id in {"customer-title", "money"} else one
        for one in asking().policy.decisions
        if one.id != "customer-list"
    )
    desk.rules(replace(RULES, policy=asking().policy.model_copy(update={"decisions": both})))
    bytes_refused = (await upload(desk))[-1]
    await desk.answer(bytes_refused)
    name_refused = (await upload(desk, key="k2", name="客戶名單.csv"))[-1]
    assert name_refused.outbound.operation == "storage.commit"
    await desk.answer(name_refused)
    # The file went to nobody, so what was said of its bytes is open again: the client starts anew.
    done = await upload(desk, key="k3", name="客戶名單.csv")
    assert actions(done) == ["allowed"] * 4
    assert {bytes_refused.reference, name_refused.reference} <= set().union(*(one.freed for one in done))
    assert actions(await upload(desk, key="k4", name="客戶名單.csv")) == ["allowed", "blocked"]


async def test_what_is_blocked_in_an_upload_stays_blocked(desk: Desk) -> None:
    dirty = LIST + IDENTITY.encode()
    refused = (await upload(desk, dirty))[-1]
    assert refused.verdict.action is Action.BLOCK
    assert await desk.answer(refused) is None
    assert (await desk.send(commit())).action == "blocked"


async def test_a_media_id_is_sent_once(desk: Desk) -> None:
    media = request("oapi.dingtalk.com/media/upload?access_token=t&type=file", multipart(LIST), **MULTIPART)
    refused = await desk.send(media)
    assert refused.action == "blocked"
    await desk.answer(refused)
    assert (await desk.send(media, reply={"errcode": 0, "media_id": "@lAL1"})).action == "allowed"
    send = request("oapi.dingtalk.com/robot/send?access_token=t", {"msgtype": "file", "file": {"media_id": "@lAL1"}})
    assert (await desk.send(send)).action == "allowed"
    assert (await desk.send(send)).action == "blocked"


MULTIPART: dict[str, str] = {"Content_Type": "multipart/form-data; boundary=b"}


def multipart(data: bytes) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="media"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return head + data + b"\r\n--b--\r\n"


# ---- In parts ----

PARTS = (f"A,180101234567890\n{'x' * 200}\n".encode(), f"B,180101234567891\n{'y' * 200}\n".encode(), b"the end\n")
HEAD = "收款人,銀行戶口號碼\n".encode()


def place(upload: str) -> str:
    return STORE.replace("abcd", upload.lower().ljust(4, "x"))


def part(number: int, data: bytes, upload: str, at: str | None = None) -> Wire:
    url = f"{place(at or upload)}?partNumber={number}&uploadId={upload}"
    return request(url, data, method="PUT", Content_Type="application/octet-stream")


def complete(parts: list[bytes], upload: str, at: str | None = None) -> Wire:
    listed = "".join(
        f'<Part><PartNumber>{n}</PartNumber><ETag>"{md5(data).hexdigest().upper()}"</ETag></Part>'  # noqa: S324
        for n, data in enumerate(parts, 1)
    )
    body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
    return request(f"{place(at or upload)}?uploadId={upload}", body, Content_Type="application/xml")


async def in_parts(desk: Desk, upload: str, parts: list[bytes], at: str | None = None) -> list[Decision]:
    """Send a file in parts up to the first refusal; `at`: to where another upload went."""
    done: list[Decision] = []
    steps = [part(n, data, upload, at) for n, data in enumerate(parts, 1)]
    for wire in [*steps, complete(parts, upload, at)]:
        done.append(await desk.send(wire, reply={}))
        if not done[-1].forwards:
            break
    return done


async def test_a_file_in_parts_passes_with_a_reason_for_each_part_that_needs_one(desk: Desk) -> None:
    parts = [HEAD + PARTS[0], HEAD + PARTS[1], PARTS[2]]
    first = await in_parts(desk, "U1", parts)
    assert actions(first) == ["blocked"]
    await desk.answer(first[-1])
    second = await in_parts(desk, "U2", parts)
    assert actions(second) == ["allowed", "blocked"]
    await desk.answer(second[-1])
    # The first part went to nobody, so its reason still stands.
    assert actions(await in_parts(desk, "U3", parts)) == ["allowed"] * 4
    assert actions(await in_parts(desk, "U4", parts)) == ["blocked"]


async def test_to_the_same_place_it_is_put_together_once(desk: Desk) -> None:
    parts = [HEAD + PARTS[0], HEAD + PARTS[1], PARTS[2]]
    await desk.answer((await in_parts(desk, "U1", parts, "U"))[-1])
    await desk.answer((await in_parts(desk, "U2", parts, "U"))[-1])
    assert actions(await in_parts(desk, "U3", parts, "U")) == ["allowed"] * 4
    assert (await in_parts(desk, "U4", parts, "U"))[-1].action == "blocked"


async def test_a_client_may_go_on_with_the_same_upload(desk: Desk) -> None:
    parts = [PARTS[2], HEAD + PARTS[0]]
    first = await in_parts(desk, "U1", parts)
    assert actions(first) == ["allowed", "blocked"]
    await desk.answer(first[-1])
    assert (await desk.send(part(2, parts[1], "U1"), reply={})).action == "allowed"
    assert (await desk.send(complete(parts, "U1"), reply={})).action == "allowed"


async def test_what_was_asked_about_the_whole_does_not_hold_up_its_parts(desk: Desk) -> None:
    """Sent anew to the same place, parts that hold nothing by themselves go; what they make is asked about, once."""
    whole = HEAD + PARTS[0]
    cut = whole.index(b"180101") + 6
    parts = [whole[:cut], whole[cut:]]
    first = await in_parts(desk, "U1", parts, "U")
    assert actions(first) == ["allowed", "allowed", "blocked"]
    second = await in_parts(desk, "U2", parts, "U")
    assert actions(second) == ["allowed", "allowed", "blocked"]
    assert second[0].verdict.action is Action.ALLOW
    await desk.answer(second[-1])
    assert actions(await in_parts(desk, "U3", parts, "U")) == ["allowed"] * 3


async def test_what_an_upload_is_called_holds_up_its_parts(desk: Desk) -> None:
    titles = tuple(
        one.model_copy(update={"then": "justify"}) if one.id == "customer-title" else one
        for one in asking().policy.decisions
    )
    desk.rules(replace(RULES, policy=asking().policy.model_copy(update={"decisions": titles})))
    named = {"protocol": "HEADER_SIGNATURE", "option": {"preCheckParam": {"name": "客戶名單.csv"}}}
    begun = request(f"{FILES}/uploadInfos/query?unionId=u", named)
    refused = await desk.send(begun)
    assert refused.action == "blocked"
    await desk.answer(refused)
    passed = await desk.send(begun, reply=offered())
    assert passed.action == "allowed"
    clean = put(b"nothing to see\n")
    assert (await desk.send(clean, reply={})).freed == (refused.reference,)
    assert (await desk.send(replace(clean, client="10.0.0.9"))).action == "blocked"
    desk.now += timedelta(minutes=11)
    assert (await desk.send(clean)).action == "blocked"


async def test_other_parts_of_the_same_upload_are_asked_about(desk: Desk) -> None:
    parts = [HEAD + PARTS[0], PARTS[2]]
    first = await in_parts(desk, "U1", parts)
    await desk.answer(first[-1])
    altered = [parts[0], HEAD + PARTS[1]]
    assert actions(await in_parts(desk, "U2", altered)) == ["allowed", "blocked"]


async def test_a_number_across_the_cut_is_asked_about_at_the_end(desk: Desk) -> None:
    whole = HEAD + PARTS[0]
    cut = whole.index(b"180101") + 6
    parts = [whole[:cut], whole[cut:]]
    first = await in_parts(desk, "U1", parts)
    assert actions(first) == ["allowed", "allowed", "blocked"]
    assert (await desk.send(complete(parts, "U1"))).action == "blocked"
    await desk.answer(first[-1])
    assert actions(await in_parts(desk, "U2", parts)) == ["allowed"] * 3
    assert actions(await in_parts(desk, "U3", parts)) == ["allowed", "allowed", "blocked"]


# ---- Chat ----


def frame(uri: str, body: dict[str, object], mid: str) -> Wire:
    made = request("webalfa.dingtalk.com/long", {"lwp": f"/r/IDLSend/{uri}", "headers": {"mid": mid}, "body": [body]})
    return replace(made, method="WEBSOCKET", scheme="wss")


def chat(text: str, conversation: str = "1:2", mid: str = "7c2f0011 0") -> Wire:
    said = {"contentType": 1, "textContent": {"text": text}}
    return frame("send", {"conversationId": conversation, "content": said}, mid)


def forward(conversation: str = "1:9", message_id: str = "77") -> Wire:
    return frame("forward", {"messageId": message_id, "toConversationId": conversation}, "7c2f0099 0")


async def test_a_message_that_was_let_through_is_not_sent_on_freely(desk: Desk) -> None:
    first = await desk.send(chat(ACCOUNT))
    await desk.answer(first)
    sent = await desk.send(chat(ACCOUNT, mid="7c2f0012 0"))
    assert sent.action == "allowed"
    reply = Reply(200, (), b'{"headers":{"mid":"7c2f0012 0"},"code":200,"body":{"messageId":"77"}}')
    await desk.inspector_.learn(chat(ACCOUNT, mid="7c2f0012 0"), reply, sent)
    on = await desk.send(forward())
    assert (on.action, on.verdict.action) == ("blocked", Action.JUSTIFY)
    await desk.answer(on)
    assert (await desk.send(forward("1:8"))).action == "blocked"
    assert (await desk.send(forward())).action == "allowed"


async def sent_as(desk: Desk, wire: Wire, message_id: str) -> Decision:
    """Send a message that the policy lets go only for a reason, and let DingTalk give it an id."""
    await desk.answer(await desk.send(wire))
    sent = await desk.send(wire)
    assert sent.action == "allowed"
    reply = {"headers": {"mid": "7c2f0011 0"}, "code": 200, "body": {"messageId": message_id}}
    await desk.inspector_.learn(wire, Reply(200, (), json.dumps(reply).encode()), sent)
    return sent


async def test_a_reason_to_send_one_message_on_is_none_for_another(desk: Desk) -> None:
    await sent_as(desk, chat(ACCOUNT), "77")
    await sent_as(desk, chat(OTHER), "78")
    await sent_as(desk, chat(f"{ACCOUNT} 謝謝"), "79")  # the same number, other words
    on = await desk.send(forward(message_id="77"))
    await desk.answer(on)
    for other in ("78", "79"):
        assert (await desk.send(forward(message_id=other))).action == "blocked"
    assert (await desk.send(forward(message_id="77"))).freed == (on.reference,)


async def test_a_number_in_two_messages_is_asked_about_at_the_second(desk: Desk) -> None:
    assert (await desk.send(chat("卡號 4111 1111"))).action == "allowed"
    second = await desk.send(chat("1111 1111"))
    assert second.verdict.action is Action.JUSTIFY
    await desk.answer(second)
    assert (await desk.send(chat("1111 1111", "1:3"))).action == "allowed"  # there it is no number
    assert (await desk.send(chat("1111 1111"))).freed == (second.reference,)


def test_the_policy_of_these_tests_asks() -> None:
    assert [one.then for one in asking().policy.decisions if one.id == "money"] == ["justify"]
