"""How fast a large table of text is read, and in how much memory: our reader, and the usual libraries, side by side.

Run: .venv/bin/python benchmarks/reading_text.py [megabytes]

The table has Chinese names, addresses and numbers, in each of the encodings it may come in. `ours` is `cerco.extract`
with nothing behind it: identified by content, read in every plausible encoding, in pieces with the head of its columns.
`usual` is charset-normalizer on the first 64 KiB, then one decode and `csv.reader`. Each runs in a process of its own,
so that the peak of its memory is its own, the table included; rounds alternate, so that a busy machine slows both.
Times are seconds of processor time. The target is at most 1 s for 10 MB; the ratios are what can be compared between
machines.
"""

import csv
import io
import json
import re
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

from charset_normalizer import from_bytes

from cerco.extract.read import read
from cerco.extract.text import Text

MEGABYTES = 100
ROUNDS = 3
TARGET = 1.0  # seconds for 10 MB
CODECS = ("utf-8", "big5", "gb18030", "utf-16")
_HEAD = "姓名,身份證,電話,地址,電郵,日期\n"
_ROW = "陳大文,12345678,66123456,澳門新馬路123號,some@example.com,2026-01-01\n"


def table(codec: str, megabytes: int) -> bytes:
    """Return a table of so many megabytes (10^6 bytes)."""
    row = _ROW.encode(codec if codec != "utf-16" else "utf-16-le")
    return _HEAD.encode(codec) + row * (megabytes * 10**6 // len(row))


def ours(data: bytes) -> int:
    """Return how many characters our reader hands on."""
    return sum(len(item.content) for item in read(data, "table.csv") if isinstance(item, Text))


def usual(data: bytes) -> int:
    """Return how many characters the usual libraries hand on."""
    best = from_bytes(data[: 64 * 1024]).best()
    text = data.decode(best.encoding if best else "utf-8", errors="replace")
    return sum(len(cell) for row in csv.reader(io.StringIO(text)) for cell in row)


def alone(name: str, codec: str, megabytes: int) -> None:
    """Run one of the two in this process, and print what it took."""
    data = table(codec, megabytes)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # forget the peak so far: making the table takes two of it
    before = resource.getrusage(resource.RUSAGE_SELF)
    characters = {"ours": ours, "usual": usual}[name](data)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text("ascii"))
    print(json.dumps({"seconds": seconds, "peak": int(peak[1]) // 1024 if peak else 0, "characters": characters}))


def main(megabytes: int) -> int:
    """Print the table; returns 1 if the target is missed."""
    print(f"{megabytes} MB of csv; seconds of processor time for 10 MB, and peak memory of the whole process (MiB)")
    print(f"{'encoding':10} {'ours':>8} {'usual':>8} {'ratio':>7} {'ours MiB':>9} {'usual MiB':>10}")
    missed = False
    for codec in CODECS:
        took: dict[str, list[float]] = {"ours": [], "usual": []}
        peaks: dict[str, int] = {}
        for _ in range(ROUNDS):
            for name, times in took.items():
                command = [sys.executable, __file__, name, codec, str(megabytes)]
                said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
                times.append(said["seconds"] * 10 / megabytes)
                peaks[name] = said["peak"]
        mine, other = median(took["ours"]), median(took["usual"])
        missed |= mine > TARGET
        print(f"{codec:10} {mine:8.3f} {other:8.3f} {other / mine:6.1f}x {peaks['ours']:9} {peaks['usual']:10}")
    return int(missed)


if __name__ == "__main__":
    if sys.argv[1:2] and not sys.argv[1].isdecimal():
        alone(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else MEGABYTES))
