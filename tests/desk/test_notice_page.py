"""The pages are whole, safe and readable: escaped, without script, under their own policy, in four languages."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from cerco.decide.notices import LANGUAGES, TEXTS
from cerco.decide.verdict import Action, Verdict
from cerco.desk.notice_page import CSP, PLACES_SHOWN, NoticeView, home, missing, render, view
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

REFERENCE = "C-7K3M-9QXT"
HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=y>"
VOID = {"meta", "input", "img", "br", "link"}


class Page(HTMLParser):
    """The tags of a page, checked for nesting on the way."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def finding(place: str = "表.xlsx > Sheet1 > row 3", masked: str = "1••••••(8)", entity: str = "MO_ID_CARD") -> Finding:
    return Finding("macau-id-card", entity, "high", 0.9, place, 0, 9, masked, "FINGERPRINT", ("REASON",))


def shown(
    *findings: Finding,
    gaps: tuple[Why, ...] = (),
    action: str = "BLOCK",
    contact: str | None = None,
    at: str = "2026-03-05T22:12:09Z",
) -> NoticeView:
    verdict = Verdict(Action.BLOCK, (), findings, tuple(Unreadable("a.zip > b", why) for why in gaps))
    return view(verdict, reference=REFERENCE, at=at, action=action, host="api.dingtalk.com", contact=contact)


PAGES = {
    f"{name}-{language}": (language, html)
    for language in LANGUAGES
    for name, html in (
        ("notice", render(shown(finding(), gaps=(Why.ENCRYPTED,), contact="IT, 2871 0000"), language)),
        ("fault", render(shown(), language)),
        ("tagged", render(shown(finding(entity="CUSTOMER_DATA_TITLE"), action="tagged"), language)),
        ("home", home(language)),
        ("missing", missing("C-0000-0000", language)),
    )
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_says_its_language(name: str) -> None:
    language, html = PAGES[name]
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>")
    assert page.all("html") == [{"lang": language}]
    assert {"charset": "utf-8"} in page.all("meta")
    assert [tag for tag, _ in page.tags if tag in {"header", "nav", "main", "footer"}] == [
        "header",
        "nav",
        "main",
        "footer",
    ]
    assert len(page.all("h1")) == len(page.all("title")) == 1
    headings = [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings == ["h1"] + ["h2"] * (len(headings) - 1)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert "{" not in page.words


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_lets_a_page_do_nothing_but_be_read(name: str) -> None:
    _, html = PAGES[name]
    page = Page(html)
    style = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(style) == 1
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()}'" in CSP
    assert CSP.startswith("default-src 'none'; ")
    assert "unsafe" not in CSP
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "svg", "base"}
    assert not [
        key for _, attributes in page.tags for key in attributes if key.startswith("on") or key in {"style", "src"}
    ]
    assert not re.search(r"url\(|@import|//", style[0])


@pytest.mark.parametrize("name", PAGES)
def test_the_reader_can_change_the_language(name: str) -> None:
    language, html = PAGES[name]
    links = Page(html).all("a")
    start = "/" if name.startswith(("home", "missing")) else ""
    assert [link["href"] for link in links] == [f"{start}?lang={code}" for code in LANGUAGES]
    assert [link["lang"] for link in links if link.get("aria-current") == "true"] == [language]


def test_on_dingtalks_own_address_the_links_lead_to_the_notice() -> None:
    links = Page(render(shown(finding()), "en", address=f"http://notice.test/{REFERENCE}")).all("a")
    assert links[2]["href"] == f"http://notice.test/{REFERENCE}?lang=pt"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_says_what_where_why_and_what_now(language: str) -> None:
    words = Page(render(shown(finding(), gaps=(Why.ENCRYPTED,), contact="IT, 2871 0000"), language)).words
    texts = TEXTS.page
    for text in (texts.stopped, texts.law, texts.next_remove, texts.next_internal, texts.next_wrong, texts.regulator):
        assert text.say(language) in words
    for text in (TEXTS.kinds["MO_ID_CARD"], TEXTS.gaps[Why.ENCRYPTED], TEXTS.remedies["encrypted"]):
        assert text.say(language) in words
    for shown_as_is in (
        REFERENCE,
        "api.dingtalk.com",
        "表.xlsx > Sheet1 > row 3",
        "1••••••(8)",
        "a.zip > b",
        "IT, 2871 0000",
    ):
        assert shown_as_is in words
    assert texts.ask_nobody.say(language) not in words
    assert "FINGERPRINT" not in words
    assert "REASON" not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_of_the_gate_is_no_accusation(language: str) -> None:
    page = Page(render(shown(), language))
    texts = TEXTS.page
    for text in (texts.unchecked, TEXTS.remedies["timed_out"], texts.ask_nobody):
        assert text.say(language) in page.words
    assert texts.next_remove.say(language) not in page.words
    assert page.all("table") == []


