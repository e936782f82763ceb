"""How long `cerco rules simulate` takes over what was kept of many requests, and whether it says what a real scan says.

Run: .venv/bin/python benchmarks/simulation.py [requests]

Makes a file of made-up requests as the gate would have kept it: messages of an office in four languages, one in four
with something that rules look for (the positives and hard negatives of mo-pii-bench), from a thousand senders over
thirty days. Then asks a draft, in which half of the rules are stricter and a decision is changed, about all of them, on
all processors, with the command's own code. `real` scans a share of the same texts by the rules in force and by the
draft, and is what the simulation spares; the two must agree on every request of that share. Target: 100,000 requests
within 60 seconds. What is kept is written by another thread; what remains on the way of a message is shown, too.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time, sleep
from typing import Final

from cerco.bench.rows import load_rows
from cerco.cli.simulated import Kept, replay
from cerco.decide.policy import decide
from cerco.decide.when import Way
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound
from cerco.extract.text import Text
from cerco.runtime.recording import Passage, Recorder, Watch, examine
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.simulation import Simulation
from cerco.runtime.tally import Judged, Tally
from cerco.runtime.telemetry import Telemetry
from cerco.scan.detector import Detector
from cerco.scan.rule import DetectRule
from cerco.state.traffic import Traffic

ROOT: Final = Path(__file__).parents[1]
KEY: Final = b"a key for benchmarks, thirty-two"
NOW: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)
TARGET: Final = 60.0  # seconds, for 100,000 requests
REAL: Final = 2000  # requests that are scanned for real


TALK: Final = (
    "各位同事，會議改到星期三 {}:30，請大家留意，詳情見附件。", "附件是上星期五會議的紀錄，共 {} 頁，如有問題請回覆。",
    "大家好，新系统将于 {} 号上线，请各部门负责人确认时间表。",
    "Boa tarde, a reunião passa para as {}h30, conforme combinado.",
    "Os colegas da contabilidade terminaram o inventário do mês {}.",
    "The new schedule is attached; {} people have confirmed.",
)  # fmt: skip


def texts(rng: Random) -> list[str]:
    """Return messages: three of four with nothing in them."""
    rows = [row.text for row in load_rows(ROOT / "tests/data/mo-pii-bench", ["tune"]) if row.text]
    rng.shuffle(rows)
    return [
        text for row in rows[:1000] for text in (row, *(rng.choice(TALK).format(rng.randint(10, 23)) for _ in "123"))
    ]


def stricter(book: Rulebook) -> Rulebook:
    """Return a draft: half of the rules want more, and what only asked for a label is stopped."""
    rules = []
    for number, rule in enumerate(book.rules):
        data = rule.model_dump(mode="json")
        if number % 2 and "min_score" in data["match"]:
            data["match"]["min_score"] = 0.9
        rules.append(DetectRule.model_validate(data))
    decisions = tuple(
        made.model_copy(update={"then": "block"}) if made.then == "tag" else made for made in book.policy.decisions
    )
    policy = book.policy.model_copy(update={"decisions": decisions})
    return Rulebook(book.scope, tuple(rules), policy, "draft", book.endpoints, book.catalogue)


def outbound(number: int) -> Outbound:
    """Return who sends the message of a number, and where to."""
    sender = number % 1000
    actor = Actor(f"10.0.{sender // 250}.{sender % 250 + 1}")
    return Outbound(actor, Destination("oapi.dingtalk.com", "mainland"), Channel.OAPI, "robot.send", (), taggable=True)


def moment(number: int, count: int) -> datetime:
    """Return when the message of a number is sent: within the last thirty days."""
    return NOW - timedelta(days=30) * (count - number) / count


def record(path: Path, detector: Detector, messages: Sequence[str], count: int) -> None:
    """Write what the gate would have kept of so many requests."""
    traffic = Traffic(path, KEY, keep=timedelta(days=60), most=4 * 1024**3)
    recorder = Recorder(traffic, KEY, Telemetry(), lambda: NOW)
    written = []
    for text in messages:
        watch = Watch(detector)
        examine(detector, [Text("text.content", text)], watch)
        written.append(watch.write())
    for number in range(count):
        watch = Watch(detector)
        watch.add(written[number % len(written)])
        while recorder.is_full:  # traffic would leave gaps here
            sleep(0.01)
        at = moment(number, count)
        recorder.offer(Passage(f"C-{number:08d}", at, Way.of(outbound(number), at), "allowed"), watch)
    recorder.close()
    traffic.close()


def real(detectors: Sequence[Detector], books: Sequence[Rulebook], texts: Sequence[str], count: int) -> Tally:
    """Scan the first messages by both rulebooks, and decide."""
    tally = Tally()
    for number, text in enumerate(texts):
        sides = []
        for detector, book in zip(detectors, books, strict=True):
            examined = detector.examine([Text("text.content", text)])
            at = moment(number, count)
            verdict = decide(book.policy, outbound(number), examined.findings, examined.coverage, at)
            sides.append(
                Judged(verdict.action, verdict.decisions, observed=verdict.observed, findings=examined.findings)
            )
        tally.add(sides[0], sides[1], reference=f"C-{number:08d}", at=moment(number, count), channel="oapi")
    return tally


def watching(detector: Detector, texts: Sequence[str]) -> float:
    """Return how many times as long a message is looked at where that is kept: on the way of the message, alone."""
    times: dict[bool, float] = {}
    for watched in (False, True) * 5:
        began = process_time()
        for text in texts:
            examine(detector, [Text("text.content", text)], Watch(detector) if watched else None)
        took = process_time() - began
        times[watched] = min(took, times.get(watched, took))
    return times[True] / times[False]


def main(count: int) -> bool:
    """Print the figures; return whether the target is met and the two ways agree."""
    book = load_rulebook(ROOT / "rules")
    draft = stricter(book)
    messages = texts(Random(6))
    detectors = [Detector(book.rules, KEY), Detector(draft.rules, KEY)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "traffic.db"
        record(path, detectors[0], messages, count)
        size = path.stat().st_size
        began = perf_counter()
        tally = replay(Kept(path, KEY, KEY), book, draft, since=None, jobs=None)
        took = perf_counter() - began
        sample = messages[: min(REAL, count)]
        began = perf_counter()
        scanned = real(detectors, (book, draft), sample, count)
        scan = perf_counter() - began
        traffic = Traffic(path, KEY, keep=timedelta(days=60), most=4 * 1024**3)
        asked = Simulation(traffic, KEY, book, draft).run(1, len(sample))
        traffic.close()
    agree = asked.ways == scanned.ways and asked.found == scanned.found
    alike = scan / len(sample) * count
    held = watching(detectors[0], sample[:400])
    print(f"to look at a message takes {held:.3f} times as long where what is seen is kept")
    print(
        f"{tally.requests} requests of {size / count:.0f} bytes, asked in {took:.1f} s on {os.cpu_count()} processors"
    )
    print(f"{tally.total.kinds.total()} would change, by {len(tally.rules)} rules; not asked: {dict(tally.unasked)}")
    print(f"to scan as many for real takes one processor {alike:.0f} s, {alike / took:.1f} times as long")
    print(f"{len(sample)} of them were scanned for real: {'the same' if agree else 'NOT the same'}")
    met = took <= TARGET * count / 100_000 and agree and tally.requests == count
    print(f"target: 100,000 requests within {TARGET:.0f} s, and the same: {'met' if met else 'missed'}")
    return met


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000) else 1)
