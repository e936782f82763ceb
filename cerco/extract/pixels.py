"""Unpack pictures: the right way up, on paper, and no larger than anybody needs to read them.

In:    the bytes of a picture, or one that is open.
Out:   pictures whose pixels are at hand, and arrays of them.
Never: a format beyond those listed, whatever the library could open.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

import numpy as np
import numpy.typing as npt
import pi_heif  # type: ignore[import-untyped]
from PIL import Image, ImageFile

from cerco.extract.source import ReadError
from cerco.extract.text import Why

type Pixels = npt.NDArray[np.uint8]  # height x width x 3, blue first

pi_heif.register_heif_opener(thumbnails=False)
Image.init()  # all formats, now: with a list of formats, the library looks only among those it has loaded
Image.MAX_IMAGE_PIXELS = None  # each picture is asked for its size before it is unpacked, and held to our own limit

FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "JPEG2000", "HEIF", "AVIF")
_DRAWINGS: Final = (b"\x01\x00\x00\x00", b"\xd7\xcd\xc6\x9a")  # EMF and WMF begin so; nobody draws them here
WORKED_ON = 4_000_000  # pixels; a larger picture is shrunk before it is looked at

_COARSE = frozenset({"1", "P", "PA"})  # modes whose pixels cannot be mixed

_ORIENTATION = 0x0112  # Exif 2.32, 4.6.4: how the camera was held
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# What Pillow and its plug-ins raise on a picture that is not what it claims to be.
FAULTS = (
    OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, ArithmeticError, EOFError, AttributeError,
    RuntimeError, struct.error,
)  # fmt: skip


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Open a picture without unpacking it.

    Raises:
        ReadError: nobody knows how, or it is broken from the start.
    """
    if data.startswith(_DRAWINGS):
        raise ReadError(Why.UNKNOWN_FORMAT)
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except FAULTS as fault:
        raise ReadError(Why.MALFORMED) from fault
    with image:
        yield image


def drafted(image: Image.Image) -> tuple[int, int]:
    """Have a JPEG unpacked no larger than it is worked on, if it can be; return the size it is unpacked to."""
    width, height = fitting(image.size)
    # A telephone's twelve million pixels become three, at once, rather than four by way of twelve.
    image.draft("RGB", (max(1, width * 4 // 5), max(1, height * 4 // 5)))
    return image.size


def unpacked(image: Image.Image, data: bytes, number: int) -> tuple[Image.Image | None, bool]:
    """Return the present frame the right way up and as it is worked on, and whether it is whole.

    Viewers show what there is of a torn picture, and so it is looked at.
    """
    try:
        return _shrunk(image), True
    except FAULTS:
        try:
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            with Image.open(BytesIO(data), formats=FORMATS) as again:
                again.seek(number)
                drafted(again)
                return _shrunk(again), False
        except FAULTS:
            return None, False
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


def fitting(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which a picture is worked on."""
    ratio = min(1.0, (WORKED_ON / (size[0] * size[1])) ** 0.5)
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def pixels(image: Image.Image) -> Pixels:
    """Return a picture in blue, green and red."""
    return np.ascontiguousarray(np.asarray(_opaque(image), np.uint8)[:, :, ::-1])


def _shrunk(image: Image.Image) -> Image.Image:
    image.load()
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    size = fitting(image.size)
    small: Image.Image = image
    if size != image.size:
        if image.mode in _COARSE:
            small = image.convert("L" if image.mode == "1" else "RGBA" if "transparency" in image.info else "RGB")
        small = small.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return small.transpose(turn) if turn is not None else small.copy() if small is image else small


def _opaque(image: Image.Image) -> Image.Image:
    """Return a picture in red, green and blue; what lies behind it, where it lets that through, is what sets it off."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float64)
        low, high = float(values.min()), float(values.max())
        return Image.fromarray(((values - low) * (255 / max(high - low, 1e-9))).astype(np.uint8)).convert("RGB")
    if image.mode not in {"RGBA", "LA", "PA", "RGBa", "La"} and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    levels, alpha = np.asarray(layered.convert("L")), np.asarray(layered.getchannel("A"))
    inked = levels[alpha > 127]
    behind = "black" if inked.size and inked.mean() > 127 and (alpha <= 127).any() else "white"
    paper = Image.new("RGB", image.size, behind)
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def miniature(image: Image.Image, side: int) -> npt.NDArray[np.int16]:
    """Return a picture as a few shades of grey, for comparing."""
    return np.asarray(image.convert("L").resize((side, side), Image.Resampling.BOX), np.int16)
