"""Know the requests by which content leaves: what each is called, and what its fields are to their reader.

In:    method and path of a request.
Out:   a `Surface`; `GENERIC` for whatever no row describes.
Never: what is read. Every string is read anyway; a row only says what it is and whether it can be tagged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cerco.dingtalk.outbound import Role

# DingTalk's limit for the `msg` of work notifications and chat messages, in bytes (its documentation of asyncsend_v2).
MESSAGE_BYTES = 2_048


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is: its role, whether a label in it is seen by DingTalk users, whether it starts with a heading."""

    role: Role
    tag: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Surface:
    """One kind of request.

    `fields` is keyed by the tail of a field's full name; a leading "=" makes it the whole name.
    `completes`: it publishes an upload whose bytes passed earlier. `files`: the name of a multipart file can be tagged.
    `limit`: most bytes of UTF-8 the message may have, None where DingTalk sets no limit.
    """

    operation: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    completes: bool = False
    files: bool = False
    limit: int | None = None
    media_is_object: bool = False  # mediaId is the stored object's path

    def field(self, name: str) -> Field | None:
        """Return what the row says of a field, by its full name with "[]" for list positions."""
        if (exact := self.fields.get(f"={name}")) is not None:
            return exact
        tail = name
        while tail:
            if (found := self.fields.get(tail)) is not None:
                return found
            tail = tail.partition(".")[2]
        return None


_TITLE = Field(Role.TITLE, tag=True)
_BODY = Field(Role.TEXT, tag=True, heading=True)
_NAME = Field(Role.FILENAME, tag=True)

# Messages of oapi. The same shapes travel bare, under `msg`, and as JSON in a form field or query value.
_MESSAGE: Mapping[str, Field] = {
    "text.content": _BODY,
    "msgcontent.content": _BODY,
    "markdown.title": _TITLE,
    "markdown.text": _BODY,
    "link.title": _TITLE,
    "link.text": _BODY,
    "actionCard.title": _TITLE,
    "actionCard.text": _BODY,
    "action_card.title": _TITLE,
    "action_card.markdown": _BODY,
    "feedCard.links[].title": _TITLE,
    "oa.head.text": _TITLE,
    "oa.body.title": _TITLE,
    "oa.body.content": _BODY,
}

# Templates of api.dingtalk.com's robots: sampleText, sampleMarkdown, sampleLink, sampleActionCard…, sampleFile.
_TEMPLATE: Mapping[str, Field] = {
    "msgParam.content": _BODY,
    "msgParam.title": _TITLE,
    "msgParam.text": _BODY,
    "msgParam.fileName": _NAME,
}

# Web chat. Contents of type 500 are drive files; the card shows f_name.
LWP_FIELDS: Mapping[str, Field] = {
    "textContent.text": _BODY,
    "extension.f_name": _NAME,
    "fileContent.fileName": _NAME,
    "photoContent.filename": Field(Role.FILENAME),
    "custom.data.text.text": _BODY,
}

_INIT: Mapping[str, Field] = {"=option.preCheckParam.name": _NAME}

GENERIC = Surface("generic")
_WORK_NOTIFICATION = Surface("message.asyncsend_v2", _MESSAGE, limit=MESSAGE_BYTES)

