"""The script fits into any page, and is told what the page says, in words only."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any

import pytest

from cerco.decide.wording import LANGUAGES
from cerco.desk.in_page import PATH, ROWS_SHOWN, flawed, script, source_hash, told
from cerco.desk.notice_page import found, render
from cerco.extract.text import Why
from cerco.state.grants import State
from tests.desk.pages import Page, contrast, finding, notice

CODE = script(token="TOKEN", notice="https://notice.test/", parent="https://im.dingtalk.com")


def config(code: str) -> dict[str, Any]:
    start = code.index("const config = ") + len("const config = ")
    read: tuple[dict[str, Any], int] = json.JSONDecoder().raw_decode(code[start:])
    return read[0]


def test_it_reads_alike_in_every_charset() -> None:
    assert CODE.isascii()
    assert all(CODE.encode(charset).decode("ascii") == CODE for charset in ("utf-8", "gb18030", "big5", "iso-2022-jp"))


def test_nothing_in_it_ends_it_early() -> None:
    """HTML looks for these in scripts, whatever the script means by them (WHATWG HTML, 4.12.1.3)."""
    hostile = script(token="</script><!--", notice="https://x/", parent="<script>")
    for code in (CODE, hostile):
        assert not re.search(r"</script|<!--|<script", code, re.IGNORECASE)
    assert config(hostile)["token"] == "</script><!--"


def test_it_knows_where_to_ask_and_what_to_say_alone() -> None:
    given = config(CODE)
    assert (given["path"], given["token"], given["notice"]) == (PATH, "TOKEN", "https://notice.test/")
    assert given["parent"] == "https://im.dingtalk.com"
    assert set(given["words"]) == set(given["languages"]) == set(LANGUAGES)
    assert given["words"]["pt"]["stopped"] == "Não enviado"


def test_its_hash_is_that_of_the_element() -> None:
    assert source_hash(CODE) == f"'sha256-{b64encode(sha256(CODE.encode()).digest()).decode()}'"


def test_it_makes_no_markup() -> None:
    source = files("cerco.desk").joinpath("in_page.js").read_text("ascii")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|javascript:", source
    )
    assert source.count("window.fetch") == 1  # taken once, before the page's own scripts run
    assert all(line.count("`") % 2 == 0 for line in source.splitlines())  # lines lose their indentation


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_page_says(language: str) -> None:
    shown = notice(finding(), gaps=(Why.ENCRYPTED,))
    page = Page(render(shown, language)).words
    said = told(shown, language)
    assert said["lead"] in page
    assert [place for _, place, _ in said["rows"]] == [place for _, place, _ in found(shown, language)]
    for line, _ in said["next"]:
        assert line in page
    assert said["asking"] is None
    assert said["words"]["language"] == language
    assert "1••••••(8)" in json.dumps(said, ensure_ascii=False)
    assert not re.search(r"FINGERPRINT|REASON|body >|<", json.dumps(said))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_asked_for_with_the_same_words(language: str) -> None:
    shown = notice(finding(), state="waiting")
    page = Page(render(shown, language)).words
    asking = told(shown, language)["asking"]
    for key in ("lead", "reason", "sentence", "hint", "kept", "submit"):
        assert asking[key] in page
    for _, words in asking["reasons"]:
        assert words in page


@pytest.mark.parametrize(
    ("state", "mood", "asks"),
    [("waiting", "asks", True), ("open", "open", False), ("used", "passed", False), ("over", "stopped", False)],
)
def test_it_is_told_how_a_refusal_stands(state: State, mood: str, asks: bool) -> None:
    said = told(notice(finding(), state=state), "en")
    assert said["mood"] == mood
    assert (said["asking"] is not None) is asks
    assert bool(said["steps"]) is (state == "open")


def test_a_long_list_is_cut() -> None:
    rows = (finding(place=f"body > a.csv > text > line {n}") for n in range(40))
    assert len(told(notice(*rows), "en")["rows"]) == ROWS_SHOWN


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flaw", ["choose", "write", "shorten", "stale"])
def test_a_flaw_is_said(flaw: str, language: str) -> None:
    said = flawed(flaw, language)
    assert said["flaw"] == flaw
    assert said["said"]
    assert "{" not in said["said"]


def test_every_colour_can_be_read() -> None:
    """Text on its ground is at least 4.5 : 1, the edge of a field 3 : 1, in both schemes (WCAG 2.2, 1.4.3, 1.4.11)."""
    style = files("cerco.desk").joinpath("in_page.css").read_text("ascii")
    light, dark = (
        dict(re.findall(r"--(\w+): (#\w+)", row)) for row in style.split("\n") if "--ground" in row and "--ink:" in row
    )
    for colours in (light, dark):
        for ink in ("ink", "quiet", "link", "stop", "ask", "pass"):
            assert contrast(colours[ink], colours["ground"]) >= 4.5
            assert contrast(colours[ink], colours["well"]) >= 4.5
        assert contrast(colours["on"], colours["link"]) >= 4.5
        assert contrast(colours["stop"], colours["soft"]) >= 4.5
        assert contrast(colours["edge"], colours["ground"]) >= 3
