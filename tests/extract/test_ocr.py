"""The words in a picture are read whichever way up it is, in time, and by the models that were measured."""

import os
import re
import subprocess
import sys
import unicodedata
from itertools import count, repeat

import numpy as np
import pytest
from PIL import Image

from cerco.extract import ocr
from cerco.extract.layout import Piece, arrange
from tests.data.files.cards import LEVELS, SHEETS, Sheet

BY_NAME = {sheet.name: sheet for sheet in SHEETS}


def read(picture: Image.Image) -> str:
    lines, complete = ocr.read(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]), lambda: False)
    assert complete
    return arrange([Piece(line.box, line.text) for line in lines])


def normal(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_each_sheet_is_read(sheet: Sheet) -> None:
    text = normal(read(sheet.picture()))
    assert [number for number in sheet.identifiers if normal(number) not in text] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("form-zh-hant", "澳門居民身份證號碼"),
        ("form-zh-hans", "证件号码"),
        ("form-pt", "João Conceição da Silva"),
        ("form-pt", "Não há restrições"),
        ("form-en", "Guest Registration"),
        ("chat", "客人陳生要訂兩晚"),
    ],
)
def test_each_language_is_read(name: str, words: str) -> None:
    assert normal(words) in normal(read(BY_NAME[name].picture()))


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_read(level: str) -> None:
    sheet = BY_NAME["form-zh-hant"]
    text = normal(read(LEVELS[level](sheet.picture())))
    assert normal(sheet.identifiers[0]) in text


@pytest.mark.parametrize("level", ["clean", "turned by 90", "turned by 180", "turned by 270", "skewed by -4"])
def test_a_label_stays_with_its_value(level: str) -> None:
    rows = read(LEVELS[level](BY_NAME["form-en"].picture())).split("\n")
    assert [row for row in rows if "Macau ID card no." in row and BY_NAME["form-en"].identifiers[0] in row]


def test_a_table_has_its_columns() -> None:
    rows = read(BY_NAME["customer-list"].picture()).split("\n")
    assert [row.count("\t") for row in rows[1:]] == [3] * 9


def test_small_print_on_a_large_page_is_read() -> None:
    page = Image.new("RGB", (1700, 2300), "white")
    page.paste(BY_NAME["form-en"].picture().resize((420, 302), Image.Resampling.LANCZOS), (60, 1900))
    page.paste(BY_NAME["bank-card"].picture(), (300, 100))
    text = normal(read(page))
    assert normal(BY_NAME["bank-card"].identifiers[0]) in text
    assert normal(BY_NAME["form-en"].identifiers[0]) in text


def test_nothing_is_read_where_there_is_nothing() -> None:
    assert read(Image.new("RGB", (500, 300), "#4477aa")) == ""
    assert read(Image.linear_gradient("L").convert("RGB")) == ""


@pytest.mark.parametrize("size", [(24, 24), (24, 3000), (3000, 24), (33, 31)], ids=str)
def test_any_shape_will_do(size: tuple[int, int]) -> None:
    read(Image.new("RGB", size, "white"))


def test_when_the_time_is_over_what_was_read_is_kept() -> None:
    picture = np.ascontiguousarray(np.asarray(BY_NAME["customer-list"].picture())[:, :, ::-1])
    asked = count()
    lines, complete = ocr.read(picture, lambda: next(asked) >= 2)
    assert not complete
    assert 0 < len(lines) < 37
    answers = repeat(True)
    assert ocr.read(picture, lambda: next(answers)) == ([], False)


def test_a_line_says_nothing_of_itself() -> None:
    line = ocr.Line(((0, 0), (1, 0), (1, 1), (0, 1)), "5123456(7)", 0.9)
    assert "512345" not in repr(line)


def test_no_thread_is_started_and_nothing_is_said() -> None:
    script = (
        "import os, numpy\nfrom cerco.extract import ocr\n"
        "ocr.read(numpy.zeros((100, 100, 3), numpy.uint8), lambda: False)\n"
        "print(len(os.listdir('/proc/self/task')))"
    )
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=alone, check=True)
    assert (done.stdout, done.stderr) == ("1\n", "")
