import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "data" / "mo-pii-bench"
Row = dict[str, Any]


def read(name: str) -> list[Row]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def halves() -> dict[str, list[Row]]:
    """All rows by half."""
    return {half: [*read(f"positives.{half}.jsonl"), *read(f"negatives.{half}.jsonl")] for half in ("tune", "test")}


@pytest.fixture(scope="session")
def rows(halves: dict[str, list[Row]]) -> list[Row]:
    return [row for half in halves.values() for row in half]
