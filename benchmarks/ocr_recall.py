"""How much of what stands in pictures is read: identifiers found on cards, forms and lists, by what befell the picture.

Run: .venv/bin/python benchmarks/ocr_recall.py [LEVEL]...

Sheets and levels are those of tests/data/files/cards.py. An identifier counts as read if all its characters stand in
the text together; spaces do not count. `zone` is the share of machine-readable zones whose check digits all hold.
Beside it, in the same run, tesseract (chi_tra+chi_sim+por+eng, sparse text) where it is installed. One thread each.
The targets are 0.95 of the identifiers on clean pictures and 0.8 on degraded ones.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_THREAD_LIMIT"] = "1"

import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from io import BytesIO
from statistics import mean
from time import perf_counter

from PIL import Image

from cerco.extract import mrz, networks, ocr
from cerco.extract.layout import Piece, arrange
from cerco.extract.pixels import pixels, unpacked
from tests.data.files.cards import LEVELS, SHEETS

CLEAN, DEGRADED = 0.95, 0.8


def ours(picture: Image.Image) -> str:
    """Read it as the gate does."""
    frame, _ = unpacked(picture, b"", 0)
    lines, _ = ocr.read(pixels(frame or picture), lambda: False)
    return arrange([Piece(line.box, line.text) for line in lines])


def tesseract(picture: Image.Image) -> str:
    """Read it as most programs would."""
    out = BytesIO()
    picture.save(out, "PNG")
    command = ("tesseract", "-", "-", "-l", "chi_tra+chi_sim+por+eng", "--psm", "11")
    return subprocess.run(command, input=out.getvalue(), capture_output=True, check=True).stdout.decode()


def normal(text: str) -> str:
    """Return the text without what is only form."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def measure(read: Callable[[Image.Image], str], level: str) -> tuple[float, float, float]:
    """Return (share of identifiers, share of zones, seconds for one picture)."""
    hits: list[bool] = []
    zones: list[bool] = []
    times: list[float] = []
    for sheet in SHEETS:
        picture = LEVELS[level](sheet.picture())
        begin = perf_counter()
        text = read(picture)
        times.append(perf_counter() - begin)
        squeezed = normal(text)
        hits += [normal(number) in squeezed for number in sheet.identifiers]
        if any("<<" in words for *_, words in sheet.words):
            zones.append(any(document.sure for document in mrz.find(text)))
    return mean(hits), mean(zones), mean(times)


def main(levels: list[str]) -> int:
    """Print a line for each level; returns 1 where a target is missed."""
    networks.load()
    readers: dict[str, Callable[[Image.Image], str]] = {"cerco": ours}
    if shutil.which("tesseract"):
        readers["tesseract"] = tesseract
    count = sum(len(sheet.identifiers) for sheet in SHEETS)
    print(f"{count} identifiers on {len(SHEETS)} sheets; recall, zones, seconds for one picture")
    print(f"{'level':<16}" + "".join(f"{name:>24}" for name in readers))
    missed = False
    for level in levels or LEVELS:
        results = {name: measure(read, level) for name, read in readers.items()}
        cells = "".join(f"{recall:>10.2f} {zones:>5.2f} {time:>6.2f}s" for recall, zones, time in results.values())
        missed |= results["cerco"][0] < (CLEAN if level == "clean" else DEGRADED)
        print(f"{level:<16}{cells}")
    print("a target is missed" if missed else "targets met")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
