import json
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest

from cerco.dingtalk.outbound import Channel, Key, Outbound, Role, Wire
from cerco.dingtalk.read import read as read_wire
from cerco.dingtalk.scope import Scope

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

OAPI = "POST oapi.dingtalk.com"
API = "POST api.dingtalk.com"
FORM = "application/x-www-form-urlencoded"
MARK = "標記-客戶名單"


def texts(outbound: Outbound, role: Role | None = None) -> dict[str, str]:
    return {
        part.place: part.content
        for part in outbound.parts
        if isinstance(part.content, str) and (role is None or part.role is role)
    }


def said(outbound: Outbound) -> str:
    return "\0".join(part.content for part in outbound.parts if isinstance(part.content, str))


@pytest.mark.parametrize(
    ("body", "role", "place"),
    [
        pytest.param({"msgtype": "text", "text": {"content": MARK}}, Role.TEXT, "text.content", id="text"),
        pytest.param(
            {"text": {"content": f"{MARK}\n1\n2"}}, Role.TITLE, "text.content (heading)", id="text-first-line"
        ),
        pytest.param({"markdown": {"title": MARK, "text": "-"}}, Role.TITLE, "markdown.title", id="markdown-title"),
        pytest.param({"markdown": {"title": "-", "text": MARK}}, Role.TEXT, "markdown.text", id="markdown-text"),
        pytest.param(
            {"markdown": {"title": "-", "text": f"a\n\n## {MARK} ##\nb"}},
            Role.TITLE,
            "markdown.text (heading)",
            id="markdown-heading-further-down",
        ),
        pytest.param({"link": {"title": MARK, "text": "-"}}, Role.TITLE, "link.title", id="link-title"),
        pytest.param({"link": {"title": "-", "text": MARK}}, Role.TEXT, "link.text", id="link-text"),
        pytest.param(
            {"link": {"messageUrl": f"https://x/?q={quote(MARK)}"}}, Role.TEXT, "link.messageUrl (unescaped)", id="url"
        ),
        pytest.param({"actionCard": {"title": MARK}}, Role.TITLE, "actionCard.title", id="card-title"),
        pytest.param({"actionCard": {"btns": [{"title": MARK}]}}, Role.TITLE, "actionCard.btns[0].title", id="button"),
        pytest.param(
            {"feedCard": {"links": [{"title": "-"}, {"title": MARK}]}}, Role.TITLE, "feedCard.links[1].title", id="feed"
        ),
        pytest.param({"oa": {"head": {"text": MARK}}}, Role.TITLE, "oa.head.text", id="oa-head"),
        pytest.param({"oa": {"body": {"title": MARK}}}, Role.TITLE, "oa.body.title", id="oa-title"),
        pytest.param(
            {"oa": {"body": {"form": [{"key": "-", "value": MARK}]}}}, Role.TEXT, "oa.body.form[0].value", id="oa-form"
        ),
        pytest.param({"at": {"atMobiles": [MARK]}}, Role.TEXT, "at.atMobiles[0]", id="mention"),
        pytest.param({"novel": [{"deep": {"er": MARK}}]}, Role.TEXT, "novel[0].deep.er", id="unknown-field"),
    ],
)
@pytest.mark.parametrize("path", ["/robot/send?access_token=t", "/robot/sendBySession?session=s"])
def test_a_robot_message_is_read_in_every_field(
    *, send: Send, read: Read, path: str, body: object, role: Role, place: str
) -> None:
    outbound = read(send(OAPI + path, body))
    assert MARK in texts(outbound, role)[place]
    assert outbound.operation.startswith("robot.send")
    assert outbound.channel is Channel.OAPI
    assert not outbound.malformed


def test_a_form_encoded_message_reads_as_the_same_json(send: Send, read: Read) -> None:
    body = urlencode({"msgtype": "text", "text": json.dumps({"content": MARK}), "access_token": "t"}).encode()
    outbound = read(send(f"{OAPI}/robot/send", body, FORM))
    assert texts(outbound, Role.TEXT)["form text > content"] == MARK
    assert outbound.taggable


