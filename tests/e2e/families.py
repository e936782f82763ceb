"""Clients of DingTalk's less common families: cards, documents, approvals, calendars, tables, both drives, contacts.

In:    a payload, and the way out (`Proxy`).
Out:   `Sent`: what the official SDK, dingtalk-sdk or web chat made of the answer.
Never: a request put together by hand where a package makes it, but for the one that no package knows.
"""

import json
import logging
import re
import secrets
from collections.abc import Callable
from importlib import import_module
from typing import Any

import requests

from cerco.lab.clients import TIMEOUT, TOKEN, Proxy, Sent, Told, attempt, sdk_config
from cerco.lab.payloads import Payload
from cerco.lab.uploads import SPACE, ask, chat_socket

NOVELTY = "https://api.dingtalk.com/v1.0/novelties/8812345678/notes"  # DingTalk publishes no such operation
NUMBER = re.compile(r"(\d{4})(\d{3}\(\d\))")  # a resident card's number, and where `split` cuts it


def _ask(proxy: Proxy | None, service: str, operation: str, *path: str, **body: Any) -> Any:
    """Call one operation of the official SDK; `body` has the names DingTalk documents."""
    models: Any = import_module(f"alibabacloud_dingtalk.{service}.models")
    client: Any = import_module(f"alibabacloud_dingtalk.{service}.client").Client(sdk_config(proxy))
    runtime: Any = import_module("alibabacloud_tea_util.models").RuntimeOptions()
    request = getattr(models, f"{operation}Request")().from_map(body)
    headers = getattr(models, f"{operation}Headers")(x_acs_dingtalk_access_token=TOKEN)
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
    return getattr(client, f"{name}_with_options")(*path, request, headers, runtime)


def _robot_card(payload: Payload, proxy: Proxy | None) -> Any:
    """The older card, whose data is JSON within JSON."""
    return _ask(
        proxy,
        "im_1_0",
        "SendRobotInteractiveCard",
        cardTemplateId="StandardCard",
        openConversationId="cidLab",
        cardBizId=payload.marker[::-1],
        robotCode="lab-robot",
        cardData=json.dumps({"contents": [{"type": "text", "text": payload.text, "id": "text_1"}]}),
    )


def _card(payload: Payload, proxy: Proxy | None) -> Any:
    return _ask(
        proxy,
        "im_1_0",
        "SendInteractiveCard",
        cardTemplateId="lab-template",
        openConversationId="cidLab",
        conversationType=1,
        outTrackId=payload.marker[::-1],
        cardData={"cardParamMap": {"title": payload.title, "body": payload.text}},
    )


def _deliver(payload: Payload, proxy: Proxy | None) -> Any:
    return _ask(
        proxy,
        "card_1_0",
        "CreateAndDeliver",
        cardTemplateId="lab-template.schema",
        outTrackId=payload.marker[::-1],
        openSpaceId="dtv1.card//IM_GROUP.cidLab",
        cardData={"cardParamMap": {"title": payload.title, "body": payload.text}},
        imGroupOpenDeliverModel={"robotCode": "lab-robot"},
    )


def _stream(payload: Payload, proxy: Proxy | None) -> Any:
    return _append(proxy, payload.marker[::-1], payload.text, full=True)


def _append(proxy: Proxy | None, card: str, content: str, *, full: bool = False) -> Any:
    return _ask(
        proxy,
        "card_1_0",
        "StreamingUpdate",
        outTrackId=card,
        guid="lab-guid",
        key="body",
        content=content,
        isFull=full,
        isFinalize=False,
    )


def _sheet(payload: Payload, proxy: Proxy | None) -> Any:
    values = [["No.", "Note"], ["1", payload.text]]
    return _ask(
        proxy, "doc_1_0", "UpdateRange", payload.marker[::-1], "Sheet1", "A1:B2", values=values, operatorId="lab"
    )


def _approval(payload: Payload, proxy: Proxy | None) -> Any:
    return _ask(
        proxy,
        "workflow_1_0",
        "StartProcessInstance",
        processCode="PROC-LAB",
        originatorUserId="lab-user",
        deptId=1,
        formComponentValues=[
            {"name": "事由", "value": payload.title, "componentType": "TextField"},
            {"name": "說明", "value": json.dumps([payload.text]), "componentType": "TextareaField"},
        ],
    )


def _event(payload: Payload, proxy: Proxy | None) -> Any:
    return _ask(
        proxy,
        "calendar_1_0",
        "CreateEvent",
        "lab-union",
        "primary",
        summary=payload.title,
        description=payload.text,
        start={"dateTime": "2026-12-01T10:00:00+08:00", "timeZone": "Asia/Macau"},
        end={"dateTime": "2026-12-01T11:00:00+08:00", "timeZone": "Asia/Macau"},
    )


def _table(payload: Payload, proxy: Proxy | None) -> Any:
    records = [{"fields": {"事項": payload.title, "備註": payload.text}}]
    return _ask(proxy, "notable_1_0", "InsertRecords", "lab-base", "lab-sheet", records=records, operatorId="lab")


SDK: dict[str, Callable[[Payload, Proxy | None], Any]] = {
    "robot card": _robot_card,
    "interactive card": _card,
    "card created and delivered": _deliver,
    "card streamed": _stream,
    "sheet": _sheet,
    "approval": _approval,
    "calendar": _event,
    "AI table": _table,
}


def family(payload: Payload, proxy: Proxy | None, *, which: str) -> Sent:
    """Send the text as one of the families in `SDK`."""

    def call() -> Told:
        return Told(ok=True, outcome=f"HTTP {SDK[which](payload, proxy).status_code}")

    return attempt("alibabacloud-dingtalk", which, payload, proxy, call)


