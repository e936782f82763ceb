import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cerco.bench.report import TARGETS, Column, markdown
from cerco.bench.rows import load_rows
from cerco.bench.score import score
from cerco.cli import main

SHIPPED = Path(__file__).parents[1] / "data" / "mo-pii-bench"
TEXT = "ID card 1234567(8) of CHAN TAI MAN"
POSITIVE = {
    "id": "p1", "split": "test", "text": TEXT, "language": "en", "register": "chat", "template": "t",
    "entity": "MO_ID_CARD", "technique": "none", "negative": False,
    "spans": [{"entity": "MO_ID_CARD", "start": 8, "end": 18, "value_kind": "bir"}],
}  # fmt: skip
HIDDEN = {
    **POSITIVE, "id": "p2", "technique": "base64",
    "spans": [{"entity": "MO_ID_CARD", "start": 8, "end": 18, "value_kind": "bir", "disguised": True}],
}  # fmt: skip
NEGATIVE = {
    "id": "n1", "split": "test", "text": "invoice 12345678", "language": "en", "register": "chat", "template": "u",
    "negative_kind": "invoice", "technique": "none", "negative": True, "spans": [],
}  # fmt: skip
# Finds every number of eight digits, brackets or not.
ENGINE = r"""
import json, re, sys
for line in sys.stdin:
    row = json.loads(line)
    hits = re.finditer(r"\d{7}(\(\d\)|\d)", row["text"])
    found = [{"entity": "MO_ID_CARD", "start": m.start(), "end": m.end(), "score": 0.7} for m in hits]
    print(json.dumps({"id": row["id"], "findings": found}), flush=True)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "positives.test.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in (POSITIVE, HIDDEN)))
    (folder / "negatives.test.jsonl").write_text(json.dumps(NEGATIVE) + "\n")
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> str:
    path = tmp_path / "greedy.py"
    path.write_text(ENGINE)
    return shlex.join([sys.executable, str(path)])


def bench(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["bench", *map(str, arguments)])


def columns(shown: Result) -> list[dict[str, Any]]:
    assert shown.exit_code == 0, shown.output
    return [json.loads(line) for line in shown.stdout.splitlines()]


def test_a_command_is_judged_by_what_it_answers(data: Path, engine: str) -> None:
    (one,) = columns(bench("--data", data, "--engine", engine, "--json"))
    identifiers = one["groups"]["identifiers"]
    assert (identifiers["labels"], identifiers["found"], identifiers["false_positives"]) == (1, 1, 1)
    assert one["techniques"]["base64"]["recall"] == 1.0
    assert one["negatives"] | {"kinds": None} == {
        "rows": 1, "flagged": 1, "false_positives": 1, "per_1000": 1000.0, "kinds": None,
    }  # fmt: skip
    assert one["splits"] == ["test"]


def test_the_threshold_decides_what_acts(data: Path, engine: str) -> None:
    (one,) = columns(bench("--data", data, "--engine", engine, "--threshold", "0.8", "--json"))
    assert one["groups"]["identifiers"]["found"] == 0
    assert one["negatives"]["flagged"] == 0


def test_engines_stand_side_by_side(data: Path, engine: str) -> None:
    shown = bench("--data", data, "--engine", "cerco", "--engine", engine)
    assert shown.exit_code == 0, shown.output
    heads = next(line for line in shown.stdout.splitlines() if line.startswith("measure"))
    assert heads.split()[1:] == ["cerco", Path(sys.executable).name, "≥0.5"]
    for heading in ("Overview", "Disguised identifiers by disguise", "Identifiers by language", "Negatives flagged"):
        assert heading in shown.stdout


def test_markdown_is_written_to_a_file(data: Path, tmp_path: Path) -> None:
    page = tmp_path / "RESULTS.md"
    shown = bench("--data", data, "--engine", "cerco", "--markdown", page)
    assert shown.exit_code == 0
    assert shown.stdout == ""
    text = page.read_text("utf-8")
    assert text.startswith("# Results on mo-pii-bench\n")
    assert "| MO_ID_CARD | 1 | 1.000 | 1.000 | 0 |" in text


def test_check_fails_with_the_target_that_is_missed(data: Path) -> None:
    hard = {**HIDDEN, "text": "ID card MTIzNDU2Nz and a very long word", "id": "p3"}
    (data / "positives.test.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in (POSITIVE, hard)))
    shown = bench("--data", data, "--engine", "cerco", "--check", "--json")
    assert shown.exit_code == 1
    assert "missed: recall of disguised identifiers: 0.000, target ≥ 0.9" in shown.stderr
    assert "recall of identifiers:" not in shown.stderr


def test_check_passes_when_all_targets_are_met(data: Path) -> None:
    shown = bench("--data", data, "--engine", "cerco", "--check", "--json")
    assert shown.exit_code == 0, shown.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--engine", "presidio", "--check"], "--check judges Cerco", id="nothing to check"),
        pytest.param(["--engine", ""], "--engine is empty", id="no engine"),
        pytest.param(["--engine", "'"], "No closing quotation", id="half a command"),
        pytest.param(["--data", "/nowhere"], "--data", id="no data"),
        pytest.param(["--engine", "/nowhere/engine"], "cannot be started", id="no program"),
        pytest.param(["--split", "half"], "half", id="no such half"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_reason(arguments: list[str], says: str) -> None:
    shown = bench(*arguments)
    assert shown.exit_code == 2
    assert says in shown.output
    assert "Traceback" not in shown.output


def test_the_shipped_results_have_the_shape_that_the_command_writes() -> None:
    """Figures move with every rule; the tables, measures and entities must be those of today."""

    def shape(text: str) -> list[str]:
        lines = [line.split("|")[1].strip() if line.startswith("|") else line for line in text.splitlines()]
        return [one for one in lines if one not in {"", "---", "(others)"}]

    nothing_found = Column("cerco", 0, score(load_rows(SHIPPED, ["test"]), {}))
    assert shape((SHIPPED / "RESULTS.md").read_text("utf-8")) == shape(markdown([nothing_found], ["test"])), (
        "write it anew: cerco bench --markdown tests/data/mo-pii-bench/RESULTS.md"
    )


def test_every_target_is_a_share_or_a_count_that_can_be_missed() -> None:
    assert all(0 < target < 1 or not at_least for _, _, target, at_least in TARGETS)


def test_help_has_examples() -> None:
    shown = bench("--help")
    assert shown.exit_code == 0
    assert "Examples:" in shown.stdout
    assert "cerco bench --json" in shown.stdout
