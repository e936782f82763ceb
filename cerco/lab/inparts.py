"""Real clients that send a file in parts: oss2 in all its ways, the official SDK, oapi's older upload, web chat.

In:    a payload, the length of a part in bytes, and the way out (see `clients`).
Out:   `Sent`; its `outcome` counts the parts that were taken, its `error` is what the first refused step was told.
Never: parts that a real client would not send; only their length is smaller than it would choose.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import tempfile
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any

import oss2
import requests
from alibabacloud_dingtalk.storage_1_0 import client as drive
from alibabacloud_dingtalk.storage_1_0 import models
from alibabacloud_tea_util.models import RuntimeOptions
from oss2.models import PartInfo
from Tea.exceptions import TeaException

from cerco.lab.clients import TIMEOUT, TOKEN, Proxy, Sent, Told, attempt, sdk_config
from cerco.lab.objects import ACCESS_KEY, ACCESS_SECRET
from cerco.lab.payloads import Payload
from cerco.lab.uploads import SPACE, ask, chat_socket, refusal_of

STORE = "https://zjk.trans.dingtalk.com"
OAPI = "https://oapi.dingtalk.com"
MOST_ADDRESSES = 30  # that DingTalk signs at once (its documentation of multiPartUploadInfos/query)


class _InterruptedError(Exception):
    """The client's program was stopped in the middle."""


def oss_multipart(payload: Payload, proxy: Proxy | None, *, size: int = 5, insist: bool = False) -> Sent:
    """Upload parts with oss2, the last one first; with `insist` complete the upload whatever was refused."""

    def call() -> Told:
        bucket, key = _bucket(proxy), _key(payload)
        upload = bucket.init_multipart_upload(key).upload_id
        parts = list(_cut(payload.data, size))
        first = ""
        for number, data in reversed(parts):
            try:
                bucket.upload_part(key, upload, number, data)
            except oss2.exceptions.OssError as error:
                first = first or str(error.message)
                if not insist:
                    return _refused(error, number)
        listed = [PartInfo(number, hashlib.md5(data).hexdigest().upper(), size=len(data)) for number, data in parts]
        try:
            bucket.complete_multipart_upload(key, upload, listed)
        except oss2.exceptions.OssError as error:
            told = _refused(error, "complete")
            return told if not first else Told(ok=False, outcome=told.outcome, error=first)
        return Told(ok=not first, outcome=f"{len(parts)} parts", error=first)

    return attempt("oss2", "multipart", payload, proxy, call)


def oss_resumable(
    payload: Payload, proxy: Proxy | None, *, size: int = 5, folder: str | None = None, stop_after: int | None = None
) -> Sent:
    """Upload with oss2's resumable upload; stop after some parts, or go on where an earlier run was stopped.

    `folder` holds the file and oss2's record of what was sent.
    """

    def call() -> Told:
        with contextlib.ExitStack() as stack:
            place = Path(folder or stack.enter_context(tempfile.TemporaryDirectory()))
            file = place / "payload"
            if not file.exists():
                file.write_bytes(payload.data)
            sent: list[int] = []

            def progress(done: int, _total: int | None) -> None:
                sent.append(done)
                if stop_after is not None and done > stop_after * size:
                    raise _InterruptedError

            stack.callback(setattr, oss2.defaults, "min_part_size", oss2.defaults.min_part_size)
            oss2.defaults.min_part_size = size  # oss2 would make parts of 100 KiB at least
            try:
                oss2.resumable_upload(
                    _bucket(proxy),
                    _key(payload),
                    str(file),
                    store=oss2.ResumableStore(root=str(place)),
                    multipart_threshold=0,
                    part_size=size,
                    num_threads=1,
                    progress_callback=progress,
                )
            except oss2.exceptions.OssError as error:
                return _refused(error, f"after {max(sent, default=0)} bytes")
            except _InterruptedError:
                return Told(ok=True, outcome="stopped")
            return Told(ok=True, outcome=f"from {min(sent, default=0)} bytes")

    return attempt("oss2", "resumable", payload, proxy, call)


def oss_append(payload: Payload, proxy: Proxy | None, *, size: int = 5) -> Sent:
    """Append to an object with oss2, piece by piece."""

    def call() -> Told:
        bucket, position = _bucket(proxy), 0
        for number, data in _cut(payload.data, size):
            try:
                position = bucket.append_object(_key(payload), position, data).next_position
            except oss2.exceptions.OssError as error:
                return _refused(error, number)
        return Told(ok=True, outcome=f"{position} bytes")

    return attempt("oss2", "append", payload, proxy, call)