@pytest.mark.parametrize(
    ("action", "heading"),
    [
        ("BLOCK", "This was not sent"),
        ("JUSTIFY", "This was not sent"),
        ("blocked", "This was not sent"),
        ("TAG", "Sent with a warning label"),
        ("tagged", "Sent with a warning label"),
        ("ALLOW", "This was sent"),
        ("allowed", "This was sent"),
        ("observed", "This was sent"),
    ],
)
def test_the_heading_tells_what_happened(action: str, heading: str) -> None:
    html = render(shown(finding(), action=action), "en")
    assert re.findall(r"<h1>(.*?)</h1>", html) == [heading]
    assert (TEXTS.page.next_remove.en in html) is (heading == "This was not sent")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_comes_in_is_shown_and_not_obeyed(language: str) -> None:
    notice = NoticeView(
        reference=HOSTILE,
        at=HOSTILE,
        action=HOSTILE,
        host=HOSTILE,
        kinds={language: (HOSTILE,)},
        places=((HOSTILE, HOSTILE),),
        contact=HOSTILE,
        advice={language: (HOSTILE,)},
    )
    for html, times in (
        (render(notice, language, address=HOSTILE), 9),
        (missing("<script>alert(1)</script>\"'&<img src=x>", language), 0),
    ):
        page = Page(html)
        assert {"script", "img"}.isdisjoint(tag for tag, _ in page.tags)
        assert page.words.count(HOSTILE) == times
    assert "<script>" in Page(missing(HOSTILE, language)).words


def test_a_long_typed_reference_is_cut() -> None:
    words = Page(missing("A" * 5_000 + "\n", "en")).words
    assert "A" * 40 + "…" in words
    assert "A" * 41 not in words


def test_a_language_nobody_speaks_is_english() -> None:
    for html in (render(shown(finding()), "xx"), home("xx"), missing("a", "xx")):
        assert '<html lang="en">' in html
        assert "xx" not in html
    assert "Macau resident ID number" in render(shown(finding()), "xx")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        pytest.param("2026-03-05T22:12:09Z", "2026-03-06 06:12", id="UTC, next day in Macau"),
        pytest.param("2026-03-05T22:12:09+08:00", "2026-03-05 22:12", id="Macau's own"),
        pytest.param("2026-03-05T22:12:09", "2026-03-06 06:12", id="no zone is UTC"),
        pytest.param("yesterday", "yesterday", id="no time at all"),
    ],
)
def test_times_are_macaus(at: str, said: str) -> None:
    assert said in Page(render(shown(at=at), "en")).words


@pytest.mark.parametrize(("places", "rest"), [(PLACES_SHOWN, None), (PLACES_SHOWN + 5, "And 5 more.")])
def test_a_long_list_is_cut_and_says_so(places: int, rest: str | None) -> None:
    words = Page(render(shown(*(finding(place=f"row {n}.") for n in range(places))), "en")).words
    assert words.count("1••••••(8)") == PLACES_SHOWN
    assert ("more." in words) is (rest is not None)
    assert rest is None or rest in words


def test_the_same_place_is_listed_once() -> None:
    assert shown(finding(), finding()).places == (("表.xlsx > Sheet1 > row 3", "1••••••(8)"),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_looks_a_reference_up_and_says_what_is_read(language: str) -> None:
    page = Page(home(language))
    assert page.all("form") == [{"action": "/", "method": "get", "role": "search"}]
    fields = page.all("input")
    assert [field["name"] for field in fields] == ["ref", "lang"]
    assert fields[1]["value"] == language
    assert page.all("label") == [{"for": fields[0]["id"]}]
    for text in (TEXTS.page.inspected_text, TEXTS.page.not_inspected_text, TEXTS.page.kept_text, TEXTS.page.law):
        assert text.say(language) in page.words


def test_every_colour_can_be_read() -> None:
    """Text on its ground is at least 4.5 : 1 in the light and the dark scheme (WCAG 2.2, 1.4.3)."""
    style = re.search(r"<style>(.*?)</style>", home("en"), re.DOTALL)
    assert style is not None
    schemes = [
        dict(re.findall(r"--(\w+): (#\w+)", row))
        for row in style[1].split("\n")
        if "--paper" in row and "--ink:" in row
    ]
    assert len(schemes) == 3  # light, dark, print
    printed = {**schemes[0], **schemes[2]}
    for colours in (schemes[0], schemes[1], printed):
        for ink in ("ink", "quiet", "link", "stop", "label", "pass"):
            assert contrast(colours[ink], colours["paper"]) >= 4.5
        for ink in ("ink", "quiet", "link"):
            assert contrast(colours[ink], colours["ground"]) >= 4.5


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
