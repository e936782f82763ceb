"""Folding: what an interface's maker named stays, what a sender may have put there goes."""

import pytest

from cerco.dingtalk.folding import fold_call, fold_host, fold_key, fold_path, is_named, is_open, is_worded
from cerco.dingtalk.outbound import Channel

PUBLISHED = {
    "/v1.0/todo/users/*/tasks": "/v1.0/todo/users/{unionId}/tasks",
    "/v1.0/contact/users/*": "/v1.0/contact/users/{userId}",
}


def known(method: str, path: str) -> str | None:
    """Stand in for a catalogue: "*" is any one segment."""
    segments = path.split("/")
    for pattern, template in PUBLISHED.items():
        pieces = pattern.split("/")
        if len(pieces) == len(segments) and all(a in {"*", b} for a, b in zip(pieces, segments, strict=True)):
            return template if method == "GET" else None
    return None


@pytest.mark.parametrize(
    "name",
    ["text", "msgParam", "a2uiMessages", "level1", "open_conversation_id", "lastMessageI18n", "$ref", "x-acs", "OCR",
     "org_perf", "compatible-mode", "fileMd5", "userid_list", "eFlightItineraryDetailVOList"],
)  # fmt: skip
def test_a_name(name: str) -> None:
    assert is_named(name)


@pytest.mark.parametrize(
    "data",
    ["", "12345", "user123", "1001:2002", "a@b.mo", "客戶", "deadbeef", "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
     "cidAbCdEfGhIjKlMnO", "LWCPv1kD93nX", "aGVsbG8gd29ybGQ", "qXzRtPwB", "bcdfghjk", "a b", "a.b", "x" * 41, "aaab",
     "-dash", "été", "_"],
)  # fmt: skip
def test_data(data: str) -> None:
    assert not is_named(data)


def test_a_word_tells_an_action_from_a_person() -> None:
    assert all(is_worded(name) for name in ("batchSend", "records", "categories", "statuses", "me", "ai", "sendToMe"))
    assert not any(is_worded(name) for name in ("zhangsan", "WongSiuMing", "ho-ka-lok", "maria", "12345", "idXyz"))


@pytest.mark.parametrize(
    ("path", "folded"),
    [
        ("/v1.0/parrots/12345/send", "/v1.0/parrots/{id}/send"),
        ("/v1.0/parrots/zhangsan/send?x=1", "/v1.0/parrots/{id}/send"),
        ("/v1.0/parrots/%E5%BC%A0/records", "/v1.0/parrots/{id}/records"),
        ("/v1.0/todo/users/zhangsan/parrots", "/v1.0/todo/users/{id}/{id}"),
        ("/v1.0/todo/users/zhangsan/tasks/send", "/v1.0/todo/users/{unionId}/tasks/send"),
        ("/v1.0/todo/users/batchSend/tasks", "/v1.0/todo/users/batchSend/tasks"),
        ("/v1.0/contact/users/maria", "/v1.0/contact/users/{userId}"),
        ("/v1.0/contact/users/maria/maria", "/v1.0/contact/users/{userId}/{id}"),
        ("//v1.0//parrots/", "/v1.0/parrots"),
        ("/", "/"),
        ("", "/"),
        ("/66123456", "/{id}"),
        ("/../%2e%2e/x y", "/{id}/{id}/{id}"),
        ("/v1.0" + "/send" * 20, "/v1.0" + "/send" * 15 + "/{more}"),
    ],
)
def test_paths(path: str, folded: str) -> None:
    assert fold_path(path, Channel.API, known) == folded


def test_ids_are_not_in_the_paths_of_oapi_but_numbers_might_be() -> None:
    assert fold_path("/topapi/parrot/squawk", Channel.OAPI, known) == "/topapi/parrot/squawk"
    assert fold_path("/topapi/parrot/66123456", Channel.OAPI, known) == "/topapi/parrot/{id}"
    assert fold_path("/topapi/parrot/squawk", Channel.OTHER, known) == "/topapi/{id}/{id}"


@pytest.mark.parametrize(
    ("host", "channel", "folded"),
    [
        ("api.dingtalk.com", Channel.API, "api.dingtalk.com"),
        ("alidocs.dingtalk.com", Channel.OTHER, "alidocs.dingtalk.com"),
        ("dingtalk.com", Channel.OTHER, "dingtalk.com"),
        ("x7f9a2b1.live.dingtalk.io", Channel.OTHER, "{id}.live.dingtalk.io"),
        ("eco.taobao.com", Channel.OAPI, "eco.taobao.com"),
        ("wong-trading.vaiwan.com", Channel.OTHER, "*.vaiwan.com"),
        ("files.wong.com.mo", Channel.OSS, "*.wong.com.mo"),
        ("vaiwan.com", Channel.OTHER, "vaiwan.com"),
        ("localhost", Channel.OTHER, "localhost"),
        ("192.0.2.7", Channel.API, "{address}"),
        ("2001:db8::7", Channel.OTHER, "{address}"),
    ],
)
def test_hosts(host: str, channel: Channel, folded: str) -> None:
    assert fold_host(host, channel) == folded


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("send_whisper", "send_whisper"),
        ("dingtalk.oapi.parrot.squawk", "dingtalk.oapi.parrot.squawk"),
        ("/r/IDLSend/send", "/r/IDLSend/send"),
        ("/r/66123456/send", "/r/{id}/send"),
        ("send_to_1234567", "{id}"),
        ("發送", "{id}"),
    ],
)
def test_calls(name: str, folded: str) -> None:
    assert fold_call(name) == folded


def test_fields() -> None:
    assert fold_key("squawk") == "squawk"
    assert fold_key("66123456") == "{key}"
    assert fold_key("squawk", within_open=True) == "{key}"
    assert fold_key("title", within_open=True) == "title"


def test_objects_whose_fields_the_sender_names() -> None:
    assert all(is_open(name) for name in ("cardParamMap", "extension", "fields", "atUserIds", "lastMessageI18n"))
    assert not any(is_open(name) for name in ("", "params", "headers", "text", "message", "formComponentValues"))
