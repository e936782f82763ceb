"""Open files that strangers made, alone: the process in which a parser may crash.

In:    rules, key and limits once, then one job after the other, over the socket whose number is the only argument.
Out:   findings and gaps for each job, as JSON.
Never: the CA key, the network, a file written, content on stderr. A fault ends the process and names its type only.
"""

import bz2
import codecs
import gzip
import json
import lzma
import os
import socket
import struct
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from io import BytesIO
from itertools import count
from types import TracebackType
from typing import Any

from cerco.extract.plain import CODECS
from cerco.extract.read import read
from cerco.extract.text import Limits, Text, Unreadable, Why
from cerco.runtime.confine import confine, limit_cpu, resident
from cerco.runtime.shelf import new_detector
from cerco.scan.automaton import NO_SHELF, keep_on
from cerco.scan.detector import MOST, Detector
from cerco.scan.finding import Finding
from cerco.scan.rule import DetectRule

FRAME = struct.Struct(">IQ")  # bytes of JSON, bytes of content after it; the same in both directions
FAULT = "scanner ended by "  # begins the only line on stderr that means anything
MESSAGE = "message"  # the place of a gap in texts

_JOBS = 1000  # then a fresh process takes over, whatever libraries have leaked
_CPU_GRACE = 2  # seconds of processor time past the deadline; the gate's own clock comes first


@dataclass(slots=True)
class Outcome:
    """What came of one job."""

    findings: list[Finding] = field(default_factory=list)
    coverage: list[Unreadable] = field(default_factory=list)
    bytes_read: int = 0
    exhausted: bool = False  # memory ran out on the way

    def to_json(self, *, spent: bool) -> dict[str, Any]:
        """Return the reply to a job; `spent` asks for a fresh process."""
        report = {
            "findings": [asdict(finding) for finding in self.findings],
            "coverage": [asdict(gap) for gap in self.coverage],
            "bytes_read": self.bytes_read,
        }
        return {"report": report, "spent": spent or self.exhausted}


@dataclass(frozen=True, slots=True)
class _Sighting:
    """One value in one reading of a file: how sure, whether in its body, and where, numbered in reading order."""

    score: float
    in_body: bool
    occurrences: list[tuple[int, Finding]]

    @property
    def rank(self) -> tuple[float, int, bool]:
        """What makes one reading better than another."""
        return self.score, len(self.occurrences), self.in_body


def scan_file(detector: Detector, data: bytes, name: str | None, place: str, limits: Limits) -> Outcome:
    """Read a file and look for what the rules name.

    One value of one file is reported from the reading that shows it best: a cell is also a shared string, a first row
    is also a header, and bytes may be text in several encodings. Within that reading every occurrence counts.
    """
    outcome = Outcome()
    best: dict[tuple[str, str, str], _Sighting] = {}
    order = count()
    try:
        for item in read(data, name, limits):
            where = f"{place} > {item.place}"
            if isinstance(item, Unreadable):
                outcome.coverage.append(replace(item, place=where))
                continue
            if item.role != "filename":
                outcome.bytes_read = len(data)
            leaf = where.rpartition(" > ")[0]
            seen: dict[tuple[str, str, str], list[tuple[int, Finding]]] = {}
            examined = detector.examine((replace(item, place=where),))
            outcome.coverage += examined.coverage
            for finding in locate(examined.findings, item, where):
                seen.setdefault((leaf, finding.rule, finding.fingerprint), []).append((next(order), finding))
            for key, occurrences in seen.items():
                sighting = _Sighting(max(one.score for _, one in occurrences), item.role != "header", occurrences)
                if key not in best or sighting.rank > best[key].rank:
                    best[key] = sighting
    except MemoryError:
        outcome.coverage.append(Unreadable(place, Why.TOO_LARGE))
        outcome.exhausted = True
    numbered = sorted((pair for sighting in best.values() for pair in sighting.occurrences), key=lambda pair: pair[0])
    outcome.findings = _capped(finding for _, finding in numbered)
    return outcome


def scan_texts(detector: Detector, texts: Sequence[Text]) -> Outcome:
    """Look for what the rules name in the texts of one message, together."""
    outcome = Outcome()
    try:
        examined = detector.examine(texts)
        outcome.findings, outcome.coverage = _capped(examined.findings), list(examined.coverage)
        outcome.bytes_read = sum(len(text.content.encode(errors="replace")) for text in texts)
    except MemoryError:
        outcome.coverage.append(Unreadable(MESSAGE, Why.TOO_LARGE))
        outcome.exhausted = True
    return outcome