def test_the_old_gateway_carries_its_message_in_the_query_of_an_empty_post(send: Send, read: Read) -> None:
    message = json.dumps({"msgtype": "markdown", "markdown": {"title": MARK, "text": "-"}})
    call = "dingtalk.oapi.message.corpconversation.asyncsend_v2"
    outbound = read(send(f"POST eco.taobao.com/router/rest?{urlencode({'method': call, 'msg': message})}"))
    assert outbound.operation == "message.asyncsend_v2"
    assert texts(outbound, Role.TITLE)["query msg > markdown.title"] == MARK
    assert not outbound.taggable


@pytest.mark.parametrize(
    ("line", "body", "operation", "role", "place"),
    [
        (
            f"{API}/v1.0/robot/oToMessages/batchSend",
            {"msgKey": "sampleText", "msgParam": json.dumps({"content": MARK})},
            "robot.oto_batch_send",
            Role.TEXT,
            "msgParam > content",
        ),
        (
            f"{API}/v1.0/robot/groupMessages/send",
            {"msgParam": json.dumps({"title": MARK, "text": "-"})},
            "robot.group_send",
            Role.TITLE,
            "msgParam > title",
        ),
        (
            f"{API}/v1.0/robot/privateChatMessages/send",
            {"msgParam": json.dumps({"fileName": MARK})},
            "robot.private_chat_send",
            Role.FILENAME,
            "msgParam > fileName",
        ),
        (
            f"{API}/v1.0/storage/spaces/7/files/uploadInfos/query",
            {"option": {"preCheckParam": {"name": MARK}}},
            "storage.init",
            Role.FILENAME,
            "option.preCheckParam.name",
        ),
        (
            f"{API}/v2.0/storage/spaces/files/u/uploadInfos/query",
            {"option": {"preCheckParam": {"name": MARK}}},
            "storage.init",
            Role.FILENAME,
            "option.preCheckParam.name",
        ),
        (
            f"{API}/v1.0/storage/spaces/7/files/multiPartUploadInfos/init",
            {"option": {"preCheckParam": {"name": MARK}}},
            "storage.multipart_init",
            Role.FILENAME,
            "option.preCheckParam.name",
        ),
        (
            f"{API}/v1.0/storage/spaces/7/files/commit?unionId=u",
            {"uploadKey": "k", "name": MARK},
            "storage.commit",
            Role.FILENAME,
            "name",
        ),
        (
            f"{API}/v2.0/storage/spaces/files/u/commit",
            {"uploadKey": "k", "name": MARK},
            "storage.commit",
            Role.FILENAME,
            "name",
        ),
        (
            f"{API}/v1.0/drive/spaces/7/files",
            {"fileName": MARK, "mediaId": "yundisk0/a"},
            "drive.commit",
            Role.FILENAME,
            "fileName",
        ),
        (
            f"GET api.dingtalk.com/v1.0/drive/spaces/7/files/0/uploadInfos?fileName={quote(MARK)}",
            b"",
            "drive.init",
            Role.FILENAME,
            "query fileName",
        ),
        (
            f"{OAPI}/topapi/message/corpconversation/asyncsend_v2",
            {"msg": {"text": {"content": MARK}}},
            "message.asyncsend_v2",
            Role.TEXT,
            "msg.text.content",
        ),
        (f"{OAPI}/chat/send", {"chatid": "c", "text": {"content": MARK}}, "chat.send", Role.TEXT, "text.content"),
        (
            "POST mcp-gw.dingtalk.io/server/s",
            {"id": 3, "params": {"arguments": {"content": json.dumps({"title": MARK})}}},
            "generic",
            Role.TITLE,
            "params.arguments.content > title",
        ),
        (
            f"{API}/v1.0/doc/workbooks/w/sheets/s/appendRows",
            {"values": [["-", MARK]]},
            "sheet.write",
            Role.TEXT,
            "values[0][1]",
        ),
        (
            f"{API}/v2.0/assistant/threads/t/messages?content={quote(MARK)}",
            b"",
            "assistant.ask",
            Role.TEXT,
            "query content",
        ),
        (f"{API}/v1.0/todo/users/u/tasks", [{"subject": MARK}], "todo.task", Role.TITLE, "[0].subject"),
        (f"{API}/v1.0/x", {"attachments": [{"fileName": MARK}]}, "generic", Role.FILENAME, "attachments[0].fileName"),
        (f"PUT api.dingtalk.com/v1.0/notes/{quote(MARK)}", {}, "generic", Role.TEXT, "path segment 3"),
    ],
)
def test_a_known_call_has_its_operation_and_roles(
    *, send: Send, read: Read, line: str, body: object, operation: str, role: Role, place: str
) -> None:
    outbound = read(send(line, body))
    assert outbound.operation == operation
    assert texts(outbound, role)[place] == MARK


