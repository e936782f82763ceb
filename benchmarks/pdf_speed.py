"""How fast PDF files are read: ours, with everything that hangs beside the pages, and pypdf's text, side by side.

Run: .venv/bin/python benchmarks/pdf_speed.py [rounds]

`report` is 10 MB as offices send it: packed text, and a photo on every page that is not looked at here (see
ocr_recall.py for that). `dense` is 10 MB of nothing but text, unpacked: 1,200 pages, the most that 10 MB can hold. One
thread each; rounds alternate. The target is a median of 1 s for 10 MB of the former.
"""

import io
import random
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

import pypdf
from fpdf import FPDF
from PIL import Image

from cerco.extract.read import read
from cerco.extract.text import Limits, Text

TALK = (
    "hotel guest invoice amount total Macau deposit account customer within thirty days of receipt shall notify the "
    "company in writing cliente conta bilhete de identidade pagamento prazo montante recibo"
)
SIZE = 10_000_000
TARGET = 1.0  # seconds


def document(*, packed: bool, photo: int, lines: int) -> bytes:
    """Make a document of about 10 MB: pages of text, each with a photo of `photo` bytes or so, or none."""
    chance = random.Random(1)
    words = TALK.split()
    made = FPDF()
    made.set_compression(packed)
    size = 0
    while size < SIZE:
        made.add_page()
        made.set_font("helvetica", size=9)
        text = [" ".join(chance.choice(words) for _ in range(15)) for _ in range(lines)]
        for line in text:
            made.cell(text=line, new_x="LMARGIN", new_y="NEXT")
        size += sum(map(len, text)) // (3 if packed else 1) + 30 * lines * (not packed)
        if photo:
            side = int((photo * 1.3) ** 0.5)
            noise = Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3))
            out = io.BytesIO()
            noise.save(out, "JPEG", quality=75)
            made.image(io.BytesIO(out.getvalue()), 10, 200, 60)
            size += len(out.getvalue())
    return bytes(made.output())


def ours(data: bytes) -> int:
    """Read everything but pixels; return the number of characters."""
    limits = Limits(pictures=0)
    return sum(len(item.content) for item in read(data, "a.pdf", limits) if isinstance(item, Text))


def theirs(data: bytes) -> int:
    """Read the text of all pages; return the number of characters."""
    return sum(len(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def main(rounds: int) -> int:
    """Print a line for each document; returns 1 where the target is missed."""
    kinds = {
        "report": document(packed=True, photo=80_000, lines=40),
        "dense": document(packed=False, photo=0, lines=60),
    }
    readers: dict[str, Callable[[bytes], int]] = {"cerco": ours, "pypdf": theirs}
    missed = False
    for kind, data in kinds.items():
        times: dict[str, list[float]] = {name: [] for name in readers}
        counts = dict.fromkeys(readers, 0)
        for _ in range(rounds):
            for name, reader in readers.items():
                begin = perf_counter()
                counts[name] = reader(data)
                times[name].append((perf_counter() - begin) * SIZE / len(data))
        mine, other = median(times["cerco"]), median(times["pypdf"])
        missed |= kind == "report" and mine > TARGET
        print(
            f"{kind:<8} {len(data) / 1e6:5.1f} MB  cerco {mine:6.2f} s/10 MB ({counts['cerco']} characters)  "
            f"pypdf {other:6.2f} s/10 MB ({counts['pypdf']})  pypdf/cerco {other / mine:4.1f}"
        )
    print("the target is missed" if missed else "target met")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
