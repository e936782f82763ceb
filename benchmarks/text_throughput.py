"""How much text one core reads: our detector, stock Presidio, and bare Hyperscan with our patterns, side by side.

Run: .venv/bin/python benchmarks/text_throughput.py [megabytes] [rounds]      needs: pip install --group bench

Clean text is what offices write, in four languages; office text is the same with dates, amounts and references in one
sentence of fifteen, each of which has to be looked at; dense text is the positives of mo-pii-bench end to end; manuals
are what clean_corpora.py keeps, where it has run. The target is for clean text, since most of what passes is. All
are read in documents of 64 KiB, on one thread; a figure is MB (10^6 UTF-8 bytes) for a second of CPU time. Rounds
alternate between the engines, so that a busy machine slows all of them; the ratios are what can be compared between
machines.

`hyperscan` looks for SHAPES, the published forms of the identifiers, and for the words that the bench names them by,
and does nothing with what it finds: the ceiling for a design that looks at every byte for things of this kind.
`presidio` is Presidio's engine with the recognisers it comes with, without language processing, which alone would read
some 0.05 MB/s.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Final

import hyperscan

from cerco.bench.engines import stock_presidio
from cerco.bench.rows import load_rows
from cerco.decide.load import load
from cerco.extract.text import Text
from cerco.scan.detector import Detector
from cerco.scan.rule import DetectRule

ROOT: Final = Path(__file__).parents[1]
DOCUMENT: Final = 64 * 1024  # bytes
STOCK_SHARE: Final = (
    20  # stock Presidio reads one document in so many: it is that much slower, and the rate is the same
)
TARGET: Final = 50.0  # MB for a second of CPU time, clean text

SHAPES: Final = (
    r"(?:\A|[^0-9A-Za-z])[157]\d{6}(?:\(|（)\d(?:\)|）)", r"(?:\A|[^0-9A-Za-z])[157]\d{7}(?:[^0-9A-Za-z]|\z)",
    r"(?:\A|[^0-9A-Za-z])[157]/\d{6}/\d", r"(?:\A|[^A-Za-z])M[A-Z]\d{7}(?:[^0-9]|\z)",
    r"(?:\A|[^A-Za-z])[HM]\d{8}(?:\d\d)?(?:[^0-9]|\z)", r"(?:\A|[^A-Za-z])C[A-Z0-9]\d{7}(?:[^0-9]|\z)",
    r"(?:\A|[^0-9])[1-8]\d{5}(?:19|20)\d{9}[0-9X]", r"(?:\A|[^A-Za-z])[A-Z]{1,2}\d{6}(?:\(|（)?[0-9A]",
    r"(?:\A|[^A-Za-z])[A-Z][1289]\d{8}(?:[^0-9]|\z)", r"(?:\A|[^0-9])[12]\d{9}(?:[^0-9]|\z)",
    r"(?:\A|[^0-9])[08]\d{7}(?:[^0-9]|\z)", r"(?:M[A-Z]?|AA)-\d\d-\d\d", r"(?:\A|[^0-9])\d{9}(?:[^0-9]|\z)",
    r"\d{8} ?\d ?[A-Z]{2}\d", r"(?:\A|[^0-9])180\d{12}(?:[^0-9]|\z)", r"(?:\A|[^0-9])01\d{17}(?:[^0-9]|\z)",
    r"\d{3}-\d{3}-\d{6}-\d{3}", r"(?:\A|[^0-9])(?:\d[ -]?){12,18}\d(?:[^0-9]|\z)", r"[A-Z]{4}MOM[X1]",
    r"[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){3,7}", r"(?:\+|00)853[ -]?\d{4}[ -]?\d{4}",
    r"(?:\A|[^0-9])[268]\d{3}[ -]?\d{4}(?:[^0-9]|\z)",
    r"(?:\A|[^0-9])1[3-9]\d{9}(?:[^0-9]|\z)", r"\+\d{2,3}[ -]?\d{2,4}(?:[ -]?\d{3,4}){2}",
    r"[0-9a-z._%+-]{1,64}@[0-9a-z-]{1,63}\.[a-z]{2,24}", r"\d{4}(?:[ -]\d{4}){1,3}(?:\)|）)", r"\d{1,4}(?:-\d{1,4})?號",
)  # fmt: skip

WHO: Final = {
    "zh-Hant": ("各位同事", "工程部", "客戶服務主任", "供應商", "財務組", "夜更同事", "分店經理", "採購部", "IT 支援"),
    "zh-Hans": ("各位同事", "研发部", "客服主管", "供应商", "财务组", "夜班同事", "门店经理", "采购部", "技术支持"),
    "pt": ("Os colegas", "O serviço de obras", "A contabilidade", "O fornecedor", "A equipa da noite", "A direcção"),
    "en": ("The team", "Engineering", "The front office", "The supplier", "Finance", "The night shift", "Purchasing"),
}  # fmt: skip
DOES: Final = {
    "zh-Hant": ("已經收到通知", "正在跟進維修進度", "希望下星期再開會討論", "認為報價偏高", "建議更換冷氣系統",
                "完成了本月的盤點", "要求延長交貨期", "準備了新的培訓教材", "會安排人手支援", "確認場地可以使用"),
    "zh-Hans": ("已经收到通知", "正在跟进维修进度", "希望下周再开会讨论", "认为报价偏高", "建议更换空调系统",
                "完成了本月的盘点", "要求延长交货期", "准备了新的培训教材", "会安排人手支援", "确认场地可以使用"),
    "pt": ("já recebeu o aviso", "acompanha a reparação", "pede que a reunião seja adiada", "acha o preço elevado",
           "propõe a substituição do equipamento", "terminou o inventário do mês", "confirma a sala"),
    "en": ("has received the notice", "is following up on the repair", "would like to meet again next week",
           "finds the quotation rather high", "suggests replacing the air conditioning", "confirms the venue"),
}  # fmt: skip
THEN: Final = {
    "zh-Hant": ("，請大家留意。", "，如有問題請回覆。", "；其他安排不變。", "，詳情見附件。", "，多謝合作！\n"),
    "zh-Hans": ("，请大家留意。", "，如有问题请回复。", "；其他安排不变。", "，详情见附件。", "，谢谢配合！\n"),
    "pt": (", conforme combinado. ", "; agradeço confirmação. ", ", ver anexo. ", ".\n"),
    "en": (", as discussed. ", "; please advise. ", ", see attached. ", ".\n"),
}
NUMBERS: Final = (
    "發票編號 {n8}，金額 MOP {n5}.00。\n", "會議改到 {year}-03-18 {n2}:30。", "订单 {n8} 已发货。\n",
    "Encomenda n.º {n8}, 15/10/{year}. ", "Tracking {n12}, ETA {year}-11-02. ", "Lei n.º {n2}/{year}. ",
)  # fmt: skip


def office(size: int, rng: Random, numbers: float) -> str:
    """Return text of about so many bytes; that share of sentences has a number of an office in it."""
    parts: list[str] = []
    written = 0
    while written < size:
        language = rng.choice(tuple(WHO))
        gap = " " if language in {"pt", "en"} else ""
        sentence = rng.choice(WHO[language]) + gap + rng.choice(DOES[language]) + rng.choice(THEN[language])
        if rng.random() < numbers:
            sentence += rng.choice(NUMBERS).format(
                n2=rng.randint(10, 23), n5=rng.randint(10_000, 99_999), n8=rng.randint(20_000_000, 49_999_999),
                n12=rng.randint(10**11, 10**12), year=rng.randint(2015, 2026),
            )  # fmt: skip
        parts.append(sentence)
        written += len(sentence.encode())
    return "".join(parts)


def dense(size: int) -> str:
    """Return the texts of the bench's positives, end to end and again, of at least so many bytes."""
    folder = ROOT / "tests" / "data" / "mo-pii-bench"
    text = "\n\n".join(row.text or row.title or "" for row in load_rows(folder, ["tune"]) if not row.negative) + "\n\n"
    return text * (size // len(text.encode()) + 1)


def manuals(size: int, rng: Random) -> str:
    """Return lines of the texts that clean_corpora.py keeps, of about so many bytes, or "" where there are none."""
    files = [path.read_text("utf-8").splitlines() for path in sorted((ROOT / ".corpora").glob("*.txt"))]
    pages = [lines[start : start + 40] for lines in files for start in range(0, len(lines), 40)]
    rng.shuffle(pages)
    text = "\n".join("\n".join(page) for page in pages)
    return text.encode()[:size].decode(errors="ignore")


def documents(text: str) -> list[str]:
    """Return the text in pieces of about DOCUMENT bytes."""
    length = round(DOCUMENT * len(text) / len(text.encode()))
    return [text[start : start + length] for start in range(0, len(text), length)]


def ours() -> Callable[[str], int]:
    """Return our detector with the shipped rules."""
    rules = [
        load(path.read_text("utf-8"), path.name, DetectRule) for path in sorted((ROOT / "rules/detect").glob("*.yaml"))
    ]
    detector = Detector(rules, b"a key for benchmarks, thirty-two")
    return lambda text: len(detector.scan((Text("document", text),)))


def stock() -> Callable[[str], int]:
    """Return Presidio's engine as it comes, without language processing."""
    analyzer = stock_presidio(language_processing=False)
    return lambda text: len(analyzer.analyze(text, "en"))


def bare() -> tuple[Callable[[str], int], str]:
    """Return a Hyperscan that counts the shapes and words, and what it holds."""
    lines = (ROOT / "tests/data/mo-pii-bench/words/labels.txt").read_text("utf-8").splitlines()
    words = {word for line in lines if ": " in line and line[0] != "#" for word in line.split(": ", 1)[1].split(" | ")}
    expressions = [*SHAPES, *(_escaped(word) for word in sorted(words))]
    # On bytes: SHAPES and words say the same without HS_FLAG_UTF8, at twice the speed.
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[one.encode() for one in expressions],
        ids=list(range(len(expressions))),
        flags=[hyperscan.HS_FLAG_CASELESS] * len(expressions),
    )
    counts = [0]

    def count(*_: object) -> None:  # anything but None would stop the scan
        counts[0] += 1

    def scan(text: str) -> int:
        counts[0] = 0
        database.scan(text.encode(), match_event_handler=count)
        return counts[0]

    return scan, f"{len(SHAPES)} shapes and {len(words)} words"