def drive_v2(payload: Payload, proxy: Proxy | None) -> Sent:
    """Put a file into the drive by storage 2.0; a refused PUT does not keep this client from the commit."""

    def call() -> Told:
        check = {"name": payload.filename, "size": len(payload.data)}
        asked = {"unionId": "lab", "protocol": "HEADER_SIGNATURE", "option": {"preCheckParam": check}}
        offer = _ask(proxy, "storage_2_0", "GetFileUploadInfo", "lab-folder", **asked).body
        signed = offer.header_signature_info
        put = requests.put(signed.resource_urls[0], data=payload.data, headers=signed.headers, timeout=TIMEOUT)
        commit = {"uploadKey": offer.upload_key, "name": payload.filename, "option": {"size": len(payload.data)}}
        answer = _ask(proxy, "storage_2_0", "CommitFile", "lab-folder", unionId="lab", **commit)
        return Told(ok=put.ok, outcome=f"PUT {put.status_code}, commit {answer.status_code}")

    return attempt("alibabacloud-dingtalk", "storage 2.0", payload, proxy, call)


def old_drive(payload: Payload, proxy: Proxy | None) -> Sent:
    """Put a file into the older drive, where the media id is the object's; a refused PUT is passed over here too."""

    def call() -> Told:
        named = {"unionId": "lab", "fileName": payload.filename}
        asked = {**named, "fileSize": len(payload.data)}
        signed = _ask(proxy, "drive_1_0", "GetUploadInfo", SPACE, "0", **asked).body.header_signature_upload_info
        put = requests.put(signed.resource_url, data=payload.data, headers=signed.headers, timeout=TIMEOUT)
        commit = {**named, "parentId": "0", "fileType": "FILE", "mediaId": signed.media_id}
        answer = _ask(proxy, "drive_1_0", "AddFile", SPACE, **commit)
        return Told(ok=put.ok, outcome=f"PUT {put.status_code}, commit {answer.status_code}")

    return attempt("alibabacloud-dingtalk", "drive 1.0", payload, proxy, call)


def contact(payload: Payload, proxy: Proxy | None, *, which: str) -> Sent:
    """Use dingtalk-sdk: an employee goes to oapi as JSON, the others in the query of an empty POST."""

    def call() -> Told:
        from dingtalk import AppKeyClient

        log = logging.getLogger("dingtalk")  # it logs whole requests
        log.addHandler(logging.NullHandler())
        log.propagate = False
        client = AppKeyClient("lab-corp", "lab-app", "lab-app-secret", timeout=TIMEOUT)
        if which == "employee":
            answer = client.user.create({"name": "lab", "department": [1], "remark": payload.text})
        elif which == "customer":
            answer = client.extcontact.create("lab", "lab-user", [1], "", remark=payload.text)
        else:
            message = {"msgtype": "text", "text": {"content": payload.text}}
            answer = client.message.asyncsend_v2(message, 1, ["lab-user"])
        return Told(ok=bool(answer), outcome=type(answer).__name__)

    return attempt("dingtalk-sdk", which, payload, proxy, call)


def halves(payload: Payload) -> tuple[str, str]:
    """Cut the payload's number in two messages; the name's marker is in the first, the content's in the second."""
    found = NUMBER.search(payload.text)
    assert found
    return f"{payload.name_marker} 身份證號碼 {found[1]}", f"{found[2]} {payload.marker}"


def chat_split(payload: Payload, proxy: Proxy | None, *, elsewhere: bool) -> Sent:
    """Send a number in two chat messages, the second to another conversation with `elsewhere`; tells of the second."""

    def call() -> Told:
        first, second = halves(payload)
        place = f"1001:{payload.name_marker}"
        with chat_socket(proxy) as socket:
            answer = _say(socket, place, first)
            if answer["code"] == 200:
                answer = _say(socket, f"{place}-other" if elsewhere else place, second)
        reason = str((answer.get("body") or {}).get("reason", ""))
        return Told(ok=answer["code"] == 200, outcome=f"code {answer['code']}", error=reason)

    return attempt("web chat", "split", payload, proxy, call)


def _say(socket: Any, place: str, text: str) -> dict[str, Any]:
    content = {"contentType": 1, "textContent": {"text": text}, "atOpenIds": {}}
    message = {"uuid": secrets.token_hex(8), "conversationId": place, "type": 1, "creatorType": 1, "content": content}
    return ask(socket, "/r/IDLSend/send", {}, [message])


def card_split(payload: Payload, proxy: Proxy | None, *, elsewhere: bool) -> Sent:
    """Append a number to a card in two pieces, the second to another card with `elsewhere`."""

    def call() -> Told:
        first, second = halves(payload)
        card = f"card-{payload.name_marker}"
        _append(proxy, card, first)
        answer = _append(proxy, f"{card}-other" if elsewhere else card, second)
        return Told(ok=True, outcome=f"HTTP {answer.status_code}")

    return attempt("alibabacloud-dingtalk", "split", payload, proxy, call)


def novelty(payload: Payload, proxy: Proxy | None) -> Sent:
    """Call an operation that was not published when the gate was made."""

    def call() -> Told:
        body: dict[str, Any] = {"novelText": payload.text, "inner": {"novelList": [payload.title]}}
        answer = requests.post(NOVELTY, json=body, headers={"x-acs-dingtalk-access-token": TOKEN}, timeout=TIMEOUT)
        said = "" if answer.ok else str(answer.json()["message"])
        return Told(ok=answer.ok, outcome=f"HTTP {answer.status_code}", error=said)

    return attempt("requests", "unpublished operation", payload, proxy, call)
