"""Two outbounds have one claim if and only if sender, content and destination are the same."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cerco.dingtalk.outbound import Outbound, Wire
from cerco.dingtalk.read import read
from cerco.extract.text import Unreadable, Why
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules
from cerco.scan.finding import Finding
from cerco.state.claims import claim, contents, digest
from cerco.state.grants import Claim
from cerco.state.holding import Holding

KEY = b"k" * 32
BOOK = load_rulebook(packaged_rules())
FOUND = Finding("bank-account", "BANK_ACCOUNT", "high", 0.9, "text.content", 0, 15, "18••", "ab" * 32)


def outbound(wire: Wire) -> Outbound:
    return read(wire, BOOK.scope, endpoints=BOOK.endpoints)


def claimed(wire: Wire, findings: tuple[Finding, ...] = (FOUND,), gaps: tuple[Unreadable, ...] = ()) -> Claim:
    made = outbound(wire)
    return claim(KEY, made, findings, gaps, carried=contents(KEY, made))


def post(url: str, body: object, client: str = "10.0.0.8") -> Wire:
    host, slash, path = url.partition("/")
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Wire("POST", "https", host, 443, slash + path, (("Content-Type", "application/json"),), data, client)


def chat(text: str = "匯款到 180101234567890", conversation: str = "1001:2002", **more: Any) -> Wire:
    said = {"contentType": 1, "textContent": {"text": text}, "atOpenIds": {}}
    message = {"uuid": "1700000000000001", "conversationId": conversation, "type": 1, "content": said, **more}
    frame = {"lwp": "/r/IDLSend/send", "headers": {"mid": "7c2f0011 0"}, "body": [message]}
    return Wire("WEBSOCKET", "wss", "webalfa.dingtalk.com", 443, "/long", (), json.dumps(frame).encode(), "10.0.0.8")


def robot(text: str = "180101234567890", to: str = "aaaa", **more: Any) -> Wire:
    url = f"oapi.dingtalk.com/robot/send?access_token={to}&timestamp=1700000000000&sign=abc%2Bdef%3D"
    return post(url, {"msgtype": "text", "text": {"content": text}, **more})


def put(data: bytes, key: str = "abcdefghijklmnopqrstuvwx", query: str = "") -> Wire:
    path = f"/yundisk0/{key}.file{query}"
    return Wire("PUT", "https", "zjk.trans.dingtalk.com", 443, path, (), data, "10.0.0.8")


SAME = {
    "a chat sent again": (chat(), replace(chat(), body=chat().body.replace(b"7c2f0011", b"99990022"))),
    "with another uuid": (chat(), chat(uuid="1700000009999999")),
    "a robot that signs anew": (
        robot(),
        replace(robot(), path="/robot/send?access_token=aaaa&timestamp=1700000099999&sign=xyz%3D"),
    ),
    "full-width digits are the same digits": (robot("180101"), robot("１８０１０１")),
    "bytes under another name of the store": (put(b"x" * 50), put(b"x" * 50, "zyxwvutsrqponmlkjihgfedc")),
    "bytes with another signature": (
        put(b"x" * 50, query="?OSSAccessKeyId=a&Expires=1&Signature=b%2B"),
        put(b"x" * 50, query="?OSSAccessKeyId=c&Expires=2&Signature=d%3D"),
    ),
    "keys in another order": (
        robot(),
        replace(robot(), body=b'{"text":{"content":"180101234567890"},"msgtype":"text"}'),
    ),
}
DIFFERENT = {
    "another word": (chat(), chat("匯款到 180101234567890 謝謝")),
    "another number": (chat(), chat("匯款到 180101234567891")),
    "another conversation": (chat(), chat(conversation="1001:2003")),
    "another sender": (chat(), replace(chat(), client="10.0.0.9")),
    "another robot": (robot(), robot(to="bbbb")),
    "another title": (
        post("oapi.dingtalk.com/robot/send?access_token=a", {"markdown": {"title": "Q3-2026", "text": "1"}}),
        post("oapi.dingtalk.com/robot/send?access_token=a", {"markdown": {"title": "Q4-2026", "text": "1"}}),
    ),
    "a mention more": (robot(), robot(at={"atMobiles": ["66123456"]})),
    "words where an id should be": (robot(), robot(msgUuid="please call Mr Chan")),
    "another byte": (put(b"x" * 50), put(b"x" * 49 + b"y")),
    "another host": (put(b"x" * 50), replace(put(b"x" * 50), host="sh.trans.dingtalk.com")),
    "another call": (
        post("api.dingtalk.com/v1.0/robot/oToMessages/batchSend", {"msgParam": "a"}),
        post("api.dingtalk.com/v1.0/robot/groupMessages/send", {"msgParam": "a"}),
    ),
    "another recipient": (
        post("api.dingtalk.com/v1.0/robot/oToMessages/batchSend", {"userIds": ["u1"], "msgParam": "a"}),
        post("api.dingtalk.com/v1.0/robot/oToMessages/batchSend", {"userIds": ["u2"], "msgParam": "a"}),
    ),
    "another space of the drive": (
        post("api.dingtalk.com/v1.0/storage/spaces/1234567/files/commit", {"name": "a.csv"}),
        post("api.dingtalk.com/v1.0/storage/spaces/7654321/files/commit", {"name": "a.csv"}),
    ),
    "an unknown field that may say where it goes": (
        robot(target="cidA1b2C3d4E5f6G7h8=="),
        robot(target="cidZ9y8X7w6=="),
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same(name: str) -> None:
    one, other = SAME[name]
    assert claimed(one).outbound == claimed(other).outbound


@pytest.mark.parametrize("name", DIFFERENT)
def test_not_the_same(name: str) -> None:
    one, other = DIFFERENT[name]
    assert claimed(one).outbound != claimed(other).outbound


def test_what_was_found_counts() -> None:
    """The same words, but what went before them has changed what they say."""
    assert claimed(chat()).outbound != claimed(chat(), (FOUND, replace(FOUND, fingerprint="cd" * 32))).outbound
    assert claimed(chat()).outbound != claimed(chat(), gaps=(Unreadable("body", Why.ENCRYPTED),)).outbound
    assert claimed(chat(), (FOUND, FOUND)).outbound == claimed(chat()).outbound


def test_what_was_carried_before_counts() -> None:
    """A commit names a file; which file is known from its bytes."""
    made = outbound(post("api.dingtalk.com/v1.0/storage/spaces/1/files/commit", {"uploadKey": "a", "name": "a.csv"}))
    one, other = (
        claim(KEY, made, (), (), carried=[*contents(KEY, made), *contents(KEY, outbound(put(data)))])
        for data in (b"one file", b"another")
    )
    assert one.outbound != other.outbound


def test_people_and_devices_are_told_apart() -> None:
    one, same, other = claimed(chat()), claimed(robot()), claimed(replace(chat(), client="10.0.0.9"))
    assert one.person == same.person
    assert one.device == same.device
    assert {one.person, one.device}.isdisjoint({other.person, other.device})
    assert len({one.outbound, one.person, one.device}) == 3


def test_digests_say_nothing_without_the_key() -> None:
    made = outbound(chat())
    other = claim(b"x" * 32, made, (FOUND,), (), carried=contents(b"x" * 32, made))
    assert other.outbound != claimed(chat()).outbound
    assert other.person != claimed(chat()).person


def test_a_file_and_a_name_are_told_apart_from_the_rest() -> None:
    made = outbound(post("api.dingtalk.com/v1.0/storage/spaces/1/files/commit", {"uploadKey": "a", "name": "a.csv"}))
    name = next(part for part in made.parts if part.content == "a.csv")
    assert digest(KEY, name) in contents(KEY, made)
    file = outbound(put(b"bytes"))
    assert [digest(KEY, part) for part in file.parts] == list(contents(KEY, file))


def test_a_file_is_the_same_wherever_it_is_held(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    file = Holding(tmp_path, 1 << 30).begin()
    file.write(data)
    held = outbound(replace(put(data), body=data[:100], held=file.held()))
    assert contents(KEY, held) == contents(KEY, outbound(put(data)))
    file.write(b"x")
    assert contents(KEY, outbound(replace(put(data), held=file.held()))) != contents(KEY, held)


def test_a_whole_put_together_counts() -> None:
    made = outbound(put(b"part"))
    assert contents(KEY, made, b"a" * 32) != contents(KEY, made, b"b" * 32)
    assert set(contents(KEY, made)) < set(contents(KEY, made, b"a" * 32))
