"""How long it takes to read office documents: ours, and the library most people would take, side by side.

Run: .venv/bin/python benchmarks/office_reading.py [rounds]

Made here: a list of customers as Excel writes it (10 MB; shared strings, eight columns, a date and an amount among
them), a report of 130,000 paragraphs and 13,000 tables, a deck of 4,200 slides. Ours yields every text with its place,
also what a program does not show; openpyxl, python-docx and python-pptx are asked for cells, paragraphs, tables and
shapes only. Rounds alternate, so that a busy machine slows all of them; what counts is processor time. The target is a
median of at most one second for 10 MB of a workbook. The report and the deck are nothing but text, which is packed ten
to one, so that a megabyte of them is a thousand pages: their ratios are what to look at.
"""

import random
import sys
from collections.abc import Callable
from io import BytesIO
from statistics import median
from time import process_time

import docx
import openpyxl
import pptx

from cerco.extract.read import read
from cerco.extract.text import Limits, Text
from tests.data.files import excel, ooxml, slides, word

SIZE = 10_000_000  # bytes of a document
TARGET = 1.0  # seconds for each SIZE
LIMITS = Limits(expanded=1 << 30, cells=1 << 24, entries=1 << 17)

NAMES = "陳李張黃何林吳周趙梁"
GIVEN = "大小美英志文明華強國偉詠嘉俊"
STREETS = ("新馬路", "高士德大馬路", "俾利喇街", "北京街", "羅理基博士大馬路")


def name(chance: random.Random) -> str:
    """Return a made-up name."""
    return chance.choice(NAMES) + "".join(chance.choices(GIVEN, k=2))


def address(chance: random.Random) -> str:
    """Return a made-up address."""
    return f"澳門{chance.choice(STREETS)}{chance.randrange(999)}號{chance.randrange(40)}樓{chance.choice('ABCD')}座"


def workbook() -> bytes:
    """Return a list of customers, as Excel writes it."""
    chance = random.Random(1)
    strings: dict[str, int] = {}
    rows = []
    for at in range(2, 170_000):
        texts = (
            name(chance),
            f"user{chance.randrange(10**6)}@example.com",
            address(chance),
            chance.choice(("已付", "未付")),
        )
        shared = [strings.setdefault(text, len(strings)) for text in texts]
        cells = [
            f'<c r="A{at}"><v>{at}</v></c>',
            *(f'<c r="{letter}{at}" t="s"><v>{number}</v></c>' for letter, number in zip("BCDE", shared, strict=True)),
            f'<c r="F{at}"><v>{60_000_000 + chance.randrange(9_999_999)}</v></c>',
            f'<c r="G{at}"><v>{chance.randrange(10**6) / 100}</v></c>',
            f'<c r="H{at}" s="1"><v>{44_000 + chance.randrange(2000)}</v></c>',
        ]
        rows.append(f'<row r="{at}" spans="1:8">{"".join(cells)}</row>')
    table = "".join(f"<si><t>{text}</t></si>" for text in strings)
    part = ooxml.Part(
        "xl/sharedStrings.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
        "sharedStrings",
        f'<sst xmlns="{ooxml.NAMESPACES["x"]}">{table}</sst>'.encode(),
    )
    return excel.book(excel.Sheet("客戶", "".join(rows)), parts=(part,), formats="yyyy-mm-dd")


def document() -> bytes:
    """Return a report: paragraphs of a few runs each, and a table after every tenth."""
    chance = random.Random(2)
    blocks = []
    for at in range(130_000):
        blocks.append(
            word.paragraph(word.run(name(chance), "<w:b/>"), f"住在{address(chance)},", f"編號 {chance.random()}")
        )
        if at % 10 == 0:
            cells = "".join(f"<w:tc>{word.paragraph(name(chance))}</w:tc>" for _ in range(3))
            blocks.append(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
    return word.document(*blocks)


def deck() -> bytes:
    """Return a deck of slides with a few boxes each."""
    chance = random.Random(3)
    made = (
        slides.slide(at, *(slides.box(f"{name(chance)} {address(chance)} {chance.random()}") for _ in range(30)))
        for at in range(1, 4200)
    )
    return slides.show(*made)


def ours(data: bytes) -> int:
    """Return how many characters our reader yields."""
    return sum(len(item.content) for item in read(data, "a", LIMITS) if isinstance(item, Text))


def with_openpyxl(data: bytes) -> int:
    """Return how many characters are in the cells, as openpyxl reads them in its fastest way."""
    book = openpyxl.load_workbook(BytesIO(data), read_only=True)
    return sum(len(str(value)) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value)


def with_docx(data: bytes) -> int:
    """Return how many characters are in paragraphs and tables, as python-docx reads them."""
    made = docx.Document(BytesIO(data))
    size = sum(len(paragraph.text) for paragraph in made.paragraphs)
    return size + sum(len(cell.text) for table in made.tables for row in table.rows for cell in row.cells)


def with_pptx(data: bytes) -> int:
    """Return how many characters are in the shapes, as python-pptx reads them."""
    made = pptx.Presentation(BytesIO(data))
    return sum(len(shape.text_frame.text) for slide in made.slides for shape in slide.shapes if shape.has_text_frame)


BENCHES: tuple[tuple[str, Callable[[], bytes], str, Callable[[bytes], int]], ...] = (
    ("xlsx", workbook, "openpyxl", with_openpyxl),
    ("docx", document, "python-docx", with_docx),
    ("pptx", deck, "python-pptx", with_pptx),
)


def timed(reader: Callable[[bytes], int], data: bytes) -> float:
    """Return the processor time of one reading, in seconds for each SIZE bytes."""
    began = process_time()
    reader(data)
    return (process_time() - began) * SIZE / len(data)


def main(rounds: int) -> bool:
    """Print the table; return whether the target is met."""
    met = True
    print(f"median seconds of processor time for 10 MB, {rounds} rounds")
    print(f"{'format':<8}{'MB':>6}{'ours':>10}{'other':>10}{'ratio':>9}   other library")
    for form, make, library, other in BENCHES:
        data = make()
        own: list[float] = []
        others: list[float] = []
        for _ in range(rounds):
            own.append(timed(ours, data))
            others.append(timed(other, data))
        print(
            f"{form:<8}{len(data) / 1e6:>6.1f}{median(own):>10.2f}{median(others):>10.2f}"
            f"{median(others) / median(own):>8.1f}x   {library}"
        )
        met = met and (median(own) <= TARGET or form != "xlsx")
    print(f"target: at most {TARGET} s for 10 MB of xlsx: {'met' if met else 'missed'}")
    return met


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 3) else 1)