def oss_presigned(payload: Payload, proxy: Proxy | None, *, size: int = 5) -> Sent:
    """Put parts to addresses that somebody else has signed, as browsers and phones do."""

    def call() -> Told:
        bucket, key = _bucket(proxy), _key(payload)
        upload = bucket.init_multipart_upload(key).upload_id
        listed = []
        for number, data in _cut(payload.data, size):
            step = {"partNumber": str(number), "uploadId": upload}
            answer = requests.put(bucket.sign_url("PUT", key, 600, params=step), data=data, timeout=TIMEOUT)
            if answer.status_code != 200:
                return Told(ok=False, outcome=f"part {number}", error=refusal_of(answer))
            listed.append(PartInfo(number, answer.headers["ETag"].strip('"'), size=len(data)))
        try:
            bucket.complete_multipart_upload(key, upload, listed)
        except oss2.exceptions.OssError as error:
            return _refused(error, "complete")
        return Told(ok=True, outcome=f"{len(listed)} parts")

    return attempt("oss2", "presigned parts", payload, proxy, call)


def oss_form(payload: Payload, proxy: Proxy | None) -> Sent:
    """Post a form with the file, its name and a signed policy, as web pages do."""

    def call() -> Told:
        policy = base64.b64encode(json.dumps({"expiration": "2099-01-01T00:00:00Z", "conditions": []}).encode())
        signature = base64.b64encode(hmac.new(ACCESS_SECRET.encode(), policy, hashlib.sha1).digest())
        fields = {
            "key": f"yundisk0/{payload.marker}/${{filename}}",
            "policy": policy.decode(),
            "OSSAccessKeyId": ACCESS_KEY,
            "Signature": signature.decode(),
        }
        file = (payload.filename, payload.data, payload.mime)
        answer = requests.post(f"{STORE}/", data=fields, files={"file": file}, timeout=TIMEOUT)
        ok = answer.status_code == 204
        return Told(ok=ok, outcome=f"HTTP {answer.status_code}", error="" if ok else refusal_of(answer))

    return attempt("requests", "object store form", payload, proxy, call)


def storage_parts(payload: Payload, proxy: Proxy | None, *, size: int = 5) -> Sent:
    """Put a file into the drive with the official SDK in parts; the commit puts them together."""

    def call() -> Told:
        client = drive.Client(sdk_config(proxy))
        token = {"x_acs_dingtalk_access_token": TOKEN}
        check = models.InitMultipartFileUploadRequestOptionPreCheckParam(name=payload.filename, size=len(payload.data))
        begin = models.InitMultipartFileUploadRequest(
            union_id="lab-union-id", option=models.InitMultipartFileUploadRequestOption(pre_check_param=check)
        )
        headers = models.InitMultipartFileUploadHeaders(**token)
        parts = dict(_cut(payload.data, size))
        try:
            begun = client.init_multipart_file_upload_with_options(SPACE, begin, headers, RuntimeOptions()).body
            for numbers in batched(parts, MOST_ADDRESSES):
                ask_for = models.GetMultipartFileUploadInfosRequest(
                    union_id="lab-union-id", upload_key=begun.upload_key, part_numbers=list(numbers)
                )
                offers = client.get_multipart_file_upload_infos_with_options(
                    ask_for, models.GetMultipartFileUploadInfosHeaders(**token), RuntimeOptions()
                ).body
                for info in offers.multipart_header_signature_infos:
                    signed = info.header_signature_info
                    answer = requests.put(
                        signed.resource_urls[0], data=parts[info.part_number], headers=signed.headers, timeout=TIMEOUT
                    )
                    if answer.status_code != 200:
                        return Told(ok=False, outcome=f"part {info.part_number}", error=refusal_of(answer))
            commit = models.CommitFileRequest(
                union_id="lab-union-id", upload_key=begun.upload_key, name=payload.filename, parent_id="0"
            )
            client.commit_file_with_options(SPACE, commit, models.CommitFileHeaders(**token), RuntimeOptions())
        except TeaException as error:
            return Told(ok=False, outcome="commit", error=str(error.message))
        return Told(ok=True, outcome=f"{len(parts)} parts, commit")

    return attempt("alibabacloud-dingtalk", "drive upload in parts", payload, proxy, call)


