"""Open files that strangers made, alone: what runs in the process in which a parser may crash.

In:    rules, key and limits, loaded before; then one job, over a socket.
Out:   its findings and gaps, as JSON.
Never: the CA key, the network, a file written, content on stderr. A fault ends the process and names its type only.
"""

import bz2
import codecs
import gzip
import json
import lzma
import os
import socket
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from io import BytesIO
from itertools import count
from typing import Any

from phonenumbers import PhoneMetadata

from cerco.extract import networks
from cerco.extract.charset import CODECS
from cerco.extract.place import cell
from cerco.extract.read import read
from cerco.extract.samples import kinds
from cerco.extract.text import Limits, Text, Unreadable, Why
from cerco.runtime.confine import limit_cpu
from cerco.runtime.shelf import new_detector
from cerco.runtime.terms import FRAME, MESSAGE, STRETCH, Terms
from cerco.scan.automaton import NO_SHELF, keep_on
from cerco.scan.detector import MOST, Detector
from cerco.scan.finding import Finding
from cerco.scan.names import load_names
from cerco.scan.rule import DetectRule

_LOOKING = 0.6  # of the time left for a file, that may go into its pictures
_CPU_GRACE = 2  # seconds of processor time past the deadline; the gate's own clock comes first


@dataclass(slots=True)
class Outcome:
    """What came of one job."""

    findings: list[Finding] = field(default_factory=list)
    coverage: list[Unreadable] = field(default_factory=list)
    bytes_read: int = 0
    seen: list[str] = field(default_factory=list)  # as a `Keeper` writes it, where that is asked for


@dataclass(frozen=True, slots=True)
class _Sighting:
    """One value in one reading of a file: whether in its body, and where, numbered in reading order."""

    in_body: bool
    occurrences: list[tuple[int, Finding]] = field(default_factory=list)

    @property
    def rank(self) -> tuple[float, int, int, bool]:
        """What makes a reading better than another: how sure it is, how often and plainly it shows the value, where."""
        steps = min(sum(reason.startswith("read as ") for reason in one.reasons) for _, one in self.occurrences)
        return max(one.score for _, one in self.occurrences), len(self.occurrences), -steps, self.in_body


def scan_file(
    detector: Detector, data: bytes, name: str | None, place: str, limits: Limits, *, record: bool = False
) -> Outcome:
    """Read a file and look for what the rules name.

    One value of one file is reported from the reading that shows it best: a cell is also a shared string, a first row
    is also a header, and bytes may be text in several encodings. Within that reading, which is all texts of one place
    and role, every occurrence counts.
    """
    outcome = Outcome()
    readings: dict[tuple[str, str, str], dict[tuple[str, str], _Sighting]] = defaultdict(dict)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    order = count()
    keeper, missed = detector.keeper() if record else None, list[Unreadable]()
    try:
        for item in read(data, name, limits, time.monotonic):
            where = f"{place} > {item.place}"
            if isinstance(item, Unreadable):
                outcome.coverage.append(replace(item, place=where))
                continue
            if item.role != "filename":
                outcome.bytes_read = len(data)
            leaf = where.rpartition(" > ")[0]
            reading = (where, item.role)
            # The names that lead to it (file, member, sheet) stand above it, like a title: "身份證.xlsx > 名單".
            text = replace(item, place=where, about=item.place)
            examined = detector.examine((text,), counts[reading], keep=keeper.keep if keeper else None)
            outcome.coverage += examined.coverage
            missed += examined.coverage
            for finding in locate(examined.findings, item, where):
                sightings = readings[leaf, finding.rule, finding.fingerprint]
                sighting = sightings.setdefault(reading, _Sighting(in_body=item.role != "header"))
                sighting.occurrences.append((next(order), finding))
    except MemoryError:
        outcome.coverage.append(Unreadable(place, Why.TOO_LARGE))
    best = [max(sightings.values(), key=lambda sighting: sighting.rank) for sightings in readings.values()]
    numbered = sorted((pair for sighting in best for pair in sighting.occurrences), key=lambda pair: pair[0])
    outcome.findings = _capped(finding for _, finding in numbered)
    if keeper:
        outcome.seen.append(keeper.write("file", missed))
    return outcome


def scan_texts(detector: Detector, texts: Sequence[Text], *, record: bool = False) -> Outcome:
    """Look for what the rules name in the texts of one message, together."""
    outcome = Outcome()
    keeper = detector.keeper() if record else None
    try:
        examined = detector.examine(texts, keep=keeper.keep if keeper else None)
        if keeper:
            outcome.seen.append(keeper.write("message", examined.coverage))
        outcome.findings, outcome.coverage = _capped(examined.findings), list(examined.coverage)
        outcome.bytes_read = sum(len(text.content.encode(errors="replace")) for text in texts)
    except MemoryError:
        outcome.coverage.append(Unreadable(MESSAGE, Why.TOO_LARGE))
    return outcome


