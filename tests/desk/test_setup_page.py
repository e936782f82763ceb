"""Every device has its steps, its own first; and people are told what the law says they are told."""

import re

import pytest

from cerco.decide.wording import LANGUAGES
from cerco.desk.layout import Site
from cerco.desk.setup_page import CERTIFICATE, DEVICES, PROFILE, Device, device, render
from cerco.desk.texts import TEXTS
from tests.desk.pages import FILLED_IN, Page

FINGERPRINT = "ab" * 32


def shown(language: str = "en", kind: Device | None = None, *, secure: bool = False, site: Site = FILLED_IN) -> Page:
    test = "https://notice.test/setup"
    return Page(render(language, site, kind=kind, fingerprint=FINGERPRINT, test=test, secure=secure))


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15", "macos"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "ios"),
        ("Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "ios"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile", "android"),
        ('"Android" Mozilla/5.0 (X11; Linux x86_64)', "android"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "linux"),
        ("curl/8.10", None),
        ("", None),
    ],
)
def test_what_asks(agent: str, kind: Device | None) -> None:
    assert device(agent) == kind


@pytest.mark.parametrize("kind", DEVICES)
def test_its_own_steps_come_first_and_open(kind: Device) -> None:
    page = shown(kind=kind)
    details = page.all("details")
    assert len(details) == len(DEVICES)
    assert ["open" in one for one in details] == [True] + [False] * (len(DEVICES) - 1)
    first = page.words[page.words.index(TEXTS.setup.install.en) :]
    name = getattr(TEXTS.setup, kind).en
    assert first.index(name) < min(first.index(getattr(TEXTS.setup, other).en) for other in DEVICES if other != kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_there(language: str) -> None:
    page = shown(language)
    filled = {"folder": "/usr/local/share/ca-certificates", "command": "update-ca-certificates"}
    for name in type(TEXTS.setup).model_fields:
        if re.search(r"_\d$", name):
            assert getattr(TEXTS.setup, name).say(language, **filled) in page.words
    offered = [link["href"] for link in page.all("a") if "download" in link]
    assert offered.count(f"/{PROFILE}") == 2
    assert offered.count(f"/{CERTIFICATE}") == 3


def test_the_fingerprint_can_be_compared() -> None:
    assert " ".join(["AB"] * 32) in shown().words


def test_without_a_certificate_none_is_offered() -> None:
    page = Page(render("en", FILLED_IN, kind="ios", fingerprint=None, test="https://n/", secure=False))
    assert [link for link in page.all("a") if "download" in link] == []
    assert TEXTS.setup.none.en in page.words


def test_over_tls_the_device_is_ready() -> None:
    assert TEXTS.setup.ready.en in shown(secure=True).words
    assert TEXTS.setup.test_link.en not in shown(secure=True).words
    assert "https://notice.test/setup" in [link["href"] for link in shown().all("a")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_notice_has_everything_article_10_asks_for(language: str) -> None:
    """Who, what for, to whom, whether one must, and the rights of access and rectification (Law 8/2005, art. 10)."""
    page, text = shown(language), TEXTS.privacy
    assert "privacy" in [attributes.get("id") for _, attributes in page.tags]
    for row in ("purpose", "inspected", "spared", "kept", "recipients", "duty", "rights"):
        assert getattr(text, row).say(language) in page.words
        assert getattr(text, f"{row}_text").say(language) in page.words
    for row in ("controller", "retention", "contact", "complaint"):
        assert getattr(text, row).say(language) in page.words
    for filled_in in ("Company, Lda.", "IT, 2871 0000", "five years"):
        assert filled_in in page.words
    assert "https://rules.test/" in [link["href"] for link in page.all("a")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_filled_in_is_said_in_general(language: str) -> None:
    page, text = shown(language, site=Site()), TEXTS.privacy
    for said in (text.controller_text, text.retention_text, TEXTS.page.ask_nobody):
        assert said.say(language) in page.words
