"""Read the words in a picture.

In:    pixels, whichever way up they are, and a question that says when the time is over.
Out:   lines, each with where it stands and how sure it is.
Never: more at once than there is memory for.
"""

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt
from rapidocr.ch_ppocr_rec import TextRecInput
from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError
from rapidocr.utils.process_img import get_rotate_crop_image

from cerco.extract.layout import Corner
from cerco.extract.networks import HEIGHT, SHORTEST, Networks, load
from cerco.extract.pixels import Pixels
from cerco.extract.source import ReadError
from cerco.extract.text import Why

type Box = npt.NDArray[np.float32]  # 4 x 2: the corners from the top left on, clockwise, as (x, y) in pixels

_give_back = getattr(ctypes.CDLL(None), "malloc_trim", lambda _: 0)  # of glibc

# How much of a picture the network that finds text sees at once, in pixels: its memory grows with that, by about 200
# bytes for each. Text of an A4 page is 8 pixels high then, which is about what it needs.
_GLANCE = 640 * 896
_SMALL = 640  # pixels; a picture whose shorter side is below is enlarged
_ENLARGED = 3.0  # times at most
_CLOSER = 1.5  # times: a picture so much larger than a glance is also looked at in strips, for the small print
_SEAM = 48  # pixels by which strips overlap: a line that one cuts is whole in the next
_GREY = 127.5  # what the network takes for nothing, and for the distance to white
_BLANK = 24  # of 255: a strip with less between its darkest and its lightest is empty
_STEP = 32  # sides the network takes are multiples of it

_BATCH = 6 * SHORTEST  # pixels, of width read at once: its memory grows with that
_LONGEST = 3200  # pixels of width; a line that is longer is squeezed
_TALL = 1.5  # times its width: a box so high holds text that runs upwards, or a single narrow character
_SURE = 0.85  # what a line scores that is the right way up
_DOUBTFUL = 0.7  # below, a line is also tried the other way up
_NOISE = 0.4  # below, what was read is no text
_TRIED = 4  # lines that are enough to tell which way up a page is


@dataclass(frozen=True, slots=True)
class Line:
    """One run of text, where it stands in the picture as it was turned, and how sure the reading is (0 to 1)."""

    box: tuple[Corner, Corner, Corner, Corner] = field(repr=False)
    text: str = field(repr=False)
    score: float


def read(picture: Pixels, is_over: Callable[[], bool]) -> tuple[list[Line], bool]:
    """Return the lines in a picture, and whether those are all there are: not if the time was over before.

    Lines stand where they would if the picture were turned the right way up.

    Raises:
        ReadError: there was not enough memory for it.
    """
    try:
        return _read(load(), picture, is_over)
    except (ONNXRuntimeError, cv2.error):
        raise ReadError(Why.TOO_LARGE) from None  # their own texts are long, and of no use to anybody


def _read(networks: Networks, picture: Pixels, is_over: Callable[[], bool]) -> tuple[list[Line], bool]:
    boxes, ratio = _glance(networks, picture)
    if len(boxes) and _runs_upwards(boxes):
        picture, boxes = _quarter_turn(picture, boxes)
    if len(boxes) and _is_upside_down(networks, picture, boxes):
        picture, boxes = _half_turn(picture, boxes)
    complete = True
    if ratio * _CLOSER < 1.0:
        for more in _strips(networks, picture):
            if is_over():
                complete = False
                break
            boxes = _with_new(boxes, more)
    lines: list[Line] = []
    for some in _batches(boxes):
        if is_over():
            return lines, False
        lines += _lines(networks, picture, some)
    return lines, complete


def _glance(networks: Networks, picture: Pixels) -> tuple[Sequence[Box], float]:
    """Find text in the whole picture; return also by how much that was shrunk (below 1) or enlarged for it."""
    height, width = picture.shape[:2]
    fits = (_GLANCE / (height * width)) ** 0.5
    ratio = min(fits, max(1.0, min(_ENLARGED, _SMALL / min(height, width))))
    return _find(networks, picture, ratio), ratio


def _find(networks: Networks, picture: Pixels, ratio: float) -> list[Box]:
    height, width = picture.shape[:2]
    size = tuple(max(_STEP, round(side * ratio / _STEP) * _STEP) for side in (width, height))
    shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC)
    # As the package's own detector does, but without going by way of numbers of twice the size.
    levels = np.ascontiguousarray(shrunk.transpose(2, 0, 1)[np.newaxis]).astype(np.float32)
    levels -= _GREY
    levels /= _GREY
    found, _ = networks.finds.postprocess_op(networks.finds.session(levels), size[::-1])
    _give_back(0)  # what was used between its layers; else the next piece would find no hole of its size, and grow
    scale = np.array([width / size[0], height / size[1]], np.float32)
    return [np.asarray(box, np.float32) * scale for box in found]