def locate(findings: Sequence[Finding], text: Text, where: str) -> Iterator[Finding]:
    """Yield the findings with the line, row or cell they are in, where the text has such; offsets count from its start.

    A sheet is counted in cells even where it has but one row.
    """
    single = "\n" not in text.content.rstrip("\n") and not text.is_later and text.unit != "cell"
    if text.unit is None or single:
        yield from (replace(finding, place=where) for finding in findings)
        return
    line, begin = text.line, 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        while (end := text.content.find("\n", begin, finding.start)) >= 0:
            line, begin = line + 1, end + 1
        if text.unit == "cell":
            spot = cell(line, text.content.count("\t", begin, finding.start) + 1)
            begin_of_it = max(begin, text.content.rfind("\t", begin, finding.start) + 1)
        else:
            spot, begin_of_it = f"{text.unit} {line}", begin
        yield replace(
            finding, place=f"{where} > {spot}", start=finding.start - begin_of_it, end=finding.end - begin_of_it
        )


class Scanner:
    """Rules, tables and libraries, loaded and ready to read."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._limits = Limits(**terms.limits)
        rules = [DetectRule.model_validate(rule) for rule in terms.rules]
        self._key = bytes.fromhex(terms.key)
        self._names = load_names("auto" if terms.names else "off")
        self._detector = new_detector(rules, self._key, self._names)
        keep_on(NO_SHELF)  # nothing is read or written from here on
        _warm(self._detector, self._limits)

    def serve(self, connection: socket.socket, held: Sequence[str]) -> None:
        """Say which measures hold, then do one job.

        One and no more: a file that takes this process over meets nobody else's, and speaks for none but itself.
        """
        send(connection, {"confinement": held, "degraded": self._detector.degraded})
        job, content = _receive(connection)
        if job is not None:
            limit_cpu(job["seconds"] + _CPU_GRACE)
            send(
                connection, asdict(_work(self._by(job["rules"]), job, content, self._limits, record=self.terms.record))
            )

    def _by(self, rules: list[dict[str, Any]] | None) -> Detector:
        """Return a detector by the rules that came with a job, or by those that were loaded where none did."""
        if rules is None:
            return self._detector
        return Detector([DetectRule.model_validate(rule) for rule in rules], self._key, self._names)


def load(connection: socket.socket) -> Scanner | None:
    """Wait for the terms and load what they ask for; None if the gate has hung up."""
    terms, _ = _receive(connection)
    return None if terms is None else Scanner(Terms(**terms))


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message without content."""
    header = json.dumps(message).encode("ascii")
    connection.sendall(FRAME.pack(len(header), 0) + header)


def _work(detector: Detector, job: dict[str, Any], content: bytes, limits: Limits, *, record: bool) -> Outcome:
    if job["kind"] == "file":
        # Who stood in line for long has less time left; better some pictures not looked at than the file not read.
        limits = replace(limits, ocr_seconds=min(limits.ocr_seconds, job["seconds"] * _LOOKING))
        return scan_file(detector, content, job["name"], job["place"], limits, record=record)
    return scan_texts(detector, [Text(**text) for text in json.loads(content)], record=record)


def _capped(findings: Iterable[Finding]) -> list[Finding]:
    counts: dict[str, int] = {}
    kept = []
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if counts[finding.rule] <= MOST:
            kept.append(finding)
    return kept


def _receive(connection: socket.socket) -> tuple[dict[str, Any] | None, bytes]:
    """Return the next message and its content, or None once the gate has hung up."""
    head, handles, _, _ = socket.recv_fds(connection, FRAME.size, 1)
    with connection.makefile("rb") as wire:
        head += wire.read(FRAME.size - len(head))
        if len(head) < FRAME.size:
            return None, b""
        header, size = FRAME.unpack(head)
        message = json.loads(wire.read(header))
        content = wire.read(size)
    if handles:
        with os.fdopen(handles[0], "rb", buffering=0) as file:
            content = _stretch(file.fileno(), *message[STRETCH])
    return message, content


def _stretch(file: int, at: int, size: int) -> bytes:
    """Return a stretch of a file in one piece: a file of the size of the memory there is has room for no second one.

    Raises:
        EOFError: the gate has let go of it.
    """
    content = os.pread(file, size, at)
    if len(content) < size:
        raise EOFError
    return content


def _warm(detector: Detector, limits: Limits) -> None:
    """Read one small file of every kind, so that all code and tables are loaded while files may still be opened."""
    if limits.pictures:
        networks.load()
    for codec in CODECS:
        codecs.lookup(codec)
    PhoneMetadata.load_all()  # each country's plan is a module of its own
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
    yield from kinds()
    yield (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length 28>>stream\nBT /F 9 Tf (1234567\\(8\\)) Tj ET\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    )


def _zip(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in members.items():
            box.writestr(name, content)
    return out.getvalue()
