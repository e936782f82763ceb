"""The object store behind DingTalk's file uploads: signatures, checksums, and the keys that tie the steps together.

In:    a request's method, host, object key, headers and body.
Out:   OSS's own answers; `offer` makes the upload key and signed headers that the first step hands out.
Never: an upload accepted whose headers were changed on the way: the signature covers them, as at the real store.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import crcmod  # type: ignore[import-untyped]

from cerco.lab.parts import Uploads, WrongError, posted

# Made up: the stand-in's only account at its own store.
ACCESS_KEY = "LTAIcercoLabStandIn"
ACCESS_SECRET = "not-a-secret-lab-only"

SIGNATURE_SECONDS = 900  # the shortest life DingTalk gives a signed upload

# CRC-64/ECMA-182, reflected, as OSS sends it in x-oss-hash-crc64ecma.
_crc64 = crcmod.mkCrcFun(0x142F0E1EBA9EA3693, initCrc=0, xorOut=0xFFFFFFFFFFFFFFFF)

# Query fields that the signature covers: those by which a request names a step of an upload.
_SIGNED = ("append", "partNumber", "position", "uploadId", "uploads")

type Item = str | int


@dataclass(frozen=True, slots=True)
class Offer:
    """Leave to upload one object: the key to commit it by, where to PUT it, and with which headers."""

    upload_key: str
    object_key: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the store answers; header names as OSS writes them."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(slots=True)
class ObjectStore:
    """All buckets of the stand-in; object keys are unique across them."""

    objects: dict[str, bytes] = field(default_factory=dict, repr=False)
    offered: dict[str, str] = field(default_factory=dict, repr=False)  # upload key -> object key
    uploads: Uploads = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.uploads = Uploads(self.objects)

    def offer(self, zone: str = "zjk") -> Offer:
        """Make an upload key and sign a PUT for it, good for `SIGNATURE_SECONDS`."""
        now = int(time.time())
        media = pack({1: 1, 2: "file", 3: "yundisk0", 4: _number(), 5: _number(), 6: _number(), 7: now, 8: 0})
        object_key = f"yundisk0/{media}.file"
        upload_key = pack({1: 1, 2: "lab", 5: f"#{media}"})
        self.offered[upload_key] = object_key
        date = formatdate(now, usegmt=True)
        headers = {"x-oss-date": date}
        headers["Authorization"] = _authorization("PUT", f"lippi-space-{zone}", object_key, headers)
        return Offer(upload_key, object_key, f"https://{zone}.trans.dingtalk.com/{object_key}", headers)

    def offer_parts(self, upload_key: str, numbers: Sequence[int], zone: str = "zjk") -> dict[int, Offer]:
        """Sign a PUT for each part of an upload whose key was offered before; parts may be asked for at any time."""
        object_key = self.offered[upload_key]
        upload = self.uploads.begun(object_key)
        date = formatdate(int(time.time()), usegmt=True)
        offers = {}
        for number in numbers:
            part = f"{object_key}?partNumber={number}&uploadId={upload}"
            headers = {"x-oss-date": date}
            headers["Authorization"] = _authorization("PUT", f"lippi-space-{zone}", part, headers)
            offers[number] = Offer(upload_key, object_key, f"https://{zone}.trans.dingtalk.com/{part}", headers)
        return offers

    def handle(
        self, method: str, host: str, object_key: str, headers: Mapping[str, str], body: bytes, *, query: str = ""
    ) -> Answer:
        """Answer one request for one object; `headers` have lower-case names, `object_key` is percent-decoded."""
        request_id = secrets.token_hex(12).upper()
        asked = dict(parse_qsl(query, keep_blank_values=True))
        try:
            if method == "POST" and not object_key:
                object_key, data = posted(headers.get("content-type", ""), body, ACCESS_SECRET)
                self.objects[object_key] = data
                return Answer(204, _facts(data, request_id))
            _check(method, _bucket(host), object_key, headers, asked=asked, body=body)
            if asked.keys() & {"append", "uploads", "uploadId"}:
                status, told, said = self.uploads.handle(
                    method, object_key, asked, body, lambda data: _facts(data, request_id)
                )
                return Answer(status, told, said)
        except WrongError as wrong:
            return _refusal(wrong.status, wrong.code, str(wrong), request_id, host)
        if method == "PUT":
            self.objects[object_key] = body
            return Answer(200, _facts(body, request_id))
        found = self.objects.get(object_key)
        if method not in ("GET", "HEAD"):
            return _refusal(405, "MethodNotAllowed", "The method is not allowed on this object.", request_id, host)
        if found is None:
            return _refusal(404, "NoSuchKey", "The specified key does not exist.", request_id, host)
        return Answer(200, _facts(found, request_id) | {"Content-Type": "application/octet-stream"}, found)


def _check(
    method: str, bucket: str, object_key: str, headers: Mapping[str, str], *, asked: Mapping[str, str], body: bytes
) -> None:
    """Hold a request against its signature, in a header or in the address, and its Content-MD5.

    Raises:
        WrongError: one of them does not match.
    """
    given = headers.get("authorization") or f"OSS {asked.get('OSSAccessKeyId')}:{asked.get('Signature')}"
    steps = "&".join(f"{name}={asked[name]}" if asked[name] else name for name in _SIGNED if name in asked)
    resource = f"{object_key}?{steps}" if steps else object_key
    signed = dict(headers) | ({"date": asked["Expires"]} if "Signature" in asked else {})
    if not hmac.compare_digest(given.encode(), _authorization(method, bucket, resource, signed).encode()):
        unsigned = "authorization" not in headers and "Signature" not in asked
        code = "AccessDenied" if unsigned else "SignatureDoesNotMatch"
        raise WrongError(403, code, "The request signature does not match the one calculated.")
    claimed = headers.get("content-md5")
    if claimed is not None and claimed != base64.b64encode(hashlib.md5(body).digest()).decode():
        raise WrongError(400, "InvalidDigest", "The Content-MD5 you specified is not valid.")


def pack(items: Mapping[int, Item]) -> str:
    """Encode a small map of small integers to strings and integers as MessagePack, in base64url without padding."""
    out = bytearray([0x80 | len(items)])  # fixmap: up to 15 pairs
    for key, value in items.items():
        out.append(key)  # positive fixint
        if isinstance(value, int):
            out += b"\xcf" + value.to_bytes(8)  # uint 64
        else:
            text = value.encode()
            out += (bytes([0xA0 | len(text)]) if len(text) < 32 else bytes([0xD9, len(text)])) + text  # fixstr, str 8
    return base64.urlsafe_b64encode(bytes(out)).decode().rstrip("=")


def _facts(body: bytes, request_id: str) -> dict[str, str]:
    digest = hashlib.md5(body)
    return {
        "x-oss-request-id": request_id,
        "ETag": f'"{digest.hexdigest().upper()}"',
        "Content-MD5": base64.b64encode(digest.digest()).decode(),
        "x-oss-hash-crc64ecma": str(_crc64(body)),
        "x-oss-server-time": "1",
    }


def _refusal(status: int, code: str, message: str, request_id: str, host: str) -> Answer:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
        f"<RequestId>{request_id}</RequestId><HostId>{escape(host)}</HostId></Error>"
    )
    return Answer(status, {"Content-Type": "application/xml", "x-oss-request-id": request_id}, body.encode())


def _bucket(host: str) -> str:
    """Name the bucket: the CNAMEs of DingTalk's drive, or the first label of OSS's own names."""
    first = host.partition(".")[0]
    return f"lippi-space-{first.removesuffix('-dualstack')}" if host.endswith(".trans.dingtalk.com") else first


def _authorization(method: str, bucket: str, object_key: str, headers: Mapping[str, str]) -> str:
    """Sign as OSS's version 1 does: method, Content-MD5, Content-Type, date, x-oss headers, resource; not the body."""
    date = headers.get("x-oss-date") or headers.get("date", "")
    oss = sorted((key.lower(), value) for key, value in headers.items() if key.lower().startswith("x-oss-"))
    signed = "\n".join(
        [
            method,
            headers.get("content-md5", ""),
            headers.get("content-type", ""),
            date,
            *(f"{key}:{value}" for key, value in oss),
            f"/{bucket}/{object_key}",
        ]
    )
    digest = hmac.new(ACCESS_SECRET.encode(), signed.encode(), hashlib.sha1).digest()
    return f"OSS {ACCESS_KEY}:{base64.b64encode(digest).decode()}"


def _number() -> int:
    return secrets.randbelow(10**10)