_ROWS: tuple[tuple[str, str, Surface], ...] = (
    ("POST", r"/robot/send", Surface("robot.send", _MESSAGE)),
    ("POST", r"/robot/sendBySession", Surface("robot.sendBySession", _MESSAGE)),
    ("POST", r"/media/upload", Surface("media.upload", files=True)),
    ("POST", r"/file/upload/single", Surface("file.upload_single", files=True)),
    ("POST", r"/file/upload/chunk", Surface("file.upload_chunk")),
    ("GET|POST", r"/cspace/add", Surface("cspace.add", completes=True)),
    ("POST", r"/cspace/add_to_single_chat", Surface("cspace.add_to_single_chat", completes=True)),
    ("POST", r"/topapi/message/corpconversation/asyncsend_v2", _WORK_NOTIFICATION),
    ("POST", r"/chat/send", Surface("chat.send", _MESSAGE, limit=MESSAGE_BYTES)),
    ("POST", r"/message/send", Surface("message.send", _MESSAGE, limit=MESSAGE_BYTES)),
    ("POST", r"/message/send_to_conversation", Surface("message.send_to_conversation", _MESSAGE, limit=MESSAGE_BYTES)),
    ("POST", r"/v1\.0/robot/oToMessages/batchSend", Surface("robot.oto_batch_send", _TEMPLATE)),
    ("POST", r"/v1\.0/robot/groupMessages/send", Surface("robot.group_send", _TEMPLATE)),
    ("POST", r"/v1\.0/robot/privateChatMessages/send", Surface("robot.private_chat_send", _TEMPLATE)),
    ("POST", r"/v1\.0/storage/spaces/[^/]+/files/uploadInfos/query", Surface("storage.init", _INIT)),
    ("POST", r"/v2\.0/storage/spaces/files/[^/]+/uploadInfos/query", Surface("storage.init", _INIT)),
    ("POST", r"/v1\.0/storage/spaces/[^/]+/files/multiPartUploadInfos/init", Surface("storage.multipart_init", _INIT)),
    ("POST", r"/v1\.0/storage/spaces/files/multiPartUploadInfos/query", Surface("storage.multipart_urls")),
    ("POST", r"/v1\.0/storage/spaces/[^/]+/files/commit", Surface("storage.commit", {"=name": _NAME}, completes=True)),
    ("POST", r"/v2\.0/storage/spaces/files/[^/]+/commit", Surface("storage.commit", {"=name": _NAME}, completes=True)),
    ("POST", r"/v1\.0/convFile/(?:apps/)?conversations/files/send", Surface("conversation.send_file", completes=True)),
    ("POST", r"/v1\.0/convFile/conversations/files/links/send", Surface("conversation.send_link", completes=True)),
    ("GET", r"/v1\.0/drive/spaces/[^/]+/files/[^/]+/uploadInfos", Surface("drive.init")),
    (
        "POST",
        r"/v1\.0/drive/spaces/[^/]+/files",
        Surface("drive.commit", {"=fileName": _NAME}, completes=True, media_is_object=True),
    ),
)
_COMPILED = tuple((frozenset(methods.split("|")), re.compile(path + "/?"), surface) for methods, path, surface in _ROWS)

# The older gateway names the call in a parameter instead of the path.
_TOP_CALLS = {
    "dingtalk.oapi.message.corpconversation.asyncsend_v2": _WORK_NOTIFICATION,
    "dingtalk.corp.message.corpconversation.asyncsend": _WORK_NOTIFICATION,
}

_LIMITS = {row.operation: row.limit for *_, row in _ROWS}

_FILE_FIELDS = frozenset(
    {"filename", "file_name", "f_name", "newfilename", "newname", "resourcename", "attachmentname", "imagename"}
)
_TITLE_FIELDS = frozenset({"title", "subject", "name", "heading", "summary"})
_EXTENSION = re.compile(r".{1,250}\.[A-Za-z0-9]{1,5}", re.DOTALL)


def find(method: str, path: str, call: str | None) -> Surface:
    """Return the row for a request; `path` without query, `call` the value of a `method` parameter if there is one."""
    if call is not None and (surface := _TOP_CALLS.get(call)) is not None:
        return surface
    for methods, pattern, surface in _COMPILED:
        if method in methods and pattern.fullmatch(path):
            return surface
    return GENERIC


def limit_of(operation: str) -> int | None:
    """Return the most bytes of UTF-8 a message of that operation may have; None where DingTalk sets no limit."""
    return _LIMITS.get(operation)


def role_by_name(name: str, text: str) -> Role:
    """Guess what a field is from what it is called, where no row knows it."""
    last = name.rpartition(".")[2].replace("[]", "").lower()
    if last in _FILE_FIELDS:
        return Role.FILENAME
    if last in _TITLE_FIELDS:
        return Role.FILENAME if last == "name" and _EXTENSION.fullmatch(text) else Role.TITLE
    return Role.TEXT
