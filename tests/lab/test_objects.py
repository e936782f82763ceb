from base64 import b64encode, urlsafe_b64decode
from hashlib import md5

import msgpack  # type: ignore[import-untyped]
import pytest
from oss2 import Auth
from oss2.http import Request
from oss2.utils import Crc64

from cerco.lab.objects import ACCESS_KEY, ACCESS_SECRET, ObjectStore, Offer, pack

HOST = "zjk.trans.dingtalk.com"
DATA = b"some bytes"
MD5_OF_DATA = "9D0568469D206C1AEDF1B71F12F474BC"  # by md5sum


def lowered(offer: Offer) -> dict[str, str]:
    return {key.lower(): value for key, value in offer.headers.items()}


def put(
    store: ObjectStore, offer: Offer, data: bytes = DATA, host: str = HOST, more: dict[str, str] | None = None
) -> int:
    headers = lowered(offer) | (more or {})
    return store.handle("PUT", host, offer.object_key, headers, data).status


def test_an_offer_is_good_for_one_put() -> None:
    store = ObjectStore()
    offer = store.offer()
    assert offer.url == f"https://{HOST}/{offer.object_key}"
    assert put(store, offer) == 200
    assert store.objects == {offer.object_key: DATA}


def test_a_dual_stack_name_is_the_same_bucket() -> None:
    store = ObjectStore()
    assert put(store, store.offer(), host="zjk-dualstack.trans.dingtalk.com") == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"content-type": "application/octet-stream"},
        {"x-oss-meta-a": "b"},
        {"x-oss-date": "Mon, 23 Nov 2026 00:00:00 GMT"},
        {"authorization": "OSS a:b"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_changed_headers_break_the_signature(changed: dict[str, str]) -> None:
    store = ObjectStore()
    assert put(store, store.offer(), more=changed) == 403
    assert store.objects == {}


def test_the_body_is_not_signed() -> None:
    store = ObjectStore()
    assert put(store, store.offer(), b"other bytes") == 200


@pytest.mark.parametrize(("body", "status"), [(DATA, 200), (b"edited", 400)], ids=["as sent", "edited on the way"])
def test_oss2_may_have_the_md5_checked(body: bytes, status: int) -> None:
    key = "yundisk0/a.file"
    request = Request("PUT", f"https://{HOST}/{key}", headers={"content-md5": b64encode(md5(DATA).digest()).decode()})  # noqa: S324
    Auth(ACCESS_KEY, ACCESS_SECRET)._sign_request(request, "lippi-space-zjk", key)
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert ObjectStore().handle("PUT", HOST, key, headers, body).status == status


def test_checksums_are_the_ones_oss2_compares() -> None:
    store = ObjectStore()
    offer = store.offer()
    answer = store.handle("PUT", HOST, offer.object_key, lowered(offer), DATA)
    crc = Crc64()
    crc(DATA)
    assert answer.headers["x-oss-hash-crc64ecma"] == str(crc.crc)
    assert answer.headers["ETag"] == f'"{MD5_OF_DATA}"'


def test_an_upload_key_names_its_object() -> None:
    offer = ObjectStore().offer()
    padded = offer.upload_key + "=" * (-len(offer.upload_key) % 4)
    fields = msgpack.unpackb(urlsafe_b64decode(padded), strict_map_key=False)
    assert f"yundisk0/{fields[5].removeprefix('#')}.file" == offer.object_key


def test_pack_is_messagepack() -> None:
    items: dict[int, str | int] = {1: 0, 2: "a" * 31, 3: "b" * 40, 4: 2**40}
    raw = urlsafe_b64decode(pack(items) + "==")
    assert msgpack.unpackb(raw, strict_map_key=False) == items