@pytest.mark.parametrize(
    ("line", "body", "keys", "completes"),
    [
        (f"{API}/v1.0/storage/spaces/7/files/commit", {"uploadKey": "k", "name": "a"}, {("upload", "k")}, True),
        (f"{API}/v1.0/storage/spaces/files/multiPartUploadInfos/query", {"uploadKey": "k"}, {("upload", "k")}, False),
        (f"{API}/v1.0/convFile/conversations/files/send", {"spaceId": 7, "dentryId": "42"}, {("dentry", "7/42")}, True),
        (
            f"{API}/v1.0/convFile/apps/conversations/files/send",
            {"spaceId": "7", "dentryId": 42},
            {("dentry", "7/42")},
            True,
        ),
        (
            f"{API}/v1.0/convFile/conversations/files/links/send",
            {"spaceId": "7", "dentryId": "42"},
            {("dentry", "7/42")},
            True,
        ),
        (
            f"{API}/v1.0/drive/spaces/7/files",
            {"mediaId": "/yundisk0/a.file"},
            {("media", "/yundisk0/a.file"), ("object", "yundisk0/a.file")},
            True,
        ),
        (
            f"{OAPI}/topapi/message/corpconversation/asyncsend_v2",
            {"msg": {"file": {"media_id": "@m"}}},
            {("media", "@m")},
            True,
        ),
        (f"{API}/v1.0/robot/groupMessages/send", {"msgParam": json.dumps({"mediaId": "@m"})}, {("media", "@m")}, True),
        (f"{OAPI}/robot/send", {"image": {"picURL": "@m"}}, {("media", "@m")}, True),
        (f"{OAPI}/robot/send", {"image": {"picURL": "https://example.mo/a.png"}}, set(), False),
        ("GET oapi.dingtalk.com/media/downloadFile?media_id=@m", b"", set(), False),
        ("GET oapi.dingtalk.com/cspace/add?media_id=@m&name=a", b"", {("media", "@m")}, True),
        ("POST mcp-gw.dingtalk.com/server/s", {"params": {"arguments": {"uploadKey": "k"}}}, {("upload", "k")}, True),
        ("PUT zjk.trans.dingtalk.com/yundisk0/a.file?Expires=9", b"x", {("object", "yundisk0/a.file")}, False),
        ("PUT zjk.trans.dingtalk.com/yundisk0%2Fa.file", b"x", {("object", "yundisk0/a.file")}, False),
        (
            "POST zjk.trans.dingtalk.com/yundisk0/a.file?uploadId=u",
            b"<CompleteMultipartUpload/>",
            {("object", "yundisk0/a.file")},
            True,
        ),
        ("POST zjk.trans.dingtalk.com/yundisk0/a.file?uploads", b"", {("object", "yundisk0/a.file")}, False),
        ("GET zjk.trans.dingtalk.com/yundisk0/a.file", b"", set(), False),
        ("PUT zjk.trans.dingtalk.com/", b"x", set(), False),
    ],
)
def test_an_upload_is_named_by_every_step_that_speaks_of_it(
    *, send: Send, read: Read, line: str, body: object, keys: set[tuple[str, str]], completes: bool
) -> None:
    outbound = read(send(line, body))
    assert set(outbound.keys) == {Key(kind, value) for kind, value in keys}
    assert outbound.completes is completes