def locate(findings: Sequence[Finding], text: Text, where: str) -> Iterator[Finding]:
    """Yield the findings with the row or line they stand on, where the text has such; offsets count from its start."""
    if text.unit is None or "\n" not in text.content.rstrip("\n"):
        yield from (replace(finding, place=where) for finding in findings)
        return
    line, begin = 1, 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        while (end := text.content.find("\n", begin, finding.start)) >= 0:
            line, begin = line + 1, end + 1
        spot = f"{where} > {text.unit} {line}"
        yield replace(finding, place=spot, start=finding.start - begin, end=finding.end - begin)


def main(arguments: Sequence[str]) -> int:
    """Serve jobs until the gate hangs up; returns the exit code."""
    sys.excepthook = _name_fault
    connection = socket.socket(fileno=int(arguments[0]))
    wire = connection.makefile("rwb")
    greeting, _ = _receive(wire)
    if greeting is None or os.getppid() != greeting["gate"]:
        return 0
    limits = Limits(**greeting["limits"])
    rules = [DetectRule.model_validate(rule) for rule in greeting["rules"]]
    key = bytes.fromhex(greeting["key"])
    detector = new_detector(rules, key)
    keep_on(NO_SHELF)  # nothing is read or written from here on
    _warm(detector, limits)
    memory = int(greeting["memory"])
    _send(wire, {"confinement": confine(memory)})
    ceiling = resident() + memory // 2
    jobs = 0
    while True:
        job, content = _receive(wire)
        if job is None:
            return 0
        limit_cpu(greeting["deadline"] + _CPU_GRACE)
        outcome = _work(_by(job["rules"], key) or detector, job, content, limits)
        del content
        jobs += 1
        _send(wire, outcome.to_json(spent=jobs >= _JOBS or resident() > ceiling))


def _by(rules: list[dict[str, Any]] | None, key: bytes) -> Detector | None:
    """Return a detector by the rules that came with a job, or None where none did."""
    return None if rules is None else Detector([DetectRule.model_validate(rule) for rule in rules], key)


def _work(detector: Detector, job: dict[str, Any], content: bytes, limits: Limits) -> Outcome:
    if job["kind"] == "file":
        return scan_file(detector, content, job["name"], job["place"], limits)
    return scan_texts(detector, [Text(**text) for text in json.loads(content)])


def _capped(findings: Iterable[Finding]) -> list[Finding]:
    counts: dict[str, int] = {}
    kept = []
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if counts[finding.rule] <= MOST:
            kept.append(finding)
    return kept


def _receive(wire: Any) -> tuple[dict[str, Any] | None, bytes]:
    """Return the next message and its content, or None once the gate has hung up."""
    head = wire.read(FRAME.size)
    if len(head) < FRAME.size:
        return None, b""
    header, size = FRAME.unpack(head)
    return json.loads(wire.read(header)), wire.read(size)


def _send(wire: Any, message: dict[str, Any]) -> None:
    header = json.dumps(message).encode("ascii")
    wire.write(FRAME.pack(len(header), 0) + header)
    wire.flush()


def _warm(detector: Detector, limits: Limits) -> None:
    """Read one small file of every kind, so that all code and tables are loaded while files may still be opened."""
    for codec in CODECS:
        codecs.lookup(codec)
    for sample in _samples():
        scan_file(detector, sample, "sample", "warm-up", limits)


def _samples() -> Iterator[bytes]:
    """Make one small file for each library behind the readers."""
    text = "客戶名單 Relação de clientes \\u8eab 1234567(8)\n"
    yield from (text.encode(codec, errors="replace") for codec in ("utf-8", "utf-16", "big5hkscs", "gb18030", "cp1252"))
    yield f"<p>{text}&amp;</p>".encode()
    yield text.encode() * 500  # so full of numbers that it is looked at whole
    plain = text.encode()
    yield from (gzip.compress(plain), bz2.compress(plain), lzma.compress(plain), b"\x00\x01\x02\x03" * 64)
    yield _zip({"客戶.txt": plain})
    sheet = '<worksheet><sheetData><row r="1"><c r="A1"><v>12345678</v></c></row></sheetData></worksheet>'
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    yield _zip(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": (
                f'<workbook xmlns:r="{relation}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships><Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>'
                "</Relationships>"
            ).encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
            "word/document.xml": f"<w:p><w:t>{text}</w:t></w:p>".encode(),
        }
    )
    yield (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
        b"4 0 obj<</Length 28>>stream\nBT /F 9 Tf (1234567\\(8\\)) Tj ET\nendstream endobj "
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    )


def _zip(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in members.items():
            box.writestr(name, content)
    return out.getvalue()


def _name_fault(kind: type[BaseException], _fault: BaseException, _trace: TracebackType | None) -> None:
    """Say the type of what went wrong, and not a word of what it says."""
    sys.stderr.write(f"{FAULT}{kind.__name__}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
