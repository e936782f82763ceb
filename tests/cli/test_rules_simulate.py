import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cerco.cli import main
from cerco.decide.when import Way
from cerco.dingtalk.outbound import Actor, Channel, Destination, Outbound
from cerco.extract.text import Text
from cerco.runtime import authority
from cerco.runtime.authority import derive, site_key
from cerco.runtime.recording import Passage, Recorder, Watch, examine
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules
from cerco.runtime.telemetry import Telemetry
from cerco.scan.detector import Detector
from cerco.state.traffic import Traffic

NOW = datetime.now(UTC)
IDENTITY = "澳門居民身份證號碼 5123456(7)"  # made up
TEXTS = (IDENTITY, "下星期的例會改在三樓會議室", f"{IDENTITY} <script>alert(1)</script>")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose gate has kept three requests: two of this hour, one of forty days ago."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "cerco.yaml").write_text("data: data\nkeys: keys\n")
    (folder / "data").mkdir()
    authority.create(folder / "keys", "test")
    secret = site_key(folder / "keys")
    traffic = Traffic(folder / "data/traffic.db", derive(secret, "traffic"), keep=timedelta(days=60), most=10**8)
    recorder = Recorder(traffic, derive(secret, "sender"), Telemetry(), lambda: NOW)
    detector = Detector(load_rulebook(packaged_rules()).rules, derive(secret, "fingerprint"))
    outbound = Outbound(Actor("10.0.0.8"), Destination("oapi.dingtalk.com", "mainland"), Channel.OAPI, "x", ())
    for number, text in enumerate(TEXTS):
        watch = Watch(detector)
        examine(detector, [Text("text.content", text)], watch)
        at = NOW - timedelta(days=40 if number == 2 else 0)
        recorder.offer(Passage(f"C-7K3M-9QX{number}", at, Way.of(outbound, at), "blocked"), watch)
    recorder.close()
    traffic.close()
    draft = folder / "draft"
    shutil.copytree(packaged_rules(), draft)
    (draft / "detect/macau-id-card.yaml").write_text(
        (draft / "detect/macau-id-card.yaml").read_text("utf-8").replace("status: stable", "status: retired"), "utf-8"
    )
    return folder


def simulate(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["rules", "simulate", "--config", str(site / "cerco.yaml"), "--draft", str(site / "draft"), *arguments]
    )


def test_the_table_says_what_changes_and_where_to_look(site: Path) -> None:
    shown = simulate(site)
    assert shown.exit_code == 0, shown.output
    assert "2 of 3 requests" in shown.stdout
    assert "macau-id-card" in shown.stdout
    assert "C-7K3M-9QX0" in shown.stdout
    assert "5••••••(7)" in shown.stdout
    assert "BLOCK → ALLOW" in shown.stdout
    assert "5123456" not in shown.output


def test_json_is_one_object(site: Path) -> None:
    data = json.loads(simulate(site, "--json", "--since", "30d").stdout)
    assert (data["requests"], data["changed"]) == (2, 1)
    assert data["rules"][0]["kinds"] == {"freed": 1}
    assert data["unasked"] == []


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "pt", "en"])
def test_the_page_is_a_file_of_its_own_without_a_script(site: Path, tmp_path: Path, language: str) -> None:
    page = tmp_path / "report.html"
    shown = simulate(site, "--html", str(page), "--language", language)
    assert str(page) in shown.stdout
    text = page.read_text("utf-8")
    assert f'<html lang="{language}">' in text
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "5••••••(7)" in text
    assert "5123456" not in text


def test_a_rule_with_new_words_is_named_with_what_to_do(site: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    shutil.copytree(packaged_rules(), draft)
    made = CliRunner().invoke(
        main,
        ["rules", "new", "canteen", "--phrase", "en=canteen menu", "--title", "zh-Hant=x", "--title", "zh-Hans=x",
         "--title", "pt=x", "--title", "en=x", "--explain", "zh-Hant=x", "--explain", "zh-Hans=x", "--explain", "pt=x",
         "--explain", "en=x", "--severity", "low", "--example", "en=The canteen menu", "--near-miss", "en=The canteen",
         "--rules", str(draft)],
    )  # fmt: skip
    assert (draft / "detect/canteen.yaml").is_file(), made.output
    shown = CliRunner().invoke(main, ["rules", "simulate", "--config", str(site / "cerco.yaml"), "--draft", str(draft)])
    assert "canteen: 3 requests could not be judged" in shown.stdout
    assert "--corpus" in shown.stdout
    assert "0 of 3 requests" in shown.stdout


def test_a_corpus_of_lines_is_scanned_by_both(site: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "texts.jsonl"
    rows = [{"id": number, "text": text} for number, text in enumerate(TEXTS)]
    corpus.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    data = json.loads(simulate(site, "--corpus", str(corpus), "--json").stdout)
    assert (data["requests"], data["changed"]) == (3, 2)
    assert {one["reference"] for one in data["rules"][0]["examples"]} == {"0", "2"}


def test_a_folder_of_files_is_scanned_by_both(site: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(IDENTITY, "utf-8")
    (tmp_path / "below").mkdir()
    (tmp_path / "below/clean.txt").write_text(TEXTS[1], "utf-8")
    data = json.loads(simulate(site, "--corpus", str(tmp_path), "--json").stdout)
    assert (data["requests"], data["changed"]) == (2, 1)
    assert data["rules"][0]["examples"][0]["reference"].endswith("letter.txt")


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", ":1: is not JSON"), ('{"words": "x"}', ":1: has no text in `text`")],
    ids=["no JSON", "no text"],
)
def test_a_line_that_is_no_text_ends_the_run(site: Path, tmp_path: Path, line: str, said: str) -> None:
    corpus = tmp_path / "texts.jsonl"
    corpus.write_text(line, "utf-8")
    shown = simulate(site, "--corpus", str(corpus))
    assert shown.exit_code == 2
    assert said in shown.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "soon"), "--since is no span"),
        (("--since", "30d", "--corpus", "."), "Leave it out with --corpus"),
    ],
)
def test_wrong_usage_says_what_to_do(site: Path, arguments: tuple[str, ...], said: str) -> None:
    shown = simulate(site, *arguments)
    assert shown.exit_code == 2
    assert said in shown.output


def test_where_nothing_was_kept_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cerco.yaml").write_text("data: data\n")
    shown = CliRunner().invoke(
        main, ["rules", "simulate", "--config", str(tmp_path / "cerco.yaml"), "--draft", str(packaged_rules())]
    )
    assert shown.exit_code == 2
    assert "nothing was kept" in shown.output
    assert "--corpus" in shown.output


def test_a_draft_with_faults_is_refused_with_all_of_them(site: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    shutil.copytree(packaged_rules(), draft)
    (draft / "policy.yaml").write_text("label: x\n", "utf-8")
    (draft / "detect/iban.yaml").write_text("id: other\n", "utf-8")
    shown = CliRunner().invoke(main, ["rules", "simulate", "--config", str(site / "cerco.yaml"), "--draft", str(draft)])
    assert shown.exit_code == 2
    assert "policy.yaml:1" in shown.output
    assert "iban.yaml:1" in shown.output