@pytest.mark.parametrize(
    ("line", "operation"),
    [
        ("PUT zjk.trans.dingtalk.com/k", "oss.put"),
        ("PUT zjk.trans.dingtalk.com/k?partNumber=1&uploadId=u", "oss.put_part"),
        ("POST zjk.trans.dingtalk.com/k?append&position=0", "oss.append"),
        ("POST lippi-space-sh.oss-cn-shanghai.aliyuncs.com/k", "oss.post"),
    ],
)
@pytest.mark.parametrize(
    "content", [b"\x00\xff bytes", b'{"looks": "like JSON"}', b"a=b&c=d", b"", b"\x1f\x8b\x08 gzip"]
)
def test_a_body_to_an_object_store_is_a_file_whatever_it_looks_like(
    send: Send, read: Read, line: str, operation: str, content: bytes
) -> None:
    outbound = read(send(line, content, "application/json"))
    assert outbound.operation == operation
    assert [part.content for part in outbound.parts if part.role is Role.FILE] == [content]
    assert outbound.carries_file
    assert not outbound.malformed


def test_a_copy_within_the_store_speaks_of_both_objects(send: Send, read: Read) -> None:
    outbound = read(send("PUT zjk.trans.dingtalk.com/to", x_oss_copy_source="/lippi-space-zjk/from%2Fa"))
    assert outbound.operation == "oss.copy"
    assert set(outbound.keys) == {Key("object", "to"), Key("object", "from/a")}
    assert outbound.completes
    assert not outbound.carries_file


def test_a_form_upload_to_the_store_names_its_object_and_its_file(send: Send, read: Read) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\ndir/${filename}\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--b--\r\n'
    )
    outbound = read(send("POST zjk.trans.dingtalk.com/", body, "multipart/form-data; boundary=b"))
    assert outbound.keys == (Key("object", "dir/a.txt"),)
    assert [part.content for part in outbound.parts if part.role is Role.FILE] == [b"hello"]
    assert texts(outbound, Role.FILENAME)["multipart file filename"] == "a.txt"


def test_the_name_of_an_object_is_read_unless_the_drive_made_it_up(send: Send, read: Read) -> None:
    named = read(send(f"PUT alidocs.oss-cn-zhangjiakou.aliyuncs.com/docs/{quote(MARK)}.xlsx", b"x"))
    made_up = read(send(f"PUT zjk.trans.dingtalk.com/yundisk0/{'iAElAqNmaWxl' * 3}.file", b"x"))
    assert texts(named, Role.FILENAME) == {"object name": f"docs/{MARK}.xlsx"}
    assert texts(made_up, Role.FILENAME) == {}


def test_a_media_upload_is_a_file_with_its_name(send: Send, read: Read) -> None:
    body = (
        f'--b\r\nContent-Disposition: form-data; name="media"; filename="{MARK}.xlsx"\r\n\r\nPK'.encode()
        + b"\x03\x04\r\n--b--\r\n"
    )
    outbound = read(send(f"{OAPI}/media/upload?type=file", body, "multipart/form-data; boundary=b"))
    file = next(part for part in outbound.parts if part.role is Role.FILE)
    assert (outbound.operation, file.content, file.filename) == ("media.upload", b"PK\x03\x04", f"{MARK}.xlsx")
    assert texts(outbound, Role.FILENAME) == {"multipart media filename": f"{MARK}.xlsx"}
    assert outbound.carries_file
    assert outbound.taggable