def _strips(networks: Networks, picture: Pixels) -> Iterator[list[Box]]:
    """Find text in one horizontal strip after the other, at full size."""
    height, width = picture.shape[:2]
    tall = max(_STEP * 4, _GLANCE // width)
    top = 0
    while top < height:
        strip = picture[top : top + tall]
        if min(strip.shape[:2]) >= _STEP and int(strip.max()) - int(strip.min()) > _BLANK:
            whole = []
            for box in _find(networks, strip, 1.0):
                cut = (top > 0 and box[:, 1].min() < 2) or (top + tall < height and box[:, 1].max() > tall - 3)
                if not cut:
                    whole.append(box + np.array([0, top], np.float32))
            yield whole
        top += tall - _SEAM


def _with_new(boxes: Sequence[Box], more: Sequence[Box]) -> list[Box]:
    """Add those boxes whose middle is in none of the others."""
    known = list(boxes)
    for box in more:
        middle = tuple(map(float, box.mean(axis=0)))
        if not any(cv2.pointPolygonTest(other, middle, False) >= 0 for other in known):
            known.append(box)
    return known


def _size(box: Box) -> tuple[float, float]:
    return float(np.linalg.norm(box[0] - box[1])), float(np.linalg.norm(box[0] - box[3]))


def _runs_upwards(boxes: Sequence[Box]) -> bool:
    """Tell whether most of the text stands on its side, by length: a page was scanned or a photo taken that way."""
    sizes = [_size(box) for box in boxes]
    upwards = sum(height for width, height in sizes if height > _TALL * width)
    along = sum(width for width, height in sizes if width > _TALL * height)
    return upwards > along


def _quarter_turn(picture: Pixels, boxes: Sequence[Box]) -> tuple[Pixels, list[Box]]:
    """Turn everything counter-clockwise."""
    width = picture.shape[1]
    turned = [np.stack([box[:, 1], width - 1 - box[:, 0]], axis=1)[[1, 2, 3, 0]] for box in boxes]
    return np.ascontiguousarray(np.rot90(picture)), turned


def _half_turn(picture: Pixels, boxes: Sequence[Box]) -> tuple[Pixels, list[Box]]:
    height, width = picture.shape[:2]
    turned = [(np.array([width - 1, height - 1], np.float32) - box)[[2, 3, 0, 1]] for box in boxes]
    return np.ascontiguousarray(np.rot90(picture, 2)), turned


def _is_upside_down(networks: Networks, picture: Pixels, boxes: Sequence[Box]) -> bool:
    """Read a few long lines; if they make no sense, read them the other way up, and say which is better."""
    longest = sorted(boxes, key=lambda box: -_size(box)[0])[:_TRIED]
    crops = [_crop(picture, box) for box in longest]
    upright = _mean(score for _, score in _recognise(networks, crops))
    if upright >= _SURE:
        return False
    turned = _mean(score for _, score in _recognise(networks, [_turned(crop) for crop in crops]))
    return turned > upright


def _mean(scores: Iterable[float]) -> float:
    listed = list(scores)
    return sum(listed) / len(listed) if listed else 0.0


def _batches(boxes: Sequence[Box]) -> Iterator[list[Box]]:
    """Yield boxes of about the same length, as many as are read at once."""
    batch: list[Box] = []
    for box in sorted(boxes, key=_length):
        if batch and _length(box) * (len(batch) + 1) > _BATCH:
            yield batch
            batch = []
        batch.append(box)
    if batch:
        yield batch


def _length(box: Box) -> float:
    """Return how wide a line is as the network that reads sees it."""
    width, height = sorted(_size(box), reverse=True)
    return max(float(SHORTEST), width * HEIGHT / max(height, 1.0))


def _lines(networks: Networks, picture: Pixels, boxes: Sequence[Box]) -> Iterator[Line]:
    """Read some lines; those that make little sense also the other ways up."""
    crops = [_crop(picture, box) for box in boxes]
    for box, crop, (text, score) in zip(boxes, crops, _recognise(networks, crops), strict=True):
        best = (score, text)
        if score < _DOUBTFUL:
            others = [_turned(crop)]
            if _size(box)[1] >= _TALL * _size(box)[0]:
                others.append(np.ascontiguousarray(np.rot90(crop, -1)))  # a single narrow character
            best = max([best, *((sure, other) for other, sure in _recognise(networks, others))])
        if best[0] >= _NOISE and best[1].strip():
            first, second, third, fourth = ((float(x), float(y)) for x, y in box)
            yield Line((first, second, third, fourth), best[1], best[0])


def _recognise(networks: Networks, crops: Iterable[Pixels]) -> Iterator[tuple[str, float]]:
    """Yield what each line says, and how sure that is."""
    batch: list[Pixels] = []
    widest = 0.0
    for crop in crops:
        width = max(float(SHORTEST), crop.shape[1] * HEIGHT / crop.shape[0])
        if batch and max(widest, width) * (len(batch) + 1) > _BATCH:
            yield from _recognised(networks, batch)
            batch, widest = [], 0.0
        batch.append(crop)
        widest = max(widest, width)
    if batch:
        yield from _recognised(networks, batch)


def _recognised(networks: Networks, batch: list[Pixels]) -> Iterator[tuple[str, float]]:
    read = networks.reads(TextRecInput(img=batch))
    return zip(read.txts or (), read.scores, strict=True)


def _crop(picture: Pixels, box: Box) -> Pixels:
    """Cut a line out and set it straight."""
    crop: Pixels = get_rotate_crop_image(picture, box.astype(np.float32))
    height, width = crop.shape[:2]
    if width * HEIGHT > _LONGEST * height:
        crop = np.asarray(cv2.resize(crop, (max(1, _LONGEST * height // HEIGHT), height)), np.uint8)
    return crop


def _turned(crop: Pixels) -> Pixels:
    return np.ascontiguousarray(np.rot90(crop, 2))
