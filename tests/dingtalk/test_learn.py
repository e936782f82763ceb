import gzip
import json
from collections.abc import Callable

import pytest

from cerco.dingtalk.learn import learn, learn_hosts, learn_regions, wants
from cerco.dingtalk.outbound import Key, Reply, Wire
from cerco.dingtalk.scope import Scope

type Send = Callable[..., Wire]

API = "POST api.dingtalk.com"
INIT = f"{API}/v1.0/storage/spaces/7/files/uploadInfos/query?unionId=u"
STORE = "https://zjk.trans.dingtalk.com/yundisk0/a.file?Expires=9&Signature=s"
INTERNAL = "https://zjk-internal.trans.dingtalk.com/yundisk0%2Fa.file"
# base64url of MessagePack {5: "#AB"}
PACKED = "gQWjI0FC"


def reply(body: object, status: int = 200, **headers: str) -> Reply:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), data)


SIGNED = {"uploadKey": "k", "headerSignatureInfo": {"resourceUrls": [STORE], "internalResourceUrls": [INTERNAL]}}


@pytest.mark.parametrize(
    ("line", "body", "answer", "keys"),
    [
        pytest.param(INIT, {}, SIGNED, {("upload", "k"), ("object", "yundisk0/a.file")}, id="init"),
        pytest.param(
            f"{API}/v2.0/storage/spaces/files/p/uploadInfos/query",
            {},
            SIGNED,
            {("upload", "k"), ("object", "yundisk0/a.file")},
            id="init-v2",
        ),
        pytest.param(
            INIT, {}, {"uploadKey": PACKED}, {("upload", PACKED), ("object", "yundisk0/AB.file")}, id="init-packed-key"
        ),
        pytest.param(
            f"{API}/v1.0/storage/spaces/7/files/multiPartUploadInfos/init",
            {},
            {"uploadKey": "k"},
            {("upload", "k")},
            id="multipart-init",
        ),
        pytest.param(
            f"{API}/v1.0/storage/spaces/files/multiPartUploadInfos/query",
            {"uploadKey": "k", "partNumbers": [1, 2]},
            {
                "multipartHeaderSignatureInfos": [
                    {"headerSignatureInfo": {"resourceUrls": [STORE]}},
                    {"headerSignatureInfo": {"resourceUrls": ["https://x/other"]}},
                ]
            },
            {("upload", "k"), ("object", "yundisk0/a.file"), ("object", "other")},
            id="multipart-addresses",
        ),
        pytest.param(
            f"{API}/v1.0/storage/spaces/7/files/commit",
            {"uploadKey": "k", "name": "a"},
            {"dentry": {"id": "42", "uuid": "u-1", "spaceId": "7", "name": "a"}},
            {("upload", "k"), ("dentry", "7/42"), ("dentry", "u-1")},
            id="commit",
        ),
        pytest.param(
            f"{API}/v1.0/storage/spaces/7/files/commit",
            {"uploadKey": "k"},
            {"dentry": {"id": 42}},
            {("upload", "k"), ("dentry", "7/42")},
            id="commit-space-from-path",
        ),
        pytest.param(
            f"{API}/v2.0/storage/spaces/files/p/commit",
            {"uploadKey": "k"},
            {"dentry": {"id": "42", "spaceId": 7}},
            {("upload", "k"), ("dentry", "7/42")},
            id="commit-v2",
        ),
        pytest.param(
            "GET api.dingtalk.com/v1.0/drive/spaces/7/files/0/uploadInfos?fileName=a",
            b"",
            {"mediaId": "yundisk0/a.file", "stsUploadInfo": {"bucket": "b"}},
            {("media", "yundisk0/a.file"), ("object", "yundisk0/a.file")},
            id="old-drive-init",
        ),
        pytest.param(
            "POST oapi.dingtalk.com/media/upload?type=file",
            b"--b",
            {"errcode": 0, "media_id": "@m", "type": "file"},
            {("media", "@m")},
            id="media",
        ),
        pytest.param(
            "GET oapi.dingtalk.com/file/upload/transaction?file_size=1",
            b"",
            {"errcode": 0, "upload_id": "u"},
            {("upload", "u")},
            id="chunks",
        ),
        pytest.param(
            "POST alidocs.dingtalk.com/core/api/resources/9/upload_info",
            {},
            {"data": {"uploadUrl": STORE, "storagePath": "yundisk0/a.file"}},
            {("object", "yundisk0/a.file")},
            id="documents",
        ),
        pytest.param(
            "POST mcp-gw.dingtalk.com/server/s",
            {"params": {"name": "init_conversation_file_upload"}},
            {"result": {"content": [{"type": "text", "text": json.dumps({"uploadKey": "k", "resourceUrl": STORE})}]}},
            {("upload", "k"), ("object", "yundisk0/a.file")},
            id="agents",
        ),
    ],
)
def test_the_reply_to_an_upload_names_it(
    *, send: Send, line: str, body: object, answer: object, keys: set[tuple[str, str]]
) -> None:
    wire = send(line, body)
    assert wants(wire)
    assert set(learn(wire, reply(answer))) == {Key(kind, value) for kind, value in keys}


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        pytest.param(INIT, reply(SIGNED, 400), id="refused"),
        pytest.param(
            "POST oapi.dingtalk.com/media/upload", reply({"errcode": 40035, "media_id": "@m"}), id="refused-with-200"
        ),
        pytest.param(INIT, reply(b"<html>"), id="no-json"),
        pytest.param(INIT, reply(b""), id="empty"),
        pytest.param(INIT, reply({"note": "none"}), id="no-keys"),
        pytest.param(INIT, reply([{"uploadKey": "a"}, {"uploadKey": "b"}]), id="several-uploads"),
        pytest.param(
            f"{API}/v2.0/esign/files/uploadUrls",
            reply([{"uploadUrl": STORE}, {"uploadUrl": "https://x/b"}]),
            id="several-objects",
        ),
        pytest.param(
            "POST oapi.dingtalk.com/media/upload",
            reply({"media_id": "@a", "more": {"media_id": "@b"}}),
            id="several-media",
        ),
        pytest.param(
            f"{API}/v1.0/storage/spaces/7/dentries/listAll",
            reply({"spaceId": "7", "dentryId": "1"}),
            id="not-asked-for",
        ),
        pytest.param(f"{API}/v1.0/robot/groupMessages/send", reply({"mediaId": "@m"}), id="a-message"),
    ],
)
def test_any_other_reply_teaches_nothing(send: Send, line: str, answer: Reply) -> None:
    assert learn(send(line, {}), answer) == ()


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("PUT zjk.trans.dingtalk.com/yundisk0/a.file", False),
        ("GET zjk.trans.dingtalk.com/yundisk0/a.file", False),
        ("DELETE api.dingtalk.com/v1.0/drive/spaces/7/files/1", False),
        (f"{API}/v1.0/drive/spaces/7/files", True),
        (f"{API}/v1.0/drive/spaces/7/files/1/rename", False),
        ("POST mcp-gw.dingtalk.com/server/s", False),
        (f"{API}/v1.0/robot/groupMessages/send", False),
    ],
)
def test_only_replies_that_may_hold_keys_are_wanted(send: Send, line: str, wanted: bool) -> None:
    assert wants(send(line, {"upl": 1})) is wanted