def test_sender_and_conversation_are_taken_from_the_request(send: Send, read: Read) -> None:
    body = {"robotCode": "r1", "openConversationId": "cid1", "msgParam": "{}"}
    outbound = read(send(f"{API}/v1.0/robot/groupMessages/send?unionId=u1", body))
    assert (outbound.actor.address, outbound.actor.account) == ("192.0.2.9", "u1")
    assert (outbound.destination.region, outbound.destination.conversation) == ("mainland", "cid1")


def test_no_content_occurs_in_a_repr_or_a_place(send: Send, read: Read) -> None:
    body = {"12345678": {"李四 66123456": [{"joao@example.mo": "5100123(4)"}]}, "text": {"content": "5100123(4)"}}
    outbound = read(send(f"{OAPI}/robot/send?12345678=66123456", body))
    assert "5100123(4)" in said(outbound)
    for secret in ("12345678", "李四", "66123456", "joao", "5100123"):
        assert secret not in repr(outbound)


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        pytest.param("客戶名單\n陳大文", ["客戶名單"], id="a line above others"),
        pytest.param("客戶名單", ["客戶名單"], id="a line alone"),
        pytest.param("客戶名單 2024-10-01", ["客戶名單 2024-10-01"], id="a line with a day"),
        pytest.param("請匯款到中國銀行戶口號碼 1801 0123 4567 890", [], id="a line with a number"),
        pytest.param("請把客戶名單發給我。", [], id="a sentence"),
        pytest.param("Did you send the customer list?", [], id="a question"),
        pytest.param("客戶名單：陳大文、李小明。", ["客戶名單"], id="before the colon of a sentence"),
    ],
)
def test_a_heading_is_what_stands_above_not_what_is_said(
    send: Send, read: Read, text: str, headings: list[str]
) -> None:
    outbound = read(send(f"{OAPI}/robot/send", {"msgtype": "text", "text": {"content": text}}))
    assert [part.content for part in outbound.parts if part.place.endswith("(heading)")] == headings


def test_a_host_that_a_reply_named_is_a_store_in_its_region(send: Send, scope: Scope) -> None:
    learned = {"files.casa-exemplo.mo": "enterprise", "im.dingtalk.com": "singapore"}
    own = read_wire(send("PUT files.casa-exemplo.mo/store/a", b'{"a": "b"}'), scope, regions=learned)
    assert (own.channel, own.operation, own.destination.region) == (Channel.OSS, "oss.put", "enterprise")
    assert own.carries_file
    dingtalk = read_wire(send("PUT im.dingtalk.com/store/a", b'{"a": "b"}'), scope, regions=learned)
    assert (dingtalk.channel, dingtalk.destination.region) == (Channel.OTHER, "singapore")
    unlearned = read_wire(send("PUT files.casa-exemplo.mo/store/a", b'{"a": "b"}'), scope)
    assert (unlearned.channel, unlearned.destination.region) == (Channel.OTHER, "unknown")


def test_without_endpoints_everything_is_generic_and_read(send: Send, scope: Scope) -> None:
    outbound = read_wire(send(f"{OAPI}/robot/send", {"text": {"content": MARK}}), scope)
    assert (outbound.operation, outbound.taggable) == ("generic", False)
    assert texts(outbound) == {"text.content": MARK}


@pytest.mark.parametrize(
    ("call", "fields", "operation", "place"),
    [
        (
            "dingtalk.oapi.processinstance.create",
            {"form_component_values": json.dumps([{"name": "電話", "value": MARK}])},
            "approval.create",
            "query form_component_values > [0].value",
        ),
        (
            "dingtalk.oapi.workrecord.add",
            {"title": MARK, "formItemList": "[]"},
            "workrecord.add",
            "query title",
        ),
        (
            "dingtalk.oapi.extcontact.create",
            {"contact": json.dumps({"name": MARK})},
            "contact.external",
            "query contact > name",
        ),
        ("dingtalk.oapi.user.get", {"userid": MARK}, "generic", "query userid"),
    ],
)
def test_any_call_of_the_old_gateway_is_read_from_the_query_of_an_empty_post(
    *, send: Send, read: Read, call: str, fields: dict[str, str], operation: str, place: str
) -> None:
    outbound = read(send(f"POST eco.taobao.com/router/rest?{urlencode({'method': call, **fields})}"))
    assert outbound.operation == operation
    assert texts(outbound)[place] == MARK


