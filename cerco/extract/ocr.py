"""Read the words in a picture with PP-OCR, whose models come inside the rapidocr package.

In:    pixels, whichever way up they are, and a question that says when the time is over.
Out:   lines, each with where it stands and how sure it is.
Never: a model other than the ones this was measured with, a download, a thread.
"""

import hashlib
import importlib.resources
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort  # type: ignore[import-untyped]
from rapidocr.ch_ppocr_det import TextDetector
from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer
from rapidocr.utils.log import logger as _chatter
from rapidocr.utils.process_img import get_rotate_crop_image
from rapidocr.utils.typings import EngineType

from cerco.extract.layout import Corner
from cerco.extract.pixels import Pixels

type Box = npt.NDArray[np.float32]  # 4 x 2: the corners from the top left on, clockwise, as (x, y) in pixels

# SHA-256 of what rapidocr 3.10 ships: PP-OCRv6, small.
FINDS = ("PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f")
READS = ("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884")

# How much of a picture the network that finds text sees at once, in pixels: its memory grows with that, by about 200
# bytes for each. Text of an A4 page is 8 pixels high then, which is about what it needs.
_GLANCE = 736 * 1024
_SMALL = 640  # pixels; a picture whose shorter side is below is enlarged
_ENLARGED = 3.0  # times at most
_CLOSER = 1.5  # times: a picture so much larger than a glance is also looked at in strips, for the small print
_SEAM = 48  # pixels by which strips overlap: a line that one cuts is whole in the next
_GREY = 127.5  # what the network takes for nothing, and for the distance to white
_BLANK = 24  # of 255: a strip with less between its darkest and its lightest is empty
_STEP = 32  # sides the network takes are multiples of it

_HEIGHT = 48  # pixels, of a line as the network that reads sees it
_BATCH = 6 * 320  # pixels, of width read at once: its memory grows with that
_LONGEST = 3200  # pixels of width; a line that is longer is squeezed
_TALL = 1.5  # times its width: a box so high holds text that runs upwards, or a single narrow character
_SURE = 0.85  # what a line scores that is the right way up
_DOUBTFUL = 0.7  # below, a line is also tried the other way up
_NOISE = 0.4  # below, what was read is no text
_TRIED = 4  # lines that are enough to tell which way up a page is


class ModelError(RuntimeError):
    """A model is missing, or is not the one that was measured."""


@dataclass(frozen=True, slots=True)
class Line:
    """One run of text, where it stands in the picture as it was turned, and how sure the reading is (0 to 1)."""

    box: tuple[Corner, Corner, Corner, Corner] = field(repr=False)
    text: str = field(repr=False)
    score: float


class _Settings(dict[str, Any]):
    """What rapidocr's parts take their settings from: a mapping whose entries are attributes as well."""

    __getattr__ = dict.__getitem__


@dataclass(frozen=True, slots=True)
class _Networks:
    finds: TextDetector
    reads: TextRecognizer


def load() -> None:
    """Load the models, once; later calls cost nothing.

    Raises:
        ModelError: a model is missing, or is not the one that was measured.
    """
    _networks()


@cache
def _networks() -> _Networks:
    _chatter.setLevel("CRITICAL")
    cv2.setNumThreads(1)
    finds = _Settings(
        engine_type=EngineType.ONNXRUNTIME,
        session=_session(*FINDS),
        thresh=0.3,
        box_thresh=0.5,
        max_candidates=1000,
        unclip_ratio=1.6,
        use_dilation=True,
        score_mode="fast",
    )
    reads = _Settings(
        engine_type=EngineType.ONNXRUNTIME,
        session=_session(*READS),
        lang_type="ch",
        font_path=None,
        rec_batch_num=_BATCH,  # batches come in the right size
        rec_img_shape=[3, _HEIGHT, 320],
    )
    return _Networks(TextDetector(finds), TextRecognizer(reads))


def _session(name: str, digest: str) -> ort.InferenceSession:
    try:
        model = (importlib.resources.files("rapidocr") / "models" / name).read_bytes()
    except OSError as fault:
        raise ModelError(f"{name} is missing. Reinstall rapidocr.") from fault
    if hashlib.sha256(model).hexdigest() != digest:
        raise ModelError(f"{name} is not the model that Cerco was measured with. Reinstall the pinned rapidocr.")
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.enable_cpu_mem_arena = False  # what was used for one picture is given back before the next
    options.enable_mem_pattern = False
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def read(picture: Pixels, is_over: Callable[[], bool]) -> tuple[list[Line], bool]:
    """Return the lines in a picture, and whether those are all there are: not if the time was over before.

    Lines stand where they would if the picture were turned the right way up.
    """
    networks = _networks()
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


def _glance(networks: _Networks, picture: Pixels) -> tuple[Sequence[Box], float]:
    """Find text in the whole picture; return also by how much that was shrunk (below 1) or enlarged for it."""
    height, width = picture.shape[:2]
    fits = (_GLANCE / (height * width)) ** 0.5
    ratio = min(fits, max(1.0, min(_ENLARGED, _SMALL / min(height, width))))
    return _find(networks, picture, ratio), ratio


def _find(networks: _Networks, picture: Pixels, ratio: float) -> list[Box]:
    height, width = picture.shape[:2]
    size = tuple(max(_STEP, round(side * ratio / _STEP) * _STEP) for side in (width, height))
    shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC)
    # As the package's own detector does, but without going by way of numbers of twice the size.
    levels = np.ascontiguousarray(shrunk.transpose(2, 0, 1)[np.newaxis]).astype(np.float32)
    levels -= _GREY
    levels /= _GREY
    found, _ = networks.finds.postprocess_op(networks.finds.session(levels), size[::-1])
    scale = np.array([width / size[0], height / size[1]], np.float32)
    return [np.asarray(box, np.float32) * scale for box in found]


def _strips(networks: _Networks, picture: Pixels) -> Iterator[list[Box]]:
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


def _is_upside_down(networks: _Networks, picture: Pixels, boxes: Sequence[Box]) -> bool:
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
    return max(320.0, width * _HEIGHT / max(height, 1.0))


def _lines(networks: _Networks, picture: Pixels, boxes: Sequence[Box]) -> Iterator[Line]:
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


def _recognise(networks: _Networks, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
    if not crops:
        return []
    read = networks.reads(TextRecInput(img=list(crops)))
    return list(zip(read.txts or (), read.scores, strict=True))


def _crop(picture: Pixels, box: Box) -> Pixels:
    """Cut a line out and set it straight."""
    crop: Pixels = get_rotate_crop_image(picture, box.astype(np.float32))
    height, width = crop.shape[:2]
    if width * _HEIGHT > _LONGEST * height:
        crop = np.asarray(cv2.resize(crop, (max(1, _LONGEST * height // _HEIGHT), height)), np.uint8)
    return crop


def _turned(crop: Pixels) -> Pixels:
    return np.ascontiguousarray(np.rot90(crop, 2))
