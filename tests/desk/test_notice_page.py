"""The pages are whole, safe and readable: escaped, without script, under their own policy, in four languages."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from cerco.decide.justify import MOST, Justify
from cerco.decide.notices import TEXTS as SAID
from cerco.decide.verdict import Action, Verdict
from cerco.decide.wording import LANGUAGES
from cerco.desk.layout import CSP, Site
from cerco.desk.notice_page import PLACES_SHOWN, crowded, found, home, missing, render
from cerco.desk.setup_page import render as setup
from cerco.desk.texts import TEXTS
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding
from cerco.state.grants import State
from tests.desk.pages import FILLED_IN, REFERENCE, Page, contrast, finding, notice

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=y>"
STATES: tuple[State, ...] = ("waiting", "open", "used", "over", "limited")

PAGES = {
    f"{name}-{language}": (language, html)
    for language in LANGUAGES
    for name, html in (
        ("notice", render(notice(finding(), gaps=(Why.ENCRYPTED,)), language)),
        ("fault", render(notice(), language)),
        ("tagged", render(notice(finding(entity="CUSTOMER_DATA_TITLE"), action="tagged"), language)),
        *((f"reason-{state}", render(notice(finding(), state=state), language)) for state in STATES),
        ("reason-http", render(notice(finding(), state="waiting", token=None), language)),
        ("reason-flawed", render(notice(finding(), state="waiting").flawed("write", "law", "x"), language)),
        ("missing", missing("C-0000-0000", language, FILLED_IN)),
        ("crowded", crowded(language, FILLED_IN)),
        ("home", home(language)),
        ("setup", setup(language, FILLED_IN, kind="ios", fingerprint="ab" * 32, test="https://n.test/", secure=False)),
    )
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(name: str) -> None:
    language, html = PAGES[name]
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>")
    assert page.all("html") == [{"lang": language}]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    landmarks = [tag for tag, _ in page.tags if tag in {"header", "nav", "main", "footer"}]
    assert landmarks == ["header", "nav", "main", "footer"]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert TEXTS.page.regulator.say(language) in page.words
    assert "{" not in page.words
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_can_be_fetched_or_run_but_be_read(name: str) -> None:
    _, html = PAGES[name]
    page = Page(html)
    style = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(style) == 1
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()}'" in CSP
    assert CSP.startswith("default-src 'none'; ")
    assert "unsafe" not in CSP
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "base", "use", "image"}
    assert not [
        key for _, attributes in page.tags for key in attributes if key.startswith("on") or key in {"style", "src"}
    ]
    assert not re.search(r"url\(|@import|//", style[0])


@pytest.mark.parametrize("name", PAGES)
def test_the_reader_can_change_the_language(name: str) -> None:
    language, html = PAGES[name]
    links = [link for link in Page(html).all("a") if "hreflang" in link]
    start = next((start for page, start in STARTS.items() if name.startswith(page)), "")
    assert [link["href"] for link in links] == [f"{start}?lang={code}" for code in LANGUAGES]
    assert [link["lang"] for link in links if link.get("aria-current") == "true"] == [language]


STARTS = {"home": "/", "missing": "/", "crowded": "/", "setup": "/setup"}


@pytest.mark.parametrize("name", PAGES)
def test_every_field_has_a_name_that_is_read_out(name: str) -> None:
    page = Page(PAGES[name][1])
    labelled = {label.get("for") for label in page.all("label")}
    for field in [*page.all("input"), *page.all("textarea")]:
        assert field.get("type") in {"hidden", "radio"} or field["id"] in labelled
        for described in (field.get("aria-describedby") or "").split():
            assert described in {attributes.get("id") for _, attributes in page.tags}


def test_on_dingtalks_own_address_the_links_lead_to_the_notice() -> None:
    links = Page(render(notice(finding()), "en", address=f"http://notice.test/{REFERENCE}")).all("a")
    assert links[2]["href"] == f"http://notice.test/{REFERENCE}?lang=pt"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_says_what_where_why_and_what_now(language: str) -> None:
    words = Page(render(notice(finding(), gaps=(Why.ENCRYPTED,)), language)).words
    text = TEXTS.page
    for said in (text.stopped, text.rule_stop, SAID.advice.remove, SAID.advice.internal, text.next_wrong, text.policy):
        assert said.say(language) in words
    lower = words.lower()
    for said in (SAID.kinds["MO_ID_CARD"], SAID.gaps[Why.ENCRYPTED], SAID.remedies["encrypted"]):
        assert said.say(language).lower() in lower
    for shown_as_is in (REFERENCE, "api.dingtalk.com", "表.xlsx", "Sheet1", "1••••••(8)", "a.zip › b.docx"):
        assert shown_as_is in words
    assert "IT, 2871 0000" in words
    assert "https://share.test/a" in words
    assert text.ask_nobody.say(language) not in words
    assert [said for said in ("FINGERPRINT", "REASON", "body", " > ") if said in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_law_is_told_as_the_rule_that_was_hit_explains_it(language: str) -> None:
    one = Page(render(notice(finding()), language)).words
    two = Page(render(notice(finding(), replace(finding(), rule="payment-card")), language)).words
    rule = notice(finding()).rules["macau-id-card"]
    explained = next(said for key, said in rule.explain.items() if key == language)
    assert explained in one
    assert explained not in two
    assert TEXTS.page.law.say(language) in two


def test_what_could_not_be_read_is_no_data_of_that_kind() -> None:
    words = Page(render(notice(gaps=(Why.ENCRYPTED,)), "en")).words
    assert TEXTS.page.rule_unread.en in words
    assert TEXTS.page.rule_stop.en not in words
    assert "Internal share" not in words


def test_a_way_that_is_refused_is_no_data_at_all() -> None:
    refused = replace(notice(), verdict=Verdict(Action.BLOCK, ("cleartext",), (), ()))
    words = Page(render(refused, "en")).words
    assert "Connection without encryption" in words
    assert "Company rule" not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_of_the_gate_is_no_accusation(language: str) -> None:
    page = Page(render(notice(site=Site()), language))
    for text in (TEXTS.page.unchecked, SAID.remedies["timed_out"], TEXTS.page.ask_nobody):
        assert text.say(language) in page.words
    for text in (SAID.advice.remove, TEXTS.page.rule_stop, TEXTS.page.rule_ask):
        assert text.say(language) not in page.words
    assert page.all("table") == []


@pytest.mark.parametrize(
    ("action", "verdict", "heading"),
    [
        ("blocked", Action.BLOCK, "This was not sent"),
        ("tagged", Action.TAG, "Sent with a warning label"),
        ("allowed", Action.ALLOW, "This was sent"),
        ("observed", Action.BLOCK, "This was sent"),
        ("allowed", Action.JUSTIFY, "Sent with your reason"),
    ],
)
def test_the_heading_tells_what_happened(action: str, verdict: Action, heading: str) -> None:
    html = render(notice(finding(), action=action, verdict=verdict), "en")
    assert re.findall(r"<h1>(.*?)</h1>", html) == [heading]
    assert (SAID.advice.remove.en in html) is (heading == "This was not sent")


# ---- Reasons ----


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_asked_for_in_plain_words(language: str) -> None:
    page = Page(render(notice(finding(), state="waiting"), language))
    forms = page.all("form")
    assert forms == [{"method": "post", "action": f"?lang={language}#ask"}]
    choices = [field for field in page.all("input") if field.get("type") == "radio"]
    assert [choice["value"] for choice in choices] == [reason.id for reason in Justify().reasons]
    assert {choice["name"] for choice in choices} == {"reason"}
    assert not any("checked" in choice for choice in choices)
    assert [field["value"] for field in page.all("input") if field.get("type") == "hidden"] == ["TOKEN"]
    assert page.all("textarea")[0]["maxlength"] == str(MOST)
    for reason in Justify().reasons:
        assert reason.words.say(language) in page.words
    for text in (TEXTS.page.asks, TEXTS.page.rule_ask, TEXTS.ask.hint):
        assert text.say(language) in page.words
    assert TEXTS.ask.lead.say(language, minutes=10) in page.words
    assert TEXTS.page.rule_stop.say(language) not in page.words


def test_without_tls_there_is_the_way_to_the_form_and_no_form() -> None:
    page = Page(render(notice(finding(), state="waiting", token=None), "en"))
    assert page.all("form") == []
    assert "https://notice.test/C-7K3M-9QXT#ask" in [link["href"] for link in page.all("a")]


def test_what_was_filled_in_stays_and_the_flaw_is_said() -> None:
    flawed = notice(finding(), state="waiting").flawed("shorten", "law", HOSTILE)
    html = render(flawed, "en")
    page = Page(html)
    assert [field["value"] for field in page.all("input") if "checked" in field] == ["law"]
    assert HOSTILE in page.words
    assert "<script" not in html
    assert f"Write at most {MOST} characters." in page.words
    assert {"class": "fault", "role": "alert"} in page.all("div")


@pytest.mark.parametrize(
    ("state", "heading", "said"),
    [
        ("open", "You can send it now", "by 06:22"),
        ("used", "Sent with your reason", "It passed once"),
        ("over", "The time for a reason has passed", "Send it again in DingTalk"),
        ("limited", "No more reasons today", "(10)"),
    ],
)
def test_once_answered_there_is_nothing_more_to_fill_in(state: State, heading: str, said: str) -> None:
    html = render(notice(finding(), state=state), "en")
    assert re.findall(r"<h1>(.*?)</h1>", html) == [heading]
    page = Page(html)
    assert said in page.words
    assert page.all("form") == []
    assert (TEXTS.ask.again.en in page.words) is (state == "open")


# ---- Whatever comes in ----


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_comes_in_is_shown_and_not_obeyed(language: str) -> None:
    hostile = Finding(HOSTILE, HOSTILE, "high", 1.0, f"body > {HOSTILE}", 0, 1, HOSTILE, HOSTILE, (HOSTILE,))
    shown = replace(
        notice(state="waiting"),
        reference=HOSTILE,
        action="blocked",
        host=HOSTILE,
        verdict=Verdict(Action.JUSTIFY, (HOSTILE,), (hostile,), (Unreadable(HOSTILE, Why.ENCRYPTED),)),
        site=Site(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    )
    for html in (
        render(shown, language, address=HOSTILE),
        missing(HOSTILE, language, shown.site),
        setup(language, shown.site, kind=None, fingerprint=HOSTILE, test=HOSTILE, secure=False),
    ):
        assert {"script", "img"}.isdisjoint(tag for tag, _ in Page(html).tags)
        assert "<script" not in html
        assert "onerror=y>" not in re.sub(r"&gt;", "", html)


def test_only_addresses_of_the_web_become_links() -> None:
    site = Site(share="javascript:alert(1)", policy="\\\\server\\rules")
    links = [link["href"] for link in Page(render(notice(finding(), site=site), "en")).all("a")]
    assert all(link and link.startswith("?lang=") for link in links)


def test_a_long_typed_reference_is_cut() -> None:
    words = Page(missing("A" * 5_000 + "\n", "en")).words
    assert "A" * 40 + "…" in words
    assert "A" * 41 not in words


def test_a_language_nobody_speaks_is_english() -> None:
    for html in (render(notice(finding()), "xx"), home("xx"), missing("a", "xx"), crowded("xx")):
        assert '<html lang="en">' in html
        assert "xx" not in html
    assert "Macau resident ID number" in render(notice(finding()), "xx")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        pytest.param(datetime(2026, 3, 5, 22, 12, 9, tzinfo=UTC), "2026-03-06 06:12", id="UTC, next day in Macau"),
        pytest.param(
            datetime(2026, 3, 5, 22, 12, tzinfo=timezone(timedelta(hours=8))), "2026-03-05 22:12", id="Macau's own"
        ),
        pytest.param(datetime(2026, 3, 5, 22, 12), "2026-03-06 06:12", id="no zone is UTC"),  # noqa: DTZ001
    ],
)
def test_times_are_macaus(at: datetime, said: str) -> None:
    assert said in Page(render(replace(notice(finding()), at=at), "en")).words


@pytest.mark.parametrize(("places", "rest"), [(PLACES_SHOWN, None), (PLACES_SHOWN + 5, "And 5 more.")])
def test_a_long_list_is_cut_and_says_so(places: int, rest: str | None) -> None:
    rows = (finding(place=f"body > 表.xlsx > Sheet1 > row {n}") for n in range(places))
    words = Page(render(notice(*rows), "en")).words
    assert words.count("1••••••(8)") == PLACES_SHOWN
    assert ("more." in words) is (rest is not None)
    assert rest is None or rest in words


def test_the_same_place_is_listed_once() -> None:
    assert found(notice(finding(), finding()), "en") == (
        ("Macau resident ID number", "File › 表.xlsx › sheet “Sheet1” › row 3", "1••••••(8)"),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_looks_a_reference_up_and_leads_on(language: str) -> None:
    page = Page(home(language))
    assert page.all("form") == [{"action": "/", "method": "get", "role": "search"}]
    fields = page.all("input")
    assert [field["name"] for field in fields] == ["ref", "lang"]
    assert fields[1]["value"] == language
    leads = [link["href"] for link in page.all("a") if "hreflang" not in link]
    assert leads == [f"/setup?lang={language}", f"/setup?lang={language}#privacy"]
    assert TEXTS.page.law.say(language) in page.words


# ---- Style ----


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
        for ink in ("ink", "quiet", "link", "stop", "ask", "pass", "plain"):
            assert contrast(colours[ink], colours["paper"]) >= 4.5
        for ink in ("ink", "quiet", "link"):
            assert contrast(colours[ink], colours["ground"]) >= 4.5
            assert contrast(colours[ink], colours["well"]) >= 4.5
        assert contrast(colours["edge"], colours["paper"]) >= 3
    for colours in schemes[:2]:
        assert contrast(colours["on"], colours["link"]) >= 4.5
        assert contrast(colours["stop"], colours["soft"]) >= 4.5