def tool(name: str, **arguments: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}


MCP = "POST mcp-gw.dingtalk.io/server/s?key=k"


def test_what_an_agent_sends_is_known_by_its_tool(send: Send, read: Read) -> None:
    content = json.dumps({"title": MARK, "text": "-"})
    outbound = read(send(MCP, tool("send_personal_message", content=content, receiverOpenDingTalkId="p1")))
    assert (outbound.channel, outbound.operation) == (Channel.MCP, "mcp.send")
    assert texts(outbound, Role.TITLE)["params.arguments.content > title"] == MARK
    assert outbound.destination.recipients == ("p1",)
    assert outbound.taggable


def test_several_calls_of_an_agent_are_all_read(send: Send, read: Read) -> None:
    calls = [
        tool("send_email", subject=MARK, body="1"),
        tool("append_rows", values=[["12", "34"]]),
        tool("commit_conversation_file_upload", uploadKey="k", fileName=f"{MARK}.xlsx"),
    ]
    outbound = read(send(MCP, calls))
    assert outbound.operation == "mcp.batch"
    assert texts(outbound, Role.TITLE)["[0].params.arguments.subject"] == MARK
    assert texts(outbound)["[1].params.arguments.values[0] (row without gaps)"] == "1234"
    assert texts(outbound, Role.FILENAME)["[2].params.arguments.fileName"] == f"{MARK}.xlsx"
    assert outbound.keys == (Key("upload", "k"),)
    assert outbound.completes


@pytest.mark.parametrize("name", ["tools", "", "send_mail"])
def test_an_unknown_tool_is_generic(send: Send, read: Read, name: str) -> None:
    outbound = read(send(MCP, tool(name, content=MARK)))
    assert outbound.operation == "generic"
    assert texts(outbound)["params.arguments.content"] == MARK


@pytest.mark.parametrize(
    ("line", "body", "conversation", "account", "recipients"),
    [
        (
            f"{API}/v1.0/robot/oToMessages/batchSend",
            {"robotCode": "r", "userIds": ["u1", "u2", "u1"], "msgParam": "{}"},
            None,
            "r",
            ("u1", "u2"),
        ),
        (
            f"{OAPI}/topapi/message/corpconversation/asyncsend_v2",
            {"agent_id": "a", "userid_list": "u1,u2", "dept_id_list": "9"},
            None,
            "a",
            ("u1,u2",),
        ),
        (f"{OAPI}/topapi/message/corpconversation/asyncsend_v2", {"dept_id_list": 9}, None, None, ("9",)),
        (f"{API}/v1.0/card/instances", {"openSpaceId": "dtv1//x", "openConversationId": "c"}, "dtv1//x", None, ()),
        (f"{API}/v1.0/unknown", {"conversationId": "c", "receiverUserId": "u"}, "c", None, ("u",)),
        (f"{API}/v1.0/unknown", {"text": "x"}, None, None, ()),
    ],
)
def test_where_it_goes_and_to_whom_is_taken_from_the_fields_of_its_kind(
    *,
    send: Send,
    read: Read,
    line: str,
    body: object,
    conversation: str | None,
    account: str | None,
    recipients: tuple[str, ...],
) -> None:
    outbound = read(send(line, body))
    assert outbound.destination.conversation == conversation
    assert outbound.actor.account == account
    assert outbound.destination.recipients == recipients


def test_a_page_that_speaks_json_is_refused_in_json(send: Send, read: Read) -> None:
    body = {"resourceName": MARK, "size": 1}
    outbound = read(send("POST alidocs.dingtalk.com/core/api/resources/9/upload_info", body))
    assert (outbound.operation, outbound.channel) == ("doc.web_upload", Channel.API)
    assert texts(outbound, Role.FILENAME) == {"resourceName": MARK}
