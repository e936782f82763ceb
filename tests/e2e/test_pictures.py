"""Photos from a real client through a real gate: an identity card and a QR code are read, a clean picture arrives."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
import zxingcpp
from PIL import Image

from cerco.lab.clients import Sent
from cerco.lab.payloads import Kind
from tests.data.files import pictures
from tests.data.files.cards import LEVELS, SHEETS
from tests.data.files.planting import card
from tests.e2e.world import World

CODED = card("pictures", "QR code on a photo")
CARD = next(sheet for sheet in SHEETS if sheet.name == "resident-card")
CLIENTS = {"drive upload": "storage", "media upload": "media_upload"}


def photo() -> bytes:
    """Return what a telephone makes of a card with a QR code beside it, on a table."""
    drawn = zxingcpp.create_barcode(f"https://example.com/guest?id={CODED}", zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(np.pad(np.array(drawn.to_image(scale=5)), 20, constant_values=255)).convert("RGB")
    front = CARD.picture()
    table = Image.new("RGB", (front.width + code.width + 180, max(front.height, code.height) + 120), "#8a7a66")
    table.paste(front, (60, 60))
    table.paste(code, (front.width + 120, 60))
    LEVELS["skewed by 4"](table).save(out := BytesIO(), "JPEG", quality=85)
    return out.getvalue()


def clean() -> bytes:
    (picture,) = (made.data for made in pictures.clean() if made.name == "menu.png")
    return picture


PICTURES = {"photo.jpg": photo, "menu.png": clean}


@cache
def sent(world: World, folder: Path) -> dict[tuple[str, str], Sent]:
    """Send each picture with each client."""
    calls: dict[tuple[str, str], dict[str, Any]] = {}
    for name, make in PICTURES.items():
        (folder / name).write_bytes(make())
        for client, call in CLIENTS.items():
            sending = {"call": call, "kind": Kind.CLEAN, "seed": f"{client} {name}", "file": str(folder / name)}
            calls[client, name] = sending
    return dict(zip(calls, world.drive(list(calls.values())), strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


def arrived(world: World, data: bytes) -> int:
    """Return how often the origin got these bytes."""
    return sum(data in entry.body for entry in world.entries())


def test_a_photo_of_a_card_never_arrives(regular_world: World, folder: Path) -> None:
    seen = sent(regular_world, folder)
    assert not any(seen[client, "photo.jpg"].ok for client in CLIENTS)
    assert arrived(regular_world, (folder / "photo.jpg").read_bytes()) == 0


def test_the_notice_says_where_the_numbers_are(regular_world: World, folder: Path) -> None:
    record = regular_world.record(sent(regular_world, folder)["drive upload", "photo.jpg"].error)
    assert record is not None
    assert record["action"] == "blocked"
    found = [finding for finding in record["verdict"]["findings"] if finding["rule"] == "macau-id-card"]
    assert len({finding["fingerprint"] for finding in found}) == 2
    assert any(finding["place"].endswith("> picture") for finding in found)
    assert any("QR code" in finding["place"] for finding in found)
    proxy = f"http://127.0.0.1:{regular_world.proxy.port}"
    address = f"http://notice.cerco.internal/{record['reference']}?lang=en"
    page = requests.get(address, proxies={"http": proxy}, timeout=30).text
    assert "› picture" in page
    assert "QR code" in page
    for number in (*CARD.identifiers, CODED):
        assert number not in page
        assert number not in str(record)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_clean_picture_arrives_as_it_was_sent(regular_world: World, folder: Path, client: str) -> None:
    seen = sent(regular_world, folder)
    assert seen[client, "menu.png"].ok, seen
    assert arrived(regular_world, clean()) == len(CLIENTS)
