import json
from pathlib import Path
from typing import Any

import pytest

from cerco.bench.rows import ENTITIES, FILES, TITLE, BenchError, Label, load_rows
from tests.bench.conftest import FOLDER

SPAN = {"entity": "MO_ID_CARD", "start": 0, "end": 8, "value_kind": "bir"}
ROW: dict[str, Any] = {
    "id": "a", "split": "tune", "text": "12345678", "language": "en", "register": "chat", "template": "t",
    "technique": "none", "negative": False, "entity": "MO_ID_CARD", "spans": [SPAN],
}  # fmt: skip


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    for name in FILES:
        lines = [json.dumps(row) for row in rows] if name == "positives" else []
        (folder / f"{name}.tune.jsonl").write_text("".join(f"{line}\n" for line in lines))
    return folder


def test_the_bench_itself_can_be_read() -> None:
    rows = load_rows(FOLDER, ["tune", "test"])
    assert {row.negative for row in rows} == {True, False}
    assert {label.entity for row in rows for label in row.labels} == set(ENTITIES)
    assert any(label.place == TITLE for row in rows for label in row.labels)


def test_a_row_becomes_what_it_says(tmp_path: Path) -> None:
    (row,) = load_rows(written(tmp_path, ROW), ["tune"])
    assert (row.id, row.text, row.title, row.negative) == ("a", "12345678", None, False)
    assert row.labels == (Label("MO_ID_CARD", 0, 8),)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({**ROW, "spans": [{**SPAN, "end": 9}]}, id="a label past the end"),
        pytest.param({**ROW, "spans": [{**SPAN, "start": 8}]}, id="an empty label"),
        pytest.param({**ROW, "spans": [{**SPAN, "in": TITLE}]}, id="a label in a title that is not there"),
        pytest.param({key: value for key, value in ROW.items() if key != "text"}, id="no text"),
    ],
)
def test_a_line_that_is_no_row_is_named(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(BenchError, match=r"positives\.tune\.jsonl:2: not a row"):
        load_rows(written(tmp_path, ROW, wrong), ["tune"])


def test_a_folder_without_the_bench_says_so(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="--data"):
        load_rows(tmp_path, ["tune"])