def test_a_packed_reply_is_opened(send: Send) -> None:
    answer = reply(gzip.compress(json.dumps({"uploadKey": "k"}).encode()), content_encoding="gzip")
    assert learn(send(INIT, {}), answer) == (Key("upload", "k"),)


def test_a_reply_in_events_is_read(send: Send) -> None:
    wire = send("POST mcp-gw.dingtalk.com/server/s", {"params": {"name": "init_file_upload"}})
    answer = reply(b'event: message\ndata: {"uploadKey": "k"}\n\n', Content_Type="text/event-stream")
    assert learn(wire, answer) == (Key("upload", "k"),)


def test_a_finished_web_chat_upload_links_its_media_ids(frame: Send) -> None:
    asked = frame({"lwp": "/r/FileUpload/ci", "body": [{"uploadId": "u1", "mediaId": "@a"}]})
    answer = reply({"headers": {"mid": "1 0"}, "code": 200, "body": {"authMediaId": "@b", "mediaId": "@a"}})
    assert wants(asked)
    assert set(learn(asked, answer)) == {Key("media", "@a"), Key("media", "@b")}
    assert not wants(frame({"lwp": "/r/IDLSend/send", "body": []}))


OWN = "https://files.Casa-Exemplo.mo/store/a?sign=s"
STS = {"bucket": "Lippi-x", "endPoint": "oss-ap-southeast-1.aliyuncs.com", "accessKeyId": "k"}


@pytest.mark.parametrize(
    ("answer", "regions"),
    [
        pytest.param(
            {"headerSignatureInfo": {"resourceUrls": [STORE], "internalResourceUrls": [INTERNAL]}},
            {"zjk.trans.dingtalk.com": "mainland", "zjk-internal.trans.dingtalk.com": "mainland"},
            id="by-name",
        ),
        pytest.param(
            {"headerSignatureInfo": {"resourceUrls": ["https://x.trans.dingtalk.com/a"], "region": "SINGAPORE"}},
            {"x.trans.dingtalk.com": "singapore"},
            id="by-the-reply",
        ),
        pytest.param(
            {
                "multipartHeaderSignatureInfos": [
                    {"headerSignatureInfo": {"resourceUrls": ["https://up.dingtalkapps.com/a"], "region": "SINGAPORE"}}
                ],
                "headerSignatureInfo": {"resourceUrls": ["https://down.dingtalkapps.com/a"], "region": "SHANGHAI"},
            },
            {"up.dingtalkapps.com": "singapore", "down.dingtalkapps.com": "mainland"},
            id="each-its-own",
        ),
        pytest.param({"resourceUrl": OWN}, {"files.casa-exemplo.mo": "enterprise"}, id="a-company's-own"),
        pytest.param({"stsUploadInfo": STS}, {"lippi-x.oss-ap-southeast-1.aliyuncs.com": "singapore"}, id="bucket"),
        pytest.param(
            {"endpoint": "https://b.oss-cn-shenzhen.aliyuncs.com", "bucket": "b"},
            {"b.oss-cn-shenzhen.aliyuncs.com": "mainland"},
            id="bucket-in-the-name",
        ),
        pytest.param({"resourceUrl": "//", "uploadUrl": "https://[x/", "storagePath": "a/b"}, {}, id="no-hosts"),
        pytest.param({"pictureUrl": OWN}, {}, id="no-address-to-put-to"),
    ],
)
def test_the_hosts_of_an_upload_have_their_regions(
    send: Send, scope: Scope, answer: object, regions: dict[str, str]
) -> None:
    wire = send(INIT, {})
    assert learn_regions(wire, reply(answer), scope) == regions
    assert learn_hosts(wire, reply(answer)) == tuple(dict.fromkeys(regions))
    assert learn_hosts(wire, reply(answer, 400)) == ()
    assert learn_hosts(send(f"{API}/v1.0/robot/ding/send", {}), reply(answer)) == ()
