"""The object store's ways to take a file in parts: multipart uploads, appends, and HTML forms.

In:    a request whose signature holds; for forms, the form.
Out:   OSS's own answers, and objects in the store once they are whole.
Never: an upload put together from parts it was not told of, or with another checksum than it was told.
"""

import base64
import email.parser
import email.policy
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field

type Facts = Callable[[bytes], dict[str, str]]

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LISTED = re.compile(r"<Part>\s*<PartNumber>(\d+)</PartNumber>\s*<ETag>(?:\"|&quot;)?([0-9A-Fa-f]+)", re.DOTALL)


class WrongError(Exception):
    """The store refuses: status, code and message, as OSS words them."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(slots=True)
class Uploads:
    """Multipart uploads under way, by upload id; `objects` is the store they end up in."""

    objects: MutableMapping[str, bytes] = field(repr=False)
    _parts: dict[str, tuple[str, dict[int, bytes]]] = field(default_factory=dict, repr=False)

    def handle(
        self, method: str, key: str, query: Mapping[str, str], body: bytes, facts: Facts
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer one request about an upload in parts with status, headers and body.

        Raises:
            WrongError: the store refuses it.
        """
        if method == "POST" and "append" in query:
            return self._append(key, query, body, facts)
        if method == "POST" and "uploads" in query:
            upload = self._begin(key)
            return self._said("InitiateMultipartUploadResult", f"<Key>{key}</Key><UploadId>{upload}</UploadId>", facts)
        upload = query.get("uploadId", "")
        wanted, parts = self._parts.get(upload, ("", {}))
        if wanted != key:
            raise WrongError(404, "NoSuchUpload", "The specified upload does not exist.")
        match method:
            case "PUT":
                parts[int(query["partNumber"])] = body
                return 200, facts(body), b""
            case "GET":
                return self._said("ListPartsResult", _list(key, upload, parts, query), facts)
            case "DELETE":
                del self._parts[upload]
                return 204, facts(b""), b""
            case _:
                return self._complete(key, upload, body, facts)

    def begun(self, key: str) -> str:
        """Return the id of the upload to an object that DingTalk itself has begun; begin it if it has not."""
        return next((upload for upload, (wanted, _) in self._parts.items() if wanted == key), None) or self._begin(key)

    def finish(self, key: str) -> None:
        """Put together whatever parts of an object there are, as DingTalk does at the commit."""
        for upload, (wanted, parts) in list(self._parts.items()):
            if wanted == key and parts:
                del self._parts[upload]
                self.objects[key] = b"".join(data for _, data in sorted(parts.items()))

    def _begin(self, key: str) -> str:
        upload = secrets.token_hex(16).upper()
        self._parts[upload] = (key, {})
        return upload

    def _complete(self, key: str, upload: str, body: bytes, facts: Facts) -> tuple[int, dict[str, str], bytes]:
        parts = self._parts[upload][1]
        listed = [(int(number), etag.upper()) for number, etag in _LISTED.findall(body.decode())]
        if not listed or any(_etag(parts.get(number)) != etag for number, etag in listed):
            raise WrongError(400, "InvalidPart", "One or more of the specified parts could not be found.")
        if listed != sorted(listed):
            raise WrongError(400, "InvalidPartOrder", "The list of parts was not in ascending order.")
        del self._parts[upload]
        self.objects[key] = b"".join(parts[number] for number, _ in listed)
        status, headers, said = self._said("CompleteMultipartUploadResult", f"<Key>{key}</Key>", facts)
        return status, headers | {"x-oss-hash-crc64ecma": facts(self.objects[key])["x-oss-hash-crc64ecma"]}, said

    def _append(
        self, key: str, query: Mapping[str, str], body: bytes, facts: Facts
    ) -> tuple[int, dict[str, str], bytes]:
        held = self.objects.get(key, b"")
        if query.get("position") != str(len(held)):
            raise WrongError(409, "PositionNotEqualToLength", "Position is not equal to file length")
        self.objects[key] = held + body
        told = facts(self.objects[key]) | {"x-oss-next-append-position": str(len(self.objects[key]))}
        return 200, told, b""

    @staticmethod
    def _said(root: str, inside: str, facts: Facts) -> tuple[int, dict[str, str], bytes]:
        body = f"{_XML}<{root}>{inside}</{root}>".encode()
        return 200, {"x-oss-request-id": facts(b"")["x-oss-request-id"], "Content-Type": "application/xml"}, body


def posted(content_type: str, body: bytes, secret: str) -> tuple[str, bytes]:
    """Take a file from a form that a browser posts: its key and its bytes.

    Raises:
        WrongError: the form's policy is not signed, or a field is missing.
    """
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    parts = {str(part.get_param("name", header="content-disposition")): part for part in form.iter_parts()}
    if not {"key", "policy", "Signature", "file"} <= parts.keys():
        raise WrongError(400, "InvalidArgument", "a field of the form is missing")
    said = {name: part.get_payload(decode=True) for name, part in parts.items()}
    policy, signature, key, data = (said[name] for name in ("policy", "Signature", "key", "file"))
    if not (isinstance(policy, bytes) and isinstance(signature, bytes) and isinstance(key, bytes)):
        raise WrongError(400, "InvalidArgument", "a field of the form holds a form")
    expected = base64.b64encode(hmac.new(secret.encode(), policy, hashlib.sha1).digest())
    if not hmac.compare_digest(signature.strip(), expected):
        raise WrongError(403, "SignatureDoesNotMatch", "The request signature does not match the one calculated.")
    filename = parts["file"].get_filename() or ""
    return key.decode().replace("${filename}", filename), data if isinstance(data, bytes) else b""


def _list(key: str, upload: str, parts: Mapping[int, bytes], query: Mapping[str, str]) -> str:
    after = int(query.get("part-number-marker") or 0)
    listed = "".join(
        f"<Part><PartNumber>{number}</PartNumber><LastModified>2026-11-03T02:00:00.000Z</LastModified>"
        f'<ETag>"{_etag(data)}"</ETag><Size>{len(data)}</Size></Part>'
        for number, data in sorted(parts.items())
        if number > after
    )
    head = f"<Key>{key}</Key><UploadId>{upload}</UploadId><IsTruncated>false</IsTruncated>"
    return f"{head}<NextPartNumberMarker>{max(parts, default=0)}</NextPartNumberMarker>{listed}"


def _etag(data: bytes | None) -> str:
    return "" if data is None else hashlib.md5(data).hexdigest().upper()
