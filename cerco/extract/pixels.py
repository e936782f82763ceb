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
from PIL import Image, ImageFile, ImageOps

from cerco.extract.source import ReadError
from cerco.extract.text import Why

type Pixels = npt.NDArray[np.uint8]  # height x width x 3, blue first

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # each picture is asked for its size before it is unpacked, and held to our own limit

FORMATS: Final = ("PNG", "JPEG", "MPO", "GIF", "WEBP", "BMP", "DIB", "TIFF", "ICO", "JPEG2000", "HEIF", "AVIF", "PPM")
_DRAWINGS: Final = ("WMF",)  # EMF and WMF: recognised, and drawn by nobody here
WORKED_ON = 4_000_000  # pixels; a larger picture is shrunk before it is looked at

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
    try:
        image = Image.open(BytesIO(data), formats=(*FORMATS, *_DRAWINGS))
    except FAULTS as fault:
        raise ReadError(Why.MALFORMED) from fault
    with image:
        if image.format in _DRAWINGS:
            raise ReadError(Why.UNKNOWN_FORMAT)
        yield image


def unpacked(image: Image.Image, data: bytes, number: int) -> tuple[Image.Image | None, bool]:
    """Return the present frame the right way up, and whether it is whole: viewers show what there is of a torn one."""
    try:
        if number == 0:
            image.draft("RGB", _fitting(image.size))
        return ImageOps.exif_transpose(image), True
    except FAULTS:
        try:
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            with Image.open(BytesIO(data), formats=FORMATS) as again:
                again.seek(number)
                return ImageOps.exif_transpose(again), False
        except FAULTS:
            return None, False
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which a picture is worked on."""
    ratio = min(1.0, (WORKED_ON / (size[0] * size[1])) ** 0.5)
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def pixels(image: Image.Image) -> Pixels:
    """Return a picture as it is worked on: not too large, and in blue, green and red."""
    size = _fitting(image.size)
    if size != image.size:
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.ascontiguousarray(np.asarray(_opaque(image), np.uint8)[:, :, ::-1])


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
