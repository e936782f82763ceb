"""Cerco as a library: the reports that other programs get, and that they are the ones `cerco scan` prints."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import cerco
from cerco.cli import console, main
from cerco.decide.load import RuleErrors
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules
from cerco.scan.names import OFF

IDENTITY = "5123456(7)"  # made up
SENTENCE = f"客戶的澳門居民身份證號碼 {IDENTITY}，謝謝"


@pytest.fixture(scope="module")
def inspector() -> cerco.Inspector:
    return cerco.Inspector.from_rules(key=b"k" * 32)


def test_a_text_is_reported_with_places_that_lead_back_to_it(inspector: cerco.Inspector) -> None:
    report = inspector.inspect_text(SENTENCE)
    (finding,) = report.findings
    assert report.verdict == "BLOCK"
    assert report.coverage == ()
    assert (finding.entity, finding.rule, finding.place) == ("MO_ID_CARD", "macau-id-card", "message")
    assert SENTENCE[finding.start : finding.end] == IDENTITY
    assert IDENTITY not in repr(report) + json.dumps(report.to_json())
    assert "checksum" not in "".join(finding.reasons), "no public check digit is known"


def test_a_text_without_anything_is_allowed(inspector: cerco.Inspector) -> None:
    report = inspector.inspect_text("下星期的例會改在三樓會議室，訂單編號 51234567")
    assert (report.verdict, report.findings, report.decisions) == ("ALLOW", (), ())


def test_a_title_speaks_for_the_text_below_it(inspector: cerco.Inspector) -> None:
    assert inspector.inspect_text("5123456").findings == ()
    report = inspector.inspect_text("51234567", title="澳門居民身份證號碼")
    assert [finding.entity for finding in report.findings] == ["MO_ID_CARD"]
    assert "customer-data-title" in {one.rule for one in inspector.inspect_text("x", title="客戶名單").findings}


@pytest.mark.parametrize("as_path", [True, False], ids=["path", "bytes"])
def test_a_file_is_reported_under_its_name(inspector: cerco.Inspector, tmp_path: Path, *, as_path: bool) -> None:
    data = f"姓名,身份證\n陳大文,{IDENTITY}\n".encode("big5")
    (tmp_path / "客戶名單.csv").write_bytes(data)
    given = inspector.inspect_file(tmp_path / "客戶名單.csv" if as_path else data, None if as_path else "客戶名單.csv")
    assert given.verdict == "BLOCK"
    assert {"customer-data-title", "macau-id-card"} <= {finding.rule for finding in given.findings}


def test_what_cannot_be_read_is_in_the_report(inspector: cerco.Inspector) -> None:
    report = inspector.inspect_file(b"\x00\x01\x02\x03" * 4096, "a.bin")
    assert [str(gap.why) for gap in report.coverage] == ["unknown_format"]
    assert report.decisions, "the policy says what becomes of it"


def test_a_path_that_is_not_there_is_the_callers_to_see_to(inspector: cerco.Inspector, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        inspector.inspect_file(tmp_path / "none.txt")


def test_rules_with_faults_are_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "detect").mkdir()
    (tmp_path / "detect" / "x.yaml").write_text("id: y\n")
    with pytest.raises(RuleErrors):
        cerco.Inspector.from_rules(tmp_path)


def test_the_report_says_what_the_search_went_without(inspector: cerco.Inspector) -> None:
    assert inspector.inspect_text("x").degraded == ()
    without = cerco.Inspector(load_rulebook(packaged_rules()), names="off").inspect_text("x")
    assert without.degraded == (OFF,)
    assert without.to_json()["degraded"] == [OFF]


@pytest.mark.parametrize("names", ["true", "false"])
def test_the_command_prints_the_same_report(
    inspector: cerco.Inspector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "PLACES", (Path("cerco.yaml"),))
    (tmp_path / "cerco.yaml").write_text(f"limits:\n  names: {names}\n")
    shown = json.loads(CliRunner().invoke(main, ["scan", "-", "--json"], input=SENTENCE).stdout)
    expected = json.loads(json.dumps({"input": "-", **inspector.inspect_text(SENTENCE).to_json()}))
    assert shown.pop("degraded") == ([OFF] if names == "false" else [])
    del expected["degraded"]
    for finding in (*shown["findings"], *expected["findings"]):
        del finding["fingerprint"]  # there is no site key here, so each run has its own
    assert shown == expected
