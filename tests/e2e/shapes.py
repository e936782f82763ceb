"""One webhook message as raw bytes, in shapes well-behaved clients do not use."""

import gzip
import json
from collections.abc import Callable
from urllib.parse import quote

PATH = "/robot/send?access_token=lab"
BULK = "x" * 3_000_000  # over the limit of the test's settings


def _message(text: str) -> bytes:
    return json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()


def _request(body: bytes, *headers: str, method: str = "POST", path: str = PATH) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: oapi.dingtalk.com", "Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def _sized(body: bytes, *headers: str, size: int | None = None) -> bytes:
    return _request(body, f"Content-Length: {len(body) if size is None else size}", *headers)


def _chunked(body: bytes, *headers: str, step: int = 7, trailer: bytes = b"") -> bytes:
    pieces = [body[i : i + step] for i in range(0, len(body), step)]
    coded = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return _request(coded + b"0\r\n" + trailer + b"\r\n", "Transfer-Encoding: chunked", *headers)


SHAPES: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: _sized(_message(text)),
    "gzip": lambda text: _sized(gzip.compress(_message(text)), "Content-Encoding: gzip"),
    "gzip without its header": lambda text: _sized(gzip.compress(_message(text))),
    "gzip twice": lambda text: _sized(gzip.compress(gzip.compress(_message(text))), "Content-Encoding: gzip, gzip"),
    "a coding nobody knows": lambda text: _sized(_message(text), "Content-Encoding: x-lab"),
    "chunked": lambda text: _chunked(_message(text)),
    "content-length too small": lambda text: _sized(_message(text), size=len(_message(text)) // 2),
    "content-length too large": lambda text: _sized(_message(text), size=len(_message(text)) + 50),
    "both lengths": lambda text: _sized(_message(text), "Transfer-Encoding: chunked"),
    "trailer": lambda text: _chunked(_message("ok"), "Trailer: X-Note", trailer=b"X-Note: %s\r\n" % text.encode()),
    "query of a GET": lambda text: _request(b"", method="GET", path=f"/user/search?name={quote(text)}"),
    "truncated JSON": lambda text: _sized(_message(text)[:-3]),
    "another declared type": lambda text: _sized(_message(text), "Content-Type: image/png"),
    "over the limit": lambda text: _sized(_message(text + BULK)),
    "over the limit, chunked": lambda text: _chunked(_message(text + BULK), step=65_536),
    "an upgrade to an unknown protocol": lambda text: _sized(_message(text), "Connection: Upgrade", "Upgrade: lab/1"),
}
