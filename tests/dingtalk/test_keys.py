import base64

import pytest

from cerco.dingtalk.keys import keys_in, object_key, upload_keys
from cerco.dingtalk.outbound import Key
from cerco.dingtalk.walk import Harvest, Where, walk_json

MEDIA = "iAElAqNmaWxlA6h5dW5kaXNrMATOEjRWeAXNBKMGzQTSB85mAAAACM0D6A"


def packed(*fields: bytes, head: bytes | None = None) -> str:
    """Pack a MessagePack map and write it in base64url without padding, as DingTalk writes it."""
    data = (head or bytes([0x80 | len(fields)])) + b"".join(fields)
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def text(value: str) -> bytes:
    raw = value.encode()
    return (bytes([0xA0 | len(raw)]) if len(raw) < 32 else bytes([0xD9, len(raw)])) + raw


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://zjk.trans.dingtalk.com/yundisk0/a.file?Expires=1", "yundisk0/a.file"),
        ("/yundisk0/a.file", "yundisk0/a.file"),
        ("/yundisk0%2Fa.file?x=/y", "yundisk0/a.file"),
        ("//yundisk0/a.file", "yundisk0/a.file"),
        ("/%E5%AE%A2.txt", "客.txt"),
    ],
)
def test_an_object_has_one_name_however_it_is_addressed(url: str, value: str) -> None:
    assert object_key(url) == Key("object", value)


@pytest.mark.parametrize("url", ["", "/", "https://host", "https://[broken/x", "/" + "x" * 3000])
def test_an_address_without_an_object_has_no_key(url: str) -> None:
    assert object_key(url) is None


@pytest.mark.parametrize(
    "upload_key",
    [
        packed(b"\x05" + text(f"#{MEDIA}")),
        packed(b"\x01\xcd\x01\x02", b"\x02" + text("file"), b"\x05" + text(f"#{MEDIA}")),
        packed(b"\x07\xce\x66\x00\x00\x00", b"\x05" + text(f"#{MEDIA}"), b"\x08\xc0", b"\x09\xff"),
        packed(b"\x05" + text(f"#{MEDIA}"), head=b"\xde\x00\x01"),
    ],
    ids=["alone", "among-others", "between-numbers", "in-a-long-map"],
)
def test_an_upload_key_gives_its_object_away(upload_key: str) -> None:
    assert upload_keys(upload_key) == (Key("upload", upload_key), Key("object", f"yundisk0/{MEDIA}.file"))


@pytest.mark.parametrize(
    "upload_key",
    [
        "k",
        "not base64!",
        packed(b"\x05" + text(MEDIA)),
        packed(b"\x04" + text(f"#{MEDIA}")),
        packed(b"\x05" + text("#客")),
        packed(b"\x05\xd9\xff#short"),
        packed(b"\x05\x92\x01\x02"),
        packed(b"\x05\xa2\xff\xff"),
        packed(b"\x05", head=b"\x81"),
        packed(head=b"\x93"),
    ],
    ids=["word", "no-base64", "no-sign", "field-4", "not-ascii", "cut-short", "list", "not-utf-8", "no-value", "array"],
)
def test_any_other_upload_key_is_only_itself(upload_key: str) -> None:
    assert upload_keys(upload_key) == (Key("upload", upload_key),)


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ('{"spaceId": "7", "dentryId": "42"}', {Key("dentry", "7/42")}),
        ('{"spaceId": 7, "dentryId": 42}', {Key("dentry", "7/42")}),
        (
            '[{"spaceId": "7", "dentryId": "1"}, {"spaceId": "8", "dentryId": "2"}]',
            {Key("dentry", "7/1"), Key("dentry", "8/2")},
        ),
        ('[{"spaceId": "7"}, {"dentryId": "2"}]', set()),
        ('{"extension": {"s_id": "7", "f_id": "42"}}', {Key("dentry", "7/42")}),
        (
            '{"media_id": "@a", "image": {"picURL": "@b"}, "link": {"picUrl": "https://x/c"}}',
            {Key("media", "@a"), Key("media", "@b")},
        ),
        ('{"msgParam": "{\\"mediaId\\": \\"@a\\"}"}', {Key("media", "@a")}),
        ('{"mediaId": ""}', set()),
        ('{"mediaIdVersion": "@a"}', set()),
    ],
)
def test_keys_are_found_in_fields(body: str, keys: set[Key]) -> None:
    harvest = Harvest()
    walk_json(body, Where(), harvest)
    assert set(keys_in([*harvest.leaves, *harvest.numbers])) == keys