def old_chunks(payload: Payload, proxy: Proxy | None, *, size: int = 5) -> Sent:
    """Send a file in chunks through oapi's older upload, then into a group by its media id."""

    def call() -> Told:
        transaction = {"access_token": TOKEN, "agent_id": "1", "file_size": str(len(payload.data))}
        chunks = dict(_cut(payload.data, size))
        transaction["chunk_numbers"] = str(len(chunks))
        upload = _oapi("GET", "/file/upload/transaction", transaction)["upload_id"]
        for number, data in chunks.items():
            query = {"access_token": TOKEN, "agent_id": "1", "upload_id": upload, "chunk_sequence": str(number)}
            told = _oapi("POST", "/file/upload/chunk", query, files={"file": ("file", data)})
            if told["errcode"]:
                return Told(ok=False, outcome=f"chunk {number}", error=told["errmsg"])
        closed = _oapi("GET", "/file/upload/transaction", transaction | {"upload_id": upload})
        if closed["errcode"]:
            return Told(ok=False, outcome="close", error=closed["errmsg"])
        message = {"chatid": "c", "msg": {"msgtype": "file", "file": {"media_id": closed["media_id"]}}}
        told = _oapi("POST", "/chat/send", {"access_token": TOKEN}, json=message)
        return Told(ok=not told["errcode"], outcome="sent", error=told["errmsg"] if told["errcode"] else "")

    return attempt("requests", "oapi chunks", payload, proxy, call)


def chat_picture(payload: Payload, proxy: Proxy | None, *, size: int = 5, insist: bool = False) -> Sent:
    """Send a file as web chat sends pictures: fragments in frames, then a message that shows it."""

    def call() -> Told:
        parts = [data for _, data in _cut(payload.data, size)]
        with chat_socket(proxy) as socket:
            about = {"conversationId": "1001:2002", "type": 1, "fileLen": len(payload.data), "bizType": "im"}
            begun = ask(socket, "/r/FileUpload/pre", {}, [about])["body"]
            told = []
            for number, data in enumerate(parts):
                fields = {"mediaId": begun["mediaId"], "partNumber": number, "body": base64.b64encode(data).decode()}
                if number < len(parts) - 1:
                    fields |= {"uploadInfo": begun["uploadInfo"]}
                    told.append(ask(socket, "/r/FileUpload/frag", {}, [fields]))
                else:
                    fields |= {"uploadId": begun["uploadInfo"], "totalPartNumber": len(parts)}
                    told.append(ask(socket, "/r/FileUpload/ci", {}, [fields]))
                if told[-1]["code"] != 200 and not insist:
                    break
            else:
                body = told[-1].get("body") or {}
                photo = {"mediaId": body.get("authMediaId", begun["mediaId"]), "filename": payload.filename}
                message = {"conversationId": "1001:2002", "content": {"contentType": 2, "photoContent": photo}}
                told.append(ask(socket, "/r/IDLSend/send", {}, [message]))
        refused = [answer for answer in told if answer["code"] != 200]
        outcome = " ".join(str(answer["code"]) for answer in told[-2:])
        return Told(ok=not refused, outcome=outcome, error=str(refused[0]["body"]["reason"]) if refused else "")

    return attempt("web chat", "picture in fragments", payload, proxy, call)


def _cut(data: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    return enumerate((data[at : at + size] for at in range(0, len(data), size)), 1)


def _key(payload: Payload) -> str:
    return f"yundisk0/{payload.marker}{payload.name_marker}.file"


def _bucket(proxy: Proxy | None) -> Any:
    proxies = None if proxy is None or proxy.url is None else {"https": proxy.url}
    auth = oss2.Auth(ACCESS_KEY, ACCESS_SECRET)
    return oss2.Bucket(auth, STORE, "lippi-space-zjk", is_cname=True, connect_timeout=TIMEOUT, proxies=proxies)


def _refused(error: Any, step: object) -> Told:
    return Told(ok=False, outcome=f"{type(error).__name__} {error.status} at {step}", error=str(error.message))


def _oapi(method: str, path: str, query: dict[str, str], **options: Any) -> dict[str, Any]:
    said: dict[str, Any] = requests.request(method, OAPI + path, params=query, timeout=TIMEOUT, **options).json()
    return said
