"""Programs as engines: whatever they do, each row is answered once or the run ends with a reason."""

import shlex
import sys
from pathlib import Path

import pytest

from cerco.bench import engines
from cerco.bench.engines import cerco_engine, presidio_engine, process_engine
from cerco.bench.rows import TITLE, BenchError, Found, Row
from cerco.runtime.settings import packaged_rules

ROWS = tuple(Row(f"r{n}", f"身份證 1234567({n})", None, "zh-Hant", "chat", "none", "", ()) for n in range(3))
TITLED = Row("t", "", "客戶名單.xlsx", "zh-Hant", "filename", "none", "", ())


def program(folder: Path, body: str) -> str:
    path = folder / "engine.py"
    path.write_text(f"import json, sys\n{body}\n")
    return shlex.join([sys.executable, str(path)])


def answers(command: str, rows: tuple[Row, ...] = ROWS) -> dict[str, tuple[Found, ...]]:
    return {row.id: found for row, found in process_engine(command, 0.5).run(rows)}


LINE_BY_LINE = """
for line in sys.stdin:
    row = json.loads(line)
    start = row["text"].find("1234567")
    found = [{"entity": "MO_ID_CARD", "start": start, "end": start + 10, "score": 0.9}] if start >= 0 else []
    print(json.dumps({"id": row["id"], "findings": found}), flush=True)
"""
ALL_AT_THE_END = """
for row in reversed([json.loads(line) for line in sys.stdin]):
    print(json.dumps({"id": row["id"], "findings": []}))
"""


def test_answers_line_by_line(tmp_path: Path) -> None:
    found = answers(program(tmp_path, LINE_BY_LINE))
    assert found == {row.id: (Found("MO_ID_CARD", 4, 14, 0.9),) for row in ROWS}


def test_answers_all_at_the_end_and_in_another_order(tmp_path: Path) -> None:
    assert answers(program(tmp_path, ALL_AT_THE_END)) == {row.id: () for row in ROWS}


def test_many_rows_do_not_block_an_engine_that_answers_late(tmp_path: Path) -> None:
    rows = tuple(Row(f"r{n}", "x" * 1000, None, "en", "chat", "none", "", ()) for n in range(500))
    assert len(answers(program(tmp_path, ALL_AT_THE_END), rows)) == 500


def test_the_title_is_asked_and_answered_by_place(tmp_path: Path) -> None:
    body = """
for line in sys.stdin:
    row = json.loads(line)
    finding = {"entity": "CUSTOMER_DATA_TITLE", "start": 0, "end": len(row["title"]), "score": 1, "in": "title"}
    print(json.dumps({"id": row["id"], "findings": [finding]}))
"""
    assert answers(program(tmp_path, body), (TITLED,)) == {"t": (Found("CUSTOMER_DATA_TITLE", 0, 9, 1.0, TITLE),)}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("print('hello')", "line 1 is not", id="no JSON"),
        pytest.param("print('[]')", "line 1 is not", id="no object"),
        pytest.param("print(json.dumps({'id': 'r0'}))", "line 1 is not", id="no findings"),
        pytest.param(
            "print(json.dumps({'id': 'r0', 'findings': [{'entity': 'X'}]}))", "line 1 is not", id="half a finding"
        ),
        pytest.param(
            "print(json.dumps({'id': 'r0', 'findings': ["
            "{'entity': 'X', 'start': 0, 'end': 1, 'score': 1, 'in': 'footer'}]}))",
            "line 1 is not",
            id="a place that is none",
        ),
        pytest.param("print(json.dumps({'id': 'r9', 'findings': []}))", "'r9'", id="a row that was not asked"),
        pytest.param("print(json.dumps({'id': 'r0', 'findings': []}))\n" * 2, "is answered", id="a row twice"),
        pytest.param("print(json.dumps({'id': 'r0', 'findings': []}))", "2 rows not answered", id="rows left out"),
        pytest.param("pass", "3 rows not answered", id="nothing at all"),
        pytest.param("sys.exit(3)", "exit code 3", id="failure"),
    ],
)
def test_a_wrong_answer_ends_the_run_with_a_reason(tmp_path: Path, body: str, says: str) -> None:
    with pytest.raises(BenchError, match=says):
        answers(program(tmp_path, body))


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="cannot be started"):
        answers(str(tmp_path / "nothing"))


def test_a_program_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SILENCE", 0.5)
    with pytest.raises(BenchError, match="said nothing"):
        answers(program(tmp_path, "import time\ntime.sleep(60)"))


def test_cerco_answers_text_and_title() -> None:
    found = {row.id: here for row, here in cerco_engine(packaged_rules()).run([*ROWS, TITLED])}
    assert [(one.entity, one.start, one.end, one.place) for one in found["r0"]] == [("MO_ID_CARD", 4, 14, "text")]
    assert [(one.entity, one.place) for one in found["t"]] == [("CUSTOMER_DATA_TITLE", TITLE)]


def test_stock_presidio_finds_what_it_can() -> None:
    engine = presidio_engine()
    row = Row("p", "mail ana.silva@example.com, card 4111111111111111", None, "en", "chat", "none", "", ())
    ((_, found),) = engine.run([row])
    assert {"EMAIL_ADDRESS", "CREDIT_CARD"} <= {one.entity for one in found}
    assert engine.thresholds == (0.4, 0.6)
