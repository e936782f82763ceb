"""What is previewed is what there is: every state, every channel, every language."""

import json
import re
from collections import Counter

import pytest

from cerco.decide.wording import LANGUAGES
from cerco.desk.layout import CSP
from cerco.desk.preview import index, samples
from cerco.state.grants import State
from tests.desk.pages import BOOK, FILLED_IN, Page

MADE = list(samples(FILLED_IN, BOOK, host="notice.test", fingerprint="ab" * 32))
STATES: tuple[State, ...] = ("waiting", "open", "used", "over", "limited")


def test_everything_is_there_in_every_language() -> None:
    by_name = Counter(sample.name for sample in MADE)
    assert set(by_name.values()) == {len(LANGUAGES)}
    assert len({sample.file for sample in MADE}) == len(MADE)
    for state in STATES:
        assert f"notice-reason-{state}" in by_name
    for name in ("answer-oapi-blocked", "answer-lwp-asks", "toast", "dialog-reason", "setup-ios", "home", "missing"):
        assert name in by_name


@pytest.mark.parametrize("sample", [one for one in MADE if one.name.startswith("answer")], ids=lambda one: one.file)
def test_channels_are_answered_in_their_own_form(sample: object) -> None:
    content = getattr(sample, "content", "")
    body = content.partition("\n\n")[2] or content
    if "<Error>" in body:
        assert "<Code>AccessDenied</Code>" in body
    else:
        assert "C-7K3M-9QXT" in json.dumps(json.loads(body))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_the_pages(language: str) -> None:
    pages = [one for one in MADE if one.language == language and one.group in {"notice page", "other pages"}]
    assert len(pages) == 20
    for one in pages:
        assert Page(one.content).all("html") == [{"lang": language}]
        style = re.search(r"<style>(.*?)</style>", one.content, re.DOTALL)
        assert style
        assert "sha256-" in CSP


def test_the_index_leads_to_all_of_them() -> None:
    links = {link["href"] for link in Page(index(MADE)).all("a")}
    assert {sample.file for sample in MADE} <= links


def test_reasons_are_the_sites_own() -> None:
    waiting = next(one for one in MADE if one.file == "notice-reason-waiting.pt.html")
    assert BOOK.policy.justify.reasons[0].words.pt in waiting.content
