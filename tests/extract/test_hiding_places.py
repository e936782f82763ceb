"""Whatever people can put a value into, it is found there, at a place they understand; and clean files stay clean."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from cerco.decide.load import load
from cerco.extract.place import place as safe
from cerco.extract.text import Limits, Unreadable, Why
from cerco.runtime.scanner_process import Outcome, scan_file
from cerco.scan.detector import Detector
from cerco.scan.mask import fingerprint
from cerco.scan.rule import DetectRule
from tests.data.files.make_files import clean, families, files
from tests.data.files.planting import Made, Planted

RULES = Path(__file__).parents[2] / "rules" / "detect"
KEY = b"a key for tests, 32 bytes long.."
ENTITY = "MO_ID_CARD"
OUTER = "upload"
# What is in every signature is found in these, and the policy lets it pass.
EVERYDAY = {"offices": {"phone-number"}, "clean": {"email-address", "person-name"}}
OFFICE = {"invoices", "orders", "prices", "measures", "stock", "newsletter", "laws", "software"}
_PICTURE = re.compile(r"> picture( \d+)?\Z")

FILES = [pytest.param(made, id=f"{name}:{made.name}") for name, family in families().items() for made in files(family)]
UNSUSPICIOUS = {f"{name}:{made.name}": made for name, family in families().items() for made in clean(family)}
CLEAN = [pytest.param(made, id=name) for name, made in UNSUSPICIOUS.items()]


@cache
def detector() -> Detector:
    rules = [load(path.read_text("utf-8"), path.name, DetectRule) for path in sorted(RULES.glob("*.yaml"))]
    return Detector(rules, KEY)


def scan(made: Made) -> Outcome:
    return scan_file(detector(), made.data, made.name, OUTER, Limits(ocr_seconds=300))


def is_at(place: str, planted: Planted) -> bool:
    """Tell whether the place contains the expected pieces, one after the other."""
    at = 0
    for piece in map(safe, planted.place):
        found = place.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


@pytest.mark.parametrize("made", FILES)
def test_each_value_is_found_at_its_place(made: Made) -> None:
    outcome = scan(made)
    places: dict[str, list[str]] = {}
    for finding in outcome.findings:
        places.setdefault(finding.fingerprint, []).append(finding.place)
    missed = []
    for planted in made.planted:
        found = places.get(fingerprint(ENTITY, planted.value, KEY), [])
        if not any(is_at(place, planted) for place in found):
            missed.append((planted.hiding, planted.place, found))
    assert missed == []


@pytest.mark.parametrize("made", FILES)
def test_what_cannot_be_read_is_said_and_nothing_else_is(made: Made) -> None:
    def is_meant(gap: Unreadable, piece: str, why: str) -> bool:
        return safe(piece) in gap.place and gap.why == why

    gaps = scan(made).coverage
    unsaid = [wanted for wanted in made.gaps if not any(is_meant(gap, *wanted) for gap in gaps)]
    # Office programs add previews in formats that nobody else draws.
    others = [gap for gap in gaps if gap.why is not Why.UNKNOWN_FORMAT or not _PICTURE.search(gap.place)]
    surplus = [gap for gap in others if not any(is_meant(gap, *wanted) for wanted in made.gaps)]
    assert (unsaid, surplus) == ([], [])


@pytest.mark.parametrize("made", CLEAN)
def test_a_clean_file_is_clean(made: Made) -> None:
    outcome = scan(made)
    assert {finding.rule for finding in outcome.findings} <= EVERYDAY.get(made.name.partition(".")[0], set())
    assert outcome.coverage == []
    assert outcome.bytes_read > 0


def test_clean_files_are_many() -> None:
    assert sum(made.name.partition(".")[0] not in EVERYDAY for made in UNSUSPICIOUS.values()) >= 50


@pytest.mark.parametrize("name", ["身份證.xlsx", "客戶名單.docx", "BIR.zip", "銀行賬戶.pdf"])
@pytest.mark.parametrize("letter", [one for one, made in UNSUSPICIOUS.items() if made.name.partition(".")[0] in OFFICE])
def test_no_name_makes_a_clean_file_guilty(letter: str, name: str) -> None:
    outcome = scan(replace(UNSUSPICIOUS[letter], name=name))
    assert [finding.rule for finding in outcome.findings if finding.severity != "low"] == []
