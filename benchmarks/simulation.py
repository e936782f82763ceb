"""How long `cerco rules simulate` takes over what was kept of many requests, and whether it says what a real scan says.

Run: .venv/bin/python benchmarks/simulation.py [requests]

Makes a file of made-up requests as the gate would have kept it: messages of an office in four languages, one in four
with something that rules look for (the positives and hard negatives of mo-pii-bench), from a thousand senders over
thirty days. Then asks a draft, in which half of the rules are stricter and a decision is changed, about all of them, on
all processors, with the command's own code. `real` scans a share of the same texts by the rules in force and by the
draft, and is what the simulation spares; the two must agree on every request of that share. Target: 100,000 requests
within 60 seconds.
"""

import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final

from cerco.bench.rows import load_rows
from cerco.cli.simulated import simulate
from cerco.decide.policy import decide
from cerco.decide.when import Way
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound
from cerco.extract.text import Text
from cerco.runtime.recording import Passage, Recorder, Watch, examine
from cerco.runtime.rulebook import Rulebook, load_rulebook
from cerco.runtime.tally import Judged, Tally
from cerco.runtime.telemetry import Telemetry
from cerco.scan.detector import Detector
from cerco.scan.rule import DetectRule
from cerco.state.traffic import Traffic

sys.path.insert(0, str(Path(__file__).parent))
from text_throughput import clean

ROOT: Final = Path(__file__).parents[1]
KEY: Final = b"a key for benchmarks, thirty-two"
NOW: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)
TARGET: Final = 60.0  # seconds, for 100,000 requests
REAL: Final = 2000  # requests that are scanned for real


def texts(rng: Random) -> list[str]:
    """Return messages: three of four with nothing in them."""
    rows = [row.text for row in load_rows(ROOT / "tests/data/mo-pii-bench", ["tune"]) if row.text]
    rng.shuffle(rows)
    talk = [line for line in clean(200_000, rng).split("\n") if line]
    return [text for row in rows[:1000] for text in (row, *(rng.choice(talk)[:400] for _ in range(3)))]


def stricter(book: Rulebook) -> Rulebook:
    """Return a draft: half of the rules want more, and what only asked for a label is stopped."""
    rules = []
    for number, rule in enumerate(book.rules):
        data = rule.model_dump(mode="json")
        if number % 2 and "entity" in data["match"]:
            data["match"]["min_score"] = 0.9
        rules.append(DetectRule.model_validate(data))
    decisions = tuple(
        made.model_copy(update={"then": "block"}) if made.then == "tag" else made for made in book.policy.decisions
    )
    policy = book.policy.model_copy(update={"decisions": decisions})
    return Rulebook(book.scope, tuple(rules), policy, "draft", book.endpoints, book.catalogue)


def record(path: Path, detector: Detector, messages: list[str], count: int) -> list[tuple[str, str, datetime]]:
    """Write what the gate would have kept of so many requests; return reference, text and time of each."""
    traffic = Traffic(path, KEY, keep=timedelta(days=60), most=4 * 1024**3)
    recorder = Recorder(traffic, KEY, Telemetry(), lambda: NOW)
    kept = []
    for number in range(count):
        text = messages[number % len(messages)]
        at = NOW - timedelta(days=30) + timedelta(days=30) * number / count
        sender = number % 1000
        outbound = Outbound(
            Actor(f"10.0.{sender // 250}.{sender % 250 + 1}"), Destination("oapi.dingtalk.com", "mainland"),
            Channel.OAPI, "robot.send", (), taggable=True,
        )  # fmt: skip
        watch = Watch(detector)
        if number < len(messages):
            examine(detector, [Text("text.content", text)], watch)
            written = watch.write()
            _WRITTEN.append(written)
        watch = Watch(detector)
        watch.add(_WRITTEN[number % len(messages)])
        reference = f"C-{number:08d}"
        while recorder.waiting > 128:  # the queue is for traffic, which leaves gaps
            pass
        recorder.offer(Passage(reference, at, Way.of(outbound, at), "allowed"), watch)
        kept.append((reference, text, at))
    recorder.close()
    traffic.close()
    return kept


_WRITTEN: list[list[str]] = []
