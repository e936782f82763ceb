"""What a picture shows and says is read; what is not looked at is said."""

import itertools
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from cerco.extract import ocr, picture
from cerco.extract.read import read
from cerco.extract.text import Limits, Text, Unreadable, Why

NEEDLE = "5123456(7)"


def sheet(text: str = f"ID {NEEDLE}", size: tuple[int, int] = (320, 120)) -> Image.Image:
    drawn = Image.new("RGB", size, "white")
    ImageDraw.Draw(drawn).text((20, 30), text, "black", font_size=36)
    return drawn


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def items(data: bytes, **limits: Any) -> list[Text | Unreadable]:
    return list(read(data, "a.png", Limits(**limits)))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """See nothing, and note what was looked at."""
    seen: list[tuple[int, ...]] = []

    def note(pixels: Any, _is_over: object) -> tuple[list[ocr.Line], bool]:
        seen.append(pixels.shape)
        return [], True

    monkeypatch.setattr(ocr, "read", note)
    return seen


def test_words_stand_at_the_picture() -> None:
    assert items(saved(sheet())) == [Text("a.png > picture", f"ID {NEEDLE}")]


def test_a_site_that_does_not_want_it_is_told_so() -> None:
    found = items(saved(sheet(), pnginfo=None), pictures=0)
    assert found == [Unreadable("a.png > picture", Why.NOT_READ)]


def test_what_it_says_of_itself_is_read_all_the_same() -> None:
    found = items(saved(sheet(), "JPEG", comment=NEEDLE.encode()), pictures=0)
    assert Text("a.png > properties (comment)", NEEDLE) in found


def test_past_the_number_of_pictures_the_rest_is_not_read(looks: list[tuple[int, ...]]) -> None:
    pages = [Image.new("L", (40 + number, 40)) for number in range(4)]
    found = items(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), pictures=2)
    gaps = [item for item in found if isinstance(item, Unreadable)]
    assert gaps == [Unreadable("a.png > page 3", Why.NOT_READ), Unreadable("a.png > page 4", Why.NOT_READ)]
    assert len(looks) == 2


def test_past_the_time_the_rest_is_not_read(looks: list[tuple[int, ...]]) -> None:
    ticks = itertools.count()
    pages = [Image.new("L", (40 + number, 40)) for number in range(4)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    found = list(read(data, "a.tiff", Limits(ocr_seconds=2), lambda: float(next(ticks))))
    assert [item.why for item in found if isinstance(item, Unreadable)] == [Why.NOT_READ] * 2
    assert len(looks) == 2


def test_when_the_time_is_over_half_way_that_is_said() -> None:
    ticks = itertools.count()
    found = list(read(saved(sheet()), "a.png", Limits(ocr_seconds=1), lambda: float(next(ticks))))
    assert Unreadable("a.png > picture", Why.NOT_READ) in found


def test_too_many_pixels_are_not_unpacked(looks: list[tuple[int, ...]]) -> None:
    assert items(saved(Image.new("L", (200, 200))), pixels=30_000) == [Unreadable("a.png > picture", Why.TOO_LARGE)]
    assert looks == []


def test_a_large_photo_is_unpacked_small(looks: list[tuple[int, ...]]) -> None:
    photo = saved(Image.new("RGB", (8000, 6000), "white"), "JPEG", quality=20)
    assert not [item for item in items(photo) if isinstance(item, Unreadable)]
    assert looks == [(1500, 2000, 3)]


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1)], ids=str)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "TIFF"])
def test_a_line_is_no_gap(looks: list[tuple[int, ...]], form: str, size: tuple[int, int]) -> None:
    assert Text("a.png > picture", "") in items(saved(Image.new("RGB", size, "red"), form))
    assert looks == []


def test_an_icon_is_no_gap(looks: list[tuple[int, ...]]) -> None:
    assert items(saved(Image.new("RGB", (picture.ICON - 1, 200)))) == [Text("a.png > picture", "")]
    assert looks == []


def test_the_same_picture_is_looked_at_once(looks: list[tuple[int, ...]]) -> None:
    import zipfile

    out = BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name in ("a.png", "b.png", "c.png"):
            box.writestr(name, saved(sheet("c" if name == "c.png" else "same")))
    list(read(out.getvalue(), "a.zip"))
    assert len(looks) == 2


@pytest.mark.parametrize("form", ["TIFF", "BMP"])
def test_pixels_that_look_like_text_are_pixels(form: str) -> None:
    assert Text("a.png > picture", f"ID {NEEDLE}") in items(saved(sheet(), form))


def test_frames_that_change_nothing_are_looked_at_once(looks: list[tuple[int, ...]]) -> None:
    frames = [sheet("one"), sheet("one"), sheet("two"), sheet("one")]
    frames[1].putpixel((5, 5), (250, 250, 250))
    items(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True))
    assert len(looks) == 2


def test_one_changed_digit_is_another_frame(looks: list[tuple[int, ...]]) -> None:
    frames = [sheet("ID 5123456(7)", (640, 480)), sheet("ID 5123466(7)", (640, 480))]
    items(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True))
    assert len(looks) == 2


def test_pages_of_a_scan_are_all_looked_at(looks: list[tuple[int, ...]]) -> None:
    pages = [sheet("same")] * 3
    items(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert len(looks) == 3


def test_a_thumbnail_of_the_same_is_not_looked_at_again(looks: list[tuple[int, ...]]) -> None:
    from tests.data.files import pictures

    photo = sheet("ID card", (400, 200))
    data = pictures._thumbnail(photo, "ID card no. 1")
    photo_of_it = [item.place for item in items(data)]
    assert "a.png > thumbnail" in photo_of_it
    same = pictures._thumbnail(pictures._sheet("ID card no.\n1", (400, 200)), "ID card no. 1")
    assert "a.png > thumbnail" not in [item.place for item in items(same)]


def test_a_torn_picture_is_looked_at_and_said_to_be_torn() -> None:
    whole = saved(sheet(size=(320, 800)), "JPEG", quality=95)
    found = items(whole[: len(whole) * 4 // 5])
    assert Unreadable("a.png > picture", Why.MALFORMED) in found
    assert [item for item in found if isinstance(item, Text) and NEEDLE in item.content]


def test_a_moving_picture_that_breaks_off_is_looked_at_as_far_as_it_goes() -> None:
    found = items(saved(sheet(), "GIF")[:-1] + b"\x2c" + bytes(9))  # a second frame that ends behind its head
    assert [item.content for item in found if isinstance(item, Text) and NEEDLE in item.content]
    assert {item.why for item in found if isinstance(item, Unreadable)} == {Why.MALFORMED}


def test_a_zone_is_told_in_words() -> None:
    from tests.data.files.cards import SHEETS

    passport = next(sheet for sheet in SHEETS if sheet.name == "passport").picture()
    (told,) = [item for item in items(saved(passport)) if item.place == "a.png > picture > machine-readable zone"]
    assert isinstance(told, Text)
    assert told.content.startswith("passport number: L898902C3\n")
