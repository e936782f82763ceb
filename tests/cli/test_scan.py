import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import cerco.runtime.scanners
from cerco.cli import console, main
from cerco.cli.scan_reports import fingerprint_key
from cerco.runtime import authority
from cerco.runtime.scanners import ScannerError, ScannerPool
from cerco.runtime.settings import Settings

# Made up for these tests; nobody's.
CARD = "1593046(7)"
DIRTY = f"請查收,澳門居民身份證號碼 {CARD},謝謝"
CLEAN = "明天下午三點開會,地點在三樓會議室。"


def scan(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["scan", *arguments], input=stdin)


def objects(shown: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in shown.stdout.splitlines()]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where no cerco.yaml is, so that the shipped rules apply."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "PLACES", (Path("cerco.yaml"),))


def test_a_clean_message_is_exit_0() -> None:
    shown = scan("-", "--json", stdin=CLEAN)
    assert shown.exit_code == 0, shown.output
    assert objects(shown) == [
        {
            "input": "-",
            "verdict": "ALLOW",
            "decisions": [],
            "observed": False,
            "findings": [],
            "coverage": [],
            "degraded": [],
        }
    ]


def test_a_message_with_an_identity_card_is_blocked_and_exit_1() -> None:
    shown = scan("-", "--json", stdin=DIRTY)
    assert shown.exit_code == 1
    (one,) = objects(shown)
    assert one["verdict"] == "BLOCK"
    assert one["decisions"]
    (finding,) = one["findings"]
    assert (finding["entity"], finding["rule"], finding["place"]) == ("MO_ID_CARD", "macau-id-card", "message")
    assert DIRTY[finding["start"] : finding["end"]] == CARD


@pytest.mark.parametrize("arguments", [["-"], ["-", "--json"]], ids=" ".join)
def test_the_value_itself_is_never_shown(arguments: list[str]) -> None:
    shown = scan(*arguments, stdin=DIRTY)
    assert "BLOCK" in shown.output
    assert CARD[:7] not in shown.output


def test_a_table_has_a_row_for_each_finding() -> None:
    shown = scan("-", stdin=f"{DIRTY}\n身份證 1284763(4)")
    rows = [line for line in shown.stdout.splitlines() if "macau-id-card" in line]
    assert len(rows) == 2
    assert shown.stdout.count("BLOCK") == 1


def test_files_are_opened_and_named_by_place(tmp_path: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside/note.txt", DIRTY)
    (tmp_path / "a.zip").write_bytes(packed.getvalue())
    (tmp_path / "b.txt").write_text(CLEAN)
    shown = scan("a.zip", "b.txt", "--json")
    assert shown.exit_code == 1
    dirty, clean = objects(shown)
    assert (dirty["input"], dirty["verdict"]) == ("a.zip", "BLOCK")
    assert "note.txt" in dirty["findings"][0]["place"]
    assert (clean["input"], clean["verdict"]) == ("b.txt", "ALLOW")


def test_a_name_that_announces_customer_data_counts(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(CLEAN)
    assert scan("x.txt").exit_code == 0
    shown = scan("x.txt", "--name", "客戶名單.txt", "--json")
    assert shown.exit_code == 1
    (one,) = objects(shown)
    assert one["verdict"] == "TAG"
    assert [(finding["rule"], finding["place"]) for finding in one["findings"]] == [
        ("customer-data-title", "file name")
    ]


def test_standard_input_with_a_name_is_a_file() -> None:
    shown = scan("-", "--name", "客戶名單.csv", "--json", stdin=CLEAN)
    (one,) = objects(shown)
    assert one["findings"][0]["place"] == "file name"


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(bytes(range(256)) * 40)
    (one,) = objects(scan("x.bin", "--json"))
    assert [gap["why"] for gap in one["coverage"]] == ["unknown_format"]
    assert "not read: unknown_format" in scan("x.bin").stdout


def test_a_file_above_the_gates_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("limits: {body: 1 KiB}\n")
    (tmp_path / "fits.txt").write_text("x" * 1024)
    (tmp_path / "large.txt").write_text("x" * 1025)
    fits, large = objects(scan("fits.txt", "large.txt", "--json"))
    assert fits["coverage"] == []
    assert [gap["why"] for gap in large["coverage"]] == ["too_large"]
    assert large["verdict"] == "BLOCK"


def test_fingerprints_compare_with_the_evidence_where_the_key_is_at_hand(tmp_path: Path) -> None:
    settings = Settings(keys=tmp_path / "keys")
    assert fingerprint_key(settings) != fingerprint_key(settings), "without a site, the key is random"
    authority.create(settings.keys, "test")
    assert fingerprint_key(settings) == authority.derive(authority.site_key(settings.keys), "fingerprint")


def test_another_rules_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    shown = scan("-", "--rules", "own", stdin=DIRTY)
    assert shown.exit_code == 2
    assert "own/policy.yaml" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        pytest.param(["missing.txt"], None, "missing.txt", id="no such file"),
        pytest.param(["a.txt", "b.txt", "--name", "c"], None, "--name", id="one name for two"),
        pytest.param(["-"], "客戶".encode("big5"), "UTF-8", id="not UTF-8"),
    ],
)
def test_wrong_usage_is_exit_2(tmp_path: Path, arguments: list[str], stdin: bytes | None, says: str) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(CLEAN)
    shown = scan(*arguments, stdin=stdin)
    assert shown.exit_code == 2
    assert says in shown.stderr
    assert "Traceback" not in shown.stderr


def test_scanners_that_do_not_start_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool(ScannerPool):
        async def start(self) -> None:
            raise ScannerError("No scanner process could be started: MemoryError.")

    monkeypatch.setattr(cerco.runtime.scanners, "ScannerPool", Pool)
    shown = scan("-", stdin=CLEAN)
    assert shown.exit_code == 2
    assert shown.stderr.splitlines() == ["cerco: No scanner process could be started: MemoryError. See: cerco doctor"]
