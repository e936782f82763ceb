from collections.abc import Callable
from pathlib import Path

import pytest

from cerco.decide.load import load
from cerco.extract.text import Text
from cerco.scan.detector import Detector
from cerco.scan.finding import Finding
from cerco.scan.rule import DetectRule

FOLDER = Path(__file__).parents[2] / "rules" / "detect"

type Scan = Callable[..., tuple[Finding, ...]]


@pytest.fixture(scope="session")
def rules() -> tuple[DetectRule, ...]:
    """The shipped rules."""
    return tuple(load(path.read_text("utf-8"), path.name, DetectRule) for path in sorted(FOLDER.glob("*.yaml")))


@pytest.fixture(scope="session")
def detector(rules: tuple[DetectRule, ...]) -> Detector:
    return Detector(rules, b"a key for tests, 32 bytes long..")


@pytest.fixture(scope="session")
def scan(detector: Detector) -> Scan:
    """Scan one text by the shipped rules; names, telephone numbers and other contacts are left out."""

    def one(content: str, role: str = "text") -> tuple[Finding, ...]:
        return severe(detector, Text("place", content, role))

    return one


def severe(detector: Detector, *texts: Text) -> tuple[Finding, ...]:
    """Return what is found in the texts of one message but contacts, which stand in every honest letter."""
    return tuple(finding for finding in detector.scan(texts) if finding.severity != "low")