def _escaped(word: str) -> str:
    return "".join(f"\\{one}" if one in r".^$*+?{}[]\|()/" else one for one in word)


def rate(scan: Callable[[str], int], texts: Sequence[str]) -> float:
    """Return MB for a second of CPU time."""
    size = sum(len(text.encode()) for text in texts)
    began = process_time()
    for text in texts:
        scan(text)
    return size / 1e6 / (process_time() - began)


def main(megabytes: float, rounds: int) -> bool:
    """Print the table; return whether the target is met."""
    hyper, holds = bare()
    engines = {"ours": ours(), "hyperscan": hyper, "presidio": stock()}
    size = int(megabytes * 1e6)
    corpora = {
        "clean": documents(office(size, Random(4), numbers=0)),
        "office": documents(office(size // 10, Random(4), numbers=1 / 15)),
        "dense": documents(dense(size // 40)),
    }
    if kept := manuals(size // 10, Random(4)):
        corpora["manuals"] = documents(kept)
    print(f"MB for a second of CPU time; median of {rounds} rounds; hyperscan: {holds}")
    print(
        f"{'text':<8}{'MB':>8}"
        + "".join(f"{name:>12}" for name in engines)
        + f"{'ours:hyperscan':>17}{'ours:presidio':>16}"
    )
    met = True
    for name, texts in corpora.items():
        rates: dict[str, list[float]] = {engine: [] for engine in engines}
        for scan in engines.values():
            rate(scan, texts[:1])  # caches, lazy imports
        for _ in range(rounds):
            for engine, scan in engines.items():
                rates[engine].append(rate(scan, texts[::STOCK_SHARE] if engine == "presidio" else texts))
        mid = {engine: median(measured) for engine, measured in rates.items()}
        total = sum(len(text.encode()) for text in texts) / 1e6
        cells = "".join(f"{mid[engine]:>12.2f}" for engine in engines)
        ratios = f"{mid['ours'] / mid['hyperscan']:>17.3f}{mid['ours'] / mid['presidio']:>16.1f}"
        print(f"{name:<8}{total:>8.1f}{cells}{ratios}")
        met = met and (name != "clean" or mid["ours"] >= TARGET)
    print(f"target, clean: at least {TARGET:g} MB for a second of CPU time: {'met' if met else 'missed'}")
    return met


if __name__ == "__main__":
    arguments = [float(one) for one in sys.argv[1:]]
    sys.exit(0 if main(arguments[0] if arguments else 20, int(arguments[1]) if arguments[1:] else 5) else 1)
