"""Look at a picture: the words in it, codes, and what it says about itself.

In:    the bytes of a picture, or a page that was drawn.
Out:   text in reading order, the content of QR codes and barcodes, machine-readable zones, properties.
Never: a picture called clean that nobody looked at: it is a gap, and why.
"""

import hashlib
import itertools
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageOps

from cerco.extract import mrz, ocr, properties
from cerco.extract.layout import Piece, arrange
from cerco.extract.pixels import FAULTS, Pixels, drafted, miniature, opened, unpacked
from cerco.extract.pixels import pixels as pixels_of
from cerco.extract.source import Item, ReadError, Source
from cerco.extract.text import Text, Unreadable, Why

PICTURE: Final = "picture"  # the step in a place for what can be seen in one
ICON = 24  # pixels; nobody can read what is smaller
_FRAMES = 500  # of a moving picture; more are not even compared
_FRAME, _CHANGED = 96, 10  # pixels of a miniature, and shades of 255 in one of them that make a frame another
_THUMBNAIL, _CROPPED = 32, 48  # the same, for a small picture that shows what the large one does not


def read(source: Source) -> Iterator[Item]:
    """Yield everything a picture says; nothing where the same picture was looked at before in the same file.

    Raises:
        ReadError: it cannot be opened.
    """
    digest = hashlib.sha256(source.data).digest()
    if digest in source.budget.known:
        return
    source.budget.known.add(digest)
    with opened(source.data) as image:
        yield from _properties(image, source)
        small = _thumbnail(image)
        for frame, steps in _frames(image, source):
            if isinstance(frame, Unreadable):
                yield frame
                continue
            if small is not None and _is_shrunk(small, frame):
                small = None
            if min(frame.size) < ICON:
                yield Text(source.place(*steps), "")
            else:
                yield from look(frame, source, *steps)
        if small is not None:
            yield from look(small, source, "thumbnail")


def look(image: Image.Image, source: Source, *steps: str) -> Iterator[Item]:
    """Yield what can be seen in a picture, which stands at `steps` in the source: a text at least, if an empty one."""
    found: list[Item] = []
    try:
        with source.budget.look() as is_over:
            pixels = pixels_of(image)
            found += [Text(source.place(*steps, kind), content) for kind, content in _codes(pixels)]
            lines, complete = ocr.read(pixels, is_over)
            if not complete:
                found.append(source.gap(Why.NOT_READ, *steps))
    except ReadError as limit:
        yield source.gap(limit.why, *steps)
        return
    except FAULTS:
        yield source.gap(Why.MALFORMED, *steps)
        return
    yield from found
    text = arrange([Piece(line.box, line.text) for line in lines])
    yield Text(source.place(*steps), text)
    for document in mrz.find(text):
        yield Text(source.place(*steps, "machine-readable zone"), document.words())


def _properties(image: Image.Image, source: Source) -> Iterator[Item]:
    try:
        unpack = image.width * image.height <= source.budget.limits.pixels
        for name, content in properties.words(image, unpack=unpack):
            yield Text(source.place(f"properties ({name})"), content)
    except FAULTS:
        yield source.gap(Why.MALFORMED, "properties")


def _frames(image: Image.Image, source: Source) -> Iterator[tuple[Image.Image | Unreadable, tuple[str, ...]]]:
    """Yield each page of a scan, and each frame of a moving picture in which something has changed, with its steps."""
    moves = _moves(image)
    if not moves:
        frame, why = _frame(image, source, 0)
        if moves is None:
            why = why or Why.MALFORMED
        image.close()  # its pixels are no longer needed, and looking needs room
        if why is not None:
            yield source.gap(why, PICTURE), (PICTURE,)
        if frame is not None:
            yield frame, (PICTURE,)
        return
    seen: list[npt.NDArray[np.int16]] = []
    pages = image.format == "TIFF"
    for number in _numbers(image):
        steps = (f"{'page' if pages else 'frame'} {number + 1}",)
        if pages:
            source.budget.turn()
        frame, why = (None, Why.TOO_MANY) if number == _FRAMES and not pages else _frame(image, source, number)
        if why is not None:
            yield source.gap(why, *steps), steps
        if why is Why.TOO_MANY:
            return
        if frame is not None and (pages or _is_new(frame, seen)):
            yield frame, steps


def _moves(image: Image.Image) -> bool | None:
    """Tell whether there is more than one frame; None where the second makes no sense."""
    try:
        return bool(getattr(image, "is_animated", False))
    except FAULTS:
        return None


def _numbers(image: Image.Image) -> Iterator[int]:
    """Yield the number of each frame, once the picture stands at it.

    Raises:
        ReadError: nobody can tell whether there are more.
    """
    yield 0
    for number in itertools.count(1):
        try:
            image.seek(number)
        except EOFError:
            return
        except FAULTS as fault:
            raise ReadError(Why.MALFORMED) from fault
        yield number


def _frame(image: Image.Image, source: Source, number: int) -> tuple[Image.Image | None, Why | None]:
    """Return the present frame, and why it is not all of it."""
    width, height = drafted(image) if number == 0 else image.size
    if width * height > source.budget.limits.pixels:
        return None, Why.TOO_LARGE
    frame, whole = unpacked(image, source.data, number)
    return frame, None if whole else Why.MALFORMED


def _is_new(frame: Image.Image, seen: list[npt.NDArray[np.int16]]) -> bool:
    """Tell whether a frame shows what none before it did, and remember it."""
    shades = miniature(frame, _FRAME)
    if any(np.abs(shades - other).max() < _CHANGED for other in seen):
        return False
    seen.append(shades)
    return True


def _codes(pixels: Pixels) -> Iterator[tuple[str, str]]:
    """Yield (what it is called, what it says) of each QR code and barcode."""
    for code in zxingcpp.read_barcodes(pixels, text_mode=zxingcpp.TextMode.Plain):
        if code.text.strip():
            name = str(code.format).rpartition(".")[2].lower().replace(" ", "")
            yield ("QR code" if "qr" in name else "barcode"), code.text


def _thumbnail(image: Image.Image) -> Image.Image | None:
    try:
        if (data := properties.thumbnail(image)) is None:
            return None
        with Image.open(BytesIO(data), formats=("JPEG",)) as small:
            return ImageOps.exif_transpose(small)
    except FAULTS:
        return None


def _is_shrunk(small: Image.Image, image: Image.Image) -> bool:
    """Tell whether the smaller picture shows what the larger does, and no more. Cropping often forgets it."""
    return bool(np.abs(miniature(small, _THUMBNAIL) - miniature(image, _THUMBNAIL)).max() < _CROPPED)
