"""Read from DingTalk's replies under which names it will know an upload from now on.

In:    a request and the reply to it.
Out:   the keys that name that one upload; the hosts it will go to, and where they stand.
Never: keys of several uploads in one answer; linking them would carry one file's verdict over to another.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from cerco.dingtalk.body import open_body, readings
from cerco.dingtalk.keys import dentry_key, keys_in, last_name, object_key, upload_keys
from cerco.dingtalk.outbound import Key, Reply, Wire
from cerco.dingtalk.scope import Scope
from cerco.dingtalk.walk import Harvest, Leaf, Where, walk_json

# Replies that hand out keys are a few kilobytes; thirty signed part addresses make about twenty.
REPLY = 4 * 1024 * 1024

_UPLOAD = re.compile(r"upload|ossServices", re.IGNORECASE)
_STORAGE_COMMIT = re.compile(r"/v1\.0/storage/spaces/([^/]+)/files/commit/?|/v2\.0/storage/spaces/files/[^/]+/commit/?")
_DRIVE = re.compile(r"/v1\.0/drive/spaces/[^/]+/files(?:/[^/]+/uploadInfos)?/?")
# Fields that hold the address to put the bytes to.
_ADDRESSES = frozenset(
    {"resourceUrls", "internalResourceUrls", "resourceUrl", "uploadUrl", "uploadUrls", "upload_url", "storagePath"}
)
# What DingTalk calls the places of its stores (its documentation of `preferRegion`), and ours for them.
_REGIONS = {
    "ZHANGJIAKOU": "mainland",
    "SHANGHAI": "mainland",
    "SHENZHEN": "mainland",
    "HANGZHOU": "mainland",
    "BEIJING": "mainland",
    "SINGAPORE": "singapore",
}
_ENDPOINTS = frozenset({"endPoint", "endpoint"})


def wants(wire: Wire) -> bool:
    """Tell cheaply whether the reply to this request may hand out keys; if not, it need not be held to be read."""
    if wire.method == "WEBSOCKET":
        return b"/FileUpload/" in wire.body or b'"/up/' in wire.body
    if wire.method not in {"GET", "POST", "PUT"}:
        return False
    path = wire.path.partition("?")[0]
    if path.startswith("/server/"):  # the gateway for AI agents names the call in the body
        return _UPLOAD.search(wire.body.decode("latin-1")) is not None if len(wire.body) <= REPLY else False
    if _STORAGE_COMMIT.fullmatch(path) or _DRIVE.fullmatch(path):
        return True
    return _UPLOAD.search(path) is not None


def learn(wire: Wire, reply: Reply) -> tuple[Key, ...]:
    """Return the keys of the one upload that request and reply are about; () where there is none, or several.

    For web chat the reply is the frame that answers, its status the frame's code.
    """
    if not (200 <= reply.status < 300 and wants(wire)):
        return ()
    given = _given(reply)
    if next((leaf.text for leaf in given if last_name(leaf) == "errcode"), "0") not in {"0", ""}:
        return ()
    path = wire.path.partition("?")[0]
    asked = _leaves(wire.body, wire.header("Content-Encoding"))
    keys = [
        *_uploads(asked),
        *_uploads(given),
        *_addresses(given),
        *keys_in(given, media_is_object=_DRIVE.fullmatch(path) is not None),
        *_committed(path, given),
    ]
    return tuple(dict.fromkeys(keys)) if _one_upload(keys, frame=wire.method == "WEBSOCKET") else ()


def learn_hosts(wire: Wire, reply: Reply) -> tuple[str, ...]:
    """Return the hosts that a reply names as those to put the bytes of an upload to, DingTalk's own and others."""
    return tuple(dict.fromkeys(host for host, _ in _homes(wire, reply)))


def learn_regions(wire: Wire, reply: Reply, scope: Scope) -> dict[str, str]:
    """Return the region of each host that `learn_hosts` finds, where the reply or the host's name tells.

    A host that neither `scope` nor the reply can place belongs to whoever pays for it: "enterprise".
    """
    found = dict[str, str]()
    for host, told in _homes(wire, reply):
        region = _REGIONS.get((told or "").upper(), scope.region(host))
        if region != "unknown" or not scope.covers(host):
            found[host] = region if region != "unknown" else "enterprise"
    return found


def _homes(wire: Wire, reply: Reply) -> Iterator[tuple[str, str | None]]:
    """Yield the hosts of upload addresses, each with the region that stands beside it in the reply."""
    if not (200 <= reply.status < 300 and wants(wire)):
        return
    leaves = _given(reply)
    for leaf in leaves:
        parent = leaf.where.name.rpartition(".")[0]
        beside = {last_name(other): other.text for other in leaves if other.where.name.rpartition(".")[0] == parent}
        if last_name(leaf) in _ADDRESSES and "://" in leaf.text:
            host = _host(leaf.text)
        elif last_name(leaf) in _ENDPOINTS:
            bucket = beside.get("bucket")
            host = _host(leaf.text if "://" in leaf.text else f"https://{leaf.text}")
            host = f"{bucket.lower()}.{host}" if host and bucket and not host.startswith(f"{bucket.lower()}.") else host
        else:
            continue
        if host:
            yield host, beside.get("region")


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.rstrip(".") if host else None


def _one_upload(keys: Sequence[Key], *, frame: bool) -> bool:
    """Tell whether keys belong together: one uploadKey may have several addresses, else one name of a kind.

    In web chat a finished upload has two media ids, one before and one after it was authorised.
    """
    names = {kind: len({key.value for key in keys if key.kind == kind}) for kind in ("upload", "object", "media")}
    return names["upload"] <= 1 and (names["object"] <= 1 or names["upload"] == 1) and (names["media"] <= 1 or frame)


def _uploads(leaves: Sequence[Leaf]) -> list[Key]:
    return [key for leaf in leaves if last_name(leaf) == "uploadKey" for key in upload_keys(leaf.text)]


def _addresses(leaves: Sequence[Leaf]) -> list[Key]:
    found = (object_key(leaf.text) for leaf in leaves if last_name(leaf) in _ADDRESSES)
    return [key for key in found if key]


def _committed(path: str, leaves: Sequence[Leaf]) -> list[Key]:
    """Return the names of the drive file that a commit made: its uuid, and its id within its space."""
    match = _STORAGE_COMMIT.fullmatch(path)
    if match is None:
        return []
    fields = {leaf.where.name: leaf.text for leaf in leaves}
    space = fields.get("dentry.spaceId") or match[1]
    ids = [dentry_key(space, fields["dentry.id"])] if space and "dentry.id" in fields else []
    return [*ids, *([Key("dentry", fields["dentry.uuid"])] if "dentry.uuid" in fields else [])]


def _given(reply: Reply) -> list[Leaf]:
    events = "event-stream" in (_header(reply, "Content-Type") or "")
    return _leaves(reply.body, _header(reply, "Content-Encoding"), events=events)


def _leaves(body: bytes, encoding: str | None, *, events: bool = False) -> list[Leaf]:
    """Walk a JSON body, or the data lines of a stream of events."""
    opened = open_body(body, encoding, REPLY)
    harvest = Harvest()
    if opened.whole:
        text = readings(opened.data).text
        for piece in (line.removeprefix("data:") for line in text.splitlines()) if events else (text,):
            walk_json(piece, Where(), harvest)
    return [*harvest.leaves, *harvest.numbers]


def _header(reply: Reply, name: str) -> str | None:
    return next((value for key, value in reply.headers if key.lower() == name.lower()), None)
