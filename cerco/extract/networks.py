"""Load the networks that find and read text: PP-OCR, whose models come inside the rapidocr package.

In:    nothing.
Out:   `Networks`, loaded once for the process.
Never: a model other than the ones this was measured with, a download, a thread.
"""

import hashlib
import importlib.resources
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import onnxruntime as ort  # type: ignore[import-untyped]
from rapidocr.ch_ppocr_det import TextDetector
from rapidocr.ch_ppocr_rec import TextRecognizer
from rapidocr.utils.log import logger as _chatter
from rapidocr.utils.typings import EngineType

# SHA-256 of what rapidocr 3.10 ships: PP-OCRv6, small.
FINDS: Final = ("PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f")
READS: Final = ("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884")

HEIGHT: Final = 48  # pixels, of a line as the network that reads sees it
SHORTEST: Final = 320  # pixels, of its width; a shorter line is padded
_MOST = 64  # lines at once; how many there are is the caller's to choose


class ModelError(RuntimeError):
    """A model is missing, or is not the one that was measured."""


class _Settings(dict[str, Any]):
    """What rapidocr's parts take their settings from: a mapping whose entries are attributes as well."""

    __getattr__ = dict.__getitem__


@dataclass(frozen=True, slots=True)
class Networks:
    """The one that finds text, and the one that reads it."""

    finds: TextDetector
    reads: TextRecognizer


@cache
def load() -> Networks:
    """Load the models, once; later calls cost nothing.

    Raises:
        ModelError: a model is missing, or is not the one that was measured.
    """
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
        rec_batch_num=_MOST,
        rec_img_shape=[3, HEIGHT, SHORTEST],
    )
    return Networks(TextDetector(finds), TextRecognizer(reads))


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
