"""What reads a file here reads it in a confined process too: nothing it needs is loaded too late."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from cerco.decide.load import load
from cerco.extract.text import Limits
from cerco.runtime.scanner_process import scan_file
from cerco.runtime.scanners import ScannerPool
from cerco.scan.detector import Detector
from cerco.scan.rule import DetectRule
from tests.data.files import business, libreoffice, locked, pdfs
from tests.data.files.planting import Made, every

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = b"k" * 32
RULES = [load(path.read_text("utf-8"), path.name, DetectRule) for path in sorted(Path("rules/detect").glob("*.yaml"))]
DETECTOR = Detector(RULES, KEY)
MADE = (*libreoffice.files(), *locked.files(), *pdfs.files(), *business.clean())
FILES = [pytest.param(made, id=made.name) for made in every(iter(MADE))]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool() -> AsyncIterator[ScannerPool]:
    made = ScannerPool(RULES, KEY, size=1, deadline=30, memory=512 * 1024 * 1024, limits=Limits())
    await made.start()
    yield made
    await made.close()


@pytest.mark.parametrize("made", FILES)
async def test_a_confined_process_finds_the_same(pool: ScannerPool, made: Made) -> None:
    report = await pool.scan_file(made.data, made.name, "upload")
    here = scan_file(DETECTOR, made.data, made.name, "upload", Limits())
    assert list(report.findings) == here.findings
    assert list(report.coverage) == here.coverage
